"""What a package and a text import for Anki share: its markup, its tags and its names of decks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from unicodedata import normalize

from cardforge.fidelity import MEDIA_FEATURES, Feature, Support, adapted
from cardforge.model import AnyItem, Deck, Section, texts
from cardforge.text import Dialect, MediaKind, cloze, facts
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
QUIET_DIALECT = Dialect(maths=mathjax, literal=_defuse)
"""With players that wait to be pressed: Anki plays every ``[sound:]`` on a side at once, whether it is seen or not."""
CLOZE_DIALECT = replace(DIALECT, maths=_cloze_maths)
"""For a text with deletions."""


_UNKNOWN_ON_DESKTOPS = frozenset(".3gp .aac .aif .aiff .avi .m4a .m4v .mkv .mov .mp4 .mpeg .mpg .spx".split())
"""Qt WebEngine, in which the desktop program shows cards, comes without AAC and H.264 (its documentation, "Audio and
Video Codecs"); what ``[sound:]`` names is played by another program, mpv."""


def quiet_players(item: AnyItem) -> Iterator[tuple[Feature, Support]]:
    """What becomes of sounds and videos in what `QUIET_DIALECT` is for: hints and feedback."""
    quiet = [text for at, text in texts(item) if at[0] == "hint" or str(at[-1]).startswith("feedback")]
    played = [r for text in quiet for r in facts(text).media if r.kind is not MediaKind.IMAGE]
    for kind, suffix in dict.fromkeys((r.kind, PurePosixPath(r.path).suffix.lower()) for r in played):
        how = "in hints and feedback, a player that waits to be pressed"
        if suffix in _UNKNOWN_ON_DESKTOPS:
            how += f"; there, Anki's desktop program does not play files that end in {suffix}"
        yield MEDIA_FEATURES[kind], adapted(how)


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
