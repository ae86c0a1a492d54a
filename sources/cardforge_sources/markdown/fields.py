"""The attributes of headings and short cards as fields of items and sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cardforge.diagnostics import Loc, nearest
from cardforge.model import KINDS
from cardforge_sources.markdown.attributes import Attribute
from cardforge_sources.markdown.outline import Node
from cardforge_sources.markdown.reading import Reading

OF_ITEMS = tuple(
    """id tag type level points reversed multiple shuffle case_sensitive tolerance tolerance_percent unit
    concept_count depth""".split()
)
OF_SECTIONS = ("tag", "pick", "section", "depth")
OF_DECKS = ("id", "tag")
_BOOLEANS = frozenset({"reversed", "multiple", "shuffle", "case_sensitive"})


def item_fields(node: Node, at: Loc, reading: Reading) -> dict[str, Any]:
    """The fields that a heading's attributes fill."""
    return fields_of(node.title.attributes or (), at, OF_ITEMS, reading)


def fields_of(attributes: Iterable[Attribute], at: Loc, known: Sequence[str], reading: Reading) -> dict[str, Any]:
    """The fields that attributes fill; one that is not known here, or here twice, is a mistake."""
    data: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute.name
        if name not in known:
            _report_unknown(attribute, known, reading)
        elif name == "tag":
            tags = data.setdefault("tags", [])
            reading.places[(*at, "tags", len(tags))] = attribute.value_start
            tags.append(attribute.value)
        elif name in data:
            reading.error("repeated-attribute", f"{name} is here a second time", "keep one of the two", attribute.start)
        elif name in _BOOLEANS and attribute.value.lower() not in ("true", "false"):
            message = f"{name} takes true or false, and this is {attribute.value[:50]!r}"
            reading.error("wrong-value", message, f"write {name}=true or {name}=false", attribute.value_start)
        elif name == "type" and attribute.value not in KINDS:
            guess = nearest(attribute.value, KINDS)
            fix = f"write type={guess}" if guess else "remove it, or write one of " + ", ".join(KINDS)
            message = f"there is no kind of item called {attribute.value[:50]!r}"
            reading.error("unknown-type", message, fix, attribute.value_start)
        elif name == "depth":
            if not attribute.value.isascii() or not attribute.value.isdigit():
                message = f"depth takes a whole number, and this is {attribute.value[:50]!r}"
                reading.error("wrong-value", message, "write a number such as depth=7", attribute.value_start)
        else:
            data[name] = attribute.value
            reading.places[(*at, name)] = attribute.value_start
            reading.names[(*at, name)] = attribute.start
    return data


def _report_unknown(attribute: Attribute, known: Sequence[str], reading: Reading) -> None:
    if attribute.name == "id":  # of a section, where other programs link to it
        message = "a section has no id, so this one is left out"
        reading.warn("not-kept", message, "remove it, if nothing else needs it", attribute.start)
        return
    if not attribute.name:
        message = f"{attribute.value[:50]!r} is no attribute"
        fix = 'write #id, .tag or name=value; a value with spaces in quotes, as in unit="square metre"'
    else:
        message = f"there is no attribute {attribute.name[:50]!r} here"
        guess = nearest(attribute.name, known)
        shown = ", ".join(name for name in known if name not in ("tag", "depth"))
        fix = f"write {guess}" if guess else f"remove it; known here: {shown}, and .tag"
    reading.error("unknown-attribute", message, fix, attribute.start)
