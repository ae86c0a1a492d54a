"""Texts of one piece over and over: the time to read them grows with their length, and not with its square."""

from __future__ import annotations

import re

import pytest

from cardforge.text import from_html, lines_as_markdown
from cardforge.text.html import replaced_tags
from tests.hanging import ends


@pytest.mark.parametrize("piece", ["$$", r"\$"])
def test_lines_are_escaped_in_one_pass(piece: str) -> None:
    ends(lines_as_markdown, piece * 240_000)


@pytest.mark.parametrize("piece", ["<img ", "$$", r"\$", "[$$]", "\\(a\\", r"\$$a"])
def test_html_is_read_in_one_pass(piece: str) -> None:
    ends(from_html, "<i>x</i>" + piece * 48_000)


@pytest.mark.parametrize("piece", ["<", "<img ", "<br "])
def test_tags_without_an_end_are_looked_through_once(piece: str) -> None:
    ends(replaced_tags, "<a>" + piece * 600_000, re.compile(r"<[a-z]*\b[^>]*>"), "")


def test_tags_are_replaced_up_to_the_last_one() -> None:
    assert replaced_tags("a <b>c</b> <d", re.compile("<[^>]*>"), "-") == "a -c- <d"
