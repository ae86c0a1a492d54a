"""Which numbers are right: found by trying the numbers at which the rules can turn, and those between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from cardforge_sources.qti.numbers import EXACT
from cardforge_sources.qti.scoring import Judged

_MOST = 300


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from ``least`` to ``most`` are right. ``has_partial`` says that others are worth less, but something."""

    least: Decimal
    answer: Decimal
    most: Decimal
    score: Decimal
    has_partial: bool


def right_range(
    judge: Callable[[Decimal], Judged], critical: Iterable[Decimal], declared: Decimal | None
) -> Range | None:
    """The range of right numbers around the declared one, or else around the first that is worth most."""
    points = sorted(set(critical))[:_MOST]
    if not points:
        return None
    with localcontext(EXACT):
        between = [(low + high) / 2 for low, high in pairwise(points)]
        scores = [judge(point).score for point in points]
        between_scores = [judge(point).score for point in between]
        best = max([*scores, *between_scores])
        if best <= 0:
            return None
        # Of an open range, a point between two bounds is right, and neither bound is.
        starts = [i for i, score in enumerate(scores) if score == best]
        if declared is not None and declared in points and scores[points.index(declared)] == best:
            first = last = points.index(declared)
            answer = declared
        elif starts:
            first = last = starts[0]
            answer = None
        else:
            first = between_scores.index(best)
            last, answer = first + 1, None
        while first > 0 and between_scores[first - 1] == best:
            first -= 1
        while last < len(between) and between_scores[last] == best:
            last += 1
        least, most = points[first], points[last]
        partial = any(0 < score < best for score in (*scores, *between_scores))
        elsewhere = any(score == best and not first <= i <= last for i, score in enumerate(scores))
        middle = (least + most) / 2 if answer is None else answer
        return Range(least, middle, most, best, partial or elsewhere)
