"""What cardforge wrote for Anki comes back as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings

from cardforge import Deck, load, write
from tests.sources.apkg.expected import after_anki, is_plain_to_anki, said
from tests.sources.declared import Declared
from tests.strategies import decks


@settings(max_examples=60)
@given(decks().filter(is_plain_to_anki))
def test_any_deck_comes_back_up_to_the_declared_losses(deck: Deck) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "deck.apkg")
        written = write(deck, "anki", package, now=1_700_000_000)
        assert said(load(package)) == said(after_anki(deck, Declared(written.losses)))
