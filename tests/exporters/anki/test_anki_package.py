"""The package itself: frozen note types, the same bytes for the same deck, and what is refused."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cardforge import Deck, Flashcard, OutputRefused, export, write
from cardforge.plugin import Standing
from cardforge_exporters.anki import AnkiExporter
from cardforge_exporters.anki.note_types import NOTE_TYPES, QUESTION, REVISION, as_json
from cardforge_exporters.anki.previous import read_previous
from tests.hanging import ends

DECK = Deck(title="Deck", items=(Flashcard(front="a", back="b"), Flashcard(front="c *d*", back="e", reversed=True)))
TAIL = ["Hint", "Explanation", "Source", "Level", "Language", "Item id", "Deck id", "Spare 1", "Spare 2", "Spare 3"]


def test_note_types_are_frozen() -> None:
    """Learners' collections hold these. A change here makes Anki skip every note of an update."""
    assert {(t.id, t.name): list(t.fields) for t in NOTE_TYPES} == {
        (1_763_800_000_101, "Cardforge Flashcard"): ["Front", "Back", "Reversed", *TAIL],
        (1_763_800_000_102, "Cardforge Cloze"): ["Text", "Extra", *TAIL],
        (1_763_800_000_103, "Cardforge Question"): [
            *("Stem", "Kind", "Task", "Solution", "Concepts", "Model answer"),
            *("Feedback correct", "Feedback incorrect", "Data", *TAIL),
        ],
    }


def test_fields_and_templates_carry_their_ids() -> None:
    """Anki matches them by these ids, so that a renamed one is the same one."""
    for note_type in NOTE_TYPES:
        data = json.loads(as_json(note_type))
        assert [f["id"] for f in data["flds"]] == [note_type.id * 1000 + i for i in range(len(note_type.fields))]
        assert [t["id"] for t in data["tmpls"]] == [note_type.id * 1000 + 500 + i for i in range(len(data["tmpls"]))]


def test_changed_templates_have_a_new_revision() -> None:
    """When this fails, templates or style have changed: set REVISION to the time of the change, and the hash here."""
    content = "".join(as_json(note_type) for note_type in NOTE_TYPES)
    assert (REVISION, hashlib.sha256(content.encode()).hexdigest()[:16]) == (1_795_408_200, "f35030e6f892cf57")


def test_scripts_are_written_for_old_phones() -> None:
    """ES5: no other words or signs of later versions; and a template has no braces but Anki's own."""
    templates = json.loads(as_json(QUESTION))["tmpls"][0]
    for side in ("qfmt", "afmt"):
        script = templates[side].partition("\n<script>\n")[2]
        code = re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL)
        assert re.findall(r"=>|`|\b(?:let|const|class|async|await)\b|\.\.\.|\?\.|\{\{|\}\}", code) == []


def test_a_flashcard_s_fields_are_what_they_were() -> None:
    deck = Deck(id="d", title="T", items=(Flashcard(id="a", front="x", back="*y*"), Flashcard(front="c", back="d")))
    fields = [text for (text,) in _rows(export(deck, "anki", now=1).data, "select flds from notes order by id")]
    item_id = next(entry.id for entry in list(deck.entries())[1:])
    assert [str(text).replace("\x1f", "|") for text in fields] == [
        "x|<em>y</em>|||||||a|d|||",
        f"c|d|||||||{item_id}|d|||",
    ]


def test_only_questions_have_a_script() -> None:
    assert [note_type.key for note_type in NOTE_TYPES if "<script" in as_json(note_type)] == ["question"]


def test_nothing_on_a_card_comes_from_the_network() -> None:
    content = "".join(as_json(note_type) for note_type in NOTE_TYPES)
    assert "//" not in content.replace("\\\\/", "") and "@import" not in content


def test_the_same_deck_gives_the_same_bytes() -> None:
    assert export(DECK, "anki", now=1_700_000_000).data == export(DECK, "anki", now=1_700_000_000).data


def test_an_unchanged_deck_leaves_the_package_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(DECK, "anki", package, now=1_700_000_000)
    before = package.read_bytes()
    write(DECK, "anki", package, now=1_800_000_000)
    assert package.read_bytes() == before


@pytest.mark.parametrize("target", ["anki", "csv", "yaml"])
def test_the_same_bytes_in_another_process_and_folder(target: str, tmp_path: Path) -> None:
    deck = "title: Deck\ntags: [z, a, m]\nitems:\n- {type: flashcard, front: a, back: '![x](p.png)'}\n"
    deck += "- {type: multiple_choice, stem: s, choices: [{text: a, correct: true}, {text: b}, {text: c}]}\n"
    results = set()
    for seed, name in (("0", "one"), ("1", "two"), ("123", "three")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "deck.yaml").write_text(deck, encoding="utf-8")
        (folder / "p.png").write_bytes(b"picture")
        command = [sys.executable, "-m", "cardforge", "export", "deck.yaml", "--to", target, "--out", "out"]
        environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        results.add((folder / "out").read_bytes())
    assert len(results) == 1


def test_a_clock_at_zero_is_honoured() -> None:
    data = export(DECK, "anki", now=0).data
    assert _rows(data, "select min(id) > 0, max(mod) from notes") == [(1, 0)]


