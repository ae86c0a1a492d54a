"""Where images and HTML stand in a Markdown text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import markdown
from cardforge.text.places import places

FRAGMENTS = """![a](a.png)~![a][r]~![~](~a.png~)~[~`~<img src=a.png>~<b>~> ~- ~1. ~    ~|~ | ~\\|~# ~===~é~<!--~-->~<div>~$x$~!~a
~\n~\n~\n\n~\n|-|-|\n~\n\n[r]: b.png\n~\r\n~\x85~\0""".split("~")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_every_image_and_tag_is_where_its_characters_are(text: str) -> None:
    shown = text.replace("\0", "\ufffd")
    for (token, _), place in zip(markdown.walk(markdown.parse(text)), places(text), strict=True):
        assert (place is not None) == (token.type in ("image", "html_inline", "html_block"))
        if place is None:
            continue
        there = "".join(shown[place.offset(at)] for at, sign in enumerate(token.content) if sign != "\n")
        assert there == token.content.replace("\n", "")
        if token.type == "image":
            assert shown.startswith("![", place.start)
            assert shown[place.end - 1] in ")]"


@pytest.mark.parametrize(
    ("text", "is_linked"),
    [
        ("![a](b)", [False]),
        ("[![a](b)](c) ![a](b)", [True, False]),
        ("<a href=c>![a](b)</a>![a](b)", [True, False]),
        ("![a ![b](c)](d)", [False, True]),
    ],
)
def test_it_is_told_what_stands_in_a_link(text: str, is_linked: list[bool]) -> None:
    found = zip(markdown.walk(markdown.parse(text)), places(text), strict=True)
    assert [place.is_linked for (token, _), place in found if place and token.type == "image"] == is_linked


def test_a_tab_that_a_list_parts_hides_no_image() -> None:
    text = "-\t\ta\n\n\t![b](c)"
    (place,) = filter(None, places(text))
    assert text[place.start : place.end] == "![b](c)"
