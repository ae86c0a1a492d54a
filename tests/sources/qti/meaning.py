"""What a deck means, as plain data: to say that one came back equal, up to what its exporter declares.

Texts are compared as what they render to, and as far as QTI's elements go: the exporters declare that HTML is kept as
far as the target has the elements, and that control characters are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

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
from cardforge.text import Dialect, Text, from_html, render
from cardforge.text.content import CONTROL
from cardforge.text.html import without_illegal
from cardforge.text.reading.marks import Marks
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import blanks, with_blanks
from cardforge_exporters.canvas.markup import menu_line
from cardforge_exporters.canvas.package import Block, Group, parts
from cardforge_exporters.qti import xhtml
from tests.same import canonical

_DIALECT = Dialect(maths=mathjax)
Show = Callable[[Text], str]


def show(text: Text) -> str:
    """A text as QTI shows it."""
    return plainly(render(text, _DIALECT))


def show_in_canvas(text: Text) -> str:
    """A text as Canvas shows it, which has all elements of HTML."""
    return in_canvas(render(text, _DIALECT))


def in_canvas(html: str) -> str:
    """HTML in the one form that `from_html` gives to all that shows the same."""
    text = from_html(_NOTHING.sub("", without_illegal(html)), marks=Marks.MATHJAX)
    return canonical(render(text, _DIALECT)).strip() if text else ""


def plainly(html: str) -> str:
    """HTML as QTI has the elements for it, and in the one form that `from_html` gives to all that shows the same."""
    conformed = xhtml.conform(_NOTHING.sub("", without_illegal(html)), has_audio=False)
    if "<pre" in conformed:
        conformed = re.sub(
            r"(<pre[^>]*>)<span[^>]*>(.*?)</span></pre>", r"\1<code>\2</code></pre>", conformed, flags=re.DOTALL
        )
    text = from_html(conformed, marks=Marks.MATHJAX)
    return canonical(render(text, _DIALECT)).strip() if text else ""


_NOTHING = re.compile(f"[{CONTROL}\u200b]")


def line(text: str | None) -> str | None:
    """A line as XML holds it."""
    return _NOTHING.sub("", without_illegal(text)).strip() if text is not None else None


def about(value: float | None) -> float | None:
    """A number up to the last digits."""
    return None if value is None else round(value, 6) if abs(value) < 1 else float(f"{value:.6g}")


def deck_means(deck: Deck, show: Show = show) -> dict[str, Any]:
    """A deck."""
    entries = iter(deck.entries())
    return {
        "id": deck.identity,
        "title": line(deck.title),
        "language": deck.language,
        "author": line(deck.author),
        "license": line(deck.license),
        "tags": sorted({line(tag) for tag in deck.tags}, key=str),
        "description": shown(deck.description, show),
        "items": _nodes(deck.items, entries, item_means),
    }


def shown(text: Text | None, show: Show) -> str | None:
    return None if text is None else show(text)


def _nodes(
    nodes: tuple[AnyItem | Section, ...], entries: Any, item: Callable[[Entry, Show], dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {
            "section": line(node.section),
            "description": shown(node.description, show),
            "pick": node.pick if node.pick and node.pick < len(node.items) else None,
            "items": _nodes(node.items, entries, item),
        }
        if isinstance(node, Section)
        else item(next(entries), show)
        for node in nodes
    ]


def item_means(entry: Entry, show: Show = show) -> dict[str, Any]:
    """An item."""
    item = entry.item
    data: dict[str, Any] = {
        "id": entry.id,
        "kind": item.KIND,
        "level": item.level,
        "tags": sorted({line(tag) for tag in entry.tags}, key=str),
        "hint": [show(hint) for hint in item.hint],
        "explanation": shown(item.explanation, show),
        "source": shown(item.source, show),
        "points": about(item.points),
    }
    if isinstance(item, Graded):
        data["correct"] = shown(item.feedback_correct, show)
        data["incorrect"] = shown(item.feedback_incorrect, show)
    data |= _own(item, show)
    return data


show_in_qti = show


def _own(item: AnyItem, show: Show) -> dict[str, Any]:
    match item:
        case Flashcard():
            return {"front": show(item.front), "back": show(item.back), "reversed": item.reversed}
        case Cloze():
            html = with_blanks(item, _DIALECT, str, lambda index, _: f"[blank {index}]")
            # In code, what an answer escapes is a matter of its reader: a star is a star.
            found = [(_unmarked(blank.answer), _unmarked(blank.hint)) for blank in blanks(item)]
            # A quiz shows an extra and an explanation alike: one of them alone is an explanation.
            extra = [shown(text, show) for text in (item.extra, item.explanation) if text is not None]
            text = (plainly if show is show_in_qti else in_canvas)(html)
            return {"text": text, "blanks": found, "explanation": extra}
        case MultipleChoice():
            first = item.key[0]
            # In QTI one of a single choice's right choices can be declared; full points tell the others.
            right = [
                c.correct if item.is_multiple else c is first or bool(item.points and item.credit_of(c) == 1)
                for c in item.choices
            ]
            credits = [about(item.credit_of(c)) if item.points else None for c in item.choices]
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
            return {"stem": show(item.stem), "case": item.case_sensitive, "answers": _answers(item, show)}
        case Numeric():
            return {
                "stem": show(item.stem),
                "bounds": quiz.bounds(item),
                "unit": line(item.unit),
            }
        case Matching():
            return {
                "stem": show(item.stem),
                "pairs": [(show(pair.left), show(pair.right)) for pair in item.pairs],
                "distractors": sorted({show(text) for text in item.distractors}),
            }
        case Ordering():
            return {"stem": show(item.stem), "steps": [show(step) for step in item.steps]}
        case OpenPrompt():
            return {
                "stem": show(item.stem),
                "concepts": [(show(c.text), about(c.points)) for c in item.concepts],
                "model": shown(item.model_answer, show),
                "count": None if item.concepts else item.concept_count,
            }


def _unmarked(text: str | None) -> str | None:
    return re.sub(r"[\\*]", "", line(text) or "") or None


def _answers(item: ShortAnswer, show: Show) -> list[tuple[Any, ...]]:
    """Of answers that read the same, the one with the most credit counts: the exporter says so."""
    kept: dict[str, tuple[Any, ...]] = {}
    for answer in item.answers:
        text = line(answer.text) or ""
        reads = text if item.case_sensitive else text.lower()
        credit = about(answer.credit) if item.points else None
        if reads not in kept or (credit or 0) > (kept[reads][1] or 0):
            kept[reads] = text, credit, shown(answer.feedback, show)
    return list(kept.values())


# --- Canvas ----------------------------------------------------------------------------------------


def canvas_means(deck: Deck) -> dict[str, Any]:
    """A deck that is read again from what the canvas exporter wrote, as its capabilities and limits declare it.

    Sections are texts among the questions, so that nobody can tell where one ends, and sections do not nest (but one
    that begins where another begins stands in it). In a question group all are worth what the first one is.
    """
    nodes: list[dict[str, Any]] = []
    into = nodes
    for part in parts(deck):
        if isinstance(part, Block):
            section = _section(part.section.section, part.section.description, None)
            (into if not into else nodes).append(section)
            into = section["items"]
        elif isinstance(part, Group):
            items = [item_means_in_canvas(entry) | {"points": about(part.points)} for entry in part.entries]
            pick = part.pick if part.pick < len(items) else None
            into.append(_section(part.section.section, None, pick) | {"items": items})
        else:
            into.append(item_means_in_canvas(part))
    said = [render(deck.description, _DIALECT)] if deck.description else []
    lines = [f"<p>{escape(text)}</p>" for text in (deck.author, deck.license) if text]
    described = "".join(f"<div>{part}</div>" for part in said) + "".join(lines)
    return {
        "title": line(deck.title),
        "language": deck.language,
        "description": in_canvas(described) if described else None,
        "items": nodes,
    }


def read_from_canvas(deck: Deck) -> dict[str, Any]:
    """The same of a deck that was read from Canvas's format."""
    return {
        "title": line(deck.title),
        "language": deck.language,
        "description": shown(deck.description, show_in_canvas),
        "items": _nodes(deck.items, iter(deck.entries()), lambda entry, _: item_means_in_canvas(entry)),
    }


def _section(title: str, description: Text | None, pick: int | None) -> dict[str, Any]:
    return {"section": line(title), "description": shown(description, show_in_canvas), "pick": pick, "items": []}


def item_means_in_canvas(entry: Entry) -> dict[str, Any]:
    """An item as Canvas holds it: credit is not, and right sides are plain text."""
    item, data = entry.item, item_means(entry, show_in_canvas)
    if isinstance(item, MultipleChoice):
        data["choices"] = [
            (text, c.correct, feedback) for c, (text, _, feedback, _) in zip(item.choices, data["choices"], strict=True)
        ]
    if isinstance(item, ShortAnswer):
        data["answers"] = [
            (line(a.text), about(a.credit), shown(a.feedback, show_in_canvas)) for a in item.answers if a.credit
        ]
    if isinstance(item, Matching):
        rights = [menu_line(pair.right).strip() for pair in item.pairs]
        data["pairs"] = [(left, line(right)) for (left, _), right in zip(data["pairs"], rights, strict=True)]
        others = {line(menu_line(text)) for text in item.distractors} - set(map(line, rights))
        data["distractors"] = sorted(others, key=str)
    return data
