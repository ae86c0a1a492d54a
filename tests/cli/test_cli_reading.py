"""Which source reads a file, and what it is told with --set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardforge import registry
from tests.cli.fakes import MINE, READERS, install
from tests.cli.program import cardforge


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    install(monkeypatch, MINE, READERS)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)


@pytest.mark.parametrize(("first", "name"), [("-", "lines"), ("*", "stars")])
def test_of_several_sources_for_a_suffix_the_one_that_recognises_the_file_reads_it(first: str, name: str) -> None:
    write("a.lines", f"{first} one=1")
    assert registry.source_for(Path("a.lines")).name == name


def test_a_file_that_none_of_them_recognises_is_told() -> None:
    write("a.lines", "one=1")
    ran = cardforge("check", "a.lines")
    assert (ran.code, "none of the formats with this suffix (lines, stars)" in ran.err) == (1, True)


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff\n"])
@pytest.mark.parametrize("suffix", ["txt", "xml", "zip", "lines"])
def test_an_empty_file_is_told_to_be_empty(suffix: str, text: str) -> None:
    Path(f"a.{suffix}").write_text(text, encoding="utf-8")
    ran = cardforge("check", f"a.{suffix}")
    assert (ran.code, f"a.{suffix}:1:1: error[" in ran.err, "empty" in ran.err or suffix == "zip") == (1, True, True)


def test_a_text_that_may_be_several_formats_is_told_how_to_name_each() -> None:
    write("a.txt", "one,two\nthree,four\n")
    ran = cardforge("check", "a.txt")
    assert "say which it is: --from aiken, --from csv, --from gift, --from recall" in ran.err
    assert "--set columns=front,back" in cardforge("check", "a.txt", "--from", "csv").err
    assert cardforge("check", "a.txt", "--from", "csv", "--set", "columns=front,back").code == 0


@pytest.mark.parametrize("hyphen", ["-", "–", "—"])
def test_sides_with_a_hyphen_between_them_are_told_to_need_a_tab(hyphen: str) -> None:
    text = f"mitosis {hyphen} division of a cell\n\nATP {hyphen} what carries energy, in a cell\nDNA {hyphen} genes\n"
    write("a.txt", text)
    ran = cardforge("check", "a.txt", "--from", "csv", "--set", "columns=front,back")
    assert (ran.code, "put a tab in place of" in ran.err) == (1, True)
    write("a.txt", text.replace(f" {hyphen} ", "\t"))
    assert cardforge("check", "a.txt").out == "a.txt: 3 items, no mistakes\n"


def test_an_old_workbook_is_told_what_to_save_it_as() -> None:
    write("a.xls", "x")
    assert "no source reads the suffix '.xls'" in cardforge("check", "a.xls").err
    assert "save it as .xlsx, which is read" in cardforge("check", "a.xls").err
    assert ".xls " not in cardforge("formats").out


def test_of_a_folder_what_none_of_them_recognises_is_left_out() -> None:
    write("all/a.lines", "one=1")
    write("all/b.lines", "- two=2")
    ran = cardforge("check", "all")
    assert (ran.code, ran.out) == (0, "all/b.lines: 1 item, no mistakes\n")


def test_a_source_takes_its_options() -> None:
    write("a.lines", "- one:1")
    ran = cardforge("export", "a.lines", "--to", "yaml", "--out", "-", "--set", "lines.mark=:")
    assert (ran.code, "back: '1'" in ran.out) == (0, True)


def test_check_takes_the_options_of_sources_and_targets() -> None:
    write("a.lines", "- one:1")
    assert cardforge("check", "a.lines", "--to", "titles", "--set", "mark=:", "--set", "times=2").code == 0


def test_an_option_for_a_source_that_reads_none_of_the_files_is_wrong_usage() -> None:
    write("a.yaml", "title: A\nitems: [{type: flashcard, front: a, back: b}]\n")
    ran = cardforge("check", "a.yaml", "--set", "lines.mark=:")
    assert (ran.code, "--set for lines: no file here is in this format" in ran.err) == (2, True)


def test_formats_tells_the_options_of_sources() -> None:
    assert "--set mark=TEXT" in cardforge("formats").out


def test_what_a_source_keeps_aside_is_counted_and_reported() -> None:
    write("a.lines", "- one=1\n- two\n")
    ran = cardforge("export", "a.lines", "--to", "titles", "--report", "r.json")
    (done,) = json.loads(Path("r.json").read_text())["exports"]
    assert (ran.out, [d["code"] for d in done["diagnostics"]]) == (
        "a.lines -> a.txt (0 of 1 item, 1 kept aside)\n",
        ["kept-aside"],
    )


HTML = "<b onclick='a()'>{}</b>"


def test_what_all_texts_of_a_foreign_file_have_is_told_once() -> None:
    write("a.lines", "- one|1\n" + "".join(f"{HTML.format(n)}|<i onclick='b()'>x</i>\n" for n in range(60)))
    ran = cardforge("export", "a.lines", "--to", "titles", "--report", "r.json", "--set", "mark=|")
    (done,) = json.loads(Path("r.json").read_text())["exports"]
    assert ran.err.count("html-removed") == 1
    assert "and 119 more like it" in ran.err
    assert len(done["diagnostics"]) == 120


def test_of_a_file_that_takes_no_ids_it_is_told_where_they_can_be_written() -> None:
    write("a.lines", "- one=1\n")
    assert "export the deck --to yaml and go on with that file" in cardforge("export", "a.lines", "--to", "anki").err


def test_what_was_made_of_a_beginning_is_not_overwritten() -> None:
    write("a.lines", "- one=1\n- two\n")
    assert cardforge("export", "a.lines", "--to", "yaml").code == 0
    assert cardforge("export", "a.lines", "--to", "yaml").code == 0
    Path("a.yaml").write_text(Path("a.yaml").read_text() + "- {type: flashcard, front: two, back: '2'}\n")
    completed = Path("a.yaml").read_text()
    ran = cardforge("export", "a.lines", "--to", "yaml")
    assert (ran.code, Path("a.yaml").read_text()) == (1, completed)
    assert "it may have been completed or edited since the last export" in ran.err


@pytest.mark.parametrize("name", [".", "decks.lines"])
def test_ids_are_written_into_one_file(name: str) -> None:
    Path(name).mkdir(exist_ok=True)
    ran = cardforge("ids", name)
    assert (ran.code, "this is a folder, not a file" in ran.err, "name a file in it" in ran.err) == (1, True, True)


@pytest.mark.parametrize("command", [["check"], ["export", "--to", "titles"], ["check", "--from", "yaml"], ["ids"]])
def test_a_file_whose_name_was_misspelt_is_named(command: list[str]) -> None:
    write("decks/Mein Deck.yaml", "title: A\nitems: [{type: flashcard, front: a, back: b}]\n")
    ran = cardforge(*command, "decks/Mein Dek.yaml")
    assert (ran.code, "decks/Mein Dek.yaml:1:1: error[file-missing]: there is no such file" in ran.err) == (1, True)
    assert "fix: did you mean 'decks/Mein Deck.yaml'?" in ran.err


def test_a_file_that_is_like_no_other_is_told_to_be_missing() -> None:
    write("Mein Deck.yaml", "")
    assert "fix: check the path for a typing mistake" in cardforge("check", "capitals.csv").err


@pytest.mark.parametrize(
    "address", ["https://example.org/deck.yaml", "http://example.org/a?b=c", "HTTPS://x.org/a.csv"]
)
def test_nothing_is_fetched_from_the_web(address: str) -> None:
    ran = cardforge("check", address)
    scheme, _, rest = address.partition("://")
    told = f"error[file-missing]: {scheme}://{rest} is an address on the web, and nothing is fetched from there\n"
    assert (ran.code, ran.err) == (1, told + "  fix: download the file, and name that\n")
