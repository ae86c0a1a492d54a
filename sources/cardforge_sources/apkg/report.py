"""What is told about a package: what was adapted, kept aside or left out, each at the line of its note."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import accumulate, islice

from cardforge.diagnostics import Problem
from cardforge_sources.apkg import foreign, own
from cardforge_sources.apkg.collection import DEEPEST, Collection, Note, NoteType
from cardforge_sources.apkg.templates import compiled, is_empty
from cardforge_sources.findings import Findings
from cardforge_sources.lines import ANKI_NOISE
from cardforge_sources.places import warning

MOST_FILES = 20
"""As many missing media files are told one by one."""


def name_of(note: Note) -> str:
    """What a note says first, for people; empty when it says nothing."""
    words = unescape(re.sub(r"<[^<>]*>|\[sound:[^\]]*\]", " ", next((f for f in note.fields if not is_empty(f)), "")))
    return " ".join(words.split())


class Report:
    """Collects problems. A note is named by its index among the ``lines`` of the document."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._offsets = [0, *accumulate(map(len, lines))]
        self._of_notes: Findings[int] = Findings(self.offset, "a note")
        self._of_all: list[Problem] = []
        self._new: list[int] = []
        self._missing: dict[str, list[int]] = defaultdict(list)

    def offset(self, index: int) -> int:
        """Where a note stands in the document."""
        return self._offsets[index]

    def kept_aside(self, index: int, what: str, name: str) -> None:
        """The note is not in the deck."""
        fix = "change it in Anki into something that asks and answers in text, or leave it there"
        self._of_notes.aside(index, name, f"it is {what}", fix)

    def adapted(self, index: int, name: str, changes: Iterable[str]) -> None:
        """What has the name is in the deck, and not as it was."""
        for change in changes:
            self._of_notes.adapted(index, name, change, "look at it in the exported deck")

    def new_in_anki(self, index: int) -> None:
        """A note of ours whose guid no id would give again."""
        self._new.append(index)

    def missing(self, index: int, files: Iterable[str]) -> None:
        """The note names media files that are not in the package."""
        for file in sorted(files):
            self._missing[file].append(index)

    def several_decks(self, count: int) -> None:
        """Notes of several decks of ours: an exported deck has one id."""
        message = f"the notes are of {count} decks, and become one: an export of it makes new notes in Anki"
        self._tell(0, "not-kept", message, "export each deck from Anki by itself, if their review history matters")

    def problems(self) -> tuple[Problem, ...]:
        """All that was found."""
        return (*self._of_notes.problems(), *self._of_all)

    def about_the_whole(self, collection: Collection, notes: Sequence[Note], ours: bool) -> None:
        """What concerns many notes, told once."""
        types = collection.note_types
        if self._new and ours:
            message = (
                f"{_count(len(self._new), 'note')} will be new in Anki: made there, or under another id of the deck"
            )
            fix = "if its history matters, export the deck over the package that was imported last, not to a new one"
            self._tell(self._new[0], "not-kept", message, fix)
        self._files_and_decks(collection, notes)
        if collection.studied or collection.suspended:
            self._schedule(collection, ours)
        foreigners = [
            index
            for index, note in enumerate(notes)
            if (made := types.get(note.note_type)) and not own.is_ours(made) and not foreign.is_occlusion(made)
        ]
        if foreigners:
            message = (
                f"{_count(len(foreigners), 'note')} of other note types than cardforge's: in the same Anki, an export"
                " makes new notes beside them, without their review history"
            )
            fix = "nothing, if others are to learn from it; else go on with the old ones in Anki, or suspend them there"
            self._tell(foreigners[0], "not-kept", message, fix)
        noise = sum(any(tag.lower() in ANKI_NOISE for tag in note.tags) for note in notes)
        if noise:
            message = (
                f"{_count(noise, 'note')}: the tags that Anki gives ({', '.join(sorted(ANKI_NOISE))}) are not kept"
            )
            self._tell(0, "not-kept", message, "nothing: they say how somebody learned, and nothing of the note")
        by_type: dict[int, list[int]] = defaultdict(list)
        for index, note in enumerate(notes):
            by_type[note.note_type].append(index)
        for key, indexes in by_type.items():
            note_type = types.get(key)
            if note_type and not own.is_ours(note_type) and not foreign.is_occlusion(note_type):
                self._note_type(note_type, [notes[index] for index in indexes], indexes[0])

    def _files_and_decks(self, collection: Collection, notes: Sequence[Note]) -> None:
        for file, indexes in islice(self._missing.items(), MOST_FILES):
            message = f"{file} is not in the package, so its name or description stands there ({_count(len(indexes), 'time')})"
            self._tell(
                indexes[0], "adapted-item", message, "add the file to Anki, and export with media included", file
            )
        if (more := len(self._missing) - MOST_FILES) > 0:
            message = f"{_count(more, 'more file')} named in texts {'is' if more == 1 else 'are'} not in the package"
            self._tell(0, "adapted-item", message, "export the deck from Anki with media included")
        lost = [index for index, note in enumerate(notes) if note.cards and note.cards[0].deck not in collection.decks]
        if lost:
            message = f"{_count(len(lost), 'note')} of a deck that is missing or damaged: they stand in no section"
            self._tell(lost[0], "not-kept", message, "look at where they stand in the exported deck")
        deep = {deck for deck, made in collection.decks.items() if made.is_too_deep}
        inside = [index for index, note in enumerate(notes) if note.cards and note.cards[0].deck in deep]
        if inside:
            message = (
                f"decks are nested more than {DEEPEST} deep ({_count(len(inside), 'note')}), so the innermost ones are"
                " one section, with all their names in its title"
            )
            self._tell(inside[0], "not-kept", message, "look at the sections in the exported deck")

    def _schedule(self, collection: Collection, ours: bool) -> None:
        what = []
        if collection.studied:
            what.append(f"when cards are due again ({collection.studied:,} have been studied)")
        if collection.suspended:
            what.append(f"which cards are suspended ({collection.suspended:,} are)")
        fix = "nothing: who learns from an export begins afresh"
        if ours:
            fix = "nothing: import the deck's next package into the same Anki, which keeps all that"
        self._tell(0, "not-kept", f"{' and '.join(what)} is not kept", fix)

    def _note_type(self, note_type: NoteType, notes: Sequence[Note], first: int) -> None:
        programs = [compiled(side) for t in note_type.templates for side in (t.front, t.back)]
        about = f"the note type {note_type.name!r} ({_count(len(notes), 'note')})"
        if not all(program.is_plain for program in programs):
            message = f"{about} is read through its templates: their layout, styles and scripts are not kept"
            fix = "look at a few of its items: front and back are what a card shows"
            self._tell(first, "not-kept", message, fix, about)
        if any(program.speaks for program in programs):
            message = f"{about} reads texts aloud, which is not kept"
            self._tell(first, "not-kept", message, "record them, if it matters", about)
        shown = {field for program in programs for field in program.fields}
        hidden = [
            name
            for number, name in enumerate(note_type.fields)
            if name not in shown
            and any(not is_empty(note.fields[number]) for note in notes if number < len(note.fields))
        ]
        if hidden:
            names = ", ".join(map(repr, hidden))
            message = f"{about} has fields that no card shows, and they are not in the deck: {names}"
            self._tell(first, "not-kept", message, "put them into a template in Anki, if they should be", about)

    def _tell(self, index: int, code: str, message: str, fix: str, subject: str = "") -> None:
        self._of_all.append(warning(self._offsets[index], code, message, fix, subject))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
