"""Texts of one piece over and over: the time to read them grows with their length, and not with its square."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from cardforge.text import from_html, lines_as_markdown
from cardforge.text.html import replaced_tags

LONGEST = 10
"""Seconds. On any machine, what grows with the square takes longer, and the rest a tenth of it."""


def seconds(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


@pytest.mark.parametrize("piece", ["$$", r"\$"])
def test_lines_are_escaped_in_one_pass(piece: str) -> None:
    assert seconds(lines_as_markdown, piece * 30_000) < LONGEST


@pytest.mark.parametrize("piece", ["<img ", "$$", r"\$", "[$$]", "\\(a\\", r"\$$a"])
def test_html_is_read_in_one_pass(piece: str) -> None:
    assert seconds(from_html, "<i>x</i>" + piece * 8_000) < LONGEST


@pytest.mark.parametrize("piece", ["<", "<img ", "<br "])
def test_tags_without_an_end_are_looked_through_once(piece: str) -> None:
    tag = re.compile(r"<[a-z]*\b[^>]*>")
    assert seconds(lambda html: replaced_tags(html, tag, ""), "<a>" + piece * 150_000) < LONGEST


def test_tags_are_replaced_up_to_the_last_one() -> None:
    assert replaced_tags("a <b>c</b> <d", re.compile("<[^>]*>"), "-") == "a -c- <d"
