"""The media of a package: their paths in the deck, and which of them texts name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from unicodedata import normalize

from cardforge.media import PackedMedia
from cardforge_sources.file_names import on_every_system
from cardforge_sources.hashed_names import without_hash

FOLDER = "media"
"""Where media are in the deck's folder, so that none of them can take another file's place."""


class MediaNames:
    """Finds media by the names that texts call them. ``ours`` when cardforge wrote the package and named the files."""

    def __init__(self, members: Mapping[str, str], read: Callable[[str], bytes], ours: bool) -> None:
        safe = [name for name in members if _is_file_name(name)]
        plain = Counter(_folded(without_hash(name)) for name in safe)
        self._paths: dict[str, str] = {}
        self._files: dict[str, Callable[[], bytes]] = {}
        taken: set[str] = set()
        for name in safe:
            bare = without_hash(name)
            file = on_every_system(bare if ours and plain[_folded(bare)] == 1 else name)
            if _folded(file) in taken:
                stem, dot, suffix = file.rpartition(".")
                file = f"{stem or suffix}-{_digest(name)}{dot}{suffix if stem else ''}"
            taken.add(_folded(file))
            path = f"{FOLDER}/{file}"
            # Anki compares names in this form, whatever the system that it ran on wrote.
            self._paths.setdefault(normalize("NFC", name), path)
            self._files[path] = partial(read, members[name])

    def path(self, name: str) -> str | None:
        """The path in the deck of the file with this name in Anki, or None when it is not in the package."""
        return self._paths.get(normalize("NFC", name))

    def packed(self) -> PackedMedia:
        """All of them, to be read when they are asked for."""
        return PackedMedia(self._files)


def _is_file_name(name: str) -> bool:
    """Whether a name from a list that anybody may have written is one of a file, and of nothing else."""
    return (
        name.isprintable()
        and not re.search(r'[/\\:*?"<>|]', name)
        and name.lstrip(" .") == name != ""
        and len(name) < 200
    )


def _folded(name: str) -> str:
    """What is equal for two names that are one file on some system."""
    return normalize("NFC", name).casefold()


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:16]
