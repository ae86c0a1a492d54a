"""Two files of QTI 1.2 with the same ident: two forms of one quiz, or two quizzes?

Canvas puts each quiz into its export twice, with the same ident: as Common Cartridge wants it, without the kinds of
questions that this does not know, and in its own form, in the folder ``non_cc_assessments``. Their items have different
idents. Others export a quiz and the bank that it draws from under one ident.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape

from cardforge.diagnostics import InvalidDeck
from cardforge_sources.qti.files import Part
from cardforge_sources.qti.names import Element, child, inside, line_of, text_of

_OF_CANVAS = "non_cc_assessments/"
_TAG = re.compile(r"<[^<>]*>")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item, by the letters and digits of what it presents."""

    letters: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Forms:
    """Two forms of one quiz: the one to be read, and the items (line and name) that only the other has."""

    read: Part
    other: Part
    only_there: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Comparison:
    """Compares files. What the first of several holds is looked for once."""

    _known: dict[str, list[_Item]] = field(default_factory=dict)

    def forms(self, first: Part, second: Part) -> Forms | None:
        """What two files with the same ident are to each other; None for two quizzes, or where one cannot be read."""
        try:
            found = {part.name: self._items(part) for part in (first, second)}
        except InvalidDeck:
            return None
        read = max(first, second, key=lambda part: (len(found[part.name]), _OF_CANVAS in part.name))
        other = first if read is second else second
        left = Counter(item.letters for item in found[read.name])
        only_there = []
        for item in found[other.name]:
            left[item.letters] -= 1
            if left[item.letters] < 0:
                only_there.append((item.line, item.name))
        if only_there and not any(_OF_CANVAS in part.name for part in (first, second)):
            return None
        return Forms(read, other, tuple(only_there))

    def _items(self, part: Part) -> list[_Item]:
        if part.name not in self._known:
            self._known[part.name] = [_item(element) for element in inside(part.root(), "item")]
        return self._known[part.name]


def _item(element: Element) -> _Item:
    presented = child(element, "presentation")
    html = text_of(presented) if presented is not None else ""
    letters = _NOT_LETTERS.sub("", unescape(_TAG.sub("", html))).lower()
    return _Item(letters, line_of(element), element.get("title") or element.get("ident") or "a question")
