"""Media stay inside the deck's folder, and names that targets keep side by side never meet."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.media import FolderMedia, NoMedia, PackedMedia, hashed_name, outside
from cardforge.text import media_kind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deck's folder with a file in it, one below it, and one beside it."""
    deck = tmp_path / "deck"
    (deck / "images").mkdir(parents=True)
    (deck / "fig 1.png").write_bytes(b"fig")
    (deck / "images" / "a.png").write_bytes(b"a")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return deck


@pytest.mark.parametrize(
    ("path", "data"),
    [("fig 1.png", b"fig"), ("images/a.png", b"a"), ("./images/a.png", b"a"), ("images/../fig 1.png", b"fig")],
)
def test_a_file_in_the_folder_is_read(folder: Path, path: str, data: bytes) -> None:
    media = FolderMedia(folder)
    assert (media.problem(path), media.read(path)) == (None, data)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "images/../../secret.png",
        "./../secret.png",
        "/etc/passwd",
        "//server/share/a.png",
        r"..\secret.png",
        r"images\..\..\secret.png",
        r"\secret.png",
        r"\\server\share\a.png",
        r"C:\secret.png",
        "C:/secret.png",
        "c:secret.png",
        "http://a.b/c.png",
        "HTTPS://a.b/c.png",
        "data:image/png;base64,AA",
        "file:///etc/passwd",
        "~/secret.png",
        "a\0.png",
    ],
)
def test_a_path_out_of_the_folder_is_refused(folder: Path, path: str) -> None:
    problem = FolderMedia(folder).problem(path)
    assert problem and problem.code == "media-outside"


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    problem = FolderMedia(folder).problem("link.png")
    assert problem and problem.code == "media-outside"


def test_a_folder_that_is_a_link_out_is_refused(folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent)
    problem = FolderMedia(folder).problem("out/secret.png")
    assert problem and problem.code == "media-outside"


def test_a_link_inside_the_folder_is_read(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder / "images" / "a.png")
    assert FolderMedia(folder).problem("link.png") is None


def test_a_deck_folder_that_is_a_link_itself_is_read(folder: Path) -> None:
    (folder.parent / "linked").symlink_to(folder)
    assert FolderMedia(folder.parent / "linked").problem("images/a.png") is None


@pytest.mark.parametrize(
    "path", ["no.png", "images", "", ".", "no/no.png", "fig 1.png/x", "a" * 5000, "\ud800.png", "?*|"]
)
def test_what_is_no_file_is_told(folder: Path, path: str) -> None:
    problem = FolderMedia(folder).problem(path)
    assert problem and problem.code == "media-missing"


def test_a_link_to_itself_is_told(folder: Path) -> None:
    (folder / "loop.png").symlink_to(folder / "loop.png")
    problem = FolderMedia(folder).problem("loop.png")
    assert problem and problem.code == "media-missing"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    problem = FolderMedia(tmp_path / "no").problem("a.png")
    assert problem and problem.code == "media-missing"


def test_backslashes_are_told_on_every_system(folder: Path) -> None:
    problem = FolderMedia(folder).problem(r"images\a.png")
    assert problem and problem.fix == "write 'images/a.png'"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("fig1.png", "fig 1.png"),
        ("FIG 1.PNG", "fig 1.png"),
        ("fig 1.jpg", "fig 1.png"),
        ("images/a.pgn", "images/a.png"),
        ("images/A.PNG", "images/a.png"),
    ],
)
def test_a_near_miss_is_shown(folder: Path, path: str, meant: str) -> None:
    problem = FolderMedia(folder).problem(path)
    assert problem and repr(meant) in problem.fix


@pytest.mark.parametrize("path", ["images/b.png", "images/ß.PNG", "images/b.jpg", "fig.png.png"])
def test_a_suffix_in_common_is_no_near_miss(folder: Path, path: str) -> None:
    problem = FolderMedia(folder).problem(path)
    assert problem and problem.fix == "add the file, or mend the path"


@pytest.mark.parametrize(
    ("there", "path", "meant"),
    [
        ("p0.png", "p10.png", None),
        ("2024-01-02.png", "2024-01-12.png", None),
        ("figure.png", "figure 1.png", None),
        ("figure-01.png", "figure1.png", "figure-01.png"),
        ("song 1.mp3", "song1.mp4", "song 1.mp3"),
        ("p" + "9" * 5000, "p1.png", None),
    ],
)
def test_a_name_with_another_number_is_another_file(there: str, path: str, meant: str | None) -> None:
    problem = PackedMedia({there: lambda: b""}).problem(path)
    assert problem
    assert problem.fix == (f"write {meant!r}, which is there" if meant else "export it again, together with its media")


