"""What a quiz in Canvas should be, from the deck; and the form in which what arrived is compared with it.

Texts are compared by their words, without white space, and by the marks in them. Answers stand in `Asked.answers`,
in a form that depends on the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import Any

from lxml import html as lxml_html

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
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Dialect, Text, plain, render
from cardforge.text.html import without_illegal
from cardforge.text.render import mathjax
from cardforge_exporters import blanks

Words = tuple[str, ...]
"""A text: its letters, then its marks in their order."""

_MARKS = frozenset("b strong em code pre ul ol li table tr td th img a h3 h1 blockquote".split())
# Control characters are dropped, and word joiners added where they are needed: nobody sees either.
_NO_SPACE = re.compile(r"[\s\u2060\x00-\x1f\x7f-\x9f]+")


def words(markup: str) -> Words:
    """What a reader sees of HTML."""
    tree = lxml_html.fragment_fromstring(f"<div>{markup}</div>")
    marks = [element.tag for element in tree.iter() if element.tag in _MARKS]
    alts = [element.get("alt") or "" for element in tree.iter("img")]
    return (_NO_SPACE.sub("", "".join(tree.itertext())), *marks, *(_NO_SPACE.sub("", alt) for alt in alts))


def letters(text: str) -> Words:
    """What a reader sees of plain text."""
    return (_NO_SPACE.sub("", without_illegal(text)),)


@dataclass(frozen=True)
class Asked:
    """A question. ``feedback`` is by correct, incorrect, always."""

    ident: str
    kind: str
    title: str
    text: Words
    points: float
    answers: Any = ()
    feedback: dict[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A text without a question."""

    text: Words


@dataclass(frozen=True)
class Drawn:
    """A question group."""

    pick: int
    points: float
    questions: tuple[Asked, ...]


Quiz = list[Asked | Shown | Drawn]

# --- what is expected --------------------------------------------------------------------------

_DIALECT = Dialect(maths=mathjax, player=lambda address, kind: f"<a>{kind.value.capitalize()}</a>")


def expected(deck: Deck, *, flashcards: str = "rated", bank: bool = False) -> Quiz:
    """The quiz that the deck is, without idents."""
    quiz: Quiz = []
    shown: set[int] = set()
    group: Section | None = None
    for entry in deck.entries():
        picking = next((section for section in entry.sections if section.pick), None)
        if bank:
            quiz += _asked(entry, flashcards)
            continue
        for section in entry.sections:
            if section is picking:
                break
            if id(section) not in shown:
                shown.add(id(section))
                description = _rich(section.description)
                quiz.append(Shown((letters(section.section)[0] + description[0], "h3", *description[1:])))
        asked = tuple(_asked(entry, flashcards))
        if picking is None:
            quiz += asked
        elif picking is group and isinstance(last := quiz[-1], Drawn):
            every = (*last.questions, *asked)
            quiz[-1] = Drawn(min(picking.pick or 0, len(every)), last.points, every)
        else:
            quiz.append(Drawn(min(picking.pick or 0, len(asked)), entry.item.points, asked))
        group = picking
    return quiz


def _rich(text: Text | None) -> Words:
    return words(render(text, _DIALECT)) if text is not None else ("",)


def _joined(*parts: Words) -> Words:
    return ("".join(part[0] for part in parts), *(mark for part in parts for mark in part[1:]))


def _asked(entry: Entry, flashcards: str) -> Iterator[Asked]:
    item = entry.item
    yield _one(entry, item, flashcards)
    if isinstance(item, Flashcard) and item.reversed:
        swapped = Flashcard(front=item.back, back=item.front, hint=item.hint, points=item.points)
        object.__setattr__(swapped, "explanation", item.explanation)
        object.__setattr__(swapped, "source", item.source)
        yield _one(entry, swapped, flashcards)


