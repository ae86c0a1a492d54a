"""The media that a deck's texts name, under the names that they have in a package."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge.media import hashed_name
from cardforge.model import Deck


class MediaFiles:
    """Gives media files their names in a package and remembers which are used.

    ``folder`` stands before each name (``"media/"``). Files are read twice, once for the name and once to be
    written, so that only one is in memory at a time.
    """

    def __init__(self, deck: Deck, folder: str = "") -> None:
        self._read = deck.origin.media.read
        self._folder = folder
        self._names: dict[str, str] = {}

    def name(self, path: str) -> str:
        """The name of a file, from its path in the deck: it holds a hash, so that two contents never share it."""
        name = self._names.get(path)
        if name is None:
            name = self._names[path] = self._folder + hashed_name(path, self._read(path))
        return name

    def names(self) -> list[str]:
        """The names of the files that were asked for, sorted, each once."""
        return sorted(set(self._names.values()))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file that was asked for, in the order of `names`."""
        paths = {name: path for path, name in self._names.items()}
        for name in sorted(paths):
            yield name, self._read(paths[name])
