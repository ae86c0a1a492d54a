"""What somebody meets who has just installed cardforge: the formats, a new deck, a file that is no deck, ids."""

from __future__ import annotations

import shlex
from io import BytesIO
from pathlib import Path

import pytest

from cardforge import Deck, Flashcard, api, registry
from cardforge.diagnostics import InvalidDeck
from cardforge.document import decode
from cardforge.plugin import Context, Notice
from tests.cli.program import cardforge


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# --- formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 100])
def test_formats_fit_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    told = cardforge("formats").out.partition("\nInstalled, but broken")[0]
    assert [line for line in told.splitlines() if len(line) > columns] == []


def test_formats_say_nothing_of_a_default_that_is_empty() -> None:
    assert "(default: )" not in cardforge("formats").out


@pytest.mark.parametrize("columns", ["20", "80", "1000"])
def test_formats_say_all_whatever_the_width(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    told = " ".join(cardforge("formats").out.split())
    assert [name for name in registry.exporter_names() if registry.exporter(name).summary not in told] == []


# --- new -----------------------------------------------------------------------------------------


def test_new_keeps_the_capitals_of_a_title() -> None:
    cardforge("new", "mein Deck.yaml")
    assert api.load("mein Deck.yaml").title == "Mein Deck"


def test_the_command_that_new_tells_works_as_it_stands() -> None:
    told = cardforge("new", "It's my deck.yaml").out
    command = shlex.split(told.partition("then: ")[2].partition(" (cardforge formats")[0])
    assert cardforge(*command[1:]).code == 0


@pytest.mark.parametrize("name", ["", " "])
def test_new_needs_a_name(name: str) -> None:
    ran = cardforge("new", name)
    assert (ran.code, ran.err) == (2, "a new deck needs a name: cardforge new deck.yaml\n")


# --- files that are no text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\0\0\0\x08\0word/document.xml", "a Word document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0ppt/presentation.xml", "a PowerPoint presentation"),
        (b"PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04\0mimetypeapplication/vnd.oasis.opendocument.text", "a LibreOffice document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0notes.txt", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "a document of an old Word, Excel or PowerPoint"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
    ],
)
def test_a_file_that_is_no_text_is_told_for_what_it_is(data: bytes, what: str) -> None:
    with pytest.raises(InvalidDeck) as caught:
        decode(data, "notes.md")
    assert [(d.code, d.message) for d in caught.value.diagnostics] == [("binary-file", f"this is {what}, not text")]


@pytest.mark.parametrize("source", ["markdown", "yaml", "csv", "json"])
def test_who_says_the_format_is_not_told_to_say_it(source: str) -> None:
    Path("notes.docx").write_bytes(b"PK\x03\x04\x14\0\0\0\x08\0word/document.xml")
    ran = cardforge("check", "notes.docx", "--from", source)
    assert (ran.code, "a Word document" in ran.err, "--from" in ran.err) == (1, True, False)


# --- ids -----------------------------------------------------------------------------------------


def test_what_comes_of_missing_ids_in_anki_is_told_plainly() -> None:
    told: list[Notice] = []
    deck = Deck(title="T", items=(Flashcard(front="Q", back="A"),))
    registry.exporter("anki")().write(deck, BytesIO(), Context(0, notify=told.append))
    assert "an item that is edited later may become a new card in Anki, without its review history" in told[0].message
