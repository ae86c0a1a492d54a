"""Notes of cardforge's own note types, back to the items that they were.

What is written where is said in the exporter (cardforge_exporters/anki: cards.py, tasks.py); the fields and their order
are frozen there. The key is taken from the field ``Data``, texts from the fields that show them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from cardforge.text import Dialect, render
from cardforge.text.content import FORMULA
from cardforge.text.render import mathjax
from cardforge_sources.apkg.collection import Note, NoteType
from cardforge_sources.apkg.elements import elements, with_class
from cardforge_sources.foreign_texts import Plain, Texts
from cardforge_sources.lines import LEVELS, is_line

Item = dict[str, Any]

_TAIL = ("Hint", "Explanation", "Source", "Level", "Language", "Item id", "Deck id", "Spare 1", "Spare 2", "Spare 3")
_QUESTION = ("Feedback correct", "Feedback incorrect", "Data")
_KEYS = {
    ("Front", "Back", "Reversed", *_TAIL): "f",
    ("Text", "Extra", *_TAIL): "c",
    ("Stem", "Kind", "Task", "Solution", "Concepts", "Model answer", *_QUESTION, *_TAIL): "q",
}
"""The letter that stands for a note type in guids, by its fields."""


class NotOurs(Exception):
    """The note does not read as cardforge writes it: somebody has changed what its card judges by."""


def is_ours(note_type: NoteType) -> bool:
    """Whether cardforge made this note type."""
    return note_type.fields in _KEYS


def values(note: Note, note_type: NoteType) -> Mapping[str, str]:
    """A note's fields by their names."""
    return dict(zip(note_type.fields, note.fields, strict=False))


def line(html: str) -> str | None:
    """A line of text that the exporter wrote as HTML, or None when it is none."""
    text = unescape(html)
    return text if "<" not in html and is_line(text) else None


def deck_id(note: Mapping[str, str]) -> str:
    """The id of the deck that a note was written for."""
    return unescape(note.get("Deck id", ""))


def item_id(note: Mapping[str, str], note_type: NoteType, guid: str) -> str | None:
    """The id by which the exporter gives the note this guid again; None when no id does.

    As a rule it is the one that the note says. An item whose id came from its text kept its guid when it was edited.
    """
    said = unescape(note.get("Item id", ""))
    prefix = f"{_deck_digest(deck_id(note))}{_KEYS[note_type.fields]}-"
    written = said if len(said) <= 60 and said.isascii() else hashlib.sha256(said.encode()).hexdigest()[:20]
    if said and guid == prefix + written:
        return said
    return guid.removeprefix(prefix) if guid.startswith(prefix) and len(guid) > len(prefix) else None


@lru_cache
def _deck_digest(deck_id: str) -> str:
    return hashlib.sha256(deck_id.encode()).hexdigest()[:12]


def item(note: Mapping[str, str], note_type: NoteType, texts: Texts) -> Item:
    """The item, without id and tags. Raises NotOurs."""
    try:
        made = _MAKERS[_KEYS[note_type.fields]](note, texts)
    except _MISREAD as error:
        raise NotOurs from error
    said = {
        "hint": [text for hint in _hints(note["Hint"]) if (text := texts.text(hint))],
        "explanation": texts.text(note["Explanation"]),
        "source": texts.text(note["Source"]),
        "level": note["Level"] if note["Level"] in LEVELS else None,
    }
    return made | {name: value for name, value in said.items() if value}


_MISREAD = (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration, RecursionError)


def _hints(html: str) -> list[str]:
    found = list(elements(html, "details"))
    if "".join(html[e.start : e.end] for e in found) != html:
        return [html]  # somebody wrote it in Anki
    return [e.inside.partition("</summary>")[2] for e in found]


def _flashcard(note: Mapping[str, str], texts: Texts) -> Item:
    made = {"type": "flashcard", "front": _needed(texts, note["Front"]), "back": _needed(texts, note["Back"])}
    return made | ({"reversed": True} if note["Reversed"] else {})


def _cloze(note: Mapping[str, str], texts: Texts) -> Item:
    text = texts.cloze(note["Text"])
    if text is None:
        raise NotOurs
    if isinstance(text, str):
        text = FORMULA.sub(_without_gaps, text)
    extra = texts.text(note["Extra"])
    return {"type": "cloze", "text": text} | ({"extra": extra} if extra else {})


def _without_gaps(formula: re.Match[str]) -> str:
    """The exporter parts braces and colons in formulas, which Anki would take for those of a deletion."""
    return formula[0].replace("} }", "}}").replace("} }", "}}").replace(":{}:", "::")


def _question(note: Mapping[str, str], texts: Texts) -> Item:
    kind = note["Kind"]
    data = json.loads(note["Data"]) if note["Data"] else {}
    made: Item = {"type": kind, "stem": _needed(texts, note["Stem"])}
    made |= _OF_KIND[kind](note, data, texts)
    for name, field in (("feedback_correct", "Feedback correct"), ("feedback_incorrect", "Feedback incorrect")):
        if (text := texts.text(note[field])) and kind != "open_prompt":
            made[name] = text
    return made


def _multiple_choice(note: Mapping[str, str], data: Mapping[str, Any], texts: Texts) -> Item:
    shown = next(elements(note["Solution"], "ol"))
    rows = {_index(row.attributes): _with_feedback(row.inside) for row in elements(shown.inside, "li")}
    if len(rows) != len(data["credits"]):
        raise NotOurs
    right, several = set(data["right"]), bool(data["several"])
    share = 1 / len(right) if several else 1.0
    different = _apart([_needed(texts, rows[index][0]) for index in range(len(rows))])
    choices: list[Item] = []
    for index, text in enumerate(different):
        choice: Item = {"text": text}
        if index in right:
            choice["correct"] = True
        if said := texts.text(rows[index][1]):
            choice["feedback"] = said
        credit = _credit(data["credits"][index], -1)
        if credit != (share if index in right else 0.0):
            choice["credit"] = repr(credit)
        choices.append(choice)
    made: Item = {"choices": choices}
    if several != (len(right) > 1):
        made["multiple"] = several
    return made | ({"shuffle": False} if "cf-fixed" in shown.attributes else {})


