"""Identifiers that XML and file systems take, from ids that may hold anything but white space."""

from __future__ import annotations

import hashlib
import re

_READABLE = re.compile(r"[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*")
_OTHER = re.compile(r"[^A-Za-z0-9-]+")


def identifier(*parts: str, limit: int = 100) -> str:
    """An XML name (NCName) of ASCII letters, digits, hyphens and underscores for these ids.

    The same parts always give the same name and other parts another one: parts that are plain enough are joined
    as they are, by two underscores; what is not, or is longer than ``limit``, is shortened, and its hash added
    behind three.
    """
    name = "__".join(parts)
    if len(name) >= limit or not all(_READABLE.fullmatch(part) for part in parts):
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
        readable = _OTHER.sub("-", "-".join(parts)).strip("-")[: limit - 20]
        name = f"{readable}___{digest}"
    # A name begins with a letter or an underscore.
    return name if name[0].isalpha() else f"_{name}"


def is_shortened(name: str) -> bool:
    """Whether an identifier does not show the ids that it stands for, so that a reader has to be told them."""
    return "___" in name
