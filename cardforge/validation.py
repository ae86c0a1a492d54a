"""From a draft to a deck, or to every mistake in it.

pydantic checks an item's shape, the model its sense, `cardforge.text` its texts. To report all mistakes of an
item in one run, an item with a misshapen part is looked at a second time with that part mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as part
from pydantic_core import ErrorDetails

from cardforge.diagnostics import Diagnostic, Loc, Problem, Severity, nearest
from cardforge.media import Media
from cardforge.model import (
    KINDS,
    NOT_TEXT,
    AnyItem,
    Deck,
    ItemMistakes,
    Origin,
    Section,
    texts,
)
from cardforge.plugin import Draft
from cardforge.text import facts
from cardforge.text.content import is_plain
from cardforge.wording import describe, error_details, holding, is_mistake, likely_kind, meant_field, problem_of


@dataclass(frozen=True, slots=True)
class Validated:
    """``deck`` is None when any diagnostic is an error. The diagnostics are in the file's order."""

    deck: Deck | None
    diagnostics: tuple[Diagnostic, ...]


def validate(draft: Draft, *, takes_ids: bool = False) -> Validated:
    """Check everything that the deck format asks for, and say all that is wrong.

    ``takes_ids``: `cardforge ids` writes into the file that was read; see `cardforge.plugin.StampsIds`.
    """
    checker = _Checker(draft.media)
    checker.problems.extend(draft.problems)
    deck = checker.deck(draft.data)
    document = draft.document
    placed = [(document.place(problem, draft.positions), problem) for problem in checker.problems]
    placed.sort(key=lambda place: place[0])
    diagnostics = [document.diagnostic(problem, offset) for offset, problem in placed]
    if deck is None or any(d.severity is Severity.ERROR for d in diagnostics):
        return Validated(None, tuple(diagnostics))
    origin = Origin(draft.media, draft.document, draft.positions, tuple(diagnostics), draft.is_beginning, takes_ids)
    # The deck is new and nobody else's yet, so no copy is needed.
    object.__setattr__(deck, "origin", origin)
    return Validated(deck, tuple(diagnostics))


def text_problems(deck: Deck) -> Iterator[Problem]:
    """What is wrong in the texts of a deck that was built in Python: maths, media, control characters."""
    checker = _Checker(deck.origin.media)
    checker.texts(deck, ())
    for section, _, at in deck.sections():
        checker.texts(section, at)
    for entry in deck.entries():
        checker.texts(entry.item, entry.at)
    yield from checker.problems


def mistakes(fields: Mapping[str, Any], media: Media) -> Sequence[Problem]:
    """Every error in a part of a deck, before there is a deck: for a source that leaves out or changes what is refused.

    ``fields`` are some of a deck's own in the form of the deck format, such as ``{"items": [item]}`` or
    ``{"language": "en"}``; a title and an item stand in where they are none of these. ``media`` is where the texts'
    media are.
    """
    checker = _Checker(media)
    checker.deck({"title": "-", "items": [_STAND_IN], **fields})
    return [problem for problem in checker.problems if problem.severity is Severity.ERROR]


class _Checker:
    def __init__(self, media: Media) -> None:
        self.problems: list[Problem] = []
        self._media = media
        self._media_problems: dict[str, Problem | None] = {}
        self._wrong_items = 0

    def deck(self, data: object) -> Deck | None:
        if not isinstance(data, Mapping):
            fix = "begin with title: … and put the items below items:"
            message = f"a deck has a title and items, and this is {describe(data or '')}"
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
        made = self._build(kind, shaped, at)
        if isinstance(made, Section) and made.pick is not None and made.pick > (count := _count(made)):
            message = f"pick: {made.pick} of {count} item{'s' if count != 1 else ''}: all of them are asked"
            fix = "write a smaller number, or leave pick out"
            self.problems.append(Problem("pick-too-large", message, fix, (*at, "pick"), severity=Severity.WARNING))
        return made

    def _node(self, raw: object, at: Loc) -> AnyItem | Section | None:
        if isinstance(raw, _BUILT):
            return raw
        if self._wrong_items > MOST_WRONG_ITEMS:
            return None
        known = len(self.problems)
        node = self._checked(raw, at)
        self._wrong_items += any(problem.severity is Severity.ERROR for problem in self.problems[known:])
        if self._wrong_items > MOST_WRONG_ITEMS:
            message = f"more than {MOST_WRONG_ITEMS:,} items have mistakes, and those behind this one are not looked at"
            self.problems.append(Problem("too-many-mistakes", message, "mend what is told, and look again", at))
        return node

    def _checked(self, raw: object, at: Loc) -> AnyItem | Section | None:
        if not isinstance(raw, Mapping):
            fix = "write the item's fields, beginning with type: flashcard"
            self.problems.append(Problem("wrong-type", "an item has fields, and this is " + describe(raw), fix, at))
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
        guess = likely_kind(raw)
        if name is None:
            fix = f"add type: {guess}" if guess else "add type: with one of " + ", ".join(KINDS)
            self.problems.append(Problem("missing-field", "type is missing", fix, at))
        else:
            guess = (nearest(name, KINDS) if isinstance(name, str) else None) or guess
            fix = f"write type: {guess}" if guess else "write type: and one of " + ", ".join(KINDS)
            message = f"type takes the name of a kind, and this is {describe(name)}"
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
            details = [(detail, meant_field(kind, mended, detail)) for detail in error_details(error)]
            misspelt = {(*detail["loc"][:-1], meant) for detail, meant in details if meant}
            for detail, meant in details:
                if not (detail["type"] == "missing" and detail["loc"] in misspelt):
                    self._report(kind, detail, meant, at, first=attempt == 0)
            if any(is_mistake(detail) for detail, _ in details):
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
        if is_mistake(detail):
            mistakes = cast(ItemMistakes, detail.get("ctx", {})["error"])
            for problem in mistakes.problems:
                here = () if problem.at[:1] == ("items",) else (*at, *detail["loc"])
                self.problems.append(replace(problem, at=(*here, *problem.at)))
        elif first:
            self.problems.append(problem_of(kind, detail, meant, at))

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


MOST_WRONG_ITEMS = 20_000
"""As many are told and counted: a large file that is no deck would fill the memory with what is wrong in it."""
_BUILT = (*KINDS.values(), Section)
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


def _mend(raw: Any, detail: ErrorDetails, meant: str | None) -> None:
    """Put something harmless where the error is, so that the rest can be checked."""
    *way, last = detail["loc"] or ("",)
    name = str(last)
    data = holding(raw, detail["loc"])
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


def _count(section: Section) -> int:
    return sum(_count(node) if isinstance(node, Section) else 1 for node in section.items)
