"""What a deck is after a way through a package: the deck, less what the exporter says that Anki cannot hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cardforge.fidelity import Feature
from cardforge.model import NOT_TEXT, AnyItem, Cloze, Deck, Entry, MultipleChoice, OpenPrompt, Section, to_data
from cardforge.text import Dialect, Html, Text, from_html, render
from cardforge.text.content import FORMULA
from cardforge_exporters.anki_markup import DIALECT, deck_name, deck_part, tag
from tests.same import canonical
from tests.sources.declared import Declared, Told


def after_anki(deck: Deck, declared: Declared) -> Deck:
    """The deck with ids written into it, and every declared loss applied; what says the same is written in one way.

    Sections with the same title beside each other are one, which is told, too.
    """
    told = declared.of("")
    heads: dict[str, dict[str, Any]] = {}
    for section, way, at in deck.sections():
        head = heads.setdefault(
            deck_name(deck, way).casefold(),
            {
                "section": deck_part(section.section) if declared.at(at, Feature.SECTIONS) else section.section,
                "pick": None if declared.at((*at, "pick"), Feature.PICK) else section.pick,
                "tags": () if told(Feature.TAGS) else section.tags,
                "description": None,
            },
        )
        head["description"] = head["description"] or section.description
    outline = _Outline(heads)
    for entry in deck.entries():
        names = [deck_name(deck, entry.sections[: depth + 1]).casefold() for depth in range(len(entry.sections))]
        outline.add(names, _item(entry, declared.of(entry.id)))
    return replace(
        deck,
        title=deck_part(deck.title) if declared.at((), Feature.SECTIONS) else deck.title,
        id=deck.identity,
        tags=() if told(Feature.TAGS) else deck.tags,
        targets={},
        items=tuple(outline.nodes()),
    ).with_origin(deck.origin)


def is_plain_to_anki(deck: Deck) -> bool:
    """Whether no deletion begins in a formula: there, Markdown and Anki see different things."""
    texts = (entry.item.text for entry in deck.entries() if isinstance(entry.item, Cloze))
    written = (text.html if isinstance(text, Html) else text for text in texts)
    return not any("{{c" in formula[0] for text in written for formula in FORMULA.finditer(text))


def _item(entry: Entry, told: Told) -> AnyItem:
    item = entry.item
    names = [tag(name) for name in entry.tags] if told(Feature.TAGS) else entry.tags
    tags = tuple(name for name in dict.fromkeys(names) if name != f"level::{item.level}")
    points = 1.0 if told(Feature.POINTS) else item.points
    return replace(_same(item), id=entry.id, tags=tags, points=points)


def _same(item: AnyItem) -> AnyItem:
    """The item without what goes without saying."""
    if isinstance(item, MultipleChoice):
        usual = replace(item, choices=tuple(replace(c, credit=None) for c in item.choices))
        choices = tuple(
            plain if item.credit_of(c) == usual.credit_of(plain) else replace(c, credit=item.credit_of(c))
            for c, plain in zip(item.choices, usual.choices, strict=True)
        )
        multiple = None if item.is_multiple == (len(item.key) > 1) else item.is_multiple
        return replace(item, choices=choices, multiple=multiple)
    if isinstance(item, OpenPrompt) and item.concepts:
        return replace(item, concept_count=None)
    return item


class _Outline:
    def __init__(self, heads: dict[str, dict[str, Any]]) -> None:
        self._heads = heads
        self._rows: list[tuple[list[str], AnyItem]] = []

    def add(self, names: list[str], item: AnyItem) -> None:
        self._rows.append((names, item))

    def nodes(self) -> list[AnyItem | Section]:
        return self._grouped(self._rows, 0)

    def _grouped(self, rows: list[tuple[list[str], AnyItem]], depth: int) -> list[AnyItem | Section]:
        found: list[AnyItem | Section] = []
        while rows:
            names, item = rows[0]
            if len(names) <= depth:
                found.append(item)
                rows = rows[1:]
                continue
            count = next(
                (i for i, row in enumerate(rows) if row[0][depth : depth + 1] != names[depth : depth + 1]), len(rows)
            )
            head = dict(self._heads[names[depth]])
            self._heads[names[depth]]["description"] = None  # which the first of them has
            inside = tuple(self._grouped(rows[:count], depth + 1))
            found.append(Section(**head, items=inside))
            rows = rows[count:]
        return found


def said(deck: Deck) -> Any:
    """The deck as plain data, every text as the HTML that it is once it has been read from HTML.

    How texts are read from HTML, and that they show the same, is `cardforge.text.from_html`'s own business; here, no
    text may be another one, formulas may not become text, and nothing may be taken for a formula.
    """
    return _said(to_data(deck), "")


def _said(value: Any, name: str) -> Any:
    if isinstance(value, dict) and value.keys() == {"html"}:
        return _read(Html(value["html"]))
    if isinstance(value, dict):
        # An answer to be typed is no Markdown.
        return {
            key: v
            if (name, key) == ("answers", "text")
            else _said(v if key != "hint" or isinstance(v, list) else [v], key)
            for key, v in value.items()
        }
    if isinstance(value, list):
        return [_said(part, name) for part in value]
    if isinstance(value, str) and name not in NOT_TEXT and name != "answers":
        return _read(value)
    return value


_SHOWN = Dialect(maths=lambda tex, display: f"<formula {display}>{tex}</formula>")


def _read(text: Text) -> str:
    html = render(text, DIALECT).replace("\\<span></span>", "&#92;")
    return canonical(render(from_html(html), _SHOWN))
