"""What becomes of each kind of item."""

from __future__ import annotations

from typing import Any

import pytest

from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html
from cardforge_exporters.moodle.fractions import even
from tests.exporters.moodle.moodle_reading import one, question_of, questions, written

CHOICES = (Choice(text="a", correct=True), Choice(text="b"))
PAIRS = (Pair(left="a", right="A"), Pair(left="b", right="B"))


def choice(*credits: float | None, right: int = 1, **fields: Any) -> MultipleChoice:
    choices = (Choice(text=f"c{n}", correct=n < right, credit=credit) for n, credit in enumerate(credits))
    return MultipleChoice(stem="s", choices=tuple(choices), **fields)


def fractions(item: AnyItem) -> list[str]:
    return [fraction for fraction, _, _ in question_of(item).answers]


# --- flashcards ----------------------------------------------------------------------------------


def test_a_flashcard_is_rated_by_the_learner() -> None:
    question = question_of(Flashcard(front="F", back="**B**"))
    assert question.type == "multichoice"
    assert question.stem == "F<details><summary>Show the answer</summary><div><strong>B</strong></div></details>"
    assert question.answers == [("100", "I knew it", ""), ("50", "Partly", ""), ("0", "Not yet", "")]
    assert question.feedback == "<div><strong>B</strong></div>"


def test_a_flashcards_hint_stands_before_its_back() -> None:
    stem = question_of(Flashcard(front="F", back="B", hint=("H",))).stem
    assert stem.index("H") < stem.index("B")


def test_a_rating_is_not_mixed() -> None:
    assert question_of(Flashcard(front="F", back="B")).text("shuffleanswers") == "false"


def test_a_reversed_flashcard_is_two_questions() -> None:
    there, back = questions(written(one(Flashcard(id="x", front="F", back="B", reversed=True))))
    assert (there.idnumber, there.name, back.idnumber, back.name) == ("x", "F", "x (reversed)", "B (reversed)")
    assert back.stem.startswith("B<details>")


def test_a_short_back_can_be_typed() -> None:
    question = question_of(Flashcard(front="F", back="B"), flashcards="shortanswer")
    assert (question.type, question.stem, question.answers) == ("shortanswer", "F", [("100", "B", "")])


@pytest.mark.parametrize("back", ["**B**", "word " * 20, Html("B")])
def test_a_back_that_is_no_short_line_is_rated(back: str | Html) -> None:
    assert question_of(Flashcard(front="F", back=back), flashcards="shortanswer").type == "multichoice"


# --- cloze ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "in_blank"),
    [
        ("Paris", "Paris"),
        ("&#125;", "&#125;"),
        ("~#", "&#126;&#35;"),
        ('"a/b"', "&#34;a&#47;b&#34;"),
        ("&amp;", "&#38;"),
        ("=", "&#61;"),
        ("two * B", "two &#92;&#42; B"),
        (r"\&#125;", "&#92;&#92;&#125;"),
        (r"\#", "&#92;&#92;&#35;"),
    ],
)
def test_an_answer_is_escaped_in_a_blank(answer: str, in_blank: str) -> None:
    question = question_of(Cloze(text=Html(f"It is {{{{c1::{answer}}}}}.")))
    assert question.stem == f"<div>It is {{1:SHORTANSWER:={in_blank}}}.</div>"


@pytest.mark.parametrize("text", ["{1:SHORTANSWER:=x}", "{:SA:=x}", "{#1}", "$x_{1:SA:=x}$"])
def test_the_authors_own_braces_are_no_blank(text: str) -> None:
    stem = question_of(Cloze(text=f"{text} {{{{c1::A}}}}")).stem
    assert stem.count("{1:") + stem.count("{:") + stem.count("{#") == 1


def test_a_hint_for_a_blank_stands_behind_it() -> None:
    assert question_of(Cloze(text="{{c1::A::a < b}}")).stem == "<div>{1:SHORTANSWER:=A} <em>(a &lt; b)</em></div>"


@pytest.mark.parametrize(("points", "weight"), [(1, "1"), (4, "2"), (3, "1"), (0, "1"), (0.5, "1")])
def test_points_are_shared_by_the_blanks_where_whole(points: float, weight: str) -> None:
    assert question_of(Cloze(text="{{c1::A}} {{c2::B}}", points=points)).stem.count(f"{{{weight}:") == 2


# --- choices -------------------------------------------------------------------------------------


