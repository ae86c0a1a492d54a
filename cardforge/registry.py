"""Finds sources and exporters by entry points: cardforge's own and a third party's, no difference made.

But for their names: what has the name of one of cardforge's own is not used, and of two others with one name neither is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from cardforge import foreign_files
from cardforge.diagnostics import BrokenPlugin, UnknownFormat, nearest
from cardforge.document import is_empty
from cardforge.plugin import USUAL_RANK, Exporter, Options, Ranked, Recognises, Source
from cardforge.plugin_calls import fault_of, recognises
from cardforge.plugin_checks import exporter_mistake, source_mistake

SOURCES = "cardforge.sources"
EXPORTERS = "cardforge.exporters"
_WHAT = {SOURCES: "source", EXPORTERS: "exporter"}
_A = {SOURCES: "a source", EXPORTERS: "an exporter"}
_OWN = "cardforge"


# --- entry points --------------------------------------------------------------------------------


@cache
def _entries(group: str) -> Mapping[str, EntryPoint | str]:
    """The entry points by their names, sorted; in place of one that is not used, the reason."""
    return chosen(group, entry_points(group=group))


def chosen(group: str, found: Iterable[EntryPoint]) -> Mapping[str, EntryPoint | str]:
    """Of the entry points with one name, the one that is used. Another than cardforge's own has a line of its own."""
    by_name: dict[str, list[EntryPoint]] = defaultdict(list)
    for entry in found:
        by_name[entry.name].append(entry)
    entries: dict[str, EntryPoint | str] = {}
    for name, alike in sorted(by_name.items()):
        own = [entry for entry in alike if entry.dist and entry.dist.name == _OWN]
        others = [entry for entry in alike if entry not in own]
        if own:
            entries[name] = own[0]
            for package in sorted(map(_package, others)):
                entries[f"{name} ({package})"] = (
                    f"the {_WHAT[group]} {name!r} of {package} is not used: cardforge has one of this name; "
                    "its author must give it another"
                )
        elif len(alike) > 1:
            packages = " and ".join(sorted(map(_package, alike)))
            entries[name] = (
                f"there are several packages with {_A[group]} {name!r}: {packages}; uninstall all but one of them"
            )
        else:
            entries[name] = alike[0]
    return entries


def _package(entry: EntryPoint) -> str:
    """The package that an entry point was installed with; else the one that it leads to."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value.partition(".")[0]


def _load(group: str, name: str) -> object:
    entries, what = _entries(group), _WHAT[group]
    if name not in entries:
        raise UnknownFormat(f"there is no {what} {name!r}; {_hint(group, name)}")
    entry = entries[name]
    if isinstance(entry, str):
        raise BrokenPlugin(entry)
    with fault_of(f"the {what} {name!r} cannot be loaded from {entry.value}", BrokenPlugin):
        return entry.load()


def source_names() -> tuple[str, ...]:
    """The names of the installed sources, sorted, broken ones among them."""
    return tuple(_entries(SOURCES))


def exporter_names() -> tuple[str, ...]:
    """The names of the installed exporters, sorted, broken ones among them."""
    return tuple(_entries(EXPORTERS))


@cache
def source(name: str) -> Source:
    """The source of this name. Raises UnknownFormat or BrokenPlugin."""
    kind = _checked(SOURCES, name, source_mistake)
    with fault_of(f"the source {name!r} cannot be made", BrokenPlugin):
        return cast(Source, kind())


@cache
def exporter(name: str) -> type[Exporter]:
    """The exporter class of this name. Raises UnknownFormat or BrokenPlugin."""
    kind = _checked(EXPORTERS, name, exporter_mistake)
    with fault_of(f"the exporter {name!r} cannot be made", BrokenPlugin):
        kind()  # as it is to be asked what a file is, whatever its options
    return cast("type[Exporter]", kind)


def _checked(group: str, name: str, mistake: Callable[[object], str]) -> type:
    """What the entry point leads to, if it is what it should be. A class may fail at being looked at, too."""
    loaded, what = _load(group, name), _WHAT[group]
    with fault_of(f"the {what} {name!r} cannot be looked at", BrokenPlugin):
        if wrong := mistake(loaded):
            raise BrokenPlugin(f"the {what} {name!r} {wrong}")
    called = getattr(loaded, "name", None)
    if called != name:
        raise BrokenPlugin(f"the {what} {name!r} calls itself {called!r}; give its entry point and its class one name")
    return cast(type, loaded)


# --- the one that was meant ----------------------------------------------------------------------


def _hint(group: str, name: str) -> str:
    """What was meant by a name that no format has."""
    if group == EXPORTERS:
        kinds: dict[str, type] = {kind.name: kind for kind in exporters()}
        endings: dict[str, tuple[str, ...]] = {kind.name: (kind.suffix,) for kind in exporters()}
    else:
        kinds = {reader.name: type(reader) for reader in sources()}
        endings = {reader.name: reader.suffixes for reader in sources()}
    asked = name.strip().lower().lstrip(".")
    writing = [other for other, suffixes in endings.items() if f".{asked}" in suffixes]
    setting = [f"{other} (--set {option}={asked})" for other, option in _taking(asked, kinds)]
    guess = _only(writing) or _only(setting) or nearest(name, kinds) or _only(_said_of(asked, kinds))
    if guess:
        return f"did you mean {guess!r}?" if guess in kinds else f"did you mean {guess}?"
    read_only = f"{name} is read and not written; " if group == EXPORTERS and name in source_names() else ""
    return f"{read_only}there are: " + ", ".join(kinds)


def _taking(word: str, kinds: Mapping[str, type]) -> list[tuple[str, str]]:
    """The formats, and their options, that take this word for a value: ``quizlet`` is a profile of csv."""
    return [
        (name, option)
        for name, kind in kinds.items()
        if issubclass(kind, Options)
        for option in kind.model_fields
        if word in kind.option_values(option) and word not in _OF_ANY_OPTION
    ]


_OF_ANY_OPTION = {"true", "false"}


def _said_of(word: str, kinds: Mapping[str, type]) -> list[str]:
    """The formats whose summary has this word in it, as that of xlsx has Excel."""
    return [name for name, kind in kinds.items() if word in re.findall(r"\w+", getattr(kind, "summary", "").lower())]


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


# --- the source of a file ------------------------------------------------------------------------


@cache
def _by_suffix() -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The sources for each suffix, and what is wrong with the sources that cannot be loaded."""
    found: dict[str, tuple[str, ...]] = {}
    broken = []
    for name in source_names():
        try:
            for suffix in source(name).suffixes:
                found[suffix] = (*found.get(suffix, ()), name)
        except BrokenPlugin as error:
            broken.append(str(error))
    return found, tuple(broken)


