"""What a source and an exporter must be, and what they may be. docs/plugins.md goes through it, with an example.

A source parses: it gives a `Draft`, plain data and where each part of it stands. The core validates it, so
that every format reports mistakes alike. An exporter turns a valid `Deck` into one artefact and touches
nothing else. Both are found by entry points (groups ``cardforge.sources`` and ``cardforge.exporters``).

What is said in their terms stands elsewhere: reading a file, and where in it something stands, in
`cardforge.document`; problems and the ways to a part of a deck in `cardforge.diagnostics`; media in
`cardforge.media`; what a deck can say in `cardforge.model`, its texts in `cardforge.text`, and what a target can hold
of it in `cardforge.fidelity`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Annotated, Any, BinaryIO, ClassVar, Literal, Protocol, get_args, get_origin, runtime_checkable

from pydantic import BaseModel, ConfigDict

from cardforge.diagnostics import Loc, Problem, Span
from cardforge.document import Document, Positions
from cardforge.fidelity import Capabilities, Loss
from cardforge.media import Media, NoMedia
from cardforge.model import Deck


@dataclass(frozen=True)
class Draft:
    """Parsed, not yet validated.

    ``data`` is what the file says, in the form of the deck format: dict, list and str; bool and None where
    the format tells them from text. Numbers stay text, as they were written. ``problems`` are what the source
    itself noticed and could read past. A source that reads what others wrote warns with these codes: ``kept-aside``
    for an item that no kind can hold and that is not in the deck, ``adapted-item`` for one that became another kind or
    that its author should look at, and ``not-kept`` for a part of an item or of the file.

    ``positions`` says where the parts stand in ``document``; without them, every mistake is told at its beginning.
    ``media`` is where the files are that the texts name: by default, the folder of the file. With ``is_beginning``,
    people go on with the deck in another file, for this one cannot hold all that they will write.
    """

    data: object
    document: Document
    positions: Positions | None = None
    media: Media = field(default_factory=NoMedia)
    problems: tuple[Problem, ...] = ()
    is_beginning: bool = False


class Source(Protocol):
    """Reads a format. A class with no arguments; ``suffixes`` have their dot and are lower case.

    A source that has options is a subclass of `Options`, too.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def read(self, path: Path) -> Draft:
        """Parse the file. Raises InvalidDeck when it cannot be read past a mistake."""
        ...


@runtime_checkable
class StampsIds(Protocol):
    """A source whose files can hold ids that the author did not write: `cardforge ids` asks it."""

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        """Where to insert which text, so that the parts at these places have these ids. () is the deck."""
        ...


@runtime_checkable
class Recognises(Protocol):
    """A source whose suffixes other kinds of files have too: of those in a folder, it reads what it recognises."""

    def recognises(self, path: Path) -> bool:
        """Whether the file looks like this format. A file that was named is read without asking."""
        ...


@runtime_checkable
class Ranked(Protocol):
    """A source that knows its place where a folder has files that differ by their suffix only: one of them is the deck,
    the others are exports of it, and the lowest ``rank`` is the deck.

    What people write decks in ranks below `USUAL_RANK` (YAML 0, JSON 1, Markdown 2): it is read even where it is about
    to be written. A source that does not say has that rank (tables, and texts of other programs). What only programs
    write is above it (packages: 20).
    """

    rank: ClassVar[int]


USUAL_RANK = 10
"""The rank of a source that has none of its own: see `Ranked`."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the person who exports should know and that is no loss."""

    code: str
    message: str
    span: Span | None = None

    def __str__(self) -> str:
        return f"{self.span}: {self.message}" if self.span else self.message


def _unheard(_notice: Notice) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What an exporter may need besides the deck.

    ``now`` is seconds since 1970 (``SOURCE_DATE_EPOCH`` sets it); ``previous`` is the artefact that will be
    overwritten, if there is one; ``notify`` takes what the person should be told.
    """

    now: int
    previous: bytes | None = None
    notify: Callable[[Notice], None] = _unheard


class Options(BaseModel):
    """Options of a format. They are the subclass's own fields, so they validate and document themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    summary: ClassVar[str]

    @classmethod
    def option_values(cls, name: str) -> list[str]:
        """What an option takes, for people: ``["rated", "essay"]``, ``["true", "false"]``, ``["NUMBER"]``."""
        return _values(cls.model_fields[name].annotation)


class Standing(Enum):
    """What stands where an export is to go. Only an earlier export of the deck is ever replaced."""

    OF_DECK = auto()
    """An earlier export of the deck, or one of what the deck was before it was edited."""
    OF_ANOTHER = auto()
    """An export of another deck."""
    FOREIGN = auto()
    """What cardforge did not write."""
    UNKNOWN = auto()
    """What this exporter cannot tell: it is read, by the source of the exporter's name, and compared."""


class Exporter(Options, ABC):
    """Writes a format.

    ``capabilities`` declares what becomes of every `Feature`; what it leaves out counts as dropped.
    ``media_inside`` is False for a format that names media by path: they are then copied beside it.
    """

    suffix: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    media_inside: ClassVar[bool] = True

    def file_suffix(self) -> str:
        """The suffix for these options; override where an option changes it."""
        return self.suffix

    def supports(self) -> Capabilities:
        """The capabilities with these options; override where an option changes them."""
        return self.capabilities

    def limits(self, deck: Deck) -> Iterable[Loss]:
        """Losses that depend on values: a text too long, a tag with a space. Override where there are any."""
        return ()

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        """Why this deck cannot be written at all; override where a target has hard limits."""
        return ()

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        """What is at the place of this export now. Override where a file bears a sign of who wrote it. May raise
        OutputRefused, which says more than `Standing.FOREIGN` does.
        """
        return Standing.UNKNOWN

    @abstractmethod
    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        """Write the artefact. The deck is valid; the same deck and context give the same bytes."""


def _values(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(value) for value in get_args(annotation)]
    if get_origin(annotation) is Annotated:
        return _values(get_args(annotation)[0])
    if parts := get_args(annotation):
        return [value for part in parts if part is not type(None) for value in _values(part)]
    known = {bool: ["true", "false"], int: ["NUMBER"], float: ["NUMBER"], str: ["TEXT"], Path: ["FILE"]}
    return known.get(annotation, ["VALUE"])
