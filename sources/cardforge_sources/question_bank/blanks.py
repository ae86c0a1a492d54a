"""Moodle's embedded answers: ``{2:SHORTANSWER:=Rome#Yes~%50%Roma~*#No}`` in the text of a question.

The grammar is that of qtype_multianswer_extract_question() in Moodle 4.5 (question/type/multianswer/questiontype.php),
read in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_KINDS = {
    "shortanswer": "SHORTANSWER SA MW SHORTANSWER_C SAC MWC",
    "numerical": "NUMERICAL NM",
    "multichoice": """MULTICHOICE MC MULTICHOICE_V MCV MULTICHOICE_H MCH MULTICHOICE_S MCS MULTICHOICE_VS MCVS
        MULTICHOICE_HS MCHS""",
    "multiresponse": "MULTIRESPONSE MR MULTIRESPONSE_H MRH MULTIRESPONSE_S MRS MULTIRESPONSE_HS MRHS",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_CASE_COUNTS = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_BEGIN = re.compile(r"\{([0-9]*):(" + "|".join(sorted(_KIND_OF, key=len, reverse=True)) + "):")
_SHARE = re.compile(r"=|%(-?[0-9]+(?:[.,][0-9]*)?)%")
_ANSWER_END = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)[~#}]")
_FEEDBACK_END = re.compile(r"(?<!\\)[~}]")
_NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_NUMBER_AND_TOLERANCE = re.compile(rf"({_NUMBER})(?::({_NUMBER}))?")


class Alternative(NamedTuple):
    """An answer in a blank. ``text`` is plain, but HTML where it is chosen; ``feedback`` is HTML, ``share`` a
    percentage."""

    text: str
    share: float
    feedback: str
    tolerance: str = "0"


class Blank(NamedTuple):
    """A blank, and where it stands in the text. ``kind`` is shortanswer, numerical, multichoice or multiresponse."""

    kind: str
    weight: int
    alternatives: tuple[Alternative, ...]
    case_sensitive: bool
    shuffle: bool
    start: int
    end: int

    @property
    def right(self) -> tuple[Alternative, ...]:
        """The alternatives that give all points; where several are to be chosen, those that give some."""
        least = 0.001 if self.kind == "multiresponse" else 99.9
        return tuple(a for a in self.alternatives if a.share >= least and a.text.strip())


def blanks(text: str) -> Iterator[Blank]:
    """The blanks of a text, in its order."""
    position = 0
    while begin := _BEGIN.search(text, position):
        name = begin[2]
        read = _alternatives(text, begin.end(), _KIND_OF[name] == "numerical")
        if read is None:  # there is no closing brace
            return
        found, position = read
        yield Blank(
            _KIND_OF[name],
            int(begin[1][:6] or 1),
            tuple(found),
            name in _CASE_COUNTS,
            name.endswith("S"),
            begin.start(),
            position,
        )


def _alternatives(text: str, position: int, is_number: bool) -> tuple[list[Alternative], int] | None:
    found: list[Alternative] = []
    while True:
        share, hundredths = 0.0, _SHARE.match(text, position)
        if hundredths:
            share = float(hundredths[1].replace(",", ".")) if hundredths[1] else 100.0
            position = hundredths.end()
        end = _ANSWER_END.search(text, position + 1)
        if end is None:
            return None
        answer, feedback = text[position : end.start()], ""
        if end[0] == "#":
            position = end.end()
            end = _FEEDBACK_END.search(text, position)
            if end is None:
                return None
            feedback = text[position : end.start()]
        found.append(_alternative(answer, share, feedback, is_number))
        position = end.end()
        if end[0] == "}":
            return found, position


def _alternative(answer: str, share: float, feedback: str, is_number: bool) -> Alternative:
    number = _NUMBER_AND_TOLERANCE.fullmatch(answer.strip()) if is_number else None
    if number:
        return Alternative(number[1], share, _unquoted(feedback), number[2] or "0")
    return Alternative(_unquoted(answer), share, _unquoted(feedback))


def _unquoted(text: str) -> str:
    return unescape(text).replace(r"\}", "}").replace(r"\#", "#")
