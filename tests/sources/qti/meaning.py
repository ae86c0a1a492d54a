"""What a deck means, as plain data: to say that one came back equal, up to what its exporter declares.

Texts are compared as what they render to, without control characters, of which the exporters declare some and the
source drops the others. What else is left out of the comparison is left out because the losses of the export name it,
there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.fidelity import Feature
from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Dialect, Html, Text, deletions, from_html, render
from cardforge.text.content import CONTROL
from cardforge.text.html import without_illegal
from cardforge.text.reading.marks import Marks
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import Blank, blanks, with_blanks
from cardforge_exporters.qti import xhtml
from tests.same import canonical
from tests.sources.declared import Declared, Told

DIALECT = Dialect(maths=mathjax)
Show = Callable[[Text], str]


def show(text: Text) -> str:
    """A text as QTI shows it, and Canvas, which has all elements of HTML."""
    return in_canvas(render(text, DIALECT))


def show_conformed(text: Text) -> str:
    """The same of HTML that QTI has no elements for."""
    return plainly(render(text, DIALECT))


def in_canvas(html: str) -> str:
    """HTML in the one form that `from_html` gives to all that shows the same."""
    text = from_html(_NOTHING.sub("", without_illegal(html)), marks=Marks.MATHJAX)
    return canonical(render(text, DIALECT)).strip() if text else ""


def plainly(html: str) -> str:
    """HTML as QTI has the elements for it, and in the one form that `from_html` gives to all that shows the same."""
    conformed = xhtml.conform(_NOTHING.sub("", without_illegal(html)), has_audio=False)
    if "<pre" in conformed:
        conformed = re.sub(
            r"(<pre[^>]*>)<span[^>]*>(.*?)</span></pre>", r"\1<code>\2</code></pre>", conformed, flags=re.DOTALL
        )
    text = from_html(conformed, marks=Marks.MATHJAX)
    return canonical(render(text, DIALECT)).strip() if text else ""


_NOTHING = re.compile(f"[{CONTROL}\u200b]")


def line(text: str | None) -> str | None:
    """A line as XML holds it."""
    return _NOTHING.sub("", without_illegal(text)).strip() if text is not None else None


def about(value: float | None) -> float | None:
    """A number up to the last digits."""
    return None if value is None else round(value, 6) if abs(value) < 1 else float(f"{value:.6g}")


def deck_means(deck: Deck, declared: Declared) -> dict[str, Any]:
    """A deck."""
    told = declared.of("")
    return {
        "id": deck.identity,
        "title": line(deck.title),
        "language": deck.language,
        "author": line(deck.author),
        "license": line(deck.license),
        "tags": _tags(deck.tags),
        "description": shown(deck.description, _show(told)),
        "items": _nodes(deck.items, ("items",), iter(deck.entries()), declared),
    }


_OF_MARKUP = (Feature.HTML, Feature.TABLES, Feature.CODE)


def _show(told: Told) -> Show:
    return show_conformed if any(map(told, _OF_MARKUP)) else show


def _tags(tags: Sequence[str]) -> list[str | None]:
    return sorted({line(tag) for tag in tags}, key=str)


def shown(text: Text | None, show: Show) -> str | None:
    return None if text is None else show(text)


def _nodes(
    nodes: tuple[AnyItem | Section, ...], at: Loc, entries: Iterator[Entry], declared: Declared
) -> list[dict[str, Any]]:
    told = declared.of("")
    made: list[dict[str, Any]] = []
    for index, node in enumerate(nodes):
        place = (*at, index)
        if not isinstance(node, Section):
            entry = next(entries)
            made.append(item_means(entry, declared.of(entry.id)))
            continue
        made.append(
            {
                "section": line(node.section),
                "description": shown(node.description, _show(told)),
                "pick": None if declared.at((*place, "pick"), Feature.PICK) else node.pick,
                "tags": [] if told(Feature.TAGS) else _tags(node.tags),
                "items": _nodes(node.items, (*place, "items"), entries, declared),
            }
        )
    return made


def item_means(entry: Entry, told: Told, show: Show | None = None) -> dict[str, Any]:
    """An item. Its tags are those that it inherits, too."""
    item = entry.item
    show = show or _show(told)
    data: dict[str, Any] = {
        "id": entry.id,
        "kind": item.KIND,
        "level": item.level,
        "tags": _tags(entry.tags),
        "hint": [show(hint) for hint in item.hint],
        "explanation": shown(item.explanation, show),
        "source": shown(item.source, show),
        "points": about(item.points),
    }
    if isinstance(item, Graded):
        data["correct"] = shown(item.feedback_correct, show)
        data["incorrect"] = shown(item.feedback_incorrect, show)
    return data | _own(item, told, show)


def _own(item: AnyItem, told: Told, show: Show) -> dict[str, Any]:
    match item:
        case Flashcard():
            return {"front": show(item.front), "back": show(item.back), "reversed": item.reversed}
        case Cloze():
            html, order = _with_blanks(item)
            text = plainly(html) if any(map(told, _OF_MARKUP)) else in_canvas(html)
            found = _blanks(item, told, show)
            return {"text": text, "blanks": [found[i] for i in order], "extra": shown(item.extra, show)}
        case MultipleChoice():
            first = item.key[0]
            # In QTI one of a single choice's right choices can be declared; full points tell the others, if there are
            # any points. A choice without a credit of its own has the one that right or wrong choices have.
            right = [
                c is first or (item.points > 0 and credit == 1) if told(Feature.MULTIPLE_CHOICE) else c.correct
                for c, credit in zip(item.choices, item.credits, strict=True)
            ]
            credits = [
                None if told(Feature.CHOICE_CREDIT) else about(credit if is_right or c.credit is not None else 0)
                for c, credit, is_right in zip(item.choices, item.credits, right, strict=True)
            ]
            return {
                "stem": show(item.stem),
                "multiple": item.is_multiple,
                "shuffle": item.shuffle,
                "choices": [
                    (show(c.text), is_right, shown(c.feedback, show), credit)
                    for c, is_right, credit in zip(item.choices, right, credits, strict=True)
                ],
            }
        case TrueFalse():
            return {"stem": show(item.stem), "answer": item.answer}
        case ShortAnswer():
            return {"stem": show(item.stem), "case": item.case_sensitive, "answers": _answers(item, told, show)}
        case Numeric():
            return {
                "stem": show(item.stem),
                "answer": Decimal(item.answer),
                "tolerance": quiz.margin(item),
                "percent": None if told(Feature.TOLERANCE) else item.tolerance_percent,
                "unit": line(item.unit),
            }
        case Matching():
            return {
                "stem": show(item.stem),
                "pairs": [(show(pair.left), show(pair.right)) for pair in item.pairs],
                "distractors": [show(text) for text in item.distractors],
            }
        case Ordering():
            steps = None if told(Feature.ORDERING) else [show(step) for step in item.steps]
            return {"stem": show(item.stem), "steps": steps}
        case OpenPrompt():
            return {
                "stem": show(item.stem),
                # Their points are named in the text, with six digits.
                "concepts": [(show(c.text), f"{c.points:g}") for c in item.concepts],
                "model": shown(item.model_answer, show),
                "count": None if item.concepts else item.concept_count,
            }


def _with_blanks(item: Cloze) -> tuple[str, list[int]]:
    """The text with its blanks, and the deletions in the order of these.

    (The blank of a deletion in the language of a code block, which shows nothing, stands at the end.)
    """
    order: list[int] = []

    def blank(index: int, _: Blank) -> str:
        order.append(index)
        return f"[blank {len(order)}]"

    return with_blanks(item, DIALECT, str, blank), order


def _blanks(item: Cloze, told: Told, show: Show) -> list[tuple[Any, ...]]:
    """What is typed into each blank: as plain text where the exporter says so."""
    if told(Feature.CLOZE):
        return [(line(blank.answer), line(blank.hint)) for blank in blanks(item)]

    def inside(part: str | None) -> str | None:
        return part and show(Html(part) if isinstance(item.text, Html) else part)

    found = deletions(item.text.html if isinstance(item.text, Html) else item.text)
    return [(deletion.number, inside(deletion.answer), inside(deletion.hint)) for deletion in found]


def _answers(item: ShortAnswer, told: Told, show: Show) -> list[tuple[Any, ...]]:
    kept: dict[str, tuple[Any, ...]] = {}
    for answer in item.answers:
        text = line(answer.text) or ""
        # Of answers that read the same, the one with the most credit counts.
        reads = text.lower() if told(Feature.SHORT_ANSWER) else text
        credit = None if told(Feature.ANSWER_CREDIT) else about(answer.credit)
        if reads not in kept or (credit or 0) > (kept[reads][1] or 0):
            kept[reads] = text, credit, shown(answer.feedback, show)
    return list(kept.values())
