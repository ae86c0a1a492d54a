r"""A block of a GIFT file as a question.

What is read is what qformat_gift of Moodle 4.5 reads (question/format/gift/format.php), in the same order of decisions.
To find what has a meaning, `Marked` hides what is escaped: a masked text is as long as the text itself, so that every
part keeps its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext

from cardforge_sources.gift.blocks import SPACE, Block
from cardforge_sources.question_bank.question import NOTHING, Answer, Category, Format, Question, Written, category_path

GAP = "_____"
_ESCAPED = re.compile(r"\\[\\:#={}~n]")
_FORMATS: dict[str, Format] = {"html": "html", "moodle": "moodle", "markdown": "markdown", "plain": "plain"}
_WEIGHT = re.compile(r"%(-*[0-9]{1,2}\.?[0-9]*)%")
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
# Moodle's question type "ordering" adds this form: how many steps are shown, settings, then a step a line.
_ORDERING = re.compile(
    r"""\s*>\s*[0-9]+\s*
    (?:(?:ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)\s+)?
    (?:(?:HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)\s+)?
    (?:(?:ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_\w+|RELATIVE|REL|LONGEST_\w+)\s+)?
    (?:(?:SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)\s+)?
    (?:(?:none|123|abc|ABCD|iii|IIII)\s+)?""",
    re.VERBOSE,
)
_CATEGORY = "$CATEGORY:"


class Mistake(Exception):
    """Why a block is no question. ``at`` is an offset in its text."""

    def __init__(self, at: int, why: str, fix: str) -> None:
        super().__init__(why)
        self.at, self.why, self.fix = at, why, fix


@dataclass(frozen=True, slots=True)
class Marked:
    """A part of a block's text, from ``start`` to ``end``; ``masked`` has the text without what is escaped."""

    text: str
    masked: str
    start: int
    end: int

    def __str__(self) -> str:
        return self.masked[self.start : self.end]

    def part(self, start: int, end: int | None = None) -> Marked:
        """A part of this part, without the space around it. Offsets count from its start."""
        begin, finish = self.start + start, self.end if end is None else self.start + end
        while begin < finish and self.text[begin] in SPACE:
            begin += 1
        while finish > begin and self.text[finish - 1] in SPACE:
            finish -= 1
        return Marked(self.text, self.masked, begin, finish)

    def split(self, separator: str, most: int = -1) -> list[Marked]:
        """The parts between the separators."""
        parts, position = [], 0
        for piece in str(self).split(separator, most):
            parts.append(self.part(position, position + len(piece)))
            position += len(piece) + len(separator)
        return parts

    def said(self) -> str:
        """The text, what is escaped read."""
        return unescaped(self.text[self.start : self.end])

    def written(self, usual: Format) -> Written:
        """The text in the format that it begins with, or else in the usual one."""
        raw = str(self)
        named = _FORMATS.get(raw[1 : raw.find("]")]) if raw.startswith("[") else None
        if named is None:
            return Written(self.said().strip(SPACE), usual)
        return Written(unescaped(self.text[self.start + raw.find("]") + 1 : self.end]).strip(SPACE), named)


def unescaped(text: str) -> str:
    r"""Text with its escapes read: ``\n`` is a line break, a backslash before another sign is left out."""
    return _ESCAPED.sub(lambda m: "\n" if m[0] == r"\n" else m[0][1], text) if "\\" in text else text


def read(block: Block) -> Question | Category | None:
    """The question or category of a block; None for one of comments. Raises Mistake."""
    text = block.text
    if not text:
        return None
    if text.startswith(_CATEGORY):
        return Category(category_path(unescaped(text[len(_CATEGORY) :])), NOTHING, block.offset)
    masked = _ESCAPED.sub("\0\0", text) if "\\" in text else text
    whole = Marked(text, masked, 0, len(text))
    name = ""
    if masked.startswith("::") and (end := masked.find("::", 2)) >= 0:
        name = unescaped(text[2:end])
        whole = whole.part(end + 2)
    return _question(block, name, whole)


