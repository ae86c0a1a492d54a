"""How far the cells of a workbook reach, and how much text they come to, found in its XML without making any of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_TAG = re.compile(
    rb"""<(?:[\w.-]+:)?(?P<name>row|c|table|table-row|table-cell|covered-table-cell)(?=[\s/>])
    (?P<said>(?:[^<>"']|"[^<"]*"|'[^<']*')*+)>""",
    re.VERBOSE,
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["'](?P<column>[A-Za-z]{0,4})(?P<row>\d{0,9})""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})""")


_SHARED = re.compile(rb"<(?:[\w.-]+:)?si\b")
_SHARES = re.compile(rb"""\st\s*=\s*["']s["']""")
_INDEX = re.compile(rb"[^<]*(?:<(?:[\w.-]+:)?f\b[^<]*<[^<]*)?<(?:[\w.-]+:)?v\b[^<>]*>\s*(\d{1,9})")


@dataclass(slots=True)
class Extent:
    """What the parts of a workbook come to that were looked through.

    ``cells`` are all those up to the farthest one of each sheet that is filled.
    """

    cells: int = 0
    _repeated: int = 0
    _lengths: list[int] = field(default_factory=list)
    _uses: Counter[int] = field(default_factory=Counter)

    @property
    def text(self) -> int:
        """How many bytes the texts take that are written once and stand in many cells, for each cell anew."""
        lengths = self._lengths
        return self._repeated + sum(
            lengths[index] * count for index, count in self._uses.items() if index < len(lengths)
        )

    def add(self, name: str, data: bytes) -> None:
        """Look through a part of a workbook."""
        if name == "content.xml":
            self._add_ods(data)
        elif "worksheets/" in name:
            self._add_xlsx(data)
        elif name.lower().endswith("sharedstrings.xml"):
            begins = [found.start() for found in _SHARED.finditer(data)]
            self._lengths += [end - begin for begin, end in zip(begins, [*begins[1:], len(data)], strict=True)]

    def _add_xlsx(self, data: bytes) -> None:
        """A cell says where it is, as in ``r="AB12"``; one that does not stands beside the one before it."""
        row = column = rows = columns = 0
        for tag in _TAG.finditer(data):
            said = _REFERENCE.search(tag["said"])
            if tag["name"] == b"row":
                row = int(said["row"]) if said and said["row"] else row + 1
                column = 0
            elif tag["name"] == b"c":
                column = _number(said["column"]) if said and said["column"] else column + 1
                row = int(said["row"]) if said and said["row"] else row
                if not tag["said"].endswith(b"/"):
                    rows, columns = max(rows, row), max(columns, column)
                    if _SHARES.search(tag["said"]) and (index := _INDEX.match(data, tag.end())):
                        self._uses[int(index[1])] += 1
        self.cells += rows * columns

    def _add_ods(self, data: bytes) -> None:
        """A cell and a row say how often they are there."""
        row = column = rows = columns = 0
        times_row = times_cell = begin = 0
        for tag in _TAG.finditer(data):
            self._repeated += times_row * times_cell * (tag.start() - begin)
            said = tag["said"]
            found = _REPEATED.search(said)
            count = int(found[1]) if found else 1
            times_cell = 0
            if tag["name"] == b"table":
                self.cells += rows * columns
                row = rows = columns = 0
            elif tag["name"] == b"table-row":
                row, column = row + count, 0
                times_row = count
            else:
                column += count
                if not said.endswith(b"/") or b"value" in said:
                    rows, columns = max(rows, row), max(columns, column)
                    times_cell = count
                    begin = tag.start()
        self._repeated += times_row * times_cell * (len(data) - begin)
        self.cells += rows * columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
