"""Export decks and run the packages through Canvas's own two importers; compare what arrives with the decks.

    python tests/acceptance/canvas.py [DECK…] [--random N]

Wants the oracles in a folder that CARDFORGE_ORACLES names (by default ../shared/oracles beside the project), with
what they want: CANVAS_SRC, MIGRATE_PY and QTI_GEM. Without decks it takes the examples, a deck with everything and
one of 300 questions with images; ``--random N`` adds N packages of random decks.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from cardforge import api
from cardforge.model import AnyItem, Deck, MultipleChoice, Section
from cardforge_exporters.canvas import CanvasExporter
from tests.exporters.canvas.quizzes import Asked, Drawn, Quiz, Shown, Words, expected, letters, words
from tests.exporters.canvas.reading import files, place, with_marks
from tests.strategies import decks

ORACLES = Path(os.environ.get("CARDFORGE_ORACLES", ROOT.parent / "shared" / "oracles"))


def oracle(script: str, package: bytes) -> Any:
    """What an importer makes of a package."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "package.zip")
        path.write_bytes(package)
        ran = subprocess.run(["ruby", str(ORACLES / script), str(path)], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"{script} failed:\n{ran.stderr}")
    return json.loads(ran.stdout)


# --- Classic Quizzes ---------------------------------------------------------------------------

CLASSIC = {
    "multiple_choice_question": "choice",
    "true_false_question": "choice",
    "multiple_answers_question": "choices",
    "short_answer_question": "short",
    "numerical_question": "numeric",
    "fill_in_multiple_blanks_question": "blanks",
    "matching_question": "matching",
    "essay_question": "essay",
}


def classic(package: bytes) -> tuple[Quiz, Any]:
    """The quiz in Classic Quizzes (or the questions, of a bank), and the importer's whole answer."""
    made = oracle("canvas_import.rb", package)
    by_ident = {question["migration_id"]: question for question in made["questions"]}
    errors = [q for q in made["questions"] if {"qti_error", "import_error", "import_warnings", "qti_warning"} & set(q)]
    assert not errors, errors
    assert not made["duplicate_ids"], made["duplicate_ids"]
    assert not made["log"], made["log"]
    if not made["assessments"]:
        return [_classic(question) for question in made["questions"]], made
    quiz: Quiz = []
    (assessment,) = made["assessments"]
    assert not {"qti_error", "meta_error"} & set(assessment), assessment
    for part in assessment["questions"]:
        if part["question_type"] == "question_group":
            drawn = tuple(_classic(by_ident[question["migration_id"]]) for question in part["questions"])
            quiz.append(Drawn(part["pick_count"], part["question_points"], drawn))
        else:
            question = by_ident[part["migration_id"]]
            if question["question_type"] == "text_only_question":
                quiz.append(Shown(words(question["question_text"])))
            else:
                quiz.append(_classic(question))
    return quiz, made


def _shown(part: Any, name: str) -> Words | None:
    """A text that Canvas keeps as HTML, if there is a need for it, and without markup."""
    if markup := part.get(f"{name}_html"):
        return words(markup)
    return letters(part[name]) if part.get(name) else None


