"""The study page in a browser: every kind of items is answered, right and wrong, and judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from cardforge.model import Answer, Choice, Cloze, Deck, MultipleChoice, ShortAnswer
from tests.exporters.html.learner import Learner, write_page

Do = Callable[[Learner], object]


def _check(answer: Do) -> Do:
    def do(learner: Learner) -> None:
        answer(learner)
        learner.press("Check")

    return do


def _mention(*concepts: str) -> Do:
    def do(learner: Learner) -> None:
        learner.type("In my own words.")
        learner.press("Compare")
        learner.tick(*concepts)

    return do


def _count(learner: Learner) -> None:
    learner.press("Done")
    learner.tick("Concept 2")


def _rate(reveal: str, rating: str) -> Do:
    def do(learner: Learner) -> None:
        learner.press(reveal)
        learner.card.get_by_role("button", name=rating).click()

    return do


# Item, answer, the share of the points for it, what the page says then.
_JUDGED: list[tuple[str, Do, float, list[str]]] = [
    ("questions/single", lambda u: u.choose("Jupiter"), 1, ["✓ Correct", "The largest one.", "Well seen."]),
    ("questions/single", lambda u: u.choose("The Moon"), 0, ["✗ Incorrect", "It goes around the Earth.", "Look up"]),
    ("questions/single", lambda u: u.choose("The Moon"), 0, ["A planet goes around a star.", "✓ Correct answer"]),
    ("questions/single", lambda u: u.choose("The Sun"), 0.5, ["◐ Partly correct", "0.5 of 1 point", "It is a star."]),
    ("questions/several", _check(lambda u: u.tick("two", "four")), 1, ["✓ Correct", "2 of 2 points", "Twice two."]),
    ("questions/several", _check(lambda u: u.tick("two")), 0.5, ["◐ Partly correct", "1 of 2 points", "✓ Missed"]),
    ("questions/several", _check(lambda u: u.tick("three")), 0, ["✗ Incorrect", "0 of 2 points", "Three is odd."]),
    ("questions/statement", lambda u: u.choose("True"), 1, ["✓ Correct", "It does."]),
    ("questions/statement", lambda u: u.choose("False"), 0, ["✗ Incorrect", "It does, at that pressure."]),
    ("questions/typed", _check(lambda u: u.type(" goethe ")), 1, ["✓ Correct"]),
    ("questions/typed", _check(lambda u: u.type("Johann Wolfgang von Goethe")), 1, ["✓ Correct", "In full."]),
    ("questions/typed", _check(lambda u: u.type("marlowe")), 0.5, ["◐ Partly correct", "He wrote another one."]),
    ("questions/typed", _check(lambda u: u.type("Schiller")), 0, ["✗ Incorrect", "That was his friend.", "Goethe,"]),
    ("questions/number", _check(lambda u: u.type("9,80")), 1, ["✓ Correct", "9.81 ± 0.02 m/s²"]),
    ("questions/number", _check(lambda u: u.type("9.78")), 0, ["✗ Incorrect", "9.81 ± 0.02 m/s²"]),
    ("questions/blanks", _check(lambda u: u.type("Cat", "mat", "5")), 1, ["✓ Correct", "It was a warm day."]),
    ("questions/blanks", _check(lambda u: u.type("dog", "mat", "")), 1 / 3, ["◐ Partly correct", "cat", "warm day"]),
    ("questions/blanks", _check(lambda u: u.type("dog", "", "")), 0, ["✗ Incorrect", "cat", "mat"]),
    ("questions/pairs", _check(lambda u: u.match({"France": "Paris", "Italy": "Rome"})), 1, ["✓ Correct"]),
    ("questions/pairs", _check(lambda u: u.match({"France": "Paris"})), 0.5, ["◐ Partly correct", "Rome"]),
    ("questions/pairs", _check(lambda u: u.match({"France": "Berlin"})), 0, ["✗ Incorrect", "Paris", "Rome"]),
    ("questions/order", _check(lambda u: u.put_in_order(["one", "two", "three", "4"])), 1, ["✓ Correct"]),
    (
        "questions/order",
        _check(lambda u: u.put_in_order(["two", "one", "4", "three"])),
        0,
        ["✗ Incorrect", "right order"],
    ),
    ("prompts/prompt", _mention("light is scattered"), 2 / 3, ["You got 1/2 concepts (2 of 3 points)", "short waves"]),
    ("prompts/prompt", _mention("light", "blue"), 1, ["You got 2/2 concepts"]),
    ("prompts/prompt", _mention(), 0, ["You got 0/2 concepts"]),
    ("prompts/counted", _count, 0.5, ["A good answer mentions 2 concepts", "You got 1/2 concepts"]),
]


@pytest.mark.parametrize(("place", "answer", "share", "said"), _JUDGED)
def test_an_answer_is_judged(
    learner: Learner, page_path: Path, place: str, answer: Do, share: float, said: list[str]
) -> None:
    learner.open(page_path, place)
    answer(learner)
    shown = learner.shown()
    assert [words for words in said if words not in shown] == []
    assert learner.progress() == {place.partition("/")[2]: pytest.approx(share)}


@pytest.mark.parametrize(("rating", "share"), [("I knew it", 1), ("Partly", 0.5), ("Not yet", 0)])
@pytest.mark.parametrize(("place", "reveal"), [("cards/card", "Show the answer"), ("prompts/free", "Done")])
def test_what_nobody_else_can_judge_the_learner_judges(
    learner: Learner, page_path: Path, place: str, reveal: str, rating: str, share: float
) -> None:
    learner.open(page_path, place)
    _rate(reveal, rating)(learner)
    assert learner.progress() == {place.partition("/")[2]: share}


def test_a_card_hides_its_back_until_it_is_asked_for(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card")
    before = learner.shown()
    learner.press("Show the answer")
    assert ("Paris" in before, "Paris" in learner.shown()) == (False, True)


def test_a_reversed_card_asks_both_ways(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card%20reversed")
    before = learner.card.inner_text()
    learner.press("Show the answer")
    assert ("Paris" in before, "capital" in before, "capital" in learner.card.inner_text()) == (True, False, True)


def test_hints_come_one_after_the_other(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/typed")
    seen = []
    for name in ("Hint (2)", "Another hint (1 left)"):
        learner.press(name)
        seen.append([hint in learner.shown() for hint in ("A German.", "He lived in Weimar.")])
    assert seen == [[True, False], [True, True]]


def test_to_give_up_is_an_answer(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/typed")
    learner.press("I don’t know")
    assert learner.progress() == {"typed": 0}


def test_to_give_up_is_worth_nothing_whatever_chance_put_in_its_place(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/order")
    learner.put_in_order(["one", "two", "4", "three"])
    learner.press("I don’t know")
    assert learner.progress() == {"order": 0}


@pytest.mark.parametrize("item", ["several", "typed", "number", "blanks", "pairs"])
def test_nothing_is_judged_before_something_is_answered(learner: Learner, page_path: Path, item: str) -> None:
    learner.open(page_path, f"questions/{item}")
    learner.press("Check")
    assert learner.progress() == {}


def test_steps_never_begin_in_their_right_order(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/order")
    learner.press("Check")
    assert learner.progress()["order"] < 1


def test_an_answer_is_said_to_those_who_listen(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/single")
    learner.choose("The Moon")
    learner.page.wait_for_function("() => document.querySelector('.unseen').textContent")
    assert learner.page.inner_text(".unseen") == "Incorrect. It goes around the Earth. Look up at night."


def test_what_is_said_to_those_who_listen_has_its_parts_apart(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/order")
    _check(lambda u: u.put_in_order(["two", "one", "4", "three"]))(learner)
    learner.page.wait_for_function("() => document.querySelector('.unseen').textContent")
    assert learner.page.inner_text(".unseen") == "Incorrect. The right order. one. two. three. 4"


def test_the_count_of_concepts_is_said_to_those_who_listen(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.press("Compare")
    assert learner.card.get_by_role("status").inner_text().startswith("You got 0/2 concepts")


@pytest.mark.parametrize("typed", ["a robin", "a wren"])
def test_all_of_a_deletion_is_shown_with_the_answer(learner: Learner, tmp_path: Path, typed: str) -> None:
    learner.open(_of_birds(tmp_path), "questions/bird")
    learner.type(typed, "E. rubecula")
    learner.press("Check")
    shown = learner.card.locator(".solution")
    assert shown.all_inner_texts() == ["a robin ", "E. rubecula"]
    assert (shown.locator("img").count(), shown.locator("em").inner_text()) == (1, "E. rubecula")


def test_all_of_a_deletion_s_hint_is_shown(learner: Learner, tmp_path: Path) -> None:
    learner.open(_of_birds(tmp_path), "questions/bird")
    fields = learner.card.get_by_role("textbox")
    assert [field.get_attribute("placeholder") for field in fields.all()] == ["", "song"]
    assert learner.card.locator(".ask audio").count() == 1


def _of_birds(folder: Path) -> Path:
    for name in ("pic.png", "b.mp3"):
        (folder / name).write_bytes(b"media")
    text = "The bird is {{c1::![a robin](pic.png)}}, a {{c2::*E. rubecula*::![song](b.mp3)}}."
    return write_page(Deck(title="T", items=(Cloze(id="bird", text=text),)).with_media(folder), folder / "a.html")


@pytest.mark.parametrize(
    ("typed", "said"), [("nearly", "◐ Partly correct 0.5 of 1 point"), ("no", "✗ Incorrect Partly correct: nearly")]
)
def test_where_no_answer_is_quite_right_none_is_called_so(
    learner: Learner, tmp_path: Path, typed: str, said: str
) -> None:
    item = ShortAnswer(id="s", stem="s", answers=(Answer(text="nearly", credit=0.5),))
    learner.open(write_page(Deck(title="T", items=(item,)), tmp_path / "a.html"), "questions/s")
    learner.type(typed)
    learner.press("Check")
    assert " ".join(learner.card.locator(".result").inner_text().split()) == said


# --- the keyboard ----------------------------------------------------------------------------------


def test_every_kind_is_answered_with_the_keyboard_alone(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    for part, count in (("Flashcards", 2), ("Questions", 8), ("In your own words", 3)):
        learner.enter(f"Start: {part}")
        for number in range(1, count + 1):
            place = learner.page.evaluate("() => location.hash").rpartition("/")[2]
            _BY_KEYBOARD[place](learner)
            if place not in _RATED:  # a rating goes on by itself
                assert learner.page.evaluate("() => location.hash").rpartition("/")[2] == place
                learner.enter("Summary" if number == count else "Next")
        learner.enter("‹ Overview")
    assert learner.progress() == {unquote(place): 1 for place in _BY_KEYBOARD}


def _press_each(*names: str) -> Do:
    def do(learner: Learner) -> None:
        for name in names:
            learner.enter(name, "Space")

    return do


def _fill_each(*fields: tuple[str, str]) -> Do:
    def do(learner: Learner) -> None:
        for name, text in fields:
            learner.go_to(name)
            learner.page.keyboard.type(text)
        learner.page.keyboard.press("Enter")

    return do


def _match_each(learner: Learner) -> None:
    for left, right in (("France", "Paris"), ("Italy", "Rome")):
        learner.go_to(left)
        learner.page.keyboard.type(learner.offered(left, right)[0])
    learner.enter("Check")


def _move_each(learner: Learner) -> None:
    for place, step in enumerate(["one", "two", "three", "4"]):
        while learner.steps().index(step) > place:
            learner.enter(f"Move up: {step}")
    learner.enter("Check")


_BY_KEYBOARD: dict[str, Do] = {
    "card": _press_each("Show the answer", "✓ I knew it"),
    "card%20reversed": _press_each("Show the answer", "✓ I knew it"),
    "blanks": _fill_each(("Blank 1 of 3", "cat"), ("Blank 2 of 3", "mat"), ("Blank 3 of 3", "5")),
    "single": _press_each("Jupiter"),
    "several": _press_each("two", "four", "Check"),
    "statement": _press_each("True"),
    "typed": _fill_each(("Your answer", "Goethe")),
    "number": _fill_each(("Your answer", "9.81 m/s²")),
    "pairs": _match_each,
    "order": _move_each,
    "prompt": _press_each("Compare", "light", "blue"),
    "counted": _press_each("Done", "Concept 1", "Concept 2"),
    "free": _press_each("Done", "✓ I knew it"),
}


_RATED = {"card", "card%20reversed", "free"}


def test_on_a_card_the_enter_key_does_what_is_next(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card")
    learner.page.keyboard.press("Enter")
    assert "Paris" in learner.shown()


_ENTERED: dict[str, tuple[str, str, str]] = {
    "typed": ("Your answer", "Schiller", "That was his friend."),
    "number": ("Your answer", "1", "9.81 ± 0.02 m/s²"),
    "blanks": ("Blank 1 of 3", "dog", "It was a warm day."),
}


@pytest.mark.parametrize("item", _ENTERED)
def test_the_enter_key_checks_what_was_typed_and_does_no_more(learner: Learner, page_path: Path, item: str) -> None:
    field, text, said = _ENTERED[item]
    learner.open(page_path, f"questions/{item}")
    learner.go_to(field)
    learner.page.keyboard.type(text)
    learner.page.keyboard.press("Enter")
    assert said in learner.card.inner_text()


def test_after_an_answer_the_next_enter_key_goes_on(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/typed")
    learner.go_to("Your answer")
    learner.page.keyboard.type("Goethe")
    learner.page.keyboard.press("Enter")
    learner.page.keyboard.press("Enter")
    assert learner.kind == "numeric"


def _hold(learner: Learner, key: str) -> None:
    """Hold a key down, so that it repeats itself; then let it go."""
    for _ in range(8):
        learner.page.keyboard.down(key)
    learner.page.keyboard.up(key)


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize("on", ["the button", "the card"])
def test_a_key_that_is_held_shows_the_answer_and_does_no_more(
    learner: Learner, page_path: Path, on: str, key: str
) -> None:
    learner.open(page_path, "cards/card")
    if on == "the button":
        learner.go_to("Show the answer")
    _hold(learner, key)
    assert ("Paris" in learner.card.inner_text(), learner.progress()) == (True, {})


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_that_is_held_begins_and_does_no_more(learner: Learner, page_path: Path, key: str) -> None:
    learner.open(page_path)
    learner.go_to("Start: Flashcards")
    _hold(learner, key)
    assert ("the capital" in learner.shown(), "Paris" in learner.shown()) == (True, False)


@pytest.mark.parametrize("item", ["typed", "single", "statement"])
def test_an_enter_key_that_is_held_answers_and_does_no_more(learner: Learner, page_path: Path, item: str) -> None:
    learner.open(page_path, f"questions/{item}")
    learner.go_to({"typed": "Your answer", "single": "Jupiter", "statement": "True"}[item])
    if item == "typed":
        learner.page.keyboard.type("Goethe")
    _hold(learner, "Enter")
    assert (list(learner.progress()), "✓ Correct" in learner.card.inner_text()) == ([item], True)


def test_an_enter_key_that_is_held_writes_empty_lines(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.go_to("Your answer")
    _hold(learner, "Enter")
    assert learner.card.get_by_role("textbox").input_value() == "\n" * 8


# --- many choices --------------------------------------------------------------------------------


def test_letters_go_on_behind_z(learner: Learner, tmp_path: Path) -> None:
    choices = (Choice(text="right", correct=True), *(Choice(text=f"wrong {n}") for n in range(28)))
    learner.open(
        write_page(Deck(title="T", items=(MultipleChoice(stem="Which?", choices=choices),)), tmp_path / "a.html")
    )
    learner.start("Questions")
    letters = learner.card.locator(".letter").all_inner_texts()
    assert (letters[0], letters[25:]) == ("A", ["Z", "AA", "AB", "AC"])
