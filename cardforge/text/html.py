"""Sanitising HTML, and making it well-formed XHTML.

Import programs (Moodle's, Canvas's, Anki's) clean nothing, so what would harm is taken out here;
`losses` says what that would be, so that it can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from itertools import accumulate
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
# In sanitised HTML every attribute has double quotes, and no <, > or " in it.
_VOID_TAG = re.compile(rf'<({_VOID})((?:\s[^\s=>"]+="[^"]*")*)>')
_MEDIA_TAG = re.compile(r"<(?:img|audio|video|source|track)\s[^>]*>")
_MEDIA_ATTRIBUTE = re.compile(r'(\s(?:src|poster)=")([^"]*)')
_BLOCK_TAG = re.compile(
    r"</?(?:article|aside|blockquote|br|caption|center|d[dlt]|details|div|figcaption|figure|footer|h[1-6]|header|hr|li"
    r"|main|nav|ol|p|pre|section|summary|table|t[dhr]|ul)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_DESCRIBED = re.compile(r'<img\s(?:[^>]*\s)?alt="([^"]*)"[^>]*>')
_NESTING = re.compile(r"<(/?)[^>]*?(/?)>")
_ILLEGAL_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|file|data):", re.IGNORECASE)
_ADDRESSES = frozenset({"href", "src", "poster"})
# A function in a style can load a file (url, image-set), and a backslash can hide one.
_STYLE_FUNCTION = re.compile(r"\\|(?<![\w-])(?!(?:rgba?|hsla?|calc)\()[\w-]*\(", re.IGNORECASE)


def is_element(name: str) -> bool:
    """Whether HTML has, or had, an element of this name."""
    return name.lower() in _ALLOWED or name.lower() in _FORBIDDEN


def _attribute(element: str, name: str, value: str) -> str | None:
    """Drop addresses that are code, and styles that could load something."""
    if (name in _ADDRESSES and _is_code(value)) or (name == "style" and _loads(value)):
        return None
    return value


def _is_code(address: str) -> bool:
    return _CODE.match(unescape(address)) is not None


def _loads(style: str) -> bool:
    return _STYLE_FUNCTION.search(style) is not None


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
    """Safe, balanced, well-formed XHTML with the same text and formatting; of what is bottomless, its source."""
    if is_bottomless(html):
        return escape(without_illegal(html))
    cleaned = _cleaner().clean(_without_unknown(without_illegal(html))).replace("&nbsp;", "&#160;")
    if "<pre" in cleaned:
        # A parser drops the first line break in it, and would so each time.
        cleaned = _PRE.sub(r"\g<0>\n", cleaned)
    return without_illegal(_VOID_TAG.sub(r"<\1\2 />", cleaned))


_PRE = re.compile(r"<pre(?:\s[^>]*)?>(?=\n)")


def _without_unknown(html: str) -> str:
    """nh3 would drop all that follows what MathML or SVG calls an element, as the <int> in List<int>."""
    parts, last = [], 0
    for tag in _tags(html):
        if not is_element(tag.name) and not tag.name.startswith("/"):
            parts.append(html[last : tag.start])
            last = tag.end
    return "".join(parts) + html[last:]


def without_illegal(html: str) -> str:
    """The markup without the characters that XML 1.0 (and so every target) cannot hold."""
    return _ILLEGAL_IN_XML.sub("", html)


def has_illegal(text: str) -> bool:
    """Whether the text has a character that no target's HTML can hold."""
    return _ILLEGAL_IN_XML.search(text) is not None


def without_tags(html: str) -> str:
    """What a fragment of HTML has beside its tags, as it is written."""
    return _TAG.sub("", html)


def strip_tags(html: str) -> str:
    """The text of a sanitised HTML fragment, entities read, elements removed, a space where a block ends.

    An image is its description.
    """
    return unescape(_TAG.sub("", _DESCRIBED.sub(r"\1", _BLOCK_TAG.sub(" ", html))))


def replaced_tags(html: str, tag: re.Pattern[str], instead: str | Callable[[re.Match[str]], str]) -> str:
    """HTML of any kind with something else for each tag that the pattern finds, which begins with < and ends with >."""
    # No tag ends behind the last >; to look for the end again from each < there would take long.
    end = html.rfind(">") + 1
    return tag.sub(instead, html[:end]) + html[end:]


def depth(html: str) -> int:
    """How deep the elements of sanitised HTML are nested."""
    steps = (-1 if tag[1] else not tag[2] for tag in _NESTING.finditer(html))
    return max(accumulate(steps), default=0)


_OPENING = re.compile(rf"<(/?)(?!(?:{_VOID}|d[dt]|li|p|t[dhr]|tbody)\b)[A-Za-z][^<>]*(?<!/)>", re.IGNORECASE)


def is_bottomless(html: str) -> bool:
    """Whether so many elements are left open within each other that sanitising would take long: nh3 needs time that
    grows with the square of the depth.
    """
    if html.count("<") <= _BOTTOM:
        return False
    return max(accumulate(-1 if tag[1] else 1 for tag in _OPENING.finditer(html)), default=0) > _BOTTOM


