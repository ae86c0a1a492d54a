"""Decks as tables, separated by commas, semicolons or tabs: a header that names the fields, then a row an item.

docs/csv.md says what may stand in a cell. Python's csv module tells no positions, so a small reader here gives every
cell with its offset.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, ClassVar

from cardforge.diagnostics import InvalidDeck, Loc, Problem, nearest
from cardforge.document import Document, read_document
from cardforge.media import FolderMedia
from cardforge.model import KINDS, Deck, Graded, Section
from cardforge.plugin import Draft
from cardforge_sources.json import DEEPEST, JsonPositions


class CsvSource:
    """``.csv`` and ``.tsv`` files."""

    name: ClassVar[str] = "csv"
    summary: ClassVar[str] = "a table with a header row, as spreadsheets write it"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv")

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        text = document.text
        if _ANKI_HEADER.match(text):
            raise _invalid(document, [_ANKI_TEXT])
        delimiter, start = _delimiter(text, "\t" if path.suffix.lower() == ".tsv" else ",")
        problems: list[Problem] = []
        rows = [row for row in _rows(text, start, delimiter, problems) if any(map(_is_filled, row))]
        names = _names(rows[0], problems) if rows else []
        if rows and not any(names):
            raise _invalid(document, [_at(rows[0][0][0], *_NO_HEADER)])
        outline = _Outline(problems)
        for row in rows[1:]:
            if data := _data(text, names, row, problems):
                outline.add(data, row)
        if problems and not outline.items:
            # That the deck is empty, too, would only distract.
            raise _invalid(document, problems)
        positions = _CsvPositions(text, {name: index for index, name in enumerate(names) if name}, outline.rows)
        data = {"title": path.stem, **outline.deck, "items": outline.items}
        return Draft(data, document, positions, FolderMedia(path.parent), tuple(problems))


def _at(offset: int, code: str, message: str, fix: str) -> Problem:
    """A problem at an offset of the file: for `_CsvPositions`, the text of the deck as a whole is the file's."""
    return Problem(code, message, fix, (), offset)


def _invalid(document: Document, problems: Sequence[Problem]) -> InvalidDeck:
    return InvalidDeck([document.diagnostic(problem, problem.offset or 0) for problem in problems])


# --- rows and cells ------------------------------------------------------------------------------

_Cell = tuple[int, str]
"""A cell's text, and the offset in the file at which it begins: behind the quote, if there is one."""
_Row = Sequence[_Cell]

_ANKI_HEADER = re.compile(r"#(?:separator|html|tags|columns|notetype|deck|guid|if matches)\b[\w ]*:")
_ANKI_TEXT = _at(
    0,
    "anki-text",
    "this is a text file for Anki, not a table whose header names the fields",
    "put a header such as front,back in place of the lines that begin with #",
)
_SAID_BY_EXCEL = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\n|\r)', re.IGNORECASE)
_FIRST_LINE = re.compile(r'\s*((?:"[^"]*"|[^"\r\n])*)')
_QUOTED = r' *"([^"]*+(?:""[^"]*+)*+)"'
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")


def _is_filled(cell: _Cell) -> bool:
    return bool(cell[1]) and not cell[1].isspace()


def _delimiter(text: str, default: str) -> tuple[str, int]:
    """What separates the cells, and the offset of the header: behind Excel's ``sep=;`` where there is one."""
    if said := _SAID_BY_EXCEL.match(text):
        return said[1], said.end()
    header = _FIRST_LINE.match(text)
    outside_quotes = re.sub(r'"[^"]*"', "", header[1]) if header else ""
    most = max("\t;,", key=outside_quotes.count)
    return most if most in outside_quotes else default, 0


def _rows(text: str, position: int, delimiter: str, problems: list[Problem]) -> Iterator[_Row]:
    """Every row. One with a stray quote is left out; behind a quote that is never closed there are no more."""
    next_cell = re.compile(rf'(?:{_QUOTED} *|(?! *")([^{delimiter}\r\n]*))({delimiter}|\r\n|\n|\r|\Z)').match
    row: list[_Cell] = []
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
        return _at(opening, "unclosed-quote", "the quote that opens here is not closed", fix), len(text)
    if "\n" in closed[1] or "\r" in closed[1]:
        # What seems to close it was most likely meant to open a later cell.
        message = "the quote that opens here is closed lines later, in the middle of a cell"
        return _at(opening, "unclosed-quote", message, fix), len(text)
    line = _REST_OF_LINE.match(text, position)
    read_on = line.end() if line else len(text)
    return _at(closed.end(), "text-behind-quote", "the cell goes on behind its closing quote", fix), read_on


