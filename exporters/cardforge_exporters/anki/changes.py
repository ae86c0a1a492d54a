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
from cardforge_exporters.anki.likeness import in_words
from cardforge_exporters.anki.note_types import CLOZE, NoteType
from cardforge_exporters.anki.previous import Previous, PreviousNote
from cardforge_exporters.anki_markup import deck_name

_MOST_NAMED = 3
"""How many moves from deck to deck are named, and how many notes that are gone."""
_MOST_RECOGNISED = 10
"""How many edited items are told one by one."""
_MOST_LETTERS = 40
"""How much of a text is shown."""


def tell(
    deck: Deck,
    made: Sequence[Made],
    matches: Mapping[int, Match],
    previous: Previous,
    new: int,
    context: Context,
) -> None:
    """Say what became of the notes and cards of the last package.

    ``made`` are the notes of the deck's items in their order; ``matches`` gives the last note by the item's index;
    ``new`` is how many notes have never been anywhere.
    """
    for notice in _changes(deck, made, matches, previous, new):
        context.notify(notice)


def _changes(
    deck: Deck, made: Sequence[Made], matches: Mapping[int, Match], previous: Previous, new: int
) -> Iterator[Notice]:
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
    yield from _recognised(deck, made, matches)
    for index, found in sorted(matches.items()):
        yield from of_cards(deck, entries[index], made[index], found.note)
    kept = {found.note.id for found in matches.values()}
    gone = [note for note in previous.notes if note.id not in kept]
    yield from _of_another_kind(deck, made, matches, gone)
    if gone:
        yield _gone(deck, gone, new)
    yield from _moved(deck, made, matches)


def _recognised(deck: Deck, made: Sequence[Made], matches: Mapping[int, Match]) -> Iterator[Notice]:
    """What was taken for what: an author sees at once where that is wrong."""
    edited = sorted(index for index, found in matches.items() if found.edited)
    entries = deck.entries()
    for index in edited[:_MOST_RECOGNISED]:
        note_type, fields, _ = made[index]
        old = matches[index].note
        change = _change(in_words(old.note_type, old.fields), in_words(note_type, fields)) or entries[index].id
        message = f"{change}: edited item recognised; it keeps its review history"
        yield Notice("item-recognised", message, deck.span(entries[index].at))
    if (more := len(edited) - _MOST_RECOGNISED) > 0:
        told = "1 more edited item is" if more == 1 else f"{more:,} more edited items are"
        yield Notice("item-recognised", f"{told} recognised and keep{'s' * (more == 1)} the review history")


def _change(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The first text that is another one now, before and after: ``"die Maus" -> "die Maus (f.)"``; else the text."""
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            pairs = zip(before, after, strict=False)
            same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))
            # Long texts are shown from a word before the difference.
            start = before.rfind(" ", 0, max(0, same - _MOST_LETTERS // 4)) + 1 if same > _MOST_LETTERS // 2 else 0
            return f"{_quoted(before, start)} -> {_quoted(after, start)}"
    return _quoted(next(iter(new.values()), ""))


def _quoted(text: str, start: int = 0) -> str:
    shown = ("…" if start else "") + text[start:]
    return f'"{shown if len(shown) <= _MOST_LETTERS else shown[: _MOST_LETTERS - 1].rstrip() + "…"}"'


def _name(entry: Entry, made: Made) -> str:
    """An item for people: by the id that its author wrote, or by its text."""
    return entry.id if entry.item.id is not None else _first(made[0], made[1])


def _first(note_type: NoteType, fields: Sequence[str]) -> str:
    return _quoted(next(iter(in_words(note_type, fields).values()), ""))


def _gone(deck: Deck, gone: Sequence[PreviousNote], new: int) -> Notice:
    one = len(gone) == 1
    named = ", ".join(_first(note.note_type, note.fields) for note in gone[:_MOST_NAMED])
    more = ", …" if len(gone) > _MOST_NAMED else ""
    message = (
        f"{len(gone):,} note{'' if one else 's'} of the last package {'is' if one else 'are'} no longer in the deck "
        f"({named}{more}), {new:,} {'is' if new == 1 else 'are'} new; Anki keeps {'it' if one else 'them'} as "
        f"{'it is' if one else 'they are'}. What went to a deck of another id is new there, beside the old, unless that deck "
        'is exported with --set continues= and this package as it was: see "Splitting, moving and merging" in docs/anki.md'
    )
    return Notice("notes-gone", message, deck.span(()))


def _of_another_kind(
    deck: Deck, made: Sequence[Made], matches: Mapping[int, Match], gone: Sequence[PreviousNote]
) -> Iterator[Notice]:
    """Items whose id a note of another note type has had."""
    ids = {unescape(note.field("Item id")) for note in gone}
    for index, entry in enumerate(deck.entries() if ids else ()):
        if index not in matches and entry.id in ids:
            message = (
                f"{_name(entry, made[index])}: it became another kind of item, so it is a new note; Anki keeps the old "
                "one with its history"
            )
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


def of_cards(deck: Deck, entry: Entry, made: Made, old: PreviousNote) -> Iterator[Notice]:
    """What became of the cards of a note that goes on: those that are no more, and those that ask something else."""
    note_type, fields, numbers = made
    if gone := sorted(old.cards.keys() - set(numbers)):
        are, them = ("are", "them") if len(gone) > 1 else ("is", "it")
        message = (
            f"{_name(entry, made)}: its {_names(gone, note_type is CLOZE)} {are} no more; Anki keeps {them} until "
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
        message = f"{_name(entry, made)}: deletion {asks}: {goes_on}; keep the numbers as they were"
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
