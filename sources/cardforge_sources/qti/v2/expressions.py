"""The operators of QTI 2 and 3 that response processing uses, as functions of values.

Source: IMS QTI 2.2 information model, "Expressions". An operator with a NULL among its values gives NULL, where that
does not say otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from cardforge_sources.qti.numbers import EXACT, NotUnderstood, number
from cardforge_sources.qti.v2.declarations import Value, container
from cardforge_sources.xml import Element

Function = Callable[..., Value]
Operator = Callable[[Element, int], Function]
"""Gives the function for an element with so many parts."""


def _plain(function: Function) -> Operator:
    return lambda _element, _count: function


def _and(*values: Value) -> Value:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _or(*values: Value) -> Value:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def _not(value: Value = None) -> Value:
    return None if value is None else value is not True


def _same(first: Value, second: Value) -> Value:
    if isinstance(first, tuple) != isinstance(second, tuple):
        first, second = (part if isinstance(part, tuple) else (part,) for part in (first, second))
    return first == second


def _match(first: Value = None, second: Value = None) -> Value:
    return None if first is None or second is None else _same(first, second)


def _string_match(element: Element, _count: int) -> Function:
    is_strict = element.get("caseSensitive", "true") != "false"
    is_part = element.get("substring") == "true"

    def made(first: Value = None, second: Value = None) -> Value:
        if first is None or second is None:
            return None
        one, other = str(first), str(second)
        if not is_strict:
            one, other = one.casefold(), other.casefold()
        return other in one if is_part else one == other

    return made


def _substring(element: Element, _count: int) -> Function:
    is_strict = element.get("caseSensitive", "true") != "false"

    def made(part: Value = None, whole: Value = None) -> Value:
        if part is None or whole is None:
            return None
        return str(part) in str(whole) if is_strict else str(part).casefold() in str(whole).casefold()

    return made


def _equal(element: Element, _count: int) -> Function:
    mode = element.get("toleranceMode", "exact")
    written = (element.get("tolerance") or "").split()
    low = number(written[0]) if written else Decimal(0)
    high = number(written[-1]) if written else Decimal(0)
    if mode not in ("exact", "absolute", "relative") or low is None or high is None:
        raise NotUnderstood("a tolerance that varies")
    with_low = element.get("includeLowerBound", "true") != "false"
    with_high = element.get("includeUpperBound", "true") != "false"

    def made(first: Value = None, second: Value = None) -> Value:
        if not isinstance(first, Decimal) or not isinstance(second, Decimal):
            return None if first is None or second is None else first == second
        if mode == "exact":
            return first == second
        with localcontext(EXACT):
            share = abs(first) / 100 if mode == "relative" else Decimal(1)
            least, greatest = first - low * share, first + high * share
        above = second >= least if with_low else second > least
        below = second <= greatest if with_high else second < greatest
        return above and below

    return made


def _equal_rounded(element: Element, _count: int) -> Function:
    figures = element.get("figures", "3")
    if not figures.isascii() or not figures.isdigit() or int(figures) > 100:
        raise NotUnderstood("a number of figures that varies")
    mode = element.get("roundingMode", "significantFigures")

    def rounded(value: Decimal) -> Decimal:
        with localcontext(EXACT):
            places = int(figures) if mode == "decimalPlaces" else int(figures) - 1 - value.adjusted()
            return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if value else value

    def made(first: Value = None, second: Value = None) -> Value:
        if not isinstance(first, Decimal) or not isinstance(second, Decimal):
            return None
        return rounded(first) == rounded(second)

    return made


def _numbers(values: tuple[Value, ...]) -> list[Decimal] | None:
    """Numbers, containers opened; None when one is NULL."""
    found: list[Decimal] = []
    for value in values:
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, bool) or not isinstance(part, Decimal):
                return None
            found.append(part)
    return found


def _arithmetic(function: Callable[[list[Decimal]], Decimal | None]) -> Operator:
    def made(*values: Value) -> Value:
        numbers = _numbers(values)
        if not numbers:
            return None
        with localcontext(EXACT):
            return function(numbers)

    return lambda _element, _count: made


def _compared(function: Callable[[Decimal, Decimal], bool]) -> Operator:
    def made(first: Value = None, second: Value = None) -> Value:
        numbers = _numbers((first, second))
        return function(numbers[0], numbers[1]) if numbers and len(numbers) == 2 else None

    return lambda _element, _count: made


def _product(numbers: list[Decimal]) -> Decimal:
    total = Decimal(1)
    for value in numbers:
        total *= value
    return total


def _divided(numbers: list[Decimal]) -> Decimal | None:
    return numbers[0] / numbers[1] if len(numbers) == 2 and numbers[1] else None


def _container(cardinality: str) -> Operator:
    def made(*values: Value) -> Value:
        flat = [p for value in values for p in (value if isinstance(value, tuple) else (value,)) if p is not None]
        return container(flat, cardinality)

    return lambda _element, _count: made


def _member(value: Value = None, among: Value = None) -> Value:
    if value is None or among is None:
        return None
    return value in among if isinstance(among, tuple) else value == among


def _contains(whole: Value = None, part: Value = None) -> Value:
    if not isinstance(whole, tuple) or not isinstance(part, tuple):
        return None if whole is None or part is None else whole == part
    return not Counter(part) - Counter(whole)


def _deleted(value: Value = None, among: Value = None) -> Value:
    if value is None or among is None:
        return None
    left = tuple(part for part in (among if isinstance(among, tuple) else (among,)) if part != value)
    return left or None


def _index(element: Element, _count: int) -> Function:
    place = element.get("n", "")
    if not place.isascii() or not place.isdigit() or not 0 < int(place) < 10_000:
        raise NotUnderstood("a place that varies")

    def made(among: Value = None) -> Value:
        found = among if isinstance(among, tuple) else ()
        return found[int(place) - 1] if len(found) >= int(place) else None

    return made


def _any_number(element: Element, _count: int) -> Function:
    least, most = number(element.get("min")), number(element.get("max"))
    if least is None or most is None:
        raise NotUnderstood("a number of conditions that varies")

    def made(*values: Value) -> Value:
        true, unknown = sum(v is True for v in values), sum(v is None for v in values)
        if true > most or true + unknown < least:
            return False
        return True if true >= least and true + unknown <= most else None

    return made


def _size(among: Value = None) -> Value:
    return Decimal(0 if among is None else len(among) if isinstance(among, tuple) else 1)


OPERATORS: Mapping[str, Operator] = {
    "isNull": _plain(lambda value=None: value is None),
    "not": _plain(_not),
    "and": _plain(_and),
    "or": _plain(_or),
    "anyN": _any_number,
    "match": _plain(_match),
    "stringMatch": _string_match,
    "substring": _substring,
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "gt": _compared(lambda a, b: a > b),
    "gte": _compared(lambda a, b: a >= b),
    "lt": _compared(lambda a, b: a < b),
    "lte": _compared(lambda a, b: a <= b),
    "sum": _arithmetic(lambda numbers: sum(numbers, Decimal(0))),
    "product": _arithmetic(_product),
    "subtract": _arithmetic(lambda n: n[0] - n[1] if len(n) == 2 else None),
    "divide": _arithmetic(_divided),
    "max": _arithmetic(max),
    "min": _arithmetic(min),
    "round": _arithmetic(lambda n: (n[0] + Decimal("0.5")).to_integral_value(ROUND_FLOOR)),
    "truncate": _arithmetic(lambda n: n[0].to_integral_value(ROUND_DOWN)),
    "integerToFloat": _plain(lambda value=None: value),
    "multiple": _container("multiple"),
    "ordered": _container("ordered"),
    "containerSize": _plain(_size),
    "member": _plain(_member),
    "contains": _plain(_contains),
    "delete": _plain(_deleted),
    "index": _index,
}
