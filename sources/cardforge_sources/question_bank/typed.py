"""Questions answered by typing: short answers and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from html import unescape

from cardforge.text.content import has_visible
from cardforge_sources.lines import as_line
from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.choices import credit
from cardforge_sources.question_bank.parts import Data, explained, filled, general, hints, stem, with_point
from cardforge_sources.question_bank.question import NOTHING, Answer, Question, Written
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told, plain

_ANYTHING = "*"
_WILDCARD = re.compile(r"(?<!\\)\*")
_FULL = 99.9


def short_answer(question: Question, texts: Texts, told: Told) -> Data | None:
    """A short answer; None, and told, when no answer gives any points."""
    given = _given(question, told)
    if not any(answer.share > 0 for answer in given):
        told.kept_aside(question, "no answer that could be typed gives any points", "give the right answer 100 %")
        return None
    asked = stem(question, texts, told)
    if asked is None:
        told.kept_aside(question, "it has no text", "write the question's text")
        return None
    right, wrong = _shared_feedback([a for a in given if a.share >= _FULL]), _of_anything(question)
    answers = []
    for answer in given:
        own = _own(answer.feedback, right if answer.share >= _FULL else wrong)
        worth = None if answer.share >= _FULL else credit(answer.share, least=0)
        text = answer.text.text
        more = filled(credit=worth, feedback=texts.of(own, question.offset))
        answers.append({"text": text, **more} if more else text)
    return {
        "type": "short_answer",
        **general(question),
        "stem": asked,
        "answers": answers,
        **filled(
            case_sensitive=question.case_sensitive or None,
            hint=hints(question, texts),
            feedback_correct=texts.of(right, question.offset),
            feedback_incorrect=texts.of(wrong, question.offset),
        ),
        **explained(question, texts),
    }


def _given(question: Question, told: Told) -> list[Answer]:
    """The answers that can be typed, each once."""
    found: dict[str, Answer] = {}
    for answer in question.answers:
        pattern = as_line(answer.text.text)
        if pattern == _ANYTHING and answer.share <= 0:
            continue
        if _WILDCARD.search(pattern):
            how = f"the * in the answer “{pattern[:50]}” stood for any text, and now stands for itself"
            told.adapted(question, how, "write down the answers that are meant")
        text = pattern.replace(r"\*", "*")
        if not has_visible(text):
            continue
        if text in found:
            told.adapted(question, f"the answer “{text[:50]}” is there twice, and only the first one counts")
        found.setdefault(text, answer._replace(text=Written(text)))
    return list(found.values())


def _of_anything(question: Question) -> Written:
    """The feedback for whatever else is typed."""
    return next((a.feedback for a in question.answers if a.text.text.strip() == _ANYTHING and a.share <= 0), NOTHING)


def _shared_feedback(right: Sequence[Answer]) -> Written:
    """What is said after every right answer, alone or behind what is said after that one only."""
    ends = [_two(answer.feedback) or ("", answer.feedback.text) for answer in right]
    if not right or len({end.strip() for _, end in ends}) > 1:
        return NOTHING
    return right[0].feedback._replace(text=ends[0][1])


def _two(feedback: Written) -> tuple[str, str] | None:
    divisions = shapes.divisions(feedback.text) if feedback.format == "html" else []
    return (divisions[0], divisions[1]) if len(divisions) == 2 else None


def _own(feedback: Written, shared: Written) -> Written:
    """An answer's feedback without what is said after others, too."""
    if feedback.text.strip() == shared.text.strip():
        return NOTHING
    two = _two(feedback)
    return feedback._replace(text=two[0]) if two and two[1].strip() == shared.text.strip() else feedback


# --- numbers -------------------------------------------------------------------------------------

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_UNIT = re.compile(r"<p>Unit: ((?:(?!</?p>).)*)</p>\s*\Z", re.DOTALL)


