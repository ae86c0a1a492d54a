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
from cardforge.text import Dialect, Html, Text, cloze, plain, render
from cardforge.text.content import CONTROL, FORMULA, as_written
from cardforge.text.holes import free_pair
from cardforge.text.render import Source


@dataclass(frozen=True, slots=True)
class Blank:
    """What is typed into a blank, as plain text (of a formula, its LaTeX), and the hint for it."""

    answer: str
    hint: str | None
    is_formula: bool = False


def blanks(item: Cloze) -> tuple[Blank, ...]:
    """The blanks of a cloze text, in its order."""
    return _blanks(item.text)


_BEFORE = "·"
_CONTROL = re.compile(f"[{CONTROL}]")
_IN_HTML = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
"""A formula in HTML; ``$…$`` counts there, too."""


@lru_cache(maxsize=256)
def _blanks(text: Text) -> tuple[Blank, ...]:
    is_html = isinstance(text, Html)
    written = as_written(text)
    inside = [] if is_html else [m.span() for m in FORMULA.finditer(written)]

    def reads(part: str) -> str:
        # A deletion stands inside of a line, where "1. May" begins no list.
        part = _CONTROL.sub("", part)  # some count as white space, and are no gap in what is typed
        if not part.strip():
            return ""
        return plain(Html(part)) if is_html else plain(f"{_BEFORE}{part}").removeprefix(_BEFORE).strip()

    found = []
    for deletion in cloze.deletions(written):
        answer = deletion.answer.strip()
        formula = FORMULA.fullmatch(answer) or (_IN_HTML.fullmatch(answer) if is_html else None)
        if formula:
            answer = (formula[1] or formula[2]).strip()
            answer = unescape(answer) if is_html else answer
        in_formula = any(start < deletion.start < end for start, end in inside)
        if not formula and not in_formula:
            answer = reads(answer)
        hint = reads(deletion.hint) if deletion.hint and deletion.hint.strip() else None
        found.append(Blank(answer, hint or None, bool(formula) or in_formula))
    return tuple(found)


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
    # A description of an image is no place for a blank: it goes behind the image.
    tag_with_mark = re.compile(f"<[^<>]*{before}[^<>]*>")
    html = tag_with_mark.sub(lambda m: mark.sub("[…]", m[0]) + "".join(k[0] for k in mark.finditer(m[0])), html)
    # What is in a comment or in an address shows nothing, so its blank stands at the end.
    lost = set(range(len(found))) - {int(m[1]) for m in mark.finditer(html)}
    html += "".join(f" {before}{index}{behind}" for index in sorted(lost))
    return mark.sub(lambda m: blank(int(m[1]), found[int(m[1])]), html)


def untypable(deck: Deck) -> Iterator[Problem]:
    """The cloze items with a deletion that nobody can type: an image without a description."""
    for entry in deck.entries():
        if isinstance(entry.item, Cloze) and not all(blank.answer for blank in blanks(entry.item)):
            fix = "describe the image (![what it shows](file.png)), or write the item as a flashcard"
            yield Problem("blank-not-typed", "a deletion has no text that could be typed", fix, (*entry.at, "text"))


def typed_formulas(deck: Deck) -> Iterator[Loss]:
    """The deletions whose answer is a formula: it has to be typed as LaTeX."""
    for entry in deck.entries():
        if isinstance(entry.item, Cloze):
            for blank in blanks(entry.item):
                if blank.is_formula:
                    how = f"the answer '{blank.answer}' has to be typed as LaTeX"
                    yield Loss(Feature.CLOZE, Level.ADAPTED, how, entry.id, entry.at)
