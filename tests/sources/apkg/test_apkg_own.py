"""What cardforge wrote for Anki comes back as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings

from cardforge import Deck, Flashcard, load, write
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


def test_a_tag_that_looks_like_a_level_is_none(tmp_path: Path) -> None:
    tags = ("level::beginner",)
    cards = Flashcard(front="Q", back="A", tags=tags), Flashcard(front="Q2", back="A", tags=tags, level="advanced")
    write(Deck(title="T", items=cards), "anki", tmp_path / "deck.apkg", now=1_700_000_000)
    read = [(entry.item.level, entry.item.tags) for entry in load(tmp_path / "deck.apkg").entries()]
    assert read == [(None, tags), ("advanced", tags)]
