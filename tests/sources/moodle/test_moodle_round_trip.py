"""Whatever the deck: written as Moodle XML and read again, it is the same but for what the exporter declares."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given

from cardforge.model import Deck
from cardforge.validation import validate
from cardforge_exporters.blanks import untypable
from cardforge_sources import moodle
from tests.exporters.moodle.moodle_reading import written
from tests.sources.moodle.arriving import has_sections_alike, in_moodle, meant, seen
from tests.strategies import decks


def read_back(data: bytes) -> Deck:
    validated = validate(moodle.read(data, Path("deck.xml")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


@given(decks())
def test_a_deck_comes_back_equal(deck: Deck) -> None:
    expected = meant(deck, in_moodle)
    if expected is None or has_sections_alike(deck) or list(untypable(deck)):
        return
    assert seen(read_back(written(deck))) == seen(expected)
