"""Texts as blocks of a Markdown file: in the open where they read back as they are, or else in a raw block."""

from __future__ import annotations

import re

from cardforge.text import Html, Text

_LINE_END = re.compile(r"\r\n|\n|\r")
_FENCED = re.compile(
    r"^( *)(`{3,}(?=[^`\n]*$)|~{3,})(?![ \t]*\{=).*\n(?:(?:\1.*|(?!\1)[ \t]*)\n)*?\1\2[`~]*[ \t]*$", re.MULTILINE
)
_FENCE = re.compile(r"^(?:[-+*]|\d{1,9}[.)]|>|[ \t])*+(?:```|~~~)", re.MULTILINE)
_HIDING = re.compile(r"^ {0,3}(?:<[A-Za-z/!?]|\$\$)", re.MULTILINE)
_CLOZE = re.compile(r"\{\{\s*[cC]\s*\d")
# What sources read as more than text: this must hold all of markdown's marks, and may hold more.
_MARKS = re.compile(
    r"""^[ ]{0,3}\#{1,6}(?:[ \t]|$)                                       # a heading
    | ^[ \t]*[-*_=][-*_= \t]*$                                            # a heading underlined, a line across
    | ^[ ]?(?:hint|explanation|answer|distractors|order|concepts|model\ answer|extra|correct|incorrect|source):
    | (?:^|[ \t]):::?(?:[ \t]|$)                                          # a short card
    | ^[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*\[[ xX]{0,3}\](?:[ \t]|$)     # a box
    | ^[ ]{0,3}[-+*][ \t].*=>                                             # a pair
    | ^[ \t]*=>[ \t]*$
    | ^[ ]{0,3}<(?:[!?]|(?:pre|script|style|textarea)\b)                  # HTML that empty lines do not end
    | \{=                                                                 # a raw block
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_BLOCK_START = re.compile(r"\#|>|\||```|~~~|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|\$\$[ \t]*(?:\n|$)|\[[ xX]{0,3}\]")
_LIST_LINE = re.compile(r"^[ ]{0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)", re.MULTILINE)


def stands_open(text: Text, *, cloze: bool = False) -> bool:
    """Whether a text reads back as it is, a block of its own. One line end behind it is written as two spaces."""
    if isinstance(text, Html) or "\r" in text:
        return False
    said = text.removesuffix("\n")
    if said[:1] in (" ", "\t", "\n", "") or said[-1] in (" ", "\t", "\n"):
        return False
    if not cloze and _CLOZE.search(said):
        return False
    if "```" in said or "~~~" in said:
        if _HIDING.search(said):
            return False
        said = _FENCED.sub("", said)
        if _FENCE.search(said):
            return False
    return _MARKS.search(said) is None


def is_line(text: Text, *, cloze: bool = False) -> bool:
    """Whether a text can stand in a line among other things."""
    return isinstance(text, str) and "\n" not in text and stands_open(text, cloze=cloze) and not starts_block(text)


def starts_block(text: str) -> bool:
    """Whether a text begins with what Markdown takes for a block only at the beginning of a line."""
    return _BLOCK_START.match(text) is not None


def ends_in_list(text: str) -> bool:
    """Whether a list below the text may be taken for more of a list at its end."""
    last = re.split(r"\n[ \t]*\n", text.rstrip("\n"))[-1]
    return last.startswith((" ", "\t")) or _LIST_LINE.search(last) is not None


def block(text: Text, *, cloze: bool = False, raw: bool = False) -> str:
    """The text as a block: itself, or a raw block with it."""
    if not raw and stands_open(text, cloze=cloze):
        assert isinstance(text, str)
        return text[:-1] + "  " if text.endswith("\n") else text
    said, kind = (text.html, "html") if isinstance(text, Html) else (text, "markdown")
    longest = max((len(run) for run in re.findall("`+", said)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{={kind}}}\n{said}\n{fence}"


def indented(written: str, width: int) -> str:
    """The block with all lines but the first, and the empty ones, moved to the right."""
    return re.sub(r"(\r\n|\n|\r)(?![\r\n]|\Z)", rf"\g<1>{' ' * width}", written)


def quoted(written: str) -> str:
    """The block as a quote."""
    return "> " + _LINE_END.sub(r"\g<0>> ", written)
