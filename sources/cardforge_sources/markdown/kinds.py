"""Which kind an item is, told by what stands below its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cardforge_sources.markdown import entries as listed
from cardforge_sources.markdown.blocks import Block, Sort, outside_fences
from cardforge_sources.markdown.lines import Line, joined
from cardforge_sources.markdown.marks import CLOZE
from cardforge_sources.markdown.outline import Node, is_choices

_KIND_OF_LABEL = {
    "order": "ordering",
    "concepts": "open_prompt",
    "model answer": "open_prompt",
    "distractors": "matching",
}
_KIND_OF_ATTRIBUTE = {"concept_count": "open_prompt", "case_sensitive": "short_answer"}

_DECIMAL = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_UNIT = r"[^\W\d_][^\s±]*|[%°€$£][^\s±]*"
NUMBER = re.compile(
    rf"({_DECIMAL})(?:(?:[ \t]+|(?=[%°]))({_UNIT}))?"
    rf"(?:[ \t]*(?:±|\+/?-)[ \t]*({_DECIMAL})[ \t]*(%)?(?:[ \t]+({_UNIT}))?)?"
)


@dataclass(slots=True)
class Parts:
    """What stands below a heading, sorted."""

    labels: dict[str, list[Block]] = field(default_factory=dict)
    texts: list[Block] = field(default_factory=list)
    listing: Block | None = None


def kind_of(node: Node, parts: Parts, data: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """The kind; ``data`` has the fields that attributes fill."""
    if any(map(is_choices, parts.texts)):
        return "multiple_choice"
    if answer := parts.labels.get("answer"):
        return _kind_of_answer(answer[0])
    for name, kind in _KIND_OF_LABEL.items():
        if name in parts.labels:
            return kind
    if "extra" in parts.labels or _has_deletion(node.title.text, parts, lines):
        return "cloze"
    if any(map(is_pairs, parts.texts)):
        return "matching"
    return next((kind for name, kind in _KIND_OF_ATTRIBUTE.items() if name in data), "flashcard")


def kind_of_notes(parts: Parts) -> str:
    """The kind in a file that nobody wrote as a deck."""
    return "matching" if any(map(is_pairs, parts.texts)) else "flashcard"


def _kind_of_answer(answer: Block) -> str:
    if listed.entries_of(answer.content):
        return "short_answer"
    said = joined(answer.content)[1]
    if said.lower() in ("true", "false"):
        return "true_false"
    return "numeric" if NUMBER.fullmatch(said) else "short_answer"


def _has_deletion(title: Line, parts: Parts, lines: Sequence[Line]) -> bool:
    """Whether the heading or the text has a deletion, code aside."""
    if CLOZE.search(title[1]):
        return True
    for block in parts.texts:
        inside = lines[block.start : block.end]
        if block.sort is Sort.CODE or not any("{{" in line for _, line in inside):
            continue
        contents = block.entries if block.sort is Sort.LIST else (inside,)
        if any(CLOZE.search(content[n][1]) for content in contents for n in outside_fences(content)):
            return True
    return False


def is_pairs(block: Block) -> bool:
    """Whether a block is a list of two or more ``left => right``."""
    return (
        block.sort is Sort.LIST
        and not block.ordered
        and len(block.entries) > 1
        and all(listed.is_pair(entry) for entry in block.entries)
    )


def listing_of(kind: str, parts: Parts) -> Block | None:
    """The list that holds the choices, pairs or steps."""
    lists = [block for block in parts.texts if block.sort is Sort.LIST]
    if kind == "multiple_choice":
        return next(filter(is_choices, lists), None)
    if kind == "ordering":
        return next((block for block in reversed(lists) if block.ordered), None)
    if kind == "matching":
        return next(filter(is_pairs, lists), None) or next(reversed(lists), None)
    return None