def test_a_single_choice() -> None:
    question = question_of(choice(None, None, shuffle=False))
    assert [question.text(name) for name in ("single", "shuffleanswers", "answernumbering")] == ["true", "false", "abc"]
    assert question.answers == [("100", "c0", ""), ("0", "c1", "")]


def test_several_right_choices_share_the_points() -> None:
    assert fractions(choice(None, None, None, None, right=3)) == ["33.33333"] * 3 + ["0"]


def test_several_right_choices_of_which_one_is_chosen_give_all_points_each() -> None:
    assert fractions(choice(None, None, None, right=2, multiple=False)) == ["100", "100", "0"]


@pytest.mark.parametrize("count", range(1, 21))
def test_the_shares_of_all_right_choices_are_100_percent(count: int) -> None:
    assert sum(float(share) for share in even(count)) == pytest.approx(100, abs=1e-4)


def test_of_more_than_20_right_choices_any_20_are_enough() -> None:
    assert fractions(choice(*[None] * 25, right=25)) == ["5"] * 25


@pytest.mark.parametrize(
    ("credit", "share"), [(0.45, "50"), (0.34, "33.33333"), (-0.02, "0"), (-1, "-100"), (0.5, "50")]
)
def test_a_credit_goes_to_the_nearest_share(credit: float, share: str) -> None:
    assert fractions(choice(None, credit))[1] == share


def test_a_choices_feedback_stands_with_it() -> None:
    item = MultipleChoice(stem="s", choices=(Choice(text="a", correct=True, feedback="*f*"), Choice(text="b")))
    assert question_of(item).answers[0] == ("100", "a", "<em>f</em>")


def test_a_choice_that_shows_nothing_is_kept() -> None:
    item = MultipleChoice(stem="s", choices=(Choice(text="<!-- -->", correct=True), Choice(text="b")))
    assert question_of(item).answers[0][1] == "<span></span>"


@pytest.mark.parametrize(
    "item",
    [
        MultipleChoice(stem="s", choices=CHOICES, feedback_correct="R", feedback_incorrect="W"),
        Matching(stem="s", pairs=PAIRS, feedback_correct="R", feedback_incorrect="W"),
        Ordering(stem="s", steps=("a", "b"), feedback_correct="R", feedback_incorrect="W"),
    ],
)
def test_feedback_for_the_whole_item_is_combined_feedback(item: AnyItem) -> None:
    question = question_of(item)
    names = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    assert [question.text(name) for name in names] == ["R", "W", "W"]


def test_the_numbering_of_choices_can_be_set() -> None:
    assert question_of(choice(None, None), numbering="iii").text("answernumbering") == "iii"


# --- true or false -------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "order"), [(True, ["true", "false"]), (False, ["false", "true"])])
def test_true_or_false(answer: bool, order: list[str]) -> None:
    item = TrueFalse(stem="s", answer=answer, feedback_correct="R", feedback_incorrect="W")
    assert question_of(item).answers == [("100", order[0], "R"), ("0", order[1], "W")]


@pytest.mark.parametrize("item", [TrueFalse(stem="s", answer=True, hint=("H",)), OpenPrompt(stem="s", hint=("H",))])
def test_types_without_hints_have_them_in_the_text(item: AnyItem) -> None:
    question = question_of(item)
    assert question.hints == []
    assert question.stem == "s<details><summary>Hint</summary><div>H</div></details>"


# --- what is typed -------------------------------------------------------------------------------


def test_answers_to_be_typed_have_their_own_feedback_first() -> None:
    answers = (Answer(text="a", feedback="own"), Answer(text="b", credit=0.5, feedback="half"), Answer(text="c"))
    item = ShortAnswer(stem="s", answers=answers, feedback_correct="R", feedback_incorrect="W")
    assert question_of(item).answers == [
        ("100", "a", "<div>own</div><div>R</div>"),
        ("50", "b", "<div>half</div><div>W</div>"),
        ("100", "c", "R"),
        ("0", "*", "W"),
    ]


@pytest.mark.parametrize(
    ("typed", "pattern"), [("a*b", r"a\*b"), (r"a\*", r"a\\*"), ("a < b", "a < b"), ("a]]>b", "a]]>b")]
)
def test_an_answer_to_be_typed_is_no_pattern(typed: str, pattern: str) -> None:
    assert question_of(ShortAnswer(stem="s", answers=(Answer(text=typed),))).answers == [("100", pattern, "")]


