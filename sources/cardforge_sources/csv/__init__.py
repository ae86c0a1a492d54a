"""Decks as tables, separated by commas, semicolons, tabs or bars: a header that names the fields, then a row an item.
And what other programs export as tables: Quizlet's cards, and Anki's notes in plain text.

rows.py         rows and cells with their offsets
header.py       which field each column holds
cells.py        what a cell says, and where in it
outline.py      the rows as a tree of sections and items
named_files.py  cells that are the names of pictures
table.py        from rows to a deck; cardforge_sources.xlsx uses it, too
quizlet.py      Quizlet's export
tags.py         whether texts are HTML, or speak of it
anki.py         text files for Anki
anki_header.py  the lines at their head
anki_notes.py   a note as an item
foreign.py      what other programs' cards say, as texts that the deck format takes
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import Problem, Severity
from cardforge.document import Document, read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.csv import anki, header, quizlet, table
from cardforge_sources.csv.outline import Outline
from cardforge_sources.csv.rows import Row, at, conflict, refuse_conflict, rows, separator, shared_sign
from cardforge_sources.csv.table import TableOptions, TablePositions

_BEGINNING = 64 * 1024


class CsvSource(TableOptions):
    """``.csv`` and ``.tsv`` files; and ``.txt`` files that Anki or Quizlet exported."""

    name: ClassVar[str] = "csv"
    summary: ClassVar[str] = "a table, as spreadsheets write it; and the text exports of Anki and Quizlet"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".txt")

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        text = document.text
        if not self.columns and anki.begins(text):
            return anki.draft(document, path)
        if not self.columns and path.suffix.lower() != ".csv" and quizlet.is_quizlet(text):
            draft = quizlet.draft(document, path)
            # Quizlet's own text is no table, whose first row might be a header in other words.
            told = () if path.suffix.lower() == ".txt" else (table.taken_for_cards(0),)
            return replace(draft, problems=(*told, *draft.problems))
        return self._table(document, path)

    def _table(self, document: Document, path: Path) -> Draft:
        text = document.text
        delimiter, start = self._separator(text, path)
        problems: list[Problem] = []
        found = table.filled(rows(text, start, delimiter, problems))
        refuse_conflict(document, (row[0][0] for row in found))
        if self.columns and found and not _is_parted(found, header.listed(self.columns)):
            raise document.invalid([_no_separator(found)])
        below = self.below(found, problems)
        if not self.columns and (below is None or not found):
            # What is most frequent in the first row may be no separator but the commas of a sentence.
            delimiter, start = self._separator(text, path, 2)
            retried: list[Problem] = []
            if cards := table.two_sided(table.filled(rows(text, start, delimiter, retried)), retried):
                below, problems = cards, retried
        if below is None or (found and not any(below.columns)):
            raise document.invalid([table.no_header(found[0])])
        if below.is_lenient:
            problems = [_without_the_row(problem) for problem in problems]
        outline, media = Outline(problems), FolderMedia(path.parent)
        table.read(below, outline, text, media)
        if any(p.severity is Severity.ERROR for p in problems) and not outline.items:
            # That the deck is empty, too, would only distract.
            raise document.invalid(problems)
        data = {"title": path.stem, **outline.deck, "items": outline.items}
        # Without a row of the deck's own, it is somebody's table and no export of a deck.
        positions = TablePositions(text, outline.records)
        return Draft(data, document, positions, media, tuple(problems), is_beginning=not outline.deck)

    def _separator(self, text: str, path: Path, columns: int = 0) -> tuple[str, int]:
        """What separates the cells, and where the first row begins."""
        usual = "," if path.suffix.lower() == ".csv" else "\t"
        return separator(text, usual, len(header.listed(self.columns)) if self.columns else columns)

    def recognises(self, path: Path) -> bool:
        """Whether this is Anki's, or a ``.txt`` file with two sides a line, or else a table with a header that names
        fields: two columns of which nothing says what they hold are read as cards only where the file is named. What
        git left in two versions may be one, and is to be told."""
        text = _beginning(path)
        if anki.begins(text):
            return True
        if path.suffix.lower() == ".txt":
            return quizlet.is_two_sided(text)
        delimiter, start = self._separator(text, path)
        found = table.filled(rows(text, start, delimiter, []))
        below = self.below(found, [])
        is_table = bool(found) and below is not None and any(below.columns)
        return is_table or conflict(text, (row[0][0] for row in found)) is not None


def _beginning(path: Path) -> str:
    """The first whole lines of a text file, or nothing."""
    try:
        with path.open("rb") as file:
            data = file.read(_BEGINNING)
    except (OSError, ValueError):
        return ""
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if is_utf_16 else "utf-8-sig", "replace")
    if "\0" in text:
        return ""
    return text if len(data) < _BEGINNING else text.rpartition("\n")[0]


def _is_parted(found: Sequence[Row], columns: Sequence[str]) -> bool:
    """Whether a row has more than one cell, be these empty; as many as half where no card can do without both sides."""
    parted = sum(len(row) > 1 for row in found)
    return 2 * parted >= len(found) if {"front", "back"} <= {*columns} else parted > 0 or len(columns) < 2


def _no_separator(found: Sequence[Row]) -> Problem:
    """That nothing parts what the columns should hold."""
    message = "most lines have no tab, semicolon, comma or bar, so nothing tells where one column ends"
    sign = shared_sign(row[0][1] for row in found)
    where = f"in place of '{sign}'" if sign else "between the columns"
    fix = f"put a tab {where} in each line"
    return at(found[0][0][0], "no-separator", message, fix)


def _without_the_row(problem: Problem) -> Problem:
    if problem.code != "text-behind-quote":
        return problem
    message = f"this row is left out: {problem.message}"
    return replace(problem, code="kept-aside", message=message, severity=Severity.WARNING)
