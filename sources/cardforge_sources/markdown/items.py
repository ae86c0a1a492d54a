"""From a heading and what stands below it to an item: which kind it is, and what its fields say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.model import KINDS
from cardforge_sources.markdown import entries as listed
from cardforge_sources.markdown.blocks import Sort
from cardforge_sources.markdown.fields import item_fields
from cardforge_sources.markdown.kinds import NUMBER, Parts, kind_of, kind_of_notes, listing_of
from cardforge_sources.markdown.lines import Line, cut, joined, trimmed
from cardforge_sources.markdown.marks import CLOZE
from cardforge_sources.markdown.outline import Node, prose, without_last_rule
from cardforge_sources.markdown.reading import Reading
from cardforge_sources.markdown.texts import below, passage

_GRADED = frozenset("multiple_choice true_false short_answer numeric matching ordering".split())
_LABELS_OF: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"true_false", "short_answer", "numeric"}),
    "distractors": frozenset({"matching"}),
    "order": frozenset({"ordering"}),
    "concepts": frozenset({"open_prompt"}),
    "model answer": frozenset({"open_prompt"}),
    "extra": frozenset({"cloze"}),
    "correct": _GRADED,
    "incorrect": _GRADED,
}
"""The kinds that a label goes with; those that are not here go with all."""
_TEXT_FIELDS = {
    "explanation": "explanation",
    "source": "source",
    "correct": "feedback_correct",
    "incorrect": "feedback_incorrect",
    "model answer": "model_answer",
    "extra": "extra",
}


def read_item(node: Node, at: Loc, lines: Sequence[Line], reading: Reading) -> dict[str, Any]:
    """The item's data; what is missing or wrong in it is reported."""
    title = node.title
    reading.places[at] = title.text[0]
    reading.titles[at] = title
    data = item_fields(node, at, reading)
    parts = Parts()
    for block in without_last_rule(node.blocks):
        if block.sort is Sort.LABEL:
            parts.labels.setdefault(block.name, []).append(block)
        else:
            parts.texts.append(block)
    kind = data.get("type") or (kind_of_notes(parts) if reading.change else kind_of(node, parts, data, lines))
    data.setdefault("type", kind)
    parts.listing = listing_of(kind, parts)
    if parts.listing:
        parts.texts.remove(parts.listing)
    _warn_of_cards(node, parts, lines, reading)
    _warn_of_text_behind(node, parts, lines, reading)
    _check_labels(kind, parts, lines, reading)
    data |= _asking(kind, title.text, parts, at, lines, reading)
    labelled = _labelled(kind, parts, at, reading)
    for name in labelled.keys() & data.keys():
        message = f"{name} is said by an attribute and by a label"
        reading.error(
            "repeated-field", message, "leave the attribute out", reading.names.get((*at, name), title.text[0])
        )
    data |= labelled
    read = _LISTINGS.get(kind)
    if read and parts.listing:
        name, reader = read
        reading.places[(*at, name)] = lines[parts.listing.start][0]
        data[name] = reader(parts.listing.entries, (*at, name), reading)
    _complete(kind, data, parts, title.text[0], reading)
    return data


def _steps(entries: Sequence[Sequence[Line]], at: Loc, reading: Reading) -> list[Any]:
    return listed.texts(entries, at, "step", reading)


_LISTINGS: Mapping[str, tuple[str, Callable[[Sequence[Sequence[Line]], Loc, Reading], list[Any]]]] = {
    "multiple_choice": ("choices", listed.choices),
    "matching": ("pairs", listed.pairs),
    "ordering": ("steps", _steps),
}

# --- what is not where it should be ------------------------------------------------------------------


def _warn_of_cards(node: Node, parts: Parts, lines: Sequence[Line], reading: Reading) -> None:
    """Short cards make no section of a heading that has what only an item has."""
    cards = next((block for block in node.blocks if block.sort is Sort.CARDS), None)
    if cards and (parts.labels or parts.listing):
        message = (
            "this looks like a short card, but it stands below the heading of an item, so it is a part of its text"
        )
        fix = "give the short cards a heading of their own, with as many # as this item's; if it is text, nothing"
        reading.warn("stray-card", message, fix, lines[cards.start][0])


