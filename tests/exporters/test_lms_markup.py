"""HTML for Moodle and Canvas: what MathJax would take for a formula is one only where the author wrote one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from cardforge.text import Html, Text, render
from cardforge.text.html import strip_tags
from cardforge_exporters.lms_markup import DIALECT
from tests.strategies import texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x^2$", r"\(x^2\)"),
        (r"a `\(b\)` c", r"a <code>\<span></span>(b\<span></span>)</code> c"),
        ("costs $$$", "costs $<span></span>$<span></span>$"),
        (Html(r'<i title="\(x\)">\[</i>'), r'<i title="\(x\)">\<span></span>[</i>'),
    ],
)
def test_only_formulas_are_delimited(text: Text, expected: str) -> None:
    assert render(text, DIALECT) == expected


@given(texts())
def test_nothing_that_a_reader_sees_is_changed(text: Text) -> None:
    undefused = replace(DIALECT, literal=str)
    assert strip_tags(render(text, DIALECT)) == strip_tags(render(text, undefused))
