"""What is put aside comes back where it was, whatever the text itself has."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text.holes import Holes, free_pair

FIRST = "\ue000"
MOSTLY_PRIVATE = st.text(st.characters(categories=["Co", "Nd", "Ll"]))


@given(st.lists(MOSTLY_PRIVATE), st.lists(MOSTLY_PRIVATE))
def test_what_was_put_aside_comes_back(kept: list[str], aside: list[str]) -> None:
    parts = [part for pair in zip(kept, aside, strict=False) for part in pair]
    holes = Holes("".join(parts))
    left = [part if index % 2 == 0 else holes.leave(part) for index, part in enumerate(parts)]
    assert holes.fill("".join(left)) == "".join(parts)


def test_a_hole_can_be_filled_with_something_else() -> None:
    holes = Holes("a b")
    assert holes.fill(holes.leave("a") + " " + holes.leave("b"), ["c", "d"]) == "c d"


@pytest.mark.parametrize("text", [FIRST, "&#xE000;", "&#57344;", "%EE%80%80", "&#37;EE%80%80"])
def test_the_pair_is_free_in_a_text_however_that_is_read(text: str) -> None:
    assert FIRST in unquote(unescape(text))
    assert FIRST not in free_pair(text)


def test_without_such_characters_the_first_two_are_free() -> None:
    assert free_pair("text") == ("\ue000", "\ue001")
