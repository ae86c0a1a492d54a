"""What stands where an export is to go: an earlier export of the deck is replaced, somebody's own work never."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest

import cardforge
from cardforge import Deck, Flashcard, OutputRefused, registry
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


SIGNED: list[tuple[str, dict[str, Any]]] = [
    ("html", {}),
    ("canvas", {}),
    ("canvas", {"bank": True}),
    ("qti21", {}),
    ("qti30", {}),
    ("moodle", {}),
]
SIGNED += [("moodle", {"flashcards": "glossary"})]


@pytest.mark.parametrize(("target", "options"), SIGNED)
def test_the_export_of_another_deck_is_kept(target: str, options: dict[str, Any], tmp_path: Path) -> None:
    first, second = (Deck(title=title, items=(Flashcard(front=title, back="b"),)) for title in ("C1", "C"))
    place = tmp_path / "a"
    cardforge.write(first, target, place, **options)
    with pytest.raises(OutputRefused, match="another deck"):
        cardforge.write(second, target, place, **options)


@pytest.mark.parametrize(("target", "options"), [*SIGNED[:-1], ("gift", {}), ("anki", {})])  # a glossary has no ids
def test_decks_of_two_ids_are_two_whatever_they_have_in_common(
    target: str, options: dict[str, Any], tmp_path: Path
) -> None:
    first, second = (
        Deck(id=name, title="Vocabulary", items=(Flashcard(id="q1", front="f", back="b"),)) for name in ("de", "fr")
    )
    place = tmp_path / "a"
    cardforge.write(first, target, place, **options)
    cardforge.write(first, target, place, **options)
    with pytest.raises(OutputRefused, match="another deck"):
        cardforge.write(second, target, place, **options)


ANOTHER_ID = (
    "into it again: under another id, all of it is new to learners' tools, Anki among them); "
    "move it away, or write to another place (--out)"
)


@pytest.mark.parametrize("target", ["anki", "moodle", "gift", "yaml", "csv"])
def test_a_deck_whose_id_was_changed_is_told_its_old_one(target: str, tmp_path: Path) -> None:
    place = tmp_path / f"a{registry.exporter(target).suffix}"
    first = Deck(id="old-id", title="Vocabulary", items=(Flashcard(id="q1", front="f", back="b"),))
    cardforge.write(first, target, place)
    with pytest.raises(OutputRefused) as refused:
        cardforge.write(replace(first, id="new"), target, place)
    assert str(refused.value).endswith(f", 'old-id' (if it is this deck, write id: old-id {ANOTHER_ID}")
    cardforge.write(replace(first, title="New"), target, place)


@pytest.mark.parametrize("target", ["html", "canvas", "qti30"])
def test_where_no_source_reads_the_id_it_is_not_told(target: str, tmp_path: Path) -> None:
    first = Deck(id="old-id", title="Vocabulary", items=(Flashcard(id="q1", front="f", back="b"),))
    cardforge.write(first, target, tmp_path / "a")
    with pytest.raises(OutputRefused) as refused:
        cardforge.write(replace(first, id="new"), target, tmp_path / "a")
    assert str(refused.value).endswith(
        f"is there (if it is this deck, write its old id, or its old title if it had none {ANOTHER_ID}"
    )


@pytest.mark.parametrize("method", [ZIP_LZMA, ZIP_DEFLATED])
@pytest.mark.parametrize("target", ["anki", "canvas", "qti21"])
def test_an_archive_that_cannot_be_unpacked_is_kept(target: str, method: int, example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    with ZipFile(place, "w", method) as package:
        for name in ("collection.anki2", "imsmanifest.xml", "a.xml"):
            package.writestr(ZipInfo(name), "<a/>" * 1_000, method)
    data = bytearray(place.read_bytes())
    data[60:90] = bytes(30)
    place.write_bytes(data)
    with pytest.raises(OutputRefused):
        cardforge.write(example, target, place)


@pytest.mark.parametrize(("target", "options"), SIGNED)
def test_the_export_of_a_deck_that_was_rewritten_is_replaced(
    target: str, options: dict[str, Any], tmp_path: Path
) -> None:
    place = tmp_path / "a"
    for front in ("one", "two"):
        cardforge.write(Deck(title="C", items=(Flashcard(front=front, back="b"),)), target, place, **options)


@pytest.mark.parametrize(("target", "options"), SIGNED[:-1])  # a glossary has no ids
def test_the_export_of_a_deck_that_got_another_title_is_replaced(
    target: str, options: dict[str, Any], tmp_path: Path
) -> None:
    place = tmp_path / "a"
    for title in ("C1", "C"):
        cardforge.write(Deck(title=title, items=(Flashcard(front="f", back="b"),)), target, place, **options)


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


def test_a_damaged_package_is_kept(example: Deck, tmp_path: Path) -> None:
    place = tmp_path / "a.apkg"
    cardforge.write(example, "anki", place)
    whole = place.read_bytes()
    place.write_bytes(whole[:500] + bytes(500) + whole[1000:])
    with pytest.raises(OutputRefused, match="is not an Anki package that can be read"):
        cardforge.write(example, "anki", place)


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
