"""What is put in its place in QTI 2 and 3: matches, associations, gaps, orders."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cardforge_sources.qti import kinds, ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.markup import html
from cardforge_sources.qti.names import children, inside
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.question import MARK, Option, Question
from cardforge_sources.qti.scoring import bounded
from cardforge_sources.qti.v2.declarations import Response, Scalar, container
from cardforge_sources.qti.v2.judging import Judging
from cardforge_sources.xml import Element, line_of

_MOST_TRIED = 2_000
_Pairs = list[tuple[str, str]]


def matched(
    question: Question, interaction: Element, response: Response, judging: Judging, builder: Builder
) -> ItemNode | None:
    """Two sets, whose choices are to be joined."""
    sets = children(interaction, "simpleMatchSet")
    if len(sets) != 2:
        return builder.aside(question, "it does not have two sets to be matched")
    lefts, rights = (_texts(side, judging) for side in sets)
    pairs = _pairs(response, judging, list(lefts), list(rights))
    if any(left not in lefts for left, _ in pairs):
        pairs = [(right, left) for left, right in pairs]
    pairs = [(left, right) for left, right in pairs if left in lefts and right in rights]
    if len({left for left, _ in pairs}) < len(pairs):
        if len({right for _, right in pairs}) < len(pairs):
            return builder.aside(question, "several of its left sides belong to several right ones", _SPLIT)
        lefts, rights = rights, lefts
        pairs = [(right, left) for left, right in pairs]
    order = {name: index for index, name in enumerate(lefts)}
    pairs.sort(key=lambda pair: order[pair[0]])
    return _matching(question, response, judging, builder, pairs, lefts, rights)


_SPLIT = "ask it as several multiple choices"


def associated(
    question: Question, interaction: Element, response: Response, judging: Judging, builder: Builder
) -> ItemNode | None:
    """One set, whose choices are to be joined in pairs."""
    texts = _texts(interaction, judging)
    pairs = _pairs(response, judging, list(texts), list(texts))
    pairs = [(left, right) for left, right in pairs if left in texts and right in texts]
    if len({left for left, _ in pairs}) < len(pairs):
        pairs = [(right, left) for left, right in pairs]
    used = {name for pair in pairs for name in pair}
    others = {name: text for name, text in texts.items() if name not in used}
    rights = {**{right: texts[right] for _, right in pairs}, **others}
    return _matching(question, response, judging, builder, pairs, texts, rights)


def filled(
    question: Question,
    interaction: Element,
    response: Response,
    judging: Judging,
    builder: Builder,
    findings: Findings,
) -> ItemNode | None:
    """A text with gaps, and words to be put into them: each gap, by its number, is matched with its word."""
    gaps = list(inside(interaction, "gap"))
    words = {w.get("identifier", ""): _content(w, judging) for w in inside(interaction, "gapText", "gapImg")}
    numbers = {gap.get("identifier", ""): str(index) for index, gap in enumerate(gaps, 1)}

    def instead(element: Element) -> str | None:
        if element.tag in ("gapText", "gapImg", "prompt"):
            return ""
        return f"[{numbers[element.get('identifier', '')]}] ____" if element.tag == "gap" else None

    question.stem += html(interaction, instead, classes=judging.is_ours)
    pairs = _pairs(response, judging, list(words), list(numbers))
    joined = {(gap if gap in numbers else word): (word if gap in numbers else gap) for word, gap in pairs}
    made = [(gap, joined[gap]) for gap in numbers if joined.get(gap) in words]
    if len(gaps) == 1 and made:
        _feedback(question, response, judging, list(response.correct), ())
        line = line_of(interaction)
        options = [Option(text, name == made[0][1], line) for name, text in words.items()]
        return kinds.multiple_choice(builder, question, options, multiple=False, shuffle=True)
    node = _matching(question, response, judging, builder, made, numbers, words)
    if node is not None:
        how = "the gaps in its text are numbered, and matched with their words"
        findings.adapted(question.place, question.name, how)
    return node


def ordered(
    question: Question, interaction: Element, response: Response, judging: Judging, builder: Builder
) -> ItemNode | None:
    """Choices to be put in order."""
    texts = _texts(interaction, judging)
    steps = [str(value) for value in response.correct if str(value) in texts]
    if not steps:
        found = next((s for s in judging.rules.sets if len(s) > 1 and set(s) <= texts.keys()), ())
        steps = list(found)
    if len(steps) < len(texts):
        return builder.aside(question, "its right order is not known, or not all is to be put in order")
    _feedback(question, response, judging, steps, steps[::-1])
    return kinds.ordering(builder, question, [texts[step] for step in steps])


def _matching(
    question: Question,
    response: Response,
    judging: Judging,
    builder: Builder,
    pairs: _Pairs,
    lefts: dict[str, str],
    rights: dict[str, str],
) -> ItemNode | None:
    written = [str(value) for value in response.correct] or [" ".join(pair) for pair in pairs]
    _feedback(question, response, judging, written, written[:0])
    used = {right for _, right in pairs}
    others = [name for name in rights if name not in used]
    if judging.is_ours:
        others = ours.in_order(others)
    sides = [(lefts[left], rights[right]) for left, right in pairs]
    return kinds.matching(builder, question, sides, [rights[name] for name in others])


def _feedback(
    question: Question, response: Response, judging: Judging, right: Sequence[Scalar], wrong: Sequence[Scalar]
) -> None:
    """Points and feedback, from the right answer, a wrong one and none."""
    value = container(right, response.cardinality)
    whole = judging.judge({response.identifier: value}, is_bounded=True)
    other = container(wrong, response.cardinality) if wrong else (f"{MARK} {MARK}",)
    judging.say(question, whole, judging.judge({response.identifier: other}))
    question.points = judging.points(whole.score)


def _pairs(response: Response, judging: Judging, lefts: Sequence[str], rights: Sequence[str]) -> _Pairs:
    """The right pairs: those declared, or else those that are worth something."""
    declared = [pair for value in response.correct if len(pair := str(value).split(" ")) == 2]
    if declared:
        return [(pair[0], pair[1]) for pair in declared]
    if response.mapping:
        found = [e.key.split(" ") for e in response.mapping.entries if e.value > 0]
        return [(pair[0], pair[1]) for pair in found if len(pair) == 2]
    if len(lefts) * len(rights) > _MOST_TRIED:
        return []
    bounded(judging.rules.size + 1, len(lefts) * len(rights))
    nothing = judging.judge({}).score
    return [
        (left, right)
        for left in lefts
        for right in rights
        if judging.judge({response.identifier: (f"{left} {right}",)}).score > nothing
    ]


def _texts(container_: Element, judging: Judging) -> dict[str, str]:
    names = ("simpleAssociableChoice", "simpleChoice")
    return {e.get("identifier", ""): _content(e, judging) for e in children(container_, *names)}


def _content(element: Element, judging: Judging) -> str:
    text = html(element, classes=judging.is_ours).strip()
    return text or escape(element.get("objectLabel", ""))
