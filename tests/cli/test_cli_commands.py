"""The other commands: check, formats, new; help, exit codes and plain output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cardforge as package
from cardforge.fidelity import Feature
from tests.cli.fakes import MINE, install
from tests.cli.program import cardforge

DECK = "title: Planets\nitems:\n- type: flashcard\n  front: Q\n  back: A\n"
COMMANDS = ["export", "check", "formats", "schema", "ids", "new"]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed program, in a process of its own."""
    command = [str(Path(sys.executable).with_name("cardforge")), *arguments]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, **environment}, timeout=60, check=False
    )


# --- the program ---------------------------------------------------------------------------------


def test_the_program_is_installed() -> None:
    Path("a.yaml").write_text(DECK)
    assert program("check", "a.yaml").stdout == "a.yaml: 1 item, no mistakes\n"


def test_its_exit_code_says_that_the_input_is_at_fault() -> None:
    Path("a.yaml").write_text("title: Planets\n")
    ran = program("check", "a.yaml")
    assert (ran.returncode, ran.stdout, "error[missing-field]" in ran.stderr) == (1, "", True)


def test_its_exit_code_says_that_the_usage_is_wrong() -> None:
    ran = program("export", "a.yaml", "--to", "nowhere")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_terminal_that_lacks_characters_gets_escapes() -> None:
    Path("a.yaml").write_text(
        "title: 惑星\nitems:\n- type: flashcard\n  front: 惑星 # 1\n  back: A\n", encoding="utf-8"
    )
    ran = program("check", "a.yaml", PYTHONIOENCODING="cp1252")
    assert (ran.returncode, "  4 |   front: \\u60d1\\u661f # 1" in ran.stderr) == (0, True)


def test_version() -> None:
    ran = cardforge("--version")
    assert (ran.code, ran.out) == (0, f"cardforge {package.__version__}\n")


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=lambda command: " ".join(command) or "-")
def test_help(command: list[str], flag: str) -> None:
    ran = cardforge(*command, flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.lstrip().startswith("Usage: cardforge")


def test_help_names_every_command() -> None:
    shown = cardforge("--help").out
    assert all(f"\n  {command} " in shown for command in COMMANDS)


def test_without_a_command_the_help_is_shown() -> None:
    ran = cardforge()
    assert (ran.code, "Usage: cardforge" in ran.out + ran.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [["exprot"], ["check"], ["export", "a.yaml"], ["check", "a.yaml", "--too", "anki"], ["ids"], ["ids", "a", "b"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    ran = cardforge(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [["--help"], ["formats"], ["check", "a.yaml"], ["export", "a.yaml"]])
def test_output_is_plain_when_no_person_watches(arguments: list[str]) -> None:
    Path("a.yaml").write_text(DECK.replace("Q", "$\\alhpa$"))
    ran = cardforge(*arguments)
    assert not any(sign in ran.out + ran.err for sign in "\x1b╭│─")


# --- check ---------------------------------------------------------------------------------------


def test_check_says_that_all_is_well() -> None:
    Path("a.yaml").write_text(DECK)
    ran = cardforge("check", "a.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "a.yaml: 1 item, no mistakes\n", "")


def test_check_goes_on_behind_a_bad_deck() -> None:
    Path("decks").mkdir()
    Path("decks/a.yaml").write_text("title: Planets\n")
    Path("decks/b.yaml").write_text(DECK)
    ran = cardforge("check", "decks", "missing.yaml")
    assert (ran.code, ran.out) == (1, f"{Path('decks/b.yaml')}: 1 item, no mistakes\n")
    assert ran.err.count("error[") == 2


def test_check_counts_warnings() -> None:
    Path("a.yaml").write_text(DECK.replace("Q", "Q # 1"))
    ran = cardforge("check", "a.yaml")
    assert (ran.code, ran.out) == (0, "a.yaml: 1 item, no mistakes, 1 warning\n")
    assert "a.yaml:4:12: warning[text-cut]" in ran.err


def test_check_with_a_target_says_what_it_loses(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, MINE)
    Path("a.yaml").write_text(DECK)
    ran = cardforge("check", "a.yaml", "--to", "titles", "--to", "yaml")
    assert (ran.code, list(Path().iterdir())) == (0, [Path("a.yaml")])
    assert ran.err.splitlines()[:2] == [
        "a.yaml -> titles: not everything is held as it is: 1 dropped",
        "  dropped: flashcard (only the title is written)",
    ]


def test_check_with_a_target_finds_wrong_options_in_the_deck() -> None:
    Path("a.yaml").write_text("targets: {anki: {colour: red}}\n" + DECK)
    ran = cardforge("check", "a.yaml", "--to", "anki")
    assert (ran.code, "a.yaml:1:18: error[unknown-option]" in ran.err) == (1, True)


def test_check_prints_markup_as_it_is() -> None:
    Path("[red]a.yaml").write_text(DECK.replace("type: flashcard", "type: '[/red]'"))
    ran = cardforge("check", "[red]a.yaml")
    assert "[red]a.yaml:3:10: error[unknown-type]: there is no kind of item called '[/red]'" in ran.err


def test_check_of_a_wide_and_an_accented_text_puts_the_caret_under_the_mistake() -> None:
    Path("a.yaml").write_text(DECK.replace("Q", "惑e\u0301 $\\alhpa$"), encoding="utf-8")
    text, caret = cardforge("check", "a.yaml").err.splitlines()[1:3]
    assert text == "  4 |   front: 惑e\u0301 $\\alhpa$"
    assert caret == "    |               ^"


# --- formats -------------------------------------------------------------------------------------


def test_formats_lists_sources_targets_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, MINE)
    lines = cardforge("formats").out.splitlines()
    assert "  yaml       .yaml .yml       the deck format, as people write it" in lines
    at = lines.index("  titles     .txt             the title, [b]nothing[/b] else")
    assert lines[at + 1] == "    --set times=NUMBER   (default: 1)"


def test_formats_as_json_has_the_capabilities(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, MINE)
    data = json.loads(cardforge("formats", "--json").out)
    assert {"name": "yaml", "suffixes": [".yaml", ".yml"]}.items() <= data["sources"][-1].items()
    (titles,) = (exporter for exporter in data["exporters"] if exporter["name"] == "titles")
    assert titles["options"]["times"]["default"] == 1
    assert titles["capabilities"]["flashcard"] == {"level": "dropped", "how": "only the title is written"}
    assert titles["capabilities"].keys() == {feature.value for feature in Feature}


BROKEN = {"broken": "no_such_module:Exporter"}
BROKEN_TOLD = (
    "the exporter 'broken' cannot be loaded from no_such_module:Exporter: "
    "ModuleNotFoundError: No module named 'no_such_module'"
)


def test_formats_lists_a_broken_plugin_and_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, {**BROKEN, "odd": "json:dumps"}, {"strange": "os:nothing"})
    ran = cardforge("formats")
    assert (ran.code, "  anki       .apkg" in ran.out) == (0, True)
    assert ran.out.splitlines()[-4:] == [
        "Installed, but broken",
        "  the source 'strange' cannot be loaded from os:nothing: AttributeError: module 'os' has no attribute 'nothing'",
        f"  {BROKEN_TOLD}",
        "  the exporter 'odd' is not a subclass of cardforge.plugin.Exporter",
    ]


def test_formats_as_json_has_the_broken_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, BROKEN)
    data = json.loads(cardforge("formats", "--json").out)
    assert data["broken"] == {"sources": {}, "exporters": {"broken": BROKEN_TOLD}}


def test_a_broken_plugin_does_not_break_other_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, BROKEN, {"strange": "os:nothing"})
    Path("a.yaml").write_text(DECK)
    assert cardforge("export", "a.yaml", "--to", "anki").code == 0


def test_to_name_a_broken_plugin_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, BROKEN)
    ran = cardforge("export", "a.yaml", "--to", "broken")
    assert (ran.code, ran.err) == (2, f"{BROKEN_TOLD}\n")


