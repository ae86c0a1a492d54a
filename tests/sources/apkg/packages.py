"""Packages as other programs write them, made here so that no other program is needed."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import genanki
import zstandard

BASIC = {"Card 1": ("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}")}
REVERSED = BASIC | {"Card 2": ("{{Back}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Front}}")}
TYPED = {"Card 1": ("{{Front}}\n\n{{type:Back}}", "{{Front}}\n\n<hr id=answer>\n\n{{type:Back}}")}
CLOZE = {"Cloze": ("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}")}


@dataclass(frozen=True)
class Notes:
    """Notes of one type: the names of its fields, front and back of each card, and the notes' fields."""

    fields: Sequence[str]
    cards: Mapping[str, tuple[str, str]]
    notes: Sequence[Sequence[str]]
    is_cloze: bool = False
    name: str = "Some type"
    deck: str = "Some deck"
    tags: Sequence[str] = field(default_factory=tuple)


def legacy(path: Path, *kinds: Notes, media: Iterable[Path] = ()) -> Path:
    """A package with ``collection.anki2``, as genanki and Anki up to 2.0 write it. Guids are ``guid-0``, ``guid-1`` …"""
    decks: dict[str, genanki.Deck] = {}
    count = 0
    for number, kind in enumerate(kinds):
        model = genanki.Model(
            1_700_000_000 + number,
            kind.name,
            fields=[{"name": name} for name in kind.fields],
            templates=[{"name": name, "qfmt": front, "afmt": back} for name, (front, back) in kind.cards.items()],
            model_type=genanki.Model.CLOZE if kind.is_cloze else genanki.Model.FRONT_BACK,
        )
        deck = decks.setdefault(kind.deck, genanki.Deck(1_800_000_000 + len(decks), kind.deck))
        for fields in kind.notes:
            deck.add_note(genanki.Note(model, list(fields), guid=f"guid-{count}", tags=list(kind.tags)))
            count += 1
    package = genanki.Package(list(decks.values()))
    package.media_files = [str(file) for file in media]
    package.write_to_file(str(path), timestamp=1_700_000_000.0)
    return path


def database(package: Path | bytes) -> sqlite3.Connection:
    """The database of a legacy package, in memory."""
    source = io.BytesIO(package) if isinstance(package, bytes) else package
    connection = sqlite3.connect(":memory:")
    with zipfile.ZipFile(source) as archive:
        connection.deserialize(archive.read("collection.anki2"))
    return connection


def with_database(
    path: Path, connection: sqlite3.Connection, name: str = "collection.anki2", media: str = "{}"
) -> Path:
    """A package that holds this database and no media."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, connection.serialize())
        archive.writestr("media", media)
    return path


def newer(old: bytes, media: Mapping[str, bytes] | None = None, damage: str = "") -> bytes:
    """A package as today's Anki writes it (``collection.anki21b``), from the database of a legacy one.

    ``damage`` is SQL that is run on the new database.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "new.db")
        with closing(sqlite3.connect(":memory:")) as before, closing(sqlite3.connect(file)) as after:
            before.deserialize(old)
            _upgrade(before, after)
            after.executescript(damage)
        packed = zstandard.ZstdCompressor().compress
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("meta", _message({1: 3}))
            archive.writestr("collection.anki21b", packed(file.read_bytes()))
            archive.writestr("collection.anki2", old)
            entries = b"".join(_message({1: _message({1: name, 2: len(data)})}) for name, data in (media or {}).items())
            archive.writestr("media", packed(entries))
            for number, data in enumerate((media or {}).values()):
                archive.writestr(str(number), packed(data))
    return out.getvalue()


def _upgrade(before: sqlite3.Connection, after: sqlite3.Connection) -> None:
    """Schema 18, as far as it is read: note types, fields, templates and decks in tables of their own."""
    after.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
    after.executescript(
        """CREATE TABLE notetypes (id integer PRIMARY KEY, name text COLLATE unicase, config blob);
        CREATE TABLE fields (ntid integer, ord integer, name text COLLATE unicase, config blob, PRIMARY KEY (ntid, ord))
            WITHOUT ROWID;
        CREATE TABLE templates (ntid integer, ord integer, name text COLLATE unicase, config blob,
            PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
        CREATE TABLE decks (id integer PRIMARY KEY, name text COLLATE unicase, kind blob);
        CREATE TABLE col (id integer PRIMARY KEY, ver integer, models text, decks text);
        INSERT INTO col VALUES (1, 18, '', '');"""
    )
    for table in ("notes", "cards"):
        (sql,) = before.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        after.execute(sql)
        rows = before.execute(f"SELECT * FROM {table}").fetchall()
        after.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    models, decks = map(json.loads, before.execute("SELECT models, decks FROM col").fetchone())
    for key, model in models.items():
        after.execute("INSERT INTO notetypes VALUES (?, ?, ?)", (key, model["name"], _message({1: model["type"]})))
        for number, part in enumerate(model["flds"]):
            after.execute("INSERT INTO fields VALUES (?, ?, ?, x'')", (key, number, part["name"]))
        for number, part in enumerate(model["tmpls"]):
            sides = _message({1: part["qfmt"], 2: part["afmt"]})
            after.execute("INSERT INTO templates VALUES (?, ?, ?, ?)", (key, number, part["name"], sides))
    for key, deck in decks.items():
        kind = _message({1: _message({1: 1, 4: deck.get("desc", "")})})
        after.execute("INSERT INTO decks VALUES (?, ?, ?)", (key, deck["name"].replace("::", "\x1f"), kind))
    after.commit()


def _message(values: Mapping[int, Any]) -> bytes:
    """A protobuf message with varints, texts and messages in it."""
    out = b""
    for number, value in values.items():
        if isinstance(value, int):
            out += _varint(number << 3) + _varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += _varint(number << 3 | 2) + _varint(len(data)) + data
    return out


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
