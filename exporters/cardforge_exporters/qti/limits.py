"""What of a deck QTI cannot hold as it is, because of a value: told before a byte is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cardforge.diagnostics import Problem
from cardforge.fidelity import Feature, Level, Loss, adapted, dropped
from cardforge.model import Cloze, Deck, Entry, MultipleChoice, Numeric, Section, ShortAnswer
from cardforge.text import Text, render
from cardforge_exporters import quiz, quiz_limits
from cardforge_exporters.blanks import typed_formulas, untypable
from cardforge_exporters.mathml import kept_as_latex
from cardforge_exporters.qti import xhtml
from cardforge_exporters.qti.items import DIALECT
from cardforge_exporters.shared_losses import Said, inherited_tags, of_items, of_texts


def losses(deck: Deck) -> Iterator[Loss]:
    """What arrives in another form."""
    yield from typed_formulas(deck)
    yield from inherited_tags(deck, has_deck_tags=True)
    yield from of_texts(deck, _of_text)
    yield from of_items(deck, _of_number)
    yield from of_items(deck, _of_answers)
    yield from of_items(deck, _of_scores)
    yield from of_items(deck, _of_deletions)


def show(text: Text) -> str:
    """A text as QTI has it, but for the addresses of its media and their elements."""
    return xhtml.conform(render(text, DIALECT), has_audio=False)


def problems(deck: Deck) -> Iterator[Problem]:
    """What cannot arrive at all."""
    yield from untypable(deck)
    yield from quiz_limits.shown_alike(deck, show)
    yield from _numbers_out_of_range(deck)


def _of_text(part: object, text: Text) -> Said:
    """Formulas that stay LaTeX, and what else Markdown can say and QTI cannot."""
    for how in kept_as_latex(part, text):
        yield Feature.MATHS, adapted(how)
    if isinstance(text, str) and _MAY_HAVE_MORE.search(text):
        html = render(text, DIALECT)
        yield from ((feature, adapted(how)) for markup, feature, how in _LEFT_OUT if markup.search(html))


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


def picks(deck: Deck) -> Iterator[Loss]:
    """Sections that draw at random and have sections in them, and those that draw all that they have."""
    for section, _, at in deck.sections():
        place = (*at, "pick")
        if section.pick is None:
            continue
        if section.pick >= len(section.items):
            how = "all are asked: there are no more to draw from"
            yield Loss(Feature.PICK, Level.ADAPTED, how, at=place)
        elif any(isinstance(node, Section) for node in section.items):
            how = "a section inside is drawn or left out as a whole"
            yield Loss(Feature.PICK, Level.ADAPTED, how, at=place)


# Programs compute with binary numbers of 53 bits.
_DIGITS = 15
_GREATEST = 300


def _of_number(entry: Entry) -> Said:
    if isinstance(entry.item, Numeric):
        numbers = (Decimal(entry.item.answer), *quiz.bounds(entry.item))
        if any(len(n.normalize().as_tuple().digits) > _DIGITS for n in numbers):
            yield Feature.NUMERIC, adapted(f"programs compare about {_DIGITS} digits of a number")


def _of_answers(entry: Entry) -> Said:
    if isinstance(entry.item, ShortAnswer) and not entry.item.case_sensitive:
        read = [answer.text.strip().lower() for answer in entry.item.answers]
        if len(set(read)) < len(read):
            how = "of answers that differ in case only, the one with the most credit counts"
            yield Feature.SHORT_ANSWER, adapted(how)


def _of_scores(entry: Entry) -> Said:
    item = entry.item
    if isinstance(item, ShortAnswer) and len(item.answers) > 1 and not item.points:
        yield Feature.ANSWER_CREDIT, _OF_NOTHING
    if isinstance(item, MultipleChoice):
        first = item.key[0]
        others = [(c, credit) for c, credit in zip(item.choices, item.credits, strict=True) if c is not first]
        if not item.is_multiple and item.points and any(credit == 1 for _, credit in others):
            yield Feature.MULTIPLE_CHOICE, adapted("QTI names one right choice; of the others, full points tell it")
        untold = (
            [] if item.is_multiple else [c for c, credit in others if c.correct and not (item.points and credit == 1)]
        )
        if untold:
            how = "QTI names one right choice; of the others, nothing tells that they are right"
            yield Feature.MULTIPLE_CHOICE, dropped(how)
        if not item.points and (untold or any(choice.credit is not None for choice in item.choices)):
            yield Feature.CHOICE_CREDIT, _OF_NOTHING


_OF_NOTHING = dropped("of 0 points, every share is 0")


def _of_deletions(entry: Entry) -> Said:
    if isinstance(entry.item, Cloze) and not quiz.asks_in_turn(entry.item):
        yield Feature.CLOZE, adapted("its fields have no numbers: all are asked together")


def _numbers_out_of_range(deck: Deck) -> Iterator[Problem]:
    for entry in deck.entries():
        if isinstance(entry.item, Numeric):
            numbers = (Decimal(entry.item.answer), *quiz.bounds(entry.item))
            if any(n and abs(n.adjusted()) > _GREATEST for n in numbers):
                message = f"QTI programs compute with numbers from 1e-{_GREATEST} to 1e{_GREATEST} only"
                fix = "give the answer in another unit, or ask for it as a short_answer"
                yield Problem("number-out-of-range", message, fix, (*entry.at, "answer"))
