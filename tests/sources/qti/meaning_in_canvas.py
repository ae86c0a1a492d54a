"""What a deck means that was written for Canvas: the same as in `meaning`, but for what Canvas has no place for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from cardforge.fidelity import Feature
from cardforge.model import AnyItem, Deck, Entry, Matching, MultipleChoice, Section, ShortAnswer
from cardforge.text import Text, render
from cardforge_exporters.canvas.markup import menu_line
from cardforge_exporters.canvas.package import Block, Group, group_at, parts
from tests.sources.declared import Declared
from tests.sources.qti.meaning import DIALECT, about, in_canvas, item_means, line, show, shown


def canvas_means(deck: Deck, declared: Declared) -> dict[str, Any]:
    """A deck that is read again from what the canvas exporter wrote.

    Sections are texts among the questions, so that nobody can tell where one ends, and sections do not nest (but one
    that begins where another begins stands in it). In a question group all are worth what the first one is.
    """
    nodes: list[dict[str, Any]] = []
    into = nodes
    for part in parts(deck):
        if isinstance(part, Block):
            section = _section(part.section.section, part.section.description, None)
            (into if not into else nodes).append(section)
            into = section["items"]
        elif isinstance(part, Group):
            items = [item_means_in_canvas(entry, declared) | {"points": about(part.points)} for entry in part.entries]
            at = (*(group_at(part.entries[0]) or ()), "pick")
            pick = None if declared.at(at, Feature.PICK) else part.pick
            into.append(_section(part.section.section, None, pick) | {"items": items})
        else:
            into.append(item_means_in_canvas(part, declared))
    said = [render(deck.description, DIALECT)] if deck.description else []
    lines = [f"<p>{escape(text)}</p>" for text in (deck.author, deck.license) if text]
    described = "".join(f"<div>{part}</div>" for part in said) + "".join(lines)
    return {
        "id": deck.identity,
        "title": line(deck.title),
        "language": deck.language,
        "description": in_canvas(described) if described else None,
        "items": nodes,
    }


def read_from_canvas(deck: Deck, declared: Declared) -> dict[str, Any]:
    """The same of a deck that was read from Canvas's format."""
    entries = iter(deck.entries())

    def means(nodes: Sequence[AnyItem | Section]) -> list[dict[str, Any]]:
        return [
            _section(node.section, node.description, _drawn(node)) | {"items": means(node.items)}
            if isinstance(node, Section)
            else item_means_in_canvas(next(entries), declared)
            for node in nodes
        ]

    return {
        "id": deck.identity,
        "title": line(deck.title),
        "language": deck.language,
        "description": shown(deck.description, show),
        "items": means(deck.items),
    }


def _drawn(section: Section) -> int | None:
    """How many items a section draws; None when these are all, as they may be where a card was two questions."""
    return section.pick if section.pick and section.pick < len(section.items) else None


def _section(title: str, description: Text | None, pick: int | None) -> dict[str, Any]:
    return {"section": line(title), "description": shown(description, show), "pick": pick, "items": []}


def _in_a_menu(text: Text) -> str:
    return " ".join((line(menu_line(text)) or "").replace("\u2060", "").split())


def item_means_in_canvas(entry: Entry, declared: Declared) -> dict[str, Any]:
    """An item as Canvas holds it, which has all elements of HTML."""
    told = declared.of(entry.id)
    item, data = entry.item, item_means(entry, told, show)
    if isinstance(item, MultipleChoice):
        data["choices"] = [
            (text, c.correct, feedback, credit)
            for c, (text, _, feedback, credit) in zip(item.choices, data["choices"], strict=True)
        ]
    if isinstance(item, ShortAnswer):
        data["answers"] = [
            (line(a.text), about(a.credit), shown(a.feedback, show))
            for a in item.answers
            if a.credit or not (told(Feature.ANSWER_CREDIT) or told(Feature.ANSWER_FEEDBACK))
        ]
    if isinstance(item, Matching):
        rights = [_in_a_menu(pair.right) for pair in item.pairs]
        data["pairs"] = [(left, right) for (left, _), right in zip(data["pairs"], rights, strict=True)]
        others = [_in_a_menu(text) for text in item.distractors]
        data["distractors"] = [text for text in others if text not in rights] if told(Feature.DISTRACTORS) else others
        texts = [*(pair.right for pair in item.pairs), *item.distractors]
        data["has markup"] = not told(Feature.MATCHING) and any("<" in show(text) for text in texts)
    return data
