"""What Anki acts on in a cloze field is what the author meant, and nothing else."""

from __future__ import annotations

import pytest

from cardforge.text import render
from cardforge_exporters.anki_markup import CLOZE_DIALECT


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{{c1::$x^{y^{2}}$}}", r"{{c1::\(x^{y^{2} }\)}}"),
        ("{{c1::$a::b$}}", r"{{c1::\(a:{}:b\)}}"),
        ("So $a={{c1::b}}$.", r"So \(a={{c1::b}}\)."),
        ("$a={{c1::b::which?}}+{{c2::c}}$", r"\(a={{c1::b::which?}}+{{c2::c}}\)"),
    ],
)
def test_a_formula_in_a_cloze_text(text: str, field: str) -> None:
    assert render(text, CLOZE_DIALECT) == field
