"""Reads packages of QTI 1.2 with the source ``qti`` and with Canvas's own converter, and compares what both find.

    python tests/acceptance/canvas_reading.py PACKAGE…

Of every question that both find, by its ident or its text: the kind, the points, each answer and whether it is right,
and the feedback, as their letters. Wants the oracles as canvas.py does. Prints what differs, and counts; a difference
whose cause is known is only counted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from decimal import Decimal
from html import escape, unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cardforge.api import load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import (
    AnyItem,
    Cloze,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    ShortAnswer,
    TrueFalse,
    main_text,
)
from cardforge.text import Dialect, Text, render
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import blanks

ORACLES = Path(os.environ.get("CARDFORGE_ORACLES", ROOT.parent / "shared" / "oracles"))
KINDS = {
    "multiple_choice_question": "choice",
    "true_false_question": "choice",
    "multiple_answers_question": "choice",
    "short_answer_question": "short",
    "numerical_question": "numeric",
    "matching_question": "matching",
    "essay_question": "essay",
    "fill_in_multiple_blanks_question": "blanks",
    "multiple_dropdowns_question": "blanks",
}


def letters(text: Text | None) -> str:
    """The letters and digits of a text."""
    return bare(render(text, _DIALECT)) if text is not None else ""


_DIALECT = Dialect(maths=mathjax)


def bare(html: str | None) -> str:
    """The letters of HTML."""
    said = re.sub(r'<img[^>]*data-equation-content="([^"]*)"[^>]*>', r"\1", html or "")
    seen = re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", unescape(re.sub(r"<[^>]*>", "", said)))
    return re.sub(r"[\W_]+", "", seen).lower()


def _range(answer: dict[str, Any]) -> tuple[float, float]:
    """The numbers that are right."""
    if answer.get("numerical_answer_type") == "range_answer":
        return float(answer["start"]), float(answer["end"])
    exact, margin = Decimal(str(answer.get("exact") or 0)), Decimal(str(answer.get("margin") or 0))
    return float(exact - margin), float(exact + margin)


def of_canvas(question: dict[str, Any]) -> dict[str, Any] | None:
    """A question as Canvas has it."""
    kind = KINDS.get(question.get("question_type", ""))
    if kind is None:
        return None
    given = question.get("answers", [])
    answers: Any = ()
    if kind == "choice":
        texts = [bare(a.get("html") or a.get("text")) or bare(escape(a.get("text") or "")) for a in given]
        answers = sorted(zip(texts, ((a.get("weight") or 0) > 0 for a in given), strict=True))
    elif kind == "short":
        answers = sorted({bare(a["text"]) for a in given})
    elif kind == "matching":
        answers = sorted((bare(a.get("left_html") or a.get("left")), bare(a.get("right"))) for a in given)
    elif kind == "numeric" and given:
        answers = [_range(answer) for answer in given]
    names = ("correct_comments", "incorrect_comments", "neutral_comments")
    feedback = [bare(question.get(f"{name}_html") or question.get(name)) for name in names]
    own = sorted(filter(None, (bare(a.get("comments_html") or a.get("comments")) for a in given)))
    points = question.get("points_possible")
    return {"kind": kind, "points": points, "answers": answers, "feedback": feedback, "of answers": own}


def of_deck(item: AnyItem) -> dict[str, Any]:
    """The same of an item of the deck."""
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


# --- differences whose cause is known ----------------------------------------------------------------------------------


def known(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Why a field differs, where that is known; else nothing."""
    first, second = ours[name], theirs[name]
    kind, kinds = theirs["kind"], (ours["kind"], theirs["kind"])
    if name in ("kind", "answers") and kinds in _OTHER_KINDS:
        return _OTHER_KINDS[kinds]
    if name in ("feedback", "of answers"):
        return of_feedback(ours, theirs)
    if name == "points":
        return "Canvas takes 1 where metadata name no points" if second == 1 and isinstance(second, int) else ""
    if name != "answers":
        return ""
    if kind == "choice":
        worded = [answer for answer in second if answer[0] != "noanswertextprovided"]
        if worded == [answer for answer in first if answer[0] not in ("noanswertextprovided", "nothing", "")]:
            return "Canvas words choices that show nothing"
        if not any(right for _, right in second) and [text for text, _ in first] == [text for text, _ in second]:
            return "Canvas finds no right choice, where all have 0 points and the marks are elsewhere"
    if kind == "matching" and set(first) <= set(second) and ("", "") in second:
        return "Canvas keeps pairs without texts"
    if kind == "matching" and first == sorted((right, left) for left, right in second):
        return "Canvas puts the side of pictures to the left"
    if kind == "numeric":
        if first[0] in second:
            return "one of several right numbers, which is told"
        if any(least <= first[0][0] and first[0][1] <= most for least, most in second) or (0.0, 0.0) in second:
            return "Canvas does not read vargt"
    return ""


