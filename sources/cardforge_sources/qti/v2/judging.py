"""An item of QTI 2 or 3 as something that answers can be tried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from cardforge_sources.qti.markup import html
from cardforge_sources.qti.names import child, inside
from cardforge_sources.qti.numbers import NotUnderstood
from cardforge_sources.qti.question import Question
from cardforge_sources.qti.scoring import ChoiceKey, Judged, Shown, sorted_out
from cardforge_sources.qti.v2.declarations import Value, outcomes, responses
from cardforge_sources.qti.v2.rules import Answers, Rules
from cardforge_sources.xml import Element

_CHOICES = frozenset({"simpleChoice", "inlineChoice", "hottext", "simpleAssociableChoice"})


_OURS = {
    ("FEEDBACK", "correct"): "right",
    ("FEEDBACK", "incorrect"): "wrong",
    ("FEEDBACK_GENERAL", "general_fb"): "always",
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """A text that is shown when an outcome has a value. ``owner`` is the choice that it stands in."""

    key: str
    outcome: str
    identifier: str
    is_hidden: bool
    html: str
    owner: str | None


class Scoring:
    """What an item declares, and its rules. ``trouble`` says why these cannot be run, if they cannot.

    ``found`` keeps what was found by trying answers: the items of one author often share their rules.
    """

    def __init__(self, item: Element) -> None:
        self.responses = responses(item)
        self.outcomes = outcomes(item)
        self.rules = Rules(self.responses, self.outcomes)
        self.trouble = ""
        self.found: dict[tuple[object, ...], tuple[ChoiceKey, Shown, Decimal]] = {}
        processing = child(item, "responseProcessing")
        if processing is not None:
            try:
                self.rules.read(processing)
            except NotUnderstood as error:
                self.trouble = str(error)
        self.score = _score_of(self.rules)


class Scorings:
    """The scorings of the items that were read last."""

    def __init__(self) -> None:
        self._known: dict[str, Scoring] = {}

    def of(self, item: Element) -> Scoring:
        """The scoring of an item: one object for all items whose declarations and rules are the same."""
        parts = item.iterchildren("responseDeclaration", "outcomeDeclaration", "responseProcessing")
        written = "".join([etree.tostring(part, with_tail=False, encoding="unicode") for part in parts])
        scoring = self._known.get(written)
        if scoring is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            scoring = self._known[written] = Scoring(item)
        return scoring


_MOST_KNOWN = 500


class Judging:
    """An item's scoring together with its own texts of feedback."""

    def __init__(self, item: Element, scoring: Scoring, is_ours: bool, weight: Decimal | None = None) -> None:
        self.is_ours = is_ours
        self._weight = weight
        self.scoring = scoring
        self.responses = scoring.responses
        self.outcomes = scoring.outcomes
        self.rules = scoring.rules
        self.trouble = scoring.trouble
        self.feedback = {f.key: f for f in _feedback(item, is_ours)}
        self._score = scoring.score
        self._said: set[str] = set()
        self.scores_nothing = False
        """Whether the best answer that was tried got no points from rules that there are."""

    @property
    def signature(self) -> tuple[object, ...]:
        """All that decides which feedback is shown: the same for items that differ in their texts only."""
        return tuple((f.outcome, f.identifier, f.is_hidden, f.owner) for f in self.feedback.values())

    def points(self, best: Decimal) -> Decimal:
        """What a full answer is worth: what the best answer scores, times the weight that a test gives.

        Where no answer that was tried scores anything (people score it, say), the maximum that is declared.
        """
        declared = self._declared()
        self.scores_nothing = best <= 0 and not self.rules.is_empty and not self.trouble
        points = best if best > 0 else declared if declared is not None else Decimal(1)
        if self.is_ours and declared is not None:
            points = declared
        elif points <= 0:
            points = Decimal(1)
        return points * self._weight if self._weight else points

    def total(self, best: Decimal) -> Decimal:
        """The score that shares are shares of."""
        declared = self._declared()
        return declared if self.is_ours and declared is not None else best

    def _declared(self) -> Decimal | None:
        greatest = self.outcomes.get("MAXSCORE")
        if greatest is not None and isinstance(greatest.default, Decimal):
            return greatest.default
        score = self.outcomes.get(self._score)
        return score.most if score else None

    def judge(self, answers: Answers, *, is_bounded: bool = False, by_marks: bool = False) -> Judged:
        """The score and the feedback for these answers. With ``by_marks``, they score when the rules set the score,
        whatever to: for items that are worth nothing.
        """
        if self.trouble:
            return Judged(Decimal(0), frozenset())
        found = self.rules.run(answers, is_bounded=is_bounded, unset=self._score if by_marks else "")
        score = found.get(self._score)
        if by_marks:
            score = score is not None
        shown = frozenset(f.key for f in self.feedback.values() if _is_shown(f, found.get(f.outcome)))
        return Judged(score if isinstance(score, Decimal) else Decimal(score is True), shown)

    @property
    def named(self) -> dict[str, str]:
        """When feedback is shown that cardforge wrote: its outcomes say so.

        Where the rules cannot be run, that of others: the names that it has say so, or else it is always shown.
        """
        if self.trouble:
            return _by_names([f for f in self.feedback.values() if f.owner is None])
        if not self.is_ours:
            return {}
        return {f.key: _OURS[name] for f in self.feedback.values() if (name := (f.outcome, f.identifier)) in _OURS}

    def say(self, question: Question, right: Judged, wrong: Judged) -> None:
        """Give the question its feedback, from a right answer, a wrong one and none."""
        singles = {"right": right, "wrong": wrong}
        shown = sorted_out(self.feedback, singles, frozenset({"right"}), right, self.judge({}), named=self.named)
        question.correct = self.text([*shown.right, *shown.of.get("right", [])])
        question.incorrect = self.text([*shown.wrong, *shown.of.get("wrong", [])])
        question.general = self.text(shown.always)

    def text(self, keys: Sequence[str]) -> str:
        """The texts of some feedback, together."""
        self._said.update(keys)
        parts = list(dict.fromkeys(self.feedback[key].html for key in keys))
        return parts[0] if len(parts) == 1 else "".join(f"<div>{part}</div>" for part in parts)

    @property
    def unsaid(self) -> int:
        """How many texts of feedback `text` was never asked for: nothing in the deck says them."""
        return len(self.feedback.keys() - self._said)

    def belongs(self, key: str) -> str | None:
        """The choice that a feedback stands in or is named after."""
        found = self.feedback[key]
        return found.owner or found.identifier


