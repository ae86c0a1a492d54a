"""From rows to a deck: what a table in a text file and a sheet of a workbook share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field, field_validator

from cardforge.diagnostics import Loc, Problem, Severity
from cardforge.media import FolderMedia, Media
from cardforge.plugin import Options
from cardforge.validation import mistakes
from cardforge_sources.csv import header
from cardforge_sources.csv.cells import Unreadable, offset_in_cell, value
from cardforge_sources.csv.header import Columns
from cardforge_sources.csv.named_files import NamedFiles
from cardforge_sources.csv.outline import Outline, Record, likely_kind
from cardforge_sources.csv.rows import MOST_LOOKED_AT, Cell, Row, at, is_filled, offset_in_file
from cardforge_sources.places import warning


class TableOptions(Options):
    """How a table is to be read that says less of itself than it should."""

    columns: str = Field(
        default="",
        description="What the columns of a table without a header hold: front,back,tags; - passes one over.",
        examples=["front,back"],
    )
    header: bool = Field(
        default=False, description="With columns: the first row is a header all the same, and passed over."
    )

    @field_validator("columns")
    @classmethod
    def _are_fields(cls, columns: str) -> str:
        if columns:
            header.listed(columns)
        return columns

    def below(self, rows: Sequence[Row], problems: list[Problem]) -> Below | None:
        """What each column holds, and the rows that hold items; None when nothing tells. The first row may be a
        header."""
        if not self.columns:
            told = len(problems)
            columns = header.named(rows, problems) if rows else ()
            if columns is None:
                return None
            return Below(columns, rows[1:], any(p.code == header.GUESSED for p in problems[told:]))
        if rows and not self.header and header.is_header(rows[0]):
            message = "this row looks like a header, and is read as an item, for columns= says what the columns hold"
            fix = "if it is one, add --set header=true"
            problems.append(replace(at(rows[0][0][0], "header-as-item", message, fix), severity=Severity.WARNING))
        below = rows[self.header :]
        return Below(header.chosen(self.columns, below, problems), below, True)


@dataclass(frozen=True, slots=True)
class Below:
    """The rows below a header. ``is_lenient``: the table was not made for cardforge, so a row of it that can be no item
    is left out and told, and spoils nothing else.
    """

    columns: Columns
    rows: Sequence[Row]
    is_lenient: bool


def no_header(first: Row) -> Problem:
    """That a table's first row names no field."""
    message = "the first row does not say which column asks and which one answers"
    settings = header.suggested(first)
    if len(first) == 1:
        message = "this table has one column, and a card has two sides"
        fix = "put the sides into two columns, and a row front,back above them"
    elif header.has_choices_in_columns(first):
        message = "this table has the choices of a question in columns of their own"
        fix = (
            "name the question's column stem, and put its choices into one column choices: each on a line of its cell, "
            "[x] before the right one and [ ] before the others"
        )
    elif settings is None:
        fix = "name the column that asks front, and the one that answers back"
    elif settings.endswith("true"):
        fix = f"name them there, as front and back; or say what the columns hold: {settings}"
    else:
        fix = (
            f"put a row front,back above it; or say what the columns hold: {settings} (and --set header=true, if this "
        )
        fix += "row is a header in other words)"
    return at(first[0][0], "no-header", message, fix)


def two_sided(rows: Sequence[Row], problems: list[Problem]) -> Below | None:
    """The rows as the sides of cards, where nearly all have two cells and nothing says what these hold; or None."""
    looked_at = rows[:MOST_LOOKED_AT]
    fitting = [
        [is_filled(cell) for cell in row[:3]][:2] == [True, True] and not any(map(is_filled, row[2:]))
        for row in looked_at
    ]
    if not fitting or not fitting[0] or header.names_a_field(rows[0]) or sum(fitting) * 10 < len(fitting) * 9:
        return None
    problems.append(taken_for_cards(rows[0][0][0]))
    return Below(("front", "back"), rows, True)


def taken_for_cards(offset: int) -> Problem:
    """That two columns without a header are read as cards, from this offset on."""
    message = "nothing says what the two columns hold, so they are taken for front and back, from this row on"
    fix = "if that is right, nothing; if this row is a header, add --set columns=front,back --set header=true"
    return warning(offset, header.GUESSED, message, fix)


