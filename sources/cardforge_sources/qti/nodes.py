"""The tree that a deck is made of: items and sections as plain data, and where each part of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cardforge.diagnostics import Loc
from cardforge_sources.qti.findings import Place


@dataclass(slots=True)
class ItemNode:
    """An item. ``lines`` are the lines, in the same file, of parts of it. ``mark`` tells what cardforge wrote it for."""

    data: dict[str, Any]
    place: Place
    lines: dict[Loc, int] = field(default_factory=dict)
    mark: str = ""


@dataclass(slots=True)
class SectionNode:
    """A section; ``data`` is what is said of it besides its items. ``is_text``: it was a text among the questions."""

    data: dict[str, Any]
    place: Place
    nodes: list[Node] = field(default_factory=list)
    is_text: bool = False


Node = ItemNode | SectionNode


def items_in(nodes: Sequence[Node]) -> Iterator[ItemNode]:
    """Every item, in order."""
    for node in nodes:
        if isinstance(node, SectionNode):
            yield from items_in(node.nodes)
        else:
            yield node


def as_data(nodes: Sequence[Node], places: dict[Loc, Place], at: Loc = ("items",)) -> list[dict[str, Any]]:
    """The nodes as the deck format has them; sections without items are left out. Fills in the places."""
    made: list[dict[str, Any]] = []
    for node in nodes:
        here = (*at, len(made))
        if isinstance(node, SectionNode):
            inside = as_data(node.nodes, places, (*here, "items"))
            if not inside:
                continue
            made.append({**node.data, "items": inside})
        else:
            made.append(node.data)
            for loc, line in node.lines.items():
                places[(*here, *loc)] = (node.place[0], line)
        places[here] = node.place
    return made
