"""Cells that are the name of a picture or a sound beside the table: the markup that would show it is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from cardforge.diagnostics import Problem
from cardforge.media import FolderMedia, outside
from cardforge.model import NOT_TEXT
from cardforge.text import MediaKind, media_kind
from cardforge_sources.csv.cells import LISTS
from cardforge_sources.csv.rows import Cell
from cardforge_sources.places import warning

_MOST_LOOKED_UP = 300
"""As many files are looked for: a table may have a million rows, and its folder be far away."""
_LONGEST = 1000
_IMAGES = frozenset(".png .jpg .jpeg .gif .svg .webp .bmp .avif".split())
_NO_TEXTS = NOT_TEXT | LISTS - {"hint"}


@dataclass(slots=True)
class NamedFiles:
    """Collects them by column, to tell each column once. ``media`` are those beside the table."""

    media: FolderMedia
    _left: int = _MOST_LOOKED_UP
    _first: dict[str, Cell] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def look_at(self, cells: Mapping[str, Cell]) -> None:
        """The filled cells of a row, by the field that their column holds."""
        for name, (offset, cell) in cells.items():
            path = _path(cell) if name not in _NO_TEXTS else None
            if path and self._left:
                self._left -= 1
                if self._is_there(path):
                    self._first.setdefault(name, (offset, path))
                    self._count[name] = self._count.get(name, 0) + 1

    def tell(self, problems: list[Problem]) -> None:
        """Tell each column at the first such cell."""
        for name, (offset, path) in self._first.items():
            message = "this cell is the name of a file that is there, and is shown as text"
            if more := self._count[name] - 1:
                counted = f"{more:,} more" if self._left else f"at least {more:,} more"
                message += f"; and so {'is' if more == 1 else 'are'} {counted} in this column"
            fix = f"to show it, write {_as_markdown(path)}"
            problems.append(warning(offset, "media-as-text", message, fix))

    def _is_there(self, path: str) -> bool:
        try:
            there = not outside(path) and (self.media.folder / path).is_file()
        except (OSError, ValueError):  # no file can have this name
            return False
        return there and self.media.problem(path) is None


def _path(cell: str) -> str | None:
    """What a cell is as a path, where its suffix is that of a picture, a sound or a film."""
    _, dot, suffix = cell.rstrip().rpartition(".")
    if not dot or not suffix.isalnum() or len(cell) > _LONGEST:
        return None
    path = cell.strip().replace("\\", "/")
    is_media = media_kind(path) is not MediaKind.IMAGE or PurePosixPath(path).suffix.lower() in _IMAGES
    return path if is_media and path.isprintable() else None


def _as_markdown(path: str) -> str:
    """The image syntax for a path."""
    written = re.sub(r"[%<>&]", lambda sign: quote(sign[0]), path)
    return f"![](<{written}>)" if re.search(r"[\s()]", written) else f"![]({written})"
