"""Cards answer back: rendered by Anki itself, answered in a browser as a learner would, in both kinds of programs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from cardforge import Deck, Html, write
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Concept,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)
from cardforge_exporters import judging
from tests.anki_backend import Anki, Rendered
from tests.clients import want_module
from tests.exporters.anki.reviewer import Reviewer
from tests.strategies import decks

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RIGHT, WRONG = "\u2713 Correct", "\u2717 Incorrect"
HOSTILE = [
    "</script><script>document.title = 'hacked'</script>",
    "<img src=x onerror=\"document.title='hacked'\">",
    "\"quoted\" and 'quoted'",
    r"\ back\\slash \(x\) \u003c",
    "{{Front}} {{c1::gap}} {{FrontSide}}",
    "[sound:x.mp3] [[type:Stem]] [latex]x[/latex] [$]x[/$]",
    "&lt;b&gt; &amp; <!-- -->",
]

CAPITALS = MultipleChoice(
    id="one",
    stem="Which is the capital of France?",
    choices=(
        Choice(text="Paris", correct=True, feedback="Since 987."),
        Choice(text="Lyon", feedback="The second in size."),
        *(Choice(text=name) for name in ("Nice", "Lille", "Brest", "Metz")),
    ),
    feedback_correct="Well done.",
    feedback_incorrect="Look at the map.",
    explanation="It lies on the Seine.",
)
ITEMS: tuple[AnyItem, ...] = (
    CAPITALS,
    MultipleChoice(
        id="several",
        stem="Which are prime?",
        choices=(Choice(text="2", correct=True), Choice(text="9"), Choice(text="11", correct=True), Choice(text="15")),
    ),
    MultipleChoice(
        id="fixed", stem="Which?", shuffle=False, choices=tuple(Choice(text=t, correct=t == "c") for t in "fdbace")
    ),
    MultipleChoice(
        id="credit",
        stem="Which one?",
        choices=(Choice(text="best", correct=True), Choice(text="fair", credit=0.3), Choice(text="bad")),
    ),
    TrueFalse(id="truth", stem="The earth is flat.", answer=False, feedback_incorrect="It is not."),
    ShortAnswer(
        id="word",
        stem="Which function?",
        answers=(Answer(text="softmax"), Answer(text="normalisation", credit=0.5, feedback="Which one?")),
    ),
    ShortAnswer(id="case", stem="Which unit of power?", answers=(Answer(text="mW"),), case_sensitive=True),
    Numeric(id="number", stem="How fast does it fall?", answer="9.81", tolerance="0.01", unit="m/s²"),
    Matching(
        id="pairs",
        stem="Match.",
        pairs=(Pair(left="whale", right="mammal"), Pair(left="bat", right="mammal"), Pair(left="owl", right="bird")),
        distractors=("fish",),
    ),
    Ordering(id="steps", stem="Count.", steps=("one", "two", "three", "four")),
    OpenPrompt(
        id="prompt",
        stem="Explain.",
        hint=("Begin with light.",),
        concepts=(Concept(text="water"), Concept(text="light"), Concept(text="sugar")),
        model_answer="Plants do it.",
    ),
    OpenPrompt(id="weights", stem="Explain.", concepts=(Concept(text="a", points=2), Concept(text="b"))),
    OpenPrompt(id="count", stem="Explain.", concept_count=4),
    MultipleChoice(
        id="hostile",
        stem=Html("<b>Which</b> {{Front}}?"),
        choices=tuple(
            Choice(text=Html(escape(text)), correct=n == 0, feedback=Html(escape(text)))
            for n, text in enumerate(HOSTILE)
        ),
        feedback_incorrect=Html(escape(HOSTILE[0])),
    ),
    *(ShortAnswer(id=f"hostile{n}", stem="Type.", answers=(Answer(text=text),)) for n, text in enumerate(HOSTILE)),
)


@pytest.fixture(scope="module")
def cards() -> dict[str, Rendered]:
    """Every item's card, by the item's id; and the style under ``""``."""
    want_module("anki")
    return rendered(Deck(id="d", title="Deck", items=ITEMS))


def rendered(deck: Deck) -> dict[str, Rendered]:
    with tempfile.TemporaryDirectory() as folder, Anki(Path(folder) / "anki") as anki:
        anki.take(write(deck, "anki", Path(folder) / "deck.apkg", now=1_700_000_000).path)
        notes = anki.notes()
        found = {unescape(notes[card.guid]["Item id"]): card for card in anki.cards() if "Kind" in notes[card.guid]}
        css = anki.css("Cardforge Question") if found else ""
        return {**found, "": Rendered("", "", 0, css, "")}


Open = Callable[..., Reviewer]


def nothing_went_wrong(reviewer: Reviewer) -> None:
    assert reviewer.errors == []
    assert reviewer.page.title() != "hacked"


@pytest.fixture
def program(browser: Browser, cards: dict[str, Rendered]) -> Iterator[Open]:
    """Opens a program of the test's own."""
    opened: list[Reviewer] = []

    def open_program(reloads: bool = False, night: bool = False) -> Reviewer:
        page = browser.new_context().new_page()
        opened.append(Reviewer(page, cards[""].front, reloads, night))
        return opened[-1]

    yield open_program
    for reviewer in opened:
        nothing_went_wrong(reviewer)
        reviewer.page.context.close()