def filled(rows: Iterable[Row]) -> list[Row]:
    """The rows that hold anything."""
    return [row for row in rows if any(map(is_filled, row))]


def read(below: Below, outline: Outline, text: str, media: FolderMedia, *, quoted: bool = True) -> None:
    """Put the items in these rows into the outline. ``text`` and ``quoted`` are those of `TablePositions`."""
    reader = _Reader(below.columns, text, quoted)
    named_files = NamedFiles(media)
    beyond: list[int] = []
    for row in below.rows:
        cells, nameless = reader.cells(row)
        data, wrong = reader.data(cells)
        if below.is_lenient:
            beyond += nameless[:1]
            why = wrong[0].message if wrong else _refused(data, media)
            if why:
                fix = "mend it, or delete the row"
                outline.problems.append(warning(row[0][0], "kept-aside", f"this row is left out: {why}", fix))
                continue
        elif nameless:
            fix = "put a text that holds the separator in double quotes, or name the column"
            message = "this cell stands under no name in the header"
            outline.problems.append(at(nameless[0], "too-many-cells", message, fix))
        outline.problems += wrong
        if data and not wrong:
            outline.add(data, Record(row[0][0], cells))
            named_files.look_at(cells)
    named_files.tell(outline.problems)
    if beyond:
        rows = "1 row has" if len(beyond) == 1 else f"{len(beyond):,} rows have"
        message = f"{rows} cells beyond the columns that are named: those cells are not kept"
        outline.problems.append(warning(beyond[0], "not-kept", message, "name all columns that are to be kept"))


def _refused(data: Mapping[str, Any], media: Media) -> str | None:
    """Why a row can be no item, if it cannot."""
    kind = data.get("type") or likely_kind(data)
    if not data or kind in ("deck", "section"):
        return None
    item = {name: value for name, value in {**data, "type": kind}.items() if name != "section" and value is not None}
    return next((mistake.message for mistake in mistakes({"items": [item]}, media)), None)


@dataclass(frozen=True, slots=True)
class _Reader:
    columns: Columns
    text: str
    quoted: bool

    def cells(self, row: Row) -> tuple[dict[str, Cell], list[int]]:
        """The filled cells of a row by field, and the offsets of those that stand under no name."""
        cells: dict[str, Cell] = {}
        nameless: list[int] = []
        for index, cell in enumerate(row):
            if is_filled(cell):
                name = self.columns[index] if index < len(self.columns) else None
                if name:
                    cells[name] = cell
                elif name is None:
                    nameless.append(cell[0])
        return cells, nameless

    def data(self, cells: Mapping[str, Cell]) -> tuple[dict[str, Any], list[Problem]]:
        """What the cells say, and what is wrong with those that cannot be read."""
        data: dict[str, Any] = {}
        wrong = []
        for name, (start, cell) in cells.items():
            try:
                data[name] = value(name, cell)
            except Unreadable as error:
                offset = offset_in_file(self.text, start, error.offset) if self.quoted else start + error.offset
                wrong.append(at(offset, error.code, str(error), error.fix))
        return data, wrong


@dataclass(frozen=True, slots=True)
class TablePositions:
    """Where the parts of a table's deck stand in ``text``. ``quoted`` tells a text file, with its doubled quotes, from
    a text in which each cell stands as it is.
    """

    text: str
    records: Mapping[Loc, Record]
    quoted: bool = True

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        """The offset of the part; the deck as a whole begins with the file."""
        if not loc:
            return 0
        length = next((n for n in range(len(loc), -1, -1) if loc[:n] in self.records), None)
        if length is None:
            return None
        record = self.records[loc[:length]]
        if length == len(loc):
            return record.start
        name, *inner = loc[length:]
        found = record.cells.get(str(name))
        if found is None:
            return None
        start, cell = found
        within = offset_in_cell(str(name), cell, tuple(inner), at, on_key)
        if within is None:
            return None
        return offset_in_file(self.text, start, within) if self.quoted else start + within
