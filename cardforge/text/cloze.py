"""The deletions in a cloze text: ``{{c1::answer}}`` or ``{{c1::answer::hint}}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cardforge.diagnostics import Problem
from cardforge.text.content import FORMULA, Html, Text, as_written, has_visible
from cardforge.text.holes import Holes
from cardforge.text.html import without_tags
from cardforge.text.render import PLAIN, render

_OPEN = re.compile(r"\{\{c([1-9]\d{0,2})::")
_LOOSE_OPEN = re.compile(r"\{\{\s*(?:[cC]\s*\d*\s*:?:?|\d+\s*::)")
# Inside a formula, }} closes a group and not the deletion, so formulas are stepped over.
_STEP = re.compile(r"\{\{c[1-9]\d{0,2}::|\}\}|::|\\[\\$]|\$")
HIGHEST = 499
"""Anki makes no card for a deletion numbered 500 or more."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deletion. ``start`` and ``end`` are offsets in the text, end exclusive, braces included."""

    number: int
    answer: str
    hint: str | None
    start: int
    end: int


def deletions(text: str) -> tuple[Deletion, ...]:
    """The deletions of a valid cloze text, in order."""
    return _parse(text)[0]


def replaced(text: Text, instead: Callable[[int, Deletion], str]) -> Text:
    """The cloze text with something else in place of each deletion; ``instead`` gets its index, from 0, too."""
    written = as_written(text)
    parts, last = [], 0
    for index, deletion in enumerate(deletions(written)):
        parts += [written[last : deletion.start], instead(index, deletion)]
        last = deletion.end
    shown = "".join(parts) + written[last:]
    return Html(shown) if isinstance(text, Html) else shown


def problems(text: Text) -> tuple[Problem, ...]:
    """What is wrong with the deletions: as `written_problems`, or that nobody sees them."""
    return written_problems(as_written(text)) or tuple(_unseen(text))


def written_problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with the deletions as they are written: none, nested, unclosed, empty, or badly written."""
    found, wrong = _parse(text)
    if not found and not wrong:
        fix = "mark what is to be recalled: {{c1::answer}}"
        wrong = (Problem("cloze-without-deletion", "the text has no deletion", fix, offset=0),)
    return wrong


_MAY_HIDE = re.compile(r"[<`~\]]")
_MEDIUM = re.compile(r"<(?:img|audio|video)\b[^>]*>")


def _unseen(text: Text) -> Iterator[Problem]:
    """What nobody sees in the text as it is shown: a deletion in an address or a block's language, a tag as an answer."""
    if not _MAY_HIDE.search(as_written(text)):
        return
    holes = Holes(as_written(text))
    ends: list[tuple[str, str]] = []

    def marked(_: int, deletion: Deletion) -> str:
        ends.append((holes.leave(""), holes.leave("")))
        return deletion.answer.join(ends[-1])

    # Code is highlighted, so that there may be tags within a mark, too.
    shown = without_tags(_MEDIUM.sub("•", render(replaced(text, marked), PLAIN)))
    for (begin, end), deletion in zip(ends, deletions(as_written(text)), strict=True):
        _, is_seen, rest = shown.partition(begin)
        if not is_seen:
            message = "nobody sees this deletion: it stands beside the text that is shown"
            fix = "take it out of the address, the words of an image, the tag, or the line that opens code"
            yield Problem("cloze-unseen", message, fix, offset=deletion.start)
        elif not has_visible(rest.partition(end)[0]):
            message, fix = "the answer of this deletion shows nothing", r"a literal < is written \< or &lt;"
            yield Problem("cloze-empty", message, fix, offset=deletion.start)


def _parse(text: str) -> tuple[tuple[Deletion, ...], tuple[Problem, ...]]:
    found: list[Deletion] = []
    wrong: list[Problem] = []
    position = 0
    while opening := _LOOSE_OPEN.search(text, position):
        start = opening.start()
        strict = _OPEN.match(text, start)
        if not strict:
            if opening[0].endswith("::") or opening[0][2:].strip()[1:2].isdigit():
                wrong.append(
                    Problem(
                        "cloze-malformed",
                        f"{text[start : start + 12]!r} does not begin a deletion",
                        "write {{c1::answer}}, with a number from 1 to 499",
                        offset=start,
                    )
                )
            position = opening.end()
            continue
        number = int(strict[1])
        end, hint_at, nested = _scan(text, strict.end())
        if nested is not None:
            fix = "put the deletions side by side, or give both the same number"
            wrong.append(Problem("cloze-nested", "a deletion stands inside another one", fix, offset=nested))
            position = nested
            continue
        if end is None:
            wrong.append(Problem("cloze-unclosed", "the deletion is not closed", "end it with }}", offset=start))
            break
        answer = text[strict.end() : hint_at if hint_at is not None else end]
        if not has_visible(answer):
            wrong.append(Problem("cloze-empty", "the deletion has no answer", "write {{c1::answer}}", offset=start))
        if number > HIGHEST:
            message = f"Anki makes no card for deletion {number}"
            wrong.append(Problem("cloze-number", message, "number the deletions from 1 to 499", offset=start))
        hint = text[hint_at + 2 : end] if hint_at is not None else None
        found.append(Deletion(number, answer, hint, start, end + 2))
        position = end + 2
    return tuple(found), tuple(wrong)


def _scan(text: str, position: int) -> tuple[int | None, int | None, int | None]:
    """From behind the opening: where the closing braces, the hint's ``::`` and a nested opening are."""
    hint_at: int | None = None
    while step := _STEP.search(text, position):
        if step[0] in ("$", r"\$", "\\\\"):
            formula = FORMULA.match(text, step.start())
            position = formula.end() if formula else step.end()
            if nested := _OPEN.search(text, step.end(), position):
                return None, hint_at, nested.start()
            continue
        if step[0] == "}}":
            return step.start(), hint_at, None
        if step[0] != "::":
            return None, hint_at, step.start()
        hint_at = step.start() if hint_at is None else hint_at
        position = step.end()
    return None, hint_at, None
