"""A deck that is written as QTI and read again is the same, up to what the exporter declares."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings

from cardforge.api import export, load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import (
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    Pair,
    Section,
)
from tests.same import shown
from tests.sources.declared import Declared
from tests.sources.qti.meaning import deck_means
from tests.sources.qti.meaning_in_canvas import canvas_means, read_from_canvas
from tests.strategies import decks

GOLDEN = Path(__file__).parents[2] / "exporters/goldens/qti/deck.yaml"
VERSIONS: tuple[tuple[str, dict[str, Any]], ...] = (("qti21", {}), ("qti21", {"version": "2.2"}), ("qti30", {}))


def there_and_back(deck: Deck, target: str, **options: Any) -> tuple[Deck, Declared] | None:
    """The deck that comes back, and the losses that were told; None when the target cannot hold it, and says so."""
    try:
        made = export(deck, target, now=0, **options)
    except InvalidDeck:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.zip"
        path.write_bytes(made.data)
        return load(path, "qti"), Declared(made.losses)


def read_again(deck: Deck, target: str, **options: Any) -> Deck | None:
    """The deck that comes back."""
    found = there_and_back(deck, target, **options)
    return found and found[0]


_KEYS = (Choice(text="a", correct=True), Choice(text="b", correct=True))
_TWO_KEYS_OF_NO_POINTS = Deck(title="T", items=(MultipleChoice(stem="s", points=0, multiple=False, choices=_KEYS),))


@pytest.mark.parametrize(("target", "options"), VERSIONS)
@settings(max_examples=30, deadline=None)
@given(deck=decks())
@example(deck=_TWO_KEYS_OF_NO_POINTS)
def test_a_package_comes_back(target: str, options: dict[str, Any], deck: Deck) -> None:
    if found := there_and_back(deck, target, **options):
        again, declared = found
        assert deck_means(again, declared) == deck_means(deck, declared)


_CARDS = (Flashcard(front="a", back="b"), Flashcard(front="c", back="d", reversed=True))
_TWO_OF_THREE_QUESTIONS = Deck(title="T", items=(Section(section="S", pick=2, items=_CARDS),))


@settings(max_examples=40, deadline=None)
@given(deck=decks())
@example(deck=_TWO_OF_THREE_QUESTIONS)
def test_a_quiz_for_canvas_comes_back(deck: Deck) -> None:
    if found := there_and_back(deck, "canvas"):
        again, declared = found
        assert read_from_canvas(again, declared) == canvas_means(deck, declared)


@settings(max_examples=15, deadline=None)
@given(deck=decks())
def test_what_is_written_again_has_the_same_identifiers(deck: Deck) -> None:
    again = read_again(deck, "qti21")
    twice = again and read_again(again, "qti21")
    if again and twice:
        assert [entry.id for entry in twice.entries()] == [entry.id for entry in again.entries()]
        assert twice.identity == again.identity == deck.identity


EXACTLY = (
    Cloze(id="a", text=r"Scale by {{c1::$\sqrt{d_k}$}}, {{c2::a::b}}", extra="E"),
    Cloze(id="b", text="{{c1::a}}", explanation="E", source="S"),
    Cloze(id="c", text="{{c1::a}}", extra="**x**", explanation="E"),
    Numeric(id="d", stem="s", answer="20", tolerance="0.5"),
    Matching(
        id="e",
        stem="s",
        pairs=(Pair(left="a", right="b"), Pair(left="c", right="d")),
        distractors=("z", r"List\<int>", "a & b", "y"),
    ),
)


@pytest.mark.parametrize("item", EXACTLY, ids=lambda item: item.id)
@pytest.mark.parametrize("target", ["qti21", "qti30", "canvas"])
def test_an_item_comes_back_as_it_was_written(target: str, item: AnyItem) -> None:
    again = read_again(Deck(id="d", title="T", items=(item,)), target)
    assert again is not None and again.items == (item,)


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


@pytest.mark.parametrize("target", ["qti21", "qti30"])
def test_a_bank_has_the_items_without_their_sections(target: str) -> None:
    deck = load(GOLDEN)
    again = read_again(deck, target, bank=True)
    assert again is not None
    assert [entry.id for entry in again.entries()] == [entry.id for entry in deck.entries()]
    assert not any(entry.sections for entry in again.entries())


def test_a_bank_for_canvas_has_its_title() -> None:
    again = read_again(load(GOLDEN), "canvas", bank=True)
    assert again is not None and again.title == "Every kind & field"
