"""Text to HTML in a target's dialect, and to plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from itertools import chain
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cardforge.text import html as markup
from cardforge.text import markdown, maths
from cardforge.text.code import highlight
from cardforge.text.content import Html, MediaKind, Text, is_plain, media_kind

Source = Callable[[str], str]
"""From a media file's path in the deck to the address that the target knows it by."""


def _same(text: str) -> str:
    return text


def _player(address: str, kind: MediaKind) -> str:
    return f'<{kind.value} controls="controls" src="{escape(address)}"></{kind.value}>'


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs from target to target.

    ``maths`` turns LaTeX (and whether it is displayed) into markup; ``player`` turns the address of an
    audio or video file into markup; ``literal`` defuses, in finished HTML, what the target would take for
    commands of its own.
    """

    maths: Callable[[str, bool], str]
    player: Callable[[str, MediaKind], str] = _player
    literal: Callable[[str], str] = _same


def mathjax(tex: str, display: bool) -> str:
    r"""LaTeX between ``\(…\)`` or ``\[…\]``, as MathJax in Anki, Moodle and Canvas reads it."""
    bare = tex.strip()
    if len(bare) - len(bare.rstrip("\\")) & 1 and tex.rstrip() != tex:
        bare += " "  # the command "\\ " ends the formula
    tex = escape(bare, quote=False)
    return rf"\[{tex}\]" if display else rf"\({tex}\)"


def render(text: Text, dialect: Dialect, source: Source = _same) -> str:
    """Well-formed, sanitised XHTML. A single paragraph comes without its ``<p>``."""
    if isinstance(text, Html):
        holes = _Holes(text.html)
        html = maths.replaced(markup.sanitise(text.html), lambda tex, shown: holes.leave(dialect.maths(tex, shown)))
        return holes.fill(dialect.literal(_without_empty_headers(markup.map_media(html, source))))
    if is_plain(text):
        return text
    tokens = markdown.parse(text)
    holes = _Holes(text)
    rendered = _render(tokens, dialect, source, holes)
    if markdown.has_raw_html(tokens):
        rendered = markup.map_media(markup.sanitise(rendered), holes.mapped(source))
    return holes.fill(dialect.literal(_without_empty_headers(markup.without_illegal(rendered))))


def _without_empty_headers(html: str) -> str:
    """A header without a text, as in the corner of a table, is an ordinary cell: it heads nothing, and screen readers
    would announce it.
    """
    return _EMPTY_HEADER.sub(_cell, html)


_EMPTY_HEADER = re.compile(r"<th(\s[^<>]*)?>\s*</th>")
_SCOPE = re.compile(r'\sscope="[^"]*"')  # which only a header has


def _cell(header: re.Match[str]) -> str:
    return f"<td{_SCOPE.sub('', header[1] or '')}></td>"


def plain(text: Text) -> str:
    """The text as a reader sees it, without markup; maths stays LaTeX, an image is its description."""
    if isinstance(text, Html):
        return " ".join(markup.strip_tags(markup.sanitise(text.html)).split())
    if is_plain(text):
        return text
    tokens = markdown.parse(text)
    if markdown.has_raw_html(tokens):
        return " ".join(markup.strip_tags(render(text, _PLAIN)).split())
    words = [_plain_token(token) for token, _ in markdown.walk(tokens)]
    return " ".join("".join(words).split())


_BREAKS = frozenset({"softbreak", "hardbreak", "inline", "paragraph_close", "td_close", "th_close", "fence"})
_VISIBLE = frozenset({"text", "code_inline", "code_block", "fence"}) | markdown.MATHS
_PLAIN = Dialect(maths=lambda tex, display: escape(f"${tex}$", quote=False))


def _plain_token(token: Token) -> str:
    if token.type == "inline" or token.type in _BREAKS - {"fence"}:
        return " "
    if token.type in markdown.MATHS:
        return f"${token.content.strip()}$"
    if token.type == "list_item_open":  # which may be all that a date ("1. May") or a number ("- 5") begins with
        return f"{token.info}{token.markup} "
    return token.content + " " * (token.nesting == 0 and token.block) if token.type in _VISIBLE else ""


@dataclass
class _Holes:
    """Markup that neither the sanitiser nor the target's `literal` may touch, put back at the end."""

    text: str
    contents: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Two private-use characters that the text has neither as such nor as an entity or %-escape.
        text = self.text + unescape(self.text) + unquote(unescape(self.text))
        free = (chr(c) for c in chain(range(0xE000, 0xF8FF), range(0xF0000, 0x10FFFE)) if chr(c) not in text)
        self._open, self._close = next(free), next(free)

    def leave(self, content: str) -> str:
        self.contents.append(markup.without_illegal(content))
        return f"{self._open}{len(self.contents) - 1}{self._close}"

    def fill(self, html: str) -> str:
        if not self.contents:
            return html
        pattern = f"{self._open}([0-9]+){self._close}"
        return re.sub(pattern, lambda m: self.contents[int(m[1])], html)

    def address(self, path: str, source: Source) -> str:
        address = source(path)
        self.addresses[unquote(address)] = address
        return address

    def mapped(self, source: Source) -> Source:
        """A source that leaves alone the addresses which the Markdown part has mapped already."""
        return lambda path: self.addresses[path] if path in self.addresses else source(path)