def _one(entry: Entry, item: AnyItem, flashcards: str) -> Asked:
    kind, text, answers = _kind(item, flashcards)
    hints = []
    for number, hint in enumerate(item.hint, 1):
        hints.append(_joined(letters("Hint" if len(item.hint) == 1 else f"Hint{number}"), _rich(hint)))
    unit = [letters(f"Unit:{item.unit}")] if isinstance(item, Numeric) and item.unit else []
    feedback = {}
    if isinstance(item, Graded):
        if item.feedback_correct is not None:
            feedback["correct"] = _rich(item.feedback_correct)
        if item.feedback_incorrect is not None:
            feedback["incorrect"] = _rich(item.feedback_incorrect)
    if always := list(_always(item)):
        feedback["always"] = _joined(*always)
    return Asked("", kind, "", _joined(text, *unit, *hints), item.points, answers, feedback)


def _always(item: AnyItem) -> Iterator[Words]:
    if isinstance(item, Flashcard):
        yield _rich(item.back)
    if isinstance(item, Cloze) and item.extra is not None:
        yield _rich(item.extra)
    if isinstance(item, OpenPrompt):
        if item.model_answer is not None:
            yield ("Modelanswer", "strong")
            yield _rich(item.model_answer)
        if item.concepts:
            yield ("Agoodanswermentions", "strong", "ul")
            for concept in item.concepts:
                yield ("", "li")
                yield _rich(concept.text)
                if concept.points != 1:
                    yield (f"({concept.points:g}points)",)
        elif item.concept_count:
            yield (f"Agoodanswermentions{item.concept_count}concept{'s' if item.concept_count > 1 else ''}.",)
    if item.explanation is not None:
        yield _rich(item.explanation)
    if item.source is not None:
        yield ("Source", "strong")
        yield _rich(item.source)


def _kind(item: AnyItem, flashcards: str) -> tuple[str, Words, Any]:
    match item:
        case Flashcard():
            if flashcards == "essay":
                return "essay", _rich(item.front), ()
            rated = (("Iknewit",), True, None), (("Partly",), False, None), (("Notyet",), False, None)
            return "choice", _rich(item.front), rated
        case OpenPrompt():
            return "essay", _rich(item.stem), ()
        case TrueFalse():
            return "choice", _rich(item.stem), ((("True",), item.answer, None), (("False",), not item.answer, None))
        case MultipleChoice():
            offered = tuple(
                (_with_words(choice.text, n), choice.correct, choice.feedback and _rich(choice.feedback))
                for n, choice in enumerate(item.choices, 1)
            )
            return "choices" if item.is_multiple else "choice", _rich(item.stem), offered
        case ShortAnswer():
            typed = tuple(
                (without_illegal(answer.text).strip(), answer.feedback and _rich(answer.feedback))
                for answer in item.answers
                if answer.credit
            )
            return "short", _rich(item.stem), typed
        case Numeric():
            answer = Decimal(item.answer)
            off = Decimal(item.tolerance or 0)
            if item.tolerance_percent:
                off = abs(answer) * Decimal(item.tolerance_percent) / 100
            return "numeric", _rich(item.stem), (float(answer - off), float(answer + off))
        case Matching():
            pairs = {_with_words(pair.left, n): letters(plain(pair.right)) for n, pair in enumerate(item.pairs, 1)}
            others = {letters(plain(text)) for text in item.distractors} - set(pairs.values())
            return "matching", _rich(item.stem), (pairs, others)
        case Ordering():
            places = {_with_words(step, n): letters(str(n)) for n, step in enumerate(item.steps, 1)}
            return "matching", _rich(item.stem), (places, set())
        case Cloze():
            found = blanks.blanks(item)
            text = blanks.with_blanks(item, _DIALECT, str, lambda index, blank: _blank(index + 1, blank.hint))
            return "blanks", words(text), tuple(without_illegal(blank.answer).strip() for blank in found)


def _blank(number: int, hint: str | None) -> str:
    return BLANK.format(number) + (f"<em>({escape(without_illegal(hint))})</em>" if hint else "")


BLANK = "\u2581{}\u2581"
"""What stands in a text for a blank."""


def _with_words(text: Text, number: int) -> Words:
    seen = _rich(text)
    if re.sub(r"<[^>]*>", "", render(text, _DIALECT)).strip():
        return seen
    described = "".join(mark for mark in seen[1:] if mark not in _MARKS)
    return (described or f"Image{number}", *seen[1:])