def _classic(question: Any) -> Asked:
    kind = CLASSIC[question["question_type"]]
    names = {"correct": "correct_comments", "incorrect": "incorrect_comments", "always": "neutral_comments"}
    feedback = {ours: shown for ours, theirs in names.items() if (shown := _shown(question, theirs)) is not None}
    text = words(question["question_text"])
    answers: Any = ()
    given_ = question["answers"]
    if kind in ("choice", "choices"):
        assert {answer["weight"] for answer in given_} <= {0, 100}
        answers = tuple(
            (words(a["html"]) if a.get("html") else letters(a["text"]), a["weight"] == 100, _shown(a, "comments"))
            for a in sorted(given_, key=lambda a: place(a["migration_id"]))
        )
        assert all(answer["text"] != "No answer text provided." for answer in given_)
    elif kind == "short":
        answers = tuple((answer["text"].strip(), _shown(answer, "comments")) for answer in given_)
    elif kind == "numeric":
        (answer,) = given_
        if answer["numerical_answer_type"] == "exact_answer":
            exact, margin = (Decimal(repr(answer[name])) for name in ("exact", "margin"))
            answers = (float(exact - margin), float(exact + margin))
        else:
            answers = (answer["start"], answer["end"])
    elif kind == "blanks":
        text = (with_marks(text[0], [answer["blank_id"] for answer in given_]), *text[1:])
        answers = tuple(answer["text"] for answer in given_)
    elif kind == "matching":
        pairs = {
            words(a["left_html"]) if a.get("left_html") else letters(a["left"]): letters(a["right"]) for a in given_
        }
        texts = {match["match_id"]: letters(match["text"]) for match in question["matches"]}
        assert all(texts[answer["match_id"]] == letters(answer["right"]) for answer in given_)
        answers = (pairs, set(texts.values()) - set(pairs.values()))
    points = question["points_possible"]
    return Asked(question["migration_id"], kind, question["question_name"], text, points, answers, feedback)


# --- New Quizzes -------------------------------------------------------------------------------

NEW = {"FillBlankInteraction": "short", "NumericInteraction": "numeric", "MatchInteraction": "matching"}


def new(package: bytes) -> tuple[Quiz, Any]:
    """The quiz in New Quizzes, and the parser's whole answer."""
    made = oracle("newquizzes_import.rb", package)
    (assessment,) = made["assessments"]
    quiz: Quiz = []
    for item in assessment["items"]:
        assert "error" not in item, item
        if "stimulus" in item:
            quiz.append(Shown(words(item["body"])))
        elif "question_group" in item:
            quiz.append(Drawn(item["pick"], item["points_per_item"], tuple(map(_new, item["items"]))))
        else:
            quiz.append(_new(item))
    return quiz, made


def _new(item: Any) -> Asked:
    for value in item.values():
        assert not (isinstance(value, dict) and "error" in value), item
    kind = item["interaction"].rpartition("::")[2]
    text, scoring = words(item["body"]), item["scoring"]
    feedback = {
        ours: words(item["feedback"][theirs])
        for ours, theirs in (("correct", "correct"), ("incorrect", "incorrect"), ("always", "neutral"))
        if theirs in (item["feedback"] or {})
    }
    own = {entry["response_value"]: words(entry["feedback"]) for entry in item["answer_feedback"] or ()}
    answers: Any = ()
    if kind == "ChoiceInteraction":
        right = {entry["values"] for entry in scoring}
        kind = "choices" if scoring[0]["rcardinality"] == "Multiple" else "choice"
        given = sorted(item["answers"], key=lambda a: place(a["id"]))
        answers = tuple((words(a["body"]), a["id"] in right, own.get(a["id"])) for a in given)
    elif kind == "StringInteraction":
        kind = "essay"
    elif kind == "FillBlankInteraction" and scoring[0]["parent_identifier"]:
        kind = "blanks"
        names = [entry["parent_identifier"].removeprefix("response_") for entry in scoring]
        text = (with_marks(text[0], names), *text[1:])
        answers = tuple(entry["values"].strip() for entry in scoring)
        asked = [part["blank_id"] for part in item["stem_items"] if part["type"] == "blank"]
        assert sorted(asked) == sorted(f"response_{name}" for name in names), item
    else:
        kind = NEW[kind]
    if kind == "short":
        answers = tuple((entry["values"].strip(), own.get(entry["values"])) for entry in scoring)
    elif kind == "numeric":
        (entry,) = scoring
        if entry["type"] == "withinARange":
            answers = (float(entry["start"]), float(entry["end"]))
        else:
            value, margin = Decimal(entry["value"]), Decimal(entry.get("margin") or 0)
            answers = (float(value - margin), float(value + margin))
    elif kind == "matching":
        (entry,) = scoring
        pairs = {words(q["item_body"]): words(entry["values"][q["id"]]) for q in item["questions"]}
        answers = (pairs, {words(other) for other in item["distractors"]})
    return Asked(item["identifier"], kind, item["title"], text, float(item["points"]), answers, feedback)


