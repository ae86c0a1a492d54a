"""From libyaml's events to plain data, all scalars as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

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

from cardforge.diagnostics import InvalidDeck, Loc, Problem
from cardforge.document import Document
from cardforge_sources.conflict import refuse_markers
from cardforge_sources.yaml.mistakes import marker, not_yaml, repeated_key, syntax_problem
from cardforge_sources.yaml.quoting import fitted

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 100
"""Lists and mappings nested deeper than this are refused; a deck needs about ten."""


def build(document: Document) -> tuple[Any, list[Problem]]:
    """The data, and the problems that reading could go past."""
    refuse_markers(document)
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
    repeated: dict[Loc, int] = {}
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
                problems.append(repeated_key(stack, value, document, begin(event), repeated))
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
        yield from yaml.parse(document.text, LOADER)
    except yaml.MarkedYAMLError as error:
        raise _refused(document, *syntax_problem(document, error)) from None
    except yaml.YAMLError as error:
        problem = Problem("yaml-syntax", f"this is not YAML: {error}", "check the file in an editor that knows YAML")
        raise InvalidDeck([document.diagnostic(problem, 0)]) from None


def _stop(document: Document, event: Event, code: str, message: str, fix: str) -> NoReturn:
    raise _refused(document, Problem(code, message, fix), begin(event))


def _refused(document: Document, problem: Problem, offset: int) -> InvalidDeck:
    """The error; where its advice is to put a text in quotes, as it fits that text."""
    line = document.line(document.span(offset).line)
    return InvalidDeck([document.diagnostic(replace(problem, fix=fitted(problem.fix, line)), offset)])


def begin(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _refuse_markers(document: Document, event: NodeEvent) -> NoReturn:
    """Anchors, aliases and tags: in a deck they are texts that lack quotes, and an alias can be a bomb."""
    sign = "*" if isinstance(event, AliasEvent) else "&" if event.anchor is not None else "!"
    problem = marker(sign)
    _stop(document, event, problem.code, problem.message, problem.fix)


def _refuse_as_name(document: Document, event: Event) -> NoReturn:
    offset = begin(event)
    if document.text[offset - 1 : offset + 1] == "{{":
        fix = "put the text in single quotes, or write it as a block after |"
        raise _refused(document, not_yaml("in YAML, a text cannot begin with {{", fix), offset - 1)
    message = "a list or a group of fields stands where a name should"
    _stop(document, event, "yaml-syntax", message, "write a name: one word before the colon")
