"""How much text a workbook may come to: a text that is written once can stand in any number of cells."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from cardforge.diagnostics import InvalidDeck
from cardforge_sources.xlsx.workbook import open_workbook

Make = Callable[[Path, str, int], Path]

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def with_shared_text(path: Path, text: str, rows: int) -> Path:
    """A workbook whose one text stands in two cells of each row."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    book.add_worksheet("A").write(0, 0, "a")
    book.close()
    cells = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c><c r="B{r}" t="s"><v>0</v></c></row>' for r in range(1, rows + 1)
    )
    parts = {
        "xl/sharedStrings.xml": f"<sst {SHEET}><si><t>{text}</t></si></sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}><sheetData>{cells}</sheetData></worksheet>",
    }
    with ZipFile(made) as source, ZipFile(path, "w") as package:
        for name in source.namelist():
            package.writestr(name, parts.get(name) or source.read(name))
    return path


def with_repeated_text(path: Path, text: str, rows: int) -> Path:
    """An OpenDocument sheet that says how often a row of two equal cells is there, and how many empty rows follow."""
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>{text}</text:p></table:table-cell>'
    empty = '<table:table-cell table:number-columns-repeated="1024"/>'
    body = (
        f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1000000">{empty}</table:table-row>'
    )
    with ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml",
            f"<office:document-content {ODS}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


@pytest.mark.parametrize(("make", "name"), [(with_shared_text, "a.xlsx"), (with_repeated_text, "a.ods")])
def test_a_long_text_in_many_cells_is_refused(make: Make, name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck) as refused:
        open_workbook(make(tmp_path / name, "x" * 100_000, 1_000))
    assert [found.code for found in refused.value.diagnostics] == ["workbook-too-large"]


@pytest.mark.parametrize(("make", "name"), [(with_shared_text, "a.xlsx"), (with_repeated_text, "a.ods")])
def test_a_short_text_in_many_cells_is_read(make: Make, name: str, tmp_path: Path) -> None:
    (sheet,) = open_workbook(make(tmp_path / name, "x" * 100, 1_000)).sheets
    assert [len(row) for row in sheet.rows] == [2] * 1_000
