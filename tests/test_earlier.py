"""What stands where an export is to go: an earlier export of the deck is replaced, somebody's own work never."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import cardforge
from cardforge import Deck, OutputRefused, registry
from cardforge.api import plan

EXAMPLE = Path(__file__).parents[1] / "examples" / "attention.yaml"
TARGETS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in registry.exporter_names() if name != "flat-text"),
    ("csv", {"profile": "anki"}),
    ("csv", {"profile": "quizlet"}),
    ("moodle", {"flashcards": "glossary"}),
]
PROSE = b"My lecture notes.\nNobody else has them: keep, please.\n"


@pytest.fixture(scope="module")
def example() -> Deck:
    return cardforge.load(EXAMPLE)


@pytest.mark.parametrize(("target", "options"), TARGETS)
def test_an_export_is_replaced_by_the_next_one(
    target: str, options: dict[str, Any], example: Deck, tmp_path: Path
) -> None:
    place = tmp_path / f"a{plan(example, target, **options).exporter.file_suffix()}"
    for _ in range(2):
        cardforge.write(example, target, place, **options)
    assert place.stat().st_size > 1_000


@pytest.mark.parametrize(("target", "options"), TARGETS)
def test_somebody_s_own_text_is_kept(target: str, options: dict[str, Any], example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "thesis.tex"
    place.write_bytes(PROSE)
    with pytest.raises(OutputRefused, match="--out"):
        cardforge.write(example, target, place, **options)
    assert place.read_bytes() == PROSE


def test_a_bank_that_moodle_exported_is_kept(example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "bank.xml"
    place.write_text('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<!-- question: 0  -->\n</quiz>\n')
    with pytest.raises(OutputRefused, match="did not write"):
        cardforge.write(example, "moodle", place)


def test_a_package_of_another_program_is_kept(example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "a.canvas.zip"
    with ZipFile(place, "w") as package:
        package.writestr("imsmanifest.xml", "<manifest/>")
    with pytest.raises(OutputRefused, match="did not write"):
        cardforge.write(example, "canvas", place)


def test_what_a_deck_does_not_hold_of_a_file_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text("Which?\nA) x\nB) y\nANSWER: A\n\nAsk Ana about this one\n")
    deck = cardforge.load(place, "aiken")
    with pytest.raises(OutputRefused, match="no deck can hold"):
        cardforge.write(deck, "aiken", place)


@pytest.mark.parametrize("nothing", [b"", b"\n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_replaced(nothing: bytes, example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "a.md"
    place.write_bytes(nothing)
    assert cardforge.write(example, "markdown", place).path.read_text(encoding="utf-8").startswith("---")
