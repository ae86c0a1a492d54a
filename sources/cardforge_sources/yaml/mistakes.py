"""What libyaml complains of, and what decks do not have, in the words of somebody who writes decks."""

from __future__ import annotations

import re
from typing import Any

import yaml

from cardforge.diagnostics import Loc, Problem
from cardforge.document import Document
from cardforge.wording import HYPHENS


def repeated_key(
    stack: list[tuple[Any, list[str]]], key: str, document: Document, offset: int, first: dict[Loc, int]
) -> Problem:
    """A name that a mapping has already; ``stack`` has the collections around it, each with its pending key.

    In an entry of a list, most likely the hyphen of the next entry is missing at the first such name: where that is,
    ``first`` remembers by the entry.
    """
    at: list[str | int] = []
    for outer, _ in stack[:-1]:
        at.append(len(outer) - 1 if isinstance(outer, list) else next(reversed(outer)))
    entry = tuple(at)
    begins = first.setdefault(entry, offset)
    before = document.text[max(0, offset - _WIDEST_INDENT) : offset].rstrip(" ")
    fix = "keep one of the two"
    if entry and isinstance(entry[-1], int) and before[-1:] in ("\n", "\r"):
        what = f"a new {_ENTRIES.get(str(entry[-2]), 'entry')}" if len(entry) > 1 else "a new entry"
        if begins == offset:
            fix = f'if {what} begins here, write "- {key[:50]}: …" below the hyphen of the one before; if not, {fix}'
        else:
            fix = (
                f"if {what} begins in line {document.span(begins).line}, only that line needs its hyphen; if not, {fix}"
            )
    return Problem("repeated-key", f"{key[:50]!r} is here a second time", fix, entry, place=offset)


_WIDEST_INDENT = 200
_ENTRIES = {"items": "item", "choices": "choice", "pairs": "pair", "answers": "answer", "concepts": "concept"}


def syntax_problem(document: Document, error: yaml.MarkedYAMLError) -> tuple[Problem, int]:
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
            return not_yaml(what.format(sign=sign), fix.format(sign=sign)), offset
    if "anchor" in said or "alias" in said or "a tag" in said or "tag handle" in said:
        return marker(text[begun : begun + 1]), begun
    if "directive" in said or "incompatible" in said:
        begun = stopped - len(before)
        what = "in YAML, % at the beginning of a line begins a directive"
        return not_yaml(what, "remove the line, or indent it if it goes on with a text"), begun
    if "any token" in said or "tab character" in said or "node content" in said:
        return _wrong_beginning(text[stopped : stopped + 1]), stopped
    same_line = document.span(begun).line == document.span(stopped).line
    if "mapping values" in said or (text[stopped : stopped + 1] == ":" and "flow" in said and same_line):
        if ": " in before or "flow" in said:
            fix = "put the text in single quotes"
            return not_yaml("a text has a colon before a space or at its end", fix), stopped
        return _misplaced_line(document, document.span(stopped).line)
    if "quoted scalar" in said and (backslash := text.rfind("\\", begun, stopped + 1)) >= 0:
        escape = (_ESCAPE_AS_WRITTEN.match(text, backslash) or [""])[0]
        fix = "put the text in single quotes, where a backslash stays a backslash; or double the backslash"
        if "invalid Unicode" in said:
            fix = "write the character itself"
        return not_yaml(f'"{escape}" in double quotes stands for no character', fix), backslash
    if "simple key" in said:
        return _nameless_line(document.line(document.span(begun).line)), begun
    if "expected ',' or" in said:
        closing = {"[": "]", "{": "}"}.get(text[begun : begun + 1], "bracket")
        if not same_line:
            return not_yaml("the bracket that opens here is not closed", f"close it with {closing}; {_QUOTES}"), begun
        return not_yaml(f"a comma or {closing} is missing here", f"add it; {_QUOTES}"), stopped
    if "expected key" in said or "expected '-'" in said:
        above = document.line(max(document.span(stopped).line - 1, 1))
        return _unexpected(before, above), stopped
    return not_yaml(f"this is not YAML: {said}", "check the indentation, the quotes and the colons here"), stopped


def _index(mark: yaml.Mark | None) -> int:
    return mark.index if mark else 0


def not_yaml(message: str, fix: str) -> Problem:
    return Problem("yaml-syntax", message, fix)


