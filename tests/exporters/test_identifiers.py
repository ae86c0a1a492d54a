"""Ids as XML names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_exporters.identifiers import identifier
from tests.strategies import identifiers

PARTS = st.lists(identifiers(), min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("deck", "item-1"), "deck__item-1"),
        (("deck", "snake_case"), "deck__snake_case"),
        (("2024", "1"), "_2024__1"),
    ],
)
def test_plain_ids_stay_readable(parts: tuple[str, ...], expected: str) -> None:
    assert identifier(*parts) == expected


@given(PARTS)
def test_any_ids_make_an_xml_name_within_the_limit(parts: list[str]) -> None:
    name = identifier(*parts, limit=60)
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name) and len(name) <= 60


@given(PARTS, PARTS)
def test_other_ids_make_another_name(one: list[str], other: list[str]) -> None:
    assert (identifier(*one) == identifier(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"), [(("a__b", "c"), ("a", "b__c")), (("a", "b_c"), ("a_b", "c")), (("é",), ("e",))]
)
def test_ids_that_look_alike_do_not_meet(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert identifier(*one) != identifier(*other)
