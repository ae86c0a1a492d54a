"""`cardforge export`: where the exports go, what is refused, what is printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cardforge import api
from tests.cli.fakes import MINE, install
from tests.cli.program import cardforge

ITEM = "- type: flashcard\n  front: Q\n  back: A\n"
DECK = f"title: Planets\nitems:\n{ITEM}"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    install(monkeypatch, MINE)


def write(*paths: str, text: str = DECK) -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def files() -> set[str]:
    return {str(path) for path in Path().rglob("*") if path.is_file()}


# --- where to ------------------------------------------------------------------------------------


def test_without_out_the_export_lies_beside_its_source() -> None:
    write("decks/a.yaml")
    ran = cardforge("export", "decks/a.yaml", "--to", "titles")
    assert (ran.code, ran.out) == (0, f"{Path('decks/a.yaml')} -> {Path('decks/a.txt')} (0 of 1 item)\n")
    assert Path("decks/a.txt").read_text() == "Planets\n"


def test_several_sources_and_targets() -> None:
    write("a.yaml", "b.yaml")
    assert cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--to", "anki").code == 0
    assert files() == {"a.yaml", "a.txt", "a.apkg", "b.yaml", "b.txt", "b.apkg"}


def test_a_target_named_twice_is_exported_once() -> None:
    write("a.yaml")
    assert cardforge("export", "a.yaml", "--to", "titles", "--to", "titles").code == 0


def test_a_folder_is_searched_and_its_shape_is_kept_below_out() -> None:
    write("decks/a.yaml", "decks/deep/b.yml", "decks/.hidden/c.yaml", "decks/.d.yaml")
    write("decks/notes.txt", text="no deck")
    assert cardforge("export", "decks", "--to", "titles", "--out", "made").code == 0
    made = {str(path) for path in Path("made").rglob("*") if path.is_file()}
    assert made == {str(Path("made/a.txt")), str(Path("made/deep/b.txt"))}


def test_of_a_folder_an_export_beside_its_deck_is_left_out() -> None:
    write("decks/a.yaml")
    assert cardforge("export", "decks", "--to", "csv").code == 0
    ran = cardforge("export", "decks", "--to", "titles", "--out", "made")
    told = "decks: left out, for a file of the same name is read: a.csv; name a file to read it all the same\n"
    assert (ran.code, ran.err.startswith(told)) == (0, True)


@pytest.mark.parametrize("target", ["anki", "canvas", "markdown", "csv", "moodle"])
def test_of_a_folder_no_export_is_read_as_a_deck_of_its_own(target: str) -> None:
    write("decks/a.yaml")
    cardforge("export", "decks", "--to", "anki", "--to", target)
    assert cardforge("check", "decks").out == f"{Path('decks/a.yaml')}: 1 item, no mistakes\n"


def test_of_what_was_exported_from_a_table_the_table_is_read() -> None:
    write("decks/a.csv", text="front,back\nQ,A\n")
    cardforge("export", "decks", "--to", "anki", "--to", "canvas")
    assert cardforge("check", "decks").out == f"{Path('decks/a.csv')}: 1 item, no mistakes\n"


def test_what_is_to_be_written_is_not_what_is_read() -> None:
    write("decks/a.md", text="# Q\nAnswer: A\n")
    for _ in range(2):
        assert cardforge("export", "decks", "--to", "yaml").out.startswith(str(Path("decks/a.md -> decks/a.yaml")))


def test_a_deck_that_people_write_is_read_before_a_table_of_its_name() -> None:
    write("decks/a.yaml")
    write("decks/a.csv", text="front,back\nQ,A\n")
    before = Path("decks/a.yaml").read_bytes()
    ran = cardforge("export", "decks", "--to", "yaml")
    assert (ran.code, Path("decks/a.yaml").read_bytes()) == (1, before)


def test_where_nothing_tells_which_of_two_files_is_the_deck_neither_is_read() -> None:
    write("decks/a.csv", "decks/a.tsv", text="front,back\nQ,A\n")
    ran = cardforge("export", "decks", "--to", "anki")
    assert (ran.code, "a.tsv has the same name" in ran.err, Path("decks/a.apkg").exists()) == (1, True, False)


def test_a_folder_of_tables_without_headers_is_read_when_it_is_said_what_they_hold() -> None:
    write("decks/a.tsv", "decks/b.tsv", text="un\tone\tx\ndeux\ttwo\ty\n")
    ran = cardforge("export", "decks", "--from", "csv", "--set", "columns=front,back,-", "--to", "anki")
    assert (ran.code, Path("decks/b.apkg").exists()) == (0, True)


def test_chapters_with_numbers_are_not_one_file() -> None:
    write("decks/chapter.1.yaml", "decks/chapter.2.yaml")
    assert cardforge("check", "decks").out.count("no mistakes") == 2


def test_what_looks_like_no_deck_in_a_folder_is_told() -> None:
    write("decks/a.yaml")
    write("decks/README.md", text="# Read me\nPlease.\n")
    ran = cardforge("check", "decks")
    assert (ran.code, "nothing in them looks like a deck: README.md;" in ran.err) == (0, True)


def test_settings_of_other_programs_are_no_decks() -> None:
    write("decks/a.yaml")
    write("decks/mkdocs.yml", text="site_name: My notes\ntheme: material\n")
    write("decks/package.json", text='{"name": "x", "version": "1"}')
    ran = cardforge("check", "decks")
    assert (ran.code, "nothing in them looks like a deck: mkdocs.yml, package.json;" in ran.err) == (0, True)


def test_a_folder_in_which_nothing_looks_like_a_deck_says_so() -> None:
    write("decks/README.md", text="# Read me\nPlease.\n")
    ran = cardforge("check", "decks")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        1,
        "decks: no file in the folder looks like a deck; name those that are to be read",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.yaml", "anki", "--to", "titles"], "anki is a target; each has its own --to: --to anki"),
        (["a.yaml", "--to", "titles,anki"], "each target has its own --to: --to titles --to anki"),
    ],
)
def test_targets_that_were_written_otherwise_are_understood(arguments: list[str], told: str) -> None:
    write("a.yaml")
    ran = cardforge("export", *arguments)
    assert (ran.code, told in ran.err) == (2, True)


def test_a_file_that_is_not_what_its_name_says_is_told() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--out", "a.xml")
    assert (ran.code, "a.xml: what is written there is a .txt file, whatever its name says" in ran.err) == (0, True)


def test_a_folder_without_decks_is_an_error() -> None:
    Path("decks").mkdir()
    ran = cardforge("export", "decks", "--to", "titles")
    assert (ran.code, "decks: the folder has no file that can be read" in ran.err) == (1, True)


def test_out_names_a_file() -> None:
    write("a.yaml")
    assert cardforge("export", "a.yaml", "--to", "titles", "--out", "new/x.dat").code == 0
    assert Path("new/x.dat").read_text() == "Planets\n"


@pytest.mark.parametrize("out", ["new/", "there"])
def test_out_names_a_folder(out: str) -> None:
    write("a.yaml")
    Path("there").mkdir()
    assert cardforge("export", "a.yaml", "--to", "titles", "--out", out).code == 0
    assert Path(out, "a.txt").read_text() == "Planets\n"


def test_out_of_a_hyphen_prints_nothing_but_the_export() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--out", "-")
    assert (ran.code, ran.out, files()) == (0, "Planets\n", {"a.yaml"})


def test_what_is_printed_says_that_its_media_are_not_with_it() -> None:
    write("a.yaml", text=DECK + "  hint: '![a planet](a.svg)'\n")
    write("a.svg", text="<svg/>")
    ran = cardforge("export", "a.yaml", "--to", "yaml", "--out", "-")
    assert "a.yaml: printed without its media: a.svg" in ran.err


def test_several_exports_cannot_be_printed() -> None:
    write("a.yaml", "b.yaml")
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--out", "-")
    assert (ran.code, ran.err) == (2, "--out - prints one export; name one source and one target\n")


@pytest.mark.parametrize("out", ["there.dat", "new.txt"])
def test_several_exports_do_not_go_into_one_file(out: str) -> None:
    write("a.yaml", "b.yaml", "there.dat")
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--out", out)
    assert (ran.code, Path("new.txt").exists()) == (2, False)


def test_the_items_that_are_in_the_file_are_counted() -> None:
    question = "- {type: multiple_choice, stem: S, choices: [{text: x, correct: true}, {text: y}]}\n"
    write("a.yaml", text=DECK + ITEM.replace("Q", "R") + question)
    assert cardforge("export", "a.yaml", "--to", "aiken").out == "a.yaml -> a.txt (1 of 3 items)\n"


# --- what is never overwritten -------------------------------------------------------------------


def test_the_input_is_never_overwritten() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "yaml")
    assert (ran.code, Path("a.yaml").read_text()) == (1, DECK)
    assert "the export would overwrite its input a.yaml; say where to with --out" in ran.err


def test_nor_is_another_input() -> None:
    write("a.yaml")
    write("b.yaml", text=DECK.replace("Planets", "Moons"))
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--to", "yaml", "--out", ".")
    assert ran.code == 1
    assert Path("a.yaml").read_text() == DECK


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_nor_is_the_input_by_another_name() -> None:
    write("a.yaml")
    Path("b.txt").symlink_to("a.yaml")
    assert cardforge("export", "a.yaml", "--to", "titles", "--out", "b.txt").code == 1
    assert Path("a.yaml").read_text() == DECK


def test_an_output_never_overwrites_another_one() -> None:
    write("a.yaml", "a.yml")
    ran = cardforge("export", "a.yaml", "a.yml", "--to", "titles")
    assert (ran.code, files()) == (1, {"a.yaml", "a.yml", "a.txt"})
    assert "a.yml: a.txt is there for the export of a.yaml; say where to with --out FOLDER" in ran.err


def test_two_targets_with_one_suffix_do_not_meet() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--to", "named")
    assert (ran.code, Path("a.txt").read_text()) == (1, "Planets\n")


def test_another_deck_is_not_overwritten() -> None:
    write("a.yaml")
    write("made/a.yaml", text=DECK.replace("Planets", "Moons"))
    assert cardforge("export", "a.yaml", "--to", "yaml", "--out", "made/").code == 1
    assert Path("made/a.yaml").read_text() == DECK.replace("Planets", "Moons")


def test_a_folder_that_was_exported_before_is_exported_again() -> None:
    write("decks/a.yaml")
    for _ in range(2):
        ran = cardforge("export", "decks", "--to", "csv", "--set", "delimiter=tab")
        assert (ran.code, ran.out.count(" -> ")) == (0, 1)


# --- mistakes ------------------------------------------------------------------------------------


def test_one_bad_deck_does_not_stop_the_others() -> None:
    write("a.yaml", "c.yaml")
    write("b.yaml", text="title: Moons\n")
    ran = cardforge("export", "a.yaml", "b.yaml", "missing.yaml", "c.yaml", "--to", "titles")
    assert (ran.code, files()) == (1, {"a.yaml", "a.txt", "b.yaml", "c.yaml", "c.txt"})
    assert "b.yaml:1:1: error[missing-field]: items is missing" in ran.err
    assert "missing.yaml:1:1: error[file-missing]: there is no such file" in ran.err
    assert ran.err.splitlines()[-1] == "2 of 4 exports done, 2 failed: b.yaml, missing.yaml"


def test_a_source_that_cannot_be_read_fails_for_each_target() -> None:
    write("a.yaml")
    write("b.yaml", text="title: Moons\n")
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--to", "anki", "--report", "r.json")
    assert ran.err.splitlines()[-1] == "2 of 4 exports done, 2 failed: b.yaml"
    told = [(e["source"], e["target"], e["ok"]) for e in json.loads(Path("r.json").read_text())["exports"]]
    assert told[2:] == [("b.yaml", "titles", False), ("b.yaml", "anki", False)]


def test_that_ids_are_missing_is_told_once_for_all_targets() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "anki", "--to", "moodle", "--to", "canvas")
    assert ran.err.count("ids are missing") == 1


def test_that_ids_are_missing_is_told_of_three_decks_and_counted_of_the_others() -> None:
    write(*(f"decks/{number}.yaml" for number in range(7)))
    ran = cardforge("export", "decks", "--to", "anki", "--to", "moodle", "--out", "made", "--report", "r.json")
    notices = [notice for done in json.loads(Path("r.json").read_text())["exports"] for notice in done["notices"]]
    assert ran.err.count("2 ids are missing") == 3
    assert ran.err.endswith("ids are missing in 4 more decks, for which the same holds\n")
    assert len([notice for notice in notices if notice["code"] == "ids-missing"]) == 14


def test_one_failing_target_does_not_stop_the_others() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "breaking", "--to", "titles", "--out", "made/")
    assert (ran.code, Path("made/a.txt").read_text()) == (1, "Planets\n")
    assert "RuntimeError: the other half is missing" in ran.err


def test_an_exporter_that_fails_half_way_leaves_the_old_file() -> None:
    write("a.yaml")
    write("a.half", text="old")
    ran = cardforge("export", "a.yaml", "--to", "breaking")
    assert (ran.code, Path("a.half").read_text(), files()) == (1, "old", {"a.yaml", "a.half"})
    assert "Traceback" not in ran.err


def test_with_cardforge_debug_a_failure_shows_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDFORGE_DEBUG", "1")
    write("a.yaml")
    with pytest.raises(RuntimeError, match="the other half"):
        cardforge("export", "a.yaml", "--to", "breaking")


def test_warnings_are_told_and_do_not_stop() -> None:
    write("a.yaml", text=DECK.replace("Q", "Q # 1"))
    ran = cardforge("export", "a.yaml", "--to", "titles")
    assert (ran.code, "a.yaml:4:12: warning[text-cut]" in ran.err) == (0, True)


@pytest.mark.skipif(os.name == "nt", reason="folders have no such mode there")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written() -> None:
    write("a.yaml")
    Path("locked").mkdir(mode=0o500)
    ran = cardforge("export", "a.yaml", "--to", "titles", "--out", "locked/")
    assert (ran.code, "cannot be written: Permission denied" in ran.err) == (1, True)


def test_a_folder_in_the_place_of_the_output() -> None:
    write("a.yaml")
    Path("a.txt").mkdir()
    ran = cardforge("export", "a.yaml", "--to", "titles")
    assert (ran.code, "a.txt cannot be written: " in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "ankj"], "there is no exporter 'ankj'; did you mean 'anki'?"),
        (["--to", "titles", "--from", "yml"], "there is no source 'yml'; did you mean 'yaml'?"),
        (["--to", "titles", "--set", "times"], "--set takes KEY=VALUE, and this is 'times'"),
        (["--to", "titles", "--set", "=1"], "--set takes KEY=VALUE, and this is '=1'"),
        (["--to", "titles", "--set", "time=1"], "titles has no option 'time'; did you mean 'times'?"),
        (["--to", "titles", "--set", "titles.time=1"], "titles has no option 'time'; did you mean 'times'?"),
        (["--to", "titles", "--set", "anki.x=1"], "'anki' is not among the formats here; they are titles"),
        (
            ["--to", "titles", "--set", "times=many"],
            "--set for titles: the option 'times' has a wrong value: write a whole number",
        ),
        (["--to", "yaml", "--set", "x=1"], "yaml has no option 'x'; known: none"),
        (["--to", "anki", "--set", "continues=gone.apkg"], "'continues' has a wrong value: there is no file gone.apkg"),
    ],
)
def test_wrong_usage_is_refused_before_anything_is_read(arguments: list[str], told: str) -> None:
    ran = cardforge("export", "missing.yaml", *arguments)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("wrong", ["", "soon", "-1", "1.5", "１"])
def test_a_wrong_source_date_epoch_is_wrong_usage(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles")
    assert (ran.code, files()) == (2, {"a.yaml"})
    assert "SOURCE_DATE_EPOCH must be a number of seconds since 1970" in ran.err


# --- options and sources -------------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["times=3", "titles.times=3"])
def test_set_gives_an_option(setting: str) -> None:
    write("a.yaml")
    assert cardforge("export", "a.yaml", "--to", "titles", "--set", setting, "--out", "-").out == "Planets\n" * 3


def test_set_goes_to_every_target_that_has_the_option() -> None:
    write("a.yaml")
    cardforge("export", "a.yaml", "--to", "titles", "--to", "yaml", "--set", "times=2", "--out", "made")
    assert Path("made/a.txt").read_text() == "Planets\n" * 2


def test_set_overrules_the_deck() -> None:
    write("a.yaml", text="targets: {titles: {times: 5}}\n" + DECK)
    assert cardforge("export", "a.yaml", "--to", "titles", "--out", "-").out == "Planets\n" * 5
    assert cardforge("export", "a.yaml", "--to", "titles", "--out", "-", "--set", "times=2").out == "Planets\n" * 2


def test_a_wrong_option_in_the_deck_is_a_mistake_in_its_line() -> None:
    write("a.yaml", text="targets:\n  titles: {time: 5}\n" + DECK)
    ran = cardforge("export", "a.yaml", "--to", "titles")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "a.yaml:2:12: error[unknown-option]: titles has no option 'time'",
    )


def test_from_names_the_source() -> None:
    write("a.txt")
    ran = cardforge("export", "a.txt", "--from", "yaml", "--to", "titles", "--out", "b.txt")
    assert (ran.code, Path("b.txt").read_text()) == (0, "Planets\n")


def test_a_suffix_that_no_source_reads() -> None:
    write("a.dat")
    ran = cardforge("export", "a.dat", "--to", "titles")
    assert (ran.code, "no source reads the suffix '.dat'" in ran.err) == (1, True)


# --- losses --------------------------------------------------------------------------------------


def test_losses_are_told_before_the_file_is_written() -> None:
    write("a.yaml", text="tags: [x]\n" + DECK)
    ran = cardforge("export", "a.yaml", "--to", "titles")
    (entry,) = api.load("a.yaml").entries()
    assert ran.code == 0
    assert ran.err == (
        "a.yaml -> titles: not everything is held as it is: 1 dropped and 1 adapted\n"
        "  dropped: flashcard (only the title is written)\n"
        f"    a.yaml:4:3: {entry.id}\n"
        "  adapted: tags (in capitals)\n"
        f"    a.yaml:4:3: {entry.id}\n"
    )


def test_three_hundred_items_with_the_same_loss_are_shortened() -> None:
    write(
        "a.yaml", text="title: T\nitems:\n" + "- {type: flashcard, front: Q, back: A}\n" * 299 + ITEM + "  tags: [x]\n"
    )
    lines = cardforge("export", "a.yaml", "--to", "titles").err.splitlines()
    assert lines[0] == "a.yaml -> titles: not everything is held as it is: 300 dropped and 1 adapted"
    assert lines[1] == "  dropped, 300 times: flashcard (only the title is written)"
    assert [line.split(":")[1] for line in lines[2:51]] == [str(number) for number in range(3, 52)]
    assert lines[51] == "    … and 251 more"
    assert [line.split(":")[0] for line in lines[52:]] == [
        "  adapted",
        "    a.yaml",
        "  cardforge export --report FILE writes down every one",
    ]


def test_explanations_that_differ_stand_beside_the_items() -> None:
    write("a.yaml", text=DECK + "  id: one\n" + ITEM + "  id: two\n")
    lines = cardforge("export", "a.yaml", "--to", "named").err.splitlines()
    assert lines[-3:] == [
        "  adapted, 2 times: hint",
        "    a.yaml:3:3: one: one has none",
        "    a.yaml:7:3: two: two has none",
    ]


def test_strict_refuses_and_leaves_the_old_file() -> None:
    write("a.yaml")
    write("a.txt", text="old\r\n")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--strict")
    assert (ran.code, Path("a.txt").read_bytes()) == (1, b"old\r\n")
    assert ran.err.splitlines()[-1] == "a.yaml: titles cannot hold 1 thing of this deck as it is"


def test_strict_lets_pass_what_loses_nothing() -> None:
    write("a.yaml")
    assert cardforge("export", "a.yaml", "--to", "yaml", "--out", "b.yaml", "--strict").code == 0


# --- the report ----------------------------------------------------------------------------------


def test_the_report_has_every_loss_and_every_mistake() -> None:
    write("a.yaml", text="tags: [x]\n" + DECK + "  id: q\n")
    write("b.yaml", text="title: Moons\n")
    assert cardforge("export", "a.yaml", "b.yaml", "--to", "titles", "--report", "report.json").code == 1
    done, failed = json.loads(Path("report.json").read_text(encoding="utf-8"))["exports"]
    assert (done["ok"], done["path"], done["target"]) == (True, "a.txt", "titles")
    assert [(loss["feature"], loss["level"], loss["item"], loss["span"]["line"]) for loss in done["losses"]] == [
        ("flashcard", "dropped", "q", 4),
        ("tags", "adapted", "q", 4),
    ]
    assert (failed["ok"], failed["source"]) == (False, "b.yaml")
    assert [(d["code"], d["fix"]) for d in failed["diagnostics"]] == [
        ("missing-field", "add items: and a list of items")
    ]


def test_the_report_of_what_strict_refused_has_the_losses() -> None:
    write("a.yaml")
    cardforge("export", "a.yaml", "--to", "titles", "--strict", "--report", "report.json")
    (refused,) = json.loads(Path("report.json").read_text(encoding="utf-8"))["exports"]
    assert (refused["ok"], len(refused["losses"])) == (False, 1)


def test_the_report_never_overwrites_an_input() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--report", "a.yaml")
    assert (ran.code, Path("a.yaml").read_text(), files()) == (2, DECK, {"a.yaml"})


def test_the_report_replaces_an_earlier_one() -> None:
    write("a.yaml")
    for _ in range(2):
        assert cardforge("export", "a.yaml", "--to", "titles", "--report", "r.json").code == 0


@pytest.mark.parametrize(
    "text", ['{"marks": [1, 2]}', '{\n  "cardforge": {"version": 1}\n}', '{\n  "cardforge": "x"\n}']
)
def test_the_report_replaces_nothing_else(text: str) -> None:
    write("a.yaml")
    write("r.json", text=text)
    ran = cardforge("export", "a.yaml", "--to", "titles", "--report", "r.json")
    assert (ran.code, "what is there is no report" in ran.err, files()) == (2, True, {"a.yaml", "r.json"})
    assert Path("r.json").read_text() == text


def test_an_output_never_overwrites_the_report() -> None:
    write("a.yaml")
    ran = cardforge("export", "a.yaml", "--to", "titles", "--report", "a.txt")
    assert (ran.code, "a.txt is there for the report" in ran.err) == (1, True)
    assert json.loads(Path("a.txt").read_text(encoding="utf-8"))["exports"][0]["ok"] is False


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("folder", "--report folder is a folder; name a file"),
        ("nowhere/r.json", "--report nowhere/r.json: the folder nowhere is not there; make it, or name another place"),
        ("a.yaml/r.json", "--report a.yaml/r.json: the folder a.yaml is not there; make it, or name another place"),
        (f"{'r' * 300}.json", "cannot be written: File name too long"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is(place: str, told: str) -> None:
    write("a.yaml")
    Path("folder").mkdir()
    ran = cardforge("export", "a.yaml", "--to", "titles", "--report", place)
    assert (ran.code, told in ran.err, files()) == (2, True, {"a.yaml"}), ran.err


def test_nor_is_a_report_written_where_no_file_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.yaml")

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    ran = cardforge("export", "a.yaml", "--to", "titles", "--report", "r.json")
    assert (ran.code, ran.err, files()) == (2, "--report r.json cannot be written: Permission denied\n", {"a.yaml"})


# --- plain output --------------------------------------------------------------------------------


def test_markup_is_printed_as_it_is() -> None:
    text = DECK.replace("Planets", "'[b]x[/b] [sound:a.mp3] [/red]'").replace("back: A", "back: A\n  id: '[b]q[/b]'")
    write("[red]a.yaml", text=text)
    ran = cardforge("export", "[red]a.yaml", "--to", "titles", "--out", "[b].txt")
    assert "[red]a.yaml:3:3: [b]q[/b]" in ran.err
    assert ran.out == "[red]a.yaml -> [b].txt (0 of 1 item)\n"


# --- when nobody watches --------------------------------------------------------------------------


def test_what_an_option_reads_is_not_overwritten_before() -> None:
    write("a.yaml", "b.yaml")
    cardforge("export", "a.yaml", "--to", "anki")
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "anki", "--set", "continues=a.apkg")
    assert (ran.code, "a.apkg is what --set names" in ran.err) == (1, True)


def test_quiet_says_nothing_of_what_is_left_out_of_a_folder() -> None:
    write("decks/a.yaml")
    for _ in range(2):
        ran = cardforge("export", "decks", "--to", "titles", "--to", "anki", "--out", "decks/out", "--quiet")
    assert (ran.code, ran.err) == (0, "")


def test_standard_input_is_no_source() -> None:
    ran = cardforge("export", "-", "--to", "titles")
    assert (ran.code, ran.err.startswith("- as a source: decks are read from files")) == (2, True)


def test_quiet_prints_mistakes_only() -> None:
    write("a.yaml")
    write("b.yaml", text="title: Moons\n")
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "moodle", "--quiet")
    assert (ran.code, ran.out, "adapted" in ran.err) == (1, "", False)
    assert "b.yaml:1:1: error[missing-field]" in ran.err


def test_the_report_says_what_changed() -> None:
    write("a.yaml")
    changed = []
    for _ in range(2):
        cardforge("export", "a.yaml", "--to", "titles", "--report", "r.json")
        changed.append(json.loads(Path("r.json").read_text())["exports"][0]["changed"])
    assert changed == [True, False]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_program_that_is_ended_leaves_no_half_file(name: str) -> None:
    code = (
        "import os, signal; from cardforge import api, cli\n"
        f"signal.signal(signal.{name}, signal.SIG_DFL)\n"  # which a program may have ignored that runs the tests
        "def write(planned, path):\n"
        "    with api.replacing(path) as out:\n"
        f"        out.write(b'half'); os.kill(os.getpid(), signal.{name})\n"
        "api.write_plan = write; cli.main()"
    )
    write("a.yaml")
    ran = subprocess.run([sys.executable, "-c", code, "export", "a.yaml", "--to", "html"], check=False)
    assert (ran.returncode, files()) == (128 + getattr(signal, name), {"a.yaml"})
