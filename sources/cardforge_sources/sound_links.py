"""Links to a sound or film, which become players: their words are kept before the player."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from cardforge.text import MediaKind, media_kind
from cardforge.text.content import has_visible

_LINK = re.compile(r"(<a\s[^<>]*+>)((?:(?!</?a\b).)*+)</a>", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_TAG = re.compile(r"<[^<>]*>")


def with_words(html: str) -> str:
    """The HTML, with the words of such links before them, and the file's name in them. A name alone is no words."""
    return _LINK.sub(_apart, html) if "<a" in html or "<A" in html else html


def _apart(link: re.Match[str]) -> str:
    written = _ADDRESS.search(link[1])
    address = unescape(written[1] or written[2] or "") if written else ""
    path = address.partition("?")[0].partition("#")[0]
    if _ELSEWHERE.match(address) or media_kind(path) is MediaKind.IMAGE:
        return link[0]
    name = unquote(path.rpartition("/")[2])
    said = " ".join(unescape(_TAG.sub("", link[2])).split())
    is_name = said.casefold() in (name.casefold(), name.rpartition(".")[0].casefold(), path.casefold())
    return link[0] if is_name or not has_visible(said) else f"{link[2]} {link[1]}</a>"
