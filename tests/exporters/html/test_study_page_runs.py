"""The study page in a browser: what is asked, in which order, what is remembered, and how a run ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cardforge.model import AnyItem, Concept, Deck, Flashcard, OpenPrompt, Section, TrueFalse
from tests.exporters.html.learner import Learner, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def _card(name: str, **fields: Any) -> Flashcard:
    return Flashcard(id=name, front=f"front {name}", back=f"back {name}", **fields)


def _statement(name: str, **fields: Any) -> TrueFalse:
    return TrueFalse(id=name, stem=f"stem {name}", answer=True, **fields)


def _deck(*items: AnyItem | Section, **fields: Any) -> Deck:
    return Deck(title="A deck", items=items, **fields)


_LETTERS = [_card(name) for name in "abcdefgh"]


def _asked(learner: Learner, part: str) -> list[str]:
    """The names of the units that a part asks, in order. (Nothing is answered.)"""
    names = []
    learner.start(part)
    while learner.card.count():
        names.append(learner.card.locator(".ask").inner_text().split()[-1])
        learner.page.locator(".next").click()
    learner.press("‹ Overview")
    return names


def _rate(learner: Learner, *ratings: str) -> None:
    for rating in ratings:
        learner.press("Show the answer")
        learner.card.get_by_role("button", name=rating).click()


# --- what is remembered --------------------------------------------------------------------------


def test_a_reload_keeps_what_was_answered(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it", "Not yet")
    learner.page.reload()
    learner.press("‹ Overview")
    assert "2 of 8 done · 1 right" in learner.shown()


def test_a_reload_opens_where_the_learner_was(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it", "Not yet")
    learner.page.reload()
    assert "front c" in learner.shown()


def test_to_continue_begins_with_what_is_not_yet_answered(learner: Learner, tmp_path: Path) -> None:
    path = write_page(_deck(*_LETTERS), tmp_path / "a.html")
    learner.open(path)
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.open(path)
    learner.start("Flashcards")
    assert "front b" in learner.shown()


def test_an_edited_deck_keeps_what_is_still_there(learner: Learner, tmp_path: Path) -> None:
    deck = _deck(*_LETTERS[:3])
    learner.open(write_page(deck, tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it", "I knew it")
    edited = replace(_LETTERS[1], front="another front")
    learner.open(write_page(_deck(_card("new"), edited, *_LETTERS[2:4]), tmp_path / "a.html"))
    assert "1 of 4 done" in learner.shown()


def test_two_decks_do_not_mix(learner: Learner, tmp_path: Path) -> None:
    first = write_page(_deck(*_LETTERS, id="first"), tmp_path / "first.html")
    second = write_page(_deck(*_LETTERS, id="second"), tmp_path / "second.html")
    learner.open(first)
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.open(second)
    assert "8 cards" in learner.shown()


def test_two_decks_without_ids_and_with_one_title_do_not_mix(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "first.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "second.html"))
    assert "8 cards" in learner.shown()


def test_a_deck_that_is_given_its_id_goes_on_where_the_learner_was(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.open(write_page(_deck(*_LETTERS, id="a-deck"), tmp_path / "a.html"))
    assert "1 of 8 done" in learner.shown()


def test_a_deck_with_an_id_may_lie_anywhere(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS, id="deck"), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.open(write_page(_deck(*_LETTERS, id="deck"), tmp_path / "b.html"))
    assert "1 of 8 done" in learner.shown()


def test_what_is_being_written_is_kept(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.card.get_by_role("textbox").press_sequentially("The air")
    learner.page.reload()
    assert learner.card.get_by_role("textbox").input_value() == "The air"


def test_what_was_written_is_kept(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.type("The air scatters it.")
    learner.press("Compare")
    learner.page.reload()
    assert learner.card.get_by_role("textbox").input_value() == "The air scatters it."


def _ticked(learner: Learner) -> list[bool]:
    return [box.is_checked() for box in learner.card.get_by_role("checkbox").all()]


def test_ticks_are_kept(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.press("Compare")
    learner.tick("blue")
    learner.page.reload()
    learner.press("Compare")
    assert (_ticked(learner), "You got 1/2 concepts" in learner.shown()) == ([False, True], True)


def test_to_look_again_changes_no_score(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.press("Compare")
    learner.tick("light", "blue")
    learner.page.reload()
    learner.press("Compare")
    assert learner.progress() == {"prompt": 1}


def test_what_is_ticked_anew_changes_the_score(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "prompts/prompt")
    learner.press("Compare")
    learner.tick("light", "blue")
    learner.page.reload()
    learner.press("Compare")
    learner.card.get_by_role("checkbox", name="blue").uncheck()
    assert learner.progress() == {"prompt": pytest.approx(2 / 3)}


def test_ticks_belong_to_their_concepts_wherever_an_edit_puts_them(learner: Learner, tmp_path: Path) -> None:
    concepts = tuple(Concept(text=text) for text in ("one", "two"))
    prompt = OpenPrompt(id="prompt", stem="Tell.", concepts=concepts)
    learner.open(write_page(_deck(prompt, id="deck"), tmp_path / "a.html"), "prompts/prompt")
    learner.press("Compare")
    learner.tick("one")
    edited = replace(prompt, concepts=(Concept(text="new"), *concepts))
    learner.open(write_page(_deck(edited, id="deck"), tmp_path / "a.html"), "prompts/prompt")
    learner.press("Compare")
    assert _ticked(learner) == [False, True, False]


def test_a_prompt_that_is_asked_again_can_be_gone_on_from(learner: Learner, tmp_path: Path) -> None:
    prompt = OpenPrompt(id="prompt", stem="Tell.", concepts=(Concept(text="one"), Concept(text="two")))
    learner.open(write_page(_deck(prompt, _card("a")), tmp_path / "a.html"), "prompts/prompt")
    learner.press("Compare")
    learner.tick("one")
    learner.press("Summary")
    learner.press("Again, only the missed ones")
    learner.press("Compare")
    learner.press("Summary")
    assert "0.5 of 1 point" in learner.shown()


@pytest.mark.parametrize("width", [320, 390, 414])
def test_the_question_whether_to_forget_is_seen_whole(learner: Learner, page_path: Path, width: int) -> None:
    learner.page.set_viewport_size({"width": width, "height": 740})
    learner.open(page_path)
    learner.press("Forget my progress")
    box = learner.page.get_by_role("alert").bounding_box()
    learner.page.set_viewport_size({"width": 1280, "height": 720})
    assert box and box["x"] >= 16 and box["x"] + box["width"] <= width - 16


def test_to_forget_asks_first(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/statement")
    learner.choose("True")
    learner.press("‹ Overview")
    learner.press("Forget my progress")
    before = learner.progress()
    learner.press("Forget it")
    assert (before, learner.progress()) == ({"statement": 1}, {})


@pytest.mark.parametrize("saved", ["{", "[]", "null", '{"answers": 1}', '{"answers": [["a", "x", 1]], "notes": []}'])
def test_what_somebody_else_stored_does_no_harm(learner: Learner, tmp_path: Path, saved: str) -> None:
    path = write_page(_deck(*_LETTERS, id="deck"), tmp_path / "a.html")
    learner.open(path)
    learner.page.evaluate("saved => localStorage.setItem('cardforge:deck', saved)", saved)
    learner.open(path)
    assert "8 cards" in learner.shown()


def test_without_storage_the_page_works_and_says_so(learner: Learner, tmp_path: Path) -> None:
    page = learner.context.new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('none'); }})")
    page.goto(write_page(_deck(*_LETTERS), tmp_path / "a.html").as_uri())
    shown = page.inner_text("body")
    page.close()
    learner.open(tmp_path / "a.html")
    assert "keeps nothing" in shown


def test_going_back_shows_the_answer_that_was_given(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/single")
    learner.choose("The Moon")
    learner.press("Next")
    learner.press("Back")
    assert "It goes around the Earth." in learner.shown()


# --- the end of a run ----------------------------------------------------------------------------


def _finish(learner: Learner, tmp_path: Path) -> None:
    deck = _deck(_card("a", points=2.0), _card("b"), _card("c"), _card("d"))
    learner.open(write_page(deck, tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it", "Partly", "Not yet", "I knew it")


def test_the_summary_counts_points(learner: Learner, tmp_path: Path) -> None:
    _finish(learner, tmp_path)
    assert "3.5 of 5 points" in learner.shown()


def test_the_summary_counts_what_was_right(learner: Learner, tmp_path: Path) -> None:
    _finish(learner, tmp_path)
    assert " ".join(learner.page.inner_text(".counts").split()) == "2 ✓ Correct 1 ◐ Partly correct 1 ✗ Incorrect"


def test_the_summary_lists_what_was_missed(learner: Learner, tmp_path: Path) -> None:
    _finish(learner, tmp_path)
    assert [line.split()[-1] for line in learner.page.locator(".missed li").all_inner_texts()] == ["b", "c"]


def test_again_asks_the_missed_ones_only(learner: Learner, tmp_path: Path) -> None:
    _finish(learner, tmp_path)
    learner.press("Again, only the missed ones")
    asked = [learner.card.locator(".ask").inner_text()]
    _rate(learner, "I knew it")
    asked.append(learner.card.locator(".ask").inner_text())
    _rate(learner, "I knew it")
    assert asked == ["front b", "front c"]
    assert learner.progress() == dict.fromkeys("abcd", 1)


def test_when_all_is_right_nothing_is_to_be_looked_at_again(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(_card("a")), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    assert "All correct" in learner.shown()


def test_what_was_skipped_is_said_at_the_end(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(_card("a"), _card("b")), tmp_path / "a.html"))
    learner.start("Flashcards")
    learner.press("Skip")
    _rate(learner, "I knew it")
    assert "1 item not answered yet" in learner.shown()


def test_a_reload_of_the_summary_shows_the_summary(learner: Learner, tmp_path: Path) -> None:
    _finish(learner, tmp_path)
    learner.page.reload()
    assert "3.5 of 5 points" in learner.shown()


def test_a_summary_whose_part_has_gone_is_the_overview(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(_statement("a")), tmp_path / "a.html"), "cards")
    assert "1 question" in learner.shown()


def test_the_buttons_of_all_parts_stand_at_one_height(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card")
    _rate(learner, "Not yet")
    learner.press("‹ Overview")
    tops = {round((button.bounding_box() or {"y": -1})["y"]) for button in learner.page.locator(".primary").all()}
    assert len(tops) == 1


def test_the_next_part_follows(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(_card("a"), _statement("b")), tmp_path / "a.html"))
    learner.start("Flashcards")
    _rate(learner, "I knew it")
    learner.press("Next: Questions")
    assert "stem b" in learner.shown()


# --- what is asked -------------------------------------------------------------------------------


def test_cards_questions_and_prompts_are_apart(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    assert learner.page.get_by_role("heading", level=2).all_inner_texts() == [
        "Flashcards",
        "Questions",
        "In your own words",
    ]


def test_mixed_asks_all_in_the_deck_s_order(learner: Learner, tmp_path: Path) -> None:
    deck = _deck(_statement("a"), _card("b"), _statement("c"))
    learner.open(write_page(deck, tmp_path / "a.html", mixed=True))
    assert _asked(learner, "All items") == ["a", "b", "c"]


def test_the_other_directions_of_cards_come_last(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(_card("a", reversed=True), _card("b")), tmp_path / "a.html"))
    assert _asked(learner, "Flashcards") == ["a", "b", "a"]


def _filter(learner: Learner, label: str, value: str) -> list[str]:
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label(label).select_option(label=value)
    return _asked(learner, "Flashcards")


@pytest.mark.parametrize(
    ("label", "value", "left"),
    [
        ("Level", "advanced", ["b", "c"]),
        ("Tag", "odd", ["a", "c"]),
        ("Tag", "inner", ["c"]),
        ("Section", "Outer", ["b", "c"]),
        ("Section", "Outer › Inner", ["c"]),
    ],
)
def test_a_filter_leaves_what_fits(
    learner: Learner, tmp_path: Path, label: str, value: str, left: Sequence[str]
) -> None:
    inner = Section(section="Inner", tags=("inner",), items=(_card("c", level="advanced", tags=("odd",)),))
    outer = Section(section="Outer", items=(_card("b", level="advanced"), inner))
    learner.open(write_page(_deck(_card("a", tags=("odd",)), outer), tmp_path / "a.html"))
    assert _filter(learner, label, value) == left


def test_a_filter_stays_when_the_page_is_loaded_again(learner: Learner, tmp_path: Path) -> None:
    deck = _deck(_card("a"), _card("b", level="advanced"), _card("c", level="advanced"))
    learner.open(write_page(deck, tmp_path / "a.html"))
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Level").select_option(label="advanced")
    learner.start("Flashcards")
    learner.page.reload()
    assert (learner.page.inner_text(".count"), "front b" in learner.shown()) == ("1 of 2", True)


def test_a_filter_that_an_edit_left_empty_is_forgotten(learner: Learner, tmp_path: Path) -> None:
    path = write_page(_deck(_card("a"), _card("b", level="advanced")), tmp_path / "a.html")
    learner.open(path)
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Level").select_option(label="advanced")
    learner.open(write_page(_deck(_card("a"), _card("b")), path))
    assert "2 cards" in learner.shown()


def test_shuffled_asks_everything_in_another_order(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html", seed=1))
    asked = _asked(learner, "Flashcards")
    assert (sorted(asked), asked == sorted(asked)) == (list("abcdefgh"), False)


def test_a_seed_repeats_the_order(learner: Learner, tmp_path: Path) -> None:
    orders = []
    for name in ("a.html", "b.html"):
        learner.open(write_page(_deck(*_LETTERS), tmp_path / name, seed=1))
        learner.forget()
        orders.append(_asked(learner, "Flashcards"))
    assert orders[0] == orders[1]


def test_another_seed_gives_another_order(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html", seed=1))
    first = _asked(learner, "Flashcards")
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Seed").fill("2")
    learner.page.get_by_label("Seed").press("Tab")
    assert _asked(learner, "Flashcards") != first


def test_a_learner_can_shuffle(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html"))
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Seed").fill("1")
    learner.page.get_by_label("Shuffle").check()
    shuffled = _asked(learner, "Flashcards")
    learner.page.reload()
    assert _asked(learner, "Flashcards") == shuffled != list("abcdefgh")


def test_after_a_seed_is_typed_the_next_click_is_heard(learner: Learner, tmp_path: Path) -> None:
    learner.open(write_page(_deck(*_LETTERS), tmp_path / "a.html"))
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Seed").fill("1")
    box = learner.page.get_by_label("Shuffle").bounding_box()
    assert box
    learner.page.mouse.click(box["x"] + 5, box["y"] + 5)
    assert learner.page.get_by_label("Shuffle").is_checked()


def test_a_section_draws_as_many_items_as_it_picks(learner: Learner, tmp_path: Path) -> None:
    deck = _deck(_card("x"), Section(section="s", pick=3, items=tuple(_LETTERS)))
    learner.open(write_page(deck, tmp_path / "a.html"))
    asked = _asked(learner, "Flashcards")
    assert (asked[0], len(asked)) == ("x", 4)


def test_seeds_draw_different_items(learner: Learner, tmp_path: Path) -> None:
    drawn = set()
    for seed in range(4):
        deck = _deck(Section(section="s", pick=2, items=tuple(_LETTERS)))
        learner.open(write_page(deck, tmp_path / f"{seed}.html", seed=seed))
        drawn.add(frozenset(_asked(learner, "Flashcards")))
    assert len(drawn) > 1


def test_a_section_describes_itself_at_its_first_item(learner: Learner, tmp_path: Path) -> None:
    section = Section(section="s", description="What it is about.", items=(_card("b"), _card("c")))
    learner.open(write_page(_deck(_card("a"), section), tmp_path / "a.html"), "cards/a")
    seen = []
    for _ in "abc":
        seen.append("What it is about." in learner.shown())
        learner.page.locator(".next").click()
    assert seen == [False, True, False]


# --- what is shown -------------------------------------------------------------------------------


def test_the_overview_says_what_the_deck_is(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    shown = learner.shown()
    wanted = ["Every kind <of> item", "What the page shows", "Ada & Charles", "CC0", "12 items"]
    assert [words for words in wanted if words not in shown] == []


def test_an_item_says_where_it_belongs(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "questions/typed")
    assert learner.page.inner_text(".about").split("\n") == ["Statements › Typed", "Advanced", "#all", "#statements"]


def test_an_item_s_source_is_shown_with_the_answer(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card")
    learner.press("Show the answer")
    assert learner.card.get_by_role("link", name="atlas").get_attribute("href") == "https://example.org/atlas"


def test_the_deck_s_language_is_that_of_its_texts(learner: Learner, page_path: Path) -> None:
    learner.open(page_path, "cards/card")
    assert learner.card.locator(".ask .text").get_attribute("lang") == "en-GB"


def test_images_are_seen(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    assert (
        learner.page.evaluate("() => document.querySelector('.description img').decode().then(() => 'seen')") == "seen"
    )


def test_formulas_are_set_in_the_font_that_is_in_the_page(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    loaded = "() => document.fonts.ready.then(() => document.fonts.check('16px \"Cardforge Maths\"', '𝑥'))"
    assert learner.page.evaluate(loaded)


_ON_PAPER = """
    What the page shows; It has a tower.; Paris; It has been so since 987.; atlas; a rug; warm day; The largest one.
    It goes around the Earth.; 50 %; Look up at night.; Well seen.; A planet goes around a star.; -50 %; Three is odd.
    Things to judge.; It does, at that pressure.; Marlowe (50 %); That was his friend.; He lived in Weimar.; Advanced
    9.81 ± 0.02 m/s²; Berlin; Rome; 3 points; 2 points; light is scattered; blue more than red; short waves
    A good answer mentions 2 concepts.; There is no right answer.; #geography; Statements; Typed; CC0
