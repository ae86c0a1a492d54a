"""Exporters and entry points for tests, put where the registry finds them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import BinaryIO, ClassVar

import pytest

from cardforge import registry
from cardforge.diagnostics import Problem, Severity
from cardforge.document import read_document
from cardforge.fidelity import Capabilities, Feature, Level, Loss, adapted, dropped, everything_native
from cardforge.model import Deck
from cardforge.plugin import Context, Draft, Exporter, Options


class Titles(Exporter):
    """Writes the title and nothing else, and says so."""

    name: ClassVar[str] = "titles"
    summary: ClassVar[str] = "the title, [b]nothing[/b] else"
    suffix: ClassVar[str] = ".txt"
    capabilities: ClassVar[Capabilities] = everything_native() | {
        Feature.FLASHCARD: dropped("only the title is written"),
        Feature.TAGS: adapted("in capitals"),
    }
    times: int = 1

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(f"{deck.title}\n".encode() * self.times)


class Breaking(Titles):
    """Fails when half of the artefact is written."""

    name: ClassVar[str] = "breaking"
    suffix: ClassVar[str] = ".half"

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(b"half")
        raise RuntimeError("the other half is missing")


class Named(Titles):
    """Names every item in a loss of its own words."""

    name: ClassVar[str] = "named"

    def limits(self, deck: Deck) -> Iterable[Loss]:
        for entry in deck.entries():
            yield Loss(Feature.HINT, Level.ADAPTED, f"{entry.id} has none", entry.id, entry.at, deck.span(entry.at))


class Lines(Options):
    """Reads flashcards, one a line, from files that begin with a dash."""

    name: ClassVar[str] = "lines"
    summary: ClassVar[str] = "a card a line"
    suffixes: ClassVar[tuple[str, ...]] = (".lines",)
    mark: str = "="

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        sides = [line.strip("- ").split(self.mark) for line in document.text.splitlines()]
        items = [{"type": "flashcard", "front": card[0], "back": card[1]} for card in sides if len(card) == 2]
        aside = Problem("kept-aside", "this line is no card", f"put {self.mark} in it", severity=Severity.WARNING)
        missing = (aside,) * (len(sides) - len(items))
        return Draft({"title": path.stem, "items": items}, document, problems=missing, is_beginning=True)

    def recognises(self, path: Path) -> bool:
        return path.read_text().startswith("-")


class Stars(Lines):
    """The same, from files that begin with a star."""

    name: ClassVar[str] = "stars"

    def recognises(self, path: Path) -> bool:
        return path.read_text().startswith("*")


class Early(Lines):
    """The same, from files in which people write decks."""

    name: ClassVar[str] = "early"
    suffixes: ClassVar[tuple[str, ...]] = (".early",)
    rank: ClassVar[int] = 5


READERS = {kind.name: f"{__name__}:{kind.__name__}" for kind in (Lines, Stars, Early)}
MINE = {kind.name: f"{__name__}:{kind.__name__}" for kind in (Titles, Breaking, Named)}


def install(
    monkeypatch: pytest.MonkeyPatch, exporters: dict[str, str] | None = None, sources: dict[str, str] | None = None
) -> None:
    """Let the registry find these entry points besides the installed ones: names, and ``module:attribute``."""
    installed = registry._entries
    more = {registry.EXPORTERS: exporters or {}, registry.SOURCES: sources or {}}

    def entries(group: str) -> dict[str, EntryPoint | str]:
        added = {name: EntryPoint(name, value, group) for name, value in more[group].items()}
        return dict(sorted({**installed(group), **added}.items()))

    monkeypatch.setattr(registry, "_entries", entries)
    for cached in ("exporter", "source", "_by_suffix"):
        uncached = getattr(registry, cached).__wrapped__
        monkeypatch.setattr(registry, cached, uncached)
