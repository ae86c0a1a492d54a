"""Which note of the last package an item is, so that a learner's history stays with it.

By id first. An item without an authored id has one from its text, so an edited text gives a new id: such an
item is recognised among the notes that are left over, by kind and text, when there is no doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice

from cardforge.model import Deck, TrueFalse
from cardforge_exporters.anki.likeness import ALIKE, Said, likeness, said
from cardforge_exporters.anki.note_types import QUESTION, NoteType
from cardforge_exporters.anki.previous import Previous, PreviousNote

MARGIN = 0.08
"""By how much the best match must be better than the second, or there is doubt."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item looking for its note. ``derived`` is the id that its text gives; ``authored`` the author's."""

    note_type: NoteType
    fields: Sequence[str]
    id: str
    derived: str
    authored: bool


@dataclass(frozen=True, slots=True)
class Match:
    """The note that an item is. ``edited`` when it was recognised by its text and not by its id."""

    note: PreviousNote
    edited: bool = False


class Guids:
    """Makes guids from the ids of deck and item, none of them twice.

    They hold the item's id as it is: quick to make, and a repetition of it is what a package compresses best.
    An item that changes into a kind of another note type is a new note: Anki refuses to change a note's type.
    """

    def __init__(self, deck_id: str, taken: set[str]) -> None:
        self._prefix = hashlib.sha256(deck_id.encode()).hexdigest()[:12]
        self._taken = taken

    def of(self, item_id: str, note_type: NoteType) -> str:
        """The guid for a note that is not in the last package."""
        if len(item_id) > 60 or not item_id.isascii():
            item_id = hashlib.sha256(item_id.encode()).hexdigest()[:20]
        found = f"{self._prefix}{note_type.key[0]}-{item_id}"
        while found in self._taken:
            # An edited item keeps the guid that its old text gave; here is a new item with that text.
            found += "+"
        self._taken.add(found)
        return found


def has_its_id(deck: Deck, previous: Previous) -> bool:
    """Whether a package is of a deck by its id alone, which the title gives where its author wrote none."""
    return unescape(previous.deck_id) == deck.identity


def match(wanted: Sequence[Wanted], previous: Previous, deck_id: str, deck_id_authored: bool) -> dict[int, Match]:
    """For each item (by its index) the note that it is, where there is one."""
    by_id = {(note.note_type, unescape(note.field("Item id"))): i for i, note in enumerate(previous.notes)}
    found: dict[int, int] = {}
    used: set[int] = set()

    def take(index: int, note: int | None) -> None:
        if note is not None and note not in used and index not in found:
            found[index] = note
            used.add(note)

    for index, item in enumerate(wanted):
        take(index, by_id.get((item.note_type, item.id)))
    for index, item in enumerate(wanted):
        # The author has written an id into an item whose id came from its text so far.
        if item.authored:
            take(index, by_id.get((item.note_type, item.derived)))
    last_id = unescape(previous.deck_id)
    if last_id != deck_id:
        # Two ids that authors wrote are two decks, however alike.
        if deck_id_authored and last_id != previous.slug:
            return {}
        if not _same_deck(wanted, previous, found):
            return {}
    edited = _recognised(
        # An id may have been written together with an edit: into a note whose own id came from its text.
        [(i, item) for i, item in enumerate(wanted) if i not in found],
        [(i, note) for i, note in enumerate(previous.notes) if i not in used],
        lambda item, note: not item.authored or _DERIVED.fullmatch(note.field("Item id")) is not None,
        _Places(len(wanted), len(previous.notes), found),
    )
    return {
        **{index: Match(previous.notes[note]) for index, note in found.items()},
        **{index: Match(previous.notes[note], edited=True) for index, note in edited.items()},
    }


def _same_deck(wanted: Sequence[Wanted], previous: Previous, found: dict[int, int]) -> bool:
    """Whether a package under another deck id is this deck, retitled: half of its notes say the same."""
    enough = (min(len(wanted), len(previous.notes)) + 1) // 2
    alike = (None for index, note in found.items() if is_alike(wanted[index], previous.notes[note]))
    return sum(1 for _ in islice(alike, enough)) == enough


def is_alike(item: Wanted, note: PreviousNote) -> bool:
    """Whether a note says what the item says, up to an edit."""
    seen = slice(item.note_type.position("Item id"))  # behind them are the ids and spare fields
    if item.note_type == note.note_type and tuple(item.fields[seen]) == note.fields[seen]:
        return True  # of most notes; the rest takes far longer
    return likeness(said(item.note_type, item.fields), said(note.note_type, note.fields)) >= ALIKE


# --- recognising by text -------------------------------------------------------------------------


