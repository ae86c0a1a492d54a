"""The lines of a page that say what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cardforge_sources.recall.lines import EVERY_PAGE, Line

Run = Sequence[Line]
"""Lines one after the other, as those between two landmarks."""


class Kind(Enum):
    """What a landmark says."""

    START = auto()
    LEVEL = auto()
    """A card begins: level, question, answer."""
    REVEAL = auto()
    """A card ends."""
    VERDICT = auto()
    """A question stands above, its explanation below."""
    SCORE = auto()
    """A prompt stands above, and its hint."""
    END = auto()


@dataclass(frozen=True, slots=True)
class Landmark:
    """``said`` is a level's name, a number of concepts, or for a verdict ``correct`` or ``incorrect``.

    ``lines`` has the line itself; the page's start and end have none. ``is_bare`` says that no ✓ or ✗ marks a verdict.
    """

    kind: Kind
    said: str = ""
    lines: Run = ()
    is_bare: bool = False

    @property
    def offset(self) -> int:
        """Where its line begins."""
        return self.lines[0].offset if self.lines else 0


_TICK = "✓✔✅☑"
_CROSS = "✗✘❌☒✕✖×"
_REVEAL = re.compile(
    r"(?:click|tap|press)(?: here)?(?: or tap)? to (?:reveal|show|see|hide|flip)(?: (?:the )?(?:answer|card))?"
    r"|(?:reveal|show|hide) (?:the )?answer|flip (?:the )?card",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    rf"(?:[{_TICK}{_CROSS}]\ufe0f?\s*(?P<marked>correct|incorrect|right|wrong)(?: answer)?\b(?P<rest>.*)"
    r"|(?P<bare>correct|incorrect)[.!]?)",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"you (?:got|covered|mentioned|found) ?[0-9]* ?(?:/|of|out of) ?(?P<count>[0-9]+) (?:key )?concepts?[.!]?",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"(?:(?:level|difficulty) ?[:：-]? ?)?(?P<level>beginner|intermediate|advanced)(?: level)?", re.IGNORECASE
)
_LONE_MARK = re.compile(rf"[{_TICK}{_CROSS}]\ufe0f?")
# Buttons, counters and headings of a page's own, which say nothing of its matter.
_FURNITURE = re.compile(
    r"(?:check|submit|clear|hide) (?:my |your )?answers?|try again|type your answer(?: here)?(?:…|\.\.\.)?"
    r"|(?:next|previous|skip) (?:question|card|prompt)|(?:question|card|prompt) #?\d+(?: ?(?:of|/) ?\d+)?"
    r"|(?:question|answer|explanation) ?:",
    re.IGNORECASE,
)
_BUTTONS = frozenset("check continue finish reset retry skip submit".split())


def _is_furniture(line: Line) -> bool:
    is_button = line.choice is not None and line.choice.element == "button"
    return _FURNITURE.fullmatch(line.words) is not None or (is_button and line.words.lower() in _BUTTONS)


def landmarks(lines: Sequence[Line]) -> Iterator[tuple[Landmark, Run, Landmark]]:
    """Every run of lines with the landmarks before and after it, the page's start and end among them."""
    lines = [line for line in _joined(lines) if not _is_furniture(line)]
    found = _without_answers([_landmark(line) for line in lines])
    before = Landmark(Kind.START)
    run: list[Line] = []
    for index, (line, landmark) in enumerate(zip(lines, found, strict=True)):
        if landmark and landmark.kind is Kind.LEVEL and not _opens_a_card(found, index):
            landmark = None
        if landmark is None:
            run.append(line)
            continue
        _mark_containers(line)
        yield before, run, landmark
        rest = _behind_verdict(line) if landmark.kind is Kind.VERDICT else None
        before, run = landmark, [rest] if rest else []
    yield before, run, Landmark(Kind.END)


