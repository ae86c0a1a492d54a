"""A collection's database as plain records: note types, decks, notes and their cards.

Two schemas are in use (Anki's rslib/src/storage): in 11, note types and decks are JSON in the table ``col``; in 18 they
have tables of their own, with settings in protobuf. Notes and cards are the same in both.

The database may have been made to do harm, so nothing but plain tables is read, no function is called, and it gives no
more than fits into a file of its size.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cardforge_sources.apkg import protobuf
from cardforge_sources.lines import as_line

DEEPEST = 20
"""How deep decks may be nested: every section of the deck format holds the next one."""
SEPARATOR = "::"


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of card that a note type makes: what its two sides show."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type. ``is_occlusion`` for Anki's own image occlusion."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    is_cloze: bool = False
    is_occlusion: bool = False


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck: the parts of its name, from the outermost one inwards, and what is said of it."""

    name: tuple[str, ...]
    description: str = ""
    is_markdown: bool = False

    @property
    def is_too_deep(self) -> bool:
        """Whether the last part of its name stands for several, with `SEPARATOR` between them."""
        return any(SEPARATOR in part for part in self.name[-1:])


class Card(NamedTuple):
    """A card of a note: the number of its template or cloze, its deck, its place among new cards."""

    number: int
    deck: int
    due: int


class Note(NamedTuple):
    """A note. Its cards are in the order of their numbers."""

    id: int
    guid: str
    note_type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Note types and decks by their ids, without those that cannot be read; notes in the order in which they were made.
    Cards counted for what they are.
    """

    note_types: Mapping[int, NoteType]
    decks: Mapping[int, AnkiDeck]
    notes: tuple[Note, ...]
    studied: int
    suspended: int


class Damaged(Exception):
    """The database cannot be read; the text says why."""


def read_collection(file: Path) -> Collection:
    """Read the database in a file. Raises Damaged."""
    most = file.stat().st_size
    try:
        with closing(_connection(file, most)) as connection:
            return _Reader(connection, most).collection()
    except (sqlite3.Error, OverflowError, MemoryError) as error:
        raise Damaged(str(error)) from None
    except _SENSELESS as error:
        raise Damaged(f"its note types or decks make no sense ({type(error).__name__})") from None


_SENSELESS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _connection(file: Path, size: int) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(size, _LARGEST_VALUE))
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    # Old collections hold what some program wrote that knew no better.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_collation("unicase", _compare)
    connection.set_authorizer(_allowed)
    return connection


_LARGEST_VALUE = 100_000_000
_SIZED = (str, bytes)


def _compare(one: str, other: str) -> int:
    """Anki's collation, without which tables that name it cannot be read. The order does not matter here."""
    a, b = one.casefold(), other.casefold()
    return (a > b) - (a < b)


def _allowed(action: int, _one: str | None, _two: str | None, _database: str | None, inside: str | None) -> int:
    """Reading columns, and nothing else: no function, no view, no trigger, no recursion."""
    reads = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ) and inside is None
    return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY


