"""What a package and a text import for Anki share: its markup, its tags and its names of decks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from unicodedata import normalize

from cardforge.model import Deck, Section
from cardforge.text import Dialect, MediaKind, cloze
from cardforge.text.render import mathjax

# What Anki itself acts on when it stands in a field: sounds, fields to type into, its old LaTeX tags, speech.
_COMMAND = re.compile(r"\[(?=sound:|anki:|type:|latex\]|/latex\]|\$|/\$)", re.IGNORECASE)
# What MathJax takes for a formula; outside of tags, so that attributes stay whole.
_DELIMITER = re.compile(r"(<[^>]*>)|\\(?=[()\[\]])")


def _defuse(html: str) -> str:
    if "[" in html:
        html = _COMMAND.sub("&#91;", html)
    if "\\" in html:
        html = _DELIMITER.sub(lambda m: m[1] or "\\<span></span>", html)
    return html


def _sound(address: str, _kind: MediaKind) -> str:
    return f"[sound:{address}]"


def _cloze_maths(tex: str, display: bool) -> str:
    """Inside a deletion, }} and :: are Anki's own; a space or a group between them changes no formula.

    Those of a deletion inside the formula stay.
    """
    parts, last = [], 0
    for deletion in cloze.deletions(tex):
        hint = f"::{_apart(deletion.hint)}" if deletion.hint is not None else ""
        parts += [_apart(tex[last : deletion.start]), f"{{{{c{deletion.number}::{_apart(deletion.answer)}{hint}}}}}"]
        last = deletion.end
    return mathjax("".join(parts) + _apart(tex[last:]), display)


def _apart(tex: str) -> str:
    return re.sub(r"\}(?=\})", "} ", tex).replace("::", ":{}:")


DIALECT = Dialect(maths=mathjax, player=_sound, literal=_defuse)
CLOZE_DIALECT = replace(DIALECT, maths=_cloze_maths)
"""For a text with deletions."""


@cache
def tag(name: str) -> str:
    """A tag as Anki takes it: no white space, no quotes, no empty level."""
    levels = (re.sub(r'[\s"]+', "_", level).strip("_") for level in name.split("::"))
    return "::".join(level for level in levels if level) or "_"


def deck_part(title: str) -> str:
    """A title as one part of a deck's name: colons at which Anki would part it become look-alikes."""
    part = " ".join(normalize("NFC", title).split())
    part = part.replace("::", "\ua789\ua789")
    if part.startswith(":"):
        part = "\ua789" + part[1:]
    return part[:-1] + "\ua789" if part.endswith(":") else part


def deck_name(deck: Deck, around: Sequence[Section]) -> str:
    """The name of the deck that a section becomes; ``around`` are the sections around its items, outermost first."""
    return "::".join(map(deck_part, (deck.title, *(section.section for section in around))))
