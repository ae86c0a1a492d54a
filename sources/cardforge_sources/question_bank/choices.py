"""Questions with choices: multiple choice, true or false."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_sources.alike import told_apart
from cardforge_sources.question_bank.parts import (
    Data,
    combined_feedback,
    explained,
    filled,
    general,
    hints,
    stem,
    without_empty,
)
from cardforge_sources.question_bank.question import NOTHING, Answer, Question
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told

_NEAR = 0.1
"""Shares that differ by less, in percent, are the same: Moodle writes a third as 33.33333."""


def multiple_choice(question: Question, texts: Texts, told: Told) -> Data | None:
    """A multiple choice; None, and told, when it has not two choices or none is right."""
    shown = [(texts.of(without_empty(answer.text), question.offset), answer) for answer in question.answers]
    offered = [(text, answer) for text, answer in shown if text is not None]
    if len(offered) < 2:
        told.kept_aside(question, "it has fewer than two choices", "give it two choices or more")
        return None
    right = right_ones([answer.share for _, answer in offered], question.single)
    if not any(right):
        told.kept_aside(question, "no choice gives any points", "give the right choice 100 % of the points")
        return None
    asked = stem(question, texts, told)
    if asked is None:
        told.kept_aside(question, "it has no text", "write the question's text")
        return None
    distinct, are_changed = told_apart([text for text, _ in offered])
    if not distinct:
        told.kept_aside(question, "it has the same choice many times", "write each choice once")
        return None
    if are_changed:
        told.adapted(question, "two of its choices are the same, and numbered now", "change one of them")
    usual = usual_shares(right, question.single)
    choices = []
    for text, (_, answer), is_right, share in zip(distinct, offered, right, usual, strict=True):
        choice: Data = {"text": text}
        if is_right:
            choice["correct"] = True
        if abs(answer.share - share) >= _NEAR:
            choice["credit"] = credit(answer.share)
        if (feedback := texts.of(answer.feedback, question.offset)) is not None:
            choice["feedback"] = feedback
        choices.append(choice)
    is_multiple = not question.single
    return {
        "type": "multiple_choice",
        **general(question),
        "stem": asked,
        "choices": choices,
        **filled(
            multiple=is_multiple if is_multiple != (sum(right) > 1) else None,
            shuffle=None if question.shuffle else False,
            hint=hints(question, texts),
        ),
        **explained(question, texts),
        **combined_feedback(question, texts, told),
    }


def right_ones(shares: Sequence[float], single: bool) -> list[bool]:
    """Which choices are right: of several to be chosen, those that give points; of one, those that give the most."""
    if not single:
        return [share > 0 for share in shares]
    best = max(shares)
    return [best > 0 and share > best - _NEAR for share in shares]


def credit(share: float, least: int = -1) -> str:
    """The share as the deck format has it; 7 decimals, because Moodle has 5 of a percentage."""
    return str(round(min(max(share / 100, least), 1), 7))


def usual_shares(right: Sequence[bool], single: bool) -> list[float]:
    """What the choices give when nothing is said of it.

    Moodle knows no share of 1/11 to 1/19 and none below 5 %, so that the exporter writes 10 % and 5 % there.
    """
    count = sum(right)
    shares = [100.0] * count if single else [100 / count] * count
    if not single and count > 10:
        tens = max(20 - count, 0)
        shares = [10.0] * tens + [5.0] * (count - tens)
    given = iter(shares)
    return [next(given) if is_right else 0.0 for is_right in right]


def true_false(question: Question, texts: Texts, told: Told) -> Data | None:
    """True or false. As Moodle does, answers in another language are taken for true and false in this order."""
    by_value: dict[str, Answer] = {}
    for answer, usual in zip(question.answers[:2], ("true", "false"), strict=False):
        said = answer.text.text.strip()
        by_value[said if said in ("true", "false") else usual] = answer
    last = next(reversed(by_value), None)
    asked = stem(question, texts, told)
    if last is None or asked is None:
        told.kept_aside(question, "it does not say whether it is true or false" if asked else "it has no text")
        return None
    # As Moodle: the last answer says whether it is true.
    is_true = (by_value[last].share > 99.9) == (last == "true")
    right, wrong = ("true", "false") if is_true else ("false", "true")
    nothing = Answer(NOTHING, 0)
    return {
        "type": "true_false",
        **general(question),
        "stem": asked,
        "answer": is_true,
        **filled(
            hint=hints(question, texts),
            feedback_correct=texts.of(by_value.get(right, nothing).feedback, question.offset),
            feedback_incorrect=texts.of(by_value.get(wrong, nothing).feedback, question.offset),
        ),
        **explained(question, texts),
    }
