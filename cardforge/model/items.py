"""The nine kinds of items, and their parts: each checks what its fields together must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass as part

from cardforge.diagnostics import Loc, Problem
from cardforge.model.values import (
    FORBID,
    Boolean,
    DecimalText,
    Hints,
    Identifier,
    Level,
    Line,
    Points,
    Tolerance,
    as_part,
)
from cardforge.text import Html, Text, cloze


class ItemMistakes(ValueError):
    """What is wrong with an item whose fields are each right. ``problems`` lists it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.message} ({p.fix})" for p in problems))


def raise_mistakes(problems: Sequence[Problem]) -> None:
    """Raise `ItemMistakes` if there are any."""
    if problems:
        raise ItemMistakes(problems)


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class BaseItem:
    """What every item may have. Not an item itself."""

    KIND: ClassVar[str]

    id: Annotated[
        Identifier | None, Field(description="Never shown, never changes; a learner's history hangs on it.")
    ] = None
    level: Annotated[Level | None, Field(description="beginner, intermediate or advanced.")] = None
    tags: Annotated[tuple[Line, ...], Field(description="Added to the deck's and the section's tags.")] = ()
    hint: Annotated[Hints, Field(description="One hint, or a list shown one after the other.")] = ()
    explanation: Annotated[Text | None, Field(description="Shown after an answer, right or wrong.")] = None
    source: Annotated[Text | None, Field(description="Where this comes from: a reference.")] = None
    points: Annotated[Points, Field(description="What a full answer is worth.")] = 1.0


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Graded(BaseItem):
    """What every item that is answered right or wrong may have besides. Not an item itself."""

    feedback_correct: Annotated[Text | None, Field(description="Shown after a right answer.")] = None
    feedback_incorrect: Annotated[Text | None, Field(description="Shown after a wrong answer.")] = None


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Flashcard(BaseItem):
    """A front that asks and a back that answers."""

    KIND = "flashcard"
    type: Literal["flashcard"] = "flashcard"
    front: Text
    back: Text
    reversed: Annotated[Boolean, Field(description="Also ask back to front.")] = False


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Cloze(BaseItem):
    """A text with deletions: ``{{c1::answer}}`` or ``{{c1::answer::hint}}``."""

    KIND = "cloze"
    type: Literal["cloze"] = "cloze"
    text: Annotated[Text, Field(description="Marks what to recall: {{c1::answer}} or {{c1::answer::hint}}.")]
    extra: Annotated[Text | None, Field(description="Shown with the answer.")] = None

    def __post_init__(self) -> None:
        raise_mistakes([replace(p, at=("text",)) for p in cloze.problems(self.text)])


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Choice:
    """An option. ``credit`` is a share of the item's points; by default the correct ones share 1 evenly."""

    text: Text
    correct: Boolean = False
    feedback: Annotated[Text | None, Field(description="Shown when this option was chosen.")] = None
    credit: Annotated[
        Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] | None,
        Field(description="A share of the points, from -1 to 1."),
    ] = None


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class MultipleChoice(Graded):
    """A stem and two or more choices, at least one of them correct."""

    KIND = "multiple_choice"
    type: Literal["multiple_choice"] = "multiple_choice"
    stem: Text
    choices: tuple[Choice, ...]
    multiple: Annotated[
        Boolean | None, Field(description="Several may be chosen; default: when several are correct.")
    ] = None
    shuffle: Annotated[Boolean, Field(description="The order may change from learner to learner.")] = True

    def __post_init__(self) -> None:
        wrong = []
        if len(self.choices) < 2:
            message = f"a multiple choice needs two choices or more, and has {len(self.choices)}"
            wrong.append(Problem("too-few-choices", message, "add a choice", ("choices",)))
        if self.choices and not self.key:
            fix = "write correct: true under the right choice"
            wrong.append(Problem("no-correct-choice", "no choice is marked as correct", fix, ("choices",)))
        wrong += _repeated([c.text for c in self.choices], "choices", ("text",), "two choices have the same text")
        raise_mistakes(wrong)

    @property
    def key(self) -> tuple[Choice, ...]:
        """The correct choices."""
        return tuple(c for c in self.choices if c.correct)

    @property
    def distractors(self) -> tuple[Choice, ...]:
        """The choices that are not correct."""
        return tuple(c for c in self.choices if not c.correct)

    @property
    def is_multiple(self) -> bool:
        """Whether a learner may choose several."""
        return len(self.key) > 1 if self.multiple is None else self.multiple

    @property
    def credits(self) -> tuple[float, ...]:
        """Each choice's share of the points, as `credit_of` gives it."""
        usual = self._usual_credit
        return tuple(usual * c.correct if c.credit is None else c.credit for c in self.choices)

    def credit_of(self, choice: Choice) -> float:
        """The choice's share of the points, from -1 to 1: its own, or by default what the format says."""
        return self._usual_credit * choice.correct if choice.credit is None else choice.credit

    @property
    def _usual_credit(self) -> float:
        return 1 / len(self.key) if self.is_multiple else 1.0


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class TrueFalse(Graded):
    """A statement that is true or false."""

    KIND = "true_false"
    type: Literal["true_false"] = "true_false"
    stem: Text
    answer: Boolean


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Answer:
    """A text to be typed, as it is typed: this is not Markdown. ``credit`` is a share of the points."""

    text: Line
    credit: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    feedback: Text | None = None


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class ShortAnswer(Graded):
    """A question answered by typing one of the accepted texts."""

    KIND = "short_answer"
    type: Literal["short_answer"] = "short_answer"
    stem: Text
    answers: tuple[Annotated[Answer, BeforeValidator(as_part, json_schema_input_type=str | Answer)], ...]
    case_sensitive: Boolean = False

    def __post_init__(self) -> None:
        if not self.answers:
            raise_mistakes([Problem("too-few-answers", "there is no answer", "add an answer", ("answers",))])
        wrong = _repeated([a.text for a in self.answers], "answers", (), "two answers have the same text")
        if not any(a.credit for a in self.answers):
            fix = "leave out credit under a right answer"
            wrong.append(Problem("no-correct-answer", "no answer gives any credit", fix, ("answers",)))
        raise_mistakes(wrong)


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Numeric(Graded):
    """A question answered by a number. Numbers are decimals, kept as they were written."""

    KIND = "numeric"
    type: Literal["numeric"] = "numeric"
    stem: Text
    answer: DecimalText
    tolerance: Annotated[Tolerance | None, Field(description="How far off an answer may be.")] = None
    tolerance_percent: Annotated[Tolerance | None, Field(description="The same, in percent of the answer.")] = None
    unit: Line | None = None

    def __post_init__(self) -> None:
        if self.tolerance is not None and self.tolerance_percent is not None:
            message = "tolerance and tolerance_percent exclude each other"
            raise_mistakes(
                [Problem("two-tolerances", message, "leave one of them out", ("tolerance_percent",), on_key=True)]
            )


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Pair:
    """Two sides that belong together."""

    left: Text
    right: Text


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Matching(Graded):
    """Left sides to be matched with right sides; ``distractors`` are right sides that match nothing."""

    KIND = "matching"
    type: Literal["matching"] = "matching"
    stem: Text
    pairs: tuple[Pair, ...]
    distractors: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        wrong = []
        if len(self.pairs) < 2:
            message = f"a matching needs two pairs or more, and has {len(self.pairs)}"
            wrong.append(Problem("too-few-pairs", message, "add a pair", ("pairs",)))
        wrong += _repeated([p.left for p in self.pairs], "pairs", ("left",), "two pairs have the same left side")
        rights = {_text_key(p.right) for p in self.pairs}
        for index, text in enumerate(self.distractors):
            if _text_key(text) in rights:
                fix = "leave it out; two pairs may share a right side"
                at: Loc = ("distractors", index)
                wrong.append(Problem("repeated-text", "a distractor is the right side of a pair", fix, at))
        raise_mistakes(wrong)

    @property
    def offered(self) -> tuple[Text, ...]:
        """The right sides to choose from, each once: those of the pairs, then the distractors."""
        return tuple(dict.fromkeys([*(pair.right for pair in self.pairs), *self.distractors]))


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Ordering(Graded):
    """Steps, written in the right order."""

    KIND = "ordering"
    type: Literal["ordering"] = "ordering"
    stem: Text
    steps: tuple[Text, ...]

    def __post_init__(self) -> None:
        wrong = []
        if len(self.steps) < 2:
            message = f"an ordering needs two steps or more, and has {len(self.steps)}"
            wrong.append(Problem("too-few-steps", message, "add a step", ("steps",)))
        wrong += _repeated(self.steps, "steps", (), "two steps have the same text")
        raise_mistakes(wrong)


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Concept:
    """Something that a good answer mentions."""

    text: Text
    points: Points = 1.0


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class OpenPrompt(BaseItem):
    """A prompt to be answered in one's own words, with the concepts that a good answer mentions."""

    KIND = "open_prompt"
    type: Literal["open_prompt"] = "open_prompt"
    stem: Text
    concepts: tuple[Annotated[Concept, BeforeValidator(as_part, json_schema_input_type=Text | Concept)], ...] = ()
    model_answer: Text | None = None
    concept_count: Annotated[
        # As many places are made for them: a number without bound would fill the memory.
        Annotated[int, Field(ge=1, le=1000)] | None,
        Field(description="When only the number of concepts is known."),
    ] = None

    def __post_init__(self) -> None:
        if self.concepts and self.concept_count not in (None, len(self.concepts)):
            message = f"concept_count says {self.concept_count}, but {len(self.concepts)} concepts are listed"
            fix = "leave out concept_count: the list says it"
            raise_mistakes([Problem("concept-count", message, fix, ("concept_count",))])


def _text_key(text: Text) -> str:
    return "<html>" + text.html if isinstance(text, Html) else text.strip()


def _repeated(texts: Sequence[Text], name: str, inner: Loc, message: str) -> list[Problem]:
    seen: set[str] = set()
    wrong = []
    for index, text in enumerate(texts):
        key = _text_key(text)
        if key in seen:
            wrong.append(
                Problem("repeated-text", message, "change one of them, or leave it out", (name, index, *inner))
            )
        seen.add(key)
    return wrong


AnyItem = Flashcard | Cloze | MultipleChoice | TrueFalse | ShortAnswer | Numeric | Matching | Ordering | OpenPrompt
Item = Annotated[AnyItem, Field(discriminator="type")]
"""Any of the nine kinds, told apart by ``type``."""

KINDS: Mapping[str, type[AnyItem]] = {
    kind.KIND: kind
    for kind in (
        Flashcard,
        Cloze,
        MultipleChoice,
        TrueFalse,
        ShortAnswer,
        Numeric,
        Matching,
        Ordering,
        OpenPrompt,
    )
}
"""The kinds of items by the name that ``type`` gives them."""
