"""What manifests say: of the package its title, tags, language, author and licence; of an item its tags and its level.

Source: IMS Content Packaging 1.1 and 1.2 for the manifest, IEEE LOM for its metadata (with or without ``langstring``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cardforge.model import LANGUAGE_TAG
from cardforge_sources.qti.names import child, children, content, inside
from cardforge_sources.xml import Element, text_of

_LEVELS = {
    "very easy": "beginner",
    "easy": "beginner",
    "medium": "intermediate",
    "difficult": "advanced",
    "very difficult": "advanced",
}
LANGUAGE = re.compile(LANGUAGE_TAG)
CATALOG = "cardforge"
"""The catalogue in which cardforge's exporter names an id that the identifier does not show."""


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry of a manifest. ``kind`` is its type, in lower case; ``files`` are its files, the main one first."""

    identifier: str
    kind: str
    files: tuple[str, ...]
    tags: tuple[str, ...]
    level: str | None
    id: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest. ``name`` is the deck's identifier, if cardforge wrote it."""

    resources: tuple[Resource, ...] = ()
    title: str = ""
    language: str = ""
    author: str = ""
    license: str = ""
    tags: tuple[str, ...] = ()
    id: str | None = None
    name: str = ""
    by_file: Mapping[str, Resource] = field(default_factory=dict)


_OURS = "MANIFEST____"


def manifest(root: Element, folder: str) -> Manifest:
    """What a manifest in this folder says."""
    found = tuple(_resource(element, folder) for element in inside(root, "resource"))
    metadata = child(root, "metadata")
    general = _general(metadata)
    language = content(child(general, "language"))
    identifier = root.get("identifier", "")
    return Manifest(
        found,
        _string(child(general, "title")),
        language if LANGUAGE.fullmatch(language) else "",
        _author(metadata),
        _license(metadata),
        tuple(_keywords(general)),
        _id(general),
        identifier.removeprefix(_OURS) if identifier.startswith(_OURS) else "",
        {file: resource for resource in reversed(found) for file in resource.files[:1]},
    )


def _resource(element: Element, folder: str) -> Resource:
    names = [element.get("href"), *(file.get("href") for file in children(element, "file"))]
    base = "" if folder == "." else f"{folder}/"
    files = tuple(dict.fromkeys(base + name for name in names if name))
    metadata = child(element, "metadata")
    general = _general(metadata)
    difficulty = next((content(child(e, "value")) for e in _inside(metadata, "difficulty")), "").lower()
    tags = tuple(_keywords(general))
    return Resource(
        element.get("identifier", ""),
        element.get("type", "").lower(),
        files,
        tags,
        _LEVELS.get(difficulty),
        _id(general),
    )


def _general(metadata: Element | None) -> Element | None:
    return next(iter(_inside(metadata, "general")), None)


def _inside(element: Element | None, *names: str) -> list[Element]:
    return list(inside(element, *names)) if element is not None else []


def _string(element: Element | None) -> str:
    """The text of a LOM string: the first language that it is given in."""
    if element is None:
        return ""
    first = next(inside(element, "string", "langstring"), None)
    return text_of(first if first is not None else element).strip()


def _keywords(general: Element | None) -> list[str]:
    return [text for element in children(general, "keyword") if (text := _string(element))]


def _id(general: Element | None) -> str | None:
    for element in children(general, "identifier"):
        if content(child(element, "catalog")) == CATALOG:
            return content(child(element, "entry")) or None
    return None


def _author(metadata: Element | None) -> str:
    for contribute in _inside(metadata, "contribute"):
        if content(child(child(contribute, "role"), "value")).lower() == "author":
            card = "".join((e.text or "") for e in _inside(contribute, "entity", "vcard"))
            name = re.search(r"^FN(?:;[^:\n]*)?:(.*)$", card, re.MULTILINE)
            return (name[1] if name else card).strip()
    return ""


def _license(metadata: Element | None) -> str:
    rights = next(iter(_inside(metadata, "rights")), None)
    return _string(child(rights, "description")) if rights is not None else ""
