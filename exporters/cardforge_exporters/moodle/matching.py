"""Right sides of a matching: Moodle offers them in a menu, as plain lines of at most 255 characters."""

from __future__ import annotations

from cardforge.model import Matching
from cardforge.text import Html, Text, TextFeature, facts, plain
from cardforge.text.content import is_plain
from cardforge_exporters.moodle.names import label

LONGEST = 255
_NOT_IN_A_LINE = {TextFeature.MATHS, TextFeature.IMAGE, TextFeature.AUDIO, TextFeature.VIDEO, TextFeature.TABLE}


def as_lines(item: Matching) -> list[str] | None:
    """The right sides as plain lines, or None when a line cannot say all of them or tell them apart.

    The question then lists them, numbered, and its menu offers the numbers.
    """
    lines = [_line(text) for text in item.offered]
    said = [line for line in lines if line]
    return said if len(set(said)) == len(lines) else None


def _line(text: Text) -> str | None:
    if isinstance(text, str) and is_plain(text):
        return text if len(text) <= LONGEST else None
    features = facts(text).features
    written = text.html if isinstance(text, Html) else text
    if features & _NOT_IN_A_LINE or (TextFeature.CODE in features and "\n" in written.strip()):
        return None
    line = label(plain(text)).strip()
    return line if len(line) <= LONGEST else None
