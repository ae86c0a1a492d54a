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


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a saved page that a line cannot hold."""

    what: str
    offset: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it was copied or saved. ``title`` is its heading, when the markup says which."""

    lines: tuple[Line, ...]
    title: Line | None = None
    lost: tuple[Lost, ...] = ()


def copied(text: str) -> Copy:
    """The lines of a copied page; blank ones say nothing."""
    found = []
    for match in _LINE.finditer(text):
        if has_visible(match[0]):
            indent = len(match[0]) - len(match[0].lstrip())
            found.append(Line(squeezed(match[0]), match.start() + indent))
    return Copy(tuple(found))


def squeezed(text: str) -> str:
    """The text as a browser shows it: white space is one space, and none at the ends."""
    return _SPACE.sub(" ", text).strip()


# Word processors and chats end lines with more than \r and \n; these are the breaks that Unicode calls mandatory.
_LINE = re.compile(r"[^\n\x0b\x0c\r\x85\u2028\u2029]+")
EVERY_PAGE = re.compile(r"recall ?(?:&|and|\+) ?review", re.IGNORECASE)
"""The heading that pages have when they have none of their own."""

_SPACE = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
