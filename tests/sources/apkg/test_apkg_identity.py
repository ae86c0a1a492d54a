"""A package that was read and exported again is the same deck to Anki: what a learner has done stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardforge import Deck, Flashcard, Section, api, export, load, write
from cardforge.diagnostics import OutputRefused
from cardforge.media import FolderMedia
from cardforge.model import Answer, Cloze, Concept, OpenPrompt, ShortAnswer
from tests.sources.apkg.packages import BASIC, Notes, database, legacy, with_database

ITEMS = (
    Flashcard(id="one", front="1", back="2", reversed=True),
    Cloze(id="zwölf/" + "x" * 100, text="{{c1::a}}"),
    OpenPrompt(stem="Why?"),
)
DECK = Deck(id="the-deck", title="Deck", items=ITEMS)


def guids(package: Path | bytes) -> set[str]:
    return {guid for (guid,) in database(package).execute("SELECT guid FROM notes")}


def through_yaml(package: Path, folder: Path) -> Deck:
    """What is there after somebody exports the package to YAML and works with that."""
    return load(write(load(package), "yaml", folder / "edited.yaml").path)


def test_the_guids_are_those_of_before(tmp_path: Path) -> None:
    before = write(DECK, "anki", tmp_path / "a.apkg", now=1).path
    assert guids(export(through_yaml(before, tmp_path), "anki", now=2).data) == guids(before)


def test_the_guids_are_those_of_before_when_no_id_was_authored(tmp_path: Path) -> None:
    deck = Deck(title="Deck", items=tuple(replace(item, id=None) for item in ITEMS))
    before = write(deck, "anki", tmp_path / "a.apkg", now=1).path
    assert guids(export(through_yaml(before, tmp_path), "anki", now=2).data) == guids(before)


def test_an_edited_item_without_an_id_keeps_its_guid(tmp_path: Path) -> None:
    first, second = (
        Deck(title="Deck", items=(Flashcard(front=f"A {text} question", back="b"),)) for text in ("good", "hard")
    )
    package = tmp_path / "a.apkg"
    write(first, "anki", package, now=1)
    before = guids(package)
    write(second, "anki", package, now=2)
    assert guids(export(load(package), "anki", now=3).data) == guids(package) == before


def test_an_export_over_the_package_that_was_read_changes_nothing(tmp_path: Path) -> None:
    sections = (Section(section="S", description="said", items=ITEMS[:1]), *ITEMS[1:])
    package = write(replace(DECK, items=sections, author="A", tags=("t",)), "anki", tmp_path / "a.apkg", now=1).path
    before = package.read_bytes()
    assert export(load(package), "anki", previous=before, now=2).data == before


def test_media_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"one")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.png").write_bytes(b"other")
    deck = Deck(
        title="D",
        items=(Flashcard(front="![x](a.png)", back="![y](b/a.png)"), Flashcard(front="![z](a.png)", back="z")),
    )
    package = write(deck.with_media(tmp_path), "anki", tmp_path / "a.apkg", now=1).path
    only = write(replace(deck, items=deck.items[1:]).with_media(tmp_path), "anki", tmp_path / "b.apkg", now=1).path
    assert api.media_paths(load(only)) == ("media/a.png",)
    assert export(load(only), "anki", previous=only.read_bytes(), now=2).data == only.read_bytes()
    read = load(package)
    assert sorted(read.origin.media.read(path) for path in api.media_paths(read)) == [b"one", b"other"]
    assert isinstance(through_yaml(package, tmp_path).origin.media, FolderMedia)


def test_a_note_that_was_made_in_anki_is_told_to_be_new(tmp_path: Path) -> None:
    connection = database(write(DECK, "anki", tmp_path / "a.apkg", now=1).path)
    connection.execute("UPDATE notes SET guid = 'by Anki' WHERE id = (SELECT min(id) FROM notes)")
    connection.commit()
    (warning,) = load(with_database(tmp_path / "b.apkg", connection)).origin.warnings
    assert warning.message.startswith("1 note will be new in Anki")


def test_a_question_whose_key_was_changed_is_what_its_card_shows(tmp_path: Path) -> None:
    connection = database(
        write(
            Deck(title="D", items=(OpenPrompt(stem="Why?", concepts=(Concept(text="so"),)),)),
            "anki",
            tmp_path / "a.apkg",
        ).path
    )
    connection.execute("UPDATE notes SET flds = replace(flds, 'points', 'pints')")
    connection.commit()
    deck = load(with_database(tmp_path / "b.apkg", connection))
    assert [warning.code for warning in deck.origin.warnings] == ["adapted-item"]
    assert "so" in str(deck.items[0])


def test_a_credit_that_nobody_can_give_is_not_read(tmp_path: Path) -> None:
    answers = (Answer(text="a"), Answer(text="b", credit=0.8))
    made = write(Deck(title="D", items=(ShortAnswer(stem="Why?", answers=answers),)), "anki", tmp_path / "a.apkg")
    connection = database(made.path)
    connection.execute("UPDATE notes SET flds = replace(flds, '0.8', '1.8')")
    connection.commit()
    deck = load(with_database(tmp_path / "b.apkg", connection))
    assert [warning.code for warning in deck.origin.warnings] == ["adapted-item"]


@pytest.mark.parametrize("newer", ["collection.anki21", "collection.anki21b"])
def test_a_package_of_another_origin_is_not_overwritten(tmp_path: Path, newer: str) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"]]))
    ours = database(write(DECK, "anki", tmp_path / "b.apkg", now=1).path)
    # Old programs find an empty collection there, which could be anybody's.
    for path in (package, with_database(tmp_path / "c.apkg", ours, newer)):
        before = path.read_bytes()
        with pytest.raises(OutputRefused):
            write(load(path), "anki", path)
        assert path.read_bytes() == before
