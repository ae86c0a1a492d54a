"""Items, and the deck around them, as the data that the page's scripts read.

Texts are HTML, what is right is plain values, and what is not said is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Deck,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Deletion, Dialect, Text, cloze, plain, render
from cardforge.text.content import as_written, is_plain
from cardforge.text.html import strip_tags
from cardforge.text.render import Source
from cardforge_exporters.asking import number
from cardforge_exporters.blanks import Blank, blanks, rendered_part, with_blanks
from cardforge_exporters.html.formulas import Formulas
from cardforge_exporters.judging import key
from cardforge_exporters.quiz import typed

Data = dict[str, Any]


class Items:
    """Makes the data of a deck and its items. ``source`` gives what stands in a text for a media file."""

    def __init__(self, source: Source, formulas: Formulas) -> None:
        self._source = source
        self._formulas = formulas
        self._dialect = Dialect(maths=formulas.markup)

    def html(self, text: Text) -> str:
        """A text of the deck as the page shows it."""
        if isinstance(text, str) and is_plain(text):
            return text
        return render(text, self._dialect, self._source)

    def deck(self, deck: Deck) -> Data:
        """What is said of the deck, and its sections in order; ``parent`` numbers the section around a section."""
        numbers = {at: index for index, (_, _, at) in enumerate(deck.sections())}
        sections = [self._section(section, numbers.get(at[:-2])) for section, _, at in deck.sections()]
        said = {
            "description": self._html(deck.description),
            "language": deck.language,
            "author": deck.author,
            "license": deck.license,
            "has_own_id": deck.id is not None or None,
        }
        return {"id": deck.identity, "title": deck.title, "sections": sections} | _given(said)

    def _section(self, section: Section, parent: int | None) -> Data:
        said = {"parent": parent, "pick": section.pick, "description": self._html(section.description)}
        return {"title": section.section} | _given(said)

    def data(self, entry: Entry, section: int | None) -> Data:
        """An item with its id and all its tags; ``section`` is the number of the section that it is in."""
        item = entry.item
        said = {
            "section": section,
            "level": item.level,
            "tags": entry.tags or None,
            "points": item.points if item.points != 1 else None,
            "hints": self._htmls(item.hint),
            "explanation": self._html(item.explanation),
            "source": self._html(item.source),
        }
        if isinstance(item, Graded):
            said["feedback_correct"] = self._html(item.feedback_correct)
            said["feedback_incorrect"] = self._html(item.feedback_incorrect)
        return {"id": entry.id, "kind": item.KIND} | self._asked(item) | _given(said)

    def _html(self, text: Text | None) -> str | None:
        return None if text is None else self.html(text)

    def _htmls(self, texts: Sequence[Text]) -> list[str] | None:
        return [self.html(text) for text in texts] or None

    def _asked(self, item: AnyItem) -> Data:
        """What the item asks, what may be answered, and what is right."""
        match item:
            case Flashcard():
                sides: Data = {"front": self.html(item.front), "back": self.html(item.back)}
                return sides | {"reversed": True} if item.reversed else sides
            case Cloze():
                return self._cloze(item)
        asked: Data = {"stem": self.html(item.stem)} | _given({"key": key(item)})
        match item:
            case MultipleChoice():
                choices = [self._choice(choice) for choice in item.choices]
                return asked | {"choices": choices, "shuffle": item.shuffle}
            case TrueFalse():
                sides = {"True": item.answer, "False": not item.answer}
                return asked | {"choices": [{"text": text, "correct": right} for text, right in sides.items()]}
            case ShortAnswer():
                return asked | {"answers": [self._answer(answer) for answer in item.answers]}
            case Numeric():
                return asked | _given({"answer": typed(number(item)), "unit": item.unit})
            case Matching():
                return asked | self._matching(item)
            case Ordering():
                return asked | {"steps": [self.html(step) for step in item.steps]}
            case OpenPrompt():
                return asked | self._open_prompt(item)

    def _cloze(self, item: Cloze) -> Data:
        extra = _given({"extra": self._html(item.extra)})
        if not can_be_typed(item):
            text = cloze.replaced(item.text, lambda _index, _deletion: "[…]")
            whole = cloze.replaced(item.text, lambda _index, deletion: deletion.answer)
            return {"kind": "flashcard", "front": self.html(text), "back": self.html(whole)} | extra
        text = with_blanks(item, self._dialect, self._source, lambda index, _: f'<span data-blank="{index}"></span>')
        found = zip(blanks(item), cloze.deletions(as_written(item.text)), strict=True)
        made = [self._blank(blank, deletion, item.text) for blank, deletion in found]
        return {"text": text, "blanks": made, "key": key(item)} | extra

    def _blank(self, blank: Blank, deletion: Deletion, text: Text) -> Data:
        """The answer as it is shown when it was given; the hint in words, and as it is shown if it is more."""
        if blank.is_formula:
            answer = self._formulas.markup(blank.answer, False)
        elif blank.is_code:
            return {"answer": typed(blank.answer)} | _given({"hint": blank.hint})  # the blank stands in the code
        else:
            answer = self._part(deletion.answer, text)
            # The words of an image are what was to be typed.
            if "<img" in answer or " ".join(strip_tags(answer).split()) != blank.answer:
                answer = f"{typed(blank.answer)} {answer}"
        hint = self._part(deletion.hint or "", text)
        said = {"hint": blank.hint, "hint_shown": hint if "<" in hint else None, "formula": blank.is_formula or None}
        return {"answer": answer} | _given(said)

    def _part(self, part: str, of: Text) -> str:
        part = part.strip()
        return part if not part or is_plain(part) else rendered_part(part, of, self._dialect, self._source)

    def _choice(self, choice: Choice) -> Data:
        feedback = self._html(choice.feedback)
        said = {"correct": choice.correct or None, "credit": choice.credit, "feedback": feedback}
        return {"text": self.html(choice.text)} | _given(said)

    def _answer(self, answer: Answer) -> Data:
        credit = answer.credit if answer.credit != 1 else None
        return {"text": typed(answer.text)} | _given({"credit": credit, "feedback": self._html(answer.feedback)})

    def _matching(self, item: Matching) -> Data:
        rights = item.offered
        return {
            "lefts": [self.html(pair.left) for pair in item.pairs],
            "rights": [self.html(text) for text in rights],
            "labels": [plain(text) for text in rights],  # a list to choose from shows text only
        }

    def _open_prompt(self, item: OpenPrompt) -> Data:
        return _given(
            {
                "concepts": [self._concept(concept) for concept in item.concepts] or None,
                "concept_count": item.concept_count,
                "model_answer": self._html(item.model_answer),
            }
        )

    def _concept(self, concept: Concept) -> Data:
        return {"text": self.html(concept.text)} | _given({"points": concept.points if concept.points != 1 else None})


def can_be_typed(item: Cloze) -> bool:
    """Whether every deletion has a text. An image without a description has none."""
    return all(blank.answer for blank in blanks(item))


def _given(fields: Data) -> Data:
    return {name: value for name, value in fields.items() if value is not None}
