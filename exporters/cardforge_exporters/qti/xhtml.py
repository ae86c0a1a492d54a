"""HTML as QTI's schemas allow it: a part of XHTML, with fewer elements and stricter places for them.

What may stand here and not there is moved, what QTI has no element for becomes the nearest one, and no text is lost.
The result may stand wherever QTI takes text and blocks side by side: in a ``div``, a choice, feedback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from xml.etree import ElementTree

from cardforge_exporters.media_types import media_type

_Node = ElementTree.Element
_Piece = tuple[bool, str]
"""Markup, and whether it is a block."""

_INLINE = frozenset("b big br cite dfn em i img kbd q samp small span strong sub sup tt var".split())
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 address pre".split())
"""Blocks that hold no blocks."""
_BOXES = frozenset("div article aside center details figcaption figure footer header hgroup main nav section".split())
# Attributes whose values are checked; no other one is kept, and no id: texts of several items meet on one page.
_NUMBER = re.compile(r"[1-9][0-9]{0,4}").fullmatch
_LENGTH = re.compile(r"[1-9][0-9]{0,4}").fullmatch
_ATTRIBUTES: dict[str, Callable[[str], object]] = {
    "class": re.compile(r"[A-Za-z][\w -]*", re.ASCII).fullmatch,
    "lang": re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*").fullmatch,
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "width": _LENGTH,
    "height": _LENGTH,
    "scope": re.compile("row|col|rowgroup|colgroup").fullmatch,
}
_CELL = frozenset({"colspan", "rowspan", "scope"})
_MATHML = "http://www.w3.org/1998/Math/MathML"
# What math-core writes as MathML Core allows it, and the schemas of MathML 2 and 3 only in an mstyle.
_STYLES = frozenset({"displaystyle", "scriptlevel"})


def conform(html: str, has_audio: bool) -> str:
    """Well-formed, sanitised XHTML as the schemas of QTI allow it.

    ``has_audio`` says whether they know ``audio`` and ``video`` (3.0) or only ``object`` (2.1, 2.2). Elements of QTI
    among the text (blanks) stay as they are.
    """
    if "<" not in html:
        return html
    return _Conforming(has_audio).flow(ElementTree.fromstring(f"<div>{html}</div>"))


class _Conforming:
    def __init__(self, has_audio: bool) -> None:
        self._has_audio = has_audio

    def flow(self, node: _Node) -> str:
        """What an element holds, for a place that takes text and blocks."""
        return "".join(markup for _, markup in self._pieces(node))

    def _pieces(self, node: _Node) -> Iterator[_Piece]:
        if node.text:
            yield False, escape(node.text, quote=False)
        for child in node:
            yield from self._element(child)
            if child.tail:
                yield False, escape(child.tail, quote=False)

    def _element(self, node: _Node) -> Iterable[_Piece]:
        name = node.tag
        if name in ("br", "hr"):
            return [(name == "hr", f"<{name}/>")] if name == "br" else [(True, "<hr/>")]
        if name == "img":
            return [(False, _image(node))]
        if name in _INLINE:
            return self._around_runs(self._pieces(node), *_tags(name, node))
        if name in _PARAGRAPHS:
            return self._paragraph(name, node)
        if name in _BOXES:
            return [(True, self._block("div", node))]
        method = _METHODS.get(name)
        if method is not None:
            return method(self, node)
        if name == "math":
            return [(False, _math(node))]
        if name.endswith("nteraction"):
            return [(False, _as_it_is(node))]
        # What is left are elements that QTI has no like of. Their kind may matter to a style sheet.
        return self._around_runs(self._pieces(node), f'<span class="{name}">', "</span>")

    def _block(self, name: str, node: _Node, keep: Iterable[str] = ()) -> str:
        opening, closing = _tags(name, node, keep)
        return f"{opening}{self.flow(node)}{closing}"

    def _around_runs(self, pieces: Iterable[_Piece], opening: str, closing: str) -> Iterator[_Piece]:
        """The element around what it may hold; a block in it stands alone, and the element goes on behind it."""
        for is_block, markup in _runs(pieces):
            if is_block or not markup.strip():
                yield is_block, markup
            else:
                yield False, f"{opening}{markup}{closing}"

    def _even_empty(self, node: _Node) -> Iterable[_Piece]:
        """An element that says something without a text: code, whose class names a language, and a link."""
        opening, closing = _tags(str(node.tag), node)
        pieces = list(self._pieces(node))
        if any(is_block or markup.strip() for is_block, markup in pieces):
            return self._around_runs(pieces, opening, closing)
        return [(False, f"{opening}{''.join(markup for _, markup in pieces)}{closing}")]

    def _paragraph(self, name: str, node: _Node) -> Iterator[_Piece]:
        """The element around each of its runs. One that holds nothing stays: it parts what stands beside it."""
        opening, closing = _tags(name, node)
        runs = _runs(self._pieces(node)) or [(False, "")]
        for is_block, markup in runs:
            if is_block:
                yield True, markup
            elif markup.strip() or len(runs) == 1:
                if name == "pre":  # code in it says no more, and a player runs its lines into one
                    markup = markup.replace("<code", "<span").replace("</code>", "</span>")
                yield True, f"{opening}{markup}{closing}"

    def _quote(self, node: _Node) -> Iterator[_Piece]:
        """No text stands directly in a quotation."""
        runs = _runs(self._pieces(node))
        parts = (markup if is_block else f"<p>{markup}</p>" for is_block, markup in runs if markup.strip())
        yield True, f"<blockquote>{''.join(parts)}</blockquote>"

    def _list(self, node: _Node) -> Iterator[_Piece]:
        """Only li stands in a list. A list that does not begin at 1 has its numbers in the text: QTI knows no other."""
        start = _integer(node.get("start"), 1)
        entries = []
        for child, stray in _children(node):
            if child is not None and child.tag == "li":
                start = _integer(child.get("value"), start)
                entries.append((start, *_tags("li", child), self.flow(child)))
                start += 1
            else:
                markup = stray if child is None else "".join(part for _, part in self._element(child))
                if markup.strip():
                    entries.append((start, "<li>", "</li>", markup))
        opening, closing = _tags(str(node.tag), node)
        if node.tag == "ol" and [number for number, *_ in entries] != list(range(1, len(entries) + 1)):
            items = (f"<div>{number}. {markup}</div>" for number, _, _, markup in entries)
            yield True, f"<div>{''.join(items)}</div>"
        else:
            items = (f"{begin}{markup}{end}" for _, begin, end, markup in entries)
            yield True, f"{opening}{''.join(items)}{closing}"

    def _definitions(self, node: _Node) -> Iterator[_Piece]:
        parts = []
        for child, stray in _children(node):
            if child is None:
                markup = stray
            elif child.tag in ("dt", "dd"):
                pieces = list(self._pieces(child))
                name = "dd" if any(is_block for is_block, _ in pieces) else child.tag
                parts.append(f"<{name}>{''.join(part for _, part in pieces)}</{name}>")
                continue
            else:
                markup = "".join(part for _, part in self._element(child))
            if markup.strip():
                parts.append(f"<dd>{markup}</dd>")
        yield True, f"<dl>{''.join(parts)}</dl>"

    def _table(self, node: _Node) -> Iterator[_Piece]:
        head, foot, bodies = "", "", ""
        for child, stray in _children(node):
            if child is None or child.tag == "caption" or child.tag not in _TABLE_PARTS:
                markup = stray if child is None else self.flow(child)
                if markup.strip():  # a caption, or text beside the rows: before the table it is never lost
                    yield True, f"<div>{markup}</div>"
                continue
            rows = self._rows(child)
            if not rows:
                continue
            if child.tag == "thead" and not head:
                head = f"<thead>{rows}</thead>"
            elif child.tag == "tfoot" and not foot:
                foot = f"<tfoot>{rows}</tfoot>"
            else:
                bodies += f"<tbody>{rows}</tbody>"
        if not bodies:  # there must be one
            bodies = (head + foot).replace("thead>", "tbody>").replace("tfoot>", "tbody>")
            head = foot = ""
        if bodies:
            opening, closing = _tags("table", node)
            yield True, f"{opening}{head}{foot}{bodies}{closing}"

    def _rows(self, part: _Node) -> str:
        rows = [part] if part.tag == "tr" else [row for row in part if row.tag == "tr"]
        made = []
        for row in rows:
            cells = (self._block(str(cell.tag), cell, _CELL) for cell in row if cell.tag in ("td", "th"))
            if inside := "".join(cells):
                made.append(f"<tr>{inside}</tr>")
        return "".join(made)

    def _summary(self, node: _Node) -> Iterator[_Piece]:
        pieces = self._around_runs(self._pieces(node), "<strong>", "</strong>")
        yield True, f"<div>{''.join(markup for _, markup in pieces)}</div>"

    def _abbreviation(self, node: _Node) -> Iterator[_Piece]:
        """No element of QTI has a title, so the words that an abbreviation stands for come behind it."""
        yield from self._around_runs(self._pieces(node), *_tags(str(node.tag), node))
        if title := node.get("title", "").strip():
            yield False, f" ({escape(title, quote=False)})"

    def _ruby(self, node: _Node) -> Iterable[_Piece]:
        """Readings stand behind their signs: in the author's own brackets, or else in round ones."""
        readings = [] if node.find(".//rp") is not None else list(node.iter("rt"))
        for reading in readings:
            reading.text = f"({reading.text or ''}"
            reading.tail = f"){reading.tail or ''}"
        return self._around_runs(self._pieces(node), '<span class="ruby">', "</span>")

    def _media(self, node: _Node) -> Iterator[_Piece]:
        """A player, with a link in it for programs that have none."""
        sources = [node.get("src"), *(source.get("src") for source in node.iter("source"))]
        source = next((address for address in sources if address), None)
        if source is None:
            yield from self._pieces(node)
            return
        kind, address = str(node.tag), escape(source)
        if self._has_audio:
            yield True, f'<{kind} src="{address}" controls="true"></{kind}>'
            return
        kind_of_file = media_type(source, f"{kind}/mpeg")
        link = f'<a href="{address}">{escape(PurePosixPath(source).name)}</a>'
        yield False, f'<object data="{address}" type="{kind_of_file}">{link}</object>'

    def _nothing(self, _node: _Node) -> Iterable[_Piece]:
        return ()

    def _inside(self, node: _Node) -> Iterable[_Piece]:
        return self._pieces(node)