# --- comparing ---------------------------------------------------------------------------------


def without_names(quiz: Quiz) -> Quiz:
    """The quiz without idents and titles."""
    bare: Quiz = []
    for part in quiz:
        if isinstance(part, Drawn):
            part = replace(part, questions=tuple(replace(asked, ident="", title="") for asked in part.questions))
        bare.append(replace(part, ident="", title="") if isinstance(part, Asked) else part)
    return bare


def asked(quiz: Quiz) -> Iterator[Asked]:
    """Every question of a quiz."""
    for part in quiz:
        if isinstance(part, Drawn):
            yield from part.questions
        elif isinstance(part, Asked):
            yield part


def differences(quiz: Quiz, wanted: Quiz) -> list[str]:
    """What arrived otherwise than it should."""
    found = [] if len(quiz) == len(wanted) else [f"{len(quiz)} parts instead of {len(wanted)}"]
    for got, want in zip(without_names(quiz), wanted, strict=False):
        if got == want:
            continue
        if type(got) is not type(want):
            found.append(f"{got}\n  instead of {want}")
            continue
        for name in vars(want):
            if getattr(got, name) != getattr(want, name):
                found.append(f"{name}: {getattr(got, name)!r}\n    instead of {getattr(want, name)!r}")
    return found


class Different(Exception):
    """What arrived is not the deck."""


def check(deck: Deck, label: str, **options: Any) -> int:
    """Export a deck, import it twice, compare. Gives the number of questions."""
    package = api.export(deck, "canvas", now=0, **options).data
    wanted = expected(deck, flashcards=str(options.get("flashcards", "rated")), bank=bool(options.get("bank")))
    quiz, made = classic(package)
    problems = [f"Classic: {difference}" for difference in differences(quiz, wanted)]
    newer, newly_made = new(package)
    problems += [f"New: {difference}" for difference in differences(newer, wanted)]
    idents = [question.ident for question in asked(quiz)]
    if idents != [question.ident for question in asked(newer)]:
        problems.append("the idents differ")
    if _media_in(made["questions"]):
        problems.append("Classic: a reference to media does not resolve")
    if lost := _media_in(newly_made) - files(package).keys():
        problems.append(f"New: not in the package: {lost}")
    if problems:
        print(f"{label}:", *problems, sep="\n  ")
        raise Different
    print(f"{label}: {len(idents)} questions, the same in Classic Quizzes and New Quizzes")
    return len(idents)


def _media_in(made: Any) -> set[str]:
    """The addresses of media as the package has them."""
    return set(re.findall(r'src=\\"(media/[^"\\]+)', json.dumps(made)))


def check_settings(deck: Deck) -> None:
    """The settings of a quiz arrive in both."""
    chosen: dict[str, Any] = {
        "quiz_type": "practice_quiz",
        "shuffle": True,
        "attempts": 3,
        "time_limit": 45,
        "one_at_a_time": True,
    }
    package = api.export(deck, "canvas", now=0, show_correct_answers=False, **chosen).data
    (quiz,) = classic(package)[1]["assessments"]
    newer = new(package)[1]["assessments"][0]["meta"]
    names = ("title", "quiz_type", "shuffle_answers", "allowed_attempts", "time_limit", "show_correct_answers")
    wanted = [deck.title, "practice_quiz", True, 3, 45, False]
    found = [quiz[name] for name in names]
    assert [found[0].replace("\u2060", ""), *found[1:]] == wanted and quiz["one_question_at_a_time"] is True, quiz
    found = [newer.get(f"canvas_{name}", newer.get(f"canvas_{name}?")) for name in names]
    assert [html.unescape(found[0]).replace("\u2060", ""), *found[1:]] == wanted, newer
    assert words(quiz["description"]) == words(newer["canvas_description"])
    assert quiz["points_possible"] == newer["canvas_points_possible"]
    print("settings: the same in Classic Quizzes and New Quizzes")


