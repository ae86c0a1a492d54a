"""What a text holds (maths, media, tables …) and what is wrong in it, from one parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from itertools import repeat
from urllib.parse import quote, unquote

from markdown_it.token import Token

from cardforge.diagnostics import Problem, Severity
from cardforge.text import html as markup
from cardforge.text import markdown, maths
from cardforge.text.content import CONTROL, MediaKind, Text, has_visible, is_plain, media_kind
from cardforge.text.places import places


class TextFeature(StrEnum):
    """Something in a text that a target may not be able to hold."""

    MATHS = "maths"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"
    HTML = "html"
    CONTROL_CHARACTER = "control_character"


@dataclass(frozen=True, slots=True)
class MediaReference:
    """A media file that a text names, by its path as written and decoded."""

    path: str
    kind: MediaKind
    offset: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``problems`` have no ``at``: the caller knows where the text stands.

    ``formulas`` are the LaTeX of each that stands in Markdown, and whether it is displayed.
    """

    features: frozenset[TextFeature]
    media: tuple[MediaReference, ...]
    problems: tuple[Problem, ...]
    formulas: tuple[tuple[str, bool], ...] = ()


_NONE = Facts(frozenset(), (), ())


def facts(text: Text) -> Facts:
    """Features, media and problems of a text. Plain text costs one regular expression."""
    if isinstance(text, str):
        return _NONE if is_plain(text) else _markdown_facts(text)
    return _html_facts(text.html)


# What is left of "\theta", "\frac" or "\nabla" in double quotes: a control character beside a letter, or a tab or
# line break before the rest of a command's name. A rest that is a word or, in code, a name counts in dollars only.
_LOST = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<=[^\W\d_])([{CONTROL}])|([{CONTROL}])(?=[^\W\d_])",
        r"(\r)(?:ho|ight|angle|floor|ceil|brace|m|ightarrow|ef|e)(?![A-Za-z])",
        r"(\t)(?:heta|imes|ext(?:bf|it|rm|sf|tt)|anh|ilde|riangle\w*|herefore|binom|hinspace)(?![A-Za-z])",
        r"\$(?=[^$\n]*\$)[^$\n]*?(\t)(?:an|au|ext|frac|o|op|ag)(?![A-Za-z])",
        r"(?<![$\\])\$(\n)(?:abla|u|i|eq|eg|ot|otin|leq|geq|rightarrow)(?![A-Za-z])[^$\n]*\$(?!\$)",
    )
)
_ESCAPE_NAMES = {
    "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", "\0": "0",
}  # fmt: skip


def control_problem(text: str) -> Problem | None:
    """The first control character that a lost backslash escape left beside a letter, or a NUL."""
    found = [match.start(match.lastindex or 0) for pattern in _LOST if (match := pattern.search(text))]
    if not found:
        nul = text.find("\0")
        if nul < 0:
            return None
        return Problem("control-character", "the text has a NUL character", "remove it", offset=nul)
    offset = min(found)
    character = text[offset]
    name = _ESCAPE_NAMES.get(character)
    follows = re.match(r"[A-Za-z]*", text[offset + 1 :])
    meant = f'"\\{name}{follows[0] if follows else ""}"' if name else f"U+{ord(character):04X}"
    return Problem(
        "control-character",
        f"a control character stands beside a letter: {meant} in double quotes"
        if name
        else f"the control character {meant} stands beside a letter",
        "write the text in single quotes or in a block (|), where a backslash stays a backslash; "
        "or double the backslash"
        if name
        else "remove it",
        offset=offset,
    )


# A text is asked about by its source, when it is validated and when it is exported. Where a deck has more texts than
# are kept, none of them is found again: these are enough for 10,000 items, and take 40 MB at most beside the texts.
_MOST_KEPT = 65_536


