"""What an item of QTI 1.2 says besides what asks and what is chosen."""

from __future__ import annotations

import pytest

from tests.sources.qti.reading import equal, item_1_2, lid, only_item, read, text_1_2, warnings, when

RIGHT = when(equal("Lima"), "1")


def fib(inside: str, ident: str = "r", beside: str = "") -> str:
    return f'<response_str ident="{ident}">{beside}<render_fib>{inside}</render_fib></response_str>'


FIELD = '<response_label ident="l"/>'


def test_a_text_before_the_field_is_asked() -> None:
    item = only_item(read(item_1_2(text_1_2("Above.") + fib(text_1_2("Capital?") + FIELD), RIGHT)))
    assert item["stem"] == "Above.\\\nCapital?"


def test_a_text_behind_the_field_stands_behind_it() -> None:
    between = text_1_2("It is ") + FIELD + text_1_2(", isn't it?")
    item = only_item(read(item_1_2(text_1_2("Above.") + fib(between) + text_1_2("Below."), RIGHT)))
    assert item["stem"] == "Above.\\\nIt is \\_\\_\\_\\_ , isn't it?\\\nBelow."


def test_the_texts_of_several_fields_stand_beside_their_answers() -> None:
    fields = fib(text_1_2("First:") + FIELD, "a") + fib(text_1_2("Second:") + FIELD, "b", text_1_2("And."))
    scored = when(equal("x", "a"), "50", action="Add") + when(equal("y", "b"), "50", action="Add")
    item = only_item(read(item_1_2(text_1_2("Both.") + fields, scored)))
    assert item["text"] == "Both.\n\nFirst: {{c1::x}}\n\nAnd.\\\nSecond: {{c2::y}}"


def test_a_text_among_choices_is_asked() -> None:
    choices = lid("a", "b").replace("<render_choice>", f"<render_choice>{text_1_2('Tick one:')}")
    item = only_item(read(item_1_2(text_1_2("Above.") + choices, when(equal("a"), "1"))))
    assert (item["stem"], [choice["text"] for choice in item["choices"]]) == ("Above.\\\nTick one:", ["a", "b"])


def test_a_text_among_the_choices_of_a_blank_is_kept() -> None:
    blank = lid("red", ident="response_a").replace("<render_choice>", f"<render_choice>{text_1_2('Colours')}")
    scored = when(equal("red", "response_a"), "100", action="Add")
    item = only_item(read(item_1_2(text_1_2("It is [a].") + blank, scored, "fill_in_multiple_blanks_question")))
    assert item["text"] == "It is {{c1::red}}.\\\nColours"


def mattexts(*texts: str) -> str:
    return f"<material>{''.join(f'<mattext>{text}</mattext>' for text in texts)}</material>"


@pytest.mark.parametrize(
    ("texts", "stem"),
    [
        (("Look at ", "7", " and answer."), "Look at 7 and answer."),
        (("Look at", "\n  7\n  "), "Look at 7"),
        (("Look", " ", "at"), "Look at"),
        (("7", "<sup>2</sup>".replace("<", "&lt;")), "7<sup>2</sup>"),
    ],
)
def test_white_space_at_the_edges_of_texts_parts_them(texts: tuple[str, ...], stem: str) -> None:
    assert only_item(read(item_1_2(mattexts(*texts) + fib(FIELD), RIGHT)))["stem"] == stem


def test_what_is_referred_to_stands_in_place_of_the_reference() -> None:
    asked = '<material label="p"><mattext label="t">Shared.</mattext></material>'
    choices = lid("a", "b").replace("<mattext>b</mattext>", '<mattext>See: </mattext><matref linkrefid="t"/>')
    deck = read(item_1_2(asked + choices, when(equal("a"), "1")))
    assert [choice["text"] for choice in only_item(deck)["choices"]] == ["a", "See: Shared."]
    assert warnings(deck) == []


@pytest.mark.parametrize("name", ["elsewhere", "loop"])
def test_a_reference_to_nothing_is_told(name: str) -> None:
    asked = f'<material label="loop"><mattext>Why?</mattext><matref linkrefid="{name}"/></material>'
    deck = read(item_1_2(asked + lid("a", "b"), when(equal("a"), "1")))
    assert (only_item(deck)["stem"], warnings(deck)) == ("Why?", ["not-kept"])


def test_references_do_not_multiply_a_long_text() -> None:
    long = f'<mattext label="t">{"long " * 50_000}</mattext>'
    asked = f"<material>{long}" + '<matref linkrefid="t"/>' * 1_000 + "</material>"
    deck = read(item_1_2(asked + lid("a", "b"), when(equal("a"), "1")))
    assert len(only_item(deck)["stem"]) < 2_000_000
    assert warnings(deck) == ["not-kept"]


def rubric(view: str) -> str:
    return f'<rubric view="{view}">{text_1_2("Use a map.")}</rubric>'


@pytest.mark.parametrize("view", ["All", "Candidate"])
def test_a_rubric_for_learners_begins_the_stem(view: str) -> None:
    deck = read(item_1_2(text_1_2("Capital?") + fib(FIELD), RIGHT, more=rubric(view)))
    assert (only_item(deck)["stem"], warnings(deck)) == ("Use a map.\\\nCapital?", [])


@pytest.mark.parametrize(
    "more",
    [
        rubric("Scorer"),
        f"<objectives>{text_1_2('Know capitals.')}</objectives>",
        f"<resprocessing><outcomes><interpretvar>{text_1_2('5: all of it')}</interpretvar></outcomes></resprocessing>",
        f"<resprocessing><itemproc_extension><x>{text_1_2('5: all')}</x></itemproc_extension></resprocessing>",
    ],
)
def test_what_is_said_to_others_is_told(more: str) -> None:
    deck = read(item_1_2(text_1_2("Capital?") + fib(FIELD), RIGHT, more=more))
    assert (only_item(deck)["stem"], warnings(deck)) == ("Capital?", ["not-kept"])
