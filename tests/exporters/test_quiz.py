"""What all quizzes say of an item in the same way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from cardforge.model import AnyItem, Cloze, Concept, Flashcard, Numeric, OpenPrompt, TrueFalse
from cardforge.text import Html, Text, render
from cardforge_exporters import quiz
from cardforge_exporters.lms_markup import DIALECT
from tests.strategies import items, numerics


def html(text: Text) -> str:
    return render(text, DIALECT)


@given(items())
def test_every_item_has_a_title_of_one_line_within_the_limit(item: AnyItem) -> None:
    title = quiz.title(item, 60)
    assert title and len(title) <= 60 and title == " ".join(title.split())


def test_a_title_has_no_markup_and_does_not_tell_the_answer() -> None:
    assert quiz.title(Cloze(text="The **{{c1::heart}}** pumps")) == "The […] pumps"


def test_a_long_title_is_shortened() -> None:
    assert quiz.title(Flashcard(front="word " * 40, back="b"), 12) == "word word w…"


def test_an_item_that_shows_only_an_image_is_named_by_its_kind() -> None:
    assert quiz.title(TrueFalse(stem=Html('<img src="a.png" />'), answer=True)) == "True false"


def test_hints_open_on_a_click() -> None:
    item = TrueFalse(stem="s", answer=True, hint=("one", "*two*"))
    assert quiz.hints(item, html) == (
        "<details><summary>Hint 1</summary><div>one</div></details>"
        "<details><summary>Hint 2</summary><div><em>two</em></div></details>"
    )


def test_after_an_open_prompt_stands_what_a_good_answer_says() -> None:
    item = OpenPrompt(
        stem="s",
        model_answer="m",
        concepts=(Concept(text="a"), Concept(text="b", points=2)),
        explanation="e",
        source="x",
    )
    assert quiz.general_feedback(item, html) == (
        "<div><p><strong>Model answer</strong></p><div>m</div></div>"
        "<div><p><strong>A good answer mentions</strong></p><ul><li>a</li><li>b (2 points)</li></ul></div>"
        "<div>e</div>"
        "<div><p><strong>Source</strong></p><div>x</div></div>"
    )


def test_when_only_their_number_is_known_the_concepts_are_counted() -> None:
    item = OpenPrompt(stem="s", concept_count=4)
    assert quiz.general_feedback(item, html) == "<div><p>A good answer mentions 4 concepts.</p></div>"


def test_without_anything_to_say_the_feedback_is_empty() -> None:
    assert quiz.general_feedback(TrueFalse(stem="s", answer=True), html) == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("0.1", "0.1")),
        ({"tolerance": "0.02"}, ("0.08", "0.12")),
        ({"tolerance_percent": "10"}, ("0.09", "0.11")),
    ],
)
def test_bounds_are_exact(fields: dict[str, str], expected: tuple[str, str]) -> None:
    item = Numeric(stem="s", answer="0.1", **fields)  # type: ignore[arg-type]
    assert quiz.bounds(item) == (Decimal(expected[0]), Decimal(expected[1]))


def test_the_percentage_of_a_negative_answer_is_no_negative_tolerance() -> None:
    assert quiz.margin(Numeric(stem="s", answer="-40", tolerance_percent="5")) == Decimal(2)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0.00", "0"), ("100", "100"), ("1.50", "1.5"), ("-0.00001", "-0.00001"), ("1e30", "1E+30"), ("1e-30", "1E-30")],
)
def test_decimals_are_written_as_programs_read_them(number: str, expected: str) -> None:
    assert quiz.decimal(Decimal(number)) == expected


@given(numerics())
def test_a_decimal_that_is_written_is_the_same_number(item: Numeric) -> None:
    assert Decimal(quiz.decimal(Decimal(item.answer))) == Decimal(item.answer)
