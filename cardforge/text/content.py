"""What a text is, and which texts need no parsing at all."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, TypeGuard
from unicodedata import category

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

NonBlank = Annotated[str, StringConstraints(pattern=r"\S")]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Html:
    """A text that is HTML already. It is sanitised like everything else."""

    html: Annotated[NonBlank, Field(description="HTML; scripts and handlers are removed.")]


Text = Annotated[
    NonBlank | Html,
    Field(
        union_mode="left_to_right",
        description="Markdown with tables, fenced code, $LaTeX$ and images; or {html: …}.",
    ),
]
"""Markdown in a ``str``, or ``Html``."""

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""A character class (without brackets) of the control characters that are not white space."""

# Any character that Markdown, HTML, XML or our own placeholders could give a meaning.
_SPECIAL = rf"\\`*_\[\]<>&$~|{{}}\t\n\r{CONTROL}\ud800-\udfff\ue000-\uf8ff\ufffe\uffff"
# First what most texts are: a letter first, no white space last. Then the rest, with its exceptions spelt out.
_PLAIN = re.compile(
    rf"[^\W\d_][^{_SPECIAL}]*+(?<!\s)"
    rf"|(?![\s#>+=-]|\d{{1,9}}[.)](?:\s|\Z))(?=[^\w]*\w)[^{_SPECIAL}]+(?<!\s)"
)
is_plain = _PLAIN.fullmatch
"""Whether a Markdown text renders to itself: no markup, one paragraph, something to see."""


def is_plain_text(text: Text) -> TypeGuard[str]:
    """Whether a text is Markdown that renders to itself, as `is_plain` says."""
    return isinstance(text, str) and is_plain(text) is not None


def as_written(text: Text) -> str:
    """A text as it is written, whether in Markdown or in HTML."""
    return text.html if isinstance(text, Html) else text


FORMULA = re.compile(
    r"\$\$((?:\\.|[^\\])+?)\$\$(?!\d)|(?<!\d)\$(?![\s$])((?:\\.|[^$\\])*?(?:(?<!\s)|\\.))\$(?!\d)", re.DOTALL
)
"""A formula in a line of text: ``$…$`` without white space at its ends or a digit beside it, or ``$$…$$``."""


def has_visible(text: str) -> bool:
    """Whether a reader sees anything: a character that is not white space, control or format."""
    return any(not c.isspace() and category(c) not in ("Cc", "Cf", "Cs") and c not in "\ufffe\uffff" for c in text)


class MediaKind(StrEnum):
    """What a media file is, by its suffix."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


_AUDIO = frozenset(".mp3 .ogg .oga .opus .wav .flac .m4a .aac .3gp .spx .aif .aiff".split())
_VIDEO = frozenset(".mp4 .webm .mkv .mov .avi .ogv .mpeg .mpg .m4v".split())


def media_kind(path: str) -> MediaKind:
    """Audio and video are known by suffix; all else in the image syntax is an image."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _AUDIO:
        return MediaKind.AUDIO
    return MediaKind.VIDEO if suffix in _VIDEO else MediaKind.IMAGE
