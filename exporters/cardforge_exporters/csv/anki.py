"""Anki's text import: its header, then a note a line, in the note types that every Anki has.

A text import brings no note types along, so an item of a kind that Anki does not have becomes a Basic note: the
front asks, the back answers, and the learner judges.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import PurePosixPath

from cardforge.diagnostics import Loc
from cardforge.fidelity import MEDIA_FEATURES, NATIVE, Capabilities, Feature, Level, Loss, adapted, dropped
from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    ShortAnswer,
    TrueFalse,
    texts,
)
from cardforge.plugin import Standing
from cardforge.text import Text, facts, plain, render
from cardforge_exporters.anki_markup import CLOZE_DIALECT, DIALECT, QUIET_DIALECT, deck_part, quiet_players, tag
from cardforge_exporters.asking import in_another_order, mixed, number
from cardforge_exporters.csv.table import quoted, runs
from cardforge_exporters.shared_losses import Said, inherited_tags, of_items, words_of_players

_JUDGED = "a Basic note: the front asks, the back answers, and the learner judges"
_NO_POINTS = dropped("Anki has no points")
_NO_PLACE = dropped("a text import brings notes only")
_BY_PATH = adapted("by its file name: put the file itself, without its folder, into Anki's collection.media")

_NATIVE = (
    *(Feature.FLASHCARD, Feature.CLOZE, Feature.REVERSED, Feature.TAGS, Feature.FIXED_ORDER),
    *(Feature.MATHS, Feature.TABLES, Feature.LINKS, Feature.HTML),
)
CAPABILITIES: Capabilities = dict.fromkeys(_NATIVE, NATIVE) | {
    Feature.MULTIPLE_CHOICE: adapted(_JUDGED),
    Feature.TRUE_FALSE: adapted(_JUDGED),
    Feature.SHORT_ANSWER: adapted(_JUDGED),
    Feature.NUMERIC: adapted(_JUDGED),
    Feature.MATCHING: adapted(_JUDGED),
    Feature.ORDERING: adapted(_JUDGED),
    Feature.OPEN_PROMPT: adapted(_JUDGED),
    Feature.LEVEL: adapted("a tag such as level::beginner"),
    Feature.HINT: adapted("folded up on the front"),
    Feature.EXPLANATION: adapted("on the back, below the answer"),
    Feature.SOURCE: adapted("on the back, below the answer"),
    Feature.POINTS: _NO_POINTS,
    Feature.CHOICE_FEEDBACK: adapted("on the back, below the choice"),
    Feature.CHOICE_CREDIT: _NO_POINTS,
    Feature.ANSWER_CREDIT: _NO_POINTS,
    Feature.ANSWER_FEEDBACK: adapted("on the back, below the answer"),
    Feature.CASE_SENSITIVE: dropped("the learner judges"),
    Feature.TOLERANCE: adapted("on the back, behind the answer"),
    Feature.UNIT: adapted("on the back, behind the answer"),
    Feature.DISTRACTORS: adapted("on the front, among the right sides"),
    Feature.CONCEPTS: adapted("a list on the back"),
    Feature.CONCEPT_POINTS: _NO_POINTS,
    Feature.MODEL_ANSWER: adapted("on the back"),
    Feature.ITEM_FEEDBACK: adapted("both on the back"),
    Feature.SECTIONS: adapted("subdecks"),
    Feature.SECTION_DESCRIPTION: _NO_PLACE,
    Feature.PICK: dropped("all items of the section arrive"),
    Feature.DECK_ID: adapted("a part of what the notes' guids are made of"),
    Feature.DESCRIPTION: _NO_PLACE,
    Feature.LANGUAGE: _NO_PLACE,
    Feature.AUTHOR: _NO_PLACE,
    Feature.LICENSE: _NO_PLACE,
    Feature.CODE: adapted("without colours: Anki's own note types have none"),
    Feature.IMAGES: _BY_PATH,
    Feature.AUDIO: _BY_PATH,
    Feature.VIDEO: _BY_PATH,
    Feature.CONTROL_CHARACTERS: dropped("HTML cannot hold them"),
}
"""What such a file holds of a deck."""

_HEADER = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"


def lines(deck: Deck) -> Iterator[str]:
    """The file's lines: Anki's header, then guid, note type, deck, two fields and tags of each note."""
    yield _HEADER
    # Outer decks first: Anki would begin an outer deck "T+" when it has made "T" for the sake of "T::A" already.
    for entry in sorted(deck.entries(), key=lambda entry: len(entry.sections)):
        note_type, *sides = _note(entry)
        guid = _guid(deck, entry, note_type)
        name = "::".join((_root(deck.title), *(deck_part(section.section) for section in entry.sections)))
        cells = (guid, note_type, name, *map(_harmless, sides), _harmless(" ".join(_tags(entry))))
        yield "\t".join(map(quoted, cells)) + "\n"


def standing(previous: bytes, deck: Deck) -> Standing:
    """Whether a file has this header and a note of the deck."""
    is_ours = previous.startswith(_HEADER.encode())
    is_of_deck = is_ours and any(_guid(deck, e, _note(e)[0]).encode() in previous for e in deck.entries())
    return Standing.OF_DECK if is_of_deck else Standing.UNKNOWN


def _guid(deck: Deck, entry: Entry, note_type: str) -> str:
    return hashlib.sha256(f"{deck.identity}\0{entry.id}\0{note_type}".encode()).hexdigest()[:12]


def limits(deck: Deck) -> Iterator[Loss]:
    """Names that Anki cannot take as they are, words that are not shown, and cells that a spreadsheet would run."""
    yield from inherited_tags(deck)
    yield from of_items(deck, _left_out)
    for feature, how, item_id, at in _changes(deck):
        yield Loss(feature, Level.ADAPTED, how, item_id, at)


def _left_out(entry: Entry) -> Said:
    item = entry.item
    if _asks_both_ways(item):
        how = "left out: in Anki's own note type it would stand on the back, which asks in the reversed card"
        for feature, text in ((Feature.EXPLANATION, item.explanation), (Feature.SOURCE, item.source)):
            if text is not None:
                yield feature, dropped(how)


def _changes(deck: Deck) -> Iterator[tuple[Feature, str, str, Loc]]:
    names: list[tuple[str, str, Loc]] = [(deck.title, _root(deck.title), ())]
    names += [(section.section, deck_part(section.section), at) for section, _, at in deck.sections()]
    for title, name, at in names:
        if name != title:
            how = f"{title!r} becomes {name!r}, which neither Anki nor a spreadsheet takes for anything but a name"
            yield Feature.SECTIONS, how, "", at
    said: set[str] = set()
    paths: dict[str, str] = {}
    for entry in deck.entries():
        for reference in (r for _, text in texts(entry.item) for r in facts(text).media):
            first = paths.setdefault(_file_name(reference.path), reference.path)
            if first != reference.path:
                how = f"{reference.path!r} and {first!r} have one file name, and Anki keeps one of them: rename one"
                yield MEDIA_FEATURES[reference.kind], how, entry.id, entry.at
        for feature, support in (said for _, text in texts(entry.item) for said in words_of_players(text)):
            yield feature, f"{_BY_PATH.how}; {support.how}", entry.id, entry.at
        for feature, support in quiet_players(entry.item):
            yield feature, f"{_BY_PATH.how}; {support.how}", entry.id, entry.at
        for name in entry.tags:
            if name not in said and (taken := tag(name)) != name:
                said.add(name)
                how = f"{name!r} becomes {taken!r}, here and wherever it stands: Anki's tags have no spaces"
                yield Feature.TAGS, how, entry.id, entry.at
        for side in _note(entry)[1:]:
            if begins := runs(side):
                how = f"a field begins with {begins[0][-1]!r}, which a spreadsheet would run: a space stands before it"
                yield Feature(entry.item.KIND), how, entry.id, entry.at


def _harmless(cell: str) -> str:
    """A space before what a spreadsheet would run; Anki shows none in a field, and drops it before a tag."""
    return " " + cell if runs(cell) else cell


def _root(title: str) -> str:
    """The deck's own name in Anki, with an apostrophe where a spreadsheet would run it, or Anki would take it for a
    deck's number. (A space would not do: Anki would begin another deck at each import.)"""
    name = deck_part(title)
    return "'" + name if runs(f"{name}::") or re.fullmatch("[0-9]+", name) else name


