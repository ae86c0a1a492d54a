"""How an item asks where nothing can react: parts in another order, numbers with all that belongs to them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from cardforge.model import Numeric
from cardforge.text.content import CONTROL

_T = TypeVar("_T")


def mixed(values: Sequence[_T], text: Callable[[_T], str] = str) -> list[_T]:
    """The values in an order that their texts alone decide: always the same, and one that is added moves no other."""
    return sorted(values, key=lambda value: hashlib.sha256(text(value).encode()).digest())


def in_another_order(values: Sequence[_T], text: Callable[[_T], str] = str) -> list[_T]:
    """The values mixed, and never in the order given, if they are two or more: that order is the answer."""
    other = mixed(values, text)
    return other if other != list(values) else [*other[1:], *other[:1]]


_CONTROLS = re.compile(f"[{CONTROL}]")


def one_line(text: str) -> str:
    """Plain text on one line, without control characters; where nothing is left (of an image, say), an ellipsis."""
    return " ".join(_CONTROLS.sub("", text).split()) or "…"


def number(item: Numeric) -> str:
    """The answer with its tolerance and unit, as ``9.81 ± 0.01 m/s²``."""
    percent = f"{item.tolerance_percent} %" if item.tolerance_percent else None
    tolerance = item.tolerance or percent
    return " ".join(part for part in (item.answer, tolerance and f"± {tolerance}", item.unit) if part)
