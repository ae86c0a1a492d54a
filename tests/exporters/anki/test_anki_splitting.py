"""Decks that are split, moved and merged, with cards that have been studied: what docs/anki.md says keeps histories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge import Cloze, Deck, Flashcard, InvalidOption, OutputRefused, Section, write
from tests.anki_backend import Anki, Imported
from tests.clients import want_module

FIRST, LAST = (
    tuple(Flashcard(id=f"{w}{n}", front=f"{w} {n}", back=f"back of {w} {n}") for n in range(3)) for w in "ab"
)
WHOLE = Deck(id="course", title="Course", items=FIRST + LAST)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    """Six cards, all of them studied."""
    want_module("anki")
    with Anki(tmp_path / "anki") as collection:
        assert take(collection, WHOLE, tmp_path / "course.apkg", 1).new == 6
        collection.study(6)
        assert len(collection.schedules()) == 6
        yield collection


def take(anki: Anki, deck: Deck, package: Path, now: int) -> Imported:
    return anki.take(write(deck, "anki", package, now=1_700_000_000 + now).path)


def rename(anki: Anki, old: str, new: str) -> None:
    found = anki.collection.decks.by_name(old)
    assert found is not None
    anki.collection.decks.rename(found, new)


def change_deck(anki: Anki, search: str, deck: str) -> None:
    """What the browser's "Change Deck" does."""
    anki.collection.set_deck(anki.collection.find_cards(search), anki.collection.decks.id(deck))  # type: ignore[arg-type]


def edited(items: tuple[Flashcard, ...]) -> tuple[Flashcard, ...]:
    return tuple(replace(item, back=f"{item.back} (edited)") for item in items)


def test_sections_keep_all_histories(anki: Anki, tmp_path: Path) -> None:
    """Cards that are there stay in their deck, new ones arrive in the section's."""
    before = anki.schedules()
    new = Flashcard(id="new", front="new", back="new")
    sections = (Section(section="A", items=FIRST), Section(section="B", items=(*edited(LAST), new)))
    assert take(anki, replace(WHOLE, items=sections), tmp_path / "course.apkg", 2) == Imported(1, 3, 3, 0)
    assert anki.schedules() == before
    assert anki.decks() == {"Course": 6, "Course::A": 0, "Course::B": 1}


def test_two_files_of_one_deck_id_keep_all_histories(anki: Anki, tmp_path: Path) -> None:
    before = anki.schedules()
    assert take(anki, replace(WHOLE, items=edited(FIRST)), tmp_path / "course.apkg", 2) == Imported(0, 3, 0, 0)
    assert take(anki, replace(WHOLE, title="Part two", items=edited(LAST)), tmp_path / "two.apkg", 2) == (
        Imported(0, 3, 0, 0)
    )
    assert anki.schedules() == before
    assert anki.decks()["Course"] == 6


def test_items_that_go_to_another_deck_keep_their_histories(anki: Anki, tmp_path: Path) -> None:
    """And go on by the package of that deck, whatever becomes of the other one."""
    before = anki.schedules()
    new = Flashcard(id="new", front="new", back="new")
    part = Deck(id="part", title="Part two", items=(*edited(LAST), new))
    written = write(part, "anki", tmp_path / "part.apkg", now=1_700_000_002, continues=tmp_path / "course.apkg")
    assert anki.take(written.path) == Imported(1, 3, 0, 0)
    assert [notice.code for notice in written.notices] == ["notes-continued"]
    assert take(anki, replace(WHOLE, items=FIRST), tmp_path / "course.apkg", 3) == Imported(0, 0, 3, 0)
    assert take(anki, replace(part, items=(*edited(edited(LAST)), new)), tmp_path / "part.apkg", 4) == (
        Imported(0, 3, 1, 0)
    )
    assert anki.schedules() == before


def test_two_files_that_become_one_keep_their_histories(anki: Anki, tmp_path: Path) -> None:
    """Even where both were exported in one second, so that their notes have the same numbers."""
    more = tuple(Flashcard(id=f"c{n}", front=f"c {n}", back="C") for n in range(3))
    assert take(anki, Deck(id="more", title="More", items=more), tmp_path / "more.apkg", 1).new == 3
    anki.study(3)
    before = anki.schedules()
    written = write(
        replace(WHOLE, items=edited(FIRST + LAST + more)),
        "anki",
        tmp_path / "course.apkg",
        now=1_700_000_002,
        continues=tmp_path / "more.apkg",
    )
    assert anki.take(written.path) == Imported(0, 9, 0, 0)
    assert anki.schedules() == before