def _tags(entry: Entry) -> Iterable[str]:
    level = [f"level::{entry.item.level}"] if entry.item.level else []
    return dict.fromkeys([*(tag(name) for name in entry.tags), *level])


# --- a note --------------------------------------------------------------------------------------


def _note(entry: Entry) -> tuple[str, str, str]:
    """The note type and its two fields."""
    item = entry.item
    if isinstance(item, Flashcard):
        note_type = "Basic (and reversed card)" if item.reversed else "Basic"
        front, back = [_html(item.front)], [_html(item.back)]
    elif isinstance(item, Cloze):
        note_type = "Cloze"
        front, back = [render(item.text, CLOZE_DIALECT, _file_name)], [_html(item.extra)]
    else:
        note_type = "Basic"
        task, back = _task_and_solution(item)
        front = [_html(item.stem), *task]
    front += [f"<details><summary>Hint</summary>{_quiet(hint)}</details>" for hint in item.hint]
    if isinstance(item, Graded):
        back += [f"✓ {_quiet(item.feedback_correct)}"] if item.feedback_correct else []
        back += [f"✗ {_quiet(item.feedback_incorrect)}"] if item.feedback_incorrect else []
    if not _asks_both_ways(item):
        back += [_html(item.explanation)]
        back += [f"Source: {_html(item.source)}"] if item.source else []
    return note_type, _together(front), _together(back)


