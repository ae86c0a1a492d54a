"""What is typed in QTI 1.2: texts, numbers, essays."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from html import unescape

from cardforge_sources.qti import kinds
from cardforge_sources.qti.nodes import Node
from cardforge_sources.qti.numbers import number
from cardforge_sources.qti.question import MARK, Typed
from cardforge_sources.qti.ranges import right_range
from cardforge_sources.qti.scoring import WRONG, Judged, bounded
from cardforge_sources.qti.v1.asking import Asking
from cardforge_sources.qti.v1.conditions import Comparison
from cardforge_sources.qti.v1.presentation import Asked


def item(asking: Asking, asked: Asked, is_essay: bool) -> Node | None:
    about = [c for c in asking.conditions.comparisons() if c.response == asked.ident]
    is_number = asked.is_number or asking.kind in ("numerical_question", "numeric")
    is_number |= any(c.kind in ("vargte", "varlte", "vargt", "varlt") for c in about)
    if is_number and about:
        return _numeric(asking, asked)
    texts = [c for c in about if c.kind in ("varequal", "varsubstring", "varsubset") and not c.is_negated]
    if is_essay or not texts:
        # Blackboard keeps the model answer among the feedback.
        model = next((label.html for label in asked.labels if label.html), asking.feedback.get("solution", ""))
        asking.feedback = {name: said for name, said in asking.feedback.items() if name != "solution"}
        asking.shown_for({asked.ident: (MARK,)}, {})
        asking.worth(asking.question, Decimal(0))
        asking.tell_joined()
        return kinds.open_prompt(asking.builder, asking.question, model)
    return _short_answer(asking, asked, texts)


def _short_answer(asking: Asking, asked: Asked, about: Sequence[Comparison]) -> Node | None:
    conditions, question = asking.conditions, asking.question
    texts = list(dict.fromkeys(c.text for c in about if c.text))[:500]
    bounded(conditions.size, len(texts) + 8)
    strict = any(c.is_strict for c in about)

    def judge(text: str, *, by_marks: bool = False) -> Judged:
        return conditions.judge({asked.ident: (text,)}, by_marks=by_marks)

    tried = {text: judge(text) for text in texts}
    by_marks = not any(judged.score > 0 for judged in tried.values())
    if by_marks:
        tried = {text: judge(text, by_marks=True) for text in texts}
    if texts and not any(judged.score > 0 for judged in tried.values()):
        # WebCT writes 0 points for the right texts, too, and leaves it to the quiz what they are worth.
        tried = {text: Judged(Decimal(1), judged.shown) for text, judged in tried.items()}
        asking.tell("no answer scores, so all that it compares with are taken for right")
    best = max((judged.score for judged in tried.values()), default=Decimal(0))
    right = frozenset(text for text, judged in tried.items() if judged.score == best > 0)
    singles = {**tried, WRONG: judge(WRONG)}
    whole = tried[next(iter(right))] if right else singles[WRONG]
    shown = asking.sorted_out(singles, right, whole, conditions.judge({}))
    asking.say(question, shown, wrong=WRONG)
    if not by_marks:
        asking.worth(question, best)
    total = conditions.most if asking.kind.endswith("_question") and conditions.most else best
    answers = []
    folded: set[str] = set()
    for text, judged in tried.items():
        if judged.score > 0 and (strict or text.casefold() not in folded):
            folded.add(text.casefold())
            answers.append(Typed(text, asking.text(shown.of.get(text, [])), judged.score / max(total, best)))
    if any(c.kind == "varsubstring" for c in about):
        asking.findings.adapted(question.place, question.name, "an answer that only contains the right word was right")
    return kinds.short_answer(asking.builder, question, answers, strict)


def _numeric(asking: Asking, asked: Asked) -> Node | None:
    conditions, question = asking.conditions, asking.question
    about = [c for c in conditions.comparisons() if c.response == asked.ident]
    known = [value for c in about if (value := number(c.text)) is not None]
    exact = [v for c in about if c.kind == "varequal" and (v := number(c.text)) is not None]
    bounded(conditions.size, 4 * len(known) + 8)

    def judge(value: Decimal, *, by_marks: bool = False) -> Judged:
        text = f"{value:f}" if abs(value.adjusted()) < 390 else str(value)
        return conditions.judge({asked.ident: (text,)}, by_marks=by_marks)

    declared = exact[0] if exact else None
    found = right_range(judge, known, declared)
    by_marks = found is None
    if by_marks:
        found = right_range(partial(judge, by_marks=True), known, declared)
    if found is None:
        return kinds.open_prompt(
            asking.builder, question, adapted="no right number is known, so it becomes an open prompt"
        )
    if found.has_partial:
        asking.findings.adapted(question.place, question.name, "other numbers are right too, which is not kept")
    whole = judge(found.answer)
    far = judge(abs(found.most) + 1_000_003)
    singles = {"right": whole, "wrong": far}
    shown = asking.sorted_out(singles, frozenset({"right"}), whole, conditions.judge({}))
    asking.say(question, shown, "right", "wrong")
    if not by_marks:
        asking.worth(question, found.score)
    return kinds.numeric(
        asking.builder, question, found.least, found.answer, found.most, unescape(asking.meta.get("unit", ""))
    )
