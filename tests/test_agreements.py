"""What exporters write and sources find again, word for word. Neither may import the other, so each has its own half."""

from __future__ import annotations

from typing import Any

import pytest

from cardforge_exporters import identifiers, quiz
from cardforge_exporters.anki.identity import Guids
from cardforge_exporters.anki.note_types import NOTE_TYPES, NoteType
from cardforge_exporters.csv import table
from cardforge_exporters.gift import questions as gift_questions
from cardforge_exporters.moodle import questions as moodle_questions
from cardforge_sources.apkg import own as own_notes
from cardforge_sources.apkg.collection import NoteType as ReadNoteType
from cardforge_sources.csv import cells
from cardforge_sources.gift import grammar
from cardforge_sources.qti import ours
from cardforge_sources.question_bank import deletions, opened, own, sides


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (quiz.SHOW_ANSWER, opened.SHOW_ANSWER),
        (quiz.SELF_RATING, tuple((label, share / 100) for label, share in opened.SELF_RATING)),
        (tuple(label for label, _ in quiz.SELF_RATING), ours.SELF_RATING),
        (moodle_questions.REVERSED, own.REVERSED),
        (moodle_questions.SELF_CHECK, own.SELF_CHECK),
        (f"<p>{moodle_questions.COVERED}</p>", own._COVERED),
        (gift_questions.GAP, grammar.GAP),
        (gift_questions.GAP, deletions.GAP),
        (gift_questions._OTHER_GAP, own.OTHER_GAP),
        (gift_questions.PLACES, sides.PLACES),
    ],
)
def test_words_are_read_as_they_are_written(written: Any, read: Any) -> None:
    assert read == written


def test_the_cells_that_are_protected_are_those_whose_protection_is_taken_off() -> None:
    assert cells._PROTECTED.pattern == table._MISREAD.pattern.replace("'*+", "'++", 1)


def test_a_shortened_identifier_is_known() -> None:
    assert ours.is_shortened(identifiers.identifier("deck", "ä"))


def test_the_note_types_are_known() -> None:
    assert set(own_notes._KEYS) == {note_type.fields for note_type in NOTE_TYPES}


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.key)
@pytest.mark.parametrize("item_id", ["a", "ä", "a" * 61])
def test_the_id_in_a_guid_is_known(item_id: str, note_type: NoteType) -> None:
    guid = Guids("deck", set()).of(item_id, note_type)
    note = {"Item id": item_id, "Deck id": "deck"}
    read = ReadNoteType(note_type.name, note_type.fields, ())
    assert own_notes.item_id(note, read, guid) == item_id
