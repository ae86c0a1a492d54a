"""What can be wrong, where, and how to mend it; and every error that cardforge raises.

CardforgeError
├── InvalidDeck      the input is at fault; carries every diagnostic
├── UnknownFormat    no source or exporter of that name, or for that suffix; or none that can do what was asked for
├── InvalidOption    an option, of a format or of the command line, is unknown or has a wrong value
├── BrokenPlugin     a plugin is installed but cannot be loaded, or fails at what it is asked
├── LossyExport      strict was asked for, and the target cannot hold everything
└── OutputRefused    the output cannot be written, or would overwrite something it should not
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardforge.fidelity import Loss

Loc = tuple[str | int, ...]
"""The way from the deck to a part of it: ``("items", 3, "choices", 0, "text")``."""


class Severity(StrEnum):
    """An error stops the work; a warning is told and does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the content, before anybody looked up where it stands in a file.

    ``at`` leads to the value, ``offset`` counts characters inside that value if it is text,
    ``on_key`` points at the name of the field instead of at its value. ``place`` is the offset in the document: for a
    source, which knows where in the file it found a mistake, whatever part of the deck that is. ``subject`` is the
    part of the message that names what it is about, with its quotes: those that differ in nothing else are told
    together.
    """

    code: str
    message: str
    fix: str
    at: Loc = ()
    offset: int | None = None
    on_key: bool = False
    severity: Severity = Severity.ERROR
    place: int | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file. Line and column count from 1; a column is a character, not a byte."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem and its place, ready to be read by a person; ``subject`` is the problem's.

    ``str()`` gives ``file:line:column``, the code, the source line with a caret, and the fix.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    span: Span | None = None
    excerpt: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        lines = [f"{where}{self.severity.value}[{self.code}]: {self.message}"]
        if self.span and self.excerpt:
            text, column = _window(self.excerpt, self.span.column)
            number = str(self.span.line)
            lines += [f"  {number} | {text}", f"  {' ' * len(number)} | {_pad(text[: column - 1])}^"]
        lines.append(f"  fix: {self.fix}")
        return "\n".join(lines)


_EXCERPT_WIDTH = 100


def _window(line: str, column: int) -> tuple[str, int]:
    """Cut a long line around the column; return what is left and the column in it."""
    start = max(0, min(column - 1 - _EXCERPT_WIDTH // 2, len(line) - _EXCERPT_WIDTH))
    head = "…" if start else ""
    tail = "…" if start + _EXCERPT_WIDTH < len(line) else ""
    shown = line[start : start + _EXCERPT_WIDTH]
    shown = "".join(c if c == "\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return head + shown + tail, column - start + len(head)


def _pad(before: str) -> str:
    """White space as wide in a terminal as the given text."""
    return "".join("\t" if c == "\t" else " " * _width(c) for c in before)


def _width(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0  # an accent stands on the letter before it
    return 2 if east_asian_width(character) in "WF" else 1


def quoted(text: str) -> str:
    """A text as messages show it: in quotes, control characters spelt out, but a backslash as it was written."""
    return repr(text).replace("\\\\", "\\")


def nearest(word: str, known: Iterable[str], *, like: float = 60, is_case_kept: bool = False) -> str | None:
    """The known word that was most likely meant, or None. In which case letters are counts where ``is_case_kept``.

    ``like`` is how many per cent of two words' letters must be common to them, in order. A text rather than a word is
    like none, nor is any among many thousands: comparing would take long.
    """
    words = tuple(known)
    if len(word) > _LONGEST or len(words) > _MOST_COMPARED:
        return None
    return _nearest(word, words, like, is_case_kept)


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[str, ...], like: float, is_case_kept: bool) -> str | None:
    from rapidfuzz import fuzz, process  # here: a deck without mistakes does not wait for it

    cased = None if is_case_kept else str.lower
    found = process.extractOne(word, known, scorer=fuzz.ratio, processor=cased, score_cutoff=like)
    return known[found[2]] if found else None


_LONGEST = 255
"""The longest name of a file on the usual systems, in characters."""
_MOST_COMPARED = 20_000


class CardforgeError(Exception):
    """Any failure that cardforge foresees. Its text is a whole message for a person."""


class InvalidDeck(CardforgeError):
    """The input is not a valid deck. ``diagnostics`` holds every mistake, in the file's order."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(report(self.diagnostics))

    def __reduce__(self) -> tuple[type[InvalidDeck], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class UnknownFormat(CardforgeError):
    """No such source or exporter, or no source for this file's suffix."""


class InvalidOption(CardforgeError):
    """An option that the format or the command does not have, or a value that it does not take."""


class BrokenPlugin(CardforgeError):
    """A plugin that cannot be imported, is not a source or exporter, or fails: the message names it."""


class LossyExport(CardforgeError):
    """The target cannot hold everything, and strict was asked for. ``losses`` says what."""

    def __init__(self, message: str, losses: Sequence[Loss] = ()) -> None:
        self.losses = tuple(losses)
        super().__init__(message)

    def __reduce__(self) -> tuple[type[LossyExport], tuple[str, tuple[Loss, ...]]]:
        return type(self), (str(self), self.losses)


class OutputRefused(CardforgeError):
    """The output cannot be written, or would overwrite an input, another output or a file that is not its own."""


MOST_SHOWN = 50
"""How many diagnostics are printed; the rest is counted."""
OF_ITEMS = frozenset({"kept-aside", "adapted-item", "not-kept"})
"""The codes of warnings with which a source says what became of an item: see `cardforge.plugin.Draft`."""
IDS_MISSING = "ids-missing"
"""The code of the notice that a deck has no ids: told once for a deck, whatever the targets."""


def report(diagnostics: Sequence[Diagnostic], most: int = MOST_SHOWN) -> str:
    """Up to ``most`` diagnostics as text, and a line that counts those left out: no error is for a warning's sake."""
    chosen = sorted(range(len(diagnostics)), key=lambda index: diagnostics[index].severity is not Severity.ERROR)
    shown = [str(diagnostics[index]) for index in sorted(chosen[:most])]
    left = len(diagnostics) - most
    if left > 0:
        shown.append(f"… and {left:,} more ({len(diagnostics):,} in all)")
    return "\n".join(shown)