def numeric(question: Question, texts: Texts, told: Told) -> Data | None:
    """A question for a number; None, and told, when it has none. Only the best answer is kept."""
    given = [answer for answer in question.answers if answer.share > 0 and _number(answer.text.text)]
    if not given:
        told.kept_aside(question, "no number gives any points", "give the right number 100 %")
        return None
    best = max(given, key=lambda answer: answer.share)
    number, tolerance = _number(best.text.text), _number(best.tolerance).lstrip("-+")
    if not _is_in_reach(number, tolerance):
        told.kept_aside(question, "its number is larger than programs can count", "ask for it in another unit")
        return None
    _tell_of_others(question, best, told)
    if any(answer.text.text != with_point(answer.text.text) for answer in question.answers):
        told.adapted(question, "the comma in its number is taken for a decimal point")
    html, unit = _unit(question, told)
    asked = stem(question, texts, told, html)
    if asked is None:
        told.kept_aside(question, "it has no text", "write the question's text")
        return None
    return {
        "type": "numeric",
        **general(question),
        "stem": asked,
        "answer": number,
        **filled(
            tolerance=tolerance if tolerance and Decimal(tolerance) else None,
            unit=unit,
            hint=hints(question, texts),
            feedback_correct=texts.of(best.feedback, question.offset),
            feedback_incorrect=texts.of(_of_anything(question), question.offset),
        ),
        **explained(question, texts),
    }


def _is_in_reach(number: str, tolerance: str) -> bool:
    """Whether Moodle and others, which count in floating point, hold the number and what is right around it."""
    return abs(Decimal(number)) + Decimal(tolerance or 0) < _GREATEST


_GREATEST = Decimal("1e308")


def _tell_of_others(question: Question, best: Answer, told: Told) -> None:
    """Tell of the answers besides the best one, and of what is said after them."""
    others = [a for a in question.answers if a is not best and a.text.text.strip() != _ANYTHING]
    points = [a for a in others if a.share > 0]
    if points:
        more = ", ".join(_in_full(a) for a in points[:_SHOWN])
        more += f" and {len(points) - _SHOWN:,} more" if len(points) > _SHOWN else ""
        told.adapted(question, f"only the answer {_in_full(best)} is kept, not {more}")
    kept = {best.feedback.text.strip(), _of_anything(question).text.strip()}
    for answer in others:
        html = answer.feedback.text.strip()
        said = plain(html, 400) or ("an image" if "<img" in html else "")
        if said and html not in kept:
            number = as_line(answer.text.text)[:20]
            told.adapted(question, f"what is said after the answer {number} is not kept: “{said}”", _TO_EXPLANATION)


_SHOWN = 5
_TO_EXPLANATION = "put it into the explanation, or into the feedback for wrong answers"


def _in_full(answer: Answer) -> str:
    """A number with its tolerance and what it gives: two answers may differ in these only."""
    tolerance = _number(answer.tolerance).lstrip("-+")
    around = f" ± {tolerance[:20]}" if tolerance and Decimal(tolerance) else ""
    worth = "" if answer.share >= _FULL else f" ({answer.share:g} %)"
    return f"{as_line(answer.text.text)[:20]}{around}{worth}"


def _number(written: str) -> str:
    """A number as the deck format has it, or nothing."""
    written = with_point(written).strip()
    return written if _DECIMAL.fullmatch(written) else ""


def _unit(question: Question, told: Told) -> tuple[str | None, str | None]:
    """The question's text without the unit that the exporter says at its end, if it does; and the unit."""
    units = [as_line(unit) for unit in question.units if has_visible(unit)]
    if len(units) > 1:
        told.not_kept(question.offset, "units besides the first one, and what they multiply by")
    said = _UNIT.search(question.text.text) if question.text.format == "html" else None
    if said:
        unit = as_line(unescape(said[1].replace("<span></span>", "")))
        if has_visible(unit) and (not units or units[0] == unit):
            return question.text.text[: said.start()], unit
    return None, units[0] if units else None
