"""Choices of QTI 2 and 3: choiceInteraction, and inlineChoiceInteraction where it stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cardforge_sources.qti import kinds, ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.markup import html
from cardforge_sources.qti.names import children, content
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.numbers import NotUnderstood
from cardforge_sources.qti.question import Option, Question
from cardforge_sources.qti.scoring import MOST_CHOICES, ChoiceKey, Judged, Shown, bounded, of_choices, sorted_out
from cardforge_sources.qti.v2.declarations import Response, container
from cardforge_sources.qti.v2.judging import Judging
from cardforge_sources.xml import Element, line_of


def item(
    question: Question,
    interaction: Element,
    response: Response,
    judging: Judging,
    builder: Builder,
    findings: Findings,
) -> ItemNode | None:
    """The item of a choice: a multiple choice, a true_false, or a flashcard that cardforge wrote as a choice."""
    choices = children(interaction, "simpleChoice", "inlineChoice")
    names = [choice.get("identifier", "") for choice in choices]
    if len(names) > MOST_CHOICES:
        raise NotUnderstood(f"{len(names):,} choices")
    is_multiple = response.cardinality != "single"
    key, shown, best = _scored(response, names, is_multiple, judging)
    question.points = judging.points(best)
    question.correct, question.incorrect = judging.text(shown.right), judging.text(shown.wrong)
    question.general = judging.text(shown.always)
    if judging.is_ours and _is_self_rating(choices) and question.general:
        return kinds.flashcard(builder, question)
    if len(choices) == 2 and not is_multiple and len(key.right) == 1:
        truth = _truth(choices, names, key, judging.is_ours)
        if truth is not None:
            right, wrong = (names if names[0] in key.right else names[::-1])[:2]
            question.correct = judging.text([*shown.of.get(right, []), *shown.right])
            question.incorrect = judging.text([*shown.of.get(wrong, []), *shown.wrong])
            return kinds.true_false(builder, question, truth)
    total = judging.total(best)
    if key.is_sum and total > 0:
        shares: dict[str, Decimal | None] = {name: score / total for name, score in key.scores.items()}
    else:
        shares = dict.fromkeys(names)
        if is_multiple and len(key.right) > 1 and key.whole.score > 0:
            findings.not_kept(question.place, _ALL_OR_NOTHING, "nothing, if a share for each right choice will do")
    options = [
        Option(
            html(choice, classes=judging.is_ours).strip(),
            name in key.right,
            line_of(choice),
            judging.text(shown.of.get(name, [])),
            shares[name],
        )
        for choice, name in zip(choices, names, strict=True)
    ]
    return kinds.multiple_choice(
        builder, question, options, is_multiple, interaction.get("shuffle") == "true" or not judging.is_ours
    )


_ALL_OR_NOTHING = "points for all right choices together only: here each has its share"


def _scored(
    response: Response, names: Sequence[str], is_multiple: bool, judging: Judging
) -> tuple[ChoiceKey, Shown, Decimal]:
    """The key, whose the feedback is, and the best score; remembered for items with the same rules."""
    found = judging.scoring.found
    asked = (response.identifier, tuple(names), judging.is_ours, judging.signature)
    known = found.get(asked)
    if known is None:
        key = _key(response, names, is_multiple, judging)
        named = {key: when for key, when in judging.named.items() if judging.belongs(key) not in names}
        shown = sorted_out(judging.feedback, key.singles, key.right, key.whole, key.empty, judging.belongs, named)
        whole = container(sorted(key.right), response.cardinality) if is_multiple else None
        bounded_best = judging.judge({response.identifier: whole}, is_bounded=True).score if whole else key.best
        known = found[asked] = key, shown, bounded_best
    return known


def _key(response: Response, names: Sequence[str], is_multiple: bool, judging: Judging) -> ChoiceKey:
    bounded(judging.rules.size + len(judging.feedback) + 1, len(names) + 2)

    def judge(chosen: Sequence[str]) -> Judged:
        value = container(list(chosen), response.cardinality)
        return judging.judge({response.identifier: value})

    declared = [str(value) for value in response.correct]
    positive = [entry.key for entry in response.mapping.entries if entry.value > 0] if response.mapping else []
    full = judging.total(Decimal(0)) if judging.is_ours else None
    return of_choices(judge, names, is_multiple, declared, [positive, *judging.rules.sets], full)


def _is_self_rating(choices: Sequence[Element]) -> bool:
    return tuple(map(content, choices)) == ours.SELF_RATING


def _truth(choices: Sequence[Element], names: Sequence[str], key: ChoiceKey, is_ours: bool) -> bool | None:
    """Whether the statement is true, if the choices are true and false."""
    labels = [content(choice).lower() for choice in choices]
    if set(labels) != {"true", "false"} or (is_ours and set(names) != {"true", "false"}):
        return None
    return next(label for label, name in zip(labels, names, strict=True) if name in key.right) == "true"
