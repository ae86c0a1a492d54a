"""Rows, database and zip file: genanki's schema, written in bulk, the same bytes for the same rows.

genanki writes a row at a time to a file on disk and stores the result uncompressed; this writes all rows at
once in memory, leaves out the indexes, and compresses.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

NoteRow = tuple[int, str, int, int, str, str, str]
"""id, guid, note type, mod, tags, fields, sort field"""
CardRow = tuple[int, int, int, int, int, int]
"""id, note, deck, number, mod, due"""

# Without the indexes: Anki reads a package from end to end, and imports it no slower (measured with 100,000 notes).
_TABLES = APKG_SCHEMA.partition("CREATE INDEX")[0]
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_WRITTEN_BY = slice(96, 100)
"""Where a database says which SQLite wrote it: the only bytes that differ from machine to machine."""


def collection(
    notes: Iterable[NoteRow],
    cards: Iterable[CardRow],
    note_types: Mapping[int, dict[str, Any]],
    decks: Sequence[dict[str, Any]],
) -> bytes:
    """The bytes of ``collection.anki2``."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; " + _TABLES + APKG_COL)
        connection.execute("BEGIN")
        (known,) = connection.execute("SELECT decks FROM col").fetchone()
        all_decks = json.loads(known) | {str(deck["id"]): deck for deck in decks}
        connection.execute(
            "UPDATE col SET models = ?, decks = ?",
            (_json({str(key): value for key, value in note_types.items()}), _json(all_decks)),
        )
        connection.executemany("INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,0,0,'')", notes)
        connection.executemany("INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')", cards)
        connection.execute("COMMIT")
        data = bytearray(connection.serialize())
    finally:
        connection.close()
    data[_WRITTEN_BY] = bytes(4)
    return bytes(data)


def write_package(out: BinaryIO, database: bytes, media: Mapping[str, bytes]) -> None:
    """The zip file: the collection, the list of media names, and the media by number."""
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "collection.anki2", database)
        _put(archive, "media", _json({str(number): name for number, name in enumerate(media)}).encode())
        for number, data in enumerate(media.values()):
            # Images and sound are compressed already.
            _put(archive, str(number), data, zipfile.ZIP_STORED)


def _put(archive: zipfile.ZipFile, name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    info = zipfile.ZipInfo(name, _ZIP_TIME)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    archive.writestr(info, data, method, compresslevel=1)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
