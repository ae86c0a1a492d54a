"""Anki and the source `apkg` side by side: ``python -m tests.acceptance.apkg FILE…``.

Imports each package into a fresh collection of Anki's own backend (the PyPI package `anki`), renders every card there,
and compares what it shows with what the source read. Items that were adapted, which the source tells, are left out, for
they are meant to differ.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from cardforge import load
from cardforge.diagnostics import CardforgeError
from tests.anki_backend import Anki
from tests.sources.apkg.agreement import differences


def main() -> int:
    """Print the differences of each file and a line that counts; 1 when there are any."""
    total = 0
    for name in sys.argv[1:]:
        try:
            deck = load(name)
        except CardforgeError as error:
            print(f"{name}: refused: {str(error).splitlines()[0]}")
            continue
        adapted = {w.span.line for w in deck.origin.warnings if w.code == "adapted-item" and w.span}
        told = {entry.id for entry in deck.entries() if (span := deck.span(entry.at)) and span.line in adapted}
        with tempfile.TemporaryDirectory() as folder, Anki(Path(folder, "anki")) as anki:
            try:
                anki.take(Path(name))
            except Exception as error:  # noqa: BLE001 - whatever Anki raises is its refusal
                print(f"{name}: Anki refuses it: {error}")
                continue
            cards = anki.cards()
        found = [line for line in differences(deck, cards) if line.partition(" card ")[0] not in told]
        for line in found[:5]:
            print(f"  {line}")
        print(f"{name}: {len(cards):,} cards, {len(found):,} differ, {len(told):,} items adapted")
        total += len(found)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
