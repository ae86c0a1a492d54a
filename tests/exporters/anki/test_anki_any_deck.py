"""Whatever a valid deck says, Anki takes it whole."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from cardforge import Deck, write
from cardforge_exporters.anki.cards import Fields
from tests.anki_backend import Anki, Imported
from tests.clients import want_module
from tests.strategies import decks


@pytest.fixture(autouse=True)
def _anki() -> None:
    want_module("anki")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decks())
def test_anki_takes_any_valid_deck(deck: Deck) -> None:
    entries = list(deck.entries())
    with tempfile.TemporaryDirectory() as folder, Anki(Path(folder)) as anki:
        written = write(deck, "anki", Path(folder) / "deck.apkg", now=1_700_000_000)
        assert anki.take(written.path) == Imported(len(entries), 0, 0, 0)
        assert anki.missing_media() == []
        assert anki.empty_cards() == 0
        assert anki.cards_to_add() == 0
        assert anki.integrity() == []
        cards = anki.cards()
        assert [card.number for card in cards if not card.front_text or not card.back_text] == []
        fields = Fields(str, "", "")
        kinds = Counter(fields.of(entry.item, entry.id)[0].name for entry in entries)
        assert Counter({name: len({c.guid for c in cards if c.note_type == name}) for name in kinds}) == kinds


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decks())
def test_exporting_again_changes_nothing(deck: Deck) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "deck.apkg"
        write(deck, "anki", package, now=1_700_000_000)
        before = package.read_bytes()
        written = write(deck, "anki", package, now=1_800_000_000)
        assert package.read_bytes() == before
        assert {notice.code for notice in written.notices} <= {"ids-missing"}
