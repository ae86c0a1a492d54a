"""A note of Anki's as the program ki writes it: a file that is one note, its fields below headings of their names.

``# Note``, then the guid and the note type in a block of code; ``### Tags``, the tags in another one; and below ``## Front``,
``## Back`` or whatever the fields are called, each field, in HTML that Markdown passes on. The first field asks, and the
others answer. Source: ki's documentation, "Note grammar".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cardforge_sources.lines import as_line, is_id
from cardforge_sources.markdown.blocks import Block, Sort
from cardforge_sources.markdown.lines import Line, trimmed
from cardforge_sources.markdown.marks import DELETION
from cardforge_sources.markdown.reading import Reading
from cardforge_sources.markdown.texts import passage

_NAMED = re.compile(r"(guid|notetype): ?(.*)")
_FENCES = re.compile(r"[ ]{0,3}(?:`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Note:
    """``fields`` are the lines below the headings, in their order."""

    guid: str
    tags: Sequence[str]
    fields: Sequence[Sequence[Line]]
    start: int


def note_of(lines: Sequence[Line], blocks: Sequence[Block]) -> Note | None:
    """The note that a file is; None for any other file."""
    headings = [block for block in blocks if block.sort is Sort.HEADING]
    if len(blocks) < 2 or not headings or blocks[0] is not headings[0] or blocks[1].sort is not Sort.CODE:
        return None
    named = {found[1]: found[2] for _, line in _inside(lines, blocks[1]) if (found := _NAMED.match(line))}
    if _title(lines, blocks[0]) != "Note" or named.keys() != {"guid", "notetype"}:
        return None
    tags: list[str] = []
    fields: list[Sequence[Line]] = []
    for number, heading in enumerate(headings):
        end = headings[number + 1].start if number + 1 < len(headings) else len(lines)
        if heading.level == 3 and _title(lines, heading) == "Tags" and not fields:
            code = next((block for block in blocks if heading.end <= block.start < end), None)
            tags = [line for _, line in (_inside(lines, code) if code else ()) if line.strip()]
        elif heading.level == 2 and number:
            fields.append(lines[heading.end : end])
        elif number and fields:  # a heading in a field
            fields[-1] = [*fields[-1], *lines[heading.start : end]]
    return Note(named["guid"].strip(), tags, fields, lines[blocks[0].start][0]) if fields else None


def item_of(note: Note, reading: Reading) -> dict[str, Any]:
    """The item. A field that shows nothing says nothing; what is missing then, the deck format tells."""
    at = ("items", 0)
    reading.places[at] = note.start
    filled = [field for field in note.fields if trimmed(field)]
    first = filled[0] if filled else ()
    others = [line for field in filled[1:] for line in (*field, (field[-1][0], ""))]
    is_cloze = any(DELETION.search(line) for _, line in first)
    asking, answering = ("text", "extra") if is_cloze else ("front", "back")
    data: dict[str, Any] = {"type": "cloze" if is_cloze else "flashcard"}
    if is_id(note.guid):
        data["id"] = note.guid
    if tags := [tag for tag in map(as_line, note.tags) if tag]:
        data["tags"] = list(dict.fromkeys(tags))
    for name, field in ((asking, first), (answering, others)):
        text = reading.keep((*at, name), passage(field, reading.file))
        if text is not None:
            data[name] = text
    if not is_cloze and "back" not in data:
        message = "this note has no answer, so it becomes an open prompt"
        reading.warn("adapted-item", message, "write the answer below its second heading", note.start)
        return {**{k: v for k, v in data.items() if k != "front"}, "type": "open_prompt", "stem": data.get("front", "")}
    return data


def _inside(lines: Sequence[Line], code: Block) -> Sequence[Line]:
    return [line for line in lines[code.start : code.end] if not _FENCES.match(line[1])]


def _title(lines: Sequence[Line], heading: Block) -> str:
    return lines[heading.start][1].lstrip("# \t").rstrip()
