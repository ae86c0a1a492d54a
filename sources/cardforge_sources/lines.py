"""What titles, tags and ids may hold: one line that shows something."""

from __future__ import annotations

import re
from typing import get_args

from cardforge.model import Level
from cardforge.model.values import HALF_PAIR, LONGEST_ID, NOT_IN_A_LINE
from cardforge.text.content import has_visible

__all__ = ["ANKI_NOISE", "LEVELS", "LONGEST_ID", "as_line", "is_id", "is_line"]

_NOT_IN_A_LINE = re.compile(f"[{NOT_IN_A_LINE}{HALF_PAIR}]+")
LEVELS = frozenset(get_args(Level))
ANKI_NOISE = frozenset({"leech", "marked"})
"""Tags that Anki sets for a learner, in lower case: they say nothing of the note."""


def is_line(text: str) -> bool:
    """Whether the deck format takes the text for a title, a tag or an author."""
    return not _NOT_IN_A_LINE.search(text) and has_visible(text)


def is_id(text: str) -> bool:
    """Whether the deck format takes the text for an id."""
    return len(text) <= LONGEST_ID and text.split() == [text] and is_line(text)


def as_line(text: str) -> str:
    """The text as one line, or "" when it shows nothing. Spaces in it stay."""
    line = _NOT_IN_A_LINE.sub(" ", text).strip()
    return line if has_visible(line) else ""