@pytest.fixture(scope="module")
def programs(browser: Browser, cards: dict[str, Rendered]) -> list[Reviewer]:
    css = cards[""].front
    without_scripts = browser.new_context(java_script_enabled=False).new_page()
    return [
        *(Reviewer(browser.new_context().new_page(), css, reloads) for reloads in (False, True)),
        Reviewer(without_scripts, css, reloads=True),
    ]


@pytest.fixture(params=[0, 1], ids=["desktop", "AnkiDroid"])
def reviewer(request: pytest.FixtureRequest, programs: list[Reviewer]) -> Iterator[Reviewer]:
    """Each kind of program, the same one for all tests, as learners have it."""
    yield programs[request.param]
    nothing_went_wrong(programs[request.param])


@pytest.fixture
def desktop(programs: list[Reviewer]) -> Iterator[Reviewer]:
    yield programs[0]
    nothing_went_wrong(programs[0])


# --- right, wrong and in between -------------------------------------------------------------------


def tap(*texts: str) -> Callable[[Reviewer], None]:
    def act(reviewer: Reviewer) -> None:
        for text in texts:
            reviewer.tap(text)

    return act


def tap_and_check(*texts: str) -> Callable[[Reviewer], None]:
    def act(reviewer: Reviewer) -> None:
        tap(*texts)(reviewer)
        reviewer.check()

    return act


def type_and_check(text: str) -> Callable[[Reviewer], None]:
    def act(reviewer: Reviewer) -> None:
        reviewer.type(text)
        reviewer.check()

    return act


