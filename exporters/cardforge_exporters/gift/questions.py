"""An item as a question, or as several: a reversed flashcard as two, a cloze text as one for each deletion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

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
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Text
from cardforge.text.content import as_written
from cardforge_exporters import quiz
from cardforge_exporters.asking import in_another_order
from cardforge_exporters.blanks import Blank, blanks, with_blanks
from cardforge_exporters.gift.texts import address, asked, comment, escaped, html, lines, shown, typed
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.moodle import fractions, matching, names
from cardforge_exporters.moodle.questions import REVERSED, alike, answer_shares

GAP = "_____"
"""What Moodle shows in place of the answers of a question whose text goes on behind them."""
_OTHER_GAP = "<span>[…]</span>"
_EMPTY = "<span></span>"
PLACES = "<p>Match each step with its place in the order: 1 comes first.</p>"


class Questions:
    """Makes the questions of a deck's items."""

    def __init__(self, deck: Deck) -> None:
        self._idnumbers = names.IdNumbers(deck)

    def of(self, entry: Entry) -> Iterator[str]:
        """The questions of an item, each with the empty line that ends it."""
        item = entry.item
        if isinstance(item, Cloze):
            yield from self._cloze(entry, item)
            return
        yield self._question(entry, item)
        if isinstance(item, Flashcard) and item.reversed:
            yield self._question(entry, replace(item, front=item.back, back=item.front), REVERSED)

    def _question(self, entry: Entry, item: AnyItem, suffix: str = "") -> str:
        stem, answers = _parts(item)
        return self._made(entry, item, suffix, asked(stem), answers)

    def _made(self, entry: Entry, item: AnyItem, suffix: str, stem: str, answers: str) -> str:
        name = escaped(names.question_name(item, suffix))
        head = comment(self._idnumbers.of(entry.id, suffix), entry.tags, item.level)
        return f"{head}::{name}::{stem}{answers}\n\n"

    def _cloze(self, entry: Entry, item: Cloze) -> Iterator[str]:
        found = blanks(item)
        for asks, blank in enumerate(found):
            before, behind = with_blanks(item, _BESIDE_GAPS, address, _gaps(asks)).split(_HERE)
            before += _EMPTY * before.endswith("_")
            behind = _EMPTY * behind.startswith("_") + behind
            answers = "{=%100%" + typed(" ".join(blank.answer.split())) + _general_feedback(item) + "}"
            stem = f"[html]<div>{escaped(before.lstrip())}{answers}{escaped(behind.rstrip())}</div>"
            suffix = f" (blank {asks + 1} of {len(found)})"
            yield self._made(entry, item, suffix, stem + escaped(quiz.hints(item, html)), "")


_HERE = "\0"
_UNDERSCORES = re.compile(r"(<[^>]*>)|_{4}(?=_)")


def _apart(html: str) -> str:
    """HTML in which no underscores look like a gap: what shows nothing stands between them."""
    return _UNDERSCORES.sub(lambda m: m[1] or f"{m[0]}{_EMPTY}", html) if "_____" in html else html


_BESIDE_GAPS = replace(DIALECT, literal=lambda html: _apart(DIALECT.literal(html)))


def _gaps(asks: int) -> Callable[[int, Blank], str]:
    def gap(index: int, blank: Blank) -> str:
        hint = f" <em>({DIALECT.literal(quiz.typed(blank.hint))})</em>" if blank.hint else ""
        return (_HERE if index == asks else _OTHER_GAP) + hint

    return gap


def _parts(item: AnyItem) -> tuple[str, str]:
    """The text as HTML, and the answers in their braces."""
    match item:
        case Flashcard():
            stem = html(item.front) + quiz.hints(item, html) + quiz.details(quiz.SHOW_ANSWER, html(item.back))
            weights = {1.0: "=", 0.0: "~"}
            rated = (f"{weights.get(share, f'~%{100 * share:g}%')}{label}" for label, share in quiz.SELF_RATING)
            return stem, lines([*rated, *_feedback_line(item)])
        case MultipleChoice():
            return _stem(item, item.stem), lines([*_choices(item), *_feedback_line(item)])
        case TrueFalse():
            return _stem(item, item.stem), _true_false(item)
        case ShortAnswer():
            return _stem(item, item.stem), lines([*_answers(item), *_feedback_line(item)])
        case Numeric():
            unit = f"<p>Unit: {DIALECT.literal(quiz.typed(item.unit))}</p>" if item.unit is not None else ""
            return _stem(item, item.stem, unit), _number(item)
        case Matching():
            return _matching(item)
        case Ordering():
            pairs = (f"={shown(html(step) or _EMPTY)} -> {place}" for place, step in enumerate(item.steps, start=1))
            return _stem(item, item.stem, PLACES), lines([*pairs, *_feedback_line(item)])
        case OpenPrompt():
            return _stem(item, item.stem), "{" + _general_feedback(item) + "}"
        case Cloze():
            raise AssertionError("a cloze text has a question for each deletion")


