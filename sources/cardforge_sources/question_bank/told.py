"""What is told of questions: those that are kept aside or adapted, and what is not kept of them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from cardforge.diagnostics import Problem
from cardforge_sources.findings import Findings
from cardforge_sources.question_bank.question import Question

_SHOWN = 50


class Told:
    """Collects warnings; offsets are in the document."""

    def __init__(self) -> None:
        self._findings: Findings[int] = Findings(int)

    def kept_aside(self, question: Question, why: str, fix: str = "") -> None:
        """The question is not in the deck."""
        self._findings.aside(question.offset, name_of(question), why, fix)

    def adapted(self, question: Question, how: str, fix: str = "") -> None:
        """The question is in the deck, but not as it was."""
        self._findings.adapted(question.offset, name_of(question), how, fix)

    def not_kept(self, offset: int, what: str, fix: str = "") -> None:
        """Something that the deck has no place for."""
        self._findings.not_kept(offset, what, fix)

    def problems(self) -> tuple[Problem, ...]:
        """All that was told."""
        return self._findings.problems()


_MARKUP = re.compile(r"<[^<>]*>")


def name_of(question: Question) -> str:
    """Its name, or the beginning of its text, on one line; empty when it has neither."""
    return plain(question.name or question.text.text)


@lru_cache(maxsize=64)  # one question may have much that is told
def plain(html: str, most: int = _SHOWN) -> str:
    """The beginning of a text, in at most so many characters and without markup."""
    text = unescape(_MARKUP.sub(" ", html[: 10 * most]))
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return said if len(said) <= most else said[: most - 1] + "…"
