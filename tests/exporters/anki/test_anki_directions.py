"""Each text of a card runs in its own direction, in both kinds of programs, before and after an answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cardforge import Cloze, Deck, Flashcard, Html, MultipleChoice, ShortAnswer, write
from cardforge.model import Answer, AnyItem, Choice, Concept, Matching, OpenPrompt, Ordering, Pair
from tests.anki_backend import Anki, Rendered
from tests.clients import want_module
from tests.exporters.anki.reviewer import Reviewer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARABIC, MIXED, GERMAN = "عاصمة مصر", "Cairo القاهرة", "die Hauptstadt"
ITEMS: tuple[AnyItem, ...] = (
    Flashcard(
        id="arabic", front=ARABIC, back=Html(f"<p>{ARABIC}</p><pre><code>x = 1</code></pre>"), explanation=ARABIC
    ),
    Flashcard(id="german", front=GERMAN, back=GERMAN, explanation=GERMAN),
    Flashcard(id="mixed", front=MIXED, back=ARABIC, hint=(ARABIC,), source=MIXED),
    Cloze(id="cloze", text=f"{ARABIC} {{{{c1::Cairo}}}}", extra=GERMAN),
    MultipleChoice(
        id="choice",
        stem=ARABIC,
        choices=(Choice(text=ARABIC, correct=True, feedback=GERMAN), Choice(text=MIXED, feedback=ARABIC)),
        feedback_incorrect=ARABIC,
    ),
    ShortAnswer(id="typed", stem=GERMAN, answers=(Answer(text=ARABIC), Answer(text=MIXED, credit=0.5))),
    Matching(id="pairs", stem=GERMAN, pairs=(Pair(left=ARABIC, right=MIXED), Pair(left=GERMAN, right="القاهرة"))),
    Ordering(id="steps", stem=ARABIC, steps=(ARABIC, MIXED)),
    OpenPrompt(id="prompt", stem=ARABIC, concepts=(Concept(text=ARABIC), Concept(text=MIXED)), model_answer=MIXED),
)
_DIRECTIONS = """selector => [...document.querySelectorAll(selector)].filter(element => element.getClientRects().length)
  .map(element => getComputedStyle(element).direction)"""


@pytest.fixture(scope="module")
def cards() -> dict[str, Rendered]:
    """Each item's card, by the item's id; and the style under ``""``."""
    want_module("anki")
    with tempfile.TemporaryDirectory() as folder, Anki(Path(folder) / "anki") as anki:
        deck = Deck(id="d", title="Deck", items=ITEMS)
        anki.take(write(deck, "anki", Path(folder) / "deck.apkg", now=1_700_000_000).path)
        notes = anki.notes()
        found = {unescape(notes[card.guid]["Item id"]): card for card in anki.cards()}
        return {**found, "": Rendered("", "", 0, anki.css("Cardforge Question"), "")}


@pytest.fixture(scope="module", params=[False, True], ids=["desktop", "AnkiDroid"])
def reviewer(request: pytest.FixtureRequest, browser: Browser, cards: dict[str, Rendered]) -> Iterator[Reviewer]:
    reviewer = Reviewer(browser.new_context().new_page(), cards[""].front, request.param)
    yield reviewer
    assert reviewer.errors == []
    reviewer.page.context.close()


def directions(reviewer: Reviewer, selector: str) -> list[str]:
    found: list[str] = reviewer.page.evaluate(_DIRECTIONS, selector)
    return found


@pytest.mark.parametrize(
    ("item", "selector", "expected"),
    [
        ("arabic", ".cf-ask, .cf-answer, .cf-explanation", ["rtl"] * 3),
        ("arabic", ".cf pre", ["ltr"]),
        ("german", ".cf-ask, .cf-answer, .cf-explanation", ["ltr"] * 3),
        ("mixed", ".cf-ask, .cf-answer, .cf-source", ["ltr", "rtl", "ltr"]),
        ("cloze", ".cf-ask, .cf-extra", ["rtl", "ltr"]),
        ("choice", ".cf-ask", ["rtl"]),
        ("typed", ".cf-ask, .cf-answers > li", ["ltr", "rtl", "ltr"]),
        ("prompt", ".cf-ask, .cf-answer, .cf-concepts > li", ["rtl", "ltr", "rtl", "ltr"]),
    ],
)
def test_a_back_s_texts_run_in_their_directions(
    item: str, selector: str, expected: list[str], reviewer: Reviewer, cards: dict[str, Rendered]
) -> None:
    reviewer.back(cards[item])
    assert directions(reviewer, selector) == expected


def test_choices_and_what_is_said_to_them_run_in_their_directions(
    reviewer: Reviewer, cards: dict[str, Rendered]
) -> None:
    reviewer.front(cards["choice"])
    assert sorted(directions(reviewer, ".cf-choices > li")) == ["ltr", "rtl"]
    reviewer.tap(MIXED)
    assert directions(reviewer, ".cf-choice-feedback, .cf-if-wrong") == ["rtl", "rtl"]
    reviewer.back(cards["choice"])
    assert sorted(directions(reviewer, ".cf-choices > li")) == ["ltr", "rtl"]


def test_what_is_typed_runs_in_its_direction(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["typed"])
    reviewer.type(ARABIC)
    assert directions(reviewer, ".cf-typed input") == ["rtl"]
    reviewer.back(cards["typed"])
    assert directions(reviewer, ".cf-given, .cf-given bdi") == ["ltr", "rtl"]


def test_a_letter_before_a_row_decides_nothing(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["pairs"])
    assert directions(reviewer, ".cf-lefts > li") == ["rtl", "ltr"]
    assert sorted(directions(reviewer, ".cf-letters > li")) == ["ltr", "rtl"]
    for right in (MIXED, "القاهرة"):
        reviewer.tap(right)
    assert directions(reviewer, ".cf-lefts > li") == ["rtl", "ltr"]
    reviewer.back(cards["pairs"])
    assert directions(reviewer, ".cf-pairs td") == ["rtl", "ltr", "ltr", "rtl"]


def test_steps_that_move_keep_their_directions(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["steps"])
    reviewer.page.locator(".cf-steps > li", has_text=MIXED).click()
    assert directions(reviewer, ".cf-steps > li") == ["ltr", "rtl"]


@pytest.mark.parametrize(("item", "is_right"), [("arabic", True), ("german", False), ("mixed", False)])
def test_a_text_begins_at_its_own_side(
    item: str, is_right: bool, reviewer: Reviewer, cards: dict[str, Rendered]
) -> None:
    reviewer.front(cards[item])
    left, right = reviewer.page.evaluate(
        """() => {
          const ask = document.querySelector(".cf-ask"), range = document.createRange();
          range.selectNodeContents(ask);
          const text = range.getBoundingClientRect(), all = ask.getBoundingClientRect();
          return [text.left - all.left, all.right - text.right];
        }"""
    )
    assert (right < 2, left < 2) == (is_right, not is_right)


def test_a_hint_runs_in_its_direction(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    """Beside its label, which is at the left."""
    reviewer.front(cards["mixed"])
    reviewer.page.locator("summary").click()
    right = reviewer.page.evaluate(
        """() => {
          const details = document.querySelector("details"), range = document.createRange();
          range.selectNode(details.lastChild);
          return details.getBoundingClientRect().right - range.getBoundingClientRect().right;
        }"""
    )
    assert right < 2
