r"""What programs read in their texts beside HTML: formulas and sounds. They are put aside while the HTML is read.

| program | reads |
|---|---|
| MathJax, in Anki, Moodle and Canvas | `\(…\)` and `\[…\]`, in which only `<br>` may stand (its `includeHtmlTags`); not in code |
| Moodle and Canvas besides | `$$…$$` |
| Anki | `[sound:a.mp3]`; `[latex]…[/latex]`, `[$]…[/$]`, `[$$]…[/$$]`, without tags (rslib/src/latex.rs) |
| MathML | `<annotation encoding="application/x-tex">`; an `alttext`, where it is LaTeX and no description; or what it shows |
"""

from __future__ import annotations

import re
from enum import Flag, auto
from functools import cache
from html import escape, unescape
from typing import Final
from unicodedata import normalize

from cardforge.text import maths
from cardforge.text.content import FORMULA, media_kind
from cardforge.text.holes import Holes
from cardforge.text.html import replaced_tags
from cardforge.text.reading.mathml import latex
from cardforge.text.reading.media import Source, player


class Marks(Flag):
    r"""What is read beside HTML: ``MATHJAX`` ``\(…\)`` and ``\[…\]``, ``DOLLARS`` ``$$…$$``, ``ANKI`` its own brackets."""

    MATHJAX = auto()
    DOLLARS = auto()
    ANKI = auto()


ALL: Final = Marks.MATHJAX | Marks.DOLLARS | Marks.ANKI
_HINTS = ((Marks.MATHJAX, r"\\[(\[]"), (Marks.DOLLARS, r"\$\$"), (Marks.ANKI, r"\[(?:sound:|latex\]|\$)"))


def has_marks(text: str, marks: Marks) -> bool:
    """Whether anything in the text could be one of these marks."""
    return ("\\" in text or "$" in text or "[" in text) and _hint(marks).search(text) is not None


@cache
def _hint(marks: Marks) -> re.Pattern[str]:
    return re.compile("|".join(hint for mark, hint in _HINTS if mark in marks) or "(?!)", re.IGNORECASE)


class Aside:
    """Markup of a text that the sanitiser may not touch. Holes stand for it."""

    def __init__(self, text: str) -> None:
        self.formulas = 0
        """How many formulas were put aside."""
        self.failed = 0
        """How many were left, because they do not parse."""
        self._holes = Holes(text)
        self._originals: list[str] = []

    def leave(self, xhtml: str, original: str) -> str:
        """What stands for ``xhtml``, which the shape is read from, and ``original``, which an `Html` holds."""
        self._originals.append(original)
        return self._holes.leave(xhtml)

    def formula(self, tex: str, display: bool, original: str) -> str:
        """What stands for a formula, or the original if it does not parse or Markdown cannot hold it."""
        tex = _tidied(tex)
        dollars = "$$" if display else "$"
        if self._holes.pair[0] in tex or not FORMULA.fullmatch(f"{dollars}{tex}{dollars}") or maths.check(tex, display):
            self.failed += 1
            return original
        self.formulas += 1
        return self.leave(formula(tex, display), original)

    def xhtml(self, html: str) -> str:
        """The text with what was put aside as XHTML: formulas are ``<formula>`` elements."""
        return self._holes.fill(html)

    def original(self, html: str) -> str:
        """The text with what was put aside as it was."""
        return self._holes.fill(html, self._originals)


def formula(tex: str, display: bool) -> str:
    """A formula as the XHTML that a shape is read from."""
    return f'<formula display="{"block" if display else ""}">{escape(tex, quote=False)}</formula>'


def _tidied(tex: str) -> str:
    """LaTeX on one line, without comments, and without the space at its ends, which shows nothing."""
    if "%" in tex:
        tex = re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*\n", r"\1", tex)
    tex = " ".join(tex.split())
    while tex.endswith("\\") and (len(tex) - len(tex.rstrip("\\"))) % 2:
        tex = tex[:-1].rstrip(" ")
    return tex


# --- in HTML -------------------------------------------------------------------------------------

