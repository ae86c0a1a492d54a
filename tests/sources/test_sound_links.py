"""The words of links that become players."""

from __future__ import annotations

import pytest

from cardforge_sources.sound_links import with_words
from tests.hanging import ends


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<a href="a.mp3">Listen <b>here</b>:</a>', 'Listen <b>here</b>: <a href="a.mp3"></a>'),
        ("<a class='x' href='b/a.mp3'>Hello</a>", "Hello <a class='x' href='b/a.mp3'></a>"),
        ('<A HREF="a%20b.mp3?x=1">Hello</A>', 'Hello <A HREF="a%20b.mp3?x=1"></a>'),
    ],
)
def test_words_stand_before_the_link(html: str, kept: str) -> None:
    assert with_words(html) == kept


@pytest.mark.parametrize(
    "html",
    [
        '<a href="a.mp3">a.mp3</a>',
        '<a href="a%20b.mp3">A b.mp3</a>',
        '<a href="b/a.mp3">a</a>',
        '<a href="a.mp3"></a>',
        '<a href="a.html">Hello</a>',
        '<a href="https://example.org/a.mp3">Hello</a>',
        '<a href="a.mp3">Hello',
        "a < b",
    ],
)
def test_other_links_stay(html: str) -> None:
    assert with_words(html) == html


@pytest.mark.parametrize(
    "html", ["<a " + ' href="x" ' * 50_000, "<a href=x>" * 50_000, '<a href="x.mp3">' + "w " * 500_000]
)
def test_hostile_links_are_read_in_one_pass(html: str) -> None:
    assert ends(with_words, html) == html
