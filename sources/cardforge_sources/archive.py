"""Reading zip archives that anybody may have made: nothing is unpacked onto the disk, and nothing grows without bound."""

from __future__ import annotations

import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipExtFile, ZipFile, ZipInfo

from cardforge.diagnostics import Diagnostic, InvalidDeck, Problem, Span
from cardforge.media import outside

MOST_FILES = 200_000
MOST_BYTES_A_FILE = 100_000_000
MOST_BYTES = 4_000_000_000
MOST_RATIO = 200
"""How many times larger than its packed form a file may be, once it is larger than `_SMALL`."""
_SMALL = 10_000_000
_LOCAL_HEADER = 30
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 1


class Archive:
    """The files in a zip archive by their names there, with forward slashes. Each is read when it is asked for."""

    def __init__(self, path: Path, members: dict[str, ZipInfo]) -> None:
        self._path = path
        self._members = members

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, in the archive's order."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str, most: int = MOST_BYTES_A_FILE) -> bytes:
        """A file's bytes. Raises InvalidDeck when it is damaged, encrypted, or larger than ``most`` bytes."""
        self._refuse_large(name, most)
        with self.stream(name) as file:
            return file.read(self._members[name].file_size + 1)  # the size may be a lie

    @contextmanager
    def stream(self, name: str) -> Iterator[BufferedIOBase]:
        """A file to be read in pieces: its size may be a lie. Raises InvalidDeck when it is damaged or encrypted.

        The archive's list of files is not read again for it, so that many files take no more than each its time.
        """
        try:
            with self._path.open("rb") as archive, _unpacked(archive, self._members[name]) as file:
                yield file
        except (*_DAMAGE, OSError, RuntimeError) as error:
            raise _damaged(self._path, f"{_shown(name)} cannot be unpacked: {error}") from None

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Many files, each with its name: the archive is opened once for all of them. Raises as `read`."""
        name = ""
        try:
            with self._path.open("rb") as archive:
                for name in names:
                    self._refuse_large(name, MOST_BYTES_A_FILE)
                    member = self._members[name]
                    with _unpacked(archive, member) as file:
                        yield name, file.read(member.file_size + 1)
        except (*_DAMAGE, OSError, RuntimeError) as error:
            raise _damaged(self._path, f"{_shown(name)} cannot be unpacked: {error}") from None

    def _refuse_large(self, name: str, most: int) -> None:
        size = self._members[name].file_size
        if size > most:
            fix = f"no more than {most // 1_000_000} MB are read at once: make it smaller"
            raise _invalid(self._path, "archive-too-large", f"{_shown(name)} holds {size // 1_000_000:,} MB", fix)

    def packed_size(self, name: str) -> int:
        """How many bytes a file takes in the archive."""
        return self._members[name].compress_size

    def reader(self, name: str) -> Callable[[], bytes]:
        """A function that reads the file; for `cardforge.media.PackedMedia`."""
        return lambda: self.read(name)


def _unpacked(archive: BinaryIO, member: ZipInfo) -> ZipExtFile:
    archive.seek(member.header_offset)
    header = archive.read(_LOCAL_HEADER)
    if not header.startswith(b"PK\x03\x04") or len(header) < _LOCAL_HEADER:
        raise BadZipFile("it is not where the archive says")
    if member.flag_bits & _ENCRYPTED:
        raise BadZipFile("it is encrypted")
    # What follows the header: the name once more, and other data, of these lengths.
    archive.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    return ZipExtFile(archive, "r", member)


def open_archive(path: Path) -> Archive:
    """The archive at ``path``, looked through without unpacking anything.

    Raises InvalidDeck for what is no zip archive, is damaged, names files outside itself, or would unpack to more than
    is reasonable.
    """
    try:
        with ZipFile(path) as archive:
            infos = archive.infolist()
    except FileNotFoundError:
        raise _invalid(path, "file-missing", "there is no such file", "check the path for a typing mistake") from None
    except (*_DAMAGE, OSError, ValueError) as error:
        message = f"this is not a whole zip archive: {str(error)[:100]}"
        raise _damaged(path, message) from None
    return Archive(path, _members(path, infos))


def is_archive(path: Path) -> bool:
    """Whether a file begins as a zip archive does."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except (OSError, ValueError):
        return False


def _members(path: Path, infos: list[ZipInfo]) -> dict[str, ZipInfo]:
    if len(infos) > MOST_FILES:
        message = f"the archive holds {len(infos):,} files, and no more than {MOST_FILES:,} are read"
        raise _invalid(path, "archive-too-large", message, "split it")
    found: dict[str, ZipInfo] = {}
    total = 0
    for info in infos:
        if not info.filename or info.is_dir():
            continue
        name = info.filename.replace("\\", "/")
        # "Chapter:1.xml" is no address; "C:/x" is a drive.
        if _DRIVE.match(name) or outside(name.replace(":", "_")):
            message = f"the archive names a file outside itself: {_shown(name)}"
            raise _invalid(path, "archive-outside", message, "do not use it: it may have been made to do harm")
        total += info.file_size
        if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            message = f"{_shown(name)} would unpack to {info.file_size // max(info.compress_size, 1):,} times its size"
            raise _invalid(path, "archive-too-large", message, "do not use it: it may have been made to fill memory")
        found[str(PurePosixPath(name))] = info
    if total > MOST_BYTES:
        message = f"the archive would unpack to {total // 1_000_000:,} MB"
        raise _invalid(path, "archive-too-large", message, "split it, or leave out large media")
    return found


_DAMAGE = (BadZipFile, LargeZipFile, EOFError, NotImplementedError, zlib.error, lzma.LZMAError)


def _shown(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:80] + "…")


def _damaged(path: Path, message: str) -> InvalidDeck:
    return _invalid(path, "archive-damaged", message, "download or export it again")


def _invalid(path: Path, code: str, message: str, fix: str) -> InvalidDeck:
    return InvalidDeck([file_diagnostic(path, Problem(code, message, fix))])


def file_diagnostic(path: Path, problem: Problem) -> Diagnostic:
    """A problem of a file as a whole, which has no lines to show."""
    return Diagnostic(problem.severity, problem.code, problem.message, problem.fix, Span(str(path), 1, 1))
