"""Workbooks: lossless, the same bytes every time, and what Excel cannot hold."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from cardforge import api
from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.fidelity import Level
from cardforge.model import Deck, Flashcard, Section, texts
from cardforge.plugin import Context
from cardforge.text import Html
from cardforge_exporters.csv.table import COLUMNS
from cardforge_exporters.xlsx import MOST_CHARACTERS, XlsxExporter
from tests.strategies import decks

CARD = Flashcard(front="Q", back="A")
patient = settings(deadline=None)
"""A machine may be busy, and the first deck drawn is slow."""


def written(deck: Deck) -> bytes:
    """The file, without looking at what is lost."""
    out = BytesIO()
    XlsxExporter().write(deck, out, Context(now=0))
    return out.getvalue()


def cells(deck: Deck) -> Sequence[Sequence[object]]:
    """The cells as another program reads them."""
    return CalamineWorkbook.from_filelike(BytesIO(written(deck))).get_sheet_by_index(0).to_python()


def loaded(data: bytes, folder: Path) -> Deck:
    path = folder / "deck.xlsx"
    path.write_bytes(data)
    return api.load(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("xlsx")


@patient
@given(deck=decks())
def test_a_deck_read_back_is_equal(folder: Path, deck: Deck) -> None:
    assert loaded(written(deck), folder) == deck


@settings(deadline=None, max_examples=30)
@given(deck=decks())
def test_every_letter_of_a_written_deck_is_found_at_its_place(folder: Path, deck: Deck) -> None:
    read = loaded(written(deck), folder)
    document = read.origin.document
    assert document
    for entry in read.entries():
        for at, text in texts(entry.item, entry.at):
            for offset, letter in enumerate(text.html if isinstance(text, Html) else text):
                if letter.isalnum():
                    place = document.place(Problem("", "", "", at, offset), read.origin.positions)
                    assert document.text[place] == letter


@pytest.mark.parametrize(
    "front", ["=1+1", "-able", "@home", "'=1", "'tis", "017", "1/2", " x ", '{"html": "x"}', "\r\nx"]
)
def test_a_text_stays_a_text(folder: Path, front: str) -> None:
    deck = Deck(title="T", items=(Flashcard(front=front, back="A"),))
    assert loaded(written(deck), folder) == deck


@pytest.mark.parametrize("front", ["=1+1", "-able", "@home", "017"])
def test_a_text_is_shown_as_it_is(front: str) -> None:
    assert cells(Deck(title="T", items=(Flashcard(front=front, back="A"),)))[2][2] == front


@pytest.mark.parametrize("front", ["=1+1", "plain", "-5", "'tis", '{"html": "x"}', "_x0001_"])
def test_a_workbook_loses_nothing(front: str) -> None:
    assert api.export(Deck(title="T", items=(Flashcard(front=front, back="A"),)), "xlsx").losses == ()


@pytest.mark.parametrize("front", ["_xFFFF_", "_x005F_x0041_"])
def test_a_text_that_looks_like_an_escape_is_told(front: str) -> None:
    (loss,) = api.export(Deck(title="T", items=(Flashcard(id="f", front=front, back="A"),)), "xlsx").losses
    assert (loss.level, loss.item, loss.at) == (Level.ADAPTED, "f", ("items", 0, "front"))


def test_only_columns_in_use_are_written_in_the_documented_order() -> None:
    header = cells(Deck(title="T", items=(Section(section="S", items=(CARD,)),)))[0]
    assert header == ["type", "section", "title", "front", "back"] == [name for name in COLUMNS if name in header]


def test_the_bytes_are_the_same_every_time() -> None:
    deck = Deck(title="T", items=(CARD,))
    first = written(deck)
    time.sleep(2.1)  # a zip file counts two seconds at a time
    assert written(deck) == first


def test_a_cell_that_is_as_long_as_can_be_is_written(folder: Path) -> None:
    deck = Deck(title="T", items=(Flashcard(front="x" * MOST_CHARACTERS, back="A"),))
    assert loaded(api.export(deck, "xlsx").data, folder) == deck


@pytest.mark.parametrize("front", ["x" * (MOST_CHARACTERS + 1), "🎓" * (MOST_CHARACTERS // 2 + 1)])
def test_a_cell_that_is_too_long_is_refused_at_its_place(folder: Path, front: str) -> None:
    path = folder / "deck.yaml"
    path.write_text(f"title: T\nitems:\n  - type: flashcard\n    front: {front}\n    back: A\n", encoding="utf-8")
    with pytest.raises(InvalidDeck) as error:
        api.export(api.load(path), "xlsx")
    (found,) = error.value.diagnostics
    assert found.code == "cell-too-long" and found.span and (found.span.line, found.span.column) == (4, 12)


def test_media_are_copied_beside_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"png")
    deck = Deck(title="T", items=(Flashcard(front="![a](a.png)", back="A"),)).with_media(tmp_path / "in")
    api.write(deck, "xlsx", tmp_path / "out" / "deck.xlsx")
    assert (tmp_path / "out" / "a.png").read_bytes() == b"png"
    assert api.load(tmp_path / "out" / "deck.xlsx") == deck


def test_where_no_file_can_be_made_meanwhile_the_system_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(OSError, match="No such file"):
        written(Deck(title="T", items=(CARD,)))
