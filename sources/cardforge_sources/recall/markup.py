"""The lines of a page that was saved as HTML.

Tags are found by a few expressions in one pass, as HTML 5 says: the parser of the standard library takes time that
grows with the square of a damaged file's length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from cardforge.text.content import has_visible
from cardforge_sources.recall.lines import EVERY_PAGE, Choice, Copy, Line, Lost, lost_control, squeezed


def is_html(text: str) -> bool:
    """Whether a text begins as a saved page does, whatever its file's name."""
    return _HTML.match(text) is not None


_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|main|div|section|article)\b", re.IGNORECASE)


def saved(html: str) -> Copy:
    """The lines of a saved page, as a browser shows them, with what its markup says of choices."""
    reader = _Reader()
    for piece in _pieces(html):
        if isinstance(piece, _Text):
            reader.text(piece)
        elif piece.is_end:
            reader.end(piece.name)
        else:
            reader.start(piece)
    reader.break_line()
    return Copy(tuple(reader.lines), reader.title(), tuple(reader.lost))


# --- tags and texts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    offset: int
    is_end: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


_BEGINNING = re.compile(r"<(?:(!--)|([!?]|/(?![A-Za-z]))|(/?)([A-Za-z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([^\s>]*)))?)"""
)
# What stands in these is no markup, up to their own end tag, and nothing to read; but for the title.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in "iframe noembed noframes noscript script style textarea title xmp".split()
}


def _pieces(html: str) -> Iterator[_Text | _Tag]:
    position = 0
    while beginning := _BEGINNING.search(html, position):
        start = beginning.start()
        yield _Text(html[position:start], position)
        comment, declaration, slash, name = beginning.groups()
        if not name:
            end = html.find("-->" if comment else ">", beginning.end() - 1 if declaration else beginning.end())
            position = end + (3 if comment else 1) if end >= 0 else len(html)
            continue
        attributes, position = _attributes(html, beginning.end())
        name = name.lower()
        if name == "svg" and html.startswith("/>", position - 2):
            continue
        yield _Tag(name, start, bool(slash), attributes)
        if name in _RAW and not slash:
            closing = _RAW[name].search(html, position)
            end = closing.start() if closing else len(html)
            if name == "title":
                yield _Text(html[position:end], position)
            position = end
    yield _Text(html[position:], position)


def _attributes(html: str, position: int) -> tuple[dict[str, str], int]:
    """A tag's attributes, and where it ends."""
    found: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(html, position):
        position = attribute.end()
        end, name, *values = attribute.groups()
        if end:
            return found, position
        found.setdefault(name.lower(), unescape(next((value for value in values if value), "")))
    return found, len(html)


