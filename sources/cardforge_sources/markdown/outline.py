"""The headings of a file as a tree, each with the blocks of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cardforge_sources.markdown.attributes import Attribute, Attributed, attributed
from cardforge_sources.markdown.blocks import Block, Sort
from cardforge_sources.markdown.lines import Line, cut, is_blank, joined
from cardforge_sources.markdown.marks import BOX


@dataclass(slots=True)
class Node:
    """A heading, the blocks below it and the headings below those; the root is the file, at depth 0."""

    title: Attributed
    depth: int
    blocks: list[Block] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def attributes(self, name: str) -> Iterator[Attribute]:
        return (attribute for attribute in self.title.attributes or () if attribute.name == name)

    def is_section(self) -> bool:
        """Whether it stands over headings, or over short cards and nothing that makes an item."""
        if self.children:
            return True
        has_cards = any(block.sort is Sort.CARDS for block in self.blocks)
        return has_cards and not any(self.attributes("type")) and not any(map(is_part, self.blocks))


def is_part(block: Block) -> bool:
    """Whether a block is a part of an item that no text is: something labelled, a list of choices."""
    return block.sort is Sort.LABEL or is_choices(block)


def is_choices(block: Block) -> bool:
    """Whether a list has an entry with a box."""
    return block.sort is Sort.LIST and any(BOX.match("- " + entry[0][1]) for entry in block.entries)


def is_comment(lines: Sequence[Line], block: Block) -> bool:
    """Whether a block shows nothing."""
    first, last = lines[block.start][1], lines[block.end - 1][1]
    return block.sort is Sort.TEXT and first.lstrip(" ").startswith("<!--") and last.rstrip(" \t").endswith("-->")


def outline(lines: Sequence[Line], blocks: Sequence[Block]) -> Node:
    """The root, with everything below it."""
    root = Node(Attributed((0, ""), None, 0), 0)
    open_nodes = [root]
    for block in blocks:
        if block.sort is not Sort.HEADING:
            open_nodes[-1].blocks.append(block)
            continue
        node = Node(_title(lines, block), block.level)
        for depth in node.attributes("depth"):
            if re.fullmatch(r"[1-9]\d{0,3}", depth.value, re.ASCII):
                node.depth = int(depth.value)
        while open_nodes[-1].depth >= node.depth:
            open_nodes.pop()
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
    return root


_CLOSING = re.compile(r"(?:^|(?<=[ \t]))#+$")


def _title(lines: Sequence[Line], block: Block) -> Attributed:
    last = lines[block.end - 2]
    if underlined := block.end - block.start > 1:
        title = attributed(last)
    else:
        last = lines[block.start]
        title = attributed(_without_closing(cut(last, last[1].index("#") + block.level)))
    text = title.text if underlined else _without_closing(title.text)
    if block.end - block.start > 2:
        text = joined([*lines[block.start : block.end - 2], text])
    inserted_at = title.insert_at if title.attributes is not None else last[0] + len(last[1].rstrip(" \t"))
    return Attributed(text, title.attributes, inserted_at)


def _without_closing(line: Line) -> Line:
    offset, text = line
    closing = _CLOSING.search(text) if text.endswith("#") else None
    return (offset, text[: closing.start()].rstrip(" \t")) if closing else line


def prose(lines: Sequence[Line], blocks: Sequence[Block]) -> list[Line]:
    """The lines of these blocks, with the empty ones between neighbours; an empty one where another block was."""
    found: list[Line] = []
    end = -1
    for block in blocks:
        if found and any(not is_blank(line) for _, line in lines[end : block.start]):
            found.append((lines[end - 1][0] + len(lines[end - 1][1]), ""))
        elif found:
            found += lines[end : block.start]
        found += lines[block.start : block.end]
        end = block.end
    return found


def without_last_rule(blocks: Sequence[Block]) -> Sequence[Block]:
    """A line across the page before the next heading belongs to no text."""
    end = len(blocks)
    while end and blocks[end - 1].sort is Sort.RULE:
        end -= 1
    return blocks[:end]
