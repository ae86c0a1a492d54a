"""The lines at the head of a text file for Anki, each of which begins with ``#``.

Facts: Anki's manual, "Importing text files", and rslib/src/import_export/text/csv/metadata.rs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BEGINS = re.compile(
    r"""\#(?:separator:(?:\W|\w+)[ ]*                                          # a sign, or its name
    | columns:[^\r\n]*
    | (?:html|tags|notetype|deck|guid|if[ ]matches)\b[\w ]*:[^\t\r\n]*)(?:\r|\n|\Z)""",
    re.IGNORECASE | re.VERBOSE,
).match
"""Whether a text begins as such a file does."""

_LINE = re.compile(r"#([^\r\n]*)(?:\r\n|\n|\r|\Z)|[ \t]*(?:\r\n|\n|\r)")
_NUMBER = re.compile(r"\s*([1-9][0-9]{0,5})\s*")
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_TRIED = ",\t|;: "
"""Anki looks for them in this order where the file does not say what separates its cells; but see `Header.of`."""
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&(?:#\d+|\w+);")
_MOST_LOOKED_AT = 8 * 1024


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a file says. ``columns`` are those that are no field of a note, by what they hold, from 0;
    ``end`` is the offset of the first row.
    """

    end: int
    separator: str
    is_html: bool
    columns: Mapping[str, int] = field(default_factory=dict)
    labels: Sequence[str] = ()
    note_type: str = ""
    deck: str = ""
    tags: Sequence[str] = ()

    @classmethod
    def of(cls, text: str) -> Header:
        """The header of the file; where it leaves something open, what its first rows show."""
        said: dict[str, str] = {}
        position = 0
        while position < len(text) and (line := _LINE.match(text, position)):
            key, colon, value = (line[1] or "").partition(":")
            if colon:
                said[key.strip().lower()] = value
            position = line.end()
        sample = text[position : position + _MOST_LOOKED_AT]
        separator = _sign(said.get("separator", "")) or _found(sample)
        html = said.get("html", "").strip().lower()
        return cls(
            end=position,
            separator=separator,
            is_html=html == "true" or (html != "false" and bool(_MARKUP.search(sample))),
            columns={
                name: int(number[1]) - 1
                for name in ("guid", "notetype", "deck", "tags")
                if (number := _NUMBER.fullmatch(said.get(f"{name} column", "")))
            },
            labels=said["columns"].split(separator) if "columns" in said else (),
            note_type=said.get("notetype", "").strip(),
            deck=(said.get("deck") or said.get("name", "")).strip(),
            tags=said.get("tags", "").split(),
        )


def _sign(said: str) -> str | None:
    return said if len(said) == 1 and said in _SIGNS.values() else _SIGNS.get(said.strip().lower())


def _found(sample: str) -> str:
    # A tab or a bar is hardly ever text, so these are looked for before the comma.
    return next((sign for sign in "\t|" if sign in sample), None) or next((s for s in _TRIED if s in sample), "\t")
