"""Text files for Anki: what Anki exports as notes or cards in plain text, and what it imports. A note is an item.

Such a file has no templates, so a note type that every Anki has is read as what it asks; of others, the first field
asks and the rest answers, unless it has deletions.

anki_header.py  the lines at the head
anki_notes.py   a note as an item
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from cardforge.diagnostics import Loc, Problem
from cardforge.document import Document
from cardforge.model import Level
from cardforge.plugin import Draft
from cardforge.text.content import CONTROL, has_visible
from cardforge_sources.csv.anki_header import BEGINS, Header
from cardforge_sources.csv.anki_notes import Note, Notes
from cardforge_sources.csv.foreign import Foreign
from cardforge_sources.csv.outline import Outline, Record
from cardforge_sources.csv.rows import Row, lenient_rows, refuse_conflict
from cardforge_sources.json import DEEPEST
from cardforge_sources.lines import ANKI_NOISE
from cardforge_sources.places import Places

begins = BEGINS

_MOST_FIELDS = 100
"""A note has as many fields; what a row has beyond them is not read, so that no row takes long."""
_NOT_IN_A_LINE = re.compile(rf"[{CONTROL}\s\u2028\u2029\ufffe\uffff]+")
_LEVEL = re.compile(rf"level::?({'|'.join(get_args(Level))})", re.IGNORECASE)


def draft(document: Document, path: Path) -> Draft:
    """The notes of the file as items, subdecks as sections."""
    text = document.text
    header = Header.of(text)
    problems: list[Problem] = []
    foreign = Foreign(path.parent, problems)
    notes = Notes(foreign, problems)
    outline = Outline(problems)
    found = [_note(row, header) for row in lenient_rows(text, header.end, header.separator)]
    refuse_conflict(document, (note.start for note in found))
    title, depth = _title(found, path)
    for note in found:
        if len(note.fields) == _MOST_FIELDS:
            foreign.count("fields", note.start)
        item = notes.item(note)
        if item is None:
            continue
        if note.deck[depth:]:
            item["section"] = [_line(part) for part in note.deck[depth:]]
        outline.add(item | _said_of(note, notes, foreign), Record(note.start, note.places))
    foreign.tell_of_texts()
    notes.tell()
    fix = f"look whether these lines are whole: fields beyond the first {_MOST_FIELDS} are not kept"
    one, many = (f"{notes} {_MOST_FIELDS} fields or more" for notes in ("1 note has", "{n} notes have"))
    foreign.tell("fields", "not-kept", one, many, fix)
    data: dict[str, Any] = {"title": title, "items": outline.items}
    if header.tags:
        data["tags"] = list(dict.fromkeys(map(_line, header.tags)))
    return Draft(data, document, _places(outline.records), foreign.media, tuple(problems), is_beginning=True)


def _note(row: Row, header: Header) -> Note:
    def cell(name: str) -> str:
        index = header.columns.get(name, len(row))
        return row[index][1].strip() if index < len(row) else ""

    tags = {name.strip().lower(): index for index, name in enumerate(header.labels)}.get("tags")
    meta = set(header.columns.values())
    if "tags" not in header.columns and tags is not None:
        meta.add(tags)
    tags_cell = (
        cell("tags") if "tags" in header.columns else row[tags][1] if tags is not None and tags < len(row) else ""
    )
    names = (cell("deck") or header.deck).split("::")
    deep = [*names[: DEEPEST - 1], "::".join(names[DEEPEST - 1 :])] if len(names) > DEEPEST else names
    return Note(
        start=row[0][0],
        fields=tuple(islice((cell for index, cell in enumerate(row) if index not in meta), _MOST_FIELDS)),
        is_html=header.is_html,
        note_type=cell("notetype") or header.note_type,
        guid=cell("guid"),
        tags=tuple(tags_cell.split()),
        deck=tuple(deep) if deep != [""] else (),
    )


def _title(notes: list[Note], path: Path) -> tuple[str, int]:
    """The deck's title, and how many parts of each note's deck are in it.

    The outermost deck's name is the title when all notes are in it, so that they come into the same decks again.
    """
    outermost = {note.deck[:1] for note in notes}
    if len(outermost) == 1 and (first := next(iter(outermost))):
        return _line(first[0]), 1
    return _line(path.stem), 0


def _line(text: str) -> str:
    """A name as one line that shows something."""
    line = _NOT_IN_A_LINE.sub(" ", text).strip()
    return line if has_visible(line) else "blank"  # as Anki calls a deck without a name


def _said_of(note: Note, notes: Notes, foreign: Foreign) -> dict[str, Any]:
    """What is said of a note besides its fields: id, level, tags."""
    said: dict[str, Any] = {}
    if item_id := notes.id_of(note):
        said["id"] = item_id
    tags: list[str] = []
    for tag in note.tags:
        level = _LEVEL.fullmatch(tag)
        if level and "level" not in said:
            said["level"] = level[1].lower()
        elif tag.lower() in ANKI_NOISE:
            foreign.count("scheduling", note.start)
        elif has_visible(tag):
            tags.append(_line(tag))
    if tags:
        said["tags"] = list(dict.fromkeys(tags))
    return said


def _places(records: Mapping[Loc, Record]) -> Places:
    places: dict[Loc, int] = {}
    for at, record in records.items():
        places[at] = record.start
        places |= {(*at, name): start for name, (start, _) in record.cells.items()}
    return Places(places)
