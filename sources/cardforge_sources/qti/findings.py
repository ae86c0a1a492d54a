"""What is told of a package, each thing at its line of a file."""

from __future__ import annotations

from cardforge_sources import findings
from cardforge_sources.qti.files import Part

Place = tuple[Part, int]
"""A line of a file."""

Findings = findings.Findings[Place]


def offset(place: Place) -> int:
    """Where a line stands in the document."""
    part, line = place
    return part.offset(line)
