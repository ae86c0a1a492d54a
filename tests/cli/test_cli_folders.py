"""What is said of the files of a folder that are not read, and of long names."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import cardforge

TABLE = "front,back\nQ,A\n"
DECK = "title: T\nitems:\n- {type: flashcard, front: Q, back: A}\n"
AFTER = "name a file to read it all the same\n"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def left_out(why: str, *command: str) -> str:
    """Which files are said to be left out of the folder ``side`` for this reason, and what to do."""
    ran = cardforge(*command)
    start = f"side: left out, for {why}: "
    (line,) = [line for line in ran.err.splitlines() if line.startswith(start)] or [start]
    return line.removeprefix(start)


# --- a deck beside its old export ----------------------------------------------------------------

NO_DECK = "nothing in them looks like a deck, and another file of their name is read"


@pytest.mark.parametrize("below", ["", "deep/"])
def test_a_file_in_which_decks_are_written_is_told_where_its_export_is_read(below: str) -> None:
    write(f"side/{below}deck.csv", TABLE)
    write(f"side/{below}deck.yaml", "titel: T\nitmes:\n- {type: flashcard, front: Q, back: A}\n")
    assert left_out(NO_DECK, "export", "side", "--to", "html") == f"{below}deck.yaml; {AFTER.strip()}"


@pytest.mark.parametrize("text", ["", " \n"])
@pytest.mark.parametrize("other", ["deck.csv", "other.csv"])
def test_a_deck_that_was_emptied_is_a_mistake(text: str, other: str) -> None:
    write(f"side/{other}", TABLE)
    write("side/deck.yaml", text)
    ran = cardforge("export", "side", "--to", "html")
    assert (ran.code, "side/deck.yaml:1:1: error[empty-file]" in ran.err) == (1, True)


@pytest.mark.parametrize("other", ["deck.md", "deck.json", "deck.html", "deck.zip", "deck.canvas.zip"])
def test_notes_and_exports_beside_their_deck_are_not_told(other: str) -> None:
    write("side/deck.yaml", DECK)
    write(f"side/{other}", "Read me\n")
    assert cardforge("check", "side").err == ""


def test_a_link_that_leads_nowhere_is_told() -> None:
    write("side/deck.csv", TABLE)
    Path("side/deck.yaml").symlink_to("gone.yaml")
    told = left_out("they cannot be opened", "export", "side", "--to", "html")
    assert told == "deck.yaml (No such file or directory); check their permissions, and what they link to"


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody might read a file called deck.yaml: root may read all."""
    opened: Callable[..., Any] = io.open

    def refusing(file: Any, *arguments: Any, **named: Any) -> Any:
        if Path(str(file)).name == "deck.yaml":
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *arguments, **named)

    monkeypatch.setattr(io, "open", refusing)


@pytest.mark.usefixtures("unreadable")
@pytest.mark.parametrize("other", ["deck.csv", "other.csv"])
def test_a_file_that_may_not_be_read_is_told(other: str) -> None:
    write(f"side/{other}", TABLE)
    Path("side/deck.yaml").touch()
    assert "deck.yaml (Permission denied); check" in left_out("they cannot be opened", "check", "side")
    assert "looks like a deck" not in cardforge("check", "side").err


@pytest.mark.usefixtures("unreadable")
def test_a_folder_of_which_nothing_may_be_read_says_so() -> None:
    Path("side").mkdir()
    Path("side/deck.yaml").touch()
    ran = cardforge("check", "side")
    assert (ran.code, "deck.yaml (Permission denied)" in ran.err) == (1, True)


def test_a_folder_that_may_not_be_listed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    write("side/deck.yaml", DECK)
    write("side/locked/deck.yaml", DECK)
    listed: Callable[..., Any] = os.scandir

    def refusing(folder: Any) -> Any:
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    assert "locked (Permission denied); check" in left_out("they cannot be opened", "check", "side")


def test_a_deck_is_told_before_notes() -> None:
    for number in range(9):
        write(f"side/{number}.csv", TABLE)
        write(f"side/{number}.md", "Read me\n")
    write("side/9.csv", TABLE)
    write("side/9.yaml", "x: 1\n")
    assert left_out(NO_DECK, "check", "side").startswith("9.yaml, 0.md, ")


# --- exports of the last time ---------------------------------------------------------------------

TO_ALL = ("--to", "anki", "--to", "moodle", "--to", "canvas", "--to", "qti21")
OF_NO_DECK = "cardforge exported them, and the deck is not here"


