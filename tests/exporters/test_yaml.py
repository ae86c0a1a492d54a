"""The YAML exporter: nothing is lost, and a person likes to read it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from cardforge import Choice, Deck, Flashcard, Html, MultipleChoice, Numeric, Section, export, load, write
from cardforge.schema import deck_schema
from tests.clients import want_module
from tests.strategies import decks


@settings(max_examples=150, deadline=None)
@given(decks())
def test_a_deck_comes_back_equal(deck: Deck) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.yaml"
        write(deck, "yaml", path)
        assert load(path) == deck


@settings(max_examples=50, deadline=None)
@given(decks())
def test_editors_take_it_for_a_deck(deck: Deck) -> None:
    want_module("jsonschema")
    import jsonschema

    written = yaml.safe_load(export(deck, "yaml").data.decode())
    jsonschema.Draft202012Validator(deck_schema()).validate(_without_dates(written))


def _without_dates(data: object) -> object:
    """YAML reads 2024-01-01 as a date, for which JSON has no type."""
    if isinstance(data, dict):
        return {key: _without_dates(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_without_dates(value) for value in data]
    return data if isinstance(data, str | int | float | bool) or data is None else str(data)


@pytest.mark.parametrize("text", ["no", "12:30", "017", "1e3", "~", "null", "true", "2024-01-01", "0x1f", "- a", "# x"])
def test_a_scalar_with_another_meaning_stays_text(text: str, tmp_path: Path) -> None:
    deck = Deck(title=text, items=(Flashcard(front=text, back="b", tags=(text,)),))
    write(deck, "yaml", tmp_path / "deck.yaml")
    assert load(tmp_path / "deck.yaml") == deck
    assert isinstance(yaml.safe_load((tmp_path / "deck.yaml").read_text())["items"][0]["front"], str)


def test_what_it_writes_is_readable() -> None:
    deck = Deck(
        title="Vectors: a first look",
        tags=("maths", "linear algebra"),
        description="One paragraph.\n\nAnd another.",
        targets={"csv": {"profile": "anki"}},
        items=(
            Flashcard(id="norm", front="What is a norm?", back="A length:\n\n- never negative\n- scales", points=2),
            Section(
                section="Quiz",
                items=(
                    MultipleChoice(
                        stem=Html("<p>Which?</p>"),
                        choices=(Choice(text="this", correct=True, feedback="Yes."), Choice(text="# that")),
                        hint=("one", "two"),
                    ),
                    Numeric(stem="$1/3$?", answer="0.330", tolerance="1e-2", unit="m"),
                ),
            ),
        ),
    )
    assert export(deck, "yaml").data.decode() == WRITTEN


WRITTEN = """\
title: 'Vectors: a first look'
description: |-
  One paragraph.

  And another.
targets:
  csv:
    profile: anki
tags: [maths, linear algebra]
items:
- type: flashcard
  id: norm
  front: What is a norm?
  back: |-
    A length:

    - never negative
    - scales
  points: 2

- section: Quiz
  items:
  - type: multiple_choice
    stem:
      html: <p>Which?</p>
    choices:
    - text: this
      correct: true
      feedback: Yes.
    - text: '# that'
    hint:
    - one
    - two
  - type: numeric
    stem: $1/3$?
    answer: 0.330
    tolerance: 1e-2
    unit: m
"""


def test_any_script_is_written_as_it_is(tmp_path: Path) -> None:
    deck = Deck(title="\N{GRINNING FACE}", items=(Flashcard(front="\U00027d51\n\nb", back="a\u00a0b\n\nc"),))
    written = export(deck, "yaml").data.decode()
    assert "front: |-\n    \U00027d51\n\n    b\n  back: |-\n    a\u00a0b\n" in written


def test_options_that_are_numbers_need_no_quotes() -> None:
    targets = {"canvas": {"attempts": "3", "shuffle": "true", "title": "017", "words": ["-2", "2.0"]}}
    deck = Deck(title="T", items=(Flashcard(front="f", back="b"),), targets=targets)
    written = yaml.safe_load(export(deck, "yaml").data)
    assert written["targets"]["canvas"] == {"attempts": 3, "shuffle": True, "title": "017", "words": [-2, "2.0"]}
