"""From a collection to a deck: sections from subdecks, ids from guids, and what is told about the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cardforge.diagnostics import Loc, Problem
from cardforge.document import Document
from cardforge.model import LANGUAGE_TAG
from cardforge.plugin import Draft
from cardforge_sources.apkg import foreign, own
from cardforge_sources.apkg.collection import AnkiDeck, Collection, Note, NoteType
from cardforge_sources.apkg.elements import elements
from cardforge_sources.apkg.media import MediaNames
from cardforge_sources.apkg.report import Report, name_of
from cardforge_sources.foreign_texts import Plain, Texts
from cardforge_sources.lines import ANKI_NOISE, LEVELS, LONGEST_ID, as_line, is_id
from cardforge_sources.places import Places

Item = dict[str, Any]


def draft_of(collection: Collection, path: Path, members: Mapping[str, str], read: Callable[[str], bytes]) -> Draft:
    """The deck in a collection. ``members`` are the media's names, each with what ``read`` finds it by.

    Raises InvalidDeck when no note gives an item.
    """
    types = collection.note_types
    ours = all(note.note_type in types and own.is_ours(types[note.note_type]) for note in collection.notes)
    outline = _Outline(collection, ours, path.stem)
    notes = outline.in_order(collection.notes)
    lines = _lines(notes)
    media = MediaNames(members, read, ours)
    texts = Texts(media.path)
    report = Report(lines)
    draft = _Draft(collection, texts, outline, report)
    for index, note in enumerate(notes):
        draft.add(index, note)
    deck = draft.deck()
    report.about_the_whole(collection, notes, ours)
    document = Document.joined(str(path), [("notes", "".join(lines))])
    if not deck["items"]:
        raise document.invalid((*report.problems(), _NOTHING))
    return Draft(deck, document, Places(draft.places), media.packed(), report.problems(), is_beginning=True)


_NOTHING = Problem(
    "empty-package", "no note in this package asks and answers in text", "export a deck that has other notes, too"
)


def _lines(notes: Sequence[Note]) -> list[str]:
    """The notes as text, a line each: what diagnostics point into."""
    return [_on_one_line(" | ".join(note.fields)) + "\n" for note in notes]


def _on_one_line(text: str) -> str:
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


class _Outline:
    """Which section a note belongs to, and what the deck and its sections are called."""

    def __init__(self, collection: Collection, ours: bool, name: str) -> None:
        self._decks = collection.decks
        self._ours = ours
        # Cards that were studied are no longer numbered in the deck's order.
        self._is_in_order = ours and not collection.studied
        used = {deck.name for note in collection.notes if (deck := self.deck(note))}
        common = _common(used)
        if ours:
            # Of ours, a deck is one name, and the rest are sections, even when all items are in one of them.
            common = common[:1]
        self._prefix = len(common)
        self.title = ": ".join(common) or name
        self.described = {deck.name: deck for deck in collection.decks.values() if deck.description}
        self.root = common

    def deck(self, note: Note) -> AnkiDeck | None:
        """Anki's deck that a note is in: that of its first card."""
        return self._decks.get(note.cards[0].deck) if note.cards else None

    def sections(self, note: Note) -> tuple[str, ...]:
        """The titles of the sections around a note."""
        deck = self.deck(note)
        return deck.name[self._prefix :] if deck else ()

    def in_order(self, notes: Iterable[Note]) -> list[Note]:
        """The notes in the deck's order, or section by section as Anki lists decks."""
        if self._is_in_order:
            return sorted(notes, key=lambda note: (min((card.due for card in note.cards), default=0), note.id))
        if not self._ours:
            return sorted(notes, key=lambda note: ([part.casefold() for part in self.sections(note)], note.id))
        first: dict[tuple[str, ...], int] = {}
        for note in notes:
            for depth in range(len(self.sections(note)) + 1):
                first.setdefault(self.sections(note)[:depth], note.id)

        def place(note: Note) -> list[int]:
            titles = self.sections(note)
            return [first[titles[:depth]] for depth in range(1, len(titles) + 1)]

        return sorted(notes, key=lambda note: (place(note), note.id))


def _common(names: set[tuple[str, ...]]) -> tuple[str, ...]:
    if not names:
        return ()
    shortest, longest = min(names), max(names)
    same = next((i for i, (a, b) in enumerate(zip(shortest, longest, strict=False)) if a != b), None)
    return shortest[: min(len(shortest), len(longest)) if same is None else same]


