"""Reads packages of QTI 1.2 with the source ``qti`` and with Canvas's own converter, and compares what both find.

    python tests/acceptance/canvas_reading.py PACKAGE…

Of every question that both find, by its ident or its text: the kind, the points, each answer and whether it is right,
and the feedback, as their letters. Wants the oracles as canvas.py does. Prints what differs, and counts; a difference
whose cause is known is only counted.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections import Counter
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cardforge.model import AnyItem, main_text
from tests.acceptance.canvas_compared import bare, differences, letters, of_deck, of_feedback, read_by_both, run

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


_OTHER_KINDS = {
    ("numeric", "short"): "Canvas takes a number without a range for a text",
    ("numeric", "essay"): "Canvas does not read the number of a response_num",
    ("ordering", "matching"): "Canvas has no ordering",
    ("choice", "blanks"): "a single menu is a choice here",
    ("blanks", "choice"): "Canvas takes what does not name its kind for a choice",
    ("matching", "choice"): "Canvas takes what does not name its kind for a choice",
}


def compared(path: Path, counts: Counter[str]) -> list[str]:
    """What differs in a package, of the questions that both find."""
    if path.suffix == ".xml":
        return _as_package(path, counts)
    both = read_by_both(path, "canvas_import.rb", counts)
    if both is None:
        return []
    deck, made = both
    by_text: dict[str, list[AnyItem]] = {}
    by_ident: dict[str, list[AnyItem]] = {}
    for entry in deck.entries():
        by_text.setdefault(letters(main_text(entry.item)), []).append(entry.item)
        by_ident[str(entry.item.id)] = [entry.item]
    found = []
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
        name = f"{path.name}: {question.get('question_name')}"
        found += [f"{name}: {what}" for what in differences(of_deck(here.pop(0)), theirs, known, counts)]
    return found


def _of_groups(made: dict[str, Any]) -> dict[str, float]:
    """The points of questions that stand in a group, by their idents: the group says what each is worth."""
    quizzes = [part for quiz in made["assessments"] for part in quiz.get("questions", [])]
    groups = [part for part in quizzes if part.get("question_type") == "question_group"]
    return {one["migration_id"]: group["question_points"] for group in groups for one in group.get("questions", [])}


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
    raise SystemExit(run(__doc__, compared))
