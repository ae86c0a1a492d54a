"""An item of a deck in words: the paragraphs that ask, and those that answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from string import ascii_lowercase
from typing import TypeVar

from cardforge.model import (
    Cloze,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Deletion, Html, Text, deletions, plain

_T = TypeVar("_T")


def words(entry: Entry) -> tuple[list[str], list[str]]:
    """The paragraphs that are printed as the question, and those that are printed as the answer."""
    question, answer = _task(entry)
    return [*_remark(entry), *question, *_hints(entry)], [*answer, *_comments(entry)]


def _task(entry: Entry) -> tuple[list[str], list[str]]:
    """The paragraphs that ask, and those that answer. mypy says when a kind of item is missing here."""
    item = entry.item
    match item:
        case Flashcard():
            return [plain(item.front)], [plain(item.back)]
        case Cloze():
            extra = [] if item.extra is None else [plain(item.extra)]
            return [_cloze(item.text, _gap)], [_cloze(item.text, lambda d: f"«{d.answer}»"), *extra]
        case MultipleChoice():
            choices = _mixed(item.choices, entry.id) if item.shuffle else item.choices
            lettered = [(_letter(index), choice) for index, choice in enumerate(choices)]
            prompt = ["Choose all that are right."] if item.is_multiple else []
            return (
                [plain(item.stem), *prompt, *(f"{letter}) {plain(choice.text)}" for letter, choice in lettered)],
                [
                    ", ".join(letter for letter, choice in lettered if choice.correct),
                    *(_verdict(f"{letter})", choice.credit, choice.feedback) for letter, choice in lettered),
                ],
            )
        case TrueFalse():
            return [f"True or false? {plain(item.stem)}"], ["True." if item.answer else "False."]
        case ShortAnswer():
            prompt = ["Upper and lower case matter."] if item.case_sensitive else []
            right = " / ".join(answer.text for answer in item.answers if answer.credit == 1)
            partly = (_verdict(a.text, a.credit if a.credit != 1 else None, a.feedback) for a in item.answers)
            return [plain(item.stem), *prompt], [right, *partly]
        case Numeric():
            unit = f" {item.unit}" if item.unit else ""
            off = f" ± {item.tolerance}" if item.tolerance else ""
            off = f" ± {item.tolerance_percent}%" if item.tolerance_percent else off
            return [plain(item.stem)], [f"{item.answer}{unit}{off}"]
        case Matching():
            lefts = [plain(pair.left) for pair in item.pairs]
            # Two pairs may share a right side.
            offered = dict.fromkeys(plain(text) for text in (*(pair.right for pair in item.pairs), *item.distractors))
            rights = _mixed(tuple(offered), entry.id)
            letters = [_letter(rights.index(plain(pair.right))) for pair in item.pairs]
            return (
                [
                    plain(item.stem),
                    *(f"{number}) {left}" for number, left in enumerate(lefts, 1)),
                    *(f"{_letter(index)}) {right}" for index, right in enumerate(rights)),
                ],
                [", ".join(f"{number}{letter}" for number, letter in enumerate(letters, 1))],
            )
        case Ordering():
            steps = _mixed(item.steps, entry.id)
            return (
                [plain(item.stem), *(f"{_letter(index)}) {plain(step)}" for index, step in enumerate(steps))],
                [", ".join(_letter(steps.index(step)) for step in item.steps)],
            )
        case OpenPrompt():
            count = item.concept_count or len(item.concepts)
            answer = [] if item.model_answer is None else [plain(item.model_answer)]
            mentioned = [f"Concepts in a good answer: {count}"] if count else []
            for concept in item.concepts:
                worth = f" ({_points(concept.points)})" if concept.points != 1 else ""
                mentioned.append(f"- {plain(concept.text)}{worth}")
            return [plain(item.stem)], [*answer, *mentioned]


def _remark(entry: Entry) -> list[str]:
    said = [entry.item.level, _points(entry.item.points)]
    return [f"[{', '.join(filter(None, said))}]"] if any(said) else []


def _hints(entry: Entry) -> list[str]:
    return [f"Hint: {plain(hint)}" for hint in entry.item.hint]


def _comments(entry: Entry) -> list[str]:
    """What every kind of item may say behind its answer."""
    item = entry.item
    said = [("", item.explanation)]
    if isinstance(item, Graded):
        said += [("If you were right: ", item.feedback_correct), ("If not: ", item.feedback_incorrect)]
    said += [("Source: ", item.source)]
    return [label + plain(text) for label, text in said if text is not None]


def _points(points: float) -> str:
    return "" if points == 1 else f"{points:g} points"


def _verdict(answer: str, credit: float | None, feedback: Text | None) -> str:
    """What one answer is worth and what is said about it; nothing when there is nothing to say."""
    if credit is None and feedback is None:
        return ""
    share = "" if credit is None else f" ({credit:.0%})"
    return f"{answer}{share} {'' if feedback is None else plain(feedback)}".rstrip()


def _cloze(text: Text, shown: Callable[[Deletion], str]) -> str:
    """A cloze text, each deletion as ``shown`` makes it."""
    source = text.html if isinstance(text, Html) else text
    for deletion in reversed(deletions(source)):
        source = source[: deletion.start] + shown(deletion) + source[deletion.end :]
    return plain(Html(source) if isinstance(text, Html) else source)


def _gap(deletion: Deletion) -> str:
    return f"«… {deletion.hint}»" if deletion.hint else "«…»"


def _letter(index: int) -> str:
    """a, b … z, aa, ab …"""
    return (_letter(index // 26 - 1) if index >= 26 else "") + ascii_lowercase[index % 26]


def _mixed(values: Sequence[_T], item_id: str) -> Sequence[_T]:
    """Another order, the same in every run: of Python's random numbers, only `random` is promised to stay."""
    numbers = Random(item_id)
    return sorted(values, key=lambda _value: numbers.random())
