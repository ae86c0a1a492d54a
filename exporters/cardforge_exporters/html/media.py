"""The media that a page's texts name, inside the page: each file once, as a data: address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from cardforge.model import Deck
from cardforge_exporters.media_types import media_type

UNSEEN = frozenset(".tif .tiff .heic .heif .jxl .spx .aif .aiff .mkv .avi .mpeg .mpg".split())
"""Suffixes of files that not every browser shows or plays."""


class Media:
    """Numbers the files that texts name; the page's scripts put the files where the numbers stand.

    So a file is in the page once, however often it is named, and only one is in memory at a time.
    """

    def __init__(self, deck: Deck) -> None:
        self._read = deck.origin.media.read
        self._addresses: dict[str, str] = {}

    def address(self, path: str) -> str:
        """What stands in a text for a file."""
        return self._addresses.setdefault(path, f"media:{len(self._addresses)}")

    def files(self) -> Iterator[tuple[str, str]]:
        """What stands in the texts, and the data: address to put there, for each file that was asked for."""
        for path, address in self._addresses.items():
            yield address, f"data:{media_type(path)};base64,{b64encode(self._read(path)).decode()}"
