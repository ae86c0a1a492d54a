"""A cell that is the name of a picture beside the table shows that name, which is told once for its column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from cardforge import api
from cardforge.diagnostics import Diagnostic, Problem
from cardforge.media import FolderMedia
from cardforge.model import Flashcard
from cardforge.text import facts
from cardforge_sources.csv.named_files import NamedFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a table, with a picture in it and one beside it."""
    below = tmp_path / "deck" / "Bilder"
    below.mkdir(parents=True)
    for name in ("Hund.png", "Katze.png", "Maus.mp3", "ein Hund (1).png", "50%20.png", "notes.md"):
        (below / name).touch()
    (tmp_path / "beside.png").touch()
    return tmp_path / "deck"


def told(folder: Path, text: str, **options: Any) -> list[Diagnostic]:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return [found for found in api.check(path, **options) if found.code == "media-as-text"]


def test_a_name_in_a_column_of_our_own_is_told_with_what_shows_it(folder: Path) -> None:
    (found,) = told(folder, "front,back,explanation\nHund,dog,Bilder/Hund.png\n")
    assert str(found.span).endswith("table.csv:2:10")
    assert found.message == "this cell is the name of a file that is there, and is shown as text"
    assert found.fix == "to show it, write ![](Bilder/Hund.png)"


def test_a_name_in_a_column_that_was_said_is_told(folder: Path) -> None:
    text = "Frage;Antwort;Bild\nHund;dog;Bilder/Hund.png\n"
    (found,) = told(folder, text, columns="front,back,explanation", header=True)
    assert found.span and found.span.line == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (2, "as text; and so is 1 more in this column"),
        (9, "as text; and so are 8 more in this column"),
        (300, "as text; and so are at least 299 more in this column"),
    ],
)
def test_a_column_is_told_once_with_a_count(folder: Path, rows: int, said: str) -> None:
    (found,) = told(folder, "front,back\n" + "Q,Bilder/Hund.png\n" * rows)
    assert found.message.endswith(said)


def test_each_column_is_told(folder: Path) -> None:
    found = told(folder, "front,back\nBilder/Katze.png,Bilder/Hund.png\n")
    assert [d.fix.rpartition(" ")[2] for d in found] == ["![](Bilder/Katze.png)", "![](Bilder/Hund.png)"]


@pytest.mark.parametrize(
    "cell",
    [
        "Bilder/Pferd.png",
        "see Bilder/Hund.png",
        "![](Bilder/Hund.png)",
        "Bilder/notes.md",
        "Bilder",
        "../beside.png",
        "a" * 5000 + ".png",
        "a.pn\0g",
        "https://x.org/Hund.png",
    ],
)
def test_what_is_no_name_of_a_file_that_is_there_is_not_told(folder: Path, cell: str) -> None:
    assert told(folder, f"front,back\nQ,{cell}\n") == []


def test_a_tag_is_no_text(folder: Path) -> None:
    assert told(folder, "front,back,tags\nQ,A,Bilder/Hund.png\n") == []


def test_a_link_out_of_the_folder_is_not_told(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder.parent / "beside.png")
    assert told(folder, "front,back\nQ,link.png\n") == []


@pytest.mark.parametrize(
    "name", ["Bilder/Hund.png", " Bilder/Hund.png ", r"Bilder\Hund.png", "Bilder/ein Hund (1).png", "Bilder/50%20.png"]
)
def test_what_is_told_shows_the_picture(folder: Path, name: str) -> None:
    (found,) = told(folder, f"front,back\nQ,{name}\n")
    shown = re.search(r"!\[\]\(.*\)$", found.fix)
    assert shown
    (folder / "table.csv").write_text(f"front,back\nQ,{shown[0]}\n", encoding="utf-8")
    (item,) = api.load(folder / "table.csv").items
    assert isinstance(item, Flashcard)
    assert [media.path for media in facts(item.back).media] == [name.strip().replace("\\", "/")]


def test_a_sound_is_told(folder: Path) -> None:
    assert told(folder, "front,back\nQ,Bilder/Maus.mp3\n")


def test_a_name_in_a_workbook_is_told_at_its_sheet(folder: Path) -> None:
    with Workbook(folder / "bank.xlsx") as book:
        sheet = book.add_worksheet("One")
        sheet.write_row(0, 0, ["front", "back"])
        sheet.write_row(1, 0, ["Q", "Bilder/Hund.png"])
    (found,) = api.check(folder / "bank.xlsx")
    assert (found.code, str(found.span).endswith("bank.xlsx/One:2:3")) == ("media-as-text", True)


def test_only_a_few_hundred_files_are_looked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: set[Path] = set()

    def is_file(path: Path) -> bool:
        looked_at.add(path)
        return False

    monkeypatch.setattr(Path, "is_file", is_file)
    files = NamedFiles(FolderMedia(folder))
    for number in range(2000):
        files.look_at({"back": (0, f"{number}.png")})
    assert len(looked_at) <= 300


@given(st.text(st.sampled_from("a./\\~:*\n\0 \udc80%"), max_size=12), st.sampled_from([".png", ".MP3", ""]))
def test_every_cell_can_be_looked_at(name: str, suffix: str) -> None:
    problems: list[Problem] = []
    files = NamedFiles(FolderMedia(Path("/no/such/folder")))
    files.look_at({"back": (0, name + suffix)})
    files.tell(problems)
    assert not problems
