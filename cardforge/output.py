"""Puts exports in their places: in one step, so that a failed one leaves the old file; with their media beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO, cast

from cardforge.diagnostics import OutputRefused
from cardforge.model import Deck, texts
from cardforge.text import facts

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the path's place when all went well, and vanishes when not.

    Raises OutputRefused when it cannot be written.
    """
    real = real_path(path)  # a link stays, and what it leads to is replaced
    temporary = real.with_name(f".{real.name[:40]}.{token_hex(4)}.tmp")
    try:
        if real.exists() and not real.is_file() and not real.is_dir():
            raise OutputRefused(f"{path} is not an ordinary file; write to another place (--out)")
        real.parent.mkdir(parents=True, exist_ok=True)
        with BufferedWriter(_Output(temporary, "xb")) as out:
            yield cast(BinaryIO, out)
        if real.exists():
            temporary.chmod(real.stat().st_mode & 0o777)
        temporary.replace(real)
    except _WriteFailed as error:
        raise OutputRefused(f"{path} cannot be written: {error}") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputRefused(f"{path} cannot be written: {error.filename} is no folder") from error
    except OSError as error:
        raise OutputRefused(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


class _WriteFailed(OutputRefused):
    """The output failed, and not a file that its writer has for itself."""


class _Output(FileIO):
    """A file that tells its own failures from those of whoever writes to it."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise _WriteFailed(error.strerror or str(error)) from error


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Says of a refusal which file it is about."""
    try:
        yield
    except _WriteFailed:
        raise  # `replacing` says it
    except OutputRefused as error:
        raise OutputRefused(f"{path}: {error}") from error


def real_path(path: Path) -> Path:
    """Where a path leads to. Raises OutputRefused for a link that leads to itself."""
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OutputRefused(f"{path} is a link that leads to itself; write to another place (--out)") from error


def media_paths(deck: Deck) -> tuple[str, ...]:
    """The media that the deck's texts name, each once, in order."""
    parts: list[object] = [deck, *(section for section, _, _ in deck.sections())]
    parts += (entry.item for entry in deck.entries())
    found = (ref.path for part in parts for _, text in texts(part) for ref in facts(text).media)
    return tuple(dict.fromkeys(found))


def media_beside(deck: Deck, export: Path) -> Iterator[tuple[Path, bytes]]:
    """The media to be copied, each with its new place; those that are there already are left out.

    Raises OutputRefused where one would replace another file.
    """
    for path in media_paths(deck):
        target = export.parent.joinpath(*PurePosixPath(path).parts)
        if target == export:
            raise OutputRefused(f"the deck's {path} belongs in this place; give the export another name (--out)")
        data = deck.origin.media.read(path)
        if target.is_file():
            if target.read_bytes() == data:
                continue
            fix = "move that away, or write into a folder of its own (--out)"
            raise OutputRefused(f"the deck's {path} would replace another file, {target}; {fix}")
        yield target, data
