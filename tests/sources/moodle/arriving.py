"""What of a deck arrives in a question bank: the deck without what the exporter says that it loses, and nothing more.

`meant` gives the deck that should be read back, `seen` a deck as plain data in which what says the same is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape, unescape
from itertools import count
from typing import Any

from cardforge.fidelity import Feature
from cardforge.model import (
    NOT_TEXT,
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Deck,
    Entry,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Pair,
    Section,
    ShortAnswer,
)
from cardforge.text import Html, Text, deletions, render
from cardforge.text.from_html import from_html
from cardforge.text.html import without_illegal
from cardforge.text.reading.marks import Marks
from cardforge.text.render import Dialect, mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import Blank, blanks, with_blanks
from cardforge_exporters.moodle import fractions, matching, names
from cardforge_exporters.moodle.questions import alike, answer_shares, blank_weight, kept, points
from tests.same import canonical, shown
from tests.sources.declared import Declared, Told

Losing = Callable[[AnyItem, Told], AnyItem | None]
"""An item without what a format was told to lose of it; None for one that does not arrive."""

_PLAIN = Dialect(maths=mathjax)
_ROOT: tuple[str, ...] = ()


def meant(deck: Deck, losing: Losing, declared: Declared) -> Deck | None:
    """The deck that should come back; None when no item of it does. ``declared`` are the losses of its export."""
    told = declared.of("")
    idnumbers = names.IdNumbers(deck)
    tree: dict[tuple[str, ...], list[Any]] = {_ROOT: []}
    for entry in deck.entries():
        item = losing(_general(entry, idnumbers), declared.of(entry.id))
        if item is not None:
            path = tuple(_category(section.section) for section in entry.sections)
            for depth in range(1, len(path) + 1):
                if path[:depth] not in tree:
                    tree[path[:depth]] = []
                    tree[path[: depth - 1]].append((path[:depth], entry.sections[depth - 1]))
            tree[path].append(item)
    if not tree[_ROOT]:
        return None

    def nodes(path: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(
            Section(
                section=node[0][-1],
                items=nodes(node[0]),
                description=node[1].description,
                pick=node[1].pick,
                tags=() if told(Feature.TAGS) else node[1].tags,
            )
            if isinstance(node, tuple)
            else node
            for node in tree[path]
        )

    return Deck(
        id=None if told(Feature.DECK_ID) else deck.id,
        title=_category(deck.title),
        language=None if told(Feature.LANGUAGE) else deck.language,
        tags=() if told(Feature.TAGS) else deck.tags,
        description=deck.description,
        author=_line(deck.author),
        license=_line(deck.license),
        items=nodes(_ROOT),
    ).with_origin(deck.origin)


def has_sections_alike(deck: Deck) -> bool:
    """Whether sections become one category: then their descriptions do, too."""
    paths = [tuple(_category(section.section) for section in way) for _, way, _ in deck.sections()]
    return len(set(paths)) < len(paths)


def _category(title: str) -> str:
    return unescape(names.category_name(title)).strip()


def _line(text: str | None) -> str | None:
    return without_illegal(text).strip() if text is not None else None


def _general(entry: Entry, idnumbers: names.IdNumbers) -> AnyItem:
    tags = tuple(dict.fromkeys(" ".join(unescape(tag).split()) for tag in names.tags(entry.tags, None)))
    return replace(entry.item, id=idnumbers.of(entry.id), tags=tags)


# --- what Moodle XML loses -----------------------------------------------------------------------


def in_moodle(item: AnyItem, told: Told) -> AnyItem | None:
    """What arrives in Moodle XML."""
    if isinstance(item, Cloze) and told(Feature.POINTS):
        return replace(item, points=float(len(blanks(item)) * blank_weight(item)))
    if isinstance(item, Numeric) and told(Feature.NUMERIC):
        rounded = abs(kept(Decimal(item.answer)) - Decimal(item.answer))
        item = replace(item, tolerance=f"{quiz.margin(item) + rounded}", tolerance_percent=None)
    if told(Feature.POINTS) or abs(float(points(item)) - item.points) < 1e-7:  # 7 decimals are kept
        item = replace(item, points=float(points(item)))
    return of_kind(item, told)


def of_kind(item: AnyItem, told: Told) -> AnyItem | None:
    """What Moodle XML and GIFT have in common."""
    if isinstance(item, MultipleChoice):
        return _multiple_choice(item, told)
    if isinstance(item, ShortAnswer):
        return _short_answer(item, told)
    if isinstance(item, Numeric):
        if told(Feature.TOLERANCE):
            item = replace(item, tolerance=f"{quiz.margin(item)}", tolerance_percent=None)
        return replace(item, unit=_line(item.unit))
    if isinstance(item, Matching) and told(Feature.MATCHING):
        return _matching(item)
    if isinstance(item, OpenPrompt):
        concepts = item.concepts
        if told(Feature.CONCEPT_POINTS):
            concepts = tuple(Concept(text=c.text, points=float(f"{c.points:g}")) for c in concepts)
        return replace(item, concepts=concepts, concept_count=None if concepts else item.concept_count)
    return item


def _multiple_choice(item: MultipleChoice, told: Told) -> MultipleChoice | None:
    shares = [float(share) for share in fractions.shares(item)]
    best = max(shares)
    if best <= 0:
        return None
    right = [choice.correct for choice in item.choices]
    credits = [_nearby(share, item.credit_of(c)) for c, share in zip(item.choices, shares, strict=True)]
    if told(Feature.CHOICE_CREDIT):
        right = [share > 0 if item.is_multiple else share == best for share in shares]
        credits = [share / 100 for share in shares]
    choices = tuple(
        Choice(text=c.text, correct=r, feedback=c.feedback, credit=credit)
        for c, r, credit in zip(item.choices, right, credits, strict=True)
    )
    return replace(item, choices=choices, multiple=item.is_multiple)


def _nearby(share: float, credit: float) -> float:
    """The credit as one of Moodle's percentages, if that is no tenth of a percent away."""
    return share / 100 if abs(share - 100 * credit) < 0.1 else credit


