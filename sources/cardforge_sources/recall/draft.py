"""From a page's parts to plain data in the deck format, and what is missing in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from cardforge.diagnostics import Loc, Problem, Severity
from cardforge.document import Positions
from cardforge.model import Level, slug
from cardforge.text import as_markdown
from cardforge_sources.places import Places, warning
from cardforge_sources.recall.choices import Option
from cardforge_sources.recall.landmarks import Run
from cardforge_sources.recall.lines import EVERY_PAGE
from cardforge_sources.recall.page import Card, Page, Part, Prompt, Question

NEEDS_CHOICES = "needs-choices"
NEEDS_KEY = "needs-key"
NEEDS_ANSWER = "needs-answer"


def deck_of(page: Page, name: str) -> tuple[dict[str, Any], Positions, tuple[Problem, ...]]:
    """The deck, where its parts stand, and what to add or to look at.

    ``name``, of the file, is the title of a page without one, and tells apart the pages with the title of every page.
    """
    draft = _Draft()
    draft.places[("title",)] = page.title.offset if page.title else 0
    items = [draft.item(index, part) for index, part in enumerate(page.parts)]
    for run in page.unplaced:
        draft.problems.append(_unplaced(run))
    for lost in page.lost:
        draft.problems.append(warning(lost.offset, "not-kept", f"{lost.what} is not kept", lost.fix))
    title = page.title.text if page.title else name
    data: dict[str, Any] = {"title": title, "items": items}
    if page.title and EVERY_PAGE.fullmatch(page.title.words):
        data |= {"id": f"{slug(title)}-{slug(name)}", "title": f"{title}: {name}" if name else title}
    return data, Places(draft.places), tuple(draft.problems)


@dataclass(slots=True)
class _Draft:
    """Collects, while items are made, where each part stands and what is missing."""

    places: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def item(self, index: int, part: Part) -> dict[str, Any]:
        at: Loc = ("items", index)
        stem = part.stem if isinstance(part, Question) else [part.question if isinstance(part, Card) else part.stem]
        self.places[at] = stem[0].offset
        if isinstance(part, Card):
            own = self._card(part, at)
        elif isinstance(part, Question):
            own = self._question(part, at)
        else:
            own = self._prompt(part, at)
        tags = own.pop("tags", [])
        data: dict[str, Any] = {"type": own.pop("type")}
        if part.level and part.level.text in get_args(Level):
            data["level"] = part.level.text
            self.places[(*at, "level")] = part.level.offset
        elif part.level:
            tags = [part.level.text, *tags]
            message = f"the deck format has no level {part.level.text!r}, so it becomes a tag"
            self.problems.append(warning(part.level.offset, "other-level", message, _LEVEL_FIX))
        data |= {"tags": tags} if tags else {}
        data |= own
        if part.hint:
            data["hint"] = self._text(part.hint, (*at, "hint"))
        return data

    def _card(self, card: Card, at: Loc) -> dict[str, Any]:
        if card.answer:
            front = self._text([card.question], (*at, "front"))
            return {"type": "flashcard", "front": front, "back": self._text(card.answer, (*at, "back"))}
        message = (
            "this card has one text only, which is taken for its question: without an answer, it becomes an open prompt "
            f"with the tag {NEEDS_ANSWER}"
        )
        self._warn("no-answer", message, _ANSWER_FIX, at)
        return {
            "type": "open_prompt",
            "tags": [NEEDS_ANSWER],
            "stem": self._text([card.question], (*at, "stem")),
        }

    def _question(self, question: Question, at: Loc) -> dict[str, Any]:
        if any(option.is_right for option in question.options):
            choices = [self._choice(option, (*at, "choices", n)) for n, option in enumerate(question.options)]
            data = {"type": "multiple_choice", "stem": self._text(question.stem, (*at, "stem")), "choices": choices}
            if question.explanation:
                data["explanation"] = self._text(question.explanation, (*at, "explanation"))
            return data
        kind, asks = ("flashcard", "front") if question.explanation else ("open_prompt", "stem")
        becomes = "a flashcard" if question.explanation else "an open prompt"
        if question.options:
            tag = NEEDS_KEY
            message = f"the page does not say which choice is right, so this becomes {becomes} with the tag {tag}"
            self._warn("no-key", message, _KEY_FIX, at)
        else:
            tag = NEEDS_CHOICES
            message = f"the choices of this question are missing, so it becomes {becomes} with the tag {tag}"
            self._warn("no-choices", message, _CHOICES_FIX, at)
        text = "\n\n".join([self._text(question.stem, (*at, asks)), *_as_list(question.options)])
        data = {"type": kind, "tags": [tag], asks: text}
        if question.explanation:
            data["back"] = self._text(question.explanation, (*at, "back"))
        return data

    def _choice(self, option: Option, at: Loc) -> dict[str, Any]:
        self.places[at] = self.places[(*at, "text")] = option.offset
        return {"text": as_markdown(option.text), **({"correct": True} if option.is_right else {})}

    def _prompt(self, prompt: Prompt, at: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {"type": "open_prompt", "stem": self._text([prompt.stem], (*at, "stem"))}
        count = prompt.count.lstrip("0")
        if prompt.concepts:
            data["concepts"] = [self._concept(option, (*at, "concepts", n)) for n, option in enumerate(prompt.concepts)]
        if not prompt.concepts and not count:
            message, fix = "the page counts 0 concepts here, so the prompt has none", _NO_CONCEPTS_FIX
            self.problems.append(warning(prompt.counted_at, "no-concepts", message, fix))
        elif prompt.concepts and count != str(len(prompt.concepts)):
            message = f"the page counts {prompt.count[:20]} concepts, and {len(prompt.concepts)} are listed below"
            fix = "look for one that is missing or is none; the list is taken as it is"
            self.problems.append(warning(prompt.counted_at, "concept-count", message, fix))
        elif count and not prompt.concepts:
            data["concept_count"] = count
            self.places[(*at, "concept_count")] = prompt.counted_at
        return data

    def _concept(self, option: Option, at: Loc) -> str:
        self.places[at] = option.offset
        return as_markdown(option.text)

    def _text(self, run: Run, at: Loc) -> str:
        """Lines as Markdown, a paragraph each."""
        self.places[at] = run[0].offset
        return "\n\n".join(as_markdown(line.text) for line in run)

    def _warn(self, code: str, message: str, fix: str, at: Loc) -> None:
        self.problems.append(Problem(code, message, fix, at, severity=Severity.WARNING))


_ANSWER_FIX = "write the answer below the question, or the question above the answer, on a line of its own"
_LEVEL_FIX = "set level: beginner, intermediate or advanced in the exported deck, or leave the tag"
_KEY_FIX = "write ✓ before the right choice; or export it --to yaml, and make it a multiple_choice there"
_NO_CONCEPTS_FIX = (
    "write how many a good answer mentions, as in “You got 2/5 concepts”, or list them below, each on a line of its own "
    "behind -; nothing, if there are none"
)
_CHOICES_FIX = (
    "write the choices below the question, each on a line of its own, with ✓ before the right one; "
    "or export it --to yaml, and make it a multiple_choice there"
)


def _as_list(options: Sequence[Option]) -> list[str]:
    return ["\n".join(f"- {as_markdown(option.text)}" for option in options)] if options else []


def _unplaced(run: Run) -> Problem:
    shown = run[0].text if len(run[0].text) <= 50 else run[0].text[:50] + "…"
    more = f" and {len(run) - 1:,} more line{'s' if len(run) > 2 else ''}" if len(run) > 1 else ""
    verbs = ("belongs", "is") if len(run) == 1 else ("belong", "are")
    message = f"“{shown}”{more} {verbs[0]} to no card, question or prompt, and {verbs[1]} left out"
    fix = "nothing, if this is only the page around them; otherwise put it where it belongs, or add it after the export"
    return warning(run[0].offset, "unplaced-line", message, fix)
