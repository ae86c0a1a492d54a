"""Workbooks: what stands in their cells, what each sheet is, and what nobody should send."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck, Section, to_data

CARD = {"type": "flashcard", "front": "Q", "back": "A"}
Cells = list[list[Any]]


def workbook(path: Path, sheets: dict[str, Cells], hidden: tuple[str, ...] = (), merged: str = "") -> Path:
    """A workbook with these sheets, its cells typed as Excel would."""
    with Workbook(path) as book:
        day, moment, hour = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm"))
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | time):
                        form = moment if isinstance(cell, datetime) else day if isinstance(cell, date) else hour
                        sheet.write_datetime(number, column, cell, form)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            if merged:
                sheet.merge_range(merged, "S")
            if name in hidden:
                sheet.hide()
    return path


def deck(folder: Path, rows: Cells, **options: Any) -> Deck:
    return api.load(workbook(folder / "bank.xlsx", {"Sheet1": rows}), **options)


def one(folder: Path, cell: Any, column: str = "explanation") -> Any:
    """What a cell with this value says."""
    (item,) = deck(folder, [["front", "back", column], ["Q", "A", cell]]).items
    return to_data(item).get(column)


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (5, "5"),
        (-0.5, "-0.5"),
        (1e22, "1e+22"),
        (True, "true"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        (time(3, 4), "03:04:00"),
        ("two\nlines", "two\nlines"),
        ("'=1", "=1"),
        ("_x0041_", "_x0041_"),
        ("\uffff1", "\uffff1"),
        ("1\x012", "1\x012"),
    ],
)
def test_a_cell_is_read_as_text(tmp_path: Path, cell: Any, text: str) -> None:
    assert one(tmp_path, cell) == text


def test_a_formulas_value_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bank.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["stem", "answer"])
        sheet.write_string(1, 0, "1 + 1 = ?")
        sheet.write_formula(1, 1, "=1+1", None, 2)
    (item,) = api.load(path).items
    assert to_data(item)["answer"] == "2"


def test_empty_rows_and_columns_say_nothing(tmp_path: Path) -> None:
    rows: Cells = [[], [None, None], [None, "front", None, "back"], [], [None, "Q", None, "A"], []]
    assert [to_data(item) for item in deck(tmp_path, rows).items] == [CARD]


def test_a_cell_over_several_rows_speaks_of_each(tmp_path: Path) -> None:
    rows: Cells = [["section", "front", "back"], [None, "Q", "A"], [None, "Q2", "A"]]
    path = workbook(tmp_path / "bank.xlsx", {"Sheet1": rows}, merged="A2:A3")
    (section,) = api.load(path).items
    assert isinstance(section, Section) and len(section.items) == 2


def test_a_cell_over_several_rows_speaks_of_each_beside_an_empty_column(tmp_path: Path) -> None:
    rows: Cells = [[None, "section", "front", "back"], [None, None, "Q", "A"], [None, None, "Q2", "A"]]
    path = workbook(tmp_path / "bank.xlsx", {"Sheet1": rows}, merged="B2:B3")
    (section,) = api.load(path).items
    assert isinstance(section, Section) and len(section.items) == 2


def test_columns_say_what_a_sheet_without_a_header_holds(tmp_path: Path) -> None:
    read = deck(tmp_path, [["Q", 1, "A"]], columns="front,-,back")
    assert [to_data(item) for item in read.items] == [CARD]


# --- sheets --------------------------------------------------------------------------------------

TABLE: Cells = [["front", "back"], ["Q", "A"]]
LIST: Cells = [["name", "mail"], ["Ann", "a@b.c"]]


def test_several_sheets_are_sections(tmp_path: Path) -> None:
    read = api.load(workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": TABLE}))
    assert [node.section for node in read.items if isinstance(node, Section)] == ["One", "Two"]


def test_one_sheet_is_no_section(tmp_path: Path) -> None:
    read = api.load(workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": []}))
    assert [to_data(item) for item in read.items] == [CARD]


def test_a_section_in_a_sheet_stands_below_it(tmp_path: Path) -> None:
    table: Cells = [["section", "front", "back"], ["S", "Q", "A"]]
    read = api.load(workbook(tmp_path / "bank.xlsx", {"One": table, "Two": table}))
    first = read.items[0]
    assert isinstance(first, Section) and isinstance(first.items[0], Section)
    assert first.items[0].section == "S"


def test_a_sheet_that_is_no_table_is_left_out_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"About": [["made in 2024"]], "One": TABLE})
    assert [to_data(item) for item in api.load(path).items] == [CARD]
    (found,) = api.check(path)
    assert found.code == "kept-aside" and str(found.span) == f"{path}/About:1:1"


def test_beside_a_header_two_columns_without_one_are_no_cards(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Grades": LIST})
    assert [to_data(item) for item in api.load(path).items] == [CARD]
    assert [(d.code, str(d.span)) for d in api.check(path)] == [("kept-aside", f"{path}/Grades:1:1")]


def test_where_no_sheet_has_a_header_the_two_columns_of_each_are_cards(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": LIST, "Two": LIST})
    assert [d.code for d in api.check(path)] == ["guessed-column", "guessed-column"]


def test_columns_are_for_the_sheets_whose_header_names_no_fields(tmp_path: Path) -> None:
    tagged: Cells = [["front", "back", "tags"], ["Q", "A", "t"]]
    path = workbook(tmp_path / "bank.xlsx", {"One": tagged, "Two": LIST})
    first, second = api.load(path, columns="front,back").items
    assert isinstance(first, Section) and isinstance(second, Section)
    assert [to_data(item) for item in first.items] == [{**CARD, "tags": ["t"]}]
    assert len(second.items) == 2


@pytest.mark.parametrize("header", [["Front", "Back"], ["Question", "Answer"], ["Front", "Back", "Box"]])
def test_columns_overrule_a_header_that_every_sheet_has_or_that_is_not_understood(
    tmp_path: Path, header: list[str]
) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": [header, ["A", "Q"]]})
    assert [to_data(item) for item in api.load(path, columns="back,front", header=True).items] == [CARD]


def test_words_in_a_header_do_not_keep_columns_from_a_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": [["Question", "Answer"], ["A", "Q"]]})
    second = api.load(path, columns="back,front", header=True).items[1]
    assert isinstance(second, Section)
    assert [to_data(item) for item in second.items] == [CARD]


@pytest.mark.parametrize(
    ("hidden", "said"), [(("Two",), "1 hidden sheet is"), (("Two", "Three"), "2 hidden sheets are")]
)
def test_one_hidden_sheet_is_told_in_the_singular(tmp_path: Path, hidden: tuple[str, ...], said: str) -> None:
    sheets = {"One": TABLE} | dict.fromkeys(hidden, TABLE)
    (found,) = api.check(workbook(tmp_path / "bank.xlsx", sheets, hidden=hidden))
    assert found.message.startswith(said)


def test_hidden_sheets_are_left_out_and_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": TABLE}, hidden=("Two",))
    assert [to_data(item) for item in api.load(path).items] == [CARD]
    assert [d.code for d in api.check(path)] == ["not-kept"]


# --- mistakes ------------------------------------------------------------------------------------


def refused(path: Path) -> tuple[str, str]:
    """Code and place of what is wrong."""
    with pytest.raises(InvalidDeck) as error:
        api.load(path)
    (first, *_) = error.value.diagnostics
    return first.code, str(first.span).removeprefix(str(path))


def test_a_mistake_is_reported_at_its_sheet_row_and_cell(tmp_path: Path) -> None:
    rows: Cells = [["front", "back"], [], ["Q", "two\nlines $\\fracc{1}{2}$"]]
    assert refused(workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": rows})) == ("latex", "/Two:3:14")


def test_a_workbook_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path / "bank.xlsx", {"One": [["Paris", "France", "Europe"]]})) == (
        "no-header",
        "/One:1:1",
    )


def test_a_workbook_of_two_columns_without_a_header_has_cards(tmp_path: Path) -> None:
    deck = api.load(workbook(tmp_path / "bank.xlsx", {"One": [["Paris", "France"], ["Rome", "Italy"]]}))
    assert (len(deck.items), [d.code for d in deck.origin.warnings]) == (2, ["guessed-column"])


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path / "bank.xlsx", {"One": []}))[0] == "empty-file"


def repacked(path: Path, name: str, data: bytes) -> Path:
    """A workbook of one small table, with one of its files replaced."""
    made = workbook(path.with_name("good.xlsx"), {"One": TABLE})
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + OPEN, "xml-doctype"),
        (b"\0", "xml-doctype"),
        (OPEN + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (OPEN + b'<row r="9999999"><c><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (OPEN + b'<row><c r="ZZZZ1"><v>1</v></c><c r="A400"><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (OPEN + b'<row><c r="CCCCCCCCCC1"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (OPEN + b'<row><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (OPEN + b'<row><c r="A1XFD1048576"><v>1</v></c></row></sheetData></worksheet>', "workbook-too-large"),
        (b" " * 70_000_000, "archive-too-large"),
        (b"<worksheet><sheetData><row", "workbook-damaged"),
        (b"<a>" * 10_000, "empty-file"),
    ],
    ids=["doctype", "binary", "corner", "row", "column", "letters", "digits", "twice", "bomb", "cut", "nested"],
)  # fmt: skip
def test_a_hostile_sheet_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused(repacked(tmp_path / "bank.xlsx", SHEET, data))[0] == code


def test_a_hostile_sheet_is_refused_whatever_its_part_is_called(tmp_path: Path) -> None:
    made = workbook(tmp_path / "good.xlsx", {"One": TABLE})
    path = tmp_path / "bank.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member).replace(b"worksheets/sheet1.xml", b"other.xml"))
        new.writestr("xl/other.xml", OPEN + b'<row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')
    assert refused(path)[0] == "workbook-too-large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "archive-damaged"),
        (b"PK\x03\x04", "archive-damaged"),
        (b"front,back\n", "archive-damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "bank.xlsx"
    path.write_bytes(data)
    assert refused(path)[0] == code


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": TABLE})
    path.write_bytes(path.read_bytes()[:-100])
    assert refused(path)[0] == "archive-damaged"


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bank.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refused(path)[0] == "workbook-damaged"


# --- LibreOffice ---------------------------------------------------------------------------------

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def ods(path: Path, rows: str) -> Path:
    """A spreadsheet of LibreOffice's with these rows in its one sheet."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="One">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {manifest}><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/></manifest:manifest>',
        )
    path.write_bytes(data.getvalue())
    return path


