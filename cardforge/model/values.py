"""The types of values that fields have, and what each refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from cardforge.text import Html, Text
from cardforge.text.content import CONTROL, has_visible

FORBID = ConfigDict(extra="forbid")
"""For every part of a deck: a field that the format does not know is a mistake."""

LONGEST_ID = 200
NOT_IN_A_LINE = rf"{CONTROL}\t\n\r\u2028\u2029\ufffe\uffff"
HALF_PAIR = r"\ud800-\udfff"
"""Insides of character classes: what no title, tag or id has in it, and what no text at all."""

_NOT_IN_A_LINE = re.compile(f"[{NOT_IN_A_LINE}]")
_HALF_PAIR = re.compile(f"[{HALF_PAIR}]")


def _one_line(value: str) -> str:
    if _HALF_PAIR.search(value):
        raise PydanticCustomError("string_unicode", "the text has half of a surrogate pair")
    if not has_visible(value):
        raise PydanticCustomError("empty_text", "the text is empty")
    if _NOT_IN_A_LINE.search(value):
        raise PydanticCustomError("control_character", "the text must be one line without control characters")
    return value


def _identifier(value: str) -> str:
    if value.split() != [value]:
        raise PydanticCustomError("id_with_space", "an id has no white space in it")
    return value


def _decimal(value: str) -> str:
    if not re.fullmatch(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", value, re.ASCII):
        raise PydanticCustomError("decimal", "this is not a decimal number")
    return value


def _positive_decimal(value: str) -> str:
    if _decimal(value).startswith("-"):
        raise PydanticCustomError("decimal", "a tolerance cannot be negative")
    return value


_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _boolean(value: object) -> object:
    if isinstance(value, str):
        if value not in _BOOLEANS:
            raise PydanticCustomError("boolean", "this is neither true nor false")
        return _BOOLEANS[value]
    return value


def _to_str(value: object) -> object:
    """A number as a text; a float as the shortest one that gives it again."""
    if isinstance(value, float):
        return repr(float(value))  # not a subclass's own
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _as_list(value: object) -> object:
    """A single hint stands for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def as_part(value: object) -> object:
    """A string, or ``{html: …}``, where a part with a text is wanted stands for that part's text."""
    if isinstance(value, str | Html) or (isinstance(value, Mapping) and set(value) == {"html"}):
        return {"text": value}
    return value


def as_texts(value: object) -> object:
    """Plain data with every scalar as text, so that YAML and JSON give equal decks."""
    if isinstance(value, Mapping):
        return {str(key): as_texts(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(as_texts(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _HALF_PAIR.search(text) or "\0" in text:
        raise PydanticCustomError("control_character", "the text has a character that no file can hold")
    return text


Line = Annotated[str, AfterValidator(_one_line)]
Identifier = Annotated[Line, AfterValidator(_identifier), Field(max_length=LONGEST_ID)]
_DecimalSchema = Field(json_schema_extra={"type": ["number", "string"]})
DecimalText = Annotated[str, BeforeValidator(_to_str), AfterValidator(_decimal), _DecimalSchema]
Tolerance = Annotated[str, BeforeValidator(_to_str), AfterValidator(_positive_decimal), _DecimalSchema]
Boolean = Annotated[bool, BeforeValidator(_boolean)]
LANGUAGE_TAG = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
"""A pattern for what the deck format takes for a language: the form of a BCP 47 tag."""
Language = Annotated[str, Field(pattern=f"^{LANGUAGE_TAG}$")]
Level = Literal["beginner", "intermediate", "advanced"]
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Hints = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list, json_schema_input_type=Text | list[Text]),
]
