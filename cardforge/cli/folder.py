"""The decks in a folder: which of its files are read, and what is told of the others.

A folder has decks, exports of them, and whatever else people keep beside them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.cli.printing import fail, few, say

if TYPE_CHECKING:
    from cardforge.cli.settings import Reading

Rivals = Sequence[Path]
"""Files of one name of which each may be the deck, and the others its exports: nearly always one file."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that are not read; each may have a reason of its own."""

    why: str
    files: Mapping[Path, str]
    fix: str = "name a file to read it all the same"


def decks_in(
    folder: Path, reading: Reading, targets: Collection[str], out: Path | None, is_quiet: bool
) -> Sequence[Rivals]:
    """The decks in a folder and those below it. What is left out is told; a folder without a deck ends the program.

    ``targets`` are the suffixes of what is about to be written, ``out`` is where to: exports of the last time are no
    decks of this time. Where ``is_quiet``, only what cannot be opened is told.
    """
    from cardforge import registry

    suffixes = reading.suffixes()
    found = _listed(folder, suffixes, out)
    if not found.files and not found.closed:
        fail(f"{folder}: the folder has no file that can be read ({', '.join(suffixes)})", 1)
    ranks = {file: registry.rank(kind) for file in found.files if (kind := reading.recognised(file))}
    # What ranks first is a deck whatever is in it: that it is empty is a mistake, and told as one.
    ranks |= {file: _FIRST for file in found.files if registry.lowest_rank(file) == _FIRST and _is_empty(file)}
    decks = [_likely(group, ranks, targets) for group in _by_name(ranks)]
    exports = _exports_among(decks, ranks)
    decks = [group for group in decks if group not in exports] or decks
    read = {file for group in decks for file in group}
    beside, others = _unrecognised(found.files, ranks, read)
    of_no_deck = {file: "" for group in exports for file in group if file not in read}
    of_decks = {file: "" for file in ranks if file not in read and file not in of_no_deck}
    _say(folder, LeftOut("they cannot be opened", found.closed, "check their permissions, and what they link to"))
    for left_out in (
        LeftOut("links to folders are not followed", dict.fromkeys(found.linked, ""), "name a folder to read it, too"),
        LeftOut("exports go there", dict.fromkeys(found.outputs, "")),
        LeftOut("a file of the same name is read", of_decks),
        LeftOut("cardforge exported them, and the deck is not here", of_no_deck, _OF_NO_DECK),
        LeftOut("nothing in them looks like a deck, and another file of their name is read", dict.fromkeys(beside, "")),
        LeftOut("nothing in them looks like a deck", dict.fromkeys(others, "")),
    ):
        if not is_quiet:
            _say(folder, left_out)
    if not decks:
        fail(f"{folder}: no file in the folder looks like a deck; name those that are to be read", 1)
    return decks


_FIRST = 0
"""The rank of what is a deck before anything else (see `cardforge.plugin.Ranked`)."""
_OF_NO_DECK = (
    "delete them, if the deck is gone; rename them like it, if it has another name now (the old package tells Anki's notes "
    "from new ones); name a file to read it all the same"
)


