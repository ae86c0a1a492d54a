"""Zip files and the media in them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from cardforge import Deck, Flashcard
from cardforge_exporters.archive import Archive
from cardforge_exporters.media_files import MediaFiles


def archive() -> bytes:
    out = BytesIO()
    with Archive(out) as made:
        made.put("a.xml", "ä")
        made.store("b.png", b"png")
        made.put_lines("c.xml", (f"line {n}\n" for n in range(3)))
    return out.getvalue()


def test_an_archive_holds_what_was_put_there_in_order() -> None:
    with zipfile.ZipFile(BytesIO(archive())) as made:
        contents = [(name, made.read(name).decode()) for name in made.namelist()]
    assert contents == [("a.xml", "ä"), ("b.png", "png"), ("c.xml", "line 0\nline 1\nline 2\n")]


def test_an_archive_says_nothing_of_when_it_was_made() -> None:
    with zipfile.ZipFile(BytesIO(archive())) as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_two_files_of_one_name_stay_two(tmp_path: Path) -> None:
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "fig.png").write_bytes(folder.encode())
    media = MediaFiles(Deck(title="T", items=(Flashcard(front="f", back="b"),)).with_media(tmp_path), "media/")
    names = [media.name("a/fig.png"), media.name("b/fig.png"), media.name("a/fig.png")]
    assert names[0] == names[2] != names[1] and names[0].startswith("media/fig-")
    assert dict(media.files()) == {names[0]: b"a", names[1]: b"b"}
