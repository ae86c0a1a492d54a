"""An item's texts as the fields of a note, in HTML that works with scripts off.

What the front shows only asks: what is right is said in the fields that the back shows (``Solution``, ``Concepts`` …),
and in ``Data``, by which the card's script judges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from cardforge.model import AnyItem, Cloze, Flashcard, Graded, OpenPrompt
from cardforge.text import Text, render
from cardforge.text.cloze import HIGHEST
from cardforge.text.content import is_plain
from cardforge.text.render import Source
from cardforge_exporters import judging, quiz
from cardforge_exporters.anki.note_types import CLOZE, FLASHCARD, QUESTION, NoteType
from cardforge_exporters.anki.tasks import task_and_solution
from cardforge_exporters.anki_markup import CLOZE_DIALECT, DIALECT, QUIET_DIALECT

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
            said = self._hints(item), self._html(item.explanation), self._html(item.source)
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
        task, solution = task_and_solution(item, self._html, self._quiet)
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
            self._quiet(item.feedback_correct) if isinstance(item, Graded) else "",
            self._quiet(item.feedback_incorrect) if isinstance(item, Graded) else "",
            _data(item),
            *tail,
        )
        return QUESTION, fields, (0,)

    def _html(self, text: Text | None) -> str:
        if text is None:
            return ""
        if isinstance(text, str) and is_plain(text):
            return text
        return render(text, DIALECT, self._source)

    def _quiet(self, text: Text | None) -> str:
        """A text that may stay unseen: a hint that nobody opens, feedback to another answer."""
        return "" if text is None else render(text, QUIET_DIALECT, self._source)

    def _hints(self, item: AnyItem) -> str:
        return "".join(
            f'<details class="tappable"><summary>{label}</summary>{self._quiet(hint)}</details>'
            for label, hint in quiz.labelled_hints(item)
        )

    def _concepts(self, item: OpenPrompt) -> str:
        if not item.concepts:
            count = item.concept_count
            return f"<p>{count} concept{'s' if count != 1 else ''}</p>" if count else ""
        parts = []
        for concept in item.concepts:
            worth = f' <span class="cf-points">({concept.points:g})</span>' if concept.points != 1 else ""
            parts.append(f"<li>{self._html(concept.text)}{worth}</li>")
        return f'<ul class="cf-concepts">{"".join(parts)}</ul>'


def _data(item: AnyItem) -> str:
    """The key by which the card's script judges; nothing in it that Anki, its editor or MathJax would act on."""
    key = judging.key(item)
    if key is None:
        return ""
    return _COMMAND_IN_JSON.sub(r"\\u005b", judging.embedded(key).replace(r"\\", r"\u005c"))


_COMMAND_IN_JSON = re.compile(r"\[(?=[A-Za-z/$])")
_CLOZE_NUMBER = re.compile(r"\{\{c(\d+)::")


def _numbers(text: str) -> Sequence[int]:
    """The cards that Anki makes of a cloze text: one for each number, counted from 0."""
    return sorted({int(number) - 1 for number in _CLOZE_NUMBER.findall(text) if 1 <= int(number) <= HIGHEST})
