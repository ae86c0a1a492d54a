"""What depends on values: what of an item does not arrive as it is."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge.fidelity import Feature, Loss, adapted, dropped
from cardforge.model import Deck, Entry, Graded, Matching, MultipleChoice, Ordering, ShortAnswer
from cardforge_exporters.blanks import typed_formulas
from cardforge_exporters.gift.questions import as_asked
from cardforge_exporters.moodle import fractions, limits, names
from cardforge_exporters.moodle.questions import REVERSED
from cardforge_exporters.shared_losses import Said, inherited_tags, of_items

_BLANK = " (blank 999 of 999)"


def losses(deck: Deck) -> Iterator[Loss]:
    """Losses of the deck's categories, then item by item."""
    yield from limits.of_categories(deck)
    yield from typed_formulas(deck)
    yield from inherited_tags(deck)
    idnumbers = names.IdNumbers(deck)
    yield from of_items(deck, lambda entry: _of_item(entry, idnumbers))


def _of_item(entry: Entry, idnumbers: names.IdNumbers) -> Said:
    item = entry.item
    yield from limits.of_tags(entry.tags)
    suffix = _BLANK if item.KIND == "cloze" else REVERSED if item.KIND == "flashcard" else ""
    if not idnumbers.is_kept(entry.id, suffix):
        yield Feature(item.KIND), adapted("its ID number is another one: the id is long, or like another one")
    if isinstance(item, MultipleChoice):
        yield from limits.of_choices(item)
        if not item.is_multiple and "100" not in fractions.shares(item):
            yield Feature.CHOICE_CREDIT, adapted("no choice gives all points, so that several may be chosen")
    elif isinstance(item, ShortAnswer):
        yield from limits.of_answers(as_asked(item))
        if any("->" in answer.text for answer in item.answers):
            yield Feature.SHORT_ANSWER, adapted("-> becomes → in an answer: GIFT would take it for a matching")
    elif isinstance(item, Matching):
        yield from limits.of_matching(item)
    has_feedback = isinstance(item, Graded) and (item.feedback_correct or item.feedback_incorrect) is not None
    is_several = isinstance(item, MultipleChoice) and item.is_multiple
    if has_feedback and (is_several or isinstance(item, Matching | Ordering)):
        yield Feature.ITEM_FEEDBACK, dropped("GIFT has no feedback for a question of this type as a whole")
