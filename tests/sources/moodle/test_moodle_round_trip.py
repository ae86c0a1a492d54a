"""Whatever the deck: written as Moodle XML and read again, it is the same but for what the exporter declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from cardforge.api import export
from cardforge.diagnostics import InvalidDeck
from cardforge.model import AnyItem, Cloze, Deck, Flashcard, Numeric
from cardforge.validation import validate
from cardforge_sources import moodle
from tests.sources.declared import Declared
from tests.sources.moodle.arriving import has_sections_alike, in_moodle, meant, seen, typed_clozes
from tests.strategies import decks


def read_back(data: bytes) -> Deck:
    validated = validate(moodle.read(data, Path("deck.xml")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


@given(decks())
def test_a_deck_comes_back_equal(deck: Deck) -> None:
    try:
        made = export(deck, "moodle", now=0)
    except InvalidDeck:  # and it says why
        return
    declared = Declared(made.losses)
    expected = meant(deck, in_moodle, declared)
    if expected is None or has_sections_alike(deck):
        return
    typed = typed_clozes(deck, declared)
    assert seen(read_back(made.data), typed) == seen(expected, typed)


EXACTLY = (
    Cloze(id="a", text=r"Scale by {{c1::$\sqrt{d_k}$}}, {{c2::a::b}}", extra="E", points=2),
    Cloze(id="b", text="{{c1::a}}", explanation="E", source="S"),
    Cloze(id="c", text="{{c1::a}}", extra="**x**", explanation="E"),
    Numeric(id="d", stem="s", answer="20", tolerance="0.5"),
)


@pytest.mark.parametrize("item", EXACTLY, ids=lambda item: item.id)
def test_an_item_comes_back_as_it_was_written(item: AnyItem) -> None:
    assert read_back(export(Deck(title="T", items=(item,)), "moodle", now=0).data).items == (item,)


@pytest.mark.parametrize("deck_id", ["my-deck", "a\"<b>&'é日/#;"])
@pytest.mark.parametrize("description", [None, "*About*", "![a dot](dot.svg)"])
def test_the_id_of_a_deck_comes_back(deck_id: str, description: str | None, tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text("<svg/>")
    card = Flashcard(front="f", back="b")
    deck = Deck(id=deck_id, title="T", description=description, author="A", items=(card,)).with_media(tmp_path)
    again = read_back(export(deck, "moodle", now=0).data)
    assert (again.id, again.author) == (deck_id, "A")
