"""Titles, tags and ids as the deck format takes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cardforge.model.values import Identifier, Line
from cardforge_sources.lines import LONGEST_ID, as_line, is_id, is_line

# Surrogates among them: JSON in a file may say them.
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("a \t\n\x00\x02\u00a0\u200b\u2028\ud800\uffff")), max_size=12
)


LINE: TypeAdapter[str] = TypeAdapter(Line)
ID: TypeAdapter[str] = TypeAdapter(Identifier)


def is_taken(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


@given(TEXTS)
def test_a_line_is_what_the_model_takes_for_one(text: str) -> None:
    assert is_line(text) == is_taken(LINE, text)


@given(TEXTS)
def test_an_id_is_what_the_model_takes_for_one(text: str) -> None:
    assert is_id(text) == is_taken(ID, text)


@given(TEXTS)
def test_a_text_made_a_line_is_one_or_empty(text: str) -> None:
    line = as_line(text)
    assert line == "" or is_line(line)


@given(TEXTS.filter(is_line))
def test_a_line_stays_but_for_the_space_around_it(text: str) -> None:
    assert as_line(text) == text.strip()


def test_an_id_is_as_long_as_the_model_takes_it() -> None:
    assert (is_id("x" * LONGEST_ID), is_id("x" * (LONGEST_ID + 1))) == (True, False)
