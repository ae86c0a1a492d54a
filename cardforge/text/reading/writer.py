"""A shape as Markdown; what Markdown has no signs for stands between the tags of its element."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from cardforge.text.escaping import from_the_margin
from cardforge.text.reading.inline import Line
from cardforge.text.reading.shape import Block, Run

_BREAK = "\\\n"
_ALIGNED = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}


class Written(NamedTuple):
    """Markdown, and how many of its characters are tags with attributes or of blocks."""

    markdown: str
    tags: int
    is_certain: bool
    """Whether it holds nothing but paragraphs that are certain to be read as they were meant."""


def write(blocks: Sequence[Block], careful: bool) -> Written:
    """The blocks as Markdown. ``careful`` writes less for the eye and more for the parser."""
    writer = _Writer(careful)
    markdown = writer.blocks(blocks, "\n\n")
    return Written(markdown, writer.tags, writer.is_certain and all(block.name == "p" for block in blocks))


class _Writer:
    def __init__(self, careful: bool) -> None:
        self.tags = 0
        self.is_certain = True
        self._careful = careful

    def blocks(self, blocks: Sequence[Block], between: str) -> str:
        written: list[str] = []
        marker = ""
        for index, block in enumerate(blocks):
            # Two lists, one behind the other, need different markers.
            is_next = index > 0 and blocks[index - 1].name == block.name and marker in ("-", ".")
            marker = {"ul": "*" if is_next else "-", "ol": ")" if is_next else "."}.get(block.name, "")
            written.append(self._block(block, marker))
        return between.join(written)

    def _block(self, block: Block, marker: str) -> str:
        name, attributes = block.name, dict(block.attributes)
        if name == "p":
            lines = self._line(block.runs, _BREAK).split(_BREAK)
            return _BREAK.join(map(from_the_margin, lines))
        if name == "pre":
            longest = max((len(ticks) for ticks in re.findall("`{3,}", block.text)), default=2)
            fence = "`" * (longest + 1)
            return f"{fence}{attributes.get('language', '')}\n{block.text}\n{fence}"
        if name == "hr" and not attributes:
            return "---"
        if (
            name in ("ul", "ol")
            and attributes.keys() <= {"start", "loose"}
            and not any(e.attributes for e in block.blocks)
        ):
            return self._list(block, marker, "loose" in attributes)
        if name == "blockquote" and not attributes and block.blocks:
            return "\n".join(f"> {line}".rstrip(" ") for line in self.blocks(block.blocks, "\n\n").split("\n"))
        if name[0] == "h" and not attributes:
            line = self._line(block.runs, "<br>")
            return f"{'#' * int(name[1])} {line[:-1]}\\#" if line.endswith("#") else f"{'#' * int(name[1])} {line}"
        if name == "table" and (rows := self._table(block)):
            return rows
        return self._element(block)

    def _line(self, runs: Sequence[Run], line_break: str) -> str:
        line = Line(self._careful, line_break)
        written = line.written(runs)
        self.tags += line.tags
        self.is_certain &= line.is_certain
        return written

    def _list(self, block: Block, marker: str, loose: bool) -> str:
        between = "\n\n" if loose else "\n"
        number = int(dict(block.attributes).get("start", 1))
        entries = []
        for entry in block.blocks:
            lead = f"{marker} " if block.name == "ul" else f"{number}{marker} "
            inside = self.blocks(entry.blocks, between)
            entries.append((lead + inside.replace("\n", "\n" + " " * len(lead))).rstrip(" "))
            number += 1
        return between.join(re.sub(r"\n +(?=\n)", "\n", entry) for entry in entries)

    def _table(self, block: Block) -> str:
        """A table with signs; "" when it has what these cannot say."""
        rows = [row.blocks for row in block.blocks]
        if (
            block.attributes
            or any(row.name != "tr" or row.attributes for row in block.blocks)
            or not (rows and rows[0])
        ):
            return ""
        columns = [dict(cell.attributes) for cell in rows[0]]
        if any(
            column.keys() - {"style"} or column.get("style", "text-align: x")[:11] != "text-align:"
            for column in columns
        ):
            return ""
        alignments = [_ALIGNED.get(column.get("style", "")[12:]) for column in columns]
        for row, name in zip(rows, ["th"] + ["td"] * (len(rows) - 1), strict=True):
            cells = [(cell.name, dict(cell.attributes)) for cell in row]
            if cells != [(name, column) for column in columns] or None in alignments:
                return ""
            if any(len(cell.blocks) > 1 or any(inner.name != "p" for inner in cell.blocks) for cell in row):
                return ""
        lines = [" | ".join(self._cell(cell) for cell in row) for row in rows]
        lines.insert(1, " | ".join(str(alignment) for alignment in alignments))
        return "\n".join(f"| {line} |" for line in lines)

    def _cell(self, cell: Block) -> str:
        return self._line(cell.blocks[0].runs, "<br>").replace("|", "\\|") if cell.blocks else ""

    def _element(self, block: Block) -> str:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in block.attributes if name != "loose")
        opening, closing = f"<{block.name}{attributes}>", f"</{block.name}>"
        self.tags += len(opening) + len(closing)
        inside = self._line(block.runs, "<br>") if block.runs else self.blocks(block.blocks, "\n\n")
        return f"{opening}\n\n{inside}\n\n{closing}"
