"""From lines to cards, questions and prompts.

A page is read from landmark to landmark. What lies between two belongs to the one before or to the one after, and what
belongs to neither is kept apart, to be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardforge_sources.recall.choices import (
    Option,
    asks,
    find_choices,
    is_marked,
    is_named,
    judged,
    names_the_answer,
    unmarked,
)
from cardforge_sources.recall.landmarks import Kind, Landmark, Run, is_level, landmarks
from cardforge_sources.recall.lines import Copy, Line, Lost


@dataclass(slots=True)
class Card:
    """A flashcard; ``answer`` is empty when the page does not show it."""

    question: Line
    answer: Run
    level: Line | None = None
    hint: Run = ()


@dataclass(slots=True)
class Question:
    """A quiz question. ``options`` is empty when the page does not hold the choices."""

    stem: Run
    options: Sequence[Option]
    level: Line | None = None
    hint: Run = ()
    explanation: Run = ()


@dataclass(slots=True)
class Prompt:
    """An open prompt. ``concepts`` is empty when the page says only how many there are."""

    stem: Line
    hint: Run
    count: str
    counted_at: int
    level: Line | None = None
    concepts: Sequence[Option] = ()


Part = Card | Question | Prompt


@dataclass(slots=True)
class Page:
    """What a page holds, in its order. ``unplaced`` has the runs of lines that belong to none of its parts."""

    title: Line | None = None
    parts: list[Part] = field(default_factory=list)
    unplaced: list[Run] = field(default_factory=list)
    lost: Sequence[Lost] = ()


def read_page(copy: Copy) -> Page | None:
    """The cards, questions and prompts of a page, or None when this is no such page."""
    reader = _Reader(copy)
    sure = False
    for before, run, after in landmarks(copy.lines):
        sure = sure or after.kind in (Kind.REVEAL, Kind.VERDICT, Kind.SCORE)
        rest = reader.behind(before, run, after)
        reader.ahead(before, rest, after)
    page = reader.page
    is_named = page.title is not None and _RECALL.fullmatch(page.title.words)
    return page if page.parts and (sure or is_named) else None


_RECALL = re.compile(r"recall ?(?:&|and|\+) ?review(?: ?[:–—-].*)?", re.IGNORECASE)
_LEVEL_WORDS = frozenset(
    "easy medium hard difficult novice basic elementary fundamental foundational expert master pro challenging".split()
)
_ONE_WORD = re.compile(r"[^\W\d_][\w+-]{0,29}|(?:level|difficulty) ?:? ?\w+|\w+ level", re.IGNORECASE)


class _Reader:
    """Reads run after run; what is open stays open until a later run tells its end."""

    def __init__(self, copy: Copy) -> None:
        self.page = Page(copy.title, lost=copy.lost)
        self._level: Line | None = None
        self._open: Question | Prompt | None = None

    def behind(self, before: Landmark, run: Run, after: Landmark) -> Run:
        """Take from the run what belongs to the landmark before it; give back the rest."""
        if before.kind is Kind.START:
            return self._title(run, after)
        if before.kind is Kind.LEVEL:
            return self._cards(Line(before.said, before.offset), run, after)
        part, self._open = self._open, None
        if isinstance(part, Question):
            return _take_explanation(part, before.said, run, after)
        if isinstance(part, Prompt):
            return _take_concepts(part, run)
        return run

    def ahead(self, before: Landmark, run: Run, after: Landmark) -> None:
        """Take from the rest of the run what belongs to the landmark after it."""
        if after.kind is not Kind.END and run and all(map(_is_level, run)):
            self._leave([*run, *after.lines])  # a level whose card is not there, and no card called "advanced"
        elif after.kind is Kind.VERDICT:
            self._question(run, after)
        elif after.kind is Kind.SCORE:
            self._prompt(run, after)
        elif after.kind is Kind.REVEAL and run:
            self._card_without_level(before, run)
        else:
            self._leave(run)

    def _leave(self, run: Run) -> None:
        if run:
            self.page.unplaced.append(run)

    def _level_once(self) -> Line | None:
        """The level that waits for the next part: it belongs to that one only."""
        level, self._level = self._level, None
        return level

    # --- the page's head ---

    def _title(self, run: Run, after: Landmark) -> Run:
        """Find the title in what stands above the first part, and leave the lines around it."""
        usual = _USUAL_LINES.get(after.kind, 0)
        if self.page.title:
            headings = [n for n, line in enumerate(run) if _RECALL.fullmatch(line.words) or self._is_title(line)]
        else:
            headings = [n for n, line in enumerate(run) if _RECALL.fullmatch(line.words)][:1]
            if not headings and len(run) > usual and not (usual and _begins_a_part(run[0])):
                headings = [0 if usual else len(run) - 1]
            self.page.title = run[headings[0]] if headings else None
        if not headings:
            return run
        end = headings[-1] + 1
        self._leave([line for n, line in enumerate(run[:end]) if n not in headings])
        return run[end:]

    def _is_title(self, line: Line) -> bool:
        return self.page.title is not None and line.text == self.page.title.text

    # --- cards ---

    def _cards(self, level: Line, run: Run, after: Landmark) -> Run:
        """The card that a level begins. Where its end is not said, it has a question and one line of an answer."""
        if after.kind in (Kind.VERDICT, Kind.SCORE):
            is_card = len(run) > 2 and (after.kind is Kind.SCORE or any(map(asks, run[2:])))
            if not is_card:
                self._level = level
                return run
        end = len(run) if after.kind in (Kind.REVEAL, Kind.LEVEL) else 2
        card = run[:end]
        while at := next((n for n in range(2, len(card) - 2) if card[n].words.lower() in _LEVEL_WORDS), None):
            self._add_card(level, card[:at])
            level, card = card[at], card[at + 1 :]
        self._add_card(level, card)
        return run[end:]

    def _card_without_level(self, before: Landmark, run: Run) -> None:
        """A card whose level is missing, or is a word of the page's own."""
        is_first = before.kind is Kind.START
        for at, line in enumerate(run[:-2]):
            if line.words.lower() in _LEVEL_WORDS or (not is_first and _ONE_WORD.fullmatch(line.text)):
                self._leave(run[:at])
                self._add_card(line, run[at + 1 :])
                return
        usually = max(0, len(run) - 2) if is_first else 0
        start = next((n for n, line in enumerate(run[:-1]) if asks(line)), usually)
        self._leave(run[:start])
        self._add_card(None, run[start:])

    def _add_card(self, level: Line | None, run: Run) -> None:
        hint, others = _hint(run)
        if others:
            self.page.parts.append(Card(others[0], others[1:], level, hint))
        else:
            self._leave(run)

    # --- questions ---

    def _question(self, run: Run, verdict: Landmark) -> None:
        hint, others = _hint(run)
        if not others:
            self._leave([*run, *verdict.lines])
            return
        asked = find_choices(others, expects_explanation=False)
        at = next((index for index, line in enumerate(asked.head) if asks(line)), len(asked.head) - 1)
        self._leave(asked.head[:at])
        self._open = Question(asked.head[at:], asked.options, self._level_once(), hint)
        self.page.parts.append(self._open)
        self._leave(asked.rest)

    # --- prompts ---

    def _prompt(self, run: Run, score: Landmark) -> None:
        hint, others = _hint(run)
        if not hint and len(others) > 1:
            others, hint = others[:-1], others[-1:]
        if not others:
            self._leave([*run, *score.lines])
            return
        self._leave(others[:-1])
        self._open = Prompt(others[-1], hint, score.said, score.offset, self._level_once())
        self.page.parts.append(self._open)


