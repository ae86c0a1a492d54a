"""Tests of QTI 2 and 3: their sections, in which order they ask which items, and how they are to be taken."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cardforge_sources.lines import as_line
from cardforge_sources.qti import ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.files import Files, Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.markup import html
from cardforge_sources.qti.names import child, children, content, inside
from cardforge_sources.qti.nodes import Node, SectionNode
from cardforge_sources.qti.numbers import number
from cardforge_sources.qti.v2.pages import Pages
from cardforge_sources.xml import Element, line_of

ReadItem = Callable[[Part, Element, str], list[Node]]
"""Reads an item of this file, with the weight that a test gives it."""
_DEEPEST = 60


class TestReader:
    """Reads tests. ``asked`` collects the files of the items that they ask."""

    def __init__(self, files: Files, builder: Builder, findings: Findings, read_item: ReadItem) -> None:
        self._files = files
        self._builder = builder
        self._findings = findings
        self._read_item = read_item
        self._pages = Pages(files, findings)
        self.asked: set[str] = set()

    def read(self, part: Part, test: Element) -> SectionNode:
        """A test as one section; ``data`` has its title, and its description where it shows one before its items."""
        self._open: list[str] = [part.name]
        is_ours = test.get("toolName") == "cardforge"
        whole = SectionNode(
            {"section": as_line(test.get("title") or "") or as_line(part.name) or "Test"}, _place(part, test)
        )
        parts = children(test, "testPart")
        for test_part in parts:
            nodes = self._sections(part, test_part, is_ours)
            title = as_line(test_part.get("title") or "")
            if len(parts) > 1 and title:
                whole.nodes.append(SectionNode({"section": title}, _place(part, test_part), nodes))
            else:
                whole.nodes += nodes
        self._not_kept(part, test)
        if len(whole.nodes) == 1 and isinstance(only := whole.nodes[0], SectionNode):
            # The one section of a test says no more than the test: its title would stand twice.
            is_same = is_ours or only.data["section"] in (whole.data["section"], "Section", "Section 1")
            if is_same and "pick" not in only.data:
                whole.data |= {key: value for key, value in only.data.items() if key == "description"}
                whole.nodes = only.nodes
        return whole

    def targets(self, test: Element) -> dict[str, Any]:
        """How the test is to be taken, as options of cardforge's own exporters for QTI."""
        found: dict[str, Any] = {}
        limit = next((number(e.get("maxTime")) for e in children(test, "timeLimits") if e.get("maxTime")), None)
        if limit and limit >= 60:
            found["time_limit"] = str(int(limit / 60))
        parts = children(test, "testPart")
        if parts and all(part.get("navigationMode") == "linear" for part in parts):
            found["one_at_a_time"] = "true"
        control = child(parts[0], "itemSessionControl") if parts else None
        attempts = control.get("maxAttempts", "") if control is not None else ""
        if attempts.isascii() and attempts.isdigit() and len(attempts) < 5:
            found["attempts"] = str(int(attempts))
        sections = list(inside(test, "assessmentSection"))
        if sections and all(_is_shuffled(section) for section in sections):
            found["shuffle"] = "true"
        return found

    def _sections(self, part: Part, around: Element, is_ours: bool) -> list[Node]:
        nodes: list[Node] = []
        for element in around:
            name = element.tag
            if name == "assessmentItemRef":
                nodes += self._item(part, element)
            elif name == "assessmentSection":
                nodes.append(self._section(part, element, is_ours))
            elif name == "assessmentSectionRef":
                nodes += self._another_file(part, element)
        return nodes

    def _section(self, part: Part, element: Element, is_ours: bool) -> SectionNode:
        title = as_line(element.get("title") or "") or as_line(element.get("identifier") or "") or "Section"
        node = SectionNode({"section": title}, _place(part, element))
        for rubric in children(element, "rubricBlock"):
            self._pages.put_in(part, rubric)
        rubrics = [html(e, classes=is_ours) for e in children(element, "rubricBlock") if content(e) or len(e)]
        if rubrics:
            together = rubrics[0] if len(rubrics) == 1 else "".join(f"<div>{rubric}</div>" for rubric in rubrics)
            described = self._builder.text(ours.unwrapped(together.strip()), node.place)
            if described is not None:
                node.data["description"] = described
        node.nodes = self._sections(part, element, is_ours)
        selection = child(element, "selection")
        pick = number(selection.get("select")) if selection is not None else None
        if pick and 0 < pick < len(node.nodes):
            node.data["pick"] = str(int(pick))
        for name in ("preCondition", "branchRule"):
            if child(element, name) is not None:
                self._findings.not_kept(node.place, "a condition on which a section is asked")
        return node

    def _item(self, part: Part, reference: Element) -> list[Node]:
        href = reference.get("href", "")
        found = self._files.part(href, part.folder)
        if found is None:
            name = reference.get("identifier") or href
            self._findings.aside(_place(part, reference), name, f"its file {href[:80]!r} is not there", _NOT_THERE)
            return []
        weights = children(reference, "weight")
        weight = weights[0].get("value", "") if weights else ""
        if found.name in self.asked:
            self._findings.not_kept(_place(part, reference), "that a question is asked a second time")
            return []
        self.asked.add(found.name)
        return self._read_item(found, reference, weight if number(weight) != Decimal(0) else "")

    def _another_file(self, part: Part, reference: Element) -> list[Node]:
        found = self._files.part(reference.get("href", ""), part.folder)
        if found is None or found.name in self._open or len(self._open) > _DEEPEST:
            self._findings.not_kept(_place(part, reference), "a section in a file that is not there", _NOT_THERE)
            return []
        if found.name in self.asked:  # files that name each other twice would double with each
            self._findings.not_kept(_place(part, reference), "that a section is asked a second time")
            return []
        self._open.append(found.name)
        nodes: list[Node] = [self._section(found, found.root(), False)]
        self._open.pop()
        self.asked.add(found.name)
        return nodes

    def _not_kept(self, part: Part, test: Element) -> None:
        if next(inside(test, "testFeedback"), None) is not None:
            self._findings.not_kept(_place(part, test), "feedback for the test as a whole")


_NOT_THERE = "export the package again, whole"


def _place(part: Part, element: Element) -> tuple[Part, int]:
    return part, line_of(element)


def _is_shuffled(section: Element) -> bool:
    ordering = child(section, "ordering")
    return ordering is not None and ordering.get("shuffle") == "true"