""".replace("\n", ";")


def _printed(learner: Learner, name: str) -> str:
    learner.page.evaluate("() => { window.print = () => window.dispatchEvent(new Event('beforeprint')); }")
    learner.press(name)
    learner.page.emulate_media(media="print")
    shown = learner.shown()
    learner.page.emulate_media(media="screen")
    return shown


def test_on_paper_everything_is_said(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    shown = _printed(learner, "Print with answers")
    assert [words.strip() for words in _ON_PAPER.split(";") if words.strip() not in shown] == []


def test_a_sheet_without_answers_only_asks(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    shown = _printed(learner, "Print without answers")
    answers = ["Paris, on", "The largest one.", "Well seen.", "Goethe", "9.81", "scattered", "short waves", "☑", "cat"]
    assert [words for words in answers if words in shown] == []


def test_a_reload_by_print_is_not_needed_to_go_on(learner: Learner, page_path: Path) -> None:
    learner.open(page_path)
    _printed(learner, "Print with answers")
    learner.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert learner.page.locator(".sheet").inner_html() == ""


def test_two_windows_of_a_page_keep_each_others_answers(browser: Browser, page_path: Path) -> None:
    context = browser.new_context()
    one, other = context.new_page(), context.new_page()
    one.goto(f"{page_path.as_uri()}#questions/single")
    other.goto(f"{page_path.as_uri()}#questions/statement")
    one.get_by_role("button", name="Jupiter", exact=True).click()
    other.get_by_role("button", name="True", exact=True).click()
    (saved,) = one.evaluate("() => Object.values(localStorage).map((text) => JSON.parse(text).answers)")
    context.close()
    assert sorted(unit for unit, _, _ in saved) == ["single", "statement"]


def test_two_windows_of_a_page_keep_the_order_that_one_of_them_chose(browser: Browser, page_path: Path) -> None:
    context = browser.new_context()
    one, other = context.new_page(), context.new_page()
    one.goto(page_path.as_uri())
    other.goto(f"{page_path.as_uri()}#questions/statement")
    one.locator(".selection summary").click()
    one.get_by_label("Seed").fill("7")
    one.get_by_label("Shuffle").check()
    other.get_by_role("button", name="True", exact=True).click()
    (saved,) = one.evaluate("() => Object.values(localStorage).map((text) => JSON.parse(text))")
    context.close()
    assert (saved["seed"], saved["is_shuffled"]) == (7, True)
