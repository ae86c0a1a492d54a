"""The driver itself, with items written by hand: what it answers with arrives, and what goes wrong is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.qti_players import PLAYERS, Answer, Players
from tests.schemas import faults, want_schemas

_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="item" title="Item"
    adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="{base_type}">
  <qti-correct-response>{values}</qti-correct-response>
</qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float">
  <qti-default-value><qti-value>0</qti-value></qti-default-value>
</qti-outcome-declaration>
<qti-outcome-declaration identifier="RESULT" cardinality="single" base-type="identifier"/>
<qti-item-body>{body}</qti-item-body>
<qti-response-processing><qti-response-condition>
  <qti-response-if>
    <qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
    <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2</qti-base-value>
    </qti-set-outcome-value>
    <qti-set-outcome-value identifier="RESULT"><qti-base-value base-type="identifier">right</qti-base-value>
    </qti-set-outcome-value>
  </qti-response-if>
  <qti-response-else>
    <qti-set-outcome-value identifier="RESULT"><qti-base-value base-type="identifier">wrong</qti-base-value>
    </qti-set-outcome-value>
  </qti-response-else>
</qti-response-condition></qti-response-processing>
<qti-modal-feedback outcome-identifier="RESULT" identifier="right" show-hide="show"><qti-content-body>
  <p>Well done.</p></qti-content-body></qti-modal-feedback>
<qti-modal-feedback outcome-identifier="RESULT" identifier="wrong" show-hide="show"><qti-content-body>
  <p>Not quite.</p></qti-content-body></qti-modal-feedback>
</qti-assessment-item>
"""


def _item(body: str, cardinality: str, base_type: str, *correct: str) -> str:
    values = "".join(f"<qti-value>{value}</qti-value>" for value in correct)
    return _FRAME.format(body=body, cardinality=cardinality, base_type=base_type, values=values)


def _choices(most: int) -> str:
    options = "".join(f'<qti-simple-choice identifier="{name}">Option {name}</qti-simple-choice>' for name in "ABC")
    return f"""<p>Which?</p>
        <qti-choice-interaction response-identifier="RESPONSE" max-choices="{most}">{options}</qti-choice-interaction>"""


def _side(names: Sequence[str], most: int) -> str:
    choice = '<qti-simple-associable-choice identifier="{0}" match-max="{1}">Side {0}</qti-simple-associable-choice>'
    return f"<qti-simple-match-set>{''.join(choice.format(name, most) for name in names)}</qti-simple-match-set>"


def _match(presentation: str) -> str:
    return f"""<qti-match-interaction response-identifier="RESPONSE" max-associations="0" class="{presentation}">
        {_side(["l1", "l2"], 1)}{_side(["r1", "r2", "r3"], 0)}</qti-match-interaction>"""


_STEPS = "".join(f'<qti-simple-choice identifier="{name}">Step {name}</qti-simple-choice>' for name in "BCA")
_CHOICE = _item(_choices(1), "single", "identifier", "B")
_FIELD = '<p>Type: <qti-text-entry-interaction response-identifier="RESPONSE"/></p>'

# An item, a right answer and a wrong one.
ITEMS: dict[str, tuple[str, Answer, Answer]] = {
    "one choice": (_CHOICE, "B", "A"),
    "several choices": (_item(_choices(0), "multiple", "identifier", "A", "C"), ["C", "A"], ["A"]),
    "a text": (_item(_FIELD, "single", "string", "a &amp; b"), "a & b", "ab"),
    "an essay": (
        _item('<qti-extended-text-interaction response-identifier="RESPONSE"/>', "single", "string", "word"),
        "word",
        "two\nlines",
    ),
    "pairs": (
        _item(_match(""), "multiple", "directedPair", "l1 r2", "l2 r1"),
        ["l1 r2", "l2 r1"],
        ["l1 r1", "l2 r1"],
    ),
    "pairs in a table": (
        _item(_match("qti-match-tabular"), "multiple", "directedPair", "l1 r2", "l2 r1"),
        ["l1 r2", "l2 r1"],
        ["l1 r3"],
    ),
    "an order": (
        _item(
            f'<qti-order-interaction response-identifier="RESPONSE">{_STEPS}</qti-order-interaction>',
            "ordered",
            "identifier",
            *"ABC",
        ),
        ["A", "B", "C"],
        ["C", "A", "B"],
    ),
}

each_player = pytest.mark.parametrize("player", PLAYERS)
each_item = pytest.mark.parametrize("name", ITEMS)


@each_item
def test_the_items_are_valid(name: str) -> None:
    want_schemas()
    assert faults(ITEMS[name][0].encode()) == []


@each_player
@each_item
def test_a_right_answer_arrives(players: Players, player: str, name: str) -> None:
    item, right, _ = ITEMS[name]
    played = players.play(player, item, {"RESPONSE": right})
    assert (played.score, played.feedback, played.errors) == (2, ("Well done.",), ())


@each_player
@each_item
def test_a_wrong_answer_arrives(players: Players, player: str, name: str) -> None:
    item, _, wrong = ITEMS[name]
    played = players.play(player, item, {"RESPONSE": wrong})
    assert (played.score, played.feedback, played.errors) == (0, ("Not quite.",), ())


@each_player
def test_an_item_is_played_afresh_each_time(players: Players, player: str) -> None:
    players.play(player, _CHOICE, {"RESPONSE": "B"})
    assert players.play(player, _CHOICE).score == 0


@each_player
def test_feedback_is_seen_after_the_answer_only(players: Players, player: str) -> None:
    played = players.play(player, _CHOICE, {"RESPONSE": "B"})
    assert ("Well done." in played.before, "Well done." in played.after) == (False, True)


@each_player
def test_an_image_that_is_not_there_is_told(players: Players, player: str) -> None:
    item = _CHOICE.replace("Which?", '<img src="media/a.png" alt="a"/>')
    assert any("media/a.png" in error for error in players.play(player, item).errors)


@each_player
def test_an_image_in_the_package_is_shown(players: Players, player: str) -> None:
    item = _CHOICE.replace("Which?", '<img src="media/a.svg" alt="a"/>')
    image = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    played = players.play(player, item, files={"media/a.svg": image})
    assert ("[image]" in played.before, played.errors) == (True, ())


@each_player
def test_what_cannot_be_answered_is_told(players: Players, player: str) -> None:
    assert players.play(player, _CHOICE, {"RESPONSE": "D"}).errors == (
        "not played: there is no choice D to answer with",
    )


@each_player
def test_what_a_player_says_of_a_broken_item_is_told(players: Players, player: str) -> None:
    broken = _CHOICE.replace('<qti-variable identifier="RESPONSE"/>', '<qti-variable identifier="NOWHERE"/>')
    assert players.play(player, broken, {"RESPONSE": "B"}).errors


def test_qti3_item_player_takes_double_braces_for_code(players: Players) -> None:
    item = _CHOICE.replace("Which?", "{{ 1 + 1 }} {<!-- -->{ 1 + 1 }}")
    assert players.play("qti3-item-player", item).before.startswith("2 {{ 1 + 1 }}")