@lru_cache(maxsize=_MOST_KEPT)
def _markdown_facts(text: str) -> Facts:
    found = _Found(text)
    tokens = markdown.parse(text)
    is_raw = markdown.has_raw_html(tokens)
    finder = _Finder(text)
    shown = places(text) if is_raw or "![" in text else repeat(None)
    for (token, line), there in zip(markdown.walk(tokens), shown, strict=False):
        kind = token.type
        if kind in markdown.MATHS:
            found.formula(token.content, kind != "math_inline", finder.find(token.content, line, "$"))
        elif kind == "image":
            path = unquote(str(token.attrGet("src") or ""))
            found.image(path, there.path if there else finder.find(path, line, "](", "](<")(0))
        elif kind in ("html_block", "html_inline"):
            found.html(token.content, there.offset if there else finder.find(token.content, line))
        elif kind == "link_open":
            found.link(str(token.attrGet("href")), is_raw, partial(finder.find, "](", line))
        elif kind in _TOKEN_FEATURES:
            found.features.add(_TOKEN_FEATURES[kind])
    if is_raw:
        found.problems += _problems_as_a_whole(markdown.to_html(tokens))
    elif not any(token.type == "image" or _shows_text(token) for token, _ in markdown.walk(tokens)):
        found.problems.append(_EMPTY)
    return found.facts()


@lru_cache(maxsize=_MOST_KEPT)
def _html_facts(html: str) -> Facts:
    found = _Found(html)
    found.html(html, lambda offset: offset)
    found.problems += _problems_as_a_whole(html)
    if maths.has_formula(html):
        found.features.add(TextFeature.MATHS)
    return found.facts()


class _Found:
    """Collects what a text holds and what is wrong in it."""

    def __init__(self, text: str) -> None:
        self.features: set[TextFeature] = set()
        self.problems: list[Problem] = []
        self._media: list[MediaReference] = []
        self._formulas: list[tuple[str, bool]] = []
        if control := control_problem(text):
            self.problems.append(control)
        if markup.has_illegal(text):
            self.features.add(TextFeature.CONTROL_CHARACTER)

    def facts(self) -> Facts:
        return Facts(frozenset(self.features), tuple(self._media), tuple(self.problems), tuple(self._formulas))

    def formula(self, tex: str, is_display: bool, place: Callable[[int], int]) -> None:
        self.features.add(TextFeature.MATHS)
        self._formulas.append((tex, is_display))
        if error := maths.check(tex, is_display):
            self.problems.append(Problem("latex", error.message, error.fix, offset=place(error.offset)))

    def image(self, path: str, offset: int) -> None:
        """An image of Markdown's, which may be sound or film."""
        if path:
            self._medium(path, offset)
        else:
            fix = "write ![what it shows](file.png)"
            self.problems.append(Problem("media-empty", "the image has no path", fix, offset=0))

    def link(self, address: str, is_raw: bool, find: Callable[[], Callable[[int], int]]) -> None:
        """A link of Markdown's; ``is_raw`` says that there is HTML in the text, which is sanitised."""
        self.features.add(TextFeature.LINK)
        if is_raw and not markup.is_linkable(address):
            self.problems.append(_removed(f"the link to {markup.as_named(address)!r}", find()(2)))
        elif _is_of_file(address):
            self.problems.append(_dead(unquote(address), find()(2)))

    def html(self, html: str, place: Callable[[int], int]) -> None:
        removed, references, links, elements = markup.examine(html)
        self.features.add(TextFeature.HTML)
        self.features.update(_ELEMENT_FEATURES[name] for name in elements & _ELEMENT_FEATURES.keys())
        for reference in references:
            self._medium(unquote(reference.path), place(reference.offset))
        self.problems += (_removed(loss.what, place(loss.offset)) for loss in removed)
        self.problems += (_dead(link.path, place(link.offset)) for link in links if _is_of_file(link.path))

    def _medium(self, path: str, offset: int) -> None:
        kind = media_kind(path)
        self._media.append(MediaReference(path, kind, offset))
        self.features.add(TextFeature(kind.value))