@pytest.mark.parametrize(
    ("item", "act", "verdict"),
    [
        ("one", tap("Paris"), RIGHT),
        ("one", tap("Lyon"), WRONG),
        ("several", tap_and_check("2", "11"), RIGHT),
        ("several", tap_and_check("11", "9", "2", "9"), RIGHT),
        ("several", tap_and_check("2"), "\u25d0 Partly correct (50 %)"),
        ("several", tap_and_check("2", "9", "11"), "\u25d0 Partly correct"),
        ("several", tap_and_check("9"), WRONG),
        ("credit", tap("fair"), "\u25d0 Partly correct (30 %)"),
        ("truth", tap("False"), RIGHT),
        ("truth", tap("True"), WRONG),
        ("word", type_and_check(" Softmax "), RIGHT),
        ("word", type_and_check("Normalisation"), "\u25d0 Partly correct (50 %)"),
        ("word", type_and_check("sigmoid"), WRONG),
        ("case", type_and_check("mW"), RIGHT),
        ("case", type_and_check("MW"), WRONG),
        ("number", type_and_check("9,82 m/s^2"), RIGHT),
        ("number", type_and_check("9.821"), WRONG),
        ("pairs", tap_and_check("mammal", "mammal", "bird"), RIGHT),
        ("pairs", tap_and_check("mammal", "bird", "fish", "bat", "mammal"), "\u25d0 Partly correct (67 %)"),
        ("pairs", tap_and_check("fish", "fish", "fish"), WRONG),
        ("steps", tap_and_check("one", "two", "three", "four"), RIGHT),
        ("steps", tap_and_check("two", "one", "two", "two", "three", "four"), RIGHT),
        ("steps", tap_and_check("one", "two", "four", "three"), "\u25d0 Partly correct (50 %)"),
        ("steps", tap_and_check("two", "three", "four", "one"), WRONG),
    ],
)
def test_an_answer_is_judged_on_the_front_and_told_again_on_the_back(
    item: str, act: Callable[[Reviewer], None], verdict: str, reviewer: Reviewer, cards: dict[str, Rendered]
) -> None:
    reviewer.front(cards[item])
    act(reviewer)
    assert reviewer.verdict == verdict
    reviewer.back(cards[item])
    assert reviewer.verdict == verdict


def test_what_the_author_says_to_an_answer_is_shown_with_it(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["one"])
    assert reviewer.texts(".cf-choice-feedback, .cf-feedback, .cf-explanation") == []
    reviewer.tap("Lyon")
    assert reviewer.texts(".cf-choice-feedback") == ["The second in size."]
    assert reviewer.texts(".cf-feedback, .cf-explanation") == ["Look at the map.", "It lies on the Seine."]
    reviewer.back(cards["one"])
    assert set(reviewer.texts(".cf-choice-feedback")) == {"The second in size.", "Since 987."}
    assert reviewer.texts(".cf-feedback, .cf-explanation") == ["Look at the map.", "It lies on the Seine."]


def test_choices_are_marked(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["one"])
    reviewer.tap("Lyon")
    for side in ("front", "back"):
        if side == "back":
            reviewer.back(cards["one"])
        marked = [[text.split()[0] for text in reviewer.texts(style)] for style in (".cf-right", ".cf-wrong")]
        assert marked == [["Paris"], ["Lyon"]], side


def test_the_feedback_of_a_typed_answer_is_shown_with_it(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["word"])
    type_and_check("normalisation")(desktop)
    assert desktop.texts(".cf-choice-feedback") == ["Which one?"]


def test_an_answer_cannot_be_changed_once_it_is_checked(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["one"])
    desktop.tap("Lyon")
    desktop.tap("Paris")
    assert desktop.verdict == WRONG
    desktop.back(cards["one"])
    assert desktop.verdict == WRONG


def test_an_answer_that_was_not_checked_is_judged_on_the_back(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["number"])
    reviewer.type("9.8")
    reviewer.back(cards["number"])
    assert (reviewer.verdict, reviewer.texts(".cf-given")) == (RIGHT, ["Your answer: 9.8"])


@pytest.mark.parametrize("item", ["one", "several", "truth", "word", "number", "pairs", "steps"])
def test_a_card_that_is_flipped_without_an_answer_judges_nothing(
    item: str, reviewer: Reviewer, cards: dict[str, Rendered]
) -> None:
    reviewer.front(cards[item])
    reviewer.back(cards[item])
    assert (reviewer.verdict, reviewer.texts(".cf-given")) == ("", [])
    if item == "one":
        assert reviewer.texts(".cf-feedback") == ["Well done.", "Look at the map."]


def test_checking_without_an_answer_does_nothing(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["word"])
    type_and_check("  ")(desktop)
    assert desktop.verdict == ""


# --- order ----------------------------------------------------------------------------------------


