"""GIFT as Moodle reads it, and what is told of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cardforge import api
from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge.model import Deck, Section, to_data
from cardforge.validation import validate
from cardforge_sources import gift


def read(text: str, name: str = "bank.gift") -> Deck:
    validated = validate(gift.read_bytes(text.encode(), Path(name)))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


def first(text: str) -> dict[str, Any]:
    data: dict[str, Any] = to_data(read(text).items[0])
    return data


def told(text: str) -> list[Diagnostic]:
    try:
        return list(read(text).origin.warnings)
    except InvalidDeck as error:
        return list(error.diagnostics)


def test_choices_have_weights_and_feedback() -> None:
    data = first("Q{=a#yes ~%50%b#half\n~%-25%c ~d####because}")
    assert data["choices"] == [
        {"text": "a", "correct": True, "feedback": "yes"},
        {"text": "b", "feedback": "half", "credit": 0.5},
        {"text": "c", "credit": -0.25},
        {"text": "d"},
    ]
    assert data["explanation"] == "because"


def test_without_a_right_choice_several_may_be_chosen() -> None:
    data = first("Q{~%50%a ~%50%b ~%-100%c}")
    assert [choice.get("correct", False) for choice in data["choices"]] == [True, True, False]


@pytest.mark.parametrize(("answer", "is_true"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)])
def test_true_or_false(answer: str, is_true: bool) -> None:
    data = first(f"Q{{{answer}#wrong#right}}")
    assert (data["answer"], data["feedback_incorrect"], data["feedback_correct"]) == (is_true, "wrong", "right")


def test_one_cause_is_told_once() -> None:
    (warning,) = told("Q{" + "=a" * 5_000 + "}")
    assert "is there twice, and only the first one counts (4,999 times)" in warning.message


def test_short_answers() -> None:
    assert first("Q{=four =%50%4#nearly}")["answers"] == ["four", {"text": "4", "credit": 0.5, "feedback": "nearly"}]


@pytest.mark.parametrize(
    ("written", "answer", "tolerance"),
    [("3.14", "3.14", None), ("3.14:0.01", "3.14", "0.01"), ("3.13..3.15", "3.14", "0.01"), ("=5:2", "5", "2")],
)
def test_numbers(written: str, answer: str, tolerance: str | None) -> None:
    data = first(f"Q{{#{written}}}")
    assert (data["answer"], data.get("tolerance")) == (answer, tolerance)


def test_feedback_for_a_wrong_number() -> None:
    data = first("Q{#=5#yes ~#no}")
    assert (data["feedback_correct"], data["feedback_incorrect"]) == ("yes", "no")


def test_pairs_and_distractors() -> None:
    data = first("Q{=a -> 1 =b -> 2 = -> 3}")
    assert data["pairs"] == [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]
    assert data["distractors"] == ["3"]


def test_steps_in_order() -> None:
    assert first("Q{>2 ALL VERTICAL\none\ntwo\n}")["steps"] == ["one", "two"]


def test_nothing_in_the_braces_is_an_open_prompt() -> None:
    assert first("Why?{}") == {"type": "open_prompt", "stem": "Why?"}


def test_text_behind_the_answers_leaves_a_gap() -> None:
    assert api.export(read("Two and two are {=four}."), "csv", profile="quizlet").data == (
        b"Two and two are _____.\tfour\n"
    )


def test_escapes_are_read() -> None:
    data = first(r"1 \= 1 \~ \# \: \{x\}\nb{=a\=b ~c\\d}")
    assert data["stem"] == "1 = 1 ~ # : {x}\\\nb"
    assert [choice["text"] for choice in data["choices"]] == ["a=b", r"c\\d"]


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("[html]<b>x</b>", "**x**"),
        ("[markdown]**x**", "**x**"),
        ("[plain]*x*", r"\*x\*"),
        ("a<br>b", "a\\\nb"),
        ("[x] y", r"\[x] y"),
    ],
)
def test_each_text_is_read_in_its_format(written: str, stem: str) -> None:
    assert first(f"{written}{{}}")["stem"] == stem


def test_answers_have_the_format_of_their_question() -> None:
    assert first("[html]Q{=<b>a</b> ~[plain]<b>}")["choices"] == [{"text": "**a**", "correct": True}, {"text": r"\<b>"}]


def test_comments_say_id_and_tags() -> None:
    data = first("// [id:a\\]b] [tag:x y] [tag:level:advanced]\n::name::Q{}")
    assert (data["id"], data["tags"], data["level"]) == ("a]b", ["x y"], "advanced")


def test_categories_are_sections() -> None:
    deck = read("$CATEGORY: $course$/top/D/A\n\nQ{}\n\n$CATEGORY: $course$/top/D/B//C\n\nR{}\n")
    assert deck.title == "D"
    assert [node.section for node in deck.items if isinstance(node, Section)] == ["A", "B/C"]


def test_a_text_between_questions_begins_a_section() -> None:
    deck = read("Q{}\n\n::Part two::Read this.\n\nR{}\n\nS{}")
    section = deck.items[1]
    assert isinstance(section, Section)
    assert (section.section, section.description, len(section.items)) == ("Part two", "Read this.", 2)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("Q{=a ~b", 2, 2),
        ("Q =a}", 2, 5),
        ("Q{~a}", 2, 3),
        ("Q{=a -> 1}", 2, 3),
        ("Q{\n =a -> 1\n =b\n}", 4, 3),
        ("Q{#x}", 2, 4),
        ("Q{#}", 2, 4),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, line: int, column: int) -> None:
    found = told(f"// comment\n{text}\n\nWhy?{{}}\n")
    assert [(w.code, w.span.line, w.span.column) for w in found if w.span] == [("kept-aside", line, column)]


def test_several_mistakes_are_told_in_one_run() -> None:
    assert [w.code for w in told("Q{=a\n\nR{~a}\n\nWhy?{}")] == ["kept-aside", "kept-aside"]


def test_a_file_without_questions_is_refused() -> None:
    with pytest.raises(InvalidDeck) as caught:
        gift.read_bytes(b"only a text\n", Path("notes.gift"))
    assert [d.code for d in caught.value.diagnostics] == ["kept-aside", "no-items"]


@pytest.mark.parametrize(
    ("text", "is_gift"),
    [
        ("Q{=a ~b}", True),
        ("::n::Q{}", True),
        ("$CATEGORY: a\n", True),
        ("Q{#3.1:0.1}", True),
        ("It is so.{FALSE}", True),
        ("What?\nA) a\nB) b\nANSWER: A\n", False),
        ("#separator:tab\na\tb\n", False),
        ("int main() { return a == b; }", False),
        ("Notes on {sets}", False),
    ],
)
def test_only_gift_is_recognised(tmp_path: Path, text: str, is_gift: bool) -> None:
    file = tmp_path / "bank.txt"
    file.write_text(text, encoding="utf-8")
    assert gift.GiftSource().recognises(file) is is_gift
