"""Files that are written in an address, and files of a package whose names are one name on some systems."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from cardforge.api import load, media_paths
from tests.sources.qti.reading import choices, item_2, only_item, read, response, warnings

PIXEL = "iVBORw0KGgo="


def with_image(address: str) -> str:
    return item_2(f'<p>See <img src="{address}" alt="a cell"/></p>' + choices("A", "B"), response("A"))


@pytest.mark.parametrize("body", ["!!!!", "", "A", "iVBO!Rw0KGgo="])
def test_an_embedded_file_that_is_damaged_is_told_as_missing(body: str) -> None:
    deck = read(with_image(f"data:image/png;base64,{body}"))
    assert (warnings(deck), "[a cell]" in str(only_item(deck)["stem"])) == (["not-kept"], True)


@pytest.mark.parametrize(
    "address",
    [
        f"data:image/png;base64,{PIXEL}",
        f"DATA:IMAGE/PNG;BASE64,{PIXEL}",
        f"data:image/png;base64,{PIXEL[:-1]}",
        f"data:image/png;base64,{PIXEL[:5]} {PIXEL[5:]}",
        "data:image/png;base64,iVBORw0KGgo%3D",
    ],
)
def test_an_embedded_file_is_read_as_browsers_read_it(address: str) -> None:
    deck = read(with_image(address))
    assert warnings(deck) == []
    (path,) = media_paths(deck)
    assert deck.origin.media.read(path) == b"\x89PNG\r\n\x1a\n"


def test_names_that_differ_in_case_only_are_two_files_on_every_system(tmp_path: Path) -> None:
    body = '<p><img src="fig.png" alt="a"/><img src="Fig.PNG" alt="b"/></p>' + choices("A", "B")
    with ZipFile(tmp_path / "package.zip", "w") as package:
        for name, content in (("i.xml", item_2(body, response("A"))), ("fig.png", "1"), ("Fig.PNG", "2")):
            package.writestr(name, content)
    deck = load(tmp_path / "package.zip", "qti")
    paths = media_paths(deck)
    assert len({path.casefold() for path in paths}) == 2
    assert [deck.origin.media.read(path) for path in paths] == [b"1", b"2"]
