"""Where an id is to be inserted, so that no other byte changes."""

from __future__ import annotations

import re

from cardforge.diagnostics import Loc
from cardforge.document import Document
from cardforge_sources.yaml.positions import YamlPositions, line_start


def insertion(document: Document, positions: YamlPositions, at: Loc, item_id: str) -> tuple[int, str]:
    """An ``id:`` line below the item's first field, or inside the braces of a flow mapping."""
    place = positions.places[at]
    written = _id_scalar(item_id)
    if place.style == "{":
        return place.start + 1, f"id: {written}, "
    text = document.text
    # A line of its own before the second field; before the first, "- " would be in the way.
    start = line_start(text, positions.second_keys[at])
    newline = "\r\n" if text[:start].endswith("\r\n") else text[start - 1]
    return start, f"{' ' * (place.start - line_start(text, place.start))}id: {written}{newline}"


def _id_scalar(item_id: str) -> str:
    return item_id if re.fullmatch(r"[\w.]+(?:-[\w.]+)*", item_id) else "'" + item_id.replace("'", "''") + "'"