# --- the header ----------------------------------------------------------------------------------

_KNOWN = {"type", *(f.name for kind in (Deck, Section, *KINDS.values()) for f in fields(kind) if f.init)} - {"items"}
_UNUSABLE = ""
"""Stands for a column that the header names wrongly. It is reported once, so its cells need no report."""


def _name(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").split())


def _names(header: _Row, problems: list[Problem]) -> list[str | None]:
    """The field that each column holds; None for a column without a name."""
    names: list[str | None] = []
    for start, text in header:
        name = _name(text)
        if name in names and name:
            message, fix = f"the column {text.strip()[:50]!r} is here a second time", "keep one of the two"
            problems.append(_at(start, "repeated-key", message, fix))
            names.append(_UNUSABLE)
        elif name in _KNOWN or not name:
            names.append(name or None)
        else:
            guess = nearest(name, sorted(_KNOWN))
            fix = (
                f"write {guess}"
                if guess
                else "name the field that it holds, as front, back or stem; or remove the column"
            )
            problems.append(_at(start, "unknown-field", f"no item has a field {text.strip()[:50]!r}", fix))
            names.append(_UNUSABLE)
    return names


_NO_HEADER = ("no-header", "the first row names no field", "begin with a row that does, for instance front,back")


# --- a row ---------------------------------------------------------------------------------------


def _data(text: str, names: Sequence[str | None], row: _Row, problems: list[Problem]) -> dict[str, Any]:
    """The fields that a row fills; nothing, when one of its cells cannot be read."""
    data: dict[str, Any] = {}
    nameless: list[int] = []
    unreadable = False
    for index, (start, cell) in enumerate(row):
        if not cell or cell.isspace():
            continue
        name = names[index] if index < len(names) else None
        if name:
            try:
                data[name] = _value(name, cell)
            except _Unreadable as error:
                offset = _offset_in_file(text, start, error.offset)
                problems.append(_at(offset, error.code, str(error), error.fix))
                unreadable = True
        elif name is None:
            nameless.append(start)
    if nameless:
        fix = "put a text that holds the separator in double quotes, or name the column"
        problems.append(_at(nameless[0], "too-many-cells", "this cell stands under no name in the header", fix))
    return {} if unreadable else data


class _Unreadable(ValueError):
    """A cell's JSON cannot be read. ``offset`` counts characters into the cell."""

    def __init__(self, code: str, message: str, fix: str, offset: int = 0) -> None:
        super().__init__(message)
        self.code, self.fix, self.offset = code, fix, offset


# The csv exporter puts an apostrophe before a text that a spreadsheet would run, and before one that would be
# taken for {"html": …}. This must be its very pattern, or an author's own apostrophe is lost.
_PROTECTED = re.compile(
    r"""'++(?![+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z)(?:\s*[=+\-@＝＋－＠]|[\t\r]|\{\s*"html"\s*:)""",
    re.ASCII,
)
_HTML = re.compile(r'\{\s*"html"\s*:')
_JSON_LIST = re.compile(r'\[\s*["{]')
_LISTS = frozenset("tags hint choices answers pairs distractors steps concepts".split())
_WORDS_AND_NUMBERS = frozenset(
    """id language level points reversed multiple shuffle answer case_sensitive tolerance tolerance_percent
    concept_count pick""".split()
)
"""Fields in which space around the value says nothing."""
_BULLET = re.compile(r"[-*•]\s+(?=\S)")


def _value(name: str, cell: str) -> Any:
    """What a filled cell of this column says, as plain data of the deck format."""
    if name == "type":
        return _name(cell)
    if _is_json(name, cell):
        value = _json(cell)
        return _titles(value) if name == "section" else value
    text = _unprotected(cell)
    if name == "section":
        return [title.strip() for title in text.split(" > ")]
    if name in _LISTS and ((entries := _entries(name, text)) or name != "hint"):
        return [_entry(name, entry) for _, entry in entries]
    return text.strip() if name in _WORDS_AND_NUMBERS else text


def _unprotected(cell: str) -> str:
    return cell[1:] if cell[0] == "'" and _PROTECTED.match(cell) else cell


def _is_json(name: str, cell: str) -> bool:
    if cell[0] == "[":
        return (name in _LISTS or name == "section") and _JSON_LIST.match(cell) is not None
    return name == "targets" or (cell[0] == "{" and _HTML.match(cell) is not None)


def _entries(name: str, text: str) -> list[_Cell]:
    """The entries of a list that is not JSON, and their offsets in the text. A hint is a list only when every line
    has a bullet."""
    found = [(m.start() + len(m[0]) - len(m[0].lstrip()), m[0].strip()) for m in _one_entry(name).finditer(text)]
    found = [entry for entry in found if entry[1]]
    bullets = [_BULLET.match(entry) for _, entry in found]
    if all(bullets):
        return [(at + b.end(), entry[b.end() :]) for (at, entry), b in zip(found, bullets, strict=True) if b]
    return [] if name == "hint" else found


def _one_entry(name: str) -> re.Pattern[str]:
    if name == "tags":
        return _BETWEEN_COMMAS
    return _LINE_AND_FEEDBACK if name in ("choices", "answers") else _LINE


_BETWEEN_COMMAS = re.compile(r"[^,;\r\n]+")
_LINE = re.compile(r"[^\r\n]+")
_LINE_AND_FEEDBACK = re.compile(r"[^\r\n]+(?:[\r\n]+[ \t]*>[^\r\n]*)*")
_WORDS = r"\S++(?:[^\S\r\n]++\S++)*+"
_TEXT_AND_FEEDBACK = rf"(?P<text>(?:{_WORDS})?)(?:\s*>\s*(?P<feedback>.*))?"
_LEFT = r"(?:(?!=>)\S)*+(?:\s++(?:(?!=>)\S)++)*+"
_FIELDS_OF = {
    "choices": re.compile(rf"(?:\[(?P<correct>[ xX])\]\s*)?{_TEXT_AND_FEEDBACK}", re.DOTALL),
    "answers": re.compile(_TEXT_AND_FEEDBACK, re.DOTALL),
    "pairs": re.compile(rf"(?P<left>{_LEFT})(?:\s*=>\s*(?P<right>.*))?"),
}
"""What the fields of an entry are, in the lists whose entries have any."""


def _entry(name: str, written: str) -> Any:
    fields_of = _FIELDS_OF.get(name)
    match = fields_of.fullmatch(written) if fields_of else None
    if match is None:
        return written
    data: dict[str, Any] = {key: value for key, value in match.groupdict().items() if value is not None}
    if "correct" in data:
        data["correct"] = data["correct"] != " "
    return data


# --- JSON in a cell ------------------------------------------------------------------------------


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _Unreadable("repeated-key", f"{repeated[:50]!r} is in this cell a second time", "keep one of the two")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=str, strict=False)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def _json(cell: str) -> Any:
    try:
        value = _DECODER.decode(cell)
        deepest = max(accumulate((t[0] in "[{") - (t[0] in "]}") for t in _TOKEN.finditer(cell)), default=0)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        fix = "mend it; or write a list one entry a line, and a text that is no JSON behind an apostrophe"
        raise _Unreadable("json-syntax", message, fix, error.pos) from None
    except RecursionError:
        value, deepest = None, DEEPEST + 1
    if deepest > DEEPEST:
        raise _Unreadable("too-deep", f"more than {DEEPEST} levels are nested here", "nest less")
    return value


