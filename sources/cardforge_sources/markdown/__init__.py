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
front_matter.py  the YAML at the beginning
findings.py      where each part stands, and what is wrong
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Loc
from cardforge.document import read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.markdown.blocks import Scanner, Sort
from cardforge_sources.markdown.deck import read_deck
from cardforge_sources.markdown.findings import MarkdownPositions
from cardforge_sources.markdown.front_matter import front_matter, with_id
from cardforge_sources.markdown.lines import lines_of
from cardforge_sources.markdown.marks import CLOZE
from cardforge_sources.markdown.outline import is_choices

_UNMISTAKABLE = frozenset({"answer", "hint", "explanation", "concepts", "distractors", "model answer"})


class MarkdownSource:
    """``.md`` and ``.markdown`` files."""

    name: ClassVar[str] = "markdown"
    summary: ClassVar[str] = "notes: headings that ask, with the answers below them"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        front = front_matter(document)
        lines = [line for line in lines_of(document.text) if line[0] >= front.end]
        data, found = read_deck(document, lines, front, path.stem)
        positions = MarkdownPositions(found, front.positions)
        return Draft(data, document, positions, FolderMedia(path.parent), tuple(found.problems))

    def recognises(self, path: Path) -> bool:
        """Whether this is a deck rather than prose: its front matter has a title, or something in it is unmistakable."""
        try:
            document = read_document(path)
            front = front_matter(document)
        except InvalidDeck:
            return False
        if "title" in front.data:
            return True
        lines = [line for line in lines_of(document.text) if line[0] >= front.end]
        has_heading = False
        for block in Scanner(lines).blocks():
            has_heading |= block.sort is Sort.HEADING
            if block.sort is Sort.CARDS or (block.sort is Sort.LABEL and block.name in _UNMISTAKABLE and has_heading):
                return True
            if is_choices(block) and has_heading and any(entry[0][1][:3].lower() == "[x]" for entry in block.entries):
                return True
            if block.sort is not Sort.CODE and any(CLOZE.search(line) for _, line in lines[block.start : block.end]):
                return True
        return False

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        positions = draft.positions
        assert isinstance(positions, MarkdownPositions)
        for at, item_id in ids.items():
            if at:
                yield positions.found.titles[at].inserting(item_id)
            else:
                yield with_id(draft.document, front_matter(draft.document), item_id)
