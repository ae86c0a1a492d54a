"""How a text is put in quotes so that YAML takes it as it stands, whatever quotes it has itself."""

from __future__ import annotations

import re

_BEFORE = re.compile(r"[ \t]*(?:-[ \t]+)*(?:[\w-]+:[ \t]+)?")
_PART_IN_QUOTES = re.compile(r"""(["']).*?\S\1(?=[\s,.;:!?])""")
_ADVISED = "in single quotes"
_LONGEST_SHOWN = 80


def fitted(fix: str, line: str) -> str:
    """Advice to put a text "in single quotes", changed where this text, the last one on the line, has single quotes.

    What is then to be written stands at its end, if that is short and no other advice comes first.
    """
    text = _text_of(line)
    if "'" not in text or _ADVISED not in fix:
        return fix
    how, written = "in double quotes", f'"{text}"'
    if '"' in text or "\\" in text:
        doubled = text.replace("'", "''")
        how, written = f"{_ADVISED}, with every single quote in it written twice", f"'{doubled}'"
    can_be_shown = fix.startswith("put") and len(written) <= _LONGEST_SHOWN and written.isprintable()
    shown = f"; quoted: {written}" if can_be_shown else ""
    return fix.replace(_ADVISED, how, 1) + shown


def _text_of(line: str) -> str:
    """The text behind the hyphen or the name that a line begins with, without quotes around it."""
    before = _BEFORE.match(line)
    text = line[before.end() if before else 0 :].strip()
    is_around = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and not _PART_IN_QUOTES.match(text)
    return text[1:-1] if is_around else text
