"""What depends on values: why a deck is refused, and what of an item does not arrive as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from cardforge.diagnostics import Problem
from cardforge.fidelity import Feature, Level, Loss, adapted, dropped
from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Text, render
from cardforge.text.content import is_plain
from cardforge_exporters import quiz, quiz_limits
from cardforge_exporters.blanks import blanks, typed_formulas, untypable
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.moodle import fractions, glossary, matching, names, questions
from cardforge_exporters.moodle.categories import has_media
from cardforge_exporters.shared_losses import Said, inherited_tags, of_items


def show(text: Text) -> str:
    """A text as Moodle has it, but for the addresses of its media."""
    return render(text, DIALECT)


def refusals(deck: Deck) -> Iterator[Problem]:
    """What Moodle cannot hold in any form."""
    yield from untypable(deck)
    yield from quiz_limits.shown_alike(deck, show)
    for entry in deck.entries():
        item = entry.item
        if isinstance(item, Numeric):
            least, greatest = quiz.bounds(item)
            if max(abs(least), abs(greatest)) > Decimal("1e308"):
                fix = "ask for the number in another unit, or write the item as short_answer"
                message = "the number is too large: Moodle counts up to 1e308"
                yield Problem("number-too-large", message, fix, (*entry.at, "answer"))


def losses(deck: Deck, flashcards: str, self_check: bool) -> Iterator[Loss]:
    """What arrives in another form, deck first, then item by item."""
    if flashcards == "glossary" and all(isinstance(entry.item, Flashcard) for entry in deck.entries()):
        yield from _of_glossary_alone(deck)
    else:
        yield from of_categories(deck)
    yield from typed_formulas(deck)
    yield from inherited_tags(deck)
    idnumbers = names.IdNumbers(deck)
    yield from of_items(deck, lambda entry: _of_item(entry, idnumbers, flashcards, self_check))


def of_categories(deck: Deck) -> Iterator[Loss]:
    if deck.description is not None and has_media(deck.description):
        yield Loss(Feature.DESCRIPTION, Level.ADAPTED, _PAGE, at=("description",))
    if (name := names.category_name(deck.title)) != names.label(deck.title.strip()):
        yield Loss(Feature.SECTIONS, Level.ADAPTED, f"the deck's category is called {name!r}")
    paths: set[str] = set()
    for section, way, at in deck.sections():
        if (name := names.category_name(section.section)) != names.label(section.section.strip()):
            yield Loss(Feature.SECTIONS, Level.ADAPTED, f"the category is called {name!r}", at=at)
        if (path := names.category_path(s.section for s in way)) in paths:
            how = f"the sections called {section.section!r} become one category"
            yield Loss(Feature.SECTIONS, Level.ADAPTED, how, at=at)
        paths.add(path)
        if section.description is not None and has_media(section.description):
            yield Loss(Feature.SECTION_DESCRIPTION, Level.ADAPTED, _PAGE, at=at)


def _of_glossary_alone(deck: Deck) -> Iterator[Loss]:
    if deck.id is not None:
        yield Loss(Feature.DECK_ID, Level.DROPPED, "a glossary has no place for it", at=("id",))
    for section, _, at in deck.sections():
        said = {Feature.SECTION_DESCRIPTION: section.description, Feature.PICK: section.pick}
        for feature, value in said.items():
            if value is not None:
                yield Loss(feature, Level.DROPPED, "categories of a glossary have none", at=at)


_PAGE = "a description with media becomes a question of type description, first in its category"


def _of_item(entry: Entry, idnumbers: names.IdNumbers, flashcards: str, self_check: bool) -> Said:
    item = entry.item
    yield from of_tags(entry.tags)
    if isinstance(item, Flashcard) and flashcards == "glossary":
        yield from _of_glossary(item)
        return
    if not idnumbers.is_kept(entry.id, questions.longest_suffix(item, self_check)):
        how = f"its idnumber is {idnumbers.of(entry.id)!r}: the id is long, or like another one"
        yield Feature(item.KIND), adapted(how)
    yield from _of_points(item)
    in_text = isinstance(item, TrueFalse | OpenPrompt)
    if isinstance(item, MultipleChoice):
        yield from of_choices(item)
    elif isinstance(item, ShortAnswer):
        yield from of_answers(item)
    elif isinstance(item, Numeric):
        yield from _of_number(item)
    elif isinstance(item, Matching):
        yield from of_matching(item)
    elif isinstance(item, Cloze):
        yield from _of_cloze(item)
    elif isinstance(item, OpenPrompt) and self_check and item.concepts:
        yield from _of_self_check(item)
    elif isinstance(item, Flashcard):
        in_text = flashcards == "rated" or not questions.can_be_typed(item.back)
        if flashcards == "shortanswer":
            yield from _of_typed_flashcard(item)
    if item.hint and in_text:
        how = "to be opened in the question's text: Moodle has no hints for questions of this type"
        yield Feature.HINT, adapted(how)


def _of_typed_flashcard(item: Flashcard) -> Said:
    """Of the back, and of the front where that is asked for, too: what only the learner can rate."""
    no_line = f"is no line of plain text of up to {questions.LONGEST_TYPED_BACK} characters"
    is_typed = questions.can_be_typed(item.back)
    if not is_typed:
        yield Feature.FLASHCARD, adapted(f"rated by the learner: its back {no_line}")
    if item.reversed and not questions.can_be_typed(item.front):
        yield Feature.REVERSED, adapted(f"as a second question, rated by the learner: the front {no_line}")
        if item.hint and is_typed:
            how = "in the second question to be opened in its text: Moodle has no hints for questions of this type"
            yield Feature.HINT, adapted(how)


def of_tags(tags: Sequence[str]) -> Said:
    seen: dict[str, str] = {}
    for name in tags:
        kept = names.tag(name)
        if not kept:
            yield Feature.TAGS, dropped(f"{name!r} is left out: Moodle keeps nothing of it")
        elif (first := seen.setdefault(kept.lower(), name)) != name:
            yield Feature.TAGS, dropped(f"{name!r} is left out: to Moodle it is {first!r}")
        elif kept != name:
            yield Feature.TAGS, adapted(f"{name!r} becomes {kept!r}")


def _of_points(item: AnyItem) -> Said:
    if isinstance(item, Cloze):
        count = len(blanks(item))
        worth = count * questions.blank_weight(item)
        if worth != item.points:
            how = f"{worth} instead of {item.points:g}: each blank counts whole points in Moodle"
            yield Feature.POINTS, adapted(how)
    elif item.points > questions.MOST_POINTS or (item.points and not float(questions.points(item))):
        yield Feature.POINTS, adapted(f"{item.points:g} becomes {questions.points(item)}")


def of_choices(item: MultipleChoice) -> Said:
    for number, choice in enumerate(item.choices, 1):
        if choice.credit is not None and not fractions.is_exact(choice.credit):
            yield Feature.CHOICE_CREDIT, adapted(f"choice {number}: {_becomes(choice.credit)}")
    by_default = [choice for choice in item.key if choice.credit is None]
    if item.is_multiple and by_default and len(item.key) > 10:
        count = len(item.key)
        how = (
            f"{20 - count} right choices count 10 % and {2 * count - 20} count 5 %: Moodle knows no share of 1/{count}"
        )
        if count > 20:
            how = f"any 20 of the {count} right choices give all points: Moodle knows no share below 5 %"
        elif count == 20:
            return
        yield Feature.CHOICE_CREDIT, adapted(how)
    shares = [float(share) for share in fractions.shares(item)]
    best, is_multiple = max(*shares, 0.01), item.is_multiple
    for number, (choice, share) in enumerate(zip(item.choices, shares, strict=True), 1):
        if choice.correct != (share > 0 if is_multiple else share == best):
            yield Feature.CHOICE_CREDIT, adapted(f"choice {number}: to Moodle, its points say whether it is right")
    if (most := fractions.most(item)) < 99.99:
        yield Feature.CHOICE_CREDIT, adapted(f"the best response gets {most:g} % of the points, never all")


def _becomes(credit: float) -> str:
    return f"{100 * credit:g} % becomes {fractions.nearest(credit)} %"


def of_answers(item: ShortAnswer) -> Said:
    for hidden, first in questions.alike(item):
        yield Feature.SHORT_ANSWER, adapted(f"'{hidden}' is never reached: to Moodle it is '{first}', which counts")
    for answer, share in zip(item.answers, questions.answer_shares(item), strict=True):
        if abs(float(share) - 100 * answer.credit) >= 0.1:
            how = f"'{answer.text}': {100 * answer.credit:g} % becomes {share} %"
            yield Feature.ANSWER_CREDIT, adapted(how)


def _of_number(item: Numeric) -> Said:
    if (kept := questions.kept(Decimal(item.answer))) != Decimal(item.answer):
        yield Feature.NUMERIC, adapted(f"{item.answer} becomes {kept:g}: Moodle counts with 14 digits")
    if item.unit is not None and not questions.unit_can_be_typed(item.unit):
        yield Feature.UNIT, adapted(f"{item.unit!r} cannot be told from a number, so that answers are typed without it")


def of_matching(item: Matching) -> Said:
    if matching.as_lines(item) is None:
        how = "the question's text lists the right sides, and its menus offer their numbers (they hold short lines)"
        yield Feature.MATCHING, adapted(how)
    elif any(not (isinstance(text, str) and is_plain(text)) for text in item.offered):
        yield Feature.MATCHING, adapted("right sides as plain text, without their formatting")


def _of_cloze(item: Cloze) -> Said:
    if any(blank.hint for blank in blanks(item)):
        yield Feature.CLOZE, adapted("the hint of a blank stands behind it")
    if not quiz.asks_in_turn(item):
        yield Feature.CLOZE, adapted("all blanks are asked at once, without the numbers that ask some together")


def _of_self_check(item: OpenPrompt) -> Said:
    worth = [float(share) for share in fractions.concept_shares(item.concepts)]
    total = sum(concept.points for concept in item.concepts)
    meant = [100 * concept.points / total if total else 0 for concept in item.concepts]
    if any(abs(a - b) >= 0.1 for a, b in zip(worth, meant, strict=True)):
        yield Feature.CONCEPT_POINTS, adapted("in the self-check: " + ", ".join(f"{share:g} %" for share in worth))


def _of_glossary(item: Flashcard) -> Said:
    if item.points != 1:
        yield Feature.POINTS, dropped("a glossary has no points")
    if item.hint:
        yield Feature.HINT, adapted("to be opened in the definition")
    if not glossary.is_whole(item):
        yield Feature.FLASHCARD, adapted("the front stands whole in the definition, and as plain text in the concept")
