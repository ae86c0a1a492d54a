"""Finding elements in HTML that cardforge wrote, which is well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class Element(NamedTuple):
    """An element: where it begins and ends in the HTML, what its start tag says behind the name, what is inside."""

    start: int
    end: int
    attributes: str
    inside: str


def elements(html: str, name: str) -> Iterator[Element]:
    """The elements of this name that stand in no other one of that name."""
    first: re.Match[str] | None = None
    depth = 0
    for tag in _tags(name).finditer(html):
        if tag[1] is not None:  # a start tag
            if depth == 0:
                first = tag
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and first:
                yield Element(first.start(), tag.end(), first[1], html[first.end() : tag.start()])


def with_class(html: str, name: str, style: str) -> str | None:
    """What is inside the first of the elements that has exactly this class, or None when none has."""
    return next((e.inside for e in elements(html, name) if f'class="{style}"' in e.attributes), None)


@cache
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(?:{name}((?:\s[^>]*[^/>])?)>|/{name}\s*>)")
