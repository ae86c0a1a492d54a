"""What a text holds (maths, media, tables …) and what is wrong in it, from one parse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

from markdown_it.token import Token

from cardforge.diagnostics import Problem, Severity
from cardforge.text import html as markup
from cardforge.text import markdown, maths
from cardforge.text.content import CONTROL, MediaKind, Text, has_visible, is_plain, media_kind


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
    """``problems`` have no ``at``: the caller knows where the text stands."""

    features: frozenset[TextFeature]
    media: tuple[MediaReference, ...]
    problems: tuple[Problem, ...]


_NONE = Facts(frozenset(), (), ())


def facts(text: Text) -> Facts:
    """Features, media and problems of a text. Plain text costs one regular expression."""
    if isinstance(text, str):
        return _NONE if is_plain(text) else _markdown_facts(text)
    return _html_facts(text.html)


# A control character beside a letter is what is left of "\theta" or "\frac" in double quotes.
_LOST_ESCAPE = re.compile(rf"(?<=[^\W\d_])[{CONTROL}]|[{CONTROL}](?=[^\W\d_])")
_LOST_TAB = re.compile(
    r"\t(?:heta|au|imes|ext|ext(?:bf|it|rm|sf|tt)|an|anh|o|op|ilde|riangle\w*|herefore|frac|binom|ag|hinspace)"
    r"(?![A-Za-z])"
)
_LOST_RETURN = re.compile(r"\r(?:ho|ight|angle|floor|ceil|brace|m|ightarrow|ef|e)(?![A-Za-z])")
_ESCAPE_NAMES = {"\a": "a", "\b": "b", "\t": "t", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", "\0": "0"}


def control_problem(text: str) -> Problem | None:
    """The first control character that a lost backslash escape left beside a letter, or a NUL."""
    match = _LOST_ESCAPE.search(text) or _LOST_RETURN.search(text)
    if not match and (tab := _LOST_TAB.search(text)):
        # Code is indented with tabs; there, only the long names are beyond doubt.
        indents = tab.start() > 0 and text[tab.start() - 1] in "\n\t"
        match = None if indents and tab.end() - tab.start() < 4 else tab
    if not match:
        nul = text.find("\0")
        if nul < 0:
            return None
        return Problem("control-character", "the text has a NUL character", "remove it", offset=nul)
    character = match[0][0]
    name = _ESCAPE_NAMES.get(character)
    follows = re.match(r"[A-Za-z]*", text[match.start() + 1 :])
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
        offset=match.start(),
    )


@lru_cache(maxsize=16384)
def _markdown_facts(text: str) -> Facts:
    features: set[TextFeature] = set()
    media: list[MediaReference] = []
    problems: list[Problem] = []
    if control := control_problem(text):
        problems.append(control)
    if markup.has_illegal(text):
        features.add(TextFeature.CONTROL_CHARACTER)
    tokens = markdown.parse(text)
    finder = _Finder(text)
    for token, line in markdown.walk(tokens):
        kind = token.type
        if kind in markdown.MATHS:
            features.add(TextFeature.MATHS)
            if error := maths.check(token.content, kind != "math_inline"):
                offset = finder.find(token.content, line, "$") + error.offset
                problems.append(Problem("latex", error.message, error.fix, offset=offset))
        elif kind == "image":
            path = unquote(str(token.attrGet("src") or ""))
            if path:
                reference = MediaReference(path, media_kind(path), finder.find(path, line, "]("))
                features.add(TextFeature(reference.kind.value))
                media.append(reference)
            else:
                problems.append(
                    Problem("media-empty", "the image has no path", "write ![what it shows](file.png)", offset=0)
                )
        elif kind in ("html_block", "html_inline"):
            start = finder.find(token.content, line)
            _examine(token.content, start, features, media, problems)
        elif kind in _TOKEN_FEATURES:
            features.add(_TOKEN_FEATURES[kind])
    if not _shows_something(text, tokens):
        problems.append(_EMPTY)
    return Facts(frozenset(features), tuple(media), tuple(problems))


_TOKEN_FEATURES = {
    "fence": TextFeature.CODE,
    "code_block": TextFeature.CODE,
    "code_inline": TextFeature.CODE,
    "table_open": TextFeature.TABLE,
    "link_open": TextFeature.LINK,
}
_EMPTY = Problem("empty-text", "the text shows nothing", "write something that a reader can see", offset=0)
_CONTENT = {"text", "code_inline", "code_block", "fence", "image"} | markdown.MATHS


def _shows_something(text: str, tokens: Sequence[Token]) -> bool:
    if markdown.has_raw_html(tokens):
        return _html_shows_something(markdown.parser().render(text))
    return any(
        token.type == "image" or (token.type in _CONTENT and has_visible(token.content))
        for token, _ in markdown.walk(tokens)
    )


def _html_shows_something(html: str) -> bool:
    clean = markup.sanitise(html)
    return has_visible(markup.strip_tags(clean)) or re.search(r"<(?:img|audio|video)\b", clean) is not None


@lru_cache(maxsize=4096)
def _html_facts(html: str) -> Facts:
    features: set[TextFeature] = {TextFeature.HTML}
    media: list[MediaReference] = []
    problems: list[Problem] = []
    if control := control_problem(html):
        problems.append(control)
    if markup.has_illegal(html):
        features.add(TextFeature.CONTROL_CHARACTER)
    _examine(html, 0, features, media, problems)
    if not _html_shows_something(html):
        problems.append(_EMPTY)
    return Facts(frozenset(features), tuple(media), tuple(problems))


_ELEMENT_FEATURES = {
    "table": TextFeature.TABLE,
    "code": TextFeature.CODE,
    "pre": TextFeature.CODE,
    "a": TextFeature.LINK,
}


def _examine(
    html: str, start: int, features: set[TextFeature], media: list[MediaReference], problems: list[Problem]
) -> None:
    removed, references, elements = markup.examine(html)
    features.add(TextFeature.HTML)
    features.update(_ELEMENT_FEATURES[name] for name in elements & _ELEMENT_FEATURES.keys())
    for reference in references:
        found = MediaReference(unquote(reference.path), media_kind(reference.path), start + reference.offset)
        media.append(found)
        features.add(TextFeature(found.kind.value))
    for loss in removed:
        problems.append(
            Problem(
                "html-removed",
                f"{loss.what} is left out of every export",
                "say it without that; a literal < is written \\< or &lt;",
                offset=start + loss.offset,
                severity=Severity.WARNING,
            )
        )


class _Finder:
    """Looks up where a token's content stands in the text; markdown-it tells the line only."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
        self._from = 0

    def find(self, content: str, line: int, before: str = "") -> int:
        """The offset of the content's first line at or after this line and the last find."""
        start = max(self._lines[min(line, len(self._lines) - 1)], self._from)
        first = content.strip().partition("\n")[0]
        for lead, needle in ((before, content), ("", content), ("", first)):
            at = self._text.find(lead + needle, start)
            if needle and at >= 0:
                self._from = at + len(lead) + 1
                return at + len(lead)
        return start