# --- from these to lines -------------------------------------------------------------------------

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd mark math mfrac mi mn mo mrow
    msqrt msub msubsup msup mtext noscript q s samp script semantics small span strike strong style sub sup time tt u
    var wbr""".split()
)
_SKIPPED = frozenset("nav svg template object annotation".split())
_HEADINGS = ("title", "h1")
_CHOICE = frozenset({"button", "li", "label", "option"})
_CHOICE_ROLES = frozenset({"radio", "option", "checkbox", "menuitemradio"})
_CHOICE_WORDS = frozenset({"choice", "option"})
_GROUP_WORDS = frozenset("container grid group list row set wrapper".split())
_BADGE_WORDS = frozenset({"badge", "level", "difficulty", "chip", "pill", "tag"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LINE_OF_PRE = re.compile(r"(\r\n|\n|\r)|[^\r\n]+")
_LOST = {
    "math": "a formula",
    "sub": "the lowered position of this text",
    "sup": "the raised position of this text",
    "audio": "an audio file",
    "video": "a video",
    "canvas": "a drawing",
}


@dataclass(slots=True)
class _Open:
    name: str
    choice: Choice | None
    breaks: bool


class _Reader:
    """Collects text until a block begins or ends: that is a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.lost: list[Lost] = []
        self._texts: list[str] = []
        self._offset: int | None = None
        self._choice: Choice | None = None
        self._stack: list[_Open] = []
        self._counts: Counter[str] = Counter()
        self._skipped = ""
        self._skipped_depth = 0
        self._headings: dict[str, Line] = {}

    def title(self) -> Line | None:
        """The page's heading, or its title where the heading is only that of all such pages."""
        known = [self._headings[name] for name in ("h1", "title") if name in self._headings]
        own = [line for line in known if not EVERY_PAGE.fullmatch(line.words)]
        return next(iter(own or known), None)

    def text(self, piece: _Text) -> None:
        if self._skipped or not piece.text:
            return
        if self._counts["pre"] and ("\n" in piece.text or "\r" in piece.text):
            self._lines_of_pre(piece)
            return
        self._add(unescape(piece.text), piece)

    def _lines_of_pre(self, piece: _Text) -> None:
        for match in _LINE_OF_PRE.finditer(piece.text):
            if match[1]:
                self.break_line()
            else:
                self._add(unescape(match[0]), _Text(match[0], piece.offset + match.start()))

    def _add(self, shown: str, piece: _Text) -> None:
        self._texts.append(shown)
        self.lost += lost_control(piece.text, piece.offset)
        if not has_visible(shown):
            return
        choice = self._stack[-1].choice if self._stack else None
        if self._offset is None:
            self._offset = piece.offset + len(piece.text) - len(piece.text.lstrip())
            self._choice = choice
        while choice and not choice.has_text:
            choice.has_text = True
            choice = choice.around

    def break_line(self) -> None:
        if self._offset is not None:
            line = Line(squeezed("".join(self._texts)), self._offset, self._choice)
            heading = next((name for name in _HEADINGS if self._counts[name]), None)
            if heading:
                self._headings.setdefault(heading, line)
            if heading != "title":
                self.lines.append(line)
        self._texts, self._offset = [], None

    def start(self, tag: _Tag) -> None:
        name = tag.name
        if self._skipped:
            self._skipped_depth += name == self._skipped
            return
        if name in _SKIPPED:
            self._skipped, self._skipped_depth = name, 1
            return
        words = {word.lower() for word in _WORDS.findall(tag.attributes.get("class", ""))}
        breaks = name not in _INLINE or (name == "span" and bool(words & _BADGE_WORDS))
        if breaks:
            self.break_line()
        self._note_lost(tag)
        choice = self._choice_of(tag, words)
        if choice:
            _judge(choice, tag, words)
        if name not in _VOID:
            self._stack.append(_Open(name, choice, breaks))
            self._counts[name] += 1

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped_depth -= name == self._skipped
            self._skipped = self._skipped if self._skipped_depth else ""
            return
        if not self._counts[name]:
            return
        while True:
            opened = self._stack.pop()
            if opened.breaks:
                self.break_line()
            self._counts[opened.name] -= 1
            if opened.name == name:
                return

    def _note_lost(self, tag: _Tag) -> None:
        described = tag.attributes.get("alt", "").strip()
        if tag.name == "img" and described:
            self.lost.append(Lost(f"the picture “{described[:50]}”", tag.offset))
        elif tag.name in _LOST:
            self.lost.append(Lost(_LOST[tag.name], tag.offset))

    def _choice_of(self, tag: _Tag, words: set[str]) -> Choice | None:
        around = self._stack[-1].choice if self._stack else None
        is_choice = (
            tag.name in _CHOICE
            or tag.attributes.get("role", "").lower() in _CHOICE_ROLES
            or (tag.name not in _INLINE and bool(words & _CHOICE_WORDS) and not words & _GROUP_WORDS)
        )
        # A label in a list entry is one choice, unless there is text above it: then the entry is the question.
        if not is_choice or (around and not around.has_text):
            return around
        return Choice(tag.name, around)


def _judge(choice: Choice, tag: _Tag, words: set[str]) -> None:
    """Note what a tag within a choice says of it."""
    said = tag.attributes.get("data-correct", "").lower()
    if said == "true" or "correct" in words:
        choice.is_right = True
    elif said == "false" or words & {"incorrect", "wrong"}:
        choice.is_right = False
    pressed = any(tag.attributes.get(name) == "true" for name in ("aria-pressed", "aria-checked", "aria-selected"))
    if pressed or tag.attributes.keys() & {"checked", "selected"} or words & {"selected", "chosen"}:
        choice.is_chosen = True
