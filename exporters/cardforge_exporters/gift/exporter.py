"""The exporter: what GIFT holds, and the order of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, ClassVar

from cardforge.diagnostics import Problem
from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import Deck, Section
from cardforge.plugin import Context, Exporter, Standing
from cardforge.text import Text
from cardforge_exporters import missing_ids, quiz_limits
from cardforge_exporters.blanks import untypable
from cardforge_exporters.gift import limits
from cardforge_exporters.gift.questions import Questions
from cardforge_exporters.gift.texts import asked, category, deck_comment, escaped, html
from cardforge_exporters.moodle import names
from cardforge_exporters.moodle.categories import author_and_license

_NATIVE = (
    *(Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER, Feature.NUMERIC, Feature.MATCHING),
    *(Feature.OPEN_PROMPT, Feature.TAGS, Feature.EXPLANATION, Feature.CHOICE_FEEDBACK, Feature.CHOICE_CREDIT),
    *(Feature.ANSWER_CREDIT, Feature.ANSWER_FEEDBACK, Feature.TOLERANCE, Feature.DISTRACTORS, Feature.SECTIONS),
    *(Feature.DECK_ID, Feature.MATHS, Feature.TABLES, Feature.LINKS, Feature.HTML),
)
_AFTER_ANSWER = adapted("in the general feedback")
_DESCRIPTION = adapted("a text before the questions of its category")
_MEDIA = adapted("named by path and copied beside the file; Moodle does not load it from there")


class GiftExporter(Exporter):
    """Writes GIFT."""

    name: ClassVar[str] = "gift"
    summary: ClassVar[str] = "questions as text (GIFT), for Moodle and many other programs"
    suffix: ClassVar[str] = ".gift"
    media_inside: ClassVar[bool] = False
    capabilities: ClassVar[Capabilities] = dict.fromkeys(_NATIVE, NATIVE) | {
        Feature.FLASHCARD: adapted("the back opens on a click, and the learner rates how well it was known"),
        Feature.REVERSED: adapted("as a second question"),
        Feature.CLOZE: adapted("a question for each deletion, whose answer is typed"),
        Feature.ORDERING: adapted("as a matching of the steps with their places"),
        Feature.LEVEL: adapted("as a tag such as level:beginner"),
        Feature.HINT: adapted("to be opened in the question's text"),
        Feature.SOURCE: _AFTER_ANSWER,
        Feature.POINTS: dropped("in GIFT each question is worth one point"),
        Feature.FIXED_ORDER: dropped("GIFT does not say whether choices are mixed"),
        Feature.CASE_SENSITIVE: dropped("in GIFT capitals do not matter"),
        Feature.UNIT: adapted("the question says it, and answers are typed without it"),
        Feature.CONCEPTS: _AFTER_ANSWER,
        Feature.CONCEPT_POINTS: adapted("behind the concept"),
        Feature.MODEL_ANSWER: _AFTER_ANSWER,
        Feature.ITEM_FEEDBACK: adapted("in the feedback of each answer"),
        Feature.SECTION_DESCRIPTION: _DESCRIPTION,
        Feature.DESCRIPTION: _DESCRIPTION,
        Feature.PICK: adapted("said before the questions of the section"),
        Feature.LANGUAGE: dropped("questions have no language of their own"),
        Feature.AUTHOR: adapted("said before the questions"),
        Feature.LICENSE: adapted("said before the questions"),
        Feature.CODE: adapted("without colours"),
        Feature.IMAGES: _MEDIA,
        Feature.AUDIO: _MEDIA,
        Feature.VIDEO: _MEDIA,
        Feature.CONTROL_CHARACTERS: dropped("Moodle cannot hold them"),
    }

    def limits(self, deck: Deck) -> Iterable[Loss]:
        yield from limits.losses(deck)
        yield from quiz_limits.losses(deck, self.supports(), html)

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        return [*untypable(deck), *quiz_limits.shown_alike(deck, html)]

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        is_ours = previous.startswith((deck_comment(deck.identity) if deck.id else "// [deck:").encode())
        is_of_deck = is_ours and any(f"[id:{entry.id}]".encode() in previous for entry in deck.entries())
        return Standing.OF_DECK if is_of_deck else Standing.UNKNOWN

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        missing_ids.tell(deck, context, "after an edit, a question would have another ID number")
        out.writelines(part.encode() for part in _parts(deck))


def _parts(deck: Deck) -> Iterator[str]:
    """The file, in parts: each category before its first question, with what is said of it."""
    yield deck_comment(deck.identity)
    questions = Questions(deck)
    said = _said(deck)
    current = None
    for entry in deck.entries():
        for depth in range(len(entry.sections) + 1):
            path = _path(deck, entry.sections[:depth])
            if path in said:
                yield category(path) + said.pop(path)
                current = path
        path = _path(deck, entry.sections)
        if path != current:
            yield category(path)
            current = path
        yield from questions.of(entry)


def _path(deck: Deck, around: Sequence[Section]) -> str:
    return names.category_path([deck.title, *(section.section for section in around)])


def _said(deck: Deck) -> dict[str, str]:
    """For each category that has one, the question that asks nothing: it says what is said of the deck or section."""
    titles = {_path(deck, ()): deck.title}
    said = {_path(deck, ()): _described(deck.description) + author_and_license(deck)}
    for section, way, _ in deck.sections():
        # Sections of one title are one category.
        path = _path(deck, way)
        pick = f"<p>Draw {section.pick} of these questions at random.</p>" if section.pick else ""
        titles.setdefault(path, section.section)
        said[path] = said.get(path, "") + _described(section.description) + pick
    return {
        path: f"::{escaped(names.category_name(titles[path]))}::{asked(text)}\n\n"
        for path, text in said.items()
        if text
    }


def _described(description: Text | None) -> str:
    return "" if description is None else f"<div>{html(description)}</div>"
