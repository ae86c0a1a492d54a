"""How far the cells of a workbook reach, and how much text they come to, found in its XML without making any of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

_TAG = re.compile(
    rb"""<(?:[\w.-]+:)?(?P<name>row|c|table|table-row|table-cell|covered-table-cell)(?=[\s/>])
    (?P<said>(?:[^<>"']|"[^<"]*"|'[^<']*')*+)>""",
    re.VERBOSE,
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["'](?P<column>[A-Za-z]*+)(?P<row>\d*+)(?P<rest>[^"']*+)""")
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
            return
        # What a part is, its name need not say: others may refer to it as a sheet.
        self._add_xlsx(data)
        ends = [*(found.start() for found in _SHARED.finditer(data)), len(data)]
        self._lengths += [end - begin for begin, end in pairwise(ends)]

    def _add_xlsx(self, data: bytes) -> None:
        """A cell says where it is, as in ``r="AB12"``; one that does not stands beside the one before it."""
        row = column = rows = columns = 0
        for tag in _TAG.finditer(data):
            said = _REFERENCE.search(tag["said"])
            if tag["name"] == b"row":
                row = _row(said) if said and said["row"] else row + 1
                column = 0
            elif tag["name"] == b"c":
                column = _column(said) if said and said["column"] else column + 1
                row = _row(said) if said and said["row"] else row
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


def _row(said: re.Match[bytes]) -> int:
    """The row that a reference names; one that no sheet has counts as far beyond all, for calamine takes any."""
    return int(said["row"]) if len(said["row"]) <= _DIGITS and not said["rest"] else _BEYOND


def _column(said: re.Match[bytes]) -> int:
    if len(said["column"]) > _LETTERS or said["rest"]:
        return _BEYOND
    number = 0
    for letter in said["column"].upper():
        number = number * 26 + letter - 64
    return number


_DIGITS, _LETTERS = 7, 3
"""As many have the rows and the columns of Excel at most: XFD1048576."""
_BEYOND = 1_000_000_000
