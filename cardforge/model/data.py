"""A deck as plain data, and every text in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from cardforge.diagnostics import Loc
from cardforge.model.deck import Deck, Section
from cardforge.model.items import KINDS, Answer, BaseItem, Concept, Graded
from cardforge.text import Html, Text

_TEXT = (str, Html)


def texts(part: object, at: Loc = ()) -> Iterator[tuple[Loc, Text]]:
    """Every Markdown or HTML text in an item, and where it stands in it. Ids, tags and the like are none."""
    for name, parts in _text_fields(type(part)):
        value = getattr(part, name)
        if value is None:
            continue
        if isinstance(value, _TEXT):
            yield (*at, name), value
            continue
        for index, element in enumerate(value):
            if parts is None:
                yield (*at, name, index), element
                continue
            # Not by calling this again: most texts of a deck are in such parts.
            for inner in parts:
                text = getattr(element, inner)
                if text is not None:
                    yield (*at, name, index, inner), text


def _field_types(kind: Any) -> dict[str, tuple[object, ...]]:
    """Each field's type with all that it is made of. (pydantic has it; `typing.get_type_hints` would take 20 ms.)"""
    return {name: tuple(_made_of(field.annotation)) for name, field in kind.__pydantic_fields__.items()}


def _made_of(field_type: object) -> Iterator[object]:
    yield field_type
    for inner in get_args(field_type):
        yield from _made_of(inner)


PARTS: Mapping[str, type] = {
    name: made_of
    for kind in KINDS.values()
    for name, types in _field_types(kind).items()
    for made_of in types
    if isinstance(made_of, type) and is_dataclass(made_of) and made_of is not Html
}
"""The fields that list parts of an item, and what these parts are."""

_FIELDS = [field for kind in (*KINDS.values(), *PARTS.values(), Section, Deck) for field in _field_types(kind).items()]
NOT_TEXT = frozenset(name for name, _ in _FIELDS) - {name for name, types in _FIELDS if Html in types} - PARTS.keys()
"""The names of the fields that hold no Markdown, wherever they stand, and no parts."""


_text_field_cache: dict[type, tuple[tuple[str, tuple[str, ...] | None], ...]] = {}


def _text_fields(kind: type) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    """The fields that hold texts, or parts with texts: then with the names of the fields of these."""
    known = _text_field_cache.get(kind)
    if known is None:
        known = tuple(
            (name, _text_names(PARTS[name]) if name in PARTS else None)
            for name, types in _field_types(kind).items()
            if name in PARTS or Html in types
        )
        _text_field_cache[kind] = known
    return known


def _text_names(kind: type) -> tuple[str, ...]:
    return tuple(name for name, types in _field_types(kind).items() if Html in types)


_SHORT_FORMS: Mapping[type, tuple[str, ...]] = {Answer: ("text",), Concept: ("text",)}
_FIRST = ("type", "id", "section", "title")


def to_data(part: object) -> Any:
    """Plain data (dict, list, str, bool, int, float) in the form of the deck format, defaults left out.

    ``type`` and ``id`` come first, then the fields as they are declared, what is special before what is general.
    """
    if isinstance(part, Html):
        return {"html": part.html}
    if isinstance(part, Mapping):
        return {key: to_data(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [to_data(value) for value in part]
    if not is_dataclass(part):
        return part
    data: dict[str, Any] = {}
    for name, default in _data_fields(type(part)):
        value = getattr(part, name)
        if name == "type" or value != default:
            data[name] = to_data(value)
    if isinstance(part, BaseItem) and len(part.hint) == 1:
        data["hint"] = to_data(part.hint[0])
    short = _SHORT_FORMS.get(type(part))
    return data["text"] if short == tuple(data) else data


_data_field_cache: dict[type, tuple[tuple[str, object], ...]] = {}


def _data_fields(kind: type) -> tuple[tuple[str, object], ...]:
    known = _data_field_cache.get(kind)
    if known is None:
        declared = [f for f in fields(kind) if f.init]
        general = {f.name for f in fields(Graded)}
        order = [*_FIRST, *(f.name for f in declared if f.name not in general), *(f.name for f in declared)]
        if kind in (Deck, Section):
            order = [n for n in order if n != "items"] + ["items"]
        by_name: dict[str, object] = {f.name: {} if f.name == "targets" else f.default for f in declared}
        known = tuple((n, by_name[n]) for n in dict.fromkeys(order) if n in by_name)
        _data_field_cache[kind] = known
    return known
