"""A note of Anki's, of which only the fields are known, as an item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cardforge.diagnostics import Problem
from cardforge.model.values import Identifier, Line
from cardforge.text import Text, plain
from cardforge.text.content import Html
from cardforge_sources.csv.foreign import Foreign
from cardforge_sources.csv.rows import Cell
from cardforge_sources.places import warning


@dataclass(frozen=True, slots=True)
class Note:
    """A row of a text file for Anki. ``deck`` are the names from the outermost deck inwards."""

    start: int
    fields: tuple[Cell, ...]
    is_html: bool
    note_type: str
    guid: str
    tags: tuple[str, ...]
    deck: tuple[str, ...]

    @property
    def places(self) -> Mapping[str, Cell]:
        """The cells that an item's fields come from."""
        names = (("front", "stem", "text"), ("back", "extra", "answers"))
        found = zip(names, self.fields, strict=False)
        return {name: cell for both, cell in found for name in both}


_REVERSED = "basic (and reversed card)"
_MAYBE_REVERSED = "basic (optional reversed card)"
_TYPED = "basic (type in the answer)"
_KNOWN = {"", "basic", "cloze", _REVERSED, _MAYBE_REVERSED, _TYPED}
"""The note types that every collection has, if it was begun in English, in lower case."""
_DELETION = re.compile(r"\{\{c\d+::")
_OCCLUSION = re.compile(r"\{\{c\d+::image-occlusion:")
# As a plain text export of cards has the back: the front once more, a line across, the answer.
_FRONT_AGAIN = re.compile(r"(.*?)<hr\s+id=[\"']?answer[\"']?\s*/?>\s*(.*)", re.DOTALL | re.IGNORECASE)
# As cardforge writes hints on the front, below what asks.
_HINT_BEGINS, _HINT_ENDS = "<div><details><summary>Hint</summary>", "</details></div>"
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_ANSWER: TypeAdapter[str] = TypeAdapter(Line)


