"""Decks in YAML, the native form.

Read from libyaml's events rather than with a loader: every scalar stays the text that the author wrote (``no``,
``12:30`` and ``017`` are text), repeated keys and aliases are mistakes, and it is ten times as fast.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
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
        if isinstance(container, list):
            container.append(value)
        elif container is None:
            root = value
        elif not key:
            if kind is not ScalarEvent:
                _refuse_as_name(document, event)
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
        problem, offset = _syntax_problem(document, error)
        raise InvalidDeck([document.diagnostic(problem, offset)]) from None
    except yaml.YAMLError as error:
        problem = Problem("yaml-syntax", f"this is not YAML: {error}", "check the file in an editor that knows YAML")
        raise InvalidDeck([document.diagnostic(problem, 0)]) from None


def _stop(document: Document, event: Event, code: str, message: str, fix: str) -> None:
    offset = _begin(event)
    raise InvalidDeck([document.diagnostic(Problem(code, message, fix), offset)])


def _begin(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _refuse_markers(document: Document, event: NodeEvent) -> None:
    """Anchors, aliases and tags: in a deck they are texts that lack quotes, and an alias can be a bomb."""
    sign = "*" if isinstance(event, AliasEvent) else "&" if event.anchor is not None else "!"
    problem = _marker(sign)
    _stop(document, event, problem.code, problem.message, problem.fix)


def _refuse_as_name(document: Document, event: Event) -> None:
    offset = _begin(event)
    if document.text[offset - 1 : offset + 1] == "{{":
        fix = "put the text in single quotes, or write it as a block after |"
        raise InvalidDeck([document.diagnostic(_not_yaml("in YAML, a text cannot begin with {{", fix), offset - 1)])
    message = "a list or a group of fields stands where a name should"
    _stop(document, event, "yaml-syntax", message, "write a name: one word before the colon")


def _repeated_key(stack: list[tuple[Any, list[str]]], key: str, offset: int) -> Problem:
    at: list[str | int] = []
    for outer, pending in stack[:-1]:
        at.append(len(outer) - 1 if isinstance(outer, list) else next(reversed(outer)))
        del pending
    fix = "keep one of the two"
    return Problem("repeated-key", f"{key[:50]!r} is here a second time", fix, tuple(at), _ABSOLUTE + offset)


# --- mistakes in the syntax ----------------------------------------------------------------------


def _syntax_problem(document: Document, error: yaml.MarkedYAMLError) -> tuple[Problem, int]:
    """What is wrong in the author's words rather than in libyaml's, and where that is."""
    text = document.text
    said = ", ".join(part for part in (error.context, error.problem) if part)
    stopped = _index(error.problem_mark or error.context_mark)
    begun = _index(error.context_mark or error.problem_mark)
    before = document.line(document.span(stopped).line)[: document.span(stopped).column - 1]
    for pattern, at_begin, what, fix in _LIBYAML_SAYS:
        if re.search(pattern, said):
            offset = begun if at_begin else stopped
            sign = text[offset : offset + 1]
            return _not_yaml(what.format(sign=sign), fix.format(sign=sign)), offset
    if "anchor" in said or "alias" in said or "a tag" in said or "tag handle" in said:
        return _marker(text[begun : begun + 1]), begun
    if "directive" in said or "incompatible" in said:
        begun = stopped - len(before)
        what = "in YAML, % at the beginning of a line begins a directive"
        return _not_yaml(what, "remove the line, or indent it if it goes on with a text"), begun
    if "any token" in said or "tab character" in said or "node content" in said:
        return _wrong_beginning(text[stopped : stopped + 1]), stopped
    same_line = document.span(begun).line == document.span(stopped).line
    if "mapping values" in said or (text[stopped : stopped + 1] == ":" and "flow" in said and same_line):
        if ": " in before or "flow" in said:
            fix = "put the text in single quotes"
            return _not_yaml("a text has a colon before a space or at its end", fix), stopped
        return _misplaced_line(before), stopped - len(before.lstrip())
    if "quoted scalar" in said and (backslash := text.rfind("\\", begun, stopped + 1)) >= 0:
        escape = (_ESCAPE_AS_WRITTEN.match(text, backslash) or [""])[0]
        fix = "put the text in single quotes, where a backslash stays a backslash; or double the backslash"
        if "invalid Unicode" in said:
            fix = "write the character itself"
        return _not_yaml(f'"{escape}" in double quotes stands for no character', fix), backslash
    if "simple key" in said:
        return _nameless_line(document.line(document.span(begun).line)), begun
    if "expected ',' or" in said:
        closing = {"[": "]", "{": "}"}.get(text[begun : begun + 1], "bracket")
        if not same_line:
            return _not_yaml("the bracket that opens here is not closed", f"close it with {closing}; {_QUOTES}"), begun
        return _not_yaml(f"a comma or {closing} is missing here", f"add it; {_QUOTES}"), stopped
    if "expected key" in said or "expected '-'" in said:
        above = document.line(max(document.span(stopped).line - 1, 1))
        return _unexpected(before, above), stopped
    return _not_yaml(f"this is not YAML: {said}", "check the indentation, the quotes and the colons here"), stopped


def _index(mark: yaml.Mark | None) -> int:
    return mark.index if mark else 0


def _not_yaml(message: str, fix: str) -> Problem:
    return Problem("yaml-syntax", message, fix)


def _marker(sign: str) -> Problem:
    what = {"*": "an alias", "&": "an anchor"}.get(sign, "a tag")
    fix = f"if {sign} belongs to the text, put the text in single quotes; if not, write out what is meant"
    return Problem("yaml-marker", f"in YAML, {sign} begins {what}, which decks do not have", fix)


_QUOTES = "if the bracket belongs to a text, put the text in single quotes"
_ESCAPE_AS_WRITTEN = re.compile(r"\\(?:\w{1,30}|.)")
# What libyaml says, whether its mistake begins where the part began that it was reading, and our words for it.
_LIBYAML_SAYS = (
    (
        "block scalar",
        True,
        "in YAML, {sign} at the beginning of a text begins a block on the lines below",
        "put the text in single quotes; or begin it on the next line, indented",
    ),
    (
        "block sequence entries are not allowed",
        False,
        "in YAML, a hyphen and a space begin an entry of a list, on a line of its own",
        "put the text in single quotes; or begin the list on the next line",
    ),
    (
        "mapping keys are not allowed",
        False,
        "in YAML, a question mark and a space at the beginning of a text have a meaning of their own",
        "put the text in single quotes",
    ),
    (
        "quoted scalar, found unexpected",
        True,
        "the text that begins here has no closing quote",
        "end it with {sign}",
    ),
    ("<document start>", False, "the deck ended above this, at a line of three dots", "remove that line"),
)


def _wrong_beginning(sign: str) -> Problem:
    if sign == "\t":
        return _not_yaml("a tab stands in the indentation", "indent with spaces: YAML takes no tabs there")
    if not sign:
        return _not_yaml("the file ends inside of a bracket", "close the brackets that are open")
    fix = f"put the text in single quotes if {sign} belongs to it; if not, remove the {sign}"
    return _not_yaml(f"in YAML, no text begins with {sign}", fix)


def _misplaced_line(before: str) -> Problem:
    if "\t" in before[: len(before) - len(before.lstrip())]:
        return _wrong_beginning("\t")
    fix = "indent it like the lines it belongs with; if it goes on with the text above, put that text in quotes"
    return _not_yaml("this line is indented further than the line above allows", fix)


def _nameless_line(line: str) -> Problem:
    if re.match(r"\s*(?:- +)*-[^\s-]", line):
        return _not_yaml("a hyphen begins an entry only with a space behind it", "put a space after the hyphen")
    if re.match(r"\s*(?:- +)*[\w-]+:\S", line):
        return _not_yaml("a colon ends a name only with a space behind it", "put a space after the colon")
    fix = "write name: value; if it goes on with a text, indent it further than the name of that text"
    return _not_yaml("this line has no name and colon", fix)


def _unexpected(before: str, above: str) -> Problem:
    """For what libyaml expected to be a name or a hyphen; ``before`` is the part of the line before it."""
    behind = before.rstrip()[-1:]
    if behind == "'":
        fix = "put the whole text in double quotes; or in single quotes, with every single quote in it written twice"
        return _not_yaml("the text goes on behind its closing quote", fix)
    if behind == '"':
        fix = 'put the whole text in single quotes; or in double quotes, with every double quote in it written \\"'
        return _not_yaml("the text goes on behind its closing quote", fix)
    if behind and behind in "]}":
        opening = "[" if behind == "]" else "{"
        fix = "put the whole text in single quotes"
        return _not_yaml(f"in YAML, {opening} begins a list or a group, and here a text goes on behind it", fix)
    if not behind and _COMMENT_BEHIND.search(above):
        fix = "put the text in single quotes if the # belongs to it; if not, move the comment to a line of its own"
        return _not_yaml("the text cannot go on behind the comment in the line above", fix)
    fix = "indent it exactly like the lines it belongs with; each item begins with a hyphen and a space"
    return _not_yaml("this line does not line up with the lines above it", fix)


# --- positions: a second parse, only when something is to be reported -----------------------------

_ABSOLUTE = 1 << 40
"""Added to an offset that counts from the beginning of the file, for a key that a mapping cannot hold."""


@dataclass(frozen=True, slots=True)
class _Place:
    key: int | None
    start: int
    end: int
    style: str  # a scalar's "", "'", '"', "|" or ">"; "{" or "[" for flow collections; "-" for block ones
    lead: int = 0  # the spaces before the first line of a block's text


class _YamlPositions:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._jumps: dict[int, _Jumps] = {}

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
            lead = 0
            if isinstance(event, ScalarEvent):
                style = event.style or ""
                if style in ("|", ">") and (spaces := _LEAD.match(event.value)):
                    lead = len(spaces[1])
            else:
                style = ("{" if isinstance(event, MappingStartEvent) else "[") if event.flow_style else "-"
                stack.append([at, 0 if isinstance(event, SequenceStartEvent) else None, None])
            end = event.end_mark.index if event.end_mark else 0
            found[at] = _Place(key, _begin(event), end, style, lead)
        return found

    @cached_property
    def second_keys(self) -> dict[Loc, int]:
        """Where the second field's name stands, of everything that has two fields."""
        seen: set[Loc] = set()
        found: dict[Loc, int] = {}
        for loc, place in self.places.items():
            if place.key is not None:
                if loc[:-1] in seen:
                    found.setdefault(loc[:-1], place.key)
                seen.add(loc[:-1])
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
        if place.start not in self._jumps:
            raw = self._document.text[place.start : place.end]
            is_block = place.style in ("|", ">")
            found = _block_jumps(raw, place.style, place.lead) if is_block else _flow_jumps(raw, place.style)
            self._jumps[place.start] = list(found)
        jumps = self._jumps[place.start]
        in_text, in_file = jumps[bisect_right(jumps, at, key=itemgetter(0)) - 1]
        offset = min(place.start + in_file + at - in_text, max(place.end - 1, place.start))
        between = self._document.text[offset - 1 : offset + 1] == "\r\n"
        return offset - 1 if between else offset

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
                _ABSOLUTE + comment.end() - 1,
                severity=Severity.WARNING,
            )
            for at, place in self.places.items()
            if place.style == ""
            and next((step for step in reversed(at) if isinstance(step, str)), None) not in _COMMENTED
            and (comment := _COMMENT.match(text, place.end))
        ]