def test_what_was_exported_into_a_folder_below_is_no_deck_of_the_next_export() -> None:
    write("side/deck.yaml", DECK)
    first = cardforge("export", "side", *TO_ALL, "--out", "side/out")
    assert cardforge("export", "side", *TO_ALL, "--out", "side/out").out == first.out
    assert left_out("exports go there", "export", "side", "--to", "csv", "--out", "side/out").startswith("out; ")


@pytest.mark.parametrize("target", ["anki", "moodle", "canvas", "qti21", "qti30"])
def test_the_export_of_a_deck_that_is_gone_is_no_deck(target: str) -> None:
    write("side/deck.yaml", DECK)
    write("side/gone.yaml", DECK)
    cardforge("export", "side", "--to", target)
    Path("side/gone.yaml").unlink()
    assert left_out(OF_NO_DECK, "check", "side").startswith("gone.")


def test_a_folder_of_nothing_but_exports_is_read() -> None:
    write("deck.yaml", DECK)
    cardforge("export", "deck.yaml", "--to", "moodle", "--to", "anki", "--out", "side/")
    ran = cardforge("check", "side")
    assert (ran.code, ran.out) == (0, "side/deck.xml: 1 item, no mistakes\n")


def test_a_link_to_a_folder_is_told() -> None:
    write("side/deck.yaml", DECK)
    write("other/deck.yaml", DECK)
    Path("side/more").symlink_to(Path("other").resolve())
    assert left_out("links to folders are not followed", "check", "side").startswith("more; ")


def test_of_two_files_with_one_name_the_second_is_not_written_over_the_first() -> None:
    write("a/deck.yaml", DECK)
    write("b/deck.yaml", DECK)
    ran = cardforge("export", "a", "b", "--to", "html", "--out", "out")
    assert "export one of them by itself, or give them different names" in ran.err


# --- many of them --------------------------------------------------------------------------------


def test_of_files_that_are_left_out_a_few_are_told_from_the_folder_on() -> None:
    for number in range(400):
        write(f"side/{number:03}/deck.yaml", DECK)
        write(f"side/{number:03}/deck.csv", TABLE)
    told = left_out("a file of the same name is read", "check", "side")
    shown = ", ".join(str(Path(f"{number:03}/deck.csv")) for number in range(5))
    assert told == f"{shown} and 395 more; {AFTER.strip()}"


def test_of_many_rivals_a_few_are_told() -> None:
    for name in ("a", *(f"a.x{number}" for number in range(30))):
        Path("side").mkdir(exist_ok=True)
        with zipfile.ZipFile(f"side/{name}.zip", "w") as package:
            package.writestr("imsmanifest.xml", "<manifest/>")
    ran = cardforge("export", "side", "--to", "html")
    assert "zip and 25 more have the same name, and one may be an export of the other" in ran.err
    assert max(map(len, ran.err.splitlines())) < 200


# --- long names ----------------------------------------------------------------------------------


def longest(text: str, *, to: str = "anki") -> tuple[int, int]:
    """The length of the longest line that is told of an item with this front, and how many lines there are."""
    write("a.yaml", f"title: T\nitems:\n- type: flashcard\n  back: A\n  front: {text}\n")
    lines = cardforge("check", "a.yaml", "--to", to).err.splitlines()
    assert lines
    return max(map(len, lines)), len(lines)


LONG = "x-" + "'a-" * 10_000


@pytest.mark.parametrize(
    "html",
    [
        f"<b {LONG}=1>x</b>",
        f"<{LONG}>x</b>",
        f"<b style='{LONG.replace(chr(39), '')}:1'>x</b>",
        f"<a href='javascript:{'x' * 30_000}'>x</a>",
    ],
)
def test_long_names_in_html_are_cut(html: str) -> None:
    length, _ = longest('{html: "' + html + '"}')
    assert length < 200


def test_of_many_styles_each_is_told() -> None:
    styles = [f"made-up-{number}" for number in range(20)]
    write("a.yaml", DECK.replace("front: Q", "front: {html: \"<b style='" + ":1;".join(styles) + ":1'>Q</b>\"}"))
    told = cardforge("check", "a.yaml").err
    assert all(f" {style}" in told for style in styles)
    assert max(len(line) for line in told.splitlines() if "warning[" in line) < 200


@pytest.mark.parametrize("words", ["x" * 180_000, "x\n\n  y" * 10])
def test_long_words_of_a_player_are_cut(words: str) -> None:
    write("a.mp3", "x")
    words = words.replace("\n\n", "\\n")
    length, count = longest(f'"![{words}](a.mp3)"')
    assert (length < 200, count < 5) == (True, True)
