"""Texts that are the same: how they are told apart, for nobody can choose, match or order two of them; and how much of
a question they may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

TextData = str | dict[str, str]
"""A text in the deck format's plain data: Markdown, or ``{"html": …}``."""

MOST_REPEATED = 1_000_000
"""As many characters may come from texts that a question uses again: a file may have hundreds of uses of a long one for
nothing.
"""
TOO_LONG = (
    f"it uses a long text so often that this makes more than {MOST_REPEATED:,} characters",
    "use the text less often, or write a shorter one",
)
"""Why a question with more is kept aside, and how to mend it."""
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


def repeated(texts: Iterable[str]) -> int:
    """How many characters of these texts are in another one of them, too."""
    found = list(texts)
    return sum(map(len, found)) - sum(map(len, set(found)))


def _numbered(text: TextData, number: int) -> TextData:
    if isinstance(text, dict):
        return {"html": f"{text['html']} ({number})"}
    return f"{text}\n\n({number})" if "\n" in text else f"{text} ({number})"