def test_an_installed_plugin_that_is_broken(tmp_path: Path) -> None:
    installed = tmp_path / "site" / "broken-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[cardforge.exporters]\nbroken = no_such_module:Exporter\n")
    ran = program("formats", PYTHONPATH=str(installed.parent))
    assert (ran.returncode, BROKEN_TOLD in ran.stdout) == (0, True)


# --- new -----------------------------------------------------------------------------------------


def test_new_begins_a_valid_deck() -> None:
    ran = cardforge("new", "my-first_deck.yaml")
    assert (ran.code, Path("my-first_deck.yaml").read_text(encoding="utf-8").count("title: ")) == (0, 1)
    assert cardforge("check", "my-first_deck.yaml").out == "my-first_deck.yaml: 9 items, no mistakes\n"


def test_new_gives_the_deck_a_title() -> None:
    cardforge("new", "my-first_deck.yaml")
    assert 'title: "My first deck"\n' in Path("my-first_deck.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ['a"b.yaml', "-.yaml", "[red]x.yaml", "惑星.yaml", "a\\b.yaml", "#.yaml"])
def test_new_takes_any_name(name: str) -> None:
    assert cardforge("new", "--", name).code == 0
    assert cardforge("check", "--", name).code == 0


def test_new_without_a_name() -> None:
    assert (cardforge("new").code, Path("deck.yaml").is_file()) == (0, True)


def test_new_never_overwrites() -> None:
    Path("a.yaml").write_text("mine")
    ran = cardforge("new", "a.yaml")
    assert (ran.code, Path("a.yaml").read_text()) == (1, "mine")
    assert ran.err == "a.yaml is there already; name another file\n"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_new_does_not_replace_a_link_that_leads_nowhere() -> None:
    Path("a.yaml").symlink_to("elsewhere.yaml")
    assert (cardforge("new", "a.yaml").code, Path("a.yaml").is_symlink()) == (1, True)


def test_new_writes_yaml_only() -> None:
    ran = cardforge("new", "a.json")
    assert (ran.code, Path("a.json").exists()) == (2, False)


def test_new_in_a_place_that_cannot_be_written() -> None:
    Path("a").write_text("a file")
    ran = cardforge("new", "a/deck.yaml")
    assert (ran.code, "cannot be written" in ran.err) == (1, True)
