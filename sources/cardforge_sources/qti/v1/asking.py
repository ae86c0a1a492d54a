"""A question of QTI 1.2 while it becomes an item: its conditions, its feedback, and whom to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.question import Question
from cardforge_sources.qti.scoring import Judged, Shown, sorted_out
from cardforge_sources.qti.v1.conditions import Conditions

# Canvas's and Blackboard's names for feedback. (Their essays and matchings show it without any condition.)
_NAMED = {
    "general_fb": "always",
    "correct_fb": "right",
    "general_incorrect_fb": "wrong",
    "correct": "right",
    "incorrect": "wrong",
}
_RESPONDUS = re.compile(r"QUE_\d+_(ALL|C|IC)")
_OF_RESPONDUS = {"ALL": "always", "C": "right", "IC": "wrong"}


@dataclass(slots=True)
class Asking:
    """``kind`` is the name of its kind in the file, in lower case; ``meta`` its metadata."""

    builder: Builder
    findings: Findings
    question: Question
    conditions: Conditions
    feedback: Mapping[str, str]
    kind: str
    meta: Mapping[str, str]

    def worth(self, question: Question, best: Decimal) -> None:
        """The points, where the item does not name them: the greatest score, unless that is a percentage."""
        if question.points is None:
            most = self.conditions.most or best
            question.points = most if most > 0 and most != 100 else None

    def shown_for(self, right: Mapping[str, tuple[str, ...]], wrong: Mapping[str, tuple[str, ...]]) -> None:
        whole = self.conditions.judge(right)
        singles = {"right": whole, "wrong": self.conditions.judge(wrong)} if wrong else {"right": whole}
        shown = self.sorted_out(singles, frozenset({"right"}), whole, self.conditions.judge({}))
        self.say(self.question, shown, "right", "wrong")
        self.worth(self.question, whole.score)

    def sorted_out(
        self,
        singles: Mapping[str, Judged],
        right: frozenset[str],
        whole: Judged,
        empty: Judged,
        belongs: Callable[[str], str | None] = lambda key: None,
    ) -> Shown:
        named = {name: _NAMED[name.lower()] for name in self.feedback if name.lower() in _NAMED}
        named |= {name: _OF_RESPONDUS[said[1]] for name in self.feedback if (said := _RESPONDUS.fullmatch(name))}
        shown = sorted_out(self.feedback, singles, right, whole, empty, belongs, named)
        return shown

    def say(self, question: Question, shown: Shown, right: str = "", wrong: str = "") -> None:
        """Give the question its feedback, with that of an answer that stands for all right ones, or all wrong ones."""
        question.general = self.text(shown.always)
        question.correct = self.text([*shown.right, *shown.of.get(right, ())])
        question.incorrect = self.text([*shown.wrong, *shown.of.get(wrong, ())])
        for _ in shown.never:
            self.findings.not_kept(question.place, "feedback that no answer shows")

    def text(self, keys: Sequence[str]) -> str:
        return _joined(tuple(dict.fromkeys(self.feedback[key] for key in keys)))

    def tell_joined(self) -> None:
        """For a kind that has no feedback for right and wrong: the explanation takes it."""
        if self.question.correct or self.question.incorrect:
            self.tell("its feedback for right and for wrong answers is shown after any answer")

    def tell(self, how: str) -> None:
        self.findings.adapted(self.question.place, self.question.name, how)


@lru_cache(maxsize=1)  # the same feedback may be that of every choice
def _joined(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else "".join(f"<div>{part}</div>" for part in parts)
