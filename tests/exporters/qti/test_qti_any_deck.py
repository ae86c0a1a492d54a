"""Any deck gives a package that the schemas take, in every version."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from cardforge.api import plan
from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck
from tests.exporters.qti.cases import items
from tests.exporters.qti.reading import VERSION_NAMES, VERSIONS, Package
from tests.schemas import package_faults, want_schemas
from tests.strategies import decks


def can_be_written(deck: Deck) -> bool:
    try:
        plan(deck, "qti21")
    except InvalidDeck:
        return False
    return True


@pytest.mark.parametrize("version", VERSION_NAMES)
@settings(max_examples=30)
@given(deck=decks())
def test_any_deck_is_valid(version: str, deck: Deck) -> None:
    want_schemas()
    if can_be_written(deck):
        assert not package_faults(Package(deck, version).data)


@settings(max_examples=10)
@given(deck=decks())
def test_any_bank_is_valid(deck: Deck) -> None:
    want_schemas()
    if can_be_written(deck):
        assert not package_faults(Package(deck, "3.0", bank=True).data)


@settings(max_examples=50)
@given(deck=decks())
def test_every_item_arrives_once(deck: Deck) -> None:
    if can_be_written(deck):
        package = Package(deck)
        expected = [name for name, _ in items(deck)]
        refs = [ref.get("identifier") for ref in package.test.all("assessmentItemRef")]
        assert refs == expected
        assert sorted(package.items()) == sorted(expected)


@settings(max_examples=50)
@given(deck=decks())
def test_no_file_name_differs_from_another_in_case_only(deck: Deck) -> None:
    if can_be_written(deck):
        names = [name.lower() for name in Package(deck).names]
        assert len(set(names)) == len(names)


@settings(max_examples=50)
@given(deck=decks())
def test_the_same_deck_gives_the_same_bytes(deck: Deck) -> None:
    if can_be_written(deck):
        assert Package(deck).data == Package(deck).data


def test_the_versions_are_three() -> None:
    assert len(VERSIONS) == len(VERSION_NAMES)
