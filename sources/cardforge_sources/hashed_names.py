"""Names of media files to which an exporter added a hash: `cardforge.media.hashed_name` would add another each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from cardforge.media import hashed_name

_HASHED = re.compile(r"(.+)-[0-9a-f]{16}(\.[a-z0-9]+)?")


def without_hash(name: str) -> str:
    """The name of a file without what looks like the hash."""
    found = _HASHED.fullmatch(name)
    return PurePosixPath(found[1] + (found[2] or "")).name if found else name


def before_export(name: str, read: Callable[[], bytes]) -> str:
    """The name that a file had before an export; its own, if the hash in it is not that of its content.

    ``read`` gives the content, and is asked only for names with something like a hash.
    """
    bare = without_hash(name)
    return bare if bare != name and hashed_name(bare, read()) == name else name
