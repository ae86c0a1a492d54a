"""The deck, its sections and the nine kinds of items: frozen, typed, checked when they are built.

The field names are the contract of the deck format; ``cardforge schema`` prints it. Building an object with
wrong values raises pydantic's ``ValidationError``, whose text names every mistake.

values.py   the types of values that fields have
items.py    the nine kinds of items
ids.py      ids from titles and texts
deck.py     sections and the deck
data.py     a deck as plain data, and every text in it
"""

from cardforge.model.data import NOT_TEXT, PARTS, texts, to_data
from cardforge.model.deck import Deck, Entry, Node, Origin, Section, SectionEntry
from cardforge.model.ids import derived_id, main_text, slug
from cardforge.model.items import (
    KINDS,
    Answer,
    AnyItem,
    BaseItem,
    Choice,
    Cloze,
    Concept,
    Flashcard,
    Graded,
    Item,
    ItemMistakes,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)
from cardforge.model.values import LANGUAGE_TAG, Level

__all__ = [
    "KINDS",
    "LANGUAGE_TAG",
    "NOT_TEXT",
    "PARTS",
    "Answer",
    "AnyItem",
    "BaseItem",
    "Choice",
    "Cloze",
    "Concept",
    "Deck",
    "Entry",
    "Flashcard",
    "Graded",
    "Item",
    "ItemMistakes",
    "Level",
    "Matching",
    "MultipleChoice",
    "Node",
    "Numeric",
    "OpenPrompt",
    "Ordering",
    "Origin",
    "Pair",
    "Section",
    "SectionEntry",
    "ShortAnswer",
    "TrueFalse",
    "derived_id",
    "main_text",
    "slug",
    "texts",
    "to_data",
]
