"""The exporter: what Moodle holds, and the order of work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import BinaryIO, ClassVar, Literal, NamedTuple

from pydantic import Field

from cardforge.diagnostics import Problem
from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, Support, adapted, dropped
from cardforge.model import Deck, Flashcard
from cardforge.plugin import Context, Exporter, Notice, Standing
from cardforge_exporters import earlier, missing_ids, quiz_limits
from cardforge_exporters.archive import Archive, text_of
from cardforge_exporters.moodle import glossary, limits, names
from cardforge_exporters.moodle.categories import Categories
from cardforge_exporters.moodle.questions import Questions
from cardforge_exporters.moodle.texts import Texts

_NATIVE = (
    *(Feature.CLOZE, Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER, Feature.NUMERIC),
    *(Feature.MATCHING, Feature.ORDERING, Feature.OPEN_PROMPT, Feature.TAGS, Feature.HINT, Feature.EXPLANATION),
    *(Feature.POINTS, Feature.CHOICE_FEEDBACK, Feature.CHOICE_CREDIT, Feature.FIXED_ORDER, Feature.ANSWER_CREDIT),
    *(Feature.ANSWER_FEEDBACK, Feature.CASE_SENSITIVE, Feature.TOLERANCE, Feature.DISTRACTORS, Feature.ITEM_FEEDBACK),
    *(
        Feature.SECTIONS,
        Feature.SECTION_DESCRIPTION,
        Feature.DECK_ID,
        Feature.DESCRIPTION,
        Feature.MATHS,
        Feature.TABLES,
    ),
    *(Feature.IMAGES, Feature.AUDIO, Feature.VIDEO, Feature.LINKS, Feature.HTML),
)
_FLASHCARDS: Mapping[str, dict[Feature, Support]] = {
    "rated": {
        Feature.FLASHCARD: adapted("the back opens on a click, and the learner rates how well it was known"),
        Feature.REVERSED: adapted("as a second question"),
    },
    "glossary": {
        Feature.FLASHCARD: adapted("an entry of a glossary, in a file of its own"),
        Feature.REVERSED: dropped("a glossary is looked up from front to back"),
    },
    "shortanswer": {
        Feature.FLASHCARD: adapted("the learner types the back"),
        Feature.REVERSED: adapted("as a second question"),
    },
}
_CATEGORY = adapted("in the description of the deck's category")


class MoodleExporter(Exporter):
    """Writes Moodle XML, to be imported into a question bank."""

    name: ClassVar[str] = "moodle"
    summary: ClassVar[str] = "questions for Moodle's question bank (Moodle XML)"
    suffix: ClassVar[str] = ".xml"
    capabilities: ClassVar[Capabilities] = (
        dict.fromkeys(_NATIVE, NATIVE)
        | _FLASHCARDS["rated"]
        | {
            Feature.LEVEL: adapted("as a tag such as level:beginner"),
            Feature.SOURCE: adapted("in the general feedback"),
            Feature.UNIT: adapted("the question says it; answers may be typed with or without it"),
            Feature.CONCEPTS: adapted("in the general feedback, and for the grader"),
            Feature.CONCEPT_POINTS: adapted("behind the concept"),
            Feature.MODEL_ANSWER: adapted("in the general feedback"),
            Feature.PICK: adapted("the category's description says how many; add them to a quiz as random questions"),
            Feature.LANGUAGE: dropped("questions have no language of their own in Moodle"),
            Feature.AUTHOR: _CATEGORY,
            Feature.LICENSE: _CATEGORY,
            Feature.CODE: adapted("without colours"),
            Feature.CONTROL_CHARACTERS: dropped("XML cannot hold them"),
        }
    )

    flashcards: Literal["rated", "glossary", "shortanswer"] = Field(
        default="rated",
        description="What becomes of flashcards: questions rated by the learner, a glossary, or backs to be typed.",
    )
    self_check: bool = Field(
        default=False,
        description="Add to each open prompt with concepts a question that asks which of them were covered.",
    )
    split: int | None = Field(default=None, ge=1, description="The most questions in a file; the files come in a zip.")
    split_mb: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="The most megabytes in a file; the files come in a zip."
    )
    numbering: Literal["abc", "ABCD", "123", "iii", "IIII", "none"] = Field(
        default="abc", description="How the choices of a multiple choice are numbered."
    )

    def file_suffix(self) -> str:
        return ".moodle.zip" if self._is_zip else self.suffix

    def supports(self) -> Capabilities:
        return {**self.capabilities, **_FLASHCARDS[self.flashcards]}

    def limits(self, deck: Deck) -> Iterable[Loss]:
        yield from limits.losses(deck, self.flashcards, self.self_check)
        yield from quiz_limits.losses(deck, self.supports(), limits.show)

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        return list(limits.refusals(deck))

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        if previous.startswith(b"PK"):
            there = text_of(previous, ".xml")
        else:
            there = previous.decode(errors="replace") if _SIGN.encode() in previous[:_BEGINNING] else None
        numbers = names.IdNumbers(deck)
        ids = {numbers.of(entry.id) for entry in deck.entries()}
        return earlier.standing(there, deck, Categories(deck).signs(), _ID_NUMBER, ids)

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        missing_ids.tell(deck, context, "after an edit, a question would have another ID number")
        texts = Texts(deck)
        categories = Categories(deck)
        pieces = self._pieces(deck, texts, categories)
        if not self._is_zip:
            out.writelines(part.encode() for part in _document(pieces, categories))
            return
        with Archive(out) as archive:
            if self.flashcards == "glossary" and glossary.has_flashcards(deck):
                archive.put_lines("glossary.xml", glossary.document(deck, texts))
            for number, group in groupby(pieces, _FileNumber(self.split, self.split_mb, context)):
                archive.put_lines(f"questions-{number:03}.xml", _document(group, categories))

    @property
    def _is_zip(self) -> bool:
        return self.flashcards == "glossary" or self.split is not None or self.split_mb is not None

    def _pieces(self, deck: Deck, texts: Texts, categories: Categories) -> Iterator[_Piece]:
        questions = Questions(
            deck,
            texts,
            typed_flashcards=self.flashcards == "shortanswer",
            self_check=self.self_check,
            numbering=self.numbering,
        )
        in_glossary = self.flashcards == "glossary"
        if in_glossary and all(isinstance(entry.item, Flashcard) for entry in deck.entries()):
            return
        yield from (_Piece(path, "") for path in categories.described())
        yield from (_Piece(path, page) for path, page in categories.pages(texts))
        for entry in deck.entries():
            if not (in_glossary and isinstance(entry.item, Flashcard)):
                path = categories.path(entry.sections)
                yield from (_Piece(path, question) for question in questions.of(entry))


# Moodle writes comments, too, and reads none.
_ID_NUMBER = re.compile("<idnumber>([^<]*?)(?: [^<]*)?</idnumber>")
_SIGN = "<!-- written by cardforge -->"
_BEGINNING = 200


class _Piece(NamedTuple):
    """A question and its category; without a question, a category of which something is to be said."""

    category: str
    question: str


def _document(pieces: Iterable[_Piece], categories: Categories) -> Iterator[str]:
    """A file, in parts."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>{_SIGN}\n<quiz>\n'
    current = None
    for category, question in pieces:
        if category != current:
            yield categories.element(category)
            current = category
        yield question
    yield "</quiz>\n"


class _FileNumber:
    """Tells, piece by piece, the number of the file that a piece goes to."""

    def __init__(self, most: int | None, most_mb: float | None, context: Context) -> None:
        self._most = most
        self._most_bytes = most_mb and most_mb * 1_000_000
        self._context = context
        self._number, self._count, self._bytes = 1, 0, 0

    def __call__(self, piece: _Piece) -> int:
        if not piece.question:
            return self._number
        size = len(piece.question.encode()) if self._most_bytes else 0
        is_full = self._most is not None and self._count >= self._most
        if self._count and (is_full or (self._most_bytes and self._bytes + size > self._most_bytes)):
            self._number += 1
            self._count = self._bytes = 0
        self._count += 1
        self._bytes += size
        if self._most_bytes and size > self._most_bytes:
            message = f"questions-{self._number:03}.xml is larger than split_mb: it holds one question with its media"
            self._context.notify(Notice("file-too-large", message))
        return self._number
