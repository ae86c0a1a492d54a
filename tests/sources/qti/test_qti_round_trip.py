"""A deck that is written as QTI and read again is the same, up to what the exporter declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from cardforge.api import export, load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck
from tests.same import shown
from tests.sources.qti.meaning import canvas_means, deck_means, read_from_canvas
from tests.strategies import decks

GOLDEN = Path(__file__).parents[2] / "exporters/goldens/qti/deck.yaml"
VERSIONS: tuple[tuple[str, dict[str, Any]], ...] = (("qti21", {}), ("qti21", {"version": "2.2"}), ("qti30", {}))


def read_again(deck: Deck, target: str, **options: Any) -> Deck | None:
    """The deck that comes back; None when the target cannot hold it, and says so."""
    try:
        data = export(deck, target, now=0, **options).data
    except InvalidDeck:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.zip"
        path.write_bytes(data)
        return load(path, "qti")


@pytest.mark.parametrize(("target", "options"), VERSIONS)
@settings(max_examples=30, deadline=None)
@given(deck=decks())
def test_a_package_comes_back(target: str, options: dict[str, Any], deck: Deck) -> None:
    again = read_again(deck, target, **options)
    assert again is None or deck_means(again) == deck_means(deck)


@settings(max_examples=40, deadline=None)
@given(deck=decks())
def test_a_quiz_for_canvas_comes_back(deck: Deck) -> None:
    again = read_again(deck, "canvas")
    assert again is None or read_from_canvas(again) == canvas_means(deck)


@settings(max_examples=15, deadline=None)
@given(deck=decks())
def test_what_is_written_again_has_the_same_identifiers(deck: Deck) -> None:
    again = read_again(deck, "qti21")
    twice = again and read_again(again, "qti21")
    if again and twice:
        assert [entry.id for entry in twice.entries()] == [entry.id for entry in again.entries()]
        assert twice.identity == again.identity == deck.identity


def _items_of(deck: Deck) -> list[Any]:
    def without_id(items: list[Any]) -> list[Any]:
        return [node for item in items for node in (without_id(item["items"]) if "section" in item else [item])]

    return without_id(shown(deck)["items"])


@pytest.mark.parametrize("target", ["qti21", "qti30", "canvas"])
def test_media_come_back(target: str, tmp_path: Path) -> None:
    path = tmp_path / "deck.zip"
    path.write_bytes(export(load(GOLDEN), target, now=0).data)
    stems = [[item["stem"] for item in _items_of(deck) if item.get("id") == "single"] for deck in _both(path)]
    assert stems[0] == stems[1]


def _both(path: Path) -> tuple[Deck, Deck]:
    return load(GOLDEN), load(path, "qti")


@pytest.mark.parametrize(("target", "means"), [("qti21", deck_means), ("qti30", deck_means)])
def test_a_bank_has_the_items_without_their_sections(target: str, means: Callable[[Deck], dict[str, Any]]) -> None:
    deck = load(GOLDEN)
    again = read_again(deck, target, bank=True)
    assert again is not None
    assert [entry.id for entry in again.entries()] == [entry.id for entry in deck.entries()]
    assert not any(entry.sections for entry in again.entries())


def test_a_bank_for_canvas_has_its_title() -> None:
    again = read_again(load(GOLDEN), "canvas", bank=True)
    assert again is not None and again.title == "Every kind & field"