# --- what is there -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a folder has: files that may be read; what cannot be opened, with the reason; links to folders; and folders
    that exports go to.
    """

    files: Sequence[Path]
    closed: Mapping[Path, str]
    linked: Sequence[Path]
    outputs: Sequence[Path]


def _listed(folder: Path, suffixes: Collection[str], out: Path | None) -> _Listing:
    """The files with these suffixes in a folder and those below it, but for hidden ones."""
    files: list[Path] = []
    closed: dict[Path, str] = {}
    linked: list[Path] = []
    outputs: list[Path] = []

    def unlisted(error: OSError) -> None:
        closed[Path(error.filename)] = error.strerror or str(error)

    for name, folders, names in os.walk(folder, onerror=unlisted):
        seen = [Path(name, below) for below in folders if not below.startswith(".")]
        linked += (below for below in seen if below.is_symlink())
        outputs += (below for below in seen if out is not None and _is_same(below, out))
        folders[:] = [below.name for below in seen if below not in outputs]
        for file in (Path(name, file) for file in names if not file.startswith(".")):
            if file.suffix.lower() in suffixes and not _is_special(file):
                if why := _why_closed(file):
                    closed[file] = why
                else:
                    files.append(file)
    return _Listing(sorted(files), dict(sorted(closed.items())), sorted(linked), outputs)


def _is_same(folder: Path, other: Path) -> bool:
    try:
        return folder.samefile(other)
    except OSError:
        return False


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


def _is_empty(file: Path) -> bool:
    from cardforge.document import is_empty

    return file.stat().st_size < _LARGEST_EMPTY and is_empty(file.read_bytes())


_LARGEST_EMPTY = 1000


# --- which of it is a deck -----------------------------------------------------------------------


def _by_name(files: Collection[Path]) -> list[list[Path]]:
    """The files that differ by their suffix only, together."""
    names = {_name(file) for file in files}
    groups: dict[Path, list[Path]] = defaultdict(list)
    for file in sorted(files):
        groups[_deck_name(file, names)].append(file)
    return list(groups.values())


def _likely(files: Sequence[Path], ranks: Mapping[Path, int], targets: Collection[str]) -> Rivals:
    """Of files of one name, the one that is the deck; several where nothing tells it from its exports.

    What people write decks in comes first, then what is not about to be written, then the lower rank.
    """
    from cardforge.plugin import USUAL_RANK

    def order(file: Path) -> tuple[bool, bool, int]:
        return ranks[file] >= USUAL_RANK, file.name.endswith(tuple(targets)), ranks[file]

    first = min(map(order, files))
    return [file for file in files if order(file) == first]


def _exports_among(decks: Sequence[Rivals], ranks: Mapping[Path, int]) -> list[Rivals]:
    """Those that bear cardforge's sign: exports of a deck that was deleted or renamed, or is somewhere else."""
    from cardforge.earlier import is_export
    from cardforge.plugin import USUAL_RANK

    return [group for group in decks if all(ranks[file] >= USUAL_RANK and is_export(file) for file in group)]


def _unrecognised(
    files: Sequence[Path], ranks: Mapping[Path, int], read: Collection[Path]
) -> tuple[list[Path], list[Path]]:
    """The files that no source takes for its own: those that should be the deck rather than another file of their name
    that is read, and those without one. What else stands beside a deck of its name is an export, or notes on it.
    """
    from cardforge import registry

    rank_of_name = {_name(file): ranks[file] for file in read}
    beside, others = [], []
    for file in files:
        if file not in ranks:
            rank = rank_of_name.get(_deck_name(file, rank_of_name.keys()))
            if rank is None:
                others.append(file)
            elif registry.lowest_rank(file) < rank:
                beside.append(file)
    return sorted(beside, key=registry.lowest_rank), others


def _name(file: Path) -> Path:
    """The file's path without its suffix."""
    return file.with_suffix("")


def _deck_name(file: Path, names: Collection[Path]) -> Path:
    """The name of the deck that the file is, or an export of. An export's suffix may have two parts (.canvas.zip)."""
    name = _name(file)
    return _name(name) if file.suffix.lower() == ".zip" and _name(name) in names else name


def _say(folder: Path, left_out: LeftOut) -> None:
    """Print a few of the files that are not read, if there are any."""
    names = list(_shown(folder, left_out.files))
    if names:
        say(f"{folder}: left out, for {left_out.why}: {few(names)}; {left_out.fix}", error=True)


def _shown(folder: Path, files: Mapping[Path, str]) -> Iterator[str]:
    for file, reason in files.items():
        yield str(file.relative_to(folder)) + (f" ({reason})" if reason else "")
