"""Texts that a deck takes for the same, and a number behind one of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cardforge_sources.alike import TextData, key, repeated, told_apart

TEXTS = st.sampled_from(["a", " a", "a (2)", "a\n- b", {"html": "a"}, {"html": "a (2)"}])


def test_texts_that_differ_stay() -> None:
    texts: list[TextData] = ["a", {"html": "a"}, "b"]
    assert told_apart(texts) == (texts, False)


def test_the_second_of_two_has_a_number_that_none_has() -> None:
    assert told_apart(["a", "a", "a (2)"]) == (["a", "a (2)", "a (2) (2)"], True)


def test_behind_several_lines_the_number_has_a_paragraph() -> None:
    assert told_apart(["- a\n- b"] * 2) == (["- a\n- b", "- a\n- b\n\n(2)"], True)


def test_what_is_there_too_often_is_given_up() -> None:
    assert told_apart(["a"] * 100_000) == ([], True)


def test_what_is_repeated_is_counted_but_for_once_each() -> None:
    assert repeated(["ab", "c", "ab", "ab", "c"]) == 5


@given(st.lists(TEXTS, max_size=12))
def test_no_two_are_alike_afterwards(texts: list[TextData]) -> None:
    made, _ = told_apart(texts)
    assert len(set(map(key, made))) == len(made)
