"""The files that a deck's texts name: where they are read from, and which are refused."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Protocol

from cardforge.diagnostics import Diagnostic, InvalidDeck, Problem, Severity, nearest, quoted

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\|/|\\|~")


class Media(Protocol):
    """Where a deck's media come from. Paths are relative, with forward slashes."""

    def problem(self, path: str) -> Problem | None:
        """Why this path cannot be used, or None when `read` will work."""
        ...

    def read(self, path: str) -> bytes:
        """The file's bytes. Call only for a path without a problem."""
        ...


def outside(path: str) -> bool:
    """Whether a path leads, by its form, anywhere but below the deck's own folder."""
    if _ELSEWHERE.match(path) or "\0" in path:
        return True
    depth = 0
    for part in PurePosixPath(path.replace("\\", "/")).parts:
        depth += -1 if part == ".." else 0 if part == "." else 1
        if depth < 0:
            return True
    return False


_OUTSIDE_FIX = "put the file beside the deck and write its path from there"


@dataclass(frozen=True)
class FolderMedia:
    """Media below a folder. A link that leads out of the folder is refused like a path that does."""

    folder: Path

    @cached_property
    def _root(self) -> Path:
        return self.folder.resolve()

    def problem(self, path: str) -> Problem | None:
        if outside(path):
            return Problem("media-outside", f"{quoted(path)} is not in the deck's folder", _OUTSIDE_FIX)
        if "\\" in path:
            fix = "write " + quoted(path.replace("\\", "/"))
            return Problem("media-missing", f"{quoted(path)} has backslashes, which not every system reads", fix)
        try:
            file = (self._root / path).resolve()
            exists = file.is_file()
        except (OSError, ValueError, RuntimeError):  # RuntimeError: a link that leads to itself
            return self._missing(path)
        if not file.is_relative_to(self._root):
            return Problem("media-outside", f"{quoted(path)} leads out of the deck's folder", _OUTSIDE_FIX)
        if not exists:
            return self._missing(path)
        if not os.access(file, os.R_OK):
            return Problem("media-unreadable", f"the file {quoted(path)} cannot be read", "check its permissions")
        return None

    def _missing(self, path: str) -> Problem:
        guess = self._similar(path)
        fix = f"write {guess!r}, which is there" if guess else "add the file, or mend the path"
        return Problem("media-missing", f"there is no file {quoted(path)} in the deck's folder", fix)

    def _similar(self, path: str) -> str | None:
        parent = PurePosixPath(path).parent
        # Kept: a folder may hold thousands of files, and a deck name as many that are not there.
        if parent not in self._names:
            self._names[parent] = _file_names(self._root / parent)
        guess = _most_like(PurePosixPath(path).name, self._names[parent])
        return str(parent / guess) if guess else None

    @cached_property
    def _names(self) -> dict[PurePosixPath, tuple[str, ...]]:
        return {}

    def read(self, path: str) -> bytes:
        try:
            return (self._root / path).read_bytes()
        except OSError as error:  # it was there before
            message = f"the file {quoted(path)} cannot be read any more: {error.strerror or error}"
            told = Diagnostic(Severity.ERROR, "media-unreadable", message, "add it again, or mend the path")
            raise InvalidDeck([told]) from error


@dataclass(frozen=True, slots=True)
class PackedMedia:
    """Media inside the file that a deck was read from: a function for each path that gives its bytes when asked."""

    files: Mapping[str, Callable[[], bytes]]

    def problem(self, path: str) -> Problem | None:
        if outside(path):
            return Problem("media-outside", f"{quoted(path)} leads out of the deck's folder", _OUTSIDE_FIX)
        if path in self.files:
            return None
        guess = _most_like(path, self.files)
        fix = f"write {guess!r}, which is there" if guess else "export it again, together with its media"
        return Problem("media-missing", f"there is no file {quoted(path)} in what was read", fix)

    def read(self, path: str) -> bytes:
        return self.files[path]()


def _file_names(folder: Path) -> tuple[str, ...]:
    """The names of the files in a folder, in one order on every system; none where it cannot be listed."""
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_file()))
    except (OSError, ValueError):
        return ()


def _most_like(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, or None."""
    guess = nearest(name, _by_numbers(tuple(names)).get(_numbers(name), ()), like=_LIKE)
    if guess is None:
        return None
    one, other = PurePosixPath(name.lower()), PurePosixPath(guess.lower())
    # The suffix that all pictures have makes no name like another.
    is_like = one.suffix != other.suffix or nearest(one.stem, [other.stem], like=_LIKE) is not None
    return guess if is_like else None


_LIKE = 75
"""File names are more alike than words: ``fig.png`` is most of ``pic.png``."""


@lru_cache(maxsize=16)
def _by_numbers(names: tuple[str, ...]) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The names by the numbers in them: ``p10.png`` is most of ``p0.png``, and another picture."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found.setdefault(_numbers(name), []).append(name)
    return {numbers: tuple(alike) for numbers, alike in found.items()}


def _numbers(name: str) -> tuple[str, ...]:
    """The numbers in a name without its suffix, as ``01`` is 1."""
    stem = name.removesuffix(PurePosixPath(name).suffix)
    return tuple(number.lstrip("0") for number in re.findall("[0-9]+", stem))


@dataclass(frozen=True, slots=True)
class NoMedia:
    """For a deck that was built in memory, or a draft, without saying where its media are: a draft's are then read from
    the folder of its file.
    """

    def problem(self, path: str) -> Problem | None:
        return Problem(
            "media-missing",
            f"there is no folder to read {quoted(path)} from",
            "say where the media are: deck.with_media(folder)",
        )

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(path)


def hashed_name(path: str, data: bytes) -> str:
    """A file name that no other content has: two ``fig.png`` never meet, and an edited one is a new file.

    Anki and Canvas keep all media of all decks in one folder, by name.
    """
    file = PurePosixPath(path)
    stem = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-")[:40] or "media"
    suffix = re.sub(r"[^a-z0-9]", "", file.suffix.lower())[:20]
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:16]}" + (f".{suffix}" if suffix else "")
