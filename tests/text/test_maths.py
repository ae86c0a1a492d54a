"""Formulas: what MathJax takes passes, what it does not take is told where it is wrong."""

import threading

import math_core
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import facts, maths
from cardforge.text.maths import _MATHJAX_ENVIRONMENTS, _MATHJAX_ONLY
from tests.hanging import ends

GOOD = r"""
x^2 + y_1
\frac{a}{b} \dfrac12 \tfrac12 \cfrac{1}{1+x} \binom{n}{k}
\sqrt2 \sqrt[3]{x} \root 3 \of x
\sum_{i=1}^n \prod \int_0^1 \oint \lim_{x\to0} \sum\limits_{i} \int\nolimits_0^1 \mathop{\arg\max}\limits_x
\left( \frac12 \right) \left[0,1\right) \left\{ x \right. \left| x \right| \left\| x \right\|
\left< a \right> \left\lt a \right\gt \bigl< a \bigr> \left\langle a \middle| b \right\rangle
\bigl( \Bigl( \biggl( x \biggr) \Bigr) \bigr)
\hat x \bar x \vec x \dot x \ddot x \tilde x \widehat{abc} \widetilde{abc} \overline{x} \underbrace{x}_n
\mathbb{R} \mathcal{L} \mathfrak{g} \mathscr{F} \mathbf{x} \boldsymbol{x} \bm{x} \pmb{x} \mathrm{d}x
\text{if } x \text{ is 50\% of $y$} \text{a_b & c} \textbf{x} \textit{x} \textrm{x} \texttt{x} \textsf{x}
\mbox{if $x$} \hbox{x} \operatorname{rank} \operatorname*{arg\,max}_x
\begin{matrix} a & b \\ c & d \end{matrix}
\begin{pmatrix} 1 & 0 \\[2pt] 0 & 1 \end{pmatrix}
\begin{bmatrix*}[r] 1 & 0 \end{bmatrix*}
\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{else} \end{cases}
\begin{aligned} a &= b \\ c &= d \end{aligned}
\begin{aligned}[t] a &= b \end{aligned}
\begin{align} a &= b \tag{1} \\ c &= d \notag \end{align}
\begin{align*} a &= b \label{x} \end{align*}
\begin{gather} a \\ b \end{gather}
\begin{equation} \begin{split} a &= b \\ &= c \end{split} \end{equation}
\begin{array}{|c|r@{}l|} \hline a & b & c \\ \hline \end{array}
\begin{array}[t]{*{2}{c}} a & b \end{array}
\begin{alignat}{2} a &= b & c &= d \end{alignat}
\begin{eqnarray} a &=& b \end{eqnarray}
\begin{CD} A @>a>> B \\ @VbVV @VVcV \\ C @>d>> D \end{CD}
\begin{smallmatrix} a & b \end{smallmatrix}
\matrix{a & b \cr c & d} \pmatrix{a & b \cr c & d} \cases{a & b \cr c & d}
\eqalign{a &= b \cr c &= d}
\ce{CO2 + C <=> 2 CO} \ce{Hg^2+ ->[I-] HgI2} \ce{SO4^2-} \ce{^{227}_{90}Th+} \ce{A\bond{~}B} \ce{NaOH(aq,$\infty$)}
\pu{123 kJ//mol}
\color{red}{x} \color{#ff0000} x
\textcolor{#f00}{x} \textcolor[rgb]{1,0,0}{x} \colorbox{yellow}{a_b} \fcolorbox{red}{yellow}{x}
\href{https://a.b/c_d?e&f=1#x%20}{x} \unicode{x263A}
\cancel{x} \cancelto{0}{x} \enclose{circle}[mathcolor="red"]{x} \bbox[red, 2px]{x} \boxed{x} \fbox{x}
\toggle{a}{b}\endtoggle
\verb|a_b^&\foo|
\bra{x} \ket{y} \braket{x|y} \ketbra{x}{y} \set{x | y}
\DeclareMathOperator{\foo}{foo} \foo x
\newcommand{\R}{\mathbb{R}} \R
\def\foo{x} \foo
\let\foo\alpha \foo
\require{physics} \dv{x}{y}
\rule{1em}{2pt} \raise 2pt {x} \hskip 1em \hspace{1em} \kern1em \mkern18mu \phantom{x} \smash[b]{x} \llap{x} \mathrlap{x}
\displaystyle x
\large x \tiny x
{n \choose k} {a \over b} {a \atop b} {a \above 1pt b}
\xrightarrow[a]{b} \xleftarrow{x} \overset{a}{=} \underset{a}{=} \stackrel{a}{=} \sideset{_1^2}{_3^4}\prod \buildrel a \over b
a \bmod b \pmod n \dotsb \dotsc \dots \smallsetminus \varinjlim \textnormal{x} \textup{x}
∠ABC = 90° \le α + é
]0,1[ \cup [0,1) \cup (0,1]
x < y > z \& \% \# \$ \_ \{ \}
f'(x) f''(x)^2 {}^{14}_6\mathrm{C}
x % a comment \foo
\not= \not3 \neq
\begin{multline} a \\ \shoveleft b \\ c \end{multline}
""".strip().split("\n")


