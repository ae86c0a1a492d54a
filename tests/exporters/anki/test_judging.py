"""The script that judges answers, beside a reference in Python that goes by the items themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)
from cardforge_exporters import judging, quiz
from tests.strategies import (
    clozes,
    flashcards,
    matchings,
    multiple_choices,
    numerics,
    open_prompts,
    orderings,
    short_answers,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Each example asks the browser.
few = settings(max_examples=40)
Judge = Callable[[AnyItem, object], dict[str, Any]]


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Judge]:
    """`judge` of judge.js, for an item and a response."""
    page = browser.new_page()
    page.add_script_tag(content=judging.script())

    def judged(item: AnyItem, response: object) -> dict[str, Any]:
        key = judging.embedded(judging.key(item))
        found: dict[str, Any] = page.evaluate("([key, response]) => judge(JSON.parse(key), response)", [key, response])
        return found

    yield judged
    page.close()


def clamped(share: float) -> float:
    return min(1.0, max(0.0, share))


# --- choices --------------------------------------------------------------------------------------


@few
@given(item=multiple_choices(), data=st.data())
def test_choices(item: MultipleChoice, data: st.DataObject, judge: Judge) -> None:
    indexes = st.integers(0, len(item.choices) - 1)
    chosen = data.draw(st.lists(indexes, unique=True, max_size=None if item.is_multiple else 1))
    choices = [item.choices[index] for index in chosen]
    result = judge(item, chosen)
    assert result["share"] == pytest.approx(clamped(sum(item.credit_of(choice) for choice in choices)))
    if item.is_multiple:
        assert result["right"] == (set(chosen) == {i for i, choice in enumerate(item.choices) if choice.correct})
    else:
        assert result["right"] == (len(choices) == 1 and choices[0].correct)


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("chosen", [True, False])
def test_true_and_false(answer: bool, chosen: bool, judge: Judge) -> None:
    result = judge(TrueFalse(stem="s", answer=answer), [0 if chosen else 1])
    assert result == {"share": float(answer == chosen), "right": answer == chosen}


def test_all_points_are_not_all_right(judge: Judge) -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=True), Choice(text="c"))
    assert judge(MultipleChoice(stem="s", choices=choices), [0, 1, 2]) == {"share": 1, "right": False}


# --- texts ----------------------------------------------------------------------------------------

JS_SPACE = "[\\s\ufeff]+"


def folded(text: str, case_sensitive: bool) -> str:
    text = normalize("NFC", text).translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))
    text = re.sub(JS_SPACE, " ", text).strip(" ")
    return text if case_sensitive else normalize("NFC", text.upper().lower())


HABITS: list[Callable[[str], str]] = [
    *(str.upper, str.lower, str.swapcase, lambda text: f"  {text}\t", lambda text: text.replace(" ", "  ")),
    *(lambda text: normalize("NFD", text), lambda text: text.replace("'", "\u2019"), lambda text: text + "x", str),
]


@few
@given(item=short_answers(), data=st.data())
def test_typed_texts(item: ShortAnswer, data: st.DataObject, judge: Judge) -> None:
    typed = data.draw(st.sampled_from([answer.text for answer in item.answers]))
    typed = data.draw(st.sampled_from(HABITS))(typed)
    credits = {
        answer.credit: index
        for index, answer in reversed(list(enumerate(item.answers)))
        if folded(answer.text, item.case_sensitive) == folded(typed, item.case_sensitive)
    }
    best = max(credits, default=0)
    assert judge(item, typed) == {"share": best, "right": best == 1, "answer": credits.get(best, -1)}


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        ("Straße", "STRASSE"),
        ("naïve", "nai\u0308ve"),
        ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
        ("it's", "It\u2019s"),
        ("two words", " two\u00a0  words "),
    ],
)
def test_a_text_that_a_person_takes_for_the_same_is_right(answer: str, typed: str, judge: Judge) -> None:
    assert judge(ShortAnswer(stem="s", answers=(Answer(text=answer),)), typed)["right"]


@pytest.mark.parametrize("typed", ["paris", "PARIS", "Par is", "Paris.", "", "P*"])
def test_another_text_is_wrong(typed: str, judge: Judge) -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="Paris"),), case_sensitive=True)
    assert judge(item, typed) == {"share": 0, "right": False, "answer": -1}


# --- numbers --------------------------------------------------------------------------------------

SMALL = Decimal("1e-30")
WRITTEN: list[Callable[[Decimal], str]] = [
    *(str, lambda number: f"{number:f}", lambda number: f"{number:E}", lambda number: f" {number:f} "),
    *(lambda number: f"{number:f}".replace("-", "\u2212"), lambda number: f"{number:E}".replace("E", " × 10^")),
]


@few
@given(item=numerics(), data=st.data())
def test_numbers_are_compared_exactly(item: Numeric, data: st.DataObject, judge: Judge) -> None:
    least, greatest = quiz.bounds(item)
    value = data.draw(st.sampled_from([least, greatest, least - SMALL, greatest + SMALL, least + 1, Decimal(7)]))
    typed = data.draw(st.sampled_from(WRITTEN))(value)
    assume(Decimal(typed.strip().replace("\u2212", "-").replace(" × 10^", "E")) == value)
    right = least <= value <= greatest
    assert judge(item, typed) == {"share": float(right), "right": right}


@pytest.mark.parametrize(
    "typed",
    [
        *("1500.5", "1,500.5", "1 500.5", "1\u00a0500.5", "1'500.5", "1.500,5", "1500,5", "+1500.5", "1500.50"),
        *("1.5005e3", "15005E-1", "1.5005 x 10^3", "1,5005*10^3", "0.015005·10^5", "１５００．５"),
        *("1500.5 m/s²", "1500.5m/s2", "1500.5 m / s^2", "m/s² 1500.5", "1.5005e3m/s²"),
    ],
)
def test_a_number_may_be_written_in_many_ways(typed: str, judge: Judge) -> None:
    assert judge(Numeric(stem="s", answer="1500.5", unit="m/s²"), typed)["right"]


@pytest.mark.parametrize(
    "typed", ["", ".", ",", "-", "e3", "1e", "1500.5 m", "1500.5 M/s²", "15005", "1500.5.0", "1500.5 or 3", "١٥٠٠"]
)
def test_what_is_no_such_number_is_wrong(typed: str, judge: Judge) -> None:
    assert judge(Numeric(stem="s", answer="1500.5", unit="m/s²"), typed) == {"share": 0, "right": False}


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        *(("10^3 m", "3 10^3 m"), ("10^3 m", "3·10^3 m"), ("10^3 m", "3"), ("x10^3 m", "3 x10^3 m")),
        *(
            ("'", "3'"),
            ("'", "3 \u2019"),
            ("\u2019", "3'"),
            ("''", "3''"),
            ("1/s", "3 1/s"),
            ("kg\u2013m", "3 kg\u2013m"),
        ),
    ],
)
def test_a_number_may_be_typed_with_its_unit_as_it_is_shown(unit: str, typed: str, judge: Judge) -> None:
    assert judge(Numeric(stem="s", answer="3", unit=unit), typed)["right"]


@pytest.mark.parametrize(
    ("unit", "typed"), [("1/s", "31/s"), ("5", "35"), ("10^3 m", "3 m"), ("m", "3 m m"), ("m", "3 10^3 m"), ("'", "'")]
)
def test_a_number_with_another_unit_is_wrong(unit: str, typed: str, judge: Judge) -> None:
    assert not judge(Numeric(stem="s", answer="3", unit=unit), typed)["right"]


@pytest.mark.parametrize("answer", ["1500", "1.5"])
def test_a_comma_that_may_mean_either_is_right_as_either(answer: str, judge: Judge) -> None:
    assert judge(Numeric(stem="s", answer=answer), "1,500")["right"]


# --- parts ----------------------------------------------------------------------------------------


@few
@given(item=matchings(), data=st.data())
def test_pairs(item: Matching, data: st.DataObject, judge: Judge) -> None:
    offered = item.offered
    given_ = [data.draw(st.none() | st.integers(0, len(offered) - 1)) for _ in item.pairs]
    marks = [i is not None and offered[i] == pair.right for i, pair in zip(given_, item.pairs, strict=True)]
    assert judge(item, given_) == of_marks(marks)


def of_marks(marks: list[bool]) -> dict[str, Any]:
    return {"marks": marks, "right": all(marks), "share": pytest.approx(sum(marks) / len(marks))}


def test_two_pairs_may_share_a_right_side(judge: Judge) -> None:
    pairs = (Pair(left="whale", right="mammal"), Pair(left="bat", right="mammal"), Pair(left="owl", right="bird"))
    item = Matching(stem="s", pairs=pairs, distractors=("fish",))
    assert item.offered == ("mammal", "bird", "fish")
    assert judge(item, [0, 0, 1])["right"]


@few
@given(item=orderings(), data=st.data())
def test_steps(item: Ordering, data: st.DataObject, judge: Judge) -> None:
    order = data.draw(st.permutations(range(len(item.steps))))
    assert judge(item, order) == of_marks([index == place for place, index in enumerate(order)])


def test_steps_that_were_not_all_placed_are_partly_right(judge: Judge) -> None:
    assert judge(Ordering(stem="s", steps=("a", "b")), [0]) == of_marks([True, False])


@few
@given(item=clozes(), data=st.data())
def test_blanks(item: Cloze, data: st.DataObject, judge: Judge) -> None:
    key = judging.key(item)
    assert key is not None
    answers = list(zip(key["answers"], key["formulas"], strict=True))
    typed = [data.draw(st.sampled_from(["{}", " {} ", "{}x"])).format(answer) for answer, _ in answers]
    assert judge(item, typed) == of_marks(
        [not text.endswith("x") or text == a for text, (a, _) in zip(typed, answers, strict=True)]
    )


def test_spaces_mean_nothing_in_a_formula_and_case_does(judge: Judge) -> None:
    item = Cloze(text="{{c1::$E = mc^2$}} and {{c2::Words}}")
    assert judge(item, ["$E=mc^2$", "words"])["marks"] == [True, True]
    assert judge(item, ["e=mc^2"])["marks"] == [False, False]


@few
@given(item=open_prompts(), data=st.data())
def test_concepts(item: OpenPrompt, data: st.DataObject, judge: Judge) -> None:
    points = [concept.points for concept in item.concepts] or [1.0] * (item.concept_count or 0)
    assume(points)
    ticked = data.draw(st.lists(st.integers(0, len(points) - 1), unique=True))
    result = judge(item, ticked)
    total, got = sum(points), sum(points[index] for index in ticked)
    assert (result["got"], result["of"], result["right"]) == (len(ticked), len(points), len(ticked) == len(points))
    assert result["points"] == pytest.approx(got) and result["total"] == pytest.approx(total)
    assert result["share"] == pytest.approx(clamped(got / total if total else len(ticked) / len(points)))


@given(flashcards())
def test_only_the_learner_can_judge_a_flashcard(item: AnyItem) -> None:
    assert judging.key(item) is None


def test_a_prompt_of_which_no_concepts_are_known_has_no_key() -> None:
    assert judging.key(OpenPrompt(stem="s")) is None
    assert judging.key(OpenPrompt(stem="s", concepts=(Concept(text="a"),))) == {"kind": "concepts", "points": [1.0]}


# --- the files ------------------------------------------------------------------------------------


@given(st.text())
def test_what_is_embedded_ends_no_script_and_reads_back(text: str) -> None:
    made = judging.embedded({"answers": [text]})
    assert not set("<>&\u2028\u2029") & set(made)
    assert json.loads(made) == {"answers": [text]}
