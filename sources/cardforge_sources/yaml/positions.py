"""Where each part of a YAML file stands: found by a second parse, only when something is to be reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import yaml
from yaml.events import (
    CollectionEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from cardforge.diagnostics import Loc, Problem, Severity
from cardforge.document import Document
from cardforge.model import NOT_TEXT
from cardforge_sources.yaml.events import LOADER, begin
from cardforge_sources.yaml.mistakes import COMMENT_BEHIND
from cardforge_sources.yaml.quoting import fitted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands: offsets of its key, if it has one, and of its value."""

    key: int | None
    start: int
    end: int
    style: str  # a scalar's "", "'", '"', "|" or ">"; "{" or "[" for flow collections; "-" for block ones
    lead: int = 0  # the spaces before the first line of a block's text


class YamlPositions:
    """The `Positions` of a YAML file."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._jumps: dict[int, _Jumps] = {}

    @cached_property
    def places(self) -> dict[Loc, Place]:
        found: dict[Loc, Place] = {}
        stack: list[list[Any]] = []  # each: the way to it, next index or None, pending key
        for event in yaml.parse(self._document.text, LOADER):
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
            found[at] = Place(key, begin(event), end, style, lead)
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
        place = self.places.get(loc)
        if place is None:
            return None
        if on_key and place.key is not None:
            return place.key
        return place.start if place.style in ("-", "{", "[") else self._in_scalar(place, at)

    def _in_scalar(self, place: Place, at: int) -> int:
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
        if not COMMENT_BEHIND.search(text):
            return []
        return [
            Problem(
                "text-cut",
                "the text ends before the #: in YAML, the rest of the line is a comment",
                fitted("put the text in single quotes if the # belongs to it", text[place.start : comment.end(1)]),
                at,
                severity=Severity.WARNING,
                place=comment.start(1) - 1,
            )
            for at, place in self.places.items()
            if place.style == ""
            and next((step for step in reversed(at) if isinstance(step, str)), None) not in _COMMENTED
            and (comment := _COMMENT.match(text, place.end))
        ]


_COMMENT = re.compile("[ \t]+#([^\n\r\x85\u2028\u2029]*)")
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
    indent = first.start() - line_start(raw, first.start()) - lead
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


def line_start(text: str, offset: int) -> int:
    """Where the line of this offset begins."""
    return max(text.rfind(end, 0, offset) for end in "\n\r\x85\u2028\u2029") + 1
