"""What of a deck Canvas cannot hold, as far as it depends on values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cardforge.diagnostics import Loc, Problem
from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import (
    AnyItem,
    Choice,
    Deck,
    Entry,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    main_text,
)
from cardforge.text import Html, Text
from cardforge.text.content import is_plain
from cardforge_exporters import quiz, quiz_limits
from cardforge_exporters.canvas import markup
from cardforge_exporters.canvas.package import Group, group_at, parts
from cardforge_exporters.canvas.qti import LONGEST_TITLE
from cardforge_exporters.canvas.questions import Asking, exact, words_for

LONGEST_TEXT = 16 * 1024
"""Of a question, in characters of HTML. In place of a longer one, Canvas puts an error message."""
_GROWTH = 40
"""At most so many characters of HTML come of one character of Markdown: of code, a tag around each sign."""

# The addresses that Canvas gives to media are about as long as this.
_asking = Asking(lambda path: "/courses/1234567/files/12345678/preview?verifier=" + "x" * 40)


def show(text: Text) -> str:
    """A text as Canvas has it."""
    return _asking.html(text)


def losses(deck: Deck, *, bank: bool) -> Iterator[Loss]:
    """What arrives in another form, or does not arrive."""
    for at, feature, level, how in _of_deck(deck, bank):
        yield Loss(feature, level, how, at=at)
    for entry in deck.entries():
        for inner, feature, level, how in _of_item(entry.item):
            yield Loss(feature, level, how, entry.id, (*entry.at, *inner))
    if not bank:
        yield from _of_groups(deck)


_Found = tuple[Loc, Feature, Level, str]


def _of_deck(deck: Deck, bank: bool) -> Iterator[_Found]:
    cut = f"Canvas takes {LONGEST_TITLE} characters, so its end is cut off"
    if len(deck.title) > LONGEST_TITLE:
        yield ("title",), Feature.DESCRIPTION, Level.ADAPTED, f"the title: {cut}"
    if bank:
        return
    for section, way, at in deck.sections():
        group = next((outer for outer in way[:-1] if outer.pick), None)
        if len(section.section) > LONGEST_TITLE and section.pick and not group:
            yield (*at, "section"), Feature.SECTIONS, Level.ADAPTED, f"the title: {cut}"
        if group:
            how = f"its questions join the question group {group.section!r}: Canvas has no groups inside a group"
            yield (*at, "section"), Feature.SECTIONS, Level.DROPPED, how
        if group and section.pick:
            yield (*at, "pick"), Feature.PICK, Level.DROPPED, "a section around it draws already"
        if section.description and (group or section.pick):
            how = "a question group shows no text of its own"
            yield (*at, "description"), Feature.SECTION_DESCRIPTION, Level.DROPPED, how


def _of_groups(deck: Deck) -> Iterator[Loss]:
    """In a question group, every question is worth what the first one is."""
    for group in parts(deck):
        if not isinstance(group, Group):
            continue
        if (group.section.pick or 0) >= len(group.entries):
            at: Loc = (*(group_at(group.entries[0]) or ()), "pick")
            there = "is one question" if group.count == 1 else f"are {group.count} questions"
            how = f"there {there} to draw from"
            yield Loss(Feature.PICK, Level.ADAPTED, how, at=at)
        for entry in group.entries:
            if entry.item.points != group.points:
                how = (
                    f"worth {group.points:g} instead of {entry.item.points:g}: "
                    "in a question group all questions are worth what the first one is"
                )
                at = (*entry.at, "points") if entry.item.points != 1 else entry.at
                yield Loss(Feature.POINTS, Level.ADAPTED, how, entry.id, at)


def _of_item(item: AnyItem) -> Iterator[_Found]:
    match item:
        case MultipleChoice():
            if len(item.key) > 1 and not item.is_multiple:
                how = "Classic Quizzes takes any of the right choices, New Quizzes is made for a single one"
                yield (), Feature.MULTIPLE_CHOICE, Level.ADAPTED, how
            share = 1 / len(item.key) if item.is_multiple else 1.0
            wrong = -share if item.is_multiple else 0.0
            for index, choice in enumerate(item.choices):
                at = ("choices", index)
                yield from _without_words(choice.text, index + 1, (*at, "text"))
                yield from _credit(choice, share if choice.correct else wrong, at)
        case ShortAnswer():
            for index, answer in enumerate(item.answers):
                if not answer.credit:
                    how = f"'{answer.text}' is left out: Canvas lists right answers only"
                    feature = Feature.ANSWER_CREDIT if answer.feedback is None else Feature.ANSWER_FEEDBACK
                    yield ("answers", index), feature, Level.DROPPED, how
                elif answer.credit != 1:
                    how = f"'{answer.text}' gives full points instead of {answer.credit:g}"
                    yield ("answers", index), Feature.ANSWER_CREDIT, Level.DROPPED, how
        case Numeric():
            kept = Decimal(repr(float(item.answer)))
            if kept != Decimal(item.answer):
                how = f"Canvas keeps about 16 digits of a number: {exact(item)} becomes {quiz.decimal(kept)}"
                yield ("answer",), Feature.NUMERIC, Level.ADAPTED, how
        case Matching():
            yield from _menus(item)
        case Ordering():
            for index, step in enumerate(item.steps):
                yield from _without_words(step, index + 1, ("steps", index))


def _credit(choice: Choice, given: float, at: Loc) -> Iterator[_Found]:
    # Shares are written with a few digits: 0.33 is a third.
    if choice.credit is not None and abs(choice.credit - given) > 0.005:
        how = f"worth {given:.3g} of the points instead of {choice.credit:g}: Canvas counts a choice as right or wrong"
        yield (*at, "credit"), Feature.CHOICE_CREDIT, Level.DROPPED, how


def _without_words(text: Text, number: int, at: Loc) -> Iterator[_Found]:
    if isinstance(text, str) and is_plain(text):
        return
    html = show(text)
    if not markup.has_words(html):
        how = (
            f"Canvas wants words beside an image, so '{words_for(html, number)}' goes with it, for screen readers only"
        )
        yield at, Feature.IMAGES, Level.ADAPTED, how


def _menus(item: Matching) -> Iterator[_Found]:
    """The right sides: they are shown in a menu, which has no markup."""
    for index, pair in enumerate(item.pairs):
        yield from _without_words(pair.left, index + 1, ("pairs", index, "left"))
        yield from _in_a_menu(pair.right, ("pairs", index, "right"))
    rights = {markup.menu_line(pair.right) for pair in item.pairs}
    for index, text in enumerate(item.distractors):
        at = ("distractors", index)
        yield from _in_a_menu(text, at)
        if markup.menu_line(text) in rights:
            how = "without its markup it is the right side of a pair"
            yield at, Feature.DISTRACTORS, Level.DROPPED, how


def _in_a_menu(text: Text, at: Loc) -> Iterator[_Found]:
    if isinstance(text, str) and is_plain(text):
        return
    html = show(text).replace("<span></span>", "")  # that defuses what MathJax would read, and shows nothing
    if "<" in html or "\\(" in html or "\\[" in html:
        how = f"a right side is shown in a menu, without markup, as '{markup.menu_line(text)}'"
        yield at, Feature.MATCHING, Level.ADAPTED, how


def refusals(deck: Deck, *, bank: bool) -> Iterator[Problem]:
    """What Canvas's importer would not take."""
    if not bank:
        for section, way, at in deck.sections():
            if section.description and not any(around.pick for around in way):
                yield from _too_long(_asking.beginning(section).text, (*at, "description"))
    refused = [problem for entry in deck.entries() for problem in _refused(entry)]
    yield from refused
    places = {problem.at for problem in refused}
    yield from (p for p in quiz_limits.shown_alike(deck, show) if p.at not in places)