def suffixes() -> tuple[str, ...]:
    """Every suffix that some source reads."""
    return tuple(_by_suffix()[0])


def sources() -> list[Source]:
    """Every installed source that can be loaded, in the order of their names."""
    return [source(name) for name in dict.fromkeys(name for names in _by_suffix()[0].values() for name in names)]


def exporters() -> list[type[Exporter]]:
    """Every installed exporter that can be loaded, in the order of their names."""
    found = []
    for name in exporter_names():
        try:
            found.append(exporter(name))
        except BrokenPlugin:
            continue  # it is told where it is asked for, and in the list of formats
    return found


def recognised(path: Path, named: Source | None = None, set_up: Callable[[str], Source] | None = None) -> Source | None:
    """The source that takes this file for its own, or None. One that cannot tell takes every file with its suffix.

    Where a source was ``named``, only that one is asked, of files with any suffix. ``set_up`` gives a source by its
    name, with its options; by default it has none.
    """
    # One that looks inside knows better than one that does not.
    asked = [named] if named else map(set_up or source, _names_for(path))
    knowing = sorted(asked, key=lambda s: not isinstance(s, Recognises))
    return next((reader for reader in knowing if recognises(reader, path)), None)


def rank(source: Source) -> int:
    """Of several files of one name, which is the deck and which its exports: see `cardforge.plugin.Ranked`."""
    return source.rank if isinstance(source, Ranked) else USUAL_RANK


def lowest_rank(path: Path) -> int:
    """The rank that a file with this suffix has as a deck, whatever is in it."""
    return min((rank(source(name)) for name in _names_for(path)), default=USUAL_RANK)


def source_for(path: Path) -> Source:
    """The source for this file: by its suffix, and where several sources read that, by what is in it.

    Raises UnknownFormat when there is none.
    """
    names = _names_for(path)
    foreign = foreign_files.by_suffix(path.suffix)
    if len(names) == 1 and not foreign:
        return source(names[0])
    if names and (found := recognised(path)):
        return found
    if names and _is_empty(path):
        return source(names[0])  # to say so
    if foreign:
        raise UnknownFormat(f"{path}: this is {'; '.join(foreign)}")
    if names:
        known = f"what is in it looks like none of the formats with this suffix ({', '.join(names)})"
        fix = "say which it is: " + ", ".join(f"--from {name}" for name in names) + f' (in Python: source="{names[0]}")'
    else:
        by_suffix = _by_suffix()[0]
        shown = f"the suffix {path.suffix!r}" if path.suffix else "a file without a suffix"
        known = f"no source reads {shown} (known: {', '.join(by_suffix)})"
        fix = 'say what format it has, if it is one of those: --from NAME (in Python: source="NAME")'
        # The newer form of an old format has an x behind its name, as .xlsx.
        if (newer := f"{path.suffix.lower()}x") in by_suffix:
            known, fix = f"no source reads {shown}", f"save it as {newer}, which is read"
    raise UnknownFormat("; ".join((f"{path}: {known}", fix, *_by_suffix()[1])))


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size < _BEGINNING and is_empty(path.read_bytes())
    except (OSError, ValueError):
        return False


_BEGINNING = 4096


def _names_for(path: Path) -> tuple[str, ...]:
    return _by_suffix()[0].get(path.suffix.lower(), ())
