"""Decks in JSON: one object (``.json``), or the deck's own fields and then an item a line (``.jsonl``).

The standard library's decoder reads. It gives no positions, so a small scanner finds them in a second pass, only
when something is to be reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from cardforge.diagnostics import Diagnostic, InvalidDeck, Loc, Problem
from cardforge.document import Document, read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.conflict import refuse_markers

DEEPEST = 100
"""Lists and objects nested deeper than this are refused; a deck needs about ten."""

_Roots = Sequence[tuple[Loc, int]]
"""Each JSON value of a file: its place in the deck, and an offset before which it does not begin."""


class JsonSource:
    """``.json`` and ``.jsonl`` files."""

    name: ClassVar[str] = "json"
    summary: ClassVar[str] = "the deck format, as programs write it; .jsonl has an item a line"
    suffixes: ClassVar[tuple[str, ...]] = (".json", ".jsonl")
    rank: ClassVar[int] = 1

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        refuse_markers(document)
        reader = _Reader(document)
        is_lines = path.suffix.lower() == ".jsonl"
        data, roots = _read_lines(reader) if is_lines else (reader.value(0, len(document.text)), [((), 0)])
        positions = JsonPositions(document, roots)
        problems = positions.repeated_keys() if reader.saw_repeated_key else ()
        return Draft(data, document, positions, FolderMedia(path.parent), tuple(problems))

    def recognises(self, path: Path) -> bool:
        """Whether there is a title or there are items: other programs' settings are JSON, too."""
        try:
            data = path.read_bytes().replace(b"\0", b"")
        except (OSError, ValueError):
            return False
        return b'"title"' in data or b'"items"' in data

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        positions = draft.positions
        assert isinstance(positions, JsonPositions)
        # An insertion can put no id in the place of a null, and a second "id" would be a repeated key.
        if nulls := [(*at, "id") for at in ids if (*at, "id") in positions.places]:
            fix = 'remove "id": null; then an id can be written'
            null_ids = [Problem("null-id", "the id is null", fix, at) for at in nulls]
            raise InvalidDeck([draft.document.locate(problem, positions) for problem in null_ids])
        return [positions.insertion(at, f'"id": {json.dumps(new, ensure_ascii=False)},') for at, new in ids.items()]


# --- reading -------------------------------------------------------------------------------------


