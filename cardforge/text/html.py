"""Sanitising HTML, and making it well-formed XHTML.

Import programs (Moodle's, Canvas's, Anki's) clean nothing, so what would harm is taken out here;
`losses` says what that would be, so that it can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3

_ALLOWED = frozenset(
    """a abbr acronym article aside audio b bdi bdo big blockquote br caption center cite code col colgroup data
    dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins
    kbd li main map area mark nav ol p picture pre q rb rp rt rtc ruby s samp section small source span strike
    strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr""".split()
)
_WITH_CONTENT = frozenset({"script", "style", "template", "noscript", "iframe", "object", "embed"})
_FORBIDDEN = _WITH_CONTENT | frozenset(
    """applet base basefont body button canvas datalist dialog dir fieldset form frame frameset head html input
    label legend link marquee math menu meta meter noframes optgroup option output param plaintext portal
    progress select slot svg textarea title xmp""".split()
)
_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "style", "title"},
    "a": {"href"},
    "audio": {"controls", "loop", "src"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"datetime"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"src", "type"},
    "table": {"align", "border", "cellpadding", "cellspacing", "width"},
    "td": {"align", "colspan", "headers", "rowspan", "valign"},
    "th": {"align", "colspan", "headers", "rowspan", "scope", "valign"},
    "time": {"datetime"},
    "track": {"kind", "label", "src", "srclang"},
    "tr": {"align", "valign"},
    "ul": {"type"},
    "video": {"controls", "height", "loop", "poster", "src", "width"},
}
# Only what can neither load anything nor cover the page.
_STYLES = frozenset(
    """background-color border border-bottom border-collapse border-color border-left border-radius border-right
    border-spacing border-style border-top border-width color direction font-family font-size font-style
    font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom
    margin-left margin-right margin-top max-height max-width min-width padding padding-bottom padding-left
    padding-right padding-top text-align text-decoration text-indent text-transform vertical-align white-space
    width word-spacing""".split()
)
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_VOID_TAG = re.compile(rf'<({_VOID})((?:\s[^\s=>"]+="[^"]*")*)>')
_MEDIA_ATTRIBUTE = re.compile(r'(<(?:img|audio|video|source|track)\b[^>]*?\s(?:src|poster)=")([^"]*)(")')
_TAG = re.compile(r"<[^>]*>")
_ILLEGAL_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DISPLAY_URL = re.compile(r"\s*(?:javascript|vbscript|file|data):", re.IGNORECASE)


def is_element(name: str) -> bool:
    """Whether HTML has, or had, an element of this name."""
    return name.lower() in _ALLOWED or name.lower() in _FORBIDDEN


def _attribute(element: str, name: str, value: str) -> str | None:
    """Drop addresses that are code."""
    if name in ("href", "src", "poster") and _DISPLAY_URL.match(unescape(value)):
        return None
    return value


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_ALLOWED),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=set(_STYLES),
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )


def sanitise(html: str) -> str:
    """Safe, balanced, well-formed XHTML with the same text and formatting."""
    cleaned = _cleaner().clean(html).replace("&nbsp;", "&#160;")
    return without_illegal(_VOID_TAG.sub(r"<\1\2 />", cleaned))


def without_illegal(html: str) -> str:
    """The markup without the characters that XML 1.0 (and so every target) cannot hold."""
    return _ILLEGAL_IN_XML.sub("", html)


def has_illegal(text: str) -> bool:
    """Whether the text has a character that no target's HTML can hold."""
    return _ILLEGAL_IN_XML.search(text) is not None


def strip_tags(html: str) -> str:
    """The text of an HTML fragment, entities read, elements removed."""
    return unescape(_TAG.sub("", html))


def map_media(html: str, source: Callable[[str], str]) -> str:
    """Sanitised HTML with every media path replaced by ``source(path)``."""

    def replace(match: re.Match[str]) -> str:
        return match[1] + escape(source(unquote(unescape(match[2])))) + match[3]

    return _MEDIA_ATTRIBUTE.sub(replace, html) if "src=" in html or "poster=" in html else html


@dataclass(frozen=True, slots=True)
class Removed:
    """Something in an author's HTML that does not survive. ``offset`` counts characters."""

    offset: int
    what: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A media file that an author's HTML names."""

    path: str
    offset: int


def examine(html: str) -> tuple[list[Removed], list[Reference], set[str]]:
    """What sanitising would remove, which media files are named, and which elements are used."""
    reader = _Examiner(html)
    reader.feed(html)
    reader.close()
    return reader.removed, reader.references, reader.elements


class _Examiner(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.removed: list[Removed] = []
        self.references: list[Reference] = []
        self.elements: set[str] = set()
        self._lines = [0, *(m.end() for m in re.finditer("\n", html))]

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        offset = self._offset()
        self.elements.add(tag)
        if tag not in _ALLOWED:
            self.removed.append(Removed(offset, f"<{tag}>"))
            return
        allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if name not in allowed:
                self.removed.append(Removed(offset, f"{name} of <{tag}>"))
            elif name in ("href", "src", "poster") and _DISPLAY_URL.match(value or ""):
                self.removed.append(Removed(offset, f"{name}={value!r} of <{tag}>"))
            elif name in ("src", "poster") and value:
                self.references.append(Reference(value, offset))
            elif name == "style" and (lost := list(_lost_styles(value or ""))):
                self.removed.append(Removed(offset, f"style {', '.join(lost)} of <{tag}>"))


def _lost_styles(style: str) -> Iterator[str]:
    for declaration in style.split(";"):
        name = declaration.partition(":")[0].strip().lower()
        if name and name not in _STYLES:
            yield name
