"""Questions that are matched, put in order, or filled in from a list of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from cardforge.text.content import has_visible
from cardforge_sources.alike import MOST_REPEATED, TOO_LONG, TextData, key, repeated, told_apart
from cardforge_sources.deletions import deletion
from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.parts import (
    Data,
    combined_feedback,
    explained,
    explained_with_feedback,
    filled,
    general,
    hints,
    stem,
    without_empty,
)
from cardforge_sources.question_bank.question import Answer, Question, Written
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told

PLACES = "<p>Match each step with its place in the order: 1 comes first.</p>"
"""What the exporter for GIFT, which has no ordering, says behind the text of one."""


def matching(question: Question, texts: Texts, told: Told) -> Data | None:
    """A matching. With one pair only it is a multiple choice; None, and told, when nothing can be matched."""
    if (steps := _places(question)) is not None:
        return ordering(steps, texts, told)
    html, rights = _rights(question, texts)
    sides = [(texts.of(without_empty(left), question.offset), right) for (left, _), right in _zip(question, rights)]
    pairs = [(left, right) for left, right in sides if left is not None and right is not None]
    shown = [right["html"] if isinstance(right, dict) else right for _, right in pairs]
    if repeated(shown) > MOST_REPEATED:
        told.kept_aside(question, *TOO_LONG)
        return None
    known = {key(right) for _, right in pairs}
    distractors = {key(right): right for left, right in sides if left is None and right is not None}
    others = [right for name, right in distractors.items() if name not in known]
    if len(pairs) < 2:
        return _as_choice(question, pairs, others, texts, told)
    asked = stem(question, texts, told, html)
    if asked is None:
        told.kept_aside(question, "it has no text", "write the question's text")
        return None
    lefts, are_changed = told_apart([left for left, _ in pairs])
    if not lefts:
        told.kept_aside(question, "it has the same left side many times", "write each left side once")
        return None
    if are_changed:
        told.adapted(question, "two of its left sides are the same, and numbered now", "change one of them")
    return {
        "type": "matching",
        **general(question),
        "stem": asked,
        "pairs": [{"left": left, "right": right} for left, (_, right) in zip(lefts, pairs, strict=True)],
        **filled(distractors=others, hint=hints(question, texts)),
        **explained(question, texts),
        **combined_feedback(question, texts, told),
    }


def _zip(question: Question, rights: Sequence[TextData | None]) -> list[tuple[tuple[Written, str], TextData | None]]:
    return list(zip(question.pairs, rights, strict=True))


def _rights(question: Question, texts: Texts) -> tuple[str | None, list[TextData | None]]:
    """The right sides: plain lines, or where the text ends with a list of as many as there are numbers, its entries.

    Then the text comes without that list, else as None.
    """
    said = [right.strip() for _, right in question.pairs]
    numbers = set(said)
    if question.text.format == "html" and numbers == {str(n) for n in range(1, len(numbers) + 1)}:
        listed = shapes.listed_at_the_end(question.text.text, len(numbers))
        if listed:
            html, entries = listed
            return html, [texts.html(entries[int(number) - 1], question.text, question.offset) for number in said]
    return None, [texts.line(unescape(right)) for _, right in question.pairs]


def _places(question: Question) -> Question | None:
    """The ordering that a matching of steps and their places stands for, if it is one."""
    text = question.text.text.rstrip()
    in_order = [right.strip() for _, right in question.pairs] == [str(n + 1) for n in range(len(question.pairs))]
    if not text.endswith(PLACES) or not in_order:
        return None
    steps = tuple(Answer(left, 100) for left, _ in question.pairs)
    asked = question.text._replace(text=text.removesuffix(PLACES))
    return replace(question, type="ordering", text=asked, answers=steps, pairs=())


def _as_choice(
    question: Question,
    pairs: Sequence[tuple[TextData, TextData]],
    others: Sequence[TextData],
    texts: Texts,
    told: Told,
) -> Data | None:
    asked = stem(question, texts, told)
    if not pairs or not others or asked is None or not isinstance(asked, str) or isinstance(pairs[0][0], dict):
        told.kept_aside(question, "it has fewer than two pairs", "give it two pairs or more")
        return None
    told.adapted(question, "it has one pair only, and becomes a multiple choice")
    left, right = pairs[0]
    choices: list[Data] = [{"text": right, "correct": True}, *({"text": other} for other in others)]
    return {
        "type": "multiple_choice",
        **general(question),
        "stem": f"{asked}\n\n{left}",
        "choices": choices,
        **filled(hint=hints(question, texts)),
        **explained(question, texts),
        **combined_feedback(question, texts, told),
    }


def ordering(question: Question, texts: Texts, told: Told) -> Data | None:
    """Steps in order; None, and told, when there are fewer than two."""
    found = (texts.of(without_empty(answer.text), question.offset) for answer in question.answers)
    steps, are_changed = told_apart([step for step in found if step is not None])
    asked = stem(question, texts, told)
    if are_changed and not steps:
        told.kept_aside(question, "it has the same step many times", "write each step in words of its own")
        return None
    if len(steps) < 2 or asked is None:
        told.kept_aside(question, "it has fewer than two steps", "give it two steps or more")
        return None
    if are_changed:
        told.adapted(question, "two of its steps are the same, and numbered now", "change one of them")
    return {
        "type": "ordering",
        **general(question),
        "stem": asked,
        "steps": steps,
        **filled(hint=hints(question, texts)),
        **explained(question, texts),
        **combined_feedback(question, texts, told),
    }


_GAP = re.compile(r"\[\[([1-9]\d{0,3})\]\]")


def filled_in(question: Question, texts: Texts, told: Told) -> Data | None:
    """A text with gaps for words from a list (Moodle's gapselect and ddwtos) as a cloze."""
    used: list[str] = []
    words = [" ".join(unescape(re.sub(r"<[^<>]*>", "", word)).split()) for word in question.words]

    def in_place_of(gap: re.Match[str]) -> str:
        place = int(gap[1]) - 1
        if place >= len(words):
            return gap[0]
        used.append(words[place])
        return deletion(len(used), words[place])

    places = [int(gap[1]) - 1 for gap in _GAP.finditer(question.text.text)]
    if repeated(words[place] for place in places if place < len(words)) > MOST_REPEATED:
        told.kept_aside(question, *TOO_LONG)
        return None
    text = texts.cloze(_GAP.sub(in_place_of, question.text.text), question.text, used, question.offset)
    if text is None or not all(map(has_visible, used)):
        told.kept_aside(question, "it has no gap that a word could be typed into")
        return None
    others = [word for word in question.words if word.strip() not in used]
    offered = f"; not offered: {', '.join(others)}" if others else ""
    told.adapted(question, f"its words are no longer offered, but recalled{offered[:200]}")
    return {
        "type": "cloze",
        **general(question),
        "text": text,
        **filled(hint=hints(question, texts)),
        **explained_with_feedback(question, texts, told),
    }
