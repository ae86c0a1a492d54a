"""A page as its lines, and the lines of a page that was copied as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardforge.text.content import has_visible


@dataclass(slots=True)
class Choice:
    """An element of a saved page in which a choice may stand, and what its markup says of it."""

    element: str
    around: Choice | None = None
    is_right: bool | None = None
    is_chosen: bool = False
    has_text: bool = False
    is_container: bool = False
    """It has a landmark in it: this is a whole question or card, and no choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a reader sees on one line, and the offset in the file at which it begins."""

    text: str
    offset: int
    choice: Choice | None = None

    @property
    def words(self) -> str:
        """The text as it is compared with what pages say: white space is a space, and nothing unseen is in it."""
        return self.text if self.text.isascii() else " ".join(self.text.translate(_UNSEEN).split())


_UNSEEN = dict.fromkeys(map(ord, "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a saved page that a line cannot hold."""

    what: str
    offset: int
    fix: str = "look whether it matters, and add it in the exported deck"


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it was copied or saved. ``title`` is its heading, when the markup says which."""

    lines: tuple[Line, ...]
    title: Line | None = None
    lost: tuple[Lost, ...] = ()


def copied(text: str) -> Copy:
    """The lines of a copied page; blank ones say nothing."""
    found, lost = [], []
    for match in _LINE.finditer(text):
        if has_visible(match[0]):
            indent = len(match[0]) - len(match[0].lstrip())
            found.append(Line(squeezed(match[0]), match.start() + indent))
        lost += lost_control(match[0], match.start())
    return Copy(tuple(found), lost=tuple(lost))


def lost_control(text: str, offset: int) -> list[Lost]:
    """The first control character in a piece of the file: one is told, however many there are."""
    found = _CONTROL.search(text)
    if not found:
        return []
    what = f"the control character U+{ord(found[0]):04X}, which nobody sees,"
    return [Lost(what, offset + found.start(), "nothing, unless a sign is missing here: then write it anew")]


def squeezed(text: str) -> str:
    """The text as a browser shows it: white space is one space, none at the ends, and control characters are nothing."""
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


# Word processors and chats end lines with more than \r and \n; these are the breaks that Unicode calls mandatory.
_LINE = re.compile(r"[^\n\x0b\x0c\r\x85\u2028\u2029]+")
EVERY_PAGE = re.compile(r"recall ?(?:&|and|\+) ?review", re.IGNORECASE)
"""The heading that pages have when they have none of their own."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SPACE = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
