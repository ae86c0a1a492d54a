"""Where the parts of a draft stand, for sources that read no text character by character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cardforge.diagnostics import Loc, Problem, Severity


@dataclass(frozen=True, slots=True)
class Places:
    """The offset in the document at which each part begins. Within a text no place is told: it is not written there
    as it is in the deck.
    """

    places: Mapping[Loc, int]

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        """The offset of the part; the deck as a whole begins with the document."""
        return self.places.get(loc) if loc else 0


def warning(offset: int, code: str, message: str, fix: str, subject: str = "") -> Problem:
    """A warning at an offset of the document; `Problem` says what a subject is."""
    return Problem(code, message, fix, severity=Severity.WARNING, place=offset, subject=subject)
