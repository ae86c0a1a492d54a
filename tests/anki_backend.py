"""Anki itself, without its window: import packages, study, render, check. Needs the PyPI package `anki`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Self

_TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
_SEEN_MEDIA = re.compile(r"<(?:img|audio|video)\b|\[sound:|\[anki:play:")


@dataclass(frozen=True)
class Imported:
    """How many notes an import reported in each of its groups."""

    new: int
    updated: int
    duplicate: int
    conflicting: int
    others: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """A card as Anki shows it: HTML of both sides."""

    note_type: str
    guid: str
    number: int
    front: str
    back: str

    @property
    def front_text(self) -> str:
        return visible(self.front)

    @property
    def back_text(self) -> str:
        return visible(self.back)


def visible(html: str) -> str:
    """What a reader sees, media as a mark."""
    return unescape(_TAGS.sub("", _SEEN_MEDIA.sub("\N{WHITE MEDIUM SQUARE}\\g<0>", html))).strip()


class Anki:
    """A fresh collection. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        folder.mkdir(parents=True, exist_ok=True)
        self.collection = Collection(str(folder / "collection.anki2"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.collection.close()

    def take(self, package: Path) -> Imported:
        """Import a package with Anki's default options."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=False, with_deck_configs=False)
        log = self.collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(package), options=options)
        ).log
        groups = "first_field_match missing_notetype missing_deck empty_first_field".split()
        others = {name: len(getattr(log, name)) for name in groups if len(getattr(log, name))}
        return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting), others)

    def study(self, count: int) -> None:
        """Answer new cards, every other one so that it becomes a review."""
        collection = self.collection
        for config in collection.decks.all_config():
            config["new"]["perDay"] = 9999
            collection.decks.update_config(config)
        for deck in collection.decks.all_names_and_ids(skip_empty_default=True):
            if "::" in deck.name:
                continue
            collection.decks.select(deck.id)  # type: ignore[arg-type]
            for turn in range(count):
                card = collection.sched.getCard()
                if card is None:
                    break
                collection.sched.answerCard(card, 4 if turn % 2 else 3)

    def schedules(self) -> dict[tuple[str, int], tuple[Any, ...]]:
        """Every studied card's schedule, by guid and card number."""
        rows = self._all(
            "select n.guid, c.ord, c.type, c.queue, c.due, c.ivl, c.factor, c.reps from cards c "
            "join notes n on n.id = c.nid where c.reps > 0"
        )
        return {(guid, number): tuple(rest) for guid, number, *rest in rows}

    def cards(self) -> list[Rendered]:
        """Every card, rendered."""
        found = []
        for card_id in self.collection.find_cards(""):
            card = self.collection.get_card(card_id)
            note = card.note()
            output = card.render_output()
            name = str((note.note_type() or {})["name"])
            found.append(Rendered(name, note.guid, card.ord, output.question_text, output.answer_text))
        return found

    def notes(self) -> dict[str, dict[str, str]]:
        """Every note's fields, by guid."""
        notes = (self.collection.get_note(note_id) for note_id in self.collection.find_notes(""))
        return {note.guid: dict(note.items()) for note in notes}

    def tags(self) -> set[str]:
        return set(self.collection.tags.all())

    def decks(self) -> dict[str, int]:
        """Every deck that is not empty by default, and how many cards stand in it itself."""
        names = self.collection.decks.all_names_and_ids(skip_empty_default=True)
        return {deck.name: self.collection.decks.card_count(deck.id, include_subdecks=False) for deck in names}  # type: ignore[arg-type]

    def description(self, deck: str) -> str:
        found = self.collection.decks.by_name(deck)
        assert found is not None
        return str(found["desc"])

    def card_order(self) -> list[str]:
        """The guids in the order in which new cards come."""
        return [guid for (guid,) in self._all("select n.guid from cards c join notes n on n.id=c.nid order by c.due")]

    def missing_media(self) -> list[str]:
        return list(self.collection.media.check().missing)

    def unused_media(self) -> list[str]:
        return list(self.collection.media.check().unused)

    def empty_cards(self) -> int:
        return sum(len(note.card_ids) for note in self.collection.get_empty_cards().notes)

    def integrity(self) -> list[str]:
        """What Anki's database check finds to say; nothing when all is well."""
        return [problem for problem in self.collection._backend.check_database() if problem]

    def cards_to_add(self) -> int:
        """How many cards Anki would generate that the packages did not bring."""
        before = int(self.collection.card_count())
        for note_type in self.collection.models.all():
            self.collection.after_note_updates(
                list(self.collection.models.nids(note_type["id"])), mark_modified=False, generate_cards=True
            )
        return int(self.collection.card_count()) - before

    def css(self, note_type: str) -> str:
        found = self.collection.models.by_name(note_type)
        assert found is not None
        return str(found["css"])

    def _all(self, sql: str) -> list[Any]:
        assert self.collection.db is not None
        return list(self.collection.db.all(sql))