def test_a_package_that_anki_wrote_is_not_replaced(tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("collection.anki2", b"dummy")
        archive.writestr("collection.anki21b", b"zstd")
    before = package.read_bytes()
    with pytest.raises(OutputRefused, match="Anki itself"):
        write(DECK, "anki", package)
    assert package.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_package_is_not_replaced(content: bytes, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    package.write_bytes(content)
    with pytest.raises(OutputRefused, match="--out"):
        write(DECK, "anki", package)
    assert package.read_bytes() == content


def test_notes_of_a_foreign_note_type_are_not_replaced(tmp_path: Path) -> None:
    import genanki

    fields, templates = [{"name": "Q"}, {"name": "A"}], [{"name": "C", "qfmt": "{{Q}}", "afmt": "{{A}}"}]
    model = genanki.Model(1, "Mine", fields=fields, templates=templates)
    deck = genanki.Deck(2, "Mine")
    deck.add_note(genanki.Note(model=model, fields=["q", "a"]))
    package = tmp_path / "deck.apkg"
    genanki.Package(deck).write_to_file(package)
    with pytest.raises(OutputRefused, match="did not write"):
        write(DECK, "anki", package)


def test_the_package_of_another_deck_is_not_replaced(tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(DECK, "anki", package, now=1)
    before = package.read_bytes()
    with pytest.raises(OutputRefused, match=r"another deck.*write id: deck into it"):
        write(Deck(title="Other", items=(Flashcard(front="x", back="y"),)), "anki", package, now=2)
    assert package.read_bytes() == before


REWRITTEN = Deck(title="New", items=(Flashcard(front="x y z", back="b"), DECK.items[1]))


@pytest.mark.parametrize(
    ("deck", "standing"),
    [
        (Deck(title="New", items=DECK.items), Standing.OF_DECK),
        (Deck(title="Deck", items=REWRITTEN.items), Standing.OF_DECK),
        (Deck(id="deck", title="New", items=REWRITTEN.items[:1]), Standing.OF_DECK),
        (Deck(title="Deck", items=REWRITTEN.items[:1]), Standing.OF_DECK),
        (Deck(title="New", items=REWRITTEN.items[:1]), Standing.OF_ANOTHER),
    ],
    ids=["retitled", "edited", "rewritten, with its id", "of the same title", "retitled and rewritten"],
)
def test_a_package_is_of_a_deck_when_notes_or_ids_go_on(deck: Deck, standing: Standing) -> None:
    assert AnkiExporter().standing(export(DECK, "anki", now=1).data, deck) is standing


def test_two_ids_that_authors_wrote_are_two_decks() -> None:
    one, two = (Deck(id=id, title="Deck", items=DECK.items) for id in ("one", "two"))
    assert AnkiExporter().standing(export(one, "anki", now=1).data, two) is Standing.OF_ANOTHER


def test_renamed_and_rewritten_at_once_the_deck_goes_on_by_its_old_id(tmp_path: Path) -> None:
    """What the refusal advises."""
    package = tmp_path / "deck.apkg"
    items = tuple(Flashcard(front=f"What is the {word} of it?", back=f"The {word}.") for word in ("top", "side", "end"))
    rewritten = (items[0], *(Flashcard(front=f"Say {n}", back=f"It is {n}.") for n in range(9, 12)))
    write(Deck(title="Old", items=items), "anki", package, now=1)
    with pytest.raises(OutputRefused):
        write(Deck(title="New", items=rewritten), "anki", package, now=2)
    (before,) = _rows(package.read_bytes(), "select guid from notes order by id limit 1")
    write(Deck(id="old", title="New", items=rewritten), "anki", package, now=2)
    assert before in _rows(package.read_bytes(), "select guid from notes")


def test_a_large_package_is_read_in_the_time_of_its_size() -> None:
    """Without indexes, what looks up each note's cards takes the square of their number."""
    deck = Deck(title="D", items=tuple(Flashcard(front=f"front {n}", back=f"back {n}") for n in range(40_000)))
    package = export(deck, "anki", now=1).data
    assert len(ends(read_previous, package).notes) == 40_000


def test_guids_come_from_the_ids_of_deck_and_item() -> None:
    def guids(deck_id: str, item_id: str, front: str) -> list[tuple[object, ...]]:
        deck = Deck(id=deck_id, title="T", items=(Flashcard(id=item_id, front=front, back="b"),))
        return _rows(export(deck, AnkiExporter(), now=1).data, "select guid from notes")

    assert guids("d", "a", "x") == guids("d", "a", "other text")
    assert guids("d", "a", "x") != guids("e", "a", "x")
    assert guids("d", "a", "x") != guids("d", "b", "x")


def test_the_words_of_a_sound_are_told_where_they_stand() -> None:
    deck = Deck(title="T", items=(Flashcard(id="a", front="f", back="![a beep](beep.mp3)"),))
    (loss,) = AnkiExporter().limits(deck)
    assert (loss.item, loss.at, loss.how) == ("a", ("items", 0, "back"), "its words, 'a beep', are not shown")


@pytest.mark.parametrize(
    ("file", "more"), [("a.mp3", ""), ("a.mp4", "; there, Anki's desktop program does not play files that end in .mp4")]
)
def test_a_player_that_waits_is_told(file: str, more: str) -> None:
    deck = Deck(title="T", items=(Flashcard(id="a", front="f", back="b", hint=(f"![]({file})", f"![]({file})")),))
    told = [loss.how for loss in AnkiExporter().limits(deck)]
    assert told == [f"in hints and feedback, a player that waits to be pressed{more}"]


def _rows(package: bytes, sql: str) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
