"""What a real Moodle makes of our files: ``python -m tests.acceptance.moodle [DECK…] [--random COUNT]``.

Each deck (by default the examples, one of every kind and field, and 300 questions with images) is exported, imported
by Moodle's own importer, and what arrived is compared with the model: type, texts, answers, fractions, points, every
feedback, hints, tags, category, idnumber, files. Then every question is answered in Moodle's question engine: right,
wrong and partly right, each choice of a single choice and each answer to be typed on its own; Moodle's own export is
imported again. ``--random`` does the same with that many decks of `tests.strategies`, merged into a few files.

Wanted: PHP, an installed Moodle 4.5 (``MOODLE_DIRROOT``), and the script ``moodle_import_dump.php`` in the folder
that ``CARDFORGE_ORACLES`` names (default: ``../shared/oracles`` beside the project).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

from cardforge import api
from cardforge.diagnostics import CardforgeError
from cardforge.media import hashed_name
from cardforge.model import (
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Section,
    ShortAnswer,
    TrueFalse,
    texts,
)
from cardforge.text import Text, facts, plain, render
from cardforge_exporters.blanks import blanks
from cardforge_exporters.lms_markup import DIALECT

ROOT = Path(__file__).resolve().parents[2]
ORACLE = Path(os.environ.get("CARDFORGE_ORACLES", ROOT.parent / "shared/oracles")) / "moodle_import_dump.php"
MOODLE = os.environ.get("MOODLE_DIRROOT", "")
EVERY_KIND = ROOT / "tests/exporters/goldens/moodle/deck.yaml"
TYPES = {
    Flashcard: "multichoice",
    Cloze: "multianswer",
    MultipleChoice: "multichoice",
    TrueFalse: "truefalse",
    ShortAnswer: "shortanswer",
    Numeric: "numerical",
    Matching: "match",
    Ordering: "ordering",
    OpenPrompt: "essay",
}


@dataclass
class Findings:
    """What differs, and how much was compared."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def equal(self, what: str, where: str, found: object, meant: object) -> None:
        self.counts[what] += 1
        if found != meant:
            self.wrong.append(f"{where}: {what}: Moodle has {found!r}, the deck {meant!r}")

    def holds(self, what: str, where: str, text: str, part: str) -> None:
        self.counts[what] += 1
        if part not in text:
            self.wrong.append(f"{where}: {what}: {part!r} is not in {text!r}")


# --- what Moodle should have ---------------------------------------------------------------------


class Meant:
    """Texts as they should arrive."""

    def __init__(self, deck: Deck) -> None:
        self._read = deck.origin.media.read

    def html(self, text: Text | None) -> str:
        """As it is stored, line ends as XML has them."""
        if text is None:
            return ""
        html = render(text, DIALECT, lambda path: f"@@PLUGINFILE@@/{hashed_name(path, self._read(path))}")
        html = html.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\0\x0b")
        return "<p>0</p>" if html == "0" else html

    def files(self, item: AnyItem) -> set[str]:
        # The oracle does not list those in the left sides of a matching.
        own = [text for at, text in texts(item) if at[0] != "pairs"]
        paths = {reference.path for text in own for reference in facts(text).media}
        return {hashlib.sha1(self._read(path)).hexdigest() for path in paths}


