"""What items of every kind have: id, tags, level, points, hints, and what is shown after an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from math import isfinite
from typing import Any

from cardforge.text import as_markdown
from cardforge.text.content import has_visible
from cardforge_sources.alike import TextData
from cardforge_sources.lines import LEVELS, as_line, is_id
from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.defaults import Slot, is_default
from cardforge_sources.question_bank.question import NOTHING, Question, Written
from cardforge_sources.question_bank.texts import Texts, as_html
from cardforge_sources.question_bank.told import Told

Data = dict[str, Any]
"""An item, or fields of one, in the form of the deck format."""

_EMPTY = "<span></span>"
_LEVELS = {f"level:{level}": level for level in LEVELS}


def filled(**fields: Any) -> Data:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, (), [])}


def general(question: Question) -> Data:
    """Id, level, tags and points."""
    tags = [as_line(unescape(tag)) for tag in question.tags] if question.tags else []
    level = next((_LEVELS[tag.lower()] for tag in tags if tag.lower() in _LEVELS), None)
    others = [tag for tag in dict.fromkeys(tags) if tag and _LEVELS.get(tag.lower()) != (level or "")]
    return filled(id=identifier(question.idnumber), level=level, tags=others, points=points(question.points))


def identifier(idnumber: str) -> str | None:
    """An ID number as an id: without spaces, and only where it is not too long."""
    made = "-".join(as_line(idnumber).split())
    return made if is_id(made) else None


def points(written: str) -> str | None:
    """Points as the deck format has them; None for the usual one."""
    number = number_of(written)
    if number is None or number < 0 or number == 1:
        return None
    made = f"{number:.15g}"
    return made if isfinite(float(made)) else repr(number)


_WITH_COMMA = re.compile(r"\s*[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)


def with_point(written: str) -> str:
    """A number with its decimal comma, if it has one, as a point; any other text as it is."""
    return written.replace(",", ".") if _WITH_COMMA.fullmatch(written) else written


def number_of(written: str) -> float | None:
    """A number that PHP reads, or one with a decimal comma; or None."""
    try:
        number = float(with_point(written).strip()) if "_" not in written else None
    except ValueError:
        return None
    return number if number is not None and isfinite(number) else None


def stem(question: Question, texts: Texts, told: Told, html: str | None = None) -> TextData | None:
    """The text that asks: all of the question's text, or what ``html`` says of it. Without one, the name."""
    offset = question.offset
    text = texts.of(question.text, offset) if html is None else texts.html(html, question.text, offset)
    if text is None and has_visible(question.name):
        told.adapted(question, "it has no text that could be shown, so its name asks", "write the question's text")
        return as_markdown(as_line(unescape(question.name))) or None
    return text


def hints(question: Question, texts: Texts) -> list[TextData]:
    """Moodle's hints."""
    found = (texts.of(hint, question.offset) for hint in question.hints)
    return [hint for hint in found if hint is not None]


_HINT = re.compile(r"Hint(?: \d+)?")


def with_hints_from_text(question: Question) -> Question:
    """The question with the hints that open at the end of its text, where the exporter puts those that a format or a
    type has no place for, as hints.
    """
    written = question.text
    if written.format != "html" or not written.text.rstrip().endswith("</details>"):
        return question
    html, closed = shapes.without_details(written.text)
    if not closed or not all(_HINT.fullmatch(summary) for summary, _ in closed):
        return question
    hints = tuple(written._replace(text=inner) for _, inner in closed)
    return replace(question, text=written._replace(text=html), hints=(*question.hints, *hints))


def explained(question: Question, texts: Texts) -> Data:
    """Explanation and source, from the general feedback."""
    divisions = shapes.divisions(question.feedback.text) if question.feedback.format == "html" else []
    if divisions and len(divisions) <= 2 and shapes.source(divisions[-1]) is not None:
        return explained_by(divisions, question, texts)
    return filled(explanation=texts.of(question.feedback, question.offset))


def explained_by(divisions: Sequence[str], question: Question, texts: Texts) -> Data:
    """The same from divisions of it: the source is the last one, if it is said at all."""
    rest = list(divisions)
    said = shapes.source(rest[-1]) if rest else None
    source = None
    if said is not None:
        source = texts.html(said, question.feedback, question.offset)
        rest.pop()
    html = rest[0] if len(rest) == 1 else "".join(f"<div>{part}</div>" for part in rest)
    return filled(explanation=texts.html(html, question.feedback, question.offset), source=source)


def combined_feedback(question: Question, texts: Texts, told: Told) -> Data:
    """Feedback for right and wrong; what Moodle itself puts there is none."""
    right, partly, wrong = (
        _said(question.right, "right"),
        _said(question.partly, "partly"),
        _said(question.wrong, "wrong"),
    )
    if partly.text and partly.text != wrong.text:
        told.not_kept(question.offset, "feedback for an answer that is partly right")
    return filled(
        feedback_correct=texts.of(right, question.offset), feedback_incorrect=texts.of(wrong, question.offset)
    )


def explained_with_feedback(question: Question, texts: Texts, told: Told) -> Data:
    """Explanation and source of a kind that has no feedback for right and wrong: the explanation takes it."""
    data, feedback = explained(question, texts), combined_feedback(question, texts, told)
    if not feedback:
        return data
    told.adapted(question, "its feedback for right and for wrong answers is shown after any answer")
    parts = [text for text in (data.get("explanation"), *feedback.values()) if text is not None]
    if all(isinstance(text, str) for text in parts):
        return {**data, "explanation": "\n\n".join(dict.fromkeys(parts))}
    written = (question.feedback, _said(question.right, "right"), _said(question.wrong, "wrong"))
    html = "".join(f"<div>{as_html(part)}</div>" for part in written if part.text)
    files = {name: path for part in written for name, path in part.files.items()}
    return {**data, **filled(explanation=texts.html(html, Written(html, "html", files), question.offset))}


def _said(written: Written, slot: Slot) -> Written:
    return NOTHING if written.text and is_default(written.text, slot) else written


def without_empty(written: Written) -> Written:
    """A text without the element that shows nothing, with which the exporter tells equal texts apart."""
    text = written.text.rstrip()
    while text.endswith(_EMPTY):
        text = text.removesuffix(_EMPTY)
    return written._replace(text=text) if text != written.text else written