_METHODS: dict[str, Callable[[_Conforming, _Node], Iterable[_Piece]]] = {
    "a": _Conforming._even_empty,
    "abbr": _Conforming._abbreviation,
    "acronym": _Conforming._abbreviation,
    "audio": _Conforming._media,
    "blockquote": _Conforming._quote,
    "code": _Conforming._even_empty,
    "dl": _Conforming._definitions,
    "map": _Conforming._inside,
    "ol": _Conforming._list,
    "picture": _Conforming._inside,
    "ruby": _Conforming._ruby,
    "source": _Conforming._nothing,
    "summary": _Conforming._summary,
    "table": _Conforming._table,
    "track": _Conforming._nothing,
    "area": _Conforming._nothing,
    "ul": _Conforming._list,
    "video": _Conforming._media,
    "wbr": _Conforming._nothing,
}
_TABLE_PARTS = frozenset("thead tbody tfoot tr".split())


def _runs(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The pieces, those of a kind that stand side by side in one."""
    return [
        (is_block, "".join(markup for _, markup in run))
        for is_block, run in groupby(pieces, key=lambda piece: piece[0])
    ]


def _children(node: _Node) -> Iterator[tuple[_Node | None, str]]:
    """The elements in a node, and the text between them, which should not be there."""
    yield None, escape(node.text or "", quote=False)
    for child in node:
        yield child, ""
        yield None, escape(child.tail or "", quote=False)


def _tags(name: str, node: _Node, keep: Iterable[str] = ()) -> tuple[str, str]:
    """The start tag, with the attributes that may stay, and the end tag."""
    attributes = ""
    for key, value in node.attrib.items():
        if key in ("class", "lang") or key in keep:
            if _ATTRIBUTES[key](value):
                attributes += f' {"xml:lang" if key == "lang" else key}="{value}"'
        elif key == "href" and name == "a":
            attributes += f' href="{escape(value)}"'
    if name == "a" and "href=" not in attributes:
        name = "span"
    return f"<{name}{attributes}>", f"</{name}>"


def _image(node: _Node) -> str:
    described = node.get("alt") or node.get("title") or ""
    size = "".join(f' {key}="{node.attrib[key]}"' for key in ("width", "height") if _LENGTH(node.get(key, "")))
    source = node.get("src")
    if source is None:
        return escape(described, quote=False)
    return f'<img src="{escape(source)}" alt="{escape(described)}"{size}/>'


def _math(node: _Node) -> str:
    for element in list(node.iter()):
        styles = {name: element.attrib.pop(name) for name in _STYLES & element.attrib.keys()}
        if element.tag == "mtable":
            element.attrib |= {name: value for name, value in styles.items() if name == "displaystyle"}
        elif styles:
            inside = ElementTree.Element(str(element.tag), element.attrib)
            inside.text, inside[:] = element.text, list(element)
            tail = element.tail
            element.clear()
            element.tag, element.tail, element.attrib, element[:] = "mstyle", tail, styles, [inside]
    node.set("xmlns", _MATHML)
    return _as_it_is(node)


def _as_it_is(node: _Node) -> str:
    tail, node.tail = node.tail, None
    markup = ElementTree.tostring(node, encoding="unicode")
    node.tail = tail
    return markup


def _integer(written: str | None, default: int) -> int:
    return int(written) if written is not None and re.fullmatch(r"-?[0-9]{1,9}", written) else default
