"""Whatever the deck: the file is one that Moodle's import takes whole, and what it says is what the deck says."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cardforge.model import Deck, Flashcard, MultipleChoice, OpenPrompt
from cardforge.text import Text, render
from cardforge_exporters.lms_markup import DIALECT
from tests.exporters.moodle.moodle_reading import (
    Question,
    categories,
    codes,
    in_zip,
    outside_of_cdata,
    parsed,
    questions,
    written,
)
from tests.strategies import decks

FRACTIONS = {
    100,
    90,
    83.33333,
    80,
    75,
    70,
    66.66667,
    60,
    50,
    40,
    33.33333,
    30,
    25,
    20,
    16.66667,
    14.28571,
    12.5,
    11.11111,
}
FRACTIONS |= {10, 5, 0}
OPTIONS = st.fixed_dictionaries({"flashcards": st.sampled_from(["rated", "shortanswer"]), "self_check": st.booleans()})


@given(decks(), OPTIONS)
def test_every_question_has_what_moodle_demands(deck: Deck, options: dict[str, Any]) -> None:
    data = written(deck, **options)
    assert "&" not in outside_of_cdata(data)
    found = questions(data)
    for question in found:
        assert demands(question) == []
    for category, group in groupby(sorted(found, key=lambda q: q.category), key=lambda q: q.category):
        idnumbers = [question.idnumber.lower() for question in group if question.type != "description"]
        assert len(set(idnumbers)) == len(idnumbers), category
    for path, _ in categories(data):
        assert path.startswith("$course$/top/")
        assert all(0 < len(name.replace("//", "/").strip()) <= 255 for name in re.split("(?<!/)/(?!/)", path))


def demands(question: Question) -> list[str]:
    """What the import would stop at, or leave out."""
    wrong = []
    if not question.name or len(question.name) > 255 or re.search("<[^ ]", question.name):
        wrong.append(f"name {question.name!r}")
    if not 0 < len(question.idnumber) <= 100:
        wrong.append(f"idnumber {question.idnumber!r}")
    if not 0 <= float(question.text("defaultgrade")) < 100_000:
        wrong.append("points")
    answers = question.answers
    fractions = [float(fraction) for fraction, _, _ in answers]
    if not {abs(fraction) for fraction in fractions} <= FRACTIONS:
        wrong.append(f"fractions {fractions}")
    if not all(text for _, text, _ in answers):
        wrong.append("an empty answer")
    if not all(question.hints):
        wrong.append("an empty hint")
    if any(not tag or len(tag) > 255 for tag in question.tags):
        wrong.append(f"tags {question.tags}")
    match question.type:
        case "multichoice" | "ordering" if len(answers) < 2:
            wrong.append("too few answers")
        case "shortanswer" if 100 not in fractions:
            wrong.append("no answer of 100 %")
        case "numerical" if not all(is_number(text) for _, text, _ in answers if text != "*"):
            wrong.append("a number")
        case "truefalse" if sorted(text for _, text, _ in answers) != ["false", "true"]:
            wrong.append("true and false")
        case "matching":
            if not all(0 < len(right) <= 255 for _, right in question.pairs) or not question.pairs[0][0]:
                wrong.append(f"pairs {question.pairs}")
        case "ordering" if (
            len({text for _, text, _ in answers}) != len(answers) or question.text("shownumcorrect") != "0"
        ):
            wrong.append("steps")
        case "multianswer" if not re.search(r"\{\d+:SHORTANSWER:=[^{}~]+\}", question.stem):
            wrong.append("no blank")
    return wrong


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(E[+-]\d+)?", text) is not None


@given(decks())
def test_texts_come_back_equal(deck: Deck) -> None:
    by_idnumber = {question.idnumber: question for question in questions(written(deck))}
    for entry in deck.entries():
        question = by_idnumber.get(entry.id)
        if question is None:  # its idnumber is another one
            continue
        item = entry.item
        if isinstance(item, MultipleChoice):
            assert question.stem == html(item.stem)
            assert [text for _, text, _ in question.answers] == [html(c.text) or "<span></span>" for c in item.choices]
            assert [feedback for _, _, feedback in question.answers] == [html(c.feedback) for c in item.choices]
        elif isinstance(item, Flashcard):
            assert html(item.front).removeprefix("<p>0</p>") in question.stem
            assert html(item.back).removeprefix("<p>0</p>") in question.feedback
        elif isinstance(item, OpenPrompt):
            for concept in item.concepts:
                assert html(concept.text).removeprefix("<p>0</p>") in question.text("graderinfo")
        if item.explanation is not None:
            assert html(item.explanation).removeprefix("<p>0</p>") in question.feedback


def html(text: Text | None) -> str:
    """A text as an XML parser gives it, trimmed as Moodle does."""
    if text is None:
        return ""
    made = render(text, DIALECT).replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\0\x0b")
    return "<p>0</p>" if made == "0" else made


@given(decks(), st.integers(1, 3))
def test_split_files_hold_the_same_questions(deck: Deck, most: int) -> None:
    whole = [(q.category, q.idnumber) for q in questions(written(deck))]
    files = in_zip(written(deck, split=most)).values()
    parts = [[(q.category, q.idnumber) for q in questions(data)] for data in files]
    assert [pair for part in parts for pair in part] == whole
    assert all(0 < len(part) <= most for part in parts)


@given(decks())
def test_a_glossary_is_well_formed_and_complete(deck: Deck) -> None:
    files = in_zip(written(deck, flashcards="glossary"))
    cards = [entry for entry in deck.entries() if isinstance(entry.item, Flashcard)]
    found = list(parsed(files["glossary.xml"]).iter("ENTRY")) if cards else []
    concepts = [entry.findtext("CONCEPT") for entry in found]
    assert len(found) == len(cards) and len({concept.lower() for concept in concepts}) == len(cards)
    assert all(0 < len(concept) <= 255 and concept != "0" for concept in concepts)
    assert all(entry.findtext("DEFINITION") for entry in found)


@given(decks())
def test_the_same_deck_gives_the_same_bytes(deck: Deck) -> None:
    assert written(deck, split=2) == written(deck, split=2)


@given(decks())
def test_only_what_nobody_can_type_or_tell_apart_is_refused(deck: Deck) -> None:
    assert set(codes(deck)) <= {"blank-not-typed", "shown-alike"}