def _stem(item: AnyItem, stem: Text, behind: str = "") -> str:
    """The text that asks, what belongs to the answers, and the hints, which GIFT has no place for."""
    return html(stem) + behind + quiz.hints(item, html)


def _choices(item: MultipleChoice) -> Iterator[str]:
    shares, is_multiple = fractions.shares(item), item.is_multiple
    # Without any ~ they would be answers to be typed.
    only_right = set(shares) == {"100"}
    for place, (choice, share) in enumerate(zip(item.choices, shares, strict=True)):
        is_full = share == "100" and not is_multiple
        text = shown(html(choice.text) or _EMPTY)
        of_item = None
        if not is_multiple:
            of_item = item.feedback_correct if is_full else item.feedback_incorrect
        mark = (
            "="
            if is_full and not (only_right and place)
            else "~"
            if share == "0" and not text.startswith("%")
            else f"~%{share}%"
        )
        yield mark + text + _feedback(choice.feedback, of_item)


def _feedback(own: Text | None, of_item: Text | None) -> str:
    """The feedback for an answer: its own first, then the item's."""
    said = [html(text) for text in (own, of_item) if text is not None]
    return "#" + shown(said[0] if len(said) == 1 else "".join(f"<div>{text}</div>" for text in said)) if said else ""


def _true_false(item: TrueFalse) -> str:
    answer = "TRUE" if item.answer else "FALSE"
    wrong, right = (_feedback(text, None) for text in (item.feedback_incorrect, item.feedback_correct))
    return f"{{{answer}{wrong or '#' * bool(right)}{right}{_general_feedback(item)}}}"


def as_asked(item: ShortAnswer) -> ShortAnswer:
    """The item as GIFT asks it: capitals never matter."""
    return replace(item, case_sensitive=False)


def _answers(item: ShortAnswer) -> Iterator[str]:
    pairs = list(zip(answer_shares(item), item.answers, strict=True))
    if alike(as_asked(item)):  # Moodle takes the first answer that fits, so the better one of two comes first.
        pairs.sort(key=lambda pair: -pair[1].credit)
    for share, answer in pairs:
        of_item = item.feedback_correct if share == "100" else item.feedback_incorrect
        yield f"=%{share}%{typed(answer.text)}{_feedback(answer.feedback, of_item)}"
    if item.feedback_incorrect is not None:
        yield f"=%0%*{_feedback(item.feedback_incorrect, None)}"


def _number(item: Numeric) -> str:
    said = f"=%100%{quiz.decimal(Decimal(item.answer))}:{quiz.decimal(quiz.margin(item))}"
    parts = [said + _feedback(item.feedback_correct, None)]
    if item.feedback_incorrect is not None:
        parts.append("~" + _feedback(item.feedback_incorrect, None))
    return "{#\n" + lines([*parts, *_feedback_line(item)]).removeprefix("{\n")


def _matching(item: Matching) -> tuple[str, str]:
    rights: Sequence[Text] = item.offered
    said = matching.as_lines(item)
    behind = ""
    if said is None:
        rights = in_another_order(rights, as_written)
        said = [str(number) for number in range(1, len(rights) + 1)]
        behind = f"<ol>{''.join(f'<li>{html(right)}</li>' for right in rights)}</ol>"
    line_of = dict(zip(rights, said, strict=True))
    pairs = [f"={shown(html(pair.left) or _EMPTY)} -> {escaped(line_of[pair.right])}" for pair in item.pairs]
    pairs += [f"= -> {escaped(line_of[distractor])}" for distractor in quiz.distinct(item.distractors)]
    return _stem(item, item.stem, behind), lines([*pairs, *_feedback_line(item)])


def _general_feedback(item: AnyItem) -> str:
    """What is shown after any answer, with its mark."""
    if item.source is None and isinstance(item, Graded):
        said = html(item.explanation) if item.explanation is not None else ""
    else:
        said = quiz.general_feedback(item, html)
    return "####" + shown(said) if said else ""


def _feedback_line(item: AnyItem) -> list[str]:
    feedback = _general_feedback(item)
    return [feedback] if feedback else []
