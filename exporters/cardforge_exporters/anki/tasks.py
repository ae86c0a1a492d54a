"""What a question's front shows below the stem, and what its back shows in that place.

Both read well with scripts off. For the script (templates/question.js), parts carry their index in the item
(``data-i``), and the front holds, hidden, what is said after an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from cardforge.model import (
    AnyItem,
    Cloze,
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
from cardforge.text import Text
from cardforge.text.content import as_written
from cardforge.text.html import without_illegal
from cardforge_exporters.anki_markup import DIALECT
from cardforge_exporters.asking import in_another_order, mixed, number

Renderer = Callable[[Text | None], str]
"""A text as HTML; no text is ``""``."""

_Part = tuple[int, str]
"""A part's index in the item, and its HTML."""


def task_and_solution(item: AnyItem, html: Renderer, quiet: Renderer) -> tuple[str, str]:
    """Front and back, in HTML. ``quiet`` renders what may never apply: its sounds wait to be pressed."""
    task, solution = _task_and_solution(item, html, quiet)
    return task + _after(item, html, quiet), solution


def _task_and_solution(item: AnyItem, html: Renderer, quiet: Renderer) -> tuple[str, str]:
    match item:
        case MultipleChoice():
            return _multiple_choice(item, html, quiet)
        case TrueFalse():
            sides = [(0, "True", item.answer, ""), (1, "False", not item.answer, "")]
            return _choices(sides, "cf-choices cf-fixed")
        case ShortAnswer():
            return _short_answer(item, quiet)
        case Numeric():
            unit = f'<div class="cf-label">Unit: {_typed(item.unit)}</div>' if item.unit else ""
            return unit, f'<div class="cf-value">{_typed(number(item))}</div>'
        case Matching():
            return _matching(item, html)
        case Ordering():
            return _ordering(item, html)
        case OpenPrompt():
            return "", ""  # its concepts have a field of their own
        case Flashcard() | Cloze():
            return "", ""  # their cards ask with their texts alone


def _multiple_choice(item: MultipleChoice, html: Renderer, quiet: Renderer) -> tuple[str, str]:
    choices = list(enumerate(item.choices))
    if item.shuffle:
        choices = mixed(choices, lambda choice: as_written(choice[1].text))
    rows = [(index, html(choice.text), choice.correct, quiet(choice.feedback)) for index, choice in choices]
    task, solution = _choices(rows, "cf-choices" if item.shuffle else "cf-choices cf-fixed")
    several = '<div class="cf-label">Several may be right.</div>' if item.is_multiple else ""
    return several + task, solution


def _choices(rows: Sequence[tuple[int, str, bool, str]], style: str) -> tuple[str, str]:
    """From index, text, whether it is right, and feedback of each choice."""
    task, solution = [], []
    for index, text, right, feedback in rows:
        mark = "cf-right" if right else "cf-wrong"
        task.append(f'<li data-i="{index}">{text}{_feedback(feedback, " hidden")}</li>')
        solution.append(f'<li data-i="{index}" class="{mark}">{text}{_feedback(feedback)}</li>')
    return f'<ol class="{style}">{"".join(task)}</ol>', f'<ol class="{style}">{"".join(solution)}</ol>'


def _short_answer(item: ShortAnswer, quiet: Renderer) -> tuple[str, str]:
    task = ['<div class="cf-label">Capitals matter.</div>'] if item.case_sensitive else []
    rows = []
    for index, answer in enumerate(item.answers):
        feedback = quiet(answer.feedback)
        task.append(_feedback(feedback, f' data-i="{index}" hidden'))
        mark = "right" if answer.credit == 1 else "partly" if answer.credit else "wrong"
        worth = f' <span class="cf-points">({answer.credit:.0%})</span>' if mark == "partly" else ""
        row = f'<li class="cf-{mark}">{_typed(answer.text)}{worth}{_feedback(feedback)}</li>'
        rows.append((-answer.credit, row))
    if len(rows) == 1 and item.answers[0].feedback is None:
        return "".join(task), f'<div class="cf-value">{_typed(item.answers[0].text)}</div>'
    best_first = (row for _, row in sorted(rows, key=lambda row: row[0]))
    return "".join(task), f'<ul class="cf-answers">{"".join(best_first)}</ul>'


def _matching(item: Matching, html: Renderer) -> tuple[str, str]:
    rights = {text: (index, html(text)) for index, text in enumerate(item.offered)}
    pairs = [(html(pair.left), rights[pair.right][1]) for pair in item.pairs]
    task = (
        f'<div class="cf-columns"><ol class="cf-lefts">{"".join(f"<li>{left}</li>" for left, _ in pairs)}</ol>'
        f'<ol class="cf-letters">{_rows(in_another_order(list(rights.values()), _html))}</ol></div>'
    )
    rows = "".join(f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in pairs)
    return task, f'<table class="cf-pairs"><tbody>{rows}</tbody></table>'


def _ordering(item: Ordering, html: Renderer) -> tuple[str, str]:
    steps = [(index, html(step)) for index, step in enumerate(item.steps)]
    task = f'<ol class="cf-steps">{_rows(in_another_order(steps, _html))}</ol>'
    return task, f'<ol class="cf-order">{"".join(f"<li>{step}</li>" for _, step in steps)}</ol>'


def _rows(parts: Sequence[_Part]) -> str:
    return "".join(f'<li data-i="{index}">{html}</li>' for index, html in parts)


def _html(part: _Part) -> str:
    return part[1]


def _after(item: AnyItem, html: Renderer, quiet: Renderer) -> str:
    """What the front's script shows once there is an answer."""
    if not isinstance(item, Graded):
        return ""
    said = (
        ("cf-feedback cf-if-right", quiet(item.feedback_correct)),
        ("cf-feedback cf-if-wrong", quiet(item.feedback_incorrect)),
        ("cf-explanation", _silent(html(item.explanation))),
    )
    parts = "".join(f'<div class="{style}">{text}</div>' for style, text in said if text)
    return f'<div class="cf-after" hidden>{parts}</div>' if parts else ""


def _feedback(html: str, attributes: str = "") -> str:
    return f'<div class="cf-choice-feedback"{attributes}>{html}</div>' if html else ""


_SOUND = re.compile(r"\[sound:[^\]]*\]")


def _silent(html: str) -> str:
    """HTML without its sounds: Anki plays all that a side holds, hidden or not. They are on the back."""
    return _SOUND.sub("", html) if "[sound:" in html else html


def _typed(text: str) -> str:
    """A text that is no Markdown, such as an answer to be typed."""
    return without_illegal(DIALECT.literal(escape(text, quote=False)))
