"""What a learner sees of an item, as the model has it: before answering, and as feedback."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from unicodedata import category

from cardforge.model import (
    AnyItem,
    Cloze,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    main_text,
)
from cardforge.text import Dialect, Text, render
from cardforge.text.html import without_illegal
from cardforge_exporters import quiz
from cardforge_exporters.blanks import with_blanks

_DIALECT = Dialect(maths=lambda _tex, _display: "[formula]")
_IMAGE = re.compile("<img[^>]*>")
_TAG = re.compile("<[^>]*>")


def reads(text: Text) -> str:
    """What is seen of a text, as the players tell it."""
    return _without_tags(render(text, _DIALECT, str))


def letters(text: str) -> str:
    """The visible characters of a text: how it is laid out does not count."""
    return "".join(c for c in without_illegal(text) if not c.isspace() and category(c) not in ("Cc", "Cf"))


def asked(item: AnyItem) -> Iterator[str]:
    """Every text that is seen before answering."""
    if isinstance(item, Cloze):
        yield _without_tags(with_blanks(item, _DIALECT, str, lambda _index, _blank: ""))
    else:
        yield reads(main_text(item))
    match item:
        case MultipleChoice():
            yield from (reads(choice.text) for choice in item.choices)
        case Matching():
            yield from (reads(text) for pair in item.pairs for text in (pair.left, pair.right))
            yield from (reads(text) for text in item.distractors)
        case Ordering():
            yield from (reads(step) for step in item.steps)
        case Numeric():
            yield item.unit or ""
    if item.hint:
        yield "Hint"


def feedback(item: AnyItem) -> Mapping[tuple[str, str], str]:
    """Every feedback of an item, by its outcome and identifier."""
    found: dict[tuple[str, str], Text | None] = {}
    if isinstance(item, MultipleChoice):
        for number, choice in enumerate(item.choices, 1):
            found["FEEDBACK_CHOICE", f"choice_{number}"] = choice.feedback
    if isinstance(item, ShortAnswer):
        for number, answer in enumerate(item.answers, 1):
            found["FEEDBACK_ANSWER", f"answer_{number}"] = answer.feedback
    if isinstance(item, Graded):
        found["FEEDBACK", "correct"] = item.feedback_correct
        found["FEEDBACK", "incorrect"] = item.feedback_incorrect
    general = quiz.general_feedback(item, lambda text: escape(reads(text)))
    texts = {key: reads(text) for key, text in found.items() if text is not None}
    return texts | {("FEEDBACK_GENERAL", "general_fb"): _without_tags(general)}


def _without_tags(html: str) -> str:
    return unescape(_TAG.sub(" ", _IMAGE.sub("[image]", html)))
