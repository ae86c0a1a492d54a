"""Study sheets read back: each question becomes the front of a flashcard, and its answer the back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from cardforge.diagnostics import Loc, Problem, Severity
from cardforge.document import read_document
from cardforge.plugin import Draft
from cardforge.text import lines_as_markdown

# A heading and the line below it; a number and its text, with the indented lines that follow; any other line.
_PART = re.compile(
    r"^(?P<heading>\S.*)\n(?P<below>=+|-+)[ \t\r]*$"
    r"|^(?P<number>[0-9]+)\.(?!\S)(?P<text>.*(?:\n[ \t]+\S.*)*)"
    r"|^(?P<other>.*\S.*)$",
    re.MULTILINE,
)
_ANSWERS = re.compile(rb"^Answers[ \t\r]*\n=+[ \t\r]*$", re.MULTILINE)


def is_sheet(data: bytes) -> bool:
    """Whether a file looks like a study sheet: its answers have a heading."""
    return _ANSWERS.search(data) is not None


class FlatTextSource:
    """Reads a study sheet as flashcards."""

    name: ClassVar[str] = "flat-text"
    summary: ClassVar[str] = "a study sheet in plain text, as flashcards"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)

    def recognises(self, path: Path) -> bool:
        try:
            return is_sheet(path.read_bytes())
        except OSError:
            return False

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        deck: dict[str, Any] = {"items": []}
        # The list that a question goes into, and its place: the deck's, or the section's that was begun last.
        items: list[Any] = deck["items"]
        at: Loc = ("items",)
        asked: dict[str, tuple[dict[str, str], Loc]] = {}  # each question's card and its place, by its number
        places: dict[Loc, int] = {}
        problems: list[Problem] = []
        in_answers = False
        for part in _PART.finditer(document.text):
            offset, heading, number = part.start(), part["heading"], part["number"]
            text = lines_as_markdown("\n".join(line.strip() for line in (part["text"] or "").splitlines()))
            if heading and not places:  # the first thing there is
                deck["title"] = heading.strip()
                places[("title",)] = offset
            elif heading and part["below"].startswith("="):
                in_answers = True
            elif heading:
                section: Loc = ("items", len(deck["items"]))
                places[section] = offset
                items, at = [], (*section, "items")
                deck["items"].append({"section": heading.strip(), "items": items})
            elif number and not in_answers:
                card = {"type": "flashcard", "front": text}
                asked[number] = card, (*at, len(items))
                places[(*at, len(items))] = offset
                items.append(card)
            elif number and number in asked:
                card, place = asked.pop(number)
                card["back"] = text
                places[(*place, "back")] = offset
            else:
                problems.append(_unasked(number, offset) if number else _left_out(offset))
        return Draft(deck, document, Places(places), problems=tuple(problems), is_beginning=True)


@dataclass(frozen=True)
class Places:
    """Where the parts of a sheet stand: offsets in its text, of which cardforge makes lines and columns."""

    places: Mapping[Loc, int]

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        return self.places.get(loc) if loc else 0


def _unasked(number: str, offset: int) -> Problem:
    message = f"there is no question {number[:9]}, or it has its answer already"
    return Problem("unasked-answer", message, "give the answer its question's number, or delete it", place=offset)


def _left_out(offset: int) -> Problem:
    message, fix = "this line belongs to no question and is left out", "indent it below a question, if it is of one"
    return Problem("not-kept", message, fix, place=offset, severity=Severity.WARNING)