def _warn_of_text_behind(node: Node, parts: Parts, lines: Sequence[Line], reading: Reading) -> None:
    """Text that does not directly follow the heading, or hints and the like below it, may be meant for what is above."""
    was_text = was_part = False
    above = ""
    for block in without_last_rule(node.blocks):
        if block.sort is Sort.LABEL:
            above = f"{block.name.capitalize()}:"
            was_part |= was_text or block.name in _LABELS_OF
        elif block is parts.listing:
            above, was_part = "the list", True
        elif was_part and block.sort not in (Sort.RULE, Sort.CARDS):
            message = f"this stands behind {above}, and is taken for a part of the text below the heading"
            fix = "indent it by two spaces if it goes on with what is above; if not, put it directly below the heading"
            if above == "the list":
                fix = "begin it with Explanation: if it explains the answer; if not, put it above the list"
            reading.warn("text-behind", message, fix, lines[block.start][0])
            return
        else:
            was_text = True


def _check_labels(kind: str, parts: Parts, lines: Sequence[Line], reading: Reading) -> None:
    for name, blocks in parts.labels.items():
        shown = f"{name.capitalize()}:"
        for block in blocks:
            offset, line = lines[block.start]
            offset += len(line) - len(line.lstrip(" "))
            kinds = _LABELS_OF.get(name)
            if kinds and kind not in kinds:
                message = f"{shown} does not go with an item of the kind {kind}"
                fix = f"remove it; it goes with {', '.join(sorted(kinds))}"
                reading.error("misplaced-label", message, fix, offset)
            elif block is not blocks[0] and name != "hint":
                reading.error("repeated-label", f"{shown} is here a second time", "keep one of the two", offset)
            if not trimmed(block.content):
                what = " as listed" if name == "order" else " and a text behind it"
                reading.error("empty-label", f"{shown} has nothing behind it", f"write {shown}{what}", offset)


_NEEDED: Mapping[str, tuple[str, Any, str]] = {
    "multiple_choice": (
        "choices",
        [{"text": "\uf8ff1", "correct": True}, {"text": "\uf8ff2"}],
        "write the choices as a list, the right one as - [x] …, the others as - [ ] …",
    ),
    "true_false": ("answer", "true", "write Answer: true or Answer: false on a line of its own"),
    "short_answer": ("answers", ["\uf8ff"], "write Answer: and the right answer on a line of its own"),
    "numeric": ("answer", "1", "write Answer: and a number on a line of its own"),
    "matching": (
        "pairs",
        [{"left": "\uf8ff1", "right": "\uf8ff"}, {"left": "\uf8ff2", "right": "\uf8ff"}],
        "write a list of pairs, each as - left => right",
    ),
    "ordering": ("steps", ["\uf8ff1", "\uf8ff2"], "write the steps in the right order as a numbered list: 1. …, 2. …"),
}
"""The field without which a kind asks nothing, what stands in for it, and how to write it."""


def _complete(kind: str, data: dict[str, Any], parts: Parts, at: int, reading: Reading) -> None:
    """Report what an item of this kind needs and this one has not, unless an empty label has been reported."""
    name, stand_in, fix = _NEEDED.get(kind, ("type", None, ""))
    if name not in data:
        if name not in ("answer", "answers") or "answer" not in parts.labels:
            reading.error("missing-part", f"this is to be an item of the kind {kind}, and it has no {name}", fix, at)
        data[name] = stand_in


# --- texts -----------------------------------------------------------------------------------------


def _asking(kind: str, title: Line, parts: Parts, at: Loc, lines: Sequence[Line], reading: Reading) -> dict[str, Any]:
    """The texts that stand below no label: front and back, a cloze text, a stem."""
    if kind == "flashcard":
        return _sides(title, parts, at, lines, reading)
    name = "text" if kind == "cloze" else "stem"
    text = passage(prose(lines, parts.texts), reading.file)
    if text and isinstance(text.value, dict) and title[1] and kind != "cloze":
        message = "a question is either Markdown or HTML, and here its heading is the one and its text the other"
        reading.error("mixed-text", message, "leave the heading empty, or write the text without HTML", title[0])
    elif not (kind == "cloze" and text and _names_only(title, text.value)):
        text = below(title, text)
    if text is None:
        reading.error("empty-heading", "there is no question here", "write it into the heading", title[0])
        return {name: "\uf8ff{{c1::?}}"}
    return {name: reading.keep((*at, name), text)}