def _titles(value: Any) -> list[str]:
    if all(isinstance(title, str) for title in value):
        return list(value)
    raise _Unreadable("wrong-type", "this is not a list of section titles", 'write it as ["Basics", "Weights"]')


# --- the deck ------------------------------------------------------------------------------------

_SHARED = frozenset(f.name for f in fields(Graded))
_OWN = {kind.KIND: frozenset(f.name for f in fields(kind)) - _SHARED for kind in KINDS.values()}
_NEEDED = {kind.KIND: frozenset(f.name for f in fields(kind) if f.default is MISSING) for kind in KINDS.values()}


def _likely_kind(data: Mapping[str, Any]) -> str | None:
    """The kind whose own fields fit best those that are filled, or None when nothing tells."""
    filled = data.keys() - _SHARED
    best = max(KINDS, key=lambda kind: (len(_OWN[kind] & filled), filled >= _NEEDED[kind]))
    if best == "true_false" and str(data.get("answer", True)).lower() not in ("true", "false"):
        return "numeric"
    return best if _OWN[best] & filled else None


@dataclass(slots=True)
class _Outline:
    """The rows as a tree of sections and items, and the row of each."""

    problems: list[Problem]
    deck: dict[str, Any] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    rows: dict[Loc, _Row] = field(default_factory=dict)
    _open: list[tuple[str, Loc, list[Any]]] = field(default_factory=list)  # sections: title, place, items

    def add(self, data: dict[str, Any], row: _Row) -> None:
        """Put a row where it belongs: ``section`` names the sections around it, and a section row itself."""
        kind = data.get("type")
        if kind == "deck":
            self._add_deck(data, row)
            return
        path = data.pop("section", [])
        if len(path) > DEEPEST:
            self._refuse(row, "too-deep", f"more than {DEEPEST} sections are nested here", "nest less")
        elif kind != "section":
            self._enter(path, row)
            guess = None if kind else _likely_kind(data)
            self._place({"type": guess, **data} if guess else data, row)
        elif path:
            self._enter(path[:-1], row)
            self._begin({"section": path[-1], **data}, row)
        else:
            fix = "write its title in the column section"
            self._refuse(row, "missing-field", "this row opens a section without a title", fix)

    def _add_deck(self, data: dict[str, Any], row: _Row) -> None:
        if () in self.rows:
            self._refuse(row, "second-document", "a second deck begins here", "put it in its own file")
            return
        del data["type"]
        self.deck = data
        self.rows[()] = row

    def _refuse(self, row: _Row, code: str, message: str, fix: str) -> None:
        self.problems.append(_at(row[0][0], code, message, fix))

    def _enter(self, path: Sequence[str], row: _Row) -> None:
        """Leave and begin sections until those that are open are the path's."""
        common = 0
        while common < min(len(path), len(self._open)) and path[common] == self._open[common][0]:
            common += 1
        del self._open[common:]
        for title in path[common:]:
            self._begin({"section": title}, row)

    def _begin(self, section: dict[str, Any], row: _Row) -> None:
        section.pop("type", None)
        items: list[Any] = []
        at = self._place({**section, "items": items}, row)
        self._open.append((section["section"], at, items))

    def _place(self, node: dict[str, Any], row: _Row) -> Loc:
        around, items = self._open[-1][1:] if self._open else ((), self.items)
        at = (*around, "items", len(items))
        items.append(node)
        self.rows[at] = row
        return at


