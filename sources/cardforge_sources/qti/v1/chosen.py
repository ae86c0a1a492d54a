"""Choices of QTI 1.2, and what is put in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from cardforge_sources.qti import kinds, ours
from cardforge_sources.qti.nodes import Node
from cardforge_sources.qti.numbers import NotUnderstood, number
from cardforge_sources.qti.question import Option, Question
from cardforge_sources.qti.scoring import ANY, MOST_CHOICES, ChoiceKey, Judged, Shown, bounded, of_choices
from cardforge_sources.qti.texts import words
from cardforge_sources.qti.v1.asking import Asking
from cardforge_sources.qti.v1.presentation import Asked

# Kinds of which several choices are right, whatever the response says.
_SEVERAL = frozenset({"cc.multiple_response.v0p1", "multiple answer", "multiple_answers_question"})
# Blackboard's names for the two sides of a question of its kind Either/Or.
_SIDES = {
    "agree_disagree": ("Agree", "Disagree"),
    "right_wrong": ("Right", "Wrong"),
    "true_false": ("True", "False"),
    "yes_no": ("Yes", "No"),
}
# How Respondus ends the names of the feedback of right and of wrong choices.
_OF_ANSWERS = ("_AC", "_AIC")
_SHARES = "nothing, if a share for each right choice will do"


def _either_or(html: str) -> str:
    kind, _, side = html.partition(".")
    return _SIDES[kind][side != "true"] if kind in _SIDES and side in ("true", "false") else html


def item(asking: Asking, question: Question, asked: Asked) -> Node | None:
    idents = [label.ident for label in asked.labels]
    if len(idents) > MOST_CHOICES:
        raise NotUnderstood(f"{len(idents):,} choices")
    is_multiple = asked.cardinality == "multiple" or asking.kind in _SEVERAL
    key, shown, by_marks = _scored(asking, asked, idents, is_multiple)
    if not key.right and _is_named_by_text(asking, asked):
        idents = [label.ident for label in asked.labels]
        key, shown, by_marks = _scored(asking, asked, idents, is_multiple)
    asking.say(question, shown)
    if not by_marks:
        asking.worth(question, max(key.best, key.whole.score))
    if question.is_ours and tuple(label.html for label in asked.labels) == ours.SELF_RATING and question.general:
        return kinds.flashcard(asking.builder, question)
    truth = _truth(asking, asked, key) if not is_multiple else None
    if truth is not None:
        right = next(iter(key.right))
        wrong = next(ident for ident in idents if ident != right)
        question.correct = asking.text([*shown.right, *shown.of.get(right, [])])
        question.incorrect = asking.text([*shown.wrong, *shown.of.get(wrong, [])])
        return kinds.true_false(asking.builder, question, truth)
    shares: dict[str, Decimal | None] = dict.fromkeys(idents)
    total = max(key.best, key.whole.score)
    if key.is_sum and total > 0 and not by_marks:
        shares = {ident: score / total for ident, score in key.scores.items()}
    elif is_multiple and not asking.kind and len(key.right) > 1:
        asking.findings.not_kept(question.place, "points for all right choices together only", _SHARES)
    options = [
        Option(_either_or(label.html), label.ident in key.right, label.line, asking.text(shown.of.get(label.ident, [])))
        for label in asked.labels
    ]
    for option, label in zip(options, asked.labels, strict=True):
        option.share = shares[label.ident]
    if question.is_ours and all(re.fullmatch(r"choice_\d{1,6}", ident) for ident in idents):
        options = _as_numbered(idents, options)
    shuffle = asking.meta.get("cardforge_order") != "fixed"
    return kinds.multiple_choice(asking.builder, question, options, is_multiple, shuffle)


def _is_named_by_text(asking: Asking, asked: Asked) -> bool:
    """Whether the conditions name choices by their texts, as some cartridges do; these are their idents from then on."""
    texts = [words(label.html) for label in asked.labels]
    named = {compared.text for compared in asking.conditions.comparisons() if compared.response == asked.ident}
    if not named or not named <= set(texts) or len(set(texts)) < len(texts):
        return False
    for label, text in zip(asked.labels, texts, strict=True):
        label.ident = text
    return True


def _scored(asking: Asking, asked: Asked, idents: Sequence[str], is_multiple: bool) -> tuple[ChoiceKey, Shown, bool]:
    """The key, whose the feedback is, and whether answers score by marks; kept for items with the same conditions."""
    conditions = asking.conditions
    about = (asked.ident, tuple(idents), is_multiple, tuple(asking.feedback))
    if about in conditions.found:
        return conditions.found[about]
    key, by_marks = _key(asking, asked, idents, is_multiple)
    names = frozenset(idents)

    def belongs(ident: str) -> str | None:
        name = ident.removesuffix("_fb")
        return name if name in names else ANY if ident.endswith(_OF_ANSWERS) else None

    shown = asking.sorted_out(key.singles, key.right, key.whole, key.empty, belongs)
    conditions.found[about] = key, shown, by_marks
    return key, shown, by_marks


def _key(asking: Asking, asked: Asked, idents: Sequence[str], is_multiple: bool) -> tuple[ChoiceKey, bool]:
    """The key, and whether answers score by marks: where none scores by points."""
    conditions = asking.conditions
    bounded(conditions.size, len(idents) + 4)

    def judge(chosen: Sequence[str], *, by_marks: bool = False) -> Judged:
        return conditions.judge({asked.ident: tuple(chosen)} if chosen else {}, by_marks=by_marks)

    tried = [chosen for chosen in conditions.orders(asked.ident) if set(chosen) <= set(idents)][:50]
    key = of_choices(judge, idents, is_multiple, (), tried)
    if key.right:
        return key, False
    return of_choices(partial(judge, by_marks=True), idents, is_multiple, (), tried), True


def _as_numbered(idents: Sequence[str], options: Sequence[Option]) -> list[Option]:
    """Cardforge mixes the choices, and numbers them as its deck has them."""
    order = sorted(range(len(idents)), key=lambda index: int(idents[index][len("choice_") :]))
    return [options[index] for index in order]


def _truth(asking: Asking, asked: Asked, key: ChoiceKey) -> bool | None:
    if asking.kind == "multiple_choice_question" or len(asked.labels) != 2 or len(key.right) != 1:
        return None
    labels = {label.ident: words(label.html).lower() for label in asked.labels}
    if set(labels.values()) != {"true", "false"}:
        return None
    return labels[next(iter(key.right))] == "true"


def ordering(asking: Asking, asked: Asked) -> Node | None:
    idents = [label.ident for label in asked.labels]
    orders = [o for o in asking.conditions.orders(asked.ident) if set(o) <= set(idents)]
    order = max(orders, key=len, default=())
    if len(order) < len(idents):  # D2L compares each step with its place
        places: dict[int, str] = {}
        for compared in asking.conditions.comparisons():
            place = number(compared.text)
            if place is not None and not compared.is_negated and place == int(place):
                places.setdefault(int(place), compared.alias)
        order = tuple(places[place] for place in sorted(places) if places[place] in idents)
    if len(order) < len(idents):
        asking.builder.aside(asking.question, "its right order is not known")
        return None
    texts = {label.ident: label.html for label in asked.labels}
    asking.shown_for({asked.ident: tuple(order)}, {asked.ident: tuple(reversed(order))})
    return kinds.ordering(asking.builder, asking.question, [texts[ident] for ident in order])
