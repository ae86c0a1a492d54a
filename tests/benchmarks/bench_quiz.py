"""Cardforge beside other writers of quizzes, in one run: ``python -m tests.benchmarks.bench_quiz [--quick]``.

Each writes the same four-choice items, with feedback for every choice and for the item, as a whole process and from
its own input: cardforge from YAML, text2qti and qti-package-maker from a file in text2qti's format, moodlexport and
moodle-questions from a script, as they read no files of this kind. Figures are the best of several runs in turns.

The others are not needed otherwise, so they are looked for in an environment of their own, which is named by
``CARDFORGE_OTHERS`` (a Python with text2qti, qti-package-maker, moodlexport and moodle-questions from PyPI).
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import in_turns, process, verdict

WORDS = """attention weights query key value softmax gradient layer token vector matrix scale head mask context
position encoder decoder sequence score memory signal language model training""".split()


@dataclass(frozen=True)
class Question:
    """A stem, four choices (text, feedback), the number of the right one, and an explanation."""

    stem: str
    choices: tuple[tuple[str, str], ...]
    right: int
    explanation: str


def questions(count: int) -> list[Question]:
    """Items as people write them: a question, four phrases, a sentence on each."""
    made = []
    for n in range(count):
        words = [WORDS[n * k % len(WORDS)] for k in (7, 11, 13, 17)]
        right = n % 4
        choices = tuple(
            (
                f"It moves the {word} of step {n}-{index}",
                f"The {word} {'follows' if index == right else 'does not follow'} from number {n}.",
            )
            for index, word in enumerate(words)
        )
        stem = f"What does the {words[0]} of {words[1]} number {n} do to the {words[2]}?"
        made.append(Question(stem, choices, right, f"Chapter {n % 30} shows it for the {words[3]}."))
    return made


def as_yaml(items: list[Question]) -> str:
    lines = ["title: Benchmark", "items:"]
    for item in items:
        lines += ["- type: multiple_choice", f"  stem: {item.stem}", f"  explanation: {item.explanation}", "  choices:"]
        for index, (text, feedback) in enumerate(item.choices):
            lines += [f"  - text: {text}", f"    feedback: {feedback}"]
            lines += ["    correct: true"] * (index == item.right)
    return "\n".join(lines) + "\n"


def as_text2qti(items: list[Question]) -> str:
    parts = ["Quiz title: Benchmark\n"]
    for number, item in enumerate(items, 1):
        lines = [f"{number}. {item.stem}", f"... {item.explanation}"]
        for index, (text, feedback) in enumerate(item.choices):
            lines += [f"{'*' * (index == item.right)}{'abcd'[index]}) {text}", f"... {feedback}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


_ITEMS = """
import sys
sys.path.insert(0, {here!r})
from tests.benchmarks.bench_quiz import questions
items = questions({count})
"""
_QTI_PACKAGE_MAKER = """
from qti_package_maker.package_interface import QTIPackageInterface
package = QTIPackageInterface("benchmark")
package.read_package("quiz.txt", "text2qti")
package.save_package("canvas_qti_v1_2", "qti-package-maker.zip")
"""
_MOODLEXPORT = """
from moodlexport.python_to_moodle import Answer, Category, Question
category = Category("benchmark")
for item in items:
    question = Question("multichoice")
    question.text(item.stem)
    question.generalfeedback(item.explanation)
    for index, (text, feedback) in enumerate(item.choices):
        answer = Answer(text, index == item.right)
        answer.feedback(feedback)
        answer.addto(question)
    question.addto(category)
category.savexml("moodlexport")
"""
_MOODLE_QUESTIONS = """
from moodle_questions.questions.multiplechoice import MultipleChoiceQuestion
from moodle_questions.quiz import Quiz
quiz = Quiz()
for item in items:
    question = MultipleChoiceQuestion(
        name=item.stem, question_text=item.stem, default_mark=1, general_feedback=item.explanation
    )
    for index, (text, feedback) in enumerate(item.choices):
        question.add_answer(100 if index == item.right else 0, text, feedback)
    quiz.add_question(question)
quiz.save("moodle-questions.xml")
"""


@dataclass(frozen=True)
class Other:
    """A writer to be measured beside ours for a target.

    ``wanted``: at 10,000 items ours takes at most this share of its time. ``leaner``: ours needs less memory.
    """

    name: str
    target: str
    command: tuple[str, ...]
    wanted: float
    leaner: bool = True


def others(count: int) -> list[Other]:
    python = os.environ.get("CARDFORGE_OTHERS", sys.executable)
    given = _ITEMS.format(here=str(Path(__file__).parents[2]), count=count)
    return [
        Other("text2qti", "canvas", (str(Path(python).parent / "text2qti"), "quiz.txt"), 1 / 5),
        Other("qti-package-maker", "canvas", (python, "-c", _QTI_PACKAGE_MAKER), 1 / 2),
        Other("moodlexport", "moodle", (python, "-c", given + _MOODLEXPORT), 1 / 2),
        Other("moodle-questions", "moodle", (python, "-c", given + _MOODLE_QUESTIONS), 3, leaner=False),
    ]


def bench(count: int, folder: str) -> None:
    items = questions(count)
    Path(folder, "deck.yaml").write_text(as_yaml(items), encoding="utf-8")
    Path(folder, "quiz.txt").write_text(as_text2qti(items), encoding="utf-8")
    print(
        f"{count:,} items, whole processes        its time  its peak    cardforge      peak   share of its time (wanted)"
    )
    for other in others(count):
        peaks = [0, 0]

        def run(index: int, command: tuple[str, ...], peaks: list[int] = peaks) -> float:
            for made in (*Path(folder).glob("*.zip"), *Path(folder).glob("*.xml")):
                made.unlink()
            seconds, peak = process(list(command), folder)
            peaks[index] = max(peaks[index], peak)
            return seconds

        ours = (sys.executable, "-m", "cardforge", "export", "deck.yaml", "--to", other.target)
        seconds = in_turns(
            3 if count <= 1_000 else 2,
            lambda command=other.command, run=run: run(0, command),  # type: ignore[misc]
            lambda command=ours, run=run: run(1, command),  # type: ignore[misc]
        )
        share = seconds[1] / seconds[0]
        wanted = (
            f"{share:5.2f} ({other.wanted:.2f}) {verdict(share <= other.wanted)}"
            if count == 10_000
            else f"{share:5.2f}"
        )
        leaner = f", less memory {verdict(peaks[1] < peaks[0])}" if count == 10_000 and other.leaner else ""
        print(
            f"  {other.name:<18} {other.target:<9} {seconds[0]:8.2f} s {peaks[0]:6} MB {seconds[1]:10.2f} s {peaks[1]:6} MB"
            f"   {wanted}{leaner}"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in (1_000,) if "--quick" in sys.argv else (1_000, 10_000):
            bench(count, folder)


if __name__ == "__main__":
    main()