def _question(block: Block, name: str, whole: Marked) -> Question:
    shown = str(whole)
    begin, end = shown.find("{"), shown.find("}")
    if begin < 0 and end < 0:
        return Question("description", block.offset, name, whole.written("moodle"), tags=block.tags)
    if begin < 0 or end < begin:
        at = whole.start + (end if begin < 0 or end >= 0 else begin)
        what = "a { in it has no } before the next empty line" if end < 0 else "a } in it has no { before it"
        fix = r"write \{ and \} for braces in the text, and leave no empty line between those around the answers"
        raise Mistake(at, what, fix)
    answers, feedback = whole.part(begin + 1, end), NOTHING
    text = _around(whole, begin, end)
    if (mark := str(answers).rfind("####")) >= 0:
        feedback = answers.part(mark + 4).written(text.format)
        answers = answers.part(0, mark)
    if not name and not text.text:
        name = "question"
    made = _of_type(answers, text.format, block)
    return Question(
        made.type,
        block.offset,
        name,
        text,
        feedback,
        "",
        block.idnumber,
        block.tags,
        answers=made.answers,
        pairs=made.pairs,
        single=made.single,
    )


def _around(whole: Marked, begin: int, end: int) -> Written:
    """The question's text, without the answers; where text goes on behind them, there is a gap."""
    shown = str(whole)
    gap = "" if shown.endswith("}") else GAP
    text = whole.text[whole.start : whole.start + begin] + gap + whole.text[whole.start + end + 1 : whole.end]
    masked = shown[:begin] + gap + shown[end + 1 :]
    return Marked(text, masked, 0, len(text)).part(0).written("moodle")


def _of_type(answers: Marked, usual: Format, block: Block) -> Question:
    """The answers, in a question of the type that they have."""
    said, offset = str(answers), block.offset
    if not said:
        return Question("essay", offset)
    if said.startswith("#"):
        return Question("numerical", offset, answers=tuple(_numbers(answers.part(1), usual)))
    if steps := _ORDERING.match(said):
        lines = [part for part in answers.part(steps.end()).split("\n") if str(part)]
        return Question("ordering", offset, answers=tuple(Answer(part.written(usual), 100) for part in lines))
    if "~" in said:
        return Question("multichoice", offset, answers=tuple(_choices(answers, usual)), single="=" in said)
    if "=" in said and "->" in said:
        return Question("match", offset, pairs=tuple(_pairs(answers, usual)))
    first = said.partition("#")[0].strip() if said.find("#") > 0 else said
    if first in (*_TRUE, *_FALSE):
        return Question("truefalse", offset, answers=_true_or_false(answers, first in _TRUE, usual))
    return Question("shortanswer", offset, answers=tuple(_typed(answers, usual)))


def _entries(answers: Marked, separator: str) -> list[Marked]:
    found = answers.split(separator)
    return found[1:] if str(found[0]) in ("", "0") else found


def _choices(answers: Marked, usual: Format) -> list[Answer]:
    found = [part for entry in answers.split("~") for part in _before_equals(entry)]
    if found and str(found[0]) in ("", "0"):
        found = found[1:]
    if len(found) < 2:
        raise Mistake(answers.start, "it has fewer than two choices", "begin each choice with = or ~")
    return [_choice(entry, usual) for entry in found]


def _before_equals(entry: Marked) -> list[Marked]:
    """A choice that begins with ``=`` needs no ``~``: each one begins a choice."""
    said = str(entry)
    marks = [n for n, c in enumerate(said) if c == "="]
    if not marks:
        return [entry]
    ends = [*marks[1:], len(said)]
    first = [entry.part(0, marks[0])] if said[: marks[0]].strip() else []
    return [*first, *(entry.part(begin, end) for begin, end in zip(marks, ends, strict=True))]


