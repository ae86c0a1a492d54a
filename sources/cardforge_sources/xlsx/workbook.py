"""The sheets of a workbook that anybody may have made.

python-calamine reads them, and makes a cell of every place up to the farthest one. So what it is given is looked through
first, and packed anew: nothing that a workbook says of itself can fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge_sources.archive import file_diagnostic, open_archive
from cardforge_sources.xlsx.extent import Extent

MOST_BYTES = 64_000_000
"""As much XML is read of a workbook, and as much text may its cells come to."""
MOST_CELLS = 2_000_000
"""A workbook may have as many cells, counting in each sheet all those up to the farthest one that is filled."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NEEDED = re.compile(
    r"(?:xl/|_rels/).*\.(?:xml|rels)|\[Content_Types\]\.xml|content\.xml|mimetype|META-INF/manifest\.xml"
)
_MEDIA = re.compile(r"(?:xl/media|Pictures)/.")
# U+FFFE and U+FFFF as Excel escapes them; calamine decodes the other escapes.
_ESCAPED = re.compile("_x(FFF[EF])_")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name, and its rows from the first one on, each as many cells as text."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets that can be seen and hold anything; and what is not read, as ``2 hidden sheets are``."""

    sheets: Sequence[Sheet]
    left_out: Sequence[str]


def open_workbook(path: Path) -> Workbook:
    """The workbook at ``path``. Raises InvalidDeck for what is none, is damaged or would fill the memory."""
    _look_at_beginning(path)
    archive = open_archive(path)
    packed = BytesIO()
    left, extent = MOST_BYTES, Extent()
    with ZipFile(packed, "w") as repacked:
        for name in archive.names:
            if _NEEDED.fullmatch(name):
                data = archive.read(name, left)
                left -= len(data)
                _look_for_entities(path, name, data)
                extent.add(name, data)
                if extent.cells > MOST_CELLS:
                    raise _invalid(path, *_TOO_LARGE)
                repacked.writestr(name, data)
    if extent.text > MOST_BYTES:
        raise _invalid(path, *_TOO_MUCH_TEXT)
    packed.seek(0)
    pictures = sum(1 for name in archive.names if _MEDIA.match(name))
    try:
        return _workbook(CalamineWorkbook.from_filelike(packed), pictures)
    except PasswordError:
        raise _invalid(path, *_LOCKED) from None
    except BaseException as error:  # calamine says in many ways that a file is damaged
        # Rust's panics are no Exception, and their type has no module to import it from.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, error) from error


def _look_at_beginning(path: Path) -> None:
    try:
        with path.open("rb") as file:
            is_old = file.read(4) == _OLD_EXCEL
    except (OSError, ValueError):
        return  # opening it as an archive says why
    if is_old:
        raise _invalid(path, *_OLD)


def _look_for_entities(path: Path, name: str, data: bytes) -> None:
    if b"\0" in data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _invalid(path, "xml-doctype", f"{name[:80]!r} in it has a document type, or is not UTF-8", _SAVE_AGAIN)


def _workbook(book: CalamineWorkbook, pictures: int) -> Workbook:
    sheets = []
    hidden = 0
    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        if about.visible is not SheetVisibleEnum.Visible:
            hidden += bool(sheet.height)
        elif sheet.height:
            sheets.append(Sheet(about.name, _rows(sheet)))
    counts = ((hidden, "hidden sheet"), (pictures, "picture"))
    left_out = [f"1 {what} is" if count == 1 else f"{count:,} {what}s are" for count, what in counts if count]
    return Workbook(sheets, left_out)


def _rows(sheet: CalamineSheet) -> list[list[str]]:
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    left = MOST_BYTES
    # Calamine leaves out the columns before the first one that is filled.
    empty_columns = sheet.start[1] if sheet.start else 0
    for (top, first_column), (bottom, last_column) in sheet.merged_cell_ranges or ():
        # A cell that goes over several rows speaks of each of them.
        column = first_column - empty_columns
        if first_column != last_column or column < 0 or top >= len(rows) or column >= len(rows[top]):
            continue
        left -= (bottom - top) * (len(rows[top][column]) + 1)
        if left > 0:
            for row in islice(rows, top + 1, bottom + 1):
                row[column] = row[column] or rows[top][column]
    return rows


def _text(cell: Any) -> str:
    """A cell's value as text: 5 for 5.0, dates as in ISO 8601."""
    match cell:
        case str():
            return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), cell) if "_x" in cell else cell
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


_SAVE_AGAIN = "open it in Excel or LibreOffice, and save it as .xlsx again"
_OLD = (
    "old-workbook",
    "this is a workbook of an old Excel (.xls), or one with a password",
    "open it in Excel or LibreOffice, and save it as .xlsx without a password",
)
_TOO_LARGE = (
    "workbook-too-large",
    f"the sheets reach over more than {MOST_CELLS:,} cells, and no more are read",
    "delete what stands far below or to the right of the table; or split the workbook",
)
_TOO_MUCH_TEXT = (
    "workbook-too-large",
    f"its cells come to more than {MOST_BYTES // 1_000_000} MB of text, long texts repeated in many of them",
    "do not use it if you do not know who made it; else split the workbook",
)
_LOCKED = ("workbook-locked", "this workbook has a password", "save it without one")


def _invalid(path: Path, code: str, message: str, fix: str) -> InvalidDeck:
    return InvalidDeck([file_diagnostic(path, Problem(code, message, fix))])


def _damaged(path: Path, error: BaseException) -> InvalidDeck:
    message = f"this workbook is damaged, or is none: {str(error)[:100]}"
    return _invalid(path, "workbook-damaged", message, _SAVE_AGAIN)
