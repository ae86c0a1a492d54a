r"""Presentational MathML as LaTeX: ``<msup><mi>c</mi><mn>2</mn></msup>`` is ``c^2``.

Fact: MathML Core and MathML 3, chapter 3, say what each element shows. What has no LaTeX here (``mmultiscripts``,
``menclose``, ``maction``, a fraction without a line) gives none for the whole formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from unicodedata import name
from xml.etree import ElementTree

_PREFIX = re.compile(r"(</?)[\w-]+:(?=\w)|\sxmlns(?::[\w-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)\w+;")
_LONGEST = 20_000
_DEEPEST = 50


class _NoLatex(Exception):
    """Something in the formula has no LaTeX here."""


def latex(element: str) -> str | None:
    """The LaTeX of a ``<math>`` element, without delimiters; None where there is none."""
    if len(element) > _LONGEST:
        return None
    xml = _ENTITY.sub(lambda entity: unescape(entity[0]), _PREFIX.sub(lambda found: found[1] or "", element))
    try:
        return _of(ElementTree.fromstring(xml), _DEEPEST) or None
    except (ElementTree.ParseError, _NoLatex):
        return None


def _of(element: ElementTree.Element, left: int) -> str:
    if not left:
        raise _NoLatex
    tag, children = element.tag, [child for child in element if isinstance(child.tag, str)]
    if tag in _TOKENS:
        if children:
            raise _NoLatex
        return _TOKENS[tag](_text(element), element.get("mathvariant", ""))
    if tag in _ROWS:
        return _row(children[:1] if tag == "semantics" else children, left)
    if tag == "msqrt":
        return rf"\sqrt{{{_row(children, left)}}}"
    if tag == "mtable":
        return _table(children, left)
    if tag == "mfenced":
        separators = "".join(element.get("separators", ",").split()) or " "
        inside = [_of(child, left - 1) for child in children]
        signs = [separators[min(index, len(separators) - 1)] for index in range(len(inside))]
        parts = [f"{part}{sign}" for part, sign in zip(inside, signs, strict=True)]
        listed = " ".join((*parts[:-1], *inside[-1:]))
        return f"{_fence(element.get('open', '('))} {listed} {_fence(element.get('close', ')'))}"
    if tag == "mspace":  # LaTeX puts the small ones itself
        return r"\quad" if _WIDE.match(element.get("width", "")) else ""
    if tag not in _PARTS or len(children) != _PARTS[tag] or element.get("linethickness", "1")[:1] == "0":
        raise _NoLatex
    return _built(tag, children, [_of(child, left - 1) for child in children])


def _built(tag: str, children: Sequence[ElementTree.Element], parts: Sequence[str]) -> str:
    """An element with a fixed number of children, each with its place."""
    first = parts[0]
    match tag:
        case "mfrac":
            return rf"\frac{{{first}}}{{{parts[1]}}}"
        case "mroot":
            return rf"\sqrt[{parts[1]}]{{{first}}}"
        case "msub" | "munder" if tag == "msub" or _has_limits(first):
            return f"{_base(first)}_{_script(parts[1])}"
        case "msup" | "mover" if tag == "msup" or _has_limits(first):
            return f"{_base(first)}{parts[1] if parts[1] == _PRIME else f'^{_script(parts[1])}'}"
        case "msubsup" | "munderover" if tag == "msubsup" or _has_limits(first):
            return f"{_base(first)}_{_script(parts[1])}^{_script(parts[2])}"
        case "mover":
            accent = _ACCENTS.get(_text(children[1]))
            return rf"{accent}{{{first}}}" if accent else rf"\overset{{{parts[1]}}}{{{first}}}"
        case "munder":
            return rf"\underset{{{parts[1]}}}{{{first}}}"
        case _:
            return rf"\overset{{{parts[2]}}}{{\underset{{{parts[1]}}}{{{first}}}}}"


def _row(children: Sequence[ElementTree.Element], left: int) -> str:
    return " ".join(filter(None, (_of(child, left - 1) for child in children)))


def _table(rows: Sequence[ElementTree.Element], left: int) -> str:
    lines = []
    for row in rows:
        cells = list(row)
        if row.tag != "mtr" or any(cell.tag != "mtd" for cell in cells):
            raise _NoLatex
        lines.append(" & ".join(_row(list(cell), left - 1) for cell in cells))
    return r"\begin{matrix} " + r" \\ ".join(lines) + r" \end{matrix}"


_WIDE = re.compile(r"(?:0?\.[5-9]|[1-9])\d*(?:\.\d+)?em")
_ROWS = frozenset(("math", "mrow", "mstyle", "mpadded", "semantics"))
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}


def _text(element: ElementTree.Element) -> str:
    return " ".join((element.text or "").replace("\N{NO-BREAK SPACE}", " ").split())


def _base(tex: str) -> str:
    return tex if re.fullmatch(r"\\?\w+|[)\]]", tex) else f"{{{tex}}}"


def _script(tex: str) -> str:
    return tex if re.fullmatch(r"[0-9A-Za-z]", tex) else f"{{{tex}}}"


_PRIME = "'"


def _fence(sign: str) -> str:
    return _operator(sign, "") if sign else ""


# --- what stands in a formula --------------------------------------------------------------------


def _identifier(text: str, variant: str) -> str:
    if text in _FUNCTIONS:
        return rf"\{text}"
    if len(text) == 1 and variant in ("", "italic"):
        return _letter(text)
    if re.fullmatch(r"[A-Za-z0-9]+", text) and variant in ("", "normal", "bold"):
        return rf"\math{'bf' if variant == 'bold' else 'rm'}{{{text}}}"
    raise _NoLatex


def _letter(sign: str) -> str:
    """A sign that stands for something: Greek letters by their names."""
    if sign in _VARIANTS:
        return _VARIANTS[sign]
    if found := _BLACKBOARD.fullmatch(name(sign, "")):
        return rf"\mathbb{{{found[1]}}}"
    if found := _GREEK.fullmatch(name(sign, "")):
        word = found[2].lower().replace("lamda", "lambda")
        if found[1] == "SMALL" and word != "omicron":
            return rf"\{word}"
        if found[1] == "CAPITAL" and word in _CAPITALS:
            return rf"\{word.capitalize()}"
    return _operator(sign, "")


def _number(text: str, _variant: str) -> str:
    if not re.fullmatch(r"[0-9][0-9., ]*|[.,][0-9]+", text):
        raise _NoLatex
    return text.replace(",", "{,}").replace(" ", r"\,")


def _operator(text: str, _variant: str) -> str:
    if text in _FUNCTIONS:
        return rf"\{text}"
    return " ".join(_sign(sign) for sign in text if sign not in _INVISIBLE)


def _sign(sign: str) -> str:
    if sign in "^\\" or (not sign.isascii() and sign.isspace()):
        raise _NoLatex
    return _SIGNS.get(sign, sign)


def _words(text: str, _variant: str) -> str:
    if re.search(r"[\\{}$%&#_^~]", text):
        raise _NoLatex
    return rf"\text{{{text}}}" if text else r"\ "


_TOKENS = {"mi": _identifier, "mn": _number, "mo": _operator, "mtext": _words}
_INVISIBLE = "\u2061\u2062\u2063\u2064\u200b"
_FUNCTIONS = frozenset(
    """sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim liminf limsup max min sup inf
    det dim ker gcd deg arg hom Pr""".split()
)
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)")
_BLACKBOARD = re.compile("DOUBLE-STRUCK CAPITAL ([A-Z])")
_CAPITALS = frozenset("gamma delta theta lambda xi pi sigma upsilon phi psi omega".split())
_VARIANTS = {"ε": r"\varepsilon", "ϵ": r"\epsilon", "φ": r"\varphi", "ϕ": r"\phi", "ϑ": r"\vartheta", "ς": r"\varsigma"}
_SIGNS = {
    "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\sim", "′": "'",
    "−": "-", "–": "-", "×": r"\times", "⋅": r"\cdot", "·": r"\cdot", "÷": r"\div", "±": r"\pm", "∓": r"\mp",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto",
    "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow",
    "∞": r"\infty", "∂": r"\partial", "∇": r"\nabla", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∮": r"\oint",
    "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset",
    "∧": r"\land", "∨": r"\lor", "¬": r"\neg", "∀": r"\forall", "∃": r"\exists", "…": r"\ldots", "⋯": r"\cdots",
    "‖": r"\|", "∥": r"\parallel", "⊥": r"\perp", "∠": r"\angle", "∘": r"\circ", "°": r"{}^\circ", "∗": "*",
    "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil",
}  # fmt: skip
_ACCENTS = {
    "^": r"\hat", "ˆ": r"\hat", "¯": r"\overline", "‾": r"\overline", "―": r"\overline", "→": r"\vec", "⃗": r"\vec",
    "~": r"\tilde", "˜": r"\tilde", "˙": r"\dot", ".": r"\dot", "¨": r"\ddot", "⏞": r"\overbrace",
}  # fmt: skip


def _has_limits(tex: str) -> bool:
    """Whether LaTeX puts scripts of this below and above it, as MathML does."""
    return tex in _WITH_LIMITS


_WITH_LIMITS = frozenset(r"\sum \prod \lim \liminf \limsup \max \min \sup \inf \det \gcd \Pr".split())
