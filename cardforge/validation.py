"""From a draft to a deck, or to every mistake in it.

pydantic checks an item's shape, the model its sense, `cardforge.text` its texts. To report all mistakes of an
item in one run, an item with a misshapen part is looked at a second time with that part mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import count
from typing import Any, cast, get_args
from unicodedata import category

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as part
from pydantic_core import ErrorDetails

from cardforge.diagnostics import Diagnostic, Loc, Problem, Severity, nearest
from cardforge.media import Media
from cardforge.model import (
    KINDS,
    NOT_TEXT,
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
from cardforge.text.facts import control_problem

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
            fix = "begin with title: … and put the items below items:"
            message = f"a deck has a title and items, and this is {_describe(data or '')}"
            self.problems.append(Problem("not-a-deck", message, fix))
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
        if "items" in raw or ("section" in raw and "type" not in raw):
            return cast("Section | None", self._container(Section, raw, at))
        kind = self._kind(raw, at)
        if kind is None:
            return None
        if raw.get("type") != kind.KIND:
            raw = {**raw, "type": kind.KIND}
        return cast("AnyItem | None", self._build(kind, raw, at))

    def _kind(self, raw: Mapping[str, Any], at: Loc) -> type[AnyItem] | None:
        """The kind that ``type`` names, or that was most likely meant."""
        name = raw.get("type")
        if isinstance(name, str) and name in KINDS:
            return KINDS[name]
        guess = _likely_kind(raw)
        if name is None:
            fix = f"add type: {guess}" if guess else "add type: with one of " + ", ".join(KINDS)
            self.problems.append(Problem("missing-field", "type is missing", fix, at))
        else:
            guess = (nearest(name, KINDS) if isinstance(name, str) else None) or guess
            fix = f"write type: {guess}" if guess else "write type: and one of " + ", ".join(KINDS)
            message = f"type takes the name of a kind, and this is {_describe(name)}"
            if name and isinstance(name, str):
                message = f"there is no kind of item called {name[:50]!r}"
            self.problems.append(Problem("unknown-type", message, fix, (*at, "type")))
        return KINDS[guess] if guess else None

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
            details = [(detail, _meant(kind, mended, detail)) for detail in _details(error)]
            misspelt = {(*detail["loc"][:-1], meant) for detail, meant in details if meant}
            for detail, meant in details:
                if not (detail["type"] == "missing" and detail["loc"] in misspelt):
                    self._report(kind, detail, meant, at, first=attempt == 0)
            if any(_is_mistake(detail) for detail, _ in details):
                # What makes no sense as a whole has texts and an id all the same.
                return _senseless(kind).validate_python(mended)
            if mended is raw:
                mended = _copy(raw)
            for detail, meant in details:
                _mend(mended, detail, meant)
            try:
                return adapter.validate_python(mended)
            except ValidationError as again:
                error = again
        return None

    def _report(self, kind: type, detail: ErrorDetails, meant: str | None, at: Loc, first: bool) -> None:
        if _is_mistake(detail):
            mistakes = cast(ItemMistakes, detail.get("ctx", {})["error"])
            for problem in mistakes.problems:
                here = () if problem.at[:1] == ("items",) else (*at, *detail["loc"])
                self.problems.append(replace(problem, at=(*here, *problem.at)))
        elif first:
            self.problems.append(_problem(kind, detail, meant, at))

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


@cache
def _senseless(kind: type) -> TypeAdapter[Any]:
    """Builds the kind without asking whether its fields make sense together."""
    unasked = type(kind.__name__, (kind,), {"__post_init__": lambda self: None})
    return TypeAdapter(part(unasked, frozen=True, kw_only=True, config=ConfigDict(extra="forbid")))


# --- a second look at a misshapen item -----------------------------------------------------------

_MENDED = "\uf8ff{{c1::mended}}"  # every kind of text may be like this
_numbers = count()


def _stand_in_text() -> str:
    return f"{_MENDED}{next(_numbers)}"


_STAND_IN = KINDS["flashcard"](front=_MENDED, back=_MENDED)  # type: ignore[call-arg]
_STAND_IN_PARTS: Mapping[str, Callable[[], object]] = {
    "choices": lambda: {"text": _stand_in_text(), "correct": "true"},
    "pairs": lambda: {"left": _stand_in_text(), "right": _stand_in_text()},
    "steps": _stand_in_text,
    "answers": _stand_in_text,
    "concepts": _stand_in_text,
    "items": lambda: _STAND_IN,
}
_TEXT_ERRORS = frozenset(
    "missing string_type string_pattern_mismatch empty_text control_character string_unicode id_with_space".split()
)


def _copy(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that may be mended, its short forms written out. Items that are built already are shared."""
    copied = {key: value if key == "items" else deepcopy(value) for key, value in raw.items()}
    if "hint" in copied and not isinstance(copied["hint"], list | tuple):
        copied["hint"] = [copied["hint"]]
    for name in ("answers", "concepts"):
        if isinstance(copied.get(name), list | tuple):
            copied[name] = [{"text": entry} if _is_text(entry) else entry for entry in copied[name]]
    return copied


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, Mapping) and set(value) == {"html"})


