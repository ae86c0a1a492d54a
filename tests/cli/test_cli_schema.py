"""`cardforge schema`: a JSON Schema that takes every valid deck, as an editor parses it, and not the wrong ones."""

from __future__ import annotations

import json
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft202012Validator

from cardforge.model import KINDS, Deck, to_data
from cardforge.plugin import Context
from cardforge_exporters.yaml import YamlExporter
from tests.cli.program import cardforge
from tests.strategies import decks

ROOT = Path(__file__).parents[2]
ITEM = {"type": "flashcard", "front": "Q", "back": "A"}
DECK = {"title": "T", "items": [ITEM]}


class Editor(yaml.SafeLoader):
    """Reads scalars as editors do, which know YAML 1.2."""

    yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {}  # type: ignore[misc]


Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
Editor.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"),
    list("-+.0123456789"),
)


@cache
def schema() -> dict[str, Any]:
    ran = cardforge("schema")
    assert ran.code == 0
    printed = json.loads(ran.out)
    assert isinstance(printed, dict)
    return printed


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def is_valid(data: Any) -> bool:
    return validator().is_valid(data)


def test_it_is_a_json_schema() -> None:
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema())


VALID_DECKS = [
    ROOT / "tests/mistakes/no_mistakes.yaml",
    *sorted((ROOT / "examples").glob("*.yaml")),
]


@pytest.mark.parametrize("path", VALID_DECKS, ids=lambda path: path.name)
def test_it_takes_valid_decks(path: Path) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), Editor)
    assert [error.message for error in validator().iter_errors(data)] == []


def test_it_takes_a_new_deck(tmp_path: Path) -> None:
    cardforge("new", tmp_path / "deck.yaml")
    assert is_valid(yaml.safe_load((tmp_path / "deck.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("value", [1984, 3.14, True, False, "1984"])
@pytest.mark.parametrize("name", ["title", "description", "tags"])
def test_a_text_that_an_editor_takes_for_something_else_is_right_in_a_deck(name: str, value: Any) -> None:
    assert is_valid(DECK | {name: [value] if name == "tags" else value})


@pytest.mark.parametrize("value", [1984, 3.14, True, False, "1984"])
@pytest.mark.parametrize("name", ["front", "explanation", "hint", "source"])
def test_a_text_that_an_editor_takes_for_something_else_is_right_in_an_item(name: str, value: Any) -> None:
    assert is_valid(DECK | {"items": [ITEM | {name: value}]})


@pytest.mark.parametrize("deck", [DECK | {"id": 7}, DECK | {"author": 7}, DECK | {"items": [ITEM | {"id": 7}]}])
def test_a_line_that_an_editor_takes_for_a_number_is_right(deck: dict[str, Any]) -> None:
    assert is_valid(deck)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "numeric", "stem": "Q", "answer": 1, "tolerance": 0.5},
        {"type": "numeric", "stem": "Q", "answer": "1.00"},
        {"type": "short_answer", "stem": "Q", "answers": [12, True, {"text": 3}]},
        {"type": "ordering", "stem": "Q", "steps": [1, 2]},
        {"type": "open_prompt", "stem": "Q", "concepts": ["a", {"html": "<b>b</b>"}, {"text": {"html": "c"}}]},
        {"type": "cloze", "text": {"html": "{{c1::x}}"}},
        ITEM | {"hint": {"html": "<b>h</b>"}},
        ITEM | {"hint": ["a", {"html": "b"}]},
        {"section": 1, "items": [ITEM, {"section": "inner", "pick": 1, "items": [ITEM]}]},
    ],
)
def test_every_form_of_an_item_is_taken(item: dict[str, Any]) -> None:
    assert is_valid(DECK | {"items": [item]})


WRONG_ITEMS: list[Any] = [
    "an item",
    {"front": "Q", "back": "A"},
    ITEM | {"type": "flashcrad"},
    ITEM | {"bakc": "A"},
    {"type": "flashcard", "front": "Q"},
    ITEM | {"front": {"text": "Q"}},
    ITEM | {"front": ["Q"]},
    ITEM | {"level": "hard"},
    ITEM | {"points": -1},
    ITEM | {"choices": []},
    {"type": "true_false", "stem": "Q", "answer": "maybe"},
    {"type": "multiple_choice", "stem": "Q", "choices": ["A", "B"]},
    {"type": "multiple_choice", "stem": "Q", "choices": [{"text": "A", "corect": True}]},
    {"type": "matching", "stem": "Q", "pairs": [{"left": "a"}]},
    {"section": "S"},
    {"section": "S", "items": []},
    {"section": "S", "items": [ITEM], "pick": 0},
]


@pytest.mark.parametrize(
    "deck",
    [
        [],
        "a deck",
        {"title": "T"},
        {"items": [ITEM]},
        DECK | {"items": []},
        DECK | {"titel": "T"},
        DECK | {"origin": {}},
        DECK | {"tags": "a"},
        DECK | {"language": "British English"},
        DECK | {"targets": {"anki": 1}},
        *(DECK | {"items": [item]} for item in WRONG_ITEMS),
    ],
)
def test_it_does_not_take_wrong_decks(deck: Any) -> None:
    assert not is_valid(deck)


def test_it_describes_every_field_of_an_item_that_needs_words() -> None:
    for kind in KINDS.values():
        definition = schema()["$defs"][kind.__name__]
        assert definition["description"]
        assert definition["properties"]["id"]["description"]


@given(decks())
def test_it_takes_any_deck_as_plain_data(deck: Deck) -> None:
    assert [error.message for error in validator().iter_errors(to_data(deck))] == []


@given(decks())
def test_it_takes_any_deck_that_cardforge_wrote(deck: Deck) -> None:
    out = BytesIO()
    YamlExporter().write(deck, out, Context(now=0))
    data = yaml.load(out.getvalue(), Editor)
    assert [error.message for error in validator().iter_errors(data)] == []
