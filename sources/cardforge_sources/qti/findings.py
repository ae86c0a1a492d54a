"""What is told of a package, each thing at its line of a file."""

from __future__ import annotations

from cardforge_sources import findings
from cardforge_sources.qti.files import Part

Place = tuple[Part, int]
"""A line of a file."""


class Findings(findings.Findings[Place]):
    """Collects warnings."""

    def __init__(self) -> None:
        super().__init__(_offset)


def _offset(place: Place) -> int:
    part, line = place
    return part.offset(line)
