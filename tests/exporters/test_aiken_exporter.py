"""Aiken: multiple choice with one right choice, and everything else said to be lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.fidelity import Feature, Level
from cardforge.model import AnyItem, Choice, Deck, Flashcard, MultipleChoice, TrueFalse
from cardforge.text import plain
from cardforge.text.content import has_visible
from cardforge.validation import validate
from cardforge_exporters.aiken import AikenExporter
from cardforge_sources import aiken
from tests.conftest import Golden
from tests.strategies import decks

GOLDENS = Path(__file__).parent / "goldens"


def written(*items: AnyItem) -> str:
    return api.export(Deck(title="T", items=items), "aiken", now=0).data.decode()


def test_every_feature_is_declared() -> None:
    assert AikenExporter.capabilities.keys() == set(Feature)


def test_a_deck_with_every_kind_is_written_as_agreed(golden: Golden) -> None:
    data = api.export(api.load(GOLDENS / "moodle" / "deck.yaml"), "aiken", now=0).data
    golden(data.decode(), GOLDENS / "aiken" / "deck.txt")


def test_true_and_false_are_choices() -> None:
    assert written(TrueFalse(stem="So?", answer=False)) == "So?\nA) True\nB) False\nANSWER: B\n\n"


@pytest.mark.parametrize("stem", ["A) first", "ANSWER: B", "Z. x", "x"])
def test_a_text_that_looks_like_another_line_has_a_dot_before_it(stem: str) -> None:
    assert written(TrueFalse(stem=stem, answer=True)).startswith(f"· {stem}\n")


def test_a_deck_of_other_kinds_is_refused() -> None:
    with pytest.raises(InvalidDeck):
        written(Flashcard(front="a", back="b"))


def test_several_right_choices_are_said_to_be_lost() -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=True))
    deck = Deck(title="T", items=(TrueFalse(stem="Q", answer=True), MultipleChoice(stem="Q", choices=choices)))
    lost = [loss for loss in api.export(deck, "aiken").losses if loss.feature is Feature.MULTIPLE_CHOICE]
    assert [loss.level for loss in lost] == [Level.DROPPED]


@given(decks())
def test_what_is_not_said_to_be_lost_comes_back(deck: Deck) -> None:
    try:
        export = api.export(deck, "aiken", now=0)
    except InvalidDeck:
        return
    lost = {loss.item for loss in export.losses if loss.level is Level.DROPPED and loss.feature in _KINDS}
    arriving = [entry.item for entry in deck.entries() if entry.id not in lost]
    there = validate(aiken.read_bytes(export.data, Path("deck.txt"))).deck
    assert there is not None
    assert [_asked(item) for item in there.items if isinstance(item, MultipleChoice)] == [
        _asked(item) for item in arriving if isinstance(item, MultipleChoice | TrueFalse)
    ]


_KINDS = {Feature(kind) for kind in ("multiple_choice", "flashcard", "cloze", "short_answer", "numeric", "matching")}
_CONTROLS = str.maketrans("", "", "".join(chr(c) for c in [*range(32), *range(127, 160)]))


def _asked(item: MultipleChoice | TrueFalse) -> tuple[str, list[tuple[str, bool]]]:
    if isinstance(item, TrueFalse):
        choices = [("True", item.answer), ("False", not item.answer)]
    else:
        best = next(choice for choice in item.choices if choice.correct)
        choices = [(_line(plain(choice.text)), choice is best) for choice in item.choices]
    return _line(plain(item.stem)), choices


def _line(text: str) -> str:
    shown = " ".join(text.translate(_CONTROLS).split())
    return (shown if has_visible(shown) else "…").removeprefix("· ")
