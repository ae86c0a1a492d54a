"""Reads the file of a deck: which source does it, what is told of a file that is not there, and its ids."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from cardforge import plugin_calls, registry
from cardforge.diagnostics import BrokenPlugin, Diagnostic, InvalidDeck, InvalidOption, Severity, Span, nearest
from cardforge.document import read_bytes
from cardforge.media import FolderMedia, NoMedia
from cardforge.model import AnyItem, Deck, Section
from cardforge.options import checked
from cardforge.plugin import Draft, Options, Source, StampsIds
from cardforge.plugin_calls import fault_of, named
from cardforge.validation import Validated, validate


def source_of(path: Path, name: str | None) -> Source:
    """The source that was named, or the file's own. Raises InvalidDeck for a file that is not there, UnknownFormat, and
    BrokenPlugin.
    """
    reader = registry.source(name) if name else None
    try:
        there, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError):  # no file can have this name
        there = is_folder = False
    if not there:
        raise InvalidDeck([_missing(path)])
    if is_folder and reader is None:
        read_bytes(path)  # says that it is one
    return reader or registry.source_for(path)


def _missing(path: Path) -> Diagnostic:
    """What is told of a file that is not there, which matters more than its suffix."""
    if address := _ADDRESS.match(str(path)):
        shown = f"{address[1]}://{address[2]}"
        message = f"{shown} is an address on the web, and nothing is fetched from there"
        return Diagnostic(Severity.ERROR, "file-missing", message, "download the file, and name that")
    try:
        read_bytes(path)
    except InvalidDeck as error:
        (told,) = error.diagnostics
    else:
        told = Diagnostic(
            Severity.ERROR, "file-missing", "there is no such file", "name it again", Span(str(path), 1, 1)
        )
    guess = nearest(path.name, _names(path.parent), like=_LIKE)
    return replace(told, fix=f"did you mean {str(path.with_name(guess))!r}?") if guess else told


_ADDRESS = re.compile(r"(https?|ftp):[/\\]+(.+)", re.IGNORECASE)
"""A path made of an address has one slash where that has two."""
_LIKE = 75
"""File names are more alike than words."""


def _names(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))
    except (OSError, ValueError):
        return []


def read(path: Path, source: str | None, options: Mapping[str, object]) -> Validated:
    """What the file says, and everything that is wrong with it. Raises as `cardforge.api.load` when it cannot be read."""
    reader = _with_options(source_of(path, source), options)
    with no_collecting():
        return _validated(reader, _draft(reader, path), path)


def _with_options(reader: Source, options: Mapping[str, object]) -> Source:
    if not options:
        return reader
    kind = type(reader)
    if not issubclass(kind, Options):
        raise InvalidOption(f"the source {reader.name!r} has no options")
    checked(kind, options)
    return cast(Source, kind(**options))


def _draft(reader: Source, path: Path) -> Draft:
    """What the source reads in the file. Media are beside it, where the source does not say where they are."""
    draft = plugin_calls.draft(reader, path)
    return replace(draft, media=FolderMedia(path.parent)) if isinstance(draft.media, NoMedia) else draft


def _validated(reader: Source, draft: Draft, path: Path) -> Validated:
    # Positions and media are the source's own, and its data may be what no deck format is made of.
    with fault_of(f"{named(reader)} gives of {path} what cannot be looked at, which is not your fault"):
        return validate(draft, takes_ids=isinstance(reader, StampsIds))


@contextmanager
def no_collecting() -> Iterator[None]:
    """Cyclic collection off: a bulk load makes no cycles, and the collector would walk it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- ids -----------------------------------------------------------------------------------------


def with_ids(reader: Source, path: Path) -> tuple[bytes, int]:
    """The file's bytes with an id for the deck and for every item that lacks one, and how many were added.

    The source must be able to stamp (`StampsIds`). What it has made is read back: it must be the same deck.
    """
    assert isinstance(reader, StampsIds)
    draft = _draft(reader, path)
    validated = _validated(reader, draft, path)
    deck = validated.deck
    if deck is None:
        raise InvalidDeck(validated.diagnostics)
    missing = {entry.at: entry.id for entry in deck.entries() if entry.item.id is None}
    if deck.id is None:
        missing = {(): deck.identity, **missing}
    data = plugin_calls.stamped(reader, draft, missing)
    if missing and _read_back(reader, data, path, draft) != _with_all_ids(deck):
        fault = "fails at writing ids, which is not your fault: with them, the file would not be the same deck"
        raise BrokenPlugin(f"{named(reader)} {fault}; it is left as it is")
    return data, len(missing)


def _read_back(reader: Source, data: bytes, path: Path, draft: Draft) -> Deck | None:
    """The deck that a file with this content would be in the place of the one that was read; None if it were none."""
    with TemporaryDirectory(prefix="cardforge-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(data)
        try:
            again = plugin_calls.draft(reader, copy)
            return _validated(reader, replace(again, media=draft.media), copy).deck
        except InvalidDeck:
            return None


def _with_all_ids(deck: Deck) -> Deck:
    ids = {entry.at: entry.id for entry in deck.entries()}

    def filled(nodes: tuple[AnyItem | Section, ...], at: tuple[str | int, ...]) -> tuple[AnyItem | Section, ...]:
        return tuple(
            replace(node, items=filled(node.items, (*at, index, "items")))
            if isinstance(node, Section)
            else replace(node, id=ids[(*at, index)])
            for index, node in enumerate(nodes)
        )

    return replace(deck, id=deck.identity, items=filled(deck.items, ("items",)))
