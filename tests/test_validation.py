"""Validation of plain data: every mistake in one run, each at its place, whatever else is wrong beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge import validation
from cardforge.diagnostics import Loc, Problem, Severity
from cardforge.document import Document
from cardforge.media import NoMedia
from cardforge.model import Answer, Deck, Flashcard, ShortAnswer, texts, to_data
from cardforge.plugin import Draft
from cardforge.text import Html
from cardforge.validation import text_problems, validate
from tests.strategies import decks

CARD = {"type": "flashcard", "front": "Q", "back": "A"}
MOST = 1000


class Places:
    """Gives every part of the data a line of its own."""

    def __init__(self, data: Any) -> None:
        self.lines: list[Loc] = []
        self._number(data, ())

    def _number(self, data: Any, at: Loc) -> None:
        self.lines.append(at)
        for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
            self._number(value, (*at, key))

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        return self.lines.index(loc) if loc in self.lines else None


def mistakes(data: Any) -> list[tuple[str, Loc]]:
    """The code and the place of every mistake."""
    places = Places(data)
    assert len(places.lines) < MOST
    found = validate(Draft(data, Document("deck", "\n" * MOST), places)).diagnostics
    return sorted((d.code, places.lines[d.span.line - 1]) for d in found if d.span)


def in_item(item: Any) -> list[tuple[str, Loc]]:
    return [(code, at[2:]) for code, at in mistakes({"title": "T", "items": [item]})]


# --- any of these mistakes together --------------------------------------------------------------

CHOICES = {
    "type": "multiple_choice",
    "stem": "Q",
    "choices": [{"text": "A", "correct": "true"}, {"text": "B"}, {"text": "C"}, {"text": "D"}, {"text": "E"}],
    "hint": ["H", "I"],
}
Mistake = tuple[Callable[[Any], object], str, Loc]
IN_CHOICES: list[Mistake] = [
    (lambda i: i.update(stem=""), "empty-text", ("stem",)),
    (lambda i: i.update(level="hard"), "wrong-value", ("level",)),
    (lambda i: i.update(points="-1"), "wrong-value", ("points",)),
    (lambda i: i.update(id="a b"), "wrong-value", ("id",)),
    (lambda i: i.update(tags="a"), "wrong-type", ("tags",)),
    (lambda i: i.update(source=["a"]), "wrong-type", ("source",)),
    (lambda i: i.update(explanation={"text": "a"}), "wrong-type", ("explanation",)),
    (lambda i: i.update(feedback_correct={"html": ""}), "empty-text", ("feedback_correct", "html")),
    (lambda i: i.update(feedback_incorrect="$\\alhpa$"), "latex", ("feedback_incorrect",)),
    (lambda i: i.update(shuffle="maybe"), "wrong-value", ("shuffle",)),
    (lambda i: i.update(zzz="a"), "unknown-field", ("zzz",)),
    (lambda i: i["hint"].__setitem__(0, ""), "empty-text", ("hint", 0)),
    (lambda i: i["hint"].__setitem__(1, "$\\alhpa$"), "latex", ("hint", 1)),
    (lambda i: i["choices"][0].update(text="$\\alhpa$"), "latex", ("choices", 0, "text")),
    (lambda i: i["choices"][0].update(correct="false"), "no-correct-choice", ("choices",)),
    (lambda i: i["choices"][1].update(credit="7"), "wrong-value", ("choices", 1, "credit")),
    (lambda i: i["choices"][1].update(feedback=""), "empty-text", ("choices", 1, "feedback")),
    (lambda i: i["choices"][2].update(text=""), "empty-text", ("choices", 2, "text")),
    (lambda i: i["choices"][2].update(zzz=""), "unknown-field", ("choices", 2, "zzz")),
    (lambda i: i["choices"][3].pop("text"), "missing-field", ("choices", 3)),
    (lambda i: i["choices"][4].update(text="B"), "repeated-text", ("choices", 4, "text")),
]


@given(st.lists(st.sampled_from(range(len(IN_CHOICES))), unique=True))
def test_any_mistakes_of_a_multiple_choice_are_all_reported(chosen: list[int]) -> None:
    item = deepcopy(CHOICES)
    for index in chosen:
        IN_CHOICES[index][0](item)
    assert in_item(item) == sorted(IN_CHOICES[index][1:] for index in chosen)


DECK = {
    "title": "T",
    "items": [
        {"type": "cloze", "text": "{{c1::a}}"},
        {"section": "S", "items": [{"type": "ordering", "stem": "Q", "steps": ["a", "b", "c"]}, CARD]},
        {"type": "short_answer", "id": "one", "stem": "Q", "answers": ["a", {"text": "b"}]},
        {"type": "numeric", "stem": "Q", "answer": "1"},
        {"type": "matching", "stem": "Q", "pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "d"}]},
        {"type": "open_prompt", "stem": "Q", "concepts": ["a", {"text": "b"}]},
        {"type": "true_false", "stem": "Q", "answer": "true"},
    ],
}
IN_DECK: list[Mistake] = [
    (lambda d: d.update(title=""), "empty-text", ("title",)),
    (lambda d: d.update(description="$\\alhpa$"), "latex", ("description",)),
    (lambda d: d.update(language="British English"), "wrong-value", ("language",)),
    (lambda d: d.update(tags=["a", ""]), "empty-text", ("tags", 1)),
    (lambda d: d.update(targets={"anki": "a"}), "wrong-type", ("targets", "anki")),
    (lambda d: d.update(origin={}), "unknown-field", ("origin",)),
    (lambda d: d["items"][0].update(text="a"), "cloze-without-deletion", ("items", 0, "text")),
    (lambda d: d["items"][0].update(extra="$\\alhpa$"), "latex", ("items", 0, "extra")),
    (lambda d: d["items"][1].update(pick="0"), "wrong-value", ("items", 1, "pick")),
    (lambda d: d["items"][1].update(description="$\\alhpa$"), "latex", ("items", 1, "description")),
    (lambda d: d["items"][1]["items"][0].pop("stem"), "missing-field", ("items", 1, "items", 0)),
    (
        lambda d: d["items"][1]["items"][0]["steps"].__setitem__(2, "a"),
        "repeated-text",
        (*("items", 1, "items", 0), "steps", 2),
    ),
    (lambda d: d["items"][1]["items"].__setitem__(1, "text"), "wrong-type", ("items", 1, "items", 1)),
    (lambda d: d["items"][2]["answers"].__setitem__(0, ""), "empty-text", ("items", 2, "answers", 0)),
    (lambda d: d["items"][2]["answers"][1].update(credit="a"), "wrong-type", ("items", 2, "answers", 1, "credit")),
    (lambda d: d["items"][3].update(id="one"), "repeated-id", ("items", 3, "id")),
    (lambda d: d["items"][3].update(answer="one"), "wrong-value", ("items", 3, "answer")),
    (
        lambda d: d["items"][3].update(tolerance="1", tolerance_percent="1"),
        "two-tolerances",
        ("items", 3, "tolerance_percent"),
    ),
    (lambda d: d["items"][4]["pairs"][0].pop("right"), "missing-field", ("items", 4, "pairs", 0)),
    (lambda d: d["items"][4]["pairs"][1].update(right="$\\alhpa$"), "latex", ("items", 4, "pairs", 1, "right")),
    (lambda d: d["items"][5].update(concept_count="3"), "concept-count", ("items", 5, "concept_count")),
    (lambda d: d["items"][5]["concepts"].__setitem__(0, "$\\alhpa$"), "latex", ("items", 5, "concepts", 0)),
    (lambda d: d["items"][6].update(type="true-false"), "unknown-type", ("items", 6, "type")),
    (lambda d: d["items"][6].update(answer="yes"), "wrong-value", ("items", 6, "answer")),
]


@given(st.lists(st.sampled_from(range(len(IN_DECK))), unique=True))
def test_any_mistakes_of_a_deck_are_all_reported(chosen: list[int]) -> None:
    deck = deepcopy(DECK)
    for index in chosen:
        IN_DECK[index][0](deck)
    assert mistakes(deck) == sorted(IN_DECK[index][1:] for index in chosen)


# --- no mistake leads to another one -------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "flashcard", "fornt": "Q", "back": "A"}, [("unknown-field", ("fornt",))]),
        ({"type": "multiple_choice", "stem": "Q", "choises": []}, [("unknown-field", ("choises",))]),
        ({"type": "multiple_choice", "stem": "Q", "choices": ["A", "B"]}, [("wrong-type", ("choices", i)) for i in (0, 1)]),
        ({"type": "multiple_choice", "stem": "Q", "choices": {"A": "true"}}, [("wrong-type", ("choices",))]),
        ({"type": "multiple_choice", "stem": "Q"}, [("missing-field", ())]),
        (
            {"type": "multiple_choice", "stem": "Q", "choices": [{"text": "A", "corect": "true"}, {"text": "B"}]},
            [("unknown-field", ("choices", 0, "corect"))],
        ),
        (
            {"type": "multiple_choice", "stem": "Q", "choices": [{"text": "A", "correct": "yes"}, {"text": "B"}]},
            [("wrong-value", ("choices", 0, "correct"))],
        ),
        ({"type": "cloze"}, [("missing-field", ())]),
        ({"type": "cloze", "text": ""}, [("empty-text", ("text",))]),
        ({"type": "cloze", "text": ["a"]}, [("wrong-type", ("text",))]),
        ({"type": "ordering", "stem": "Q", "steps": ["", ""]}, [("empty-text", ("steps", i)) for i in (0, 1)]),
        ({"type": "ordering", "stem": "Q", "steps": "a, b"}, [("wrong-type", ("steps",))]),
        ({"type": "matching", "stem": "Q", "pairs": [{}, {}]}, [("missing-field", ("pairs", i)) for i in (0, 0, 1, 1)]),
        ({"type": "short_answer", "stem": "Q", "answers": ["", ""]}, [("empty-text", ("answers", i)) for i in (0, 1)]),
        ({"type": "numeric", "stem": "Q", "answer": "two", "tolerance": "1%"}, [("wrong-value", (n,)) for n in ("answer", "tolerance")]),
        ({"type": "open_prompt", "stem": "Q", "concepts": [[], "a"], "concept_count": "2"}, [("wrong-type", ("concepts", 0))]),
        ({"section": "S", "itmes": [CARD]}, [("unknown-field", ("itmes",))]),
        ({"section": "S", "items": ["a", CARD]}, [("wrong-type", ("items", 0))]),
        ({"front": "Q", "back": "A"}, [("missing-field", ())]),
        ({"typ": "flashcard", "front": "Q", "back": "A"}, [("missing-field", ()), ("unknown-field", ("typ",))]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once(item: Any, expected: list[tuple[str, Loc]]) -> None:
    assert in_item(item) == sorted(expected)


@pytest.mark.parametrize("data", [None, "", "a", [], [CARD], True, 3])
def test_what_is_no_deck(data: Any) -> None:
    assert mistakes(data) == [("not-a-deck", ())]


@pytest.mark.parametrize("data", [{}, {"items": [CARD]}, {"title": "T"}, {"title": "T", "items": None}])
def test_what_is_half_a_deck(data: Any) -> None:
    assert {code for code, _ in mistakes(data)} <= {"missing-field", "empty-list"}


# --- values as other formats give them -----------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        {"type": "true_false", "stem": "Q", "answer": True},
        {"type": "true_false", "stem": "Q", "answer": "True"},
        {"type": "numeric", "stem": "Q", "answer": "1.50", "tolerance": ".5"},
        CARD | {"points": "2", "reversed": "FALSE", "hint": "H"},
        CARD | {"front": {"html": "<b>Q</b>"}, "hint": {"html": "<b>H</b>"}},
    ],
)
def test_values_that_are_right(item: Any) -> None:
    assert in_item(item) == []


@pytest.mark.parametrize(
    "item", [CARD | {"front": None}, CARD | {"front": True}, CARD | {"front": 3}, CARD | {"hint": [None]}]
)
def test_values_that_are_no_texts(item: Any) -> None:
    assert [code for code, _ in in_item(item)] == ["wrong-type"]


# --- the diagnostics as a whole ------------------------------------------------------------------


def test_the_problems_of_the_source_are_among_them() -> None:
    problem = Problem("odd", "this is odd", "make it even", ("items", 0, "back"), severity=Severity.WARNING)
    data = {"title": "T", "items": [CARD]}
    validated = validate(Draft(data, Document("deck", "\n" * MOST), Places(data), problems=(problem,)))
    assert [d.code for d in validated.diagnostics] == ["odd"]
    assert validated.deck is not None
    assert [d.code for d in validated.deck.origin.warnings] == ["odd"]


def test_behind_very_many_wrong_items_none_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MOST_WRONG_ITEMS", 3)
    data = {"title": "T", "items": [{"type": "flashcard", "front": "Q"}] * 9}
    codes = [found.code for found in validate(Draft(data, Document("deck", "-\n"))).diagnostics]
    assert codes == ["missing-field"] * 4 + ["too-many-mistakes"]


def test_a_source_that_knows_no_places_has_its_mistakes_at_the_beginning() -> None:
    validated = validate(Draft({"title": "T"}, Document("deck", "T")))
    assert [str(d.span) for d in validated.diagnostics] == ["deck:1:1"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"items": [CARD]}, []),
        ({"items": [{**CARD, "back": "![x](x.svg)", "level": "low"}]}, ["wrong-value", "media-missing"]),
        ({"items": [{**CARD, "front": "<blink>x</blink>"}]}, []),
        ({"language": "en"}, []),
        ({"language": "some english"}, ["wrong-value"]),
    ],
)
def test_the_mistakes_in_a_part_of_a_deck(fields: dict[str, Any], found: list[str]) -> None:
    assert [problem.code for problem in validation.mistakes(fields, NoMedia())] == found


def test_problems_of_the_texts_of_a_deck_built_in_python() -> None:
    deck = Deck(title="T", items=(Flashcard(front="![x](x.svg)", back="$\\alhpa$"),))
    assert [(p.code, p.at) for p in text_problems(deck)] == [
        ("media-missing", ("items", 0, "front")),
        ("latex", ("items", 0, "back")),
    ]


@given(decks())
def test_the_plain_data_of_any_deck_is_valid_and_gives_that_deck(deck: Deck) -> None:
    validated = validate(Draft(_as_text(to_data(deck)), Document("deck", "T")))
    assert validated.deck == deck


def _as_text(data: Any) -> Any:
    """Numbers as text, as sources give them."""
    if isinstance(data, dict):
        return {key: _as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_text(value) for value in data]
    return str(data) if isinstance(data, int | float) and not isinstance(data, bool) else data


# --- which fields hold texts ---------------------------------------------------------------------


@given(decks())
def test_the_texts_of_a_deck_are_all_found(deck: Deck) -> None:
    """Those in HTML stand for all: nothing but a text can be HTML."""
    parts = [deck, *(section for section, _, _ in deck.sections()), *(entry.item for entry in deck.entries())]
    found = [text for part in parts for _, text in texts(part) if isinstance(text, Html)]
    assert len(found) == _htmls(to_data(deck))


def _htmls(data: Any) -> int:
    if isinstance(data, dict):
        return 1 if data.keys() == {"html"} else sum(_htmls(value) for value in data.values())
    return sum(_htmls(value) for value in data) if isinstance(data, list) else 0


def test_an_answer_to_be_typed_is_no_text() -> None:
    item = ShortAnswer(stem="Q", answers=(Answer(text="*typed*", feedback="F"),))
    assert dict(texts(item)) == {("stem",): "Q", ("answers", 0, "feedback"): "F"}


# --- what is advised -----------------------------------------------------------------------------


def fixes(data: Any) -> list[str]:
    return [found.fix for found in validate(Draft(data, Document("deck", "T"))).diagnostics]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "flashcard", "front": ["Q"], "back": "A"},
        {"type": "multiple_choice", "stem": "Q", "choices": "A"},
        {"type": "multiple_choice", "stem": "Q", "choices": ["A", "B"]},
        {"type": "multiple_choice", "stem": "Q", "choices": {"text": "A"}},
        {"type": "multiple_choice", "stem": "Q"},
        {"type": "matching", "stem": "Q", "pairs": ["A"]},
        {"type": "matching", "stem": "Q"},
        {"type": "ordering", "stem": "Q"},
        {"section": "S", "items": []},
    ],
)
def test_advice_on_how_to_write_yaml_says_so(item: Any) -> None:
    told = fixes({"title": "T", "items": [item], "targets": "x"})
    assert [fix for fix in told if re.search(r"hyphen|- |below|quotes", fix.partition("in YAML")[0])] == []


@pytest.mark.parametrize("name", ["Frage", "mnemonic", "Context", "beispiel"])
def test_nobody_is_told_to_just_remove_a_text(name: str) -> None:
    in_an_item = {**CARD, name: "A text"}
    in_a_choice = {"type": "multiple_choice", "stem": "Q", "choices": [*CHOICES["choices"], {"text": "F", name: "G"}]}
    in_a_section = {"section": "S", "items": [CARD], name: "A text"}
    told = fixes({"title": "T", name: "A text", "items": [in_an_item, in_a_choice, in_a_section]})
    assert sorted(fix.partition(",")[0] for fix in told) == [
        "move its text to description",
        "move its text to description",
        "move its text to explanation",
        "move its text to feedback",
    ]


def test_a_field_by_another_name_is_taken_for_it_once() -> None:
    item = {"type": "flashcard", "question": "Q", "Answer": "A", "term": "T"}
    told = [fix.partition(",")[0] for fix in fixes({"title": "T", "items": [item]})]
    assert told == ["write front", "write back", "move its text to explanation"]
