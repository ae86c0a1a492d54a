"""Items for which cardforge's exporters write several questions: put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cardforge_sources.deletions import deletion
from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.deletions import GAP
from cardforge_sources.question_bank.parts import Data, explained_by, filled, general, hints, with_hints_from_text
from cardforge_sources.question_bank.question import Question
from cardforge_sources.question_bank.texts import Texts

REVERSED = " (reversed)"
SELF_CHECK = " (self-check)"
_COVERED = "<p>Which of these did your answer mention?</p>"
_BLANK = re.compile(r"(.*) \(blank ([1-9]\d{0,2}) of ([1-9]\d{0,2})\)", re.DOTALL)
OTHER_GAP = "<span>[…]</span>"
"""What stands for each other deletion where one is asked for."""
_HINTED = re.compile(r" <em>\(((?:(?!</?em>).)*?)\)</em>", re.DOTALL)


def without_self_checks(questions: Sequence[Question]) -> list[Question]:
    """The questions without those that ask which concepts an essay mentioned: the essay says them."""
    essays = {q.idnumber for q in questions if q.type == "essay"}
    return [
        q
        for q in questions
        if not (
            q.type == "multichoice"
            and q.idnumber.endswith(SELF_CHECK)
            and q.idnumber.removesuffix(SELF_CHECK) in essays
            and q.text.text.rstrip().endswith(_COVERED)
        )
    ]


def is_reverse(question: Question, item: Data, of: Data) -> bool:
    """Whether a flashcard is the other direction of one."""
    return (
        question.idnumber.endswith(REVERSED)
        and of["type"] == item["type"] == "flashcard"
        and (item["front"], item["back"]) == (of["back"], of["front"])
    )


def cloze_of(group: Sequence[Question], texts: Texts) -> tuple[Question, Data] | None:
    """The cloze text for whose deletions these questions ask, each for one; None when they are not all there."""
    ordered = sorted(group, key=_number)
    first = ordered[0]
    if [_number(q) for q in ordered] != list(range(1, _count(first) + 1)) or any(len(q.answers) != 1 for q in ordered):
        return None
    first = with_hints_from_text(first)
    answers = [question.answers[0].text.text.strip().replace(r"\*", "*") for question in ordered]
    html = first.text.text
    gaps = list(re.finditer(f"{re.escape(GAP)}|{re.escape(OTHER_GAP)}", html))
    if len(gaps) != len(answers) or gaps[0][0] != GAP:
        return None
    parts: list[str] = []
    last = 0
    for number, (gap, answer) in enumerate(zip(gaps, answers, strict=True), start=1):
        hint = _HINTED.match(html, gap.end())
        parts += [html[last : gap.start()], deletion(number, answer, hint and _unmarked(hint[1]))]
        last = hint.end() if hint else gap.end()
    made = "".join(parts) + html[last:]
    inside = shapes.divisions(made)
    text = texts.cloze(inside[0] if len(inside) == 1 else made, first.text, answers, first.offset)
    if text is None:
        return None
    whole = replace(first, idnumber=base(first.idnumber))
    shown, divisions = shapes.extra(first.feedback.text)
    extra = texts.html(shown, first.feedback, first.offset) if shown is not None else None
    more = filled(extra=extra, hint=hints(whole, texts))
    return whole, {"type": "cloze", **general(whole), "text": text, **more, **explained_by(divisions, whole, texts)}


def _unmarked(html: str) -> str:
    return re.sub(r"<[^<>]*>", "", html)


def asks_for_a_blank(question: Question) -> bool:
    """Whether the question may be one of those."""
    return question.type == "shortanswer" and _BLANK.fullmatch(question.idnumber) is not None


def base(idnumber: str) -> str:
    """The id of the item for which a question asks for one blank."""
    found = _BLANK.fullmatch(idnumber)
    return found[1] if found else idnumber


def _number(question: Question) -> int:
    found = _BLANK.fullmatch(question.idnumber)
    return int(found[2]) if found else 0


def _count(question: Question) -> int:
    found = _BLANK.fullmatch(question.idnumber)
    return int(found[3]) if found else 0
