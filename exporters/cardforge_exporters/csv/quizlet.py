"""Quizlet's import: a line for each item, term and definition with a tab between them, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html, Text, deletions, plain
from cardforge.text.content import is_plain
from cardforge_exporters.asking import in_another_order, mixed, number, one_line
from cardforge_exporters.csv.table import runs
from cardforge_exporters.shared_losses import Said, of_items

_ASKS = adapted("the term asks and the definition answers, in plain text on one line")
_NO_PLACE = dropped("Quizlet's import has a term and a definition only")
_TEXT_ONLY = dropped("Quizlet's import takes text only; the description stays")

CAPABILITIES: Capabilities = dict.fromkeys(Feature, _NO_PLACE) | {
    Feature.FLASHCARD: NATIVE,
    Feature.CLOZE: _ASKS,
    Feature.MULTIPLE_CHOICE: _ASKS,
    Feature.TRUE_FALSE: _ASKS,
    Feature.SHORT_ANSWER: _ASKS,
    Feature.NUMERIC: _ASKS,
    Feature.MATCHING: _ASKS,
    Feature.ORDERING: _ASKS,
    Feature.OPEN_PROMPT: _ASKS,
    Feature.REVERSED: dropped("in Quizlet, the learner chooses which side asks"),
    Feature.FIXED_ORDER: NATIVE,
    Feature.TOLERANCE: adapted("behind the answer"),
    Feature.UNIT: adapted("behind the answer"),
    Feature.DISTRACTORS: adapted("in the term, among the right sides"),
    Feature.CONCEPTS: adapted("in the definition"),
    Feature.MODEL_ANSWER: adapted("the definition"),
    Feature.SECTIONS: dropped("all items are in one list"),
    Feature.PICK: dropped("all items of the section arrive"),
    Feature.MATHS: adapted("as LaTeX"),
    Feature.CODE: adapted("as plain text on one line"),
    Feature.TABLES: adapted("as plain text on one line"),
    Feature.IMAGES: _TEXT_ONLY,
    Feature.AUDIO: _TEXT_ONLY,
    Feature.VIDEO: _TEXT_ONLY,
    Feature.LINKS: adapted("the link's text, without the address"),
    Feature.HTML: adapted("its text only"),
    Feature.CONTROL_CHARACTERS: dropped("a line of text cannot hold them"),
}
"""What such a file holds of a deck."""


def lines(deck: Deck) -> Iterator[str]:
    """The file's lines."""
    for entry in deck.entries():
        yield "\t".join(" " + side if _runs(side) else side for side in _sides(entry)) + "\n"


def limits(deck: Deck) -> Iterator[Loss]:
    """Flashcards that lose formatting, and sides that a spreadsheet would run."""
    return of_items(deck, _of_item)


def _of_item(entry: Entry) -> Said:
    item = entry.item
    if isinstance(item, Flashcard) and not all(isinstance(t, str) and is_plain(t) for t in (item.front, item.back)):
        yield Feature(item.KIND), adapted("plain text on one line: formatting and line breaks do not arrive")
    for name, side in zip(("term", "definition"), _sides(entry), strict=True):
        if first := _runs(side):
            how = f"begins with {first[0][-1]!r}, which a spreadsheet would run: a space stands before it"
            yield Feature(item.KIND), adapted(f"the {name} {how}")


def _runs(side: str) -> re.Match[str] | None:
    # Sides stand without quotes, so a spreadsheet takes those in the text for its own.
    return runs(side.lstrip('"'))


def _sides(entry: Entry) -> tuple[str, str]:
    term, definition = _term_and_definition(entry.item)
    return one_line(term), one_line(definition)


def _term_and_definition(item: AnyItem) -> tuple[str, str]:
    match item:
        case Flashcard():
            return plain(item.front), plain(item.back)
        case Cloze():
            return _gaps_and_answers(item.text)
        case MultipleChoice():
            choices = mixed(item.choices, lambda c: plain(c.text)) if item.shuffle else item.choices
            offered = _numbered(plain(choice.text) for choice in choices)
            right = (text for text, choice in zip(offered, choices, strict=True) if choice.correct)
            return f"{plain(item.stem)} {' '.join(offered)}", " ".join(right)
        case TrueFalse():
            return f"{plain(item.stem)} (true or false?)", str(item.answer)
        case ShortAnswer():
            return plain(item.stem), " / ".join(answer.text for answer in item.answers if answer.credit > 0)
        case Numeric():
            return plain(item.stem), number(item)
        case Matching():
            pairs = [(plain(pair.left), plain(pair.right)) for pair in item.pairs]
            rights = list(dict.fromkeys(map(plain, item.offered)))
            lefts = _numbered(left for left, _ in pairs)
            term = f"{plain(item.stem)} {' '.join(lefts)} | {' / '.join(in_another_order(rights))}"
            return term, "; ".join(f"{left} → {right}" for left, right in pairs)
        case Ordering():
            steps = [plain(step) for step in item.steps]
            return f"{plain(item.stem)} {' / '.join(in_another_order(steps))}", " ".join(_numbered(steps))
        case OpenPrompt():
            count = f"Concepts: {item.concept_count}" if item.concept_count and not item.concepts else ""
            concepts = "; ".join(plain(concept.text) for concept in item.concepts)
            answer = plain(item.model_answer) if item.model_answer else ""
            return plain(item.stem), " – ".join(part for part in (answer, concepts, count) if part)


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"({n}) {text}" for n, text in enumerate(texts, start=1)]


_GAP = "[…]"


def _gaps_and_answers(text: Text) -> tuple[str, str]:
    """A cloze text with gaps in place of the answers, or their hints; and the answers."""
    source = text.html if isinstance(text, Html) else text
    kind = Html if isinstance(text, Html) else str
    found = deletions(source)
    for deletion in reversed(found):
        gap = f"[{deletion.hint}]" if deletion.hint else _GAP
        source = source[: deletion.start] + gap + source[deletion.end :]
    return plain(kind(source)), ", ".join(plain(kind(deletion.answer)) for deletion in found)
