"""Which files are read, and where each export goes."""

from __future__ import annotations

import os
from collections.abc import Sequence
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
    """A source file; ``below`` is its folder's way from the folder that was named, if one was."""

    path: Path
    below: Path = Path()
    in_folder: bool = False


def find(sources: Sequence[str], source: str | None, written_suffixes: set[str]) -> list[Found]:
    """The files to read: those named, and those in the folders named that some source reads by suffix."""
    from cardforge import registry

    named = registry.source(source) if source else None
    suffixes = named.suffixes if named else registry.suffixes()
    found: dict[Path, Found] = {}
    for name in sources:
        path = Path(name)
        if not path.is_dir():
            if not path.exists() and name in registry.exporter_names():
                raise InvalidOption(f"{name} is a target; each has its own --to: --to {name}")
            found.setdefault(path, Found(path))
            continue
        inside = sorted(
            (
                file
                for file in path.rglob("*")
                if file.suffix.lower() in suffixes
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
                and file.is_file()
                and (_is_deck(named, file) if named else registry.recognised(file))
            ),
            # Of two files with one name, a package is more likely the export of the other.
            key=lambda file: (file.with_suffix(""), file.suffix.lower() in _PACKAGES, file),
        )
        exports = _exports(inside, written_suffixes)
        for file in inside:
            if file not in exports:
                found.setdefault(file, Found(file, file.parent.relative_to(path), in_folder=True))
        if left_out := [file.name for file in inside if file in exports]:
            shown = ", ".join(left_out[:_SHOWN]) + (" …" if len(left_out) > _SHOWN else "")
            say(f"{name}: left out, named like exports of the decks beside them: {shown}", error=True)
        if not inside:
            fail(f"{name}: the folder has no file that can be read ({', '.join(suffixes)})", 1)
    return list(found.values())


def _exports(files: Sequence[Path], written_suffixes: set[str]) -> set[Path]:
    """Those of a folder's files that another one may have been exported to: they have its name.

    A deck in a format that holds ids (YAML, JSON) is nobody's export, but of a deck in such a format.
    """
    from cardforge import registry
    from cardforge.plugin import StampsIds

    decks = [file for file in files if file.suffix not in written_suffixes]
    found = {deck.with_name(deck.stem + suffix) for deck in decks for suffix in written_suffixes}
    native = {file for file in files if isinstance(registry.source_for(file), StampsIds)}
    names = {file.with_suffix("") for file in native}
    # An export's suffix may have two parts (.moodle.zip).
    return found | {
        file
        for file in files
        if file not in native and names & {file.with_suffix(""), file.with_suffix("").with_suffix("")}
    }


_PACKAGES = frozenset({".apkg", ".colpkg", ".zip", ".imscc"})
_SHOWN = 5
"""As many names are told of files that are left out."""


def _is_deck(source: Source, file: Path) -> bool:
    from cardforge.plugin import Recognises

    return source.recognises(file) if isinstance(source, Recognises) else True


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
