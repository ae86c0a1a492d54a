"""Which lines are choices, and which choice is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase, ascii_uppercase

from cardforge_sources.recall.landmarks import Run
from cardforge_sources.recall.lines import Line


@dataclass(frozen=True, slots=True)
class Option:
    """A choice. ``is_right`` is None when the page does not say."""

    text: str
    offset: int
    is_right: bool | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A run of lines with a question in it: what stands before the choices, they, and what is neither."""

    head: Run
    options: Sequence[Option] = ()
    rest: Run = ()


def asks(line: Line) -> bool:
    """Whether a line looks like a question or like a sentence to complete."""
    return _ASKS.search(line.text) is not None


_END = r"['\"”’»)\]]*\Z"
_ASKS = re.compile(rf"[?？؟:：…]{_END}|\.\.\.\Z|_{{2,}}")
_INTRODUCES = re.compile(rf"[:：]{_END}")
_QUESTION = re.compile(rf"[?？؟]{_END}")


def find_choices(run: Run, expects_explanation: bool) -> Asked:
    """The choices below a question: by the page's markup, by their marks, or by standing below a question mark.

    ``expects_explanation`` says that the first line most likely explains the question before this one.
    """
    if asked := _in_elements(run):
        return asked
    at = _first_marked(run)
    if at is None:
        at = _question(run, expects_explanation) + 1
        if len(run) - at < 2:
            return Asked(run)  # one line more is none to choose from
    return Asked(run[:at], unmarked([Option(line.text, line.offset) for line in run[at:]]))


def _question(run: Run, expects_explanation: bool) -> int:
    first = int(expects_explanation and len(run) > 1)
    asking = [index for index, line in enumerate(run) if asks(line)]
    later = [index for index in asking if index >= first]
    at = (later or asking or [first])[0]
    introduced = _introduced(run[at + 1 :]) if _INTRODUCES.search(run[at].text) else None
    return at if introduced is None else at + 1 + introduced


def _introduced(run: Run) -> int | None:
    """The question below a line such as "Consider this code:", if these are not what is to choose from: several lines
    that ask, one with a single line below, or one that is ticked or stands below a tick.
    """
    end = next((n for n, line in enumerate(run) if _is_ticked(line)), len(run))
    found = [n for n, line in enumerate(run[:end]) if _QUESTION.search(line.text) and not is_marked(line)]
    return found[0] if len(found) == 1 and found[0] != len(run) - 2 else None


# --- choices in the markup -----------------------------------------------------------------------


def _in_elements(run: Run) -> Asked | None:
    """The choices that stand in buttons, list entries or the like; nothing when those are not choices."""
    elements: dict[str, dict[int, list[Line]]] = {}
    for line in run:
        if line.choice and not line.choice.is_container:
            elements.setdefault(line.choice.element, {}).setdefault(id(line.choice), []).append(line)
    groups = max(elements.values(), key=len, default={})
    inside = {id(line) for lines in groups.values() for line in lines}
    first = next((index for index, line in enumerate(run) if id(line) in inside), 0)
    if len(groups) < 2 or first == 0:
        return None
    rest = [line for line in run[first:] if id(line) not in inside]
    return Asked(run[:first], unmarked([_option(lines) for lines in groups.values()]), rest)


def _option(lines: Sequence[Line]) -> Option:
    choice = lines[0].choice
    assert choice
    words = [line.text for line in lines]
    if len(words) > 1 and _LETTER.fullmatch(words[0]):
        words[0] += "."
    return Option(" ".join(words), lines[0].offset, choice.is_right, choice.is_chosen)


_LETTER = re.compile(r"[A-Z]")


# --- marks before choices ------------------------------------------------------------------------

_TICKED = re.compile(r"(?:(?P<right>[✓✔✅]|\[[xX✓]\])|[✗✘❌✕✖]|\[ ?\])\ufe0f?\s*(?=\S)")
_TICKED_BEHIND = re.compile(r"(?:(?P<right>[✓✔✅])|[✗✘❌✕✖])\ufe0f?\Z")
_BULLET = re.compile(r"(?:[-*]\s|(?P<chosen>[●◉⦿☑])\s?|[•·○◯◦▪☐□]\s?|\(?(?P<letter>[A-Za-z]|\d)[.):]\s)(?=\S)")