def test_the_best_answer_has_all_points_for_moodle_wants_one_that_has() -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="a", credit=0.2), Answer(text="b", credit=0.5)))
    assert fractions(item) == ["20", "100"]


@pytest.mark.parametrize(("sensitive", "flag"), [(True, "1"), (False, "0")])
def test_case(sensitive: bool, flag: str) -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="a"),), case_sensitive=sensitive)
    assert question_of(item).text("usecase") == flag


@pytest.mark.parametrize(
    ("item", "answer", "tolerance"),
    [
        (Numeric(stem="s", answer="3.10"), "3.1", "0"),
        (Numeric(stem="s", answer="017", tolerance=".5"), "17", "0.5"),
        (Numeric(stem="s", answer="-40", tolerance_percent="1"), "-40", "0.4"),
        (Numeric(stem="s", answer="1e30"), "1E+30", "0"),
    ],
)
def test_a_number_and_its_tolerance(item: Numeric, answer: str, tolerance: str) -> None:
    question = question_of(item)
    assert (question.answers, question.text("answer/tolerance")) == ([("100", answer, "")], tolerance)


def test_a_number_that_is_wrong_gets_the_feedback_for_wrong() -> None:
    item = Numeric(stem="s", answer="1", feedback_correct="R", feedback_incorrect="W")
    assert question_of(item).answers == [("100", "1", "R"), ("0", "*", "W")]


def test_a_unit_is_said_and_may_be_typed() -> None:
    question = question_of(Numeric(stem="s", answer="1", unit="m/s"))
    assert question.stem == "s<p>Unit: m/s</p>"
    assert (question.text("units/unit/unit_name"), question.text("showunits")) == ("m/s", "0")


@pytest.mark.parametrize("unit", ["10^3 m", "e5 m", "x10 m", "a,b", "m.s", "*", "u" * 51, "<b>"])
def test_a_unit_that_moodle_would_misread_is_only_said(unit: str) -> None:
    question = question_of(Numeric(stem="s", answer="1", unit=unit))
    assert (question.element.find("units"), question.text("showunits")) == (None, "3")


# --- matching and ordering -----------------------------------------------------------------------


def test_pairs_and_distractors() -> None:
    question = question_of(Matching(stem="s", pairs=PAIRS, distractors=("C", "C")))
    assert question.pairs == [("a", "A"), ("b", "B"), ("", "C")]


def test_right_sides_are_plain_lines() -> None:
    pairs = (Pair(left="*a*", right="**A** < 1"), Pair(left="b", right="B"))
    assert question_of(Matching(stem="s", pairs=pairs)).pairs == [("<em>a</em>", "A &lt; 1"), ("b", "B")]


@pytest.mark.parametrize("right", ["$x$", "w" * 256, "**B**", "| a |\n|---|\n| b |", "```\na\nb\n```", "<!-- -->"])
def test_right_sides_that_are_no_lines_are_listed_and_numbered(right: str) -> None:
    pairs = (Pair(left="a", right=right), Pair(left="b", right="B"))
    question = question_of(Matching(stem="s", pairs=pairs))
    assert sorted(number for _, number in question.pairs) == ["1", "2"]
    assert question.stem.startswith("s<ol><li>")


def test_a_left_side_that_shows_nothing_is_no_distractor() -> None:
    pairs = (Pair(left="<!-- -->", right="A"), Pair(left="b", right="B"))
    assert question_of(Matching(stem="s", pairs=pairs)).pairs[0] == ("<span></span>", "A")


def test_steps_are_all_asked_for() -> None:
    question = question_of(Ordering(stem="s", steps=("a", "b", "c")))
    assert [text for _, text, _ in question.answers] == ["a", "b", "c"]
    assert [question.text(name) for name in ("selecttype", "selectcount", "shownumcorrect")] == ["ALL", "3", "0"]


def test_steps_that_look_the_same_differ() -> None:
    steps = ("*a*", "_a_", Html("<p><em>a</em></p>"))
    texts = [text for _, text, _ in question_of(Ordering(stem="s", steps=steps)).answers]
    assert texts == ["<em>a</em>", "<em>a</em><span></span>", "<p><em>a</em></p><span></span><span></span>"]


# --- open prompts --------------------------------------------------------------------------------

