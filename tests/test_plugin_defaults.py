"""What a source need not have, and what then holds: media beside its file, ids that are written by hand. And what is
said of one that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

import cardforge
from cardforge import BrokenPlugin, Deck, Flashcard, InvalidDeck, registry
from cardforge.diagnostics import Loc
from cardforge.document import read_document
from cardforge.plugin import Draft
from tests.cli.fakes import install


class Facts:
    """A card a line, its sides parted by ``=``."""

    name: ClassVar[str] = "facts"
    summary: ClassVar[str] = "a card a line"
    suffixes: ClassVar[tuple[str, ...]] = (".facts",)

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        sides = [line.split("=") for line in document.text.splitlines()]
        items = [{"type": "flashcard", "front": front, "back": back} for front, back in sides]
        return Draft({"title": path.stem, "items": items}, document)


class Stamped(Facts):
    """The same, with ids in a first line that nobody reads."""

    name: ClassVar[str] = "stamped"
    suffixes: ClassVar[tuple[str, ...]] = (".stamped",)

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        return [(0, f"ids: {', '.join(ids.values())}\n")]


class Curious(Facts):
    """The same, but that it fails at looking into a file."""

    name: ClassVar[str] = "curious"
    suffixes: ClassVar[tuple[str, ...]] = (".curious",)

    def recognises(self, path: Path) -> bool:
        raise ZeroDivisionError("no lines")


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {kind.name: kind.__name__ for kind in (Facts, Stamped, Curious)} | {"mine": "Facts"}
    install(monkeypatch, sources={name: f"{__name__}:{kind}" for name, kind in kinds.items()})


def written(folder: Path, text: str, name: str = "a.facts") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def ids_missing(deck: Deck) -> str:
    (notice,) = cardforge.export(deck, "anki", now=1).notices
    return notice.message.rpartition("; ")[2]


def test_media_are_read_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "fig.svg").write_bytes(b"<svg/>")
    deck = cardforge.load(written(tmp_path, "What?=![a figure](fig.svg)\n"))
    assert deck.origin.media.read("fig.svg") == b"<svg/>"


def test_media_that_are_not_there_are_told_as_in_any_deck(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck) as refused:
        cardforge.load(written(tmp_path, "What?=![a figure](no.png)\n"))
    (found,) = refused.value.diagnostics
    assert (found.message, found.fix) == (
        "there is no file 'no.png' in the deck's folder",
        "add the file, or mend the path",
    )


@pytest.mark.parametrize(
    ("name", "fix"),
    [("a.facts", "write ids into the file"), ("a.stamped", "cardforge ids FILE writes them into it")],
)
def test_cardforge_ids_is_advised_where_it_writes(name: str, fix: str, tmp_path: Path) -> None:
    assert ids_missing(cardforge.load(written(tmp_path, "What?=That.\n", name))) == fix


def test_a_deck_that_was_built_has_no_file_to_write_ids_into() -> None:
    built = Deck(title="T", items=(Flashcard(front="What?", back="That."),))
    assert ids_missing(built) == "build the deck and its items with an id each"


# --- what is wrong -------------------------------------------------------------------------------


def test_a_source_that_calls_itself_otherwise_is_broken() -> None:
    with pytest.raises(BrokenPlugin, match="'mine' calls itself 'facts'"):
        registry.source("mine")


def test_a_source_that_fails_at_looking_into_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        BrokenPlugin, match=r"'curious' \(tests\) fails at looking into .* not your fault: ZeroDivisionError: no lines"
    ):
        registry.recognised(written(tmp_path, "a=b", "a.curious"))
