"""What to tell of the way from the last package to this one.

What Anki does with a package that it is given again was seen in Anki 26.9: an import never deletes a card, never moves
one to another deck, and never changes a note's type; a card goes on with its history by its note and its number,
whatever it asks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from cardforge.model import Deck, Entry
from cardforge.plugin import Context, Notice
from cardforge_exporters.anki.cards import Made
from cardforge_exporters.anki.identity import Match, has_its_id
from cardforge_exporters.anki.note_types import CLOZE
from cardforge_exporters.anki.previous import Previous, PreviousNote
from cardforge_exporters.anki_markup import deck_name

_MOST_NAMED = 3
"""How many moves from deck to deck are named."""


def tell(deck: Deck, made: Sequence[Made], matches: Mapping[int, Match], previous: Previous, context: Context) -> None:
    """Say what became of the notes and cards of the last package.

    ``made`` are the notes of the deck's items in their order; ``matches`` gives the last note by the item's index.
    """
    for notice in _changes(deck, made, matches, previous):
        context.notify(notice)


def _changes(deck: Deck, made: Sequence[Made], matches: Mapping[int, Match], previous: Previous) -> Iterator[Notice]:
    if not matches and not has_its_id(deck, previous):
        yield Notice(
            "other-deck", f"the package in this place was of another deck, {previous.title!r}; all notes are new"
        )
        return
    if unescape(previous.deck_id) != deck.identity:
        message = (
            "the deck's id has changed (by its title?); its notes keep their review history. Write ids: cardforge ids"
        )
        yield Notice("deck-recognised", message, deck.span(()))
    entries = deck.entries()
    for index, found in sorted(matches.items()):
        entry = entries[index]
        if found.edited:
            message = f"{entry.id}: edited item recognised; it keeps its review history"
            yield Notice("item-recognised", message, deck.span(entry.at))
        yield from _of_cards(deck, entry, made[index], found.note)
    kept = {found.note.id for found in matches.values()}
    gone = [note for note in previous.notes if note.id not in kept]
    yield from _of_another_kind(deck, matches, gone)
    if gone:
        new = len(entries) - len(matches)
        message = (
            f"{len(gone):,} note{'s' if len(gone) > 1 else ''} of the last package "
            f"{'are' if len(gone) > 1 else 'is'} no longer in the deck (Anki keeps imported cards), {new:,} "
            f"{'are' if new != 1 else 'is'} new"
        )
        yield Notice("notes-gone", message)
    yield from _moved(deck, made, matches)


def _of_another_kind(deck: Deck, matches: Mapping[int, Match], gone: Sequence[PreviousNote]) -> Iterator[Notice]:
    """Items whose id a note of another note type has had."""
    ids = {unescape(note.field("Item id")) for note in gone}
    for index, entry in enumerate(deck.entries() if ids else ()):
        if index not in matches and entry.id in ids:
            message = f"{entry.id}: it became another kind of item, so it is a new note; Anki keeps the old one with its history"
            yield Notice("kind-changed", message, deck.span(entry.at))


def _moved(deck: Deck, made: Sequence[Made], matches: Mapping[int, Match]) -> Iterator[Notice]:
    """Cards that the last package had in other decks. New cards of old notes do arrive where they belong."""
    count = 0
    ways: dict[str, None] = {}
    entries = deck.entries()
    for index, found in sorted(matches.items()):
        before, now = found.note.deck, deck_name(deck, entries[index].sections)
        if before.casefold() != now.casefold():  # Anki's names of decks are the same in any case
            count += sum(number in found.note.cards for number in made[index][2])
            ways[f"{before} → {now}"] = None
    if count:
        named = ", ".join(list(ways)[:_MOST_NAMED]) + (", …" if len(ways) > _MOST_NAMED else "")
        message = (
            f"{count:,} card{'s are' if count > 1 else ' is'} now in {'other decks' if len(ways) > 1 else 'another deck'} "
            f"than in the last package ({named}); Anki leaves cards where they are: move them there or, before you "
            "import, rename the deck in Anki"
        )
        yield Notice("cards-moved", message)


# --- the cards of one note -------------------------------------------------------------------------


def _of_cards(deck: Deck, entry: Entry, made: Made, old: PreviousNote) -> Iterator[Notice]:
    note_type, fields, numbers = made
    if gone := sorted(old.cards.keys() - set(numbers)):
        are, them = ("are", "them") if len(gone) > 1 else ("is", "it")
        message = (
            f"{entry.id}: its {_names(gone, note_type is CLOZE)} {are} no more; Anki keeps {them} until "
            f"Tools > Empty Cards removes {them}"
        )
        yield Notice("card-gone", message, deck.span(entry.at))
    if note_type is CLOZE and (changed := _taken_over(old.field("Text"), fields[note_type.position("Text")])):
        asks = ", ".join(
            f"c{number} {'asks ' if not turn else ''}for what c{other} asked{' for until now' if not turn else ' for'}"
            for turn, (number, other) in enumerate(changed)
        )
        goes_on = (
            "their histories go on under other questions"
            if changed[1:]
            else "its history goes on under another question"
        )
        message = f"{entry.id}: deletion {asks}: {goes_on}; keep the numbers as they were"
        yield Notice("deletion-changed", message, deck.span(entry.at))


def _names(cards: Sequence[int], is_cloze: bool) -> str:
    if not is_cloze:
        return "second card"
    return f"card{'s' if len(cards) > 1 else ''} for {', '.join(f'c{number + 1}' for number in cards)}"


_DELETION = re.compile(r"\{\{c(\d{1,3})::((?:(?!\{\{c\d|\}\}).)*)\}\}", re.DOTALL)


def _taken_over(before: str, now: str) -> list[tuple[int, int]]:
    """The deletions that ask for what another one asked for, each with the number of that other one.

    None where all deletions stand where they stood: there, an answer was corrected.
    """
    if before == now or _DELETION.sub(r"{{\1}}", before) == _DELETION.sub(r"{{\1}}", now):
        return []
    old, new = _answers(before), _answers(now)
    last = {answers: number for number, answers in reversed(old.items())}
    return [
        (number, last[answers])
        for number, answers in sorted(new.items())
        if number in old and old[number] != answers and answers in last
    ]


def _answers(text: str) -> dict[int, tuple[str, ...]]:
    """What each number's deletions ask for, hints aside, in HTML."""
    found: dict[int, list[str]] = defaultdict(list)
    for number, said in _DELETION.findall(text):
        found[int(number)].append(said.partition("::")[0].strip())
    return {number: tuple(sorted(answers)) for number, answers in found.items()}
