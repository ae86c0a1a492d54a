"""Text to HTML in a target's dialect, and to plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cardforge.text import html as markup
from cardforge.text import markdown, maths
from cardforge.text.code import highlight
from cardforge.text.content import Html, MediaKind, Text, is_plain, media_kind
from cardforge.text.holes import Holes

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
        holes = Holes(text.html)
        html = maths.replaced(
            markup.sanitise(text.html),
            lambda tex, shown: holes.leave(markup.without_illegal(dialect.maths(tex, shown))),
        )
        return holes.fill(dialect.literal(_without_empty_headers(markup.map_media(html, source))))
    if is_plain(text):
        return text
    tokens = markdown.parse(text)
    # Markup that neither the sanitiser nor the target's `literal` may touch.
    holes, addresses = Holes(text), _Addresses(source)
    rendered = _render(tokens, dialect, addresses, holes)
    if markdown.has_raw_html(tokens):
        rendered = markup.map_media(markup.sanitise(rendered), addresses.again)
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
        return " ".join(markup.strip_tags(render(text, PLAIN)).split())
    words = [_plain_token(token) for token, _ in markdown.walk(tokens)]
    return " ".join("".join(words).split())


_BREAKS = frozenset({"softbreak", "hardbreak", "inline", "paragraph_close", "td_close", "th_close", "fence"})
_VISIBLE = frozenset({"text", "code_inline", "code_block", "fence"}) | markdown.MATHS
PLAIN = Dialect(maths=lambda tex, display: escape(f"${tex}$", quote=False))
"""For the text of the HTML only: a formula is shown as it is written."""


def _plain_token(token: Token) -> str:
    if token.type == "inline" or token.type in _BREAKS - {"fence"}:
        return " "
    if token.type in markdown.MATHS:
        return f"${token.content.strip()}$"
    if token.type == "list_item_open":  # which may be all that a date ("1. May") or a number ("- 5") begins with
        return f"{token.info}{token.markup} "
    return token.content + " " * (token.nesting == 0 and token.block) if token.type in _VISIBLE else ""


class _Addresses:
    """Where the media are for the target. Raw HTML is mapped after the Markdown around it, whose addresses it holds."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._given: dict[str, str] = {}

    def of(self, path: str) -> str:
        address = self._source(path)
        self._given[unquote(address)] = address
        return address

    def again(self, path: str) -> str:
        """The same of what may be an address already."""
        return self._given[path] if path in self._given else self._source(path)


def _render(tokens: Sequence[Token], dialect: Dialect, addresses: _Addresses, holes: Holes) -> str:
    markdown_it, renderer = _renderer()
    env: MutableMapping[str, Any] = {"dialect": dialect, "addresses": addresses, "holes": holes}
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


def _hole(env: _Env, content: str) -> str:
    return str(env["holes"].leave(markup.without_illegal(content)))


def _text(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    return escape(tokens[index].content, quote=False)


def _inline_maths(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    token = tokens[index]
    return _hole(env, env["dialect"].maths(token.content, token.type != "math_inline"))


def _block_maths(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    return f"<p>{_hole(env, env['dialect'].maths(tokens[index].content, True))}</p>\n"


def _code(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    token = tokens[index]
    language = next(iter(token.info.split()), "")
    name = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="highlight"><code{name}>{highlight(token.content, language)}</code></pre>\n'


def _code_inline(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: _Env) -> str:
    return f"<code>{escape(tokens[index].content, quote=False)}</code>"


def _image(_self: object, tokens: Sequence[Token], index: int, _options: object, env: _Env) -> str:
    token = tokens[index]
    path = unquote(str(token.attrGet("src") or ""))
    address = env["addresses"].of(path)
    kind = media_kind(path)
    if kind is not MediaKind.IMAGE:
        return _hole(env, env["dialect"].player(address, kind))
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
