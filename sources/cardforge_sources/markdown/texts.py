"""From lines to a text as the model holds it, exactly as written: only what a container takes away is taken away.

Three things are not literal. Empty lines around a text are none of it; two spaces at its very end say that it ends with
a line end; and a text that is one raw block (```` ```{=html} ```` or ```` ```{=markdown} ````, pandoc's notation) is
what stands inside, character by character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cardforge_sources.markdown.lines import LINE_END, Line, trimmed

RAW_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\{=(html|markdown)\}[ \t]*$")


Value = str | dict[str, str]
"""Markdown, or ``{"html": …}``."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the lines of the file that it is joined from, with ``glue`` characters between two of them."""

    value: Value
    lines: Sequence[Line]
    glue: int = 1

    def offset(self, at: int) -> int:
        """Where in the file the text's character at ``at`` stands."""
        for start, line in self.lines:
            if at < len(line) + self.glue:
                return start + at
            at -= len(line) + self.glue
        start, line = self.lines[-1]
        return start + max(len(line) - 1, 0)


def passage(lines: Sequence[Line], file: str) -> Passage | None:
    """The text in these lines of the file, or None when they are empty."""
    if len(lines) == 1 and (only := lines[0][1]) and not only[0].isspace() and not only[-1].isspace():
        return Passage(only, lines)  # as most texts are
    lines = trimmed(lines)
    if not lines:
        return None
    first, last = lines[0][1], lines[-1][1]
    raw = RAW_FENCE.match(first) if "{=" in first else None
    if raw and len(lines) > 1 and re.fullmatch(rf" {{0,3}}{raw[1]}{raw[1][0]}*[ \t]*", last):
        return _raw(lines[1:-1], file, is_html=raw[2] == "html")
    said = "\n".join([line for _, line in lines]).rstrip(" \t") if len(lines) > 1 else last.rstrip(" \t")
    bare = said.lstrip(" ")
    lead = len(said) - len(bare)
    if 0 < lead < 4:  # four spaces make a block of code
        lines, said = [(lines[0][0] + lead, first[lead:]), *lines[1:]], bare
    return Passage(said + "\n" if last.endswith("  ") else said, lines)


def _raw(lines: Sequence[Line], file: str, is_html: bool) -> Passage | None:
    """What stands between the fences. Line ends are kept, but for those of a file that Windows wrote."""
    first_end = LINE_END.search(file)
    windows = first_end is not None and first_end[0] == "\r\n"
    kept = []
    for start, line in lines:
        end = LINE_END.match(file, start + len(line))
        written = end[0] if end else ""
        kept.append((start, line + ("\n" if windows and written == "\r\n" else written)))
    text = "".join([line for _, line in kept]).removesuffix("\n")
    if not text:
        return None
    return Passage({"html": text} if is_html else text, kept, glue=0)


def below(heading: Line, body: Passage | None) -> Passage | None:
    """A heading and the text below it as one text. The text must be Markdown."""
    if not heading[1]:
        return body
    if body is None:
        return Passage(heading[1], [heading])
    glued = body.lines if body.glue else [(start, line.rstrip("\r\n")) for start, line in body.lines]
    return Passage(f"{heading[1]}\n\n{body.value}", [heading, (heading[0] + len(heading[1]), ""), *glued])
