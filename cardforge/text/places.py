"""Where the images and the HTML of a Markdown text stand in it: markdown-it itself tells the lines only."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image
from markdown_it.token import Token

from cardforge.text import markdown

_Pieces = Sequence[tuple[int, int]]
"""Where the pieces of a token's content begin: in the content, and in the text."""
_LINE_END = re.compile(r"\r\n|\n|\r")
_BEFORE_PATH = re.compile(r"\]\(\s*<?")
_TO_LABEL = len("![")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a token. Its content is an image's description, or HTML.

    ``is_linked`` tells whether it stands in a link, or in the description of another image. ``path`` is where an image
    has its path; for one that names its path elsewhere (``![map][m]``) and for HTML, it is the start.
    """

    _pieces: _Pieces
    _start: int
    _end: int
    _content: int
    _path: int
    is_linked: bool

    @property
    def start(self) -> int:
        return _mapped(self._pieces, self._start)

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return _mapped(self._pieces, self._end - 1) + 1

    @property
    def path(self) -> int:
        return _mapped(self._pieces, self._path)

    def offset(self, at: int) -> int:
        """Where the content's character at ``at`` stands in the text."""
        return _mapped(self._pieces, self._content + at)


def places(text: str) -> Iterator[Place | None]:
    """For each token of the text, in the order of `markdown.walk`, its place if it is an image or HTML.

    None for all other tokens, and where the text has no such characters in a row (a tab parted by a list, say).
    """
    lines = _Lines(text)
    is_cell = False
    for token in _parser().parse(text):
        pieces = lines.pieces(token, is_cell) if token.type in ("inline", "html_block") else None
        is_cell = token.type in ("th_open", "td_open")
        is_block = pieces and token.type == "html_block"
        yield Place(pieces, 0, len(token.content), 0, 0, False) if pieces and is_block else None
        below = [(child, 0) for child in reversed(token.children or ())]
        while below:
            child, shift = below.pop()
            span = child.meta.get(_SPAN)
            if span is None:
                yield None
                continue
            start, end, path, is_linked = span
            inside = shift + start + (_TO_LABEL if child.type == "image" else 0)
            is_linked |= shift > 0
            yield Place(pieces, shift + start, shift + end, inside, shift + path, is_linked) if pieces else None
            below += ((inner, inside) for inner in reversed(child.children or ()))


def _mapped(pieces: _Pieces, at: int) -> int:
    piece, start = pieces[bisect_right(pieces, at, key=itemgetter(0)) - 1]
    return start + at - piece


# --- from a token's content to the text --------------------------------------------------------------


class _Lines:
    """Finds what a token holds in its lines of the text. Containers take away from a line's beginning, and a table's
    cell is what stands between two bars."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\0", "\ufffd")
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]
        self._behind_cell: dict[int, int] = {}

    def pieces(self, token: Token, is_cell: bool) -> _Pieces | None:
        if token.map is None or not token.content:
            return None
        return self._cell(token.content, token.map[0]) if is_cell else self._block(token.content, token.map[0])

    def _block(self, content: str, first: int) -> _Pieces | None:
        found = []
        at = 0
        for number, line in enumerate(content.split("\n"), first):
            bare = line.lstrip(" ")  # a tab may have become the spaces
            if number < len(self._starts):
                start = self._text.rfind(bare, self._starts[number], self._ends[number])
                if start < 0:
                    return None
                found.append((at, max(start - len(line) + len(bare), self._starts[number])))
            at += len(line) + 1
        return found

    def _cell(self, content: str, number: int) -> _Pieces | None:
        begin = self._behind_cell.get(number, self._starts[number])
        written = content.replace("|", r"\|")
        start = self._text.find(written, begin, self._ends[number])
        if start < 0:
            return None
        self._behind_cell[number] = start + len(written)
        bars = (bar.start() for bar in re.finditer(r"\|", content))
        return [(0, start), *((bar, start + bar + count) for count, bar in enumerate(bars, 1))]


# --- a parser that notes where it is -----------------------------------------------------------------

_SPAN = "span"


@cache
def _parser() -> MarkdownIt:
    parser = markdown.parser()
    parser.inline.ruler.at("image", _noting(image))
    parser.inline.ruler.at("html_inline", _noting(html_inline))
    return parser


def _noting(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The rule, which leaves with its token where in the line of text that stands."""

    def noting(state: StateInline, silent: bool) -> bool:
        start, is_linked = state.pos, state.linkLevel > 0
        if not rule(state, silent):
            return False
        if not silent:
            token = state.tokens[-1]
            path = None
            if token.type == "image":
                path = _BEFORE_PATH.match(state.src, start + _TO_LABEL + len(token.content))
            token.meta[_SPAN] = start, state.pos, path.end() if path else start, is_linked
        return True

    return noting
