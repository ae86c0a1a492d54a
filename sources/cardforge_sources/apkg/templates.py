"""Card templates: what a side of a card shows of a note's fields, and nothing of how it looks.

A template is HTML with fields in it: ``{{Front}}``, ``{{hint:Front}}``, ``{{#Front}}shown when it is not empty{{/Front}}``,
``{{^Front}}shown when it is{{/Front}}``. The words are Anki's (rslib/src/template.rs, template_filters.rs). Scripts and
styles are left out, and so is markup that only lays out; where it begins a new line, a new block begins here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape


@dataclass(frozen=True, slots=True)
class Literal:
    """HTML that is shown as it is."""

    html: str


@dataclass(frozen=True, slots=True)
class Show:
    """A field's value, after these filters, in the order in which they are applied."""

    field: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkipUnless:
    """Go on at the step ``to``, unless the field is filled in; with ``filled`` False, if it is."""

    field: str
    filled: bool
    to: int


@dataclass(frozen=True, slots=True)
class NewBlock:
    """What follows stands on a line of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows is the answer: ``<hr id=answer>``."""


Step = Literal | Show | SkipUnless | NewBlock | Answer


@dataclass(frozen=True, slots=True)
class Program:
    """A template as steps, one after the other. ``fields`` are those that it shows or asks for.

    ``is_plain`` when it says nothing itself and has no script: then nothing is lost by leaving its markup out.
    """

    steps: tuple[Step, ...]
    fields: frozenset[str]
    is_plain: bool
    speaks: bool


@dataclass(frozen=True, slots=True)
class Side:
    """What a side of one note's card shows.

    ``blocks`` are HTML, none of them empty; the answer begins with the block numbered ``answer``. ``typed`` is the field
    whose text is to be typed in.
    """

    blocks: tuple[str, ...]
    hints: tuple[str, ...] = ()
    typed: str | None = None
    answer: int | None = None
    shows_front: bool = False


class TooLong(Exception):
    """The side would show more than anybody reads: a template may show a field any number of times."""


_LONGEST = 50_000
_MOST_SHOWN = 1_000_000
_LEFT_OUT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|title)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_OTHER_BRACES = "{{=<% %>=}}"
_FIELD = r"\{\{[^{}]*\}\}"
# A tag may have fields in it: <img src="{{Picture}}">.
_PART = re.compile(
    rf"""(?P<tag><(?P<end>/?)(?P<name>[A-Za-z][\w-]*)
        (?:[^<>"'{{]++|"[^"]{{0,5000}}"|'[^']{{0,5000}}'|{_FIELD}|\{{){{0,100}}+>)
    | (?P<field>{_FIELD})""",
    re.VERBOSE,
)
_IS_ANSWER = re.compile(r"""\sid\s*=\s*["']?answer\b""", re.IGNORECASE)
_KEPT = frozenset("a audio img rb rp rt ruby source sub sup video".split())
_NEW_LINE = frozenset(
    """address article aside blockquote body br center dd details div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul""".split()
)
_SPACE = frozenset({"td", "th"})


@lru_cache(maxsize=1024)
def compiled(template: str) -> Program:
    """The steps of a template. A condition that is not closed reaches to the end; a closing one too many does nothing."""
    text = _LEFT_OUT.sub("", template).lstrip()
    has_script = bool(re.search(r"<script\b", template, re.IGNORECASE))
    if text.startswith(_OTHER_BRACES):
        text = text.removeprefix(_OTHER_BRACES).replace("<%", "{{").replace("%>", "}}")
    steps: list[Step] = []
    open_conditions: list[tuple[str, bool, int]] = []

    def close(field: str) -> None:
        names = [name for name, _, _ in open_conditions]
        while field in names and open_conditions:
            name, filled, at = open_conditions.pop()
            steps[at] = SkipUnless(name, filled, len(steps))
            if name == field:
                return

    for part in _parts(text[:_LONGEST]):
        if isinstance(part, str):
            sign, field = part[:1], part[1:].strip()
            if sign in ("#", "^"):
                open_conditions.append((field, sign == "#", len(steps)))
                steps.append(NewBlock())  # the place of the condition
            elif sign == "/":
                close(field)
            else:
                *filters, field = (word.strip() for word in part.split(":"))
                steps.append(Show(field, tuple(reversed(filters))))
        else:
            steps.append(part)
    while open_conditions:
        close(open_conditions[-1][0])
    says = any(isinstance(step, Literal) and step.html.strip() for step in steps)
    fields = {step.field for step in steps if isinstance(step, Show | SkipUnless)}
    speaks = any(isinstance(step, Show) and _speaks(step.filters) for step in steps)
    return Program(tuple(steps), frozenset(fields), not says and not has_script, speaks)