class _Draft:
    """Collects items and sections."""

    def __init__(self, collection: Collection, texts: Texts, outline: _Outline, report: Report) -> None:
        self._types = collection.note_types
        self._texts = texts
        self._outline = outline
        self._report = report
        self.places: dict[Loc, int] = {}
        self._items: list[Any] = []
        self._open: list[tuple[str, list[Any], Loc]] = []
        self._ids: set[str] = set()
        self._described: set[tuple[str, ...]] = set()
        self._deck_ids: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()

    def deck(self) -> Item:
        """The deck, when all notes have been added."""
        deck: Item = {"title": self._outline.title}
        ids = [deck_id for deck_id in self._deck_ids if is_id(deck_id)]
        if len(ids) == 1:
            deck["id"] = ids[0]
        elif ids:
            self._report.several_decks(len(ids))
        if described := self._outline.described.get(self._outline.root):
            deck |= self._said_of_deck(described)
        language = next(iter(self._languages), "")
        if re.fullmatch(LANGUAGE_TAG, language):
            deck["language"] = language
        return deck | {"items": self._items}

    def add(self, index: int, note: Note) -> None:
        """Add what a note gives: an item, several, or a word on why none."""
        note_type = self._types.get(note.note_type)
        self._texts.changed.clear()
        self._texts.missing.clear()
        if note_type is None:
            self._report.kept_aside(index, "a note whose note type is missing or damaged", name_of(note))
            return
        made, item_id = self._made(index, note, note_type)
        if not made.items:
            self._report.kept_aside(index, f"{made.aside}, of the note type {note_type.name!r}", name_of(note))
            return
        self._report.missing(index, self._texts.missing)
        # Once each, for a text may have been made several times.
        if changes := dict.fromkeys((*made.adapted, *self._texts.changed)):
            self._report.adapted(index, name_of(note), changes)
        tags = _tags(note.tags)
        for number, item in made.items:
            own_id = self._free(item_id if number == 0 else f"{item_id[: LONGEST_ID - 10]}-{number + 1}")
            head = {"type": item.pop("type"), "id": own_id}
            kept = [tag for tag in tags if tag != f"level::{item.get('level')}"]
            self._append(index, self._outline.sections(note), head | ({"tags": kept} if kept else {}) | item)

    def _made(self, index: int, note: Note, note_type: NoteType) -> tuple[foreign.Made, str]:
        """What a note becomes, and its id."""
        deck = self._outline.deck(note)
        if not own.is_ours(note_type):
            return _leveled(foreign.items(note, note_type, deck, self._texts), note.tags), _id_of(note)
        values = own.values(note, note_type)
        item_id = own.item_id(values, note_type, note.guid)
        if own.deck_id(values):
            self._deck_ids[own.deck_id(values)] += 1
        if values.get("Language"):
            self._languages[values["Language"]] += 1
        if item_id is None or not is_id(item_id):
            item_id = _id_of(note)
            self._report.new_in_anki(index)
        try:
            return foreign.Made([(0, own.item(values, note_type, self._texts))]), item_id
        except own.NotOurs:
            made = _leveled(foreign.items(note, note_type, deck, self._texts), note.tags)
            why = "what its card judges by has been changed in Anki, so it is what its card shows"
            return foreign.Made(made.items, made.aside, (*made.adapted, why)), item_id

    def _free(self, item_id: str) -> str:
        free, count = item_id, 1
        while free in self._ids:
            count += 1
            free = f"{item_id[: LONGEST_ID - 10]}-{count}"
        self._ids.add(free)
        return free

    def _append(self, index: int, titles: tuple[str, ...], item: Item) -> None:
        """Add an item to the section that is open, or open the one that it belongs to."""
        same = 0
        for title, (opened, _, _) in zip(titles, self._open, strict=False):
            if title != opened:
                break
            same += 1
        del self._open[same:]
        offset = self._report.offset(index)
        for depth in range(same, len(titles)):
            items, at = self._end()
            section = self._section(titles[: depth + 1])
            self.places[at] = self.places[(*at, "description")] = offset
            items.append(section)
            self._open.append((titles[depth], section["items"], (*at, "items")))
        items, at = self._end()
        self.places[at] = offset
        items.append(item)

    def _end(self) -> tuple[list[Any], Loc]:
        """The list that is being filled, and the place of its next part."""
        items, at = self._open[-1][1:] if self._open else (self._items, ("items",))
        return items, (*at, len(items))

    def _section(self, titles: tuple[str, ...]) -> Item:
        section: Item = {"section": titles[-1]}
        name = (*self._outline.root, *titles)
        if name in self._outline.described and name not in self._described:
            self._described.add(name)
            if text := self._description(self._outline.described[name]):
                section["description"] = text
        return section | {"items": []}

    def _said_of_deck(self, deck: AnkiDeck) -> Item:
        """The description, and from one that cardforge wrote also author and license, which stand below it."""
        html, said = deck.description, {}
        for name in ("license", "author"):
            below = [e for e in elements(html, "p") if e.attributes == f' class="cf-{name}"' and e.end == len(html)]
            if below and (line := own.line(below[0].inside)):
                said[name] = line
                html = html[: below[0].start]
        described = self._description(AnkiDeck(deck.name, html, deck.is_markdown))
        return ({"description": described} if described else {}) | dict(sorted(said.items()))

    def _description(self, deck: AnkiDeck) -> Plain | None:
        self._texts.changed.clear()
        self._texts.missing.clear()
        text = self._texts.markdown(deck.description) if deck.is_markdown else self._texts.text(deck.description)
        self._report.missing(0, self._texts.missing)
        self._report.adapted(0, ": ".join(deck.name), self._texts.changed)
        return text


def _id_of(note: Note) -> str:
    """The guid, which stays the same wherever the note goes."""
    return note.guid if is_id(note.guid) else f"note-{note.id}"


def _leveled(made: foreign.Made, tags: Iterable[str]) -> foreign.Made:
    """Items of a note without a field for their level: with the first that a tag says."""
    level = next((name for tag in tags if (name := tag.removeprefix("level::")) in LEVELS and name != tag), None)
    if level:
        for _, item in made.items:
            item["level"] = level
    return made


def _tags(tags: Iterable[str]) -> list[str]:
    """The tags of an item, without those that only say how somebody learned it."""
    clean = (as_line(tag) for tag in tags if tag.lower() not in ANKI_NOISE)
    return list(dict.fromkeys(filter(None, clean)))
