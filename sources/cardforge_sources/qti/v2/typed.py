"""What is typed in QTI 2 and 3: textEntryInteraction, extendedTextInteraction, and texts with fields or menus in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from functools import partial
from html import escape

from cardforge_sources.alike import MOST_REPEATED, TOO_LONG, repeated
from cardforge_sources.deletions import deletion
from cardforge_sources.qti import kinds, ours
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.names import children, content
from cardforge_sources.qti.nodes import ItemNode
from cardforge_sources.qti.numbers import EXACT, number
from cardforge_sources.qti.question import MARK, Question, Typed
from cardforge_sources.qti.ranges import Range, right_range
from cardforge_sources.qti.scoring import WRONG, Judged, bounded, sorted_out
from cardforge_sources.qti.v2.declarations import Response, Value
from cardforge_sources.qti.v2.judging import Judging
from cardforge_sources.xml import Element

_LONGEST_HINT = 200


def short_answer(
    question: Question, response: Response | None, judging: Judging, builder: Builder, is_ours: bool
) -> ItemNode | None:
    """A text to be typed: every text that the rules give points for."""
    if response is None:
        return builder.aside(question, "it declares no answer")
    _tell_unread(question, response, builder)
    texts = _candidates(response, judging, is_ours)
    bounded(judging.rules.size + len(judging.feedback) + 1, len(texts) + 8)

    def judge(text: str) -> Judged:
        return judging.judge({response.identifier: text})

    tried = {text: judge(text) for text in texts}
    strict = _is_case_sensitive(texts, tried, judge, response, judging)
    if not strict:
        folded: dict[str, str] = {}
        for text in texts:
            folded.setdefault(text.casefold(), text)
        tried = {text: tried[text] for text in folded.values()}
    best = max((judged.score for judged in tried.values()), default=Decimal(0))
    question.points = judging.points(best)
    total = judging.total(best)
    listed = {entry.key for entry in response.mapping.entries} if response.mapping else set()
    declared = {str(value) for value in response.correct}
    right = frozenset(t for t, judged in tried.items() if judged.score == best > 0) or frozenset(
        declared & tried.keys()
    )
    singles = {**tried, WRONG: judge(WRONG)}
    whole = tried[next(iter(right))] if right else singles[WRONG]
    shown = sorted_out(judging.feedback, singles, right, whole, judging.judge({}), named=judging.named)
    question.correct, question.general = judging.text(shown.right), judging.text(shown.always)
    question.incorrect = judging.text([*shown.wrong, *shown.of.pop(WRONG, [])])
    answers = []
    for text, judged in tried.items():
        share = judged.score / total if total > 0 else Decimal(text in right)
        if share > 0 or text in listed:
            answers.append(Typed(text, judging.text(shown.of.get(text, [])), share))
    return kinds.short_answer(builder, question, answers, strict)


def _candidates(response: Response, judging: Judging, is_ours: bool) -> list[str]:
    listed = [entry.key for entry in response.mapping.entries] if response.mapping else []
    if is_ours and listed:
        return listed
    declared = [str(value) for value in response.correct]
    texts = [*listed, *declared, *judging.rules.texts] if response.base_type != "identifier" else declared
    return list(dict.fromkeys(text for text in texts if text.strip()))[:500]


def _is_case_sensitive(
    texts: Sequence[str],
    tried: dict[str, Judged],
    judge: Callable[[str], Judged],
    response: Response,
    judging: Judging,
) -> bool:
    """Whether a right text in other capitals is worth something else; without letters, what the rules say of it."""
    for text in texts[:5]:
        other = text.swapcase()
        if other != text and other.casefold() == text.casefold() and tried[text].score:
            return bool(judge(other).score != tried[text].score)
    flags = [entry.case_sensitive for entry in response.mapping.entries] if response.mapping else []
    flags = flags or list(judging.rules.texts.values())
    return any(flags) and not any(tried[text].score for text in texts if text.lower() != text.upper())


def numeric(
    question: Question, response: Response, judging: Judging, unit: str, builder: Builder, findings: Findings
) -> ItemNode | None:
    """A number to be typed: the range around the right one in which it is worth full points."""
    declared = next((value for value in response.correct if isinstance(value, Decimal)), None)
    listed = [entry for entry in response.mapping.entries] if response.mapping else []
    known = {value for entry in listed if (value := number(entry.key)) is not None}
    known |= {declared} if declared is not None else set()

    def judge(value: Decimal, *, by_marks: bool = False) -> Judged:
        return judging.judge({response.identifier: value}, by_marks=by_marks)

    bounded(judging.rules.size + 1, 4 * (len(known) + len(judging.rules.numbers)) + 8)
    critical = judging.rules.critical(known)
    found = right_range(judge, critical, declared) or right_range(partial(judge, by_marks=True), critical, declared)
    if found is None and declared is not None and response.bounds:
        least, most = response.bounds
        found = Range(min(least, declared), declared, max(most, declared), Decimal(0), False)
    else:
        _tell_unread(question, response, builder)
    if found is None and declared is not None:
        found = Range(declared, declared, declared, Decimal(0), False)
    if found is None:
        return kinds.open_prompt(builder, question, adapted="no right number is known, so it becomes an open prompt")
    question.points = judging.points(judge(found.answer).score)
    if found.has_partial:
        findings.adapted(
            question.place, question.name, "other numbers are worth a part of the points, which is not kept"
        )
    with localcontext(EXACT):
        far = found.most + abs(found.most) + 1_000_003
    judging.say(question, judge(found.answer), judge(far))
    return kinds.numeric(builder, question, found.least, found.answer, found.most, unit)


def is_number(response: Response) -> bool:
    """Whether a number is to be typed, and one is right: then it need not be read by people."""
    return response.base_type in ("float", "integer") and len(response.correct) == 1


def _tell_unread(question: Question, response: Response | None, builder: Builder) -> None:
    for text in response.unread if response else ():
        builder.adapted(question, f"it declares “{text[:60]}” as right, which is no number and is left out")


def open_prompt(question: Question, response: Response | None, judging: Judging, builder: Builder) -> ItemNode | None:
    """A text in one's own words. A right answer that is declared is a model answer."""
    judged = judging.judge({response.identifier: MARK}) if response else Judged(Decimal(0), frozenset())
    shown = [key for key in judging.feedback if key in judged.shown or judging.trouble]
    question.general = judging.text(shown)
    question.points = judging.points(judged.score)
    model = next((str(value) for value in response.correct if str(value).strip()), "") if response else ""
    _tell_unread(question, response, builder)
    return kinds.open_prompt(builder, question, escape(model, quote=False))


