"""What a source tells of what others wrote: items that are not in the deck or were changed, and what is not kept.

The codes are those that `cardforge.plugin.Draft` names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cardforge.diagnostics import Problem
from cardforge_sources.places import warning

P = TypeVar("P")

MOST_OF_ONE = 20
"""As many changes of one item are told one by one."""


@dataclass(slots=True)
class _Counted:
    offset: int
    message: str
    fix: str
    subject: str = ""
    count: int = 1


class Findings(Generic[P]):
    """Collects warnings. ``offset`` gives where in the document a place is, ``nameless`` stands for no name.

    What concerns an item is told with its name (a title, or the beginning of its text), the same thing once with a
    count. What is not kept of many items is told once, at the first of them.
    """

    def __init__(self, offset: Callable[[P], int], nameless: str = "a question") -> None:
        self._offset = offset
        self._nameless = nameless
        self._aside: list[Problem] = []
        self._changes: dict[tuple[int, str], _Counted] = {}
        self._changes_of: Counter[tuple[int, str]] = Counter()
        self._left_out: dict[tuple[str, str], _Counted] = {}

    def aside(self, place: P, name: str, what: str, fix: str = "") -> None:
        """An item that is not in the deck: its name, and what it is."""
        fix = fix or "ask it in another way, or leave it where it is"
        item = self._quoted(name)
        message = f"{item} is not in the deck: {what}"
        self._aside.append(warning(self._offset(place), "kept-aside", message, fix, item))

    def adapted(self, place: P, name: str, how: str, fix: str = "") -> None:
        """An item that became something else, or was changed."""
        offset, item = self._offset(place), self._quoted(name)
        message = f"{item}: {how}"
        if known := self._changes.get((offset, message)):
            known.count += 1
            return
        self._changes_of[offset, item] += 1
        if self._changes_of[offset, item] <= MOST_OF_ONE:
            fix = fix or "look whether it still asks what was meant"
            self._changes[offset, message] = _Counted(offset, message, fix, item)

    def not_kept(self, place: P, what: str, fix: str = "") -> None:
        """A part of an item or of the file that is not in the deck."""
        fix = fix or "nothing, if the deck does without it"
        if known := self._left_out.get((what, fix)):
            known.count += 1
        else:
            self._left_out[what, fix] = _Counted(self._offset(place), f"not kept: {what}", fix)

    def problems(self) -> tuple[Problem, ...]:
        """All that was found."""
        more = [
            warning(offset, "adapted-item", f"{item}: {count - MOST_OF_ONE:,} more changes", "look at all of it", item)
            for (offset, item), count in self._changes_of.items()
            if count > MOST_OF_ONE
        ]
        return (
            *self._aside,
            *(_told("adapted-item", change) for change in self._changes.values()),
            *more,
            *(_told("not-kept", part) for part in self._left_out.values()),
        )

    def _quoted(self, name: str) -> str:
        return f"“{name if len(name) <= 60 else name[:59] + '…'}”" if name else self._nameless


def _told(code: str, found: _Counted) -> Problem:
    times = f" ({found.count:,} times)" if found.count > 1 else ""
    return warning(found.offset, code, found.message + times, found.fix, found.subject)