def _line(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def _percent(credit: float) -> float:
    """The fraction that Moodle knows next to a credit, from the list in Moodle's documentation."""
    known = [
        1,
        0.9,
        5 / 6,
        0.8,
        0.75,
        0.7,
        2 / 3,
        0.6,
        0.5,
        0.4,
        1 / 3,
        0.3,
        0.25,
        0.2,
        1 / 6,
        1 / 7,
        0.125,
        1 / 9,
        0.1,
    ]
    known += [0.05, 0]
    return min((sign * k for k in known for sign in (1, -1)), key=lambda k: round(abs(k - credit), 6))


def _close(found: float, meant: float) -> bool:
    return abs(found - meant) < 1e-5


# --- comparing -----------------------------------------------------------------------------------


def compare(deck: Deck, dump: dict[str, Any], findings: Findings) -> None:
    """What arrived, question by question."""
    meant = Meant(deck)
    _compare_outcome(dump, findings)
    arrived = {question["idnumber"]: question for question in dump["questions"] if question["qtype"] != "description"}
    expected = sum(2 if isinstance(e.item, Flashcard) and e.item.reversed else 1 for e in deck.entries())
    findings.equal("number of questions", "deck", len(arrived), expected)
    infos = {c["path"]: c["info"] for c in dump["categories"]}
    pages = "".join(q["questiontext"] for q in dump["questions"] if q["qtype"] == "description")
    for section, way, _ in deck.sections():
        if (description := section.description) is not None:
            path = " / ".join(["top", *map(_category, (deck.title, *(s.section for s in way)))])
            findings.holds("section description", path, infos.get(path, "") + pages, meant.html(description))
    for entry in deck.entries():
        question = arrived.get(entry.id)
        if question is None:
            findings.wrong.append(f"{entry.id}: has not arrived")
            continue
        Arrived(entry.item, entry.id, question, meant, findings).compare(deck, entry)
        if isinstance(entry.item, Flashcard) and entry.item.reversed:
            turned = replace(entry.item, front=entry.item.back, back=entry.item.front)
            other = arrived.get(f"{entry.id} (reversed)")
            if other is None:
                findings.wrong.append(f"{entry.id}: the reversed question has not arrived")
            else:
                Arrived(turned, f"{entry.id} (reversed)", other, meant, findings).compare(deck, entry)


def _category(title: str) -> str:
    escaped = re.sub(r"&(?=#?\w{1,31};)", "&amp;", title.strip()).replace("<", "&lt;")
    return "Top" if escaped == "top" else escaped


def _compare_outcome(dump: dict[str, Any], findings: Findings) -> None:
    findings.equal("exception", "import", dump.get("exception"), None)
    findings.equal("import", "import", dump["ok"], True)
    findings.equal("import errors", "import", dump["importerrors"], 0)
    findings.equal("PHP warnings", "import", (dump["php"], dump.get("attempt_php")), ([], []))
    # Besides how many questions it imports and their texts, Moodle says nothing.
    said = [message for message in dump["messages"] if message.startswith(("++", "!!"))]
    findings.equal("messages", "import", said, [f"++ Importing {dump['imported']} questions from file ++"])
    findings.equal("messages", "dump", dump.get("dump_messages"), None)
    findings.equal("form", "import", dump["form"]["file_error"], "")
    names = Counter((q["name"], q["questiontext"]) for q in dump["questions"])
    repeated = {name for (name, _), count in names.items() if count > 1}
    for difference in dump.get("reimport", {}).get("differences", ()):
        # The oracle tells questions by name and text.
        if difference.get("name") not in repeated and not _is_numbering(difference):
            findings.wrong.append(f"import of Moodle's own export: {difference}")
    if "reimport" in dump:
        findings.equal("import of Moodle's own export", "deck", dump["reimport"]["ok"], True)


def _is_numbering(difference: dict[str, Any]) -> bool:
    """Whether the two differ only in the numbers of their rows."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            numbers = {"id", "question", "questionid", "trueanswer", "falseanswer"}
            return {name: without(part) for name, part in value.items() if name not in numbers}
        return [without(part) for part in value] if isinstance(value, list) else value

    if "missing" in difference:
        return False
    if difference["field"] == "tags":  # Moodle escapes them once more with every export
        return unescape(str(difference["first"])) == unescape(unescape(str(difference["second"])))
    return bool(without(difference["first"]) == without(difference["second"]))


@dataclass(frozen=True)
class Arrived:
    """A question beside the item that it was."""

    item: AnyItem
    where: str
    question: dict[str, Any]
    meant: Meant
    findings: Findings

    def equal(self, what: str, found: object, meant: object) -> None:
        self.findings.equal(what, self.where, found, meant)

    def holds(self, what: str, html: str, text: Text | None) -> None:
        """The text is in the HTML that Moodle has."""
        # What is just 0 has a paragraph where it stands alone.
        self.findings.holds(what, self.where, html, self.meant.html(text).removeprefix("<p>0</p>"))

    @property
    def text(self) -> str:
        return str(self.question["questiontext"])

    @property
    def answers(self) -> list[dict[str, Any]]:
        return list(self.question["answers"])

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.question["options"])

    def compare(self, deck: Deck, entry: Entry) -> None:
        """What all kinds have, then what is special."""
        item, question = self.item, self.question
        self.equal("type", question["qtype"], TYPES[type(item)])
        titles = [deck.title, *(section.section for section in entry.sections)]
        self.equal("category", question["category"], " / ".join(["top", *map(_category, titles)]))
        tags = {cleaned.lower() for tag in entry.tags if (cleaned := _tag(tag))}
        tags |= {f"level:{item.level}"} if item.level else set()
        self.equal("tags", {unescape(tag).lower() for tag in question["tags"]}, tags)
        if not isinstance(item, Cloze):
            self.equal("points", _close(question["defaultmark"], min(item.points, 99_999)), True)
        self.equal("files", {f["sha1"] for f in question["files"]}, self.meant.files(item))
        for text in (item.explanation, item.source):
            self.holds("general feedback", question["generalfeedback"], text)
        self._hints()
        if isinstance(item, Graded):
            self._feedback(item)
        if isinstance(item, Flashcard):
            self._flashcard(item)
        elif isinstance(item, Cloze):
            self._cloze(item)
        else:
            self.holds("stem", self.text, item.stem)
        if isinstance(item, MultipleChoice):
            self._choices(item)
        elif isinstance(item, ShortAnswer):
            self._typed(item)
        elif isinstance(item, Numeric):
            self._number(item)
        elif isinstance(item, Matching):
            self._pairs(item)
        elif isinstance(item, Ordering):
            self._steps(item)
        elif isinstance(item, OpenPrompt):
            self._concepts(item)

    def _hints(self) -> None:
        if isinstance(self.item, Flashcard | TrueFalse | OpenPrompt):
            for hint in self.item.hint:
                self.holds("hint in the text", self.text, hint)
            return
        hints = [hint["hint"] for hint in self.question["hints"]]
        self.equal("number of hints", len(hints), len(self.item.hint))
        for found, hint in zip(hints, self.item.hint, strict=False):
            self.holds("hint", found, hint)

    def _feedback(self, item: Graded) -> None:
        right, wrong = self.meant.html(item.feedback_correct), self.meant.html(item.feedback_incorrect)
        if isinstance(item, MultipleChoice | Matching | Ordering):
            self.equal("feedback for right", self.options["correctfeedback"], right)
            self.equal("feedback for wrong", self.options["incorrectfeedback"], wrong)
            self.equal("feedback for partly right", self.options["partiallycorrectfeedback"], wrong)
            return
        best, *others = sorted(self.answers, key=lambda answer: -answer["fraction"])
        self.holds("feedback for right", best["feedback"], item.feedback_correct)
        if wrong:
            self.holds("feedback for wrong", others[-1]["feedback"], item.feedback_incorrect)

    def _flashcard(self, item: Flashcard) -> None:
        self.holds("front", self.text, item.front)
        self.holds("back", self.text, item.back)
        self.holds("back", self.question["generalfeedback"], item.back)
        self.equal("rating", [answer["fraction"] for answer in self.answers], [1, 0.5, 0])

    def _cloze(self, item: Cloze) -> None:
        self.holds("extra", self.question["generalfeedback"], item.extra)
        self.equal("blanks", len(self.question["parts"]), len(blanks(item)))
        for part, blank in zip(self.question["parts"], blanks(item), strict=False):
            typed = " ".join(_legal(blank.answer).replace("*", r"\*").split())
            self.equal("answer of a blank", part["answers"], [[typed, 1, ""]])
            if blank.hint:
                hint = _line(_legal(blank.hint).replace("<", "&lt;"))
                self.findings.holds("hint of a blank", self.where, _line(self.text), hint)

    def _choices(self, item: MultipleChoice) -> None:
        self.equal("single", self.options["single"], str(int(not item.is_multiple)))
        self.equal("shuffle", self.options["shuffleanswers"], str(int(item.shuffle)))
        shown = [self.meant.html(choice.text) or NOTHING for choice in item.choices]
        self.equal("choices", [answer["text"] for answer in self.answers], shown)
        feedback = [self.meant.html(choice.feedback) for choice in item.choices]
        self.equal("choice feedback", [answer["feedback"] for answer in self.answers], feedback)
        for answer, choice in zip(self.answers, item.choices, strict=False):
            if len(item.key) <= 10 or choice.credit is not None:
                self.equal("fraction", round(answer["fraction"], 5), round(_percent(item.credit_of(choice)), 5))

    def _typed(self, item: ShortAnswer) -> None:
        patterns = [_legal(answer.text).strip().replace("*", r"\*") for answer in item.answers]
        self.equal("answers", [answer["text"] for answer in self.answers][: len(patterns)], patterns)
        self.equal("case", self.options["usecase"], str(int(item.case_sensitive)))
        best = max(answer.credit for answer in item.answers)
        for found, answer in zip(self.answers, item.answers, strict=False):
            credit = 1 if answer.credit == best else _percent(answer.credit)
            self.equal("fraction", round(found["fraction"], 5), round(credit, 5))
            self.holds("answer feedback", found["feedback"], answer.feedback)

    def _number(self, item: Numeric) -> None:
        value, off = float(item.answer), float(item.tolerance or 0)
        if item.tolerance_percent:
            off = abs(value) * float(item.tolerance_percent) / 100
        found = self.answers[0]
        self.equal("number", abs(float(found["text"]) - value) <= abs(value) * 1e-13, True)
        self.equal("tolerance", abs(float(found["tolerance"]) - off) <= max(off, abs(value)) * 1e-12, True)
        if item.unit:
            self.findings.holds("unit", self.where, _line(self.text), _line(_legal(item.unit).replace("<", "&lt;")))

    def _pairs(self, item: Matching) -> None:
        parts = self.question["subquestions"]
        count, distractors = len(item.pairs), list(dict.fromkeys(item.distractors))
        lefts = [self.meant.html(pair.left) or NOTHING for pair in item.pairs]
        self.equal("left sides", [part["question"] for part in parts[:count]], lefts)
        self.equal("distractors", [part["question"] for part in parts[count:]], [""] * len(distractors))
        rights = [part["answer"] for part in parts]
        if all(right.isdigit() for right in rights):
            for pair in item.pairs:
                self.holds("right side", self.text, pair.right)
            return
        meant = [*(pair.right for pair in item.pairs), *distractors]
        said = [_line(_legal(plain(text)).replace("<", "&lt;")) for text in meant]
        self.equal("right sides", [_line(right) for right in rights], said)

    def _steps(self, item: Ordering) -> None:
        shown = [_paragraph(re.sub(f"({NOTHING})+$", "", answer["text"])) for answer in self.answers]
        self.equal("steps", shown, [_paragraph(self.meant.html(step)) for step in item.steps])
        self.equal("steps differ", len({answer["text"] for answer in self.answers}), len(item.steps))
        self.equal("all steps", self.options["selecttype"], "0")

    def _concepts(self, item: OpenPrompt) -> None:
        self.holds("model answer", self.question["generalfeedback"], item.model_answer)
        for concept in item.concepts:
            self.holds("concepts for learners", self.question["generalfeedback"], concept.text)
            self.holds("concepts for graders", self.options["graderinfo"], concept.text)


NOTHING = "<span></span>"


def _tag(tag: str) -> str:
    cleaned = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f<>`\ufffe\uffff]", "", tag).split())[:255].strip()
    return "" if cleaned == "0" else cleaned


def _paragraph(html: str) -> str:
    """A step as Moodle reduces it: the only paragraph becomes plain text."""
    html = html.replace("<p>0</p>", "0")
    if html.count("<p>") == 1:
        html = re.sub(r"^\s*<p>\s*(.*?)(\s*<br\s*/?>)*\s*</p>\s*$", r"\1", html)
    return re.sub(r"vertical-align:\s*[\w-]+", "", html.strip())


def _legal(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


# --- answering -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """A response, the share of the points that it is worth, and texts that must be seen (or not)."""

    asked: dict[str, Any]
    worth: float
    shown: tuple[Text, ...] = ()
    hidden: tuple[Text, ...] = ()


def tries(item: AnyItem) -> Iterator[Try]:
    """Responses to an item: right, wrong and in between."""
    if isinstance(item, MultipleChoice):
        yield from _tries_of_choices(item)
    elif isinstance(item, Flashcard):
        yield from (Try({"choose": [place]}, worth) for place, worth in enumerate((1, 0.5, 0)))
    elif isinstance(item, TrueFalse):
        yield Try({"say": item.answer}, 1, _some(item.feedback_correct), _some(item.feedback_incorrect))
        yield Try({"say": not item.answer}, 0, _some(item.feedback_incorrect), _some(item.feedback_correct))
    elif isinstance(item, ShortAnswer):
        best = max(answer.credit for answer in item.answers)
        taken: set[str] = set()
        for answer in item.answers:
            key = unicodedata.normalize(
                "NFC", answer.text if item.case_sensitive else answer.text.upper().lower()
            ).strip()
            if key not in taken:
                taken.add(key)
                worth = 1 if answer.credit == best else _percent(answer.credit)
                of_item = item.feedback_correct if worth == 1 else item.feedback_incorrect
                yield Try({"type": answer.text}, worth, _some(answer.feedback, of_item))
        yield Try({"type": "surely wrong"}, 0, _some(item.feedback_incorrect), _some(item.feedback_correct))
    elif isinstance(item, Numeric):
        value = float(item.answer)
        off = float(item.tolerance or 0) or abs(value) * float(item.tolerance_percent or 0) / 100
        right, wrong = _some(item.feedback_correct), _some(item.feedback_incorrect)
        yield Try({"type": item.answer.removesuffix(".")}, 1, right, wrong)
        if off and off > abs(value) * 1e-9:
            yield Try({"type": f"{value + off * 0.99:.14g}"}, 1, right, wrong)
        yield Try({"type": f"{value + off * 1.01 + max(abs(value), 1) * 0.01:.14g}"}, 0, wrong, right)
    elif isinstance(item, Matching):
        yield from ()  # by place, once the file says what its menus offer
    elif isinstance(item, Ordering):
        places = list(range(len(item.steps)))
        yield Try({"order": places}, 1, _some(item.feedback_correct), _some(item.feedback_incorrect))
        yield Try({"order": places[::-1]}, 0, _some(item.feedback_incorrect), _some(item.feedback_correct))
        if len(places) > 2:
            partly = [*places[1:], places[0]]
            yield Try({"order": partly}, (len(places) - 2) / (len(places) - 1), _some(item.feedback_incorrect))
    elif isinstance(item, Cloze):
        answers = [" ".join(_legal(blank.answer).split()) for blank in blanks(item)]
        yield Try({"fill": answers}, 1)
        yield Try({"fill": ["surely wrong"] * len(answers)}, 0)
        if len(answers) > 1:
            yield Try({"fill": [answers[0], *["surely wrong"] * (len(answers) - 1)]}, 1 / len(answers))


def _tries_of_choices(item: MultipleChoice) -> Iterator[Try]:
    credits = [_percent(item.credit_of(choice)) for choice in item.choices]
    if len(item.key) > 10:
        return
    for place, choice in enumerate(item.choices):
        yield Try({"choose": [place]}, _capped(credits[place], item), _some(choice.feedback))
    if item.is_multiple:
        right = [place for place, credit in enumerate(credits) if credit > 0]
        if len(right) > 1:
            yield Try({"choose": right}, _capped(sum(credits[place] for place in right), item))
            yield Try({"choose": right[:-1]}, _capped(sum(credits[place] for place in right[:-1]), item))


def _capped(credit: float, item: MultipleChoice) -> float:
    return min(max(credit, 0), 1) if item.is_multiple else credit


def _some(*shown: Text | None) -> tuple[Text, ...]:
    return tuple(text for text in shown if text is not None)


def _tries_of_matching(item: Matching, question: dict[str, Any]) -> Iterator[Try]:
    rights = [s["answer"] for s in question["subquestions"]]
    right = rights[: len(item.pairs)]
    yield Try({"match": right}, 1, _some(item.feedback_correct), _some(item.feedback_incorrect))
    others = [next((other for other in rights if other != answer), None) for answer in right]
    if None not in others:
        yield Try({"match": others}, 0, _some(item.feedback_incorrect), _some(item.feedback_correct))
        yield Try({"match": [right[0], *others[1:]]}, 1 / len(right), _some(item.feedback_incorrect))


def answer(deck: Deck, file: Path, dump: dict[str, Any], findings: Findings) -> None:
    """Every question answered in the question engine."""
    arrived = {question["idnumber"]: question for question in dump["questions"]}
    asked: dict[str, list[Try]] = {}
    for entry in deck.entries():
        question = arrived.get(entry.id)
        if question is not None:
            item = entry.item
            asked[entry.id] = list(_tries_of_matching(item, question) if isinstance(item, Matching) else tries(item))
    answers = file.with_suffix(".json")
    answers.write_text(json.dumps({name: [t.asked for t in own] for name, own in asked.items()}))
    script = str(Path(__file__).with_name("moodle_answers.php"))
    told = json.loads(_php(script, MOODLE, str(file), str(answers)))
    for name, own in asked.items():
        for wanted, got in zip(own, told.get(name, []), strict=False):
            where = f"{name} {wanted.asked}"
            findings.equal("score", where, _close(float(got["fraction"] or 0), wanted.worth) or got["fraction"], True)
            for text in wanted.shown:
                findings.holds("feedback seen", where, got["seen"], _words(text))
            for text in wanted.hidden:
                findings.counts["feedback not seen"] += 1
                if len(_words(text)) > 20 and _words(text) in got["seen"]:
                    findings.wrong.append(f"{where}: {_words(text)!r} is seen")
        findings.equal("responses", name, len(told.get(name, [])), len(own))


def _words(text: Text) -> str:
    """A text as a page without its tags shows it: its longest run of plain words."""
    runs = re.split(r"[^\w .,-]+", re.sub(r"<[^>]*>", "|", unescape(render(text, DIALECT, lambda path: path))))
    return max((" ".join(run.split()) for run in runs), key=len, default="")


# --- the run -------------------------------------------------------------------------------------


def _php(*arguments: str) -> str:
    done = subprocess.run(["php", *arguments], capture_output=True, text=True, check=False)
    start = done.stdout.find("{")
    if start < 0:
        sys.exit(f"{arguments[0]} says: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout[start:]


def _dump(file: Path, *options: str) -> dict[str, Any]:
    dump: dict[str, Any] = json.loads(_php(str(ORACLE), f"--dirroot={MOODLE}", "--cleanup", *options, str(file)))
    return dump


def run(name: str, deck: Deck, folder: Path) -> Findings:
    """One deck, the whole way; one that was read from a file also with other options."""
    findings = Findings()
    file = folder / f"{name}.xml"
    file.write_bytes(api.export(deck, "moodle").data)
    dump = _dump(file, "--attempt", "--reimport")
    compare(deck, dump, findings)
    _compare_attempts(deck, dump, findings)
    _compare_hints(_dump(file, "--attempt", "--behaviour=interactive"), findings)
    answer(deck, file, dump, findings)
    if deck.origin.document is not None:
        other = folder / f"{name}-options.xml"
        other.write_bytes(api.export(deck, "moodle", flashcards="shortanswer", self_check=True, numbering="none").data)
        dump = _dump(other, "--attempt", "--reimport")
        _compare_outcome(dump, findings)
        _compare_attempts(deck, dump, findings)
    return findings


def _compare_attempts(deck: Deck, dump: dict[str, Any], findings: Findings) -> None:
    """The oracle's own answers: nothing is said, and the right one gets all points."""
    never_full = {entry.id for entry in deck.entries() if not _can_be_full(entry.item)}
    idnumbers = {question["id"]: question["idnumber"] for question in dump["questions"]}
    for attempt in dump["attempts"]:
        where = f"{attempt['name']}, {attempt['response']}"
        findings.equal("exception when answered", where, attempt.get("exception"), None)
        findings.equal("said when answered", where, attempt.get("said"), None)
        if attempt["response"] == "right" and idnumbers[attempt["id"]] not in never_full:
            # Three times 33.33333 % is a little less than all.
            findings.equal("right is full", where, _close(attempt.get("mark") or 0, 10) or attempt.get("mark"), True)


def _can_be_full(item: AnyItem) -> bool:
    if not isinstance(item, MultipleChoice):
        return True
    credits = [_percent(item.credit_of(choice)) for choice in item.choices]
    return sum(credit for credit in credits if credit > 0) > 0.9999 if item.is_multiple else max(credits) == 1


def _compare_hints(dump: dict[str, Any], findings: Findings) -> None:
    """With several tries, the first hint is seen after the first wrong one."""
    hints = {q["id"]: q["hints"][0]["hint"] for q in dump["questions"] if q["hints"]}
    for attempt in dump["attempts"]:
        failed = attempt["response"] == "wrong" and attempt.get("data") and not attempt.get("mark")
        if failed and attempt["id"] in hints:
            runs = re.split(r"<[^>]*>|[^\w .,-]+", unescape(hints[attempt["id"]]))
            words = max((" ".join(run.split()) for run in runs), key=len)
            findings.holds("hint after a wrong try", attempt["name"], attempt["seen"].get("submit", ""), words)


def with_images(folder: Path, count: int = 300) -> Deck:
    """A deck of choices, each with an image in its stem, in a choice and in a feedback."""
    media = folder / "media"
    media.mkdir(exist_ok=True)
    items = []
    for number in range(count):
        for part in "abc":
            shape = f'<circle cx="9" cy="9" r="{number % 8 + 1}"/><!-- {part} {number} -->'
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18">{shape}</svg>'
            (media / f"{part} {number}.svg").write_text(svg)
        choices = (
            Choice(text=f"![a disc](<media/b {number}.svg>)", correct=True, feedback=f"![so](<media/c {number}.svg>)"),
            Choice(text="none of these", feedback="Look *again*."),
            Choice(text=f"$x_{{{number}}}$"),
        )
        stem = f"Which is like number {number}? ![a disc](<media/a {number}.svg>)"
        items.append(MultipleChoice(id=f"image-{number}", stem=stem, choices=choices, hint=(f"Hint {number}",)))
    sections = (
        Section(section=f"Part {part}", items=tuple(items[part::3]), description=f"Part {part}") for part in range(3)
    )
    return Deck(title="Three hundred with images", items=tuple(sections)).with_media(folder)


def random_decks(count: int, each: int = 50) -> Iterator[Deck]:
    """Decks of `tests.strategies`, ``each`` in one; what is refused is left out, and ids that no two databases share."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from tests.strategies import decks

    drawn: list[Deck] = []

    @seed(4)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(decks())
    def collect(deck: Deck) -> None:
        drawn.append(deck)

    collect()
    for start in range(0, len(drawn), each):
        sections: list[Section] = []
        for number, deck in enumerate(drawn[start : start + each], start):
            try:
                api.plan(deck, "moodle")
            except CardforgeError:
                continue
            numbered = Section(section=f"Deck {number}", items=_numbered(deck.items, f"{number}-"), tags=deck.tags)
            sections.append(numbered)
        yield Deck(title=f"Random {start}", items=tuple(sections))


def _numbered(nodes: Sequence[AnyItem | Section], prefix: str) -> tuple[AnyItem | Section, ...]:
    return tuple(
        replace(node, items=_numbered(node.items, f"{prefix}{place}-"), section=f"{place} {node.section}")
        if isinstance(node, Section)
        else replace(node, id=f"{prefix}{place}")
        for place, node in enumerate(nodes)
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.moodle")
    parser.add_argument("decks", nargs="*", metavar="DECK", type=Path)
    parser.add_argument("--random", type=int, metavar="COUNT", help="that many decks that Hypothesis draws")
    arguments = parser.parse_args()
    if not ORACLE.is_file() or not MOODLE:
        sys.exit("wanted: moodle_import_dump.php in CARDFORGE_ORACLES, and an installed Moodle in MOODLE_DIRROOT")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        named: Iterator[tuple[str, Deck]]
        if arguments.random:
            named = ((deck.title.replace(" ", "-"), deck) for deck in random_decks(arguments.random))
        else:
            paths = arguments.decks or [*sorted((ROOT / "examples").glob("*.yaml")), EVERY_KIND]
            loaded = [(path.stem, api.load(path)) for path in paths]
            if not arguments.decks:
                loaded.append(("images", with_images(folder)))
            named = iter(loaded)
        failed = 0
        total: Counter[str] = Counter()
        for name, deck in named:
            findings = run(name, deck, folder)
            compared = sum(findings.counts.values())
            print(f"{name}: {len(deck.entries())} items, {compared} comparisons, {len(findings.wrong)} differences")
            for line in findings.wrong[:40]:
                print(f"  {line[:600]}")
            failed += len(findings.wrong)
            total += findings.counts
        print(", ".join(f"{what} {count}" for what, count in sorted(total.items())))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
