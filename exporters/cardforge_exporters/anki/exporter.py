"""The exporter: what Anki holds, and the order of work."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import genanki
from pydantic import Field, field_validator

from cardforge.fidelity import NATIVE, Capabilities, Feature, Loss, adapted, dropped
from cardforge.model import Deck, Entry, Section, derived_id
from cardforge.plugin import Context, Exporter, Standing
from cardforge.text import render
from cardforge_exporters import missing_ids
from cardforge_exporters.anki import changes, continued
from cardforge_exporters.anki.cards import Fields, Made
from cardforge_exporters.anki.identity import Guids, Match, Wanted, has_its_id, match
from cardforge_exporters.anki.limits import losses
from cardforge_exporters.anki.note_types import NOTE_TYPES, NoteType, with_mod
from cardforge_exporters.anki.package import CardRow, Collection, NoteRow, write_package
from cardforge_exporters.anki.previous import Previous, PreviousNote, read_previous
from cardforge_exporters.anki_markup import DIALECT, deck_name, deck_part, tag
from cardforge_exporters.media_files import MediaFiles

_NATIVE = (
    *(Feature.FLASHCARD, Feature.CLOZE, Feature.MULTIPLE_CHOICE, Feature.TRUE_FALSE, Feature.SHORT_ANSWER),
    *(Feature.NUMERIC, Feature.MATCHING, Feature.ORDERING, Feature.OPEN_PROMPT, Feature.REVERSED),
    *(Feature.CHOICE_FEEDBACK, Feature.ANSWER_FEEDBACK, Feature.ITEM_FEEDBACK, Feature.FIXED_ORDER),
    *(Feature.CASE_SENSITIVE, Feature.TOLERANCE, Feature.UNIT, Feature.DISTRACTORS),
    *(Feature.CONCEPTS, Feature.CONCEPT_POINTS, Feature.MODEL_ANSWER),
    *(Feature.LEVEL, Feature.TAGS, Feature.HINT, Feature.EXPLANATION, Feature.SOURCE),
    *(Feature.SECTIONS, Feature.SECTION_DESCRIPTION, Feature.DECK_ID, Feature.DESCRIPTION, Feature.LANGUAGE),
    *(Feature.MATHS, Feature.CODE, Feature.TABLES, Feature.IMAGES, Feature.AUDIO, Feature.VIDEO, Feature.LINKS),
    Feature.HTML,
)
_CREDIT = adapted("when the card checks an answer, it says what share a partly right one gets; Anki keeps no score")
_WITHOUT_IDS = (
    "an item that is edited later may become a new card in Anki, without its review history, and surely does once this "
    "package is gone"
)


class AnkiExporter(Exporter):
    """Writes a package that Anki imports, and that updates what was imported before."""

    name: ClassVar[str] = "anki"
    summary: ClassVar[str] = "a package for Anki, AnkiMobile and AnkiDroid"
    suffix: ClassVar[str] = ".apkg"
    capabilities: ClassVar[Capabilities] = dict.fromkeys(_NATIVE, NATIVE) | {
        Feature.POINTS: dropped("Anki asks how well a card was remembered, and has no points"),
        Feature.CHOICE_CREDIT: _CREDIT,
        Feature.ANSWER_CREDIT: _CREDIT,
        Feature.PICK: dropped("all items of the section arrive"),
        Feature.AUTHOR: adapted("in the deck's description"),
        Feature.LICENSE: adapted("in the deck's description"),
        Feature.CONTROL_CHARACTERS: dropped("HTML cannot hold them"),
    }

    continues: Path | None = Field(
        default=None, description="Another deck's package: notes of items that came from there go on."
    )

    @field_validator("continues")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"there is no file {value}")
        return value

    def limits(self, deck: Deck) -> Iterable[Loss]:
        return losses(deck)

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        """A package is the deck's when a note would be carried on, or when it has the deck's id.

        Raises OutputRefused for what cardforge did not write: it says more than FOREIGN does.
        """
        last = read_previous(previous)
        if not last.notes or has_its_id(deck, last):
            return Standing.OF_DECK
        wanted = _wanted(deck, _made(deck, MediaFiles(deck)))
        return Standing.OF_DECK if _matches(deck, wanted, last) else Standing.OF_ANOTHER

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        previous = read_previous(context.previous)
        other = continued.read(self.continues)
        read_previous.cache_clear()  # was kept for this
        media = MediaFiles(deck)
        decks = _Decks(deck, media)
        entries = deck.entries()
        made: Iterable[Made] = _made(deck, media)
        matches: dict[int, Match] = {}
        going_on = continued.Continued({})
        if previous.notes or other.notes:
            made = all_made = list(made)
            wanted = _wanted(deck, all_made)
            matches = _matches(deck, wanted, previous)
            going_on = continued.continued(wanted, other, matches)
            if previous.notes:
                new = len(wanted) - len(matches.keys() | going_on.notes.keys())
                changes.tell(deck, all_made, matches, previous, new, context)
            if self.continues:
                continued.tell(deck, all_made, going_on, self.continues, context)
        missing_ids.tell(deck, context, _WITHOUT_IDS)
        guids = {index: note.guid for index, note in going_on.notes.items()}
        matches = {index: found for index, found in matches.items() if index not in guids}
        rows = _Rows(context.now, deck.identity, matches, guids, max(previous.mod, other.mod))
        # Notes go to the database while they are made; their cards are collected on the way.
        notes = (
            rows.note(index, entry, parts, decks.id(entry.sections))
            for index, (entry, parts) in enumerate(zip(entries, made, strict=True))
        )
        with Collection() as collection:
            collection.add_notes(notes)
            collection.add_cards(rows.cards)
            used = (note_type for note_type in NOTE_TYPES if note_type in rows.note_types)
            note_types = [with_mod(t, previous.note_types.get(t.id)) for t in used]
            collection.describe(note_types, decks.as_json(), rows.mod)
            database = collection.serialize()
        write_package(out, database, media)


def _made(deck: Deck, media: MediaFiles) -> Iterator[Made]:
    """The parts of each item's note."""
    make = Fields(media.name, deck.language or "", escape(deck.identity)).of
    return (make(entry.item, entry.id) for entry in deck.entries())