def _asks_both_ways(item: AnyItem) -> bool:
    """Whether the back asks, too: with the explanation or the source in it, it would often say the answer."""
    return isinstance(item, Flashcard) and item.reversed


def _task_and_solution(item: AnyItem) -> tuple[list[str], list[str]]:
    """What stands on the front below the stem, and what on the back."""
    match item:
        case MultipleChoice():
            choices = mixed(item.choices, lambda c: plain(c.text)) if item.shuffle else item.choices
            task = [_list([_html(choice.text) for choice in choices], _LETTERED)]
            solution = [
                ("✓ " if choice.correct else "✗ ") + _with_feedback(_html(choice.text), choice.feedback)
                for choice in choices
            ]
            return ["Choose all that apply."] * item.is_multiple + task, [_list(solution, _LETTERED)]
        case TrueFalse():
            return ["True or false?"], [str(item.answer)]
        case ShortAnswer():
            return [], [("" if a.credit else "✗ ") + _with_feedback(_typed(a.text), a.feedback) for a in item.answers]
        case Numeric():
            return [], [_typed(number(item))]
        case Matching():
            pairs = [(_html(pair.left), _html(pair.right)) for pair in item.pairs]
            offered = dict.fromkeys(map(_html, item.offered))
            rows = "".join(f"<tr><td>{left}</td><td>{right}</td></tr>" for left, right in pairs)
            lists = [_list([left for left, _ in pairs], "<ol>"), _list(in_another_order(list(offered)), _LETTERED)]
            return lists, [f"<table><tbody>{rows}</tbody></table>"]
        case Ordering():
            steps = [_html(step) for step in item.steps]
            return [_list(in_another_order(steps))], [_list(steps, "<ol>")]
        case OpenPrompt():
            concepts = [_list([_html(concept.text) for concept in item.concepts])] if item.concepts else []
            count = [f"Concepts: {item.concept_count}"] if item.concept_count and not concepts else []
            return [], [_html(item.model_answer), *concepts, *count]
        case Flashcard() | Cloze():
            raise AssertionError("_note writes these")


def _with_feedback(text: str, feedback: Text | None) -> str:
    return f"{text}<div>{_quiet(feedback)}</div>" if feedback else text


_LETTERED = '<ol type="A">'


def _list(parts: Iterable[str], opening: str = "<ul>") -> str:
    return f"{opening}{''.join(f'<li>{part}</li>' for part in parts)}</{opening[1:3]}>"


def _together(parts: Iterable[str]) -> str:
    """The parts below each other; the empty ones left out."""
    filled = [part for part in parts if part]
    return "".join(f"<div>{part}</div>" for part in filled) if len(filled) > 1 else "".join(filled)


def _quiet(text: Text | None) -> str:
    """A text that may stay unseen, and whose sounds wait to be pressed."""
    return "" if text is None else render(text, QUIET_DIALECT, _file_name)


def _html(text: Text | None) -> str:
    return "" if text is None else render(text, DIALECT, _file_name)


def _file_name(path: str) -> str:
    """Anki's media folder has no folders in it."""
    return PurePosixPath(path).name


def _typed(text: str) -> str:
    """A text that is no Markdown, as HTML."""
    return DIALECT.literal(escape(text, quote=False))