@dataclass(slots=True)
class Notes:
    """Makes items of notes, and collects what is to be told of all of them together."""

    foreign: Foreign
    problems: list[Problem]
    _ids: set[str] = field(default_factory=set)
    _unknown: Counter[str] = field(default_factory=Counter)
    _unknown_at: dict[str, int] = field(default_factory=dict)

    def item(self, note: Note) -> dict[str, Any] | None:
        """The item; None for a note that is left out, which is told."""
        if not note.fields or not any(cell.strip() for _, cell in note.fields):
            self._left_out(note, "has no fields", "look whether the file is whole")
            return None
        start, first = note.fields[0]
        if _OCCLUSION.search(first):
            self._left_out(note, "hides parts of an image, which no kind of item does", "keep it in Anki")
            return None
        hints, front_html = self._hints(first, note)
        if _DELETION.search(first):
            return self._cloze(note, front_html, hints)
        front = self._text(note, (start, front_html))
        if front is None:
            self._left_out(note, "has nothing in its first field that can be shown", "write something into it")
            return None
        self._look_at_type(note)
        return self._asking(note, first, front) | hints

    def _asking(self, note: Note, first: str, front: Text) -> dict[str, Any]:
        kind = note.note_type.lower()
        rest = list(note.fields[1:])
        is_reversed = kind == _REVERSED
        if kind == _MAYBE_REVERSED:
            is_reversed = len(rest) > 1 and bool(rest[1][1].strip())
            del rest[1:2]
        if rest:
            rest[0] = (rest[0][0], _without_front(first, rest[0][1]))
        back = self._together(note, rest)
        if back is None:
            message = "this note has no answer, so it becomes an open prompt"
            self.problems.append(warning(note.start, "adapted-item", message, "write the answer into its second field"))
            return {"type": "open_prompt", "stem": front}
        if kind == _TYPED and (answer := _typed(back)):
            return {"type": "short_answer", "stem": front, "answers": [answer]}
        return {"type": "flashcard", "front": front, "back": back} | ({"reversed": True} if is_reversed else {})

    def _cloze(self, note: Note, html: str, hints: dict[str, Any]) -> dict[str, Any] | None:
        offset = note.fields[0][0]
        text, wrong = self.foreign.cloze(html if note.is_html else _escaped(html), offset)
        if text is None:
            self._left_out(note, f"has deletions that cannot be read ({wrong})", "mend it in Anki, or keep it there")
            return None
        extra = self._together(note, list(note.fields[1:]))
        return {"type": "cloze", "text": text} | ({"extra": extra} if extra else {}) | hints

    def _hints(self, first: str, note: Note) -> tuple[dict[str, Any], str]:
        """The hints on a front as cardforge writes them, and the front without them."""
        written: list[str] = []
        end = len(first)
        while first.endswith(_HINT_ENDS, 0, end) and (start := first.rfind(_HINT_BEGINS, 0, end)) > 0:
            written.append(first[start + len(_HINT_BEGINS) : end - len(_HINT_ENDS)])
            end = start
        front = first[:end]
        is_ours = front.startswith("<div>") and front.endswith("</div>") and not any("details>" in h for h in written)
        if not written or not is_ours or not note.is_html:
            return {}, first
        hints = [self.foreign.html(hint, note.start) for hint in reversed(written)]
        return ({"hint": hints}, front) if all(hints) else ({}, first)

    def _together(self, note: Note, cells: list[Cell]) -> Text | None:
        """Several fields as one text, a paragraph each."""
        filled = [(offset, cell) for offset, cell in cells if cell.strip()]
        if note.is_html and len(filled) > 1:
            return self.foreign.together([cell for _, cell in filled], filled[0][0])
        if len(filled) > 1:
            return self.foreign.text("\n\n".join(cell for _, cell in filled), filled[0][0])
        return self._text(note, filled[0]) if filled else None

    def _text(self, note: Note, cell: Cell) -> Text | None:
        return (self.foreign.html if note.is_html else self.foreign.text)(cell[1], cell[0])

    def _left_out(self, note: Note, why: str, fix: str) -> None:
        shown = (
            " ".join(plain(Html(note.fields[0][1])).split())[:50] if note.fields and note.fields[0][1].strip() else ""
        )
        name = f"the note {shown!r}" if shown else "a note"
        self.problems.append(warning(note.start, "kept-aside", f"{name} {why}, and is left out", fix, name))

    def _look_at_type(self, note: Note) -> None:
        fields = len([cell for _, cell in note.fields if cell.strip()])
        if note.note_type.lower() not in _KNOWN or (fields > 2 and note.note_type.lower() != _MAYBE_REVERSED):
            self._unknown[note.note_type] += 1
            self._unknown_at.setdefault(note.note_type, note.start)

    def id_of(self, note: Note) -> str | None:
        """The note's guid, where it can be an id and is no other note's."""
        if not note.guid:
            return None
        try:
            item_id = _IDENTIFIER.validate_python(note.guid)
        except ValidationError:
            self.foreign.count("guid", note.start)
            return None
        if item_id in self._ids:
            self.foreign.count("same guid", note.start)
            return None
        self._ids.add(item_id)
        return item_id

    def tell(self) -> None:
        """Tell what concerns many notes."""
        for name, count in self._unknown.items():
            said = f"of the type {name[:50]!r}" if name else "with more than two fields"
            notes = "1 note" if count == 1 else f"{count:,} notes"
            message = f"{notes} {said}: the first field asks, and the others answer; no template says otherwise"
            fix = "if that is wrong, export a package (.apkg) from Anki, which brings its templates along"
            self.problems.append(warning(self._unknown_at[name], "adapted-item", message, fix))
        tell = self.foreign.tell
        fix = "nothing: they are Anki's own marks"
        one, many = "1 tag leech or marked is not kept", "{n} tags leech or marked are not kept"
        tell("scheduling", "not-kept", one, many, fix)
        fix = "nothing; but when it is exported to Anki again, these notes are new ones"
        one, many = "1 guid cannot be an id: its item gets another", "{n} guids cannot be ids: these items get others"
        tell("guid", "not-kept", one, many, fix)
        fix = "leave one of the two out: Anki would take the second for a change of the first"
        one = "1 note has the guid of another one: it gets an id of its own"
        many = "{n} notes have the guid of another one: they get ids of their own"
        tell("same guid", "adapted-item", one, many, fix)


def _without_front(front: str, back: str) -> str:
    match = _FRONT_AGAIN.fullmatch(back)
    return match[2] if match and match[1].split() == front.split() else back


def _typed(back: Text) -> str | None:
    """What is to be typed, when the back is a line of text and nothing else."""
    if isinstance(back, Html):
        return None
    try:
        return _ANSWER.validate_python(plain(back)) if "\n" not in back else None
    except ValidationError:
        return None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
