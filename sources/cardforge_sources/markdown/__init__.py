"""Decks in Markdown, for people who write notes: a heading asks, what stands below it answers. docs/markdown.md says how.

lines.py         lines that know where they stand
blocks.py        headings, labels, lists, short cards, and what Markdown does not look into
marks.py         the marks that make more than Markdown of a line
outline.py       the headings as a tree
attributes.py    {#id .tag name=value}
texts.py         from lines to a text, exactly as written
entries.py       choices, answers, pairs, concepts, steps
fields.py        attributes as fields
kinds.py         which kind an item is
items.py         from a heading to an item
deck.py          sections, items and short cards
notes.py         files that nobody wrote as a deck
ki.py            of these, notes of Anki's as ki writes them
pictures.py      the pictures of theirs that cannot be had
front_matter.py  the YAML at the beginning
reading.py       one reading of a file: where its parts stand, and what is wrong
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Loc
from cardforge.document import Document, read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.conflict import conflict_at, conflicts
from cardforge_sources.markdown.blocks import Scanner, outside_fences
from cardforge_sources.markdown.deck import read_deck
from cardforge_sources.markdown.front_matter import front_matter, with_id
from cardforge_sources.markdown.lines import lines_of
from cardforge_sources.markdown.notes import is_deck
from cardforge_sources.markdown.reading import MarkdownPositions


class MarkdownSource:
    """``.md`` and ``.markdown`` files."""

    name: ClassVar[str] = "markdown"
    summary: ClassVar[str] = "notes: headings that ask, with the answers below them"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    rank: ClassVar[int] = 2

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        if (conflict := _conflict(document)) is not None:
            raise document.invalid([conflict_at(conflict)])
        front = front_matter(document)
        media = FolderMedia(path.parent)
        data, reading = read_deck(document, front, path.stem, media)
        positions = MarkdownPositions(reading, front.positions)
        is_notes = reading.change is not None
        return Draft(data, document, positions, media, tuple(reading.problems), is_beginning=is_notes)

    def recognises(self, path: Path) -> bool:
        """Whether this is a deck rather than notes or other prose: see notes.py. What git left in two versions may be
        one, and is to be told."""
        try:
            document = read_document(path)
            if _conflict(document) is not None:
                return True
            front = front_matter(document)
        except InvalidDeck:
            return False
        lines = [line for line in lines_of(document.text) if line[0] >= front.end]
        return is_deck(front, lines, Scanner(lines).blocks())

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        positions = draft.positions
        assert isinstance(positions, MarkdownPositions)
        for at, item_id in ids.items():
            if at:
                yield positions.reading.titles[at].inserting(item_id)
            else:
                yield with_id(draft.document, front_matter(draft.document), item_id)


def _conflict(document: Document) -> int | None:
    """Where git left both versions of a change, or None. Code in fences may show such lines."""
    if "<<<<<<<" not in document.text:
        return None
    lines = lines_of(document.text)
    return next((first for first, _, _ in conflicts(lines[number] for number in outside_fences(lines))), None)
