"""Pages that items of QTI 2 show in a frame."""

from __future__ import annotations

import pytest

from tests.sources.qti.reading import choices, item_2, only_item, read_package, response, warnings

PAGE = "<html><head><title>Not this</title><style>p {}</style></head><body><h1>Islands</h1><p>One<p>Two</body></html>"


def framed(frame: str) -> str:
    return item_2(f"<div>{frame}</div>{choices('A', 'B')}", response("A"))


OBJECT = '<object data="shared/text.html" type="text/html">No page</object>'


def test_a_page_of_the_package_is_read_in() -> None:
    deck = read_package({"item.xml": framed(OBJECT), "shared/text.html": PAGE})
    assert (only_item(deck)["stem"], warnings(deck)) == ("# Islands\n\nOne\n\nTwo\n\nWhich?", [])


def test_a_plain_text_is_read_in() -> None:
    frame = '<object data="a.txt" type="text/plain"/>'
    deck = read_package({"item.xml": framed(frame), "a.txt": "a < b\n  c"})
    assert only_item(deck)["stem"] == "```\na < b\n  c\n```\n\nWhich?"


def test_what_a_page_shows_is_found_from_its_folder() -> None:
    item = framed(OBJECT.replace("shared", "../shared"))
    page = '<p><img src="pic.png" alt="map"></p>'
    deck = read_package({"items/item.xml": item, "shared/pic.png": b"\x89PNG", "shared/text.html": page})
    assert only_item(deck)["stem"] == "![map](shared/pic.png)\n\nWhich?"


def test_a_script_in_a_page_is_left_out() -> None:
    deck = read_package({"item.xml": framed(OBJECT), "shared/text.html": "<script>x</script><p>Text\x02</p>"})
    assert only_item(deck)["stem"] == "Text\n\nWhich?"


@pytest.mark.parametrize(
    ("frame", "stem"),
    [
        (OBJECT, "No page"),
        ('<object data="../../outside.html" type="text/html">No page</object>', "No page"),
        ('<object data="a.swf" type="application/x-shockwave-flash">No player</object>', "No player"),
        ('<object data="empty.html">Nothing</object>', "Nothing"),
        ('<iframe src="https://example.org/a"></iframe>', "[https://example.org/a](https://example.org/a)"),
    ],
)
def test_what_cannot_be_read_in_is_told(frame: str, stem: str) -> None:
    deck = read_package({"item.xml": framed(frame), "empty.html": " ", "a.swf": b"x"})
    assert (only_item(deck)["stem"], warnings(deck)) == (f"{stem}\n\nWhich?", ["not-kept"])


def test_a_page_in_a_page_is_told() -> None:
    deck = read_package({"item.xml": framed(OBJECT), "shared/text.html": f"<p>Text</p>{OBJECT}"})
    assert warnings(deck) == ["not-kept"]


def test_pages_do_not_grow_without_bound() -> None:
    items = {f"item{n}.xml": framed(OBJECT).replace("i1", f"i{n}") for n in range(7)}
    deck = read_package({**items, "shared/text.html": "<p>" + "long " * 190_000 + "</p>"})
    assert sum("long" in str(item) for item in deck.items) == 5
    assert warnings(deck) == ["not-kept"]


@pytest.mark.parametrize("page", ["<div>" * 100_000 + "x", "<p>" * 30_000 + "x", "<p>" + "x " * 600_000, "\0x"])
def test_a_hostile_page_is_told(page: str) -> None:
    deck = read_package({"item.xml": framed(OBJECT), "shared/text.html": page})
    assert (only_item(deck)["stem"], warnings(deck)) == ("No page\n\nWhich?", ["not-kept"])


def test_a_page_holds_no_mark_of_a_field() -> None:
    deck = read_package({"item.xml": framed(OBJECT), "shared/text.html": '<p title="&#2;">a&#2;b</p>'})
    assert only_item(deck)["stem"] == "ab\n\nWhich?"
