"""Finds sources and exporters by entry points: cardforge's own and a third party's, no difference made."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from cardforge.diagnostics import BrokenPlugin, UnknownFormat, nearest
from cardforge.document import is_empty
from cardforge.plugin import USUAL_RANK, Exporter, Options, Ranked, Recognises, Source

SOURCES = "cardforge.sources"
EXPORTERS = "cardforge.exporters"


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in sorted(entry_points(group=group), key=lambda e: e.name)}


def _load(group: str, name: str) -> object:
    entries = _entries(group)
    what = "source" if group == SOURCES else "exporter"
    if name not in entries:
        guess = nearest(name, entries)
        hint = f"did you mean {guess!r}?" if guess else "there are: " + ", ".join(entries)
        raise UnknownFormat(f"there is no {what} {name!r}; {hint}")
    try:
        return entries[name].load()
    except Exception as error:  # a plugin may fail in any way while it is imported
        raise BrokenPlugin(
            f"the {what} {name!r} cannot be loaded from {entries[name].value}: {type(error).__name__}: {error}"
        ) from error


def source_names() -> tuple[str, ...]:
    """The names of the installed sources, sorted."""
    return tuple(_entries(SOURCES))


def exporter_names() -> tuple[str, ...]:
    """The names of the installed exporters, sorted."""
    return tuple(_entries(EXPORTERS))


@cache
def source(name: str) -> Source:
    """The source of this name. Raises UnknownFormat or BrokenPlugin."""
    loaded = _load(SOURCES, name)
    if not isinstance(loaded, type) or not callable(getattr(loaded, "read", None)):
        raise BrokenPlugin(f"the source {name!r} is not a class with a read method")
    _require(loaded, "source", name, "name", "summary", "suffixes")
    try:
        return cast(Source, loaded())
    except Exception as error:  # a plugin may fail in any way while it is made
        raise BrokenPlugin(f"the source {name!r} cannot be made: {type(error).__name__}: {error}") from error


@cache
def exporter(name: str) -> type[Exporter]:
    """The exporter class of this name. Raises UnknownFormat or BrokenPlugin."""
    loaded = _load(EXPORTERS, name)
    if not isinstance(loaded, type) or not issubclass(loaded, Exporter):
        raise BrokenPlugin(f"the exporter {name!r} is not a subclass of cardforge.plugin.Exporter")
    _require(loaded, "exporter", name, "name", "summary", "suffix", "capabilities")
    return loaded


def _require(loaded: type, what: str, name: str, *attributes: str) -> None:
    missing = [attribute for attribute in attributes if not hasattr(loaded, attribute)]
    if missing:
        raise BrokenPlugin(f"the {what} {name!r} has no {', '.join(missing)}; see cardforge.plugin")
    called = getattr(loaded, "name", None)
    if called != name:
        raise BrokenPlugin(f"the {what} {name!r} calls itself {called!r}; give its entry point and its class one name")


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


def recognised(path: Path, named: Source | None = None, set_up: Callable[[str], Source] | None = None) -> Source | None:
    """The source that takes this file for its own, or None. One that cannot tell takes every file with its suffix.

    Where a source was ``named``, only that one is asked, of files with any suffix. ``set_up`` gives a source by its
    name, with its options; by default it has none.
    """
    # One that looks inside knows better than one that does not.
    asked = [named] if named else map(set_up or source, _names_for(path))
    knowing = sorted(asked, key=lambda s: not isinstance(s, Recognises))
    return next((reader for reader in knowing if _takes(reader, path)), None)


def _takes(reader: Source, path: Path) -> bool:
    try:
        return not isinstance(reader, Recognises) or reader.recognises(path)
    except Exception as error:  # a plugin may fail in any way at a file that is not its own
        message = f"the source {reader.name!r} fails at looking into {path}: {type(error).__name__}: {error}"
        raise BrokenPlugin(message) from error


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
    if len(names) == 1:
        return source(names[0])
    if names and (found := recognised(path)):
        return found
    if names and _is_empty(path):
        return source(names[0])  # to say so
    if names:
        known = f"what is in it looks like none of the formats with this suffix ({', '.join(names)})"
        fix = "say which it is: " + ", ".join(map(_asked_for, names))
    else:
        by_suffix = _by_suffix()[0]
        shown = f"the suffix {path.suffix!r}" if path.suffix else "a file without a suffix"
        known = f"no source reads {shown} (known: {', '.join(by_suffix)})"
        fix = "say the format with --from NAME"
        # The newer form of an old format has an x behind its name, as .xlsx.
        if (newer := f"{path.suffix.lower()}x") in by_suffix:
            known, fix = f"no source reads {shown}", f"save it as {newer}, which is read; or {fix}"
    raise UnknownFormat("; ".join((f"{path}: {known}", fix, *_by_suffix()[1])))


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size < _BEGINNING and is_empty(path.read_bytes())
    except (OSError, ValueError):
        return False


_BEGINNING = 4096


def _asked_for(name: str) -> str:
    """How a source is asked for on the command line, with the first option that has an example."""
    kind = type(source(name))
    fields = kind.model_fields if issubclass(kind, Options) else {}
    example = next((f" --set {key}={info.examples[0]}" for key, info in fields.items() if info.examples), "")
    return f"--from {name}{example}"


def _names_for(path: Path) -> tuple[str, ...]:
    return _by_suffix()[0].get(path.suffix.lower(), ())