def test_another_id_for_the_whole_deck_keeps_its_histories(anki: Anki, tmp_path: Path) -> None:
    before = anki.schedules()
    other = replace(WHOLE, id="other", items=edited(FIRST + LAST))
    written = write(other, "anki", tmp_path / "other.apkg", now=1_700_000_002, continues=tmp_path / "course.apkg")
    assert (anki.take(written.path), anki.schedules()) == (Imported(0, 6, 0, 0), before)


def test_notes_that_were_doubled_can_be_undone(anki: Anki, tmp_path: Path) -> None:
    """The deck was exported without the other package; the new notes are deleted, and it is exported with it."""
    before = anki.schedules()
    part = Deck(id="part", title="Part two", items=LAST)
    assert take(anki, part, tmp_path / "part.apkg", 2).new == 3
    anki.collection.remove_notes(anki.collection.find_notes('deck:"Part two"'))
    again = write(
        replace(part, items=edited(LAST)),
        "anki",
        tmp_path / "part.apkg",
        now=1_700_000_003,
        continues=tmp_path / "course.apkg",
    )
    assert (anki.take(again.path), anki.schedules()) == (Imported(0, 3, 0, 0), before)


def test_of_an_item_that_is_in_both_decks_the_older_note_goes_on(anki: Anki, tmp_path: Path) -> None:
    part = Deck(id="part", title="Part two", items=LAST)
    assert take(anki, part, tmp_path / "part.apkg", 2).new == 3
    whole = write(
        replace(WHOLE, items=edited(FIRST + LAST)),
        "anki",
        tmp_path / "course.apkg",
        now=1_700_000_003,
        continues=tmp_path / "part.apkg",
    )
    before = anki.schedules()
    assert (anki.take(whole.path), anki.schedules()) == (Imported(0, 6, 0, 0), before)
    assert anki.decks() == {"Course": 6, "Part two": 3}


def test_another_item_with_an_id_of_the_other_deck_takes_no_history(anki: Anki, tmp_path: Path) -> None:
    before = anki.schedules()
    other = Flashcard(id="b0", front="What is green?", back="Grass.")
    part = Deck(id="part", title="Part two", items=(other, *LAST[1:]))
    written = write(part, "anki", tmp_path / "part.apkg", now=1_700_000_002, continues=tmp_path / "course.apkg")
    assert [notice.code for notice in written.notices] == ["other-item", "notes-continued"]
    assert (anki.take(written.path).new, anki.schedules()) == (1, before)


def test_a_deletion_that_asks_something_else_is_told_there_too(tmp_path: Path) -> None:
    before, after = (Cloze(id="x", text=f"{{{{c{n}::one}}}} and {{{{c{3 - n}::two}}}}") for n in (1, 2))
    write(Deck(id="course", title="Course", items=(before,)), "anki", tmp_path / "course.apkg", now=1_700_000_000)
    part = Deck(id="part", title="Part two", items=(after,))
    written = write(part, "anki", tmp_path / "part.apkg", now=1_700_000_002, continues=tmp_path / "course.apkg")
    assert "deletion-changed" in [notice.code for notice in written.notices]


def test_where_no_item_came_from_the_other_package_that_is_told(tmp_path: Path) -> None:
    write(WHOLE, "anki", tmp_path / "course.apkg", now=1_700_000_000)
    deck = Deck(id="part", title="Part", items=(Flashcard(id="new", front="new", back="new"),))
    written = write(deck, "anki", tmp_path / "part.apkg", now=1_700_000_000, continues=tmp_path / "course.apkg")
    assert "no item that is new in this deck" in written.notices[0].message


@pytest.mark.parametrize("content", [None, b"no package"])
def test_what_is_no_package_of_cardforge_s_is_refused(content: bytes | None, tmp_path: Path) -> None:
    if content:
        (tmp_path / "course.apkg").write_bytes(content)
    with pytest.raises(InvalidOption, match=r"course\.apkg"):
        write(WHOLE, "anki", tmp_path / "part.apkg", continues=tmp_path / "course.apkg")
    assert not (tmp_path / "part.apkg").exists()


@pytest.mark.parametrize("id", ["course", None], ids=["the same id", "no id yet"])
def test_a_part_that_is_exported_over_a_copy_of_the_whole_s_package_keeps_its_histories(
    id: str | None, anki: Anki, tmp_path: Path
) -> None:
    """And goes on by an id of its own, which `cardforge ids` writes then."""
    before = anki.schedules()
    shutil.copy(tmp_path / "course.apkg", tmp_path / "two.apkg")
    part = Deck(id=id, title="Part two", items=edited(LAST))
    assert take(anki, part, tmp_path / "two.apkg", 2) == Imported(0, 3, 0, 0)
    part = Deck(id=part.identity, title="Part two", items=LAST)
    assert take(anki, part, tmp_path / "two.apkg", 3) == Imported(0, 3, 0, 0)
    assert anki.schedules() == before