def check_a_bank(deck: Deck) -> None:
    """The questions of a bank are in one bank, under the deck's title."""
    made = classic(api.export(deck, "canvas", now=0, bank=True).data)[1]
    assert {question["question_bank_name"] for question in made["questions"]} == {deck.title}
    assert not made["assessments"]
    print("a bank: one bank with the deck's title, no quiz")


def check_an_edit(deck: Deck, label: str) -> None:
    """An edited item changes itself and keeps its ident."""
    index, item = next((i, item) for i, item in enumerate(deck.items) if isinstance(item, MultipleChoice) and item.id)
    edited = replace(deck, items=(*deck.items[:index], replace(item, stem="Edited?"), *deck.items[index + 1 :]))
    edited = edited.with_origin(deck.origin)
    before, after = (classic(api.export(each, "canvas", now=0).data)[0] for each in (deck, edited))
    changed = [one.ident for one, other in zip(asked(before), asked(after), strict=True) if one != other]
    assert len(changed) == 1 and str(item.id) in changed[0], changed
    assert [question.ident for question in asked(before)] == [question.ident for question in asked(after)]
    print(f"{label}: an edited item changes itself only, and keeps its ident")


def many(folder: Path) -> Deck:
    """A deck of 300 questions with images."""
    for number in range(30):
        drawn = f'<circle cx="9" cy="9" r="{number}"/>'
        (folder / f"figure {number}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>')
    items = [
        {
            "type": "multiple_choice",
            "id": f"q{number}",
            "stem": f"What is *this*, number {number}?\n\n![figure](<figure {number % 30}.svg>)",
            "choices": [
                {"text": f"![a circle](<figure {number % 30}.svg>)", "correct": True, "feedback": "Right & **round**"},
                {"text": f"a square of ${number}$"},
                {"text": "a < b", "feedback": f"![no](<figure {number % 7}.svg>)"},
            ],
        }
        for number in range(300)
    ]
    path = folder / "many.json"
    path.write_text(json.dumps({"id": "many", "title": "Many", "items": items}))
    return api.load(path)


def check_random_decks(count: int) -> None:
    """Packages of ten random decks each; goes on after a difference, and counts."""
    total, wrong = 0, 0

    @seed(count)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(decks(), min_size=10, max_size=10))
    def one(drawn: list[Deck]) -> None:
        nonlocal total, wrong
        taken = [deck for deck in drawn if not CanvasExporter().refuses(deck)]
        nodes = [Section(section=deck.title, items=_named(deck.items, str(n))) for n, deck in enumerate(taken)]
        try:
            total += check(Deck(title="Random", items=tuple(nodes)), "random")
        except (Different, AssertionError) as difference:
            print(difference)
            wrong += 1

    one()
    print(f"{total} random questions as they should be; {wrong} packages with a difference")


def _named(nodes: tuple[AnyItem | Section, ...], name: str) -> tuple[AnyItem | Section, ...]:
    return tuple(
        replace(node, items=_named(node.items, f"{name}.{n}"))
        if isinstance(node, Section)
        else replace(node, id=f"{name}.{n}.{node.id or ''}")
        for n, node in enumerate(nodes)
    )


def main() -> None:
    """Check what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("decks", nargs="*", type=Path)
    parser.add_argument("--random", type=int, default=0, metavar="N")
    chosen = parser.parse_args()
    everything = ROOT / "tests/exporters/goldens/canvas/deck.yaml"
    paths = chosen.decks or [*sorted((ROOT / "examples").glob("*.yaml")), ROOT / "examples/vocabulary.csv", everything]
    for path in paths:
        check(api.load(path), path.name)
    if not chosen.decks:
        check(api.load(everything), "flashcards as essays", flashcards="essay")
        check(api.load(everything), "a bank", bank=True)
        with tempfile.TemporaryDirectory() as folder:
            deck = many(Path(folder))
            check(deck, "300 questions with images")
            check_settings(api.load(everything))
            check_a_bank(api.load(everything))
            check_an_edit(deck, "300 questions with images")
    if chosen.random:
        check_random_decks(chosen.random)


if __name__ == "__main__":
    main()
