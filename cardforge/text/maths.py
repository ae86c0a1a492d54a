"""Does a LaTeX formula parse? Asked of math-core, a strict parser that gives the error's offset.

Targets render with MathJax (Anki, Moodle, Canvas), which knows more commands than math-core does.
A formula is at fault when MathJax would show an error too; what only math-core lacks passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import math_core

from cardforge.diagnostics import nearest


@dataclass(frozen=True, slots=True)
class MathError:
    """``offset`` counts characters into the formula."""

    offset: int
    message: str
    fix: str


@cache
def _converter(lenient: bool) -> math_core.LatexToMathML:
    return math_core.LatexToMathML(fancy_error=False, ignore_unknown_commands=lenient)


# In MathJax's default packages (its TeX/LaTeX command list) or, for \ce and \pu, in Anki's and
# Moodle's set-up of it; unknown to math-core 0.9.
_MATHJAX_ONLY = frozenset(
    """above abovewithdelims atopwithdelims bbox buildrel bmod bra Bra braket Braket ce cfrac class cssId ddddot
    dddot DeclareMathOperator displaylines enclose eqalign eqalignno eqref fbox framebox hfil hfill hphantom
    href hskip huge Huge idotsint iiiint intertext kern ket Ket label large Large LARGE leqalignno llap lower
    mathstrut mathtip matrix mbox middle mkern mmlToken moveleft moveright mskip mspace newcommand
    newenvironment newline nonumber notag normalsize oldstyle operatorname overparen overwithdelims pmatrix pu
    raise ref renewcommand require rlap root rule Rule scr scriptsize sideset small smash space Space stackrel
    strut style substack tag text textbf textit textrm textsf texttt textup thinspace Tiny tiny tip toggle
    underparen unicode uproot leftroot verb vcenter xleftarrow xrightarrow xtofrom mathtiny middle
    nobreakspace shoveleft shoveright skew""".split()
)
_MATHJAX_ENVIRONMENTS = frozenset(
    """align align* alignat alignat* alignedat array eqnarray eqnarray* equation equation* flalign flalign*
    gather gather* gathered multline multline* numcases smallmatrix split subarray subnumcases xalignat
    xalignat* xxalignat CD""".split()
)
_UNKNOWN_COMMAND = re.compile(r'Unknown command "\\(.+)"')
_UNKNOWN_ENVIRONMENT = re.compile(r'Unknown environment "(.+)"')
# What math-core says of formulas that MathJax typesets.
_ONLY_MATH_CORE = ("not implemented", "numbered equation environment", "Not valid in math mode")
# A YAML "\nabla" in double quotes is a line break and "abla"; "\nu" and "\neq" likewise.
_EATEN_BACKSLASH = re.compile(r"\n(abla|eq|u|i|ot|eg|leq|geq|parallel|rightarrow)\b")


@lru_cache(maxsize=4096)
def check(tex: str, display: bool) -> MathError | None:
    """The first mistake in a formula, or None when a target's MathJax can be expected to take it."""
    if eaten := _EATEN_BACKSLASH.search(tex):
        return MathError(
            eaten.start(),
            f'a line break stands where "\\n{eaten[1]}" was meant',
            "write the text in single quotes or in a block (|), where a backslash stays a backslash",
        )
    offset, message = _first_error(tex, display, lenient=False)
    if message and (unknown := _UNKNOWN_COMMAND.match(message)):
        if unknown[1] not in _MATHJAX_ONLY:
            guess = nearest(unknown[1], _COMMON_COMMANDS)
            fix = f"write \\{guess}" if guess else "check the command's spelling, or use another one"
            return MathError(offset, f"\\{unknown[1]} is not a known LaTeX command", fix)
        offset, message = _first_error(tex, display, lenient=True)
        if not message:
            return _later_unknown(tex)
    if not message or any(words in message for words in _ONLY_MATH_CORE):
        return None
    if (environment := _UNKNOWN_ENVIRONMENT.match(message)) and environment[1] in _MATHJAX_ENVIRONMENTS:
        return None
    return MathError(offset, message.rstrip("."), "mend the formula; a literal dollar sign is written \\$")


def _first_error(tex: str, display: bool, lenient: bool) -> tuple[int, str]:
    try:
        _converter(lenient).convert_with_local_state(tex, displaystyle=display)
    except math_core.LatexError as error:
        offset, _, message = str(error).partition(": ")
        return int(offset), message
    return 0, ""


def _later_unknown(tex: str) -> MathError | None:
    """A misspelt command behind one that only MathJax knows, where math-core stopped reading."""
    for command in re.finditer(r"\\([A-Za-z]+)", tex):
        name = command[1]
        _, message = _first_error(f"\\{name}", False, lenient=False)
        if _UNKNOWN_COMMAND.match(message) and name not in _MATHJAX_ONLY:
            guess = nearest(name, _COMMON_COMMANDS)
            fix = f"write \\{guess}" if guess else "check the command's spelling, or use another one"
            return MathError(command.start(), f"\\{name} is not a known LaTeX command", fix)
    return None


_COMMON_COMMANDS = tuple(
    """alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega frac dfrac tfrac binom
    sqrt sum prod int oint lim sup inf max min log ln exp sin cos tan cdot cdots ldots dots times div pm mp
    leq geq neq approx equiv sim propto infty partial nabla forall exists in notin subset subseteq supset cup
    cap emptyset setminus to mapsto rightarrow Rightarrow leftarrow Leftarrow leftrightarrow implies iff land
    lor neg hat bar vec tilde dot ddot overline underline overbrace underbrace left right big Big mathbb
    mathbf mathcal mathrm mathit mathsf operatorname text textbf begin end quad qquad langle rangle lfloor
    rfloor lceil rceil top perp mid""".split()
)
