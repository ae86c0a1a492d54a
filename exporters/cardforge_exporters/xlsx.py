"""The exporter for workbooks: the table that cardforge_exporters.csv writes, as a sheet of Excel's.

In a sheet each cell says that it holds a text, so none is run as a formula, and 017 stays 017.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, ClassVar

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from cardforge.diagnostics import Problem
from cardforge.fidelity import Capabilities, Level, Loss, everything_native
from cardforge.model import Deck
from cardforge.plugin import Context, Exporter
from cardforge_exporters.csv.table import Table

MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_576
"""Excel's limits; characters are counted as in UTF-16, the header is a row.

https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
"""
# A sheet writes a character that XML cannot hold as _x0001_, and then _x005F_ for an underscore of such a text. Where two
# of these share an underscore, or mean U+FFFE or U+FFFF, programs do not agree.
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_|_xFFF[EF]_", re.IGNORECASE)
_CREATED = datetime(1980, 1, 1)
_WIDTHS = {"type": 16, "id": 12, "points": 8, "level": 12, "multiple": 8, "shuffle": 8, "reversed": 8}
_WIDE = 36
"""The width of a column that holds texts, in characters."""


class XlsxExporter(Exporter):
    """Writes a workbook with one sheet: a header row, then a row for the deck, each section and each item."""

    name: ClassVar[str] = "xlsx"
    summary: ClassVar[str] = "an Excel workbook that holds everything and can be read back"
    suffix: ClassVar[str] = ".xlsx"
    capabilities: ClassVar[Capabilities] = everything_native()
    media_inside: ClassVar[bool] = False

    def limits(self, deck: Deck) -> Iterator[Loss]:
        """Texts that look like what Excel writes for a character that XML cannot hold."""
        for row in Table.of(deck, is_run=False).rows:
            for name, cell in row.cells.items():
                if "_x" in cell and (found := _ESCAPE.search(cell)):
                    how = f"{name} has {found[0]!r}, which a workbook takes for a character's number"
                    yield Loss(row.feature, Level.ADAPTED, how, row.item, (*row.at, name))

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        """Cells that are too long for a workbook, and decks with too many rows."""
        rows = Table.of(deck, is_run=False).rows
        fix = "make it shorter, or export it --to csv, which has no limit"
        found = [
            Problem("cell-too-long", f"a cell holds {MOST_CHARACTERS:,} characters, and this has {length:,}", fix, at)
            for row in rows
            for at, length in (((*row.at, name), _length(cell)) for name, cell in row.cells.items())
            if length > MOST_CHARACTERS
        ]
        if len(rows) >= MOST_ROWS:
            message = f"a sheet holds {MOST_ROWS:,} rows, and this deck has {len(rows):,}"
            found.append(Problem("too-many-rows", message, "split the deck, or export it --to csv"))
        return found

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        table, packed = Table.of(deck, is_run=False), BytesIO()
        # By way of memory, so that a disk that is full is told by `out`.
        try:
            self._fill(table, packed)
        except FileCreateError as error:  # how xlsxwriter calls any failure of the files that it has meanwhile
            raise OSError(*error.args[0].args) from error
        out.write(packed.getvalue())

    def _fill(self, table: Table, packed: BytesIO) -> None:
        with Workbook(packed, {"constant_memory": True}) as book:
            book.set_properties({"created": _CREATED})
            text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
            bold = book.add_format({"num_format": "@", "bold": True})
            sheet = book.add_worksheet("Deck")
            sheet.freeze_panes(1, 0)
            for index, name in enumerate(table.columns):
                sheet.set_column(index, index, _WIDTHS.get(name, _WIDE), text)
                sheet.write_string(0, index, name, bold)
            for number, row in enumerate(table.rows, start=1):
                for index, name in enumerate(table.columns):
                    if cell := row.cells.get(name):
                        sheet.write_string(number, index, cell, text)


def _length(cell: str) -> int:
    return len(cell) if cell.isascii() else len(cell.encode("utf-16-le", "surrogatepass")) // 2
