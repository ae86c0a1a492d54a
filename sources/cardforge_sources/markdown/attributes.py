"""What stands in braces at the end of a line: ``{#id .tag level=beginner unit="square metre"}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cardforge_sources.markdown.lines import Line, cut

_BLOCK = re.compile(r'(?:^|(?<=[ \t]))\{((?:[^{}"]|"(?:[^"\\]|\\.)*+")*+)\}$')
_PART = re.compile(
    r"""[ \t]*+(?:\#(?P<id>[^\s{}"]+) | \.(?P<tag>[^\s{}"]+)
    | (?P<name>[A-Za-z][\w-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|(?P<bare>[^\s{}"]*))
    | (?P<stray>[^\s{}"]+|"(?:[^"\\]|\\.)*+") | (?P<other>\s))""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and its value; ``start`` is the offset of the name and ``value_start`` that of the value.

    A part of the braces that is none has an empty name.
    """

    name: str
    value: str
    start: int
    value_start: int


@dataclass(frozen=True, slots=True)
class Attributed:
    """A line's text, its attributes (None: it has no braces), and where another one is to be inserted."""

    text: Line
    attributes: tuple[Attribute, ...] | None
    insert_at: int

    def inserting(self, item_id: str) -> tuple[int, str]:
        """Where to insert what, so that the line has this id. It must not have one."""
        simple = re.fullmatch(r'[^\s{}"]+', item_id)
        quoted = item_id.replace("\\", "\\\\").replace('"', '\\"')
        written = f"#{item_id}" if simple else f'id="{quoted}"'
        if self.attributes is None:
            return self.insert_at, f" {{{written}}}"
        return self.insert_at, f"{written} " if self.attributes else written


def attributed(line: Line) -> Attributed:
    """A line parted into its text and its attributes. Braces in which nothing is one are text."""
    offset, text = cut(line, 0)
    end = offset + len(text)
    block = _BLOCK.search(text) if text.endswith("}") else None
    if block is None:
        return Attributed((offset, text), None, end)
    parts = tuple(_parts(block[1], offset + block.start(1)))
    if parts and not any(part.name for part in parts):
        return Attributed((offset, text), None, end)
    return Attributed(cut((offset, text), 0, block.start()), parts, offset + block.start(1))


def _parts(inside: str, offset: int) -> Iterator[Attribute]:
    for part in _PART.finditer(inside):
        kind = part.lastgroup or ""
        start, value_start = offset + part.start(kind), offset + part.start(kind)
        if kind in ("quoted", "bare"):
            value = _ESCAPED.sub(r"\1", part[kind]) if kind == "quoted" else part[kind]
            yield Attribute(part["name"].replace("-", "_").lower(), value, offset + part.start("name"), value_start)
        elif kind in ("id", "tag"):
            yield Attribute(kind, part[kind], start - 1, value_start)
        elif kind == "stray":
            yield Attribute("", part[kind], start, value_start)