# No longer formula is read; one without an end would be searched to the text's.
_UP_TO_LONGEST = "{0,10000}+"
# Where a formula without an end goes on, and could begin again: to try each of very many would take long.
_AGAIN = re.compile(r"\\(?:\\[(\[]|\$\$)")
_MOST_AGAIN = 1_000
_NO_TAG = r"<(?:br|wbr)\b[^<>]*>|<!--(?:[^-]|-(?!->))*+-->"
_IN_HTML = re.compile(
    rf"""<!--.*?(?:-->|\Z)
    |<(?P<math>(?:\w+:)?math|anki-mathjax)\b(?P<attributes>[^<>]*)>(?P<content>(?:[^<]|<(?!/?(?P=math)\b))*+)</(?P=math)\s*>
    |<script\b(?P<script>[^<>]*\bmath/tex\b[^<>]*)>(?P<scripted>(?:[^<]|<(?!/?script\b))*+)</script\s*>
    |<(?P<raw>script|style|textarea|title|pre|code)\b.*?(?:</(?P=raw)\b|\Z)
    |<(?=[A-Za-z/!?])(?:[^<>"']|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))*+(?:>|\Z)
    |\\\((?P<inline>(?:\\[^()<]|[^\\<]|{_NO_TAG}){_UP_TO_LONGEST})\\\)
    |\\\[(?P<display>(?:\\[^\[\]<]|[^\\<]|{_NO_TAG}){_UP_TO_LONGEST})\\\]
    |\$\$(?P<dollars>(?:\\[^<]|[^\\$<]|\$(?!\$)|{_NO_TAG}){_UP_TO_LONGEST})\$\$
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ELEMENTS = re.compile(r"<(?:(?:\w+:)?math|anki-mathjax|script)\b", re.IGNORECASE)
_ANNOTATION = re.compile(
    r"""<(?:\w+:)?annotation\b[^<>]*\bencoding\s*=\s*["']?(?:application/x-(?:la)?tex|(?:La|Snuggle)?TeX)\b[^<>]*>
    ([^<]*)</""",
    re.IGNORECASE | re.VERBOSE,
)
_ALTTEXT = re.compile(r"""\balttext\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DISPLAYED = re.compile(r"""\b(?:display|block)\s*=\s*["']?(?:block|true)""")
_CDATA = re.compile(r"\A\s*(?:%\s*)?<!\[CDATA\[|(?:%\s*)?\]\]>\s*\Z")
_TAG = re.compile(r"<[^>]*>")


def with_formulas_aside(html: str, aside: Aside, marks: Marks) -> str:
    """Put aside what MathJax would typeset, and what else can be read as LaTeX."""

    def replaced(match: re.Match[str]) -> str:
        if match["math"]:
            return _element(match, aside)
        if match["script"]:
            display = "mode=display" in match["script"].replace(" ", "")
            return aside.formula(_CDATA.sub("", match["scripted"]), display, match[0])
        content = match["dollars"] or match["inline"] or match["display"]
        if not content or not content.strip() or (Marks.DOLLARS if match["dollars"] else Marks.MATHJAX) not in marks:
            return match[0]
        tex = re.sub(_NO_TAG, lambda tag: "\n" if tag[0][1] in "bB" else "", content, flags=re.IGNORECASE)
        return aside.formula(unescape(tex), match["inline"] is None, match[0])

    if not has_marks(html, marks & ~Marks.ANKI) and not _ELEMENTS.search(html):
        return html
    if html.count("\\") > _MOST_AGAIN and len(_AGAIN.findall(html)) > _MOST_AGAIN:
        aside.failed += 1
        return html
    return _IN_HTML.sub(replaced, html)


def _element(match: re.Match[str], aside: Aside) -> str:
    """A ``<math>`` element with its LaTeX in it, or made of what it shows; one that has none is left, to be reported."""
    attributes, content = match["attributes"], match["content"]
    display = _DISPLAYED.search(attributes) is not None
    if match["math"].lower() == "anki-mathjax":
        return aside.formula(unescape(replaced_tags(content, _TAG, "")), display, match[0])
    if annotation := _ANNOTATION.search(content):
        tex = unescape(annotation[1]).strip()
        return aside.formula(_without_delimiters(tex) or tex, display, match[0])
    alt = _ALTTEXT.search(attributes)
    tex = unescape(alt[1] or alt[2] or "") if alt else ""
    if tex and _is_latex_of(tex, unescape(replaced_tags(content, _TAG, ""))):
        return aside.formula(tex, display, match[0])
    made = latex(match[0])
    return aside.formula(made, display, match[0]) if made else match[0]


def _is_latex_of(tex: str, shown: str) -> bool:
    """Whether a formula's description is its LaTeX: all its letters and digits, commands apart, are shown in turn.

    ("x squared" has letters that x² does not show.)
    """
    characters = iter(normalize("NFKC", shown))
    letters = re.sub(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+|\W|_", "", tex)
    return all(letter in characters for letter in letters)


# --- in Anki -------------------------------------------------------------------------------------

_IN_ANKI = re.compile(
    r"\[(?:sound:(?P<sound>[^\[\]<>]+)|(?P<tag>latex|\$\$?)\](?P<tex>(?:[^\[]|\[(?!/?(?P=tag)\]))*+)\[/(?P=tag))\]",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"</?(?:br|div|p)\b[^>]*>", re.IGNORECASE)
_DELIMITED = re.compile(
    r"""\$\$([^$]+)\$\$ | \$([^$]+)\$ | \\\[((?:[^\\]|\\[^\]])*+)\\\] | \\\(((?:[^\\]|\\[^)])*+)\\\)
    | \\begin\{(?:displaymath|math)\}(.*)\\end\{(?:displaymath|math)\}""",
    re.VERBOSE | re.DOTALL,
)
_ENVIRONMENT = re.compile(r"\\begin\{(equation|align|gather|eqnarray|multline)(\*?)\}.*\\end\{\1\2\}", re.DOTALL)


def _without_delimiters(tex: str) -> str | None:
    delimited = _DELIMITED.fullmatch(tex)
    return next((part for part in delimited.groups() if part is not None), None) if delimited else None


def with_anki_aside(html: str, aside: Aside, source: Source) -> str:
    """Put aside Anki's sounds and formulas."""

    def replaced(match: re.Match[str]) -> str:
        if match["sound"]:
            path = source(unescape(match["sound"]))
            played = player(path, media_kind(path))
            return aside.leave(played, played)
        tex = unescape(replaced_tags(replaced_tags(match["tex"], _LINE_END, "\n"), _TAG, "")).strip()
        if match["tag"].lower() != "latex":
            return aside.formula(tex, match["tag"] == "$$", match[0])
        # What stands in [latex] is a text, in which most often one formula stands.
        inside = _without_delimiters(tex)
        display = tex.startswith(("$$", r"\[", r"\begin{d")) or _ENVIRONMENT.fullmatch(tex) is not None
        if inside is None and ("$" in tex or not re.search(r"[\\^_=]", tex)):
            aside.failed += 1
            return match[0]
        return aside.formula(inside or tex, display, match[0])

    return _IN_ANKI.sub(replaced, html) if has_marks(html, Marks.ANKI) else html