def _credit(value: Any, least: int) -> float:
    credit = float(value)
    if not least <= credit <= 1:
        raise NotOurs
    return credit


def _true_false(_note: Mapping[str, str], data: Mapping[str, Any], _texts: Texts) -> Item:
    return {"answer": data["right"] == [0]}


def _short_answer(note: Mapping[str, str], data: Mapping[str, Any], texts: Texts) -> Item:
    answers: list[Item] = []
    for text, credit in zip(data["answers"], data["credits"], strict=True):
        answers.append({"text": text} | ({"credit": repr(_credit(credit, 0))} if credit != 1 else {}))
    rows = with_class(note["Solution"], "ul", "cf-answers")
    if rows is not None:
        # There, they stand with the best first.
        best_first = sorted(range(len(answers)), key=lambda index: -float(data["credits"][index]))
        for index, row in zip(best_first, elements(rows, "li"), strict=True):
            if said := texts.text(_with_feedback(row.inside)[1]):
                answers[index]["feedback"] = said
    return {"answers": answers} | ({"case_sensitive": True} if data["case_sensitive"] else {})


_NUMBER = re.compile(r"(\S+)(?: ± (\S+?)( %)?)?")


def _numeric(note: Mapping[str, str], data: Mapping[str, Any], _texts: Texts) -> Item:
    shown = with_class(note["Solution"], "div", "cf-value")
    written = unescape((shown or "").replace("<span></span>", ""))
    unit = str(data["unit"])
    number = _NUMBER.fullmatch(written.removesuffix(f" {unit}") if unit else written)
    if number is None:
        raise NotOurs
    made = {"answer": number[1]} | ({"unit": unit} if unit else {})
    return made | ({"tolerance_percent" if number[3] else "tolerance": number[2]} if number[2] else {})


def _matching(note: Mapping[str, str], data: Mapping[str, Any], texts: Texts) -> Item:
    lefts, letters = elements(next(elements(note["Task"], "div")).inside, "ol")
    rows = sorted(elements(letters.inside, "li"), key=lambda row: _index(row.attributes))
    offered = _apart([_needed(texts, row.inside) for row in rows])
    shown = _apart([_needed(texts, row.inside) for row in elements(lefts.inside, "li")])
    pairs = [{"left": left, "right": offered[index]} for left, index in zip(shown, data["rights"], strict=True)]
    used = set(data["rights"])
    others = [text for index, text in enumerate(offered) if index not in used]
    return {"pairs": pairs} | ({"distractors": others} if others else {})


def _ordering(note: Mapping[str, str], _data: Mapping[str, Any], texts: Texts) -> Item:
    steps = next(elements(note["Solution"], "ol"))
    return {"steps": _apart([_needed(texts, row.inside) for row in elements(steps.inside, "li")])}


def _open_prompt(note: Mapping[str, str], data: Mapping[str, Any], texts: Texts) -> Item:
    made: Item = {}
    points = data.get("points", [])
    if (listed := with_class(note["Concepts"], "ul", "cf-concepts")) is not None:
        made["concepts"] = []
        for worth, row in zip(points, elements(listed, "li"), strict=True):
            text = row.inside if worth == 1 else row.inside.rpartition(' <span class="cf-points">')[0]
            concept: Item = {"text": _needed(texts, text)} | ({"points": repr(float(worth))} if worth != 1 else {})
            made["concepts"].append(concept)
    elif points:
        made["concept_count"] = str(len(points))
    if answer := texts.text(note["Model answer"]):
        made["model_answer"] = answer
    return made


_OF_KIND = {
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "open_prompt": _open_prompt,
}
_MAKERS = {"f": _flashcard, "c": _cloze, "q": _question}


def _needed(texts: Texts, html: str) -> Plain:
    text = texts.text(html)
    if text is None:
        raise NotOurs
    return text


def _apart(parts: list[Plain]) -> list[Plain]:
    """The texts, no two of them the same: what looks the same had been written in different ways, and may be again."""
    seen: set[str] = set()
    found: list[Plain] = []
    for text in parts:
        key = text if isinstance(text, str) else f"<html>{text['html']}"
        if key in seen:
            html = text["html"] if isinstance(text, dict) else render(text, _AS_HTML)
            while (key := f"<html>{html}") in seen:
                html += " "
            text = {"html": html}
        seen.add(key)
        found.append(text)
    return found


_AS_HTML = Dialect(maths=mathjax)


def _index(attributes: str) -> int:
    """The index of a part in its item, which is the first thing that its tag says."""
    _, _, value = attributes.partition(' data-i="')
    return int(value.partition('"')[0])


_FEEDBACK = '<div class="cf-choice-feedback">'


def _with_feedback(row: str) -> tuple[str, str]:
    """A row's text, and what is said to it: the last element in it."""
    if not row.endswith("</div>") or _FEEDBACK not in row:
        return row, ""
    if row.count("<div") == 1:
        text, _, feedback = row.partition(_FEEDBACK)
        return text, feedback.removesuffix("</div>")
    *_, last = elements(row, "div")
    if last.end == len(row) and row.startswith(_FEEDBACK, last.start):
        return row[: last.start], last.inside
    return row, ""