def _parts(text: str) -> Iterator[Literal | NewBlock | Answer | str]:
    """The steps of a template's text; what stands between braces comes as it is."""
    last = 0
    for part in _PART.finditer(text):
        if part.start() > last:
            yield Literal(text[last : part.start()])
        last = part.end()
        if part["field"]:
            yield part["field"][2:-2].strip()
            continue
        name = part["name"].lower()
        if name == "hr" and _IS_ANSWER.search(part["tag"]):
            yield Answer()
        elif name in _NEW_LINE:
            yield NewBlock()
        elif name in _SPACE:
            yield Literal(" ")
        elif name in _KEPT:
            inside = 0
            for field in re.finditer(_FIELD, part["tag"]):
                yield Literal(part["tag"][inside : field.start()])
                yield field[0][2:-2].strip()
                inside = field.end()
            yield Literal(part["tag"][inside:])
    if last < len(text):
        yield Literal(text[last:])


_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*+", re.IGNORECASE)


def is_empty(value: str) -> bool:
    """Whether Anki takes a field for empty."""
    return not value or _EMPTY.fullmatch(value) is not None


def rendered(program: Program, values: Mapping[str, str], is_back: bool = False) -> Side:
    """What a side shows of a note's fields. A field that there is none of shows nothing.

    A hint of the front comes by itself, one of the back stands where the template has it. Raises TooLong.
    """
    rendering = _Rendering(values, is_back)
    at, steps = 0, program.steps
    while at < len(steps):
        step = steps[at]
        at += 1
        if isinstance(step, Show):
            rendering.show(step.field, step.filters)
        elif isinstance(step, Literal):
            rendering.line.append(step.html)
        elif isinstance(step, SkipUnless):
            if is_empty(values.get(step.field, "")) == step.filled:
                at = step.to
        else:
            rendering.end_line()
            if isinstance(step, Answer):
                rendering.answer = len(rendering.blocks)
    return rendering.side()


class _Rendering:
    """A side while it is put together. ``answer`` is the number of blocks before the line that parts the answer off."""

    def __init__(self, values: Mapping[str, str], is_back: bool) -> None:
        self._values = values
        self._is_back = is_back
        self._left = _MOST_SHOWN
        self._hints: list[str] = []
        self._typed: str | None = None
        self._shows_front = False
        self.blocks: list[str] = []
        self.line: list[str] = []
        self.answer: int | None = None

    def show(self, field: str, filters: tuple[str, ...]) -> None:
        value = self._values.get(field, "")
        self._left -= len(value)
        if self._left < 0:
            raise TooLong
        if field == "FrontSide":
            self._shows_front = True
            self.end_line()
        elif not filters:
            self.line.append(value)
        elif filters[-1] == "type":
            self._typed = field if "cloze" not in filters else self._typed
        elif not _speaks(filters):
            shown = self.line if self._is_back or "hint" not in filters else self._hints
            shown.append(_filtered(value, filters))

    def end_line(self) -> None:
        if block := "".join(self.line).strip():
            self.blocks.append(block)
        self.line.clear()

    def side(self) -> Side:
        self.end_line()
        hints = tuple(hint for hint in self._hints if not is_empty(hint))
        return Side(tuple(self.blocks), hints, self._typed, self.answer, self._shows_front)


def _speaks(filters: tuple[str, ...]) -> bool:
    return any(name.startswith(("tts ", "tts-voices")) for name in filters)


# Anki's own pattern, with bounds so that a long text costs no more than its length.
_FURIGANA = re.compile(r" ?([^ >\[]{1,200})\[(?!sound:)([^\]\n]{1,500})\]")
_RUBY = {"furigana": r"<ruby>\1<rt>\2</rt></ruby>", "kana": r"\2", "kanji": r"\1"}


def _filtered(value: str, filters: tuple[str, ...]) -> str:
    """The value after the filters that change what is shown. Those of add-ons are passed over, as Anki does."""
    for name in filters:
        if name == "text":
            value = unescape(re.sub(r"<[^<>]*>", "", value))
        elif name in _RUBY:
            value = _FURIGANA.sub(_RUBY[name], value.replace("&nbsp;", " "))
    return value
