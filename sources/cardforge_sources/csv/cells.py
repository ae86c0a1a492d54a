"""What a cell says, as plain data of the deck format, and where in the cell each part of that stands.

docs/csv.md says what may stand in a cell; cardforge_exporters.csv.table writes it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import accumulate
from typing import Any

from cardforge.diagnostics import Loc
from cardforge.document import Document
from cardforge_sources.csv.rows import Cell
from cardforge_sources.json import DEEPEST, JsonPositions


class Unreadable(ValueError):
    """A cell's JSON cannot be read. ``offset`` counts characters into the cell."""

    def __init__(self, code: str, message: str, fix: str, offset: int = 0) -> None:
        super().__init__(message)
        self.code, self.fix, self.offset = code, fix, offset


# The csv exporter puts an apostrophe before a text that a spreadsheet would run, and before one that would be
# taken for {"html": …}. This must be its very pattern, or an author's own apostrophe is lost.
_PROTECTED = re.compile(
    r"""'++(?:(?![+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z)(?:\s*[=+\-@＝＋－＠]|[\t\r])|\{\s*"html"\s*:)""",
    re.ASCII,
)
_HTML = re.compile(r'\{\s*"html"\s*:')
_JSON_LIST = re.compile(r'\[\s*["{]')
LISTS = frozenset("tags hint choices answers pairs distractors steps concepts".split())
"""The fields that hold lists."""
_WORDS_AND_NUMBERS = frozenset(
    """id language level points reversed multiple shuffle answer case_sensitive tolerance tolerance_percent
    concept_count pick""".split()
)
"""Fields in which space around the value says nothing."""
_BULLET = re.compile(r"[-*•]\s+(?=\S)")


def word(text: str) -> str:
    """A field's name or a kind's as the model has it: without case, and with a space or a hyphen for an underscore."""
    return "_".join(text.lower().replace("-", " ").split())


def value(name: str, cell: str) -> Any:
    """What a filled cell of this column says. Raises Unreadable."""
    if name == "type":
        return word(cell)
    if _is_json(name, cell):
        data = _json(cell)
        return _titles(data) if name == "section" else data
    text = unprotected(cell)
    if name == "section":
        return [title.strip() for title in text.split(" > ")]
    if name in LISTS and ((entries := _entries(name, text)) or name != "hint"):
        return [_entry(name, entry) for _, entry in entries]
    return text.strip() if name in _WORDS_AND_NUMBERS else text


def unprotected(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and _PROTECTED.match(cell) else cell


def _is_json(name: str, cell: str) -> bool:
    if cell[0] == "[":
        return (name in LISTS or name == "section") and _JSON_LIST.match(cell) is not None
    return name == "targets" or (cell[0] == "{" and _HTML.match(cell) is not None)


def _entries(name: str, text: str) -> list[Cell]:
    """The entries of a list that is not JSON, and their offsets in the text. A hint is a list only when every line
    has a bullet."""
    found = [(m.start() + len(m[0]) - len(m[0].lstrip()), m[0].strip()) for m in _one_entry(name).finditer(text)]
    found = [entry for entry in found if entry[1]]
    bullets = [_BULLET.match(entry) for _, entry in found]
    if all(bullets):
        return [(at + b.end(), entry[b.end() :]) for (at, entry), b in zip(found, bullets, strict=True) if b]
    return [] if name == "hint" else found


def _one_entry(name: str) -> re.Pattern[str]:
    if name == "tags":
        return _BETWEEN_COMMAS
    return _LINE_AND_FEEDBACK if name in ("choices", "answers") else _LINE


_BETWEEN_COMMAS = re.compile(r"[^,;\r\n]+")
_LINE = re.compile(r"[^\r\n]+")
_LINE_AND_FEEDBACK = re.compile(r"[^\r\n]+(?:[\r\n]+[ \t]*>[^\r\n]*)*")
_WORDS = r"\S++(?:[^\S\r\n]++\S++)*+"
_TEXT_AND_FEEDBACK = rf"(?P<text>(?:{_WORDS})?)(?:\s*>\s*(?P<feedback>.*))?"
_LEFT = r"(?:(?!=>)\S)*+(?:\s++(?:(?!=>)\S)++)*+"
_FIELDS_OF = {
    "choices": re.compile(rf"(?:\[(?P<correct>[ xX])\]\s*)?{_TEXT_AND_FEEDBACK}", re.DOTALL),
    "answers": re.compile(_TEXT_AND_FEEDBACK, re.DOTALL),
    "pairs": re.compile(rf"(?P<left>{_LEFT})(?:\s*=>\s*(?P<right>.*))?"),
}
"""What the fields of an entry are, in the lists whose entries have any."""


def _entry(name: str, written: str) -> Any:
    fields_of = _FIELDS_OF.get(name)
    match = fields_of.fullmatch(written) if fields_of else None
    if match is None:
        return written
    data: dict[str, Any] = {key: value for key, value in match.groupdict().items() if value is not None}
    if "correct" in data:
        data["correct"] = data["correct"] != " "
    return data


# --- JSON in a cell ------------------------------------------------------------------------------


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise Unreadable("repeated-key", f"{repeated[:50]!r} is in this cell a second time", "keep one of the two")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=str, strict=False)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


def _json(cell: str) -> Any:
    try:
        data = _DECODER.decode(cell)
        deepest = max(accumulate((t[0] in "[{") - (t[0] in "]}") for t in _TOKEN.finditer(cell)), default=0)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        fix = "mend it; or write a list one entry a line, and a text that is no JSON behind an apostrophe"
        raise Unreadable("json-syntax", message, fix, error.pos) from None
    except RecursionError:
        data, deepest = None, DEEPEST + 1
    if deepest > DEEPEST:
        raise Unreadable("too-deep", f"more than {DEEPEST} levels are nested here", "nest less")
    return data


def _titles(data: Any) -> list[str]:
    if all(isinstance(title, str) for title in data):
        return list(data)
    raise Unreadable("wrong-type", "this is not a list of section titles", 'write it as ["Basics", "Weights"]')


# --- positions -----------------------------------------------------------------------------------


def offset_in_cell(name: str, cell: str, inner: Loc, at: int, on_key: bool) -> int | None:
    """Where in a cell the part of its value at ``inner`` stands."""
    if name == "section":
        return 0
    if _is_json(name, cell):
        return JsonPositions(Document("", cell), [((), 0)]).offset(inner, at=at, on_key=on_key)
    text = unprotected(cell)
    start = len(cell) - len(text)
    if not inner:
        return start + at
    index, *fields_ = inner
    entries = _entries(name, text) if name in LISTS else []
    if not isinstance(index, int) or index >= len(entries):
        return None
    begin, written = entries[index]
    if not fields_:
        return start + begin + at
    known = _FIELDS_OF[name].fullmatch(written) if name in _FIELDS_OF else None
    if known is None or fields_[1:] or known.groupdict().get(str(fields_[0])) is None:
        return None
    return start + begin + known.start(str(fields_[0])) + at