def _score_of(rules: Rules) -> str:
    """The outcome that is the score: SCORE, or where none is called so, the number that is most like it."""
    if "SCORE" in rules.outcomes:
        return "SCORE"
    numeric = [o.identifier for o in rules.outcomes.values() if o.base_type in ("float", "integer")]
    named = [name for name in numeric if "score" in name.lower() and "max" not in name.lower()]
    return next(iter(named or numeric), "SCORE")


def _is_shown(feedback: Feedback, value: Value) -> bool:
    has = feedback.identifier in value if isinstance(value, tuple) else value == feedback.identifier
    return has != feedback.is_hidden


def _by_names(feedback: Sequence[Feedback]) -> dict[str, str]:
    """When each feedback is shown, by its name. What is shown after right and after wrong answers alike is always."""
    named = {f.key: _by_name(f) for f in feedback}
    said = {when: {" ".join(f.html.split()) for f in feedback if named[f.key] == when} for when in ("right", "wrong")}
    return dict.fromkeys(named, "always") if said["right"] == said["wrong"] else named


def _by_name(feedback: Feedback) -> str:
    """When a feedback is shown, by names such as ``ANSWER_CORRECT`` and ``incorrect_fb``."""
    name = feedback.identifier.lower()
    if any(word in name for word in ("incorrect", "not_correct", "notcorrect", "wrong", "fail", "false")):
        return "right" if feedback.is_hidden else "wrong"
    if any(word in name for word in ("correct", "right", "success", "true")):
        return "wrong" if feedback.is_hidden else "right"
    return "always"


def _feedback(item: Element, is_ours: bool) -> list[Feedback]:
    found: list[Feedback] = []
    for element in inside(item, "modalFeedback", "feedbackInline", "feedbackBlock"):
        text = html(element, classes=is_ours).strip()
        if not text:
            continue
        owner = None
        if element.tag != "modalFeedback":
            choice = next((e for e in element.iterancestors() if e.tag in _CHOICES), None)
            owner = choice.get("identifier") if choice is not None else None
        found.append(
            Feedback(
                str(len(found)),
                element.get("outcomeIdentifier", ""),
                element.get("identifier", ""),
                element.get("showHide") == "hide",
                text,
                owner,
            )
        )
    return found
