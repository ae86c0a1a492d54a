"""What editors leave behind in HTML and nobody sees.

Dropped: empty elements, ``dir="ltr"``, ids, Word's languages, styles that say what holds anyway, and classes: their
style sheet does not come along. Not reported when the sanitiser drops it: what only scripts read (``data-*``, ``aria-*``), where a link opens,
how an image is fetched, Word's own elements and styles, the outer elements of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cardforge.text.content import CONTROL
from cardforge.text.reading.shape import Attributes

CONTROLS = re.compile(f"[{CONTROL}]")
"""Control characters: a browser shows nothing for them."""
INVISIBLE = " \xa0\u200b\u2060\ufeff"
"""Characters that show nothing at the end of a paragraph."""
_INDENTATION = re.compile("[\u200b\u2060\ufeff]*([ \xa0]*)")

# Of classes, these show something without a style sheet of the author's: Bootstrap's in Moodle and Canvas.
_CLASSES = re.compile(
    r"""(?:text|bg|alert|badge|label|btn)-(?:primary|secondary|success|danger|warning|info|light|dark|muted|white)
    |text-(?:center|right|justify|uppercase|lowercase)|alert|badge|lead|float-(?:left|right)|pull-(?:left|right)""",
    re.VERBOSE,
)
_WORD_LANGUAGE = re.compile(r"[A-Z]{2}(?:-[A-Z]{2})?")
_ZERO = r"-?0*(?:\.0*1?)?(?:px|pt|em|rem|cm|in|%)?"
_STYLES = re.compile(
    rf"""[\w-]+:\ *(?:inherit|initial|unset|revert)
    |(?:margin|padding|text-indent|word-spacing)(?:-\w+)?:\ *{_ZERO}(?:\ {_ZERO})*
    |border(?:-\w+)?:\ *(?:0|0px|none)
    |text-align:\ *(?:left|start)|direction:\ *ltr|text-decoration:\ *none|text-transform:\ *none
    |(?:line-height|letter-spacing|white-space|font-variant):\ *normal|vertical-align:\ *baseline
    |background-color:\ *transparent|color:\ *windowtext""",
    re.VERBOSE | re.IGNORECASE,
)

_LOST_STYLE = r"(?:-[a-z]|mso-|font-(?:variant|feature|kerning|stretch|optical|size-adjust)|text-(?:decoration|size)-"
_LOST_STYLE += r"|orphans|widows|tab-stops|page-break|line-break|word-break|word-wrap|overflow-wrap|outline|caret-color"
_LOST_STYLE += r"|border-image|box-sizing|cursor|user-select|white-space-collapse|text-wrap|layout-grid|text-autospace"
_LOST_STYLE += r"|background-(?:image|repeat|position|size|origin|clip|attachment|initial)|text-underline|text-justify"
_LOST_STYLE += r"|unicode-bidi|font-language|quotes|transition|hyphens|float)[\w-]*"
_UNSEEN = re.compile(
    rf"""(?:data-|aria-)[^\s<]*\ of\ <.*>|(?:role|target|rel|name|srcset|sizes|loading|decoding|tabindex|contenteditable
    |spellcheck|draggable|crossorigin|referrerpolicy|fetchpriority|longdesc|xmlns\S*|xml:\S+|preload|download|alt
    |summary|itemprop|itemscope|itemtype|property|translate|jsname|hspace|vspace|clear)\ of\ <.*>
    |style\ {_LOST_STYLE}(?:,\ {_LOST_STYLE})*\ of\ <.*>
    |</?(?:html|head|body|meta|tbody)>|<(?:o|w|m|st1):\w+>|<[?!]>|</\w+>""",
    re.VERBOSE,
)


def unindented(text: str) -> str:
    """The beginning of a paragraph without what shows nothing there: more than one space does."""
    while (indentation := _INDENTATION.match(text)) and indentation[0] and len(indentation[1]) < 2:
        text = text[indentation.end() :]
    return text[indentation.start(1) :] if indentation else text


def is_unseen(removed: str) -> bool:
    """Whether what the sanitiser removes, as `cardforge.text.html.examine` calls it, would not have been seen."""
    return _UNSEEN.fullmatch(removed) is not None


def seen_attributes(attributes: Mapping[str, str]) -> Attributes:
    """The attributes of a sanitised element that a reader can see the effect of, in the order of their names."""
    return tuple(sorted((name, value) for name, value in _seen(attributes) if value))


def _seen(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        if name == "class":
            yield name, " ".join(part for part in value.split() if _CLASSES.fullmatch(part))
        elif name == "style":
            yield name, "; ".join(declarations(value))
        elif not (
            name == "id"
            or (name == "dir" and value.lower() == "ltr")
            or (name == "lang" and _WORD_LANGUAGE.fullmatch(value))
        ):
            yield name, value


def declarations(style: str) -> Iterator[str]:
    """The declarations of a style that say anything, as ``name: value``."""
    for written in style.split(";"):
        name, _, value = written.partition(":")
        declaration = f"{name.strip().lower()}: {' '.join(value.split())}"
        if value.strip() and not _STYLES.fullmatch(declaration):
            yield declaration
