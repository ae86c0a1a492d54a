"""What stands where an export is to go: an earlier export of the same deck, or somebody's own work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cardforge import plugin_calls, registry
from cardforge.diagnostics import OF_ITEMS, BrokenPlugin, CardforgeError, InvalidDeck, OutputRefused, Severity
from cardforge.fidelity import NATIVE, Feature
from cardforge.model import Deck, Flashcard
from cardforge.model.ids import derived_id, main_text
from cardforge.plugin import Exporter, Standing
from cardforge.text import plain


def reason_to_keep(previous: bytes, deck: Deck, exporter: Exporter, load: Callable[[str], Deck]) -> str:
    """Why a file must not be replaced by the export of a deck; empty, if it may be.

    ``load`` reads the file with the source of a name. Where the file bears no sign of cardforge's, it is read and
    compared: it must be of the same deck, and nothing may be in it that a deck cannot hold.
    """
    standing = plugin_calls.standing(exporter, previous, deck)
    if standing is Standing.FOREIGN:
        return "cardforge did not write what is there"
    if standing is Standing.OF_ANOTHER:
        return _another(_id_there(previous, deck, exporter, load))
    if standing is Standing.OF_DECK or exporter.name not in registry.source_names():
        return ""
    try:
        there = load(exporter.name)
    except InvalidDeck as error:
        why = next((told.message for told in error.diagnostics if told.severity is Severity.ERROR), "")
        return f"what is there cannot be read as a deck ({why})"
    holds_id = plugin_calls.capabilities(exporter).get(Feature.DECK_ID) == NATIVE
    if there.identity != deck.identity and (holds_id or not _share_an_item(deck, there, previous)):
        return _another(there.identity if holds_id else "")
    if any(warning.code in OF_ITEMS for warning in there.origin.warnings):
        return "what is there holds something that no deck can hold"
    if deck.origin.is_beginning and there != deck:
        return "what is there says something else: it may have been completed or edited since the last export"
    return ""


def is_export(path: Path) -> bool:
    """Whether a file bears the sign of an exporter. Many formats have none."""
    data = path.read_bytes()
    return any(kind.suffix.endswith(path.suffix.lower()) and _bears_sign(kind(), data) for kind in registry.exporters())


def _bears_sign(exporter: Exporter, data: bytes) -> bool:
    try:
        return plugin_calls.standing(exporter, data, _ANY_DECK) in (Standing.OF_DECK, Standing.OF_ANOTHER)
    except (OutputRefused, BrokenPlugin):  # a plugin's fault is told where it is asked for
        return False


_ANY_DECK = Deck(id="-", title="-", items=(Flashcard(front="-", back="-"),))


def _another(deck_id: str) -> str:
    """The refusal, by the id of the deck that is there, as far as it is known."""
    named, old = (
        (f", {deck_id!r}", f"id: {deck_id}") if deck_id else ("", "its old id, or its old title if it had none")
    )
    return (
        f"the export of another deck is there{named} (if it is this deck, write {old} into it again: under another id, all "
        "of it is new to learners' tools, Anki among them)"
    )


def _id_there(previous: bytes, deck: Deck, exporter: Exporter, load: Callable[[str], Deck]) -> str:
    """The id by which a deck would go on with the export that is there; empty, if no source can tell."""
    suffix = plugin_calls.file_suffix(exporter)
    readers = (
        source.name for source in registry.sources() if source.name == exporter.name or suffix in source.suffixes
    )
    for name in readers:
        try:
            there = load(name).id
        except CardforgeError:
            continue
        if there and plugin_calls.standing(exporter, previous, replace(deck, id=there)) is Standing.OF_DECK:
            return there
    return ""


def _share_an_item(deck: Deck, there: Deck, previous: bytes) -> bool:
    """Whether an item is in both, or what one asks is there: some formats hold no id, and change kinds and texts."""
    ids = {derived_id(entry.item) for entry in there.entries()}
    if any(derived_id(entry.item) in ids for entry in deck.entries()):
        return True
    said = previous.decode(errors="replace")
    return any(plain(main_text(entry.item)) in said for entry in deck.entries())
