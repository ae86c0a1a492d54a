"""Reading XML that anybody may have made: no document type, no entities of its own, no network, and every element's place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.document import Document, decode
from cardforge.text.html import has_illegal

Element = etree._Element

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*?\?>")
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What may stand before the root element.
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def document(data: bytes, path: str) -> Document:
    """The characters of an XML file: in the encoding that its byte order mark or its first line says, or else UTF-8.

    Raises InvalidDeck as `cardforge.document.decode`.
    """
    declared = _DECLARED.match(data[:200])
    # A declaration that can be read as single bytes is not in the UTF-16 that it may speak of.
    if declared and not declared[1].lower().startswith((b"utf", b"ucs", b"iso-10646", b"us-ascii")):
        try:
            return Document(path, data.decode(declared[1].decode()), declared[1].decode())
        except (LookupError, UnicodeError):
            pass  # the name is often wrong, and UTF-8 right
    return decode(data, path)


def root(document: Document, begin: int = 0, end: int | None = None) -> Element:
    """The root element of the XML in a document, or in the part of it between two offsets.

    Raises InvalidDeck at the place of what is not well-formed, of a document type, and of nesting past 256 levels
    (libxml2's limit).
    """
    body = _body(document, begin, end)
    try:
        return etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise _syntax(document, begin, end, error) from None


def visited(
    document: Document, name: str, visit: Callable[[Element], None], begin: int = 0, end: int | None = None
) -> Element:
    """The root element, after ``visit`` got every element of this local name as soon as it was read.

    For files of any length: ``visit`` may empty the element, so that only one at a time is in memory. Raises as `root`,
    and where more than `MOST_TAGS` tags stand between two of them.
    """
    body = _body(document, begin, end)
    parser = etree.XMLPullParser(events=("end",), tag=(name, f"{{*}}{name}"), **_SAFE)
    tags = 0
    try:
        for start in range(0, len(body), _PIECE):
            piece = body[start : start + _PIECE]
            parser.feed(piece)
            tags += piece.count(b"<")
            for _, element in parser.read_events():
                if isinstance(element, Element):
                    visit(element)
                tags = 0
            if tags > MOST_TAGS:
                problem = Problem("xml-too-large", f"more than {MOST_TAGS:,} tags stand here in one piece", "split it")
                raise InvalidDeck([document.diagnostic(problem, begin)])
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax(document, begin, end, error) from None


MOST_TAGS = 400_000
_PIECE = 1 << 16


def _body(document: Document, begin: int, end: int | None) -> bytes:
    """What to parse: without the declaration, for the characters are decoded already, but with its lines."""
    text = document.text[begin:end]
    prolog = _PROLOG.match(text)
    first = prolog.end() if prolog else 0
    if text.startswith("<!DOCTYPE", first):
        raise InvalidDeck([document.diagnostic(_DOCTYPE, begin + first)])
    if declaration := _DECLARATION.match(text):
        text = "\n" * text.count("\n", 0, declaration.end()) + text[declaration.end() :]
    # A lone surrogate has no UTF-8; the parser says where it stands.
    return text.encode("utf-8", "surrogatepass")


def _syntax(document: Document, begin: int, end: int | None, error: etree.XMLSyntaxError) -> InvalidDeck:
    line, column = error.position
    offset = begin + _offset(document.text[begin:end], line, column)
    return InvalidDeck([document.diagnostic(_problem(error, document.text[offset : offset + 1]), offset)])


def _problem(error: etree.XMLSyntaxError, at: str) -> Problem:
    """What is wrong, in plain words where they are known; ``at`` is the character at which it was found."""
    said = str(error.msg or error)
    number = _NO_CHARACTER.search(said)
    if has_illegal(at) or number:
        code = ord(at) if number is None else int(number[1])
        message = f"no XML file can have the character U+{code:04X}, and this one has it here"
        return Problem("xml-syntax", message, "delete the character here, or where the text was written")
    if entity := _ENTITY.search(said):
        message = f"&{entity[1]}; is known in HTML, and not in XML"
        return Problem("xml-syntax", message, f"write the character itself, or &amp;{entity[1]}; for it in HTML")
    if _AMPERSAND.search(said):
        return Problem("xml-syntax", "a & stands before this by itself", "write &amp; for it")
    fix = "mend it there, or export the file again from the program that wrote it"
    return Problem("xml-syntax", f"this is not well-formed XML: {_reason(error)}", fix)


_NO_CHARACTER = re.compile(r"xmlParseCharRef: invalid xmlChar value (\d+)")
_ENTITY = re.compile(r"Entity '(\w+)' not defined")
_AMPERSAND = re.compile(r"EntityRef: (?:expecting ';'|no name)")


_SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(**_SAFE)


def _reason(error: etree.XMLSyntaxError) -> str:
    reason = re.sub(r",? line \d+, column \d+.*", "", str(error.msg or error))[:200]
    return "more than 256 elements are nested" if reason.startswith("Excessive depth") else reason


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1 or start
    return min(start + max(column - 1, 0), max(len(text) - 1, 0))


class Offsets:
    """Where the elements of a parsed part of a document stand, by their lines."""

    def __init__(self, document: Document, begin: int = 0, end: int | None = None) -> None:
        self._text = document.text
        text = document.text[begin:end]
        # libxml2 counts line feeds only.
        self._starts = [begin]
        self._starts += [begin + found.end() for found in re.finditer("\n", text)]

    def of(self, element: Element) -> int:
        """The offset at which the line of the element's start tag has something to show."""
        return self.of_line(line_of(element))

    def of_line(self, line: int) -> int:
        """The offset at which a line, counted from 1 in this part, has something to show."""
        start = self._starts[min(max(line, 1), len(self._starts)) - 1]
        while start < len(self._text) and self._text[start] in " \t":
            start += 1
        return start


def line_of(element: Element) -> int:
    """The line of an element's start tag, counted from 1."""
    line = element.sourceline
    return line if isinstance(line, int) else 1


def text_of(element: Element) -> str:
    """All text in an element, as it is."""
    return "".join(part for part in element.itertext() if isinstance(part, str))


_DOCTYPE = Problem(
    "xml-doctype",
    "this XML has a document type (<!DOCTYPE …>), which may make a small file grow without bound or name other files",
    "delete the <!DOCTYPE …> and what it declares, if you trust the file",
)