def is_marked(line: Line) -> bool:
    """Whether a bullet, a letter, a tick or a cross stands before the text."""
    return bool(_BULLET.match(line.text) or _TICKED.match(line.text))


def _is_ticked(line: Line) -> bool:
    return bool(_TICKED.match(line.text) or _TICKED_BEHIND.search(line.text))


def _first_marked(run: Run) -> int | None:
    """Where the list begins with which the run ends, if two or more entries of it stand below something else."""
    at = len(run)
    while at > 0 and is_marked(run[at - 1]):
        at -= 1
    entries = [Option(line.text, line.offset) for line in run[at:]]
    is_list = _bullets(entries) or _bullets([_unticked(entry) for entry in entries])
    return at if 0 < at <= len(run) - 2 and is_list else None


def unmarked(options: Sequence[Option]) -> list[Option]:
    """The choices without ticks, crosses, bullets and letters, and what those said."""
    return _without_bullets([_unticked(option) for option in _without_bullets(options)])


def _without_bullets(options: Sequence[Option]) -> list[Option]:
    bullets = _bullets(options)
    if not bullets:
        return list(options)
    return [
        replace(option, text=option.text[bullet.end() :], is_chosen=option.is_chosen or bool(bullet["chosen"]))
        if bullet
        else option
        for option, bullet in zip(options, bullets, strict=True)
    ]


def _bullets(options: Sequence[Option]) -> list[re.Match[str] | None]:
    """The bullet or letter before each of these choices, None before one with a tick or cross in its place.

    Nothing, unless all others have one and the letters count up.
    """
    bullets = [_BULLET.match(option.text) for option in options]
    others = [bullet for option, bullet in zip(options, bullets, strict=True) if not _TICKED.match(option.text)]
    letters = [bullet["letter"] if bullet else None for bullet in bullets]
    if not others or None in others or (any(letters) and not _count_up(letters)):
        return []
    return bullets


def _unticked(option: Option) -> Option:
    if tick := _TICKED.match(option.text):
        return replace(option, text=option.text[tick.end() :], is_right=bool(tick["right"]))
    if (tick := _TICKED_BEHIND.search(option.text)) and tick.start():
        return replace(option, text=option.text[: tick.start()].rstrip(), is_right=bool(tick["right"]))
    return option


def _count_up(letters: Sequence[str | None]) -> bool:
    """Whether these are A, B, C … or 1, 2, 3 …, rather than the beginnings of texts."""
    counted = "".join(letter or "-" for letter in letters)
    return len(letters) > 1 and any(series.startswith(counted) for series in _SERIES)


_SERIES = (ascii_uppercase, ascii_lowercase, "123456789")


# --- which is right ------------------------------------------------------------------------------

_ANSWER = re.compile(r"(?:the )?(?:correct|right) answer(?: is ?:?| ?:) ?(?P<text>.+)", re.IGNORECASE)


def names_the_answer(line: Line) -> str | None:
    """The text behind "Correct answer:", if that is what a line says."""
    named = _ANSWER.fullmatch(line.text)
    return named["text"] if named else None


def is_named(option: Option, index: int, answer: str) -> bool:
    """Whether the answer is this choice's text, or its letter, or both."""
    if _same(option.text, answer):
        return True
    letter = _ANSWER_LETTER.match(answer)
    if letter is None or letter[1].upper() != ascii_uppercase[index : index + 1]:
        return False
    text = answer[letter.end() :]
    return not text or _same(option.text, text)


_ANSWER_LETTER = re.compile(r"\(?([A-Za-z])(?:[.):] |[.)]?\Z)")


def _same(text: str, other: str) -> bool:
    return text.casefold().rstrip(".") == other.casefold().rstrip(".")


def judged(options: Sequence[Option], verdict: str, answer: str | None) -> list[Option]:
    """The choices with the right one known if the page tells: by a mark, by its name, or as the one praised."""
    if any(option.is_right for option in options):
        return list(options)
    right = [index for index, option in enumerate(options) if answer and is_named(option, index, answer)]
    if not right and verdict == "correct":
        right = [index for index, option in enumerate(options) if option.is_chosen]
    return [replace(option, is_right=True) if index in right else option for index, option in enumerate(options)]
