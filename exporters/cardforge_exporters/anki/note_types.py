"""Anki's note types. Their ids, and the names, ids and order of their fields, are frozen: a test pins them.

Measured: a field added or renamed makes Anki's importer skip every note ("conflicting"); a changed template or
style arrives when the note type's ``mod`` is newer. So a change below means a new `REVISION`, and a new field
takes a spare one's place in the templates only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import genanki

from cardforge_exporters import judging

REVISION = 1_795_408_200
"""When templates or style last changed, in seconds since 1970. Anki takes over a newer note type only."""

_TAIL = (
    "Hint",
    "Explanation",
    "Source",
    "Level",
    "Language",
    "Item id",
    "Deck id",
    "Spare 1",
    "Spare 2",
    "Spare 3",
)


@dataclass(frozen=True, slots=True, eq=False)
class NoteType:
    """A note type as cardforge writes it. ``key`` names the files of its templates."""

    key: str
    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]  # the card's name, the files' prefix
    is_cloze: bool = False
    answers_back: bool = False
    """Whether a script runs on both sides, with a style of its own."""

    def position(self, field: str) -> int:
        """Where a field stands in a note."""
        return self.fields.index(field)


FLASHCARD = NoteType(
    "flashcard",
    1_763_800_000_101,
    "Cardforge Flashcard",
    ("Front", "Back", "Reversed", *_TAIL),
    (("Forward", "flashcard"), ("Reverse", "flashcard_reverse")),
)
CLOZE = NoteType(
    "cloze",
    1_763_800_000_102,
    "Cardforge Cloze",
    ("Text", "Extra", *_TAIL),
    (("Cloze", "cloze"),),
    is_cloze=True,
)
QUESTION = NoteType(
    "question",
    1_763_800_000_103,
    "Cardforge Question",
    (
        "Stem",
        "Kind",
        "Task",
        "Solution",
        "Concepts",
        "Model answer",
        "Feedback correct",
        "Feedback incorrect",
        "Data",
        *_TAIL,
    ),
    (("Question", "question"),),
    answers_back=True,
)
NOTE_TYPES = (FLASHCARD, CLOZE, QUESTION)


def _file(name: str) -> str:
    return files("cardforge_exporters.anki").joinpath("templates", name).read_text(encoding="utf-8").strip()


def _script(note_type: NoteType) -> str:
    """In a function of its own: the desktop keeps one page for all cards, so that their names would clash."""
    return f"\n<script>\n(function () {{\n{judging.script()}\n\n{_file(f'{note_type.key}.js')}\n}})();\n</script>"


@cache
def as_json(note_type: NoteType) -> str:
    """The note type as Anki's schema 11 holds it, without ``mod`` (see `with_mod`)."""
    script = _script(note_type) if note_type.answers_back else ""
    style = "\n\n" + _file(f"{note_type.key}.css") if note_type.answers_back else ""
    model = genanki.Model(
        note_type.id,
        note_type.name,
        # Anki matches fields and templates by these ids, so that a renamed one is still the same.
        fields=[{"name": name, "id": note_type.id * 1000 + i} for i, name in enumerate(note_type.fields)],
        templates=[
            {
                "name": name,
                "id": note_type.id * 1000 + 500 + i,
                "qfmt": _file(f"{prefix}_front.html") + script,
                "afmt": _file(f"{prefix}_back.html") + script,
                # The browser's list would show what the front hides.
                "bqfmt": "{{Stem}}" if note_type.answers_back else "",
            }
            for i, (name, prefix) in enumerate(note_type.templates)
        ],
        css=_file("style.css") + style,
        model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
    )
    data: dict[str, Any] = model.to_json(0, 1)
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def with_mod(note_type: NoteType, previous: dict[str, Any] | None) -> dict[str, Any]:
    """The note type's data. ``mod`` is newer than the last package's when anything else in it differs."""
    data: dict[str, Any] = json.loads(as_json(note_type))
    data["mod"] = REVISION
    if previous is not None:
        last = int(previous.get("mod", 0))
        same = {**previous, "mod": 0} == {**data, "mod": 0}
        data["mod"] = last if same else max(REVISION, last + 1)
    return data
