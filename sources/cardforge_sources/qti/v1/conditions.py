"""Response conditions of QTI 1.2, run as a player runs them: which score and which feedback does an answer give?

Source: IMS QTI 1.2 ASI information model, "resprocessing"; what programs write besides that (Blackboard's SCORE.max,
D2L's counters, Respondus' questions for 0 points) is said where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from lxml import etree

from cardforge_sources.qti.names import children, content, inside
from cardforge_sources.qti.numbers import NotUnderstood, number
from cardforge_sources.qti.scoring import ChoiceKey, Judged, Shown
from cardforge_sources.xml import Element, line_of, text_of

Answers = Mapping[str, tuple[str, ...]]
"""What is answered to each response, by its ident: idents of choices, or a text."""

_MOST_CONDITIONS = 20_000
_SCORES = ("SCORE", "D2L_Correct", "Respondus_Correct", "que_score")
_BOUNDS = frozenset({"vargt", "vargte", "varlt", "varlte"})
_RIGHT = frozenset({"correct", "correct_fb"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A ``varequal`` or its like: what is compared to which response. ``alias`` is the ident that it names, which may
    be that of a choice.
    """

    response: str
    alias: str
    text: str
    kind: str
    is_strict: bool
    is_negated: bool
    line: int


class Conditions:
    """The conditions of an item."""

    def __init__(self, item: Element, aliases: Mapping[str, str], single: frozenset[str]) -> None:
        self._aliases = aliases
        self._single = single
        self._conditions = [c for p in children(item, "resprocessing") for c in children(p, "respcondition")]
        self.size = sum(1 for condition in self._conditions for _ in condition.iter()) + 1
        if self.size > _MOST_CONDITIONS:
            raise NotUnderstood(f"more than {_MOST_CONDITIONS:,} rules")
        declared = list(inside(item, "decvar"))
        self._most = {d.get("varname", "SCORE"): number(d.get("maxvalue")) for d in declared}
        set_ = [_name(e) for condition in self._conditions for e in children(condition, "setvar")]
        self.variable = next((name for name in _SCORES if name in set_), set_[0] if set_ else "SCORE")
        self.found: dict[tuple[object, ...], tuple[ChoiceKey, Shown, bool]] = {}

    @property
    def most(self) -> Decimal | None:
        """The greatest score, if the item declares it."""
        return self._most.get(self.variable)

    def judge(self, answers: Answers, *, by_marks: bool = False) -> Judged:
        """The score and the feedback for an answer. With ``by_marks``, it scores when it is marked as right in another
        way than by points.
        """
        values: dict[str, Decimal] = {}
        shown: set[str] = set()
        is_marked = False
        try:
            for condition in self._conditions:
                if not all(self._holds(v, answers, values) for v in children(condition, "conditionvar")):
                    continue
                for element in children(condition, "setvar"):
                    self._assign(element, values)
                    is_marked |= element.get("action", "Set").lower() == "set"
                shown.update(e.get("linkrefid", "") for e in children(condition, "displayfeedback"))
                if condition.get("continue", "No").lower() != "yes" and not self._goes_on(condition):
                    break
        except DecimalException as error:
            raise NotUnderstood("rules that fail") from error
        if by_marks:
            by_name = self._names_right()
            is_right = any(name.lower() in _RIGHT for name in shown) if by_name else is_marked
            return Judged(Decimal(is_right), frozenset(shown))
        return Judged(values.get(self.variable, Decimal(0)), frozenset(shown))

    def _names_right(self) -> bool:
        """Blackboard and WebCT show the feedback ``correct``; Respondus sets the score of right answers and adds to
        others.
        """
        shown = (e.get("linkrefid", "") for c in self._conditions for e in children(c, "displayfeedback"))
        return any(name.lower() in _RIGHT for name in shown)

    def _goes_on(self, condition: Element) -> bool:
        """Programs that add up points mean all conditions, though they do not say ``continue``."""
        actions = {e.get("action", "Set").lower() for e in children(condition, "setvar")}
        return bool(actions) and actions <= {"add", "subtract"}

    def _assign(self, element: Element, values: dict[str, Decimal]) -> None:
        name, written = _name(element), content(element)
        if written.lower().endswith(".max"):
            value: Decimal | None = self._most.get(name) or Decimal(1)
        else:
            value = number(written)
        if value is None:
            return
        before = values.get(name, Decimal(0))
        match element.get("action", "Set").lower():
            case "add":
                values[name] = before + value
            case "subtract":
                values[name] = before - value
            case "multiply":
                values[name] = before * value
            case "divide":
                values[name] = before / value if value else before
            case _:
                values[name] = value

    # --- conditions --------------------------------------------------------------------------------

    def _holds(self, element: Element, answers: Answers, values: Mapping[str, Decimal]) -> bool:
        """Whether a conditionvar is true: all in it, but of what a single answer is equal to one is enough.

        Canvas lists all right texts there, and Blackboard and Respondus the right number beside the bounds around it.
        """
        parts = children(element)
        equal: dict[str, list[Element]] = {}
        for part in parts:
            if part.tag == "varequal" and self.response(part) in self._single:
                equal.setdefault(self.response(part), []).append(part)
        if not equal:
            return self._all(element, answers, values)
        bounded = {self.response(part) for part in parts if part.tag in _BOUNDS}
        others = [part for part in parts if part.tag != "varequal" or self.response(part) not in self._single]
        return all(self._is_true(part, answers, values) for part in others) and all(
            name in bounded or any(self._is_true(part, answers, values) for part in listed)
            for name, listed in equal.items()
        )

    def _all(self, element: Element, answers: Answers, values: Mapping[str, Decimal]) -> bool:
        return all(self._is_true(part, answers, values) for part in children(element))

    def _is_true(self, element: Element, answers: Answers, values: Mapping[str, Decimal]) -> bool:
        name = str(element.tag)
        if name == "and":
            return self._all(element, answers, values)
        if name == "or":
            return any(self._is_true(part, answers, values) for part in children(element))
        if name == "not":  # D2L puts several in it, and means none of them
            return not any(self._is_true(part, answers, values) for part in children(element))
        if name in ("other", "durequal", "durlt", "durlte", "durgt", "durgte"):
            return True
        response = self.response(element)
        given = answers.get(response, ())
        if response in values or (response not in answers and response.startswith(("D2L_", "Respondus_"))):
            given = (str(values.get(response, Decimal(0))),)
        if name == "unanswered":
            return not given
        return any(_compares(element, name, value) for value in given)

    def response(self, element: Element) -> str:
        """The response that a comparison is about."""
        ident = element.get("respident", "").strip()
        return self._aliases.get(ident, ident)

    def comparisons(self) -> list[Comparison]:
        """What answers are compared to, in the order in which it is written."""
        found = []
        for condition in self._conditions:
            for variables in children(condition, "conditionvar"):
                for element in variables.iterdescendants():
                    name = str(element.tag)
                    if name.startswith("var"):
                        is_strict = element.get("case", "No").lower() == "yes"
                        negated = any(e.tag == "not" for e in element.iterancestors("not"))
                        text, line = _text(element), line_of(element)
                        ident = element.get("respident", "").strip()
                        found.append(Comparison(self.response(element), ident, text, name, is_strict, negated, line))
        return found

    def orders(self, response: str) -> list[tuple[str, ...]]:
        """For each condition that is worth something, what it compares a response to, in order."""
        found = []
        for condition in self._conditions:
            if not any((number(content(e)) or content(e).endswith(".max")) for e in children(condition, "setvar")):
                continue
            named = [
                _text(e)
                for variables in children(condition, "conditionvar")
                for e in inside(variables, "varequal")
                if self.response(e) == response and next(e.iterancestors("not"), None) is None
            ]
            if named:
                found.append(tuple(dict.fromkeys(named)))
        return found


