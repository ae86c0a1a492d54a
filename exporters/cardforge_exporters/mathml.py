"""Formulas as MathML. What math-core cannot turn into MathML stays LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape, unescape

import math_core

from cardforge.model import Cloze
from cardforge.text import Dialect, Html, Text, facts, maths
from cardforge.text.render import mathjax
from cardforge_exporters.blanks import with_blanks

# XML knows five entities by name.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]+;")
# math-core tries every way to close the brackets that are open, 2 to the power of their number.
_OPENING = re.compile(
    r"[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦗⧘⧚⧼]|\\(?:\{|[Bb]igg?l|ulcorner"
    r"|l(?:l?ang(?:le)?|Angle|brac[ek]|Brace|l?bracket|ceil|floor|group|moustache|l?paren(?:thesis)?|vert|Vert|l?corner))"
)
_MOST_OPENING = 16
# A command of the formula's own can expand to more than memory holds.
_DEFINES = re.compile(r"\\(?:[egx]?def|let|(?:re|provide)?newcommand|newenvironment|Declare[A-Za-z]+)(?![A-Za-z])")


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(fancy_error=False)


@lru_cache(maxsize=32_768)  # an export asks twice: what it cannot hold, and when it writes
def mathml(tex: str, display: bool) -> str | None:
    """The formula as a ``math`` element without a namespace, or None where only LaTeX can say it.

    Its ``alttext`` is the LaTeX: for programs that read formulas aloud, or back. (A player shows annotations.)
    """
    if maths.check(tex, display) or _DEFINES.search(tex) or len(_OPENING.findall(tex)) > _MOST_OPENING:
        return None
    try:
        markup = _converter().convert_with_local_state(tex.strip(), displaystyle=display)
    except math_core.LatexError:
        return None
    markup = _NAMED.sub(lambda m: escape(unescape(m[0])), str(markup))
    return markup.replace("<math", f'<math alttext="{escape(" ".join(tex.split()))}"', 1)


def formula(tex: str, display: bool) -> str:
    r"""The formula as MathML; or as LaTeX between ``\(…\)``, which MathJax finds where a program has it."""
    return mathml(tex, display) or f'<span class="math">{mathjax(tex, display)}</span>'


def kept_as_latex(part: object, text: Text) -> Iterator[str]:
    """What is to be told of the formulas in a text (of this part of a deck) that MathML cannot say."""
    if isinstance(text, Html) or "$" not in text:
        return
    formulas = facts(text).formulas
    if isinstance(part, Cloze) and text is part.text:
        formulas = _with_blanks_in_them(part)
    for tex, display in formulas:
        if mathml(tex, display) is None:
            yield f"the formula '{tex}' stays LaTeX, which MathML cannot say"


def _with_blanks_in_them(item: Cloze) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = []

    def collect(tex: str, display: bool) -> str:
        found.append((tex, display))
        return ""

    with_blanks(item, Dialect(maths=collect), str, lambda _index, _blank: "")
    return tuple(found)
