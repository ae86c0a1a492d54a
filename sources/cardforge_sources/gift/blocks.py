"""A GIFT file in blocks: lines up to an empty one, comments apart, every character's place known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

SPACE = " \t\n\r\0\x0b"
"""What PHP's trim() takes away."""

_ID = re.compile(r"\[id:((?:\\\]|[^\]\x00-\x1f\x7f]){1,1000})\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f\x7f]){1,1000})\]")
_DECK = re.compile(r"\[deck:((?:\\\]|[^\]\x00-\x1f\x7f]){1,1000})\]")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a block, trimmed, comments left out. ``text`` has line feeds between them."""

    text: str
    comments: str
    offset: int
    _starts: tuple[int, ...] = field(repr=False)
    _offsets: tuple[int, ...] = field(repr=False)

    def place(self, at: int) -> int:
        """The offset in the document of a character of the text."""
        line = bisect_right(self._starts, at) - 1
        return self._offsets[line] + at - self._starts[line] if self._offsets else self.offset

    @property
    def idnumber(self) -> str:
        """What the comments say to be the question's ID number."""
        found = _ID.search(self.comments)
        return _unescaped(found[1]) if found else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The question's tags, from the comments."""
        return tuple(_unescaped(tag) for tag in _TAG.findall(self.comments))

    @property
    def deck(self) -> str:
        """The id of the deck, which cardforge's exporter says in the file's first comment."""
        found = _DECK.search(self.comments)
        return _unescaped(found[1]) if found else ""


def _unescaped(written: str) -> str:
    return written.strip().replace(r"\]", "]")


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file, those with comments only among them."""
    lines: list[tuple[int, str]] = []
    for offset, line in _lines(text):
        if line:
            lines.append((offset, line))
        elif lines:
            yield _block(lines)
            lines = []
    if lines:
        yield _block(lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line, trimmed, and where it begins. As to Moodle, one of just 0 is empty."""
    end_of_line = "\n" if "\n" in text else "\r"
    offset = 0
    for line in text.split(end_of_line):
        shown = line.strip(SPACE)
        begin = offset + len(line) - len(line.lstrip(SPACE))
        yield begin, "" if shown == "0" else shown
        offset += len(line) + 1


def _block(lines: list[tuple[int, str]]) -> Block:
    said = [(offset, line) for offset, line in lines if not line.startswith("//")]
    comments = "".join(f"{line}\n" for _, line in lines if line.startswith("//"))
    starts, position = [], 0
    for _, line in said:
        starts.append(position)
        position += len(line) + 1
    first = (said or lines)[0][0]
    return Block("\n".join(l for _, l in said), comments, first, tuple(starts), tuple(offset for offset, _ in said))
