"""From a draft to a deck, or to every mistake in it.

pydantic checks an item's shape, the model its sense, `cardforge.text` its texts. To report all mistakes of an
item in one run, an item with a misshapen part is looked at a second time with that part mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import count
from typing import Any, cast, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from cardforge.diagnostics import Diagnostic, Loc, Problem, Severity, nearest
from cardforge.media import Media
from cardforge.model import (
    KINDS,
    Answer,
    AnyItem,
    Choice,
    Concept,
    Deck,
    ItemMistakes,
    Level,
    Origin,
    Pair,
    Section,
    texts,
)
from cardforge.plugin import Draft
from cardforge.text import Html, facts
from cardforge.text.content import is_plain

_PARTS: Mapping[str, type] = {"choices": Choice, "pairs": Pair, "concepts": Concept, "answers": Answer}
_UNION_TAGS = frozenset({"constrained-str", "Html"})


@dataclass(frozen=True, slots=True)
class Validated:
    """``deck`` is None when any diagnostic is an error. The diagnostics are in the file's order."""

    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...]


def validate(draft: Draft) -> Validated:
    """Check everything that the deck format asks for, and say all that is wrong."""
    checker = _Checker(draft.media)
    checker.problems.extend(draft.problems)
    deck = checker.deck(draft.data)
    diagnostics = [draft.document.locate(problem, draft.positions) for problem in checker.problems]
    diagnostics.sort(key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0))
    if deck is None or any(d.severity is Severity.ERROR for d in diagnostics):
        return Validated(None, tuple(diagnostics))
    origin = Origin(draft.media, draft.document, draft.positions, tuple(diagnostics))
    # The deck is new and nobody else's yet, so no copy is needed.
    object.__setattr__(deck, "origin", origin)
    return Validated(deck, tuple(diagnostics))


def text_problems(deck: Deck) -> Iterator[Problem]:
    """What is wrong in the texts of a deck that was built in Python: maths, media, control characters."""
    checker = _Checker(deck.origin.media)
    checker.texts(deck, ())
    for around, at in deck.sections():
        checker.texts(around[-1], at)
    for entry in deck.entries():
        checker.texts(entry.item, entry.at)
    yield from checker.problems


