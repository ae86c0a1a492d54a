"""What becomes of single items and texts that a page cannot show as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from cardforge.fidelity import MEDIA_FEATURES, Feature, Loss, adapted
from cardforge.model import Cloze, Deck, Entry, MultipleChoice
from cardforge.text import Text, cloze, facts
from cardforge_exporters.blanks import typed_formulas
from cardforge_exporters.html.items import can_be_typed
from cardforge_exporters.html.media import UNSEEN
from cardforge_exporters.mathml import kept_as_latex
from cardforge_exporters.shared_losses import Said, of_items, of_texts, words_of_players


def losses(deck: Deck) -> Iterator[Loss]:
    """Deletions that are typed as LaTeX or not at all, formulas that stay LaTeX, files that few browsers show, words
    that players do not show.
    """
    yield from typed_formulas(deck)
    yield from of_items(deck, _of_item)
    yield from of_texts(deck, _of_text)


def _of_item(entry: Entry) -> Said:
    if isinstance(entry.item, MultipleChoice) and any(credit < 0 for credit in entry.item.credits):
        how = "a minus takes from what the other choices of the item give" if entry.item.is_multiple else "a minus is 0"
        yield Feature.CHOICE_CREDIT, adapted(f"{how}: no item counts less than nothing")
    if isinstance(entry.item, Cloze) and not can_be_typed(entry.item):
        how = "a deletion has no text that could be typed: the learner says it, and judges"
        yield Feature.CLOZE, adapted(how)


def _of_text(part: object, text: Text) -> Said:
    yield from ((Feature.MATHS, adapted(how)) for how in kept_as_latex(part, text))
    # The words in a deletion are typed, or stand in its field.
    is_cloze = isinstance(part, Cloze) and text == part.text
    yield from words_of_players(cloze.replaced(text, lambda _index, _deletion: "") if is_cloze else text)
    for reference in facts(text).media:
        suffix = PurePosixPath(reference.path).suffix.lower()
        if suffix in UNSEEN:
            yield MEDIA_FEATURES[reference.kind], adapted(f"not every browser knows files that end in {suffix}")
