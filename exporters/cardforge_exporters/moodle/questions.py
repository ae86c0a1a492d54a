"""An item as Moodle's questions: one, or two for a reversed flashcard and for an open prompt with a self-check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial

from cardforge.model import (
    AnyItem,
    Cloze,
    Deck,
    Entry,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Dialect, Text, facts, plain, render
from cardforge.text.content import as_written, is_plain
from cardforge.text.html import without_illegal
from cardforge.text.render import PLAIN
from cardforge_exporters import quiz
from cardforge_exporters.asking import in_another_order
from cardforge_exporters.blanks import Blank, blanks, with_blanks
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.moodle import fractions, matching, names, xml
from cardforge_exporters.moodle.texts import EMPTY, Page, Texts

REVERSED = " (reversed)"
SELF_CHECK = " (self-check)"
MOST_POINTS = 99_999
LONGEST_TYPED_BACK = 60

_PENALTY = 0.3333333
_NO_TEXT = "<text></text>"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a question has whatever its type: all finished XML."""

    name: str
    idnumber: str
    points: str
    tags: str


class Questions:
    """Makes the ``<question>`` elements of a deck's items."""

    def __init__(self, deck: Deck, texts: Texts, *, typed_flashcards: bool, self_check: bool, numbering: str) -> None:
        self._texts = texts
        self._idnumbers = names.IdNumbers(deck)
        self._typed_flashcards = typed_flashcards
        self._self_check = self_check
        self._numbering = numbering

    def of(self, entry: Entry) -> Iterator[str]:
        """The questions of an item."""
        item = entry.item
        yield self._question(item, self._frame(entry))
        if isinstance(item, Flashcard) and item.reversed:
            turned = replace(item, front=item.back, back=item.front)
            yield self._question(turned, self._frame(entry._replace(item=turned), REVERSED))
        if isinstance(item, OpenPrompt) and item.concepts and self._self_check:
            yield self._covered(item, self._frame(entry, SELF_CHECK))

    def _frame(self, entry: Entry, suffix: str = "") -> _Frame:
        return _Frame(
            xml.escaped(names.question_name(entry.item, suffix)),
            xml.escaped(self._idnumbers.of(entry.id, suffix)),
            points(entry.item),
            _tags(entry.tags, entry.item.level),
        )

    def _question(self, item: AnyItem, frame: _Frame) -> str:
        match item:
            case Flashcard():
                is_typed = self._typed_flashcards and can_be_typed(item.back)
                return self._typed_flashcard(item, frame) if is_typed else self._flashcard(item, frame)
            case Cloze():
                return self._cloze(item, frame)
            case MultipleChoice():
                return self._multiple_choice(item, frame)
            case TrueFalse():
                return self._true_false(item, frame)
            case ShortAnswer():
                return self._short_answer(item, frame)
            case Numeric():
                return self._numeric(item, frame)
            case Matching():
                return self._matching(item, frame)
            case Ordering():
                return self._ordering(item, frame)
            case OpenPrompt():
                return self._open_prompt(item, frame)

    def _element(
        self, kind: str, item: AnyItem, frame: _Frame, text: str, parts: str, penalty: float = _PENALTY
    ) -> str:
        """``text`` is the content of the question's text, ``parts`` what only questions of this type have."""
        return (
            f'<question type="{kind}">\n<name><text>{frame.name}</text></name>\n'
            f'<questiontext format="html">{text}</questiontext>\n'
            f'<generalfeedback format="html">{self._general_feedback(item)}</generalfeedback>\n'
            f"<defaultgrade>{frame.points}</defaultgrade>\n<penalty>{penalty}</penalty>\n<hidden>0</hidden>\n"
            f"<idnumber>{frame.idnumber}</idnumber>\n{parts}{frame.tags}</question>\n"
        )

    def _general_feedback(self, item: AnyItem) -> str:
        if item.source is None and not isinstance(item, Flashcard | Cloze | OpenPrompt):
            return self._texts.of(item.explanation)
        return self._texts.made(lambda page: quiz.general_feedback(item, page.html))

    # --- the nine kinds ----------------------------------------------------------------------

    def _multiple_choice(self, item: MultipleChoice, frame: _Frame) -> str:
        answers = "".join(
            self._answer(share, self._texts.shown(choice.text), self._texts.of(choice.feedback))
            for share, choice in zip(fractions.shares(item), item.choices, strict=True)
        )
        settings = _choice_settings(item.is_multiple, item.shuffle, self._numbering)
        parts = settings + self._combined_feedback(item) + answers + self._hints(item)
        return self._element("multichoice", item, frame, self._texts.of(item.stem), parts)

    def _flashcard(self, item: Flashcard, frame: _Frame) -> str:
        def text(page: Page) -> str:
            return (
                page.html(item.front)
                + quiz.hints(item, page.html)
                + quiz.details(quiz.SHOW_ANSWER, page.html(item.back))
            )

        answers = "".join(
            self._answer(fractions.nearest(share), f"<text>{label}</text>", _NO_TEXT)
            for label, share in quiz.SELF_RATING
        )
        parts = _choice_settings(False, False, "none", instruction=False) + answers
        return self._element("multichoice", item, frame, self._texts.made(text), parts)

    def _typed_flashcard(self, item: Flashcard, frame: _Frame) -> str:
        parts = "<usecase>0</usecase>\n" + self._answer("100", _typed_pattern(plain(item.back)), _NO_TEXT)
        return self._element("shortanswer", item, frame, self._texts.of(item.front), parts + self._hints(item))

    def _cloze(self, item: Cloze, frame: _Frame) -> str:
        weight = blank_weight(item)

        def blank(_index: int, blank: Blank) -> str:
            hint = f" <em>({_CLOZE_DIALECT.literal(quiz.typed(blank.hint))})</em>" if blank.hint else ""
            return f"{{{weight}:SHORTANSWER:={_in_blank(blank.answer)}}}{hint}"

        # Without any markup around them, Moodle's own export would lose the entities in the blanks.
        text = self._texts.made(lambda page: f"<div>{with_blanks(item, _CLOZE_DIALECT, page.source, blank)}</div>")
        return self._element("multianswer", item, frame, text, self._hints(item))

    def _true_false(self, item: TrueFalse, frame: _Frame) -> str:
        right, wrong = ("true", "false") if item.answer else ("false", "true")
        parts = self._answer("100", f"<text>{right}</text>", self._texts.of(item.feedback_correct))
        parts += self._answer("0", f"<text>{wrong}</text>", self._texts.of(item.feedback_incorrect))
        return self._element("truefalse", item, frame, self._with_hints(item, item.stem), parts, penalty=1)

    def _short_answer(self, item: ShortAnswer, frame: _Frame) -> str:
        parts = f"<usecase>{int(item.case_sensitive)}</usecase>\n"
        pairs = list(zip(answer_shares(item), item.answers, strict=True))
        if alike(item):  # Moodle takes the first answer that fits, so the better one of two comes first.
            pairs.sort(key=lambda pair: -pair[1].credit)
        for share, answer in pairs:
            of_item = item.feedback_correct if share == "100" else item.feedback_incorrect
            feedback = self._feedback(answer.feedback, of_item)
            parts += self._answer(share, _typed_pattern(answer.text), feedback)
        parts += self._anything_else(item) + self._hints(item)
        return self._element("shortanswer", item, frame, self._texts.of(item.stem), parts)

    def _numeric(self, item: Numeric, frame: _Frame) -> str:
        meant = Decimal(item.answer)
        number = kept(meant)
        # What rounding took is given back, so that the number as the author wrote it is right.
        margin = quiz.margin(item) + abs(number - meant)
        tolerance = f"<tolerance>{quiz.decimal(margin)}</tolerance>"
        text = f"<text>{quiz.decimal(number)}</text>"
        parts = self._answer("100", text, self._texts.of(item.feedback_correct), tolerance)
        parts += self._anything_else(item, "<tolerance>0</tolerance>")
        text, shows_units = self._texts.of(item.stem), 3
        if item.unit is not None:
            unit = f"<p>Unit: {DIALECT.literal(quiz.typed(item.unit))}</p>"
            text = self._texts.made(lambda page: page.html(item.stem) + unit)
            if unit_can_be_typed(item.unit):
                shows_units = 0
                name = xml.escaped(item.unit.strip())
                parts += f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>\n"
        parts += (
            "<unitgradingtype>0</unitgradingtype>\n<unitpenalty>0</unitpenalty>\n"
            f"<showunits>{shows_units}</showunits>\n<unitsleft>0</unitsleft>\n"
        )
        return self._element("numerical", item, frame, text, parts + self._hints(item))

    def _matching(self, item: Matching, frame: _Frame) -> str:
        rights: Sequence[Text] = item.offered
        lines = matching.as_lines(item)
        text = self._texts.of(item.stem)
        if lines is None:
            rights = in_another_order(rights, as_written)
            lines = [str(number) for number in range(1, len(rights) + 1)]
            text = self._texts.made(lambda page: page.html(item.stem) + _list([page.html(t) for t in rights]))
        line_of = dict(zip(rights, lines, strict=True))
        parts = "<shuffleanswers>true</shuffleanswers>\n" + self._combined_feedback(item)
        for pair in item.pairs:
            parts += _subquestion(self._texts.shown(pair.left), line_of[pair.right])
        for distractor in quiz.distinct(item.distractors):
            parts += _subquestion(_NO_TEXT, line_of[distractor])
        return self._element("matching", item, frame, text, parts + self._hints(item))

    def _ordering(self, item: Ordering, frame: _Frame) -> str:
        parts = (
            "<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n"
            f"<selectcount>{len(item.steps)}</selectcount>\n<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>\n"
            "<showgrading>SHOW</showgrading>\n<numberingstyle>none</numberingstyle>\n"
            # Without this element, the import stops.
            "<shownumcorrect>0</shownumcorrect>\n"
        )
        seen: set[str] = set()
        for step in item.steps:
            text = self._texts.made(partial(_step, step, seen))
            parts += self._answer("100", text, _NO_TEXT)
        parts += self._combined_feedback(item) + self._hints(item)
        return self._element("ordering", item, frame, self._texts.of(item.stem), parts)

    def _open_prompt(self, item: OpenPrompt, frame: _Frame) -> str:
        has_concepts = bool(item.concepts or item.concept_count)
        graders = self._texts.made(lambda page: quiz.concepts(item, page.html)) if has_concepts else _NO_TEXT
        parts = (
            "<responseformat>editor</responseformat>\n<responserequired>1</responserequired>\n"
            "<responsefieldlines>15</responsefieldlines>\n<minwordlimit>0</minwordlimit>\n<maxwordlimit>0</maxwordlimit>\n"
            "<attachments>0</attachments>\n<attachmentsrequired>0</attachmentsrequired>\n<maxbytes>0</maxbytes>\n"
            "<filetypeslist></filetypeslist>\n"
            f'<graderinfo format="html">{graders}</graderinfo>\n'
            f'<responsetemplate format="html">{_NO_TEXT}</responsetemplate>\n'
        )
        return self._element("essay", item, frame, self._with_hints(item, item.stem), parts, penalty=0)

    def _covered(self, item: OpenPrompt, frame: _Frame) -> str:
        """The self-check: which of the concepts were covered?"""
        text = self._texts.made(lambda page: f"<div>{page.html(item.stem)}</div><p>{COVERED}</p>")
        parts = _choice_settings(True, False, "none")
        for share, concept in zip(fractions.concept_shares(item.concepts), item.concepts, strict=True):
            parts += self._answer(share, self._texts.shown(concept.text), _NO_TEXT)
        parts += self._answer("0", "<text>None of these</text>", _NO_TEXT)
        return self._element("multichoice", item, frame, text, parts + self._hints(item))

    # --- parts of questions ------------------------------------------------------------------

    def _answer(self, share: str, text: str, feedback: str, more: str = "") -> str:
        return (
            f'<answer fraction="{share}" format="html">{text}\n'
            f'<feedback format="html">{feedback}</feedback>{more}</answer>\n'
        )

    def _anything_else(self, item: Graded, more: str = "") -> str:
        """The answer that takes all that no other one did."""
        if item.feedback_incorrect is None:
            return ""
        return self._answer("0", "<text>*</text>", self._texts.of(item.feedback_incorrect), more)

    def _feedback(self, own: Text | None, of_item: Text | None) -> str:
        """An answer's feedback: its own first, then the item's."""
        if own is None or of_item is None:
            return self._texts.of(of_item if own is None else own)
        return self._texts.made(lambda page: f"<div>{page.html(own)}</div><div>{page.html(of_item)}</div>")

    def _combined_feedback(self, item: Graded) -> str:
        parts = ""
        if item.feedback_correct is not None:
            parts = f'<correctfeedback format="html">{self._texts.of(item.feedback_correct)}</correctfeedback>\n'
        if item.feedback_incorrect is not None:
            # A response that is partly right is not right.
            text = self._texts.of(item.feedback_incorrect)
            parts += f'<partiallycorrectfeedback format="html">{text}</partiallycorrectfeedback>\n'
            parts += f'<incorrectfeedback format="html">{text}</incorrectfeedback>\n'
        return parts

    def _hints(self, item: AnyItem) -> str:
        return "".join(f'<hint format="html">{self._hint(hint)}</hint>\n' for hint in item.hint)

    def _hint(self, hint: Text) -> str:
        if isinstance(hint, str) and is_plain(hint):
            return self._texts.of(hint)
        return self._texts.made(lambda page: _visible(page.html(hint)))

    def _with_hints(self, item: AnyItem, stem: Text) -> str:
        """The question's text with the hints in it, closed, for types that have no place for hints."""
        if not item.hint:
            return self._texts.of(stem)
        return self._texts.made(lambda page: page.html(stem) + quiz.hints(item, page.html))