class AllConditions:
    """The conditions of the items that were read last: one object for all items whose conditions are the same.

    The items of one author often share them, and ``found`` keeps what was found by trying answers.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Conditions] = {}

    def of(self, item: Element, aliases: Mapping[str, str], single: frozenset[str]) -> Conditions:
        """The conditions of an item, some of whose responses take a single answer.

        Raises NotUnderstood where they are too many.
        """
        parts = item.iterchildren("resprocessing")
        written = (tuple(aliases.items()), single, *(etree.tostring(part, with_tail=False) for part in parts))
        known = self._known.get(written)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[written] = Conditions(item, aliases, single)
        return known


_MOST_KNOWN = 200


def _name(element: Element) -> str:
    return element.get("varname") or element.get("variablename") or "SCORE"


def _text(element: Element) -> str:
    return text_of(element).strip()


def _compares(element: Element, name: str, value: str) -> bool:
    text = _text(element)
    if name == "varequal":
        if value == text:
            return True
        if element.get("case", "No").lower() != "yes" and value.casefold() == text.casefold():
            return True
        first, second = number(value), number(text)  # which may be written in several ways
        return first is not None and first == second
    if name == "varsubstring":
        return text.casefold() in value.casefold() if element.get("case", "No").lower() != "yes" else text in value
    if name == "varsubset":
        return value in [part.strip() for part in text.split(",")]
    first, second = number(value), number(text)
    if first is None or second is None:
        return False
    match name:
        case "varlt":
            return first < second
        case "varlte":
            return first <= second
        case "vargt":
            return first > second
        case "vargte":
            return first >= second
    return False
