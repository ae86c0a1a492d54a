"""From a question to an item of the deck: what every kind may have. What the core would refuse is mended or kept aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from html import escape
from math import isinf
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.text import deletions
from cardforge_sources.alike import MOST_REPEATED, TOO_LONG, TextData, repeated
from cardforge_sources.lines import LONGEST_ID, as_line
from cardforge_sources.qti import ours
from cardforge_sources.qti.findings import Findings, Place
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.numbers import EXACT
from cardforge_sources.qti.question import Question
from cardforge_sources.qti.texts import Texts

BLANK = "____"
_OWN_ID = "give every item an identifier of its own; until then its id comes from its text"


class Builder:
    """Builds items. A question that cannot be one is told, and gives None."""

    def __init__(self, texts: Texts, findings: Findings) -> None:
        self._texts = texts
        self._findings = findings
        self._ids: set[str] = set()

    def node(self, question: Question, data: dict[str, Any], lines: dict[Loc, int] | None = None) -> ItemNode | None:
        """The item: ``data`` has the fields of its kind, and gets those that every kind has."""
        if tags := [tag for tag in map(as_line, question.tags) if tag]:
            data["tags"] = list(dict.fromkeys(tags))
        if question.level:
            data["level"] = question.level
        if hints := self.texts(question, question.hints):
            data["hint"] = hints
        for field, html in (("explanation", question.explanation), ("source", question.source)):
            self.optional(question, data, field, html)
        if question.points is not None and question.points >= 0 and (points := self._points(question)) != 1:
            data["points"] = plain_number(points)
        if repeated(_texts(data)) > MOST_REPEATED:
            return self.aside(question, *TOO_LONG)
        if name := self._free_id(question):
            data["id"] = name
        return ItemNode(data, question.place, lines or {})

    def _free_id(self, question: Question) -> str | None:
        """The id, unless an item has it already, which is told, or the core would not take it."""
        name = "".join(as_line(question.id or "").split())[:LONGEST_ID]
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

    def optional(self, question: Question, data: dict[str, Any], field: str, html: str) -> None:
        """Give the data a field, if its text shows anything."""
        if html and (text := self._texts.of(html, question.place)) is not None:
            data[field] = text

    def texts(self, question: Question, htmls: Iterable[str]) -> list[TextData]:
        """Those of several texts that show anything."""
        found = [self._texts.of(html, question.place) for html in htmls]
        return [text for text in found if text is not None]

    def graded(self, question: Question, data: dict[str, Any], lines: dict[Loc, int] | None = None) -> ItemNode | None:
        """The item of a kind that has feedback for right and wrong."""
        if question.general:
            question.explanation, question.source = ours.explanation(question.general)
        self.optional(question, data, "feedback_correct", question.correct)
        self.optional(question, data, "feedback_incorrect", question.incorrect)
        return self.node(question, data, lines)

    def ungraded(self, question: Question, data: dict[str, Any]) -> ItemNode | None:
        """The item of a kind that has no feedback for right and wrong: it joins the explanation."""
        said = [question.explanation, question.correct, question.incorrect]
        question.explanation = "".join(f"<div>{part}</div>" for part in said if part) if any(said[1:]) else said[0]
        return self.node(question, data)

    def stem(self, question: Question) -> TextData | None:
        """What asks; the name of a question that asks nothing, as far as it has one."""
        text = self._texts.of(question.stem, question.place)
        if text is None and (name := as_line(question.name)):
            text = self._texts.of(escape(name, quote=False), question.place)
            self._findings.adapted(question.place, question.name, "it has no text, so its title asks")
        if text is None:
            self._findings.aside(question.place, question.name, "it asks nothing")
        return text

    def text(self, html: str, place: Place) -> TextData | None:
        """HTML as a text of the deck; None when it shows nothing."""
        return self._texts.of(html, place)

    def cloze(self, html: str, place: Place) -> TextData | None:
        """HTML with deletions as a text of the deck; None when these cannot be told from the text."""
        text = self._texts.cloze(html, place)
        return text if text is not None and deletions(text["html"] if isinstance(text, dict) else text) else None

    def aside(self, question: Question, what: str, fix: str = "") -> ItemNode | None:
        """Keep a question aside: it gives no item."""
        self._findings.aside(question.place, question.name, what, fix)
        return None

    def adapted(self, question: Question, how: str) -> None:
        """Tell that a question was changed."""
        self._findings.adapted(question.place, question.name, how)


def _texts(data: object) -> Iterator[str]:
    """Every text in an item's data."""
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(part)


def plain_number(value: Decimal) -> str:
    """A number as the deck format takes it: without needless zeros, and without an exponent where it has few digits."""
    with localcontext(EXACT):
        value = value.normalize()
    return f"{value:f}" if -16 < value.adjusted() < 32 else f"{value:E}"
