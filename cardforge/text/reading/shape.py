"""What a browser shows of HTML, without the ways in which it can be written.

A shape is blocks; a paragraph, heading or the like is runs of text, each with the formats around it. Two texts with the
same shape look the same. Lines (of ``<div>`` and ``<br>``) are parted by `BREAK`; an empty line parts paragraphs.
"""

from __future__ import annotations

from typing import NamedTuple

Attributes = tuple[tuple[str, str], ...]
"""Names and values, by name."""


class Format(NamedTuple):
    """An element around text. Two of the same make one, except where each counts: then they have different ``serial``."""

    name: str
    attributes: Attributes = ()
    serial: int = 0


class Atom(NamedTuple):
    """What stands in a line and is no text: ``img``, ``audio``, ``video``, ``code``, ``formula``, ``br``.

    Code and formulas have their ``text``.
    """

    name: str
    attributes: Attributes = ()
    text: str = ""


class Run(NamedTuple):
    """A stretch of a line with the same formats, outermost first."""

    formats: tuple[Format, ...]
    content: str | Atom


class Block(NamedTuple):
    """``p`` and headings hold runs, ``pre`` has its text, everything else blocks."""

    name: str
    attributes: Attributes = ()
    blocks: tuple[Block, ...] = ()
    runs: tuple[Run, ...] = ()
    text: str = ""


class TooStrange(ValueError):
    """The HTML shows something that no shape can say."""


BREAK = Atom("br")
