"""The package: the items, the test that asks them, their media, and the manifest that lists all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cardforge.diagnostics import Loc
from cardforge.model import Deck, Entry, Section
from cardforge_exporters.archive import Archive
from cardforge_exporters.identifiers import identifier, is_shortened
from cardforge_exporters.media_files import MediaFiles
from cardforge_exporters.qti.items import Items, Written, escaped
from cardforge_exporters.qti.names import Version

TEST_FILE = "assessment.xml"
MANIFEST_FILE = "imsmanifest.xml"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_DIFFICULTY = {"beginner": "easy", "intermediate": "medium", "advanced": "difficult"}

_TEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<assessmentTest xmlns="%s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="%s %s" identifier="%s" title="%s" toolName="cardforge">\n'
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
    '%s<testPart identifier="part" navigationMode="%s" submissionMode="individual">\n'
    '<itemSessionControl%s showFeedback="true"/>\n'
)
_TEST_END = (
    "</testPart>\n"
    '<outcomeProcessing><setOutcomeValue identifier="SCORE"><sum><testVariables variableIdentifier="SCORE"/></sum>'
    "</setOutcomeValue></outcomeProcessing>\n</assessmentTest>\n"
)
_TIME_LIMIT = '<timeLimits maxTime="%d"/>\n'
_ATTEMPTS = ' maxAttempts="%d"'
_SECTION = '<assessmentSection identifier="%s" title="%s" visible="%s">\n'
_SECTION_END = "</assessmentSection>\n"
_SELECT = '<selection select="%d"/>\n'
_SHUFFLE = '<ordering shuffle="true"/>\n'
_DESCRIPTION = '<rubricBlock view="candidate"><contentBody>%s</contentBody></rubricBlock>\n'
# The item's own score has its points already. The weight is for programs that read points from nowhere else; nothing
# in the test multiplies by it.
_ITEM_REF = (
    '<assessmentItemRef identifier="%s" href="%s"><weight identifier="POINTS" value="%s"/></assessmentItemRef>\n'
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the test is to be taken. ``attempts`` and ``minutes`` are None where the program decides."""

    shuffle: bool
    attempts: int | None
    minutes: int | None
    one_at_a_time: bool
    bank: bool


class _Row(NamedTuple):
    """What test and manifest need of an item that is written."""

    identifier: str
    file: str
    title: str
    interaction: str
    points: str
    has_feedback: bool
    media: Sequence[str]
    entry: Entry


def write_package(archive: Archive, deck: Deck, version: Version, settings: Settings) -> None:
    """Write the whole package; one item is in memory at a time."""
    media = MediaFiles(deck, "media/")
    items = Items(deck, version, media)
    rows = []
    for entry in deck.entries():
        for written in items.of(entry):
            rows.append(_row(written, entry))
            archive.put(rows[-1].file, written.xml)
    in_test: Sequence[str] = ()
    if not settings.bank:
        archive.put_lines(TEST_FILE, _Test(deck, version, settings, items, rows).lines())
        in_test = items.media_used()
    for name, data in media.files():
        archive.store(name, data)
    archive.put_lines(MANIFEST_FILE, _manifest(deck, version, settings, rows, in_test))


def _row(written: Written, entry: Entry) -> _Row:
    return _Row(
        written.identifier,
        file_name(written.identifier),
        written.title,
        written.interaction,
        written.points,
        written.has_feedback,
        written.media,
        entry,
    )


def file_name(name: str) -> str:
    """An item's file. Two that differ in case only are two files where case does not count, too."""
    lower = name.lower()
    return f"{name}.xml" if name == lower else f"{lower}____{sha256(name.encode()).hexdigest()[:8]}.xml"


# --- the test ------------------------------------------------------------------------------------


class _Test:
    """Writes the test: every item in its section, in the deck's order."""

    def __init__(self, deck: Deck, version: Version, settings: Settings, items: Items, rows: Sequence[_Row]) -> None:
        self._deck = deck
        self._version = version
        self._names = version.names
        self._settings = settings
        self._html = items.html
        self._rows = rows
        self._next = 0

    def lines(self) -> Iterator[str]:
        names, version, settings = self._names, self._version, self._settings
        yield names(_TEST) % (
            version.namespace,
            version.namespace,
            version.schema,
            identifier(self._deck.identity),
            escaped(self._deck.title),
            names(_TIME_LIMIT) % (settings.minutes * 60) if settings.minutes else "",
            "linear" if settings.one_at_a_time else "nonlinear",
            names(_ATTEMPTS) % settings.attempts if settings.attempts is not None else "",
        )
        yield from self._section(self._deck, "section", ())
        yield names(_TEST_END)

    def _section(self, part: Deck | Section, name: str, at: Loc) -> Iterator[str]:
        names = self._names
        if isinstance(part, Section):
            title, visible, pick = part.section, "true", part.pick
        else:  # the test has the deck's title: a section of its own is seen for its description only
            title, visible, pick = part.title, "false" if part.description is None else "true", None
        yield names(_SECTION) % (name, escaped(title), visible)
        if pick is not None and pick < len(part.items):
            yield names(_SELECT) % pick
        if self._settings.shuffle:
            yield names(_SHUFFLE)
        if part.description is not None:
            yield names(_DESCRIPTION) % self._html(part.description)
        for index, node in enumerate(part.items):
            place = (*at, "items", index)
            if isinstance(node, Section):
                yield from self._section(node, f"{name}_{index + 1}", place)
            else:
                yield from self._refs(place)
        yield names(_SECTION_END)

    def _refs(self, at: Loc) -> Iterator[str]:
        """What was written for the item at this place: one item, or two."""
        while self._next < len(self._rows) and self._rows[self._next].entry.at == at:
            row = self._rows[self._next]
            yield self._names(_ITEM_REF) % (row.identifier, row.file, row.points)
            self._next += 1


