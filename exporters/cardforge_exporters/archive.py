"""A zip file that is the same, byte for byte, whenever and wherever its contents are."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import TracebackType
from typing import IO, BinaryIO, Self

_TIME = (1980, 1, 1, 0, 0, 0)


class Archive:
    """Writes a zip file; a context manager. Files are in it in the order in which they are put there."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.__exit__(kind, error, trace)

    def put(self, name: str, data: bytes | bytearray | str) -> None:
        """Add a file, compressed."""
        self._zip.writestr(_info(name), data, zipfile.ZIP_DEFLATED, compresslevel=1)

    def store(self, name: str, data: bytes) -> None:
        """Add a file as it is: images and sound are compressed already."""
        self._zip.writestr(_info(name), data, zipfile.ZIP_STORED)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Add a file, compressed, while it is being written. No other file can be added meanwhile."""
        info = _info(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = 1  # type: ignore[attr-defined]
        # Of unknown size, so that one of more than 2 GB can be written too.
        with self._zip.open(info, "w", force_zip64=True) as file:
            yield file

    def put_lines(self, name: str, parts: Iterable[str]) -> None:
        """Add a text file whose parts are made one after the other, in memory that does not grow with it."""
        with self.stream(name) as file:
            for part in parts:
                file.write(part.encode())


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


def text_of(data: bytes, suffix: str) -> str | None:
    """The text of the files of this suffix in an archive; None for one that `Archive` did not write, whose files have
    other times. Of more than `_MOST` bytes, the first.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(info.date_time != _TIME for info in archive.infolist()):
                return None
            left, parts = _MOST, []
            for info in archive.infolist():
                if info.filename.endswith(suffix) and left > 0:
                    with archive.open(info) as file:
                        parts.append(file.read(left))
                    left -= len(parts[-1])
            return b"".join(parts).decode(errors="replace")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError):
        return None


_MOST = 200_000_000
