"""Plain text as Markdown that shows it."""

from __future__ import annotations

import re

from cardforge.text.content import is_plain

_ANYWHERE = re.compile(
    r"""[\\`*\[<$]                       # code, emphasis, links, HTML, formulas, and the escape itself
    | (?<![^\W_])_ | _(?![^\W_])         # emphasis; inside a word an underscore is one
    | &(?=\#?\w+;)                       # &amp;
    | ~(?=~) | (?<=~)~                   # ~~struck~~
    """,
    re.VERBOSE,
)
# A heading, a quote, a list, a line across the page.
_AT_THE_START = re.compile(r"(?=\#{1,6}(?:\s|\Z)|>|[+-](?:\s|\Z)|-[\s-]*\Z)")
_NUMBERED = re.compile(r"(\d{1,9})([.)](?:\s|\Z))")


def as_markdown(line: str) -> str:
    """One line of text as Markdown: backslashes before what would be markup."""
    if is_plain(line):
        return line
    escaped = _ANYWHERE.sub(r"\\\g<0>", line)
    if numbered := _NUMBERED.match(escaped):
        return f"{numbered[1]}\\{escaped[numbered.end(1) :]}"
    return "\\" + escaped if _AT_THE_START.match(escaped) else escaped
