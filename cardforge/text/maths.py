"""Does a LaTeX formula parse? Asked of math-core, a strict parser that gives the error's offset.

Targets render with MathJax (Anki, Moodle, Canvas), which knows more commands than math-core does.
A formula is at fault when MathJax would show an error too; what only math-core lacks passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape

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


# What MathJax 3 typesets with its packages base and ams, with those that it loads when they are used, and with the
# common part of mathtools (Anki), and what math-core 0.9 does not know.
_MATHJAX_ONLY = frozenset(
    """above abovewithdelims Aboxed adjustlimits array ArrowBetweenLines Arrowvert arrowvert atopwithdelims bbFont bbox
    bracevert buildrel cancelto cases ce centercolon centerdot clap class colorbox cr crampedclap crampedllap
    crampedrlap crampedsubstack cssId displaylines divsymbol dotsb dotsc dotsi dotsm dotso enclose endtoggle eqalign
    eqalignno fcolorbox framebox hbox hfil hfill hfilll href intop Ketbra ketbra LaTeX leftroot leqalignno llap
    lower mathbfcal mathbffrak mathbfit mathbfscr mathbfsf mathbfsfit mathbfsfup mathbfup mathclap mathllap
    mathmakebox mathmbox mathnormal mathrlap mathsfit mathsfup mathtip mathup matrix mbox minCDarrowheight
    minCDarrowwidth mit mmlToken MoveEqLeft moveleft moveright ndownarrow nonscript nshortmid nshortparallel
    nuparrow of oldstyle ordinarycolon overunderset overwithdelims pmatrix pmb pu raise ref refeq rlap root Rule
    rule scr shortmid shortparallel shortvdotswithin skew smallfrown smallint smallsetminus smallsmile smash Space
    splitdfrac splitfrac stackbin strut style substack symbb symbfcal symbffrak symbfit symbfscr symbfsf symbfsfit
    symbfsfup symbfup symcal symfrak symit symnormal symrm symscr symsf symsfit symsfup symtt symup TeX textclap
    textllap textnormal textrlap texttip textup thickapprox thicksim Tiny toggle unicode uproot varinjlim varliminf
    varlimsup varprojlim varpropto vcenter vcentercolon vdotswithin verb widetilde xmathstrut""".split()
)
_MATHJAX_ENVIRONMENTS = frozenset(
    """alignat alignat* alignedat bmatrix* Bmatrix* bsmallmatrix bsmallmatrix* Bsmallmatrix Bsmallmatrix* cases* CD
    dcases* drcases* eqnarray eqnarray* flalign flalign* lgathered matrix* multlined numcases pmatrix* prooftree
    psmallmatrix psmallmatrix* rcases* rgathered smallmatrix smallmatrix* split subnumcases vmatrix* Vmatrix*
    vsmallmatrix vsmallmatrix* Vsmallmatrix Vsmallmatrix* xalignat xalignat* xxalignat""".split()
)
_UNKNOWN_COMMAND = re.compile(r'Unknown command "\\(.+)"')
_UNKNOWN_ENVIRONMENT = re.compile(r'Unknown environment "(.+)"')
# What math-core says of formulas that MathJax typesets.
_ONLY_MATH_CORE = (
    "not implemented",
    "not supported",
    "numbered equation environment",
    "Not valid in math mode",
    "limits",
    "a large operator",
    "a relation after",
    "ASCII characters",
    "Could not extract text",
    "Unknown color",
)
# A YAML "\nabla" in double quotes is a line break and "abla". ("\nu" is one and "u", which may be meant.)
_EATEN_BACKSLASH = re.compile(r"\n(abla|eq|eg|ot|otin|leq|geq|rightarrow|leftarrow)\b")


# MathJax's html extension: links that are code, styles that load files, and ids of the page's own.
_UNSAFE = re.compile(r"\\(style|cssId|class|html|data|require\s*\{\s*html)(?![A-Za-z])")
_LINK = re.compile(r"\\href(?![A-Za-z])\s*+\{?+\s*+(?!(?:https?|mailto):)")


def _unsafe(tex: str) -> MathError | None:
    if match := _UNSAFE.search(tex):
        fix = "leave it out: it could load files or change the page that a formula stands on"
        return MathError(match.start(), f"\\{match[1]} is not allowed in a formula", fix)
    if match := _LINK.search(tex):
        return MathError(
            match.start(), "\\href takes a link with http, https or mailto", "write \\href{https://…}{text}"
        )
    return None


@lru_cache(maxsize=65_536)  # as facts.py keeps texts
def check(tex: str, display: bool) -> MathError | None:
    """The first mistake in a formula, or None when a target's MathJax can be expected to take it."""
    if unsafe := _unsafe(tex):
        return unsafe
    if eaten := _EATEN_BACKSLASH.search(tex):
        return MathError(
            eaten.start(),
            f'a line break stands where "\\n{eaten[1]}" was meant',
            "write the text in single quotes or in a block (|), where a backslash stays a backslash",
        )
    if heavy := _too_heavy(tex):
        return heavy
    if cut := _cut_deletion(tex):
        return cut
    if _DEFINES.search(tex):
        return None
    tex = _comparable(tex)
    offset, message = _first_error(tex, display, lenient=False)
    if unknown := _UNKNOWN_COMMAND.match(message):
        if unknown[1] not in _MATHJAX_ONLY:
            return _unknown_command(offset, unknown[1])
        offset, message = _first_error(tex, display, lenient=True)
    elif not message:
        return None
    environment = _UNKNOWN_ENVIRONMENT.match(message)
    is_known = environment is not None and environment[1] in _MATHJAX_ENVIRONMENTS
    if not message or is_known or any(words in message for words in _ONLY_MATH_CORE):
        return _later_unknown(tex)
    return MathError(offset, message.rstrip("."), "mend the formula; a literal dollar sign is written \\$")


