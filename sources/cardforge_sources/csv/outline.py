"""The rows of a table as a tree of sections and items, and the row of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple

from cardforge.diagnostics import Loc, Problem
from cardforge.model import KINDS, Graded
from cardforge_sources.csv.rows import Cell, at
from cardforge_sources.json import DEEPEST


class Record(NamedTuple):
    """A row: the offset at which it begins, and its filled cells by the field that their column holds."""

    start: int
    cells: Mapping[str, Cell]


_SHARED = frozenset(f.name for f in fields(Graded))
_OWN = {kind.KIND: frozenset(f.name for f in fields(kind)) - _SHARED for kind in KINDS.values()}
_NEEDED = {kind.KIND: frozenset(f.name for f in fields(kind) if f.default is MISSING) for kind in KINDS.values()}


def likely_kind(data: Mapping[str, Any]) -> str | None:
    """The kind whose own fields fit best those that are filled, or None when nothing tells."""
    filled = data.keys() - _SHARED
    best = max(KINDS, key=lambda kind: (len(_OWN[kind] & filled), filled >= _NEEDED[kind]))
    if best == "true_false" and str(data.get("answer", True)).lower() not in ("true", "false"):
        return "numeric"
    return best if _OWN[best] & filled else None


@dataclass(slots=True)
class Outline:
    """Takes rows one after the other. ``around`` are the titles of sections in which all of them stand."""

    problems: list[Problem]
    deck: dict[str, Any] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    records: dict[Loc, Record] = field(default_factory=dict)
    around: Sequence[str] = ()
    _open: list[tuple[str, Loc, list[Any]]] = field(default_factory=list)  # sections: title, place, items

    def add(self, data: dict[str, Any], record: Record) -> None:
        """Put a row where it belongs: ``section`` names the sections around it, and a section row itself."""
        kind = data.get("type")
        if kind == "deck":
            self._add_deck(data, record)
            return
        path = [*self.around, *data.pop("section", [])]
        if len(path) > DEEPEST:
            self._refuse(record, "too-deep", f"more than {DEEPEST} sections are nested here", "nest less")
        elif kind != "section":
            self._enter(path, record)
            guess = None if kind else likely_kind(data)
            self._place({"type": guess, **data} if guess else data, record)
        elif len(path) > len(self.around):
            self._enter(path[:-1], record)
            self._begin({"section": path[-1], **data}, record)
        else:
            fix = "write its title in the column section"
            self._refuse(record, "missing-field", "this row opens a section without a title", fix)

    def _add_deck(self, data: dict[str, Any], record: Record) -> None:
        if () in self.records:
            self._refuse(record, "second-document", "a second deck begins here", "put it in its own file")
            return
        del data["type"]
        self.deck = data
        self.records[()] = record

    def _refuse(self, record: Record, code: str, message: str, fix: str) -> None:
        self.problems.append(at(record.start, code, message, fix))

    def _enter(self, path: Sequence[str], record: Record) -> None:
        """Leave and begin sections until those that are open are the path's."""
        common = 0
        while common < min(len(path), len(self._open)) and path[common] == self._open[common][0]:
            common += 1
        del self._open[common:]
        for title in path[common:]:
            self._begin({"section": title}, record)

    def _begin(self, section: dict[str, Any], record: Record) -> None:
        section.pop("type", None)
        items: list[Any] = []
        at = self._place({**section, "items": items}, record)
        self._open.append((section["section"], at, items))

    def _place(self, node: dict[str, Any], record: Record) -> Loc:
        around, items = self._open[-1][1:] if self._open else ((), self.items)
        at = (*around, "items", len(items))
        items.append(node)
        self.records[at] = record
        return at