def _names_only(title: Line, text: object) -> bool:
    """Whether a cloze's heading is but its name: the text below it has the deletions."""
    said = text["html"] if isinstance(text, dict) else str(text)
    return not CLOZE.search(title[1]) and (CLOZE.search(said) is not None or not isinstance(text, str))


def _sides(title: Line, parts: Parts, at: Loc, lines: Sequence[Line], reading: Reading) -> dict[str, Any]:
    rule = next((n for n, block in enumerate(parts.texts) if block.sort is Sort.RULE), None)
    if reading.change and sum(block.sort is Sort.RULE for block in parts.texts) > 1:
        message = "there are several lines --- below this heading: only the first one parts the front from the back"
        fix = "if these are several cards, give each of them a heading of its own"
        reading.warn("adapted-item", message, fix, title[0])
    above = parts.texts[:rule] if rule is not None else []
    under = parts.texts[rule + 1 :] if rule is not None else parts.texts
    more = passage(prose(lines, above), reading.file)
    if more and isinstance(more.value, dict) and title[1]:
        message = "a front is either Markdown or HTML, and here its heading is the one and its text the other"
        reading.error("mixed-text", message, "leave the heading empty, or write the text without HTML", title[0])
    front = reading.keep((*at, "front"), below(title, more))
    back = reading.keep((*at, "back"), passage(prose(lines, under), reading.file))
    if front is None:
        fix = "write the front into the heading; or between the heading and a line ---, with the back below that"
        reading.error("empty-heading", "this card has no front", fix, title[0])
    if back is None:
        fix = "write it below the heading; or answer by a label, such as Answer: or Concepts:"
        reading.error("no-back", "this card has no back", fix, title[0])
    return {name: "\uf8ff" if text is None else text for name, text in (("front", front), ("back", back))}


def _labelled(kind: str, parts: Parts, at: Loc, reading: Reading) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, blocks in parts.labels.items():
        content = blocks[0].content
        if not trimmed(content) or kind not in _LABELS_OF.get(name, KINDS):
            continue
        if target := _TEXT_FIELDS.get(name):
            data[target] = reading.text((*at, target), content)
        elif name == "hint":
            texts = [block.content for block in blocks if trimmed(block.content)]
            data["hint"] = [reading.text((*at, "hint", index), text) for index, text in enumerate(texts)]
        elif name == "answer":
            data |= _answer(kind, content, at, reading)
        elif name == "distractors":
            there = (*at, "distractors")
            written = listed.entries_of(content)
            line = joined(content)
            data["distractors"] = (
                listed.texts(written, there, "distractor", reading)
                if written
                else listed.alternatives(line, there, "distractor", reading)
            )
        elif name == "concepts":
            data |= _concepts(content, at, reading)
        elif name == "order" and not re.fullmatch(r"as (?:listed|written|shown|above)\.?", joined(content)[1].lower()):
            fix = "put the steps in the right order, and write Order: as listed"
            reading.error("wrong-order", "the right order is the one in which the steps are listed", fix, content[0][0])
    return data


def _concepts(content: Sequence[Line], at: Loc, reading: Reading) -> dict[str, Any]:
    if written := listed.entries_of(content):
        return {"concepts": listed.concepts(written, (*at, "concepts"), reading)}
    reading.error(
        "no-list", "concepts are a list", "write one concept a line, each after a hyphen and a space", content[0][0]
    )
    return {}


def _answer(kind: str, content: Sequence[Line], at: Loc, reading: Reading) -> dict[str, Any]:
    line = cut(joined(content), 0)
    written = listed.entries_of(content)
    if kind == "short_answer":
        there = (*at, "answers")
        reading.places[there] = content[0][0]
        if written:
            return {"answers": listed.answers(written, there, reading)}
        return {"answers": listed.alternatives(line, there, "answer", reading)}
    reading.places[(*at, "answer")] = line[0]
    number = NUMBER.fullmatch(line[1]) if kind == "numeric" else None
    if number is None:
        return {"answer": line[1].lower() if kind == "true_false" else line[1]}
    tolerance = "tolerance_percent" if number[4] else "tolerance"
    said = {"answer": 1, tolerance: 3, "unit": 2 if number[2] else 5}
    reading.places |= {(*at, name): line[0] + number.start(group) for name, group in said.items() if number[group]}
    if number[2] and number[5]:
        reading.error("two-units", "this number has two units", "leave one of them out", line[0] + number.start(5))
    return {name: number[group] for name, group in said.items() if number[group]}
