"""examples/convert_folder.py, run as the script that it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def convert(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLES / "convert_folder.py", *arguments],
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture
def decks(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLES, tmp_path / "decks")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_every_deck_is_converted_to_both_targets(decks: Path, out: Path) -> None:
    ran = convert(decks, out)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {file.name for file in out.glob("*.*")} == {
        "attention.apkg",
        "attention.csv",
        "vocabulary.apkg",
        "vocabulary.csv",
    }


def test_the_folders_are_kept(decks: Path, out: Path) -> None:
    (decks / "week-1").mkdir()
    (decks / "week-1" / "words.yaml").write_text("title: T\nitems: [{type: flashcard, front: Q, back: A}]")
    convert(decks, out)
    assert (out / "week-1" / "words.apkg").is_file()


def test_losses_are_told(decks: Path, out: Path) -> None:
    assert "drawing items at random" in convert(decks, out).stdout


def test_a_mistake_is_told_with_its_place(decks: Path, out: Path) -> None:
    (decks / "bad.yaml").write_text("title: T\nitems: [{type: flashcard, front: Q}]")
    ran = convert(decks, out)
    assert ran.returncode == 1
    assert f"{decks / 'bad.yaml'}:2:9: error[missing-field]" in ran.stderr


def test_a_mistake_does_not_stop_the_others(decks: Path, out: Path) -> None:
    (decks / "aaa.yaml").write_text("title: T")
    convert(decks, out)
    assert (out / "vocabulary.apkg").is_file()


def test_a_file_that_must_not_be_overwritten_is_told(decks: Path, out: Path) -> None:
    out.mkdir()
    (out / "attention.apkg").write_bytes(b"the only copy")
    ran = convert(decks, out)
    assert ran.returncode == 1
    assert f"{decks / 'attention.yaml'} failed" in ran.stderr
    assert (out / "attention.apkg").read_bytes() == b"the only copy"


def test_without_arguments_it_says_how_it_is_called() -> None:
    ran = convert()
    assert ran.returncode == 1
    assert "python convert_folder.py DECKS OUT" in ran.stderr
