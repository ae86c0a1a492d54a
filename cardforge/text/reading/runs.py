"""The runs of a paragraph, made the same for all ways to write it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from cardforge.text.reading.noise import INVISIBLE, unindented
from cardforge.text.reading.shape import BREAK, Atom, Block, Format, Run


def tidy(runs: list[Run]) -> tuple[Run, ...]:
    """The runs of a paragraph: nothing invisible at its ends, spaces with no format of their own, alike ones merged."""
    first, last = 0, len(runs)
    while first < last and _is_blank(runs[first].content):
        first += 1
    while last > first and _is_blank(runs[last - 1].content):
        last -= 1
    tidied: list[Run] = []
    before: tuple[Format, ...] = ()
    spaces: list[Run] = []
    for formats, content in _pieces(runs, first, last):
        if content == " " or content is BREAK:
            spaces.append(Run(formats, content))
            continue
        for space in spaces:
            shared = space.formats and tuple(f for f in space.formats if f in before and f in formats)
            _append(tidied, shared, space.content)
        spaces.clear()
        _append(tidied, formats, content)
        before = formats
    if tidied:
        if isinstance(content := tidied[-1].content, str):
            tidied[-1] = tidied[-1]._replace(content=content.rstrip(INVISIBLE))
        if isinstance(content := tidied[0].content, str):
            tidied[0] = tidied[0]._replace(content=unindented(content))
    return tuple(tidied)


def _append(runs: list[Run], formats: tuple[Format, ...], content: str | Atom) -> None:
    if runs and isinstance(content, str) and runs[-1].formats == formats and isinstance(last := runs[-1].content, str):
        runs.pop()
        content = last + content
    runs.append(Run(formats, content))


def _is_blank(content: str | Atom) -> bool:
    return not content.strip(INVISIBLE) if isinstance(content, str) else content is BREAK


def _pieces(runs: list[Run], first: int, last: int) -> Iterator[tuple[tuple[Format, ...], str | Atom]]:
    """The runs from first to last, each space at the end of one on its own; none before a line break."""
    for index in range(first, last):
        formats, content = runs[index]
        if isinstance(content, Atom):
            yield formats, content
            continue
        if content[-1] == " " and index + 1 < last and runs[index + 1].content is BREAK:
            content = content[:-1]
        if not formats:
            if content:
                yield formats, content
            continue
        inner = content.strip(" ")
        if content[:1] == " ":
            yield formats, " "
        if inner:
            yield formats, inner
            if content[-1] == " ":
                yield formats, " "


def _is_display(content: str | Atom) -> bool:
    return isinstance(content, Atom) and content.name == "formula" and bool(content.attributes[0][1])


def has_parts(block: Block) -> bool:
    return len(block.runs) > 1 and (
        _is_display(block.runs[0].content) or sum(run.content is BREAK for run in block.runs) > 1
    )


def parted(block: Block) -> Iterator[Block]:
    """The paragraphs that empty lines part, and the displayed formulas at their beginnings."""
    parts: list[list[Run]] = [[]]
    for run in block.runs:
        part = parts[-1]
        blank = run.content is BREAK or run.content == " "
        if run.content is BREAK and any(last.content is BREAK for last in _blank_end(part)):
            parts.append([])
        elif not (blank and not part):
            part.append(run)
            if len(part) == 1 and _is_display(run.content):
                parts.append([])
    yield from (block._replace(runs=tidied) for part in parts if (tidied := tidy(part)))


def _blank_end(runs: list[Run]) -> Iterator[Run]:
    """The runs that show nothing behind the last one that does."""
    return takewhile(lambda run: _is_blank(run.content), reversed(runs))
