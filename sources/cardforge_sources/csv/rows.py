"""The rows of a table in a text file, and where each cell stands: Python's csv module tells no positions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from cardforge.diagnostics import Problem
from cardforge.document import Document
from cardforge_sources.conflict import conflict_at, conflicts

Cell = tuple[int, str]
"""A cell's text, and the offset in the file at which it begins: behind the quote, if there is one."""
Row = Sequence[Cell]

SEPARATORS = "\t;,|"
MOST_LOOKED_AT = 50
"""As many lines at the beginning show what a file is."""
_SIGNS = ("---", " - ", " – ", " — ", "/////", "::", "->", "=>", "=", " : ")
"""What people put between two texts, where no separator stands."""
_MOST_OF_A_LINE = 200
_SAID_BY_EXCEL = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\n|\r)', re.IGNORECASE)
_FIRST_LINE = re.compile(r'\s*((?:"[^"]*"|[^"\r\n])*)')
_LINES = re.compile(r"[^\r\n]+")
_IN_QUOTES = re.compile(r'"[^"]*"')
_QUOTED = r' *"([^"]*+(?:""[^"]*+)*+)"'
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")


def at(offset: int, code: str, message: str, fix: str) -> Problem:
    """A problem at an offset of the file."""
    return Problem(code, message, fix, place=offset)


def is_filled(cell: Cell) -> bool:
    """Whether there is anything in a cell."""
    return bool(cell[1]) and not cell[1].isspace()


def separator(text: str, default: str, columns: int = 0) -> tuple[str, int]:
    """What separates the cells, and the offset of the first row: behind Excel's ``sep=;`` where there is one.

    The header shows it; where the number of columns is known, the rows do.
    """
    if said := _SAID_BY_EXCEL.match(text):
        return said[1], said.end()
    if columns > 1:
        lines = [_IN_QUOTES.sub("", m[0]) for m in islice(_LINES.finditer(text), MOST_LOOKED_AT)]
        fitting = {sign: sum(line.count(sign) == columns - 1 for line in lines) for sign in SEPARATORS}
        most = max(SEPARATORS, key=lambda sign: fitting[sign])
        if fitting[most]:
            return most, 0
    header = _FIRST_LINE.match(text)
    outside_quotes = _IN_QUOTES.sub("", header[1]) if header else ""
    most = max(SEPARATORS, key=outside_quotes.count)
    return most if most in outside_quotes else default, 0


def shared_sign(lines: Iterable[str]) -> str | None:
    """The sign that most lines have between two texts, as ``=`` or ``/////``; or None."""
    looked_at = [line[:_MOST_OF_A_LINE] for line in islice(lines, MOST_LOOKED_AT)]
    has = [line for line in looked_at if "{{" not in line]  # the colons of a deletion part no columns
    found = (sign for sign in _SIGNS if 2 * sum(sign in line for line in has) > len(looked_at))
    return next(map(str.strip, found), None)


def conflict(text: str, begins: Iterable[int]) -> int | None:
    """Where git left both versions of a change, or None. ``begins`` are the offsets of the rows: in a cell that goes
    over several lines, what git writes may be a text about it.
    """
    if "<<<<<<<" not in text:
        return None
    starts = frozenset(begins)
    found = conflicts((line.start(), line[0]) for line in _LINES.finditer(text))
    return next((markers[0] for markers in found if not starts.isdisjoint(markers)), None)


def refuse_conflict(document: Document, begins: Iterable[int]) -> None:
    """Raise InvalidDeck where git left both versions of a change: see `conflict`."""
    if (offset := conflict(document.text, begins)) is not None:
        raise document.invalid([conflict_at(offset)])


def rows(text: str, position: int, delimiter: str, problems: list[Problem]) -> Iterator[Row]:
    """Every row. One with a stray quote is left out; behind a quote that is never closed there are no more."""
    sign = re.escape(delimiter)
    next_cell = re.compile(rf'(?:{_QUOTED} *|(?! *")([^{sign}\r\n]*))({sign}|\r\n|\n|\r|\Z)').match
    row: list[Cell] = []
    while position < len(text) or row:
        cell = next_cell(text, position)
        if cell is None:
            problem, position = _stray_quote(text, position)
            problems.append(problem)
            row = []
            continue
        quoted, bare, end = cell.groups()
        row.append((position, bare) if quoted is None else (cell.start(1), quoted.replace('""', '"')))
        position = cell.end()
        if end != delimiter:
            yield row
            row = []


def _stray_quote(text: str, position: int) -> tuple[Problem, int]:
    """What is wrong with the quotes of the cell that begins here, and where to read on."""
    fix = 'put the whole text in quotes, and write each quote inside it twice: ""'
    opening = text.index('"', position)
    closed = re.compile(_QUOTED).match(text, position)
    if closed is None:
        return at(opening, "unclosed-quote", "the quote that opens here is not closed", fix), len(text)
    if "\n" in closed[1] or "\r" in closed[1]:
        # What seems to close it was most likely meant to open a later cell.
        message = "the quote that opens here is closed lines later, in the middle of a cell"
        return at(opening, "unclosed-quote", message, fix), len(text)
    line = _REST_OF_LINE.match(text, position)
    read_on = line.end() if line else len(text)
    return at(closed.end(), "text-behind-quote", "the cell goes on behind its closing quote", fix), read_on


def lenient_rows(text: str, position: int, delimiter: str) -> Iterator[Row]:
    """Every row as Anki reads them (rslib/src/import_export/text/csv, the Rust crate csv): a line that begins with #
    is a comment; only a quote that begins a cell counts; what follows its closing quote belongs to the cell, and a
    quote that is not closed goes on to the end of the file."""
    sign = re.escape(delimiter)
    next_cell = re.compile(
        rf'("(?P<quoted>[^"]*+(?:""[^"]*+)*+)(?:"|\Z))?(?P<bare>[^{sign}\r\n]*)({sign}|\r\n|\n|\r|\Z)'
    )
    row: list[Cell] = []
    while position < len(text) or row:
        if not row and text[position] == "#" and (comment := _REST_OF_LINE.match(text, position)):
            position = comment.end()
            continue
        cell = next_cell.match(text, position)
        assert cell, "the pattern fits everywhere"
        quoted, bare, end = cell["quoted"], cell["bare"], cell[4]
        row.append((position, bare) if quoted is None else (cell.start("quoted"), quoted.replace('""', '"') + bare))
        position = cell.end()
        if end != delimiter:
            if len(row) > 1 or row[0][1]:
                yield row
            row = []


_CHARACTER = re.compile(r'""|.', re.DOTALL)


def offset_in_file(text: str, start: int, count: int) -> int:
    """Where a cell's character stands; between quotes, two quotes are one character."""
    if count == 0 or not text.startswith('"', max(start - 1, 0), start):
        return start + count
    character = next(islice(_CHARACTER.finditer(text, start), count, None), None)
    return character.start() if character else len(text)
