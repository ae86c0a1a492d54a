"""A question as both readers find it, before it is an item of the deck. Texts are HTML still."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cardforge_sources.qti.findings import Place

MARK = "\x02"
"""Stands in a text where something is to be filled in, and in answers that nobody gives: no XML file can have it."""


@dataclass(slots=True)
class Question:
    """What every kind of question may have. ``is_ours`` says that cardforge wrote it."""

    place: Place
    name: str
    stem: str = ""
    id: str | None = None
    points: Decimal | None = None
    correct: str = ""
    incorrect: str = ""
    general: str = ""
    hints: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    level: str | None = None
    is_ours: bool = False
    source: str = ""
    explanation: str = ""


@dataclass(slots=True)
class Option:
    """What can be chosen. ``share`` is its share of the points, None for the usual one."""

    html: str
    is_right: bool
    line: int
    feedback: str = ""
    share: Decimal | None = None


@dataclass(slots=True)
class Typed:
    """A text to be typed. ``share`` is its share of the points."""

    text: str
    feedback: str = ""
    share: Decimal = Decimal(1)