def _row(*cells: str) -> str:
    shown = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{shown}<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"


_REST = (
    "<table:table-row table:number-rows-repeated='1048000'>"
    "<table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
)


def test_a_spreadsheet_of_libreoffices_is_read(tmp_path: Path) -> None:
    path = ods(tmp_path / "bank.ods", _row("front", "back") + _row("Q", "A") + _REST)
    assert [to_data(item) for item in api.load(path).items] == [CARD]


def test_a_cell_that_says_it_is_there_a_million_times_is_refused(tmp_path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='9000000'><text:p>Q</text:p></table:table-cell>"
    path = ods(tmp_path / "bank.ods", f"<table:table-row>{cell}</table:table-row>")
    assert refused(path)[0] == "workbook-too-large"


# --- sheets of which nothing is read ---------------------------------------------------------------


def kept_aside(path: Path, **options: Any) -> list[tuple[str, str]]:
    """Where sheets are told to be left out, and why."""
    found = api.check(path, **options)
    return [(str(d.span).removeprefix(str(path)), d.message) for d in found if d.code == "kept-aside"]


def test_a_sheet_of_one_row_that_is_taken_for_a_header_is_told_and_no_section(tmp_path: Path) -> None:
    sheets: dict[str, Cells] = {"Verben": [["Wort", "Sinn"], ["Q", "A"]], "Notizen": [[], ["Notizen"]]}
    path = workbook(tmp_path / "bank.xlsx", sheets)
    options: dict[str, Any] = {"columns": "front,back", "header": True}
    assert [to_data(item) for item in api.load(path, **options).items] == [CARD]
    message = "nothing is read from the sheet 'Notizen': its only row is taken for a header"
    assert kept_aside(path, **options) == [("/Notizen:2:1", message)]


def test_a_sheet_with_nothing_but_a_header_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": TABLE, "Two": [["front", "back"]]})
    assert [place for place, _ in kept_aside(path)] == ["/Two:1:1"]


def test_a_sheet_in_which_no_column_is_filled_that_is_read_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": [[1, "Q", "A"]], "Notes": [["look"]]})
    found = kept_aside(path, columns="-,front,back")
    assert found == [("/Notes:1:1", "nothing is read from the sheet 'Notes': no column that is read is filled")]


def test_a_workbook_with_nothing_but_a_header_is_told_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bank.xlsx", {"One": [["front", "back"]]})
    assert [d.code for d in api.check(path)] == ["empty-list"]