_COMMENT_BEHIND = re.compile(r"\S[ \t]+#")
_COMMENT = re.compile(r"[ \t]+#")
_COMMENTED = NOT_TEXT - {"title", "section", "author", "license"}
"""The fields behind whose values a comment is no mistake."""

_Jumps = Sequence[tuple[int, int]]
"""Offsets in a scalar's text, and where they stand in the file; between two of them both count alike."""

_LINE_END = "(?:\r\n|[\n\r\x85\u2028\u2029])"
_FOLD = rf"(?P<fold>{_LINE_END}(?:[ \t]*{_LINE_END})*[ \t]*)"
_FLOW_JUMP = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"{_FOLD}|''"),
    '"': re.compile(
        rf"{_FOLD}|\\{_LINE_END}(?P<escaped>(?:[ \t]*{_LINE_END})*)[ \t]*"
        r"|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)"
    ),
}
_BREAK = re.compile(_LINE_END)
_LINE = re.compile(rf"([^\n\r\x85\u2028\u2029]*)({_LINE_END}|\Z)")
_NO_SPACE = re.compile("[^ \n\r\x85\u2028\u2029]")
_LEAD = re.compile("(?: *[\n\u2028\u2029])*( *)")


def _flow_jumps(raw: str, style: str) -> Iterator[tuple[int, int]]:
    """For plain and quoted scalars: escapes are one character of text, and so is a folded line end."""
    in_text, in_file = 0, 1 if style else 0
    yield in_text, in_file
    for match in _FLOW_JUMP[style].finditer(raw, in_file):
        before = raw[in_file : match.start()]
        breaks = match.groupdict()
        if breaks["fold"] is not None:
            in_text += len(before.rstrip(" \t")) + _joined(_BREAK.findall(match[0]))
        else:
            in_text += len(before)
            in_text += 1 if breaks.get("escaped") is None else len(_BREAK.findall(breaks["escaped"]))
        in_file = match.end()
        yield in_text, in_file


