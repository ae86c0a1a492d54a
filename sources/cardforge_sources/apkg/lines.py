"""What titles, tags and ids may hold: one line that shows something."""

from __future__ import annotations

import re
from typing import get_args

from cardforge.model import Level
from cardforge.text.content import CONTROL, has_visible

_NOT_IN_A_LINE = re.compile(rf"[{CONTROL}\t\n\r\u2028\u2029\ufffe\uffff\ud800-\udfff]")
LONGEST_ID = 200
LEVELS = frozenset(get_args(Level))
NOISE = frozenset({"leech", "marked"})
"""Tags that Anki sets for a learner, in lower case: they say nothing of the note."""


def is_line(text: str) -> bool:
    """Whether the deck format takes the text for a title, a tag or an author."""
    return not _NOT_IN_A_LINE.search(text) and has_visible(text)


def is_id(text: str) -> bool:
    """Whether the deck format takes the text for an id."""
    return len(text) <= LONGEST_ID and text.split() == [text] and is_line(text)


def as_line(text: str) -> str:
    """The text as one line, or "" when it shows nothing."""
    line = " ".join(_NOT_IN_A_LINE.sub(" ", text).split())
    return line if has_visible(line) else ""