def is_sure(lines: Sequence[Line]) -> bool:
    """Whether something in the lines is on such pages only: more than the word "correct", which a list of words has."""
    verdicts = 0
    for line in lines:
        landmark = _landmark(line)
        if EVERY_PAGE.match(line.words) or (landmark and _is_of_pages(landmark)):
            return True
        is_written_so = landmark is not None and landmark.kind is Kind.VERDICT and line.words[0].isupper()
        verdicts += is_written_so
    return 0 < len(lines) <= _LINES_A_VERDICT * verdicts


def _is_of_pages(landmark: Landmark) -> bool:
    return landmark.kind in (Kind.REVEAL, Kind.SCORE) or (landmark.kind is Kind.VERDICT and not landmark.is_bare)


_LINES_A_VERDICT = 40
"""No question with its choices and its explanation is longer."""


def _without_answers(found: Sequence[Landmark | None]) -> list[Landmark | None]:
    """The landmarks without verdicts that are texts of a card: between a level and "Click to reveal answer", a
    "Correct" without a mark answers the card's question.
    """
    kept = list(found)
    answers: list[int] | None = None  # of the card that is open, if one is
    for index, landmark in enumerate(found):
        if landmark is None:
            continue
        if landmark.kind is Kind.LEVEL:
            answers = [] if _opens_a_card(found, index) else answers
        elif landmark.kind is Kind.VERDICT and landmark.is_bare and answers is not None:
            answers.append(index)
        else:
            for answer in answers or () if landmark.kind is Kind.REVEAL else ():
                kept[answer] = None
            answers = None
    return kept


def _opens_a_card(found: Sequence[Landmark | None], index: int) -> bool:
    """Whether a level stands before a text. Otherwise it is one: an answer may be "beginner"."""
    return index + 1 < len(found) and found[index + 1] is None


def is_level(line: Line) -> bool:
    """Whether this is a level and nothing else, whatever stands around it."""
    return _LEVEL.fullmatch(line.words) is not None


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """A ✓ or ✗ alone on a line belongs to the next one."""
    mark: Line | None = None
    for line in lines:
        if mark:
            line = Line(f"{mark.text} {line.text}", mark.offset, line.choice or mark.choice)
            mark = None
        if _LONE_MARK.fullmatch(line.words):
            mark = line
        else:
            yield line
    if mark:
        yield mark


def _landmark(line: Line) -> Landmark | None:
    text = line.words
    if len(text) > _LONGEST:
        return _verdict(line)
    if _REVEAL.fullmatch(text):
        return Landmark(Kind.REVEAL, "", [line])
    if score := _SCORE.fullmatch(text):
        return Landmark(Kind.SCORE, score["count"], [line])
    if level := _LEVEL.fullmatch(text):
        return Landmark(Kind.LEVEL, level["level"].lower(), [line])
    return _verdict(line)


_LONGEST = 60
"""No landmark but a verdict with its explanation is longer."""


def _verdict(line: Line) -> Landmark | None:
    verdict = _VERDICT.fullmatch(line.words)
    if verdict is None or (verdict["rest"] and not _PUNCTUATION.match(verdict["rest"])):
        return None
    said = (verdict["marked"] or verdict["bare"]).lower()
    is_correct = said in ("correct", "right")
    return Landmark(Kind.VERDICT, "correct" if is_correct else "incorrect", [line], is_bare=bool(verdict["bare"]))


_PUNCTUATION = re.compile(r"\s*[.!:–—-]+\s*")


def _behind_verdict(line: Line) -> Line | None:
    """What a verdict's line goes on to say: "✗ Incorrect. The query …"."""
    verdict = _VERDICT.fullmatch(line.text)
    rest = verdict["rest"] if verdict else None
    said = _PUNCTUATION.sub("", rest, count=1) if rest else ""
    return Line(said, line.offset) if said and not _FURNITURE.fullmatch(said.rstrip(".!")) else None


def _mark_containers(line: Line) -> None:
    around = line.choice
    while around and not around.is_container:
        around.is_container = True
        around = around.around