COVERED = "Which of these did your answer mention?"


def longest_suffix(item: AnyItem, self_check: bool) -> str:
    """What is added to the id for the idnumber of an item's second question, if it has one."""
    if isinstance(item, Flashcard) and item.reversed:
        return REVERSED
    return SELF_CHECK if self_check and isinstance(item, OpenPrompt) and item.concepts else ""


def points(item: AnyItem) -> str:
    """The default mark, within what Moodle's database holds."""
    if item.points == 1:
        return "1"
    return f"{min(item.points, MOST_POINTS):.7f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=4096)
def _tags(tags: tuple[str, ...], level: str | None) -> str:
    made = "".join(f"<tag><text>{xml.escaped(tag)}</text></tag>" for tag in names.tags(tags, level))
    return f"<tags>{made}</tags>\n" if made else ""


def _choice_settings(multiple: bool, shuffle: bool, numbering: str, instruction: bool = True) -> str:
    return (
        f"<single>{quiz.boolean(not multiple)}</single>\n<shuffleanswers>{quiz.boolean(shuffle)}</shuffleanswers>\n"
        f"<answernumbering>{numbering}</answernumbering>\n"
        f"<showstandardinstruction>{int(instruction)}</showstandardinstruction>\n"
    )


def can_be_typed(back: Text) -> bool:
    """Whether a flashcard's back is a short line of plain text, so that a learner can be asked to type it."""
    if not isinstance(back, str) or len(back) > LONGEST_TYPED_BACK or "\n" in back.strip():
        return False
    return is_plain(back) is not None or not (facts(back).features or "<" in render(back, PLAIN))


