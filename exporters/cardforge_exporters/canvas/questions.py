"""An item as one or two of Canvas's questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape, unescape
from typing import Literal

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
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Text, render
from cardforge.text.content import as_written
from cardforge.text.html import without_illegal
from cardforge.text.render import Source
from cardforge_exporters import blanks, quiz
from cardforge_exporters.asking import in_another_order, mixed
from cardforge_exporters.canvas import markup, qti
from cardforge_exporters.canvas.qti import Question

Flashcards = Literal["rated", "essay"]
_RESPONSE = "response1"


@dataclass(frozen=True, slots=True)
class Asking:
    """How items become questions: where their media are, and what was chosen by options."""

    source: Source
    flashcards: Flashcards = "rated"
    shuffle: bool = False

    def questions(self, item: AnyItem) -> Iterator[tuple[str, Question]]:
        """The item's questions, each with what tells it from the item's first: nothing, or ``reversed``."""
        yield "", self._question(item)
        if isinstance(item, Flashcard) and item.reversed:
            yield "reversed", self._question(replace(item, front=item.back, back=item.front))

    def beginning(self, section: Section) -> Question:
        """A section's title and description, as a text among the questions."""
        said = f"<div>{self.html(section.description)}</div>" if section.description else ""
        return Question("text_only_question", qti.short(section.section), f"<h3>{escape(section.section)}</h3>{said}")

    def html(self, text: Text) -> str:
        """A text in Canvas's dialect."""
        return render(text, markup.DIALECT, self.source)

    def _question(self, item: AnyItem) -> Question:
        match item:
            case MultipleChoice():
                return self._multiple_choice(item)
            case TrueFalse():
                return self._true_false(item)
            case ShortAnswer():
                return self._short_answer(item)
            case Numeric():
                return self._numeric(item)
            case Cloze():
                return self._cloze(item)
            case Matching():
                lefts = [self.html(pair.left) for pair in item.pairs]
                rights = [markup.menu_line(pair.right) for pair in item.pairs]
                labels = list(dict.fromkeys(map(markup.menu_line, item.offered)))
                return self._matching(item, lefts, rights, labels, mixed(labels))
            case Ordering():
                places = [str(place) for place in range(1, len(item.steps) + 1)]
                pairs = list(zip((self.html(step) for step in item.steps), places, strict=True))
                shown = in_another_order(pairs, lambda pair: pair[0])
                return self._matching(item, [s for s, _ in shown], [p for _, p in shown], places, places)
            case Flashcard() if self.flashcards == "rated":
                return self._self_rating(item)
            case Flashcard():
                return self._ask("essay_question", item, self.html(item.front), _ESSAY)
            case OpenPrompt():
                return self._ask("essay_question", item, self.html(item.stem), _ESSAY)

    def _ask(
        self,
        kind: str,
        item: AnyItem,
        text: str,
        response: str,
        conditions: str = "",
        feedback: Iterable[tuple[str, str]] = (),
        below: str = "",
    ) -> Question:
        """A question with what every kind of item may say. ``text`` is what asks; ``below`` stands under it."""
        below += quiz.hints(item, self.html)
        shown = [(ident, markup.aside(html)) for ident, html in (*self._item_feedback(item), *feedback)]
        whole = f"<div>{text}</div>{below}" if below else text
        return Question(kind, quiz.title(item), whole, response, conditions, tuple(shown))

    def _item_feedback(self, item: AnyItem) -> Iterator[tuple[str, str]]:
        if isinstance(item, Graded):
            if item.feedback_correct is not None:
                yield "correct_fb", self.html(item.feedback_correct)
            if item.feedback_incorrect is not None:
                yield "general_incorrect_fb", self.html(item.feedback_incorrect)
        if always := quiz.general_feedback(item, self.html):
            yield "general_fb", always

    def _multiple_choice(self, item: MultipleChoice) -> Question:
        labels, chosen, feedback, shown = [], [], [], []
        # Mixed once, for Canvas by itself mixes all questions or none, and authors often name the right one first.
        numbered = list(enumerate(item.choices, 1))
        if item.shuffle:
            numbered = mixed(numbered, lambda pair: as_written(pair[1].text))
        for number, choice in numbered:
            ident = f"choice_{number}"
            labels.append((ident, qti.html(choice_text(self.html(choice.text), number))))
            chosen.append(qti.equal(_RESPONSE, ident))
            if choice.feedback is not None:
                feedback.append((f"{ident}_fb", self.html(choice.feedback)))
                shown.append(qti.condition(chosen[-1], "", f"{ident}_fb", go_on=True))
        right = _right_feedback(item)
        pairs = [(choice, equal) for (_, choice), equal in zip(numbered, chosen, strict=True)]
        if item.is_multiple:
            kind = "multiple_answers_question"
            every = "".join(equal if choice.correct else f"<not>{equal}</not>" for choice, equal in pairs)
            scored = qti.condition(f"<and>{every}</and>", "100", right)
        else:
            kind = "multiple_choice_question"
            scored = "".join(qti.condition(equal, "100", right) for choice, equal in pairs if choice.correct)
        response = qti.choices(_RESPONSE, labels, several=item.is_multiple, shuffle=self.shuffle and item.shuffle)
        return self._ask(kind, item, self.html(item.stem), response, "".join(shown) + scored, feedback)

    def _true_false(self, item: TrueFalse) -> Question:
        response = qti.choices(_RESPONSE, [("true", qti.html("True")), ("false", qti.html("False"))])
        answer = quiz.boolean(item.answer)
        scored = qti.condition(qti.equal(_RESPONSE, answer), "100", _right_feedback(item))
        return self._ask("true_false_question", item, self.html(item.stem), response, scored)

    def _self_rating(self, item: Flashcard) -> Question:
        labels = [(f"choice_{n}", qti.html(text)) for n, (text, _) in enumerate(quiz.SELF_RATING, 1)]
        scored = "".join(
            qti.condition(qti.equal(_RESPONSE, f"choice_{n}"), "100")
            for n, (_, credit) in enumerate(quiz.SELF_RATING, 1)
            if credit == 1
        )
        return self._ask(
            "multiple_choice_question", item, self.html(item.front), qti.choices(_RESPONSE, labels), scored
        )

    def _short_answer(self, item: ShortAnswer) -> Question:
        feedback, scored = [], []
        for number, answer in enumerate(item.answers, 1):
            if not answer.credit:
                continue
            own = ""
            if answer.feedback is not None:
                own = f"answer_{number}_fb"
                feedback.append((own, self.html(answer.feedback)))
            equal = qti.equal(_RESPONSE, without_illegal(answer.text), case=item.case_sensitive)
            # Classic Quizzes takes the first feedback for the answer's own.
            scored.append(qti.condition(equal, qti.number(answer.credit * 100), own, _right_feedback(item), go_on=True))
        return self._ask("short_answer_question", item, self.html(item.stem), _TYPED, "".join(scored), feedback)

    def _numeric(self, item: Numeric) -> Question:
        least, most = map(quiz.decimal, quiz.bounds(item))
        between = f'<vargte respident="{_RESPONSE}">{least}</vargte><varlte respident="{_RESPONSE}">{most}</varlte>'
        if reads_margin(item):
            equal = qti.equal(_RESPONSE, exact(item))
            between = f"<or>{equal}<and>{between}</and></or>"
        unit = f"<p>Unit: {quiz.typed(item.unit)}</p>" if item.unit else ""
        scored = qti.condition(between, "100", _right_feedback(item))
        return self._ask("numerical_question", item, self.html(item.stem), _NUMBER, scored, below=unit)

    def _cloze(self, item: Cloze) -> Question:
        found = blanks.blanks(item)
        name = blank_name(item)
        text = blanks.with_blanks(
            item,
            markup.CLOZE_DIALECT,
            self.source,
            lambda index, blank: f"[{name}{index + 1}]" + _blank_hint(blank),
        )
        responses, scored = [], []
        share = _share(len(found))
        for number, blank in enumerate(found, 1):
            ident, label = f"response_{name}{number}", f"answer_{number}"
            answer = [(label, qti.typed(blank.answer))]
            responses.append(qti.choices(ident, answer, about=qti.typed(f"{name}{number}")))
            scored.append(qti.condition(qti.equal(ident, label), share, add=True, go_on=True))
        return self._ask("fill_in_multiple_blanks_question", item, text, "".join(responses), "".join(scored))

    def _matching(
        self, item: Matching | Ordering, lefts: list[str], rights: list[str], labels: list[str], shown: list[str]
    ) -> Question:
        """``lefts`` are HTML; ``rights``, what belongs to each, and ``labels``, all there are, plain text.

        ``shown`` are the labels in the order in which they are offered; their idents tell the deck's order.
        """
        idents = {label: f"match_{number}" for number, label in enumerate(labels, 1)}
        offered = [(idents[label], qti.typed(label)) for label in shown]
        responses, scored = [], []
        share = _share(len(lefts))
        for number, (left, right) in enumerate(zip(lefts, rights, strict=True), 1):
            ident = f"response_{number}"
            about = qti.html(markup.aside(choice_text(left, number)))
            responses.append(qti.choices(ident, offered, about=about))
            scored.append(qti.condition(qti.equal(ident, idents[right]), share, add=True, go_on=True))
        conditions = "".join(scored)
        if right_feedback := _right_feedback(item):
            every = "".join(qti.equal(f"response_{number}", idents[right]) for number, right in enumerate(rights, 1))
            conditions += qti.condition(f"<and>{every}</and>", "", right_feedback)
        return self._ask("matching_question", item, self.html(item.stem), "".join(responses), conditions)