def marker(sign: str) -> Problem:
    what = {"*": "an alias", "&": "an anchor"}.get(sign, "a tag")
    fix = f"if {sign} belongs to the text, put the text in single quotes; if not, write out what is meant"
    return Problem("yaml-marker", f"in YAML, {sign} begins {what}, which decks do not have", fix)


COMMENT_BEHIND = re.compile(r"\S[ \t]+#")
"""A comment behind something on its line."""
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
        "end it with {sign}; or put the text in single quotes if the {sign} at its beginning belongs to it",
    ),
    ("<document start>", False, "the deck ended above this, at a line of three dots", "remove that line"),
)


def _wrong_beginning(sign: str) -> Problem:
    if sign == "\t":
        return not_yaml("a tab stands in the indentation", "indent with spaces: YAML takes no tabs there")
    if not sign:
        return not_yaml("the file ends inside of a bracket", "close the brackets that are open")
    fix = f"put the text in single quotes if {sign} belongs to it; if not, remove the {sign}"
    return not_yaml(f"in YAML, no text begins with {sign}", fix)


def _misplaced_line(document: Document, number: int) -> tuple[Problem, int]:
    """For a line with a name that cannot stand there: what is wrong is that line, or a slip in the text above it."""
    line = document.line(number)
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return _wrong_beginning("\t"), _beginning(document, number)
    slip: tuple[Problem, int] | None = None
    above = 0
    for other in range(number - 1, max(0, number - _MOST_LINES_ABOVE), -1):
        text = document.line(other)
        if problem := _slip(text):
            slip = problem, _beginning(document, other)
        elif _NAMED.search(text) or (slip and text.strip()):
            break
        above = above or (other if text.strip() else 0)
    if slip:
        return slip
    if above and len(document.line(above)) - len(document.line(above).lstrip()) >= len(indent):
        return _nameless_line(document.line(above)), _beginning(document, above)
    fix = "indent it like the lines it belongs with; if it goes on with the text above, put that text in quotes"
    return not_yaml("this line is indented further than the line above allows", fix), _beginning(document, number)


_MOST_LINES_ABOVE = 50
_NAMED = re.compile(r":(?:[ \t]|$)")


def _beginning(document: Document, number: int) -> int:
    """The offset of the first character of a line that is no white space."""
    line = document.line(number)
    return document.line_start(number) + len(line) - len(line.lstrip())


def _nameless_line(line: str) -> Problem:
    fix = "write name: value; if it goes on with a text, indent it further than the name of that text"
    return _slip(line) or not_yaml("this line has no name and colon", fix)


def _slip(line: str) -> Problem | None:
    """What was mistyped where a line begins, so that YAML takes for text what was meant for a hyphen or a name."""
    if re.match(rf"{_HYPHENS}-[^\s-]", line):
        return not_yaml("a hyphen begins an entry only with a space behind it", "put a space after the hyphen")
    if other := re.match(rf"{_HYPHENS}([{_OTHER_DASHES}])(\s?)", line):
        message = f"an entry of a list begins with a hyphen, and {other[1]} is another character"
        return not_yaml(message, f"write -{'' if other[2] else ' and a space'} in place of the {other[1]}")
    if re.match(rf"{_HYPHENS}[\w-]+：", line):
        message = "a colon and a space end a name, and ： is another character"
        return not_yaml(message, "write : and a space in place of the ：")
    if re.match(rf"{_HYPHENS}[\w-]+:(?!//)\S", line):
        return not_yaml("a colon ends a name only with a space behind it", "put a space after the colon")
    return None


_HYPHENS = r"\s*(?:- +)*"
_OTHER_DASHES = HYPHENS.removeprefix("-")


def _unexpected(before: str, above: str) -> Problem:
    """For what libyaml expected to be a name or a hyphen; ``before`` is the part of the line before it."""
    behind = before.rstrip()[-1:]
    if behind and behind in "'\"":
        return not_yaml("the text goes on behind its closing quote", "put the whole text in single quotes")
    if behind and behind in "]}":
        opening = "[" if behind == "]" else "{"
        fix = "put the whole text in single quotes"
        return not_yaml(f"in YAML, {opening} begins a list or a group, and here a text goes on behind it", fix)
    if not behind and COMMENT_BEHIND.search(above):
        fix = "put the text in single quotes if the # belongs to it; if not, move the comment to a line of its own"
        return not_yaml("the text cannot go on behind the comment in the line above", fix)
    fix = "indent it exactly like the lines it belongs with; each item begins with a hyphen and a space"
    return not_yaml("this line does not line up with the lines above it", fix)
