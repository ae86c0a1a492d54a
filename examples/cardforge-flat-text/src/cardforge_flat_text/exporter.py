"""Decks as study sheets in plain text: the questions, numbered, and the answers at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import BinaryIO, ClassVar

from pydantic import Field

from cardforge.fidelity import NATIVE, Capabilities, Feature, adapted, dropped
from cardforge.model import Deck, Section
from cardforge.plugin import Context, Exporter, Standing
from cardforge.text import plain

from .source import is_sheet
from .words import words

# Named one by one: a feature that the deck format gains later is then reported until somebody has printed it.
_PRINTED = (
    Feature.FLASHCARD,
    Feature.MULTIPLE_CHOICE,
    Feature.TRUE_FALSE,
    Feature.SHORT_ANSWER,
    Feature.NUMERIC,
    Feature.MATCHING,
    Feature.ORDERING,
    Feature.OPEN_PROMPT,
    Feature.LEVEL,
    Feature.EXPLANATION,
    Feature.SOURCE,
    Feature.POINTS,
    Feature.CHOICE_CREDIT,
    Feature.FIXED_ORDER,
    Feature.ANSWER_CREDIT,
    Feature.CASE_SENSITIVE,
    Feature.TOLERANCE,
    Feature.UNIT,
    Feature.DISTRACTORS,
    Feature.CONCEPTS,
    Feature.CONCEPT_POINTS,
    Feature.MODEL_ANSWER,
    Feature.SECTIONS,
    Feature.SECTION_DESCRIPTION,
    Feature.DESCRIPTION,
    Feature.AUTHOR,
    Feature.LICENSE,
)
_WITH_ANSWERS = adapted("printed with the answers, whatever was answered")
_ONLY_DESCRIBED = dropped("only its description is printed")


class FlatTextExporter(Exporter):
    """Writes a study sheet to be read, printed or mailed."""

    name: ClassVar[str] = "flat-text"
    summary: ClassVar[str] = "a study sheet in plain text, with the answers at the end"
    suffix: ClassVar[str] = ".txt"
    capabilities: ClassVar[Capabilities] = dict.fromkeys(_PRINTED, NATIVE) | {
        Feature.CLOZE: adapted("all its deletions are asked at once"),
        Feature.HINT: adapted("printed below the question, for all to see"),
        Feature.CHOICE_FEEDBACK: _WITH_ANSWERS,
        Feature.ANSWER_FEEDBACK: _WITH_ANSWERS,
        Feature.ITEM_FEEDBACK: _WITH_ANSWERS,
        Feature.TAGS: dropped("not printed"),
        Feature.REVERSED: dropped("asked from front to back only"),
        Feature.PICK: dropped("all items of the section are printed"),
        Feature.DECK_ID: dropped("not printed"),
        Feature.LANGUAGE: dropped("plain text cannot say its language"),
        Feature.MATHS: adapted("printed as LaTeX"),
        Feature.CODE: adapted("printed as running text, without its line breaks"),
        Feature.TABLES: adapted("the cells are printed one after the other"),
        Feature.IMAGES: _ONLY_DESCRIBED,
        Feature.AUDIO: _ONLY_DESCRIBED,
        Feature.VIDEO: _ONLY_DESCRIBED,
        Feature.LINKS: adapted("only its words are printed, not its address"),
        Feature.HTML: adapted("only its text is printed"),
        Feature.CONTROL_CHARACTERS: adapted("some become a space, or vanish"),
    }

    width: int = Field(78, ge=40, le=200, description="Characters in a line.")

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        if not is_sheet(previous):
            return Standing.FOREIGN
        title = previous.partition(b"\n")[0].rstrip(b"\r")
        return Standing.OF_DECK if title == deck.title.encode() else Standing.OF_ANOTHER

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(("\n\n".join(self._blocks(deck)) + "\n").encode())

    def _blocks(self, deck: Deck) -> Iterator[str]:
        """The sheet from top to bottom."""
        yield _underlined(deck.title, "=")
        if deck.description is not None:
            yield self._wrapped(plain(deck.description))
        if deck.author or deck.license:
            yield self._wrapped(", ".join(filter(None, (deck.author, deck.license))))
        answers: list[str] = []
        around: tuple[Section, ...] = ()
        for number, entry in enumerate(deck.entries(), 1):
            if entry.sections != around:
                # Items behind a section may belong to the deck itself again.
                yield _underlined(" / ".join(section.section for section in entry.sections) or deck.title, "-")
                new = [section for section in entry.sections if section not in around]
                yield from (self._wrapped(plain(s.description)) for s in new if s.description is not None)
                around = entry.sections
            question, answer = words(entry)
            yield self._numbered(number, question)
            answers.append(self._numbered(number, answer))
        yield _underlined("Answers", "=")
        yield from answers

    def _numbered(self, number: int, paragraphs: Iterable[str]) -> str:
        label = f"{number}. "
        lines = "\n".join(self._wrapped(text, " " * len(label)) for text in paragraphs if text)
        return label + lines[len(label) :]

    def _wrapped(self, text: str, indent: str = "") -> str:
        return fill(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _underlined(title: str, line: str) -> str:
    return f"{title}\n{line * len(title)}"