def _refused(entry: Entry) -> Iterator[Problem]:
    item = entry.item
    asks = [main_text(item), *item.hint]
    if isinstance(item, Flashcard) and item.reversed:
        asks.append(item.back)
    written = sum(len(text.html if isinstance(text, Html) else text) for text in asks)
    if written * _GROWTH > LONGEST_TEXT:
        for which, question in _asking.questions(item):
            yield from _too_long(question.text, (*entry.at, "back" if which else _main_field(item)))
    if isinstance(item, Numeric) and not _fits(item):
        fix = "write a smaller number, or name the unit so that it becomes smaller (m instead of mm)"
        yield Problem("number-too-large", "Canvas has no number as large as this", fix, (*entry.at, "answer"))
    if isinstance(item, Matching | Ordering):
        yield from _too_many(item, entry.at)
    if isinstance(item, Matching):
        sides: list[tuple[Loc, Text]] = [
            (("pairs", index, "right"), pair.right) for index, pair in enumerate(item.pairs)
        ]
        sides += [(("distractors", index), text) for index, text in enumerate(item.distractors)]
        shown: dict[str, Text] = {}
        for inner, text in sides:
            line = markup.menu_line(text)
            if line and shown.setdefault(line, text) != text:
                message = f"Canvas shows right sides in a menu, without markup, and two of them read '{line}' there"
                fix = "write them so that they differ without markup too"
                yield Problem("right-sides-alike", message, fix, (*entry.at, *inner))
            if not line:
                message = "Canvas shows right sides in a menu, and this one has no text to be shown there"
                fix = "describe the image (![what it shows](file.png)), or make it the left side"
                yield Problem("right-side-without-text", message, fix, (*entry.at, *inner))


def _too_many(item: Matching | Ordering, at: Loc) -> Iterator[Problem]:
    """Every left side has a menu of all right sides."""
    if isinstance(item, Ordering):
        menus, lines, what = len(item.steps), len(item.steps), "steps"
    else:
        menus, lines, what = len(item.pairs), len(item.pairs) + len(item.distractors), "pairs"
    if menus * lines > MOST_LINES:
        message = f"Canvas has a menu of all {what} beside each, and of {menus:,} these have {menus * lines:,} lines"
        yield Problem("question-too-long", message, f"split it into questions of fewer {what}", (*at, what))


MOST_LINES = 250_000
"""Of the menus of a question, together; an export of more would take gigabytes."""


def _too_long(html: str, at: Loc) -> Iterator[Problem]:
    if len(html) > LONGEST_TEXT:
        message = f"Canvas takes {LONGEST_TEXT:,} characters of HTML a question, and this is {len(html):,}"
        fix = "shorten the text, or move a part of it into the explanation"
        yield Problem("question-too-long", message, fix, at)


def _main_field(item: AnyItem) -> str:
    return next(name for name in ("stem", "front", "text") if hasattr(item, name))


def _fits(item: Numeric) -> bool:
    return all(abs(bound) < Decimal("1.7e308") for bound in quiz.bounds(item))