_BOTTOM = 1_000


def map_media(html: str, source: Callable[[str], str]) -> str:
    """Sanitised HTML with every media path replaced by ``source(path)``."""

    def replace(match: re.Match[str]) -> str:
        return match[1] + escape(source(unquote(unescape(match[2]))))

    if "src=" not in html and "poster=" not in html:
        return html
    return _MEDIA_TAG.sub(lambda tag: _MEDIA_ATTRIBUTE.sub(replace, tag[0]), html)


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


def examine(html: str) -> tuple[list[Removed], list[Reference], list[Reference], set[str]]:
    """What sanitising would remove, which media files are named, what is linked to, and which elements are used."""
    removed: list[Removed] = []
    references: list[Reference] = []
    links: list[Reference] = []
    elements: set[str] = set()
    for tag in _tags(html):
        elements.add(tag.name)
        if tag.name not in _ALLOWED:
            removed.append(Removed(tag.start, f"<{as_named(tag.name)}>"))
            continue
        removed += (Removed(tag.start, f"{what} of <{tag.name}>") for what in _lost_attributes(tag))
        sources = (tag.attributes.get("src"), tag.attributes.get("poster"))
        references += (Reference(path, tag.start) for path in sources if path and not _is_code(path))
        if tag.name == "a" and (address := tag.attributes.get("href")):
            links.append(Reference(address, tag.start))
    return removed, references, links, elements


_BEGINNING = re.compile(r"<(?:(!--)|([!?]|/[^A-Za-z])|(/?)([A-Za-z][^\t\n\f\r />]*))")
_COMMENT_END = re.compile(r"(?<=<!--)-?>|--!?>")
_NEXT_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?:(>)|([^\t\n\f\r />][^\t\n\f\r />=]*)
    (?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)("|\Z)|'([^']*)('|\Z)|([^\t\n\f\r >]*)))?)""",
    re.VERBOSE,
)
# HTML reads no tags in these, up to their own end tag.
_RAW = frozenset("iframe noembed noframes noscript script style textarea title xmp".split())


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int
    end: int
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def _tags(html: str) -> Iterator[_Tag]:
    """The start tags, found as HTML 5 says and in one pass; names are lower case.

    What a browser takes for a nameless comment (``<?``, ``<!DOCTYPE``) comes as ``?`` or ``!``, an end tag that
    has attributes with its slash, and a tag without an end, which swallows all that follows, with an ellipsis.
    """
    position = 0
    while beginning := _BEGINNING.search(html, position):
        start, position = beginning.span()
        comment, declaration, slash, name = beginning.groups()
        if comment:
            end = _COMMENT_END.search(html, position)
            position = end.end() if end else len(html)
            continue
        if declaration:
            position = html.find(">", position - 1) + 1 or len(html)
            yield _Tag(start, position, declaration)
            continue
        name = slash + name.lower()
        attributes: dict[str, str] = {}
        while (attribute := _NEXT_ATTRIBUTE.match(html, position)) and not attribute[1]:
            position = attribute.end()
            value = attribute[3] or attribute[5] or attribute[7] or ""
            attributes.setdefault(attribute[2].lower(), unescape(value))
        if not attribute:
            yield _Tag(start, len(html), f"{name}…")
            return
        position = attribute.end()
        if not slash or attributes:
            yield _Tag(start, position, name, attributes)
        if name in _RAW:
            end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, position)
            position = end.start() if end else len(html)


def _lost_attributes(tag: _Tag) -> Iterator[str]:
    allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag.name, set())
    for name, value in tag.attributes.items():
        if name not in allowed:
            yield as_named(name)
        elif name in _ADDRESSES and (_is_code(value) or (name == "href" and not is_linkable(value))):
            yield f"{name}={as_named(value)!r}"
        elif name == "style":
            yield from (f"style {lost}" for lost in _lists(dict.fromkeys(_lost_styles(value))))


def as_named(text: str) -> str:
    """A name or words out of a text, as messages show them: on one line, and cut when they are long."""
    line = _WHITE_SPACE.sub(" ", text)
    return line if len(line) <= _LONGEST_NAMED else f"{line[: _LONGEST_NAMED - 1]}…"


_WHITE_SPACE = re.compile(r"\s+")
_LONGEST_NAMED = 60


def _lists(names: Iterable[str]) -> Iterator[str]:
    """The names with commas between them, as many together as one may be long."""
    listed = ""
    for name in map(as_named, names):
        if listed and len(listed) + len(name) + 2 > _LONGEST_NAMED:
            yield listed
            listed = name
        else:
            listed += f", {name}" if listed else name
    if listed:
        yield listed


def is_linkable(address: str) -> bool:
    """Whether a link to this address survives sanitising."""
    return "href=" in sanitise(f'<a href="{escape(address)}">')


def _lost_styles(style: str) -> Iterator[str]:
    if _loads(style):
        yield "with a function"
        return
    for declaration in style.split(";"):
        name = declaration.partition(":")[0].strip().lower()
        if name and name not in _STYLES:
            yield name