@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
@pytest.mark.parametrize("tex", GOOD)
def test_what_mathjax_takes_passes(tex: str, display: bool) -> None:
    assert maths.check(tex, display) is None


@pytest.mark.parametrize(
    ("tex", "fix"),
    [
        (r"x + ☞\zzz", "check the command's spelling"),
        (r"x + ☞\apha", r"write \alpha"),
        (r"\frac{1}☞", "mend the formula"),
        (r"\frac{1}{2☞", "mend the formula"),
        (r"x^1☞^2", "mend the formula"),
        (r"a ☞& b", "mend the formula"),
        (r"a☞} b", "mend the formula"),
        (r"\left( x☞", "mend the formula"),
        (r"\begin☞{foo} x \end{foo}", "mend the formula"),
        (r"\begin{matrix} a ☞\end{pmatrix}", "mend the formula"),
        (r"\widetilde{x} + ☞\apha", r"write \alpha"),
        (r"\ce{H2O} + ☞\apha", r"write \alpha"),
        (r"\text{é \foo} + ☞\apha", r"write \alpha"),
        (r"\color{#ff0000}{x} + ☞\apha", r"write \alpha"),
        (r"\begin{alignat}{2} ☞\apha \end{alignat}", r"write \alpha"),
        (r"\begin{array}{r@{}l} ☞\apha \end{array}", r"write \alpha"),
        (r"\left< ☞\apha \right>", r"write \alpha"),
        (r"\large x + ☞\apha", r"write \alpha"),
        (r"\mathop{x}\limits_{☞\apha}", r"write \alpha"),
        (r"\widetilde{x} \frac{1}{2☞", "mend the formula"),
        ("((((((((((((" + r"☞\apha", r"write \alpha"),
    ],
)
def test_a_mistake_is_told_where_it_is(tex: str, fix: str) -> None:
    error = maths.check(tex.replace("☞", ""), True)
    assert error and (error.offset, fix in error.fix) == (tex.index("☞"), True)


@pytest.mark.parametrize("lost", ["\nabla f", "a \neq b", "a \notin b", "a \rightarrow b".replace("\r", "\nr")])
def test_a_line_break_that_was_a_command_is_told(lost: str) -> None:
    error = maths.check(lost, True)
    assert error and error.offset == lost.index("\n")


@pytest.mark.parametrize("tex", ["\nu = v\n", "\ni = 1\n", "x +\ny"])
def test_a_line_may_begin_with_a_letter(tex: str) -> None:
    assert maths.check(tex, True) is None


# --- what only MathJax knows ---------------------------------------------------------------------


def strict(tex: str) -> str:
    try:
        math_core.LatexToMathML(fancy_error=False).convert_with_local_state(tex, displaystyle=True)
    except math_core.LatexError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", sorted(_MATHJAX_ONLY))
def test_a_command_on_the_list_is_unknown_to_math_core(name: str) -> None:
    assert "Unknown command" in strict(rf"\{name}")


@pytest.mark.parametrize("name", sorted(_MATHJAX_ENVIRONMENTS))
def test_an_environment_on_the_list_is_unknown_to_math_core(name: str) -> None:
    assert "Unknown environment" in strict(rf"\begin{{{name}}} x \end{{{name}}}")


# --- what could end or hang the process -----------------------------------------------------------

HEAVY = [
    ("{" * 5000 + "}" * 5000, "groups"),
    (r"\sqrt{" * 200 + "}" * 200, "groups"),
    (r"\left(" * 101 + r"\right)" * 101, "groups"),
    (r"\begin{matrix}" * 101 + r"\end{matrix}" * 101, "groups"),
    (r"\sqrt" * 900 + "x", "commands"),
    (r"\bf " * 801, "commands"),
    ("x" * 10_001, "characters"),
]


@pytest.mark.parametrize(("tex", "what"), HEAVY)
def test_a_formula_beyond_reason_is_refused(tex: str, what: str) -> None:
    error = maths.check(tex, True)
    assert error and what in error.message