def cloze(
    question: Question, text: str, fields: Sequence[Element], judging: Judging, builder: Builder, findings: Findings
) -> ItemNode | None:
    """A text with fields: a deletion for each, with the best answer. A menu's choices become the hint."""
    whole: dict[str, Value] = {}
    best_of: list[tuple[str, str]] = []
    dropped = 0
    for field in fields:
        response = judging.responses.get(field.get("responseIdentifier", ""))
        if response is None:
            return builder.aside(question, "a field in its text declares no answer")
        _tell_unread(question, response, builder)
        answer, others = _best(response, judging)
        if answer is None:
            return builder.aside(question, "no right answer is known for a field in its text")
        dropped += others
        whole[response.identifier] = answer
        menu = {choice.get("identifier", ""): content(choice) for choice in children(field, "inlineChoice")}
        shown = menu.get(str(answer), str(answer)) if menu else str(answer)
        hint = " / ".join(menu.values()) if menu else field.get("placeholderText", "")
        best_of.append((shown, hint[:_LONGEST_HINT]))
    if any(field.tag == "inlineChoiceInteraction" for field in fields):
        findings.adapted(question.place, question.name, "menus become blanks, with their choices as hints")
    if dropped:
        findings.adapted(question.place, question.name, f"{dropped} other right answers of its fields are not kept")
    judged = judging.judge(whole)
    question.points = judging.points(judged.score)
    if repeated(answer for answer, _ in best_of) > MOST_REPEATED:
        return builder.aside(question, *TOO_LONG)
    parts = text.split(MARK)
    if len(parts) != len(fields) + 1:
        return builder.aside(question, "its fields do not stand in its text")
    made = parts[0]
    for number_, ((answer_, hint), part) in enumerate(zip(best_of, parts[1:], strict=True), 1):
        made += deletion(number_, answer_, hint.strip(), formulas=judging.is_ours) + part
    judging.say(question, judged, judging.judge(dict.fromkeys(whole, WRONG)))
    return kinds.cloze(builder, question, ours.unwrapped(made), extra=judging.is_ours)


def _best(response: Response, judging: Judging) -> tuple[str | None, int]:
    """The answer that is worth most, and how many others are worth something."""
    listed = [entry.key for entry in response.mapping.entries] if response.mapping else []
    declared = [str(value) for value in response.correct]
    texts = list(dict.fromkeys(text for text in (*declared, *listed) if text.strip()))[:200]
    if not texts and not judging.trouble:
        texts = [text for text in judging.rules.texts if text.strip()][:200]
    bounded(judging.rules.size + 1, len(texts) + 1)
    nothing = judging.judge({}).score

    def worth(text: str) -> Decimal:
        is_counted = response.base_type in ("integer", "float")
        return judging.judge({response.identifier: number(text) if is_counted else text}).score - nothing

    worths = {text: worth(text) for text in texts}
    if not worths:
        return None, 0
    best = max(worths, key=lambda text: worths[text])
    if worths[best] <= 0:  # only the answer as a whole is worth something
        entries = response.mapping.entries if response.mapping else ()
        first = max(entries, key=lambda entry: entry.value, default=None)
        return (declared[0] if declared else first.key if first and first.value > 0 else None), 0
    folded = {text.casefold() for text, value in worths.items() if value > 0}
    return best, len(folded) - 1
