"""Deletions of a cloze text, made of what is typed into a blank."""

from __future__ import annotations

import re
from html import escape

from cardforge.text import maths
from cardforge.text.cloze import HIGHEST


def deletion(number: int, answer: str, hint: str | None = None, *, formulas: bool = True) -> str:
    """A deletion in HTML, from plain text. Those behind the last number that there is have that one, all of them.

    With ``formulas``, what is typed as LaTeX is a formula, as it was for the exporter.
    """
    shown = rf"\({escape(answer, quote=False)}\)" if formulas and _is_formula(answer) else _protected(answer)
    behind = f"::{_protected(hint)}" if hint else ""
    return f"{{{{c{min(number, HIGHEST)}::{shown}{behind}}}}}"


_LATEX = re.compile(r"\\[A-Za-z]+|[A-Za-z0-9)][\^_][A-Za-z0-9{\\]")


def _is_formula(answer: str) -> bool:
    return _LATEX.search(answer) is not None and maths.check(answer, False) is None


def _protected(text: str) -> str:
    """Plain text as HTML in which nothing ends a deletion or begins its hint: elements that show nothing stand between."""
    return _APART.sub(lambda sign: sign[0] + "<span></span>", escape(text, quote=False))


_APART = re.compile(r"\{(?=\{)|\}(?=\}|\Z)|:(?=:|\Z)")
