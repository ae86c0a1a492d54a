"""An independent reading of QTI packages: names are told without version, so that one test reads all three."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from cardforge.api import export
from cardforge.model import Deck

VERSIONS: tuple[tuple[str, dict[str, Any]], ...] = (("qti21", {}), ("qti21", {"version": "2.2"}), ("qti30", {}))
VERSION_NAMES = ("2.1", "2.2", "3.0")


class Node:
    """An XML element, asked with the names of QTI 2 whatever its version."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.name = _camel(etree.QName(element).localname.removeprefix("qti-"))

    def get(self, name: str) -> str | None:
        kebab = re.sub("([A-Z])", r"-\1", name).lower()
        value: str | None = self.element.get(name, self.element.get(kebab))
        return value

    def all(self, name: str) -> list[Node]:
        """The elements of this name in it, in order."""
        nodes = (Node(element) for element in self.element.iter() if isinstance(element.tag, str))
        return [node for node in nodes if node.name == name]

    def one(self, name: str) -> Node:
        (node,) = self.all(name)
        return node

    def children(self) -> list[Node]:
        return [Node(element) for element in self.element if isinstance(element.tag, str)]

    @property
    def text(self) -> str:
        return " ".join("".join(self.element.itertext(etree.Element, "*")).split())


def _camel(name: str) -> str:
    return re.sub("-([a-z])", lambda m: m[1].upper(), name)


class Package:
    """A package as it arrives."""

    def __init__(self, deck: Deck, version: str = "2.1", **options: Any) -> None:
        exporter, fixed = VERSIONS[VERSION_NAMES.index(version)]
        self.data = export(deck, exporter, **fixed, **options).data
        self._zip = zipfile.ZipFile(BytesIO(self.data))
        self.names = self._zip.namelist()

    def text(self, name: str) -> str:
        return self._zip.read(name).decode()

    def xml(self, name: str) -> Node:
        return Node(etree.fromstring(self._zip.read(name)))

    @property
    def manifest(self) -> Node:
        return self.xml("imsmanifest.xml")

    @property
    def test(self) -> Node:
        return self.xml("assessment.xml")

    def items(self) -> dict[str, Node]:
        """The items by the identifiers that their files have."""
        found = [self.xml(name) for name in self.names if name.endswith(".xml")]
        return {str(node.get("identifier")): node for node in found if node.name == "assessmentItem"}

    def item(self) -> Node:
        """The only item."""
        (item,) = self.items().values()
        return item
