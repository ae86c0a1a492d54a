"""Notes that nobody wrote as a deck: which files are, and how they become one without a mistake in them.

A file is a deck when its front matter has a title and nothing that a deck does not have, or when something in it says
more than a heading with a text below: see `is_deck`. In every other file a heading with text is a flashcard, or a
matching where it has pairs; what the deck format would refuse is changed or left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cardforge.diagnostics import Problem, Severity
from cardforge.media import Media
from cardforge.text import Html, Text, as_markdown, facts, plain
from cardforge.text.content import CONTROL, is_plain
from cardforge.validation import mistakes
from cardforge_sources.markdown import pictures
from cardforge_sources.markdown.attributes import attributed
from cardforge_sources.markdown.blocks import Block, Sort
from cardforge_sources.markdown.front_matter import FrontMatter
from cardforge_sources.markdown.lines import Line, trimmed
from cardforge_sources.markdown.marks import CLOZE, DELETION
from cardforge_sources.markdown.outline import is_choices
from cardforge_sources.markdown.texts import Passage, Value
from cardforge_sources.places import warning

_SHOWN = 10
_CONTROL = re.compile(f"[{CONTROL}]")
_QUESTION = re.compile(r"[ >*_+-]*(?:q|question)[ ]?\d{0,3}[*_]*[.:)]", re.IGNORECASE)
_ANSWER = re.compile(r"[ >*_+-]*(?:a|ans|answer)[ ]?\d{0,3}[*_]*[.:)]", re.IGNORECASE)
_OF_CARDS = {"type", "front", "back"}


def is_deck(front: FrontMatter, lines: Sequence[Line], blocks: Sequence[Block]) -> bool:
    """Whether the front matter is a deck's; or the file has a short card, a deletion; or, below a heading, a label
    (``Source:`` apart, which many notes have) or choices with a tick; or a heading with ``{name=value}``."""
    return _is_of_deck(front) or any(_marks(lines, blocks))


def _is_of_deck(front: FrontMatter) -> bool:
    """Whether there is a title, and nothing that a deck does not have: a page for Hugo, Jekyll or Quarto has a ``date``,
    a ``layout``, a ``format``, or its authors in a list or by name and address."""
    has_others = bool(front.near or front.others)
    return "title" in front.data and not has_others and isinstance(front.data.get("author", ""), str)


def _marks(lines: Sequence[Line], blocks: Sequence[Block]) -> Iterator[bool]:
    has_heading = False
    for block in blocks:
        if block.sort is Sort.CARDS:
            yield True
        elif block.sort is Sort.HEADING:
            has_heading = True
            yield _has_values(lines[block.start])
        elif has_heading and block.sort is Sort.LABEL:
            yield block.name != "source"
        elif has_heading and is_choices(block):
            yield any(entry[0][1][:3].lower() == "[x]" for entry in block.entries)
        if block.sort is not Sort.CODE:
            yield any(DELETION.search(line) for _, line in lines[block.start : block.end])


def _has_values(heading: Line) -> bool:
    """Whether a heading's braces have more than the id and the classes that other programs write there, too."""
    attributes = attributed(heading).attributes or ()
    return any(attribute.name not in ("", "id", "tag") for attribute in attributes)


def without_controls(lines: Sequence[Line]) -> list[Line]:
    """The lines with a space in place of each control character, so that every character stays at its place."""
    return [(offset, _CONTROL.sub(" ", line)) for offset, line in lines]