def _typed_pattern(text: str) -> str:
    r"""An answer to be typed: ``*`` would stand for anything."""
    return f"<text>{xml.escaped(_pattern(text))}</text>"


def _pattern(text: str) -> str:
    return without_illegal(text).replace("*", r"\*")


def answer_shares(item: ShortAnswer) -> list[str]:
    """The percentage of each answer; the best one has 100, for Moodle wants one that has."""
    best = max(answer.credit for answer in item.answers)
    return ["100" if answer.credit == best else fractions.nearest(answer.credit) for answer in item.answers]


def alike(item: ShortAnswer) -> list[tuple[str, str]]:
    """The answers that Moodle never reaches, each with the one of at least its credit that it takes it for."""
    best: dict[str, str] = {}
    hidden = []
    if not item.case_sensitive:
        for answer in sorted(item.answers, key=lambda answer: -answer.credit):
            first = best.setdefault(answer.text.lower(), answer.text)
            if first != answer.text:
                hidden.append((answer.text, first))
    return hidden


def kept(number: Decimal) -> Decimal:
    """What Moodle keeps of a number: 14 digits."""
    return Decimal(f"{float(number):.14g}")


_TYPEABLE_UNIT = re.compile(r"(?![\d+-]|[eE×]\s*[+-]?\d|x\s*10)[^.,*<>&]{1,50}")


