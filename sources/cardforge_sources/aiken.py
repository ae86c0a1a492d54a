"""Aiken: multiple choice as plain lines, each question ended by ``ANSWER: B``.

What is read is what qformat_aiken of Moodle 4.5 reads (question/format/aiken/format.php): a question is one line, a
choice begins with a capital letter and ``.`` or ``)``, empty lines say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from cardforge.document import Document, decode, read_document
from cardforge.media import NoMedia
from cardforge.plugin import Draft
from cardforge_sources.question_bank.files import Files
from cardforge_sources.question_bank.outline import draft
from cardforge_sources.question_bank.question import Answer, Category, Question, Written
from cardforge_sources.question_bank.texts import Texts
from cardforge_sources.question_bank.told import Told


class AikenSource:
    """``.aiken`` files, and ``.txt`` files that hold Aiken."""

    name: ClassVar[str] = "aiken"
    summary: ClassVar[str] = "multiple choice as text in the Aiken format"
    suffixes: ClassVar[tuple[str, ...]] = (".aiken", ".txt")

    def read(self, path: Path) -> Draft:
        return _read(read_document(path), path)

    def recognises(self, path: Path) -> bool:
        """Whether there is a line with the answer behind lines with choices."""
        try:
            with path.open("rb") as file:
                begin = file.read(_LOOKED_AT).decode(errors="replace")
        except (OSError, ValueError):
            return False
        return "\0" not in begin and _LOOKS.search(begin) is not None


_LOOKED_AT = 65536
_LOOKS = re.compile(r"^[ \t]*[A-Z][).][^\r\n]*+\s*+ANSWER:[ \t]*[A-Z]{1,6}\b", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]+")
_CHOICE = re.compile(r"[A-Z][).]")
_ANSWER = "ANSWER:"


def read_bytes(data: bytes, path: Path) -> Draft:
    """The draft of a file with these bytes. Raises InvalidDeck."""
    return _read(decode(data, str(path)), path)


def _read(document: Document, path: Path) -> Draft:
    told = Told()
    entries: list[Question | Category] = list(_questions(document.text, told))
    return draft(entries, document, Texts(Files(), told), told, NoMedia(), path.stem)


def _questions(text: str, told: Told) -> Iterator[Question]:
    asked: tuple[int, str] | None = None
    choices: list[str] = []

    def aside(offset: int, line: str, why: str, fix: str) -> None:
        told.kept_aside(Question("", offset, text=Written(line, "plain")), why, fix)

    for found in _LINE.finditer(text):
        line = found[0].strip()
        offset = found.start() + len(found[0]) - len(found[0].lstrip())
        if len(line.encode()) < 2:
            continue
        if _CHOICE.match(line):
            if asked is None:
                aside(offset, line, "no question stands before this choice", "write the question on the line before")
            else:
                choices.append(line[2:].strip())
        elif line.startswith(_ANSWER):
            said = line.removeprefix(_ANSWER).strip()
            keys = _keys(said)
            wrong = next((key for key in keys if not "A" <= key < chr(ord("A") + len(choices))), None)
            if asked is None:
                aside(offset, line, "no question stands before this answer", "write question and choices before it")
            elif len(choices) < 2:
                aside(asked[0], asked[1], "it has fewer than two choices", "write them as A) … and B) …, a line each")
            elif wrong is not None or not keys:
                fix = "write the letter of the right choice, a capital"
                aside(offset, asked[1], f"it has no choice “{wrong or ''}”", fix)
            else:
                question = _question(*asked, choices, [ord(key) - ord("A") for key in keys], _ANY_OF.search(said))
                if len(keys) > 1:
                    told.adapted(question, _SEVERAL.format(said[:40]), _SEVERAL_FIX)
                elif _LIST_AND_WORDS.match(said):
                    told.adapted(
                        question, f"of its answer line ({said[:40]}) the first letter is taken, as Moodle does"
                    )
                yield question
            asked, choices = None, []
        else:
            if asked is not None:
                fix = "end it with ANSWER: and a letter; a question is one line, and so is each choice"
                aside(asked[0], asked[1], "no line ANSWER: stands behind it", fix)
            asked, choices = (offset, line), []
    if asked is not None:
        aside(asked[0], asked[1], "no line ANSWER: stands behind it", "end it with ANSWER: and a letter")


def _keys(said: str) -> str:
    """The letters that an answer line names: several where they stand together or in a list, else the first one."""
    listed = re.match(r"[A-Z]+(?![A-Za-z])", said) if said[1:2].isupper() else _LIST.match(said)
    found = re.findall(r"\b[A-Z]+\b", listed[0]) if listed else [said[:1]]
    return "".join(dict.fromkeys("".join(found)))


# "A,B", "A, B and C", "A or B", "A B"; but not "B, A small …", which goes on in words.
_JOINT = r"(?:\s*[,;/&+]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s+)"
_LIST = re.compile(rf"[A-Z](?:{_JOINT}[A-Z]\b)+(?!\s*\w)")
_LIST_AND_WORDS = re.compile(rf"[A-Z]{_JOINT}[A-Z]\b")
_ANY_OF = re.compile(r"\bor\b")
_SEVERAL = "its answer line names several letters ({}), and all of them are right here; Moodle reads the first one only"
_SEVERAL_FIX = "look whether all of them are right"


def _question(offset: int, text: str, choices: list[str], right: list[int], any_of: object) -> Question:
    """Where ``any_of`` is something, one of the right choices will do."""
    share = 100.0 if any_of else 100.0 / len(right)
    answers = (Answer(Written(c, "plain"), share if n in right else 0.0) for n, c in enumerate(choices))
    is_single = len(right) == 1 or bool(any_of)
    return Question("multichoice", offset, "", Written(text, "plain"), answers=tuple(answers), single=is_single)
