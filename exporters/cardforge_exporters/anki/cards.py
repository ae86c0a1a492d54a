"""An item's texts as the fields of a note, in HTML that works with scripts off.

The front only asks: what is right is said in the fields that the back shows (``Solution``, ``Concepts`` …).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from cardforge.model import (
    AnyItem,
    Choice,
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
from cardforge.text import Html, Text, render
from cardforge.text.content import is_plain
from cardforge.text.html import without_illegal
from cardforge.text.render import Source
from cardforge_exporters.anki.note_types import CLOZE, FLASHCARD, QUESTION, NoteType
from cardforge_exporters.anki_markup import CLOZE_DIALECT, DIALECT
from cardforge_exporters.asking import in_another_order, mixed, number

Made = tuple[NoteType, tuple[str, ...], Sequence[int]]
"""A note's type, its fields, and the numbers of its cards."""


class Fields:
    """Makes the fields of notes. ``source`` gives a media file's name in Anki's media folder."""

    def __init__(self, source: Source, language: str, deck_id: str) -> None:
        self._source = source
        self._language = language
        self._deck_id_and_spares = (deck_id, "", "", "")

    def of(self, item: AnyItem, item_id: str) -> Made:
        """The note type, its fields in order, and the numbers of the cards that the note has."""
        level = item.level or ""
        if item.hint or item.explanation or item.source or item.id:
            said = self._hints(item.hint), self._html(item.explanation), self._html(item.source)
            tail = (*said, level, self._language, escape(item_id), *self._deck_id_and_spares)
        else:  # Most flashcards say no more; a derived id has nothing to escape.
            tail = ("", "", "", level, self._language, item_id, *self._deck_id_and_spares)
        if isinstance(item, Flashcard):
            front, back = self._html(item.front), self._html(item.back)
            if item.reversed:
                return FLASHCARD, (front, back, "yes", *tail), (0, 1)
            return FLASHCARD, (front, back, "", *tail), (0,)
        if isinstance(item, Cloze):
            text = render(item.text, CLOZE_DIALECT, self._source)
            return CLOZE, (text, self._html(item.extra), *tail), _numbers(text)
        task, solution = self._task(item)
        concepts = model_answer = ""
        if isinstance(item, OpenPrompt):
            concepts, model_answer = self._concepts(item), self._html(item.model_answer)
        fields = (
            self._html(item.stem),
            item.KIND,
            task,
            solution,
            concepts,
            model_answer,
            self._html(item.feedback_correct) if isinstance(item, Graded) else "",
            self._html(item.feedback_incorrect) if isinstance(item, Graded) else "",
            "",
            *tail,
        )
        return QUESTION, fields, (0,)

    def _html(self, text: Text | None) -> str:
        if text is None:
            return ""
        if isinstance(text, str) and is_plain(text):
            return text
        return render(text, DIALECT, self._source)

    def _hints(self, hints: Sequence[Text]) -> str:
        labels = ["Hint"] if len(hints) == 1 else [f"Hint {n}" for n in range(1, len(hints) + 1)]
        return "".join(
            f'<details class="tappable"><summary>{label}</summary>{self._html(hint)}</details>'
            for label, hint in zip(labels, hints, strict=True)
        )

    def _task(self, item: AnyItem) -> tuple[str, str]:
        """What the front shows below the stem, and what the back shows in its place."""
        if isinstance(item, MultipleChoice):
            choices = list(item.choices)
            if item.shuffle:
                choices = mixed(choices, lambda choice: _key(choice.text))
            several = '<div class="cf-label">Several may be right.</div>' if item.is_multiple else ""
            return several + self._choices(choices, False), self._choices(choices, True)
        if isinstance(item, TrueFalse):
            sides = [Choice(text="True", correct=item.answer), Choice(text="False", correct=not item.answer)]
            return self._choices(sides, False), self._choices(sides, True)
        if isinstance(item, ShortAnswer):
            return "", self._answers(item)
        if isinstance(item, Numeric):
            return "", f'<div class="cf-value">{_typed(number(item))}</div>'
        if isinstance(item, Matching):
            return self._matching(item)
        if isinstance(item, Ordering):
            return self._ordering(item)
        return "", ""

    def _choices(self, choices: Sequence[Choice], solved: bool) -> str:
        parts = []
        for choice in choices:
            mark = (' class="cf-right"' if choice.correct else ' class="cf-wrong"') if solved else ""
            feedback = ""
            if solved and choice.feedback is not None:
                feedback = f'<div class="cf-choice-feedback">{self._html(choice.feedback)}</div>'
            parts.append(f"<li{mark}>{self._html(choice.text)}{feedback}</li>")
        return f'<ol class="cf-choices">{"".join(parts)}</ol>'

    def _answers(self, item: ShortAnswer) -> str:
        if len(item.answers) == 1 and item.answers[0].feedback is None:
            return f'<div class="cf-value">{_typed(item.answers[0].text)}</div>'
        parts = []
        for answer in sorted(item.answers, key=lambda answer: -answer.credit):
            mark = "right" if answer.credit == 1 else "partly" if answer.credit else "wrong"
            worth = f' <span class="cf-points">({answer.credit:.0%})</span>' if mark == "partly" else ""
            feedback = ""
            if answer.feedback is not None:
                feedback = f'<div class="cf-choice-feedback">{self._html(answer.feedback)}</div>'
            parts.append(f'<li class="cf-{mark}">{_typed(answer.text)}{worth}{feedback}</li>')
        return f'<ul class="cf-answers">{"".join(parts)}</ul>'

    def _matching(self, item: Matching) -> tuple[str, str]:
        lefts = [self._html(pair.left) for pair in item.pairs]
        rights = [self._html(pair.right) for pair in item.pairs]
        offered = list(dict.fromkeys([*rights, *(self._html(text) for text in item.distractors)]))
        offered = in_another_order(offered)
        task = (
            f'<div class="cf-columns"><ol>{"".join(f"<li>{left}</li>" for left in lefts)}</ol>'
            f'<ol class="cf-letters">{"".join(f"<li>{right}</li>" for right in offered)}</ol></div>'
        )
        rows = "".join(f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in zip(lefts, rights, strict=True))
        return task, f'<table class="cf-pairs"><tbody>{rows}</tbody></table>'

    def _ordering(self, item: Ordering) -> tuple[str, str]:
        steps = [self._html(step) for step in item.steps]
        shuffled = in_another_order(steps)
        task = f'<ol class="cf-steps">{"".join(f"<li>{step}</li>" for step in shuffled)}</ol>'
        return task, f"<ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"

    def _concepts(self, item: OpenPrompt) -> str:
        if not item.concepts:
            count = item.concept_count
            return f"<p>{count} concept{'s' if count != 1 else ''}</p>" if count else ""
        parts = []
        for concept in item.concepts:
            worth = f' <span class="cf-points">({concept.points:g})</span>' if concept.points != 1 else ""
            parts.append(f"<li>{self._html(concept.text)}{worth}</li>")
        return f'<ul class="cf-concepts">{"".join(parts)}</ul>'


def _typed(text: str) -> str:
    """A text that is no Markdown, such as an answer to be typed."""
    return without_illegal(DIALECT.literal(escape(text, quote=False)))


def _key(text: Text) -> str:
    return text.html if isinstance(text, Html) else text


_CLOZE_NUMBER = re.compile(r"\{\{c(\d+)::")


def _numbers(text: str) -> Sequence[int]:
    """The cards that Anki makes of a cloze text: one for each number, counted from 0."""
    return sorted({int(number) - 1 for number in _CLOZE_NUMBER.findall(text) if 1 <= int(number) <= 499})
