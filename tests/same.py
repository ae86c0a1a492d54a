"""Decks as what they show: to say that one came back equal from another program's file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from cardforge.model import NOT_TEXT, Deck, to_data
from cardforge.text import Html, Text, render
from cardforge.text.render import Dialect, mathjax

_DIALECT = Dialect(maths=mathjax)


def shown(deck: Deck) -> dict[str, Any]:
    """A deck as plain data, every text as the HTML that it renders to, media by their content.

    A derived id is left out like one that was never there, a single hint is a list of one.
    """
    media = deck.origin.media

    def source(path: str) -> str:
        problem = media.problem(path)
        return path if problem else hashlib.sha256(media.read(path)).hexdigest()[:12]

    def text(value: Text) -> str:
        return canonical(render(value, _DIALECT, source))

    def part(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"html"}:
                return text(Html(value["html"]))
            typed = name == "answers"
            return {key: v if typed and key == "text" else part(v, key) for key, v in value.items()}
        if isinstance(value, list):
            return [part(element, name) for element in value]
        if isinstance(value, str) and name not in NOT_TEXT and name != "answers":
            return text(value)
        return value

    def listed(value: Any) -> Any:
        if isinstance(value, dict):
            value = {key: listed(v) for key, v in value.items()}
            if isinstance(value.get("hint"), str):
                value["hint"] = [value["hint"]]
            return value
        return [listed(element) for element in value] if isinstance(value, list) else value

    data: dict[str, Any] = listed(part(to_data(deck), ""))
    return data


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(r'([A-Za-z-]+)="([^"]*)"')
_SAME_ELEMENT = {"b": "strong", "i": "em", "strike": "del", "s": "del"}
_BLOCKS = frozenset(
    """article aside blockquote br center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)


def canonical(html: str) -> str:
    """Sanitised XHTML in one of the ways to write what a browser shows: white space, entities, attributes in order."""
    pieces = list(_pieces(html))
    for index, piece in enumerate(pieces):
        if piece.startswith("<"):
            continue
        if index == 0 or _is_block(pieces[index - 1]):
            piece = piece.lstrip(" ")
        if index == len(pieces) - 1 or _is_block(pieces[index + 1]):
            piece = piece.rstrip(" ")
        pieces[index] = piece
    whole = "".join(pieces)
    single = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", whole, re.DOTALL)
    return single[1] if single else whole


def _is_block(piece: str) -> bool:
    tag = _TAG.fullmatch(piece)
    return bool(tag and tag[2] in _BLOCKS)


def _pieces(html: str) -> Iterator[str]:
    last = inside_pre = 0
    for tag in _TAG.finditer(html):
        yield from _text(html[last : tag.start()], inside_pre > 0)
        name = _SAME_ELEMENT.get(tag[2].lower(), tag[2].lower())
        attributes = sorted((k.lower(), unescape(v)) for k, v in _ATTRIBUTE.findall(tag[3]))
        yield f"<{tag[1]}{name}" + "".join(f' {k}="{escape(v)}"' for k, v in attributes) + ">"
        inside_pre += (name == "pre") * (-1 if tag[1] else 1)
        last = tag.end()
    yield from _text(html[last:], inside_pre > 0)


def _text(text: str, as_is: bool) -> Iterator[str]:
    if text:
        text = unescape(text)
        yield escape(text if as_is else re.sub(r"[ \t\r\n\f]+", " ", text), quote=False)
