"""Questions as items of the deck format, or kept aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape

from cardforge_sources.question_bank import own
from cardforge_sources.question_bank.choices import multiple_choice, true_false
from cardforge_sources.question_bank.deletions import embedded
from cardforge_sources.question_bank.opened import CARD, card, flashcard, is_rated, open_prompt
from cardforge_sources.question_bank.parts import Data, with_hints_from_text
from cardforge_sources.question_bank.question import Question
from cardforge_sources.question_bank.sides import filled_in, matching, ordering
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told
from cardforge_sources.question_bank.typed import numeric, short_answer

_MAKERS: Mapping[str, Callable[[Question, Texts, Told], Data | None]] = {
    "multichoice": multiple_choice,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numeric,
    "match": matching,
    "matching": matching,
    "ddmatch": matching,
    "ordering": ordering,
    "essay": open_prompt,
    "cloze": embedded,
    "multianswer": embedded,
    "gapselect": filled_in,
    "ddwtos": filled_in,
    CARD: card,
}
_WHY = {
    "calculated": "its numbers are drawn anew for each learner, which no kind of item does",
    "calculatedsimple": "its numbers are drawn anew for each learner, which no kind of item does",
    "calculatedmulti": "its numbers are drawn anew for each learner, which no kind of item does",
    "ddimageortext": "something is dragged onto an image, which no kind of item does",
    "ddmarker": "markers are dragged onto an image, which no kind of item does",
    "random": "it stands for a question drawn from a category",
    "randomsamatch": "it is made of short answers drawn from a category",
}


def item_of(question: Question, texts: Texts, told: Told) -> Data | None:
    """The item; None, and told, when the question has no kind here or too little to be one."""
    if question.type == "multichoice" and is_rated(question) and (card := flashcard(question, texts)):
        return card
    question = with_hints_from_text(question)
    maker = _MAKERS.get(question.type)
    if maker is None:
        why = _WHY.get(question.type, f"there is no kind of item for questions of the type {question.type[:50]!r}")
        told.kept_aside(question, why, "ask for the same in another way, as one of the kinds that docs/format.md lists")
        return None
    item = maker(question, texts, told)
    if item is not None:
        for what in question.left_out:
            told.not_kept(question.offset, what)
    return item


def items_of(questions: Sequence[Question], texts: Texts, told: Told) -> list[tuple[Question, Data | None]]:
    """Each question with its item; None for a description, which is no item. What is kept aside is left out."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        if own.asks_for_a_blank(question):
            groups.setdefault(own.base(question.idnumber), []).append(question)
    clozes = {id(q): cloze for group in groups.values() if (cloze := own.cloze_of(group, texts)) for q in group}
    made: list[tuple[Question, Data | None]] = []
    done: set[int] = set()
    for question in questions:
        if cloze := clozes.get(id(question)):
            if id(cloze) not in done:
                made.append((question, cloze[1]))
            done.add(id(cloze))
        elif question.type == "description":
            made.append((question, None))
        elif (item := item_of(question, texts, told)) is not None:
            made.append((question, item))
    _tell_names(made, told)
    return _with_different_ids(_with_reversed(made), told)


def _with_reversed(made: Sequence[tuple[Question, Data | None]]) -> list[tuple[Question, Data | None]]:
    cards = {q.idnumber: item for q, item in made if item is not None and item["type"] == "flashcard"}
    kept = []
    for question, item in made:
        first = cards.get(question.idnumber.removesuffix(own.REVERSED))
        if item is not None and first is not None and first is not item and own.is_reverse(question, item, first):
            first["reversed"] = True
        else:
            kept.append((question, item))
    return kept


def _with_different_ids(made: list[tuple[Question, Data | None]], told: Told) -> list[tuple[Question, Data | None]]:
    seen: set[str] = set()
    for question, item in made:
        if item is None or "id" not in item:
            if item is not None and question.idnumber.strip():
                told.adapted(question, "its ID number cannot be an id", "give it another one")
            continue
        if item["id"] in seen:
            told.adapted(
                question, f"its ID number {item['id'][:50]!r} is another question's, too", "give it another one"
            )
            del item["id"]
        else:
            seen.add(item["id"])
    return made


_MARKUP = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"\w+")


def _tell_names(made: Sequence[tuple[Question, Data | None]], told: Told) -> None:
    """Names are not kept: tell of those that say more than the beginning of their question."""
    for question, item in made:
        name = question.name.rstrip("…").strip()
        if item is None or not name or name in question.text.text:
            continue
        words = _WORDS.findall(unescape(_MARKUP.sub(" ", unescape(question.text.text))))
        named = _WORDS.findall(unescape(name))
        if named[:5] != words[: len(named[:5])]:
            told.not_kept(question.offset, "the name of a question, by which the question bank lists it")