# --- positions -----------------------------------------------------------------------------------

_CHARACTER = re.compile(r'""|.', re.DOTALL)


def _offset_in_file(text: str, start: int, count: int) -> int:
    """Where a cell's character stands; between quotes, two quotes are one character."""
    if count == 0 or not text.startswith('"', max(start - 1, 0), start):
        return start + count
    character = next(islice(_CHARACTER.finditer(text, start), count, None), None)
    return character.start() if character else len(text)


@dataclass(frozen=True, slots=True)
class _CsvPositions:
    text: str
    columns: Mapping[str, int]
    rows: Mapping[Loc, _Row]

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        if not loc:
            return at
        length = next((n for n in range(len(loc), -1, -1) if loc[:n] in self.rows), None)
        if length is None:
            return None
        row = self.rows[loc[:length]]
        if length == len(loc):
            return row[0][0]
        name, *inner = loc[length:]
        column = self.columns.get(str(name), len(row))
        if column >= len(row) or not _is_filled(row[column]):
            return None
        start, cell = row[column]
        within = _offset_in_cell(str(name), cell, tuple(inner), at, on_key)
        return None if within is None else _offset_in_file(self.text, start, within)


def _offset_in_cell(name: str, cell: str, inner: Loc, at: int, on_key: bool) -> int | None:
    """Where in a cell the part of its value at ``inner`` stands."""
    if name == "section":
        return 0
    if _is_json(name, cell):
        return JsonPositions(Document("", cell), [((), 0)]).offset(inner, at=at, on_key=on_key)
    text = _unprotected(cell)
    start = len(cell) - len(text)
    if not inner:
        return start + at
    index, *fields_ = inner
    entries = _entries(name, text) if name in _LISTS else []
    if not isinstance(index, int) or index >= len(entries):
        return None
    begin, written = entries[index]
    if not fields_:
        return start + begin + at
    known = _FIELDS_OF[name].fullmatch(written) if name in _FIELDS_OF else None
    if known is None or fields_[1:] or known.groupdict().get(str(fields_[0])) is None:
        return None
    return start + begin + known.start(str(fields_[0])) + at
