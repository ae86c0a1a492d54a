"""Pages that an item of QTI 2 or 3 shows: HTML files of the package, in an ``object`` or ``iframe``."""

from __future__ import annotations

import posixpath
import re
from html import escape

from lxml import etree

from cardforge.diagnostics import InvalidDeck
from cardforge_sources import xml
from cardforge_sources.qti.files import Files, Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.markup import shown_as
from cardforge_sources.qti.names import inside
from cardforge_sources.xml import Element, line_of

_FRAMES = ("object", "embed", "iframe")
_PAGES = (".html", ".htm", ".xhtml", ".txt")
_ADDRESSES = ("src", "href", "data")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|#|\$|%24")
_ON_THE_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# What an HTML file can have and no XML file: see `cardforge_sources.qti.question.MARK`.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_OF_PAGES = 5_000_000
_LONGEST = 1_000_000
_MOST_TAGS = 20_000


class Pages:
    """Puts pages into the items that show them. A page stands in each of them: in all, they are not endless."""

    def __init__(self, files: Files, findings: Findings) -> None:
        self._files = files
        self._findings = findings
        self._known: dict[str, str] = {}
        self._left = _MOST_OF_PAGES

    def put_in(self, part: Part, element: Element) -> None:
        """Put what is shown in frames inside the element into their places. Changes the tree.

        A page of the package stands there from then on, a link in place of one on the web; what is neither that nor a
        picture, sound or film is told, and what is to be shown instead of it stays.
        """
        for frame in list(inside(element, *_FRAMES)):
            address = (frame.get("data") or frame.get("src") or "").strip()
            if not address or shown_as(frame):
                continue
            place = (part, line_of(frame))
            if _ON_THE_WEB.match(address):
                self._findings.not_kept(place, "a page on the web: a link to it stands in its place", _WEB_FIX)
                _fill(frame, etree.fromstring(f'<a href="{escape(address)}">{escape(address)}</a>'))
                continue
            name = self._files.find(address, part.folder)
            is_page = address.partition("?")[0].partition("#")[0].lower().endswith(_PAGES)
            if not is_page and not frame.get("type", "").startswith("text/"):
                self._findings.not_kept(place, f"a file that is shown in a question ({address[:60]})", _FILE_FIX)
            elif name is None:
                self._findings.not_kept(place, f"a page that is not there ({address[:60]})", _MISSING_FIX)
            elif len(text := self._text(name)) > self._left:
                what = f"a page: in all items together they are longer than {_MOST_OF_PAGES:,} characters"
                self._findings.not_kept(place, what, _FILE_FIX)
            elif len(text) > _LONGEST or text.count("<") > _MOST_TAGS:
                self._findings.not_kept(
                    place, f"a page that is too long to be a question's ({address[:60]})", _FILE_FIX
                )
            elif (page := _body(text, is_plain=name.lower().endswith(".txt"))) is None:
                self._findings.not_kept(place, f"a page that cannot be read ({address[:60]})", _FILE_FIX)
            else:
                self._left -= len(text)
                _rebase(page, posixpath.dirname(name), part.folder)
                for inner in inside(page, *_FRAMES):
                    if not shown_as(inner):
                        self._findings.not_kept(place, f"what a page shows in a frame of its own ({address[:60]})")
                _fill(frame, page)

    def _text(self, name: str) -> str:
        """A file's characters; none of one that cannot be read."""
        if name not in self._known:
            try:
                data = self._files.reader(name)()
                self._known[name] = _CONTROLS.sub("", xml.document(data[: _MOST_OF_PAGES + 1], name).text)
            except InvalidDeck:
                self._known[name] = ""
        return self._known[name]


def _body(text: str, is_plain: bool) -> Element | None:
    """What a page shows; None where that is nothing."""
    if is_plain and text.strip():
        plain = etree.Element("pre")
        plain.text = text
        return plain
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    body = root.find("body") if root is not None else None
    # Past 256 levels the parser leaves out what is inside.
    if body is None or any("depth" in error.message for error in parser.error_log):
        return None
    body.tag = "div"
    _without_controls(body)
    return body


def _without_controls(page: Element) -> None:
    """Leave out what was written as ``&#2;``. Changes the tree."""
    for element in page.iter(etree.Element):
        element.text = _CONTROLS.sub("", element.text) if element.text else None
        element.tail = _CONTROLS.sub("", element.tail) if element.tail else None
        for name, value in element.attrib.items():
            if _CONTROLS.search(str(value)):
                element.set(name, _CONTROLS.sub("", str(value)))


def _fill(frame: Element, with_what: Element) -> None:
    """Replace a frame, and what is shown where frames are not."""
    around = frame.getparent()
    if around is not None:
        with_what.tail = frame.tail
        around.replace(frame, with_what)


def _rebase(page: Element, folder: str, into: str) -> None:
    """Turn the addresses in a page of one folder into those of a file in another."""
    if folder == into:
        return
    for element in page.iter(etree.Element):
        for name in _ADDRESSES:
            address = element.get(name)
            if address and not _ELSEWHERE.match(address):
                element.set(name, posixpath.relpath(posixpath.join("/", folder, address), posixpath.join("/", into)))


_WEB_FIX = "write what learners need of it into the question"
_FILE_FIX = "write what learners need of it into the question, or add it to the exported deck as a picture"
_MISSING_FIX = "export it again, together with its pages, or write the text into the question"
