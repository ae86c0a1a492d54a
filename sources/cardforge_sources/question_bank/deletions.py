"""Questions with embedded answers, as cloze texts or, where they have one blank only, as what that blank asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from cardforge_sources.deletions import deletion
from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.blanks import Alternative, Blank, blanks
from cardforge_sources.question_bank.choices import multiple_choice
from cardforge_sources.question_bank.parts import Data, explained_by, filled, general, hints
from cardforge_sources.question_bank.question import Answer, Question, Written
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told
from cardforge_sources.question_bank.typed import numeric, short_answer

GAP = "_____"
"""What stands for a blank in the text of a question whose answer is typed elsewhere; GIFT has the same."""

_LONGEST = 1_000
"""Longer answers nobody recalls."""
_HINT = re.compile(r" <em>\(((?:(?!</?em>).)*?)\)</em>", re.DOTALL)


def embedded(question: Question, texts: Texts, told: Told) -> Data | None:
    """A question with embedded answers; None, and told, when no blank has a right answer."""
    found = list(blanks(question.text.text))
    points = str(sum(blank.weight for blank in found))
    question = replace(question, points=points)
    if not found or not all(blank.right for blank in found):
        told.kept_aside(question, "a blank in it has no right answer" if found else "it has no blank")
        return None
    if len(found) == 1 and not _is_typed(found[0]):
        return _single(question, found[0], texts, told)
    return _cloze(question, found, texts, told)


def _is_typed(blank: Blank) -> bool:
    """Whether a cloze text says all that the blank says."""
    return blank.kind == "shortanswer" and not blank.case_sensitive and _is_simple(blank.alternatives)


def _is_simple(alternatives: Sequence[Alternative]) -> bool:
    return len(alternatives) == 1 and not alternatives[0].feedback


def _single(question: Question, blank: Blank, texts: Texts, told: Told) -> Data | None:
    text = question.text.text
    answers = [Answer(Written(a.text), a.share, Written(a.feedback), a.tolerance) for a in blank.alternatives]
    around = [re.sub(r"<[^<>]*>|\s", "", part) for part in (text[: blank.start], text[blank.end :])]
    gap = GAP if around[1] or not around[0] else ""
    alone = replace(
        question,
        text=question.text._replace(text=text[: blank.start] + gap + text[blank.end :]),
        answers=tuple(answers),
        single=blank.kind != "multiresponse",
        shuffle=blank.shuffle,
        case_sensitive=blank.case_sensitive,
    )
    if blank.kind == "shortanswer":
        return short_answer(alone, texts, told)
    if blank.kind == "numerical":
        return numeric(alone, texts, told)
    if blank.kind == "multiresponse":
        total = sum(a.share for a in answers if a.share > 0)
        alone = replace(alone, answers=tuple(a._replace(share=a.share * 100 / total) for a in answers))
    return multiple_choice(alone, texts, told)


def _cloze(question: Question, found: Sequence[Blank], texts: Texts, told: Told) -> Data | None:
    html = question.text.text
    parts: list[str] = []
    answers: list[str] = []
    last = 0
    for number, blank in enumerate(found, start=1):
        parts.append(html[last : blank.start])
        last = blank.end
        hint = None
        if said := _HINT.match(html, last):
            hint, last = unescape(said[1].replace("<span></span>", "")), said.end()
        if blank.kind in ("multichoice", "multiresponse"):
            offered = " / ".join(_plain(a.text) for a in blank.alternatives)
            hint = f"{hint}: {offered}" if hint else offered
        answers.append(_answer(blank))
        parts.append(deletion(number, answers[-1], hint))
    if max(map(len, answers)) > _LONGEST:
        told.kept_aside(question, f"a blank in it asks for more than {_LONGEST:,} characters")
        return None
    made = "".join(parts) + html[last:]
    if made.startswith("<div>") and made.endswith("</div>") and (inside := shapes.divisions(made)) and len(inside) == 1:
        made = inside[0]
    text = texts.cloze(made, question.text, answers, question.offset)
    if text is None:
        told.kept_aside(question, "its blanks stand where a cloze text cannot have any")
        return None
    if not all(map(_is_typed, found)):
        how = "of each blank the right answer is kept, to be recalled; other answers, feedback and tolerances are not"
        told.adapted(question, how)
    is_html = question.feedback.format == "html"
    shown, divisions = shapes.extra(question.feedback.text) if is_html else (None, [])
    extra = None
    if shown is not None:
        extra = texts.html(shown, question.feedback, question.offset)
    elif not divisions:
        extra = texts.of(question.feedback, question.offset)
    return {
        "type": "cloze",
        **general(question),
        "text": text,
        **filled(extra=extra, hint=hints(question, texts)),
        **explained_by(divisions, question, texts),
    }


def _answer(blank: Blank) -> str:
    """What is to be recalled in a blank."""
    if blank.kind in ("multichoice", "multiresponse"):
        right = blank.right if blank.kind == "multiresponse" else blank.right[:1]
        return ", ".join(_plain(answer.text) for answer in right) or "…"
    text = blank.right[0].text
    return " ".join((text.replace(r"\*", "*") if blank.kind == "shortanswer" else text).split())


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())