def names(reviewer: Reviewer) -> list[str]:
    return [text.split()[0] for text in reviewer.texts(".cf-choices > li")]


def test_choices_are_shuffled_and_stay_so_on_the_back(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    fronts, backs = [], []
    for _ in range(8):
        reviewer.front(cards["one"])
        fronts.append(names(reviewer))
        reviewer.back(cards["one"])
        backs.append(names(reviewer))
    assert backs == fronts
    assert len({tuple(order) for order in fronts}) > 1


def test_a_fixed_order_is_kept(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["fixed"])
    assert names(desktop) == list("fdbace")


# --- open prompts ---------------------------------------------------------------------------------


def test_a_hint_is_shown_on_request(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["prompt"])
    assert "Begin with light." not in desktop.page.inner_text("body")
    desktop.page.get_by_text("Hint").click()
    assert "Begin with light." in desktop.page.inner_text("body")


def test_concepts_are_counted_on_the_back(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["prompt"])
    reviewer.back(cards["prompt"])
    said = [reviewer.verdict]
    for concept in ("light", "water", "sugar"):
        reviewer.page.get_by_label(concept).check()
        said.append(reviewer.verdict)
    reviewer.page.get_by_label("water").uncheck()
    said.append(reviewer.verdict)
    assert said == [f"You got {n}/3 concepts" for n in (0, 1, 2, 3, 2)]


def test_points_of_concepts_are_counted(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.back(cards["weights"])
    desktop.page.get_by_label("a").check()
    assert desktop.verdict == "You got 1/2 concepts (2 of 3 points)"


def test_concepts_of_which_only_the_number_is_known_are_counted(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.back(cards["count"])
    for number in ("1", "3"):
        desktop.page.get_by_label(number).check()
    assert desktop.verdict == "You got 2/4 concepts"


# --- one card and the next ------------------------------------------------------------------------


def test_cards_do_not_disturb_each_other(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["one"])
    reviewer.tap("Lyon")
    reviewer.back(cards["one"])
    reviewer.front(cards["several"])
    assert (reviewer.verdict, reviewer.texts(".cf-chosen")) == ("", [])
    reviewer.back(cards["several"])
    assert (reviewer.verdict, reviewer.texts(".cf-chosen")) == ("", [])


def test_a_card_that_comes_again_is_answered_anew(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["one"])
    reviewer.tap("Lyon")
    reviewer.back(cards["one"])
    reviewer.front(cards["one"])
    assert reviewer.verdict == ""
    reviewer.tap("Paris")
    reviewer.back(cards["one"])
    assert reviewer.verdict == RIGHT


def test_a_back_without_its_front_shows_the_solution(program: Open, cards: dict[str, Rendered]) -> None:
    """As in the browser's preview of a card."""
    reviewer = program()
    reviewer.back(cards["one"])
    assert reviewer.verdict == ""
    assert [text.split()[0] for text in reviewer.texts(".cf-right")] == ["Paris"]


def test_a_page_may_forbid_storage(program: Open, cards: dict[str, Rendered]) -> None:
    reviewer = program()
    forbidden = "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no') }})"
    reviewer.page.evaluate(forbidden)
    reviewer.front(cards["one"])
    order = names(reviewer)
    reviewer.tap("Paris")
    reviewer.back(cards["one"])
    assert (reviewer.verdict, names(reviewer)) == (RIGHT, order)


# --- without scripts, at night, by keyboard ---------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "asks", "answers"),
    [
        ("one", {"Paris", "Lyon"}, {"Since 987.", "Well done.", "It lies on the Seine."}),
        ("truth", {"True", "False"}, {"It is not."}),
        ("word", set(), {"softmax", "normalisation (50%)"}),
        ("case", {"Capitals matter."}, {"mW"}),
        ("number", {"Unit: m/s²"}, {"9.81 ± 0.01 m/s²"}),
        ("pairs", {"whale", "fish"}, {"mammal", "bird"}),
        ("steps", {"one", "four"}, {"one", "four"}),
        ("prompt", {"Hint"}, {"Plants do it.", "water"}),
        ("count", set(), {"4 concepts"}),
    ],
)
def test_without_scripts_the_front_asks_and_the_back_answers(
    item: str, asks: set[str], answers: set[str], programs: list[Reviewer], cards: dict[str, Rendered]
) -> None:
    reviewer = programs[2]
    reviewer.front(cards[item])
    front = reviewer.page.inner_text("body")
    assert {text for text in asks if text not in front} == set()
    assert {text for text in answers - asks if text in front and item not in ("steps", "pairs")} == set()
    assert '"kind"' not in front
    reviewer.back(cards[item])
    back = reviewer.page.inner_text("body")
    assert {text for text in answers if text not in back} == set()
    assert '"kind"' not in back


def test_at_night_the_card_is_dark(program: Open, cards: dict[str, Rendered]) -> None:
    def lightness(night: bool) -> int:
        reviewer = program(reloads=True, night=night)
        reviewer.front(cards["one"])
        reviewer.tap("Lyon")
        colour = "selector => getComputedStyle(document.querySelector(selector)).backgroundColor"
        found = [reviewer.page.evaluate(colour, selector) for selector in ("body", ".cf-wrong", ".cf-right")]
        return max(int(text.split("(")[1].split(",")[0]) for text in found if "0)" not in text[-4:])

    assert lightness(night=True) < 100 < lightness(night=False)


def test_at_night_the_checkboxes_are_dark(program: Open, cards: dict[str, Rendered]) -> None:
    def scheme(night: bool) -> object:
        reviewer = program(reloads=True, night=night)
        reviewer.back(cards["prompt"])
        return reviewer.page.evaluate("getComputedStyle(document.querySelector('.cf-concepts input')).colorScheme")

    assert (scheme(night=True), scheme(night=False)) == ("dark", "normal")


KEYS = """() => {
  window.heard = [];
  addEventListener("keydown", event => heard.push(event.key + (event.defaultPrevented ? " (taken)" : "")));
}"""


def test_keys_are_anki_s_own_outside_of_a_control(program: Open, cards: dict[str, Rendered]) -> None:
    reviewer = program()
    reviewer.page.evaluate(KEYS)
    reviewer.front(cards["one"])
    for key in ("1", " ", "Enter", "4"):
        reviewer.page.keyboard.press(key)
    assert reviewer.page.evaluate("heard") == ["1", " ", "Enter", "4"]
    assert reviewer.verdict == ""


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_choice_that_has_the_focus_hears_enter_and_space(key: str, program: Open, cards: dict[str, Rendered]) -> None:
    reviewer = program()
    reviewer.page.evaluate(KEYS)
    reviewer.front(cards["fixed"])
    for pressed in ("Tab", "Tab", "Tab", "1", key):
        reviewer.page.keyboard.press(pressed)
    assert reviewer.page.evaluate("heard") == ["Tab", "Tab", "Tab", "1"]
    assert reviewer.verdict == WRONG
    reviewer.page.keyboard.press(key)
    assert reviewer.page.evaluate("heard")[-1] == key


def test_what_is_typed_into_a_field_is_no_shortcut(program: Open, cards: dict[str, Rendered]) -> None:
    reviewer = program()
    reviewer.page.evaluate(KEYS)
    reviewer.front(cards["number"])
    reviewer.page.get_by_label("Your answer").focus()
    for key in ("9", ".", "8", "Enter"):
        reviewer.page.keyboard.press(key)
    assert reviewer.page.evaluate("heard") == []
    assert reviewer.verdict == RIGHT
    reviewer.page.keyboard.press("Enter")
    assert reviewer.page.evaluate("heard") == ["Enter"]


def test_what_is_tapped_reaches_nothing_behind_it(program: Open, cards: dict[str, Rendered]) -> None:
    """AnkiDroid and AnkiWeb take a click on a card for a wish to see the back."""
    reviewer = program()
    reviewer.page.evaluate("() => { window.heard = 0; addEventListener('click', () => heard++); }")
    reviewer.front(cards["several"])
    tap_and_check("2", "9")(reviewer)
    assert reviewer.page.evaluate("heard") == 0


def test_what_can_be_tapped_is_known_to_ankimobile(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    desktop.front(cards["pairs"])
    assert desktop.page.locator("[role=button]:not(.tappable), button:not(.tappable)").count() == 0


# --- whatever a deck says -------------------------------------------------------------------------


def test_hostile_texts_stay_texts(reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    reviewer.front(cards["hostile"])
    reviewer.page.locator('.cf-choices > [data-i="1"]').click()
    assert reviewer.verdict == WRONG
    reviewer.back(cards["hostile"])
    assert reviewer.verdict == WRONG


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_answer_can_be_typed(number: int, reviewer: Reviewer, cards: dict[str, Rendered]) -> None:
    card = cards[f"hostile{number}"]
    reviewer.front(card)
    type_and_check(HOSTILE[number])(reviewer)
    assert reviewer.verdict == RIGHT
    reviewer.back(card)
    assert (reviewer.verdict, reviewer.texts(".cf-given")) == (RIGHT, [f"Your answer: {HOSTILE[number]}"])


def test_a_note_whose_data_was_damaged_still_asks(desktop: Reviewer, cards: dict[str, Rendered]) -> None:
    card = cards["one"]
    front = card.front.replace('"kind"', "kind")
    desktop.front(Rendered(card.note_type, card.guid, card.number, front, card.back))
    assert "Paris" in desktop.page.inner_text("body")


def answer_rightly(reviewer: Reviewer, item: AnyItem) -> None:
    """Answer any item as its author would, going by indexes."""

    def click(selector: str) -> None:
        reviewer.page.locator(f".cf-task {selector}").dispatch_event("click")

    if isinstance(item, MultipleChoice):
        for index, choice in enumerate(item.choices):
            if choice.correct and (item.is_multiple or choice is item.key[0]):
                click(f'.cf-choices > [data-i="{index}"]')
    elif isinstance(item, TrueFalse):
        click(f'.cf-choices > [data-i="{0 if item.answer else 1}"]')
    elif isinstance(item, ShortAnswer):
        reviewer.type(next(answer.text for answer in item.answers if answer.credit == 1))
    elif isinstance(item, Numeric):
        reviewer.type(item.answer)
    elif isinstance(item, Matching):
        for pair in item.pairs:
            click(f'.cf-letters > [data-i="{item.offered.index(pair.right)}"]')
    elif isinstance(item, Ordering):
        for index in range(len(item.steps)):
            click(f'.cf-steps > [data-i="{index}"]')
    if reviewer.page.locator(".cf-check:visible").count():
        reviewer.check()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deck=decks())
def test_every_question_of_any_deck_can_be_answered_rightly(deck: Deck, browser: Browser) -> None:
    want_module("anki")
    cards = rendered(deck)
    page = browser.new_page()
    reviewer = Reviewer(page, cards[""].front, reloads=False)
    for entry in deck.entries():
        if entry.id not in cards:
            continue
        reviewer.front(cards[entry.id])
        answer_rightly(reviewer, entry.item)
        front = reviewer.verdict
        reviewer.back(cards[entry.id])
        reviewer.page.evaluate("document.querySelectorAll('input[type=checkbox]').forEach(box => box.click())")
        key = judging.key(entry.item)
        if key is None:
            assert reviewer.verdict == ""
        elif key["kind"] == "concepts":
            assert reviewer.verdict.startswith(f"You got {len(key['points'])}/{len(key['points'])} concepts")
        else:
            assert front.startswith(RIGHT)
            assert reviewer.verdict == front
    assert reviewer.errors == []
    page.close()
