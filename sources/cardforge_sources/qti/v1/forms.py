"""Two files of QTI 1.2 with the same ident: two forms of one quiz, or two quizzes?

Canvas puts each quiz into its export twice, with the same ident: as Common Cartridge wants it, without the kinds of
questions that this does not know, and in its own form, in the folder ``non_cc_assessments``. Their items have different
idents (add_question in lib/cc/qti/qti_items.rb of Canvas). Others export a quiz and the bank that it draws from under
one ident. When in doubt, they are two quizzes: a question that is there twice is seen, one that is gone is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape

from cardforge.diagnostics import InvalidDeck
from cardforge_sources.qti.files import Part
from cardforge_sources.qti.names import child, inside
from cardforge_sources.qti.v1.titles import name_of
from cardforge_sources.xml import Element, line_of

_OF_CANVAS = "non_cc_assessments/"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ADDRESS = re.compile(r"""\s(?:src|href|data)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTES = ("uri", "src", "href", "data")
"""Those that name an image, a sound or another file, of elements of QTI and of HTML."""


@dataclass(frozen=True, slots=True)
class _Item:
    """An item, by the words, signs and addresses of what it presents."""

    shown: str
    line: int
    ident: str
    title: str
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
        if any(_OF_CANVAS in part.name for part in (first, second)):
            only_there = _only_in(found[other.name], found[read.name], _by_text)
            return Forms(read, other, tuple((item.line, item.name) for item in only_there))
        if found[other.name]:
            for key in (_by_ident, _by_title):
                if not _only_in(found[other.name], found[read.name], key):
                    return Forms(read, other, ())
        return None

    def _items(self, part: Part) -> list[_Item]:
        if part.name not in self._known:
            self._known[part.name] = [_item(element) for element in inside(part.root(), "item")]
        return self._known[part.name]


_Key = tuple[str, ...]


def _by_text(item: _Item) -> _Key:
    return (item.shown,)


def _by_ident(item: _Item) -> _Key:
    return item.shown, item.ident


def _by_title(item: _Item) -> _Key:
    return item.shown, item.title or item.ident


def _only_in(items: Sequence[_Item], others: Sequence[_Item], key: Callable[[_Item], _Key]) -> list[_Item]:
    """The items that have no counterpart among the others."""
    left = Counter(map(key, others))
    only = []
    for item in items:
        left[key(item)] -= 1
        if left[key(item)] < 0:
            only.append(item)
    return only


def _item(element: Element) -> _Item:
    presented = child(element, "presentation")
    return _Item(
        "" if presented is None else _shown(presented),
        line_of(element),
        element.get("ident", ""),
        element.get("title", ""),
        name_of(element),
    )


def _shown(presented: Element) -> str:
    """What is to be seen, whatever the markup and the white space."""
    addresses = [address for element in inside(presented) for name in _ATTRIBUTES if (address := element.get(name))]
    html = " ".join(part for part in presented.itertext() if isinstance(part, str))
    return " ".join([*unescape(_TAG.sub(_its_address, html)).split(), *addresses])


def _its_address(tag: re.Match[str]) -> str:
    address = _ADDRESS.search(tag[0])
    return f" {address[1] or address[2] or ''} " if address else " "