@dataclass(slots=True)
class Notes:
    """Changes what a deck refuses; ``problems`` tell of it, ``media`` are those beside the file."""

    media: Media
    problems: list[Problem]
    _on_the_web: list[int] = field(default_factory=list)
    _missing: list[int] = field(default_factory=list)
    _refused: dict[str, bool] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def front_matter(self, front: FrontMatter) -> FrontMatter:
        """What the front matter says without the fields that a deck has in another form."""
        kept: dict[str, Any] = {}
        for name, value in front.data.items():
            if name == "author" and isinstance(value, list) and all(isinstance(author, str) for author in value):
                value = ", ".join(value)
            if not mistakes({name: value}, self.media):
                kept[name] = value
            else:
                message = f"a deck's {name} is something else than what stands here, so this is left out"
                fix = "nothing, if it is for another program; docs/format.md says what a deck has there"
                self.problems.append(Problem("not-kept", message, fix, (name,), severity=Severity.WARNING))
        problems = map(_forgiven, (*front.problems, *front.near))
        return replace(front, data=kept, problems=tuple(problems), near=(), others=_in_one(front.others))

    def blocks(self, blocks: Sequence[Block], lines: Sequence[Line]) -> Iterator[Block]:
        """The blocks with text in place of what would be a part of a question."""
        has_source = False
        self._tell_of_questions(blocks, lines)
        for block in blocks:
            if block.sort is Sort.HEADING:
                has_source = False
            elif block.sort is Sort.LABEL and (has_source or not trimmed(block.content)):
                block = replace(block, sort=Sort.TEXT)
            elif block.sort is Sort.LABEL:
                has_source = True
            elif is_choices(block):
                block = replace(block, sort=Sort.TEXT)
                message = "this is taken for a list of things to do, and is a part of the text"
                fix = "nothing, if it is one; if these are choices, write [x] in place of [ ] before the right one"
                self._tell(lines[block.start][0], "adapted-item", message, fix)
            if block.sort is not Sort.CODE:
                self._tell_of_deletions(lines[block.start : block.end])
            yield block

    def _tell_of_questions(self, blocks: Sequence[Block], lines: Sequence[Line]) -> None:
        """Tell, once, that questions between other texts are no cards of their own."""
        asked: int | None = None
        for block in blocks:
            for offset, line in lines[block.start : block.end] if block.sort in (Sort.TEXT, Sort.LIST) else ():
                asked = offset if _QUESTION.match(line) and asked is None else asked
                if asked is not None and _ANSWER.match(line):
                    message = "this looks like a question with its answer below it, but only a heading asks: it is text"
                    fix = "write the question as a heading, with its answer below it; or both on a line: question :: answer"
                    self._tell(asked, "adapted-item", message, fix)
                    return

    def _tell_of_deletions(self, lines: Sequence[Line]) -> None:
        for offset, line in lines:
            if wrong := CLOZE.search(line):
                message = "this is like the beginning of a deletion, but not one, so it is text"
                self._tell(offset + wrong.start(), "not-kept", message, "nothing, or write it as {{c1::answer}}")
                return

    def item(self, data: dict[str, Any], offset: int) -> dict[str, Any] | None:
        """The item without an id that another one has; None where it can be none."""
        if data.keys() == _OF_CARDS:
            return data  # its texts are all there is, and they have been looked at
        if found := mistakes({"items": [data]}, self.media):
            mistake = found[0]
            self._tell(offset, "kept-aside", f"this is left out: {mistake.message}", mistake.fix)
            return None
        if (item_id := data.get("id")) in self._ids:
            name = f"the id {item_id!r}"
            message = f"{name} is here a second time, and is left out"
            self.problems.append(warning(offset, "not-kept", message, "write another one, or remove it", name))
            return {name: value for name, value in data.items() if name != "id"}
        if item_id:
            self._ids.add(item_id)
        return data

    def text(self, passage: Passage) -> Value | None:
        """A text that a deck can have and that shows the same as far as can be; None when it shows nothing."""
        value = passage.value
        if isinstance(value, str) and is_plain(value):
            return value
        text: Text = value if isinstance(value, str) else Html(value["html"])
        if absent := [reference for reference in facts(text).media if self._is_refused(reference.path)]:
            for reference in absent:
                places = self._on_the_web if pictures.ON_THE_WEB.match(reference.path) else self._missing
                places.append(passage.offset(reference.offset))
            text = pictures.without(text, self._is_refused)
        if wrong := self._wrong(text):
            if wrong.code == "empty-text":
                return None
            text = as_markdown(" ".join(plain(text).split("\t")))
            if self._wrong(text):
                return None
            fix = "look at the text, which is in the deck without its markup"
            message = f"this text cannot be kept as it is: {wrong.message}"
            self._tell(passage.offset(0 if absent else wrong.offset or 0), "adapted-item", message, fix)
        return text if isinstance(text, str) else {"html": text.html}

    def _wrong(self, text: Text) -> Problem | None:
        known = facts(text)
        errors = (problem for problem in known.problems if problem.severity is Severity.ERROR)
        media = (self.media.problem(reference.path) for reference in known.media if self._is_refused(reference.path))
        return next(errors, None) or next(media, None)

    def _is_refused(self, path: str) -> bool:
        if path not in self._refused:
            self._refused[path] = self.media.problem(path) is not None
        return self._refused[path]

    def tell(self) -> None:
        """Tell of the pictures of all texts."""
        if count := len(self._on_the_web):
            become = "becomes a link" if count == 1 else "become links"
            message = f"{_pictures(count)} on the web, and {become}: nothing is fetched from there"
            fix = "to have them in the deck, save them beside this file and write their paths in place of the addresses"
            self._tell(min(self._on_the_web), "not-kept", message, fix)
        if count := len(self._missing):
            stand = "its name stands for it" if count == 1 else "their names stand for them"
            message = f"{_pictures(count)} not in this file's folder: {stand}"
            self._tell(min(self._missing), "not-kept", message, "put the files there, or mend their paths")

    def _tell(self, offset: int, code: str, message: str, fix: str) -> None:
        self.problems.append(warning(offset, code, message, fix))


def _in_one(others: Sequence[Problem]) -> tuple[Problem, ...]:
    """One warning of all the fields for other programs: notes have many."""
    if not others:
        return ()
    names = ", ".join(problem.subject for problem in others[:_SHOWN])
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    message = f"fields of the front matter that a deck does not have are left out: {names}{more}"
    return (replace(others[0], message=message, subject=""),)


def _forgiven(problem: Problem) -> Problem:
    """A mistake in the front matter as a warning."""
    if problem.code == "unknown-field":
        problem = replace(problem, code="not-kept", message=f"{problem.message}, so it is left out")
    return replace(problem, severity=Severity.WARNING)


def _pictures(count: int) -> str:
    return "1 picture or sound is" if count == 1 else f"{count:,} pictures and sounds are"


def leave_out(problems: list[Problem], since: int, offset: int) -> bool:
    """Whether a mistake was told after the first ``since`` problems; one warning that the item is left out replaces it."""
    told = problems[since:]
    mistake = next((problem for problem in told if problem.severity is Severity.ERROR), None)
    if mistake:
        problems[since:] = [problem for problem in told if problem.severity is not Severity.ERROR]
        message = f"this is left out: {mistake.message}"
        problems.append(warning(offset, "kept-aside", message, mistake.fix))
    return mistake is not None