def _block_jumps(raw: str, style: str, lead: int) -> Iterator[tuple[int, int]]:
    """For block scalars: the indentation is no text, and ``>`` joins lines that do not begin with white space."""
    header = _BREAK.search(raw)
    below = header.end() if header else len(raw)
    yield 0, below
    first = _NO_SPACE.search(raw, below)
    if first is None:
        return
    indent = first.start() - _line_start(raw, first.start()) - lead
    in_text = 0
    breaks: list[str] = []
    was_further_in = True
    for line in _LINE.finditer(raw, below):
        if said := line[1][indent:]:
            is_further_in = said[0] in " \t"
            joins = style == ">" and not (was_further_in or is_further_in)
            in_text += _joined(breaks) if joins else len(breaks)
            yield in_text, line.start() + indent
            in_text += len(said)
            breaks, was_further_in = [], is_further_in
        breaks.append(line[2])


def _joined(breaks: Sequence[str]) -> int:
    """How many characters the line ends between two joined lines are: one is a space, of more the first is dropped."""
    return len(breaks) if breaks[0] in "\u2028\u2029" else max(len(breaks) - 1, 1)


# --- ids -----------------------------------------------------------------------------------------


def _insertion(document: Document, positions: _YamlPositions, at: Loc, item_id: str) -> tuple[int, str]:
    """An ``id:`` line below the item's first field, or inside the braces of a flow mapping."""
    place = positions.places[at]
    written = _id_scalar(item_id)
    if place.style == "{":
        return place.start + 1, f"id: {written}, "
    text = document.text
    # A line of its own before the second field; before the first, "- " would be in the way.
    start = _line_start(text, positions.second_keys[at])
    newline = "\r\n" if text[:start].endswith("\r\n") else text[start - 1]
    return start, f"{' ' * (place.start - _line_start(text, place.start))}id: {written}{newline}"


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind(end, 0, offset) for end in "\n\r\x85\u2028\u2029") + 1


def _id_scalar(item_id: str) -> str:
    return item_id if re.fullmatch(r"[\w.]+(?:-[\w.]+)*", item_id) else "'" + item_id.replace("'", "''") + "'"