def test_of_many_the_one_with_the_same_number_is_shown(folder: Path) -> None:
    for number in range(20):
        (folder / f"figure {number:02}.png").touch()
    problem = FolderMedia(folder).problem("figure7.png")
    assert problem and problem.fix == "write 'figure 07.png', which is there"


def test_of_two_that_are_like_it_the_one_with_the_suffix_is_shown(folder: Path) -> None:
    (folder / "fig 1.jpg").touch()
    problem = FolderMedia(folder).problem("fig1.jpg")
    assert problem and problem.fix == "write 'fig 1.jpg', which is there"


def test_of_a_thousand_files_that_are_not_there_each_is_told(folder: Path) -> None:
    for number in range(1000):
        (folder / f"pasted-{number:05d}.png").touch()
    media = FolderMedia(folder)
    fixes = [problem.fix for number in range(1000) if (problem := media.problem(f"pasted-{number:05d}.jpg"))]
    assert (len(fixes), fixes[7]) == (1000, "write 'pasted-00007.png', which is there")


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    problem = FolderMedia(folder).problem("fig 1.png")
    assert problem and problem.code == "media-unreadable"


def test_packed_media_are_read_when_they_are_asked_for() -> None:
    media = PackedMedia({"fig.png": lambda: b"png"})
    assert (media.problem("fig.png"), media.read("fig.png")) == (None, b"png")


def test_a_name_that_was_not_packed_is_told_with_the_nearest() -> None:
    problem = PackedMedia({"fig.png": lambda: b"png"}).problem("fig.pgn")
    assert problem and (problem.code, "'fig.png'" in problem.fix) == ("media-missing", True)


def test_a_deck_from_memory_has_no_media() -> None:
    problem = NoMedia().problem("a.png")
    assert problem and "with_media" in problem.fix


STEPS = st.sampled_from(["..", ".", "a", "b.png", "", "…", "C:", "~", "a:b", " "])


@given(st.lists(STEPS, min_size=1, max_size=6), st.sampled_from(["/", "\\"]))
def test_a_path_that_is_not_outside_stays_inside(steps: list[str], separator: str) -> None:
    path = separator.join(steps)
    if not outside(path):
        root = Path("/deck/folder")
        resolved = os.path.normpath(root / path.replace("\\", "/"))
        assert Path(resolved).is_relative_to(root)


# --- names ---------------------------------------------------------------------------------------

WINDOWS_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|\Z)", re.IGNORECASE)
PATHS = st.text(min_size=1) | st.from_regex(r"[ -~]{1,80}\.[ -~]{0,60}", fullmatch=True)


@given(PATHS, st.binary(max_size=4))
def test_a_name_is_accepted_everywhere(path: str, data: bytes) -> None:
    name = hashed_name(path, data)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[a-z0-9]+)?", name)
    assert len(name) <= 80 and not WINDOWS_RESERVED.match(name)


@given(PATHS, PATHS, st.binary(max_size=4), st.binary(max_size=4))
def test_different_contents_never_share_a_name(one: str, other: str, data: bytes, different: bytes) -> None:
    if data != different:
        assert hashed_name(one, data).lower() != hashed_name(other, different).lower()


@given(PATHS, st.binary(max_size=4))
def test_a_name_is_always_the_same(path: str, data: bytes) -> None:
    assert hashed_name(path, data) == hashed_name(path, data)


@pytest.mark.parametrize("path", ["a.png", "b/ä ö.MP3", "a.tar.webm", "no-suffix", "a.", ".png", "漢字.ogg"])
def test_a_name_keeps_what_kind_of_media_it_is(path: str) -> None:
    assert media_kind(hashed_name(path, b"x")) is media_kind(path)


def test_a_name_says_what_the_file_was_called() -> None:
    assert re.fullmatch(r"my-figure-2-[0-9a-f]{16}\.png", hashed_name("images/my figure (2).PNG", b"x"))


def test_a_backslash_is_shown_as_it_was_written(tmp_path: Path) -> None:
    refused = FolderMedia(tmp_path).problem("C:\\Bilder\\a.png")
    assert refused
    assert refused.message == "'C:\\Bilder\\a.png' is not in the deck's folder"
