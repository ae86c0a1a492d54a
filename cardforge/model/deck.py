"""The deck and its sections: items in order, with what is said of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic.dataclasses import dataclass as part
from pydantic.dataclasses import rebuild_dataclass
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import core_schema

from cardforge.diagnostics import Diagnostic, Loc, Problem, Span
from cardforge.document import Document, Positions
from cardforge.media import FolderMedia, Media, NoMedia
from cardforge.model.ids import derived_id, slug
from cardforge.model.items import AnyItem, Item, raise_mistakes
from cardforge.model.values import FORBID, Identifier, Language, Line, as_texts
from cardforge.text import Text


def _which(value: object) -> str:
    return "section" if isinstance(value, Section) or (isinstance(value, Mapping) and "section" in value) else "item"


@part(frozen=True, slots=True, kw_only=True, config=FORBID)
class Section:
    """Items under a title of their own. ``pick`` draws that many at random where the target can."""

    section: Annotated[Line, Field(description="The section's title.")]
    items: Annotated[tuple[Node, ...], Field(min_length=1)]
    description: Annotated[Text | None, Field(description="Shown before its items.")] = None
    tags: tuple[Line, ...] = ()
    pick: Annotated[Annotated[int, Field(ge=1)] | None, Field(description="Draw that many items at random.")] = None


Node = Annotated[Annotated[Item, Tag("item")] | Annotated[Section, Tag("section")], Discriminator(_which)]
"""What stands in a list of items: an item, or a section."""

Targets = Annotated[
    Mapping[str, Mapping[str, Any]],
    AfterValidator(lambda targets: {name: as_texts(options) for name, options in targets.items()}),
]


@dataclass(frozen=True)
class Origin:
    """Where a deck was read from. Not part of what the deck says, so it takes no part in comparing.

    ``is_beginning``: people go on with it in another file. ``takes_ids``: `cardforge ids` writes into this one.
    """

    media: Media = field(default_factory=NoMedia)
    document: Document | None = None
    positions: Positions | None = None
    warnings: tuple[Diagnostic, ...] = ()
    is_beginning: bool = False
    takes_ids: bool = False

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls)

    def span(self, at: Loc) -> Span | None:
        """The place of a part of the deck in its file, if there is one."""
        if self.document is None:
            return None
        if not at:
            return self.document.span(0)  # the deck as a whole, without looking up every part
        return self.document.locate(Problem("", "", "", at), self.positions).span


class Entry(NamedTuple):
    """An item in its deck: its id, authored or derived; all its tags; the sections around it."""

    item: AnyItem
    id: str
    at: Loc
    tags: tuple[str, ...]
    sections: tuple[Section, ...]


class SectionEntry(NamedTuple):
    """A section in its deck: the way to it from the outermost section inwards, itself last; its place."""

    section: Section
    way: tuple[Section, ...]
    at: Loc


@part(frozen=True, kw_only=True, config=FORBID)  # no slots: a cached property needs a place
class Deck:
    """A deck of items and sections, and what is said of it as a whole."""

    title: Line
    items: Annotated[tuple[Node, ...], Field(min_length=1)]
    id: Annotated[Identifier | None, Field(description="Never shown, never changes; default: from the title.")] = None
    description: Annotated[Text | None, Field(description="What the deck covers.")] = None
    language: Annotated[
        Language | None, Field(description="The language of the texts, a BCP 47 tag such as en or pt-BR.")
    ] = None
    author: Line | None = None
    license: Line | None = None
    tags: Annotated[tuple[Line, ...], Field(description="Inherited by every item.")] = ()
    targets: Annotated[Targets, Field(description="An exporter's options, by its name.")] = field(
        default_factory=dict, hash=False
    )
    origin: SkipJsonSchema[Origin] = field(default_factory=Origin, init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        wrong = []
        for _, item, at in _leaves(self.items, (), ("items",)):
            if item.id is not None and item.id in seen:
                message = f"two items have the id {item.id!r}"
                wrong.append(Problem("repeated-id", message, "give one of them another id", (*at, "id")))
            seen.add(item.id or "")
        raise_mistakes(wrong)

    @property
    def identity(self) -> str:
        """The authored id, or the one that the title gives."""
        return self.id or slug(self.title)

    def entries(self) -> Sequence[Entry]:
        """Every item in order, with its id, tags and sections."""
        return self._entries

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        # Kept, for a deck never changes; each export asks several times.
        return tuple(self._find_entries())

    def _find_entries(self) -> Iterator[Entry]:
        leaves = list(_leaves(self.items, (), ("items",)))
        taken = {item.id for _, item, _ in leaves if item.id is not None}
        repeats: dict[str, int] = {}
        for sections, item, at in leaves:
            item_id = item.id
            if item_id is None:
                item_id = derived = derived_id(item)
                while item_id in taken:
                    # The second item with this text, or an author's id that looks like a derived one.
                    repeats[derived] = count = repeats.get(derived, 1) + 1
                    item_id = f"{derived}-{count}"
                taken.add(item_id)
            tags = self.tags
            if sections or item.tags:
                tags = tuple(dict.fromkeys((*tags, *(t for s in sections for t in s.tags), *item.tags)))
            yield Entry(item, item_id, at, tags, sections)

    def sections(self) -> Iterator[SectionEntry]:
        """Every section, each before those in it."""

        def inside(
            nodes: tuple[AnyItem | Section, ...], around: tuple[Section, ...], at: Loc
        ) -> Iterator[SectionEntry]:
            for index, node in enumerate(nodes):
                if isinstance(node, Section):
                    way = (*around, node)
                    yield SectionEntry(node, way, (*at, index))
                    yield from inside(node.items, way, (*at, index, "items"))

        yield from inside(self.items, (), ("items",))

    def span(self, at: Loc) -> Span | None:
        """The place of a part of the deck in the file it came from, if it came from one."""
        return self.origin.span(at)

    def with_origin(self, origin: Origin) -> Deck:
        """The same deck, said to come from elsewhere."""
        deck = replace(self)
        object.__setattr__(deck, "origin", origin)
        return deck

    def with_media(self, media: Path | str | Media) -> Deck:
        """The same deck, its media read from a folder, or from where another deck has them.

        For decks that are built in Python, and for those made of one that was read:
        ``dataclasses.replace(deck, title="Another").with_media(deck.origin.media)``.
        """
        where = FolderMedia(Path(media)) if isinstance(media, Path | str) else media
        return self.with_origin(replace(self.origin, media=where))


def _leaves(
    nodes: tuple[AnyItem | Section, ...], around: tuple[Section, ...], at: Loc
) -> Iterator[tuple[tuple[Section, ...], AnyItem, Loc]]:
    for index, node in enumerate(nodes):
        if isinstance(node, Section):
            yield from _leaves(node.items, (*around, node), (*at, index, "items"))
        else:
            yield around, node, (*at, index)


rebuild_dataclass(Section, force=True)  # type: ignore[arg-type]
rebuild_dataclass(Deck, force=True)  # type: ignore[arg-type]
