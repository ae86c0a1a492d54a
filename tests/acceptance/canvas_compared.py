"""What the comparisons with Canvas's two readers of packages share.

Both readers come as Ruby programs, in the folder of oracles that CARDFORGE_ORACLES names, and print what they found in
a package as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

from cardforge.api import load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Dialect, Text, render
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import blanks

_ORACLES = Path(os.environ.get("CARDFORGE_ORACLES", Path(__file__).resolve().parents[3] / "shared" / "oracles"))

Question = dict[str, Any]
"""A question: its kind, its points, each answer and whether it is right, and the feedback, as their letters."""


def run(description: str, compared: Callable[[Path, Counter[str]], list[str]]) -> int:
    """Compare the packages that are named on the command line; print what differs, and what was counted."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PACKAGE")
    counts, found = Counter[str](), list[str]()
    for path in parser.parse_args().paths:
        found += compared(path, counts)
    print("\n".join(found))
    for what, count in sorted(counts.items()):
        print(f"{count:7} {what}")
    return bool(found)


def read_by_both(path: Path, script: str, counts: Counter[str]) -> tuple[Deck, Any] | None:
    """The deck in a package, and what Canvas's reader found there; None where one of them reads nothing."""
    ran = subprocess.run(["ruby", str(_ORACLES / script), str(path)], capture_output=True, text=True, check=False)
    if ran.returncode:
        counts["packages that Canvas's reader does not read"] += 1
        return None
    try:
        deck = load(path, "qti")
    except InvalidDeck:
        counts["packages without a question for a deck"] += 1
        return None
    counts["packages"] += 1
    return deck, json.loads(ran.stdout)


def differences(
    ours: Question, theirs: Question, known: Callable[[str, Question, Question], str], counts: Counter[str]
) -> Iterator[str]:
    """The fields that differ, ours and theirs. One that they do not have does not count, and one whose cause is known
    is only counted.
    """
    counts[f"questions compared: {theirs['kind']}"] += 1
    for name, value in theirs.items():
        if ours[name] == value or (name == "points" and value is None):
            continue
        if cause := known(name, ours, theirs):
            counts[f"known: {cause}"] += 1
        else:
            counts[f"differences: {name}"] += 1
            yield f"{name}: {ours[name]!r}, theirs {value!r}"


def letters(text: Text | None) -> str:
    """The letters and digits of a text."""
    return bare(render(text, _DIALECT)) if text is not None else ""


_DIALECT = Dialect(maths=mathjax)


def bare(html: str | None) -> str:
    """The letters of HTML."""
    said = re.sub(r'<img[^>]*data-equation-content="([^"]*)"[^>]*>', r"\1", html or "")
    seen = re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", unescape(re.sub(r"<[^>]*>", "", said)))
    return re.sub(r"[\W_]+", "", seen).lower()


def of_deck(item: AnyItem) -> Question:
    """An item of the deck."""
    own: list[str] = []
    answers: Any = ()
    kind = item.KIND
    match item:
        case MultipleChoice():
            kind = "choice"
            answers = sorted((letters(c.text), c.correct) for c in item.choices)
            own = [letters(c.feedback) for c in item.choices]
        case TrueFalse():
            kind, answers = "choice", sorted([("true", item.answer), ("false", not item.answer)])
        case ShortAnswer():
            kind, answers = "short", sorted({bare(a.text) for a in item.answers})
            own = [letters(a.feedback) for a in item.answers]
        case Numeric():
            kind, answers = "numeric", [tuple(float(bound) for bound in quiz.bounds(item))]
        case Matching():
            kind, answers = "matching", sorted((letters(p.left), letters(p.right)) for p in item.pairs)
        case OpenPrompt():
            kind = "essay"
        case Cloze():
            kind, answers = "blanks", ()
            assert blanks(item)
    right, wrong = (item.feedback_correct, item.feedback_incorrect) if isinstance(item, Graded) else (None, None)
    feedback = [letters(right), letters(wrong), letters(item.explanation)]
    return {
        "kind": kind,
        "points": item.points,
        "answers": answers,
        "feedback": feedback,
        "of answers": sorted(filter(None, own)),
    }


def of_feedback(ours: Question, theirs: Question) -> str:
    """Why feedback differs, where that is known; else nothing."""
    here, there = _said(ours), _said(theirs)
    if all(any(part in other for other in here) for part in there):
        return f"feedback of {theirs['kind']}: all there, but shown at another time (the kind has no other)"
    whole = all(any(part in other for other in here) for part in _said(theirs, "feedback"))
    if whole and {ours["kind"], theirs["kind"]} & {"numeric", "matching", "blanks"}:
        return f"feedback of single answers of {ours['kind']}: has no place here, which is told"
    return ""


def _said(question: Question, *names: str) -> list[str]:
    """What is shown after answers, wherever."""
    parts = [part for name in names or ("feedback", "of answers") for part in question[name]]
    return list(filter(None, parts))
