"""A question as Moodle has it, before it becomes an item: what Moodle XML, GIFT and Aiken have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

Format = Literal["html", "moodle", "markdown", "plain"]
"""How a text is written. ``moodle`` is HTML in which a line break is one (Moodle calls it "auto-format")."""

_CONTEXT = re.compile(r"\$[A-Za-z0-9]+\$")
_SLASH = re.compile(r"(?<!/)/(?!/)")
_NO_FILES: Mapping[str, str] = MappingProxyType({})


class Written(NamedTuple):
    """A text as the file has it. ``files`` are those that it holds: the name that the text says, the path in the deck."""

    text: str = ""
    format: Format = "html"
    files: Mapping[str, str] = _NO_FILES


NOTHING = Written()


class Answer(NamedTuple):
    """A choice, or an answer to be typed; ``share`` is its percentage of the points."""

    text: Written
    share: float
    feedback: Written = NOTHING
    tolerance: str = "0"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of any type. ``type`` is Moodle's name for it, and ``offset`` its place in the document.

    ``points`` is empty where the file does not say them, ``left_out`` names what it says besides and the deck format
    has no place for.
    """

    type: str
    offset: int
    name: str = ""
    text: Written = NOTHING
    feedback: Written = NOTHING
    points: str = ""
    idnumber: str = ""
    tags: tuple[str, ...] = ()
    hints: tuple[Written, ...] = ()
    answers: tuple[Answer, ...] = ()
    pairs: tuple[tuple[Written, str], ...] = ()
    words: tuple[str, ...] = ()
    single: bool = True
    shuffle: bool = True
    numbering: str = ""
    case_sensitive: bool = False
    right: Written = NOTHING
    partly: Written = NOTHING
    wrong: Written = NOTHING
    units: tuple[str, ...] = ()
    for_graders: Written = NOTHING
    left_out: tuple[str, ...] = ()


class Category(NamedTuple):
    """What stands behind it belongs to this category, named from the outermost one inwards."""

    path: tuple[str, ...]
    info: Written
    offset: int


def category_path(written: str) -> tuple[str, ...]:
    """The names in a path such as ``$course$/top/A/B``, from the outermost inwards; a slash in a name is doubled."""
    names = [name.replace("//", "/").strip() for name in _SLASH.split(written.strip())]
    if names and _CONTEXT.fullmatch(names[0]):
        names.pop(0)
    if names and names[0] == "top":
        names.pop(0)
    return tuple(name for name in names if name)
