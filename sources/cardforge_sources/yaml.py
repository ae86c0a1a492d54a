"""Decks in YAML, the native form.

Read from libyaml's events rather than with a loader: every scalar stays the text that the author wrote (``no``,
``12:30`` and ``017`` are text), repeated keys and aliases are mistakes, and it is ten times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from cardforge.diagnostics import InvalidDeck, Loc, Problem, Severity
from cardforge.document import Document, read_document
from cardforge.media import FolderMedia
from cardforge.model import NOT_TEXT
from cardforge.plugin import Draft

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 100
"""Lists and mappings nested deeper than this are refused; a deck needs about ten."""


class YamlSource:
    """``.yaml`` and ``.yml`` files."""

    name: ClassVar[str] = "yaml"
    summary: ClassVar[str] = "the deck format, as people write it"
    suffixes: ClassVar[tuple[str, ...]] = (".yaml", ".yml")

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        data, problems = _build(document)
        positions = _YamlPositions(document)
        problems += positions.cut_texts()
        return Draft(data, document, positions, FolderMedia(path.parent), tuple(problems))

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        positions = draft.positions
        assert isinstance(positions, _YamlPositions)
        return (_insertion(draft.document, positions, at, item_id) for at, item_id in ids.items())


def _build(document: Document) -> tuple[Any, list[Problem]]:
    """The data, and the problems that reading could go past."""
    if bad := _UNPRINTABLE.search(document.text):
        problem = Problem(
            "control-character",
            f"the control character U+{ord(bad[0]):04X} cannot stand in a YAML file",
            "remove it",
        )
        raise InvalidDeck([document.diagnostic(problem, bad.start())])
    problems: list[Problem] = []
    root: Any = None
    stack: list[tuple[Any, list[str]]] = []
    container: Any = None
    key: list[str] = []  # the pending key of the container, when it is a mapping
    documents = 0
    for event in _events(document):
        kind = type(event)
        if kind is ScalarEvent:
            value: Any = event.value
            if event.anchor is not None or event.tag is not None:
                _refuse_markers(document, event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor is not None or event.tag is not None:
                _refuse_markers(document, event)
            value = {} if kind is MappingStartEvent else []
        elif isinstance(event, CollectionEndEvent):
            stack.pop()
            container, key = stack[-1] if stack else (None, [])
            continue
        else:
            if kind is AliasEvent:
                _refuse_markers(document, event)
            if kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    _stop(document, event, "second-document", "a second deck begins here", "put it in its own file")
            continue
        if type(container) is list:
            container.append(value)
        elif container is None:
            root = value
        elif not key:
            if kind is not ScalarEvent:
                fix = "put the text in single quotes: it begins with a brace or bracket"
                _stop(document, event, "yaml-syntax", "a list or a group of fields stands where a name should", fix)
            if value in container:
                problems.append(_repeated_key(stack, value, _begin(event)))
            key.append(value)
            continue
        else:
            container[key.pop()] = value
        if kind is not ScalarEvent:
            container, key = value, []
            stack.append((container, key))
            if len(stack) > DEEPEST:
                _stop(document, event, "too-deep", f"more than {DEEPEST} levels are nested here", "nest less")
    return root, problems


# What YAML 1.1 does not allow in a stream, as libyaml has it.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _events(document: Document) -> Iterator[Any]:
    try:
        yield from yaml.parse(document.text, _LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = _offset(document, mark.line, mark.column) if mark else 0
        message = ", ".join(part for part in (error.context, error.problem) if part)
        raise InvalidDeck([document.diagnostic(_syntax_problem(document, message, offset), offset)]) from None
    except yaml.YAMLError as error:
        problem = Problem("yaml-syntax", f"this is not YAML: {error}", "check the file in an editor that knows YAML")
        raise InvalidDeck([document.diagnostic(problem, 0)]) from None


def _offset(document: Document, line: int, column: int) -> int:
    """libyaml counts lines from 0 and knows three more line ends than an editor; close enough for an error."""
    lines = [0, *(m.end() for m in _YAML_LINE_END.finditer(document.text))]
    return min(lines[min(line, len(lines) - 1)] + column, len(document.text))


_YAML_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_AT_VALUE = re.compile(r"\s*(?:- +)*(?:[\w-]+: +)?(\S.?)")


def _syntax_problem(document: Document, message: str, offset: int) -> Problem:
    line = document.line(document.span(offset).line)
    begins = match[1] if (match := _AT_VALUE.match(line)) else ""
    fix = "check the indentation, the quotes and the colons here and on the line above"
    if begins[:1] in ("*", "&", "!", "%", "@", "`") and begins[:1]:
        fix = f"put the text in single quotes: in YAML, {begins[0]} at its beginning has a meaning of its own"
    elif begins[:1] in ("{", "["):
        fix = f"put the text in single quotes, or write it as a block after |: in YAML, {begins[0]} begins a group"
    elif "mapping values are not allowed" in message:
        fix = "put the text in single quotes: it has a colon followed by a space"
    elif line.startswith("\t") or "\\t" in message or ("cannot start any token" in message and "\t" in line):
        fix = "indent with spaces: YAML does not take tabs"
    elif "escape" in message:
        fix = "write the text in single quotes, where a backslash stays a backslash"
    return Problem("yaml-syntax", f"this is not YAML: {message}", fix)


def _stop(document: Document, event: Event, code: str, message: str, fix: str) -> None:
    offset = _begin(event)
    raise InvalidDeck([document.diagnostic(Problem(code, message, fix), offset)])


def _begin(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _refuse_markers(document: Document, event: NodeEvent) -> None:
    """Anchors, aliases and tags: in a deck they are texts that lack quotes, and an alias can be a bomb."""
    if isinstance(event, AliasEvent):
        what, sign = "an alias", "*"
    elif event.anchor is not None:
        what, sign = "an anchor", "&"
    else:
        what, sign = "a tag", "!"
    fix = f"if {sign} belongs to the text, put the text in single quotes; if not, write out what is meant"
    _stop(document, event, "yaml-marker", f"in YAML, {sign} begins {what}, which decks do not have", fix)


def _repeated_key(stack: list[tuple[Any, list[str]]], key: str, offset: int) -> Problem:
    at: list[str | int] = []
    for outer, pending in stack[:-1]:
        at.append(len(outer) - 1 if isinstance(outer, list) else next(reversed(outer)))
        del pending
    fix = "keep one of the two"
    return Problem("repeated-key", f"{key[:50]!r} is here a second time", fix, tuple(at), _ABSOLUTE + offset)


# --- positions: a second parse, only when something is to be reported -----------------------------

_ABSOLUTE = 1 << 40
"""Added to an offset that counts from the beginning of the file, for a key that a mapping cannot hold."""


@dataclass(frozen=True, slots=True)
class _Place:
    key: int | None
    start: int
    end: int
    style: str  # a scalar's "", "'", '"', "|" or ">"; "{" or "[" for flow collections; "-" for block ones


class _YamlPositions:
    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def places(self) -> dict[Loc, _Place]:
        found: dict[Loc, _Place] = {}
        stack: list[list[Any]] = []  # each: the way to it, next index or None, pending key
        for event in yaml.parse(self._document.text, _LOADER):
            if isinstance(event, CollectionEndEvent):
                stack.pop()
                continue
            if not isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
                continue
            at: Loc = ()
            key: int | None = None
            if stack:
                top = stack[-1]
                if top[1] is not None:
                    at = (*top[0], top[1])
                    top[1] += 1
                elif top[2] is None:
                    top[2] = event
                    continue
                else:
                    at, key, top[2] = (*top[0], top[2].value), top[2].start_mark.index, None
            if isinstance(event, ScalarEvent):
                style = event.style or ""
            else:
                style = ("{" if isinstance(event, MappingStartEvent) else "[") if event.flow_style else "-"
                stack.append([at, 0 if isinstance(event, SequenceStartEvent) else None, None])
            end = event.end_mark.index if event.end_mark else 0
            found[at] = _Place(key, _begin(event), end, style)
        return found

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        if at >= _ABSOLUTE:
            return at - _ABSOLUTE
        place = self.places.get(loc)
        if place is None:
            return None
        if on_key and place.key is not None:
            return place.key
        return place.start if place.style in ("-", "{", "[") else self._in_scalar(place, at)

    def _in_scalar(self, place: _Place, at: int) -> int:
        """Where the character at ``at`` of a scalar's text stands in the file."""
        raw = self._document.text[place.start : place.end]
        if place.style in ("|", ">"):
            position = raw.find("\n") + 1
            indent = len(raw[position:]) - len(raw[position:].lstrip(" \n"))
            indent -= raw[position : position + indent].rfind("\n") + 1
        else:
            position, indent = (1 if place.style else 0), 0
        for _ in range(at):
            if position >= len(raw):
                break
            position += _width(raw, position, place.style)
            if indent and raw[position - 1] == "\n" and raw[position : position + indent].isspace():
                position += min(indent, len(raw) - position)
        if indent and at == 0:
            position += indent
        return place.start + min(position, max(len(raw) - 1, 0))

    def cut_texts(self) -> list[Problem]:
        """Warnings for texts in which YAML took " #" for the beginning of a comment."""
        text = self._document.text
        if not _COMMENT_BEHIND.search(text):
            return []
        return [
            Problem(
                "text-cut",
                "the text ends before the #: in YAML, the rest of the line is a comment",
                "put the text in single quotes if the # belongs to it",
                at,
                severity=Severity.WARNING,
            )
            for at, place in self.places.items()
            if place.style == ""
            and next((step for step in reversed(at) if isinstance(step, str)), None) not in NOT_TEXT
            and _COMMENT.match(text, place.end)
        ]


