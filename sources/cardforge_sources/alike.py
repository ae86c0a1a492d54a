"""Texts that a deck takes for the same, and how they are told apart: nobody can choose, match or order two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

TextData = str | dict[str, str]
"""A text in the deck format's plain data: Markdown, or ``{"html": …}``."""

_MOST_ALIKE = 5


def key(text: TextData) -> str:
    """What two texts have in common that the deck format takes for the same."""
    return "<html>" + text["html"] if isinstance(text, dict) else text.strip()


def told_apart(texts: Sequence[TextData]) -> tuple[list[TextData], bool]:
    """The texts, with a number behind each that is there already, and whether any has one. Gives no texts when one is
    there too often for that.
    """
    keys = [key(text) for text in texts]
    if len(set(keys)) == len(keys):
        return list(texts), False
    if max(Counter(keys).values()) > _MOST_ALIKE:
        return [], True
    seen: set[str] = set()
    made: list[TextData] = []
    for text in texts:
        other, number = text, 2
        while key(other) in seen:
            other = _numbered(text, number)
            number += 1
        seen.add(key(other))
        made.append(other)
    return made, True


def _numbered(text: TextData, number: int) -> TextData:
    if isinstance(text, dict):
        return {"html": f"{text['html']} ({number})"}
    return f"{text}\n\n({number})" if "\n" in text else f"{text} ({number})"
