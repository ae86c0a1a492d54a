"""What an item of QTI 2 or 3 declares: its responses with their right answers and mappings, and its outcomes.

Values are as QTI has them: None (NULL), str (identifier, string, pair …), Decimal (integer, float), bool; a container is
a tuple, one of cardinality "multiple" is sorted, so that equal containers are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cardforge_sources.qti.names import child, children
from cardforge_sources.qti.numbers import number
from cardforge_sources.xml import Element

Scalar = str | Decimal | bool | None
Value = Scalar | tuple[Scalar, ...]

_NUMBERS = frozenset({"integer", "float"})


@dataclass(frozen=True, slots=True)
class MapEntry:
    """What an answer is worth."""

    key: str
    value: Decimal
    case_sensitive: bool


@dataclass(frozen=True, slots=True)
class ValueMap:
    """A mapping from answers to scores."""

    entries: tuple[MapEntry, ...]
    default: Decimal
    lower: Decimal | None
    upper: Decimal | None

    def of(self, value: object) -> Decimal:
        """What one answer is worth."""
        text = str(value)
        for entry in self.entries:
            if entry.key == text or (not entry.case_sensitive and entry.key.casefold() == text.casefold()):
                return entry.value
        return self.default


@dataclass(frozen=True, slots=True)
class Response:
    """A response variable. ``correct`` are its right values, one by one and in their order.

    ``unread`` are texts that are declared as right and are no values of its base type.
    """

    identifier: str
    cardinality: str
    base_type: str
    correct: tuple[Scalar, ...]
    mapping: ValueMap | None
    unread: tuple[str, ...] = ()

    @property
    def key(self) -> Value:
        """The right answer as a value."""
        return container(self.correct, self.cardinality) if self.correct else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The range that TestVision declares beside a right number, as ``14.87;14.89``: it has no rules for it.

        Source: exams2testvision of R/exams, which writes such items.
        """
        ends = [number(text) for text in self.unread[0].split(";")] if len(self.unread) == 1 else []
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            return None
        return min(ends[0], ends[1]), max(ends[0], ends[1])


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome variable. ``table`` are a lookup's rows: least source value, whether it is included, target value."""

    identifier: str
    cardinality: str
    base_type: str
    default: Value
    most: Decimal | None
    table: tuple[tuple[Decimal, bool, Value], ...] = ()
    is_match_table: bool = False
    table_default: Value = None


def scalar(text: str, base_type: str) -> Scalar:
    """A value of a base type as it is written. A number that is none counts as NULL."""
    text = text.strip() if base_type != "string" else text
    if base_type in _NUMBERS:
        return number(text)
    if base_type == "boolean":
        return text == "true"
    if base_type == "pair":
        return " ".join(sorted(text.split()))
    return " ".join(text.split()) if base_type == "directedPair" else text


def container(values: Sequence[Scalar], cardinality: str) -> Value:
    """Values as one value of a cardinality. Nothing in it is NULL."""
    if cardinality == "single":
        return values[0] if values else None
    if not values:
        return None
    return tuple(sorted(values, key=str)) if cardinality == "multiple" else tuple(values)


def responses(item: Element) -> Mapping[str, Response]:
    """The response variables of an item by their identifiers."""
    return {found.identifier: found for found in map(_response, children(item, "responseDeclaration"))}


def outcomes(item: Element) -> Mapping[str, Outcome]:
    """The outcome variables of an item by their identifiers."""
    return {found.identifier: found for found in map(_outcome, children(item, "outcomeDeclaration"))}


def _response(element: Element) -> Response:
    base_type = element.get("baseType", "identifier")
    written = [value.text or "" for value in children(child(element, "correctResponse"), "value")]
    values = [(text, scalar(text, base_type)) for text in written]
    return Response(
        element.get("identifier", ""),
        element.get("cardinality", "single"),
        base_type,
        tuple(value for _, value in values if value is not None),
        _mapping(child(element, "mapping"), base_type),
        tuple(text.strip() for text, value in values if value is None and text.strip()),
    )


def _mapping(element: Element | None, base_type: str) -> ValueMap | None:
    if element is None:
        return None
    entries = []
    for entry in children(element, "mapEntry"):
        key = scalar(entry.get("mapKey", ""), base_type)
        value = number(entry.get("mappedValue")) or Decimal(0)
        entries.append(MapEntry(str(key), value, entry.get("caseSensitive", "true") != "false"))
    return ValueMap(
        tuple(entries),
        number(element.get("defaultValue")) or Decimal(0),
        number(element.get("lowerBound")),
        number(element.get("upperBound")),
    )


def _outcome(element: Element) -> Outcome:
    base_type, cardinality = element.get("baseType", "identifier"), element.get("cardinality", "single")
    identifier, most = element.get("identifier", ""), number(element.get("normalMaximum"))
    if not len(element):
        is_number = base_type in _NUMBERS and cardinality == "single"
        return Outcome(identifier, cardinality, base_type, Decimal(0) if is_number else None, most)
    defaults = [scalar(value.text or "", base_type) for value in children(child(element, "defaultValue"), "value")]
    default = container(defaults, cardinality)
    if default is None and base_type in _NUMBERS and cardinality == "single":
        default = Decimal(0)
    rows: list[tuple[Decimal, bool, Value]] = []
    table = child(element, "matchTable")
    is_match = table is not None
    if table is None:
        table = child(element, "interpolationTable")
    for row in children(table, "matchTableEntry", "interpolationTableEntry"):
        source = number(row.get("sourceValue"))
        if source is not None:
            target = scalar(row.get("targetValue", ""), base_type)
            rows.append((source, row.get("includeBoundary", "true") != "false", target))
    fallback = table.get("defaultValue") if table is not None else None
    return Outcome(
        identifier,
        cardinality,
        base_type,
        default,
        most,
        tuple(rows),
        is_match,
        scalar(fallback, base_type) if fallback is not None else None,
    )
