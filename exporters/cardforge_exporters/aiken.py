"""The exporter for Aiken: multiple choice with one right choice, as plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO, ClassVar

from cardforge.diagnostics import Problem
from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import AnyItem, Deck, Entry, MultipleChoice, TrueFalse
from cardforge.plugin import Context, Exporter
from cardforge.text import Text, plain
from cardforge.text.content import is_plain
from cardforge_exporters.asking import one_line
from cardforge_exporters.shared_losses import Said, of_items

_ONE_CHOICE = dropped("Aiken has multiple choice with one right choice only")
_PLAIN = adapted("as plain text on one line")
_TEXT_ONLY = dropped("Aiken has text only; the description stays")
_MOST_CHOICES = 26


class AikenExporter(Exporter):
    """Writes Aiken."""

    name: ClassVar[str] = "aiken"
    summary: ClassVar[str] = "multiple choice as plain text (Aiken)"
    suffix: ClassVar[str] = ".txt"
    capabilities: ClassVar[Capabilities] = dict.fromkeys(Feature, dropped("Aiken has no place for it")) | {
        Feature.MULTIPLE_CHOICE: NATIVE,
        Feature.TRUE_FALSE: adapted("as a choice of True and False"),
        Feature.FLASHCARD: _ONE_CHOICE,
        Feature.CLOZE: _ONE_CHOICE,
        Feature.SHORT_ANSWER: _ONE_CHOICE,
        Feature.NUMERIC: _ONE_CHOICE,
        Feature.MATCHING: _ONE_CHOICE,
        Feature.ORDERING: _ONE_CHOICE,
        Feature.OPEN_PROMPT: _ONE_CHOICE,
        Feature.FIXED_ORDER: dropped("Aiken does not say whether choices are mixed"),
        Feature.SECTIONS: dropped("all questions are in one list"),
        Feature.PICK: dropped("all questions of the section arrive"),
        Feature.MATHS: adapted("as LaTeX"),
        Feature.CODE: _PLAIN,
        Feature.TABLES: _PLAIN,
        Feature.LINKS: adapted("the link's text, without the address"),
        Feature.HTML: adapted("its text only"),
        Feature.IMAGES: _TEXT_ONLY,
        Feature.AUDIO: _TEXT_ONLY,
        Feature.VIDEO: _TEXT_ONLY,
        Feature.CONTROL_CHARACTERS: dropped("a line of text cannot hold them"),
    }

    def limits(self, deck: Deck) -> Iterable[Loss]:
        return of_items(deck, _limits)

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        if any(_lines(entry.item) for entry in deck.entries()):
            return ()
        fix = "export it --to gift or --to moodle, which hold every kind"
        return [Problem("nothing-left", "no item is a multiple choice with one right choice", fix)]

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        for entry in deck.entries():
            if lines := _lines(entry.item):
                out.write(("\n".join(lines) + "\n\n").encode())


def _limits(entry: Entry) -> Said:
    item = entry.item
    if not isinstance(item, MultipleChoice | TrueFalse):
        return
    kind = Feature(item.KIND)
    if isinstance(item, MultipleChoice) and (why := _why_not(item)):
        yield kind, dropped(why)
        return
    texts = [item.stem, *(choice.text for choice in item.choices)] if isinstance(item, MultipleChoice) else [item.stem]
    if not all(isinstance(text, str) and is_plain(text) for text in texts):
        yield kind, adapted("as plain text, a line each: formatting and line breaks do not arrive")
    if _stem(item.stem) != _line(item.stem):
        yield kind, adapted("a · stands before its text, which would be taken for a choice or an answer")


def _why_not(item: MultipleChoice) -> str | None:
    if item.is_multiple or len(item.key) > 1:
        return "it has several right choices"
    if len(item.choices) > _MOST_CHOICES:
        return f"it has {len(item.choices)} choices, and there are {_MOST_CHOICES} letters"
    lines = [_line(choice.text) for choice in item.choices]
    if len(set(lines)) < len(lines):
        return "two of its choices are the same without their formatting"
    return None


def _lines(item: AnyItem) -> list[str]:
    """The lines of an item; none for one that cannot be asked."""
    if isinstance(item, TrueFalse):
        return [_stem(item.stem), "A) True", "B) False", f"ANSWER: {'A' if item.answer else 'B'}"]
    if not isinstance(item, MultipleChoice) or _why_not(item):
        return []
    right = next(index for index, choice in enumerate(item.choices) if choice.correct)
    choices = [f"{chr(ord('A') + index)}) {_line(choice.text)}" for index, choice in enumerate(item.choices)]
    return [_stem(item.stem), *choices, f"ANSWER: {chr(ord('A') + right)}"]


_TAKEN_FOR_ANOTHER_LINE = re.compile(r"[A-Z][).]|ANSWER:|.?\Z")


def _line(text: Text) -> str:
    return one_line(plain(text))


def _stem(text: Text) -> str:
    line = _line(text)
    return f"· {line}" if _TAKEN_FOR_ANOTHER_LINE.match(line) else line
