"""An edited item without an id is recognised when there is no doubt, and not when there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardforge import Cloze, Deck, Export, Flashcard, Item, MultipleChoice, TrueFalse, export
from cardforge.model import Answer, Choice, Numeric, OpenPrompt, Ordering, ShortAnswer
from cardforge_exporters.anki.previous import read_previous


def deck(*items: Item, title: str = "Deck", id: str | None = None) -> Deck:
    return Deck(title=title, id=id, items=items)


def again(first: Deck, second: Deck) -> Export:
    return export(second, "anki", previous=export(first, "anki", now=1).data, now=2)


def kept(first: Deck, second: Deck) -> int:
    """How many notes of the second package are notes of the first."""
    before = export(first, "anki", now=1).data
    after = export(second, "anki", previous=before, now=2).data
    return len({n.guid for n in read_previous(before).notes} & {n.guid for n in read_previous(after).notes})


def card(front: str, back: str, id: str | None = None) -> Flashcard:
    return Flashcard(front=front, back=back, id=id)


def organ(does: str, right: str) -> MultipleChoice:
    choices = (Choice(text=name, correct=name == right) for name in ("heart", "liver", "kidney", "lung"))
    return MultipleChoice(stem=f"Which organ {does}?", choices=tuple(choices))


ANOTHER_WORD = tuple(
    (card(*before.split("/")), card(*after.split("/")))
    for before, after in (
        ("kaufen/to buy", "laufen/to run"),
        ("die Maus/mouse", "die Laus/louse"),
        ("der Bruder/brother", "die Brüder/brothers"),
        ("Haus/house", "Laus/louse"),
        ("die Kirche/the church", "die Kirsche/the cherry"),
        ("verkaufen/to sell", "verlaufen/to get lost"),
        ("gehen/to go", "gehen lassen/to let go"),
        ("Bank (Geld)/bank", "Bank (Fluss)/bank, shore"),
        ("How do you say mouse here?/You say die Maus here.", "How do you say louse here?/You say die Laus here."),
    )
)
OTHERS = (card("What is a query?", "what is looked for"), card("What is a key?", "what is offered"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (card("What is the captial of France?", "Paris"), card("What is the capital of France?", "Paris")),
        (card("What is softmax?", "it makes weights"), card("What is softmax for?", "it makes weights of scores")),
        (
            card("Why scale by the root?", "Large products would flatten the gradient."),
            card("What is the reason for scaling scores?", "Large products would flatten the gradient."),
        ),
        (card("Question 3", "Answer 3"), card("Question 3 (edited)", "Answer 3 (edited)")),
        (card("le chien", "dog"), card("un chien", "dog")),
        (
            TrueFalse(stem="More heads mean more weights.", answer=True),
            TrueFalse(stem="More heads mean more weight.", answer=True),
        ),
        (card("die Maus", "mouse"), card("die Maus (f.)", "mouse (an animal)")),
        (card("chien", "dog"), card("le chien", "dog")),
        (card("猫是什么？", "一种动物"), card("猫到底是什么？", "一种动物")),
        (organ("pumps blood", "heart"), organ("pumps the blood of the body", "heart")),
        (Cloze(text="The {{c1::sky}} is blue."), Cloze(text="The {{c1::sky}} is very blue.")),
        (Cloze(text="The capital of it is {{c1::Pariss}}."), Cloze(text="The capital of it is {{c1::Paris}}.")),
        (
            Numeric(stem="How fast does it fall?", answer="9.81"),
            Numeric(stem="How fast does a stone fall?", answer="9.81"),
        ),
        (OpenPrompt(stem="Explain why scaling is nedeed."), OpenPrompt(stem="Explain why scaling is needed.")),
        (
            Ordering(stem="Order the steps.", steps=("the first", "the last")),
            Ordering(stem="Put the steps in order.", steps=("the first", "the last")),
        ),
    ],
    ids=[
        "a typing mistake",
        "both sides extended",
        "asked anew, same long answer",
        "words added",
        "same answer, same place",
        "a statement",
        "remarks in brackets",
        "an article",
        "without spaces",
        "a choice",
        "a cloze's sentence",
        "a cloze's answer",
        "a number",
        "a prompt",
        "an order",
    ],
)
def test_an_edited_item_is_recognised(before: Item, after: Item) -> None:
    assert kept(deck(*OTHERS, before), deck(*OTHERS, after)) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (card("What is the capital of France?", "Paris"), card("What is the capital of Spain?", "Madrid")),
        (card("What is 7 x 8?", "56"), card("What is 7 x 9?", "63")),
        (
            TrueFalse(stem="Water boils sooner on mountains.", answer=False),
            TrueFalse(stem="Napoleon was Corsican.", answer=False),
        ),
        (card("Haupt-stadt von Frankreich?", "yes"), card("a totally different question", "yes")),
        (card("chien", "dog"), card("chat", "cat")),
        (card("Who wrote Faust?", "Goethe"), TrueFalse(stem="Who wrote Faust?", answer=True)),
        *ANOTHER_WORD,
        (organ("pumps blood", "heart"), organ("makes bile", "liver")),
        (OpenPrompt(stem="Describe the heart."), OpenPrompt(stem="Describe the liver.")),
        (
            ShortAnswer(stem="Mut?", answers=(Answer(text="hat"),)),
            ShortAnswer(stem="Wut?", answers=(Answer(text="rat"),)),
        ),
        (Cloze(text="Maus is {{c1::mouse}} here"), Cloze(text="Laus is {{c1::louse}} here")),
        (Cloze(text="This is {{c1::die Maus}}"), Cloze(text="This is {{c1::die Laus}}")),
    ],
    ids=[
        "another capital",
        "another product",
        "another statement",
        "another question, yes",
        "another word",
        "another kind",
        *(str(before.front) for before, _ in ANOTHER_WORD),
        "another organ",
        "another prompt",
        "another answer to type",
        "another word in a cloze",
        "another deletion",
    ],
)
def test_another_item_is_not_taken_for_an_edited_one(before: Item, after: Item) -> None:
    assert kept(deck(*OTHERS, before), deck(*OTHERS, after)) == 2


def test_cards_of_which_only_the_pictures_differ_are_others(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / f"{name}.png").write_bytes(name.encode())
    first, second = (deck(card(f"![]({name}.png)", "What is it?")).with_media(tmp_path) for name in ("cat", "dog"))
    assert kept(first, second) == 0


def test_next_week_s_list_takes_nothing_over_from_this_week_s() -> None:
    this, next_ = zip(*ANOTHER_WORD, strict=True)
    assert kept(deck(*this), deck(*next_)) == 0


def test_an_answer_that_others_have_tells_nothing_of_the_question() -> None:
    first = deck(*(card(f"Is the {animal} a mammal?", "yes, it is one") for animal in ("mouse", "dog")))
    assert (
        kept(first, deck(*(card(f"Is the {animal} a mammal?", "yes, it is one") for animal in ("louse", "hog")))) == 0
    )


def test_an_edit_together_with_new_ids_is_recognised() -> None:
    """`cardforge ids` after an edit, before the next export: the ids it writes come from the new texts."""
    before = deck(*OTHERS, card("Is it raining today?", "not at all"))
    edited = deck(*OTHERS, card("Is it raining right now, today?", "not at all"))
    stamped = deck(*(replace(e.item, id=e.id) for e in edited.entries()), id=edited.identity)
    assert kept(before, stamped) == 3


def test_two_decks_with_ids_of_their_own_are_two_however_alike() -> None:
    items = tuple(replace(item, id=f"i{n}") for n, item in enumerate(OTHERS))
    alike = tuple(replace(item, front=f"{item.front} really") for item in items)
    assert kept(deck(*items, id="one"), deck(*alike, id="two")) == 0


def test_an_item_that_comes_back_changed_is_news_to_anki() -> None:
    first = export(deck(*OTHERS), "anki", now=5).data
    second = export(deck(OTHERS[0]), "anki", previous=first, now=5).data
    third = export(deck(OTHERS[0], replace(OTHERS[1], back="changed")), "anki", previous=second, now=5).data
    assert sorted(note.mod for note in read_previous(third).notes) == [5, 6]


def test_between_two_that_are_equally_close_there_is_doubt() -> None:
    first = deck(*OTHERS, card("What does layer one do to it?", "adds"), card("What does layer two do to it?", "adds"))
    second = deck(*OTHERS, card("What does layer ten do to it?", "adds"))
    assert kept(first, second) == 2


def test_of_many_edited_items_each_is_recognised() -> None:
    first = deck(*(card(f"What does the term number {n} of the list mean?", f"Meaning {n}") for n in range(30)))
    items = [card(f"What does the term number {n} of the list really mean?", f"Meaning {n}") for n in range(30)]
    assert kept(first, deck(*items)) == 30


def test_an_item_with_an_id_goes_by_its_id_alone() -> None:
    assert kept(deck(*OTHERS, card("x y z", "b", id="one")), deck(*OTHERS, card("x y z!", "b", id="two"))) == 2


def test_an_item_that_moves_keeps_its_note() -> None:
    assert kept(deck(*OTHERS), deck(*reversed(OTHERS))) == 2


def test_recognising_is_said() -> None:
    made = again(
        deck(*OTHERS, card("What is softmax?", "weights")), deck(*OTHERS, card("What is softmax for?", "weights"))
    )
    assert [notice.code for notice in made.notices] == ["item-recognised", "ids-missing"]


def test_a_removed_item_is_said() -> None:
    made = again(deck(*OTHERS), deck(OTHERS[0]))
    assert [notice.code for notice in made.notices] == ["notes-gone", "ids-missing"]


def test_another_deck_in_the_same_place_takes_over_no_history() -> None:
    """Both decks call their items q1 and q2; they are not the same items."""
    first = deck(card("chien", "dog", id="q1"), card("chat", "cat", id="q2"), title="French")
    second = deck(
        card("Force is?", "mass times acceleration", id="q1"), card("1 N is?", "1 kg m/s2", id="q2"), title="Physics"
    )
    assert kept(first, second) == 0
    assert [notice.code for notice in again(first, second).notices] == ["other-deck", "ids-missing"]


def test_the_old_text_of_an_edited_item_may_come_back_as_a_new_item() -> None:
    old, new = card("What is softmax?", "makes weights"), card("What is softmax for?", "makes weights")
    first = export(deck(*OTHERS, old), "anki", now=1).data
    second = export(deck(*OTHERS, new), "anki", previous=first, now=2).data
    third = export(deck(*OTHERS, new, old), "anki", previous=second, now=3).data
    guids = [note.guid for note in read_previous(third).notes]
    assert len(set(guids)) == 4
    assert {note.guid for note in read_previous(first).notes} < set(guids)


def test_a_large_deck_rewritten_is_recognised_in_bounded_time() -> None:
    def text(n: int) -> str:
        return f"What does entry {n * 7919 % 100003} of the {n * 31 % 977}th table stand for?"

    first = deck(*(card(text(n), f"It stands for item {n * 17 % 5003} of column {n}.") for n in range(2000)))
    second = deck(*(card("Say: " + text(n), f"It stands for item {n * 17 % 5003} of column {n}.") for n in range(2000)))
    assert kept(first, second) >= 1900


def test_a_statement_that_was_right_and_is_wrong_in_other_words_is_another_one() -> None:
    before = TrueFalse(stem="Hypertension is a common disease of old people.", answer=True)
    after = TrueFalse(stem="Hypotension is a common disease of old people.", answer=False)
    assert kept(deck(before, *OTHERS), deck(after, *OTHERS)) == len(OTHERS)