# --- the manifest --------------------------------------------------------------------------------


def _manifest(
    deck: Deck, version: Version, settings: Settings, rows: Sequence[_Row], in_test: Sequence[str]
) -> Iterator[str]:
    deck_name = identifier(deck.identity)
    schema, schema_version = version.package_schema
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{version.manifest_namespace}" '
        f'identifier="MANIFEST____{deck_name}">\n'
        f"<metadata><schema>{schema}</schema><schemaversion>{schema_version}</schemaversion>"
        f"{_deck_metadata(deck)}</metadata>\n<organizations/>\n<resources>\n"
    )
    if not settings.bank:
        yield (
            f'<resource identifier="{deck_name}" type="imsqti_test_{version.resource_suffix}" href="{TEST_FILE}">\n'
            f"{_files(TEST_FILE, in_test)}"
        )
        yield from (f'<dependency identifierref="{row.identifier}"/>\n' for row in rows)
        yield "</resource>\n"
    language = _language(deck)
    for row in rows:
        yield (
            f'<resource identifier="{row.identifier}" type="imsqti_item_{version.resource_suffix}" href="{row.file}">'
            f"<metadata>{_item_metadata(row, version, language)}</metadata>\n{_files(row.file, row.media)}</resource>\n"
        )
    yield "</resources>\n</manifest>\n"


def _files(file: str, media: Sequence[str]) -> str:
    return "".join(f'<file href="{name}"/>' for name in (file, *media)) + "\n"


def _deck_metadata(deck: Deck) -> str:
    language = _language(deck)
    general = _told(identifier(deck.identity), deck.identity) + _string("title", deck.title, language)
    if deck.language:
        general += f"<language>{deck.language}</language>"
    general += "".join(_string("keyword", tag, language) for tag in deck.tags)
    parts = f"<general>{general}</general>"
    if deck.author:
        card = f"BEGIN:VCARD\nVERSION:3.0\nFN:{escaped(deck.author)}\nN:{escaped(deck.author)}\nEND:VCARD"
        role = "<role><source>LOMv1.0</source><value>author</value></role>"
        parts += f"<lifeCycle><contribute>{role}<entity>{card}</entity></contribute></lifeCycle>"
    if deck.license:
        copyrighted = "<source>LOMv1.0</source><value>yes</value>"
        parts += (
            f"<rights><copyrightAndOtherRestrictions>{copyrighted}</copyrightAndOtherRestrictions>"
            f"{_string('description', deck.license, language)}</rights>"
        )
    return f'<lom xmlns="{_LOM}">{parts}</lom>'


def _item_metadata(row: _Row, version: Version, language: str) -> str:
    general = _told(row.identifier, row.entry.id) + f"<title><string{language}>{row.title}</string></title>"
    general += "".join(_string("keyword", tag, language) for tag in row.entry.tags)
    lom = f"<general>{general}</general>"
    if level := row.entry.item.level:
        lom += (
            "<educational><difficulty><source>LOMv1.0</source>"
            f"<value>{_DIFFICULTY[level]}</value></difficulty></educational>"
        )
    feedback = "nonadaptive" if row.has_feedback else "none"
    qti = f"<interactionType>{row.interaction}</interactionType><feedbackType>{feedback}</feedbackType>"
    described = f'<lom xmlns="{_LOM}">{lom}</lom>'
    technical = f'<qtiMetadata xmlns="{version.metadata_namespace}">{qti}</qtiMetadata>'
    return technical + described if version.is_3 else described + technical


def _told(name: str, own: str) -> str:
    """The id that an identifier stands for, where that does not show it."""
    if not is_shortened(name):
        return ""
    return f"<identifier><catalog>cardforge</catalog><entry>{escaped(own)}</entry></identifier>"


def _language(deck: Deck) -> str:
    return f' language="{deck.language}"' if deck.language else ""


def _string(name: str, text: str, language: str) -> str:
    return f"<{name}><string{language}>{escaped(text)}</string></{name}>"
