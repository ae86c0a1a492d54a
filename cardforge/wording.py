"""What pydantic finds wrong, in the words of the deck format: what is wrong, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any, get_args
from unicodedata import category

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cardforge.diagnostics import Loc, Problem, nearest, quoted
from cardforge.model import KINDS, NOT_TEXT, PARTS, Deck, Flashcard, ItemMistakes, Level
from cardforge.text import Html
from cardforge.text.facts import control_problem

_UNION_TAGS = frozenset({"constrained-str", "Html"})


def is_mistake(detail: ErrorDetails) -> bool:
    return detail["type"] == "value_error" and isinstance(detail.get("ctx", {}).get("error"), ItemMistakes)


def error_details(error: ValidationError) -> Iterator[ErrorDetails]:
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
            kind = PARTS.get(step, Html)
    return kind


def _field_names(holder: type) -> list[str]:
    return [f.name for f in fields(holder) if f.init]


def meant_field(kind: type, raw: Any, detail: ErrorDetails) -> str | None:
    """The field that an unknown one most likely is, if that one is not there."""
    if detail["type"] != "unexpected_keyword_argument":
        return None
    known = _field_names(_holder(kind, detail["loc"]))
    there = holding(raw, detail["loc"]) or ()
    name, value = str(detail["loc"][-1]), detail["input"]
    holds_items = isinstance(value, list | tuple) and any(isinstance(entry, Mapping) for entry in value)
    called = ("items",) if holds_items and "items" in known else _called(name)
    meant = next((field for field in called if field in known and field not in there), None)
    if meant and meant != "items" and next((key for key in there if meant in _called(str(key))), name) != name:
        return None  # another field before it is called like this, too
    meant = meant or nearest(name, known)
    return None if meant in there else meant


ASKS = frozenset("question term prompt word side_1 front_side front_text card_front".split())
"""What people call a text that asks, as a field: in lower case, with _ for a space."""
ANSWERS = frozenset("answer definition meaning translation response side_2 back_side back_text card_back".split())
"""What people call a text that answers."""
OTHER_NAMES = {
    **dict.fromkeys(("tag", "label", "labels", "category", "categories", "keywords"), "tags"),
    **dict.fromkeys(("options", "alternatives"), "choices"),
    **dict.fromkeys(("rationale", "feedback", "comment", "comments", "note", "notes"), "explanation"),
    **dict.fromkeys(("chapter", "lesson", "topic"), "section"),
    **dict.fromkeys(("reference", "references"), "source"),
    **dict.fromkeys(("hints", "clue"), "hint"),
    **dict.fromkeys(("guid", "identifier"), "id"),
}
"""What people call other fields of an item, or of what is around it."""


def _called(name: str) -> tuple[str, ...]:
    """The fields that people call like this."""
    word = "_".join(name.lower().replace("-", " ").split())
    if word in ASKS:
        return "front", "stem"
    if word in ANSWERS:
        return "back", "answers", "answer", "model_answer"
    if word in ("title", "name", "heading"):
        return "title", "section"
    return (OTHER_NAMES[word],) if word in OTHER_NAMES else ()


def problem_of(kind: type, detail: ErrorDetails, meant: str | None, at: Loc) -> Problem:
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
        fix = f"add {_ENTRIES.get(name, 'an entry')}" + _or_remove(kind, loc)
        return Problem("empty-list", f"{name} is empty", fix, where)
    if error in ("string_pattern_mismatch", "empty_text"):
        if name == "language":
            tag = str(value).replace("_", "-")
            fix = f"write {tag if re.fullmatch('[A-Za-z]{2}-[A-Z]{2}', tag) else 'a tag such as en or pt-BR'}"
            return Problem("wrong-value", f"{quoted(str(value)[:50])} is not a language tag", fix, where)
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
        return Problem("wrong-value", f"{name} cannot be {quoted(str(value)[:50])}", fix, where)
    if error in _SPECIAL_ERRORS:
        code, message, fix = _SPECIAL_ERRORS[error]
        shown = {"name": name, "value": quoted(str(value)[:50]), "hyphened": "-".join(str(value).split())}
        return Problem(code, message.format(**shown), fix.format(**shown), where)
    if error in _WRONG_TYPES:
        expected, fix = _WRONG_TYPES[error]
        if error == "tuple_type":
            fix = _as_a_list(name, value)
        elif error == "dataclass_type":
            fix = _as_an_entry(name, value)
        whole = f"an entry of {name}" if loc and isinstance(loc[-1], int) else name or "this"
        message = f"{whole} takes {expected}, and this is {describe(value)}"
        return Problem("wrong-type", message, fix.format(name=name), where)
    message = f"{name} cannot be {quoted(str(value)[:50])}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
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
    "choices": "a list of choices, each with its text: …",
    "pairs": "a list of pairs, each with left: … and right: …",
    "steps": "a list of the steps, in the right order",
    "answers": "[the right answer]",
}
_ENTRIES = {
    "items": "an item, beginning with type: flashcard",
    "choices": "a choice, with its text: …",
    "pairs": "a pair, with left: … and right: …",
}
_SPECIAL_ERRORS = {
    "id_with_space": ("wrong-value", "an id has no white space in it, and this is {value}", "write {hyphened}"),
    "boolean": (
        "wrong-value",
        "{name} takes true or false, and this is {value}",
        "write {name}: true or {name}: false",
    ),
    "string_unicode": ("not-unicode", "{name} has half of a surrogate pair", "remove the \\ud… escape, or write both"),
}
_WRONG_TYPES = {
    "string_type": ("a text", "write one text; in YAML, in quotes if it has a colon or begins with a bracket"),
    "dataclass_type": ("fields", ""),
    "tuple_type": ("a list", ""),
    "mapping_type": ("fields", "give {name} fields, each a name and a value"),
    "dict_type": ("fields", "give {name} fields, each a name and a value"),
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
        return f"write it as a field of the choice (in YAML: - text: {value})"
    return "write " + _ENTRIES.get(name, "an entry with its text: …")


def _as_a_list(name: str, value: object) -> str:
    if _is_short(value) and str(value)[0] not in HYPHENS:
        return f"write a list, even of one entry (in YAML: {name}: [{value}], or one entry a line after a hyphen)"
    if isinstance(value, str) and value[0] in HYPHENS[1:]:
        return f"write a hyphen and a space in place of each {value[0]}"
    what = f": each is {_ENTRIES[name]}" if name in _ENTRIES else ""
    return f"write a list (in YAML, one entry a line after a hyphen and a space){what}"


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
    return Problem(code, f"{name} takes {kind}, and this is {describe(value)}", fix, where)


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
    name = str(detail["loc"][-1])
    fix = f"write {meant}" if meant else _other_place(holder, name, detail["input"])
    shown = getattr(holder, "KIND", holder.__name__.lower())
    return Problem("unknown-field", f"{shown} has no field {quoted(name[:50])}", fix, where, on_key=True)


def _other_place(holder: type, name: str, value: object) -> str:
    """What to do with a field that no field here is meant by: a text is not to be thrown away."""
    kinds = [other.KIND for other in KINDS.values() if name in _field_names(other)]
    if name[:1] in HYPHENS:
        return f"begin an entry of a list with a hyphen and a space: - {name[1:].strip()[:50]}: …"
    if holder is Deck and (kinds or not {"front", "back"}.isdisjoint(_called(name))):
        return "it belongs to an item: write it among that item's fields (in YAML, indented like them)"
    known = f"known here: {', '.join(_field_names(holder))}"
    elsewhere = f"{name} belongs to {', '.join(kinds)}" if holder in KINDS.values() and kinds else ""
    place = next((place for field, place in _FOR_TEXTS if field in _field_names(holder)), "")
    if not place or name in NOT_TEXT or not _says_something(value):
        return "; ".join(filter(None, ("remove it", elsewhere, known)))
    another_type = f"{elsewhere}: change the type, if that is meant; else " if elsewhere else ""
    return f"{another_type}move its text to {place}, or remove it if nobody needs it; {known}"


HYPHENS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{BULLET}"
"""A hyphen, and what word processors write for one at the beginning of a line."""
# Where a text may stand that learners see, by the fields that there are.
_FOR_TEXTS = (
    ("explanation", "explanation, which is shown after an answer"),
    ("feedback", "feedback"),
    ("description", "description"),
    ("left", "left or right"),
    ("text", "text"),
)


def _says_something(value: object) -> bool:
    """Whether there may be a text in it: more than a number or a yes."""
    if isinstance(value, str):
        return not re.fullmatch(r"\s*(?:true|false|yes|no|[-+.,%\d]*)\s*", value, re.IGNORECASE)
    return isinstance(value, Mapping | list | tuple) and bool(value)


def likely_kind(raw: Mapping[str, Any]) -> str | None:
    """The kind whose own fields fit best, for an item without a type; None when two fit alike."""
    fitting = {name: len(_own_fields(kind) & raw.keys() - {"stem"}) for name, kind in KINDS.items()}
    most = max(fitting.values())
    best = [name for name, count_of_fields in fitting.items() if count_of_fields == most]
    return best[0] if most and len(best) == 1 else None


def _own_fields(kind: type) -> frozenset[str]:
    shared = {f.name for f in fields(Flashcard)} - {"front", "back", "reversed"}
    return frozenset(f.name for f in fields(kind)) - shared


def describe(value: object) -> str:
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, str):
        return f"the text {quoted(value[:40])}" if value.strip() else "empty"
    if is_dataclass(value) or isinstance(value, Sequence):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else repr(value)[:40]


def holding(data: Any, loc: Loc) -> Any:
    """What holds the part at this place, or None."""
    for step in loc[:-1]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
