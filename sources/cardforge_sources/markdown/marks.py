"""The marks that make more than Markdown of a line: labels, boxes, ``::``, ``=>``, deletions."""

from __future__ import annotations

import re
from typing import NamedTuple

LABELS = (
    *("Hint", "Explanation", "Answer", "Distractors", "Order", "Concepts", "Model answer", "Extra", "Correct"),
    *("Incorrect", "Source"),
)
LABEL = re.compile(rf" ?({'|'.join(LABELS)}):[ \t]*", re.IGNORECASE)
BOX = re.compile(r"[ ]{0,3}(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\](?:[ \t]|$)")
"""A list entry with a box to tick, or what was meant as one."""
CLOZE = re.compile(r"\{\{\s*[cC]\s*\d+\s*:")
"""Where a deletion begins, well written or not."""
DELETION = re.compile(r"\{\{[cC]\d+::")
"""Where a well written one begins."""

# Code, formulas and deletions are stepped over.
_CODE = r"(`++)(?:[^`]|(?!\1(?!`))`++)*+\1|\$[^$]*+\$"
_CARD = re.compile(rf"{_CODE}|\{{\{{(?:(?!\}}\}}).)*+\}}\}}|(?<![^ \t])(?P<mark>:::?)(?![^ \t])")
_PAIR = re.compile(rf"{_CODE}|(?<![^ \t])(?P<mark>=>)(?![^ \t])")
_LONGEST = 5000
"""Nobody writes longer lines of this kind, and looking for what is code in them would take long."""


class Mark(NamedTuple):
    """Where in a line a mark begins and ends."""

    start: int
    end: int
    sign: str


def card_mark(line: str) -> Mark | None:
    """The ``::`` or ``:::`` of a short card. ``:::`` at the beginning of a line opens a box in other programs."""
    if "::" not in line or len(line) > _LONGEST or line.startswith((":::", "    ", "\t", ">", "|")):
        return None
    return _first(_CARD, line)


def pair_mark(line: str) -> Mark | None:
    """The ``=>`` between the sides of a pair."""
    return _first(_PAIR, line) if "=>" in line and len(line) <= _LONGEST else None


def _first(pattern: re.Pattern[str], line: str) -> Mark | None:
    for match in pattern.finditer(line):
        if match["mark"]:
            return Mark(match.start(), match.end(), match["mark"])
    return None
