"""From sanitised XHTML to its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from markdown_it.common.normalize_url import normalizeLink

from cardforge.text.escaping import collapsed
from cardforge.text.reading.noise import CONTROLS, declarations, seen_attributes
from cardforge.text.reading.runs import has_parts, parted, tidy
from cardforge.text.reading.shape import BREAK, Atom, Attributes, Block, Format, Run, TooStrange

_NAMES = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
_BY_CLASS = {
    "u": "u", "s": "s", "mark": "mark", "ins": "ins", "del": "s", "strike": "s",
    "qti-bold": "strong", "qti-italic": "em", "qti-underline": "u", "qti-strikethrough": "s",
}  # fmt: skip
"""What a ``<span>`` with such a class is: cardforge's way to say in QTI what QTI has no element for, and QTI 3's own."""
_MERGING = frozenset("strong em s u sub sup a small big mark span font".split())
_DIVISIONS = frozenset("div section article main header footer nav aside address hgroup".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOXES = frozenset("blockquote center details dl dt dd figure figcaption summary table caption ul ol".split())
_ROWS = frozenset("thead tbody".split())
_STYLED = {
    "font-weight: bold": "strong", "font-weight: bolder": "strong", "font-weight: 700": "strong",
    "font-style: italic": "em", "text-decoration: underline": "u", "text-decoration: line-through": "s",
}  # fmt: skip
_PLAIN_STYLES = {"font-weight: normal": "strong", "font-weight: 400": "strong", "font-style: normal": "em"}


def shape(xhtml: str) -> tuple[Block, ...]:
    """The shape of sanitised XHTML, in which there may also be ``<formula display="…">``. Raises TooStrange."""
    try:
        root = ElementTree.fromstring(f"<div>{xhtml}</div>")
    except ElementTree.ParseError as error:
        raise TooStrange(str(error)) from error
    flow = _Flow()
    flow.read(root, ())
    return tuple(flow.finished())


class _Flow:
    """Collects what an element holds: blocks, and runs for the paragraph at hand."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._ends_line = False
        self._serial = 0
        self.has_paragraphs = False

    def finished(self, parts: bool = True) -> list[Block]:
        """The blocks. An empty line parts paragraphs, unless ``parts`` is False."""
        self._end_paragraph()
        if not parts:
            return self._blocks
        return [part for block in self._blocks for part in (parted(block) if has_parts(block) else [block])]

    def read(self, node: ElementTree.Element, formats: tuple[Format, ...]) -> None:
        if node.text:
            self._text(node.text, formats)
        for child in node:
            self._element(child, formats)
            if child.tail:
                self._text(child.tail, formats)

    def _element(self, node: ElementTree.Element, formats: tuple[Format, ...]) -> None:
        name = node.tag
        if name == "br":
            self._break_line(formats)
        elif name == "p" or name in _DIVISIONS:
            self._division(name, node, formats)
        elif name in _HEADINGS:
            inner = _Flow()
            inner.read(node, formats)
            self._add(_heading(name, seen_attributes(node.attrib), inner.finished(parts=False)))
        elif name == "hr":
            self._add(Block("hr", seen_attributes(node.attrib)))
        elif name == "pre":
            self._add(_code_block(node, formats))
        elif name in _BOXES:
            self._add(_box(name, node, formats))
        elif name == "li" or name in ("tr", "td", "th", "tfoot", *_ROWS):
            raise TooStrange(f"<{name}> alone")
        elif name in ("img", "audio", "video", "formula"):
            self._atom(_atom(name, node), formats)
        elif name == "code" and not len(node) and not seen_attributes(node.attrib):
            if text := collapsed(CONTROLS.sub("", node.text or "")):
                self._atom(Atom("code", text=text), formats)
        elif name == "wbr":
            self._atom(Atom("wbr"), formats)
        elif name not in ("source", "track", "area", "col", "colgroup"):
            self.read(node, (*formats, *self._formats(name, node, formats)))

    def _formats(self, name: str, node: ElementTree.Element, around: tuple[Format, ...]) -> Iterator[Format]:
        """The formats that an element adds to those around it."""
        name = _NAMES.get(name, name)
        attributes = seen_attributes(node.attrib) if node.attrib else ()
        if name == "span":
            name = _BY_CLASS.get(node.get("class", ""), name)
        names = {format_.name for format_ in around}
        if name == "a":
            attributes = tuple(
                (key, normalizeLink(value.strip()) if key == "href" else value) for key, value in attributes
            )
            if "href" not in dict(attributes):
                return
        elif attributes and name in ("span", "strong", "em"):
            attributes, styled = _styles(attributes, names)
            yield from (Format(style) for style in styled if style not in names)
        if (name == "span" and not attributes) or (not attributes and name in names and name in _MERGING):
            return
        if name not in _MERGING:
            self._serial += 1
        yield Format(name, attributes, 0 if name in _MERGING else self._serial)

    # --- lines and paragraphs ---

    def _at_line_start(self) -> bool:
        return self._ends_line or not self._runs or self._runs[-1].content is BREAK

    def _text(self, text: str, formats: tuple[Format, ...]) -> None:
        shown = collapsed(CONTROLS.sub("", text))
        last = self._runs[-1].content if self._runs else ""
        if self._at_line_start() or (isinstance(last, str) and last.endswith(" ")):
            shown = shown.removeprefix(" ")
        if shown:
            self._begin()
            self._runs.append(Run(formats, shown))

    def _atom(self, atom: Atom, formats: tuple[Format, ...]) -> None:
        self._begin()
        self._runs.append(Run(formats, atom))

    def _begin(self) -> None:
        if self._ends_line:
            self._runs.append(Run((), BREAK))
            self._ends_line = False

    def _break_line(self, formats: tuple[Format, ...]) -> None:
        self._begin()
        self._runs.append(Run(formats, BREAK))

    def _end_line(self) -> None:
        self._ends_line = bool(self._runs) and self._runs[-1].content is not BREAK

    def _end_paragraph(self) -> None:
        self._ends_line = False
        if self._runs:
            if runs := tidy(self._runs):
                self._blocks.append(Block("p", runs=runs))
            self._runs = []

    def _add(self, block: Block) -> None:
        self._end_paragraph()
        if block.blocks or block.name not in ("table", "ul", "ol", "blockquote"):
            self._blocks.append(block)

    def _division(self, name: str, node: ElementTree.Element, formats: tuple[Format, ...]) -> None:
        attributes = seen_attributes(node.attrib) if node.attrib else ()
        if attributes:
            if any(value.startswith("white-space:") for value in declarations(dict(attributes).get("style", ""))):
                raise TooStrange("white space that shows")
            inner = _Flow()
            inner.read(node, formats)
            if blocks := inner.finished():
                self._add(Block("div", attributes, tuple(blocks)))
            return
        end = self._end_line
        if name == "p":
            end = self._end_paragraph
            self.has_paragraphs = True
        end()
        self.read(node, formats)
        end()


