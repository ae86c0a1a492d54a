"""Anki packages: as they are, and, so that checksums do not end every try, the files in them by themselves."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import zstandard

from cardforge import Deck, Flashcard, MultipleChoice, export
from cardforge.diagnostics import InvalidDeck
from cardforge.model import Choice, Cloze
from cardforge.validation import validate
from cardforge_sources.apkg import ApkgSource
from tests.sources.apkg.packages import newer

_DATABASE = b"SQLite format 3"
_MEDIA = b"media:"


def one(data: bytes) -> None:
    """Read a package; or a database, or ``media:`` and a list of media, in a package that is whole otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "deck.apkg")
        if data.startswith(b"PK"):
            path.write_bytes(data)
        elif data.startswith(_MEDIA):
            path.write_bytes(_package(_database(), data.removeprefix(_MEDIA)))
        else:
            path.write_bytes(_package(data, b"{}"))
        with contextlib.suppress(InvalidDeck):
            validated = validate(ApkgSource().read(path))
            # What can be read is valid: one odd note must not make all the others unreadable.
            assert validated.deck is not None, validated.diagnostics[:3]


def seeds() -> Iterable[bytes]:
    """A package of each generation, its database, and a list of media of each."""
    legacy = _exported()
    yield legacy
    yield _database()
    package = newer(_database())
    yield package
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        unpacker = zstandard.ZstdDecompressor()
        yield unpacker.decompress(archive.read("collection.anki21b"), max_output_size=10_000_000)
        yield _MEDIA + archive.read("media")
    yield _MEDIA + json.dumps({"0": "a.png", "1": "b.mp3"}).encode()


def _package(database: bytes, media: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("collection.anki2", database)
        archive.writestr("media", media)
    return out.getvalue()


@cache
def _exported() -> bytes:
    choices = (Choice(text="1"), Choice(text="2", correct=True))
    items = (
        Flashcard(front="Front **bold**", back="Back $x^2$", reversed=True),
        Cloze(text="A {{c1::word}} and {{c2::another::hint}}"),
        MultipleChoice(stem="1 + 1", choices=choices),
    )
    return export(Deck(title="Deck", items=items), "anki", now=1).data


@cache
def _database() -> bytes:
    """The database of a legacy package, with a note type that is not cardforge's."""
    with zipfile.ZipFile(io.BytesIO(_exported())) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    basic = {
        "name": "Basic",
        "type": 0,
        "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
        "tmpls": [
            {"name": "Card", "ord": 0, "qfmt": "{{Front}}{{hint:Back}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
        ],
    }
    connection.execute("UPDATE col SET models = ?", (json.dumps({**json.loads(models), "7": basic}),))
    fields = "A [sound:a.mp3] <img src='b.png'>\x1fB \\(x\\) [latex]$y$[/latex]"
    connection.execute("INSERT INTO notes VALUES(9, 'guid', 7, 0, -1, ' a::b ', ?, '', 0, 0, '')", (fields,))
    connection.commit()
    return connection.serialize()
