"""From the outline of a file to a deck: sections, items, short cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cardforge.diagnostics import InvalidDeck, Loc, Problem, Severity
from cardforge.document import Document
from cardforge.media import Media
from cardforge_sources.markdown.attributes import Attributed, attributed
from cardforge_sources.markdown.blocks import Block, Scanner, Sort
from cardforge_sources.markdown.fields import OF_DECKS, OF_ITEMS, OF_SECTIONS, fields_of
from cardforge_sources.markdown.front_matter import FrontMatter
from cardforge_sources.markdown.items import read_item
from cardforge_sources.markdown.ki import item_of, note_of
from cardforge_sources.markdown.lines import Line, cut, lines_of
from cardforge_sources.markdown.marks import card_mark
from cardforge_sources.markdown.notes import Notes, is_deck, leave_out, without_controls
from cardforge_sources.markdown.outline import Node, is_comment, is_part, outline, prose, without_last_rule
from cardforge_sources.markdown.reading import MarkdownPositions, Reading
from cardforge_sources.markdown.texts import passage

DEEPEST = 100
"""Sections nested deeper than this are refused."""


def read_deck(document: Document, front: FrontMatter, stem: str, media: Media) -> tuple[Any, Reading]:
    """The deck's data, and the reading that found it. ``stem`` is its title where the file says none.

    Raises InvalidDeck when nothing in the file is an item.
    """
    reading = Reading(document.text)
    lines = [line for line in lines_of(document.text) if line[0] >= front.end]
    scanner = Scanner(lines)
    blocks = scanner.blocks()
    is_ki = note_of(lines, blocks) is not None
    notes = Notes(media, reading.problems) if is_ki or not is_deck(front, lines, blocks) else None
    if notes:
        lines = without_controls(lines)
        scanner = Scanner(lines)
        blocks = list(notes.blocks(scanner.blocks(), lines))
        front = notes.front_matter(front)
        reading.change = notes.text
    if notes and is_ki and (note := note_of(lines, blocks)):
        item = notes.item(item_of(note, reading), note.start)
        notes.tell()
        if item is None:
            raise document.invalid(reading.problems)
        return {"title": stem, "items": [item]}, reading
    root = outline(lines, blocks)
    reading.problems += (*front.problems, *front.near, *front.others, *scanner.problems)
    data = {"title": stem, **front.data}
    reading.places[("title",)] = 0
    if "title" in front.data:
        del reading.places[("title",)]
        top = root
    else:
        top = _titled(root, data, lines, reading)
    data["items"] = _Reader(lines, reading, notes).nodes(top, ("items",), 0)
    if top is root:
        _warn_of_text_above(root, lines, reading)
    if notes:
        notes.tell()
    if not data["items"]:
        is_reported = any(problem.severity is Severity.ERROR for problem in reading.problems)
        fix = "write a heading with the question, and the answer below it; or lines such as front :: back"
        fix += ", with spaces around the mark" + _without_spaces(lines)
        problem = Problem("no-items", "there is no card and no question in this file", fix)
        shown = [document.locate(p, MarkdownPositions(reading, front.positions)) for p in reading.problems]
        raise InvalidDeck(shown if is_reported else [document.diagnostic(problem, 0), *shown])
    return data, reading


def _without_spaces(lines: Sequence[Line]) -> str:
    """The first of the lines that would be short cards with spaces around their mark, and out of a quote."""
    for _, line in lines:
        front, sign, back = line.lstrip(" >").partition("::")
        if sign and front.strip() and (behind := back.removeprefix(":").strip()) and "`" not in line:
            sign = ":::" if back.startswith(":") else sign
            return f": “{front.strip()[:40]} {sign} {behind[:40]}”"
    return ""


def _titled(root: Node, data: dict[str, Any], lines: Sequence[Line], reading: Reading) -> Node:
    """The one heading over all others gives the deck its title; unless the front matter says what it says, too, it is
    no section then, but the deck."""
    top = root.children[0] if len(root.children) == 1 else root
    if top is root or not top.is_section() or not top.title.text[1]:
        return root
    data["title"] = top.title.text[1]
    reading.places[("title",)] = top.title.text[0]
    names = {attribute.name for attribute in top.title.attributes or ()}
    text = passage(prose(lines, _texts(top)), reading.file)
    said = {"id": "id" in names, "tags": "tag" in names, "description": text is not None}
    is_section = bool(names - set(OF_DECKS)) or any(said[name] and name in data for name in said)
    if is_section or (root.blocks and any(block.sort is Sort.CARDS for block in root.blocks)):
        return root
    data |= fields_of(top.title.attributes or (), (), OF_DECKS, reading)
    if description := reading.keep(("description",), text):
        data["description"] = description
    _warn_of_text_above(root, lines, reading)
    return top


def _texts(node: Node) -> Sequence[Block]:
    return [block for block in without_last_rule(node.blocks) if block.sort is not Sort.CARDS]


def _warn_of_text_above(root: Node, lines: Sequence[Line], reading: Reading) -> None:
    for block in _texts(root):
        if block.sort is not Sort.RULE and not is_comment(lines, block):
            message = "this stands above the first heading, so it belongs to no item and is left out"
            fix = "write it into the front matter as description: …, or put it below a heading"
            reading.warn("not-kept", message, fix, lines[block.start][0])
            return


class _Reader:
    def __init__(self, lines: Sequence[Line], reading: Reading, notes: Notes | None) -> None:
        self._lines = lines
        self._reading = reading
        self._notes = notes

    def nodes(self, node: Node, at: Loc, depth: int) -> list[Any]:
        """The items and sections below a heading, short cards first."""
        read: list[Any] = []
        for block in node.blocks:
            if block.sort is Sort.CARDS:
                for line in self._lines[block.start : block.end]:
                    read.append(self._card(line, (*at, len(read))))
        for child in node.children:
            here = (*at, len(read))
            if not child.is_section():
                if self._is_item(child) and (item := self._item(child, here)):
                    read.append(item)
            elif depth == DEEPEST:
                offset = child.title.text[0]
                self._reading.error("too-deep", f"more than {DEEPEST} sections are nested here", "nest less", offset)
            elif section := self._section(child, here, depth + 1):
                read.append(section)
        return read

    def _item(self, node: Node, at: Loc) -> dict[str, Any] | None:
        """The item; of notes, only one without a mistake."""
        problems = self._reading.problems
        count, offset = len(problems), node.title.text[0]
        item = read_item(node, at, self._lines, self._reading)
        if self._notes is None:
            return item
        return None if leave_out(problems, count, offset) else self._notes.item(item, offset)

    def _section(self, node: Node, at: Loc, depth: int) -> dict[str, Any] | None:
        title = node.title
        self._reading.places[at] = title.text[0]
        data: dict[str, Any] = {"section": " ".join(title.text[1].split()) if self._notes else title.text[1]}
        self._reading.places[(*at, "section")] = title.text[0]
        data |= fields_of(title.attributes or (), at, OF_SECTIONS, self._reading)
        self._warn_of_parts(node)
        if not data["section"]:
            fix = "write a title behind the #, or remove the line"
            tell = self._reading.warn if self._notes else self._reading.error
            tell("empty-heading", "this section has no title", fix, title.text[0])
            data["section"] = "?"
        if description := self._reading.text((*at, "description"), prose(self._lines, _texts(node))):
            data["description"] = description
        data["items"] = self.nodes(node, (*at, "items"), depth)
        if data["items"]:
            return data
        if description:
            message = "no item stands in this section, so it is left out, with its text"
            fix = "write questions below it as headings, each with an answer"
            self._reading.warn("not-kept", message, fix, title.text[0])
        return None

    def _warn_of_parts(self, node: Node) -> None:
        part = next(filter(is_part, node.blocks), None)
        if part:
            what = f"{part.name.capitalize()}:" if part.sort is Sort.LABEL else "this list of choices"
            message = f"{what} stands below a section's heading, so it belongs to no item and is read as plain text"
            fix = "a heading with headings below it is a section: put it below one that has none"
            self._reading.warn("part-of-a-section", message, fix, self._lines[part.start][0])

    def _is_item(self, node: Node) -> bool:
        """Whether anything is said of a heading without headings below."""
        title = node.title
        if (
            not all(is_comment(self._lines, block) for block in without_last_rule(node.blocks))
            or title.attributes
            or "{{c" in title.text[1]
        ):
            return True
        message = "nothing stands below this heading, so it is left out"
        fix = "write the answer below it, or remove it"
        self._reading.warn("not-kept", message, fix, title.text[0])
        return False

    def _card(self, line: Line, at: Loc) -> dict[str, Any]:
        reading = self._reading
        card = attributed(line)
        title = card.text
        mark = card_mark(title[1])
        assert mark
        reading.places[at] = title[0]
        reading.titles[at] = Attributed(title, card.attributes, card.insert_at)
        data: dict[str, Any] = {"type": "flashcard"} | ({"reversed": "true"} if mark.sign == ":::" else {})
        data |= fields_of(card.attributes or (), at, OF_ITEMS, reading)
        for name, side in (("front", cut(title, 0, mark.start)), ("back", cut(title, mark.end))):
            data[name] = reading.text((*at, name), [side])
            if not data[name]:
                message = f"this short card has no {name}"
                fix = f"write it {'before' if name == 'front' else 'behind'} the {mark.sign}; if this is none, write \\:\\:"
                reading.error("empty-side", message, fix, side[0])
                data[name] = "\uf8ff"
        return data
