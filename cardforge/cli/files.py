"""Which files are read, and where each export goes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cardforge.cli.printing import fail, few, say
from cardforge.diagnostics import InvalidOption, OutputRefused

if TYPE_CHECKING:
    from cardforge.api import Plan
    from cardforge.cli.settings import Reading


@dataclass(frozen=True, slots=True)
class Found:
    """A source file; ``below`` is its folder's way from the folder that was named, if one was.

    ``rivals``, if there are any, are the files of the same name of which each, this one too, may be the deck, and the
    others its exports.
    """

    path: Path
    below: Path = Path()
    in_folder: bool = False
    rivals: tuple[Path, ...] = ()


def find(sources: Sequence[str], reading: Reading, targets: Collection[str]) -> list[Found]:
    """The files to read: those named, and the decks in the folders named.

    ``targets`` are the suffixes of what is about to be written.
    """
    found: dict[Path, Found] = {}
    for name in sources:
        for file in _decks_in(name, reading, targets) if Path(name).is_dir() else [_named(name)]:
            found.setdefault(file.path, file)
    return list(found.values())


def _named(name: str) -> Found:
    from cardforge import registry

    path = Path(name)
    if not path.exists() and name in registry.exporter_names():
        raise InvalidOption(f"{name} is a target; each has its own --to: --to {name}")
    return Found(path)


def _decks_in(name: str, reading: Reading, targets: Collection[str]) -> Iterator[Found]:
    """The decks in a folder. What is left out is told; a folder without a deck ends the program."""
    from cardforge import registry

    folder = Path(name)
    suffixes = reading.suffixes()
    files, closed = _files_in(folder, suffixes)
    if not files and not closed:
        fail(f"{name}: the folder has no file that can be read ({', '.join(suffixes)})", 1)
    ranks = {file: registry.rank(kind) for file in files if (kind := reading.recognised(file))}
    decks = [_likely(group, ranks, targets) for group in _by_name(ranks)]
    read = {file for group in decks for file in group}
    _say_left_out(folder, "they cannot be opened", closed, "check their permissions, and what they link to")
    _say_left_out(folder, "a file of the same name is read", {file: "" for file in ranks if file not in read})
    rank_read = {_name(file): ranks[file] for file in read}
    beside, others = [], []
    for file in files:
        if file not in ranks:
            rank = rank_read.get(_deck_name(file, rank_read))
            if rank is None:
                others.append(file)
            elif registry.lowest_rank(file) < rank:
                beside.append(file)
            # What else stands beside a deck of its name is an export, or notes on it.
    beside.sort(key=registry.lowest_rank)
    _say_left_out(
        folder, "nothing in them looks like a deck, and another file of their name is read", dict.fromkeys(beside, "")
    )
    _say_left_out(folder, "nothing in them looks like a deck", dict.fromkeys(others, ""))
    if not decks:
        fail(f"{name}: no file in the folder looks like a deck; name those that are to be read", 1)
    for group in decks:
        rivals = tuple(group) if len(group) > 1 else ()
        for file in group:
            yield Found(file, file.parent.relative_to(folder), True, rivals)


def _files_in(folder: Path, suffixes: Collection[str]) -> tuple[list[Path], dict[Path, str]]:
    """The files with these suffixes in a folder and those below it, but for hidden ones; and, with the reason, those
    files and folders that cannot be opened.
    """
    files: list[Path] = []
    closed: dict[Path, str] = {}

    def unlisted(error: OSError) -> None:
        closed[Path(error.filename)] = error.strerror or str(error)

    for name, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = [below for below in folders if not below.startswith(".")]
        for file in (Path(name, file) for file in names if not file.startswith(".")):
            if file.suffix.lower() in suffixes and not _is_special(file):
                if why := _why_closed(file):
                    closed[file] = why
                else:
                    files.append(file)
    return sorted(files), dict(sorted(closed.items()))


def _is_special(file: Path) -> bool:
    """Whether what is there is neither a file nor a link that leads nowhere: opening a pipe would wait for ever."""
    try:
        return file.exists() and not file.is_file()
    except OSError:
        return False


def _why_closed(file: Path) -> str | None:
    """Why a file cannot be opened, if it cannot."""
    try:
        with file.open("rb"):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _by_name(files: Collection[Path]) -> list[list[Path]]:
    """The files that differ by their suffix only, together."""
    names = {_name(file) for file in files}
    groups: dict[Path, list[Path]] = defaultdict(list)
    for file in sorted(files):
        groups[_deck_name(file, names)].append(file)
    return list(groups.values())


def _likely(files: Sequence[Path], ranks: Mapping[Path, int], targets: Collection[str]) -> list[Path]:
    """Of files of one name, the one that is the deck; several where nothing tells it from its exports.

    What people write decks in comes first, then what is not about to be written, then the lower rank.
    """
    from cardforge.plugin import USUAL_RANK

    def order(file: Path) -> tuple[bool, bool, int]:
        return ranks[file] >= USUAL_RANK, file.name.endswith(tuple(targets)), ranks[file]

    first = min(map(order, files))
    return [file for file in files if order(file) == first]


def _name(file: Path) -> Path:
    """The file's path without its suffix."""
    return file.with_suffix("")


