"""Aiken as Moodle reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck, MultipleChoice
from cardforge.text import plain
from cardforge.validation import validate
from cardforge_sources import aiken

GOOD = "Which?\nA) one\nB) two\nANSWER: B\n"


def read(text: str) -> Deck:
    validated = validate(aiken.read_bytes(text.encode(), Path("bank.txt")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Which?\r\n\r\nA. one\r\nB. two\r\n\r\nANSWER:B\r\n",
        "Which?\rA)one\rB)two\rANSWER: B",
        "\ufeff  Which?\n  A)\tone\n  B)\ttwo\n  ANSWER:  B (of course)\n",
    ],
)
def test_a_question_is_read(text: str) -> None:
    item = read(text).items[0]
    assert isinstance(item, MultipleChoice)
    assert (item.stem, [(c.text, c.correct) for c in item.choices]) == ("Which?", [("one", False), ("two", True)])


SEVERAL = "Which?\nA) one\nB) two\nC) three\nANSWER: "


@pytest.mark.parametrize("line", ["A,C", "A, C", "A and C", "AC", "A C", "A/C.", "A & C (both)", "A, and C"])
def test_several_letters_are_several_right_choices_and_told(line: str) -> None:
    deck = read(SEVERAL + line)
    item = deck.items[0]
    assert isinstance(item, MultipleChoice)
    assert ([c.correct for c in item.choices], item.is_multiple) == ([True, False, True], True)
    assert [w.code for w in deck.origin.warnings] == ["adapted-item"]


def test_of_letters_with_or_between_them_one_will_do() -> None:
    item = read(SEVERAL + "A or C").items[0]
    assert isinstance(item, MultipleChoice)
    assert ([c.correct for c in item.choices], item.is_multiple) == ([True, False, True], False)


@pytest.mark.parametrize("line", ["A", "A. one", "A) one", "A (or so)"])
def test_words_behind_a_letter_are_none(line: str) -> None:
    assert read(SEVERAL + line).origin.warnings == ()


def test_a_list_that_goes_on_in_words_is_read_as_moodle_does_and_told() -> None:
    deck = read(SEVERAL + "B, A small one")
    item = deck.items[0]
    assert isinstance(item, MultipleChoice)
    assert [c.correct for c in item.choices] == [False, True, False]
    assert [w.code for w in deck.origin.warnings] == ["adapted-item"]


def test_texts_are_plain() -> None:
    item = read("Is *a* < b?\nA) <b>\nB) $5\nANSWER: A\n").items[0]
    assert isinstance(item, MultipleChoice)
    assert [plain(text) for text in (item.stem, *(c.text for c in item.choices))] == ["Is *a* < b?", "<b>", "$5"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A) one\n", 1),
        ("ANSWER: A\n", 1),
        ("Which?\nA) one\nANSWER: A\n", 1),
        ("Which?\nA) one\nB) two\nANSWER: C\n", 4),
        ("Which?\nA) one\nB) two\nANSWER:\n", 4),
        ("Which?\nA) one\nB) two\nANSWER: A, C\n", 4),
        ("Which?\nof these\nA) one\nB) two\nANSWER: A\n", 1),
    ],
)
def test_a_mistake_is_told_at_its_line(text: str, line: int) -> None:
    found = read(text + GOOD).origin.warnings
    assert [(w.code, w.span.line) for w in found if w.span] == [("kept-aside", line)]


def test_a_question_without_an_end_is_told() -> None:
    found = read(GOOD + "Which else?\nA) one\n").origin.warnings
    assert [w.code for w in found] == ["kept-aside"]


def test_a_file_without_questions_is_refused() -> None:
    with pytest.raises(InvalidDeck) as caught:
        aiken.read_bytes(b"only notes\n", Path("notes.txt"))
    assert caught.value.diagnostics[-1].code == "no-items"


@pytest.mark.parametrize(
    ("text", "is_aiken"),
    [(GOOD, True), (GOOD.replace("\n", "\r\n\r\n"), True), ("Q{=a ~b}", False), ("ANSWER: A", False)],
)
def test_only_aiken_is_recognised(tmp_path: Path, text: str, is_aiken: bool) -> None:
    file = tmp_path / "bank.txt"
    file.write_bytes(text.encode())
    assert aiken.AikenSource().recognises(file) is is_aiken
