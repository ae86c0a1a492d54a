"""The study page in a browser: hostile and odd decks, learners with special needs, small screens, many cards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from cardforge import load
from cardforge.model import (
    Answer,
    Choice,
    Cloze,
    Concept,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html, Text
from tests.clients import want_npm
from tests.exporters.html.learner import Learner, axe, write_page
from tests.strategies import decks

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_TESTS = Path(__file__).parents[2]
_EXAMPLES = sorted((_TESTS.parent / "examples").glob("*.yaml"))
_NPM = Path(os.environ.get("CARDFORGE_PLAYERS", _TESTS / "players"))


def _walk(learner: Learner) -> Iterator[str]:
    """Goes through a page: yields at each view, before and after each unit is answered."""
    yield "overview"
    for part in range(learner.page.locator(".part-card").count()):
        begin = learner.page.locator(".part-card").nth(part).locator(".primary")
        if not begin.count():
            continue
        begin.click()
        while learner.card.count():
            kind = learner.kind
            yield f"{kind}, asked"
            _answer(learner)
            yield f"{kind}, answered"
            rating = learner.page.locator(".rating")
            (rating if rating.count() else learner.page.locator(".next")).first.click()
        yield "summary"
        learner.press("‹ Overview")


def _answer(learner: Learner) -> None:
    """Any answer."""
    while (
        learner.card.get_by_role("button", name="Hint").count()
        or learner.card.get_by_role("button", name="Another").count()
    ):
        learner.card.locator(".actions .quiet").last.click()
    give_up = learner.card.get_by_role("button", name="I don’t know")
    primary = learner.card.locator(".actions .primary")
    (give_up if give_up.count() else primary if primary.count() else learner.card.locator(".letter")).first.click()


# --- hostile texts -------------------------------------------------------------------------------

_ATTACKS = [
    "<script>hacked()</script>",
    "</script><script>hacked()</script>",
    '<img onerror="hacked()" alt="a">',
    "<svg onload=hacked()></svg>",
    '<b onclick="hacked()" onmouseover="hacked()" style="background:url(https://example.org/a)">press</b>',
    '<a href="javascript:hacked()">press</a>',
    "[press](javascript:hacked())",
    "<details open ontoggle=hacked()>a</details>",
    '<iframe srcdoc="<script>hacked()</script>"></iframe>',
    "<style>@import 'https://example.org/a.css'; body { display: none }</style>",
    "<link rel=stylesheet href=https://example.org/a.css>",
    "<form action=https://example.org><button>press</button></form>",
    '<p id="cardforge-deck" class="unseen">a</p>',
    "<base href=https://example.org>",
    "<math><mtext><script>hacked()</script></mtext></math>",
    "`</template><script>hacked()</script>`",
]


def _hostile(text: Text, line: str) -> Deck:
    said: dict[str, Any] = {"explanation": text, "source": text, "hint": (text,), "tags": (line,)}
    items = (
        Flashcard(front=text, back=text, reversed=True, **said),
        MultipleChoice(stem=text, choices=(Choice(text=text, correct=True, feedback=text), Choice(text="b")), **said),
        TrueFalse(stem=text, answer=True, feedback_correct=text, feedback_incorrect=text),
        ShortAnswer(stem=text, answers=(Answer(text=line, feedback=text),)),
        Numeric(stem=text, answer="1", unit=line),
        Matching(stem=text, pairs=(Pair(left=text, right=text), Pair(left="l", right="r")), distractors=("d",)),
        Ordering(stem=text, steps=(text, "b")),
        OpenPrompt(stem=text, concepts=(Concept(text=text),), model_answer=text),
        Cloze(text=f"{{{{c1::{line}x::{line}x}}}}", extra=text),
    )
    section = Section(section=line, description=text, tags=(line,), items=items)
    return Deck(id="hostile", title=line, description=text, author=line, license=line, tags=(line,), items=(section,))


_ALL_ATTACKS = "\n\n".join(_ATTACKS)


@pytest.mark.parametrize("text", [_ALL_ATTACKS, Html(_ALL_ATTACKS)], ids=["markdown", "html"])
def test_a_deck_s_text_runs_nothing(learner: Learner, tmp_path: Path, text: Text) -> None:
    _attack(learner, tmp_path, _hostile(text, " ".join(_ATTACKS)))


@pytest.mark.slow
@pytest.mark.parametrize("attack", _ATTACKS)
def test_no_single_attack_runs_anything(learner: Learner, tmp_path: Path, attack: str) -> None:
    for text in (f"seen {attack}", Html(f"seen {attack}")):
        _attack(learner, tmp_path, _hostile(text, attack))


def _attack(learner: Learner, folder: Path, deck: Deck) -> None:
    """Goes through a deck's page, and presses whatever its texts offer."""
    learner.open(write_page(deck, folder / "a.html"))
    learner.page.evaluate("() => { window.hacks = 0; window.hacked = () => { window.hacks += 1; }; }")
    for _ in _walk(learner):
        learner.page.evaluate(_PRESS)
    assert learner.page.evaluate("() => [window.hacks, document.title]") == [0, deck.title]


_PRESS = """() => {
  for (const node of document.querySelectorAll(".text *")) {
    if (node.localName !== "a" || node.protocol === "javascript:") node.dispatchEvent(new MouseEvent("click"));
  }
}"""


# --- odd decks -----------------------------------------------------------------------------------

