"""What a reader has to tell: items kept aside or changed, and what is not in the deck, told once a kind with a count."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardforge.diagnostics import Problem
from cardforge_sources.places import warning
from cardforge_sources.qti.files import Part

Place = tuple[Part, int]
"""A line of a file."""


@dataclass(slots=True)
class _Counted:
    place: Place
    message: str
    fix: str
    count: int = 1


@dataclass(slots=True)
class Findings:
    """Collects warnings."""

    _problems: list[Problem] = field(default_factory=list)
    _counted: dict[str, _Counted] = field(default_factory=dict)

    def aside(self, place: Place, name: str, what: str, fix: str = "") -> None:
        """An item that is not in the deck: its name, and what it is."""
        fix = fix or "ask it in another way, or leave it where it is"
        self._tell(place, "kept-aside", f"{_quoted(name)} is kept aside: {what}", fix)

    def adapted(self, place: Place, name: str, how: str, fix: str = "") -> None:
        """An item that became something else, or was changed."""
        self._tell(place, "adapted-item", f"{_quoted(name)}: {how}", fix or "look whether it still asks what it should")

    def not_kept(self, place: Place, what: str, fix: str = "") -> None:
        """A part of an item or of the file that is not in the deck: told at the first place, with a count."""
        known = self._counted.get(what)
        if known:
            known.count += 1
        else:
            self._counted[what] = _Counted(place, what, fix or "nothing, if the deck does without")

    def problems(self) -> tuple[Problem, ...]:
        """All that was found."""
        for found in self._counted.values():
            times = f" ({found.count:,} times)" if found.count > 1 else ""
            self._tell(found.place, "not-kept", f"not kept: {found.message}{times}", found.fix)
        self._counted.clear()
        return tuple(self._problems)

    def _tell(self, place: Place, code: str, message: str, fix: str) -> None:
        part, line = place
        self._problems.append(warning(part.offset(line), code, message, fix))


def _quoted(name: str) -> str:
    return f"“{name if len(name) <= 60 else name[:59] + '…'}”"
