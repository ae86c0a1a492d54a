"""Whatever the deck: written as GIFT and read again, it is the same but for what the exporter declares."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from hypothesis import given

from cardforge.model import (
    AnyItem,
    Choice,
    Deck,
    Matching,
    MultipleChoice,
    Ordering,
    ShortAnswer,
)
from cardforge.plugin import Context
from cardforge.validation import validate
from cardforge_exporters.blanks import untypable
from cardforge_exporters.gift import GiftExporter
from cardforge_exporters.moodle import fractions
from cardforge_sources import gift
from tests.sources.moodle.arriving import both, has_sections_alike, meant, of_kind, seen, without_feedback
from tests.strategies import decks


def in_gift(item: AnyItem) -> AnyItem | None:
    """What arrives in GIFT."""
    item = replace(item, points=1.0)
    if isinstance(item, ShortAnswer):
        answers = tuple(replace(answer, text=answer.text.replace("->", "→")) for answer in item.answers)
        return of_kind(replace(item, answers=answers, case_sensitive=False))
    if isinstance(item, MultipleChoice):
        return _multiple_choice(item)
    if isinstance(item, Matching | Ordering):
        return of_kind(without_feedback(item))
    return of_kind(item)


def _multiple_choice(item: MultipleChoice) -> AnyItem | None:
    shares = fractions.shares(item)
    choices = item.choices
    if not item.is_multiple:
        choices = tuple(_with_feedback(c, item, share) for c, share in zip(choices, shares, strict=True))
    # What gives no choice all points lets several be chosen.
    is_multiple = item.is_multiple or "100" not in shares
    credits = (replace(c, credit=float(share) / 100) for c, share in zip(choices, shares, strict=True))
    return of_kind(without_feedback(replace(item, choices=tuple(credits), multiple=is_multiple, shuffle=True)))


def _with_feedback(choice: Choice, item: MultipleChoice, share: str) -> Choice:
    of_item = item.feedback_correct if share == "100" else item.feedback_incorrect
    return replace(choice, feedback=both(choice.feedback, of_item))


def written(deck: Deck) -> bytes:
    out = BytesIO()
    GiftExporter().write(deck, out, Context(now=0))
    return out.getvalue()


def read_back(data: bytes) -> Deck:
    validated = validate(gift.read_bytes(data, Path("deck.gift")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


@given(decks())
def test_a_deck_comes_back_equal(deck: Deck) -> None:
    expected = meant(deck, in_gift)
    if expected is None or has_sections_alike(deck) or list(untypable(deck)):
        return
    there = read_back(written(deck))
    assert there.id == deck.identity
    assert seen(replace(there, id=None)) == seen(expected)
