"""GIFT: texts that are almost right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cardforge.diagnostics import InvalidDeck
from cardforge.validation import validate
from cardforge_sources import gift

_SEED = r"""// [id:a] [tag:b] [tag:level:beginner]
::name::[html]<p>a \= b</p>{=a#yes ~%50%b#half ~%-50%c\n####because}

$CATEGORY: $course$/top/A//B

two plus two is {=four =%80%4 =%0%*#no}.

n{#3.1..3.2}

n{#=1:0.1#a =%50%1:1 ~#w}

m{=a -> 1 = -> 2 =b -> 3####<b>g</b>}

t{TRUE#w#r}

[markdown]**e** ![x](a.png){}

a text between

[plain]<b>{~a ~b =c}
"""


def seeds() -> Iterable[bytes]:
    """One of each kind."""
    yield _SEED.encode()
    yield from (part.encode() for part in _SEED.split("\n\n"))


def one(data: bytes) -> None:
    """Read and validate; whatever is not a deck is refused."""
    try:
        deck = validate(gift.read_bytes(data, Path("fuzz.gift"))).deck
    except InvalidDeck:
        return
    assert deck is not None, "one odd question made the whole file unreadable"
