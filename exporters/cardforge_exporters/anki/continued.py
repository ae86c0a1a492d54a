"""Items that come from another deck: their notes go on, by the guids that they have in that deck's package.

Fact: Anki's import knows a note by its guid alone, whatever its id and its deck, and a card by its note and its number
(seen in Anki 26.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from cardforge.diagnostics import InvalidOption, OutputRefused
from cardforge.model import Deck
from cardforge.plugin import Context, Notice
from cardforge_exporters.anki.cards import Made
from cardforge_exporters.anki.changes import of_cards
from cardforge_exporters.anki.identity import Match, Wanted, is_alike
from cardforge_exporters.anki.previous import Previous, PreviousNote, read_previous


def read(package: Path | None) -> Previous:
    """The notes of the other package; none, if there is none. Raises InvalidOption for what cardforge did not write."""
    try:
        return Previous() if package is None else read_previous(package.read_bytes())
    except (OSError, OutputRefused) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no package that cardforge wrote"
        raise InvalidOption(f"anki: the option 'continues' names {package}, and {why}") from error


@dataclass(frozen=True, slots=True)
class Continued:
    """The notes of the other package that go on, by the index of the item; and the items that have the id of a note
    there that says something else.
    """

    notes: Mapping[int, PreviousNote]
    others: Sequence[int] = ()


def continued(wanted: Sequence[Wanted], other: Previous, matches: Mapping[int, Match]) -> Continued:
    """Which items are notes of the other package: by their ids, whether authors wrote these or their texts gave them,
    and by their texts, for two decks may have ids in common.

    ``matches`` are the notes of the deck's own package. Of an item that has a note in both, the older one goes on: the
    deck may have been exported without the other package by mistake.
    """
    by_id = {(note.note_type, unescape(note.field("Item id"))): note for note in other.notes}
    used = {found.note.guid for found in matches.values()}
    notes: dict[int, PreviousNote] = {}
    others: list[int] = []
    for index, item in enumerate(wanted):
        note = by_id.get((item.note_type, item.id)) or by_id.get((item.note_type, item.derived))
        own = matches.get(index)
        if note is None or note.guid in used or (own and own.note.id <= note.id):
            continue
        if not is_alike(item, note):
            others.append(index)
            continue
        used.add(note.guid)
        notes[index] = note
    return Continued(notes, others)


def tell(deck: Deck, made: Sequence[Made], found: Continued, package: Path, context: Context) -> None:
    """Say how many notes go on, where their cards stay, and what else learners would find changed."""
    for notice in _notices(deck, made, found, package):
        context.notify(notice)


def _notices(deck: Deck, made: Sequence[Made], continued: Continued, package: Path) -> Iterator[Notice]:
    found, entries = continued.notes, deck.entries()
    if others := continued.others:
        named = ", ".join(entries[index].id for index in others[:_MOST_NAMED])
        more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
        message = (
            f"{named}{more}: another item has this id in {package}, and its note does not go on here. If it is the same "
            "one, edited: export it once as it was, and edit it then"
        )
        yield Notice("other-item", message, deck.span(entries[others[0]].at))
    if not found and not others:
        message = (
            f"no item that is new in this deck has its id in {package}, so no note goes on from there; that must be the "
            "package as it was before the items left it, and this deck's own must not know their notes yet"
        )
        yield Notice("notes-continued", message, deck.span(()))
    if not found:
        return
    count = len(found)
    decks = ", ".join(dict.fromkeys(note.deck for note in found.values()))
    message = (
        f"{count:,} item{'s go' if count > 1 else ' goes'} on with the note{'s' * (count > 1)} and the history that "
        f"{'they have' if count > 1 else 'it has'} in {package}; in Anki the cards stay in the deck {decks} until you "
        "move them. Keep this deck's package: from now on it knows those notes"
    )
    yield Notice("notes-continued", message, deck.span(()))
    for index, note in found.items():
        yield from of_cards(deck, entries[index], made[index], note)


_MOST_NAMED = 5