def _styles(attributes: Attributes, around: Iterable[str]) -> tuple[Attributes, list[str]]:
    """A span's attributes without the styles for which there are elements, and these elements."""
    values = dict(attributes)
    styled, left = [], []
    for declaration in declarations(values.pop("style", "")):
        if declaration.startswith("white-space:") and not declaration.endswith("nowrap"):
            raise TooStrange("white space that shows")
        if declaration in _STYLED:
            styled.append(_STYLED[declaration])
        elif _PLAIN_STYLES.get(declaration, "span") in ("span", *around):
            left.append(declaration)
    if left:
        values["style"] = "; ".join(left)
    return tuple(sorted(values.items())), styled


def _atom(name: str, node: ElementTree.Element) -> Atom:
    if name == "formula":
        return Atom(name, (("display", node.get("display", "")),), " ".join((node.text or "").split()))
    attributes = dict(seen_attributes(node.attrib))
    if name == "img":
        attributes = {"alt": "", "src": "", **attributes}
        attributes["alt"] = " ".join(attributes["alt"].split())
    else:
        sources = [attributes.get("src"), *(source.get("src") for source in node.iter("source"))]
        attributes = {key: value for key, value in attributes.items() if key not in ("controls", "title", "class")}
        attributes["src"] = next((source for source in sources if source), "")
        if node.find("track") is not None:
            raise TooStrange("subtitles")
    if not attributes["src"]:
        raise TooStrange(f"<{name}> without an address")
    return Atom(name, tuple(sorted(attributes.items())))


# --- blocks --------------------------------------------------------------------------------------


def _heading(name: str, attributes: Attributes, blocks: list[Block]) -> Block:
    if len(blocks) > 1 or any(block.name != "p" for block in blocks):
        raise TooStrange("blocks in a heading")
    return Block(name, attributes, runs=blocks[0].runs if blocks else ())