class _Checker:
    def __init__(self, media: Media) -> None:
        self.problems: list[Problem] = []
        self._media = media
        self._media_problems: dict[str, Problem | None] = {}

    def deck(self, data: object) -> Deck | None:
        if not isinstance(data, Mapping):
            what = "a list" if isinstance(data, Sequence) and not isinstance(data, str) else "a text"
            fix = "begin with title: … and put the items below items:"
            self.problems.append(Problem("not-a-deck", f"a deck has a title and items, and this is {what}", fix))
            return None
        return cast("Deck | None", self._container(Deck, data, ()))

    def _container(self, kind: type[Any], data: Mapping[str, Any], at: Loc) -> Any:
        shaped = dict(data)
        if isinstance(shaped.get("items"), list | tuple):
            # An item past mending has been reported; what stands in for it keeps the others' places.
            shaped["items"] = tuple(
                self._node(raw, (*at, "items", index)) or _STAND_IN for index, raw in enumerate(shaped["items"])
            )
        return self._build(kind, shaped, at)

    def _node(self, raw: object, at: Loc) -> AnyItem | Section | None:
        if isinstance(raw, AnyItem | Section):
            return raw
        if not isinstance(raw, Mapping):
            fix = "write the item's fields, beginning with type: flashcard"
            self.problems.append(Problem("wrong-type", "an item has fields, and this is " + _describe(raw), fix, at))
            return None
        if "section" in raw and "type" not in raw:
            return cast("Section | None", self._container(Section, raw, at))
        kind = self._kind(raw, at)
        return cast("AnyItem | None", self._build(kind, raw, at)) if kind else None

    def _kind(self, raw: Mapping[str, Any], at: Loc) -> type[AnyItem] | None:
        name = raw.get("type")
        if isinstance(name, str) and name in KINDS:
            return KINDS[name]
        guess = _likely_kind(raw)
        if name is None:
            fix = f"add type: {guess}" if guess else "add type: with one of " + ", ".join(KINDS)
            self.problems.append(Problem("missing-field", "type is missing", fix, at))
        else:
            guess = nearest(str(name), KINDS) or guess
            fix = f"write type: {guess}" if guess else "write one of " + ", ".join(KINDS)
            message = f"there is no kind of item called {str(name)[:50]!r}"
            self.problems.append(Problem("unknown-type", message, fix, (*at, "type")))
        return None

    def _build(self, kind: type[Any], raw: Mapping[str, Any], at: Loc) -> Any:
        """An instance of the kind, mended where it had to be, or None when it is past mending."""
        adapter = _ADAPTERS[kind]
        try:
            built = adapter.validate_python(raw)
        except ValidationError as error:
            built = self._rebuild(kind, adapter, raw, at, error)
        if built is not None:
            self.texts(built, at)
        return built

    def _rebuild(
        self, kind: type, adapter: TypeAdapter[Any], raw: Mapping[str, Any], at: Loc, error: ValidationError
    ) -> Any:
        mended: Any = raw
        for attempt in range(4):
            details = [_without_union_tags(d) for d in _one_per_union(error.errors(include_url=False))]
            for detail in details:
                self._report(kind, detail, at, first=attempt == 0)
            if any(_is_mistake(detail) for detail in details):
                return None
            if mended is raw:
                mended = _copy(raw)
            for detail in details:
                _mend(mended, detail)
            try:
                return adapter.validate_python(mended)
            except ValidationError as again:
                error = again
        return None

    def _report(self, kind: type, detail: ErrorDetails, at: Loc, first: bool) -> None:
        if _is_mistake(detail):
            mistakes = cast(ItemMistakes, detail["ctx"]["error"])
            for problem in mistakes.problems:
                here = () if problem.at[:1] == ("items",) else (*at, *detail["loc"])
                self.problems.append(replace(problem, at=(*here, *problem.at)))
        elif first:
            self.problems.append(_problem(kind, detail, at))

    def texts(self, part: object, at: Loc) -> None:
        """Report what is wrong in the texts of an item, a section or a deck."""
        for where, text in texts(part):
            if isinstance(text, str) and (is_plain(text) or text.startswith(_MENDED)):
                continue
            known = facts(text)
            for problem in known.problems:
                self.problems.append(replace(problem, at=(*at, *where)))
            for reference in known.media:
                if refused := self._media_problem(reference.path):
                    self.problems.append(replace(refused, at=(*at, *where), offset=reference.offset))

    def _media_problem(self, path: str) -> Problem | None:
        if path not in self._media_problems:
            self._media_problems[path] = self._media.problem(path)
        return self._media_problems[path]


_ADAPTERS: Mapping[type, TypeAdapter[Any]] = {kind: TypeAdapter[Any](kind) for kind in (*KINDS.values(), Section, Deck)}


# --- a second look at a misshapen item -----------------------------------------------------------

_MENDED = "\uf8ffmended"
_numbers = count()


def _stand_in_text() -> str:
    return f"{_MENDED}{next(_numbers)}"


_STAND_IN = KINDS["flashcard"](front=_MENDED, back=_MENDED)  # type: ignore[call-arg]
_STAND_IN_PARTS: Mapping[str, Callable[[], object]] = {
    "choices": lambda: {"text": _stand_in_text(), "correct": "true"},
    "pairs": lambda: {"left": _stand_in_text(), "right": _stand_in_text()},
    "steps": _stand_in_text,
    "answers": _stand_in_text,
    "items": lambda: _STAND_IN,
}
_TEXT_ERRORS = frozenset(
    "missing string_type string_pattern_mismatch empty_text control_character string_unicode id_with_space".split()
)