_TOKEN_FEATURES = {
    "fence": TextFeature.CODE,
    "code_block": TextFeature.CODE,
    "code_inline": TextFeature.CODE,
    "table_open": TextFeature.TABLE,
}
_EMPTY = Problem("empty-text", "the text shows nothing", "write something that a reader can see", offset=0)
_CONTENT = {"text", "code_inline", "code_block", "fence"} | markdown.MATHS
_DEEPEST = 100
_TOO_DEEP = Problem("too-deep", f"more than {_DEEPEST} HTML elements are nested", "nest less", offset=0)
"""XML readers stop at 256 levels, and a target adds some of its own."""


def _shows_text(token: Token) -> bool:
    return token.type in _CONTENT and has_visible(token.content)


def _problems_as_a_whole(html: str) -> Iterator[Problem]:
    """What only all of an author's HTML together can tell."""
    if markup.is_bottomless(html):
        yield _TOO_DEEP
        return
    clean = markup.sanitise(html)
    if not has_visible(markup.strip_tags(clean)) and not re.search(r"<(?:img|audio|video)\b", clean):
        yield _EMPTY
    if markup.depth(clean) > _DEEPEST:
        yield _TOO_DEEP


_ELEMENT_FEATURES = {
    "table": TextFeature.TABLE,
    "code": TextFeature.CODE,
    "pre": TextFeature.CODE,
    "a": TextFeature.LINK,
}


def _removed(what: str, offset: int) -> Problem:
    message = f"{what} is left out of every export"
    fix = "say it without that; a literal < is written \\< or &lt;"
    return Problem("html-removed", message, fix, offset=offset, severity=Severity.WARNING)


def _is_of_file(address: str) -> bool:
    """Whether an address names a file beside the deck: it has no scheme, and does not begin at a server or a page."""
    return _SCHEME_OR_ROOT.match(unquote(address)) is None and markup.is_linkable(address)


_SCHEME_OR_ROOT = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\#?$]|\Z)")  # $: a placeholder of an LMS


def _dead(address: str, offset: int) -> Problem:
    subject = repr(markup.as_named(address))
    message = f"the link to {subject} leads nowhere in an export, which brings along images, sound and film only"
    fix = "write the whole address with https:// in front; a file must be put on the web first, or said here"
    return Problem("link-to-file", message, fix, offset=offset, severity=Severity.WARNING, subject=subject)


class _Finder:
    """Looks up where a token's content stands in the text; markdown-it tells the line only."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
        self._from = 0
        self._missing: set[str] = set()

    def find(self, content: str, line: int, *leads: str) -> Callable[[int], int]:
        """Looks for the content behind one of the leads, from this line and the last find on.

        Gives a function from an offset in the content to the one in the text.
        """
        first = max(self._lines[min(line, len(self._lines) - 1)], self._from)
        for begin in () if content in self._missing else (first, 0):
            for lead in leads or ("",):
                start = self._text.find(lead + content, begin)
                if start >= 0:
                    start += len(lead)
                elif written := re.compile(rf"{re.escape(lead)}\s*({_as_written(content)})").search(self._text, begin):
                    start = written.start(1)
                if start >= 0:
                    self._from = start + 1
                    return partial(self._offset, content, start)
        self._missing.add(content)
        return lambda _: first

    def _offset(self, content: str, start: int, at: int) -> int:
        if self._text.startswith(content, start):
            return start + at
        written = re.compile(_as_written(content[:at])).match(self._text, start)
        return written.end() if written else start


def _as_written(content: str) -> str:
    """A pattern for what a text may hold where a token holds this: other line beginnings, escapes, %20."""
    return "".join(_WRITTEN.get(c) or (c if c.isascii() and c.isalnum() else _escaped(c)) for c in content)


_WRITTEN = {"\n": r"[ \t]*(?:\r\n|\r|\n)[ \t>]*", "\\": r"\\", "\ufffd": "[\ufffd\\0]"}


def _escaped(character: str) -> str:
    return rf"(?:\\?{re.escape(character)}|(?i:{re.escape(quote(character, safe=''))}))"
