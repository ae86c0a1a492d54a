"""Notes of other note types: an item is what the front shows, and what the back adds to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from cardforge_sources.apkg import templates
from cardforge_sources.apkg.collection import SEPARATOR, AnkiDeck, Note, NoteType
from cardforge_sources.apkg.templates import Side
from cardforge_sources.foreign_texts import Texts
from cardforge_sources.lines import ANKI_NOISE, is_line

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a note: items, each with the number of the card that it is; or why there is none."""

    items: Sequence[tuple[int, Item]] = ()
    aside: str = ""
    adapted: Sequence[str] = ()


def items(note: Note, note_type: NoteType, deck: AnkiDeck | None, texts: Texts) -> Made:
    """The items of a note: as a rule one, one for each card where a note's cards ask different things."""
    if is_occlusion(note_type):
        return Made(aside="an image with covered parts (image occlusion)")
    if not note_type.templates:
        return Made(aside="a note whose note type shows nothing")
    try:
        return _made(note, note_type, _values(note, note_type, deck), texts)
    except templates.TooLong:
        return Made(aside="a note whose card would show a text without end")


def _made(note: Note, note_type: NoteType, values: dict[str, str], texts: Texts) -> Made:
    if note_type.is_cloze:
        return _cloze(note_type, values, texts)
    asked = [(n, *_sides(note_type, n, values)) for n in _numbers(note, note_type)]
    asked = [(n, front, back) for n, front, back in asked if front.blocks or front.typed]
    if len(asked) == 2 and (made := _reversed(*asked[0][1:], *asked[1][1:], texts)):
        return Made([(0, made)])
    made_of_cards = []
    adapted = []
    for number, front, back in asked:
        item = _item(values, front, back, texts)
        if item is None:
            continue
        if item["type"] == "open_prompt":
            adapted.append("its back adds nothing to its front, so it becomes an open prompt")
        made_of_cards.append((number, item))
    if not made_of_cards:
        return Made(aside="a note whose cards show nothing")
    return Made(made_of_cards, adapted=adapted)


def is_occlusion(note_type: NoteType) -> bool:
    """Whether the note type covers parts of an image: Anki's own, or that of the add-on Image Occlusion Enhanced."""
    return note_type.is_occlusion or note_type.name.startswith("Image Occlusion")


def _values(note: Note, note_type: NoteType, deck: AnkiDeck | None) -> dict[str, str]:
    values = dict(zip(note_type.fields, note.fields, strict=False))
    name = deck.name if deck else ()
    special = {
        "Tags": " ".join(tag for tag in note.tags if tag.lower() not in ANKI_NOISE),
        "Type": note_type.name,
        "Deck": SEPARATOR.join(name),
        "Subdeck": "".join(name[-1:]).rpartition(SEPARATOR)[2],
    }
    return special | values


def _numbers(note: Note, note_type: NoteType) -> Sequence[int]:
    """The templates by which the note has cards; where there is no card, the first one."""
    known = [card.number for card in note.cards if 0 <= card.number < len(note_type.templates)]
    return list(dict.fromkeys(known)) or [0]


def _sides(note_type: NoteType, number: int, values: dict[str, str]) -> tuple[Side, Side]:
    template = note_type.templates[number]
    values["Card"] = template.name
    front = templates.rendered(templates.compiled(template.front), values)
    return front, templates.rendered(templates.compiled(template.back), values, is_back=True)


def _added(front: Side, back: Side) -> tuple[str, ...]:
    """The blocks that the back shows and the front does not."""
    if back.shows_front:
        return back.blocks
    asked = Counter(front.blocks)
    others = []
    for block in back.blocks:
        if asked[block] > 0:
            asked[block] -= 1
        else:
            others.append(block)
    return tuple(others) or back.blocks[back.answer or 0 :]


def _reversed(front: Side, back: Side, other_front: Side, other_back: Side, texts: Texts) -> Item | None:
    """A card and the same back to front: each adds what the other one asks with, and what it adds besides is the same."""
    added, other_added = _added(front, back), _added(other_front, other_back)
    asked, other_asked = set(front.blocks), set(other_front.blocks)
    more = tuple(block for block in added if block not in other_asked)
    other_more = tuple(block for block in other_added if block not in asked)
    is_mirrored = other_asked <= set(added) and asked <= set(other_added) and more == other_more
    if not is_mirrored or front.typed or other_front.typed:
        return None
    asks, answers = texts.joined(front.blocks), texts.joined(other_front.blocks)
    if asks is None or answers is None:
        return None
    item: Item = {"type": "flashcard", "front": asks, "back": answers, "reversed": True}
    if explanation := texts.joined(more):
        item["explanation"] = explanation
    return _with_hints(item, front, texts)


