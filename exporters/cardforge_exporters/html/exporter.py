"""The exporter: what the page holds, its options, and the order of work."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, ClassVar

from pydantic import Field

from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, dropped
from cardforge.model import Deck
from cardforge.plugin import Context, Exporter, Standing
from cardforge_exporters import earlier, missing_ids
from cardforge_exporters.html import page
from cardforge_exporters.html.formulas import Formulas
from cardforge_exporters.html.items import Items
from cardforge_exporters.html.limits import losses
from cardforge_exporters.html.media import Media
from cardforge_exporters.judging import embedded

_NATIVE = (
    *(Feature.FLASHCARD, Feature.CLOZE, Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER),
    *(Feature.NUMERIC, Feature.MATCHING, Feature.ORDERING, Feature.OPEN_PROMPT),
    *(Feature.LEVEL, Feature.TAGS, Feature.HINT, Feature.EXPLANATION, Feature.SOURCE, Feature.POINTS),
    *(Feature.REVERSED, Feature.CHOICE_FEEDBACK, Feature.CHOICE_CREDIT, Feature.FIXED_ORDER, Feature.ANSWER_CREDIT),
    *(Feature.ANSWER_FEEDBACK, Feature.CASE_SENSITIVE, Feature.TOLERANCE, Feature.UNIT, Feature.DISTRACTORS),
    *(Feature.CONCEPTS, Feature.CONCEPT_POINTS, Feature.MODEL_ANSWER, Feature.ITEM_FEEDBACK),
    *(Feature.SECTIONS, Feature.SECTION_DESCRIPTION, Feature.PICK, Feature.DESCRIPTION, Feature.LANGUAGE),
    *(Feature.DECK_ID, Feature.AUTHOR, Feature.LICENSE),
    *(Feature.MATHS, Feature.CODE, Feature.TABLES, Feature.IMAGES, Feature.AUDIO, Feature.VIDEO, Feature.LINKS),
    Feature.HTML,
)


class HtmlExporter(Exporter):
    """Writes a page to study from: one file that asks, judges and remembers, without a network."""

    name: ClassVar[str] = "html"
    summary: ClassVar[str] = "a page to study from, in one file that works offline"
    suffix: ClassVar[str] = ".html"
    capabilities: ClassVar[Capabilities] = dict.fromkeys(_NATIVE, NATIVE) | {
        Feature.CONTROL_CHARACTERS: dropped("HTML cannot hold them"),
    }

    mixed: bool = Field(
        default=False, description="One run through all items, instead of cards, questions and prompts apart."
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        lt=2**31,
        description="Shuffle and draw alike for everyone; another number gives another order.",
    )

    def limits(self, deck: Deck) -> Iterable[Loss]:
        return losses(deck)

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        there = previous.decode(errors="replace") if page.SIGN.encode() in previous[:2000] else None
        ids = {json.dumps(entry.id, ensure_ascii=False) for entry in deck.entries()}
        return earlier.standing(there, deck, [page.deck_meta(deck.identity)], _ID, ids)

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        missing_ids.tell(deck, context, _WITHOUT_IDS if deck.id is None else _WITHOUT_ITEM_IDS)
        out.writelines(part.encode() for part in self._parts(deck))

    def _parts(self, deck: Deck) -> Iterator[str]:
        formulas, media = Formulas(), Media(deck)
        items = Items(media.address, formulas)
        yield page.head(deck.title, deck.identity)
        options = {"mixed": self.mixed, "seed": self.seed}
        yield from page.block("deck", [embedded(items.deck(deck) | options)])
        yield from page.block("items", _lines(_items(deck, items)))
        yield from page.block("media", _lines(media.files()))
        if font := formulas.font():
            yield from page.block("font", [b64encode(font).decode()], "font/woff2;base64")
        yield page.foot()


_ID = re.compile(r'"id":("(?:[^"\\]|\\.)*")')
_WITHOUT_ITEM_IDS = "the learners' progress hangs on texts, and what is edited is asked anew"
_WITHOUT_IDS = "the learners' progress hangs on the title, the page's address and texts, and is lost where they change"


def _items(deck: Deck, items: Items) -> Iterator[dict[str, Any]]:
    numbers = {at: index for index, (_, _, at) in enumerate(deck.sections())}
    for entry in deck.entries():
        yield items.data(entry, numbers.get(entry.at[:-2]))


def _lines(rows: Iterable[Any]) -> Iterator[str]:
    """A JSON list, a line for each row."""
    separator = "[\n"
    for row in rows:
        yield separator + embedded(row)
        separator = ",\n"
    yield "\n]" if separator == ",\n" else "[]"