def _holding(data: Any, loc: Loc) -> Any:
    """What holds the part at this place, or None."""
    for step in loc[:-1]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _mend(raw: Any, detail: ErrorDetails, meant: str | None) -> None:
    """Put something harmless where the error is, so that the rest can be checked."""
    *way, last = detail["loc"] or ("",)
    name = str(last)
    data = _holding(raw, detail["loc"])
    error = detail["type"]
    try:
        if error in _TEXT_ERRORS and name != "language":
            data[last] = _stand_in_text()
        elif error in ("boolean", "bool_type", "bool_parsing"):
            data[last] = "true"
        elif error == "decimal":
            data[last] = "1"
        elif error == "dataclass_type" and way and way[-1] in _STAND_IN_PARTS:
            data[last] = _STAND_IN_PARTS[str(way[-1])]()
        elif error == "tuple_type" and name in _STAND_IN_PARTS:
            data[last] = (_STAND_IN_PARTS[name](), _STAND_IN_PARTS[name]())
        elif isinstance(data, dict):
            value = data.pop(last)
            if meant and meant not in data:
                data[meant] = value if meant in NOT_TEXT else _stand_in_text()
    except (KeyError, IndexError, TypeError):
        return


# --- pydantic's errors in the words of the deck format --------------------------------------------


def _is_mistake(detail: ErrorDetails) -> bool:
    return detail["type"] == "value_error" and isinstance(detail.get("ctx", {}).get("error"), ItemMistakes)


def _details(error: ValidationError) -> Iterator[ErrorDetails]:
    """One error a mistake, at its place. A text is a str or an Html: keep the complaint about the one that was meant."""
    details = error.errors(include_url=False)
    tags = [_union_tag(detail) for detail in details]
    not_html = {
        detail["loc"][:tag]
        for detail, tag in zip(details, tags, strict=True)
        if tag is not None and detail["loc"][tag] == "constrained-str" and not _says_html(detail["input"])
    }
    for detail, tag in zip(details, tags, strict=True):
        loc = detail["loc"]
        if tag is None:
            yield detail
        elif (loc[tag] == "constrained-str") == (loc[:tag] in not_html):
            yield {**detail, "loc": (*loc[:tag], *loc[tag + 1 :])}


def _union_tag(detail: ErrorDetails) -> int | None:
    """Where in an error's place pydantic names the member of a union. A key that an author wrote is none."""
    loc = detail["loc"]
    written = len(loc) - 1 if detail["type"] == "unexpected_keyword_argument" else len(loc)
    if loc[:1] == ("targets",):
        return None
    return next((i for i, step in enumerate(loc[:written]) if step in _UNION_TAGS), None)


def _says_html(value: object) -> bool:
    return isinstance(value, Mapping) and "html" in value


def _holder(kind: type, loc: Loc) -> type:
    """The class that has, or lacks, the field at this place: the item's, or that of a part of it."""
    for step in loc[:-1]:
        if isinstance(step, str):
            kind = _PARTS.get(step, Html)
    return kind


def _field_names(holder: type) -> list[str]:
    return [f.name for f in fields(holder) if f.init]


def _meant(kind: type, raw: Any, detail: ErrorDetails) -> str | None:
    """The field that an unknown one most likely is, if that one is not there."""
    if detail["type"] != "unexpected_keyword_argument":
        return None
    meant = nearest(str(detail["loc"][-1]), _field_names(_holder(kind, detail["loc"])))
    return None if meant in (_holding(raw, detail["loc"]) or ()) else meant


