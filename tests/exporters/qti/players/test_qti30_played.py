"""Every item that qti30 writes, answered in two QTI 3 players: score and feedback are what the model says."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from cardforge import Deck, load, write
from cardforge.model import AnyItem, Cloze, Ordering
from tests.exporters.qti.cases import Case, Response, cases, items
from tests.exporters.qti.players.sight import asked, feedback, letters, reads
from tests.qti_players import PLAYERS, Answer, Played, Players
from tests.strategies import decks

_HERE = Path(__file__).parent
EVERY_KIND = _HERE / "every_kind.yaml"
_EXAMPLES = _HERE.parents[3] / "examples"
DECKS = (
    EVERY_KIND,
    _EXAMPLES / "attention.yaml",
    pytest.param(_EXAMPLES / "vocabulary.yaml", marks=pytest.mark.slow),
)

# qti-components rounds to three digits, sums as it goes.
_ROUNDED = {"qti3-item-player": 1e-9, "qti-components": 0.002}
# Programs compare binary numbers, which have no more digits that count.
_EXACT_DIGITS = 15

each_player = pytest.mark.parametrize("player", PLAYERS)


@dataclass(frozen=True)
class Package:
    """What was exported: every file by its name, and every item's XML by its identifier."""

    files: Mapping[str, bytes]
    items: Mapping[str, str]


def _export(deck: Deck) -> Package:
    with tempfile.TemporaryDirectory() as folder:
        written = write(deck, "qti30", Path(folder) / "deck.zip")
        with zipfile.ZipFile(written.path) as package:
            files = {name: package.read(name) for name in package.namelist()}
    roots = [(ElementTree.fromstring(data), data) for name, data in files.items() if name.endswith(".xml")]
    found = {root.get("identifier", ""): data.decode() for root, data in roots if root.tag.endswith("assessment-item")}
    return Package(files, found)


def _answers(case: Case) -> dict[str, Answer]:
    return {
        name: response.values[0] if response.cardinality == "single" else response.values
        for name, response in case.responses.items()
        if response.values
    }


def _can_be_played(item: AnyItem, case: Case, player: str) -> bool:
    if isinstance(item, Ordering):
        # A player may take the order in which it shows the steps for an answer.
        return bool(_answers(case))
    if isinstance(item, Cloze) and player == "qti-components":
        # It writes a score of 1,000 so, and cannot add to that.
        return item.points < 1000
    return all(_is_exact(response) for response in case.responses.values())


def _is_exact(response: Response) -> bool:
    if response.base_type != "float":
        return True
    return all(len(Decimal(value).normalize().as_tuple().digits) <= _EXACT_DIGITS for value in response.values)


def _differences(player: str, played: Played, item: AnyItem, case: Case) -> Sequence[str]:
    """How an item that was played is not as the model says."""
    if played.errors:
        return played.errors
    wrong = []
    if played.score != pytest.approx(case.score or 0, rel=1e-9, abs=_ROUNDED[player]):
        wrong.append(f"scores {played.score} and not {case.score}")
    texts = feedback(item)
    expected = sorted(filter(None, (letters(texts[shown]) for shown in case.shown)))
    if sorted(map(letters, played.feedback)) != expected:
        wrong.append(f"shows {list(played.feedback)} and not {sorted(case.shown)}")
    seen = letters(played.before)
    wrong += [f"does not show {text!r} before the answer" for text in asked(item) if letters(text) not in seen]
    return wrong


def _played_wrong(players: Players, player: str, deck: Deck) -> Iterator[str]:
    """What a player does that the model does not say."""
    package = _export(deck)
    for name, item in items(deck):
        for case in cases(item):
            if _can_be_played(item, case, player):
                played = players.play(player, package.items[name], _answers(case), package.files)
                for difference in _differences(player, played, item, case):
                    yield f"{name}, {_answers(case)}: {difference}"


@each_player
@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_answer_scores_and_shows_what_the_model_says(players: Players, player: str, path: Path) -> None:
    assert list(_played_wrong(players, player, load(path))) == []


@each_player
def test_nothing_is_given_away_before_the_answer(players: Players, player: str) -> None:
    deck = load(EVERY_KIND)
    package = _export(deck)
    for name, item in items(deck):
        before = letters(players.play(player, package.items[name], {}, package.files).before)
        assert [text for text in feedback(item).values() if text and letters(text) in before] == []


@each_player
def test_hints_are_opened_by_a_click(players: Players, player: str) -> None:
    deck = load(EVERY_KIND)
    package = _export(deck)
    name, item = next((name, item) for name, item in items(deck) if item.id == "one")
    players.play(player, package.items[name], {}, package.files)
    closed, opened = (letters(seen) for seen in players.clicked(player, "summary"))
    hints = [letters(reads(hint)) for hint in item.hint]
    assert [(hint in closed, hint in opened) for hint in hints] == [(False, True), (False, True)]


@each_player
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(deck=decks())
def test_any_deck_is_played_as_the_model_says(players: Players, player: str, deck: Deck) -> None:
    assert list(_played_wrong(players, player, deck)) == []


@pytest.mark.slow
@each_player
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(deck=decks())
def test_many_decks_are_played_as_the_model_says(players: Players, player: str, deck: Deck) -> None:
    assert list(_played_wrong(players, player, deck)) == []
