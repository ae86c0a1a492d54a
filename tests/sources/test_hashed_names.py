"""Names of files that an export gave a hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge import api
from cardforge.media import hashed_name
from cardforge_sources.hashed_names import before_export

DECK = Path(__file__).parents[1] / "exporters/goldens/qti/deck.yaml"


def test_the_hash_of_an_export_is_taken_off() -> None:
    assert before_export(hashed_name("media/fig.png", b"1"), lambda: b"1") == "fig.png"


@pytest.mark.parametrize("name", ["fig.png", "fig-0123456789abcdef.png", "fig-0123456789abcdef"])
def test_another_name_stays(name: str) -> None:
    assert before_export(name, lambda: b"1") == name


def test_a_name_without_a_hash_needs_no_content() -> None:
    def read() -> bytes:
        raise AssertionError

    assert before_export("fig.png", read) == "fig.png"


@pytest.mark.parametrize(
    ("target", "source"), [("moodle", "moodle"), ("qti21", "qti"), ("qti30", "qti"), ("canvas", "qti")]
)
def test_a_second_trip_changes_no_name(target: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "deck"
    deck = api.load(DECK)
    names = []
    for _ in range(2):
        path.write_bytes(api.export(deck, target, now=0).data)
        deck = api.load(path, source)
        names.append(sorted(deck.origin.media.files))  # type: ignore[attr-defined]
    assert names[0] == names[1] == ["media/beep.wav", "media/dot.svg"]


def test_two_files_of_one_name_keep_their_hashes_apart(tmp_path: Path) -> None:
    for folder, data in (("a", b"1"), ("b", b"2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "fig.png").write_bytes(data)
    (tmp_path / "deck.yaml").write_text(
        "title: T\nitems:\n- {type: flashcard, front: '![x](a/fig.png)', back: '![x](b/fig.png)'}\n"
    )
    path = tmp_path / "deck.zip"
    path.write_bytes(api.export(api.load(tmp_path / "deck.yaml"), "qti21", now=0).data)
    media = api.load(path, "qti").origin.media
    contents = {media.read(name) for name in media.files}  # type: ignore[attr-defined]
    assert contents == {b"1", b"2"}
