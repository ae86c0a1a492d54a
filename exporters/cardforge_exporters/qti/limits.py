"""What of a deck QTI cannot hold as it is, because of a value: told before a byte is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cardforge.diagnostics import Problem
from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import AnyItem, Cloze, Deck, MultipleChoice, Numeric, Section, ShortAnswer
from cardforge.text import Html, Text, deletions, render
from cardforge_exporters import quiz, quiz_limits
from cardforge_exporters.blanks import typed_formulas, untypable
from cardforge_exporters.mathml import kept_as_latex
from cardforge_exporters.qti import xhtml
from cardforge_exporters.qti.items import DIALECT
from cardforge_exporters.shared_losses import inherited_tags, texts_with_markup


def losses(deck: Deck) -> Iterator[Loss]:
    """What arrives in another form."""
    yield from typed_formulas(deck)
    yield from inherited_tags(deck, has_deck_tags=True)
    yield from _losses_of_texts(deck)
    yield from _long_numbers(deck)
    yield from _same_answers(deck)
    yield from _shares_and_keys(deck)
    yield from _deletions(deck)


def show(text: Text) -> str:
    """A text as QTI has it, but for the addresses of its media and their elements."""
    return xhtml.conform(render(text, DIALECT), has_audio=False)


def problems(deck: Deck) -> Iterator[Problem]:
    """What cannot arrive at all."""
    yield from untypable(deck)
    yield from quiz_limits.shown_alike(deck, show)
    yield from _numbers_out_of_range(deck)


def _losses_of_texts(deck: Deck) -> Iterator[Loss]:
    """Formulas that stay LaTeX, and what else Markdown can say and QTI cannot."""
    for part, text, item, at in texts_with_markup(deck):
        for how in kept_as_latex(part, text):
            yield Loss(Feature.MATHS, Level.ADAPTED, how, item, at, deck.span(at))
        for feature, how in _left_out(text):
            yield Loss(feature, Level.ADAPTED, how, item, at, deck.span(at))


_MAY_HAVE_MORE = re.compile(r"~~|```|\]\(|\]:|:-|-:|^[ \t>*+-]*\d", re.MULTILINE)
_LEFT_OUT = (
    (re.compile("<s>"), Feature.HTML, "QTI cannot strike text out"),
    (re.compile(' title="'), Feature.HTML, "QTI shows no titles of links and images"),
    (re.compile("<ol start="), Feature.HTML, "the numbers of a list that does not begin at 1 stand in its text"),
    (re.compile("text-align"), Feature.TABLES, "their columns are not aligned"),
    (
        re.compile(r'"language-(?![\w -]*")', re.ASCII),
        Feature.CODE,
        "its language is left out: QTI takes letters, digits and hyphens only",
    ),
)


def _left_out(text: Text) -> Iterator[tuple[Feature, str]]:
    if isinstance(text, str) and _MAY_HAVE_MORE.search(text):
        html = render(text, DIALECT)
        yield from ((feature, how) for markup, feature, how in _LEFT_OUT if markup.search(html))


def picks(deck: Deck) -> Iterator[Loss]:
    """Sections that draw at random and have sections in them, and those that draw all that they have."""
    for around, at in deck.sections():
        section = around[-1]
        place = (*at, "pick")
        if section.pick is None:
            continue
        if section.pick >= len(section.items):
            how = "all are asked: there are no more to draw from"
            yield Loss(Feature.PICK, Level.ADAPTED, how, "", place, deck.span(place))
        elif any(isinstance(node, Section) for node in section.items):
            how = "a section inside is drawn or left out as a whole"
            yield Loss(Feature.PICK, Level.ADAPTED, how, "", place, deck.span(place))


# Programs compute with binary numbers of 53 bits.
_DIGITS = 15
_GREATEST = 300


def _long_numbers(deck: Deck) -> Iterator[Loss]:
    for entry in deck.entries():
        if isinstance(entry.item, Numeric):
            numbers = (Decimal(entry.item.answer), *quiz.bounds(entry.item))
            if any(len(n.normalize().as_tuple().digits) > _DIGITS for n in numbers):
                how = f"programs compare about {_DIGITS} digits of a number"
                yield Loss(Feature.NUMERIC, Level.ADAPTED, how, entry.id, entry.at, deck.span(entry.at))


def _same_answers(deck: Deck) -> Iterator[Loss]:
    for entry in deck.entries():
        if isinstance(entry.item, ShortAnswer) and not entry.item.case_sensitive:
            read = [answer.text.strip().lower() for answer in entry.item.answers]
            if len(set(read)) < len(read):
                how = "of answers that differ in case only, the one with the most credit counts"
                yield Loss(Feature.SHORT_ANSWER, Level.ADAPTED, how, entry.id, entry.at, deck.span(entry.at))


def _shares_and_keys(deck: Deck) -> Iterator[Loss]:
    for entry in deck.entries():
        for feature, level, how in _of_scores(entry.item):
            yield Loss(feature, level, how, entry.id, entry.at, deck.span(entry.at))


def _of_scores(item: AnyItem) -> Iterator[tuple[Feature, Level, str]]:
    if isinstance(item, ShortAnswer) and len(item.answers) > 1 and not item.points:
        yield Feature.ANSWER_CREDIT, Level.DROPPED, _OF_NOTHING
    if isinstance(item, MultipleChoice):
        first = item.key[0]
        others = [(c, credit) for c, credit in zip(item.choices, item.credits, strict=True) if c is not first]
        if not item.is_multiple and item.points and any(credit == 1 for _, credit in others):
            how = "QTI names one right choice; of the others, full points tell it"
            yield Feature.MULTIPLE_CHOICE, Level.ADAPTED, how
        untold = (
            [] if item.is_multiple else [c for c, credit in others if c.correct and not (item.points and credit == 1)]
        )
        if untold:
            how = "QTI names one right choice; of the others, nothing tells that they are right"
            yield Feature.MULTIPLE_CHOICE, Level.DROPPED, how
        if not item.points and (untold or any(choice.credit is not None for choice in item.choices)):
            yield Feature.CHOICE_CREDIT, Level.DROPPED, _OF_NOTHING


_OF_NOTHING = "of 0 points, every share is 0"


def _deletions(deck: Deck) -> Iterator[Loss]:
    for entry in deck.entries():
        if isinstance(entry.item, Cloze):
            text = entry.item.text
            numbers = [d.number for d in deletions(text.html if isinstance(text, Html) else text)]
            if numbers != list(range(1, len(numbers) + 1)):
                how = "its fields have no numbers: all are asked together"
                yield Loss(Feature.CLOZE, Level.ADAPTED, how, entry.id, entry.at, deck.span(entry.at))


def _numbers_out_of_range(deck: Deck) -> Iterator[Problem]:
    for entry in deck.entries():
        if isinstance(entry.item, Numeric):
            numbers = (Decimal(entry.item.answer), *quiz.bounds(entry.item))
            if any(n and abs(n.adjusted()) > _GREATEST for n in numbers):
                message = f"QTI programs compute with numbers from 1e-{_GREATEST} to 1e{_GREATEST} only"
                fix = "give the answer in another unit, or ask for it as a short_answer"
                yield Problem("number-out-of-range", message, fix, (*entry.at, "answer"))
