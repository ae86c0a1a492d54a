"""What is refused, and what is said to arrive in another form."""

from __future__ import annotations

from typing import Any

import pytest

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.fidelity import Feature, Level, adapted
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
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge_exporters.moodle import MoodleExporter
from tests.exporters.moodle.moodle_reading import codes, losses, one


def numeric(**fields: Any) -> Numeric:
    return Numeric(**({"stem": "s", "answer": "1"} | fields))


def choices(*credits: float | None, right: int = 1, **fields: Any) -> MultipleChoice:
    made = (Choice(text=f"c{n}", correct=n < right, credit=credit) for n, credit in enumerate(credits))
    return MultipleChoice(stem="s", choices=tuple(made), **fields)


def test_every_feature_is_declared() -> None:
    assert set(MoodleExporter.capabilities) == set(Feature)


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ({}, "the back opens on a click, and the learner rates how well it was known"),
        ({"flashcards": "glossary"}, "an entry of a glossary, in a file of its own"),
        ({"flashcards": "shortanswer"}, "the learner types the back"),
    ],
)
def test_every_form_of_flashcards_is_declared(options: dict[str, Any], how: str) -> None:
    assert MoodleExporter(**options).supports()[Feature.FLASHCARD] == adapted(how)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (numeric(answer="1e309"), "number-too-large"),
        (numeric(answer="1", tolerance="1e309"), "number-too-large"),
        (Cloze(text='{{c1::<img src="a.png">}}'), "blank-not-typed"),
    ],
)
def test_what_moodle_cannot_hold_is_refused(item: AnyItem, code: str) -> None:
    assert codes(one(item)) == [code]


def test_a_refusal_points_at_the_field() -> None:
    with pytest.raises(InvalidDeck, match=r"items\[0\]\.answer: the number is too large"):
        api.export(one(numeric(answer="1e309")), "moodle")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (choices(None, 0.45), "choice credit: choice 2: 45 % becomes 50 %"),
        (choices(0.5, None), "choice credit: the best response gets 50 % of the points, never all"),
        (
            choices(*[None] * 13, right=13),
            "choice credit: 7 right choices count 10 % and 6 count 5 %: Moodle knows no share of 1/13",
        ),
        (
            choices(*[None] * 21, right=21),
            "choice credit: any 20 of the 21 right choices give all points: Moodle knows no share below 5 %",
        ),
        (
            ShortAnswer(stem="s", answers=(Answer(text="a"), Answer(text="b", credit=0.45))),
            "answer credit: 'b': 45 % becomes 50 %",
        ),
        (ShortAnswer(stem="s", answers=(Answer(text="a", credit=0.5),)), "answer credit: 'a': 50 % becomes 100 %"),
        (
            numeric(answer="3.14159265358979323846"),
            "numeric: 3.14159265358979323846 becomes 3.1415926535898: Moodle counts with 14 digits",
        ),
        (
            numeric(unit="10^3 m"),
            "unit: '10^3 m' cannot be told from a number, so that answers are typed without it",
        ),
        (numeric(points=1e6), "points: 1e+06 becomes 99999"),
        (numeric(points=1e-9), "points: 1e-09 becomes 0"),
        (Cloze(text="{{c1::a}} {{c2::b}}"), "points: 2 instead of 1: each blank counts whole points in Moodle"),
        (Cloze(text="{{c1::a::h}}"), "cloze: the hint of a blank stands behind it"),
        (Cloze(text="{{c1::$x$}}"), "cloze: the answer 'x' has to be typed as LaTeX"),
        (
            Matching(stem="s", pairs=(Pair(left="a", right="**A**"), Pair(left="b", right="B"))),
            "matching: right sides as plain text, without their formatting",
        ),
        (
            Matching(stem="s", pairs=(Pair(left="a", right="$A$"), Pair(left="b", right="B"))),
            "matching: the question's text lists the right sides, and its menus offer their numbers (they hold short lines)",
        ),
        (numeric(tags=("<>",)), "tags: '<>' is left out: Moodle keeps nothing of it"),
        (numeric(tags=("a", "A")), "tags: 'A' is left out: to Moodle it is 'a'"),
        (numeric(tags=("a`b",)), "tags: 'a`b' becomes 'ab'"),
        (
            TrueFalse(stem="s", answer=True, hint=("h",)),
            "hint: to be opened in the question's text: Moodle has no hints for questions of this type",
        ),
    ],
)
def test_what_arrives_in_another_form_is_said(item: AnyItem, said: str) -> None:
    assert losses(one(item)) == [said]


