"""Each kind of item from a question: its own fields. A question that cannot be one is told, and gives None."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from cardforge.diagnostics import Loc
from cardforge_sources.alike import MOST_REPEATED, TOO_LONG, TextData, key, told_apart
from cardforge_sources.lines import as_line
from cardforge_sources.qti import ours
from cardforge_sources.qti.build import Builder, plain_number
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.numbers import EXACT
from cardforge_sources.qti.question import Option, Question, Typed

_CLOSE = Decimal("0.0000001")


def multiple_choice(
    builder: Builder, question: Question, options: Sequence[Option], multiple: bool, shuffle: bool
) -> ItemNode | None:
    """A multiple choice."""
    if not any(option.is_right for option in options):
        return builder.aside(question, "no choice is right, as in a survey", "mark a right choice, where there is one")
    kept, texts = _distinct(builder, question, options)
    if len(kept) < 2:
        return builder.aside(question, "it has fewer than two choices", "add a choice, or ask it as a short answer")
    stem = builder.stem(question)
    if stem is None:
        return None
    rights = sum(option.is_right for option in kept)
    usual = Decimal(1) / rights if multiple else Decimal(1)
    choices: list[dict[str, Any]] = []
    lines: dict[Loc, int] = {}
    for index, (option, text) in enumerate(zip(kept, texts, strict=True)):
        choice: dict[str, Any] = {"text": text}
        if option.is_right:
            choice["correct"] = True
        builder.optional(question, choice, "feedback", option.feedback)
        share = option.share
        if share is not None and abs(share - (usual if option.is_right else 0)) > _CLOSE:
            choice["credit"] = plain_number(max(min(share, Decimal(1)), Decimal(-1)))
        choices.append(choice)
        lines[("choices", index)] = lines[("choices", index, "text")] = option.line
    data: dict[str, Any] = {"type": "multiple_choice", "stem": stem, "choices": choices}
    if multiple != (rights > 1):
        data["multiple"] = multiple
    if not shuffle:
        data["shuffle"] = False
    return builder.graded(question, data, lines)


def _distinct(builder: Builder, question: Question, options: Sequence[Option]) -> tuple[list[Option], list[TextData]]:
    """The choices that have a text of their own."""
    kept: list[Option] = []
    texts: list[TextData] = []
    seen: set[tuple[str, bool]] = set()
    for option in options:
        text = builder.text(option.html, (question.place[0], option.line))
        if text is None:
            if not option.is_right:
                builder.adapted(question, "a choice that shows nothing is left out")
                continue
            text = "(nothing)"
            builder.adapted(question, "the right choice shows nothing")
        if (key(text), option.is_right) in seen:
            builder.adapted(question, "of two equal choices one is left out")
            continue
        seen.add((key(text), option.is_right))
        kept.append(option)
        texts.append(text)
    distinct, are_changed = told_apart(texts)
    if are_changed:
        builder.adapted(question, "a right and a wrong choice have the same text")
    return kept, distinct


def true_false(builder: Builder, question: Question, answer: bool) -> ItemNode | None:
    """A statement that is true or false."""
    stem = builder.stem(question)
    if stem is None:
        return None
    return builder.graded(question, {"type": "true_false", "stem": stem, "answer": answer})


def flashcard(builder: Builder, question: Question) -> ItemNode | None:
    """A flashcard that cardforge wrote as a question that learners rate themselves; the back is shown after it."""
    back, rest = ours.first(question.general)
    question.explanation, question.source = ours.explanation(rest)
    front_text = builder.text(question.stem, question.place)
    back_text = builder.text(back, question.place)
    if front_text is None or back_text is None:
        return builder.aside(question, "a flashcard without a front or a back")
    node = builder.node(question, {"type": "flashcard", "front": front_text, "back": back_text})
    if node is not None:
        node.mark = "flashcard"
    return node


# --- what is typed ----------------------------------------------------------------------------


def short_answer(
    builder: Builder, question: Question, answers: Sequence[Typed], case_sensitive: bool
) -> ItemNode | None:
    """A text to be typed."""
    made: dict[str, dict[str, Any]] = {}
    for answer in answers:
        text = as_line(answer.text)
        if not text or text in made:
            continue
        entry: dict[str, Any] = {"text": text}
        if abs(answer.share - 1) > _CLOSE:
            entry["credit"] = plain_number(min(max(answer.share, Decimal(0)), Decimal(1)))
        builder.optional(question, entry, "feedback", answer.feedback)
        made[text] = entry
    if not any(float(entry.get("credit", 1)) for entry in made.values()):
        return open_prompt(builder, question, adapted="no right answer is known, so it becomes an open prompt")
    stem = builder.stem(question)
    if stem is None:
        return None
    data: dict[str, Any] = {"type": "short_answer", "stem": stem, "answers": list(made.values())}
    if case_sensitive:
        data["case_sensitive"] = True
    return builder.graded(question, data)


def numeric(
    builder: Builder, question: Question, least: Decimal, answer: Decimal, most: Decimal, unit: str
) -> ItemNode | None:
    """A number to be typed, from ``least`` to ``most``."""
    with localcontext(EXACT):
        below, above = answer - least, most - answer
        if below != above and abs(below - above) > abs(below + above) / 1_000_000:
            answer, below = (least + most) / 2, (most - least) / 2
            how = f"right is what lies from {plain_number(least)} to {plain_number(most)}, so the middle is the answer"
            builder.adapted(question, how)
        elif below != above:
            below = max(below, above)
    stem = builder.stem(question)
    if stem is None:
        return None
    data: dict[str, Any] = {"type": "numeric", "stem": stem, "answer": plain_number(answer)}
    if below:
        data["tolerance"] = plain_number(below)
    if unit_line := as_line(unit):
        data["unit"] = unit_line
    return builder.graded(question, data)


def open_prompt(builder: Builder, question: Question, model: str = "", adapted: str = "") -> ItemNode | None:
    """A prompt to be answered in one's own words."""
    stem = builder.stem(question)
    if stem is None:
        return None
    if adapted:
        builder.adapted(question, adapted)
    said = ours.scoring(question.general)
    question.explanation, question.source = ours.explanation(said.rest)
    data: dict[str, Any] = {"type": "open_prompt", "stem": stem}
    concepts: list[Any] = []
    for html, points in said.concepts:
        text = builder.text(html, question.place)
        if text is not None:
            concepts.append({"text": text, "points": points} if points is not None else text)
    if concepts:
        data["concepts"] = concepts
    elif said.count:
        data["concept_count"] = said.count
    builder.optional(question, data, "model_answer", said.model or model)
    return builder.ungraded(question, data)


