"""Moodle XML read independently of what wrote it."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from cardforge import api
from cardforge.model import AnyItem, Deck, Section
from cardforge.plugin import Context
from cardforge_exporters.moodle import MoodleExporter


def written(deck: Deck, **options: Any) -> bytes:
    """The file, without looking at what is lost."""
    out = BytesIO()
    MoodleExporter(**options).write(deck, out, Context(now=0))
    return out.getvalue()


def one(*nodes: AnyItem | Section, **fields: Any) -> Deck:
    return Deck(title="T", items=nodes, **fields)


def losses(deck: Deck, **options: Any) -> list[str]:
    """What is said to be lost besides what the capabilities say of every deck."""
    exporter = MoodleExporter(**options)
    return [f"{loss.feature.value}: {loss.how}" for loss in exporter.limits(deck)]


def codes(deck: Deck) -> list[str]:
    return [problem.code for problem in MoodleExporter().refuses(deck)]


def in_zip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exported(deck: Deck, **options: Any) -> bytes:
    """The file, after all checks."""
    return api.export(deck, "moodle", now=0, **options).data


@dataclass(frozen=True)
class Question:
    """A ``<question>`` and the category that stands before it."""

    category: str
    element: Any

    def text(self, *path: str) -> str:
        """The text of an element's ``<text>``, or of the element itself; empty when it is not there."""
        found = self.element.find("/".join(path))
        return "" if found is None else content(found)

    @property
    def type(self) -> str:
        return str(self.element.get("type"))

    @property
    def name(self) -> str:
        return self.text("name")

    @property
    def stem(self) -> str:
        return self.text("questiontext")

    @property
    def feedback(self) -> str:
        return self.text("generalfeedback")

    @property
    def idnumber(self) -> str:
        return self.text("idnumber")

    @property
    def tags(self) -> list[str]:
        return [content(tag) for tag in self.element.findall("tags/tag")]

    @property
    def hints(self) -> list[str]:
        return [content(hint) for hint in self.element.findall("hint")]

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """Fraction, text and feedback."""
        found = self.element.findall("answer")
        return [(answer.get("fraction"), content(answer), content(answer.find("feedback"))) for answer in found]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(content(part), content(part.find("answer"))) for part in self.element.findall("subquestion")]

    def files(self, path: str) -> dict[str, bytes]:
        """The files of an element, by name."""
        return {file.get("name"): base64.b64decode(file.text) for file in self.element.findall(f"{path}/file")}


def content(element: Any) -> str:
    """What Moodle reads: it trims every text."""
    text = element.find("text")
    return ((element.text if text is None else text.text) or "").strip(" \t\n\0\x0b")


def parsed(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False))


def questions(data: bytes) -> list[Question]:
    """The questions of a file, those of category aside."""
    found, category = [], ""
    for element in parsed(data):
        if element.get("type") == "category":
            category = content(element.find("category"))
        else:
            found.append(Question(category, element))
    return found


def categories(data: bytes) -> Iterator[tuple[str, str]]:
    """Path and description of each ``<question type="category">``."""
    for element in parsed(data):
        if element.get("type") == "category":
            info = element.find("info")
            yield content(element.find("category")), "" if info is None else content(info)


def question_of(item: AnyItem, **options: Any) -> Question:
    """The only question of an item."""
    (question,) = questions(written(one(item), **options))
    return question


def outside_of_cdata(data: bytes) -> str:
    return re.sub(r"<!\[CDATA\[.*?\]\]>", "", data.decode(), flags=re.DOTALL)
