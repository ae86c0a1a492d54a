"""What Canvas cannot hold, where it depends on values: what is told, what is refused, and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardforge import api
from cardforge.diagnostics import InvalidDeck, Loc
from cardforge.fidelity import Feature, Level
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html, Text
from cardforge_exporters.canvas import CanvasExporter
from tests.exporters.canvas.reading import questions

CANVAS = CanvasExporter()


def deck_of(*items: AnyItem | Section, title: str = "Deck") -> Deck:
    return Deck(id="d", title=title, items=items)


def losses(*items: AnyItem | Section, title: str = "Deck") -> list[tuple[Loc, Feature, Level]]:
    return [(loss.at[1:], loss.feature, loss.level) for loss in CANVAS.limits(deck_of(*items, title=title))]


def refusals(item: AnyItem | Section) -> list[tuple[str, Loc]]:
    return [(problem.code, problem.at) for problem in CANVAS.refuses(deck_of(item))]


# --- credit ------------------------------------------------------------------------------------


def choice(*credits: float | None, right: int = 1, multiple: bool | None = None) -> MultipleChoice:
    choices = (Choice(text=f"c{n}", correct=n < right, credit=credit) for n, credit in enumerate(credits))
    return MultipleChoice(stem="s", choices=tuple(choices), multiple=multiple)


@pytest.mark.parametrize(
    ("item", "lost"),
    [
        (choice(1, 0), []),
        (choice(0.5, 0), [0]),
        (choice(None, 0.5), [1]),
        (choice(0.5, 0.5, -0.5, right=2), []),
        (choice(0.33, 0.33, 0.33, -0.33, right=3), []),
        (choice(0.75, 0.25, 0, right=2), [0, 1, 2]),
    ],
)
def test_credit_that_canvas_does_not_give(item: MultipleChoice, lost: list[int]) -> None:
    credit = (Feature.CHOICE_CREDIT, Level.DROPPED)
    assert losses(item) == [((0, "choices", index, "credit"), *credit) for index in lost]


def test_several_right_choices_of_which_one_is_chosen() -> None:
    assert losses(choice(None, None, right=2, multiple=False)) == [((0,), Feature.MULTIPLE_CHOICE, Level.ADAPTED)]


def test_an_answer_with_a_part_of_the_credit_gives_all() -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="a"), Answer(text="b", credit=0.5)))
    assert losses(item) == [((0, "answers", 1), Feature.ANSWER_CREDIT, Level.DROPPED)]


@pytest.mark.parametrize(("feedback", "feature"), [(None, Feature.ANSWER_CREDIT), ("f", Feature.ANSWER_FEEDBACK)])
def test_an_answer_without_credit_is_left_out(feedback: str | None, feature: Feature) -> None:
    item = ShortAnswer(stem="s", answers=(Answer(text="a"), Answer(text="b", credit=0, feedback=feedback)))
    assert losses(item) == [((0, "answers", 1), feature, Level.DROPPED)]


# --- texts -------------------------------------------------------------------------------------


def matching(right: Text, *distractors: Text) -> Matching:
    return Matching(stem="s", pairs=(Pair(left="a", right=right), Pair(left="b", right="y")), distractors=distractors)


@pytest.mark.parametrize("right", ["*x*", "$x$", "$$x$$", "`x`", Html("<b>x</b>")])
def test_a_right_side_with_markup(right: Text) -> None:
    assert losses(matching(right)) == [((0, "pairs", 0, "right"), Feature.MATCHING, Level.ADAPTED)]


@pytest.mark.parametrize("right", ["x", "a < b", "AT&T", "\\(x\\)", "[x]"])
def test_a_right_side_without_markup(right: Text) -> None:
    assert losses(matching(right)) == []


def test_a_distractor_that_looks_like_a_right_side() -> None:
    found = losses(matching("x", "*y*"))
    assert found == [
        ((0, "distractors", 0), Feature.MATCHING, Level.ADAPTED),
        ((0, "distractors", 0), Feature.DISTRACTORS, Level.DROPPED),
    ]


def test_a_formula_to_be_typed() -> None:
    assert losses(Cloze(text="{{c1::$x^2$}}")) == [((0,), Feature.CLOZE, Level.ADAPTED)]


def test_a_number_with_many_digits() -> None:
    assert losses(Numeric(stem="s", answer="3.14159265358979323846")) == [
        ((0, "answer"), Feature.NUMERIC, Level.ADAPTED)
    ]


def test_a_number_with_few_digits() -> None:
    assert losses(Numeric(stem="s", answer="1e-7"), Numeric(stem="s", answer=".50")) == []


# --- sections ----------------------------------------------------------------------------------

STATEMENTS = tuple(TrueFalse(stem=stem, answer=True) for stem in "ab")


def test_a_group_shows_no_text() -> None:
    found = losses(Section(section="S", description="d", pick=1, items=STATEMENTS))
    assert found == [((0, "description"), Feature.SECTION_DESCRIPTION, Level.DROPPED)]


def test_a_section_inside_a_group() -> None:
    inside = Section(section="T", pick=1, items=STATEMENTS)
    assert losses(Section(section="S", pick=1, items=(inside,))) == [
        ((0, "items", 0, "section"), Feature.SECTIONS, Level.DROPPED),
        ((0, "items", 0, "pick"), Feature.PICK, Level.DROPPED),
    ]


def test_other_points_inside_a_group() -> None:
    items = (*STATEMENTS, TrueFalse(stem="c", answer=True, points=2))
    assert losses(Section(section="S", pick=1, items=items)) == [
        ((0, "items", 2, "points"), Feature.POINTS, Level.ADAPTED)
    ]


def test_more_to_draw_than_there_are() -> None:
    section = Section(section="S", pick=3, items=STATEMENTS)
    assert losses(section) == [((0, "pick"), Feature.PICK, Level.ADAPTED)]


def test_a_long_title_is_cut() -> None:
    deck = deck_of(*STATEMENTS, title="x" * 256)
    assert losses(*STATEMENTS, title="x" * 256) == [((), Feature.DESCRIPTION, Level.ADAPTED)]
    (assessment,) = questions(api.export(deck, "canvas", now=0).data).iter("{*}assessment")
    assert assessment.get("title") == "x" * 254 + "…"


def test_a_title_that_fits_is_not_cut() -> None:
    assert losses(*STATEMENTS, title="x" * 255) == []


# --- refusals ----------------------------------------------------------------------------------


PAIRS = tuple(Pair(left=f"left {n}", right=f"right {n}") for n in range(500))


@pytest.mark.parametrize(
    ("item", "at"),
    [
        (OpenPrompt(stem="x" * 16_385), ("items", 0, "stem")),
        (TrueFalse(stem="& " * 3_000, answer=True), ("items", 0, "stem")),
        (TrueFalse(stem="s", answer=True, hint=("x" * 16_384,)), ("items", 0, "stem")),
        (Flashcard(front="f", back="x" * 16_385, reversed=True), ("items", 0, "back")),
        (Cloze(text="{{c1::a}}" + "x" * 16_384), ("items", 0, "text")),
        (OpenPrompt(stem="```py\n" + "a=1\n" * 400 + "```"), ("items", 0, "stem")),
        (Section(section="S", description="x" * 16_384, items=STATEMENTS), ("items", 0, "description")),
        (Ordering(stem="s", steps=tuple(f"step {n}" for n in range(501))), ("items", 0, "steps")),
        (
            Matching(stem="s", pairs=PAIRS[:100], distractors=tuple(f"other {n}" for n in range(2_500))),
            ("items", 0, "pairs"),
        ),
    ],
)
def test_a_question_that_is_too_long(item: AnyItem | Section, at: Loc) -> None:
    assert refusals(item) == [("question-too-long", at)]


def test_a_question_that_just_fits() -> None:
    assert refusals(OpenPrompt(stem="x" * 16_384)) == []


def test_what_is_not_part_of_the_question_may_be_long() -> None:
    assert refusals(Flashcard(front="f", back="x" * 20_000)) == []


def test_a_number_that_is_too_large() -> None:
    assert refusals(Numeric(stem="s", answer="1e308", tolerance="1e308")) == [
        ("number-too-large", ("items", 0, "answer"))
    ]


def test_a_right_side_that_a_menu_cannot_show(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a")
    item = Matching(
        stem="s",
        pairs=(Pair(left="a", right="![](a.png)"), Pair(left="b", right="![seen](a.png)")),
        distractors=("![]( a.png )",),
    )
    problems = CANVAS.refuses(deck_of(item).with_media(tmp_path))
    places = [("items", 0, "pairs", 0, "right"), ("items", 0, "distractors", 0)]
    assert [(problem.code, problem.at) for problem in problems] == [("right-side-without-text", at) for at in places]


def test_menus_of_many_lines_are_taken_as_far_as_they_can_be_written() -> None:
    assert refusals(Matching(stem="s", pairs=PAIRS)) == []


def test_a_blank_that_nobody_can_type() -> None:
    assert refusals(Cloze(text="{{c1::![](a.png)}} b")) == [("blank-not-typed", ("items", 0, "text"))]


def test_a_refusal_names_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    path.write_text(f"title: T\nitems:\n- type: open_prompt\n  stem: {'x' * 17_000}\n", encoding="utf-8")
    with pytest.raises(InvalidDeck) as caught:
        api.plan(api.load(path), "canvas")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.span and (diagnostic.span.line, diagnostic.span.column)) == (
        "question-too-long",
        (4, 9),
    )


# --- notices -----------------------------------------------------------------------------------


def notices(*items: AnyItem) -> list[str]:
    return [notice.code for notice in api.export(deck_of(*items), "canvas", now=0).notices]


def test_missing_ids_are_told() -> None:
    assert notices(TrueFalse(stem="s", answer=True)) == ["ids-missing"]


def test_how_canvas_grades_several_choices_is_told() -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=True))
    assert notices(MultipleChoice(id="i", stem="s", choices=choices)) == ["canvas-grading"]


# --- the declaration ---------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"bank": True}, {"flashcards": "essay"}, {"shuffle": True}])
def test_every_feature_is_declared(options: dict[str, object]) -> None:
    assert CanvasExporter.model_validate(options).supports().keys() == set(Feature)


def test_shuffling_breaks_a_fixed_order() -> None:
    support = CanvasExporter(shuffle=True).supports()[Feature.FIXED_ORDER]
    assert support.level is Level.DROPPED


def test_the_docs_list_every_option() -> None:
    docs = Path(__file__).parents[3] / "docs" / "canvas.md"
    table = docs.read_text(encoding="utf-8").partition("| option | |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(CanvasExporter.model_fields)


def test_right_sides_that_read_alike_in_a_menu() -> None:
    item = Matching(stem="s", pairs=(Pair(left="a", right="x<sup>2</sup>"), Pair(left="b", right="x<sub>2</sub>")))
    assert refusals(item) == [("right-sides-alike", ("items", 0, "pairs", 1, "right"))]
