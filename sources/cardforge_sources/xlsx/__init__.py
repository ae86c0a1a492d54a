"""Decks as workbooks of Excel (``.xlsx``) and LibreOffice (``.ods``): what stands in their cells is what stands in those
of a text file, which cardforge_sources.csv reads.

workbook.py  the sheets of a workbook that anybody may have made
extent.py    how far its cells reach
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Problem, Severity
from cardforge.document import Document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.archive import file_diagnostic
from cardforge_sources.csv import table
from cardforge_sources.csv.outline import Outline
from cardforge_sources.csv.rows import Row
from cardforge_sources.csv.table import Below, TableOptions, TablePositions
from cardforge_sources.places import warning
from cardforge_sources.xlsx.workbook import Sheet, open_workbook


class XlsxSource(TableOptions):
    """``.xlsx`` and ``.ods`` files. Several sheets are a section each."""

    name: ClassVar[str] = "xlsx"
    summary: ClassVar[str] = "a workbook of Excel or LibreOffice; each sheet is a table with a header row"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".ods")

    def read(self, path: Path) -> Draft:
        workbook = open_workbook(path)
        texts = [(sheet.name, _shown(sheet)) for sheet in workbook.sheets]
        document = Document.joined(str(path), texts)
        problems: list[Problem] = []
        for what in workbook.left_out:
            fix = "nothing, if no item stands there; else say in the cells what is shown"
            problems.append(warning(0, "not-kept", f"{what} in the workbook, and not read", fix))
        tables = list(self._tables(workbook.sheets, document, problems))
        if not tables:
            raise _without_tables(path, document, workbook.sheets)
        outline, media = Outline(problems), FolderMedia(path.parent)
        silent: list[Problem] = []
        is_one = sum(bool(below.rows) for _, _, below in tables) < 2
        for name, start, below in tables:
            before = len(outline.records), len(problems)
            outline.around = [] if is_one else [name]
            table.read(below, outline, document.text, media, quoted=False)
            if before == (len(outline.records), len(problems)):
                silent.append(_nothing_read(name, start, below))
        if outline.items:  # else it is told of the workbook that it has none
            problems += silent
        if any(p.severity is Severity.ERROR for p in problems) and not outline.items:
            raise document.invalid(problems)
        data = {"title": path.stem, **outline.deck, "items": outline.items}
        positions = TablePositions(document.text, outline.records, quoted=False)
        return Draft(data, document, positions, media, tuple(problems), is_beginning=not outline.deck)

    def _tables(
        self, sheets: Sequence[Sheet], document: Document, problems: list[Problem]
    ) -> Iterator[tuple[str, int, Below]]:
        """The names of the sheets that are tables, where each begins, and what stands in it below its header."""
        filled = [
            (sheet.name, rows)
            for sheet, (begin, _) in zip(sheets, document.parts, strict=True)
            if (rows := table.filled(_rows(sheet, begin)))
        ]
        for (name, rows), (below, wrong) in zip(filled, self._read([rows for _, rows in filled]), strict=True):
            if below and any(below.columns):
                problems += wrong
                yield name, rows[0][0][0], below
            else:
                problem = table.no_header(rows[0])
                sheet = f"the sheet {name!r}"
                message = f"{problem.message}: {sheet} is left out"
                told = replace(problem, code="kept-aside", message=message, severity=Severity.WARNING, subject=sheet)
                problems.append(told)

    def _read(self, sheets: Sequence[Sequence[Row]]) -> list[tuple[Below | None, list[Problem]]]:
        """What the columns of each sheet hold, and what is to be told of that.

        Beside a sheet with a header, two columns without one are somebody's list, and not the sides of cards. The
        option ``columns`` is for the sheets whose header does not name fields; where each names fields, it overrules.
        """
        read = [_below(TableOptions(), rows) for rows in sheets]
        if self.columns:
            is_named = [below is not None and not wrong for below, wrong in read]
            chosen = (_below(self, rows) for rows in sheets)
            return [
                own if named and not all(is_named) else said
                for own, named, said in zip(read, is_named, chosen, strict=True)
            ]
        if any(below and any(below.columns) for below, _ in read):
            return read
        return [_two_sided(rows) for rows in sheets]


def _below(options: TableOptions, rows: Sequence[Row]) -> tuple[Below | None, list[Problem]]:
    problems: list[Problem] = []
    return options.below(rows, problems), problems


def _two_sided(rows: Sequence[Row]) -> tuple[Below | None, list[Problem]]:
    problems: list[Problem] = []
    return table.two_sided(rows, problems), problems


def _nothing_read(name: str, start: int, below: Below) -> Problem:
    sheet = f"the sheet {name!r}"
    message = f"nothing is read from {sheet}: "
    message += "no column that is read is filled" if below.rows else "its only row is taken for a header"
    fix = "nothing, if it holds no items; else write a header such as front,back above them"
    return warning(start, "kept-aside", message, fix, sheet)


def _without_tables(path: Path, document: Document, sheets: Sequence[Sheet]) -> InvalidDeck:
    firsts = [table.filled(_rows(sheet, begin))[:1] for sheet, (begin, _) in zip(sheets, document.parts, strict=True)]
    problems = [table.no_header(rows[0]) for rows in firsts if rows]
    if not problems:
        fix = "write a header such as front,back into the first row, and an item into each row below"
        return InvalidDeck([file_diagnostic(path, Problem("empty-file", "no cell of this workbook is filled", fix))])
    return document.invalid(problems)


_ON_A_LINE = str.maketrans("\r\n", "  ")


def _shown(sheet: Sheet) -> str:
    """The sheet with a row a line, and a tab between its cells."""
    return "".join("\t".join(cells).translate(_ON_A_LINE) + "\n" for cells in sheet.rows)


def _rows(sheet: Sheet, offset: int) -> Iterator[Row]:
    """The rows of a sheet, its cells at the places that they have in what is shown."""
    for cells in sheet.rows:
        row = []
        for cell in cells:
            row.append((offset, cell))
            offset += len(cell) + 1
        yield row
        offset += not cells  # a line end stands there even so
