"""Parts in another order, and numbers with all that belongs to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cardforge import Numeric
from cardforge_exporters.asking import in_another_order, mixed, number

TEXTS = st.lists(st.text(), min_size=2, max_size=6, unique=True)


@given(TEXTS)
def test_another_order_has_the_same_texts_and_is_another(texts: list[str]) -> None:
    other = in_another_order(texts)
    assert other != texts and sorted(other) == sorted(texts)


@given(TEXTS, st.text())
def test_a_text_that_is_added_moves_no_other(texts: list[str], added: str) -> None:
    assert [text for text in mixed([*texts, added]) if text in texts] == mixed(texts) or added in texts


def test_mixing_does_not_put_the_first_always_at_the_same_place() -> None:
    places = {mixed([f"a{n}", f"b{n}", f"c{n}"]).index(f"a{n}") for n in range(20)}
    assert places == {0, 1, 2}


def test_a_number_has_its_tolerance_and_unit() -> None:
    assert number(Numeric(stem="s", answer="9.81", tolerance="0.01", unit="m/s²")) == "9.81 ± 0.01 m/s²"


def test_a_tolerance_may_be_in_percent() -> None:
    assert number(Numeric(stem="s", answer="40", tolerance_percent="5")) == "40 ± 5 %"
