"""One reading of a file: the places of the parts and their texts, where ids would go, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cardforge.diagnostics import Loc, Problem
from cardforge_sources.markdown.attributes import Attributed
from cardforge_sources.markdown.lines import Line
from cardforge_sources.markdown.texts import Passage, Value, passage
from cardforge_sources.places import warning
from cardforge_sources.yaml.positions import YamlPositions


@dataclass(slots=True)
class Reading:
    """Filled while a file is read. ``places`` has an offset, or a text's passage; ``names`` those of labels and
    attributes; ``titles`` the lines that an id can be added to. ``change`` is there where the file is no deck, and
    asked for each text."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    places: dict[Loc, int | Passage] = field(default_factory=dict)
    names: dict[Loc, int] = field(default_factory=dict)
    titles: dict[Loc, Attributed] = field(default_factory=dict)
    change: Callable[[Passage], Value | None] | None = None

    def error(self, code: str, message: str, fix: str, offset: int) -> None:
        self.problems.append(Problem(code, message, fix, place=offset))

    def warn(self, code: str, message: str, fix: str, offset: int) -> None:
        self.problems.append(warning(offset, code, message, fix))

    def text(self, at: Loc, lines: Sequence[Line]) -> Value | None:
        """The text in these lines, kept as the part of the deck at this place."""
        return self.keep(at, passage(lines, self.file))

    def keep(self, at: Loc, text: Passage | None) -> Value | None:
        if text is None:
            return None
        self.places[at] = text
        return self.change(text) if self.change else text.value


@dataclass(frozen=True, slots=True)
class MarkdownPositions:
    """The `Positions` of a Markdown deck."""

    reading: Reading
    front_matter: YamlPositions | None

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        if not loc:
            return 0
        if on_key and loc in self.reading.names:
            return self.reading.names[loc]
        place = self.reading.places.get(loc)
        if place is not None:
            return place.offset(at) if isinstance(place, Passage) else place + at
        return self.front_matter.offset(loc, at=at, on_key=on_key) if self.front_matter else None