def _problem(kind: type, detail: ErrorDetails, meant: str | None, at: Loc) -> Problem:
    loc = detail["loc"]
    where: Loc = (*at, *loc)
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    error = detail["type"]
    value = detail["input"]
    if error == "missing":
        return Problem("missing-field", f"{name} is missing", f"add {name}: {_EXAMPLES.get(name, '…')}", where[:-1])
    if error == "unexpected_keyword_argument":
        return _unknown_field(kind, detail, meant, where)
    if error == "too_short" or (error == "tuple_type" and value in ("", None)):
        fix = f"add an entry: {_ENTRIES.get(name, '- …')}" + _or_remove(kind, loc)
        return Problem("empty-list", f"{name} is empty", fix, where)
    if error in ("string_pattern_mismatch", "empty_text"):
        if name == "language":
            tag = str(value).replace("_", "-")
            fix = f"write {tag if re.fullmatch('[A-Za-z]{2}-[A-Z]{2}', tag) else 'a tag such as en or pt-BR'}"
            return Problem("wrong-value", f"{str(value)[:50]!r} is not a language tag", fix, where)
        whole = f"an entry of {name}" if isinstance(loc[-1], int) else name
        return Problem("empty-text", f"{whole} is empty", "write the text" + _or_remove(kind, loc), where)
    if error == "control_character":
        return _not_a_line(name, str(value), where)
    if error in ("decimal", "float_parsing", "float_type", "finite_number"):
        return _not_a_number(name, value, error, where)
    if error in _LIMITS:
        return _beyond_limit(name, value, _LIMITS[error], detail.get("ctx", {}), where)
    if error == "literal_error":
        allowed = get_args(Level)
        guess = nearest(str(value), allowed)
        fix = f"write {guess}" if guess else f"write {', '.join(allowed[:-1])} or {allowed[-1]}"
        return Problem("wrong-value", f"{name} cannot be {str(value)[:50]!r}", fix, where)
    if error in _SPECIAL_ERRORS:
        code, message, fix = _SPECIAL_ERRORS[error]
        shown = {"name": name, "value": str(value)[:50], "hyphened": "-".join(str(value).split())}
        return Problem(code, message.format(**shown), fix.format(**shown), where)
    if error in _WRONG_TYPES:
        expected, fix = _WRONG_TYPES[error]
        if error == "tuple_type":
            fix = _as_a_list(name, value)
        elif error == "dataclass_type":
            fix = _as_an_entry(name, value)
        whole = f"an entry of {name}" if loc and isinstance(loc[-1], int) else name or "this"
        message = f"{whole} takes {expected}, and this is {_describe(value)}"
        return Problem("wrong-type", message, fix.format(name=name), where)
    message = f"{name} cannot be {str(value)[:50]!r}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return Problem("wrong-value", message, f"change {name}, or leave it out", where)


