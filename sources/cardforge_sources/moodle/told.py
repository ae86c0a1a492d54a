"""What is told of a file: each odd question on its own, and once with a count what many questions leave out."""

from __future__ import annotations

import re
from html import unescape

from cardforge.diagnostics import Problem
from cardforge_sources.moodle.question import Question
from cardforge_sources.places import warning

_SHOWN = 50


class Told:
    """Collects the warnings."""

    def __init__(self) -> None:
        self.kept_aside_count = 0
        self._problems: list[Problem] = []
        self._many: dict[tuple[str, str, str], list[int]] = {}

    def kept_aside(self, question: Question, why: str, fix: str = "write it anew in the exported deck") -> None:
        """The question is not in the deck."""
        self.kept_aside_count += 1
        self.problem(question.offset, "kept-aside", f"{label(question)} is not in the deck: {why}", fix)

    def adapted(self, question: Question, how: str, fix: str = "look whether it still asks what was meant") -> None:
        """The question is in the deck, but not as it was."""
        self.problem(question.offset, "adapted-item", f"{label(question)}: {how}", fix)

    def problem(self, offset: int, code: str, message: str, fix: str) -> None:
        """A warning at an offset of the document."""
        self._problems.append(warning(offset, code, message, fix))

    def not_kept(self, offset: int, what: str, fix: str = "nothing, if it does not matter to you") -> None:
        """Something that the deck has no place for; ``what`` is said once, with a count."""
        self._many.setdefault(("not-kept", what, fix), []).append(offset)

    def problems(self) -> tuple[Problem, ...]:
        """All that was told."""
        counted = [
            warning(offsets[0], code, f"{what} {_times(len(offsets))}", fix)
            for (code, what, fix), offsets in self._many.items()
        ]
        return (*self._problems, *counted)


def _times(count: int) -> str:
    return "(once)" if count == 1 else f"({count:,} times)"


_MARKUP = re.compile(r"<[^<>]*>")


def name_of(question: Question) -> str:
    """Its name, or the beginning of its text, on one line; empty when it has neither."""
    return plain(question.name or question.text.text)


def plain(html: str, most: int = _SHOWN) -> str:
    """The beginning of a text, in at most so many characters and without markup."""
    text = unescape(_MARKUP.sub(" ", html[: 10 * most]))
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return said if len(said) <= most else said[: most - 1] + "…"


def label(question: Question) -> str:
    """How a person finds the question."""
    said = name_of(question)
    return f"“{said}”" if said else "a question"
