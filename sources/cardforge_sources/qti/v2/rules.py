"""Response processing of QTI 2 and 3, run as a player runs it: which score and which feedback does an answer give?

The rules are turned into functions once, and run for each answer that is tried. What is not known here (random numbers,
operators of a vendor's own) raises `NotUnderstood` when the rules are read. There are no loops in QTI, so that every run
ends; how much is run in all is bounded by `Rules.size`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException, localcontext
from functools import reduce
from pathlib import PurePosixPath

from cardforge_sources.qti.names import children
from cardforge_sources.qti.numbers import EXACT, NotUnderstood, number
from cardforge_sources.qti.v2 import declarations
from cardforge_sources.qti.v2.declarations import Outcome, Response, Value, scalar
from cardforge_sources.qti.v2.expressions import OPERATORS, Operator
from cardforge_sources.xml import Element

Answers = Mapping[str, Value]
_MOST_RULES = 20_000


@dataclass(slots=True)
class Run:
    """One answer being processed. ``is_bounded`` is false where a sum is to be seen without its mapping's bounds."""

    answers: Answers
    outcomes: dict[str, Value]
    is_bounded: bool = True


Expression = Callable[[Run], Value]
_Rule = Callable[[Run], bool]
"""Runs; true when the processing ends with it."""


