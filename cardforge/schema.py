"""The JSON Schema of the deck format, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from cardforge.model import KINDS, Deck

_SCALARS = ["string", "number", "boolean"]


def deck_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that an editor completes and checks a YAML or JSON deck with.

    Cardforge keeps every YAML scalar as the text that was written, so where a text is wanted, what an editor
    takes for a number or a boolean (``front: 1984``) is right too.
    """
    schema = TypeAdapter(Deck).json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Cardforge deck"
    for name, kind in KINDS.items():
        definition = schema["$defs"][kind.__name__]
        definition["required"] = ["type", *definition.get("required", ())]
        definition["properties"]["type"] = {"const": name, "description": definition["description"]}
    _loosen(schema)
    return schema


def _loosen(node: Any) -> None:
    if isinstance(node, list):
        for part in node:
            _loosen(part)
    elif isinstance(node, dict):
        node.pop("default", None)
        if isinstance(node.get("title"), str):
            del node["title"]
        # A union with null says only that the field may be left out.
        if isinstance(options := node.get("anyOf"), list) and {"type": "null"} in options:
            kept = [option for option in options if option != {"type": "null"}]
            if len(kept) == 1:
                del node["anyOf"]
                node.update({**kept[0], **node})
            else:
                node["anyOf"] = kept
        if node.get("type") == "string" and "enum" not in node and "const" not in node:
            node["type"] = _SCALARS
        for key, part in node.items():
            if key != "required":
                _loosen(part)
