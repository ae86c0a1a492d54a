"""Holes in a text, for what may not be touched while the text is worked on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from html import unescape
from itertools import chain
from urllib.parse import unquote


def free_pair(text: str) -> tuple[str, str]:
    """Two private-use characters that the text has neither as such nor as an entity or %-escape.

    Markdown takes them for letters.
    """
    text += unescape(text) + unquote(unescape(text))
    free = (chr(c) for c in chain(range(0xE000, 0xF8FF), range(0xF0000, 0x10FFFE)) if chr(c) not in text)
    return next(free), next(free)


class Holes:
    """What was put aside: in its place stands a number between two characters that are free in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._contents: list[str] = []

    @cached_property
    def pair(self) -> tuple[str, str]:
        """The two characters. Most texts have no holes, and need none."""
        return free_pair(self._text)

    def leave(self, content: str) -> str:
        """What stands for the content."""
        self._contents.append(content)
        opening, closing = self.pair
        return f"{opening}{len(self._contents) - 1}{closing}"

    def fill(self, text: str, contents: Sequence[str] | None = None) -> str:
        """The text with what was put aside, or what ``contents`` has instead, in the order of the holes."""
        if not self._contents:
            return text
        opening, closing = self.pair
        known = self._contents if contents is None else contents
        return re.sub(f"{opening}([0-9]+){closing}", lambda m: known[int(m[1])], text)
