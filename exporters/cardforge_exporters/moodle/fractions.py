"""The shares of the points that Moodle knows: its import refuses any other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

from cardforge.model import Concept, MultipleChoice

_PERCENTS = "100 90 83.33333 80 75 70 66.66667 60 50 40 33.33333 30 25 20 16.66667 14.28571 12.5 11.11111 10 5".split()
ALLOWED = ("0", *_PERCENTS, *(f"-{percent}" for percent in _PERCENTS))
"""Percentages as Moodle writes them."""


@lru_cache(maxsize=4096)
def nearest(credit: float) -> str:
    """The percentage that is nearest to a credit from -1 to 1."""
    return min(ALLOWED, key=lambda percent: abs(float(percent) - 100 * credit))


def is_exact(credit: float) -> bool:
    """Whether Moodle knows this credit, give or take a tenth of a percent."""
    return abs(float(nearest(credit)) - 100 * credit) < 0.1


def even(count: int) -> Sequence[str]:
    """The shares of ``count`` right choices, even as far as Moodle allows.

    Up to 10 they are equal; from 11 to 20 some are 10 % and some 5 %, 100 % in all; beyond, any 20 give all points.
    """
    if count <= 10:
        return [nearest(1 / count)] * count
    tens = max(20 - count, 0)
    return ["10"] * tens + ["5"] * (count - tens)


def shares(item: MultipleChoice) -> list[str]:
    """The percentage of each choice."""
    by_default = iter(even(len(item.key))) if item.is_multiple else repeat("100")
    return [
        nearest(choice.credit) if choice.credit is not None else next(by_default) if choice.correct else "0"
        for choice in item.choices
    ]


def most(item: MultipleChoice) -> float:
    """The percentage of the points that the best response gets."""
    percents = [float(share) for share in shares(item)]
    return sum(percent for percent in percents if percent > 0) if item.is_multiple else max(percents)


def concept_shares(concepts: Sequence[Concept]) -> Sequence[str]:
    """The percentages of concepts to be ticked off: by their points where Moodle knows such shares, else even."""
    total = sum(concept.points for concept in concepts)
    if total and all(is_exact(concept.points / total) for concept in concepts):
        return [nearest(concept.points / total) for concept in concepts]
    return even(len(concepts))