def of_feedback(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Why feedback differs, where that is known; else nothing."""
    here, there = _said(ours), _said(theirs)
    if all(any(part in other for other in here) for part in there):
        return f"feedback of {theirs['kind']}: all there, but shown at another time (the kind has no other)"
    whole = all(any(part in other for other in here) for part in _said(theirs, "feedback"))
    if whole and {ours["kind"], theirs["kind"]} & {"numeric", "matching", "blanks"}:
        return f"feedback of single answers of {ours['kind']}: has no place here, which is told"
    return ""


_OTHER_KINDS = {
    ("numeric", "short"): "Canvas takes a number without a range for a text",
    ("numeric", "essay"): "Canvas does not read the number of a response_num",
    ("ordering", "matching"): "Canvas has no ordering",
    ("choice", "blanks"): "a single menu is a choice here",
    ("blanks", "choice"): "Canvas takes what does not name its kind for a choice",
    ("matching", "choice"): "Canvas takes what does not name its kind for a choice",
}


def _said(question: dict[str, Any], *names: str) -> list[str]:
    """What is shown after answers, wherever."""
    parts = [part for name in names or ("feedback", "of answers") for part in question[name]]
    return list(filter(None, parts))


def compared(path: Path, counts: Counter[str]) -> list[str]:
    """What differs in a package, of the questions that both find."""
    ran = subprocess.run(
        ["ruby", str(ORACLES / "canvas_import.rb"), str(path)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        counts["packages that Canvas's converter does not read"] += 1
        return []
    try:
        deck = load(path, "qti")
    except InvalidDeck:
        counts["packages without a question for a deck"] += 1
        return []
    counts["packages"] += 1
    by_text: dict[str, list[AnyItem]] = {}
    by_ident: dict[str, list[AnyItem]] = {}
    for entry in deck.entries():
        by_text.setdefault(letters(main_text(entry.item)), []).append(entry.item)
        by_ident[str(entry.item.id)] = [entry.item]
    found = []
    made = json.loads(ran.stdout)
    points = _of_groups(made)
    # Canvas reads both forms of a quiz; the later one is its own, with the points.
    for question in {q.get("migration_id") or str(n): q for n, q in enumerate(made["questions"])}.values():
        ident = question.get("migration_id") or ""
        question["points_possible"] = points.get(ident, question.get("points_possible"))
        theirs = of_canvas(question)
        here = by_ident.pop(ident, None) or by_text.get(bare(question.get("question_text")), [])
        if theirs is None:
            counts["questions without a kind here"] += 1
            continue
        if not here:
            counts["questions found by Canvas only, or with another text"] += 1
            continue
        ours = of_deck(here.pop(0))
        counts[f"questions compared: {theirs['kind']}"] += 1
        for name, value in theirs.items():
            if ours[name] == value or (name == "points" and value is None):
                continue
            if cause := known(name, ours, theirs):
                counts[f"known: {cause}"] += 1
            else:
                counts[f"differences: {name}"] += 1
                found.append(f"{path.name}: {question.get('question_name')}: {name}: {ours[name]!r}, Canvas {value!r}")
    return found


def _of_groups(made: dict[str, Any]) -> dict[str, float]:
    """The points of questions that stand in a group, by their idents: the group says what each is worth."""
    quizzes = [part for quiz in made["assessments"] for part in quiz.get("questions", [])]
    groups = [part for part in quizzes if part.get("question_type") == "question_group"]
    return {one["migration_id"]: group["question_points"] for group in groups for one in group.get("questions", [])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PACKAGE")
    counts, found = Counter[str](), list[str]()
    for path in parser.parse_args().paths:
        if path.suffix == ".xml":
            found += _as_package(path, counts)
        else:
            found += compared(path, counts)
    print("\n".join(found))
    for what, count in sorted(counts.items()):
        print(f"{count:7} {what}")
    return bool(found)


def _as_package(path: Path, counts: Counter[str]) -> list[str]:
    """A single file, with the manifest that Canvas wants."""
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>'
        f'<resource identifier="r" type="imsqti_xmlv1p2"><file href="{path.name}"/></resource></resources></manifest>'
    )
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, f"{path.stem}.zip")
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("imsmanifest.xml", manifest)
            archive.write(path, path.name)
        return compared(package, counts)


if __name__ == "__main__":
    raise SystemExit(main())