@pytest.mark.parametrize(
    "tex",
    [
        "(" * 1000,
        "x)" * 4000,
        r"\bigl(" * 100,
        r"\{" * 1000,
        r"\langle " * 100,
        r"\sin(" * 100,
        r"(\frac)2" * 100,
        r"\\[" * 1000,
        r"\sqrt[" * 100,
        r"\xi[" * 100,
        "{(" * 99 + "}" * 99,
        "⟨" * 1000,
        "|" * 9000,
        "x'" * 4000,
        r"\newcommand\a[1]{\a{#1#1}}\a x",
        r"\ce{" * 90,
    ],
)
def test_a_hostile_formula_is_checked(tex: str) -> None:
    ends(maths.check, tex, False)


def test_the_heaviest_formulas_fit_on_the_smallest_stack() -> None:
    """Two megabytes: the main thread on Windows. An overflow would end the test run."""
    formulas = [
        r"\displaystyle " * 700,
        r"\sqrt" * 799 + " x",
        r"\sqrt[" * 799,
        "x^{" * 99 + "}" * 99,
        r"\frac{" * 99 + "}1" * 99,
        r"\begin{matrix}" * 99 + r"\end{matrix}" * 99,
        r"x)\\[2pt]" * 1100,
    ]
    thread = threading.Thread(target=lambda: [maths.check(tex, True) for tex in formulas])
    before = threading.stack_size(2 << 20)
    try:
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert not thread.is_alive()


PIECES = r"""{ } ( ) [ ] \{ \} \left( \right) \left< \right. \frac \sqrt \sqrt[ x 1 ^ _ & \\ \\[2pt] \begin{array}
\end{array} \begin{aligned} \end{aligned} \text{ \ce{ \widetilde \mbox{ \foo \langle \operatorname{ \xrightarrow[ $
% # ~ ' \ \bf \color{red} \verb| | \begin \end \bigl( \not \hline \limits \tag{ é 😀 ∠ < > \over \middle| \left\lt
\unicode{ \cr \matrix{""".split()
PIECES += [" ", "\n"]


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"a + \href {data:text/html,x}{y}",
        r"\style{background:url(http://example.org)}{a}",
        r"\cssId{qa}{b}",
        r"\class{z}{c}",
        r"\require{html} x",
    ],
)
def test_a_formula_cannot_carry_code_or_reach_the_network(tex: str) -> None:
    """A mathjax that knows these would put them on the learner's page."""
    assert maths.check(tex, False) is not None


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_any_formula_passes_or_has_a_mistake_inside_it(tex: str, display: bool) -> None:
    error = maths.check(tex, display)
    assert error is None or 0 <= error.offset <= len(tex)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_preparing_a_formula_keeps_its_length(tex: str) -> None:
    assert len(maths._comparable(tex)) == len(tex)


# --- formulas in a text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        r"$☞\foo$",
        r"is $x$ or $y + ☞\foo$ it",
        r"$\alpha$ $☞\foo$ $\beta$",
        r"$$☞\foo$$",
        r"a $$x + ☞\foo$$ b",
        "one\ntwo\n$x + ☞\\foo$",
        "one\n\ntwo\n\nthree $☞\\foo$",
        "> a quote\n> with $☞\\foo$",
        "> $$\n> x\n> + ☞\\foo\n> $$",
        "- a list\n- with $☞\\foo$",
        "- $$\n  x\n  ☞\\foo\n  $$",
        "1. one\n   > $$\n   > ☞\\foo\n   > $$",
        "|a|b|\n|-|-|\n|c|$☞\\foo$|",
        "|a|b|\n|-|-|\n|$x \\| ☞\\foo$|d|",
        "**$☞\\foo$**",
        "[$☞\\foo$](http://a.b)",
        "`$x$` and $☞\\foo$",
        "# Title $☞\\foo$",
        "<b>$☞\\foo$</b>",
        "a\r\n> $$\r\n> ☞\\foo\r\n> $$",
        "first $x\n  y ☞\\foo$",
    ],
)
def test_a_bad_formula_is_told_where_it_stands_in_the_text(text: str) -> None:
    (problem,) = facts(text.replace("☞", "")).problems
    assert (problem.code, problem.offset) == ("latex", text.index("☞"))


def test_every_bad_formula_is_told() -> None:
    assert [p.offset for p in facts(r"$\foo$ and $\foo$").problems] == [1, 12]


@pytest.mark.parametrize(
    "text", [r"costs $5 and $\foo 10", r"`$\foo$`", "    $\\foo$", r"\$\foo\$", "```\n$\\foo$\n```"]
)
def test_what_is_no_formula_is_not_checked(text: str) -> None:
    assert facts(text).problems == ()