def _short_answer(item: ShortAnswer, told: Told) -> ShortAnswer:
    pairs = list(zip(answer_shares(item), item.answers, strict=True))
    asked = replace(item, case_sensitive=False) if told(Feature.CASE_SENSITIVE) else item
    if told(Feature.SHORT_ANSWER) and alike(asked):
        pairs.sort(key=lambda pair: -pair[1].credit)
    answers: dict[str, Answer] = {}
    for share, answer in pairs:
        text = " ".join(without_illegal(answer.text).split("\t")).strip()
        credit = float(share) / 100 if told(Feature.ANSWER_CREDIT) else _nearby(float(share), answer.credit)
        answers.setdefault(text, Answer(text=text, credit=credit, feedback=answer.feedback))
    return replace(item, answers=tuple(answers.values()))


def _matching(item: Matching) -> Matching:
    lines = matching.as_lines(item)
    rights: dict[Text, Text] = {right: right for right in item.offered}
    if lines is not None:
        rights = {right: Html(line) for right, line in zip(rights, lines, strict=True)}
    pairs = tuple(Pair(left=pair.left, right=rights[pair.right]) for pair in item.pairs)
    return replace(item, pairs=pairs, distractors=tuple(rights[d] for d in quiz.distinct(item.distractors)))


# --- decks as they are seen ----------------------------------------------------------------------


def typed_clozes(deck: Deck, declared: Declared) -> frozenset[str]:
    """The cloze texts (by the ids that arrive) whose blanks were told to be no more than plain text to be typed."""
    idnumbers = names.IdNumbers(deck)
    return frozenset(idnumbers.of(e.id) for e in deck.entries() if declared.of(e.id)(Feature.CLOZE))


def seen(deck: Deck, typed: frozenset[str] | None = None) -> dict[str, Any]:
    """A deck as plain data: texts as what they show, and one form for what can be said in several.

    Of the cloze texts with the ids ``typed`` (None: of all), blanks are plain text without numbers of their own.
    """
    clozes = {item.id: item for item in _items(deck.items) if isinstance(item, Cloze)}
    data: dict[str, Any] = _texts(shown(replace(deck, items=_normal(deck.items)).with_origin(deck.origin)))
    for item in _dicts(data["items"]):
        if item.get("type") == "cloze" and isinstance(clozes.get(item["id"]), Cloze):
            item["text"] = _cloze_text(clozes[item["id"]], typed is None or item["id"] in typed)
    return data


def _items(nodes: Sequence[Any]) -> Iterator[AnyItem]:
    for node in nodes:
        if isinstance(node, Section):
            yield from _items(node.items)
        else:
            yield node


