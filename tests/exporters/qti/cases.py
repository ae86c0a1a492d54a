"""What the model says of answers to an item: the score, and the feedback that is shown. The exporter is not asked.

Written after what docs/qti.md says of identifiers: ``choice_2`` is the second choice, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
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
from cardforge_exporters.blanks import blanks
from cardforge_exporters.identifiers import identifier

Shown = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Response:
    """What a learner answers: none, one or several values of a base type."""

    cardinality: str
    base_type: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """An answer, what it scores, and the feedback for it: outcome and identifier. ``score`` None: people score."""

    responses: Mapping[str, Response]
    score: float | None
    shown: Shown


def items(deck: Deck) -> Iterator[tuple[str, AnyItem]]:
    """Every item of a package with its identifier; a flashcard that is also asked back to front is two."""
    for entry in deck.entries():
        yield identifier(deck.identity, entry.id), entry.item
        if isinstance(entry.item, Flashcard) and entry.item.reversed:
            turned = replace(entry.item, front=entry.item.back, back=entry.item.front)
            yield identifier(deck.identity, entry.id, "reversed"), turned


def cases(item: AnyItem) -> Iterator[Case]:
    """Answers to an item: every choice, and of the other kinds right, partly right and wrong ones, and none."""
    match item:
        case MultipleChoice():
            yield from _multiple_choice(item)
        case TrueFalse():
            for value in ("true", "false"):
                right = (value == "true") == item.answer
                yield _case(item, _chosen(value), item.points if right else 0, right)
            yield _case(item, _chosen(), 0, False)
        case Flashcard():
            for value, share in (("choice_1", 1.0), ("choice_2", 0.5), ("choice_3", 0.0)):
                yield _case(item, _chosen(value), share * item.points)
        case ShortAnswer():
            yield from _short_answer(item)
        case Numeric():
            yield from _numeric(item)
        case Matching():
            yield from _matching(item)
        case Ordering():
            steps = [f"step_{index}" for index in range(1, len(item.steps) + 1)]
            for order in (steps, steps[::-1], [*steps[1:], steps[0]], []):
                right = order == steps
                response = Response("ordered", "identifier", tuple(order))
                yield _case(item, {"RESPONSE": response}, item.points if right else 0, right)
        case Cloze():
            yield from _cloze(item)
        case OpenPrompt():
            yield _case(item, {"RESPONSE": Response("single", "string", ("an essay",))}, None)


def _chosen(*values: str, multiple: bool = False) -> dict[str, Response]:
    return {"RESPONSE": Response("multiple" if multiple else "single", "identifier", values)}


def _typed(*values: str, base_type: str = "string") -> dict[str, Response]:
    return {"RESPONSE": Response("single", base_type, values)}


def _case(
    item: AnyItem,
    responses: Mapping[str, Response],
    score: float | None,
    right: bool | None = None,
    more: Sequence[tuple[str, str]] = (),
) -> Case:
    shown = set(more)
    if isinstance(item, Graded) and right is not None:
        if right and item.feedback_correct is not None:
            shown.add(("FEEDBACK", "correct"))
        if not right and item.feedback_incorrect is not None:
            shown.add(("FEEDBACK", "incorrect"))
    if _says_more(item):
        shown.add(("FEEDBACK_GENERAL", "general_fb"))
    return Case(responses, score, frozenset(shown))


def _says_more(item: AnyItem) -> bool:
    """Whether something is shown after any answer."""
    match item:
        case Flashcard():
            return True
        case Cloze() if item.extra is not None:
            return True
        case OpenPrompt() if item.model_answer is not None or item.concepts or item.concept_count is not None:
            return True
    return item.explanation is not None or item.source is not None


def _multiple_choice(item: MultipleChoice) -> Iterator[Case]:
    numbered = list(enumerate(item.choices, 1))
    sizes = range(len(numbered) + 1 if item.is_multiple and len(numbered) <= 5 else 2)
    picks = [pick for size in sizes for pick in combinations(numbered, size)]
    if item.is_multiple and len(numbered) > 5:
        picks += [tuple((i, c) for i, c in numbered if c.correct), tuple(numbered)]
    for pick in picks:
        credit = sum(item.credit_of(choice) for _, choice in pick)
        if item.is_multiple:
            credit = min(max(credit, 0.0), 1.0)
            right = [choice for _, choice in pick] == list(item.key)
        else:
            right = any(choice.correct for _, choice in pick)
        fed = [("FEEDBACK_CHOICE", f"choice_{index}") for index, choice in pick if choice.feedback is not None]
        responses = _chosen(*(f"choice_{index}" for index, _ in pick), multiple=item.is_multiple)
        yield _case(item, responses, credit * item.points, right, fed)


def _short_answer(item: ShortAnswer) -> Iterator[Case]:
    def read(text: str) -> str:
        return text.strip() if item.case_sensitive else text.strip().lower()

    best = max(answer.credit for answer in item.answers)
    tried = [answer.text.strip() for answer in item.answers]
    tried += [text.upper() for text in tried if text.upper().lower() == text.lower()]
    for text in (*tried, "certainly none of them"):
        matching = [
            (answer.credit, -index) for index, answer in enumerate(item.answers, 1) if read(answer.text) == read(text)
        ]
        credit, index = max(matching, default=(0.0, 0))
        has_feedback = bool(matching) and item.answers[-index - 1].feedback is not None
        fed = [("FEEDBACK_ANSWER", f"answer_{-index}")] if has_feedback else []
        right = bool(matching) and credit == best
        yield _case(item, _typed(text), credit * item.points, right, fed)
    yield _case(item, _typed(), 0, False)


def _numeric(item: Numeric) -> Iterator[Case]:
    answer = Fraction(item.answer)
    if item.tolerance_percent is not None:
        off = abs(answer) * Fraction(item.tolerance_percent) / 100
    else:
        off = Fraction(item.tolerance or 0)
    tried = [answer, answer - off, answer + off, answer + off + max(abs(answer), off, Fraction(1)) / 100]
    tried += [-answer - off - 1, Fraction(0)]
    for number in tried:
        right = answer - off <= number <= answer + off
        written = f"{Decimal(number.numerator) / Decimal(number.denominator):.30g}"
        yield _case(item, _typed(written, base_type="float"), item.points if right else 0, right)
    yield _case(item, _typed(base_type="float"), 0, False)


def _matching(item: Matching) -> Iterator[Case]:
    rights = list(dict.fromkeys([*(pair.right for pair in item.pairs), *item.distractors]))
    name = {text: f"right_{index}" for index, text in enumerate(rights, 1)}
    solution = [f"left_{index} {name[pair.right]}" for index, pair in enumerate(item.pairs, 1)]
    share = item.points / len(item.pairs)
    shifted = [
        f"left_{index} {name[rights[(rights.index(pair.right) + 1) % len(rights)]]}"
        for index, pair in enumerate(item.pairs, 1)
    ]
    half = [solution[0], *shifted[1:]]
    for answer in (solution, shifted, half, solution[:1], solution[::-1], []):
        right = set(answer) == set(solution)
        score = share * len(set(answer) & set(solution))
        response = Response("multiple", "directedPair", tuple(answer))
        yield _case(item, {"RESPONSE": response}, score, right)


def _cloze(item: Cloze) -> Iterator[Case]:
    found = blanks(item)
    right = [blank.answer.strip() for blank in found]
    tried: list[list[str | None]] = [[*right], [text.upper() for text in right], ["certainly not"] * len(right)]
    tried += [[right[0], *["no"] * (len(right) - 1)], [None] * len(right)]
    for texts in tried:
        responses, score = {}, 0.0
        for index, (text, key) in enumerate(zip(texts, right, strict=True), 1):
            values = () if text is None else (text,)
            responses[f"RESPONSE_{index}"] = Response("single", "string", values)
            score += item.points / len(right) if text is not None and text.lower() == key.lower() else 0
        yield _case(item, responses, score)
