"""Entries of a Moodle glossary as flashcards: the concept is the front, the definition the back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from cardforge_sources.question_bank import shapes
from cardforge_sources.question_bank.files import Files
from cardforge_sources.question_bank.opened import CARD
from cardforge_sources.question_bank.question import Answer, Category, Format, Question, Written
from cardforge_sources.xml import Element, text_of

_FORMATS: dict[str, Format] = {"0": "moodle", "1": "html", "2": "plain", "4": "markdown"}


def entries(root: Element, files: Files, offset: Callable[[Element], int]) -> Iterator[Question | Category]:
    """Everything in a ``<GLOSSARY>``: its description, and each entry with its category before it."""
    title = _text(root, "INFO/NAME") or "Glossary"
    intro = Written(_text(root, "INFO/INTRO"), files=_files(root.find("INFO/INTROFILES"), files))
    yield Category((title,), intro if intro.text != title else Written(), offset(root))
    for element in root.iterfind("INFO/ENTRIES/ENTRY"):
        category = _text(element, "CATEGORIES/CATEGORY/NAME")
        yield Category((title, category) if category else (title,), Written(), offset(element))
        yield _entry(element, files, offset(element))


def _entry(element: Element, files: Files, offset: int) -> Question:
    concept = _text(element, "CONCEPT")
    format_ = _FORMATS.get(_text(element, "FORMAT"), "html")
    definition = Written(_text(element, "DEFINITION"), format_, _files(element.find("ENTRYFILES"), files))
    front, details, divisions = _taken_apart(concept, definition)
    return Question(
        CARD,
        offset,
        concept,
        Written(unescape(concept), "plain") if front is None else definition._replace(text=front),
        definition._replace(text="".join(f"<div>{part}</div>" for part in divisions[1:])),
        hints=tuple(definition._replace(text=inner) for _, inner in details),
        answers=(Answer(definition._replace(text=divisions[0]), 100),),
        tags=tuple(tag.text or "" for tag in element.iterfind("TAGS/TAG")),
        left_out=("another name of a glossary entry",) if element.find("ALIASES/ALIAS") is not None else (),
    )


def _taken_apart(concept: str, definition: Written) -> tuple[str | None, list[tuple[str, str]], list[str]]:
    """Front (None: the concept says it), hints, and the divisions of a definition as the exporter writes it: the back,
    and what is shown behind it. Any other definition is the back.
    """
    found = shapes.pieces(definition.text) if definition.format == "html" else []
    if not found or any(piece.name not in ("div", "details") or piece.attributes for piece in found):
        return None, [], [definition.text]
    divisions = [piece.inner for piece in found if piece.name == "div"]
    opened = "".join(definition.text[piece.start : piece.end] for piece in found if piece.name == "details")
    _, details = shapes.without_details(opened)
    front = None
    if len(divisions) > 1 and _words(divisions[0])[:5] == _words(concept)[:5]:
        front = divisions.pop(0)
    return front, details, divisions or [definition.text]


def _words(html: str) -> list[str]:
    return re.findall(r"\w+", unescape(re.sub(r"<[^<>]*>", " ", html)))


def _files(element: Element | None, files: Files) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in element.iterfind("FILE") if element is not None else ():
        name, content = _text(file, "FILENAME"), _text(file, "CONTENTS")
        if name and content:
            found[(_text(file, "FILEPATH") + name).lstrip("/")] = files.path(name, content)
    return found


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else text_of(found).strip()
