"""Aiken: texts that are almost right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cardforge.diagnostics import InvalidDeck
from cardforge.validation import validate
from cardforge_sources import aiken


def seeds() -> Iterable[bytes]:
    """A few questions."""
    yield b"What?\nA) one\nB) two\nANSWER: B\n\nWhich <one>?\nA. $x$\r\nB. *y*\nC. z\n\nANSWER: A\n"


def one(data: bytes) -> None:
    """Read and validate; whatever is not a deck is refused."""
    try:
        deck = validate(aiken.read_bytes(data, Path("fuzz.txt"))).deck
    except InvalidDeck:
        return
    assert deck is not None, "one odd question made the whole file unreadable"
