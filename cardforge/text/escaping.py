"""Plain text as Markdown that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from cardforge.text.content import FORMULA, is_plain

# Each alternative begins with its sign, for then the search leaps from one sign to the next.
_MARKUP = r"""\\ | ` | \[                # code, links, and the escape itself
    | \*(?<!\s\*) | \*(?!\s)             # emphasis
    | <(?=[A-Za-z/!?])                   # HTML
    | _(?<![^\W_]_) | _(?![^\W_])        # emphasis; inside a word an underscore is one
    | &(?=\#?\w+;)                       # &amp;
    | ~(?=~) | ~(?<=~~)                  # ~~struck~~
    | \$(?=\$) | \$(?<=\$\$)             # $$ begins a formula even when nothing ends it
    """
_ANYWHERE = re.compile(_MARKUP, re.VERBOSE)
_DOLLARS_TOO = re.compile(rf"{_MARKUP} | \$", re.VERBOSE)
# A heading, a quote, a list, a line across the page; what makes a heading or a table of the line before.
_AT_THE_START = re.compile(r"(?=\#{1,6}(?:\s|\Z)|>|[+-](?:\s|\Z)|=+\s*\Z|[|:\s-]*-[|:\s-]*\Z)")
_NUMBERED = re.compile(r"(\d{1,9})([.)](?:\s|\Z))")
_HTML_SPACE = re.compile(r"[ \t\n\f\r]{2,}|[\t\n\f\r]")
# White space at the ends of a line, where Markdown would drop it. HTML shows it, but for control characters.
_AT_THE_ENDS = re.compile(r"\A[^\S ]+|[^\S ]+\Z")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def as_markdown(line: str) -> str:
    """One line of text as Markdown: backslashes before what would be markup.

    White space shows as HTML shows it: a run of it is one space, and there is none at the ends.
    """
    return line if is_plain(line) else paragraph([line])


def lines_as_markdown(text: str) -> str:
    """Text of several lines as Markdown that keeps them: a line break stays one, an empty line parts paragraphs."""
    if is_plain(text):
        return text
    lines = map(collapsed, _LINE_BREAK.split(text))
    groups = groupby(lines, key=lambda line: line not in ("", " "))
    return "\n\n".join(paragraph(group) for shows, group in groups if shows)


def paragraph(lines: Iterable[str]) -> str:
    """Lines of text, none of them empty, as a paragraph of Markdown that breaks where they do."""
    shown = [collapsed(line).strip(" ") for line in lines]
    markdown = "\\\n".join(from_the_margin(within_a_line(line)) for line in shown)
    if holds_formula(markdown):
        return "\\\n".join(from_the_margin(within_a_line(line, dollars=True)) for line in shown)
    return markdown


def collapsed(text: str) -> str:
    """The text with one space for every run of what HTML takes for white space."""
    if text.isprintable() and "  " not in text:  # as most are
        return text
    return _HTML_SPACE.sub(" ", text)


def within_a_line(text: str, *, dollars: bool = False) -> str:
    """Text as Markdown that shows it behind something else on its line; with ``dollars``, none can begin a formula."""
    return (_DOLLARS_TOO if dollars else _ANYWHERE).sub(r"\\\g<0>", text)


_TO_THE_NEXT_DOLLAR = re.compile(r"(?:\\.|[^\\$])*+\$", re.DOTALL)


def holds_formula(markdown: str) -> bool:
    """Whether there is a formula in lines of Markdown that have no code."""
    if "$" not in markdown:
        return False
    # A search by FORMULA alone would begin at every dollar that is escaped, too, and go to the end from each of them.
    position = 0
    while dollar := _TO_THE_NEXT_DOLLAR.match(markdown, position):
        if FORMULA.match(markdown, dollar.end() - 1):
            return True
        position = dollar.end()
    return False


def from_the_margin(line: str) -> str:
    """A line of Markdown, made safe for a place where a block could begin."""
    if line != line.strip():
        line = _AT_THE_ENDS.sub(lambda space: "".join(f"&#{ord(c)};" for c in space[0] if c > "\x9f"), line)
    if numbered := _NUMBERED.match(line):
        return f"{numbered[1]}\\{line[numbered.end(1) :]}"
    return "\\" + line if _AT_THE_START.match(line) else line
