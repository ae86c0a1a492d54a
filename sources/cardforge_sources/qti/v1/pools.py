"""Pools of Blackboard's older format: the ``<POOL>`` in a ``res00001.dat``, from the years before it wrote QTI.

Source: Moodle's importer ``blackboard_six`` (``formatpool.php``) and its sample file; of ``QUESTION_ORDER``, whose
``CORRECTANSWER`` elements stand in the right order, files of programs that write pools. Blackboard publishes no schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from cardforge_sources.lines import as_line
from cardforge_sources.qti import kinds
from cardforge_sources.qti.build import Builder
from cardforge_sources.qti.files import Part
from cardforge_sources.qti.findings import Findings
from cardforge_sources.qti.names import child, children, inside
from cardforge_sources.qti.nodes import ItemNode, SectionNode
from cardforge_sources.qti.numbers import number
from cardforge_sources.qti.question import MARK, Option, Question, Typed
from cardforge_sources.qti.scoring import MOST_CHOICES
from cardforge_sources.qti.texts import words
from cardforge_sources.qti.v1 import material
from cardforge_sources.qti.v1.assessments import Whole
from cardforge_sources.xml import Element, line_of, text_of

_FEEDBACK = ("FEEDBACK_WHEN_CORRECT", "FEEDBACK_WHEN_INCORRECT")
_OF_THE_POOL = frozenset({"COURSEID", "TITLE", "DESCRIPTION", "DATES", "QUESTIONLIST"})
_READ = frozenset({"BODY", "ANSWER", "CHOICE", "GRADABLE", "DATES", "TEXT", "FLAGS", "CORRECTANSWER", *_FEEDBACK})


@dataclass(frozen=True, slots=True)
class PoolReader:
    """Reads pools."""

    builder: Builder
    findings: Findings

    def read(self, part: Part, root: Element) -> Whole:
        """A pool as a bank, its questions in the order of its list; what is no kind here is kept aside."""
        listed = [element for outer in children(root, "QUESTIONLIST") for element in children(outer, "QUESTION")]
        order = {element.get("id", ""): index for index, element in enumerate(listed)}
        worth = {element.get("id", ""): number(element.get("points")) for element in listed}
        asked = [element for element in children(root) if _asks(element)]
        node = SectionNode({"section": as_line(_value(root, "TITLE"))}, (part, line_of(root)))
        described = self.builder.text(_text(child(root, "DESCRIPTION")), node.place)
        if described is not None:
            node.data["description"] = described
        for element in sorted(asked, key=lambda element: order.get(element.get("id", ""), len(order))):
            if (item := self._item(part, element, worth.get(element.get("id", "")))) is not None:
                node.nodes.append(item)
        for element in children(root):
            if not _asks(element) and element.tag not in _OF_THE_POOL:
                self.findings.not_kept((part, line_of(element)), f"what a pool of Blackboard has in <{element.tag}>")
        there = {element.get("id", "") for element in asked}
        for element in listed:
            if (name := element.get("id", "")) not in there:
                self.findings.aside((part, line_of(element)), name or "a question", "the pool lists it only")
        return Whole("", node, is_bank=True)

    def _item(self, part: Part, element: Element, points: Decimal | None) -> ItemNode | None:
        # Its id numbers the questions of the pool (q1, q2 …), so other pools have it, too: it names none.
        question = Question((part, line_of(element)), element.get("id", "") or "a question")
        question.points = points if points is not None and points >= 0 else None
        question.stem = _text(child(element, "BODY"))
        gradable = child(element, "GRADABLE")
        question.correct, question.incorrect = (_as_it_looks(child(gradable, name)) for name in _FEEDBACK)
        for name in dict.fromkeys(str(inner.tag) for inner in _unread(element)):
            self.findings.not_kept(question.place, f"what a pool of Blackboard has in <{name}>")
        kind = str(element.tag)
        if kind not in _KINDS:
            return self.builder.aside(question, f"a kind of Blackboard's that is not read here ({kind})")
        if len(children(element, "ANSWER")) > MOST_CHOICES:
            return self.builder.aside(question, f"it has more than {MOST_CHOICES} answers")
        return _KINDS[kind](self.builder, question, element)


def _asks(element: Element) -> bool:
    """Whether an element of a pool is a question, if only of a kind that is not read here."""
    name = str(element.tag).upper()
    return name.startswith("QUESTION_") or f"QUESTION_{name}" in _KINDS or child(element, "BODY") is not None


def _unread(element: Element) -> list[Element]:
    outer = [element, *children(element, "BODY", "ANSWER", "CHOICE", "GRADABLE")]
    return [inner for part in outer for inner in children(part) if inner.tag not in _READ]


def _value(element: Element, name: str) -> str:
    found = child(element, name)
    return "" if found is None else found.get("value", "")


def _text(element: Element | None) -> str:
    """The TEXT in an element as HTML: as its flags say, and where it has none, as it looks."""
    text = child(element, "TEXT")
    flags = child(element, "FLAGS")
    if text is None or flags is None:
        return _as_it_looks(text)
    written = text_of(text).strip()
    html = written if _value(flags, "ISHTML") == "true" else escape(written, quote=False)
    return html.replace("\n", "<br>") if _value(flags, "ISNEWLINELITERAL") == "true" else html


def _as_it_looks(element: Element | None) -> str:
    return "" if element is None else material.text(element).strip()


def _answers(element: Element, name: str = "ANSWER") -> dict[str, tuple[str, int]]:
    """The HTML and the line of each answer, by its id, in the order in which they are shown.

    One without an id, or with that of another one, has a name of its own, which nothing names.
    """
    found = sorted(children(element, name), key=lambda answer: number(answer.get("position")) or Decimal(0))
    answers: dict[str, tuple[str, int]] = {}
    for index, answer in enumerate(found):
        known = answer.get("id", "")
        is_free = known and known not in answers
        answers[known if is_free else f"{MARK}{index}"] = _text(answer), line_of(answer)
    return answers


def _rights(element: Element) -> list[tuple[str, str]]:
    """What is right, in order: the id of each answer, and of the choice that belongs to it."""
    return [(right.get("answer_id", ""), right.get("choice_id", "")) for right in inside(element, "CORRECTANSWER")]


def _true_false(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    answers = {name: words(html).lower() for name, (html, _) in _answers(element).items()}
    rights = list(dict.fromkeys(answers[name] for name, _ in _rights(element) if name in answers))
    right = rights[0] if rights else ""
    if set(answers.values()) != {"true", "false"} or not right:
        return _choice(builder, question, element)
    if len(rights) > 1:
        builder.adapted(question, "both true and false are marked as right, and the first of them is taken")
    return kinds.true_false(builder, question, right == "true")


def _choice(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    rights = {name for name, _ in _rights(element)}
    options = [Option(html, name in rights, line) for name, (html, line) in _answers(element).items()]
    return kinds.multiple_choice(builder, question, options, element.tag == "QUESTION_MULTIPLEANSWER", shuffle=True)


def _typed(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    answers = [Typed(words(html)) for html, _ in _answers(element).values() if html]
    return kinds.short_answer(builder, question, answers, case_sensitive=False)


def _essay(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    return kinds.open_prompt(builder, question, next((html for html, _ in _answers(element).values()), ""))


def _matching(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    lefts, rights = _answers(element), _answers(element, "CHOICE")
    matched = dict(_rights(element))
    pairs = [(html, rights.get(matched.get(name, ""), ("", 0))[0]) for name, (html, _) in lefts.items()]
    return kinds.matching(builder, question, pairs, [html for html, _ in rights.values()])


def _ordering(builder: Builder, question: Question, element: Element) -> ItemNode | None:
    answers = _answers(element)
    order = list(dict.fromkeys(name for name, _ in _rights(element) if name in answers))
    if len(order) < len(answers):
        return builder.aside(question, "its right order is not known")
    return kinds.ordering(builder, question, [answers[name][0] for name in order])


_KINDS: Mapping[str, Callable[[Builder, Question, Element], ItemNode | None]] = {
    "QUESTION_TRUEFALSE": _true_false,
    "QUESTION_MULTIPLECHOICE": _choice,
    "QUESTION_MULTIPLEANSWER": _choice,
    "QUESTION_FILLINBLANK": _typed,
    "QUESTION_ESSAY": _essay,
    "QUESTION_MATCH": _matching,
    "QUESTION_ORDER": _ordering,
}