def _item(values: Mapping[str, str], front: Side, back: Side, texts: Texts) -> Item | None:
    typed = front.typed or back.typed
    if typed and (item := _short_answer(values.get(typed, ""), front, back, texts)):
        return item
    if typed and typed == back.typed:
        # In the place of what was typed, the back shows what should have been.
        back = Side((*back.blocks, values.get(typed, "")), back.hints, None, back.answer, back.shows_front)
    return _flashcard(front, back, texts)


def _short_answer(answer: str, front: Side, back: Side, texts: Texts) -> Item | None:
    """A text to be typed, when it is one line without markup: Anki compares what is typed with the field's text."""
    text = unescape(answer.replace("&nbsp;", " ")).strip()
    if not _TYPED.fullmatch(answer.strip()) or not is_line(text):
        return None
    stem = texts.joined(front.blocks) if front.blocks else None
    if stem is None:
        return None
    item: Item = {"type": "short_answer", "stem": stem, "answers": [{"text": text}]}
    asked = {answer, *front.blocks}
    more = tuple(block for block in _added(front, back) if block not in asked)
    if more and (explanation := texts.joined(more)):
        item["explanation"] = explanation
    return _with_hints(item, front, texts)


_TYPED = re.compile(r"[^<>\[\n]{1,200}")


def _flashcard(front: Side, back: Side, texts: Texts) -> Item | None:
    asks = texts.joined(front.blocks) if front.blocks else None
    if asks is None:
        return None
    added = _added(front, back)
    answers = texts.joined(added) if added else None
    if answers is None:
        return _with_hints({"type": "open_prompt", "stem": asks}, front, texts)
    return _with_hints({"type": "flashcard", "front": asks, "back": answers}, front, texts)


def _with_hints(item: Item, front: Side, texts: Texts) -> Item:
    hints = [text for hint in front.hints if (text := texts.text(hint))]
    return item | ({"hint": hints} if hints else {})


# --- cloze ---------------------------------------------------------------------------------------

_OPENING = re.compile(r"\{\{c(\d{1,5})::")
_SEVERAL = re.compile(r"\{\{c(\d{1,3})(?:,\d{1,3})+::")


def _cloze(note_type: NoteType, values: dict[str, str], texts: Texts) -> Made:
    adapted = []
    for name, value in values.items():
        if _SEVERAL.search(value):
            values[name] = _SEVERAL.sub(r"{{c\1::", value)
            adapted.append("a deletion that belongs to several cards belongs to the first of them only")
    numbers = {number for value in values.values() for number in _OPENING.findall(value)}
    # A template may ask which card this is: {{#c1}}. The item is all of them.
    front, back = _sides(note_type, 0, values | {f"c{number}": number for number in numbers})
    if not front.blocks:
        return Made(aside="a cloze note whose card shows nothing")
    text = texts.joined(front.blocks, is_cloze=True)
    if text is None:
        return Made(aside=_why_no_cloze(front.blocks, numbers))
    item: Item = {"type": "cloze", "text": text}
    asked = set(front.blocks)
    added = [block for block in back.blocks if block not in asked and not _OPENING.search(block)]
    if added and (extra := texts.joined(added)):
        item["extra"] = extra
    return Made([(0, _with_hints(item, front, texts))], adapted=adapted)


def _why_no_cloze(blocks: Sequence[str], numbers: set[str]) -> str:
    if not numbers:
        return "a cloze note without a deletion"
    if any(_is_nested(block) for block in blocks):
        return "a cloze note with a deletion inside another one"
    return "a cloze note whose deletions cannot be read"


def _is_nested(text: str) -> bool:
    depth = 0
    for mark in re.finditer(r"\{\{c\d+::|\}\}", text):
        depth = max(depth - 1, 0) if mark[0] == "}}" else depth + 1
        if depth == 2:
            return True
    return False
