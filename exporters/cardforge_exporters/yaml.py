"""Decks in YAML, the native form: lossless, and laid out as a person would write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO, ClassVar

import yaml

from cardforge.fidelity import Capabilities, everything_native
from cardforge.model import Deck, to_data
from cardforge.plugin import Context, Exporter


class YamlExporter(Exporter):
    """Writes the deck format itself."""

    name: ClassVar[str] = "yaml"
    summary: ClassVar[str] = "the deck format itself"
    suffix: ClassVar[str] = ".yaml"
    capabilities: ClassVar[Capabilities] = everything_native()
    media_inside: ClassVar[bool] = False

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(front_matter(deck).encode())
        out.write(b"items:\n")
        for index, node in enumerate(deck.items):
            between = b"\n" if index else b""
            out.write(between + _dump([_styled(to_data(node))]).encode())


def front_matter(deck: Deck) -> str:
    """The deck's own fields in YAML, as they stand above its items, with the last line's end."""
    data = to_data(replace(deck, items=deck.items[:1]))
    del data["items"]
    return _dump(_styled(data))


_FAST: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_FAST_READER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Number(str):
    """A decimal kept as it was written, or an option, without quotes."""


class _Row(list[Any]):
    """A list that reads best on one line."""


_NUMBERS = ("answer", "tolerance", "tolerance_percent")


def _styled(data: Any) -> Any:
    """The same data, with what is to look special wrapped."""
    if isinstance(data, list):
        return [_styled(part) for part in data]
    if not isinstance(data, dict):
        return data
    styled = {name: _options(value) if name == "targets" else _styled(value) for name, value in data.items()}
    if isinstance(styled.get("tags"), list):
        styled["tags"] = _Row(styled["tags"])
    if data.get("type") == "numeric":
        styled |= {name: _Number(data[name]) for name in _NUMBERS if name in data}
    return styled


def _options(data: Any) -> Any:
    """An exporter's options: the model has them as text, whose numbers, true and false need no quotes."""
    if isinstance(data, dict):
        return {name: _options(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_options(value) for value in data]
    return _Number(data) if _NUMBER_OR_BOOLEAN.fullmatch(data) else data


_NUMBER_OR_BOOLEAN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})|true|false")


class _Dumper(_FAST):  # type: ignore[misc]
    """Block text where text has lines, quotes only where YAML needs them."""

    def ignore_aliases(self, data: object) -> bool:
        return True


class _AnyScript(yaml.SafeDumper):
    """The same in Python, slower: libyaml writes an emoji or a rare Han character by its number."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> Any:
    block = "\n" in text and _is_block(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)


def _is_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        not text.startswith(("\n", " "))
        # Ended by empty lines, a block would have to say where the document ends.
        and not text.endswith("\n\n")
        and _UNBLOCKED.search(text) is None
        and all(line == line.rstrip() for line in lines)
        and lines[0] != ""
    )


_UNBLOCKED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def _represent_number(dumper: Any, number: float) -> Any:
    whole = number == int(number) and abs(number) < 1e15
    # YAML 1.1 takes 1e-07 for text, and 1.0e-07 for a number.
    written = str(int(number)) if whole else re.sub(r"^(-?\d+)e", r"\1.0e", repr(number))
    return _represent_decimal(dumper, written)


def _represent_decimal(dumper: Any, number: str) -> Any:
    # Under the tag that YAML itself would give it, it needs no quotes and no tag.
    tag = dumper.resolve(yaml.ScalarNode, str(number), (True, False))
    return dumper.represent_scalar(tag, str(number))


for _kind in (_Dumper, _AnyScript):
    _kind.add_representer(_Number, _represent_decimal)
    _kind.add_representer(_Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, True))
    _kind.add_representer(str, _represent_text)
    _kind.add_representer(float, _represent_number)


def _dump(data: Mapping[str, Any] | list[Any]) -> str:
    text = _dumped(data, _Dumper)
    if "\\U" in text:
        readable = _dumped(data, _AnyScript)
        # PyYAML's own writer has faults with rarer line ends (U+2028).
        if yaml.load(readable, _FAST_READER) == yaml.load(text, _FAST_READER):
            return readable
    return text


def _dumped(data: Mapping[str, Any] | list[Any], dumper: Any) -> str:
    text: str = yaml.dump(
        data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1 << 30, default_flow_style=False
    )
    return text