# Behind a % or in \\verb, LaTeX has nothing against it; but to Anki it is a deletion that hides the formula's end.
_DELETION = re.compile(r"\{\{c[1-9]\d{0,2}::")


def _cut_deletion(tex: str) -> MathError | None:
    openings = list(_DELETION.finditer(tex))
    if not openings or "}}" in tex[openings[-1].end() :]:
        return None
    message = "a deletion begins in this formula and does not end in it"
    fix = "put the whole formula into the deletion, or end the deletion in it; a literal dollar sign is written \\$"
    return MathError(openings[-1].start(), message, fix)


# Not in tags, not in code, and without tags inside, as MathJax reads it.
_IN_HTML = re.compile(
    r"(?P<other><(?P<code>pre|code)\b[^<>]*>(?:(?!</(?P=code)).)*+|<[^<>]*>)"
    r"|\\\((?P<line>(?:[^<\\]|\\(?![()]))++)\\\)|\\\[(?P<display>(?:[^<\\]|\\(?![\[\]]))++)\\\]",
    re.DOTALL,
)


def replaced(html: str, instead: Callable[[str, bool], str]) -> str:
    r"""Sanitised HTML with something else in place of each formula, ``\(…\)`` or ``\[…\]``, that parses.

    ``instead`` gets the LaTeX, and whether it is displayed.
    """

    def formula(match: re.Match[str]) -> str:
        if match["other"]:
            return match[0]
        tex, display = unescape(match["line"] or match["display"]), match["display"] is not None
        return match[0] if check(tex, display) else instead(tex, display)

    return _IN_HTML.sub(formula, html) if "\\" in html else html


def has_formula(html: str) -> bool:
    """Whether there is any such formula in HTML."""
    return replaced(html, lambda _tex, _display: "") != html


def _unknown_command(offset: int, name: str) -> MathError:
    guess = nearest(name, _COMMON_COMMANDS, is_case_kept=True)
    fix = f"write \\{guess}" if guess else "check the command's spelling, or use another one"
    return MathError(offset, f"\\{name} is not a known LaTeX command", fix)


def _first_error(tex: str, display: bool, lenient: bool) -> tuple[int, str]:
    try:
        _converter(lenient).convert_with_local_state(tex, displaystyle=display)
    except math_core.LatexError as error:
        offset, _, message = str(error).partition(": ")
        return int(offset), message
    return 0, ""


def _later_unknown(tex: str) -> MathError | None:
    """A misspelt command behind something that only MathJax knows, where math-core stopped reading."""
    for command in re.finditer(r"\\(?:([A-Za-z]+)|.)", tex, re.DOTALL):
        if (name := command[1]) and name not in _MATHJAX_ONLY:
            _, message = _first_error(f"\\{name}", False, lenient=False)
            if _UNKNOWN_COMMAND.match(message):
                return _unknown_command(command.start(), name)
    return None


# --- what math-core can be asked -----------------------------------------------------------------

