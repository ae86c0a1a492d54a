"""What is in a package: the collection's database, and the media.

There are three generations (Anki's proto/anki/import_export.proto; the file ``meta`` says which, where there is one):

| version | since | the database | list of media | media |
|---|---|---|---|---|
| 1 | 2012 | ``collection.anki2`` | JSON | as they are |
| 2 | 2.1 | ``collection.anki21`` | JSON | as they are |
| 3 | 2.1.50 | ``collection.anki21b``, zstd | protobuf, zstd | zstd |

A newer generation brings a ``collection.anki2`` along for old programs, which says no more than "please update".
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

import zstandard

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge_sources.apkg import protobuf
from cardforge_sources.archive import MOST_FILES, file_diagnostic, open_archive

_DATABASES = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first."""
_LARGEST_DATABASE = 2_000_000_000
_LARGEST_LIST = 20_000_000
_LARGEST_MEDIA = 500_000_000
_MOST_RATIO = 100
"""How many times larger than its packed form anything may become, once it is larger than `_SMALL`."""
_SMALL = 10_000_000
_ZSTD = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 20
_SMALL_CHUNK = 1 << 10
_LARGEST_WINDOW = 1 << 26


class Package:
    """An ``.apkg`` or ``.colpkg`` file. Raises InvalidDeck when it is no package, or none that can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive = open_archive(path)
        found = [name for name in _DATABASES if name in self._archive]
        if not found:
            message = "this zip archive holds no Anki collection"
            raise _invalid(path, "not-a-package", message, "export the deck from Anki again: File > Export, .apkg")
        self._database = found[0]

    @contextmanager
    def database(self) -> Iterator[Path]:
        """The collection's database as a file of its own, as long as it is needed."""
        # Windows does not open a file twice: so a folder, and a file in it that is closed while it is read.
        with tempfile.TemporaryDirectory(prefix="cardforge-") as folder:
            file = Path(folder, "collection.db")
            with file.open("wb") as out:
                self._unpack(self._database, out, _LARGEST_DATABASE)
            yield file

    def media(self) -> dict[str, str]:
        """The media's names in Anki, each with the name of its file in the archive."""
        if "media" not in self._archive:
            return {}
        data = self._whole("media", _LARGEST_LIST)
        try:
            entries = _from_json(data) if data.lstrip()[:1] in (b"{", b"") else _from_protobuf(data)
            return {name: member for member, name in entries if name and member in self._archive}
        except (ValueError, TypeError, RecursionError):
            message = "the package's list of media cannot be read"
            raise _invalid(self.path, "archive-damaged", message, "export it again from Anki") from None

    def read(self, member: str) -> bytes:
        """A media file's bytes, by its name in the archive."""
        return self._whole(member, _LARGEST_MEDIA)

    def _whole(self, name: str, most: int) -> bytes:
        out = io.BytesIO()
        self._unpack(name, out, most)
        return out.getvalue()

    def _unpack(self, name: str, out: IO[bytes], most: int) -> None:
        size, packed = 0, max(self._archive.packed_size(name), 1)
        with self._archive.stream(name) as file:
            for piece in self._pieces(name, file):
                size += len(piece)
                if size > most or (size > _SMALL and size > _MOST_RATIO * packed):
                    message = f"{name!r} would unpack to more than {size // 1_000_000:,} MB"
                    raise _invalid(
                        self.path, "archive-too-large", message, "do not use it, unless you know who made it"
                    )
                out.write(piece)

    def _pieces(self, name: str, file: io.BufferedIOBase) -> Iterator[bytes]:
        """The bytes of a file in the archive, which may be packed once more."""
        first = file.read(_CHUNK)
        if not first.startswith(_ZSTD):
            yield first
            yield from iter(lambda: file.read(_CHUNK), b"")
            return
        unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
        try:
            while first:
                # A byte may stand for many: a little at a time.
                for start in range(0, len(first), _SMALL_CHUNK):
                    yield unpacker.decompress(first[start : start + _SMALL_CHUNK])
                first = b"" if unpacker.eof else file.read(_CHUNK)
            if not unpacker.eof:
                raise zstandard.ZstdError("it is cut off")
        except zstandard.ZstdError as error:
            message = f"{name!r} cannot be unpacked: {error}"
            raise _invalid(self.path, "archive-damaged", message, "download or export it again") from None


def _from_json(data: bytes) -> Iterator[tuple[str, str]]:
    """Numbers and names from ``{"0": "name.png"}``, one at a time: a list may be much longer than the archive.

    Raises ValueError.
    """
    text = data.decode("utf-8", "surrogatepass").strip()
    at = 0
    if not text or text[_past_space(text, 1) :] == "}":
        return
    while text[at] != "}":
        # At the opening brace, or at the comma before the next entry.
        number, at = _DECODE(text, _past_space(text, at + 1))
        colon = _past_space(text, at)
        name, at = _DECODE(text, _past_space(text, colon + 1))
        at = _past_space(text, at)
        if text[colon] != ":" or text[at : at + 1] not in (",", "}"):
            raise ValueError("no object")
        if isinstance(number, str) and isinstance(name, str):
            yield number, name
    if at != len(text) - 1:
        raise ValueError("something stands behind it")


_DECODE = json.JSONDecoder().raw_decode


def _past_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _from_protobuf(data: bytes) -> Iterator[tuple[str, str]]:
    """The same from the message MediaEntries: the media are numbered as they stand in it. Raises ValueError."""
    for number, entry in enumerate(islice(protobuf.messages(data, 1), MOST_FILES)):
        yield str(number), protobuf.texts(entry).get(1, "")


def _invalid(path: Path, code: str, message: str, fix: str) -> InvalidDeck:
    return InvalidDeck([file_diagnostic(path, Problem(code, message, fix))])
