"""Lines that know where they stand in the file, and the indentation that lists and labels take from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

Line = tuple[int, str]
"""The offset in the file of a line's first character, and its characters without the line end."""

LINE_END = re.compile(r"\r\n|\n|\r")
_SPACE = re.compile(r"[ \t]*")


def lines_of(text: str) -> list[Line]:
    """Every line of a file."""
    lines, start = [], 0
    if "\r" not in text:
        for line in text.split("\n"):
            lines.append((start, line))
            start += len(line) + 1
        return lines
    for end in LINE_END.finditer(text):
        lines.append((start, text[start : end.start()]))
        start = end.end()
    return [*lines, (start, text[start:])]


def is_blank(line: str) -> bool:
    """Whether Markdown takes the line for empty: other white space than spaces and tabs is text."""
    return not line.strip(" \t")


def indentation(line: str) -> int:
    """The column of the first character that is no space or tab; tabs lead to multiples of four."""
    if line[:1] not in (" ", "\t"):
        return 0
    space = _SPACE.match(line)
    return len(space[0].expandtabs(4)) if space else 0


def dedented(line: Line, columns: int) -> Line:
    """The line without its first columns, as far as they are white space."""
    offset, text = line
    if text.startswith(" " * columns):
        return offset + columns, text[columns:]
    taken = column = 0
    while column < columns and text[taken : taken + 1] in (" ", "\t"):
        column += 1 if text[taken] == " " else 4 - column % 4
        taken += 1
    left = max(column - columns, 0)  # of a tab that reaches further
    return offset + taken - left, " " * left + text[taken:]


def cut(line: Line, start: int, end: int | None = None) -> Line:
    """A part of a line without the spaces around it."""
    text = line[1][start:end]
    bare = text.lstrip(" \t")
    return line[0] + start + len(text) - len(bare), bare.rstrip(" \t")


def trimmed(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without empty ones at the beginning and at the end."""
    first, last = 0, len(lines)
    while first < last and is_blank(lines[first][1]):
        first += 1
    while last > first and is_blank(lines[last - 1][1]):
        last -= 1
    return lines[first:last]


def joined(lines: Sequence[Line]) -> Line:
    """All that the lines say as one line."""
    lines = trimmed(lines)
    return (lines[0][0], " ".join([line.strip(" \t") for _, line in lines])) if lines else (0, "")
