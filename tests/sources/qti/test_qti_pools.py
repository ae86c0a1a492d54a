"""Pools of Blackboard's older format."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck, to_data
from cardforge.registry import source_for
from tests.sources.qti.reading import only_item, read, read_package, warnings

FLAGS = '<FLAGS><ISHTML value="true"/><ISNEWLINELITERAL value="false"/></FLAGS>'


def answers(*texts: str, name: str = "ANSWER") -> str:
    """Answers a1, a2 …, or choices c1, c2 …"""
    first = name[0].lower()
    rows = (f'<{name} id="{first}{n}" position="{n}"><TEXT>{text}</TEXT></{name}>' for n, text in enumerate(texts, 1))
    return "".join(rows)


def key(*ids: str, more: str = "") -> str:
    """What is right: the ids of answers, each with that of its choice, if it has one, behind a colon."""
    rows = (name.partition(":") for name in ids)
    right = "".join(f'<CORRECTANSWER answer_id="{one}" choice_id="{other}"/>' for one, _, other in rows)
    return f"<GRADABLE>{more}{right}</GRADABLE>"


def question(kind: str, rest: str, text: str = "Which?", ident: str = "q1") -> str:
    return f'<QUESTION_{kind} id="{ident}"><BODY><TEXT>{text}</TEXT>{FLAGS}</BODY>{rest}</QUESTION_{kind}>'


def pool(*questions: str, listed: str = "") -> Deck:
    """The deck in a pool."""
    text = f'<POOL><TITLE value="Cells"/><QUESTIONLIST>{listed}</QUESTIONLIST>{"".join(questions)}</POOL>'
    return read(text, "res00001.dat")


@pytest.mark.parametrize(
    ("kind", "rest", "expected"),
    [
        ("TRUEFALSE", answers("False", "True") + key("a2"), {"type": "true_false", "answer": True}),
        (
            "TRUEFALSE",
            answers("Ja", "Nein") + key("a2"),
            {"type": "multiple_choice", "choices": [{"text": "Ja"}, {"text": "Nein", "correct": True}]},
        ),
        (
            "MULTIPLECHOICE",
            answers("red", "blue") + key("a1"),
            {"type": "multiple_choice", "choices": [{"text": "red", "correct": True}, {"text": "blue"}]},
        ),
        (
            "MULTIPLEANSWER",
            answers("red") + key("a1") + answers("blue").replace("a1", "a2"),
            {"multiple": True, "choices": [{"text": "red", "correct": True}, {"text": "blue"}]},
        ),
        ("FILLINBLANK", answers("H&amp;lt;2", "&lt;b&gt;water&lt;/b&gt;"), {"answers": ["H<2", "water"]}),
        ("ESSAY", answers("So."), {"type": "open_prompt", "model_answer": "So."}),
        (
            "MATCH",
            answers("frog", "cat") + answers("mammal", "insect", "amphibian", name="CHOICE") + key("a1:c3", "a2:c1"),
            {
                "pairs": [{"left": "frog", "right": "amphibian"}, {"left": "cat", "right": "mammal"}],
                "distractors": ["insect"],
            },
        ),
        ("ORDER", answers("pupa", "egg", "larva") + key("a2", "a3", "a1"), {"steps": ["egg", "larva", "pupa"]}),
    ],
)
def test_every_kind(kind: str, rest: str, expected: dict[str, Any]) -> None:
    item = only_item(pool(question(kind, rest)))
    assert {name: item.get(name) for name in expected} == expected


def test_feedback_for_right_and_wrong() -> None:
    said = "<FEEDBACK_WHEN_CORRECT>Yes.</FEEDBACK_WHEN_CORRECT><FEEDBACK_WHEN_INCORRECT>No.</FEEDBACK_WHEN_INCORRECT>"
    item = only_item(pool(question("MULTIPLECHOICE", answers("red", "blue") + key("a1", more=said))))
    assert (item["feedback_correct"], item["feedback_incorrect"]) == ("Yes.", "No.")


def test_the_list_says_the_order_and_the_points() -> None:
    first, second = (question("ESSAY", "", text, text) for text in ("one", "two"))
    listed = '<QUESTION id="two" class="QUESTION_ESSAY" points="3"/><QUESTION id="one" class="QUESTION_ESSAY"/>'
    items = to_data(pool(first, second, listed=listed))["items"]
    assert [(item["stem"], item.get("points")) for item in items] == [("two", 3.0), ("one", None)]


def test_markup_is_kept_where_the_flags_say_so() -> None:
    plain = question("ESSAY", "", "1 &lt; 2\n&lt;b&gt;").replace('ISHTML value="true"', 'ISHTML value="false"')
    assert only_item(pool(question("ESSAY", "", "&lt;b&gt;Why?&lt;/b&gt;")))["stem"] == "**Why?**"
    assert only_item(pool(plain))["stem"] == "1 < 2 \\<b>"


@pytest.mark.parametrize(
    "other",
    [
        question("NUMERIC", "", ident="q2"),
        question("MULTIPLECHOICE", answers("a", "b"), ident="q2"),
        question("ORDER", answers("a", "b") + key("a1"), ident="q2"),
    ],
)
def test_what_cannot_be_an_item_is_kept_aside_by_its_name(other: str) -> None:
    deck = pool(question("ESSAY", ""), other)
    assert [("q2" in told.message, told.code) for told in deck.origin.warnings] == [(True, "kept-aside")]


def test_a_question_that_is_only_listed_is_told() -> None:
    assert warnings(pool(question("ESSAY", ""), listed='<QUESTION id="gone"/>')) == ["kept-aside"]


def test_an_element_that_is_not_read_is_told() -> None:
    assert warnings(pool(question("ESSAY", "<IMAGE/>"))) == ["not-kept"]


def test_pools_of_a_package_are_sections_with_their_media() -> None:
    one = (
        f'<POOL><TITLE value="One"/>{question("ESSAY", "", "&lt;img src=@X@EmbeddedFile.location@X@a.png&gt;")}</POOL>'
    )
    deck = read_package({"res1.dat": one, "res1/a.png": b"\x89PNG", "res2.dat": one.replace("One", "Two")})
    assert [entry.sections[0].section for entry in deck.entries()] == ["One", "Two"]
    assert deck.origin.media.problem("res1/a.png") is None


def test_a_pool_is_recognised(tmp_path: Any) -> None:
    file = tmp_path / "pool.xml"
    file.write_text('<?xml version="1.0"?>\n<POOL><TITLE value="One"/></POOL>')
    assert source_for(file).name == "qti"


@pytest.mark.parametrize("written", ["<ANSWER>", '<ANSWER id="a1">'])
def test_answers_that_no_id_tells_apart_are_all_there(written: str) -> None:
    rest = "".join(f"{written}<TEXT>{text}</TEXT></ANSWER>" for text in ("water", "ice"))
    assert only_item(pool(question("FILLINBLANK", rest)))["answers"] == ["water", "ice"]


@pytest.mark.parametrize("other", ["<ESSAY/>", '<question_essay id="q2"><BODY/></question_essay>'])
def test_a_question_with_another_name_is_kept_aside(other: str) -> None:
    told = pool(question("ESSAY", ""), other).origin.warnings
    assert [(warning.code, "essay" in warning.message.lower()) for warning in told] == [("kept-aside", True)]


def test_what_else_stands_in_a_pool_is_told() -> None:
    assert warnings(pool(question("ESSAY", ""), "<DATES/><IMAGE/>")) == ["not-kept"]


def test_both_true_and_false_marked_right_is_told() -> None:
    deck = pool(question("TRUEFALSE", answers("True", "False") + key("a2", "a1")))
    assert (only_item(deck)["answer"], warnings(deck)) == (False, ["adapted-item"])


KINDS = ("TRUEFALSE", "MULTIPLECHOICE", "MULTIPLEANSWER", "FILLINBLANK", "ESSAY", "MATCH", "ORDER", "OTHER")
PIECES = st.sampled_from(
    [
        *(answers("x", "y"), answers("x", "x"), answers("", "z"), answers("p", "q", name="CHOICE")),
        *(key("a1"), key("a2:c1"), key("a1:c2", "a2:c2"), key("none:c1")),
        *("<ANSWER/>", "<GRADABLE/>", "<BODY/>", "<ANSWER><TEXT/></ANSWER>"),
    ]
)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.lists(PIECES, max_size=4)), min_size=1, max_size=4))
def test_any_pool_is_read_or_told(parts: list[tuple[str, list[str]]]) -> None:
    asked = [question(kind, "".join(rest), ident=f"q{n}") for n, (kind, rest) in enumerate(parts)]
    try:
        deck = pool(*asked)
    except InvalidDeck as refused:
        assert len([told for told in refused.diagnostics if told.code == "kept-aside"]) == len(parts)
    else:
        aside = warnings(deck).count("kept-aside")
        assert len(deck.entries()) + aside == len(parts)
