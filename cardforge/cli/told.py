"""What is told of a file: every mistake, and what has the same cause once, with a count and where else it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from cardforge.cli.printing import say
from cardforge.diagnostics import MOST_SHOWN, Diagnostic, Severity

if TYPE_CHECKING:
    from cardforge.model import Deck

_OF_TEXTS = "html-removed"
_WIDTH = 100


def say_warnings(deck: Deck) -> int:
    """Print what is told of a deck, and return how many warnings that are."""
    say_diagnostics(deck.origin.warnings, is_foreign=deck.origin.is_beginning)
    return len(deck.origin.warnings)


def say_diagnostics(diagnostics: Sequence[Diagnostic], *, is_foreign: bool = False) -> None:
    """Print the mistakes and warnings of a file, as many as a person reads, and count the rest: no error is for a
    warning's sake. ``is_foreign``: another program wrote it, so that nobody mends its texts there.
    """
    groups = _summed(diagnostics, is_foreign)
    errors_first = sorted(range(len(groups)), key=lambda index: groups[index][0].severity is not Severity.ERROR)
    shown = [groups[index] for index in sorted(errors_first[:MOST_SHOWN])]
    lines = [_told(group) for group in shown]
    if left := len(diagnostics) - sum(map(len, shown)):
        lines.append(f"… and {left:,} more ({len(diagnostics):,} in all)")
        lines.append("cardforge export --report FILE lists every one")
    if lines:
        say("\n".join(lines), error=True)


def _summed(diagnostics: Sequence[Diagnostic], is_foreign: bool) -> list[list[Diagnostic]]:
    """The diagnostics in their order, with those together that have the same cause, where they are more than a few.

    Each error is one of its own. Warnings are alike when they differ in their subject only. What the texts of a
    foreign file say in HTML that no export has is alike whatever it is.
    """
    causes = [_cause(told, is_foreign) for told in diagnostics]
    counts = Counter(causes)
    few = 1 if is_foreign else _FEW
    groups: dict[object, list[Diagnostic]] = {}
    for number, (told, cause) in enumerate(zip(diagnostics, causes, strict=True)):
        is_one_of_many = cause is not None and (counts[cause] > few or cause == _OF_TEXTS)
        if cause == _OF_TEXTS:
            told = replace(told, fix="nothing, unless something is missing in the export")
        groups.setdefault(cause if is_one_of_many else number, []).append(told)
    return list(groups.values())


_FEW = 3
"""As many of a cause are told one by one in a file that somebody wrote, and will mend."""


def _cause(told: Diagnostic, is_foreign: bool) -> object:
    """What a warning has in common with those that are alike; None for an error."""
    if told.severity is Severity.ERROR:
        return None
    if is_foreign and told.code == _OF_TEXTS:
        return _OF_TEXTS
    words = told.message.replace(told.subject, "", 1) if told.subject else told.message
    return told.code, told.fix, words


def _told(group: Sequence[Diagnostic]) -> str:
    first, *others = group
    if not others:
        return str(first)
    where = _shortened(list(dict.fromkeys(_places(first, others))))
    return f"{first}\n  and {len(others):,} more like it{where and ': '}{where}"


def _places(first: Diagnostic, others: Sequence[Diagnostic]) -> Iterator[str]:
    """Where the others are, as far as it is not where the first one is: their subject, the line or the file."""
    for other in others:
        if other.subject and other.subject != first.subject:
            yield other.subject
        elif other.span and first.span and other.span.path != first.span.path:
            yield PurePath(other.span.path).name
        elif other.span and first.span and other.span.line != first.span.line:
            yield f"line {other.span.line:,}"


def _shortened(places: Sequence[str]) -> str:
    """As many of the places as a line can hold."""
    shown = ""
    for place in places:
        if shown and len(shown) + len(place) > _WIDTH:
            return f"{shown}, …"
        shown += f", {place}" if shown else place
    return shown
