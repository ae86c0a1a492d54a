"""What stands in braces at the end of a line: ``{#id .tag level=beginner}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BARE = re.compile(r'[^\s{}"]+')
_SHORT = {"id": "#", "tag": "."}

Pairs = Iterable[tuple[str, object]]


def braces(attributes: Pairs) -> str:
    """The attributes as they are written, or nothing when there are none."""
    parts = [_part(name, value) for name, value in attributes if value is not None]
    return f"{{{' '.join(parts)}}}" if parts else ""


def tags(values: Iterable[str]) -> list[tuple[str, object]]:
    """Tags as attributes."""
    return [("tag", value) for value in values]


def said(values: Mapping[str, object], defaults: Mapping[str, object]) -> list[tuple[str, object]]:
    """The values that are not the default."""
    return [(name, value) for name, value in values.items() if value != defaults.get(name)]


def ended(line: str, attributes: str) -> str:
    """The line with its attributes; with empty ones where its end would be taken for some."""
    if not attributes and line.endswith("}"):
        attributes = "{}"
    return f"{line} {attributes}".strip(" ") if attributes else line


def _part(name: str, value: object) -> str:
    written = _value(value)
    is_bare = _BARE.fullmatch(written) is not None
    if is_bare and name in _SHORT:
        return _SHORT[name] + written
    if is_bare:
        return f"{name}={written}"
    escaped = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    return str(value)


def number(value: float) -> str:
    """A number without a needless point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