def _deck_name(file: Path, names: Collection[Path]) -> Path:
    """The name of the deck that the file is, or an export of. An export's suffix may have two parts (.canvas.zip)."""
    name = _name(file)
    return _name(name) if file.suffix.lower() == ".zip" and _name(name) in names else name


def _say_left_out(
    folder: Path, why: str, files: Mapping[Path, str], fix: str = "name a file to read it all the same"
) -> None:
    """Print a few of the files of a folder that are not read, if there are any; each may have a reason of its own."""
    names = [str(file.relative_to(folder)) + (f" ({reason})" if reason else "") for file, reason in files.items()]
    if names:
        say(f"{folder}: left out, for {why}: {few(names)}; {fix}", error=True)


class Outputs:
    """Where each export goes. No output may overwrite an input, or another output."""

    def __init__(
        self, out: str | None, several: bool, suffixes: set[str], inputs: Sequence[Found], report_file: Path | None
    ) -> None:
        self._print = out == "-"
        self._out = Path(out) if out and not self._print else None
        self._is_folder = self._out is not None and (several or self._out.is_dir() or str(out).endswith(("/", os.sep)))
        self._inputs = {found.path.resolve() for found in inputs}
        self._taken: dict[Path, str] = {}
        if report_file:
            if report_file.resolve() in self._inputs:
                raise InvalidOption(f"--report {report_file} would overwrite that input; name another file")
            self._taken[report_file.resolve()] = "the report"
        if self._print and several:
            raise InvalidOption("--out - prints one export; name one source and one target")
        written = {PurePath(f"x{suffix}").suffix for suffix in suffixes}
        if self._is_folder and self._out and (self._out.is_file() or self._out.suffix in written):
            raise InvalidOption(
                f"--out {out} is a file, and there may be several exports: each source becomes one of its own for each "
                "target; name a folder (for one package of several files, put their items into one deck, a section each)"
            )

    def path(self, found: Found, planned: Plan) -> Path | None:
        """The file to write, or None for standard output."""
        if self._print:
            return None
        name = Path(found.path.stem + planned.exporter.file_suffix())
        if self._out is None:
            path = found.path.parent / name
        else:
            path = self._out / found.below / name if self._is_folder else self._out
            if path.suffix.lower() != name.suffix:
                say(f"{path}: what is written there is a {name.suffix} file, whatever its name says", error=True)
        real = path.resolve()
        if real in self._inputs:
            raise OutputRefused(f"the export would overwrite its input {path}; say where to with --out")
        if real in self._taken:
            raise OutputRefused(f"{path} is there for {self._taken[real]}; say where to with --out FOLDER")
        self._taken[real] = f"the export of {found.path}"
        return path
