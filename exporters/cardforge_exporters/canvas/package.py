"""The files of the package: the questions, the quiz's settings, the manifest, the media.

Canvas finds the settings by their place only: in the folder that is called as the assessment, named by the manifest.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby

from cardforge.diagnostics import Loc
from cardforge.model import Deck, Entry, Flashcard, MultipleChoice, Section
from cardforge_exporters import quiz
from cardforge_exporters.archive import Archive
from cardforge_exporters.canvas import markup, qti
from cardforge_exporters.canvas.qti import item, metadata, number
from cardforge_exporters.canvas.questions import Asking, Flashcards
from cardforge_exporters.identifiers import identifier, is_shortened
from cardforge_exporters.media_files import MediaFiles

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QTI = f'<questestinterop xmlns="{qti.NAMESPACE}">\n'


@dataclass(frozen=True, slots=True)
class Block:
    """The beginning of a section: its title and description, as a text among the questions."""

    ident: str
    section: Section


@dataclass(frozen=True, slots=True)
class Group:
    """A section of which some questions are drawn at random. All of them are worth the same in Canvas."""

    ident: str
    section: Section
    entries: tuple[Entry, ...]

    @property
    def count(self) -> int:
        """How many questions there are to draw from."""
        return sum(map(count, self.entries))

    @property
    def pick(self) -> int:
        """How many are drawn."""
        return min(self.section.pick or 0, self.count)

    @property
    def points(self) -> float:
        """What each question is worth: what the first one says."""
        return self.entries[0].item.points


Part = Block | Group | Entry


def count(entry: Entry) -> int:
    """How many questions an item becomes."""
    return 2 if isinstance(entry.item, Flashcard) and entry.item.reversed else 1


def parts(deck: Deck) -> Iterator[Part]:
    """The quiz from its top to its bottom. Groups do not nest: one inside another is part of that."""
    ident = _section_idents(deck)
    begun: set[Loc] = set()
    for group, run in groupby(deck.entries(), group_at):
        entries = tuple(run)
        for entry in entries:
            way = section_places(entry)
            around = way[: way.index(group)] if group else way
            for depth, at in enumerate(around):
                if at not in begun:
                    begun.add(at)
                    yield Block(ident[at], entry.sections[depth])
            if group:
                yield Group(ident[group], entry.sections[len(around)], entries)
                break
            yield entry


def section_places(entry: Entry) -> list[Loc]:
    """The places of the sections around an item, the outermost first."""
    return [entry.at[: 2 * depth] for depth in range(1, len(entry.sections) + 1)]


def group_at(entry: Entry) -> Loc | None:
    """The place of the question group that an item belongs to, if it does."""
    if not entry.sections:
        return None
    places = zip(entry.sections, section_places(entry), strict=True)
    return next((at for section, at in places if section.pick), None)


def _section_idents(deck: Deck) -> dict[Loc, str]:
    """Idents from the titles, so that they stay when items come and go."""
    seen: Counter[tuple[str, ...]] = Counter()
    idents = {}
    for _, way, at in deck.sections():
        titles = tuple(section.section for section in way)
        seen[titles] += 1
        # No item's id has a space in it, so none is like this one.
        idents[at] = identifier(deck.identity, "a section", *titles, str(seen[titles]))
    return idents


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a quiz, by the names that Canvas has for them."""

    quiz_type: str
    shuffle_answers: bool
    allowed_attempts: int
    time_limit: int | None
    one_question_at_a_time: bool
    show_correct_answers: bool


