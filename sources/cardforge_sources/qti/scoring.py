"""What an answer is worth and what is shown after it, found by trying answers: the same for all versions of QTI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cardforge_sources.qti.numbers import NotUnderstood
from cardforge_sources.qti.question import MARK

ANY = "*"
"""What feedback belongs to that is an answer's own, whichever shows it."""
WRONG = f"{MARK} wrong"
"""An answer that nobody gives."""
MOST_CHOICES = 500
"""As many choices are tried."""
MOST_STEPS = 3_000_000
"""As many steps of rules are run for one item."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The score of an answer, and the feedback (by its key) that is shown after it."""

    score: Decimal
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """How choices are scored. ``scores`` is what each is worth by itself; ``whole`` is the right answer as a whole.

    ``is_sum`` says that an answer is worth what its choices are worth together.
    """

    right: frozenset[str]
    scores: Mapping[str, Decimal]
    best: Decimal
    is_sum: bool
    singles: Mapping[str, Judged]
    whole: Judged
    empty: Judged


def bounded(size: int, tries: int) -> None:
    """Raise NotUnderstood where so many answers cannot be tried in a moment."""
    if size * tries > MOST_STEPS:
        raise NotUnderstood(f"{tries:,} answers to try on {size:,} rules")


def of_choices(
    judge: Callable[[Sequence[str]], Judged],
    names: Sequence[str],
    is_multiple: bool,
    declared: Sequence[str],
    tried: Iterable[Sequence[str]] = (),
    full: Decimal | None = None,
) -> ChoiceKey:
    """The key of choices.

    ``declared`` are those said to be right, ``tried`` sets of choices that the rules name; ``full`` is the score of a
    right choice, where it is known.
    """
    empty = judge(())
    singles = {name: judge((name,)) for name in names}
    scores = {name: judged.score for name, judged in singles.items()}
    best = max(scores.values(), default=Decimal(0))
    right = frozenset(name for name in declared if name in singles)
    if not is_multiple:
        right |= {name for name, score in scores.items() if score == (full or best) > 0}
        whole = singles[max(right, key=lambda name: scores[name])] if right else empty
        return ChoiceKey(right, scores, best, True, singles, whole, empty)
    whole = judge(sorted(right)) if right else empty
    if not right:
        for named in (*tried, [name for name, score in scores.items() if score > 0]):
            chosen = [name for name in named if name in singles]
            judged = judge(chosen) if chosen else empty
            if judged.score > whole.score and judged.score >= best:
                right, whole = frozenset(chosen), judged
        if not right and best > 0:
            right = frozenset(name for name, score in scores.items() if score == best)
            whole = singles[next(iter(right))]
    total = sum((scores[name] for name in right), Decimal(0))
    is_sum = abs(total - whole.score) <= abs(whole.score) / 100
    return ChoiceKey(right, scores, max(best, whole.score), is_sum, singles, whole, empty)


@dataclass(slots=True)
class Shown:
    """Feedback by when it is shown, each as its key."""

    always: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    of: dict[str, list[str]] = field(default_factory=dict)
    never: list[str] = field(default_factory=list)


def sorted_out(
    feedback: Iterable[str],
    singles: Mapping[str, Judged],
    right: frozenset[str],
    whole: Judged,
    empty: Judged,
    belongs: Callable[[str], str | None] = lambda key: None,
    named: Mapping[str, str] | None = None,
) -> Shown:
    """Which feedback is whose. ``singles`` are answers, ``right`` those of them that are right, ``whole`` the key.

    ``belongs`` tells of a feedback which answer it stands in, or is named after; ``named`` are those whose names say
    when they are shown: ``always``, ``right`` or ``wrong``.
    """
    found = Shown()
    wrong = singles.keys() - right
    lists = {"always": found.always, "right": found.right, "wrong": found.wrong}
    for key in feedback:
        if named and key in named:
            lists[named[key]].append(key)
            continue
        at = {name for name, judged in singles.items() if key in judged.shown}
        owner = belongs(key)
        is_everywhere = key in whole.shown and len(at) == len(singles)
        if owner == ANY and at:
            for name in at:
                found.of.setdefault(name, []).append(key)
        elif owner in singles and (owner in at or not at) and not (is_everywhere and len(singles) > 1):
            found.of.setdefault(str(owner), []).append(key)
        elif is_everywhere and (wrong or key in empty.shown or not singles):
            found.always.append(key)
        elif key in whole.shown and at <= right and (at == right or not at):
            found.right.append(key)
        elif key not in whole.shown and at and wrong <= at:
            found.wrong.append(key)
        elif at:
            for name in singles:
                if name in at:
                    found.of.setdefault(name, []).append(key)
        elif key in whole.shown:
            found.right.append(key)
        elif key in empty.shown:
            found.wrong.append(key)
        else:
            found.never.append(key)
    return found
