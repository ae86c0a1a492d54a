"""The exporter for decks in Markdown: lossless, and as a person would write them. docs/markdown.md has the form.

items.py       each kind of item
texts.py       which texts can stand in the open, and raw blocks for the others
attributes.py  {#id .tag name=value}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import BinaryIO, ClassVar

from cardforge.fidelity import Capabilities, everything_native
from cardforge.model import AnyItem, Deck, Section
from cardforge.plugin import Context, Exporter
from cardforge_exporters.markdown.attributes import tags
from cardforge_exporters.markdown.items import heading, is_title, item_blocks, short_card
from cardforge_exporters.markdown.texts import block
from cardforge_exporters.yaml import front_matter


class MarkdownExporter(Exporter):
    """Writes a deck as notes that any Markdown viewer shows."""

    name: ClassVar[str] = "markdown"
    summary: ClassVar[str] = "notes: headings that ask, with the answers below them"
    suffix: ClassVar[str] = ".md"
    capabilities: ClassVar[Capabilities] = everything_native()
    media_inside: ClassVar[bool] = False

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(f"---\n{front_matter(deck)}---\n".encode())
        out.writelines(f"\n{written}\n".encode() for written in _nodes(deck.items, 1))


def _nodes(nodes: Sequence[AnyItem | Section], level: int) -> Iterator[str]:
    """The blocks of items and sections. Short cards stand first or not at all: below an item's heading, they would be
    a part of it. One alone is written as a heading."""
    cards = [card for card in takewhile(lambda card: card is not None, map(short_card, nodes)) if card]
    if len(cards) > 1:
        yield "\n".join(cards)
    for node in nodes[len(cards) if len(cards) > 1 else 0 :]:
        if isinstance(node, Section):
            yield from _section(node, level)
        else:
            yield from item_blocks(node, level)


def _section(section: Section, level: int) -> Iterator[str]:
    title = section.section
    hidden = None if is_title(title) else title
    yield heading(level, "" if hidden else title, [("section", hidden), ("pick", section.pick), *tags(section.tags)])
    if section.description is not None:
        yield block(section.description)
    yield from _nodes(section.items, level + 1)
