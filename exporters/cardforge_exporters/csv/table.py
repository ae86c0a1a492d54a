"""The lossless table: a row for the deck, one for each section and each item; a column for each field in use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
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
    rows = [_cells(row.data) for row in _rows(deck)]
    used = set().union(*rows)
    columns = [name for name in COLUMNS if name in used]
    if bom:
        yield "\ufeff"
    yield delimiter.join(columns) + "\n"
    for row in rows:
        yield delimiter.join(quoted(row.get(name, "")) for name in columns) + "\n"


def limits(deck: Deck) -> Iterator[Loss]:
    """The cells that got an apostrophe because a spreadsheet would run them."""
    for row in _rows(deck):
        for name, cell in _cells(row.data).items():
            text = cell.lstrip("'")
            if text != cell and (first := runs(text)):
                how = f"{name} begins with {first[0][-1]!r}, which a spreadsheet would run: an apostrophe stands before it"
                at = (*row.at, name)
                yield Loss(row.feature, Level.ADAPTED, how, row.item, at, deck.span(at))


# --- rows ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """``data`` is the part's plain data. ``item`` is the item's id; a deck and a section have none."""

    at: Loc
    feature: Feature
    item: str
    data: Mapping[str, Any]


def _rows(deck: Deck) -> list[_Row]:
    below = [
        _Row(at, Feature.SECTIONS, "", {"type": "section", **_own_data(around[-1]), "section": _path(around)})
        for around, at in deck.sections()
    ]
    for entry in deck.entries():
        data = to_data(entry.item)
        if entry.sections:
            data["section"] = _path(entry.sections)
        below.append(_Row(entry.at, Feature(entry.item.KIND), entry.id, data))
    head = _Row((), Feature.DESCRIPTION, "", {"type": "deck", **_own_data(deck)})
    return [head, *sorted(below, key=attrgetter("at"))]


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
_QUOTED = re.compile(r'[,;\t"\r\n]|\A\s|\s\Z')


def quoted(text: str) -> str:
    """A cell as it stands in the file: in quotes where any separator, quote, line end or outer space asks for it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _cells(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: _cell(name, value) for name, value in data.items()}


def _cell(name: str, value: Any) -> str:
    """A value as text: readable where that reads back to the same value, else JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if name == "hint" and isinstance(value, str) and _LIKE_A_LIST.match(value):
        return _json([value])
    text = _list_text(name, value) if isinstance(value, list) else value
    if not isinstance(text, str):
        return _json(value)
    return "'" + text if _MISREAD.match(text) else text


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