def unit_can_be_typed(unit: str) -> bool:
    """Whether Moodle can tell the unit from the number before it."""
    return _TYPEABLE_UNIT.fullmatch(unit.strip()) is not None


def blank_weight(item: Cloze) -> int:
    """The points of each blank: Moodle knows whole ones only."""
    share = item.points / len(blanks(item))
    return int(share) if share in range(1, 1000) else 1


_TAKEN_FOR_A_BLANK = re.compile(r"\{(?=\d*:|#\d)")


def _defused(html: str) -> str:
    """HTML in which no brace begins a blank."""
    return _TAKEN_FOR_A_BLANK.sub("&#123;", html)


_CLOZE_DIALECT = Dialect(
    maths=lambda tex, display: _defused(DIALECT.maths(tex, display)),
    literal=lambda html: _defused(DIALECT.literal(html)),
)
_SIGN = re.compile("[!-/:-@[-`{-~]")


def _in_blank(answer: str) -> str:
    r"""An answer inside of a blank's own syntax, all of whose signs are written as entities.

    Having read the entities, Moodle takes ``\}`` and ``\#`` for escapes, so that these need one backslash more.
    """
    line = " ".join(_pattern(answer).split())
    line = line.replace(r"\}", r"\\}").replace(r"\#", r"\\#")
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", line)


def _subquestion(text: str, answer: str) -> str:
    return f'<subquestion format="html">{text}\n<answer><text>{xml.escaped(answer)}</text></answer></subquestion>\n'


def _list(rows: Sequence[str]) -> str:
    return f"<ol>{''.join(f'<li>{row}</li>' for row in rows)}</ol>"


_PARAGRAPH = re.compile(r"</?p>|^\s+|\s+$")


def _step(step: Text, seen: set[str], page: Page) -> str:
    """The HTML of a step; what shows nothing is added when another step has the same, for Moodle tells them by it."""
    html = page.html(step) or EMPTY
    while (key := _PARAGRAPH.sub("", html)) in seen:
        html += EMPTY
    seen.add(key)
    return html


_SEEN = re.compile(r"<img\b|(?:^|>)[^<]*[^<\s]")


def _visible(html: str) -> str:
    """A hint that has no text and no image would be left out."""
    return html if _SEEN.search(html) else f"<p>Hint</p>{html}"
