"""Reads packages of QTI 1.2 and 2.1 with the source ``qti`` and with the parser of Canvas New Quizzes, and compares.

    python tests/acceptance/canvas_new_reading.py PACKAGE…

Of every question that both find, by its ident or its text: the kind, the points, each answer and whether it is right,
and the feedback, as their letters. Wants the oracles as canvas.py does. Prints what differs, and counts; a difference
whose cause is known is only counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cardforge.model import AnyItem, main_text
from tests.acceptance.canvas_compared import bare, differences, letters, of_deck, of_feedback, read_by_both, run


def questions(made: Any) -> Iterator[dict[str, Any]]:
    """The questions of all quizzes that the parser found, those of groups with the points of the group."""
    for quiz in made["assessments"]:
        for part in quiz.get("items", ()):
            if "question_group" in part:
                inside = part["items"] if isinstance(part["items"], list) else ()
                for item in inside:
                    yield {**item, "points": part["points_per_item"] or item.get("points")}
            elif "interaction" in part:
                yield part


def of_parser(question: dict[str, Any]) -> dict[str, Any] | None:
    """A question as the parser has it; None for kinds that are none here, and for what it does not read."""
    read = question["interaction"].rpartition("::")[2] if isinstance(question["interaction"], str) else ""
    scoring: Any = question.get("scoring")
    given: Any = question.get("answers")
    if any(isinstance(value, dict) and "error" in value for value in question.values()):
        return None
    answers: Any = ()
    match read:
        case "ChoiceInteraction":
            right = {entry["values"] for entry in scoring}
            texts = [a["body"].replace("MATHML:", "") for a in given]  # the harness stands in for its mathematics
            kind, answers = "choice", sorted(zip(map(bare, texts), (a["id"] in right for a in given), strict=True))
        case "StringInteraction":
            kind = "essay"
        case "FillBlankInteraction" if any(entry["parent_identifier"] for entry in scoring):
            kind = "blanks"
        case "FillBlankInteraction":
            kind, answers = "short", sorted({bare(entry["values"]) for entry in scoring})
        case "NumericInteraction":
            kind, answers = "numeric", [_range(entry) for entry in scoring]
        case "MatchInteraction" if isinstance(scoring[0]["values"], dict):
            rights = scoring[0]["values"]
            sides = question["questions"]
            kind, answers = "matching", sorted((bare(q["item_body"]), bare(rights.get(q["id"]))) for q in sides)
        case "OrderingInteraction":
            kind = "ordering"
        case _:
            return None
    said = question.get("feedback") or {}
    own = question.get("answer_feedback")
    return {
        "kind": kind,
        # A text is what the file says, a number the parser's own, where the file has no field for it.
        "points": float(question["points"]) if isinstance(question.get("points"), str) else None,
        "answers": answers,
        "feedback": [bare(said.get(name)) for name in ("correct", "incorrect", "neutral")],
        "of answers": sorted(filter(None, (bare(entry["feedback"]) for entry in own or ()))),
    }


def _range(entry: dict[str, Any]) -> tuple[float, float]:
    if entry["type"] == "withinARange":
        return round(float(entry["start"]), 9), round(float(entry["end"]), 9)
    value, margin = Decimal(entry["value"]), Decimal(entry.get("margin") or 0)
    if entry.get("margin_type") == "percent":
        margin = abs(value) * margin / 100
    if entry["type"] == "preciseResponse":
        places = int(entry["precision"])
        places -= 0 if entry["precision_type"] == "decimals" else value.adjusted() + 1
        margin = Decimal(5).scaleb(-places - 1)
    return round(float(value - margin), 9), round(float(value + margin), 9)


def known(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Why a field differs, where that is known; else nothing."""
    first, second = ours[name], theirs[name]
    if name in ("feedback", "of answers"):
        return of_feedback(ours, theirs)
    if name == "answers" and ours["kind"] == theirs["kind"] == "numeric" and first[0] in second:
        return "one of several right numbers, which is told"
    if name == "answers" and theirs["kind"] == "choice":
        shown = [answer for answer in second if answer[0] not in ("", "noanswertextprovided")]
        if shown == [answer for answer in first if answer[0] not in ("", "nothing", "noanswertextprovided")]:
            return "choices that show nothing, or the same"
        if [text for text, _ in first] == [text for text, _ in second]:
            if all(is_right for _, is_right in second):
                return "New Quizzes takes choices that score 0 for right"
            if not any(is_right for _, is_right in second):
                return "New Quizzes reads no key from the rules of QTI 2.1"
    if name == "answers" and theirs["kind"] == "matching" and set(first) <= set(second) and ("", "") in second:
        return "New Quizzes keeps pairs without texts"
    return ""


def compared(path: Path, counts: Counter[str]) -> list[str]:
    """What differs in a package, of the questions that both find."""
    both = read_by_both(path, "newquizzes_import.rb", counts)
    if both is None:
        return []
    deck, made = both
    known_by = Counter[str]()
    items: dict[str | tuple[str, str], AnyItem] = {}
    for entry in deck.entries():
        ident, text = str(entry.item.id), letters(main_text(entry.item))
        known_by[text] += 1
        items |= {(ident, text): entry.item, text: entry.item}
        items.setdefault(f"ident {ident}", entry.item)
    found = []
    for question in questions(made):
        theirs = of_parser(question)
        text = bare(question["body"]) if isinstance(question.get("body"), str) else ""
        ident = str(question.get("identifier"))
        item = items.get((ident, text)) or items.get(text if known_by[text] == 1 else f"ident {ident}")
        item = item or items.get(f"ident {ident}")
        if theirs is None or item is None:
            counts["questions without a kind here" if theirs is None else "questions found by the parser only"] += 1
            continue
        name = f"{path.name}: {question['title']}"
        found += [f"{name}: {what}" for what in differences(of_deck(item), theirs, known, counts)]
    return found


if __name__ == "__main__":
    raise SystemExit(run(__doc__, compared))