_HERE_ONLY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(deck=decks())
@settings(max_examples=5, suppress_health_check=_HERE_ONLY)
def test_any_deck_is_worked_through(learner: Learner, tmp_path: Path, deck: Deck) -> None:
    _work_through(learner, tmp_path, deck)


@pytest.mark.slow
@given(deck=decks())
@settings(max_examples=150, suppress_health_check=_HERE_ONLY)
def test_any_of_many_decks_is_worked_through(learner: Learner, tmp_path: Path, deck: Deck) -> None:
    _work_through(learner, tmp_path, deck)


def _work_through(learner: Learner, folder: Path, deck: Deck) -> None:
    learner.open(write_page(deck, folder / "a.html"))
    learner.forget()
    learner.page.reload()
    for _ in _walk(learner):
        pass
    learner.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    learner.forget()
    assert learner.take_problems() == []


# --- for everyone --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [
        ("light", 390, []),
        ("dark", 390, ["color-contrast"]),  # all that the dark can change
        pytest.param("light", 1200, [], marks=pytest.mark.slow),
        pytest.param("dark", 1200, [], marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_wrong(browser: Browser, page_path: Path, scheme: str, width: int, rules: list[str]) -> None:
    want_npm(_NPM, "axe-core")
    script = (_NPM / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
        bypass_csp=True,  # for axe itself, which is no part of the page
    )
    learner = Learner(context)
    learner.open(page_path)
    seen: dict[str, object] = {}
    for view in _walk(learner):
        if view == "overview":
            learner.page.locator(".selection summary").click()
        if view not in seen:
            seen[view] = axe(learner.page, script, rules)
    context.close()
    assert {view: wrong for view, wrong in seen.items() if wrong} == {}


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_worked_through_on_a_phone(browser: Browser, tmp_path: Path, path: Path) -> None:
    want_npm(_NPM, "axe-core")
    script = (_NPM / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce", bypass_csp=True)
    learner = Learner(context)
    learner.open(write_page(load(path), tmp_path / "a.html"))
    seen: dict[str, object] = {}
    for number, view in enumerate(_walk(learner)):
        # An answered card shows what was asked, too.
        wrong = axe(learner.page, script, _RULES_OF_TEXTS) if "answered" in view else []
        seen[f"{number}: {view}"] = (wrong, learner.page.evaluate(_WIDTH))
    context.close()
    assert {view: found for view, found in seen.items() if found != ([], 360)} == {}
    assert learner.problems == []


# What a deck's own texts can break; the page around them is checked with every kind.
_RULES_OF_TEXTS = [
    f"cat.{name}" for name in "language name-role-value semantics structure tables text-alternatives".split()
]
_WIDTH = "() => document.documentElement.scrollWidth"


_WIDE = (
    Flashcard(
        front=f"| a | b |\n|---|---|\n| {'a' * 60} | {'b' * 60} |", back=f"```\n{'x ' * 90}\n```\n\n$${'x + ' * 60}y$$"
    ),
    TrueFalse(stem=f"# High\n\n#### Low\n\nSo $x{' + x' * 60}$.", answer=True),
    Cloze(text="| {{c1::a}} | b |\n|---|---|\n| c | {{c2::d::hint}} |"),
)


def test_wide_texts_scroll_inside_the_card_with_the_keyboard_too(browser: Browser, tmp_path: Path) -> None:
    want_npm(_NPM, "axe-core")
    script = (_NPM / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce", bypass_csp=True)
    learner = Learner(context)
    learner.open(write_page(Deck(title="Wide", items=_WIDE), tmp_path / "a.html"))
    seen = {view: (axe(learner.page, script, []), learner.page.evaluate(_WIDTH)) for view in _walk(learner)}
    context.close()
    assert {view: found for view, found in seen.items() if found != ([], 360)} == {}


_WIDE_TEXT = f"""
{"w" * 3000} is $x{" + x" * 60}$, `{"c" * 200}` or https://example.org/{"a/" * 150}

$$x{" + x" * 60}$$

    {"code " * 80}

- 1
  - 2
    - 3
      > {"q" * 200}

| a | b |
|---|---|
| {"a" * 60} | {"several words " * 9} |
"""


def test_nothing_is_wider_than_a_phone(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    learner = Learner(context)
    learner.open(write_page(_hostile(_WIDE_TEXT, "w" * 3000), tmp_path / "a.html"))
    wide = {view: width for view in _walk(learner) if (width := learner.page.evaluate(_WIDTH)) > 360}
    context.close()
    assert wide == {}


def test_with_scripts_off_the_page_says_what_it_wants(browser: Browser, page_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_path.as_uri())
    shown = page.inner_text("body")
    context.close()
    assert "JavaScript" in shown


# --- many cards ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "Flashcards"], ids=["beginning", "run"])
def test_a_page_of_many_cards_builds_no_more_than_one_of_few(learner: Learner, tmp_path: Path, place: str) -> None:
    def elements(count: int) -> int:
        cards = (
            Flashcard(id=f"card-{n}", front=f"What is **{n}** and *more*?", back=f"It is `{n}`.", tags=(f"t{n % 50}",))
            for n in range(count)
        )
        learner.open(write_page(Deck(title="Many", items=tuple(cards)), tmp_path / f"{count}.html"))
        learner.page.get_by_role("heading", level=1).wait_for()
        if place:
            learner.start(place)
            learner.press("Show the answer")
        return int(learner.page.evaluate("document.body.querySelectorAll('*').length"))

    assert elements(2_000) == elements(50)