def test_ids_that_were_written_after_an_edit_need_the_copy(tmp_path: Path) -> None:
    """The guid comes from the first text; the package knows it."""
    want_module("anki")

    def deck(front: str, id: str | None = None) -> Deck:
        return Deck(id="course", title="Course", items=(Flashcard(id=id, front=front, back="It is far from here."),))

    with Anki(tmp_path / "anki") as anki:
        take(anki, deck("How far is it?"), tmp_path / "course.apkg", 1)
        edited = write(deck("How far is it to go?"), "anki", tmp_path / "course.apkg", now=1_700_000_002)
        stamped = deck("How far is it to go?", id="far")
        shutil.copy(edited.path, tmp_path / "two.apkg")
        assert take(anki, stamped, tmp_path / "two.apkg", 3) == Imported(0, 1, 0, 0)
        assert take(anki, stamped, tmp_path / "three.apkg", 3) == Imported(1, 0, 0, 0)


def test_a_part_with_another_id_is_new(anki: Anki, tmp_path: Path) -> None:
    assert take(anki, Deck(id="part-two", title="Part two", items=LAST), tmp_path / "two.apkg", 2) == (
        Imported(3, 0, 0, 0)
    )


def test_over_a_copy_of_a_deck_with_an_id_of_its_own_no_other_id_is_taken(tmp_path: Path) -> None:
    copy = write(replace(WHOLE, id="course-2026"), "anki", tmp_path / "copy.apkg", now=1).path
    with pytest.raises(OutputRefused):
        write(Deck(id="part-two", title="Part two", items=LAST), "anki", copy, now=2)


def test_cards_that_were_moved_in_anki_stay_there_and_are_updated(anki: Anki, tmp_path: Path) -> None:
    before = anki.schedules()
    change_deck(anki, "front:b*", "Elsewhere")
    assert take(anki, replace(WHOLE, items=edited(FIRST + LAST)), tmp_path / "course.apkg", 2) == Imported(0, 6, 0, 0)
    assert anki.schedules() == before
    assert anki.decks() == {"Course": 3, "Elsewhere": 3}


def test_decks_that_were_put_below_another_in_anki_are_updated_there(anki: Anki, tmp_path: Path) -> None:
    """New cards arrive in a deck of the title."""
    before = anki.schedules()
    other = Deck(id="other", title="Other", items=(Flashcard(id="o", front="o", back="o"),))
    take(anki, other, tmp_path / "other.apkg", 2)
    rename(anki, "Course", "All::Course")
    rename(anki, "Other", "All::Other")
    new = Flashcard(id="new", front="new", back="new")
    assert take(anki, replace(WHOLE, items=(*edited(FIRST + LAST), new)), tmp_path / "course.apkg", 3) == (
        Imported(1, 6, 0, 0)
    )
    assert anki.schedules() == before
    assert anki.decks() == {"All": 0, "All::Course": 6, "All::Other": 1, "Course": 1}


def test_a_deck_that_is_renamed_in_anki_first_goes_on_under_its_new_title(anki: Anki, tmp_path: Path) -> None:
    before = anki.schedules()
    rename(anki, "Course", "New title")
    new = Flashcard(id="new", front="new", back="new")
    take(anki, replace(WHOLE, title="New title", items=(*FIRST, *LAST, new)), tmp_path / "course.apkg", 2)
    assert anki.schedules() == before
    assert anki.decks() == {"New title": 7}


def test_items_that_went_into_a_deck_of_another_id_are_doubled(anki: Anki, tmp_path: Path) -> None:
    other = Deck(id="other", title="Other", items=(Flashcard(id="o", front="o", back="o"),))
    take(anki, other, tmp_path / "other.apkg", 2)
    assert take(anki, replace(other, items=(*other.items, *LAST)), tmp_path / "other.apkg", 3) == Imported(3, 0, 1, 0)
    assert anki.decks() == {"Course": 6, "Other": 4}


def test_merged_files_that_are_two_again_update_both(anki: Anki, tmp_path: Path) -> None:
    """Two files with their own ids, their cards in one deck of Anki."""
    other = Deck(id="other", title="Other", items=(Flashcard(id="o", front="o", back="o"),))
    take(anki, other, tmp_path / "other.apkg", 2)
    anki.study(7)
    before = anki.schedules()
    assert len(before) == 7
    change_deck(anki, "deck:Other", "Course")
    changed = replace(other, title="Course", items=(Flashcard(id="o", front="o", back="edited"),))
    assert take(anki, changed, tmp_path / "other.apkg", 3) == Imported(0, 1, 0, 0)
    assert (anki.schedules(), anki.decks()["Course"]) == (before, 7)
