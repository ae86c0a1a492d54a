"""Decks in YAML, the native form.

Read from libyaml's events rather than with a loader: every scalar stays the text that the author wrote (``no``,
``12:30`` and ``017`` are text), repeated keys and aliases are mistakes, and it is ten times as fast.

events.py     from libyaml's events to plain data
mistakes.py   libyaml's complaints in our words
positions.py  where each part stands: a second parse, only when something is to be reported
quoting.py    how a text is put in quotes
stamping.py   where an id is to be inserted
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import Loc
from cardforge.document import read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.yaml.events import build
from cardforge_sources.yaml.positions import YamlPositions
from cardforge_sources.yaml.stamping import insertion

_FIELD = re.compile(rb"""(?:^|[{,]\s*|\xef\xbb\xbf|\xff\xfe|\xfe\xff)["']?(?:title|items)["']?\s*:""", re.MULTILINE)


class YamlSource:
    """``.yaml`` and ``.yml`` files."""

    name: ClassVar[str] = "yaml"
    summary: ClassVar[str] = "the deck format, as people write it"
    suffixes: ClassVar[tuple[str, ...]] = (".yaml", ".yml")
    rank: ClassVar[int] = 0

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        data, problems = build(document)
        positions = YamlPositions(document)
        problems += positions.cut_texts()
        return Draft(data, document, positions, FolderMedia(path.parent), tuple(problems))

    def recognises(self, path: Path) -> bool:
        """Whether there is a title or there are items: other programs' settings are YAML, too."""
        try:
            data = path.read_bytes().replace(b"\0", b"")
        except (OSError, ValueError):
            return False
        return _FIELD.search(data) is not None

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        positions = draft.positions
        assert isinstance(positions, YamlPositions)
        return (insertion(draft.document, positions, at, item_id) for at, item_id in ids.items())
