"""`cardforge preview`, as a person runs it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.program import cardforge

DECK = "title: Planets\nitems: [{type: flashcard, front: Which planet is red?, back: Mars}]\n"


# What a shell runs in the background is deaf to Ctrl+C, and so would be what it starts.
_PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["cardforge", *sys.argv[1:]]
from cardforge.cli import main
main()
"""


@contextmanager
def _killed(process: subprocess.Popen[str]) -> Iterator[None]:
    """Ends the process whatever becomes of the test."""
    try:
        yield
    finally:
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="wants Ctrl+C as POSIX sends it")
def test_it_shows_the_deck_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").write_text(DECK, encoding="utf-8")
    command = [sys.executable, "-c", _PROGRAM, "preview", "deck.yaml", "--no-browser"]
    with (
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process,
        _killed(process),
    ):
        assert process.stdout is not None
        shown = re.fullmatch(
            r"deck\.yaml is shown at (http://127\.0\.0\.1:\d+/) \(Ctrl\+C ends it\)\n", process.stdout.readline()
        )
        assert shown
        with urlopen(f"{shown[1]}page", timeout=60) as page:
            assert b"Which planet is red?" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nowhere.yaml"], 1, "nowhere.yaml: there is no such file"),
        (["."], 1, ". is a folder, and a preview shows one deck; say which one:\n  cardforge preview deck.yaml\n"),
        (["empty"], 1, "empty: the folder has no file that can be read"),
        (["deck.yaml", "--set", "colour=red"], 2, "--set colour=red: html has no option 'colour'"),
        (["deck.yaml", "--port", "99999"], 2, "port 99999 cannot be used"),
    ],
)
def test_what_cannot_be_shown_is_told(
    arguments: list[str], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deck.yaml").write_text(DECK, encoding="utf-8")
    Path("empty").mkdir()
    ran = cardforge("preview", *arguments)
    assert (ran.code, ran.err.startswith(told)) == (code, True), ran.err
