"""What the entries of lists say: choices, answers, pairs, concepts, steps; and numbers with a tolerance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cardforge.diagnostics import Loc, nearest
from cardforge_sources.markdown.attributes import attributed
from cardforge_sources.markdown.blocks import Scanner, Sort, outside_fences
from cardforge_sources.markdown.lines import Line, cut, is_blank, joined, trimmed
from cardforge_sources.markdown.marks import pair_mark
from cardforge_sources.markdown.reading import Reading
from cardforge_sources.markdown.texts import RAW_FENCE

Entry = Sequence[Line]

_BOX = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_ALMOST_BOX = re.compile(r"\[[ xX]{0,3}\]|\[[xX ]")


def entries_of(content: Sequence[Line]) -> tuple[Entry, ...]:
    """The entries of the list that is all of a label's content; none when it is something else, or when the label has
    text behind it on its line."""
    if not is_blank(content[0][1]) or not trimmed(content):
        return ()
    blocks = Scanner(content).blocks()
    return blocks[0].entries if len(blocks) == 1 and blocks[0].sort is Sort.LIST else ()


def choices(entries: Sequence[Entry], at: Loc, reading: Reading) -> list[dict[str, Any]]:
    """The choices of a task list. One without a box, or a list without a tick, is a mistake."""
    read = []
    for index, entry in enumerate(entries):
        here = (*at, index)
        first = entry[0]
        box = _BOX.match(first[1])
        if box is None:
            almost = _ALMOST_BOX.match(first[1])
            message = "this box is not well written" if almost else "the other choices have a box, and this one has not"
            reading.error("choice-box", message, "write [x] before a right choice, [ ] before a wrong one", first[0])
        rest = (first[0] + box.end(), first[1][box.end() :]) if box else first
        data: dict[str, Any] = {"correct": box is not None and box[1] != " "}
        choice = _with_attributes([rest, *entry[1:]], here, ("credit",), data, reading)
        text, feedback = _quote(choice, reading)
        data |= _filled("text", text, here, reading, "choice") | _filled("feedback", feedback, here, reading)
        reading.places[here] = first[0]
        read.append(data)
    if not any(choice["correct"] for choice in read) and all(_BOX.match(entry[0][1]) for entry in entries):
        fix = "write [x] in place of [ ] before the right one; a list that is no question needs no boxes"
        reading.error("no-correct-choice", "no choice is ticked as right", fix, entries[0][0][0])
    if not any(choice["correct"] for choice in read):
        read[0]["correct"] = True  # it has been reported, and the rest is to be checked
    return read


def answers(entries: Sequence[Entry], at: Loc, reading: Reading) -> list[dict[str, Any]]:
    """Answers to be typed, with credit and feedback. They are not Markdown."""
    read: list[dict[str, Any]] = []
    for index, entry in enumerate(entries):
        here = (*at, index)
        data: dict[str, Any] = {}
        written = _with_attributes(entry, here, ("credit", "text"), data, reading)
        text, feedback = _quote(written, reading)
        typed = joined(text)
        if typed[1] or "text" not in data:
            data["text"] = typed[1]
            reading.places[(*here, "text")] = typed[0] or entry[0][0]
        if not data["text"]:
            reading.error("empty-entry", "this answer is empty", "write it, or remove the entry", entry[0][0])
            data["text"] = f"\uf8ff{index}"
        data |= _filled("feedback", feedback, here, reading)
        reading.places[here] = entry[0][0]
        read.append(data)
    return read


def alternatives(line: Line, at: Loc, what: str, reading: Reading) -> list[str]:
    """What stands between `` | `` on a line."""
    read: list[str] = []
    start = 0
    for bar in [*re.finditer(r"(?<=[ \t])\|(?=[ \t])|^\|(?=[ \t])|(?<=[ \t])\|$", line[1]), None]:
        offset, text = cut(line, start, bar.start() if bar else None)
        start = bar.end() if bar else 0
        if text:
            reading.places[(*at, len(read))] = offset
            read.append(text)
        else:
            reading.error("empty-entry", f"beside this | there is no {what}", "write one, or remove the |", offset)
    return read


def pairs(entries: Sequence[Entry], at: Loc, reading: Reading) -> list[dict[str, Any]]:
    """Sides parted by `` => `` in the first line, or by a line ``=>`` of its own."""
    read: list[dict[str, Any]] = []
    for index, entry in enumerate(entries):
        here = (*at, index)
        reading.places[here] = entry[0][0]
        left, right = _sides(entry)
        if left is None or right is None:
            fix = "write it as left => right, with spaces around the =>"
            reading.error("no-right-side", "this entry has no => between two sides", fix, entry[0][0])
            left, right = entry, [(entry[0][0], f"\uf8ff{index}")]
        data = _filled("left", left, here, reading, "left side")
        read.append(data | _filled("right", right, here, reading, "right side"))
    return read


def is_pair(entry: Entry) -> bool:
    """Whether the entry has two sides."""
    return _sides(entry)[0] is not None


def _sides(entry: Entry) -> tuple[Entry | None, Entry | None]:
    if any(line.strip(" \t") == "=>" for _, line in entry):
        for number in outside_fences(entry):
            if entry[number][1].strip(" \t") == "=>":
                return entry[:number], entry[number + 1 :]
    offset, first = entry[0]
    if mark := pair_mark(first):
        return [(offset, first[: mark.start])], [(offset + mark.end, first[mark.end :]), *entry[1:]]
    return None, None


_POINTS = re.compile(r"[ \t]\((\d{1,2}(?:\.\d+)?)\)[ \t]*$")


def concepts(entries: Sequence[Entry], at: Loc, reading: Reading) -> list[Any]:
    """Concepts; a number below 100 in brackets at the end of the first line is what one is worth."""
    read = []
    for index, entry in enumerate(entries):
        here = (*at, index)
        reading.places[here] = entry[0][0]
        data: dict[str, Any] = {}
        lines = _with_attributes(entry, here, ("points",), data, reading)
        offset, first = entry[0]
        if lines[0] is entry[0] and (worth := _POINTS.search(first)):
            data["points"] = worth[1]
            reading.places[(*here, "points")] = offset + worth.start(1)
            lines = [(offset, first[: worth.start()]), *entry[1:]]
        read.append(data | _filled("text", lines, here, reading, "concept"))
    return read


def texts(entries: Sequence[Entry], at: Loc, what: str, reading: Reading) -> list[Any]:
    """Entries that are each a text: steps, distractors."""
    return [_filled(index, entry, at, reading, what)[index] for index, entry in enumerate(entries)]


def _filled(name: str | int, lines: Entry, at: Loc, reading: Reading, what: str = "") -> dict[Any, Any]:
    """The field with its text. When it is empty: nothing, or a mistake where ``what`` names what must be there."""
    value = reading.text((*at, name), lines)
    if value is not None:
        return {name: value}
    if not what:
        return {}
    offset = lines[0][0] if lines else 0
    reading.error("empty-entry", f"this {what} is empty", "write its text, or remove it", offset)
    return {name: f"\uf8ff{'-'.join(map(str, at))}{name}"}


def _with_attributes(entry: Entry, at: Loc, known: Sequence[str], data: dict[str, Any], reading: Reading) -> Entry:
    """Put the attributes that end the first line into ``data``; return the lines without them."""
    if "{" not in entry[0][1] or RAW_FENCE.match(entry[0][1]):
        return entry
    first = attributed(entry[0])
    if first.attributes is None:
        return entry
    for attribute in first.attributes:
        if attribute.name in known:
            data[attribute.name] = attribute.value
            reading.places[(*at, attribute.name)] = attribute.value_start
            reading.names[(*at, attribute.name)] = attribute.start
        else:
            guess = nearest(attribute.name, known) if attribute.name else None
            fix = f"write {guess or known[0]}=…, or remove it" if attribute.name != "id" else "remove it"
            message = f"there is no attribute {attribute.name or attribute.value!r} here"
            reading.error("unknown-attribute", message, fix, attribute.start)
    return [first.text, *entry[1:]]


def _quote(entry: Entry, reading: Reading) -> tuple[Entry, Entry]:
    """An entry's text, and the quote below it without its signs."""
    if len(entry) > 1 or entry[0][1].startswith(">"):
        for number in outside_fences(entry):
            if entry[number][1].startswith(">"):
                return entry[:number], _unquoted(entry[number:], reading)
    return entry, []


def _unquoted(lines: Entry, reading: Reading) -> Entry:
    quoted = []
    was_blank = False
    for offset, line in lines:
        if line.startswith(">"):
            start = 2 if line[1:2] == " " else 1
            quoted.append((offset + start, line[start:]))
        elif was_blank and not is_blank(line):
            fix = "begin the line with > if it belongs to the feedback; if not, put it above the quote"
            message = "this stands behind the quote that is the feedback, and is taken for a part of it"
            reading.warn("text-behind-feedback", message, fix, offset)
            quoted.append((offset, line))
        else:
            quoted.append((offset, line))
        was_blank = is_blank(line)
    return quoted
