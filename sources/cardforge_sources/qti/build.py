"""From a question to an item of the deck: every kind's own fields, and what the core would refuse mended or kept aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal, localcontext
from html import escape
from math import isinf
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.text import deletions
from cardforge_sources.qti import ours
from cardforge_sources.qti.findings import Findings, Place
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.question import Option, Question, Typed
from cardforge_sources.qti.texts import TextData, Texts, key, line

BLANK = "____"
_LONGEST_ID = 200
MOST_CHARACTERS = 1_000_000
"""As many may come from texts that a question uses again: a file may have hundreds of uses of a long one for nothing."""
_OWN_ID = "give every item an identifier of its own; until then its id comes from its text"
_PRECISION = 400


class Builder:
    """Builds items. A question that cannot be one is told, and gives None."""

    def __init__(self, texts: Texts, findings: Findings) -> None:
        self._texts = texts
        self._findings = findings
        self._ids: set[str] = set()

    # --- what every kind has ----------------------------------------------------------------------

    def _node(self, question: Question, data: dict[str, Any], lines: dict[Loc, int] | None = None) -> ItemNode | None:
        if question.tags:
            tags = [tag for tag in map(line, question.tags) if tag]
            if tags:
                data["tags"] = list(dict.fromkeys(tags))
        if question.level:
            data["level"] = question.level
        if hints := self._all(question, question.hints):
            data["hint"] = hints
        for field, html in (("explanation", question.explanation), ("source", question.source)):
            self._optional(question, data, field, html)
        if question.points is not None and question.points >= 0 and (points := self._points(question)) != 1:
            data["points"] = plain_number(points)
        texts = list(_texts(data))
        if sum(map(len, texts)) - sum(map(len, set(texts))) > MOST_CHARACTERS:
            return self.too_long(question)
        if name := self._free_id(question):
            data["id"] = name
        return ItemNode(data, question.place, lines or {})

    def _free_id(self, question: Question) -> str | None:
        """The id, unless an item has it already, which is told, or the core would not take it."""
        name = "".join((line(question.id or "") or "").split())[:_LONGEST_ID]
        if name in self._ids:
            self._findings.not_kept(question.place, "an identifier that an item before has, too", _OWN_ID)
        if not name or name in self._ids:
            return None
        self._ids.add(name)
        return name

    def _points(self, question: Question) -> Decimal:
        """The points as a deck holds them: a number that computers count with."""
        assert question.points is not None
        points = float(question.points)
        if isinf(points):
            self._findings.adapted(question.place, question.name, "it is worth more than computers count, and here 1")
            return Decimal(1)
        return Decimal(repr(points))

    def _optional(self, question: Question, data: dict[str, Any], field: str, html: str) -> None:
        if html and (text := self._texts.of(html, question.place)) is not None:
            data[field] = text

    def _all(self, question: Question, htmls: Sequence[str]) -> list[TextData]:
        found = [self._texts.of(html, question.place) for html in htmls]
        return [text for text in found if text is not None]

    def _graded(self, question: Question, data: dict[str, Any], lines: dict[Loc, int] | None = None) -> ItemNode | None:
        if question.general:
            question.explanation, question.source = ours.explanation(question.general)
        self._optional(question, data, "feedback_correct", question.correct)
        self._optional(question, data, "feedback_incorrect", question.incorrect)
        return self._node(question, data, lines)

    def _ungraded(self, question: Question, data: dict[str, Any]) -> ItemNode | None:
        """A kind that has no feedback for right and wrong: it joins the explanation."""
        said = [question.explanation, question.correct, question.incorrect]
        question.explanation = "".join(f"<div>{part}</div>" for part in said if part) if any(said[1:]) else said[0]
        return self._node(question, data)

    def _stem(self, question: Question) -> TextData | None:
        """What asks; the name of a question that asks nothing, as far as it has one."""
        text = self._texts.of(question.stem, question.place)
        if text is None and (name := line(question.name)):
            text = self._texts.of(escape(name, quote=False), question.place)
            self._findings.adapted(question.place, question.name, "it has no text, so its title asks")
        if text is None:
            self._findings.aside(question.place, question.name, "it asks nothing")
        return text

    def text(self, html: str, place: Place) -> TextData | None:
        """HTML as a text of the deck; None when it shows nothing."""
        return self._texts.of(html, place)

    def aside(self, question: Question, what: str, fix: str = "") -> ItemNode | None:
        """Keep a question aside: it gives no item."""
        self._findings.aside(question.place, question.name, what, fix)
        return None

    def adapted(self, question: Question, how: str) -> None:
        """Tell that a question was changed."""
        self._findings.adapted(question.place, question.name, how)

    def too_long(self, question: Question) -> ItemNode | None:
        """Keep a question aside that uses a long text many times."""
        what = f"it uses a long text so often that this makes more than {MOST_CHARACTERS:,} characters"
        return self.aside(question, what, "use the text less often, or write a shorter one")

    # --- choices ----------------------------------------------------------------------------------

    def choices(self, question: Question, options: Sequence[Option], multiple: bool, shuffle: bool) -> ItemNode | None:
        """A multiple choice."""
        if not any(option.is_right for option in options):
            return self.aside(question, "no choice is right, as in a survey", "mark a right choice, where there is one")
        kept, texts = self._distinct(question, options)
        if len(kept) < 2:
            return self.aside(question, "it has fewer than two choices", "add a choice, or ask it as a short answer")
        stem = self._stem(question)
        if stem is None:
            return None
        rights = sum(option.is_right for option in kept)
        usual = Decimal(1) / rights if multiple else Decimal(1)
        choices: list[dict[str, Any]] = []
        lines: dict[Loc, int] = {}
        for index, (option, text) in enumerate(zip(kept, texts, strict=True)):
            choice: dict[str, Any] = {"text": text}
            if option.is_right:
                choice["correct"] = True
            self._optional(question, choice, "feedback", option.feedback)
            share = option.share
            if share is not None and abs(share - (usual if option.is_right else 0)) > _CLOSE:
                choice["credit"] = plain_number(max(min(share, Decimal(1)), Decimal(-1)))
            choices.append(choice)
            lines[("choices", index)] = lines[("choices", index, "text")] = option.line
        data: dict[str, Any] = {"type": "multiple_choice", "stem": stem, "choices": choices}
        if multiple != (rights > 1):
            data["multiple"] = multiple
        if not shuffle:
            data["shuffle"] = False
        return self._graded(question, data, lines)

    def _distinct(self, question: Question, options: Sequence[Option]) -> tuple[list[Option], list[TextData]]:
        """The choices that have a text of their own."""
        kept: list[Option] = []
        texts: list[TextData] = []
        seen: dict[str, int] = {}
        for option in options:
            text = self._texts.of(option.html, (question.place[0], option.line))
            if text is None:
                if not option.is_right:
                    self._findings.adapted(question.place, question.name, "a choice that shows nothing is left out")
                    continue
                text = "(nothing)"
                self._findings.adapted(question.place, question.name, "the right choice shows nothing")
            before = seen.get(key(text))
            if before is not None:
                if kept[before].is_right == option.is_right:
                    self._findings.adapted(question.place, question.name, "of two equal choices one is left out")
                    continue
                self._findings.adapted(question.place, question.name, "a right and a wrong choice have the same text")
                text = self._other(text, seen)
            seen[key(text)] = len(kept)
            kept.append(option)
            texts.append(text)
        return kept, texts

    def _other(self, text: TextData, seen: Collection[str]) -> TextData:
        number = 2
        while True:
            other = {"html": f"{text['html']} ({number})"} if isinstance(text, dict) else f"{text} ({number})"
            if key(other) not in seen:
                return other
            number += 1

    def true_false(self, question: Question, answer: bool) -> ItemNode | None:
        """A statement that is true or false."""
        stem = self._stem(question)
        if stem is None:
            return None
        return self._graded(question, {"type": "true_false", "stem": stem, "answer": answer})

    def flashcard(self, question: Question) -> ItemNode | None:
        """A flashcard that cardforge wrote as a question that learners rate themselves; the back is shown after it."""
        back, rest = ours.first(question.general)
        question.explanation, question.source = ours.explanation(rest)
        front_text = self._texts.of(question.stem, question.place)
        back_text = self._texts.of(back, question.place)
        if front_text is None or back_text is None:
            return self.aside(question, "a flashcard without a front or a back")
        node = self._node(question, {"type": "flashcard", "front": front_text, "back": back_text})
        if node is not None:
            node.mark = "flashcard"
        return node

    # --- what is typed ----------------------------------------------------------------------------

    def short_answer(self, question: Question, answers: Sequence[Typed], case_sensitive: bool) -> ItemNode | None:
        """A text to be typed."""
        made: dict[str, dict[str, Any]] = {}
        for answer in answers:
            text = line(answer.text)
            if text is None or text.strip() in made:
                continue
            entry: dict[str, Any] = {"text": text}
            if abs(answer.share - 1) > _CLOSE:
                entry["credit"] = plain_number(min(max(answer.share, Decimal(0)), Decimal(1)))
            self._optional(question, entry, "feedback", answer.feedback)
            made[text.strip()] = entry
        if not any(float(entry.get("credit", 1)) for entry in made.values()):
            return self.open_prompt(question, adapted="no right answer is known, so it becomes an open prompt")
        stem = self._stem(question)
        if stem is None:
            return None
        data: dict[str, Any] = {"type": "short_answer", "stem": stem, "answers": list(made.values())}
        if case_sensitive:
            data["case_sensitive"] = True
        return self._graded(question, data)

    def numeric(self, question: Question, least: Decimal, answer: Decimal, most: Decimal, unit: str) -> ItemNode | None:
        """A number to be typed, from ``least`` to ``most``."""
        with localcontext() as context:
            context.prec = _PRECISION
            below, above = answer - least, most - answer
            if below != above and abs(below - above) > abs(below + above) / 1_000_000:
                answer, below = (least + most) / 2, (most - least) / 2
                how = f"right is what lies from {plain_number(least)} to {plain_number(most)}, so the middle is the answer"
                self._findings.adapted(question.place, question.name, how)
            elif below != above:
                below = max(below, above)
        stem = self._stem(question)
        if stem is None:
            return None
        data: dict[str, Any] = {"type": "numeric", "stem": stem, "answer": plain_number(answer)}
        if below:
            data["tolerance"] = plain_number(below)
        if unit_line := line(unit):
            data["unit"] = unit_line
        return self._graded(question, data)

    def open_prompt(self, question: Question, model: str = "", adapted: str = "") -> ItemNode | None:
        """A prompt to be answered in one's own words."""
        stem = self._stem(question)
        if stem is None:
            return None
        if adapted:
            self._findings.adapted(question.place, question.name, adapted)
        said = ours.scoring(question.general)
        question.explanation, question.source = ours.explanation(said.rest)
        data: dict[str, Any] = {"type": "open_prompt", "stem": stem}
        concepts: list[Any] = []
        for html, points in said.concepts:
            text = self._texts.of(html, question.place)
            if text is not None:
                concepts.append({"text": text, "points": points} if points is not None else text)
        if concepts:
            data["concepts"] = concepts
        elif said.count:
            data["concept_count"] = said.count
        self._optional(question, data, "model_answer", said.model or model)
        return self._ungraded(question, data)

    def cloze(self, question: Question, html: str, extra: bool = False) -> ItemNode | None:
        """A text with deletions in it. ``extra`` says that cardforge wrote it, and what came first behind it."""
        text = self._texts.cloze(html, question.place)
        if text is None or not deletions(text["html"] if isinstance(text, dict) else text):
            return self.aside(question, "its blanks cannot be told from its text", "remove double braces from it")
        data: dict[str, Any] = {"type": "cloze", "text": text}
        if extra:
            first, rest = ours.extra(question.general)
            self._optional(question, data, "extra", first)
            question.explanation, question.source = ours.explanation(rest)
        else:
            question.explanation, question.source = ours.explanation(question.general)
        return self._ungraded(question, data)

    # --- what is put in its place -----------------------------------------------------------------

    def matching(self, question: Question, pairs: Sequence[tuple[str, str]], others: Sequence[str]) -> ItemNode | None:
        """Pairs of a left and a right side, and right sides that match nothing."""
        made: list[dict[str, TextData]] = []
        lefts: set[str] = set()
        rights: set[str] = set()
        repeated = 0
        for left_html, right_html in pairs:
            left, right = self._texts.of(left_html, question.place), self._texts.of(right_html, question.place)
            if left is None or right is None:
                self._findings.adapted(question.place, question.name, "a pair with an empty side is left out")
            elif key(left) in lefts:
                self._findings.adapted(question.place, question.name, "of two equal left sides one is left out")
            else:
                lefts.add(key(left))
                made.append({"left": left, "right": right})
                name = key(right)
                repeated += len(name) if name in rights else 0
                rights.add(name)
            if repeated > MOST_CHARACTERS:
                return self.too_long(question)
        if len(made) < 2:
            return self.aside(question, "it has fewer than two pairs", "add a pair, or ask it as a multiple choice")
        stem = self._stem(question)
        if stem is None:
            return None
        data: dict[str, Any] = {"type": "matching", "stem": stem, "pairs": made}
        texts = {key(text): text for text in self._all(question, others)}
        if distractors := [text for name, text in texts.items() if name not in rights]:
            data["distractors"] = distractors
        return self._graded(question, data)

    def ordering(self, question: Question, steps: Sequence[str]) -> ItemNode | None:
        """Steps in their right order."""
        texts = self._all(question, steps)
        if len(texts) < len(steps):
            self._findings.adapted(question.place, question.name, "a step that shows nothing is left out")
        distinct: dict[str, TextData] = {}
        for text in texts:
            if key(text) in distinct:
                self._findings.adapted(question.place, question.name, "two steps have the same text")
                text = self._other(text, distinct)
            distinct[key(text)] = text
        if len(distinct) < 2:
            return self.aside(question, "it has fewer than two steps to be put in order")
        stem = self._stem(question)
        if stem is None:
            return None
        return self._graded(question, {"type": "ordering", "stem": stem, "steps": list(distinct.values())})


_CLOSE = Decimal("0.0000001")


def _texts(data: object) -> Iterator[str]:
    """The texts in an item's data."""
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(part)


def plain_number(value: Decimal) -> str:
    """A number as the deck format takes it: without needless zeros, and without an exponent where it has few digits."""
    with localcontext() as context:
        context.prec = _PRECISION
        value = value.normalize()
    return f"{value:f}" if -16 < value.adjusted() < 32 else f"{value:E}"