def cloze(builder: Builder, question: Question, html: str, extra: bool = False) -> ItemNode | None:
    """A text with deletions in it. ``extra`` says that cardforge wrote it, and what came first behind it."""
    text = builder.cloze(html, question.place)
    if text is None:
        return builder.aside(question, "its blanks cannot be told from its text", "remove double braces from it")
    data: dict[str, Any] = {"type": "cloze", "text": text}
    if extra:
        first, rest = ours.extra(question.general)
        builder.optional(question, data, "extra", first)
        question.explanation, question.source = ours.explanation(rest)
    else:
        question.explanation, question.source = ours.explanation(question.general)
    return builder.ungraded(question, data)


# --- what is put in its place -----------------------------------------------------------------


def matching(
    builder: Builder, question: Question, pairs: Sequence[tuple[str, str]], others: Sequence[str]
) -> ItemNode | None:
    """Pairs of a left and a right side, and right sides that match nothing."""
    made: list[dict[str, TextData]] = []
    lefts: set[str] = set()
    rights: set[str] = set()
    repeated = 0  # counted as it grows: hundreds of long sides would fill the memory before all are there
    for left_html, right_html in pairs:
        left, right = builder.text(left_html, question.place), builder.text(right_html, question.place)
        if left is None or right is None:
            builder.adapted(question, "a pair with an empty side is left out")
        elif key(left) in lefts:
            builder.adapted(question, "of two equal left sides one is left out")
        else:
            lefts.add(key(left))
            made.append({"left": left, "right": right})
            name = key(right)
            repeated += len(name) if name in rights else 0
            rights.add(name)
        if repeated > MOST_REPEATED:
            return builder.aside(question, *TOO_LONG)
    if len(made) < 2:
        return builder.aside(question, "it has fewer than two pairs", "add a pair, or ask it as a multiple choice")
    stem = builder.stem(question)
    if stem is None:
        return None
    data: dict[str, Any] = {"type": "matching", "stem": stem, "pairs": made}
    texts = {key(text): text for text in builder.texts(question, others)}
    if distractors := [text for name, text in texts.items() if name not in rights]:
        data["distractors"] = distractors
    return builder.graded(question, data)


def ordering(builder: Builder, question: Question, steps: Sequence[str]) -> ItemNode | None:
    """Steps in their right order."""
    texts = builder.texts(question, steps)
    if len(texts) < len(steps):
        builder.adapted(question, "a step that shows nothing is left out")
    distinct, are_changed = told_apart(texts)
    if texts and not distinct:
        return builder.aside(question, "one step is there too often", "write each step in words of its own")
    if are_changed:
        builder.adapted(question, "two steps have the same text")
    if len(distinct) < 2:
        return builder.aside(question, "it has fewer than two steps to be put in order")
    stem = builder.stem(question)
    if stem is None:
        return None
    return builder.graded(question, {"type": "ordering", "stem": stem, "steps": distinct})
