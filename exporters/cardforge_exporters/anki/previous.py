"""What the package that is about to be replaced holds: notes, their ids and when they last changed."""

from __future__ import annotations

import io
import json
import lzma
import sqlite3
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cardforge.diagnostics import OutputRefused
from cardforge.model import slug
from cardforge_exporters.anki.note_types import NOTE_TYPES, NoteType


@dataclass(frozen=True, slots=True)
class PreviousNote:
    """A note as it was written last time. ``cards`` gives each card's id by its number; ``deck`` is their deck's name."""

    id: int
    guid: str
    note_type: NoteType
    mod: int
    tags: str
    fields: tuple[str, ...]
    cards: dict[int, int]
    deck: str = ""

    def field(self, name: str) -> str:
        """The text of a field, by its name."""
        return self.fields[self.note_type.position(name)]


@dataclass(frozen=True)
class Previous:
    """The package written last time, its notes in the deck's order; empty when there was none."""

    notes: tuple[PreviousNote, ...] = ()
    note_types: dict[int, dict[str, Any]] = field(default_factory=dict)
    title: str = ""
    mod: int = 0
    """The latest time that any note of any package in this place was changed."""

    @property
    def slug(self) -> str:
        """The id that the title gives, when the author wrote none."""
        return slug(self.title)

    @property
    def deck_id(self) -> str:
        """The deck id that its notes carry."""
        return self.notes[0].field("Deck id") if self.notes else ""


@lru_cache(maxsize=1)
def read_previous(package: bytes | None) -> Previous:
    """Read a package that cardforge wrote.

    Raises OutputRefused for anything else: a package of another origin may hold the only copy of a
    learner's cards, and must not be replaced.

    The last answer is kept, for an export asks twice: whether to replace the package, and what to carry on.
    """
    if package is None:
        return Previous()
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            names = archive.namelist()
            # Beside a newer one, collection.anki2 is empty but for a word to old programs.
            is_newer = "collection.anki21b" in names or "collection.anki21" in names
            database = b"" if is_newer else archive.read("collection.anki2")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, OSError, EOFError, RuntimeError) as error:
        raise _not_ours("is not an Anki package that can be read") from error
    if not database:
        raise _not_ours("was written by Anki itself")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(database)
        return _read(connection)
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _not_ours("is not an Anki package that can be read") from error
    finally:
        connection.close()


def _read(connection: sqlite3.Connection) -> Previous:
    models, decks = (json.loads(text) for text in connection.execute("SELECT models, decks FROM col").fetchone())
    ours = {t.id: t for t in NOTE_TYPES}
    names = {int(key): str(deck["name"]) for key, deck in decks.items()}
    cards: dict[int, dict[int, int]] = {}
    deck_of: dict[int, int] = {}
    place: dict[int, int] = {}
    # The notes' order is looked up here: a package has no indexes, and SQLite would search all cards for each note.
    for card_id, note_id, deck_id, number, due in connection.execute("SELECT id, nid, did, ord, due FROM cards"):
        cards.setdefault(note_id, {})[number] = card_id
        deck_of.setdefault(note_id, deck_id)
        place[note_id] = min(due, place.get(note_id, due))
    rows = connection.execute("SELECT id, guid, mid, mod, tags, flds FROM notes").fetchall()
    notes = []
    for note_id, guid, model_id, mod, tags, fields in sorted(rows, key=lambda row: (place.get(row[0], 0), row[0])):
        values = tuple(str(fields).split("\x1f"))
        if model_id not in ours or len(values) != len(ours[model_id].fields):
            raise _not_ours("has notes that cardforge did not write")
        deck = names.get(deck_of.get(note_id, 0), "")
        notes.append(PreviousNote(note_id, guid, ours[model_id], mod, tags, values, cards.get(note_id, {}), deck))
    (mark,) = connection.execute("SELECT mod FROM col").fetchone()
    mod = max([mark // 1000 if mark != _GENANKI_MOD else 0, *(note.mod for note in notes)])
    written = [name for key, name in names.items() if key != _DEFAULT_DECK]
    note_types = {int(key): model for key, model in models.items()}
    return Previous(tuple(notes), note_types, min(written, key=len, default=""), mod)


_DEFAULT_DECK = 1
"""Anki's own, which every collection has."""
_GENANKI_MOD = 1425279151694
"""What genanki's empty collection says."""


def _not_ours(why: str) -> OutputRefused:
    return OutputRefused(f"the file that is there {why}; move it away, or say where to with --out")