def _recognised(
    items: Sequence[tuple[int, Wanted]],
    notes: Sequence[tuple[int, PreviousNote]],
    may_be: Callable[[Wanted, PreviousNote], bool],
    places: _Places,
) -> dict[int, int]:
    new = {index: said(item.note_type, item.fields) for index, item in items}
    old = {index: said(note.note_type, note.fields) for index, note in notes}
    answers = [Counter(s.rest.text for s in texts) for texts in (new.values(), old.values())]
    old_notes = dict(notes)
    old_by_kind: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, note in notes:
        old_by_kind[_kind(note.note_type, note.fields)].append(index)
    candidates = {kind: _Candidates(indexes, old) for kind, indexes in old_by_kind.items()}
    scored: list[tuple[float, int, int]] = []
    for index, item in items:
        kind = _kind(item.note_type, item.fields)
        is_shared = any(count[new[index].rest.text] > 1 for count in answers)
        for other in candidates[kind].near(new[index]) if kind in candidates else ():
            if may_be(item, old_notes[other]):
                is_alone = places.are_alone(index, other)
                like = likeness(new[index], old[other], is_alone=is_alone, is_shared=is_shared)
                scored.append((like, index, other))
    return _without_doubt(scored)


class _Places:
    """Between which notes that are known an item stands now, and a note stood last time."""

    def __init__(self, items: int, notes: int, found: Mapping[int, int]) -> None:
        self._before = _last_known(range(items), found)
        self._after = _last_known(reversed(range(items)), found)
        known = {note: note for note in found.values()}
        self._note_before = _last_known(range(notes), known)
        self._note_after = _last_known(reversed(range(notes)), known)
        self._items = Counter((self._before[i], self._after[i]) for i in range(items) if i not in found)
        self._notes = Counter((self._note_before[i], self._note_after[i]) for i in range(notes) if i not in known)

    def are_alone(self, item: int, note: int) -> bool:
        """Whether the neighbours are the same ones, and nothing else is new or gone between them."""
        between = self._before[item], self._after[item]
        return (
            between == (self._note_before[note], self._note_after[note])
            and self._items[between] == self._notes[between] == 1
        )


def _last_known(indexes: Iterable[int], found: Mapping[int, int]) -> dict[int, int]:
    last = -1
    seen: dict[int, int] = {}
    for index in indexes:
        seen[index] = last = found.get(index, last)
    return seen


def _without_doubt(scored: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Pairs that are each other's best by a margin."""
    ranked = sorted((s for s in scored if s[0] > 0), reverse=True)
    best_of_item: dict[int, list[float]] = defaultdict(list)
    best_of_note: dict[int, list[float]] = defaultdict(list)
    for score, item, note in ranked:
        best_of_item[item].append(score)
        best_of_note[note].append(score)
    found: dict[int, int] = {}
    for score, item, note in ranked:
        rivals = (*best_of_item[item][:2], *best_of_note[note][:2])
        if score >= ALIKE and sum(rival > score - MARGIN for rival in rivals) == 2:
            found[item] = note
    return found


_DERIVED = re.compile(r"[a-z-]+-[0-9a-f]{12}(?:-\d+)?")
"""What `cardforge.model.derived_id` makes."""


class _Candidates:
    """The notes worth comparing with a text: all of them when they are few, else those that share rare triples."""

    _FEW = 300
    _RARE = 50

    def __init__(self, indexes: Sequence[int], texts: Mapping[int, Said]) -> None:
        self._indexes = indexes
        self._holders: dict[str, list[int]] = defaultdict(list)
        if len(indexes) > self._FEW:
            for index in indexes:
                for triple in _triples(texts[index]):
                    self._holders[triple].append(index)

    def near(self, text: Said) -> Iterator[int]:
        if not self._holders:
            yield from self._indexes
            return
        shared: Counter[int] = Counter()
        for triple in _triples(text):
            holders = self._holders.get(triple, ())
            if len(holders) <= self._RARE:
                shared.update(holders)
        yield from (index for index, _ in shared.most_common(10))


def _triples(said: Said) -> set[str]:
    text = f"{said.asks.text} {said.rest.text}"[:400]
    return {text[i : i + 3] for i in range(len(text) - 2)}


def _kind(note_type: NoteType, fields: Sequence[str]) -> tuple[str, str]:
    """What cannot change in an edit. A statement in other words that was right and is wrong now is another one."""
    if note_type is not QUESTION:
        return note_type.key, ""
    kind = fields[note_type.position("Kind")]
    return note_type.key, kind + fields[note_type.position("Solution")] if kind == TrueFalse.KIND else kind
