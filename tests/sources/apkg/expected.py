"""What a deck is after a way through a package: the deck, less what the exporter says that Anki cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cardforge.model import NOT_TEXT, AnyItem, Cloze, Deck, MultipleChoice, OpenPrompt, Section, to_data
from cardforge.text import Dialect, Html, Text, from_html, render
from cardforge.text.content import FORMULA
from cardforge_exporters.anki_markup import DIALECT, deck_part, tag
from tests.same import canonical


def after_anki(deck: Deck) -> Deck:
    """The deck with ids written into it, and every declared loss applied; what says the same is written in one way.

    Lost: points, the drawing of items, the form of tags and titles that Anki has no place for; sections with the same
    title beside each other are one. Tags stand at the items.
    """
    titles: dict[str, str] = {}
    said: dict[str, Any] = {}
    for around, _ in deck.sections():
        name = _name(deck, around)
        titles.setdefault(name.casefold(), deck_part(around[-1].section))
        said[name.casefold()] = said.get(name.casefold()) or around[-1].description
    outline = _Outline(titles, said, deck)
    for entry in deck.entries():
        names = [_name(deck, entry.sections[: depth + 1]).casefold() for depth in range(len(entry.sections))]
        item = replace(_same(entry.item), id=entry.id, tags=_tags(entry.tags, entry.item.level), points=1.0)
        outline.add(names, item)
    return replace(
        deck, title=deck_part(deck.title), id=deck.identity, tags=(), targets={}, items=tuple(outline.nodes())
    ).with_origin(deck.origin)


def is_plain_to_anki(deck: Deck) -> bool:
    """Whether no deletion begins in a formula: there, Markdown and Anki see different things."""
    texts = (entry.item.text for entry in deck.entries() if isinstance(entry.item, Cloze))
    written = (text.html if isinstance(text, Html) else text for text in texts)
    return not any("{{c" in formula[0] for text in written for formula in FORMULA.finditer(text))


def _name(deck: Deck, around: Sequence[Section]) -> str:
    return "::".join(map(deck_part, (deck.title, *(section.section for section in around))))


def _tags(names: Sequence[str], level: str | None) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(map(tag, names)) if name != f"level::{level}")


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
    def __init__(self, titles: dict[str, str], said: dict[str, Any], deck: Deck) -> None:
        self._titles = titles
        self._said = said
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
            description = self._said.pop(names[depth], None)
            inside = tuple(self._grouped(rows[:count], depth + 1))
            found.append(Section(section=self._titles[names[depth]], description=description, items=inside))
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
