"""The media files that a text names, by the paths that they have in the deck.

Images, players and their sources keep their elements. An ``<object>`` of QTI and a link to a sound or film, of which
Moodle makes a player, become players. A file on another host, which a deck cannot hold, becomes a link; what a
``data:`` address holds stays, to be reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import unquote

from cardforge.text import html as markup
from cardforge.text.content import MediaKind, media_kind

Source = Callable[[str], str]
"""From the address of a media file, decoded, to its path in the deck."""

_ELEMENTS = re.compile(r"<(?:img|audio|video|source|track|object|a)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_DATA = re.compile(r"\s*data:", re.IGNORECASE)
_IMAGE_SUFFIX = re.compile(r".*\.(?:png|jpe?g|gif|svg|webp|bmp|avif)\Z", re.IGNORECASE | re.DOTALL)
_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("object", "a")}
_TAG = re.compile(r"<[^>]*>")


def player(path: str, kind: MediaKind) -> str:
    """A player for a file in the deck; for audio when nothing tells what it is."""
    name = MediaKind.AUDIO if kind is MediaKind.IMAGE else kind
    return f'<{name} controls="controls" src="{_address(path)}"></{name}>'


def with_deck_paths(html: str, source: Source, formula: Callable[[str, str], str]) -> str:
    """The text with the deck's paths, and Canvas's images of formulas as ``formula(latex, original)`` says."""
    return "".join(_parts(html, source, formula)) if _ELEMENTS.search(html) else html


def _parts(html: str, source: Source, formula: Callable[[str, str], str]) -> Iterator[str]:
    last = 0
    played = ""
    ends = {name: _next_end(html, end) for name, end in _END.items()}
    for tag in markup._tags(html):
        if tag.start < last:
            continue
        shown: str | None = None
        end: int | None = tag.end
        if tag.name == "img" and (tex := _equation(tag.attributes)):
            shown = formula(tex, rf"\({escape(tex, quote=False)}\)")
        elif tag.name in ("img", "audio", "video", "source", "track"):
            shown = _with_paths(tag.name, tag.attributes, source)
            played = unquote(tag.attributes.get("src") or "") if tag.name != "img" else played
        elif tag.name in _END:
            path = tag.attributes.get("data" if tag.name == "object" else "href", "")
            kind = _kind(path, tag.attributes.get("type", ""), tag.name)
            end = ends[tag.name](tag.end) if kind else None
            if kind is None or end is None:
                continue
            if kind is MediaKind.IMAGE:
                described = _TAG.sub("", html[tag.end : end]).strip()
                shown = f'<img src="{_address(source(unquote(path)))}" alt="{escape(unescape(described))}" />'
            else:  # A link behind a player of the same file is for programs that have no player.
                shown = "" if unquote(path) == played else player(source(unquote(path)), kind)
                played = unquote(path)
        if shown is not None and end is not None:
            yield html[last : tag.start]
            yield shown
            last = end
    yield html[last:]


def _next_end(html: str, pattern: re.Pattern[str]) -> Callable[[int], int | None]:
    """A function to the end of the next end tag behind a place; it asks for one behind the last place or later."""
    ends = pattern.finditer(html)
    found = next(ends, None)

    def behind(position: int) -> int | None:
        nonlocal found
        while found and found.start() < position:
            found = next(ends, None)
        return found.end() if found else None

    return behind


def _with_paths(name: str, attributes: Mapping[str, str], source: Source) -> str | None:
    """The start tag with paths of the deck; a link when the file is on another host."""
    address = attributes.get("src", "")
    if _ELSEWHERE.match(address):
        if _DATA.match(address) or name in ("source", "track"):
            return None
        words = attributes.get("alt") or attributes.get("title") or name
        return f'<a href="{escape(address.strip())}">{escape(words, quote=False)}</a>'
    mapped = dict(attributes)
    for key in ("src", "poster"):
        if (written := attributes.get(key)) and not _ELSEWHERE.match(written):
            mapped[key] = encoded(source(unquote(written)))
    return "".join((f"<{name}", *(f' {key}="{escape(value)}"' for key, value in mapped.items()), ">"))


def _equation(attributes: Mapping[str, str]) -> str:
    """The LaTeX of an image by Canvas's equation editor, or "". Its address has it too, escaped twice."""
    if "equation_image" not in attributes.get("class", "").split() and "data-equation-content" not in attributes:
        return ""
    if tex := attributes.get("data-equation-content"):
        return tex
    _, found, escaped = attributes.get("src", "").partition("/equation_images/")
    if found:
        return unquote(unquote(escaped.partition("?")[0]))
    return attributes.get("title") or attributes.get("alt", "").removeprefix("LaTeX: ")


def _kind(path: str, media_type: str, element: str) -> MediaKind | None:
    """What an object or a link plays or shows; None when it does not, or when the file is on another host."""
    if not path or _ELSEWHERE.match(path):
        return None
    by_type = next((kind for kind in MediaKind if media_type.lower().startswith(f"{kind}/")), None)
    kind = by_type or media_kind(path)
    if kind is not MediaKind.IMAGE:
        return kind
    return kind if element == "object" and (by_type or _IMAGE_SUFFIX.match(path)) else None


def encoded(path: str) -> str:
    """A path of the deck as an address in HTML, where it is decoded again."""
    return path.replace("%", "%25")


def _address(path: str) -> str:
    return escape(encoded(path))
