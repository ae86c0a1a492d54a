"""Which files are read, and where each export goes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from cardforge.cli.folder import decks_in
from cardforge.cli.printing import say
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


def find(
    sources: Sequence[str],
    reading: Reading,
    targets: Collection[str],
    out: Path | None = None,
    *,
    is_quiet: bool = False,
) -> list[Found]:
    """The files to read: those named, and the decks in the folders named.

    ``targets`` are the suffixes of what is about to be written, and ``out`` is the folder for it, if one was named.
    """
    found: dict[Path, Found] = {}
    for name in sources:
        if Path(name).is_dir():
            files = _in_folder(Path(name), decks_in(Path(name), reading, targets, out, is_quiet))
        else:
            files = [_named(name)]
        for file in files:
            found.setdefault(file.path, file)
    return list(found.values())


def _named(name: str) -> Found:
    from cardforge import registry

    path = Path(name)
    if not path.exists() and name in registry.exporter_names():
        raise InvalidOption(f"{name} is a target; each has its own --to: --to {name}")
    if name == "-" and not path.exists():
        raise InvalidOption("- as a source: decks are read from files; write standard input into one, and name that")
    return Found(path)


def _in_folder(folder: Path, decks: Iterable[Sequence[Path]]) -> list[Found]:
    return [
        Found(file, file.parent.relative_to(folder), True, tuple(files) if len(files) > 1 else ())
        for files in decks
        for file in files
    ]


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # no file can have this name
        return False


class Outputs:
    """Where each export goes. No output may overwrite an input, another output, or a file that is named in ``settings``,
    the values of options.
    """

    def __init__(
        self,
        out: str | None,
        several: bool,
        suffixes: set[str],
        inputs: Sequence[Found],
        report_file: Path | None,
        settings: Iterable[str] = (),
    ) -> None:
        self._print = out == "-"
        self._out = Path(out) if out and not self._print else None
        self._is_folder = self._out is not None and (several or self._out.is_dir() or str(out).endswith(("/", os.sep)))
        self._inputs = {found.path.resolve() for found in inputs}
        self._taken: dict[Path, str] = {}
        self._read = {Path(value).resolve() for value in settings if _is_file(value)}
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
        from cardforge.output import real_path
        from cardforge.plugin_calls import file_suffix

        if self._print:
            return None
        name = Path(found.path.stem + file_suffix(planned.exporter))
        if self._out is None:
            path = found.path.parent / name
        else:
            path = self._out / found.below / name if self._is_folder else self._out
            if path.suffix.lower() != name.suffix:
                say(f"{path}: what is written there is a {name.suffix} file, whatever its name says", error=True)
        real = real_path(path)
        if real in self._inputs:
            raise OutputRefused(f"the export would overwrite its input {path}; say where to with --out")
        if real in self._read:
            raise OutputRefused(f"{path} is what --set names, to be read: export that deck afterwards, by itself")
        if real in self._taken:
            where = "export one of them by itself" if self._out else "say where to with --out FOLDER"
            raise OutputRefused(f"{path} is there for {self._taken[real]}; {where}, or give them different names")
        self._taken[real] = f"the export of {found.path}"
        return path