# It recurses without a limit, and a stack overflow would end the whole process.
_LONGEST = 10_000
_DEEPEST = 100
_MOST_COMMANDS = 800
_NESTING = re.compile(r"(\{|\\(?:begin|left)(?![A-Za-z]))|(\}|\\(?:end|right)(?![A-Za-z]))|\\.", re.DOTALL)
# A command of the formula's own can mean anything, and expand to more than memory holds.
_DEFINES = re.compile(
    r"\\(?:def|let|require|(?:re|provide)?newcommand|(?:re)?newenvironment|Newextarrow|definecolor"
    r"|Declare(?:MathOperator|PairedDelimiter\w*))(?![A-Za-z])"
)


def _too_heavy(tex: str) -> MathError | None:
    split = "split it into several formulas"
    if len(tex) > _LONGEST:
        return MathError(0, f"the formula has more than {_LONGEST:,} characters", split)
    if len(re.findall(r"\\[A-Za-z]", tex)) > _MOST_COMMANDS:
        return MathError(0, f"the formula has more than {_MOST_COMMANDS} commands", split)
    depth = 0
    for sign in _NESTING.finditer(tex):
        depth += bool(sign[1]) - bool(sign[2])
        if depth > _DEEPEST:
            return MathError(sign.start(), f"more than {_DEEPEST} groups are nested here", "nest less")
    return None


_GROUP = r"\{(?:[^{}\\]|\\.)*+\}"
for _ in range(3):
    _GROUP = rf"\{{(?:[^{{}}\\]|\\.|{_GROUP})*+\}}"
# Arguments that MathJax takes as they stand: text, chemistry, addresses, colours, tables of plain TeX.
_AS_IT_STANDS = re.compile(
    r"\\(?:text(?:rm|it|bf|sf|tt|up|normal)?|[mh]box|ce|pu|unicode|href|class|cssId|style|(?:text)?color"
    rf"|p?matrix|array|cases|l?eqalign(?:no)?|displaylines|Aboxed|f?colorbox\s*{_GROUP})\s*(?:\[[^\]]*\]\s*)?{_GROUP}"
    r"|\\verb([^A-Za-z*\s]).*?\1",
    re.DOTALL,
)
_ARRAY = re.compile(rf"(\\begin\s*\{{array\}})(\s*(?:\[[^\]]*\]\s*)?{_GROUP})", re.DOTALL)
_ANGLE = re.compile(r"(\\(?:left|right|middle|[bB]igg?[lrm]?)\s*)([<>]|\\[lg]t(?![A-Za-z]))")
# math-core pairs brackets by recursion and tries every way to do so, 2 to the power of those that stay open.
_MOST_BRACKETS = 10
_BRACKET_COMMANDS = "|".join(
    """bigl bigr Bigl Bigr biggl biggr Biggl Biggr lang rang langle rangle lAngle rAngle lbrace rbrace lBrace rBrace
    lbrack rbrack lceil rceil lfloor rfloor lgroup rgroup llangle rrangle llbracket rrbracket llcorner lrcorner
    llparenthesis rrparenthesis lmoustache rmoustache lparen rparen lvert rvert lVert rVert ulcorner urcorner""".split()
)
_BRACKET_CHARACTERS = "][()⌈⌉⌊⌋⌜⌝⌞⌟⎰⎱❲❳⟅⟆⟦-⟯⦃-⦘⧘-⧛⧼⧽"
_BRACKET = re.compile(
    rf"(\\(?:sqrt|cfrac|smash|x[A-Za-z]+|begin\s*\{{\w+\*?\}}|\\)\s*\[[^{_BRACKET_CHARACTERS}\\]*\])"
    rf"|\\(?:[{{}}]|(?:{_BRACKET_COMMANDS})(?![A-Za-z]))|[{_BRACKET_CHARACTERS}]|(\\.)",
    re.DOTALL,
)


def _comparable(tex: str) -> str:
    """The formula, as long as before, with what only MathJax can judge replaced by something harmless."""
    tex = _AS_IT_STANDS.sub(lambda m: "{" + "x" * (len(m[0]) - 2) + "}", tex)
    tex = _ARRAY.sub(lambda m: m[1] + "{" + "c" * (len(m[2]) - 2) + "}", tex)
    tex = _ANGLE.sub(lambda m: m[1] + "|".ljust(len(m[2])), tex)
    if sum(not (m[1] or m[2]) for m in _BRACKET.finditer(tex)) > _MOST_BRACKETS:
        tex = _BRACKET.sub(lambda m: m[0] if m[1] or m[2] else _bar(m[0]), tex)
    return tex


def _bar(bracket: str) -> str:
    return "|" if len(bracket) == 1 else r"\|".ljust(len(bracket))


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
