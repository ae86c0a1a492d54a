"""Names, idnumbers and tags that Moodle's import leaves as they are."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from unicodedata import category, normalize

from cardforge.model import AnyItem, Deck
from cardforge.text.html import without_illegal
from cardforge_exporters import quiz

LONGEST_NAME = 255
LONGEST_IDNUMBER = 100
LONGEST_TAG = 255

_AS_MARKUP = re.compile(r"<|&(?=#?\w{1,31};)")


def label(text: str) -> str:
    """A line of text for where Moodle strips tags and shows entities: names, and right sides of a matching."""
    return _AS_MARKUP.sub(lambda m: "&lt;" if m[0] == "<" else "&amp;", without_illegal(text))


def question_name(item: AnyItem, suffix: str = "") -> str:
    """What the question bank lists."""
    name = label(quiz.title(item)) + suffix
    # Only a name full of signs grows that much.
    return name if len(name) <= LONGEST_NAME else label(quiz.title(item, 45)) + suffix


def category_name(title: str) -> str:
    """A category for a deck or section of this title."""
    name = label(title.strip())
    if len(name) > LONGEST_NAME:
        # The hash keeps two long titles apart that begin alike.
        name = f"{label(title.strip()[:45]).rstrip()}… {_digest(title)}"
    return "Top" if name == "top" else name  # the importer leaves out a category called top


def category_path(titles: Iterable[str]) -> str:
    """The way to a category, from the course inwards."""
    return "/".join(("$course$", "top", *(_step(category_name(title)) for title in titles)))


def _step(name: str) -> str:
    doubled = name.replace("/", "//")
    return " " * doubled.startswith("/") + doubled + " " * doubled.endswith("/")


class IdNumbers:
    """The questions' idnumbers: the items' ids, shortened where they are long or differ by case or accents only."""

    def __init__(self, deck: Deck) -> None:
        self._alike = Counter(_folded(entry.id) for entry in deck.entries())

    def of(self, item_id: str, suffix: str = "") -> str:
        """``suffix`` tells a second question of the same item; it begins with a space, which no id has."""
        if self.is_kept(item_id, suffix):
            return item_id + suffix
        begin = item_id[: LONGEST_IDNUMBER - 17 - len(suffix)]
        return f"{begin}-{_digest(item_id)}{suffix}"

    def is_kept(self, item_id: str, suffix: str = "") -> bool:
        """Whether the id is the idnumber as it is."""
        return len(item_id) + len(suffix) <= LONGEST_IDNUMBER and self._alike[_folded(item_id)] == 1


def _folded(item_id: str) -> str:
    """What MySQL compares: no case, no accents, and one character for all beyond the 65,536 first."""
    if item_id.isascii():
        return item_id.lower()
    letters = (c for c in normalize("NFKD", item_id).casefold() if category(c) != "Mn")
    return "".join(c if c <= "\uffff" else "\ufffd" for c in letters)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tag(name: str) -> str:
    """A tag as Moodle keeps it; empty when it keeps nothing of it."""
    cleaned = re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f-\x9f<>`]", "", without_illegal(name)))
    cleaned = cleaned.strip()[:LONGEST_TAG].strip()
    return "" if cleaned == "0" else cleaned  # PHP takes 0 for nothing


def tags(names: Sequence[str], level: str | None) -> list[str]:
    """The tags of a question, the level among them; each once, without regard to case."""
    made = [tag(name) for name in names]
    if level:
        made.append(f"level:{level}")
    return list({name.lower(): name for name in reversed(made) if name}.values())[::-1]
