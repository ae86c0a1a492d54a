"""What every quiz says of an item in the same way: its name, its hints, what is shown after an answer.

The functions that give HTML take ``html``, which renders a text in the target's dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, localcontext
from html import escape

from cardforge.model import AnyItem, Cloze, Flashcard, Numeric, OpenPrompt, main_text
from cardforge.text import Html, Text, deletions, plain
from cardforge.text.cloze import replaced
from cardforge.text.html import without_illegal

Renderer = Callable[[Text], str]

SELF_RATING = (("I knew it", 1.0), ("Partly", 0.5), ("Not yet", 0.0))
"""How a learner rates a flashcard, and the share of the points for it."""
SHOW_ANSWER = "Show the answer"


def title(item: AnyItem, limit: int = 100) -> str:
    """What a list of questions shows: the text that asks, as one line without markup. Never empty."""
    text = main_text(item)
    if isinstance(item, Cloze):
        text = replaced(text, lambda _index, _deletion: "[…]")
    line = " ".join(without_illegal(plain(text)).split()) or item.KIND.replace("_", " ").capitalize()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def details(summary: str, html: str) -> str:
    """Markup that opens on a click, with scripts off too."""
    return f"<details><summary>{summary}</summary><div>{html}</div></details>"


def hints(item: AnyItem, html: Renderer) -> str:
    """The hints in the question itself, closed; for targets or kinds that have no place for hints."""
    return "".join(details(label, html(hint)) for label, hint in labelled_hints(item))


def labelled_hints(item: AnyItem) -> list[tuple[str, Text]]:
    """The hints, each with what is written on it: Hint; Hint 1, Hint 2 …, where there are several."""
    if len(item.hint) == 1:
        return [("Hint", item.hint[0])]
    return [(f"Hint {number}", hint) for number, hint in enumerate(item.hint, 1)]


def general_feedback(item: AnyItem, html: Renderer) -> str:
    """What is shown after any answer: the answer of what is not graded, the explanation, the source.

    Without anything to show it is empty. A cloze's extra has a class, which tells it from an explanation.
    """
    extra = f'<div class="extra">{html(item.extra)}</div>' if isinstance(item, Cloze) and item.extra is not None else ""
    return extra + "".join(f"<div>{part}</div>" for part in _general_feedback(item, html))


def _general_feedback(item: AnyItem, html: Renderer) -> Iterator[str]:
    if isinstance(item, Flashcard):
        yield html(item.back)
    if isinstance(item, OpenPrompt):
        if item.model_answer is not None:
            yield f"<p><strong>Model answer</strong></p><div>{html(item.model_answer)}</div>"
        if item.concepts or item.concept_count:
            yield concepts(item, html)
    if item.explanation is not None:
        yield html(item.explanation)
    if item.source is not None:
        yield f"<p><strong>Source</strong></p><div>{html(item.source)}</div>"


def concepts(item: OpenPrompt, html: Renderer) -> str:
    """The concepts that a good answer mentions, or how many they are when only that is known."""
    if not item.concepts:
        count = item.concept_count
        return f"<p>A good answer mentions {count} concept{'s' if count != 1 else ''}.</p>"
    rows = "".join(f"<li>{html(concept.text)}{_worth(concept.points)}</li>" for concept in item.concepts)
    return f"<p><strong>A good answer mentions</strong></p><ul>{rows}</ul>"


def _worth(points: float) -> str:
    return "" if points == 1 else f" ({points:g} point{'s' if points != 1 else ''})"


def asks_in_turn(item: Cloze) -> bool:
    """Whether the deletions are numbered 1, 2, 3 …: each is asked alone, in the order of the text."""
    numbers = [d.number for d in deletions(item.text.html if isinstance(item.text, Html) else item.text)]
    return numbers == list(range(1, len(numbers) + 1))


def typed(text: str) -> str:
    """A text that is no Markdown, such as an answer to be typed, for XML or HTML."""
    return without_illegal(escape(text, quote=False))


def distinct(texts: Sequence[Text]) -> list[Text]:
    """The texts without repetitions, in their order."""
    return list(dict.fromkeys(texts))


def margin(item: Numeric) -> Decimal:
    """How far off an answer may be, exactly: the tolerance, or the percentage of the answer. 0 without either."""
    with localcontext() as context:
        context.prec = 400
        if item.tolerance is not None:
            return Decimal(item.tolerance)
        if item.tolerance_percent is not None:
            return abs(Decimal(item.answer)) * Decimal(item.tolerance_percent) / 100
        return Decimal(0)


def bounds(item: Numeric) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that is right, exactly."""
    with localcontext() as context:
        context.prec = 400
        answer, off = Decimal(item.answer), margin(item)
        return answer - off, answer + off


def boolean(value: bool) -> str:
    """A truth value as programs read it in XML."""
    return "true" if value else "false"


def decimal(number: Decimal) -> str:
    """A number as programs read it: without an exponent where it has few digits, and without needless zeros."""
    if number == 0:
        return "0"
    with localcontext() as context:
        context.prec = 400
        number = number.normalize()
    return f"{number:f}" if -16 < number.adjusted() < 16 else f"{number:E}"
