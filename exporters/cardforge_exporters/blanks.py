r"""Cloze texts for targets that ask by blanks to be typed into: every deletion becomes a blank.

A deletion inside a formula cannot be typed into: the formula shows ``[\ldots]`` there, and the blank follows
the formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape

from cardforge.diagnostics import Problem
from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import Cloze, Deck
from cardforge.text import Dialect, Html, Text, cloze, markdown, plain, render
from cardforge.text.content import CONTROL, FORMULA, as_written
from cardforge.text.holes import free_pair
from cardforge.text.render import Source


@dataclass(frozen=True, slots=True)
class Blank:
    """What is typed into a blank, as plain text (of a formula, its LaTeX), and the hint for it. In code, signs have no
    meaning, and are typed as they stand.
    """

    answer: str
    hint: str | None
    is_formula: bool = False
    is_code: bool = False


def blanks(item: Cloze) -> tuple[Blank, ...]:
    """The blanks of a cloze text, in its order."""
    return _blanks(item.text)


_BEFORE = "·"
"""Stands before a part of a deletion, which is inside of a line: "1. May" begins no list there."""
_CONTROL = re.compile(f"[{CONTROL}]")
_IN_HTML = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
"""A formula in HTML; ``$…$`` counts there, too."""


@lru_cache(maxsize=256)
def _blanks(text: Text) -> tuple[Blank, ...]:
    is_html = isinstance(text, Html)
    written = as_written(text)
    inside = [] if is_html else [m.span() for m in FORMULA.finditer(written)]
    code = set() if is_html else _in_code(written)

    def reads(part: str, is_code: bool) -> str:
        part = _CONTROL.sub("", part)  # some count as white space, and are no gap in what is typed
        if not part.strip():
            return ""
        if is_code:
            return " ".join(part.split())
        return plain(Html(part)) if is_html else plain(_BEFORE + part).removeprefix(_BEFORE).strip()

    found = []
    for index, deletion in enumerate(cloze.deletions(written)):
        answer = deletion.answer.strip()
        is_code = index in code
        formula = None if is_code else FORMULA.fullmatch(answer) or (_IN_HTML.fullmatch(answer) if is_html else None)
        if formula:
            answer = (formula[1] or formula[2]).strip()
            answer = unescape(answer) if is_html else answer
        in_formula = not is_code and any(start < deletion.start < end for start, end in inside)
        if not formula and not in_formula:
            answer = reads(answer, is_code)
        hint = reads(deletion.hint, is_code) if deletion.hint and deletion.hint.strip() else None
        found.append(Blank(answer, hint or None, bool(formula) or in_formula, is_code))
    return tuple(found)


_MAY_HAVE_CODE = re.compile(r"[`~]|^(?: {4}|\t)", re.MULTILINE)
_CODE = ("code_inline", "fence", "code_block")


def _in_code(text: str) -> set[int]:
    """The indexes of the deletions of a Markdown text that stand in code."""
    if not _MAY_HAVE_CODE.search(text):
        return set()
    before, behind = free_pair(text)
    marked = as_written(cloze.replaced(text, lambda index, _: f"{before}{index}{behind}"))
    code = "".join(token.content for token, _ in markdown.walk(markdown.parse(marked)) if token.type in _CODE)
    return {int(number) for number in re.findall(f"{before}([0-9]+){behind}", code)}


def rendered_part(part: str, of: Text, dialect: Dialect, source: Source) -> str:
    """The answer or the hint of a deletion of a text, as `render` gives it."""
    if isinstance(of, Html):
        return render(Html(part), dialect, source)
    return render(_BEFORE + part.strip(), dialect, source).replace(_BEFORE, "", 1)


def with_blanks(item: Cloze, dialect: Dialect, source: Source, blank: Callable[[int, Blank], str]) -> str:
    """The cloze text as `render` gives it, with ``blank(index, …)`` in place of each deletion.

    ``blank`` gives markup in the target's dialect; indexes count from 0.
    """
    found = blanks(item)
    before, behind = free_pair(as_written(item.text))
    marked = cloze.replaced(item.text, lambda index, _: f"{before}{index}{behind}")
    # In highlighted code, tags stand around the parts of a mark.
    mark = re.compile(f"{before}(?:<[^<>]*>)*([0-9]+)(?:<[^<>]*>)*{behind}")

    def maths(tex: str, display: bool) -> str:
        marks = "".join(m[0] for m in mark.finditer(tex))
        return dialect.maths(mark.sub(lambda _: r"{[\ldots]}", tex), display) + marks

    html = render(marked, replace(dialect, maths=maths), source)
    return mark.sub(lambda m: blank(int(m[1]), found[int(m[1])]), html)


def untypable(deck: Deck) -> Iterator[Problem]:
    """The cloze items with a deletion that nobody can type, such as an image without a description."""
    for entry in deck.entries():
        if isinstance(entry.item, Cloze) and not all(blank.answer for blank in blanks(entry.item)):
            fix = "write words in it (of an image, what it shows: ![a robin](file.png)), or make the item a flashcard"
            yield Problem("blank-not-typed", "a deletion has no text that could be typed", fix, (*entry.at, "text"))


def typed_formulas(deck: Deck) -> Iterator[Loss]:
    """The deletions whose answer is a formula: it has to be typed as LaTeX."""
    for entry in deck.entries():
        if isinstance(entry.item, Cloze):
            for blank in blanks(entry.item):
                if blank.is_formula:
                    how = f"the answer '{blank.answer}' has to be typed as LaTeX"
                    yield Loss(Feature.CLOZE, Level.ADAPTED, how, entry.id, entry.at)
