"""What people know an item of QTI 1.2 by, where something is told of it."""

from __future__ import annotations

import re
from textwrap import shorten

from cardforge_sources.lines import as_line
from cardforge_sources.qti.names import inside
from cardforge_sources.qti.texts import words
from cardforge_sources.xml import Element, text_of

_GIVEN = re.compile(r"(?:new |untitled )?(?:question|item)\b[\s#:.]*\d*", re.IGNORECASE)
"""Titles that programs give: Canvas calls each one "Question"."""
_LONGEST = 60


def name_of(item: Element) -> str:
    """Its title or ident; the beginning of its text, if it has neither, or a title that a program gave."""
    title = as_line(item.get("title") or "") or (item.get("ident") or item.get("label") or "").strip()
    if title and not _GIVEN.fullmatch(title):
        return title
    texts = (as_line(words(text_of(e))) for e in inside(item, "mattext", "mat_formattedtext"))
    return shorten(next((text for text in texts if text), title or "a question"), _LONGEST, placeholder="…")
