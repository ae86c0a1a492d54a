"""Reading XML that anybody may have made: no document type, no entities of its own, no network, and every element's place."""

from __future__ import annotations

import re

from lxml import etree

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.document import Document, decode

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
        except (LookupError, UnicodeDecodeError):
            pass  # the name is often wrong, and UTF-8 right
    return decode(data, path)


def root(document: Document, begin: int = 0, end: int | None = None) -> etree._Element:
    """The root element of the XML in a document, or in the part of it between two offsets.

    Raises InvalidDeck at the place of what is not well-formed, of a document type, and of nesting past 256 levels
    (libxml2's limit).
    """
    text = document.text[begin:end]
    prolog = _PROLOG.match(text)
    first = prolog.end() if prolog else 0
    if text.startswith("<!DOCTYPE", first):
        raise InvalidDeck([document.diagnostic(_DOCTYPE, begin + first)])
    declaration = _DECLARATION.match(text)
    # The characters are decoded already, whatever encoding the declaration names; its lines stay.
    lines = "\n" * text.count("\n", 0, declaration.end()) if declaration else ""
    body = lines + text[declaration.end() :] if declaration else text
    try:
        # A lone surrogate has no UTF-8; the parser says where it stands.
        return etree.fromstring(body.encode("utf-8", "surrogatepass"), _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        offset = begin + _offset(text, line, column)
        message = f"this is not well-formed XML: {_reason(error)}"
        fix = "mend it there, or export the file again from the program that wrote it"
        raise InvalidDeck([document.diagnostic(Problem("xml-syntax", message, fix), offset)]) from None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


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
        self._starts = [begin, *(begin + m.end() for m in re.finditer("\n", text))]

    def of(self, element: etree._Element) -> int:
        """The offset at which the line of the element's start tag has something to show."""
        line = min(max(_line(element), 1), len(self._starts))
        start = self._starts[line - 1]
        while start < len(self._text) and self._text[start] in " \t":
            start += 1
        return start


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


_DOCTYPE = Problem(
    "xml-doctype",
    "this XML has a document type (<!DOCTYPE …>), which may make a small file grow without bound or name other files",
    "delete the <!DOCTYPE …> and what it declares, if you trust the file",
)
