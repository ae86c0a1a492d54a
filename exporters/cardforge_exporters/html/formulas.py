"""Formulas as MathML, and the part of a font that they need: without a font for maths, browsers set them badly.

The font is STIX Two Math, under the SIL Open Font License (STIXTwoMath.txt, beside this file), from the package
ziamath.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from importlib.metadata import distribution
from io import BytesIO
from unicodedata import normalize

from cardforge.text.html import strip_tags
from cardforge_exporters.mathml import mathml


class Formulas:
    """Makes markup of formulas and collects the characters in them."""

    def __init__(self) -> None:
        self._characters: set[str] = set()

    def markup(self, tex: str, display: bool) -> str:
        """The formula as MathML; as LaTeX, shown as code, where MathML cannot say it."""
        math = mathml(tex, display)
        if math is None:
            return f'<code class="latex">{escape(tex.strip(), quote=False)}</code>'
        self._characters.update(strip_tags(math))
        if "<msqrt" in math or "<mroot" in math:
            self._characters.add("√")  # which the elements draw by themselves
        return math

    def font(self) -> bytes | None:
        """A WOFF2 font with what the formulas so far need; None when there were none."""
        if not self._characters:
            return None
        return _subset(frozenset(self._characters | _italics(self._characters)))


_ITALIC = {normalize("NFKC", chr(code)): chr(code) for code in range(0x1D434, 0x1D468)} | {
    normalize("NFKC", chr(code)): chr(code) for code in (0x210E, *range(0x1D6E2, 0x1D71C))
}


def _italics(characters: set[str]) -> set[str]:
    """Browsers set a variable of one letter in italics, which in a font for maths are other characters."""
    return {_ITALIC[character] for character in characters if character in _ITALIC}


@lru_cache(maxsize=8)
def _subset(characters: frozenset[str]) -> bytes:
    # Imported here, for most decks have no formulas.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = ["ssty", "dtls"]  # smaller scripts, dotless letters
    options.name_IDs = [0, 1, 2, 13, 14]  # names, and the licence
    path = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    with TTFont(str(path), recalcTimestamp=False) as font:  # the same font, whenever it is made
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        font.flavor = "woff2"
        made = BytesIO()
        font.save(made, reorderTables=False)
        return made.getvalue()
