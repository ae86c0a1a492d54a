"""Zip archives that anybody may have made are read, or refused in a sentence."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge_sources import archive
from cardforge_sources.archive import is_archive, open_archive


def packed(path: Path, files: dict[str, bytes], compression: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", compression) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def refused(path: Path, name: str | None = None) -> Diagnostic:
    with pytest.raises(InvalidDeck) as caught:
        found = open_archive(path)
        if name is not None:
            found.read(name)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def test_files_are_read_by_their_names(tmp_path: Path) -> None:
    found = open_archive(packed(tmp_path / "a.zip", {"x/y.xml": b"<a/>", "./z": b"z", "w\\v": b"v", "ch:1": b"1"}))
    assert {name: found.read(name) for name in found.names} == {
        "x/y.xml": b"<a/>",
        "z": b"z",
        "w/v": b"v",
        "ch:1": b"1",
    }


@pytest.mark.parametrize("name", ["../up", "a/../../up", "/etc/passwd", "C:/x", "..\\up"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert refused(packed(tmp_path / "a.zip", {name: b"x"})).code == "archive-outside"


def test_a_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"bomb": bytes(60_000_000)})
    tracemalloc.start()
    code = refused(path).code
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (code, peak < 5_000_000) == ("archive-too-large", True)


def test_more_files_than_anybody_packs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    assert refused(packed(tmp_path / "a.zip", dict.fromkeys("abc", b""))).code == "archive-too-large"


def test_more_bytes_than_asked_for_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"12345"})
    with pytest.raises(InvalidDeck, match="archive-too-large"):
        open_archive(path).read("a", most=4)


@pytest.mark.parametrize("keep", [0, 10, 60, -1])
def test_a_truncated_archive_is_refused(tmp_path: Path, keep: int) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"12345"})
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(path).code == "archive-damaged"


def test_damaged_data_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"12345"}, ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"12345", b"12445", 1))
    assert refused(path, "a").code == "archive-damaged"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.zip").code == "file-missing"


@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_damage_gives_files_or_a_diagnostic(tmp_path_factory: pytest.TempPathFactory, put: bytes, at: int) -> None:
    path = packed(tmp_path_factory.mktemp("zip") / "a.zip", {"a": b"12345", "b/c": b"x" * 50})
    data = bytearray(path.read_bytes())
    data[at : at + len(put)] = put
    path.write_bytes(data)
    try:
        found = open_archive(path)
        for name in found.names:
            found.read(name)
    except InvalidDeck as error:
        assert error.diagnostics[0].code.startswith("archive-")


@pytest.mark.parametrize(("data", "is_one"), [(b"PK\x03\x04 and more", True), (b"<quiz/>", False), (b"", False)])
def test_an_archive_is_known_by_its_beginning(tmp_path: Path, data: bytes, is_one: bool) -> None:
    (tmp_path / "a").write_bytes(data)
    assert is_archive(tmp_path / "a") is is_one


def test_a_file_without_a_name_is_none(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"name": b"1", "other": b"2"})
    path.write_bytes(path.read_bytes().replace(b"name", b"\0ame"))
    assert open_archive(path).names == ("other",)
