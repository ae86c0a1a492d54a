"""The ids that decks and items have when their authors wrote none."""

from __future__ import annotations

import hashlib
import re
from unicodedata import normalize

from cardforge.model.items import KINDS, AnyItem, Cloze, Flashcard
from cardforge.text import Html, Text


def slug(title: str) -> str:
    """A title as an id: letters and digits of any script, lower case, joined by hyphens."""
    words = re.findall(r"\w+", normalize("NFKC", title).casefold().replace("_", " "))
    return "-".join(words)[:100] or "deck-" + _digest(title)


def main_text(item: AnyItem) -> Text:
    """The text that asks: an item's front, its cloze text or its stem."""
    if isinstance(item, Flashcard):
        return item.front
    return item.text if isinstance(item, Cloze) else item.stem


def derived_id(item: AnyItem) -> str:
    """The id of an item that has none, from its kind and the text that asks.

    White space does not count, so wrapping a line again keeps the id; nor does the answer.
    """
    text = main_text(item)
    if isinstance(text, Html):
        text = "<html>" + text.html
    if "  " in text or not text.isprintable() or text[0] == " " or text[-1] == " ":
        text = " ".join(text.split())
    return f"{_ID_PREFIX[item.KIND]}{_digest(f'{item.KIND} {text}')}"


_ID_PREFIX = {name: name.replace("_", "-") + "-" for name in KINDS}


def _digest(text: str) -> str:
    composed = text if text.isascii() else normalize("NFC", text)
    return hashlib.blake2b(composed.encode(), digest_size=6).hexdigest()