class _Reader:
    """Reads JSON values out of a document. Numbers stay text, as they were written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.saw_repeated_key = False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self.saw_repeated_key |= len(found) < len(pairs)
        return found

    def value(self, start: int, end: int) -> Any:
        """The one value between these offsets. Raises InvalidDeck."""
        text = self.document.text
        data: Any = None
        try:
            data = self._decoder.decode(text[start:end])
        except json.JSONDecodeError as error:
            problem, offset = _syntax_problem(error)
            raise self._invalid(problem, start + offset) from None
        except _ConstantError as constant:
            offset = next((t.start() for t in _TOKEN.finditer(text, start) if t[0] == str(constant)), start)
            problem = _not_json(f"it has no number {constant}", "write a decimal number, or leave the field out")
            raise self._invalid(problem, offset) from None
        except RecursionError:
            too_deep = True
        else:
            too_deep = _is_too_deep(data)
        if too_deep:
            problem = Problem("too-deep", f"more than {DEEPEST} levels are nested here", "nest less")
            raise self._invalid(problem, _first_too_deep(text, start))
        return data

    def _invalid(self, problem: Problem, offset: int) -> InvalidDeck:
        return InvalidDeck([self.document.diagnostic(problem, offset)])


class _ConstantError(ValueError):
    """NaN or an infinity, which Python's decoder takes by default."""


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def _is_too_deep(data: object) -> bool:
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(DEEPEST):
        parts = (part for outer in level for part in (outer.values() if isinstance(outer, dict) else outer))
        level = [part for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _first_too_deep(text: str, start: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > DEEPEST:
            return token.start()
    raise AssertionError("called for a text that is too deep")


def _read_lines(reader: _Reader) -> tuple[Any, _Roots]:
    """The deck of a ``.jsonl`` file. Raises InvalidDeck with the mistakes of all lines."""
    values: list[Any] = []
    starts: list[int] = []
    wrong: list[Diagnostic] = []
    for line in re.finditer(r"[^\r\n]+", reader.document.text):
        if line[0].isspace():
            continue
        starts.append(line.start())
        try:
            values.append(reader.value(line.start(), line.end()))
        except InvalidDeck as error:
            wrong += error.diagnostics
    if wrong:
        raise InvalidDeck(wrong)
    header, *items = values
    roots = [((), starts[0]), *((("items", index), start) for index, start in enumerate(starts[1:]))]
    if not isinstance(header, dict):
        return header, roots
    if problem := _header_problem(header):
        raise InvalidDeck([reader.document.locate(problem, JsonPositions(reader.document, roots))])
    return {**header, "items": items}, roots


def _header_problem(header: Mapping[str, Any]) -> Problem | None:
    if "items" in header:
        fix = "put every item on a line of its own below this one, or name the file .json"
        return Problem("jsonl-header", "the deck's own line holds items", fix, ("items",), on_key=True)
    if "title" not in header and not {"type", "section"}.isdisjoint(header):
        fix = 'put a line {"title": "…"} above it'
        return Problem("jsonl-header", "the first line is an item, and the deck's own line is missing", fix)
    return None


# --- mistakes in the syntax ----------------------------------------------------------------------


def _not_json(message: str, fix: str) -> Problem:
    return Problem("json-syntax", f"this is not JSON: {message}", fix)


def _syntax_problem(error: json.JSONDecodeError) -> tuple[Problem, int]:
    """What is wrong where Python's decoder stopped, and where that is."""
    text, offset, message = error.doc, error.pos, error.msg
    before = text[:offset].rstrip()
    if offset >= len(text):
        return _not_json("it ends too early", "close every bracket that is open, or look for what was cut off"), offset
    if text[offset] in "}]" and before.endswith(","):
        offset = len(before) - 1
    elif message.startswith("Invalid \\"):
        offset = text.rfind("\\", 0, offset + 1)
    for pattern, what, fix in _STOPPED_AT:
        if pattern.match(text, offset):
            return _not_json(what, fix), offset
    if message.startswith("Expecting ','") and text[offset] in "}]":
        return _not_json("this bracket closes another kind of bracket", "close [ with ] and { with }"), offset
    if message.startswith("Expecting ','") and text[offset - 1] == '"':
        return _not_json("a text ended at the quote before this", 'inside a text, write a double quote as \\"'), offset
    if message.startswith("Expecting ','") and text[offset - 1 : offset + 1].isalnum():
        return _not_json("this belongs to no number and no word that it has", "write a text in double quotes"), offset
    what, fix = next((known for begins, known in _DECODER_SAYS.items() if message.startswith(begins)), _UNKNOWN)
    return _not_json(what, fix), offset


_STOPPED_AT = tuple(
    (re.compile(pattern), what, fix)
    for pattern, what, fix in (
        (r",\s*[}\]]", "nothing follows this comma", "remove the comma"),
        (r"//|/\*|#", "it has no comments", "remove the comment"),
        (r"['`‘’‚“”„«»]", "texts and names stand in straight double quotes", 'write "…" in place of these quotes'),
        (r"True|False|None", "true, false and null are written small", "write true, false or null"),
        (r"[+.]\d", "a number begins with a digit", "write 0.5 for .5, and 5 for +5"),
        (r"[\r\n]", "a line ends inside a text", r'end the text with ", or write the line break as \n'),
        (r"\t", "a tab stands inside a text", r"write the tab as \t"),
        (r"[\x00-\x1f]", "a control character stands inside a text", "remove it"),
        (r"\\", "this backslash begins no escape", r"write a backslash twice: \\alpha for the LaTeX \alpha"),
        (r"[\xa0\u2000-\u200d\u3000\ufeff]", "a special space stands between two parts", "write a plain space"),
    )
)
_DECODER_SAYS = {
    "Expecting ','": ("a comma is missing before this", "put a comma between the two"),
    "Expecting ':'": ("a colon is missing after the name", 'write "name": value'),
    "Expecting property name": ("a name in double quotes is missing", 'write "name": value'),
    "Expecting value": (
        "a value is missing",
        "write a text in double quotes, a number, true or false, a list or fields",
    ),
    "Unterminated string": ("the text that begins here does not end", "end it with a double quote"),
    "Extra data": ("the deck ends before this", "check the brackets; a file with an item a line is named .jsonl"),
}
_UNKNOWN = ("it cannot be read on from here", "check the file in an editor that knows JSON")


# --- positions: a second pass, only when something is to be reported -----------------------------

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]|[^\s\[\]{}:,"]+')
"""A string, a bracket, or a number or word. Colons and commas say nothing that the order does not."""
_SURROGATE_PAIR = r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w"
_CHARACTER = re.compile(rf"{_SURROGATE_PAIR}|\\u\w\w\w\w|\\.|[^\\]")
_LINE_BEGINNING = re.compile(r"(?:\r\n|\n|\r)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class _Place:
    """The offset of a field's name, where there is one, and those of its value."""

    key: int | None
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """A list or an object that the scanner is in: a list's next index, or an object's pending name."""

    at: Loc
    index: int | None
    name: str | None = None
    key: int = 0
    names: set[str] = field(default_factory=set)


def _scan(text: str, root: Loc, begin: int) -> Iterator[tuple[Loc, _Place, bool]]:
    """Every part of a valid JSON value, and whether its object had a field of that name before."""
    stack: list[_Open] = []
    for token in _TOKEN.finditer(text, begin):
        sign = token[0][0]
        if sign in "]}":
            stack.pop()
            if not stack:
                return
            continue
        at, key, again = root, None, False
        if stack:
            top = stack[-1]
            if top.index is not None:
                at = (*top.at, top.index)
                top.index += 1
            elif top.name is None:
                top.name, top.key = json.loads(token[0], strict=False), token.start()
                continue
            else:
                at, key, again = (*top.at, top.name), top.key, top.name in top.names
                top.names.add(top.name)
                top.name = None
        yield at, _Place(key, token.start(), token.end()), again
        if sign in "[{":
            stack.append(_Open(at, 0 if sign == "[" else None))
        elif not stack:
            return


class JsonPositions:
    def __init__(self, document: Document, roots: _Roots) -> None:
        self._text = document.text
        self._roots = roots
        self._characters: tuple[int, Sequence[int]] = (-1, ())

    @cached_property
    def places(self) -> Mapping[Loc, _Place]:
        return {at: place for at, place, _ in self._scan()}

    def repeated_keys(self) -> Iterable[Problem]:
        for at in dict.fromkeys(at for at, _, again in self._scan() if again):
            message = f"{str(at[-1])[:50]!r} is here a second time"
            yield Problem("repeated-key", message, "keep one of them", at, on_key=True)

    def _scan(self) -> Iterator[tuple[Loc, _Place, bool]]:
        return chain.from_iterable(_scan(self._text, at, begin) for at, begin in self._roots)

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        place = self.places.get(loc)
        if place is None:
            return None
        if on_key and place.key is not None:
            return place.key
        if self._text[place.start] != '"':
            return place.start
        closing = place.end - 1
        starts = self._starts_of_characters(place.start + 1, closing)
        return starts[at] if at < len(starts) else closing

    def _starts_of_characters(self, begin: int, end: int) -> Sequence[int]:
        """Where each character of a text begins. Kept for one text, which may have thousands of mistakes."""
        if self._characters[0] != begin:
            self._characters = begin, [character.start() for character in _CHARACTER.finditer(self._text, begin, end)]
        return self._characters[1]

    def insertion(self, at: Loc, written: str) -> tuple[int, str]:
        """A field before the first one of the object at ``at``: on a line of its own if that one is, too."""
        start = self.places[at].start + 1
        first = _TOKEN.search(self._text, start)
        assert first, "a valid item has fields"
        line = _LINE_BEGINNING.search(self._text, start, first.start())
        return first.start(), written + (line[0] if line else " ")