class Package:
    """Writes a deck as a quiz, or as a bank of questions."""

    def __init__(self, deck: Deck, flashcards: Flashcards, shuffle: bool) -> None:
        self._deck = deck
        self._ident = identifier(deck.identity)
        self._media = MediaFiles(deck, "media/")
        self._asking = Asking(self._media.name, flashcards, shuffle)

    def write_quiz(self, archive: Archive, settings: Settings) -> None:
        archive.put_lines(f"{self._ident}/{self._ident}.xml", self._quiz())
        archive.put(f"{self._ident}/assessment_meta.xml", self._settings(settings))
        self._rest(archive, settings=True)

    def write_bank(self, archive: Archive) -> None:
        archive.put_lines(f"{self._ident}/{self._ident}.xml", self._bank())
        self._rest(archive, settings=False)

    def _rest(self, archive: Archive, settings: bool) -> None:
        for name, data in self._media.files():
            archive.store(name, data)
        archive.put("imsmanifest.xml", "".join(self._manifest(settings)))

    def _quiz(self) -> Iterator[str]:
        deck = self._deck
        language = f' xml:lang="{escape(deck.language)}"' if deck.language else ""
        yield f'{_XML}{_QTI}<assessment ident="{self._ident}" title="{escape(qti.short(deck.title))}"{language}>\n'
        if is_shortened(self._ident):
            yield f"<qtimetadata>\n{metadata([('cardforge_id', deck.identity)])}</qtimetadata>\n"
        yield '<section ident="root_section">\n'
        for part in parts(deck):
            match part:
                case Block():
                    yield item(part.ident, self._asking.beginning(part.section), 0)
                case Group():
                    yield from self._group(part)
                case Entry():
                    yield from self._items(part)
        yield "</section>\n</assessment>\n</questestinterop>\n"

    def _bank(self) -> Iterator[str]:
        yield f'{_XML}{_QTI}<objectbank ident="{self._ident}">\n'
        fields = [("bank_title", qti.short(self._deck.title))]
        if is_shortened(self._ident):
            fields.append(("cardforge_id", self._deck.identity))
        yield f"<qtimetadata>\n{metadata(fields)}</qtimetadata>\n"
        for entry in self._deck.entries():
            yield from self._items(entry)
        yield "</objectbank>\n</questestinterop>\n"

    def _items(self, entry: Entry) -> Iterator[str]:
        notes: list[tuple[str, str]] = []
        if entry.item.level:
            notes.append(("level", entry.item.level))
        if entry.tags:
            notes.append(("tags", json.dumps(entry.tags, ensure_ascii=False)))
        if isinstance(entry.item, MultipleChoice) and not entry.item.shuffle:
            notes.append(("cardforge_order", "fixed"))
        if is_shortened(identifier(self._deck.identity, entry.id)):
            notes.append(("cardforge_id", entry.id))
        for which, question in self._asking.questions(entry.item):
            ident = identifier(self._deck.identity, entry.id, *([which] if which else ()))
            yield item(ident, question, entry.item.points, notes)

    def _group(self, group: Group) -> Iterator[str]:
        yield (
            f'<section ident="{group.ident}" title="{escape(qti.short(group.section.section))}">\n'
            f"<selection_ordering><selection><selection_number>{group.pick}</selection_number>"
            f"<selection_extension><points_per_item>{number(group.points)}</points_per_item></selection_extension>"
            "</selection></selection_ordering>\n"
        )
        for entry in group.entries:
            yield from self._items(entry)
        yield "</section>\n"

    def _settings(self, settings: Settings) -> str:
        said: Mapping[str, str] = {
            "title": escape(markup.plainly(qti.short(self._deck.title))),
            "description": qti.text(self._description()),
            "quiz_type": settings.quiz_type,
            "points_possible": number(_points(self._deck)),
            "shuffle_answers": quiz.boolean(settings.shuffle_answers),
            "allowed_attempts": str(settings.allowed_attempts),
            "time_limit": str(settings.time_limit or ""),
            "one_question_at_a_time": quiz.boolean(settings.one_question_at_a_time),
            "show_correct_answers": quiz.boolean(settings.show_correct_answers),
        }
        rows = "".join(f"<{name}>{value}</{name}>\n" for name, value in said.items() if value)
        space = 'xmlns="http://canvas.instructure.com/xsd/cccv1p0"'
        return f'{_XML}<quiz identifier="{self._ident}" {space}>\n{rows}</quiz>\n'

    def _description(self) -> str:
        deck = self._deck
        said = f"<div>{self._asking.html(deck.description)}</div>" if deck.description else ""
        return said + "".join(f"<p>{escape(line)}</p>" for line in (deck.author, deck.license) if line)

    def _manifest(self, settings: bool) -> Iterator[str]:
        yield _XML + _MANIFEST.format(ident=self._ident)
        yield f'<resource identifier="{self._ident}" type="imsqti_xmlv1p2">\n'
        yield f'<file href="{self._ident}/{self._ident}.xml"/>\n'
        if settings:
            meta = f"{self._ident}/assessment_meta.xml"
            yield f'<dependency identifierref="{self._ident}__meta"/>\n</resource>\n'
            yield f'<resource identifier="{self._ident}__meta" type="{_OF_CANVAS}" href="{meta}">\n'
            yield f'<file href="{meta}"/>\n'
        yield "</resource>\n"
        for index, name in enumerate(self._media.names(), 1):
            yield f'<resource identifier="{self._ident}__media{index}" type="webcontent" href="{name}">'
            yield f'<file href="{name}"/></resource>\n'
        yield "</resources>\n</manifest>\n"


_OF_CANVAS = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
_MANIFEST = """\
<manifest identifier="{ident}__manifest" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">
<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>
<organizations/>
<resources>
"""


def _points(deck: Deck) -> float:
    """What the whole quiz is worth."""
    return math.fsum(
        part.pick * part.points if isinstance(part, Group) else count(part) * part.item.points
        for part in parts(deck)
        if not isinstance(part, Block)
    )