def _dicts(nodes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "items" in node:
            yield from _dicts(node["items"])
        else:
            yield node


def _cloze_text(item: Cloze, is_typed: bool) -> str:
    """The text with what each blank asks for; with what is typed, numbered from 1.

    (The blank of a deletion in the language of a code block, which shows nothing, stands at the end.)
    """
    place = count(1)
    deletions_ = deletions(item.text.html if isinstance(item.text, Html) else item.text)

    def inside(part: str) -> str:
        return _text(render(Html(part) if isinstance(item.text, Html) else part, _PLAIN))

    def blank(index: int, found: Blank) -> str:
        if not is_typed:
            deletion = deletions_[index]
            return f"[{deletion.number}: {inside(deletion.answer)} {inside(deletion.hint or '·')}]"
        hint = f" ({escape(found.hint)})" if found.hint else ""
        # In code, a formula is one no more.
        answer = " ".join(without_illegal(found.answer).split()).removeprefix(r"\(").removesuffix(r"\)")
        return f"[{next(place)}: {escape(answer)}{hint}]"

    html = with_blanks(item, _PLAIN, lambda path: path, blank)
    return _text(canonical(html))


_UNSEEN = re.compile(r"<span></span>|[\x7f-\x9f\u200b\u2060\ufeff]")
_LINES = re.compile(r"(?:\s*<(?:/?(?:div|p)|br)>\s*)+")
_PRE = re.compile(r"(<pre>(?:<code>)?)\s*")
_CLASS = re.compile(r' class="(?:x|highlight)"')


def _texts(value: Any, name: str = "") -> Any:
    """Every text as `from_html` leaves it: what that changes is not seen, and is tested where it is."""
    if isinstance(value, dict):
        typed = name == "answers"
        return {key: part if typed and key == "text" else _texts(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part, name) for part in value]
    return _text(value) if isinstance(value, str) and name not in NOT_TEXT | {"answers"} else value


def _text(html: str) -> str:
    for _ in range(2):  # what is HTML still is read once more
        read = from_html(_UNSEEN.sub("", html).strip() or "·", marks=Marks.MATHJAX | Marks.DOLLARS)
        html = canonical(render(read or "·", _PLAIN))
    return " ".join(_PRE.sub(r"\1", _LINES.sub("¶", _CLASS.sub("", html)).strip("¶ ")).split())


def _normal(nodes: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        replace(node, items=_normal(node.items)) if isinstance(node, Section) else _item(node) for node in nodes
    )


def _item(item: AnyItem) -> AnyItem:
    if isinstance(item, MultipleChoice):
        return _choices(item)
    if isinstance(item, ShortAnswer):
        return _typed(item)
    if isinstance(item, Numeric):
        margin = quiz.margin(item)
        number, tolerance = Decimal(f"{float(item.answer):.13g}"), Decimal(f"{float(margin):.6g}")
        return replace(
            item,
            answer=quiz.decimal(number),
            tolerance=quiz.decimal(tolerance) if tolerance else None,
        )
    return item


def _choices(item: MultipleChoice) -> MultipleChoice:
    """Credits in hundredths of percents, none where it is the usual one."""
    count = len(item.key)
    usual = 1 / count if item.is_multiple else 1.0
    choices = []
    for choice in item.choices:
        credit = item.credit_of(choice)
        is_usual = abs(credit - (usual if choice.correct else 0)) < 0.001
        choices.append(replace(choice, credit=None if is_usual else round(credit, 4)))
    is_multiple = None if item.is_multiple == (count > 1) else item.is_multiple
    return replace(item, choices=tuple(choices), multiple=is_multiple)


def _typed(item: ShortAnswer) -> ShortAnswer:
    """All that is said after an answer, with that answer."""
    answers = []
    for answer in item.answers:
        of_item = item.feedback_correct if answer.credit > 0.999 else item.feedback_incorrect
        answers.append(replace(answer, credit=round(answer.credit, 4), feedback=both(answer.feedback, of_item)))
    return replace(item, answers=tuple(answers), feedback_correct=None)


def both(own: Text | None, of_item: Text | None) -> Text | None:
    """An answer's feedback and behind it the item's."""
    if own is None or of_item is None:
        return of_item if own is None else own
    return Html(f"<div>{render(own, _PLAIN)}</div><div>{render(of_item, _PLAIN)}</div>")


def without_feedback(item: AnyItem) -> AnyItem:
    """An item without what is said after right and wrong."""
    return replace(item, feedback_correct=None, feedback_incorrect=None) if isinstance(item, Graded) else item
