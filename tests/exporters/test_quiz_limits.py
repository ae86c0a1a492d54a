"""What every quiz loses in the same way, and which items no quiz can ask."""

from __future__ import annotations

import pytest

from cardforge.diagnostics import Loc
from cardforge.fidelity import NATIVE, Feature, adapted, dropped
from cardforge.model import (
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    Section,
)
from cardforge.text import Html, Text, render
from cardforge_exporters import quiz_limits
from cardforge_exporters.lms_markup import DIALECT

CAPABILITIES = dict.fromkeys(Feature, NATIVE) | {Feature.AUDIO: adapted("a link")}


def show(text: Text) -> str:
    return render(text, DIALECT)


def deck(*nodes: AnyItem | Section, **fields: object) -> Deck:
    return Deck(title="T", items=nodes, **fields)  # type: ignore[arg-type]


def losses(item: AnyItem) -> list[tuple[Feature, str]]:
    return [(loss.feature, loss.how) for loss in quiz_limits.losses(deck(item), CAPABILITIES, show)]


def alike(item: AnyItem) -> list[tuple[object, ...]]:
    return [problem.at[2:] for problem in quiz_limits.shown_alike(deck(item), show)]


def choices(*texts: Text) -> MultipleChoice:
    return MultipleChoice(stem="s", choices=tuple(Choice(text=t, correct=i == 0) for i, t in enumerate(texts)))


def matching(rights: tuple[Text, ...], distractors: tuple[Text, ...] = ()) -> Matching:
    pairs = tuple(Pair(left=f"left {n}", right=right) for n, right in enumerate(rights))
    return Matching(stem="s", pairs=pairs, distractors=distractors)


# --- losses --------------------------------------------------------------------------------------


def test_a_tolerance_in_percent_is_told_with_what_it_becomes() -> None:
    (loss,) = losses(Numeric(stem="s", answer="-20", tolerance_percent="5"))
    assert loss == (Feature.TOLERANCE, "5 % of the answer is written as a tolerance of 1")


@pytest.mark.parametrize("text", ["{{c1::*a*}}", "{{c1::a::`b`}}", Html("{{c1::<b>a</b>}}")])
def test_formatting_in_a_blank_is_told(text: Text) -> None:
    assert losses(Cloze(text=text)) == [(Feature.CLOZE, quiz_limits.PLAIN_BLANKS)]


@pytest.mark.parametrize("text", ["{{c1::a}} *b*", "{{c1::a < b & c}}", "{{c1::1. May}}", "{{c1::$x^2$}}", "{{c1::-}}"])
def test_a_blank_without_formatting_is_not(text: str) -> None:
    assert losses(Cloze(text=text)) == []


def test_the_words_of_a_player_are_told_besides_what_becomes_of_every_player() -> None:
    (loss,) = losses(Flashcard(front="![a beep](beep.mp3)", back="![](beep.mp3) ![a dot](dot.png)"))
    assert loss == (Feature.AUDIO, "a link; its words, 'a beep', are not shown")


SPOKEN = "![spoken words](s.mp3)"


@pytest.mark.parametrize(
    ("described", "at"),
    [
        (deck(Flashcard(front="f", back="b"), description=SPOKEN), ("description",)),
        (
            deck(Section(section="S", items=(Flashcard(front="f", back="b"),), description=SPOKEN)),
            ("items", 0, "description"),
        ),
    ],
)
def test_the_words_of_a_player_in_a_description_are_told_there(described: Deck, at: Loc) -> None:
    (loss,) = quiz_limits.losses(described, CAPABILITIES, show)
    assert (loss.item, loss.at, loss.how) == ("", at, "a link; its words, 'spoken words', are not shown")


def test_of_a_description_that_the_target_has_not_no_words_are_told() -> None:
    without = CAPABILITIES | {Feature.DESCRIPTION: dropped("there is no place for it")}
    described = deck(Flashcard(front="f", back="b"), description=SPOKEN)
    assert list(quiz_limits.losses(described, without, show)) == []


def test_steps_that_show_the_same_are_told() -> None:
    (loss,) = losses(Ordering(stem="s", steps=("a", "*stir*", "_stir_")))
    assert loss == (Feature.ORDERING, "two steps show the same, 'stir', and only one order of them counts")


# --- what cannot be told apart -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1\uffff2", "1\x1f2"),
        ("1\x7f2", "12"),
        ("*a*", "_a_"),
        ("&amp;", "&"),
        ("a", Html("<p>a</p>")),
        ("$x$", Html(r"\(x\)")),
    ],
)
def test_choices_that_show_the_same_are_refused(one: Text, other: Text) -> None:
    assert alike(choices("another", one, other)) == [("choices", 2, "text")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "*a*"),
        (r"\+", r"\-"),
        ("x<sup>2</sup>", "x<sub>2</sub>"),
        ("![a](a.png)", "![a](b.png)"),
        ("```\na\n  b\n```", "```\na\nb\n```"),
    ],
)
def test_choices_that_look_different_are_not(one: Text, other: Text) -> None:
    assert alike(choices(one, other)) == []


def test_right_sides_that_show_the_same_are_refused() -> None:
    assert alike(matching(("1\uffff2", "1\x1f2"))) == [("pairs", 1, "right")]


def test_a_distractor_that_shows_the_same_as_a_right_side_is_refused() -> None:
    assert alike(matching(("word", "*a*"), ("_a_",))) == [("distractors", 0)]


def test_two_pairs_may_share_a_right_side() -> None:
    assert alike(matching(("*a*", "*a*"))) == []


def test_left_sides_that_show_the_same_are_refused() -> None:
    pairs = (Pair(left="*a*", right="1"), Pair(left="_a_", right="2"))
    assert alike(Matching(stem="s", pairs=pairs)) == [("pairs", 1, "left")]
