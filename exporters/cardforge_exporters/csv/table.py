"""The lossless table: a row for the deck, one for each section and each item; a column for each field in use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import itemgetter
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import KINDS, Deck, Flashcard, Graded, Section, to_data

_GENERAL = tuple(f.name for f in fields(Graded))
_OWN = tuple(f.name for kind in KINDS.values() for f in fields(kind) if f.name not in _GENERAL)
_AROUND = tuple(f.name for part in (Deck, Section) for f in fields(part) if f.init and f.name != "items")
COLUMNS = tuple(dict.fromkeys(("type", "section", "title", "id", *_OWN, *_GENERAL, *_AROUND)))
"""Every column, in the order in which they are written: the names of the model's fields."""


def lines(deck: Deck, delimiter: str = ",", bom: bool = False) -> Iterator[str]:
    """The file's lines: the header, then the rows."""
    table = Table.of(deck)
    if bom:
        yield "\ufeff"
    yield delimiter.join(table.columns) + "\n"
    for row in table.rows:
        yield delimiter.join(quoted(row.cells.get(name, "")) for name in table.columns) + "\n"


def limits(deck: Deck) -> Iterator[Loss]:
    """The cells that got an apostrophe because a spreadsheet would run them."""
    for row in Table.of(deck).rows:
        for name, cell in row.cells.items():
            text = cell.lstrip("'")
            if text != cell and (first := runs(text)):
                how = f"{name} begins with {first[0][-1]!r}, which a spreadsheet would run: an apostrophe stands before it"
                yield Loss(row.feature, Level.ADAPTED, how, row.item, (*row.at, name))


# --- rows ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A row's filled cells by column, and the part of the deck that it is. A deck and a section have no item's id."""

    at: Loc
    feature: Feature
    item: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns in use, in their order, and the rows below the header."""

    columns: Sequence[str]
    rows: Sequence[Row]

    @classmethod
    def of(cls, deck: Deck, *, is_run: bool = True) -> Table:
        """The deck as a table. ``is_run``: a spreadsheet takes some texts for formulas; not so in a workbook, where a
        cell says that it holds a text.
        """
        protected = _MISREAD if is_run else _MISREAD_IN_A_WORKBOOK
        rows = [
            Row(at, feature, item, {name: _cell(name, value, protected) for name, value in data.items()})
            for at, feature, item, data in _parts(deck)
        ]
        used = set().union(*(row.cells for row in rows))
        return cls([name for name in COLUMNS if name in used], rows)


def _parts(deck: Deck) -> list[tuple[Loc, Feature, str, Mapping[str, Any]]]:
    """What each row says, in order: the deck, then sections and items as they stand in it."""
    below: list[tuple[Loc, Feature, str, Mapping[str, Any]]] = [
        (at, Feature.SECTIONS, "", {"type": "section", **_own_data(section), "section": _path(way)})
        for section, way, at in deck.sections()
    ]
    for entry in deck.entries():
        data = to_data(entry.item)
        if entry.sections:
            data["section"] = _path(entry.sections)
        below.append((entry.at, Feature(entry.item.KIND), entry.id, data))
    below.sort(key=itemgetter(0))
    return [((), Feature.DESCRIPTION, "", {"type": "deck", **_own_data(deck)}), *below]


_STAND_IN = Flashcard(front="-", back="-")


def _own_data(part: Deck | Section) -> dict[str, Any]:
    """What is said of a deck or a section itself."""
    data: dict[str, Any] = to_data(replace(part, items=(_STAND_IN,)))
    del data["items"]
    return data


def _path(sections: Sequence[Section]) -> list[str]:
    return [section.section for section in sections]


# --- cells: what is written here, cardforge_sources.csv reads --------------------------------------

_RUNS = r"(?![+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z)(?:\s*[=+\-@＝＋－＠]|[\t\r])"
runs = re.compile(_RUNS, re.ASCII).match
"""Whether a spreadsheet would run a cell with this text as a formula. A plain number, such as -5, is harmless."""
# Also a text that would be read as {"html": …}. A text that has apostrophes before either gets one more, and so
# taking one away is always right; a text that only begins with an apostrophe stays as it is.
_MISREAD = re.compile(rf"""'*+(?:{_RUNS}|\{{\s*"html"\s*:)""", re.ASCII)
_MISREAD_IN_A_WORKBOOK = re.compile(rf"""'++(?:{_RUNS}|\{{\s*"html"\s*:)|\{{\s*"html"\s*:""", re.ASCII)
_QUOTED = re.compile(r'[,;\t"\r\n]|\A\s|\s\Z')


def quoted(text: str) -> str:
    """A cell as it stands in the file: in quotes where any separator, quote, line end or outer space asks for it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _cell(name: str, value: Any, protected: re.Pattern[str]) -> str:
    """A value as text: readable where that reads back to the same value, else JSON. What is ``protected`` gets an
    apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if name == "hint" and isinstance(value, str) and _LIKE_A_LIST.match(value):
        return _json([value])
    text = _list_text(name, value) if isinstance(value, list) else value
    if not isinstance(text, str):
        return _json(value)
    return "'" + text if protected.match(text) else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_SEPARATORS = {"tags": (", ", ",;"), "section": (" > ", ">")}
"""Lists on one line: what is written between the entries, and the characters that an entry may then not have."""
_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_ENTRY = re.compile(rf"(?![\[>]|[-*•]\s){_LINE.pattern}")
_LIKE_A_LIST = re.compile(r"\s*(?:\[|[-*•]\s)")


def _list_text(name: str, entries: Sequence[Any]) -> str | None:
    """A list as a person would write it in a cell, or None when an entry cannot be written so."""
    if name in _SEPARATORS:
        separator, taken = _SEPARATORS[name]
        fits = all(_ENTRY.fullmatch(entry) and not set(taken) & set(entry) for entry in entries)
        return separator.join(entries) if fits else None
    lines = [_line(name, entry) for entry in entries]
    bullet = "* " if name == "hint" else ""
    return None if None in lines else "\n".join(f"{bullet}{line}" for line in lines)


def _line(name: str, entry: Any) -> str | None:
    """``text``, ``[x] right``, ``[ ] wrong`` or ``left => right``; feedback stands on the next line, behind ``>``."""
    match entry:
        case str() if _ENTRY.fullmatch(entry):
            return entry
        case {"left": str(left), "right": str(right)} if _ENTRY.fullmatch(left) and _LINE.fullmatch(right):
            return None if "=>" in left else f"{left} => {right}"
        case {"text": str(text), **rest} if rest.keys() <= {"correct", "feedback"} and _ENTRY.fullmatch(text):
            mark = f"[{'x' if 'correct' in rest else ' '}] " if name == "choices" else ""
            match rest:
                case {"feedback": str(feedback)} if _LINE.fullmatch(feedback):
                    return f"{mark}{text}\n> {feedback}"
                case {"feedback": _}:
                    return None
            return mark + text
    return None