_EXAMPLES = {
    "title": "What the deck is called",
    "section": "What the section is called",
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
_ENTRIES = {"items": "- type: flashcard", "choices": "- text: …", "pairs": "- left: … and, below it, right: …"}
_SPECIAL_ERRORS = {
    "id_with_space": ("wrong-value", "an id has no white space in it, and this is {value!r}", "write {hyphened}"),
    "boolean": (
        "wrong-value",
        "{name} takes true or false, and this is {value!r}",
        "write {name}: true or {name}: false",
    ),
    "string_unicode": ("not-unicode", "{name} has half of a surrogate pair", "remove the \\ud… escape, or write both"),
}
_WRONG_TYPES = {
    "string_type": ("a text", "write one text, in quotes if it has a colon or begins with a bracket"),
    "dataclass_type": ("fields", ""),
    "tuple_type": ("a list", ""),
    "mapping_type": ("fields", "write name: value below {name}"),
    "dict_type": ("fields", "write name: value below {name}"),
    "int_parsing": ("a whole number", "write a whole number such as 3"),
    "int_parsing_size": ("a smaller number", "write a whole number such as 3"),
    "int_type": ("a whole number", "write a whole number such as 3"),
    "int_from_float": ("a whole number", "write a whole number such as 3"),
    "bool_type": ("true or false", "write {name}: true or {name}: false"),
    "bool_parsing": ("true or false", "write {name}: true or {name}: false"),
}
_LIMITS = {
    "greater_than_equal": ("ge", "cannot be less than {limit:g}", "write {limit:g} or more"),
    "less_than_equal": ("le", "cannot be more than {limit:g}", "write {limit:g} or less"),
    "too_long": ("max_length", "cannot be longer than {limit} characters", "shorten it"),
    "string_too_long": ("max_length", "cannot be longer than {limit} characters", "shorten it"),
}


def _or_remove(kind: type, loc: Loc) -> str:
    """The other way out, for what may be left out."""
    if isinstance(loc[-1], int):
        return ", or remove the entry"
    required = {f.name for f in fields(_holder(kind, loc)) if f.default is f.default_factory is MISSING}
    return "" if loc[-1] in required else f", or remove {loc[-1]}"


def _as_an_entry(name: str, value: object) -> str:
    if name == "choices" and _is_short(value):
        return f"write - text: {value}"
    return "write " + _ENTRIES.get(name, "- text: …")


def _as_a_list(name: str, value: object) -> str:
    if _is_short(value) and not str(value).startswith("-"):
        return f"write {name}: [{value}], or one entry a line after a hyphen"
    return f"write one entry a line, after a hyphen and a space: {_ENTRIES.get(name, '- …')}"


def _is_short(value: object) -> bool:
    """Whether a text can be shown in a fix as it is."""
    return isinstance(value, str) and len(value) < 50 and not re.search(r"[][{}\n#:&*!|>'\"%@`]", value)


def _not_a_line(name: str, value: str, where: Loc) -> Problem:
    if lost := control_problem(value):
        return replace(lost, at=where)
    offset = next((i for i, c in enumerate(value) if c in "\u2028\u2029" or category(c) == "Cc"), 0)
    character = value[offset]
    what = "a tab" if character == "\t" else "a line break" if character.isspace() else "a control character"
    return Problem("control-character", f"{name} must be one line, and has {what} in it", "remove it", where, offset)


_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(%|°\w*|(?![eE][+-]?\d)[^\W\d_].*)")


def _not_a_number(name: str, value: object, error: str, where: Loc) -> Problem:
    fix = "write a number such as 0.5"
    text = value.strip() if isinstance(value, str) and len(value) < 50 else ""
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        fix = f"write the number with a point: {text.replace(',', '.')}"
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?", text):
        fix = f"write the number without commas: {text.replace(',', '')}"
    elif parts := _NUMBER.fullmatch(text):
        number, rest = parts.groups()
        if rest == "%":
            in_percent = {"credit": f"{float(number) / 100:g}", "tolerance": f"tolerance_percent: {number}"}
            fix = f"write {in_percent.get(name, number)}"
        elif name == "answer":
            fix = f"write {number}, and unit: {rest}"
        else:
            fix = f"write {number}"
    elif error == "decimal" and re.fullmatch(r"-[\d.]+", text):
        return Problem("wrong-value", f"{name} cannot be negative", "remove the minus sign", where)
    kind = "a decimal number" if error == "decimal" else "a number"
    code = "wrong-value" if error == "decimal" else "wrong-type"
    return Problem(code, f"{name} takes {kind}, and this is {_describe(value)}", fix, where)


def _beyond_limit(
    name: str, value: object, words: tuple[str, str, str], context: Mapping[str, Any], where: Loc
) -> Problem:
    key, message, fix = words
    limit = context[key]
    if name == "credit":
        fix += "; a credit is a share of the points, so 0.5 is half of them"
    shown = f", and this is {str(value)[:20]}" if key != "max_length" else f", and this has {len(str(value))}"
    return Problem("wrong-value", f"{name} {message.format(limit=limit)}{shown}", fix.format(limit=limit), where)


def _unknown_field(kind: type, detail: ErrorDetails, meant: str | None, where: Loc) -> Problem:
    holder = _holder(kind, detail["loc"])
    known = _field_names(holder)
    name = str(detail["loc"][-1])
    if meant:
        fix = f"write {meant}"
    else:
        elsewhere = [other.KIND for other in KINDS.values() if name in {f.name for f in fields(other)}]
        hint = f"; {name} belongs to {', '.join(elsewhere)}" if holder in KINDS.values() and elsewhere else ""
        fix = f"remove it{hint}; known here: {', '.join(known)}"
    shown = getattr(holder, "KIND", holder.__name__.lower())
    return Problem("unknown-field", f"{shown} has no field {name[:50]!r}", fix, where, on_key=True)


def _likely_kind(raw: Mapping[str, Any]) -> str | None:
    """The kind whose own fields fit best, for an item without a type; None when two fit alike."""
    fitting = {name: len(_own_fields(kind) & raw.keys() - {"stem"}) for name, kind in KINDS.items()}
    most = max(fitting.values())
    best = [name for name, count_of_fields in fitting.items() if count_of_fields == most]
    return best[0] if most and len(best) == 1 else None


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
