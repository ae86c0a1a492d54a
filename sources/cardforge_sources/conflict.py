"""What git leaves in a file when it cannot merge two versions: both of them, between three lines of its own.

Fact: "How conflicts are presented" in git's manual of ``git merge``. Each of the lines begins with seven signs at the
first column; behind those of the first and the last, a space and a name follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cardforge.diagnostics import Problem
from cardforge.document import Document

_OURS, _BETWEEN, _THEIRS = "<<<<<<< ", "=======", ">>>>>>> "
_MARKER = re.compile(rf"^(?:{_OURS}|{_THEIRS})", re.MULTILINE)


def conflict_at(offset: int) -> Problem:
    """That git left a conflict at this offset of the document."""
    fix = "keep one of the two, and delete the lines <<<<<<<, ======= and >>>>>>>"
    return Problem("merge-conflict", "git left both versions of a change here", fix, place=offset)


def refuse_markers(document: Document) -> None:
    """Raise InvalidDeck at the first line that only git writes. For a format in which no text goes on at the first
    column: what looks like such a line in Markdown or in a table may be a text about git, see `conflicts`.
    """
    text = document.text
    if (_OURS in text or _THEIRS in text) and (marker := _MARKER.search(text)):
        raise document.invalid([conflict_at(marker.start())])


def conflicts(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, int]]:
    """The offsets of git's three lines, wherever they follow each other in order among these lines with theirs."""
    first = second = -1
    for offset, line in lines:
        if line.startswith(_OURS):
            first, second = offset, -1
        elif first >= 0 and second < 0 and line.rstrip() == _BETWEEN:
            second = offset
        elif second >= 0 and line.startswith(_THEIRS):
            yield first, second, offset
            first = second = -1