def _copy(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that may be mended; items that are built already are shared."""
    return {key: value if key == "items" else deepcopy(value) for key, value in raw.items()}


def _mend(data: Any, detail: ErrorDetails) -> None:
    """Put something harmless where the error is, so that the rest can be checked."""
    *way, last = detail["loc"] or ("",)
    name = str(last)
    for step in way:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return
    kind = detail["type"]
    try:
        if kind in _TEXT_ERRORS:
            data[last] = _stand_in_text()
        elif kind in ("boolean", "bool_type", "bool_parsing"):
            data[last] = "true"
        elif kind == "decimal":
            data[last] = "1"
        elif kind == "dataclass_type" and way and way[-1] in _STAND_IN_PARTS:
            data[last] = _STAND_IN_PARTS[str(way[-1])]()
        elif kind == "tuple_type" and name in _STAND_IN_PARTS:
            data[last] = (_STAND_IN_PARTS[name](), _STAND_IN_PARTS[name]())
        else:
            del data[last]
    except (KeyError, IndexError, TypeError):
        return


# --- pydantic's errors in the words of the deck format --------------------------------------------


def _is_mistake(detail: ErrorDetails) -> bool:
    return detail["type"] == "value_error" and isinstance(detail["ctx"]["error"], ItemMistakes)


def _one_per_union(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """A text is a str or an Html: keep the complaint about the one that was meant."""
    for detail in details:
        tag = next((t for t in detail["loc"] if t in _UNION_TAGS), None)
        if tag == "Html" and detail["type"] == "dataclass_type":
            continue
        if tag == "constrained-str" and isinstance(detail["input"], Mapping):
            continue
        yield detail


def _without_union_tags(detail: ErrorDetails) -> ErrorDetails:
    if not _UNION_TAGS.isdisjoint(detail["loc"]):
        detail = detail.copy()
        detail["loc"] = tuple(step for step in detail["loc"] if step not in _UNION_TAGS)
    return detail


def _problem(kind: type, detail: ErrorDetails, at: Loc) -> Problem:
    loc = detail["loc"]
    where: Loc = (*at, *loc)
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    error = detail["type"]
    context = detail.get("ctx", {})
    value = detail["input"]
    if error == "missing":
        return Problem("missing-field", f"{name} is missing", f"add {name}: {_EXAMPLES.get(name, '…')}", where[:-1])
    if error == "unexpected_keyword_argument":
        return _unknown_field(kind, loc, name, where)
    if error in ("string_pattern_mismatch", "empty_text"):
        if name == "language":
            return Problem("wrong-value", f"{value!r} is not a language tag", "write a tag such as en or pt-BR", where)
        return Problem("empty-text", f"{name} is empty", f"write the text, or remove {name}", where)
    if error == "literal_error":
        allowed = get_args(Level)
        guess = nearest(str(value), allowed)
        fix = f"write {guess}" if guess else "write " + " or ".join(allowed)
        return Problem("wrong-value", f"{name} cannot be {str(value)[:50]!r}", fix, where)
    if error in _SPECIAL_ERRORS:
        code, message, fix = _SPECIAL_ERRORS[error]
        if error == "decimal" and isinstance(value, str) and "," in value:
            fix = f"write the number with a point: {value.replace(',', '.')}"
        return Problem(code, message.format(name=name, value=str(value)[:50]), fix.format(name=name), where)
    if error in _WRONG_TYPES:
        expected, fix = _WRONG_TYPES[error]
        whole = f"an entry of {name}" if loc and isinstance(loc[-1], int) else name or "this"
        message = f"{whole} takes {expected}, and this is {_describe(value)}"
        return Problem("wrong-type", message, fix.format(name=name, value=str(value)[:50]), where)
    if error == "too_short":
        return Problem("empty-list", f"{name} is empty", "add an item: - type: flashcard", where)
    limit = next((f" {context[key]}" for key in ("ge", "le", "gt", "lt", "max_length") if key in context), "")
    message = f"{name} cannot be {str(value)[:50]!r}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return Problem("wrong-value", message, f"change {name} to a value within the limit{limit}", where)


_EXAMPLES = {
    "title": "What the deck is called",
    "items": "and a list of items",
    "front": "the question",
    "back": "the answer",
    "stem": "the question",
    "text": "the text",
    "answer": "the right answer",
    "choices": "and a list of - text: …",
    "pairs": "and a list of - left: … and right: …",
    "steps": "and a list of - …, in the right order",
    "answers": "[the right answer]",
}
_SPECIAL_ERRORS = {
    "control_character": (
        "control-character",
        "{name} must be one line without control characters",
        "remove the line break or control character",
    ),
    "id_with_space": ("wrong-value", "an id has no white space in it, and this is {value!r}", "use hyphens instead"),
    "decimal": ("wrong-value", "{name} takes a decimal number, and this is {value!r}", "write a number such as 0.5"),
    "boolean": (
        "wrong-value",
        "{name} takes true or false, and this is {value!r}",
        "write {name}: true or {name}: false",
    ),
    "string_unicode": ("not-unicode", "{name} has half of a surrogate pair", "remove the \\ud… escape, or write both"),
}
_WRONG_TYPES = {
    "string_type": ("a text", "write one text"),
    "dataclass_type": ("fields", "write - text: {value}"),
    "tuple_type": ("a list", "write {name}: [{value}], or one entry a line after a hyphen"),
    "mapping_type": ("fields", "write name: value pairs below {name}"),
    "dict_type": ("fields", "write name: value pairs below {name}"),
    "float_parsing": ("a number", "write a number such as 2 or 0.5"),
    "float_type": ("a number", "write a number such as 2 or 0.5"),
    "finite_number": ("a finite number", "write a number such as 2 or 0.5"),
    "int_parsing": ("a whole number", "write a whole number such as 3"),
    "int_type": ("a whole number", "write a whole number such as 3"),
    "int_from_float": ("a whole number", "write a whole number such as 3"),
    "bool_type": ("true or false", "write {name}: true or {name}: false"),
    "bool_parsing": ("true or false", "write {name}: true or {name}: false"),
}


def _unknown_field(kind: type, loc: Loc, name: str, where: Loc) -> Problem:
    holder = kind
    for step in loc[:-1]:
        if isinstance(step, str):
            holder = _PARTS.get(step, Html)
    known = [f.name for f in fields(holder) if f.name != "origin"]
    guess = nearest(name, known)
    if not guess:
        elsewhere = [other.KIND for other in KINDS.values() if name in {f.name for f in fields(other)}]
        hint = f"; {name} belongs to {', '.join(elsewhere)}" if holder in KINDS.values() and elsewhere else ""
        fix = f"remove it{hint}; known here: {', '.join(known)}"
    else:
        fix = f"write {guess}"
    shown = getattr(holder, "KIND", holder.__name__.lower())
    return Problem("unknown-field", f"{shown} has no field {name[:50]!r}", fix, where, on_key=True)


def _likely_kind(raw: Mapping[str, Any]) -> str | None:
    """The kind whose own fields fit best, for an item without a type."""
    best = max(KINDS.values(), key=lambda kind: len(_own_fields(kind) & raw.keys()))
    return best.KIND if _own_fields(best) & raw.keys() - {"stem"} else None


def _own_fields(kind: type) -> frozenset[str]:
    shared = {f.name for f in fields(_STAND_IN)} - {"front", "back", "reversed"}
    return frozenset(f.name for f in fields(kind)) - shared


def _describe(value: object) -> str:
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, str):
        return f"the text {value[:40]!r}" if value.strip() else "empty"
    if is_dataclass(value) or isinstance(value, Sequence):
        return "a list"
    return "nothing" if value is None else repr(value)[:40]
