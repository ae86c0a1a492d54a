"""An independent reading of a package: QTI 1.2 as Canvas uses it, without anything of the exporter."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from tests.exporters.canvas.quizzes import BLANK, Asked, Drawn, Quiz, Shown, Words, letters, words

_NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2", "cp": "http://www.imsglobal.org/xsd/imscp_v1p1"}
_KINDS = {
    "multiple_choice_question": "choice",
    "true_false_question": "choice",
    "multiple_answers_question": "choices",
    "short_answer_question": "short",
    "numerical_question": "numeric",
    "fill_in_multiple_blanks_question": "blanks",
    "matching_question": "matching",
    "essay_question": "essay",
}
_FEEDBACK = {"correct_fb": "correct", "general_incorrect_fb": "incorrect", "general_fb": "always"}


def files(package: bytes) -> dict[str, bytes]:
    """The files of a package by name."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def questions(package: bytes) -> Any:
    """The XML of the questions, as the manifest names it."""
    found = files(package)
    manifest = etree.fromstring(found["imsmanifest.xml"])
    (name,) = _find(manifest, "//cp:resource[@type='imsqti_xmlv1p2']/cp:file/@href")
    return etree.fromstring(found[name])


def read(package: bytes) -> Quiz:
    """The quiz, or the bank, in a package."""
    root = questions(package)
    (top,) = _find(root, "q:assessment/q:section|q:objectbank")
    quiz: Quiz = []
    for node in _find(top, "q:item|q:section"):
        if node.tag.endswith("section"):
            (pick,) = _find(node, "q:selection_ordering/q:selection/q:selection_number/text()")
            (points,) = _find(node, ".//q:points_per_item/text()")
            quiz.append(Drawn(int(pick), float(points), tuple(_asked(item) for item in _find(node, "q:item"))))
        elif _field(node, "question_type") == "text_only_question":
            quiz.append(Shown(_material(node, "q:presentation/q:material")))
        else:
            quiz.append(_asked(node))
    return quiz


def _find(node: Any, path: str) -> list[Any]:
    return list(node.xpath(path, namespaces=_NS))


def _field(item: Any, label: str) -> str:
    (entry,) = _find(item, f".//q:qtimetadatafield[q:fieldlabel='{label}']/q:fieldentry/text()")
    return str(entry)


def _material(node: Any, path: str) -> Words:
    (text,) = _find(node, f"{path}/q:mattext")
    written = text.text or ""
    return words(written) if text.get("texttype") == "text/html" else letters(written)


def _asked(item: Any) -> Asked:
    kind = _KINDS[_field(item, "question_type")]
    feedback = {f.get("ident"): _material(f, "q:flow_mat/q:material") for f in _find(item, "q:itemfeedback")}
    general = {name: feedback.pop(ident) for ident, name in _FEEDBACK.items() if ident in feedback}
    text = _material(item, "q:presentation/q:material")
    answers: Any = ()
    if kind in ("choice", "choices"):
        answers = _choices(item, feedback)
    elif kind == "short":
        answers = tuple(
            (equal.text.strip(), _own_feedback(equal, feedback))
            for equal in _find(item, ".//q:respcondition[q:setvar]/q:conditionvar/q:varequal")
        )
    elif kind == "numeric":
        (least,) = _find(item, ".//q:vargte/text()")
        (most,) = _find(item, ".//q:varlte/text()")
        answers = (float(least), float(most))
    elif kind == "blanks":
        names = [node.get("ident").removeprefix("response_") for node in _find(item, ".//q:response_lid")]
        text = (with_marks(text[0], names), *text[1:])
        answers = tuple(node.text for node in _find(item, ".//q:response_label//q:mattext"))
        answers = tuple(answer.strip() for answer in answers)
    elif kind == "matching":
        answers = _matching(item)
    points = float(_field(item, "points_possible"))
    return Asked(item.get("ident"), kind, item.get("title"), text, points, answers, general)


def with_marks(text: str, names: list[str]) -> str:
    """The text of a question with blanks, each by its number."""
    for number, name in enumerate(names, 1):
        assert text.count(f"[{name}]") == 1, (name, text)
        text = text.replace(f"[{name}]", BLANK.format(number))
    return text


def _choices(item: Any, feedback: dict[str, Words]) -> Any:
    right = {equal.text for equal in _find(item, ".//q:respcondition[q:setvar]//q:varequal[not(parent::q:not)]")}
    shown = {
        equal.text: feedback[link.get("linkrefid")]
        for condition in _find(item, ".//q:respcondition[q:displayfeedback and not(q:setvar)]")
        for equal in _find(condition, "q:conditionvar/q:varequal")
        for link in _find(condition, "q:displayfeedback")
    }
    return tuple(
        (_material(label, "q:material"), label.get("ident") in right, shown.get(label.get("ident")))
        for label in sorted(_find(item, ".//q:response_label"), key=lambda label: place(label.get("ident")))
    )


def place(ident: str) -> int:
    """The place of a choice in its deck: a package may show the choices in another order."""
    return int(ident.rpartition("choice_")[2]) if "choice_" in ident else 0


def _own_feedback(equal: Any, feedback: dict[str, Words]) -> Words | None:
    links = _find(equal, "../../q:displayfeedback/@linkrefid")
    return next((feedback[link] for link in links if link in feedback), None)


def _matching(item: Any) -> Any:
    offered = {
        label.get("ident"): _material(label, "q:material")
        for label in _find(item, ".//q:response_lid[1]//q:response_label")
    }
    right = {
        equal.get("respident"): equal.text
        for equal in _find(item, ".//q:respcondition[q:setvar]/q:conditionvar/q:varequal")
    }
    pairs = {_material(lid, "q:material"): offered[right[lid.get("ident")]] for lid in _find(item, ".//q:response_lid")}
    return pairs, set(offered.values()) - set(pairs.values())
