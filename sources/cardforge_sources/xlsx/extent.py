"""How far the cells of a sheet reach, found in its XML without making any of them."""

from __future__ import annotations

import re

_TAG = re.compile(
    rb"""<(?:[\w.-]+:)?(?P<name>row|c|table|table-row|table-cell|covered-table-cell)(?=[\s/>])
    (?P<said>(?:[^<>"']|"[^<"]*"|'[^<']*')*+)>""",
    re.VERBOSE,
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["'](?P<column>[A-Za-z]{0,4})(?P<row>\d{0,9})""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})""")


def extent(name: str, data: bytes) -> int:
    """How many cells the sheets in this part of a workbook have at most, up to the farthest one that is filled."""
    if name == "content.xml":
        return _of_ods(data)
    return _of_xlsx(data) if "worksheets/" in name else 0


def _of_xlsx(data: bytes) -> int:
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
    return rows * columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _of_ods(data: bytes) -> int:
    """A cell and a row say how often they are there."""
    row = column = rows = columns = cells = 0
    for tag in _TAG.finditer(data):
        times = _REPEATED.search(tag["said"])
        count = int(times[1]) if times else 1
        if tag["name"] == b"table":
            cells += rows * columns
            row = rows = columns = 0
        elif tag["name"] == b"table-row":
            row, column = row + count, 0
        else:
            column += count
            if not tag["said"].endswith(b"/") or b"value" in tag["said"]:
                rows, columns = max(rows, row), max(columns, column)
    return cells + rows * columns
