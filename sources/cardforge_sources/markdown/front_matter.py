"""The YAML between two lines of hyphens at the beginning of a file: what is said of the deck as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from cardforge.diagnostics import InvalidDeck, Problem, Severity, nearest
from cardforge.document import Document
from cardforge.model import Deck
from cardforge_sources.yaml.events import build
from cardforge_sources.yaml.positions import YamlPositions

_KNOWN = tuple(f.name for f in fields(Deck) if f.init and f.name != "items")
_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_FIELD = re.compile(r"[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """``data`` has the deck's fields; ``end`` is the offset behind it, 0 when there is none.

    ``begin`` is the offset of its first line, for another field to be inserted. Of the fields that a deck
    does not have, ``near`` tells those that are like one of a deck's, ``others`` those for another program.
    """

    data: dict[str, Any] = field(default_factory=dict)
    positions: YamlPositions | None = None
    problems: tuple[Problem, ...] = ()
    near: tuple[Problem, ...] = ()
    others: tuple[Problem, ...] = ()
    begin: int = 0
    end: int = 0


def front_matter(document: Document) -> FrontMatter:
    """The front matter of a file, if it has any. Raises InvalidDeck for mistakes that cannot be read past."""
    text = document.text
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter()
    closing = _closing(text, opening.end())
    if closing is None:
        if _FIELD.match(text, opening.end()):
            problem = Problem("front-matter", "the front matter that opens here is not closed", "write --- below it")
            raise InvalidDeck([document.diagnostic(problem, 0)])
        return FrontMatter()
    if not any(map(_says_something, text[opening.end() : closing].splitlines())):
        return FrontMatter(begin=opening.end(), end=_behind(text, closing))
    # What YAML reads begins with ---, as it may, so that its offsets are the file's.
    head = Document(document.path, text[:closing], document.encoding, document.bom)
    data, problems = build(head)
    if not isinstance(data, dict):
        return FrontMatter()  # two lines across the page, and a text between them
    positions = YamlPositions(head)
    known, near, others = _sorted(data)
    problems = [*problems, *positions.cut_texts()]
    return FrontMatter(
        known, positions, tuple(problems), tuple(near), tuple(others), opening.end(), _behind(text, closing)
    )


def _closing(text: str, start: int) -> int | None:
    # A carriage return alone ends a line, too, and re does not know that.
    found = _CLOSING.search(text.replace("\r", "\n"), start)
    return found.start() if found else None


def _behind(text: str, closing: int) -> int:
    end = _LINE_END.search(text, closing)
    return end.end() if end else len(text)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _sorted(data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem], list[Problem]]:
    """The deck's own fields; what to say of those that are like one of them, and of the others. Notes have fields for
    many a program; without a title they are not ours at all, so what looks like a typing mistake is one only beside a
    title."""
    known: dict[str, Any] = {}
    near, others = [], []
    for name, value in data.items():
        if name in _KNOWN:
            if name == "tags" and isinstance(value, str):
                value = value.split(",") if "," in value else value.split()
                value = [tag.strip() for tag in value]
            if value or name == "title":
                known[name] = value  # a field that a template left empty says nothing
            continue
        guess = nearest(name, _KNOWN)
        if guess is None or guess in data:
            others.append(_not_kept(name, "nothing, if it is for another program; if not, remove it"))
        elif "title" in data:
            message = f"a deck has no field {name[:50]!r}"
            near.append(Problem("unknown-field", message, f"write {guess}", (name,), on_key=True))
        else:
            fix = f"nothing, if it is for another program; if it is to be the deck's {guess}, write {guess}"
            near.append(_not_kept(name, fix))
    return known, near, others


def _not_kept(name: str, fix: str) -> Problem:
    shown = repr(name[:50])
    message = f"a deck has no field {shown}, so it is left out"
    return Problem("not-kept", message, fix, (name,), on_key=True, severity=Severity.WARNING, subject=shown)


def with_id(document: Document, front: FrontMatter, deck_id: str) -> tuple[int, str]:
    """Where to insert what, so that the deck has this id; makes front matter where there is none."""
    written = deck_id if re.fullmatch(r"\w+(?:-\w+)*", deck_id) else "'" + deck_id.replace("'", "''") + "'"
    first_end = _LINE_END.search(document.text)
    newline = first_end[0] if first_end else "\n"
    if not front.end:
        return 0, f"---{newline}id: {written}{newline}---{newline}{newline}"
    place = front.positions.places[()] if front.positions else None
    if place is None:
        return front.begin, f"id: {written}{newline}"
    if place.style == "{":
        return place.start + 1, f"id: {written}, "
    column = document.span(place.start).column - 1
    return place.start, f"id: {written}{newline}{' ' * column}"