def _choice(entry: Marked, usual: Format) -> Answer:
    if str(entry).startswith("="):
        return _commented(entry.part(1), 100, usual)
    return _weighed(entry, 0, usual)


def _weighed(entry: Marked, share: float, usual: Format) -> Answer:
    """An answer with its weight, if it has one."""
    if weight := _WEIGHT.match(str(entry)):
        share = float(weight[1].removeprefix("-" * (weight[1].count("-") - 1)) or 0)
        entry = entry.part(weight.end())
    return _commented(entry, share, usual)


def _commented(entry: Marked, share: float, usual: Format) -> Answer:
    """An answer with its feedback, if it has one."""
    text, *feedback = entry.split("#", 1)
    return Answer(text.written(usual), share, feedback[0].written(usual) if feedback else NOTHING)


def _pairs(answers: Marked, usual: Format) -> list[tuple[Written, str]]:
    found = _entries(answers, "=")
    if len(found) < 2:
        raise Mistake(answers.start, "it has fewer than two pairs", "begin each pair with =")
    pairs = []
    for entry in found:
        arrow = str(entry).find("->")
        if arrow < 0:
            raise Mistake(entry.start, "a pair in it has no ->", "write =left -> right for each pair")
        pairs.append((entry.part(0, arrow).written(usual), entry.part(arrow + 2).said().strip(SPACE)))
    return pairs


def _true_or_false(answers: Marked, is_true: bool, usual: Format) -> tuple[Answer, Answer]:
    _, *comments = answers.split("#", 2)
    wrong, right = ([c.written(usual) for c in comments] + [NOTHING, NOTHING])[:2]
    return (
        Answer(Written("true"), 100 if is_true else 0, right if is_true else wrong),
        Answer(Written("false"), 0 if is_true else 100, wrong if is_true else right),
    )


def _typed(answers: Marked, usual: Format) -> list[Answer]:
    found = [entry for entry in _entries(answers, "=") if str(entry)]
    if not found:
        raise Mistake(answers.start, "it has no answer", "write {=answer}")
    return [_weighed(entry, 100, usual) for entry in found]


def _numbers(answers: Marked, usual: Format) -> list[Answer]:
    said = str(answers)
    wrong = None
    if (mark := said.find("~")) >= 0:
        wrong = _commented(answers.part(mark + 1), 0, usual)
        answers = answers.part(0, mark)
    found = [_weighed(entry, 100, usual) for entry in _entries(answers, "=") if str(entry)]
    if not found:
        raise Mistake(answers.start, "it has no number", "write {#3.14:0.01}, or {#3.13..3.15}")
    numbers = [_number(answer, answers.start) for answer in found]
    return [*numbers, Answer(Written("*"), 0, wrong.feedback)] if wrong else numbers


def _number(answer: Answer, at: int) -> Answer:
    """An answer such as ``3.14:0.01`` or ``3.13..3.15``, its tolerance apart."""
    said = answer.text.text
    if said.find("..") > 0:
        least, greatest = (_decimal(part, at) for part in said.split("..", 1))
        with localcontext() as context:
            context.prec = 100
            middle = (least + greatest) / 2
            return answer._replace(text=Written(_shown(middle)), tolerance=_shown(greatest - middle))
    number, colon, tolerance = said.partition(":")
    if number.strip() == "*":
        return answer._replace(text=Written("*"))
    _decimal(number, at)
    if colon:
        _decimal(tolerance, at)
    return answer._replace(text=Written(number.strip()), tolerance=tolerance.strip() or "0")


def _decimal(written: str, at: int) -> Decimal:
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number.adjusted()) > 400 or "_" in written:
        fix = "write numbers as 3.14, with a dot; a tolerance behind a colon"
        raise Mistake(at, f"“{written.strip()[:30]}” is no number", fix)
    return number


def _shown(number: Decimal) -> str:
    return f"{number.normalize():f}" if abs(number.adjusted()) < 20 else str(number)
