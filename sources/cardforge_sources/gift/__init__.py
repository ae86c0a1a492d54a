"""GIFT: questions as lines of text, as Moodle and others import and export them.

blocks.py    the file in blocks, one a question, comments apart
grammar.py   a block as a question

What a question becomes is told where Moodle XML is read: `cardforge_sources.moodle`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from cardforge.document import Document, decode, read_document
from cardforge.media import FolderMedia
from cardforge.plugin import Draft
from cardforge_sources.gift.blocks import blocks
from cardforge_sources.gift.grammar import Mistake, read
from cardforge_sources.question_bank.files import Files, FilesBeside
from cardforge_sources.question_bank.outline import draft
from cardforge_sources.question_bank.question import Category, Question, Written
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told


class GiftSource:
    """``.gift`` files, and ``.txt`` files that hold GIFT."""

    name: ClassVar[str] = "gift"
    summary: ClassVar[str] = "questions as text in Moodle's GIFT format"
    suffixes: ClassVar[tuple[str, ...]] = (".gift", ".txt")

    def read(self, path: Path) -> Draft:
        return _read(read_document(path), path)

    def recognises(self, path: Path) -> bool:
        """Whether there are answers in braces, names between colons, or categories."""
        try:
            with path.open("rb") as file:
                begin = file.read(_LOOKED_AT).decode(errors="replace")
        except (OSError, ValueError):
            return False
        if "\0" in begin:
            return False
        return path.suffix.lower() == ".gift" or _LOOKS.search(begin) is not None


_LOOKED_AT = 65536
_LOOKS = re.compile(
    r"""^[ \t]*\$CATEGORY:[ \t]*\S
    | ^[ \t]*::[^:\n{}]+::[^{}]{0,2000}(?<!\\)\{
    | (?<!\\)\{\s*+(?:T|TRUE|F|FALSE)\s*(?:\#[^{}]*)?\}
    | (?<!\\)\{\s*+[=~](?!\s*[=<>~])[^{}]+\}
    | (?<!\\)\{\s*+\#\s*+=?\s*+(?:%[\d.]+%)?-?\d[^{}]*\}
    """,
    re.VERBOSE | re.MULTILINE,
)


def read_bytes(data: bytes, path: Path) -> Draft:
    """The draft of a file with these bytes. Raises InvalidDeck."""
    return _read(decode(data, str(path)), path)


def _read(document: Document, path: Path) -> Draft:
    told, files, folder = Told(), Files(), FolderMedia(path.parent)
    entries: list[Question | Category] = []
    deck: dict[str, str] = {}
    for block in blocks(document.text):
        try:
            entry = read(block)
        except Mistake as mistake:
            unread = Question("", block.place(mistake.at), text=Written(block.text))
            told.kept_aside(unread, mistake.why, mistake.fix)
            continue
        if entry is not None:
            entries.append(entry)
        elif block.deck and not entries:
            deck = {"id": block.deck}
    texts = Texts(files, told, lambda path: folder.problem(path) is None)
    return draft(
        entries, document, texts, told, FilesBeside(files.media(), folder), path.stem, deck=deck, in_order=True
    )