@dataclass(slots=True)
class Rules:
    """The rules of an item. ``size`` is how many steps a run takes at most.

    ``texts``, ``numbers`` and ``sets`` are what answers are compared to; of a text, whether its case counts.
    """

    responses: Mapping[str, Response]
    outcomes: Mapping[str, Outcome]
    size: int = 0
    texts: dict[str, bool] = field(default_factory=dict)
    numbers: set[Decimal] = field(default_factory=set)
    sets: list[tuple[str, ...]] = field(default_factory=list)
    _margins: list[tuple[bool, Decimal, Decimal]] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether an item has no rules: what it declares is all that is known."""
        return not self._rules

    def run(self, answers: Answers, *, is_bounded: bool = True, unset: str = "") -> Mapping[str, Value]:
        """The outcomes for an answer; ``unset`` begins without its default. Raises NotUnderstood for rules that fail."""
        run = Run(answers, {name: o.default for name, o in self.outcomes.items() if name != unset}, is_bounded)
        try:
            for rule in self._rules:
                if rule(run):
                    break
        except (DecimalException, TypeError, ValueError, OverflowError) as error:
            raise NotUnderstood("rules that fail") from error
        return run.outcomes

    def critical(self, known: Iterable[Decimal]) -> list[Decimal]:
        """The numbers at which the rules can turn: those they name, those known besides, and the ends of tolerances."""
        found = [*known, *self.numbers]
        with localcontext(EXACT):
            for is_relative, low, high in self._margins:
                for value in [*known, *self.numbers]:
                    share = abs(value) / 100 if is_relative else Decimal(1)
                    found += [value - low * share, value + high * share]
        return sorted(set(found))

    # --- reading ---------------------------------------------------------------------------------

    def read(self, processing: Element) -> None:
        """Take over the rules in a responseProcessing; a template stands for its rules."""
        rules = children(processing)
        if not rules and (template := processing.get("template") or processing.get("templateLocation")):
            self._rules = self._template(template)
        else:
            self._rules = self._block(rules)

    def _template(self, address: str) -> list[_Rule]:
        """The standard templates, by their names: all of them mark RESPONSE and set SCORE."""
        name = PurePosixPath(address).name.lower().partition(".")[0]
        response = self.responses.get("RESPONSE") or next(iter(self.responses.values()), None)
        if response is None:
            return []
        if "match_correct" in name or name == "cc2_match":
            return [_match_correct(response)]
        if "map_response_point" in name:
            raise NotUnderstood("a point in a picture")
        if "map_response" in name:
            return [lambda run: _set(run, "SCORE", _mapped(run, response))]
        raise NotUnderstood(f"the template {name!r}")

    def _block(self, elements: Sequence[Element]) -> list[_Rule]:
        return [self._rule(element) for element in elements]

    def _rule(self, element: Element) -> _Rule:
        self._count()
        match element.tag:
            case "responseCondition":
                branches = [self._branch(branch) for branch in children(element)]
                return lambda run: _first(branches, run)
            case "setOutcomeValue":
                name, value = element.get("identifier", ""), self._only(element)
                cardinality = self.outcomes[name].cardinality if name in self.outcomes else "single"
                if cardinality != "single":
                    return lambda run: _set(run, name, _contained(value(run), cardinality))
                return lambda run: _set(run, name, value(run))
            case "lookupOutcomeValue":
                name, value = element.get("identifier", ""), self._only(element)
                outcome = self.outcomes.get(name)
                return lambda run: _set(run, name, _looked_up(outcome, value(run)))
            case "exitResponse":
                return lambda run: True
            case "responseProcessingFragment":
                rules = self._block(children(element))
                return lambda run: _all(rules, run)
        raise NotUnderstood(f"the rule {element.tag!r}")

    def _branch(self, element: Element) -> tuple[Expression | None, list[_Rule]]:
        parts = children(element)
        if element.tag == "responseElse":
            return None, self._block(parts)
        if not parts:
            raise NotUnderstood("a condition that says nothing")
        return self._expression(parts[0]), self._block(parts[1:])

    def _only(self, element: Element) -> Expression:
        parts = children(element)
        if len(parts) != 1:
            raise NotUnderstood(f"{element.tag!r} with {len(parts)} values")
        return self._expression(parts[0])

    def _expression(self, element: Element) -> Expression:
        self._count()
        name = element.get("identifier", "")
        match element.tag:
            case "baseValue":
                return self._base_value(element)
            case "variable":
                return self._variable(name)
            case "correct":
                key = self._response(name).key
                return lambda run: key
            case "default":
                default = self.outcomes[name].default if name in self.outcomes else None
                return lambda run: default
            case "null":
                return lambda run: None
            case "mapResponse":
                response = self._response(name)
                return lambda run: _mapped(run, response)
        self._note(element)
        operator = OPERATORS.get(str(element.tag))
        if operator is None:
            raise NotUnderstood(f"the operator {element.tag!r}")
        return _applied(operator, element, [self._expression(part) for part in children(element)])

    def _note(self, element: Element) -> None:
        """Remember what answers are worth trying."""
        if element.tag in ("multiple", "ordered"):
            named = tuple(part.text.strip() for part in children(element, "baseValue") if part.text)
            if named and len(self.sets) < 50:
                self.sets.append(named)
        elif element.tag == "equal" and element.get("tolerance"):
            margins = [number(text) for text in element.get("tolerance", "").split()]
            if margins and margins[0] is not None and margins[-1] is not None and len(self._margins) < 10:
                self._margins.append((element.get("toleranceMode") == "relative", margins[0], margins[-1]))
        elif element.tag == "equalRounded" and element.get("figures", "").isdigit():
            half = Decimal(5).scaleb(-int(element.get("figures", "0")[:2]) - 1)
            self._margins.append((element.get("roundingMode") != "decimalPlaces", half, half))

    def _base_value(self, element: Element) -> Expression:
        base_type = element.get("baseType", "identifier")
        value = scalar(element.text or "", base_type)
        if base_type == "string" and isinstance(value, str):
            parent = element.getparent()
            is_strict = parent is None or parent.get("caseSensitive", "true") != "false"
            self.texts[value] = self.texts.get(value, False) or is_strict
        elif isinstance(value, Decimal):
            self.numbers.add(value)
        return lambda run: value

    def _variable(self, name: str) -> Expression:
        if name in self.outcomes:
            return lambda run: run.outcomes.get(name)
        if name in self.responses:
            return lambda run: run.answers.get(name)
        if name in ("numAttempts", "duration", "completionStatus"):
            value: Value = "unknown" if name == "completionStatus" else Decimal(name == "numAttempts")
            return lambda run: run.outcomes.get(name, value)
        # An outcome that is set and never declared, which many writers do.
        return lambda run: run.outcomes.get(name)

    def _response(self, name: str) -> Response:
        if name not in self.responses:
            raise NotUnderstood(f"the response {name!r}, which is not declared")
        return self.responses[name]

    def _count(self) -> None:
        self.size += 1
        if self.size > _MOST_RULES:
            raise NotUnderstood(f"more than {_MOST_RULES:,} rules")


def _applied(operator: Operator, element: Element, parts: Sequence[Expression]) -> Expression:
    made = operator(element, len(parts))
    if len(parts) == 1:
        only = parts[0]
        return lambda run: made(only(run))
    if len(parts) == 2:
        first, second = parts
        return lambda run: made(first(run), second(run))
    return lambda run: made(*[part(run) for part in parts])


def _first(branches: Sequence[tuple[Expression | None, list[_Rule]]], run: Run) -> bool:
    for condition, rules in branches:
        if condition is None or condition(run) is True:
            return _all(rules, run)
    return False


def _all(rules: Sequence[_Rule], run: Run) -> bool:
    return any(rule(run) for rule in rules)


def _set(run: Run, name: str, value: Value) -> bool:
    run.outcomes[name] = value
    return False


def _contained(value: Value, cardinality: str) -> Value:
    return value if value is None or isinstance(value, tuple) else declarations.container([value], cardinality)


def _match_correct(response: Response) -> _Rule:
    key = response.key

    def rule(run: Run) -> bool:
        answer = run.answers.get(response.identifier)
        return _set(run, "SCORE", Decimal(1) if answer is not None and answer == key else Decimal(0))

    return rule


def _mapped(run: Run, response: Response) -> Decimal:
    answer, mapping = run.answers.get(response.identifier), response.mapping
    if mapping is None or answer is None:
        return Decimal(0)
    values = dict.fromkeys(answer) if isinstance(answer, tuple) else (answer,)
    total = reduce(lambda sum_, value: sum_ + mapping.of(value), values, Decimal(0))
    if run.is_bounded:
        if mapping.lower is not None:
            total = max(total, mapping.lower)
        if mapping.upper is not None:
            total = min(total, mapping.upper)
    return total


def _looked_up(outcome: Outcome | None, value: Value) -> Value:
    if outcome is None or not isinstance(value, Decimal):
        return None
    for least, included, target in outcome.table:
        if value == least if outcome.is_match_table else value > least or (included and value == least):
            return target
    return outcome.table_default
