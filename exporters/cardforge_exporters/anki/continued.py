"""Items that come from another deck: their notes go on, by the guids that they have in that deck's package.

Fact: Anki's import knows a note by its guid alone, whatever its id and its deck, and a card by its note and its number
(seen in Anki 26.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path

from cardforge.diagnostics import InvalidOption, OutputRefused
from cardforge.model import Deck
from cardforge.plugin import Context, Notice
from cardforge_exporters.anki.identity import Wanted
from cardforge_exporters.anki.previous import Previous, PreviousNote, read_previous


def read(package: Path | None) -> Previous:
    """The notes of the other package; none, if there is none. Raises InvalidOption for what cardforge did not write."""
    try:
        return Previous() if package is None else read_previous(package.read_bytes())
    except (OSError, OutputRefused) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no package that cardforge wrote"
        raise InvalidOption(f"anki: the option 'continues' names {package}, and {why}") from error


def continued(wanted: Mapping[int, Wanted], other: Previous, taken: Iterable[str]) -> dict[int, PreviousNote]:
    """Of items that the deck's own package does not know, the notes that they are in the other one.

    By their ids alone, whether authors wrote these or their texts gave them. ``taken`` are guids in use.
    """
    by_id = {(note.note_type, unescape(note.field("Item id"))): note for note in other.notes}
    used = set(taken)
    found: dict[int, PreviousNote] = {}
    for index, item in wanted.items():
        note = by_id.get((item.note_type, item.id)) or by_id.get((item.note_type, item.derived))
        if note and note.guid not in used:
            used.add(note.guid)
            found[index] = note
    return found


def tell(deck: Deck, found: Mapping[int, PreviousNote], package: Path, context: Context) -> None:
    """Say how many notes go on, and where their cards stay."""
    if not found:
        message = (
            f"no item that is new in this deck has its id in {package}, so no note goes on from there; that must be the "
            "package as it was before the items left it"
        )
        context.notify(Notice("notes-continued", message, deck.span(())))
        return
    count = len(found)
    decks = ", ".join(dict.fromkeys(note.deck for note in found.values()))
    message = (
        f"{count:,} item{'s go' if count > 1 else ' goes'} on with the note{'s' * (count > 1)} and the history that "
        f"{'they have' if count > 1 else 'it has'} in {package}; in Anki the cards stay in the deck {decks} until you "
        "move them. Keep this deck's package: from now on it knows those notes"
    )
    context.notify(Notice("notes-continued", message, deck.span(())))
