"""Deletions of a cloze text, made of what is typed into a blank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import Html, cloze_from_html
from cardforge.text.cloze import HIGHEST, problems
from cardforge_sources.deletions import deletion


@pytest.mark.parametrize("number", [HIGHEST + 1, 10_000])
def test_a_number_is_never_too_high(number: int) -> None:
    assert deletion(number, "a") == deletion(HIGHEST, "a")


@given(st.text("{}:c1<&\\()$ a", min_size=1), st.text("{}:c1<&\\()$ a"))
def test_an_answer_neither_ends_its_deletion_nor_begins_a_hint(answer: str, hint: str) -> None:
    text = cloze_from_html(deletion(1, f"x{answer}", hint))
    assert not problems(text.html if isinstance(text, Html) else text)
