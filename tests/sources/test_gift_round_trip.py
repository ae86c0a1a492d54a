"""Whatever the deck: written as GIFT and read again, it is the same but for what the exporter declares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given

from cardforge.api import export
from cardforge.diagnostics import InvalidDeck
from cardforge.fidelity import Feature
from cardforge.model import (
    AnyItem,
    Choice,
    Deck,
    Matching,
    MultipleChoice,
    Ordering,
    ShortAnswer,
)
from cardforge.validation import validate
from cardforge_exporters.moodle import fractions
from cardforge_sources import gift
from tests.sources.declared import Declared, Told
from tests.sources.moodle.arriving import (
    both,
    has_sections_alike,
    meant,
    of_kind,
    seen,
    typed_clozes,
    without_feedback,
)
from tests.strategies import decks


def in_gift(item: AnyItem, told: Told) -> AnyItem | None:
    """What arrives in GIFT."""
    if told(Feature.POINTS):
        item = replace(item, points=1.0)
    if isinstance(item, ShortAnswer):
        answers = item.answers
        if told(Feature.SHORT_ANSWER):
            answers = tuple(replace(answer, text=answer.text.replace("->", "→")) for answer in answers)
        is_sensitive = item.case_sensitive and not told(Feature.CASE_SENSITIVE)
        return of_kind(replace(item, answers=answers, case_sensitive=is_sensitive), told)
    if isinstance(item, MultipleChoice):
        return _multiple_choice(item, told)
    if isinstance(item, Matching | Ordering) and told(Feature.ITEM_FEEDBACK):
        return of_kind(without_feedback(item), told)
    return of_kind(item, told)


def _multiple_choice(item: MultipleChoice, told: Told) -> AnyItem | None:
    shares = fractions.shares(item)
    choices = item.choices
    if told(Feature.ITEM_FEEDBACK) and not item.is_multiple:
        choices = tuple(_with_feedback(c, item, share) for c, share in zip(choices, shares, strict=True))
    # What gives no choice all points lets several be chosen.
    is_multiple = item.is_multiple or (told(Feature.CHOICE_CREDIT) and "100" not in shares)
    credits = (replace(c, credit=float(share) / 100) for c, share in zip(choices, shares, strict=True))
    item = replace(item, choices=tuple(credits), multiple=is_multiple)
    if told(Feature.FIXED_ORDER):
        item = replace(item, shuffle=True)
    return of_kind(without_feedback(item) if told(Feature.ITEM_FEEDBACK) else item, told)


def _with_feedback(choice: Choice, item: MultipleChoice, share: str) -> Choice:
    of_item = item.feedback_correct if share == "100" else item.feedback_incorrect
    return replace(choice, feedback=both(choice.feedback, of_item))


def read_back(data: bytes) -> Deck:
    validated = validate(gift.read_bytes(data, Path("deck.gift")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


@given(decks())
def test_a_deck_comes_back_equal(deck: Deck) -> None:
    try:
        made = export(deck, "gift", now=0)
    except InvalidDeck:  # and it says why
        return
    declared = Declared(made.losses)
    expected = meant(deck, in_gift, declared)
    if expected is None or has_sections_alike(deck):
        return
    there = read_back(made.data)
    assert there.id == deck.identity
    typed = typed_clozes(deck, declared)
    assert seen(replace(there, id=deck.id), typed) == seen(expected, typed)
