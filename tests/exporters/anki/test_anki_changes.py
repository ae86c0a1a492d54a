"""What an export tells of the way from the last package: what Anki keeps, and what goes on under another question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge import Cloze, Deck, Export, Flashcard, Section, ShortAnswer, TrueFalse, export, load, write
from cardforge.model import Answer, AnyItem
from tests.strategies import decks

UDP = Flashcard(id="udp", front="What is UDP?", back="a protocol")
TCP = Flashcard(id="tcp", front="What is TCP?", back="another protocol")


def again(before: tuple[AnyItem | Section, ...], after: tuple[AnyItem | Section, ...], title: str = "Deck") -> Export:
    first = export(Deck(id="d", title="Deck", items=before), "anki", now=1).data
    return export(Deck(id="d", title=title, items=after), "anki", previous=first, now=2)


def told(before: tuple[AnyItem | Section, ...], after: tuple[AnyItem | Section, ...], title: str = "Deck") -> list[str]:
    """The messages, but for that ids are missing."""
    return [n.message for n in again(before, after, title).notices if n.code != "ids-missing"]


def of_cloze(before: str, after: str) -> list[str]:
    """What is told of a cloze, ``x``."""
    return told((Cloze(id="x", text=before),), (Cloze(id="x", text=after),))


ELSEWHERE = (
    "What went to a deck of another id is new there, beside the old, unless that deck is exported with --set continues= "
    'and this package as it was: see "Splitting, moving and merging" in docs/anki.md'
)

# --- another kind --------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [(TCP,), ()], ids=["one of two", "the only one"])
def test_an_item_of_another_kind_is_named(others: tuple[AnyItem, ...]) -> None:
    typed = ShortAnswer(id="udp", stem="What is UDP?", answers=(Answer(text="a protocol"),))
    assert told((UDP, *others), (typed, *others)) == [
        "udp: it became another kind of item, so it is a new note; Anki keeps the old one with its history",
        '1 note of the last package is no longer in the deck ("What is UDP?"), 1 is new; Anki keeps it as it is. '
        + ELSEWHERE,
    ]


def test_an_item_of_another_kind_is_told_where_it_stands(tmp_path: Path) -> None:
    source = tmp_path / "deck.yaml"
    source.write_text("id: d\ntitle: D\nitems:\n- {type: flashcard, id: udp, front: a, back: b}\n")
    write(load(source), "anki", tmp_path / "deck.apkg", now=1)
    source.write_text("id: d\ntitle: D\nitems:\n- {type: true_false, id: udp, stem: a, answer: true}\n")
    (notice,) = (
        n for n in write(load(source), "anki", tmp_path / "deck.apkg", now=2).notices if n.code != "notes-gone"
    )
    assert notice.code == "kind-changed"
    assert notice.span is not None and notice.span.line == 4


def test_a_kind_of_the_same_note_type_goes_on() -> None:
    stated = TrueFalse(id="udp", stem="UDP is a protocol.", answer=True)
    typed = ShortAnswer(id="udp", stem="What is UDP?", answers=(Answer(text="a protocol"),))
    assert told((stated,), (typed,)) == []


# --- what is gone, and what was edited ------------------------------------------------------------


def test_of_many_notes_that_are_gone_a_few_are_named_by_their_texts() -> None:
    items = tuple(Flashcard(id=f"i{n}", front=f"Text *{n}* " + "x" * 50, back="b") for n in range(6))
    (message,) = told(items, items[:1])
    named = ", ".join(f'"Text {n} {"x" * 32}…"' for n in (1, 2, 3))
    assert message == (
        f"5 notes of the last package are no longer in the deck ({named}, …), 0 are new; Anki keeps them as they are. "
        + ELSEWHERE
    )


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (Flashcard(front="die Maus", back="mouse"), Flashcard(front="die Maus (f.)", back="mouse"), '"die Maus" -> "die Maus (f.)"'),
        (
            Flashcard(id="a", front="What is TCP?", back="another protocol"),
            Flashcard(front="What is TCP?", back="another protocol of the net"),
            '"another protocol" -> "another protocol of the net"',
        ),
        (
            Flashcard(front="What does the word at the end of the first line of it mean?", back="The end of the line."),
            Flashcard(front="What does the word at the end of the first verse of it mean?", back="The end of the line."),
            '"…the first line of it mean?" -> "…the first verse of it mean?"',
        ),
        (Flashcard(front="The *net*", back="another protocol"), Flashcard(front="The net", back="another protocol"), '"The net"'),
    ],
    ids=["the question", "the answer", "a long one", "markup alone"],
)  # fmt: skip
def test_what_was_taken_for_what_is_told(before: AnyItem, after: AnyItem, change: str) -> None:
    assert told((before,), (after,)) == [f"{change}: edited item recognised; it keeps its review history"]


def test_of_many_edited_items_ten_are_told_one_by_one() -> None:
    words = "ant bee cat dog elk fox gnu hen ibex jay kite lynx mole".split()
    before = tuple(Flashcard(front=f"the {word} of it", back=f"meaning {word}") for word in words)
    messages = told(before, tuple(replace(item, front=f"{item.front} all") for item in before))
    assert len(messages) == 11
    assert messages[-1] == "3 more edited items are recognised and keep the review history"


def test_an_item_without_an_id_is_named_by_its_text() -> None:
    item = Flashcard(front="What is UDP?", back="a protocol")
    assert told((replace(item, reversed=True),), (item,)) == [
        '"What is UDP?": its second card is no more; Anki keeps it until Tools > Empty Cards removes it'
    ]


# --- other decks ---------------------------------------------------------------------------------

STAY = "Anki leaves cards where they are: move them there or, before you import, rename the deck in Anki"


def test_a_new_title_moves_all_cards() -> None:
    (message,) = told((UDP, replace(TCP, reversed=True)), (UDP, replace(TCP, reversed=True)), title="New")
    assert message == f"3 cards are now in another deck than in the last package (Deck → New); {STAY}"


def test_a_moved_item_is_told() -> None:
    before = (Section(section="A", items=(UDP, TCP)),)
    after = (Section(section="A", items=(UDP,)), Section(section="B", items=(TCP,)))
    (message,) = told(before, after)
    assert message == f"1 card is now in another deck than in the last package (Deck::A → Deck::B); {STAY}"


def test_a_card_that_is_new_with_the_move_counts_not() -> None:
    (message,) = told((Section(section="A", items=(UDP,)),), (replace(UDP, reversed=True),))
    assert message == f"1 card is now in another deck than in the last package (Deck::A → Deck); {STAY}"


def test_of_many_moves_three_are_named() -> None:
    items = [Flashcard(id=f"i{n}", front=f"f{n}", back="b") for n in range(5)]
    before = tuple(Section(section=f"S{n}", items=(item,)) for n, item in enumerate(items))
    (message,) = told(before, tuple(items))
    named = "Deck::S0 → Deck, Deck::S1 → Deck, Deck::S2 → Deck, …"
    assert message == f"5 cards are now in other decks than in the last package ({named}); {STAY}"


def test_a_title_in_other_capitals_is_the_same_deck() -> None:
    assert told((UDP,), (UDP,), title="DECK") == []


def test_another_order_moves_nothing() -> None:
    assert told((UDP, TCP), (TCP, UDP)) == []


# --- cards of a note -----------------------------------------------------------------------------

KEEP = "keep the numbers as they were"
OTHERS = "c2 for what c1 asked for: their histories go on under other questions"


def test_a_card_that_is_reversed_no_more_is_named() -> None:
    assert told((replace(UDP, reversed=True),), (UDP,)) == [
        "udp: its second card is no more; Anki keeps it until Tools > Empty Cards removes it"
    ]


def test_the_second_card_that_comes_is_nothing_to_tell() -> None:
    assert told((UDP,), (replace(UDP, reversed=True),)) == []


def test_deletions_that_are_no_more_are_named() -> None:
    assert of_cloze("{{c1::x}} {{c2::y}} {{c3::z}}", "{{c1::x}} y z") == [
        "x: its cards for c2, c3 are no more; Anki keeps them until Tools > Empty Cards removes them"
    ]


def test_a_deletion_that_takes_another_one_s_number_is_named() -> None:
    assert of_cloze("{{c1::x}} {{c2::y}} z", "{{c1::y}} x z") == [
        "x: its card for c2 is no more; Anki keeps it until Tools > Empty Cards removes it",
        f"x: deletion c1 asks for what c2 asked for until now: its history goes on under another question; {KEEP}",
    ]


def test_deletions_that_change_places_are_named() -> None:
    assert of_cloze("{{c1::x::a hint}} {{c2::y}} z", "{{c2::x}} {{c1::y}} z") == [
        f"x: deletion c1 asks for what c2 asked for until now, {OTHERS}; {KEEP}"
    ]


def test_deletions_that_move_up_for_a_new_one_are_named() -> None:
    (message,) = of_cloze("{{c1::x}} and {{c2::y}}", "{{c1::w}}, {{c2::x}} and {{c3::y}}")
    assert message.startswith("x: deletion c2 asks for what c1 asked for until now: its")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{c1::Pariss}} in {{c2::France}}", "{{c1::Paris}} in {{c2::France}}"),
        ("{{c1::1}} and {{c2::2}}", "{{c1::2}} and {{c2::3}}"),
        ("{{c1::Paris}} is in {{c2::France}}", "In {{c2::France}} lies {{c1::Paris}}"),
        ("{{c1::a}} {{c1::b}} {{c2::c}}", "{{c1::b}} {{c1::a}} {{c2::c}}!"),
        ("{{c1::x}}", "{{c1::x}} {{c2::y}}"),
        ("{{c1::x}}, {{c2::x}}", "{{c2::x}}, {{c1::x}}"),
        ("{{c1::x}} {{c2::y}}", "{{c1::x::hint}} {{c2::**y**}}"),
        (r"{{c1::$\frac{1}{2}$}} {{c2::$x^{2}$}}", r"{{c2::$x^{2}$}} {{c1::$\frac{1}{2}$}}"),
        ("{{c1::$5}} {{c2::$6}}", "{{c1::$5}} or {{c2::$6}}"),
    ],
    ids=["spelling", "in place", "order", "two of a number", "added", "the same", "hint", "maths", "money"],
)
def test_deletions_that_ask_for_the_same_are_nothing_to_tell(before: str, after: str) -> None:
    assert of_cloze(before, after) == []


# --- whatever the decks --------------------------------------------------------------------------

WORDS = ("ant", "bee", "cat", "dog", "elk")


@settings(deadline=None)
@given(st.permutations(range(1, len(WORDS) + 1)))
def test_of_any_new_numbers_those_that_ask_for_something_else_are_named(numbers: list[int]) -> None:
    def text(numbers: Sequence[int]) -> str:
        return ", ".join(f"{{{{c{number}::{word}}}}}" for number, word in zip(numbers, WORDS, strict=True))

    said = " ".join(of_cloze(text(range(1, len(WORDS) + 1)), text(numbers)))
    pairs = {(int(a), int(b)) for a, b in re.findall(r"c(\d) (?:asks )?for what c(\d) asked", said)}
    assert pairs == {(number, place) for place, number in enumerate(numbers, 1) if number != place}


@settings(max_examples=25, deadline=None)
@given(decks(), decks())
def test_any_deck_can_come_after_any_other(before: Deck, after: Deck) -> None:
    first = export(before, "anki", now=1)
    made = export(replace(after, id="d").with_origin(after.origin), "anki", previous=first.data, now=2)
    assert made.data and not any("\n" in notice.message for notice in made.notices)
