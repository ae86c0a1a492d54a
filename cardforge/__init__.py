"""Cardforge: study material written once, exported to the tools that people study with.

    from cardforge import export, load

    deck = load("deck.yaml")
    package = export(deck, "anki")

Names are imported when they are first used, so that ``cardforge --help`` answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge.api import Export as Export
    from cardforge.api import Written as Written
    from cardforge.api import check as check
    from cardforge.api import export as export
    from cardforge.api import load as load
    from cardforge.api import write as write
    from cardforge.diagnostics import BrokenPlugin as BrokenPlugin
    from cardforge.diagnostics import CardforgeError as CardforgeError
    from cardforge.diagnostics import Diagnostic as Diagnostic
    from cardforge.diagnostics import InvalidDeck as InvalidDeck
    from cardforge.diagnostics import InvalidOption as InvalidOption
    from cardforge.diagnostics import LossyExport as LossyExport
    from cardforge.diagnostics import OutputRefused as OutputRefused
    from cardforge.diagnostics import Severity as Severity
    from cardforge.diagnostics import Span as Span
    from cardforge.diagnostics import UnknownFormat as UnknownFormat
    from cardforge.fidelity import Feature as Feature
    from cardforge.fidelity import Loss as Loss
    from cardforge.model import Answer as Answer
    from cardforge.model import Choice as Choice
    from cardforge.model import Cloze as Cloze
    from cardforge.model import Concept as Concept
    from cardforge.model import Deck as Deck
    from cardforge.model import Flashcard as Flashcard
    from cardforge.model import Item as Item
    from cardforge.model import Matching as Matching
    from cardforge.model import MultipleChoice as MultipleChoice
    from cardforge.model import Numeric as Numeric
    from cardforge.model import OpenPrompt as OpenPrompt
    from cardforge.model import Ordering as Ordering
    from cardforge.model import Pair as Pair
    from cardforge.model import Section as Section
    from cardforge.model import ShortAnswer as ShortAnswer
    from cardforge.model import TrueFalse as TrueFalse
    from cardforge.plugin import Notice as Notice
    from cardforge.text import Html as Html
    from cardforge.text import Text as Text

__version__ = "0.1.0"

_HOMES = {
    "cardforge.api": "Export Written check export load write",
    "cardforge.diagnostics": """BrokenPlugin CardforgeError Diagnostic InvalidDeck InvalidOption LossyExport
        OutputRefused Severity Span UnknownFormat""",
    "cardforge.fidelity": "Feature Loss",
    "cardforge.model": """Answer Choice Cloze Concept Deck Flashcard Item Matching MultipleChoice Numeric OpenPrompt
        Ordering Pair Section ShortAnswer TrueFalse""",
    "cardforge.plugin": "Notice",
    "cardforge.text": "Html Text",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'cardforge' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
