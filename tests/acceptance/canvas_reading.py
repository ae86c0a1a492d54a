"""Reads packages of QTI 1.2 with the source ``qti`` and with Canvas's own converter, and compares what both find.

    python tests/acceptance/canvas_reading.py PACKAGE…

Of every question that both find, by its text: the kind, the points, each answer and whether it is right, and the
feedback, as their letters. Wants the oracles as canvas.py does. Prints what differs, and counts.
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
from html import unescape
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
    seen = re.sub(r"\[[^\]]*\]|\{[^}]*\}", "", unescape(re.sub(r"<[^>]*>", "", html or "")))
    return re.sub(r"[\W_]+", "", seen).lower()


def of_canvas(question: dict[str, Any]) -> dict[str, Any] | None:
    """A question as Canvas has it."""
    kind = KINDS.get(question.get("question_type", ""))
    if kind is None:
        return None
    given = question.get("answers", [])
    answers: Any = ()
    if kind == "choice":
        answers = sorted((bare(a.get("html") or a.get("text")), (a.get("weight") or 0) > 0) for a in given)
    elif kind == "short":
        answers = sorted({bare(a["text"]) for a in given})
    elif kind == "matching":
        answers = sorted((bare(a.get("left_html") or a.get("left")), bare(a.get("right"))) for a in given)
    elif kind == "numeric" and given:
        first = given[0]
        if first.get("numerical_answer_type") == "range_answer":
            answers = (float(first["start"]), float(first["end"]))
        else:
            exact, margin = Decimal(str(first.get("exact") or 0)), Decimal(str(first.get("margin") or 0))
            answers = (float(exact - margin), float(exact + margin))
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
            kind, answers = "numeric", tuple(float(bound) for bound in quiz.bounds(item))
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
    for entry in deck.entries():
        by_text.setdefault(letters(main_text(entry.item)), []).append(entry.item)
    found = []
    for question in json.loads(ran.stdout)["questions"]:
        theirs = of_canvas(question)
        here = by_text.get(bare(question.get("question_text")), [])
        if theirs is None:
            counts["questions without a kind here"] += 1
            continue
        if not here:
            counts["questions found by Canvas only, or with another text"] += 1
            continue
        ours = of_deck(here.pop(0))
        counts[f"questions compared: {theirs['kind']}"] += 1
        for name, value in theirs.items():
            if ours[name] != value and not (name == "points" and value is None):
                counts[f"differences: {name}"] += 1
                found.append(f"{path.name}: {question.get('question_name')}: {name}: {ours[name]!r}, Canvas {value!r}")
    return found


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
