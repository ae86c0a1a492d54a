"""What becomes of single items and texts that a page cannot show as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import Cloze, Deck
from cardforge.text import MediaKind, Text, facts
from cardforge_exporters.blanks import typed_formulas
from cardforge_exporters.html.items import can_be_typed
from cardforge_exporters.html.media import UNSEEN
from cardforge_exporters.mathml import kept_as_latex
from cardforge_exporters.shared_losses import texts_with_markup, words_of_players

_FEATURES = {MediaKind.IMAGE: Feature.IMAGES, MediaKind.AUDIO: Feature.AUDIO, MediaKind.VIDEO: Feature.VIDEO}


def losses(deck: Deck) -> Iterator[Loss]:
    """Deletions that are typed as LaTeX or not at all, formulas that stay LaTeX, files that few browsers show, words
    that players do not show.
    """
    yield from typed_formulas(deck)
    for entry in deck.entries():
        if isinstance(entry.item, Cloze) and not can_be_typed(entry.item):
            how = "a deletion is an image without a description: the learner says it, and judges"
            yield Loss(Feature.CLOZE, Level.ADAPTED, how, entry.id, entry.at, deck.span(entry.at))
    for part, text, item, at in texts_with_markup(deck):
        for feature, how in _of_text(part, text):
            yield Loss(feature, Level.ADAPTED, how, item, at, deck.span(at))


def _of_text(part: object, text: Text) -> Iterator[tuple[Feature, str]]:
    yield from ((Feature.MATHS, how) for how in kept_as_latex(part, text))
    yield from words_of_players(text)
    for reference in facts(text).media:
        suffix = PurePosixPath(reference.path).suffix.lower()
        if suffix in UNSEEN:
            yield _FEATURES[reference.kind], f"not every browser knows files that end in {suffix}"