PROMPT = OpenPrompt(id="x", stem="s", concepts=(Concept(text="one"), Concept(text="two", points=3)), model_answer="M")


def test_concepts_are_shown_to_learner_and_grader() -> None:
    question = question_of(PROMPT)
    concepts = "<p><strong>A good answer mentions</strong></p><ul><li>one</li><li>two (3 points)</li></ul>"
    assert question.text("graderinfo") == concepts
    assert question.feedback.endswith(f"<div>{concepts}</div>") and "M" in question.feedback


def test_a_number_of_concepts_is_said() -> None:
    assert (
        question_of(OpenPrompt(stem="s", concept_count=2)).text("graderinfo")
        == "<p>A good answer mentions 2 concepts.</p>"
    )


def test_a_self_check_asks_which_concepts_were_covered() -> None:
    _, check = questions(written(one(PROMPT), self_check=True))
    assert (check.idnumber, check.name, check.text("single")) == ("x (self-check)", "s (self-check)", "false")
    assert check.answers == [("25", "one", ""), ("75", "two", ""), ("0", "None of these", "")]


def test_concept_points_that_moodle_has_no_shares_for_are_even() -> None:
    item = OpenPrompt(stem="s", concepts=(Concept(text="a"), Concept(text="b", points=1.7)))
    _, check = questions(written(one(item), self_check=True))
    assert [share for share, _, _ in check.answers] == ["50", "50", "0"]


# --- what all have -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        MultipleChoice(stem="s", choices=CHOICES, hint=("one", "*two*")),
        ShortAnswer(stem="s", answers=(Answer(text="a"),), hint=("one", "*two*")),
        Numeric(stem="s", answer="1", hint=("one", "*two*")),
        Matching(stem="s", pairs=PAIRS, hint=("one", "*two*")),
        Ordering(stem="s", steps=("a", "b"), hint=("one", "*two*")),
        Cloze(text="{{c1::a}}", hint=("one", "*two*")),
    ],
)
def test_hints(item: AnyItem) -> None:
    assert question_of(item).hints == ["one", "<em>two</em>"]


def test_a_hint_without_words_is_not_empty_for_moodle() -> None:
    item = Numeric(stem="s", answer="1", hint=("<!-- -->",))
    assert question_of(item).hints == ["<p>Hint</p>"]


def test_just_0_is_not_empty_for_php() -> None:
    assert question_of(Numeric(stem="s", answer="1", explanation="0")).feedback == "<p>0</p>"


def test_explanation_and_source_are_general_feedback() -> None:
    feedback = question_of(Numeric(stem="s", answer="1", explanation="E", source="S")).feedback
    assert feedback == "<div>E</div><div><p><strong>Source</strong></p><div>S</div></div>"


@pytest.mark.parametrize(
    ("points", "grade"), [(1, "1"), (0, "0"), (2.5, "2.5"), (1 / 3, "0.3333333"), (1e16, "99999"), (10, "10")]
)
def test_points(points: float, grade: str) -> None:
    assert question_of(Numeric(stem="s", answer="1", points=points)).text("defaultgrade") == grade


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        (("a", "b c"), ["a", "b c"]),
        (("a", "A"), ["a"]),
        (("<i>", "0", "``"), ["i"]),
        (("&",), ["&"]),
        (("t" * 300,), ["t" * 255]),
        (("a  b",), ["a b"]),
    ],
)
def test_tags(tags: tuple[str, ...], kept: list[str]) -> None:
    assert question_of(Numeric(stem="s", answer="1", tags=tags)).tags == kept


def test_a_question_without_tags_has_no_element_for_them() -> None:
    assert question_of(Numeric(stem="s", answer="1", tags=("<>",))).element.find("tags") is None


def test_a_level_is_a_tag() -> None:
    assert question_of(Numeric(stem="s", answer="1", level="beginner")).tags == ["level:beginner"]


@pytest.mark.parametrize(
    ("stem", "name"), [("a&lt;b and c>d", "a&lt;b and c>d"), ("x &lt; y", "x &lt; y"), ("*a* & b", "a & b")]
)
def test_a_name_survives_that_moodle_strips_tags(stem: str, name: str) -> None:
    assert question_of(Numeric(stem=stem, answer="1")).name == name


def test_of_answers_that_differ_in_case_only_the_better_one_counts() -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="Cat", credit=0.5), Answer(text="cat")))
    assert fractions(item) == ["100", "50"]
