"""Presentational MathML becomes the LaTeX that shows the same."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import math_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import Html, from_html
from cardforge.text.reading.mathml import latex


def math(inside: str) -> str:
    return f"<math>{inside}</math>"


@pytest.mark.parametrize(
    ("inside", "tex"),
    [
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E = m c^2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", r"\frac{a + 1}{b}"),
        ("<msqrt><mi>x</mi><mo>&minus;</mo><mn>1,5</mn></msqrt>", r"\sqrt{x - 1{,}5}"),
        ("<msup><msqrt><mi>x</mi></msqrt><mi>n</mi></msup>", r"{\sqrt{x}}^n"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>&alpha;</mi>", r"\sin \alpha"),
        ("<mi>Δ</mi><msub><mi>x</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>", r"\Delta x_{i j}"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
            r"\sum_{i = 1}^n i",
        ),
        ("<mover><mi>v</mi><mo>→</mo></mover>", r"\vec{v}"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "( a, b )"),
        ('<mfenced open="[" close="]" separators=";"><mi>a</mi><mi>b</mi></mfenced>', "[ a; b ]"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>",
            r"\begin{matrix} 1 & 2 \end{matrix}",
        ),
        ("<mtext>if </mtext><mi>x</mi>", r"\text{if} x"),
        ("<m:mi xmlns:m='http://www.w3.org/1998/Math/MathML'>x</m:mi>", "x"),
        ("<mo>{</mo><mi>x</mi><mo>}</mo>", r"\{ x \}"),
        ("<mi>kg</mi>", r"\mathrm{kg}"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f'"),
        ("<mi>ℝ</mi>", r"\mathbb{R}"),
        ('<mi>x</mi><mspace width="0.17em"/><mi>y</mi><mspace width="1em"/><mi>z</mi>', r"x y \quad z"),
        ("<semantics><mi>x</mi><annotation encoding='text/plain'>ex</annotation></semantics>", "x"),
    ],
)
def test_it_becomes_latex(inside: str, tex: str) -> None:
    assert latex(math(inside)) == tex


@pytest.mark.parametrize(
    "inside",
    [
        "<mmultiscripts><mi>C</mi><mn>6</mn></mmultiscripts>",
        "<menclose notation='updiagonalstrike'><mi>x</mi></menclose>",
        "<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>",
        "<mfrac><mi>n</mi></mfrac>",
        "<mtext>50 %</mtext>",
        "<mi>x",
        "",
        "<mrow>" * 60 + "<mi>x</mi>" + "</mrow>" * 60,
    ],
)
def test_what_has_no_latex_here_stays(inside: str) -> None:
    assert latex(math(inside)) is None


def test_a_text_with_it_becomes_markdown() -> None:
    assert (
        from_html(f"<p>Is {math('<msup><mi>x</mi><mn>2</mn></msup><mo>≥</mo><mn>0</mn>')}?</p>") == r"Is $x^2 \ge 0$?"
    )


def test_a_text_with_what_has_no_latex_stays_html() -> None:
    html = f"<p>{math('<menclose><mi>x</mi></menclose>')}</p>"
    assert from_html(html) == Html(html)


@given(st.text())
def test_anything_is_read_or_left(text: str) -> None:
    latex(math(text))


SIGNS = st.sampled_from(
    ["a", "B", "7", r"\alpha", r"\Omega", "x_1", "y^{n+1}", r"\frac{a}{b}", r"\sqrt{c}", r"\sqrt[3]{d}"]
)
SIGNS |= st.sampled_from(
    [r"\sum_{i=1}^n", r"\vec{v}", r"\text{if}", r"\mathrm{kg}", r"\sin", r"\int_a^b", r"\binom{n}{k}"]
)
JOINTS = st.sampled_from([" + ", " - ", r" \cdot ", " = ", r" \le ", ", ", r" \to ", " "])


def shown(mathml: str) -> str:
    return re.sub(r"[\s\u2061-\u2064]", "", "".join(ElementTree.fromstring(unescape(mathml)).itertext()))


@given(st.lists(st.tuples(SIGNS, JOINTS), min_size=1, max_size=5))
def test_it_shows_what_it_showed(parts: list[tuple[str, str]]) -> None:
    convert = math_core.LatexToMathML().convert_with_local_state
    mathml = convert("".join(f"{sign}{joint}" for sign, joint in parts).strip(" ,=") or "a", displaystyle=False)
    made = latex(mathml)
    assert made is None or shown(convert(made, displaystyle=False)) == shown(mathml)
