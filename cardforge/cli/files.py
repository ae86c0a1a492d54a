"""Which files are read, and where each export goes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cardforge.cli.printing import fail, say
from cardforge.diagnostics import InvalidOption, OutputRefused

if TYPE_CHECKING:
    from cardforge.api import Plan
    from cardforge.plugin import Source


@dataclass(frozen=True, slots=True)
class Found:
    """A source file; ``below`` is its folder's way from the folder that was named, if one was.

    ``rivals`` are files of the same name that may be the deck just as well, and this one an export of them.
    """

    path: Path
    below: Path = Path()
    in_folder: bool = False
    rivals: tuple[Path, ...] = ()


def find(sources: Sequence[str], source: Source | None, targets: Collection[str]) -> list[Found]:
    """The files to read: those named, and in the folders named the decks that the source reads, or else any source.

    ``targets`` are the suffixes of what is about to be written.
    """
    found: dict[Path, Found] = {}
    for name in sources:
        for file in _decks_in(name, source, targets) if Path(name).is_dir() else [_named(name)]:
            found.setdefault(file.path, file)
    return list(found.values())


def _named(name: str) -> Found:
    from cardforge import registry

    path = Path(name)
    if not path.exists() and name in registry.exporter_names():
        raise InvalidOption(f"{name} is a target; each has its own --to: --to {name}")
    return Found(path)


def _decks_in(name: str, source: Source | None, targets: Collection[str]) -> Iterator[Found]:
    """The decks in a folder. What is left out is told; a folder without a deck ends the program."""
    from cardforge import registry

    folder = Path(name)
    suffixes = source.suffixes if source else registry.suffixes()
    files = _files_in(folder, suffixes)
    if not files:
        fail(f"{name}: the folder has no file that can be read ({', '.join(suffixes)})", 1)
    ranks = {file: registry.rank(kind) for file in files if (kind := registry.recognised(file, source))}
    decks = [_likely(group, ranks, targets) for group in _by_name(ranks)]
    read = {file for group in decks for file in group}
    _say_left_out(name, "a file of the same name is read", [file for file in ranks if file not in read])
    # What stands beside a deck of its name is an export, or notes on it.
    names = {_name(file) for file in read}
    others = [file for file in files if file not in ranks and _deck_name(file, names) not in names]
    _say_left_out(name, "nothing in them looks like a deck", others)
    if not decks:
        fail(f"{name}: no file in the folder looks like a deck; name those that are to be read", 1)
    for group in decks:
        for file in group:
            rivals = tuple(other for other in group if other != file)
            yield Found(file, file.parent.relative_to(folder), True, rivals)


def _files_in(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files with these suffixes in a folder and those below it, but for hidden ones."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in suffixes
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    )


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


def _say_left_out(folder: str, why: str, files: Sequence[Path]) -> None:
    if files:
        shown = ", ".join(file.name for file in files[:_SHOWN])
        more = f" and {len(files) - _SHOWN:,} more" if len(files) > _SHOWN else ""
        say(f"{folder}: left out, for {why}: {shown}{more}; name a file to read it all the same", error=True)


_SHOWN = 20
"""As many names are told of files that are left out."""


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
            raise InvalidOption(f"--out {out} is a file, and there may be several exports; name a folder")

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
