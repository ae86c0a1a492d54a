"""What a table's messages say to do, done: --set with what it says, for files, folders and every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardforge.preview import PreviewServer
from tests.cli.program import cardforge

VOCABULARY = "Vokabel,Uebersetzung,Lektion\nHaus,house,1\n"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def advised(code: str, *command: str) -> list[str]:
    """The settings in the fix for this code, as the arguments that they are."""
    ran = cardforge(*command)
    told = re.search(rf"\[{code}\]: .*\n(?:.*\|.*\n)*  fix: (.*)", ran.err)
    assert told, ran
    return re.findall(r"--set|(?<=--set )\w+=[\w-]+(?:,[\w-]+)*", told[1])


ADVICE = [
    ("no-header", VOCABULARY),
    ("no-header", "Spanish,English,Tags\nHaus,house,1\n"),
    ("no-header", VOCABULARY.replace(",", ";")),
    ("not-kept", "Term,Definition,Colour\nHaus,house,red\n"),
    ("unknown-field", "front,back,xyzzy\nHaus,house,red\n"),
]


@pytest.mark.parametrize(("code", "text"), ADVICE)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_a_table_is_read_as_its_message_says(code: str, text: str, suffix: str) -> None:
    name = f"v.{suffix}"
    write(name, text if suffix == "csv" else text.replace(",", "\t"))
    ran = cardforge("check", name, *advised(code, "check", name))
    assert (ran.code, ran.out, ran.err) == (0, f"{name}: 1 item, no mistakes\n", "")


@pytest.mark.parametrize(("code", "text"), ADVICE)
def test_it_is_exported_as_its_message_says(code: str, text: str) -> None:
    write("v.csv", text)
    settings = advised(code, "export", "v.csv", "--to", "html")
    ran = cardforge("export", "v.csv", "--to", "yaml", *settings)
    assert (ran.code, ran.out) == (0, "v.csv -> v.yaml (1 item)\n")
    assert ("front: Haus" in Path("v.yaml").read_text(), "warning[" in ran.err) == (True, False)


def test_a_header_that_is_taken_for_a_card_is_passed_over_as_its_message_says() -> None:
    write("v.csv", "Vokabel,Uebersetzung\nHaus,house\n")
    ran = cardforge("check", "v.csv", *advised("guessed-column", "check", "v.csv"))
    assert (ran.code, ran.out, ran.err) == (0, "v.csv: 1 item, no mistakes\n", "")


def test_a_table_without_a_header_is_read_as_its_message_says() -> None:
    """The second of the two settings is for a row that is a header."""
    write("v.csv", "Haus,house,1\nMaus,mouse,1\n")
    settings = advised("no-header", "check", "v.csv")[:2]
    assert cardforge("check", "v.csv", *settings).out == "v.csv: 2 items, no mistakes\n"


def test_a_header_that_is_read_as_an_item_is_passed_over_as_its_message_says() -> None:
    write("v.csv", "front,back\nHaus,house\n")
    command = ["check", "v.csv", "--set", "columns=front,back"]
    ran = cardforge(*command, *advised("header-as-item", *command))
    assert (ran.code, ran.out, ran.err) == (0, "v.csv: 1 item, no mistakes\n", "")


def test_a_word_that_is_taken_for_a_field_is_named_as_its_message_says() -> None:
    write("v.csv", "Term,back\nHaus,house\n")
    (name,) = re.findall(r"name it (\w+)", cardforge("check", "v.csv").err)
    write("v.csv", f"{name},back\nHaus,house\n")
    assert cardforge("check", "v.csv").err == ""


def test_the_tables_of_a_folder_are_read_as_is_said() -> None:
    write("all/a.csv", "un,one,x\n")
    write("all/b.tsv", "deux\ttwo\ty\n")
    write("all/c.yaml", "title: C\nitems: [{type: flashcard, front: a, back: b}]\n")
    ran = cardforge("check", "all", "--set", "columns=front,back,-")
    assert (ran.code, ran.out.count("1 item, no mistakes"), ran.err) == (0, 3, "")


def test_settings_make_no_deck_of_a_table_that_is_the_export_of_one() -> None:
    write("all/a.csv", "un,one,x\n")
    write("all/a.yaml", "title: C\nitems: [{type: flashcard, front: a, back: b}]\n")
    ran = cardforge("export", "all", "--to", "html", "--set", "columns=front,back,-")
    assert (ran.code, "a file of the same name is read: a.csv" in ran.err) == (2, True)
    assert "no file here is in this format" in ran.err


@pytest.mark.parametrize("command", [["check"], ["export", "--to", "yaml"]])
def test_what_cannot_be_read_says_so_with_settings_too(command: list[str]) -> None:
    for name in ("missing.csv", "missing.txt", "missing"):
        ran = cardforge(*command, name, "--set", "columns=front,back")
        assert (ran.code, f"{name}:1:1: error[file-missing]" in ran.err) == (1, True)


def test_a_text_of_unknown_format_is_told_how_to_name_it_with_settings_too() -> None:
    write("a.txt", "one,two\nthree,four\n")
    ran = cardforge("check", "a.txt", "--set", "columns=front,back")
    assert (ran.code, "--from csv, " in ran.err) == (1, True)


@pytest.mark.parametrize(("code", "text"), ADVICE)
def test_it_is_previewed_as_its_message_says(code: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write("v.csv", text)
    settings = advised(code, "check", "v.csv")
    pages: list[bytes | None] = []

    def stopped(self: PreviewServer, _interval: float = 0.5) -> None:
        pages.append(self.preview.view().page)
        raise KeyboardInterrupt

    monkeypatch.setattr(PreviewServer, "serve_forever", stopped)
    assert cardforge("preview", "v.csv", "--no-browser", *settings).code == 0
    assert pages[0] is not None and b"Haus" in pages[0]


def test_a_preview_of_another_format_says_that_it_takes_no_such_settings() -> None:
    write("a.yaml", "title: C\nitems: [{type: flashcard, front: a, back: b}]\n")
    ran = cardforge("preview", "a.yaml", "--no-browser", "--set", "columns=front,back,-")
    assert (ran.code, "no file here is in this format" in ran.err) == (2, True)