def _matches(deck: Deck, wanted: Sequence[Wanted], previous: Previous) -> dict[int, Match]:
    """The notes of the last package that go on, by the index of the item."""
    return match(wanted, previous, deck.identity, deck.id is not None) if previous.notes else {}


def _wanted(deck: Deck, made: Iterable[Made]) -> list[Wanted]:
    """The items as they look for their notes."""
    wanted = []
    for entry, (note_type, fields, _) in zip(deck.entries(), made, strict=True):
        authored = entry.item.id is not None
        derived = derived_id(entry.item) if authored else entry.id
        wanted.append(Wanted(note_type, fields, entry.id, derived, authored))
    return wanted


class _Rows:
    """Makes the rows of notes; collects the rows of their cards and the note types in use."""

    def __init__(
        self, now: int, deck_id: str, matches: Mapping[int, Match], guids: Mapping[int, str], last_mod: int
    ) -> None:
        # Later than all that was written here before: an item that comes back must be news to Anki.
        self._now = max(now, last_mod + 1) if last_mod else now
        self.mod = last_mod
        self._matches = matches
        self._guids = guids
        self._new_guid = Guids(deck_id, {*(found.note.guid for found in matches.values()), *guids.values()}).of
        last = max((max((m.note.id, *m.note.cards.values())) for m in matches.values()), default=0)
        # Milliseconds since 1970, as Anki's ids are, and above all that are in use.
        self._new_id = itertools.count(max(now * 1000, last + 1, 1)).__next__
        self.cards: list[CardRow] = []
        self.note_types: set[NoteType] = set()

    def note(self, index: int, entry: Entry, made: Made, deck_id: int) -> NoteRow:
        """The row of a note: a new one, or the one that the item has been before."""
        note_type, fields, numbers = made
        tags = _tags(entry.tags, entry.item.level)
        mod, old_cards = self._now, _NO_CARDS
        if index in self._matches:
            old = self._matches[index].note
            note_id, guid, old_cards = old.id, old.guid, old.cards
            mod = old.mod if _says_the_same(old, tags, fields) else max(mod, old.mod + 1)
        else:
            note_id, guid = self._new_id(), self._guids.get(index) or self._new_guid(entry.id, note_type)
        self.mod = max(self.mod, mod)
        self.note_types.add(note_type)
        for number in numbers:
            card_id = old_cards.get(number) or self._new_id()
            self.cards.append((card_id, note_id, deck_id, number, mod, index + 1))
        return note_id, guid, note_type.id, mod, tags, "\x1f".join(fields), fields[0]


_NO_CARDS: Mapping[int, int] = {}


_IDENTITY_FIELDS = frozenset({"Item id", "Deck id"})


def _says_the_same(old: PreviousNote, tags: str, values: Sequence[str]) -> bool:
    """Whether a learner would see no difference. A note that is not newer keeps the learner's own edits."""
    return old.tags == tags and all(
        before == after or name in _IDENTITY_FIELDS
        for name, before, after in zip(old.note_type.fields, old.fields, values, strict=True)
    )


@lru_cache(maxsize=4096)
def _tags(names: tuple[str, ...], level: str | None) -> str:
    """A note's tags as Anki stores them: a space before and behind each."""
    tags = [tag(name) for name in names]
    if level:
        tags.append(f"level::{level}")
    return f" {' '.join(dict.fromkeys(tags))} " if tags else ""


class _Decks:
    """Anki's decks: one for the deck, and a subdeck for each section."""

    def __init__(self, deck: Deck, media: MediaFiles) -> None:
        self._root = deck_part(deck.title)
        self._root_id = _deck_id(self._root)
        below = [
            render(deck.description, DIALECT, media.name) if deck.description else "",
            # By these classes, the source for packages finds them again.
            f'<p class="cf-author">{escape(deck.author)}</p>' if deck.author else "",
            f'<p class="cf-license">{escape(deck.license)}</p>' if deck.license else "",
        ]
        # Anki compares deck names without case: of two that differ in case, the first is kept.
        self._decks: dict[str, genanki.Deck] = {}
        self._by_section: dict[int, int] = {}
        self._add(self._root, "".join(below))
        for section, way, _ in deck.sections():
            description = section.description
            said = render(description, DIALECT, media.name) if description else ""
            # By identity: comparing sections would compare all their items.
            self._by_section[id(section)] = self._add(deck_name(deck, way), said)

    def _add(self, name: str, description: str) -> int:
        made = self._decks.setdefault(name.casefold(), genanki.Deck(_deck_id(name), name, ""))
        made.description = made.description or description
        return _deck_id(name)

    def id(self, sections: tuple[Section, ...]) -> int:
        """The id of the deck that an item inside these sections belongs to."""
        return self._by_section[id(sections[-1])] if sections else self._root_id

    def as_json(self) -> list[dict[str, Any]]:
        """All decks as Anki's schema 11 holds them."""
        return [deck.to_json() for deck in self._decks.values()]


@cache
def _deck_id(name: str) -> int:
    """An id for a deck, from its name. Anki discards it and goes by name; 1 is its own default deck."""
    return (1 << 40) + int.from_bytes(hashlib.sha256(name.casefold().encode()).digest()[:5])
