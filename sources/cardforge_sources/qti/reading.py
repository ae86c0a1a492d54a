"""From what was opened to a deck: which files hold what, and what is said of the whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cardforge.diagnostics import InvalidDeck, Loc, Problem, Severity
from cardforge.plugin import Draft
from cardforge_sources.alike import key
from cardforge_sources.lines import LONGEST_ID, as_line
from cardforge_sources.qti import ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.files import MANIFEST, Files, Lines, Part, looks_like_qti, open_files
from cardforge_sources.qti.findings import Findings, Place, offset
from cardforge_sources.qti.metadata import Manifest, manifest
from cardforge_sources.qti.nodes import Node, SectionNode, as_data, items_in
from cardforge_sources.qti.texts import Texts
from cardforge_sources.qti.v1 import assessments as assessments1
from cardforge_sources.qti.v1.assessments import AssessmentReader, Whole
from cardforge_sources.qti.v1.forms import Comparison
from cardforge_sources.qti.v1.pools import PoolReader
from cardforge_sources.qti.v2.assessment_tests import TestReader
from cardforge_sources.qti.v2.items import Described, ItemReader
from cardforge_sources.xml import Element, line_of

_IDENT = re.compile(r"<(?:[\w.-]+:)?(?:assessment|objectbank)\b[^>]*?\sident\s*=\s*[\"']([^\"'<>]*)[\"']")
_ITEM = re.compile(r"<(?:[\w.-]+:)?item\s[^<>]*?\bident\s*=\s*[\"']([^\"'<>]*)[\"']")
_BEGINNING = 4096
_OTHER = "look whether the quiz should ask it, and add it there"


def read(path: Path) -> Draft:
    """The draft of a package or a file. Raises InvalidDeck."""
    return _Reading(path, open_files(path)).draft()


class _Reading:
    def __init__(self, path: Path, files: Files) -> None:
        self._path = path
        self._files = files
        self._findings = Findings(offset)
        self._texts = Texts(files, self._findings)
        self._builder = Builder(self._texts, self._findings)
        self._items = ItemReader(files, self._builder, self._findings)
        self._manifest = self._read_manifest()
        self._tests = TestReader(files, self._builder, self._findings, self._of_ref)
        self._assessments = AssessmentReader(self._builder, self._findings, self._elsewhere)
        self._pools = PoolReader(self._builder, self._findings)
        self._banks_used: set[str] = set()
        self._metas: dict[str, dict[str, str]] = {}
        self._targets: dict[str, dict[str, Any]] = {}
        self._names: list[str] = []
        self._language = ""
        self._own_name = ""
        self._by_ident: dict[str, Part] = {}
        self._names_of_items: dict[str, str] = {}
        self._wholes: dict[str, list[Whole]] = {}
        self._at = ""

    def draft(self) -> Draft:
        parts = self._in_order()
        for part in parts:
            if part.kind == "quiz":
                self._read_meta(part)
        wholes: list[SectionNode] = []
        for part in parts:
            if part.kind == "assessmenttest" and (root := self._root(part)) is not None:
                wholes.append(self._test(part, root))
        loose: list[Node] = []
        for part in parts:
            if part.kind == "unreadable":
                self._root(part)
            elif part.kind == "assessmentitem" and part.name not in self._tests.asked:
                loose += self._item(part)
        for whole in self._of_1_2([part for part in parts if part.kind in ("questestinterop", "item", "pool")]):
            if whole.node.data["section"] or not whole.is_bank:
                wholes.append(whole.node)
            else:
                loose += whole.node.nodes
        return self._as_deck(wholes, loose)

    # --- files ------------------------------------------------------------------------------------

    def _read_manifest(self) -> Manifest:
        found = [part for part in self._files.parts.values() if _is_manifest(part.name)]
        if not found:
            return Manifest()
        part = min(found, key=lambda part: part.name.count("/"))
        root = self._root(part)
        return manifest(root, part.folder) if root is not None else Manifest()

    def _in_order(self) -> list[Part]:
        """The files of questions, in the manifest's order, then those that it does not name."""
        parts = {n: p for n, p in self._files.parts.items() if not _is_manifest(n)}
        named = [file for resource in self._manifest.resources for file in resource.files if file in parts]
        return [parts[name] for name in dict.fromkeys([*named, *parts])]

    def _root(self, part: Part) -> Element | None:
        """The tree of a file. One of several that cannot be read is told, and left out."""
        try:
            root = part.root()
        except InvalidDeck as error:
            if not self._files.is_package:
                raise
            found = error.diagnostics[0]
            place = (part, found.span.line if found.span else 1)
            self._findings.aside(place, part.name, found.message, found.fix)
            return None
        if root.tag == "unreadable":
            self._findings.aside((part, 1), part.name, f"it cannot be read: {root.text}", "export it again")
            return None
        return root

    # --- QTI 2 and 3 --------------------------------------------------------------------------------

    def _test(self, part: Part, root: Element) -> SectionNode:
        self._names.append(root.get("identifier", ""))
        for name, value in self._tests.targets(root).items():
            self._targets.setdefault("qti30" if "imsqtiasi_v3" in _namespace(part) else "qti21", {})[name] = value
        return self._tests.read(part, root)

    def _item(self, part: Part, weight: str = "") -> list[Node]:
        root = self._root(part)
        if root is None:
            return []
        if root.tag != "assessmentItem":
            self._findings.aside((part, line_of(root)), part.name, "it is no question of QTI")
            return []
        return self._items.read(part, root, self._described(part), self._deck_name(), weight)

    def _of_ref(self, part: Part, _reference: Element, weight: str) -> list[Node]:
        return self._item(part, weight)

    def _described(self, part: Part) -> Described:
        resource = self._manifest.by_file.get(part.name)
        if resource is None:
            return Described()
        tags = tuple(tag for tag in resource.tags if tag not in self._manifest.tags)
        return Described(tags, resource.level, resource.id)

    def _deck_name(self) -> str:
        return self._manifest.name or (self._names[0] if self._names else "")

    # --- QTI 1.2 ------------------------------------------------------------------------------------

    def _read_meta(self, part: Part) -> None:
        root = self._root(part)
        if root is not None and root.tag == "quiz":
            meta = assessments1.settings(root)
            self._metas[root.get("identifier", "")] = meta

    def _of_1_2(self, parts: list[Part]) -> list[Whole]:
        """Assessments and banks. Of a quiz in two forms, the fuller one; banks that a quiz names, there."""
        chosen: dict[str, Part] = {}
        comparison = Comparison()
        for part in parts:
            ident = self._ident(part) or part.name
            other = chosen.get(ident)
            if other is None:
                chosen[ident] = part
                continue
            both = comparison.forms(other, part)
            if both is None:
                chosen[part.name] = part
                continue
            chosen[ident] = both.read
            self._findings.not_kept((both.other, 1), "a second form of the same quiz, for other programs")
            for place, name in both.only_there:
                self._findings.aside((both.other, place), name, "it stands only in the other form of its quiz", _OTHER)
        self._by_ident |= chosen
        self._names_of_items = {items[0]: name for name, part in chosen.items() if len(items := self._loose(part)) == 1}
        for ident, part in chosen.items():
            if ident not in self._banks_used:
                self._at = ident
                self._wholes[ident] = self._read_1_2(part)
        read = [wholes for ident, wholes in self._wholes.items() if ident not in self._banks_used]
        return [self._with_meta(whole) for wholes in read for whole in wholes]

    def _loose(self, part: Part) -> list[str]:
        """The idents of the items in a file of items only."""
        return [] if self._ident(part) else _ITEM.findall(part.document.text, part.begin, part.end)

    def _ident(self, part: Part) -> str:
        found = _IDENT.search(part.document.text, part.begin, min(part.end, part.begin + _BEGINNING))
        return found[1] if found else ""

    def _read_1_2(self, part: Part) -> list[Whole]:
        if part.kind == "pool":
            return [self._pools.read(part, root)] if (root := self._root(part)) is not None else []
        try:
            return self._assessments.read(part)
        except InvalidDeck as error:
            if not self._files.is_package:
                raise
            found = error.diagnostics[0]
            self._findings.aside((part, found.span.line if found.span else 1), part.name, found.message, found.fix)
            return []

    def _elsewhere(self, ident: str) -> list[Node] | None:
        name = ident if ident in self._by_ident else self._names_of_items.get(ident)
        if name is None:
            return None
        if name in self._banks_used or name == self._at:
            return []  # its questions are in the deck already
        self._banks_used.add(name)
        wholes = self._wholes.get(name)
        if wholes is None:
            wholes = self._read_1_2(self._by_ident[name])
        return [node for whole in wholes for node in whole.node.nodes]

    def _with_meta(self, whole: Whole) -> Whole:
        if not whole.is_bank or whole.node.data["section"]:
            self._names.append(whole.ident)
        self._language = self._language or whole.language
        self._own_name = self._own_name or whole.own_id
        if meta := self._metas.get(whole.ident):
            whole.node.data["section"] = whole.node.data["section"] or as_line(meta.get("title", ""))
            described = ours.unwrapped(meta.get("description", "").strip())
            if described and (text := self._texts.of(described, whole.node.place)) is not None:
                whole.node.data["description"] = text
            if chosen := assessments1.options(meta):
                self._targets.setdefault("canvas", {}).update(chosen)
        if not whole.node.data["section"]:
            whole.node.data["section"] = PurePosixPath(whole.node.place[0].name).stem or "Quiz"
        return whole

    # --- the deck -----------------------------------------------------------------------------------

    def _as_deck(self, wholes: list[SectionNode], loose: list[Node]) -> Draft:
        said = self._manifest
        title, data, nodes = as_line(said.title), {}, [*wholes, *loose]
        place: Place | None = None
        filled = [whole for whole in wholes if next(items_in(whole.nodes), None) is not None]
        if len(filled) == 1 and not loose:
            only = filled[0]
            data = {name: value for name, value in only.data.items() if name == "description"}
            title, nodes, place = str(only.data["section"]), only.nodes, only.place
        _turned_together(nodes)
        places: dict[Loc, Place] = {}
        items = as_data(nodes, places)
        if not items:
            raise self._without_items()
        deck: dict[str, Any] = {"title": title or self._path.name.partition(".")[0] or "Questions"}
        identity = said.id or self._own_name or (ours.deck_id(self._deck_name()) if len(filled) <= 1 else None)
        if identity and (name := "".join(as_line(identity).split())[:LONGEST_ID]):
            deck["id"] = name
        language = said.language or self._language
        for field, value in (("language", language), ("author", said.author), ("license", said.license)):
            if text := as_line(value):
                deck[field] = text
        if tags := [tag for tag in map(as_line, said.tags) if tag]:
            deck["tags"] = list(dict.fromkeys(tags))
        if self._targets and len(filled) == 1:
            deck["targets"] = self._targets
        deck |= data
        deck["items"] = items
        if place:
            places[("title",)] = places[("description",)] = place
        files = self._files
        return Draft(
            deck, files.document, Lines(places), self._texts.media(), self._findings.problems(), is_beginning=True
        )

    def _without_items(self) -> InvalidDeck:
        told = [problem for problem in self._findings.problems() if problem.severity is Severity.WARNING]
        message = "there is no question in it that a deck can have" if told else "there is no question in it"
        fix = "look whether it is the right file; if it is of another format, name that with --from"
        if looks_like_qti(self._path):
            fix = "look whether it is the right file, and whether its quizzes have questions where it was exported"
        return self._files.document.invalid([Problem("no-items", message, fix), *told])


def _is_manifest(name: str) -> bool:
    return name.rpartition("/")[2].lower() == MANIFEST


def _namespace(part: Part) -> str:
    return part.document.text[part.begin : min(part.end, part.begin + _BEGINNING)]


def _turned_together(nodes: list[Node]) -> None:
    """Two flashcards that cardforge wrote for one that is asked both ways become that one again. Changes the nodes."""
    last: Mapping[str, Any] | None = None
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, SectionNode):
            _turned_together(node.nodes)
            last = None
        elif node.mark == "flashcard" and last is not None and _is_turned(last, node.data):
            kept[-1].data["reversed"] = True
            last = None
            continue
        else:
            last = node.data if node.mark == "flashcard" else None
        kept.append(node)
    nodes[:] = kept


def _is_turned(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    name = str(second.get("id", ""))
    is_named_so = not name or name == f"{first.get('id')}__{ours.TURNED}" or "___" in name
    return is_named_so and key(first["front"]) == key(second["back"]) and key(first["back"]) == key(second["front"])