def _render(tokens: Sequence[Token], dialect: Dialect, source: Source, holes: _Holes) -> str:
    markdown_it, renderer = _renderer()
    env: MutableMapping[str, Any] = {"dialect": dialect, "source": source, "holes": holes}
    single = len(tokens) == 3 and tokens[0].type == "paragraph_open"
    if single:
        return str(renderer.renderInline(tokens[1].children or [], markdown_it.options, env))
    return str(renderer.render(list(tokens), markdown_it.options, env)).strip()


@lru_cache(maxsize=1)
def _renderer() -> tuple[MarkdownIt, RendererHTML]:
    markdown_it = markdown.parser()
    for name, rule in _RULES.items():
        markdown_it.add_render_rule(name, rule)
    assert isinstance(markdown_it.renderer, RendererHTML)
    return markdown_it, markdown_it.renderer


_Env = MutableMapping[str, Any]


def _text(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    return escape(tokens[index].content, quote=False)


def _inline_maths(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    token = tokens[index]
    return str(env["holes"].leave(env["dialect"].maths(token.content, token.type != "math_inline")))


def _block_maths(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    return f"<p>{env['holes'].leave(env['dialect'].maths(tokens[index].content, True))}</p>\n"


def _code(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    token = tokens[index]
    language = token.info.split()[0] if token.info.strip() else ""
    name = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="highlight"><code{name}>{highlight(token.content, language)}</code></pre>\n'


def _code_inline(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    return f"<code>{escape(tokens[index].content, quote=False)}</code>"


def _image(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    token = tokens[index]
    path = unquote(str(token.attrGet("src") or ""))
    holes: _Holes = env["holes"]
    address = holes.address(path, env["source"])
    kind = media_kind(path)
    if kind is not MediaKind.IMAGE:
        return holes.leave(env["dialect"].player(address, kind))
    alt = escape(_alt(token.children or ()))
    title = token.attrGet("title")
    shown = f' title="{escape(str(title))}"' if title else ""
    return f'<img src="{escape(address)}" alt="{alt}"{shown} />'


def _alt(children: Sequence[Token]) -> str:
    words = (_alt(c.children or ()) if c.type == "image" else c.content or " " * (c.type in _BREAKS) for c in children)
    return "".join(words)


_RULES: dict[str, Callable[..., str]] = {
    "text": _text,
    "math_inline": _inline_maths,
    "math_inline_double": _inline_maths,
    "math_block": _block_maths,
    "fence": _code,
    "code_block": _code,
    "code_inline": _code_inline,
    "image": _image,
}
