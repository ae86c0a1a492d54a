"""Files that are no decks at all, or that are made to hurt: each gives a diagnostic, soon and in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

from cardforge import api
from cardforge.diagnostics import Diagnostic
from tests.cli.program import cardforge
from tests.hanging import ends

ITEM = "- type: flashcard\n  front: Which planet is the largest?\n  back: Jupiter\n"
HEAD = "title: Planets\nitems:\n"


def check(tmp_path: Path, content: str | bytes) -> tuple[Diagnostic, ...]:
    path = tmp_path / "deck.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = api.check(path)
    assert all(d.span and d.span.line >= 1 and d.span.column >= 1 and d.message and d.fix for d in found)
    return found


def codes(tmp_path: Path, content: str | bytes) -> list[str]:
    return [diagnostic.code for diagnostic in check(tmp_path, content)]


# --- no decks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b" \n\t\r\n", "empty-file"),
        (b"# to do\n", "not-a-deck"),
        (b"---", "not-a-deck"),
        (b"---\n...\n", "not-a-deck"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary-file"),
        (b"PK\x03\x04\x14\0\0\0", "binary-file"),
        (b"title: Caf\xe9\n", "not-utf8"),
        (b"title: a\0b\n", "binary-file"),
        (b"\0", "binary-file"),
        (b"42\n", "not-a-deck"),
        (b"null\n", "not-a-deck"),
        (b"[]\n", "not-a-deck"),
        (b"? [a]\n: b\n", "yaml-syntax"),
        (b"? {a: b}\n: c\n", "yaml-syntax"),
        (b"1: 2\n3.5: 4\n", "missing-field"),
        (b"null: 2\n~: 4\n", "missing-field"),
    ],
)
def test_what_is_no_deck_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert codes(tmp_path, content)[0] == code


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_read_when_they_begin_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    assert check(tmp_path, (HEAD + ITEM.replace("Jupiter", "木星 🪐")).encode(encoding)) == ()


def test_a_missing_file(tmp_path: Path) -> None:
    (found,) = api.check(tmp_path / "deck.yaml")
    assert found.code == "file-missing"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").mkdir()
    (found,) = api.check(tmp_path / "deck.yaml")
    assert found.code == "file-unreadable"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").write_text(HEAD + ITEM)
    (tmp_path / "deck.yaml").chmod(0)
    (found,) = api.check(tmp_path / "deck.yaml")
    assert found.code == "file-unreadable"


@pytest.mark.parametrize("name", ["a\0b.yaml", "a" * 5000 + ".yaml"])
def test_a_name_that_no_file_can_have(name: str) -> None:
    (found,) = api.check(name)
    assert found.code == "file-unreadable"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/deck\xff.yaml"))
    path.write_text(HEAD)
    ran = cardforge("check", path)
    assert (ran.code, "deck\\udcff.yaml:2:7" in ran.err) == (1, True)


# --- made to hurt --------------------------------------------------------------------------------

ALIAS_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[" * 1_000_000, "too-deep"),
        ("[" * 1_000_000 + "]" * 1_000_000, "too-deep"),
        ("{a: " * 1_000_000, "too-deep"),
        ("{" * 1_000_000, "yaml-syntax"),
        ("- " * 1_000_000 + "x", "too-deep"),
        ("".join(" " * depth + "a:\n" for depth in range(2000)), "too-deep"),
        (HEAD + "".join("  " * d + f"- section: s\n{'  ' * d}  items:\n" for d in range(2000)), "too-deep"),
        (ALIAS_BOMB, "yaml-marker"),
        (f"{HEAD}{ITEM}  {'k' * 10_000_000}: x\n", "yaml-syntax"),
        (f"{HEAD}{ITEM}  ? {'k' * 10_000_000}\n  : x\n", "unknown-field"),
        (f"{HEAD}{ITEM}  level: {'x' * 10_000_000}\n", "wrong-value"),
        (f"{HEAD}{ITEM}  points: {'9' * 10_000_000}\n", "wrong-type"),
        (f"{HEAD}- type: {'x' * 10_000_000}\n", "unknown-type"),
        (f"{HEAD}- type: flashcard\n  front: {'x' * 10_000_000}\n", "missing-field"),
    ],
    ids=lambda value: value[:12] if len(value) > 20 else value,
)
def test_what_is_made_to_hurt_is_refused(tmp_path: Path, content: str, code: str) -> None:
    assert ends(codes, tmp_path, content) == [code]


def test_a_text_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    assert check(tmp_path, HEAD + ITEM.replace("Jupiter", "word " * 2_000_000 + "end")) == ()


def many_items(count: int) -> str:
    return "".join(f"- type: flashcard\n  front: What is $\\alhpa_{{{index}}}$?\n  back:\n" for index in range(count))


def test_ten_thousand_mistakes_are_counted_and_fifty_are_shown(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").write_text(HEAD + many_items(5000))
    ran = ends(cardforge, "check", tmp_path / "deck.yaml")
    assert (ran.code, ran.err.count(": error["), ran.err.splitlines()[-2]) == (
        1,
        50,
        "… and 9,950 more (10,000 in all)",
    )


def test_ten_thousand_mistakes_in_one_line_share_it(tmp_path: Path) -> None:
    text = " ".join(f"$\\alhpa_{{{index}}}$" for index in range(10_000))
    tracemalloc.start()
    try:
        assert len(check(tmp_path, f"{HEAD}- type: flashcard\n  back: A\n  front: '{text}'\n")) == 10_000
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


# --- a hundred megabytes -------------------------------------------------------------------------

MEASURED = """
import resource, sys
from cardforge import api
print(len(api.check(sys.argv[1])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def long_text() -> Iterator[str]:
    yield f"{HEAD}- type: flashcard\n  back: A\n  front: "
    yield from repeat("word " * 1000, 20_000)
    yield "end\n"


def long_list() -> Iterator[str]:
    yield HEAD
    cards = (f"- type: flashcard\n  front: What is number {n}?\n  back: The answer {n}\n" for n in range(1_450_000))
    yield from cards


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix does")
@pytest.mark.parametrize(("content", "megabytes"), [(long_text, 1500), (long_list, 4000)])
def test_a_hundred_megabytes(tmp_path: Path, content: object, megabytes: int) -> None:
    assert callable(content)
    path = tmp_path / "deck.yaml"
    with path.open("w") as file:
        file.writelines(chain(content()))
    assert path.stat().st_size > 90_000_000
    command = [sys.executable, "-c", MEASURED, str(path)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    mistakes, peak = map(int, ran.stdout.split())
    assert mistakes == 0
    assert peak < megabytes
