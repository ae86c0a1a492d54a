"""Files of QTI 1.2: assessments and banks, their sections and groups, and which items stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cardforge.diagnostics import InvalidDeck
from cardforge.document import Document
from cardforge_sources import xml
from cardforge_sources.lines import as_line
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.files import Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.metadata import LANGUAGE
from cardforge_sources.qti.names import children, content, inside, simplified, simplify
from cardforge_sources.qti.nodes import Node, SectionNode, items_in
from cardforge_sources.qti.numbers import number
from cardforge_sources.qti.v1 import material
from cardforge_sources.qti.v1.items import ItemReader, metadata
from cardforge_sources.xml import Element, line_of, text_of

_INDEX = "cardforge-index"
_GENERIC = frozenset({"", "main", "root_section", "root section"})


@dataclass(slots=True)
class Whole:
    """What a file holds as a whole: an assessment, or a bank. ``node`` has its title and its items."""

    ident: str
    node: SectionNode
    is_bank: bool
    language: str = ""
    own_id: str = ""


Banks = Callable[[str], list[Node] | None]
"""The items of a bank elsewhere in the package, or an item that has a file of its own, by its ident."""


@dataclass(slots=True)
class AssessmentReader:
    """Reads files."""

    builder: Builder
    findings: Findings
    banks: Banks
    items: ItemReader = field(init=False)

    def __post_init__(self) -> None:
        self.items = ItemReader(self.builder, self.findings)

    def read(self, part: Part) -> list[Whole]:
        """Every assessment and bank in a file; items that stand in none are a bank without a title."""
        return _File(self, part).wholes()


class _File:
    def __init__(self, reader: AssessmentReader, part: Part) -> None:
        self._reader = reader
        self._part = part
        self._found: list[list[Node]] = []
        self._deck_name: str | None = None
        self._points: dict[Element, Decimal | None] = {}

    def wholes(self) -> list[Whole]:
        """What the file holds."""
        root = self._root()
        if root.tag == "item":
            return [self._whole(root, self._nodes_of(root), True)]
        found = [self._container(element) for element in children(root, "assessment", "objectbank")]
        loose = self._inside(root, skip=("assessment", "objectbank"))
        if loose:
            found.append(self._whole(root, loose, True))
        return found

    def _root(self) -> Element:
        part = self._part
        text, self._is_simple = simplified(part.text)
        try:
            root = xml.visited(Document(part.name, text), "item", self._visit)
        except InvalidDeck:
            xml.visited(part.document, "item", lambda item: item.clear(), part.begin, part.end)
            raise
        return simplify(root)

    # --- while the file is read: one item at a time -------------------------------------------------

    def _visit(self, item: Element) -> None:
        around = item.getparent()
        nodes = self._reader.items.read(
            self._part, item if self._is_simple else simplify(item), self._name(item), self._points_of(around)
        )
        item.clear()
        item.set(_INDEX, str(len(self._found)))
        self._found.append(nodes)

    def _name(self, item: Element) -> str:
        """The deck's name, if cardforge wrote the file: it begins the idents of all items."""
        if self._deck_name is None:
            outer = next((e for e in item.iterancestors() if _local(e) in ("assessment", "objectbank")), None)
            ident = outer.get("ident", "") if outer is not None else ""
            self._deck_name = ident
        return self._deck_name

    def _points_of(self, section: Element | None) -> Decimal | None:
        """What a group says that each of its items is worth."""
        if section is None or _local(section) != "section":
            return None
        if section not in self._points:
            orderings = section.iterchildren("{*}selection_ordering")
            found = next((e for o in orderings for e in o.iterdescendants("{*}points_per_item")), None)
            self._points[section] = number(content(found)) if found is not None else None
        return self._points[section]

    # --- when it is read: what stands in what -------------------------------------------------------

    def _container(self, element: Element) -> Whole:
        return self._whole(element, self._inside(element), element.tag == "objectbank")

    def _whole(self, element: Element, found: Sequence[Node], is_bank: bool) -> Whole:
        nodes = [*self._with_items(found)]
        meta = metadata(element)
        title = as_line(element.get("title") or "") or as_line(meta.get("bank_title", ""))
        language = element.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        language = language if LANGUAGE.fullmatch(language) else ""
        place = (self._part, line_of(element))
        node = SectionNode({"section": title}, place, nodes)
        if len(nodes) == 1 and isinstance(only := nodes[0], SectionNode) and "pick" not in only.data:
            name = str(only.data["section"])
            if name.lower() in _GENERIC or not title:
                node.nodes = only.nodes
                node.data = {**only.data, "section": title or name}
        self._tell_texts(element, "presentation_material", "rubric", "objectives")
        return Whole(element.get("ident", ""), node, is_bank, language, meta.get("cardforge_id", ""))

    def _tell_texts(self, element: Element, *names: str) -> None:
        for text in children(element, *names):
            if content(text):
                place = (self._part, line_of(text))
                self._reader.findings.not_kept(place, f"a text for the {element.tag} as a whole")

    def _inside(self, element: Element, skip: tuple[str, ...] = ()) -> list[Node]:
        """What stands in an element, in order. A text that begins a section takes what follows it."""
        nodes: list[Node] = []
        into, depth = nodes, 0
        for found in element:
            if found.tag in skip or not isinstance(found.tag, str):
                continue
            if found.tag == "item":
                for node in self._nodes_of(found):
                    if isinstance(node, SectionNode) and not node.nodes:
                        # One that follows another at once stands in it, as far as anybody can tell.
                        is_inner = not into
                        if is_inner and depth == _MOST_NESTED:
                            self._reader.findings.aside(node.place, str(node.data["section"]), _TOO_MANY)
                            continue
                        (into if is_inner else nodes).append(node)
                        into, depth = node.nodes, depth + 1 if is_inner else 1
                    else:
                        into.append(node)
            elif found.tag == "section":
                made = self._section(found)
                if made.data["section"]:
                    into.append(made)
                else:
                    into += made.nodes
            elif found.tag in ("sourcebank_ref", "itemref", "sectionref"):
                self._elsewhere(found, into)
        return nodes

    def _with_items(self, nodes: Sequence[Node]) -> Iterator[Node]:
        """The nodes but for sections without an item; what becomes of a text among the questions is told."""
        findings = self._reader.findings
        for node in nodes:
            if isinstance(node, SectionNode):
                if next(items_in(node.nodes), None) is None:
                    for text in _described(node):
                        findings.aside(text.place, str(text.data["section"]), "a text without a question after it")
                    continue
                if node.is_text:
                    how = "it asks nothing, and introduces the questions after it"
                    fix = "look whether these belong to it"
                    findings.adapted(node.place, str(node.data["section"]), how, fix)
                node.nodes = [*self._with_items(node.nodes)]
            yield node

    def _nodes_of(self, item: Element) -> list[Node]:
        index = item.get(_INDEX)
        return self._found[int(index)] if index is not None else []

    def _section(self, element: Element) -> SectionNode:
        title = as_line(element.get("title") or "")
        if title.lower() in _GENERIC:
            title = ""
        place = (self._part, line_of(element))
        node = SectionNode({"section": title}, place, self._inside(element))
        texts = children(element, "presentation_material")
        for text in texts:
            self._reader.items.put_in(self._part, text)
        introduction = "".join(map(material.html, texts))
        if (described := self._reader.builder.text(introduction, place)) is not None:
            node.data |= {"section": title or "Questions", "description": described}
        self._tell_texts(element, "rubric", "objectives")
        for reference in (e for o in children(element, "selection_ordering") for e in inside(o, "sourcebank_ref")):
            self._elsewhere(reference, node.nodes)
        orderings = children(element, "selection_ordering")
        selection = next((e for o in orderings for e in inside(o, "selection_number")), None)
        pick = number(content(selection)) if selection is not None else None
        if pick and 0 < pick == int(pick) and sum(1 for _ in items_in(node.nodes)) > pick:
            node.data["pick"] = str(int(pick))
            node.data["section"] = node.data["section"] or "Group"
        return node

    def _elsewhere(self, reference: Element, into: list[Node]) -> None:
        """Items that stand in another file."""
        ident = content(reference) or reference.get("linkrefid", "")
        found = self._reader.banks(ident) if reference.tag != "sectionref" else None
        if found is None:
            place = (self._part, line_of(reference))
            what = "it names questions that are not in the file"
            fix = "export the bank of questions that it draws from, together with it"
            self._reader.findings.aside(place, ident or str(reference.tag), what, fix)
        else:
            into += found