_TYPED = (
    f'<response_str ident="{_RESPONSE}" rcardinality="Single"><render_fib>'
    '<response_label ident="answer1" rshuffle="No"/></render_fib></response_str>\n'
)
_NUMBER = _TYPED.replace("<render_fib>", '<render_fib fibtype="Decimal">')
_ESSAY = _TYPED


def _right_feedback(item: AnyItem) -> str:
    return "correct_fb" if isinstance(item, Graded) and item.feedback_correct is not None else ""


def _share(parts: int) -> str:
    """An even share of 100, as a number."""
    return f"{100 / parts:.2f}"


def choice_text(html: str, number: int) -> str:
    """A choice's HTML. One that shows an image only is given words, which only screen readers say."""
    if not markup.has_words(html):
        html += f'<span class="screenreader-only">{words_for(html, number)}</span>'
    return markup.choice(html)


def words_for(html: str, number: int) -> str:
    """What stands for a choice that has no words: its images' descriptions."""
    described = " ".join(markup.descriptions(html)).strip()
    return described or f"Image {number}"


def exact(item: Numeric) -> str:
    """The number that is right."""
    return quiz.decimal(Decimal(item.answer))


def reads_margin(item: Numeric) -> bool:
    """Whether New Quizzes, which takes the bounds from the answer in binary, gets the margin as it was written.

    If not, Canvas is told the bounds alone, and both importers read them exactly.
    """
    answer, least = float(item.answer), float(quiz.bounds(item)[0])
    return answer - least == float(quiz.margin(item))


def blank_name(item: Cloze) -> str:
    """The name of the blanks but for their number: one that the text does not have in it."""
    written = unescape(as_written(item.text))
    name = "blank"
    while name in written:
        name += "x"
    return name


def _blank_hint(blank: blanks.Blank) -> str:
    hint = markup.CLOZE_DIALECT.literal(quiz.typed(blank.hint)) if blank.hint else ""
    return f" <em>({hint})</em>" if hint else ""