@pytest.mark.parametrize(
    "item",
    [
        choices(None, None),
        choices(*[None] * 11, right=10),
        choices(*[None] * 21, right=20),
        choices(None, 1 / 3),
        choices(0.4, 0.6, right=2),
        Cloze(text="{{c1::a}}"),
        Cloze(text="{{c1::a}} {{c2::b}}", points=2),
        numeric(answer="3.10", unit="m/s", points=1 / 3, tags=("a b",), hint=("h",)),
        ShortAnswer(stem="s", answers=(Answer(text="a"), Answer(text="b", credit=0.5))),
        Matching(stem="s", pairs=(Pair(left="**a**", right="A"), Pair(left="b", right="B"))),
    ],
)
def test_what_arrives_whole_is_not_mentioned(item: AnyItem) -> None:
    assert losses(one(item)) == []


@pytest.mark.parametrize(
    ("item", "options"),
    [
        (numeric(tags=("<>",)), {}),
        (numeric(tags=("a", "A")), {}),
        (Flashcard(front="F", back="B", points=2), {"flashcards": "glossary"}),
    ],
)
def test_what_is_left_out_is_dropped(item: AnyItem, options: dict[str, Any]) -> None:
    assert [loss.level for loss in MoodleExporter(**options).limits(one(item))] == [Level.DROPPED]


def test_a_changed_idnumber_is_said() -> None:
    (said,) = losses(one(numeric(id="x" * 150)))
    assert said.startswith("numeric: its idnumber is 'xxx")


def test_sections_that_become_one_category_are_said() -> None:
    deck = one(*(Section(section="S", items=(numeric(stem=stem),)) for stem in "ab"))
    assert losses(deck) == ["sections: the sections called 'S' become one category"]


def test_a_category_with_another_name_is_said() -> None:
    assert losses(one(Section(section="top", items=(numeric(),)))) == ["sections: the category is called 'Top'"]


@pytest.mark.parametrize(
    ("item", "options", "said"),
    [
        (
            Flashcard(front="F", back="**B**"),
            {"flashcards": "shortanswer"},
            ["flashcard: rated by the learner: its back is no line of plain text of up to 60 characters"],
        ),
        (Flashcard(front="F", back="B", hint=("h",)), {"flashcards": "shortanswer"}, []),
        (Flashcard(front="F", back="3 < 4 & 5"), {"flashcards": "shortanswer"}, []),
        (
            Flashcard(front="A **bold** one", back="plain", reversed=True, hint=("h",)),
            {"flashcards": "shortanswer"},
            [
                "reversed: as a second question, rated by the learner: "
                + "the front is no line of plain text of up to 60 characters",
                "hint: in the second question to be opened in its text: Moodle has no hints for questions of this type",
            ],
        ),
        (
            Flashcard(front="F", back="B", points=2),
            {"flashcards": "glossary"},
            ["points: a glossary has no points"],
        ),
        (
            Flashcard(front="*F*", back="B"),
            {"flashcards": "glossary"},
            ["flashcard: the front stands whole in the definition, and as plain text in the concept"],
        ),
        (
            OpenPrompt(stem="s", concepts=(Concept(text="a"), Concept(text="b", points=1.7))),
            {"self_check": True},
            ["concept points: in the self-check: 50 %, 50 %"],
        ),
    ],
)
def test_what_an_option_changes_is_said(item: AnyItem, options: dict[str, Any], said: list[str]) -> None:
    assert losses(one(item), **options) == said


def test_what_a_glossary_alone_cannot_say_of_sections_is_said() -> None:
    section = Section(section="S", description="D", pick=1, items=(Flashcard(front="F", back="B"),))
    assert losses(one(section), flashcards="glossary") == [
        "section description: categories of a glossary have none",
        "drawing items at random: categories of a glossary have none",
    ]


def test_a_glossary_has_no_place_for_the_decks_id() -> None:
    card = Flashcard(front="f", back="b")
    assert losses(one(card, id="my-deck"), flashcards="glossary") == ["id of the deck: a glossary has no place for it"]


def test_choices_that_show_the_same_are_refused() -> None:
    item = MultipleChoice(stem="s", choices=(Choice(text="*a*", correct=True), Choice(text="_a_")))
    assert codes(one(item)) == ["shown-alike"]