_MOST_NESTED = 20
_TOO_MANY = f"more than {_MOST_NESTED} texts stand before a question, and this is one too many"


def _described(section: SectionNode) -> Iterator[SectionNode]:
    """The sections with a description: this one, and those in it."""
    if "description" in section.data:
        yield section
    for node in section.nodes:
        if isinstance(node, SectionNode):
            yield from _described(node)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


# --- Canvas's settings -------------------------------------------------------------------------------


def settings(root: Element) -> dict[str, str]:
    """What an ``assessment_meta.xml`` of Canvas says of a quiz, by the names of its elements."""
    return {str(element.tag): text_of(element) for element in children(root) if not len(element)}


def options(meta: Mapping[str, str]) -> dict[str, str]:
    """The settings of a quiz as options of the canvas exporter, those that are its defaults left out."""
    found: dict[str, str] = {}
    kind = meta.get("quiz_type", "").strip()
    if kind in ("practice_quiz", "graded_survey", "survey"):
        found["quiz_type"] = kind
    for name, default in (
        ("shuffle_answers", "false"),
        ("one_question_at_a_time", "false"),
        ("show_correct_answers", "true"),
    ):
        value = meta.get(name, default).strip()
        if value in ("true", "false") and value != default:
            found[_OPTIONS[name]] = value
    attempts = number(meta.get("allowed_attempts"))
    if attempts is not None and attempts != 1 and (attempts > 0 or attempts == -1):
        found["attempts"] = "unlimited" if attempts == -1 else str(int(attempts))
    limit = number(meta.get("time_limit"))
    if limit is not None and limit >= 1:
        found["time_limit"] = str(int(limit))
    return found


_OPTIONS = {
    "shuffle_answers": "shuffle",
    "one_question_at_a_time": "one_at_a_time",
    "show_correct_answers": "show_correct_answers",
}