_COMMENT_BEHIND = re.compile(r"^[^#\n]*[^#\s][ \t]+#", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#[^\n]")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]*")


def _width(raw: str, position: int, style: str) -> int:
    """How many characters of the file stand for one character of the text."""
    if style == '"' and raw[position] == "\\":
        match = _ESCAPE.match(raw, position)
        return len(match[0]) if match else 1
    if style == "'" and raw.startswith("''", position):
        return 2
    if style in ("", "'", '"') and (fold := _FOLD.match(raw, position)):
        return len(fold[0])
    return 2 if raw.startswith("\r\n", position) else 1


# --- ids -----------------------------------------------------------------------------------------


def _insertion(document: Document, positions: _YamlPositions, at: Loc, item_id: str) -> tuple[int, str]:
    """An ``id:`` line below the item's first field, or inside the braces of a flow mapping."""
    place = positions.places[at]
    written = _id_scalar(item_id)
    if place.style == "{":
        return place.start + 1, f"id: {written}, "
    text = document.text
    keys = sorted(p.key for loc, p in positions.places.items() if len(loc) == len(at) + 1 and loc[:-1] == at and p.key)
    # A line of its own before the second field; before the first, "- " would be in the way.
    first = positions.places[at].start
    target = next((key for key in keys if key > first), None)
    column = document.span(first).column - 1
    if target is None:
        raise AssertionError("a valid item has two fields")
    start = text.rfind("\n", 0, target) + 1
    newline = "\r\n" if text[:start].endswith("\r\n") else "\n"
    return start, f"{' ' * column}id: {written}{newline}"


def _id_scalar(item_id: str) -> str:
    return item_id if re.fullmatch(r"[\w.]+(?:-[\w.]+)*", item_id) else "'" + item_id.replace("'", "''") + "'"
