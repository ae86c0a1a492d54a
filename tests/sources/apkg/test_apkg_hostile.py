"""Packages that are damaged, or made to do harm: refused in a sentence, with nothing written and little memory used."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from cardforge import load, write
from cardforge.diagnostics import InvalidDeck
from tests.sources.apkg.packages import BASIC, Notes, database, legacy, newer, with_database

_WITHOUT_END = """CREATE VIEW notes AS WITH RECURSIVE t(id) AS (SELECT 1 UNION ALL SELECT id FROM t)
    SELECT id, 'g' guid, 1 mid, '' tags, 'a' flds FROM t"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A good package."""
    return legacy(tmp_path / "good.apkg", Notes(["Front", "Back"], BASIC, [[f"one {n}", "two"] for n in range(50)]))


def refused(path: Path) -> str:
    """Why the file is refused; its path stands before that."""
    with pytest.raises(InvalidDeck) as caught:
        load(path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.span
    assert diagnostic.span.path == str(path)
    return f"{diagnostic.code}: {diagnostic.message}"


def changed(tmp_path: Path, package: Path, *statements: str) -> Path:
    """The package with its database changed."""
    connection = database(package)
    connection.executescript(";".join(statements))
    connection.commit()
    return with_database(tmp_path / "changed.apkg", connection)


def zipped(path: Path, **files: bytes | str) -> Path:
    """A zip archive; __ in a name is a dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def test_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.apkg").write_bytes(b"no archive")
    assert refused(tmp_path / "a.apkg").startswith("archive-damaged")


def test_an_archive_without_a_collection(tmp_path: Path) -> None:
    assert refused(zipped(tmp_path / "a.apkg", a__txt="x")).startswith("not-a-package")


def test_a_collection_that_is_no_database(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.apkg", collection__anki2="no database" * 1000)
    assert refused(path).startswith("damaged-collection")


def test_an_empty_collection(tmp_path: Path) -> None:
    assert refused(zipped(tmp_path / "a.apkg", collection__anki2=b"")).startswith("damaged-collection")


def test_a_newer_collection_that_is_cut_off(tmp_path: Path, package: Path) -> None:
    packed = zstandard.ZstdCompressor().compress(database(package).serialize())
    path = zipped(tmp_path / "a.apkg", collection__anki21b=packed[: len(packed) // 2])
    assert refused(path).startswith("archive-damaged")


def test_a_newer_collection_that_is_garbage(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.apkg", collection__anki21b=b"\x28\xb5\x2f\xfd" + b"garbage" * 99)
    assert refused(path).startswith("archive-damaged")


def test_a_package_that_is_cut_off_anywhere(tmp_path: Path, package: Path) -> None:
    data = package.read_bytes()
    for length in range(0, len(data) - 1, 997):
        (tmp_path / "cut.apkg").write_bytes(data[:length])
        assert refused(tmp_path / "cut.apkg").startswith("archive-damaged")


@pytest.mark.parametrize(
    "media", ["{", "[]", "[" * 100_000, b"\xff\xfe", b"\x28\xb5\x2f\xfdx", b"\x0a\xff\xff\xff\x7f"]
)
def test_a_list_of_media_that_cannot_be_read(tmp_path: Path, package: Path, media: bytes | str) -> None:
    path = zipped(tmp_path / "a.apkg", collection__anki2=database(package).serialize(), media=media)
    assert refused(path).startswith("archive-damaged")


def test_a_database_packed_into_next_to_nothing(tmp_path: Path) -> None:
    compressor = zstandard.ZstdCompressor(level=19).compressobj()
    packed = b"".join(compressor.compress(bytes(10_000_000)) for _ in range(40)) + compressor.flush()
    path = zipped(tmp_path / "a.apkg", collection__anki21b=packed)
    tracemalloc.start()
    assert refused(path).startswith("archive-too-large")
    assert tracemalloc.get_traced_memory()[1] < 150_000_000
    tracemalloc.stop()


def test_nothing_stays_in_the_temporary_folder(tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    load(package)
    refused(zipped(tmp_path / "a.apkg", collection__anki2=b"SQLite format 3\0" + bytes(5000)))
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE cards",),
        ("DROP TABLE notes", "CREATE VIEW notes AS SELECT * FROM (SELECT 1 id, 'g' guid, 1 mid, '' tags, 'a' flds)"),
        ("ALTER TABLE notes RENAME TO n", _WITHOUT_END),
        ("DROP TABLE notes", "CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, tags, flds)"),
        ("UPDATE col SET models = '{'",),
        ("UPDATE col SET models = '[]'",),
        (f"UPDATE col SET models = '{'[' * 100_000}'",),
        ("DELETE FROM col",),
        ("ALTER TABLE notes DROP COLUMN flds",),
    ],
)
def test_a_database_that_is_something_else(tmp_path: Path, package: Path, statements: tuple[str, ...]) -> None:
    assert refused(changed(tmp_path, package, *statements)).startswith("damaged-collection")


def test_a_computed_column_runs_no_function(tmp_path: Path, package: Path) -> None:
    statements = ("ALTER TABLE notes DROP COLUMN flds", "ALTER TABLE notes ADD flds AS (hex(zeroblob(100000000)))")
    assert refused(changed(tmp_path, package, *statements)).startswith("damaged-collection")


def test_rows_that_are_read_over_and_over(tmp_path: Path) -> None:
    """Pages of a table that lead to one another's rows: a small file that would give gigabytes."""
    kind = Notes(["Front", "Back"], BASIC, [[f"n{n}", "y" * 900] for n in range(2_000)])
    data = bytearray(database(legacy(tmp_path / "long.apkg", kind)).serialize())
    size = int.from_bytes(data[16:18])
    inner = [at for at in range(0, len(data), size) if data[at] == _INNER_PAGE]
    for at in inner:
        count = int.from_bytes(data[at + 3 : at + 5])
        cells = [at + int.from_bytes(data[at + 12 + 2 * n : at + 14 + 2 * n]) for n in range(count)]
        for cell in cells:
            data[cell : cell + 4] = data[cells[-1] : cells[-1] + 4]
    path = zipped(tmp_path / "a.apkg", collection__anki2=bytes(data))
    assert inner
    with contextlib.suppress(InvalidDeck):
        assert len(load(path).entries()) <= 2_000


_INNER_PAGE = 5


@pytest.mark.parametrize(
    "nest",
    [
        lambda depth: "<b>" * depth + "x" + "</b>" * depth,
        lambda depth: "<ul><li>" * depth + "x",
        lambda depth: "{{c1::" * depth + "x" + "}}" * depth,
        lambda depth: "<details><summary>" * depth,
    ],
)
def test_ten_thousand_levels_in_a_field(tmp_path: Path, nest: Callable[[int], str]) -> None:
    kind = Notes(["Front", "Back"], BASIC, [[nest(10_000) + "z", "two"], ["One", "Two"]])
    assert load(legacy(tmp_path / "a.apkg", kind)).items


def test_ten_thousand_levels_in_a_template(tmp_path: Path, package: Path) -> None:
    connection = database(package)
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    changed = json.loads(models)
    for model in changed.values():
        model["tmpls"][0]["qfmt"] = "{{#Front}}" * 4_000 + "{{Front}}" + "{{/Front}}" * 4_000
    connection.execute("UPDATE col SET models = ?", (json.dumps(changed),))
    connection.commit()
    assert load(with_database(tmp_path / "b.apkg", connection)).items


@pytest.mark.parametrize("text", ["\0", "1\0002", "a\x01b", "\ud800", "x\uffff", "\x1e", "\u2028"])
def test_odd_characters_in_a_field(tmp_path: Path, package: Path, text: str) -> None:
    connection = database(package)
    data = f"front {text} end".encode("utf-8", "surrogatepass") + b"\x1fback"
    connection.execute("UPDATE notes SET flds = CAST(? AS TEXT), tags = CAST(? AS TEXT)", (data, data))
    connection.commit()
    assert len(load(with_database(tmp_path / "b.apkg", connection)).items) == 50


def test_fields_in_another_encoding(tmp_path: Path, package: Path) -> None:
    connection = database(package)
    connection.execute("UPDATE notes SET flds = CAST(? AS TEXT)", ("fünf".encode("latin-1") + b"\x1fback",))
    connection.commit()
    assert len(load(with_database(tmp_path / "b.apkg", connection)).items) == 50


def test_numbers_and_blobs_for_fields(tmp_path: Path, package: Path) -> None:
    path = changed(
        tmp_path, package, "UPDATE notes SET flds = 5, tags = x'00' WHERE id % 2", "UPDATE cards SET ord = 'x'"
    )
    assert load(path).items


def test_a_collection_in_utf_16(tmp_path: Path, package: Path) -> None:
    old = database(package)
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA encoding = 'UTF-16le'")
    for line in old.iterdump():
        connection.execute(line) if line not in ("BEGIN TRANSACTION;", "COMMIT;") else None
    connection.commit()
    assert len(load(with_database(tmp_path / "b.apkg", connection)).items) == 50


def test_names_in_the_archive_that_lead_out_of_it(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../collection.anki2", "x")
    (tmp_path / "a.apkg").write_bytes(out.getvalue())
    assert refused(tmp_path / "a.apkg").startswith("archive-outside")


@pytest.mark.parametrize("levels", [200, 10_000])
def test_decks_that_are_nested_deep(tmp_path: Path, levels: int) -> None:
    note = Notes(["Front", "Back"], BASIC, [["One", "Two"]], deck="other")
    deep = Notes(["Front", "Back"], BASIC, [["Three", "Four"]], deck="::".join(map(str, range(levels))))
    deck = load(legacy(tmp_path / "a.apkg", note, deep))
    assert len([warning for warning in deck.origin.warnings if "nested more than" in warning.message]) == 1
    read = load(write(deck, "yaml", tmp_path / "a.yaml").path)
    (entry,) = [entry for entry in read.entries() if entry.sections[0].section == "0"]
    assert "::".join(section.section for section in entry.sections) == deep.deck


def test_a_list_of_media_that_is_longer_than_the_archive(tmp_path: Path, package: Path) -> None:
    names = json.dumps({str(number): f"{number}.png" for number in range(200_000)})
    path = with_database(tmp_path / "a.apkg", database(package), media=names)
    tracemalloc.start()
    assert load(path).items
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("media", ["{} {}", '{"0": "a"} "1": "b"}', '{"0" "a"}', '{"0": "a",', '{"0": "a"'])
def test_a_list_of_media_that_is_nearly_one(tmp_path: Path, package: Path, media: str) -> None:
    assert refused(with_database(tmp_path / "a.apkg", database(package), media=media)).startswith("archive-damaged")


@pytest.mark.parametrize("damage", [{"flds": None}, {"tmpls": [{"ord": 0}]}, {"tmpls": 5}, {"name": None, "flds": [1]}])
def test_a_note_type_that_cannot_be_read_keeps_its_notes_aside(tmp_path: Path, damage: dict[str, object]) -> None:
    good = Notes(["Front", "Back"], BASIC, [["one", "two"]])
    bad = Notes(["Front", "Back"], BASIC, [["three", "four"]], name="Bad")
    connection = database(legacy(tmp_path / "two.apkg", good, bad))
    models = json.loads(connection.execute("SELECT models FROM col").fetchone()[0])
    key = next(key for key, model in models.items() if model["name"] == "Bad")
    models[key].update(damage)
    connection.execute("UPDATE col SET models = ?", (json.dumps(models),))
    connection.commit()
    assert_only_one_is_left(with_database(tmp_path / "damaged.apkg", connection))


@pytest.mark.parametrize("table", ["notetypes", "templates"])
def test_a_note_type_of_the_newer_kind_that_cannot_be_read(tmp_path: Path, table: str) -> None:
    good = Notes(["Front", "Back"], BASIC, [["one", "two"]])
    bad = Notes(["Front", "Back"], BASIC, [["three", "four"]], name="Bad")
    old = database(legacy(tmp_path / "two.apkg", good, bad)).serialize()
    column = "id" if table == "notetypes" else "ntid"
    damage = f"UPDATE {table} SET config = x'0aff' WHERE {column} = (SELECT id FROM notetypes WHERE name = 'Bad')"
    (tmp_path / "newer.apkg").write_bytes(newer(old, damage=damage))
    assert_only_one_is_left(tmp_path / "newer.apkg")


def test_no_note_type_that_can_be_read(tmp_path: Path, package: Path) -> None:
    with pytest.raises(InvalidDeck) as caught:
        load(changed(tmp_path, package, "UPDATE col SET models = '{\"1\": []}'"))
    assert [d.code for d in caught.value.diagnostics if d.severity == "error"] == ["empty-package"]


def assert_only_one_is_left(path: Path) -> None:
    deck = load(path)
    assert [getattr(entry.item, "front", None) for entry in deck.entries()] == ["one"]
    (aside,) = [warning for warning in deck.origin.warnings if warning.code == "kept-aside"]
    assert "three" in aside.message


def test_a_deck_that_cannot_be_read_is_told(tmp_path: Path, package: Path) -> None:
    deck = load(changed(tmp_path, package, "UPDATE col SET decks = '{\"1\": 5}'"))
    assert len(deck.entries()) == 50
    assert any("50 notes" in warning.message and "damaged" in warning.message for warning in deck.origin.warnings)
