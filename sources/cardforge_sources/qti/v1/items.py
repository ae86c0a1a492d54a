"""Items of QTI 1.2: which kind they are, by what they present and by how they are scored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cardforge_sources.lines import LEVELS
from cardforge_sources.qti import ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.files import Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.names import child, children, content, inside, written
from cardforge_sources.qti.nodes import Node, SectionNode
from cardforge_sources.qti.numbers import NotUnderstood, number
from cardforge_sources.qti.question import Question
from cardforge_sources.qti.v1 import kinds as kinds1
from cardforge_sources.qti.v1 import material, references
from cardforge_sources.qti.v1.asking import Asking
from cardforge_sources.qti.v1.conditions import AllConditions
from cardforge_sources.qti.v1.presentation import Presentation, presented
from cardforge_sources.qti.v1.titles import name_of
from cardforge_sources.xml import Element, line_of

# Names of kinds, as programs write them, in lower case. What is not here is told by what is presented.
_NO_KIND = {
    "arithmetic": "its numbers are drawn at random",
    "calculated": "its numbers are drawn at random",
    "calculated_question": "its numbers are drawn at random",
    "categorization_question": "words to be put into categories",
    "error": "it was damaged when it was exported",
    "file upload": "a file to be uploaded",
    "file_upload_question": "a file to be uploaded",
    "hot spot": "a place in a picture to be chosen",
    "hot_spot_question": "a place in a picture to be chosen",
    "significant figures": "its numbers are drawn at random",
}
_ESSAYS = frozenset({"essay", "essay_question", "cc.essay.v0p1", "long answer", "short response"})
_LABELS = ("question_type", "bbmd_questiontype", "qmd_questiontype", "cc_profile", "respondusapi_qtype")
_POINTS = ("points_possible", "respondusapi_qpoints", "cc_weighting", "qmd_absolutescore_max", "qmd_weighting")


def metadata(element: Element) -> dict[str, str]:
    """The metadata of an item or an assessment, by their labels in lower case."""
    found: dict[str, str] = {}
    for outer in children(element, "itemmetadata", "qtimetadata", "assessmentmetadata"):
        for field in inside(outer, "qtimetadatafield", "qti_metadatafield"):
            found.setdefault(content(child(field, "fieldlabel")).lower(), written(child(field, "fieldentry")))
        for entry in children(outer):
            if not len(entry) and entry.text:
                found.setdefault(str(entry.tag).lower(), content(entry))
    return found


class ItemReader:
    """Reads items."""

    def __init__(self, builder: Builder, findings: Findings) -> None:
        self._builder = builder
        self._findings = findings
        self._conditions = AllConditions()

    def read(self, part: Part, item: Element, deck_name: str, points: Decimal | None = None) -> list[Node]:
        """The nodes of an item: none, if it is kept aside. A section without items is a text that begins one.

        ``points`` is what a group of questions says that each of them is worth.
        """
        place = (part, line_of(item))
        ident = (item.get("ident") or item.get("label") or "").strip()
        meta = metadata(item)
        kind = next((meta[label].lower() for label in _LABELS if meta.get(label)), "")
        question = Question(place, name_of(item), id=ours.own_id(ident, deck_name) or None)
        question.is_ours = question.id != ident or ours.is_shortened(ident)
        question.points = points if points is not None else _points(meta)
        self._described(question, meta)
        if kind in _NO_KIND:
            return self._aside(question, _NO_KIND[kind])
        self.put_in(part, item)
        presentation = presented(item)
        question.stem = self._introduction(part, item) + presentation.html
        if not presentation.responses:
            return self._without_question(question)
        try:
            return self._asked(question, item, presentation, kind, meta)
        except NotUnderstood as error:
            return self._aside(question, f"its scoring is not read here: {error}")

    def put_in(self, part: Part, element: Element) -> None:
        """Put what an element refers to into its place; what is not there is told. Changes the tree."""
        for reference in references.put_in(element):
            self._findings.not_kept((part, line_of(reference)), "a text or picture that is named and not in the item")

    def _introduction(self, part: Part, item: Element) -> str:
        """What the item says to learners before it asks; what it says to others is told."""
        said = ""
        for rubric in children(item, "rubric", "itemrubric"):
            if rubric.get("view", "All").lower() in ("all", "candidate"):
                said += f"<div>{html}</div>" if (html := material.html(rubric)) else ""
            elif content(rubric):
                self._findings.not_kept((part, line_of(rubric)), "a note for those who score")
        for objectives in children(item, "objectives"):
            if content(objectives):
                self._findings.not_kept((part, line_of(objectives)), "what an item is to teach (its objectives)")
        for processing in children(item, "resprocessing"):
            for note in inside(processing, "interpretvar", "itemproc_extension"):
                if any(map(content, inside(note, "material"))):
                    self._findings.not_kept((part, line_of(note)), "a note for those who score")
        return said

    def _described(self, question: Question, meta: Mapping[str, str]) -> None:
        if meta.get("level") in LEVELS:
            question.level = meta["level"]
        if meta.get("tags", "").startswith("["):
            try:
                tags = json.loads(meta["tags"])
            except (ValueError, RecursionError):
                return
            question.tags = [tag for tag in tags if isinstance(tag, str)]
        if question.is_ours and meta.get("cardforge_id"):
            question.id = meta["cardforge_id"]

    def _asked(
        self, question: Question, item: Element, presentation: Presentation, kind: str, meta: Mapping[str, str]
    ) -> list[Node]:
        unread = dict.fromkeys(asked.unread for asked in presentation.responses if asked.unread)
        if unread:
            return self._aside(question, " and ".join(unread))
        if next(inside(item, "formula", "calculated"), None) is not None:
            return self._aside(question, _NO_KIND["calculated"])
        single = frozenset(a.ident for a in presentation.responses if a.cardinality == "single")
        conditions = self._conditions.of(item, presentation.aliases, single)
        feedback = _feedback(item)
        question.hints = [material.html(hint) for hint in inside(item, "hintmaterial") if content(hint)]
        if len(question.stem) and question.stem.startswith("<div>"):
            stem, hints, between = ours.with_hints(question.stem)
            if hints or between:
                question.stem, question.hints = stem, [*question.hints, *hints]
                meta = {**meta, "unit": between}
        question.stem = ours.unwrapped(question.stem)
        asking = Asking(self._builder, self._findings, question, conditions, feedback, kind, meta)
        return kinds1.nodes(asking, presentation.responses, kind in _ESSAYS)

    def _without_question(self, question: Question) -> list[Node]:
        """A text among the questions begins a section; where cardforge wrote it, it was one."""
        title, said = ours.section(question.stem, question.name) if question.is_ours else ("", "")
        if title:
            data: dict[str, Any] = {"section": title}
            if said and (described := self._builder.text(said, question.place)) is not None:
                data["description"] = described
            return [SectionNode(data, question.place)]
        described = self._builder.text(question.stem, question.place)
        if described is None:
            return self._aside(question, "it asks nothing")
        return [SectionNode({"section": question.name, "description": described}, question.place, is_text=True)]

    def _aside(self, question: Question, what: str) -> list[Node]:
        self._findings.aside(question.place, question.name, what)
        return []


def _points(meta: Mapping[str, str]) -> Decimal | None:
    values = (number(meta.get(name)) for name in _POINTS)
    return next((value for value in values if value is not None and value >= 0), None)


def _feedback(item: Element) -> dict[str, str]:
    """The texts that can be shown after an answer, by their idents. (Hints are shown before it.)"""
    found: dict[str, str] = {}
    for element in children(item, "itemfeedback"):
        texts: Sequence[str] = [material.html(element)]
        texts = [*texts, *(material.html(e) for e in inside(element, "solutionmaterial"))]
        said = [text for text in texts if text]
        if said:
            ident = element.get("ident", "")
            text = said[0] if len(said) == 1 else "".join(f"<div>{part}</div>" for part in said)
            found[ident] = f"{found[ident]}<div>{text}</div>" if ident in found else text
    return found