_USUAL_LINES = {Kind.REVEAL: 2, Kind.VERDICT: 1, Kind.SCORE: 2}
"""How many lines stand above a landmark when the page shows what it usually shows."""


def _take_explanation(part: Question, verdict: str, run: Run, after: Landmark) -> Run:
    """Give the question its explanation, one line, and the right answer where one is named; return what is left."""
    answer = names_the_answer(run[0]) if run else None
    part.options = judged(part.options, verdict, answer)
    if answer is not None:
        is_told = any(option.is_right and is_named(option, n, answer) for n, option in enumerate(part.options))
        part.explanation = () if is_told else run[:1]
        run = run[1:]
    if run and _is_explained(run, after):
        part.explanation = [*part.explanation, run[0]]
        run = run[1:]
    return run


def _take_concepts(part: Prompt, run: Run) -> Run:
    """Give the prompt the concepts that are listed below its score; return what is left."""
    end = next((n for n, line in enumerate(run) if not is_marked(line)), len(run))
    if end == 0:
        # In a list there are no marks in the text. Not every list is one of concepts, so the number must be right.
        entries = next((n for n, line in enumerate(run) if not _is_entry(line)), len(run))
        end = entries if str(entries) == part.count else 0
    part.concepts = unmarked([Option(line.text, line.offset) for line in run[:end]])
    return run[end:]


def _is_entry(line: Line) -> bool:
    return line.choice is not None and line.choice.element == "li" and not line.choice.is_container


_HINT_LABEL = re.compile(r"(?:💡 ?)?(?:(?:show|hide|view|see|need|get) (?:a |the )?)?hints?[?:]?", re.IGNORECASE)
_HINT = re.compile(r"(?:💡 ?)?hint ?: ?(?P<text>.+)", re.IGNORECASE)


def _hint(run: Run) -> tuple[Run, Run]:
    """The hint, if a label says that one is there, and the other lines."""
    for index, line in enumerate(run):
        if said := _HINT.fullmatch(line.text):
            at = line.offset + (said.start("text") if line.choice is None else 0)
            return [Line(said["text"], at)], [*run[:index], *run[index + 1 :]]
        if 0 < index < len(run) - 1 and _HINT_LABEL.fullmatch(line.words):
            return run[index + 1 : index + 2], [*run[:index], *run[index + 2 :]]
    return (), run


_TASK = re.compile(
    r"(?:compare|contrast|define|derive|describe|discuss|explain|give|justify|list|name|outline|sketch|state|summari[sz]e"
    r"|tell|write)\b",
    re.IGNORECASE,
)


def _is_task(line: Line) -> bool:
    return asks(line) or _TASK.match(line.text) is not None


def _begins_a_part(line: Line) -> bool:
    return _is_task(line) or line.words.lower() in _LEVEL_WORDS


def _is_level(line: Line) -> bool:
    return is_level(line) or line.words.lower() in _LEVEL_WORDS


def _is_explained(run: Run, after: Landmark) -> bool:
    """Whether the first line behind a verdict explains, rather than asks the next question."""
    if after.kind in (Kind.LEVEL, Kind.END):
        return True
    if len(run) == 1:
        return False
    if after.kind is Kind.VERDICT:
        asked = find_choices(run, expects_explanation=True)
        return len(asked.head) > 1
    if len(run) == 2:
        return not _is_task(run[0]) or _is_task(run[1])
    return True