def _code_block(node: ElementTree.Element, formats: tuple[Format, ...]) -> Block:
    """Code, its colours left out; they come back with its language."""
    inner = [node, *node]
    code = (
        inner[1]
        if len(inner) == 2 and inner[1].tag == "code" and not (node.text or inner[1].tail or "").strip()
        else None
    )
    for part in node.iter():
        if part.tag not in ("pre", "code", "span", "br") or part.get("style"):
            raise TooStrange("formatted code")
        if part.tag == "br":
            part.text = "\n"
    classes = f"{node.get('class', '')} {code.get('class', '') if code is not None else ''}".split()
    language = next((name.removeprefix("language-") for name in classes if name.startswith("language-")), "")
    if formats:
        raise TooStrange("formatted code")
    text = CONTROLS.sub("", "".join(node.itertext() if code is None else code.itertext()))
    return Block("pre", (("language", language),) if language else (), text=text.rstrip("\n"))


def _box(name: str, node: ElementTree.Element, formats: tuple[Format, ...]) -> Block:
    attributes = seen_attributes(node.attrib)
    if name in ("ul", "ol"):
        return _list(name, tuple(pair for pair in attributes if pair != ("start", "1")), node, formats)
    if name == "table":
        return Block(name, attributes, tuple(_rows(node, formats)))
    inner = _Flow()
    inner.read(node, formats)
    return Block(name, attributes, tuple(inner.finished()))


def _list(name: str, attributes: Attributes, node: ElementTree.Element, formats: tuple[Format, ...]) -> Block:
    """A list; with the attribute ``loose`` when there is space between its entries."""
    entries: list[Block] = []
    loose = False
    _refuse_text_in(node)
    for child in node:
        if child.tag == "br":
            loose = True
            continue
        if child.tag in ("ul", "ol") and entries:  # Shows as part of the entry before.
            last = entries[-1]
            entries[-1] = last._replace(blocks=(*last.blocks, _box(child.tag, child, formats)))
            continue
        if child.tag != "li" and not "".join(child.itertext()).strip() and child.find(".//img") is None:
            continue
        if child.tag != "li":
            raise TooStrange(f"<{child.tag}> in a list")
        inner = _Flow()
        inner.read(child, formats)
        blocks = inner.finished(parts=False)
        loose |= inner.has_paragraphs or sum(block.name == "p" for block in blocks) > 1
        entries.append(Block("li", seen_attributes(child.attrib), tuple(blocks)))
    is_markdown = all(key == "start" for key, _ in attributes) and not any(entry.attributes for entry in entries)
    if loose and is_markdown and entries and (len(entries) > 1 or len(entries[0].blocks) > 1):
        attributes = (*attributes, ("loose", ""))
    return Block(name, attributes, tuple(entries))


def _rows(node: ElementTree.Element, formats: tuple[Format, ...]) -> Iterator[Block]:
    """The rows of a table, or of a part of one. Parts without attributes leave no trace."""
    _refuse_text_in(node)
    for child in node:
        attributes = seen_attributes(child.attrib)
        if child.tag in _ROWS and not attributes:
            yield from _rows(child, formats)
        elif child.tag == "tr":
            _refuse_text_in(child)
            yield Block("tr", attributes, tuple(_cell(cell, formats) for cell in child))
        elif child.tag == "caption":
            yield _box(child.tag, child, formats)
        elif child.tag == "tfoot" or child.tag in _ROWS:
            yield Block(child.tag, attributes, tuple(_rows(child, formats)))
        elif child.tag not in ("colgroup", "col"):
            raise TooStrange(f"<{child.tag}> in a table")


def _refuse_text_in(node: ElementTree.Element) -> None:
    """A browser moves text that stands between entries, rows or cells."""
    if any((text or "").strip() for text in (node.text, *(child.tail for child in node))):
        raise TooStrange(f"text in <{node.tag}>")


def _cell(node: ElementTree.Element, formats: tuple[Format, ...]) -> Block:
    if node.tag not in ("td", "th"):
        raise TooStrange(f"<{node.tag}> in a row")
    attributes = dict(seen_attributes(node.attrib))
    if align := attributes.pop("align", ""):
        attributes.setdefault("style", f"text-align: {align}")
    inner = _Flow()
    inner.read(node, formats)
    return Block(node.tag, tuple(sorted(attributes.items())), tuple(inner.finished(parts=False)))