class _Reader:
    def __init__(self, connection: sqlite3.Connection, most: int) -> None:
        self._connection = connection
        self._left = most
        # A virtual table is a table, too, whose rows are made by a program.
        schema = self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self._tables = {str(name) for name, sql in schema if str(sql).upper().startswith("CREATE TABLE")}

    def collection(self) -> Collection:
        missing = {"col", "notes", "cards"} - self._tables
        if missing:
            raise Damaged(f"it has no table {min(missing)!r}")
        self._left *= 4  # UTF-16 may become longer, and each part counts for itself
        if "notetypes" in self._tables and "decks" in self._tables:
            note_types, decks = self._note_types(), self._decks()
        else:
            note_types, decks = self._from_json()
        cards, studied, suspended = self._cards()
        notes = [
            Note(
                _int(note_id),
                _text(guid),
                _int(note_type),
                tuple(_text(tags).split()),
                tuple(_text(fields).split("\x1f")),
                tuple(sorted(cards.get(_int(note_id), ()), key=lambda card: card.number)),
            )
            for note_id, guid, note_type, tags, fields in self._rows("SELECT id, guid, mid, tags, flds FROM notes")
        ]
        notes.sort(key=lambda note: note.id)
        return Collection(note_types, decks, tuple(notes), studied, suspended)

    def _cards(self) -> tuple[Mapping[int, list[Card]], int, int]:
        found: dict[int, list[Card]] = defaultdict(list)
        studied = suspended = 0
        rows = self._rows("SELECT nid, ord, did, odid, due, type, queue, reps FROM cards")
        for note, number, deck, home, due, kind, queue, reps in rows:
            # A card in a filtered deck is there for a while only.
            found[_int(note)].append(Card(_int(number), _int(home) or _int(deck), _int(due)))
            studied += bool(_int(kind) or _int(reps))
            suspended += _int(queue) == -1
        return found, studied, suspended

    # --- schema 11 -------------------------------------------------------------------------------

    def _from_json(self) -> tuple[dict[int, NoteType], dict[int, AnkiDeck]]:
        rows = list(self._rows("SELECT models, decks FROM col"))
        if not rows:
            raise Damaged("it has no collection in it")
        models, decks = (json.loads(_text(part) or "{}") for part in rows[0])
        return (
            {int(key): made for key, model in models.items() if (made := _note_type(model))},
            {int(key): read for key, deck in decks.items() if (read := _deck(deck))},
        )

    # --- schema 18 -------------------------------------------------------------------------------

    def _note_types(self) -> dict[int, NoteType]:
        fields: dict[int, dict[int, str]] = defaultdict(dict)
        for note_type, number, name in self._rows("SELECT ntid, ord, name FROM fields"):
            fields[_int(note_type)][_int(number)] = _text(name)
        templates: dict[int, dict[int, Template]] = defaultdict(dict)
        damaged = set()
        for note_type, number, name, config in self._rows("SELECT ntid, ord, name, config FROM templates"):
            try:
                sides = protobuf.texts(_bytes(config))
            except ValueError:
                damaged.add(_int(note_type))
                continue
            templates[_int(note_type)][_int(number)] = Template(_text(name), sides.get(1, ""), sides.get(2, ""))
        found = {}
        for key, name, config in self._rows("SELECT id, name, config FROM notetypes"):
            try:
                settings = protobuf.numbers(_bytes(config))
            except ValueError:
                continue
            if _int(key) in damaged:
                continue
            found[_int(key)] = NoteType(
                _text(name),
                tuple(fields[_int(key)][number] for number in sorted(fields[_int(key)])),
                tuple(templates[_int(key)][number] for number in sorted(templates[_int(key)])),
                is_cloze=settings.get(_KIND) == 1,
                is_occlusion=settings.get(_STOCK_KIND) == _IMAGE_OCCLUSION,
            )
        return found

    def _decks(self) -> dict[int, AnkiDeck]:
        found = {}
        for key, name, kind in self._rows("SELECT id, name, kind FROM decks"):
            said, is_markdown = "", False
            with suppress(ValueError):  # then the name is all that can be read
                normal = next(protobuf.messages(_bytes(kind), 1), b"")
                said, is_markdown = protobuf.texts(normal).get(4, ""), bool(protobuf.numbers(normal).get(5))
            found[_int(key)] = AnkiDeck(_parts(_text(name), "\x1f"), said, is_markdown)
        return found

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows, as long as they may be in a file of this size: a damaged tree can hold the same ones over and over."""
        for row in self._connection.execute(query):
            self._left -= len(row) + sum([len(value) for value in row if isinstance(value, _SIZED)])
            if self._left < 0:
                raise Damaged("it holds more than fits into it")
            yield row


# Numbers of fields in Anki's proto/anki/notetypes.proto, and values there.
_KIND = 1
_STOCK_KIND = 9
_IMAGE_OCCLUSION = 6


def _note_type(model: Mapping[str, Any]) -> NoteType | None:
    """The note type, or None when it is damaged."""
    try:
        templates = sorted(model["tmpls"], key=_number)
        return NoteType(
            str(model["name"]),
            tuple(str(field["name"]) for field in sorted(model["flds"], key=_number)),
            tuple(Template(str(t["name"]), str(t["qfmt"]), str(t["afmt"])) for t in templates),
            is_cloze=model.get("type") == 1,
            is_occlusion=model.get("originalStockKind") == _IMAGE_OCCLUSION,
        )
    except _SENSELESS:
        return None


def _deck(deck: Mapping[str, Any]) -> AnkiDeck | None:
    """The deck, or None when it is damaged."""
    try:
        return AnkiDeck(_parts(str(deck["name"]), SEPARATOR), str(deck.get("desc") or ""), bool(deck.get("md")))
    except _SENSELESS:
        return None


def _number(part: Mapping[str, Any]) -> int:
    return int(part.get("ord") or 0)


def _parts(name: str, separator: str) -> tuple[str, ...]:
    """The parts of a deck's name that show anything; from `DEEPEST` on, the rest of the name is one part."""
    *parts, rest = name.split(separator, DEEPEST - 1)
    lines = (" ".join(as_line(part).split()) for part in (*parts, rest.replace(separator, SEPARATOR)))
    return tuple(part for part in lines if part)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bytes) else str(value)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
