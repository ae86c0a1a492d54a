"""Moodle XML: questions of every core type, and glossaries.

reading.py     elements as questions and categories
glossary.py    entries of a glossary as flashcards

What becomes of the questions is the business of ``question_bank``, which GIFT and Aiken share.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.document import Document, read_bytes
from cardforge.plugin import Draft
from cardforge_sources import xml
from cardforge_sources.moodle import glossary
from cardforge_sources.moodle.reading import Reader
from cardforge_sources.question_bank.files import Files
from cardforge_sources.question_bank.outline import draft
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told


class MoodleSource:
    """``.xml`` files with a question bank or a glossary."""

    name: ClassVar[str] = "moodle"
    summary: ClassVar[str] = "questions (or a glossary) that Moodle exported as Moodle XML"
    suffixes: ClassVar[tuple[str, ...]] = (".xml",)

    def read(self, path: Path) -> Draft:
        return read(read_bytes(path), path)

    def recognises(self, path: Path) -> bool:
        """Whether the first element is that of a question bank or a glossary."""
        try:
            with path.open("rb") as file:
                begin = file.read(_LOOKED_AT)
        except (OSError, ValueError):
            return False
        if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
            begin = begin.replace(b"\0", b"")
        return _ROOT.search(begin) is not None


_LOOKED_AT = 4096
_ROOT = re.compile(rb"\A[^<]{0,8}(?:<\?.{0,1000}?\?>\s*|<!--.{0,3000}?-->\s*)*<(?:quiz|GLOSSARY)[\s>]", re.DOTALL)


def read(data: bytes, path: Path) -> Draft:
    """The draft of a file with these bytes. Raises InvalidDeck."""
    document = xml.document(data, str(path))
    parsed, files_apart = _without_large_files(document)
    root = xml.root(parsed)
    offsets = xml.Offsets(document)
    files, told = Files(), Told()
    texts = Texts(files, told)
    if root.tag == "GLOSSARY":
        entries = list(glossary.entries(root, files, offsets.of))
    elif root.tag == "quiz":
        entries = list(Reader(files, told, offsets.of, partial(_content, files_apart)).entries(root))
    else:
        raise InvalidDeck([document.diagnostic(_ANOTHER_FORMAT, offsets.of(root))])
    return draft(entries, document, texts, told, files.media(), path.stem)


def _content(files_apart: dict[str, str], written: str) -> str:
    """The content of a file, from the text of its element."""
    return _NAME.sub(lambda m: files_apart.get(m[0], m[0]), written) if files_apart else written


_NAME = re.compile(r"file-[0-9]+\n*")
_LONG = re.compile(r"<[^<]{1000000}")
_LARGE = re.compile(r"(?<=[>\[])[A-Za-z0-9+/=\s]{1000000,}(?=[<\]])")


def _without_large_files(document: Document) -> tuple[Document, dict[str, str]]:
    """The document with a name in place of each large file, and the files by these names.

    libxml2 takes no text of more than 10 MB; Moodle does. Lines stay where they are.
    """
    apart: dict[str, str] = {}

    def named(content: re.Match[str]) -> str:
        name = f"file-{len(apart)}"
        lines = "\n" * content[0].count("\n")
        apart[name + lines] = content[0]
        return name + lines

    if not _LONG.search(document.text):
        return document, apart
    return Document(document.path, _LARGE.sub(named, document.text)), apart


_ANOTHER_FORMAT = Problem(
    "another-format",
    "this is XML, but neither a question bank (<quiz>) nor a glossary (<GLOSSARY>) of Moodle",
    "in Moodle, export the questions in Moodle XML format; if this is another kind of file, name its format with --from",
)
