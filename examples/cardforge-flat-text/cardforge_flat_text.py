"""Decks as study sheets in plain text: the questions, numbered, and the answers at the end.

A whole exporter for cardforge. README.md says which five things make one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from string import ascii_lowercase
from textwrap import fill
from typing import BinaryIO, ClassVar, TypeVar

from pydantic import Field

from cardforge.fidelity import NATIVE, Capabilities, Feature, adapted, dropped
from cardforge.model import (
    Cloze,
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
from cardforge.plugin import Context, Exporter
from cardforge.text import Deletion, Html, Text, deletions, plain

_T = TypeVar("_T")

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
            asked, answered = _task(entry)
            yield self._numbered(number, [*_remark(entry), *asked, *_hints(entry)])
            answers.append(self._numbered(number, [*answered, *_comments(entry)]))
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


# --- an item in words -----------------------------------------------------------------------------


def _task(entry: Entry) -> tuple[list[str], list[str]]:
    """The paragraphs that ask, and those that answer. mypy says when a kind of item is missing here."""
    item = entry.item
    match item:
        case Flashcard():
            return [plain(item.front)], [plain(item.back)]
        case Cloze():
            extra = [] if item.extra is None else [plain(item.extra)]
            return [_cloze(item.text, _gap)], [_cloze(item.text, lambda d: f"«{d.answer}»"), *extra]
        case MultipleChoice():
            choices = _mixed(item.choices, entry.id) if item.shuffle else item.choices
            lettered = [(_letter(index), choice) for index, choice in enumerate(choices)]
            prompt = ["Choose all that are right."] if item.is_multiple else []
            return (
                [plain(item.stem), *prompt, *(f"{letter}) {plain(choice.text)}" for letter, choice in lettered)],
                [
                    ", ".join(letter for letter, choice in lettered if choice.correct),
                    *(_verdict(f"{letter})", choice.credit, choice.feedback) for letter, choice in lettered),
                ],
            )
        case TrueFalse():
            return [f"True or false? {plain(item.stem)}"], ["True." if item.answer else "False."]
        case ShortAnswer():
            prompt = ["Upper and lower case matter."] if item.case_sensitive else []
            right = " / ".join(answer.text for answer in item.answers if answer.credit == 1)
            partly = (_verdict(a.text, a.credit if a.credit != 1 else None, a.feedback) for a in item.answers)
            return [plain(item.stem), *prompt], [right, *partly]
        case Numeric():
            unit = f" {item.unit}" if item.unit else ""
            off = f" ± {item.tolerance}" if item.tolerance else ""
            off = f" ± {item.tolerance_percent}%" if item.tolerance_percent else off
            return [plain(item.stem)], [f"{item.answer}{unit}{off}"]
        case Matching():
            lefts = [plain(pair.left) for pair in item.pairs]
            # Two pairs may share a right side.
            offered = dict.fromkeys(plain(text) for text in (*(pair.right for pair in item.pairs), *item.distractors))
            rights = _mixed(tuple(offered), entry.id)
            letters = [_letter(rights.index(plain(pair.right))) for pair in item.pairs]
            return (
                [
                    plain(item.stem),
                    *(f"{number}) {left}" for number, left in enumerate(lefts, 1)),
                    *(f"{_letter(index)}) {right}" for index, right in enumerate(rights)),
                ],
                [", ".join(f"{number}{letter}" for number, letter in enumerate(letters, 1))],
            )
        case Ordering():
            steps = _mixed(item.steps, entry.id)
            return (
                [plain(item.stem), *(f"{_letter(index)}) {plain(step)}" for index, step in enumerate(steps))],
                [", ".join(_letter(steps.index(step)) for step in item.steps)],
            )
        case OpenPrompt():
            count = item.concept_count or len(item.concepts)
            answer = [] if item.model_answer is None else [plain(item.model_answer)]
            mentioned = [f"Concepts in a good answer: {count}"] if count else []
            for concept in item.concepts:
                worth = f" ({_points(concept.points)})" if concept.points != 1 else ""
                mentioned.append(f"- {plain(concept.text)}{worth}")
            return [plain(item.stem)], [*answer, *mentioned]


def _remark(entry: Entry) -> list[str]:
    said = [entry.item.level, _points(entry.item.points)]
    return [f"[{', '.join(filter(None, said))}]"] if any(said) else []


def _hints(entry: Entry) -> list[str]:
    return [f"Hint: {plain(hint)}" for hint in entry.item.hint]


def _comments(entry: Entry) -> list[str]:
    """What every kind of item may say behind its answer."""
    item = entry.item
    said = [("", item.explanation)]
    if isinstance(item, Graded):
        said += [("If you were right: ", item.feedback_correct), ("If not: ", item.feedback_incorrect)]
    said += [("Source: ", item.source)]
    return [label + plain(text) for label, text in said if text is not None]


def _points(points: float) -> str:
    return "" if points == 1 else f"{points:g} points"


def _verdict(answer: str, credit: float | None, feedback: Text | None) -> str:
    """What one answer is worth and what is said about it; nothing when there is nothing to say."""
    if credit is None and feedback is None:
        return ""
    share = "" if credit is None else f" ({credit:.0%})"
    return f"{answer}{share} {'' if feedback is None else plain(feedback)}".rstrip()


def _cloze(text: Text, shown: Callable[[Deletion], str]) -> str:
    """A cloze text, each deletion as ``shown`` makes it."""
    source = text.html if isinstance(text, Html) else text
    for deletion in reversed(deletions(source)):
        source = source[: deletion.start] + shown(deletion) + source[deletion.end :]
    return plain(Html(source) if isinstance(text, Html) else source)


def _gap(deletion: Deletion) -> str:
    return f"«… {deletion.hint}»" if deletion.hint else "«…»"


def _letter(index: int) -> str:
    """a, b … z, aa, ab …"""
    return (_letter(index // 26 - 1) if index >= 26 else "") + ascii_lowercase[index % 26]


def _mixed(values: Sequence[_T], item_id: str) -> Sequence[_T]:
    """Another order, the same in every run: of Python's random numbers, only `random` is promised to stay."""
    numbers = Random(item_id)
    return sorted(values, key=lambda _value: numbers.random())
