"""The options, and what Canvas holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, BinaryIO, ClassVar, Literal

from pydantic import Field, field_validator

from cardforge.diagnostics import Problem
from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import Deck, MultipleChoice
from cardforge.plugin import Context, Exporter, Notice, Standing
from cardforge_exporters import blanks, earlier, missing_ids, quiz_limits
from cardforge_exporters.archive import Archive, text_of
from cardforge_exporters.canvas import limits
from cardforge_exporters.canvas.package import Package, Settings
from cardforge_exporters.canvas.questions import Flashcards

_NATIVE = (
    *(Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER, Feature.NUMERIC, Feature.MATCHING),
    *(Feature.OPEN_PROMPT, Feature.EXPLANATION, Feature.POINTS, Feature.CHOICE_FEEDBACK, Feature.ANSWER_FEEDBACK),
    *(Feature.ITEM_FEEDBACK, Feature.TOLERANCE, Feature.DISTRACTORS, Feature.FIXED_ORDER, Feature.PICK),
    *(Feature.DECK_ID, Feature.DESCRIPTION, Feature.MATHS, Feature.TABLES, Feature.IMAGES, Feature.LINKS, Feature.HTML),
)
_GRADER = "shown after the answer; the essay is graded by hand"
_PLAYER = "a player, and beside it a link to the file, for New Quizzes takes away the player's buttons"
_RATED = "a self-rated question: only “I knew it” gives points, and the back is shown after the rating"
_ESSAY = "an essay, graded by hand; the back is shown after the answer"
_MOST = 2_147_483_647
"""Canvas keeps attempts and minutes as numbers of 32 bits."""
_NO_QUIZ = dropped("a question bank has no place for it")
_IN_A_BANK: Capabilities = {
    Feature.SECTIONS: dropped("all items arrive in one question bank"),
    Feature.SECTION_DESCRIPTION: _NO_QUIZ,
    Feature.PICK: _NO_QUIZ,
    Feature.DESCRIPTION: _NO_QUIZ,
    Feature.AUTHOR: _NO_QUIZ,
    Feature.LICENSE: _NO_QUIZ,
}


class CanvasExporter(Exporter):
    """Writes a QTI 1.2 package for Canvas, Classic Quizzes and New Quizzes; others read it too."""

    name: ClassVar[str] = "canvas"
    summary: ClassVar[str] = "a quiz for Canvas (QTI 1.2), also read by Blackboard and others"
    suffix: ClassVar[str] = ".canvas.zip"
    capabilities: ClassVar[Capabilities] = dict.fromkeys(_NATIVE, NATIVE) | {
        Feature.FLASHCARD: adapted(_RATED),
        Feature.REVERSED: adapted("two questions"),
        Feature.CLOZE: adapted("one question with a blank to fill in for each deletion"),
        Feature.ORDERING: adapted("matching: each step is given its place"),
        Feature.LEVEL: dropped("Canvas does not read it, though the package names it"),
        Feature.TAGS: dropped("Canvas does not read them, though the package names them"),
        Feature.HINT: adapted("below the question; open from the start: Canvas cannot fold it"),
        Feature.SOURCE: adapted("shown after the answer, with the explanation"),
        Feature.CHOICE_CREDIT: adapted("Canvas counts a choice as right or wrong"),
        Feature.ANSWER_CREDIT: adapted("Canvas gives full points for any answer in the list"),
        Feature.CASE_SENSITIVE: dropped("Classic Quizzes takes capitals for small letters"),
        Feature.UNIT: adapted("named below the question"),
        Feature.CONCEPTS: adapted(_GRADER),
        Feature.CONCEPT_POINTS: adapted("named behind the concept; the essay is graded by hand"),
        Feature.MODEL_ANSWER: adapted(_GRADER),
        Feature.SECTIONS: adapted("a text block with the title; with pick, a question group"),
        Feature.SECTION_DESCRIPTION: adapted("a text block before the questions"),
        Feature.LANGUAGE: dropped("a quiz in Canvas has no language of its own"),
        Feature.AUTHOR: adapted("in the quiz's description"),
        Feature.LICENSE: adapted("in the quiz's description"),
        Feature.CODE: adapted("without colours"),
        Feature.AUDIO: adapted(_PLAYER),
        Feature.VIDEO: adapted(_PLAYER),
        Feature.CONTROL_CHARACTERS: dropped("XML cannot hold them"),
    }

    flashcards: Flashcards = Field(default="rated", description="What a flashcard becomes.")
    bank: bool = Field(default=False, description="Write a question bank: no quiz, and none of the settings below.")
    quiz_type: Literal["assignment", "practice_quiz", "graded_survey", "survey"] = Field(
        default="assignment", description="What Canvas does with the result."
    )
    shuffle: bool = Field(
        default=False, description="Mix the choices for each learner; by default they are mixed once, in the file."
    )
    attempts: int | Literal["unlimited"] = Field(
        default=1, description="How often the quiz may be taken: a number, or unlimited (-1 too)."
    )
    time_limit: Annotated[int, Field(ge=1, le=_MOST)] | None = Field(
        default=None, description="Minutes; by default there is no limit."
    )
    one_at_a_time: bool = Field(default=False, description="Show one question at a time.")
    show_correct_answers: bool = Field(default=True, description="Show the right answers after the quiz.")

    @field_validator("attempts")
    @classmethod
    def _sensible(cls, value: int | str) -> int | str:
        if isinstance(value, int) and value != -1 and not 1 <= value <= _MOST:
            raise ValueError(f"write a number from 1 to {_MOST:,}, or unlimited")
        return value

    def supports(self) -> Capabilities:
        changed = dict(self.capabilities)
        if self.flashcards == "essay":
            changed[Feature.FLASHCARD] = adapted(_ESSAY)
        if self.shuffle:
            changed[Feature.FIXED_ORDER] = dropped("Classic Quizzes shuffles all questions or none")
        return {**changed, **_IN_A_BANK} if self.bank else changed

    def limits(self, deck: Deck) -> Iterable[Loss]:
        yield from limits.losses(deck, bank=self.bank)
        yield from blanks.typed_formulas(deck)
        yield from quiz_limits.losses(deck, self.supports(), limits.show)

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        return [*limits.refusals(deck, bank=self.bank), *blanks.untypable(deck)]

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        return earlier.of_identifiers(text_of(previous, ".xml"), "%s__manifest", deck)

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        _tell(deck, context)
        package = Package(deck, self.flashcards, self.shuffle)
        with Archive(out) as archive:
            if self.bank:
                package.write_bank(archive)
            else:
                package.write_quiz(archive, self._settings())

    def _settings(self) -> Settings:
        return Settings(
            quiz_type=self.quiz_type,
            shuffle_answers=self.shuffle,
            allowed_attempts=-1 if self.attempts == "unlimited" else self.attempts,
            time_limit=self.time_limit,
            one_question_at_a_time=self.one_at_a_time,
            show_correct_answers=self.show_correct_answers,
        )


def _tell(deck: Deck, context: Context) -> None:
    missing_ids.tell(deck, context, "after an edit, an import would add questions instead of replacing them")
    items = (entry.item for entry in deck.entries())
    if any(isinstance(item, MultipleChoice) and item.is_multiple for item in items):
        message = "canvas: where several choices are right, Canvas takes points off for each wrong one that is ticked"
        context.notify(Notice("canvas-grading", message, deck.span(())))
