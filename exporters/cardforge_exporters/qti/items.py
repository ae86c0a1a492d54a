"""Items as QTI writes them: what is asked, how it is scored, what is shown after an answer.

Outcomes of every item: SCORE and MAXSCORE; and, where there is something to show, FEEDBACK (correct or incorrect),
FEEDBACK_CHOICE (what was chosen), FEEDBACK_ANSWER (the answer that was typed) and FEEDBACK_GENERAL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import escape

from cardforge.model import (
    Answer,
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
from cardforge.text import Dialect, Text, render
from cardforge.text.content import as_written, is_plain
from cardforge.text.html import without_illegal
from cardforge_exporters import mathml, quiz
from cardforge_exporters.asking import in_another_order
from cardforge_exporters.blanks import Blank, blanks, with_blanks
from cardforge_exporters.identifiers import identifier
from cardforge_exporters.media_files import MediaFiles
from cardforge_exporters.qti import xhtml
from cardforge_exporters.qti.names import Version

DIALECT = Dialect(maths=mathml.formula)

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<assessmentItem xmlns="%s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="%s %s"%s toolName="cardforge" adaptive="false" timeDependent="false"'
)
_ITEM = (
    '%s identifier="%s" title="%s">\n%s'
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"%s>'
    "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
    '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>%s</value></defaultValue></outcomeDeclaration>\n"
    "%s<itemBody>\n%s</itemBody>\n%s%s</assessmentItem>\n"
)
_MOST = ' normalMaximum="%s"'
_BY_PEOPLE = ' externalScored="human"'
_PROCESSING = "<responseProcessing>\n%s</responseProcessing>\n"
_OUTCOME = '<outcomeDeclaration identifier="%s" cardinality="single" baseType="identifier"/>\n'
# A player cannot compare several with nothing.
_CHOSEN = (
    '<outcomeDeclaration identifier="%s" cardinality="multiple" baseType="identifier">'
    "<defaultValue><value>none</value></defaultValue></outcomeDeclaration>\n"
)
_RESPONSE = '<responseDeclaration identifier="%s" cardinality="%s" baseType="%s">%s%s</responseDeclaration>\n'
_CORRECT = "<correctResponse>%s</correctResponse>"
_VALUE = "<value>%s</value>"
_MAPPING = '<mapping%s defaultValue="0">%s</mapping>'
_BOUNDS = ' lowerBound="0" upperBound="%s"'
_ENTRY = '<mapEntry mapKey="%s" mappedValue="%s"/>'
_TEXT_ENTRY = '<mapEntry mapKey="%s" mappedValue="%s" caseSensitive="%s"/>'

_CHOICES = '<choiceInteraction responseIdentifier="RESPONSE" shuffle="%s" maxChoices="%d">\n%s</choiceInteraction>\n'
_CHOICE = '<simpleChoice identifier="%s">%s</simpleChoice>\n'
_ORDER = (
    '<orderInteraction orientation="vertical" responseIdentifier="RESPONSE" shuffle="true">\n%s</orderInteraction>\n'
)
_MATCH = (
    '<matchInteraction class="qti-match-tabular" responseIdentifier="RESPONSE" shuffle="true" maxAssociations="0">\n'
    "<simpleMatchSet>\n%s</simpleMatchSet>\n<simpleMatchSet>\n%s</simpleMatchSet>\n</matchInteraction>\n"
)
_SIDE = '<simpleAssociableChoice identifier="%s" matchMax="%d">%s</simpleAssociableChoice>\n'
_BLANK = '<textEntryInteraction responseIdentifier="%s"%s/>'
_PLACEHOLDER = ' placeholderText="%s"'
_FIELD = "<div>%s%s</div>\n"
_ESSAY = '<extendedTextInteraction responseIdentifier="RESPONSE" expectedLines="6"/>\n'
_FOR_SCORERS = '<rubricBlock view="scorer" use="scoring"><contentBody>%s</contentBody></rubricBlock>\n'

_CONDITION = "<responseCondition>%s</responseCondition>\n"
_IF = "<responseIf>%s%s</responseIf>"
_ELSE_IF = "<responseElseIf>%s%s</responseElseIf>"
_ELSE = "<responseElse>%s</responseElse>"
_ANSWERED = '<not><isNull><variable identifier="%s"/></isNull></not>'
_UNANSWERED = '<isNull><variable identifier="%s"/></isNull>'
_IS_CORRECT = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
_IS = '<match><variable identifier="RESPONSE"/><baseValue baseType="identifier">%s</baseValue></match>'
_READS = (
    '<stringMatch caseSensitive="%s"><variable identifier="RESPONSE"/><baseValue baseType="string">%s</baseValue>'
    "</stringMatch>"
)
_BETWEEN = (
    '<and><not><isNull><variable identifier="RESPONSE"/></isNull></not>'
    '<gte><variable identifier="RESPONSE"/><baseValue baseType="float">%s</baseValue></gte>'
    '<lte><variable identifier="RESPONSE"/><baseValue baseType="float">%s</baseValue></lte></and>'
)
_OR = "<or>%s</or>"
_SET = '<setOutcomeValue identifier="%s"><baseValue baseType="%s">%s</baseValue></setOutcomeValue>'
_SET_SCORE_MAPPED = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
_ADD_MAPPED = (
    '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><mapResponse identifier="%s"/></sum>'
    "</setOutcomeValue>"
)
_SET_CHOSEN = '<setOutcomeValue identifier="FEEDBACK_CHOICE"><variable identifier="RESPONSE"/></setOutcomeValue>'
_MODAL = (
    '<modalFeedback outcomeIdentifier="%s" identifier="%s" showHide="show"><contentBody>%s</contentBody>'
    "</modalFeedback>\n"
)


@dataclass(frozen=True, slots=True)
class Written:
    """An item of QTI: the text of its file, and what a manifest and a test say of it. ``title`` is XML."""

    identifier: str
    xml: str
    title: str
    interaction: str
    points: str
    has_feedback: bool
    media: Sequence[str]


@dataclass(slots=True)
class _Question:
    """What a kind of item adds to the frame that all share.

    ``right`` is the expression that is true for a right answer. ``feedback`` is outcome, identifier and text.
    """

    interaction: str
    declarations: str
    body: str
    rules: str = ""
    right: str = ""
    feedback: list[tuple[str, str, str]] = field(default_factory=list)
    is_multiple: bool = False


class Items:
    """Writes items in a version of QTI."""

    def __init__(self, deck: Deck, version: Version, media: MediaFiles) -> None:
        self._deck_id = deck.identity
        self._version = version
        self._names = version.names
        self._media = media
        self._used: dict[str, None] = {}
        language = f' xml:lang="{deck.language}"' if deck.language else ""
        self._head = self._names(_HEAD) % (version.namespace, version.namespace, version.schema, language)

    def of(self, entry: Entry) -> Iterator[Written]:
        """The item of a deck's entry; two, if it is a flashcard that is also asked back to front."""
        item = entry.item
        yield self._written(item, identifier(self._deck_id, entry.id))
        if isinstance(item, Flashcard) and item.reversed:
            turned = replace(item, front=item.back, back=item.front)
            yield self._written(turned, identifier(self._deck_id, entry.id, "reversed"))

    def html(self, text: Text) -> str:
        """A text as it may stand wherever QTI takes text and blocks."""
        if isinstance(text, str) and is_plain(text):
            return text
        return self._conform(render(text, DIALECT, self._source))

    def media_used(self) -> Sequence[str]:
        """The media that were named since this was asked last."""
        used = list(self._used)
        self._used.clear()
        return used

    def _conform(self, html: str) -> str:
        return xhtml.conform(html, has_audio=self._version.is_3)

    def _source(self, path: str) -> str:
        name = self._media.name(path)
        self._used[name] = None
        return name

    def _written(self, item: AnyItem, name: str) -> Written:
        names = self._names
        question = self._question(item)
        feedback, rules = question.feedback, question.rules
        if isinstance(item, Graded) and (item.feedback_correct is not None or item.feedback_incorrect is not None):
            rules += self._right_or_wrong(item, question)
        if general := quiz.general_feedback(item, self.html):
            rules += names(_SET) % ("FEEDBACK_GENERAL", "identifier", "general_fb") + "\n"
            feedback.append(("FEEDBACK_GENERAL", "general_fb", general))
        outcomes = "".join(
            names(_CHOSEN if outcome == "FEEDBACK_CHOICE" and question.is_multiple else _OUTCOME) % outcome
            for outcome in dict.fromkeys(outcome for outcome, _, _ in feedback)
        )
        points = number(item.points)
        title = escaped(quiz.title(item))
        scored = names(_MOST) % points if item.points else ""  # which must be more than 0
        if isinstance(item, OpenPrompt) and self._version.number != "2.1":
            scored = names(_BY_PEOPLE) + scored
        xml = names(_ITEM) % (
            self._head,
            name,
            title,
            question.declarations,
            scored,
            points,
            outcomes,
            question.body,
            names(_PROCESSING) % rules if rules else "",
            "".join(names(_MODAL) % modal for modal in feedback),
        )
        if self._version.is_3:
            xml = _without_templates(xml)
        return Written(name, xml, title, question.interaction, points, bool(feedback), self.media_used())

    def _right_or_wrong(self, item: Graded, question: _Question) -> str:
        """The rule that shows the feedback for a right or a wrong answer; no answer is wrong."""
        names = self._names
        shown = {"correct": "", "incorrect": ""}
        for which, text in (("correct", item.feedback_correct), ("incorrect", item.feedback_incorrect)):
            if text is not None:
                shown[which] = names(_SET) % ("FEEDBACK", "identifier", which)
                question.feedback.append(("FEEDBACK", which, self.html(text)))
        # Unanswered comes first: some players compare without looking whether there is an answer.
        return names(_CONDITION) % (
            names(_IF) % (names(_UNANSWERED) % "RESPONSE", shown["incorrect"])
            + names(_ELSE_IF) % (question.right, shown["correct"])
            + (names(_ELSE) % shown["incorrect"] if shown["incorrect"] else "")
        )

    def _question(self, item: AnyItem) -> _Question:
        match item:
            case MultipleChoice():
                return self._multiple_choice(item)
            case TrueFalse():
                return self._true_false(item)
            case Flashcard():
                return self._flashcard(item)
            case ShortAnswer():
                return self._short_answer(item)
            case Numeric():
                return self._numeric(item)
            case Matching():
                return self._matching(item)
            case Ordering():
                return self._ordering(item)
            case Cloze():
                return self._cloze(item)
            case OpenPrompt():
                return self._open_prompt(item)

    def _stem(self, text: Text, item: AnyItem) -> str:
        return f"<div>{self.html(text)}</div>\n{self._hints(item)}"

    def _hints(self, item: AnyItem) -> str:
        if not item.hint:
            return ""
        if self._version.is_3:
            return f"<div>{quiz.hints(item, self.html)}</div>\n"
        return "".join(
            f'<div class="hint"><p><strong>{label}</strong></p>{self.html(hint)}</div>\n'
            for label, hint in quiz.labelled_hints(item)
        )

    # --- choices ---------------------------------------------------------------------------------

    def _choices(
        self,
        choices: Sequence[tuple[str, str, str]],
        stem: str,
        key: Sequence[str],
        most: float,
        shuffle: bool = False,
        multiple: bool = False,
        feedback: Sequence[tuple[str, str, str]] = (),
    ) -> _Question:
        """Choices to be chosen from; each with identifier, text and what it scores, all of them ``most`` at most."""
        names = self._names
        cardinality = "multiple" if multiple else "single"
        entries = "".join(names(_ENTRY) % (name, score) for name, _, score in choices)
        mapping = names(_MAPPING) % (names(_BOUNDS) % number(most) if multiple else "", entries)
        # Of several that are right one alone can be said to be the correct one.
        correct = names(_CORRECT) % "".join(names(_VALUE) % name for name in (key if multiple else key[:1]))
        options = "".join(names(_CHOICE) % (name, text) for name, text, _ in choices)
        right = names(_IS_CORRECT)
        if not multiple and len(key) > 1:
            right = names(_OR) % "".join(names(_IS) % name for name in key)
        scoring = names(_SET_SCORE_MAPPED) + (names(_SET_CHOSEN) if feedback else "")
        return _Question(
            "choiceInteraction",
            names(_RESPONSE) % ("RESPONSE", cardinality, "identifier", correct, mapping),
            stem + names(_CHOICES) % (quiz.boolean(shuffle), 0 if multiple else 1, options),
            names(_CONDITION) % (names(_IF) % (names(_ANSWERED) % "RESPONSE", scoring)),
            right,
            [*feedback],
            multiple,
        )

    def _multiple_choice(self, item: MultipleChoice) -> _Question:
        made, key, feedback = [], [], []
        for index, (choice, credit) in enumerate(zip(item.choices, item.credits, strict=True), 1):
            name = f"choice_{index}"
            made.append((name, self.html(choice.text), number(credit * item.points)))
            if choice.correct:
                key.append(name)
            if choice.feedback is not None:
                feedback.append(("FEEDBACK_CHOICE", name, self.html(choice.feedback)))
        stem = self._stem(item.stem, item)
        return self._choices(made, stem, key, item.points, item.shuffle, item.is_multiple, feedback)

    def _true_false(self, item: TrueFalse) -> _Question:
        right, wrong = ("true", "false") if item.answer else ("false", "true")
        scores = {right: number(item.points), wrong: "0"}
        choices = [(name, name.capitalize(), scores[name]) for name in ("true", "false")]
        return self._choices(choices, self._stem(item.stem, item), [right], item.points)

    def _flashcard(self, item: Flashcard) -> _Question:
        choices = [
            (f"choice_{index}", label, number(share * item.points))
            for index, (label, share) in enumerate(quiz.SELF_RATING, 1)
        ]
        return self._choices(choices, self._stem(item.front, item), ["choice_1"], item.points)

    # --- what is typed ---------------------------------------------------------------------------

    def _short_answer(self, item: ShortAnswer) -> _Question:
        names = self._names
        case_sensitive = quiz.boolean(item.case_sensitive)
        best = max(answer.credit for answer in item.answers)
        entries, branches, rights, feedback = "", names(_IF) % (names(_UNANSWERED) % "RESPONSE", ""), "", []
        for index, answer in self._told_apart(item):
            text = answer.text.strip()
            score = number(answer.credit * item.points)
            entries += names(_TEXT_ENTRY) % (escaped(text), score, case_sensitive)
            # TAO's engine takes only ASCII letters for the same in both cases.
            spellings = [text] if item.case_sensitive or text.isascii() else [text, text.lower(), text.upper()]
            reads = "".join(names(_READS) % (case_sensitive, escaped(spelt)) for spelt in dict.fromkeys(spellings))
            scoring = names(_SET) % ("SCORE", "float", score)
            if answer.feedback is not None:
                scoring += names(_SET) % ("FEEDBACK_ANSWER", "identifier", f"answer_{index}")
                feedback.append(("FEEDBACK_ANSWER", f"answer_{index}", self.html(answer.feedback)))
            branches += names(_ELSE_IF) % (names(_OR) % reads, scoring)
            if answer.credit == best:
                rights += reads
        branches += names(_ELSE) % names(_SET_SCORE_MAPPED)
        correct = next(answer.text for answer in item.answers if answer.credit == best)
        key = names(_CORRECT) % (names(_VALUE) % escaped(correct.strip()))
        return _Question(
            "textEntryInteraction",
            names(_RESPONSE) % ("RESPONSE", "single", "string", key, names(_MAPPING) % ("", entries)),
            self._stem(item.stem, item) + _FIELD % (names(_BLANK) % ("RESPONSE", ""), ""),
            names(_CONDITION) % branches,
            names(_OR) % rights,
            feedback,
        )

    def _told_apart(self, item: ShortAnswer) -> Sequence[tuple[int, Answer]]:
        """The answers, numbered; of those that read the same where case does not count, the best."""
        kept: dict[str, tuple[int, Answer]] = {}
        for index, answer in enumerate(item.answers, 1):
            reads = answer.text.strip() if item.case_sensitive else answer.text.strip().lower()
            if reads not in kept or answer.credit > kept[reads][1].credit:
                kept[reads] = index, answer
        return list(kept.values())

    def _numeric(self, item: Numeric) -> _Question:
        names = self._names
        correct = names(_CORRECT) % (names(_VALUE) % number(Decimal(item.answer)))
        least, greatest = (number(bound) for bound in quiz.bounds(item))
        right = names(_BETWEEN) % (least, greatest)
        unit = f" {escaped(item.unit)}" if item.unit else ""
        scoring = names(_SET) % ("SCORE", "float", number(item.points))
        return _Question(
            "textEntryInteraction",
            names(_RESPONSE) % ("RESPONSE", "single", "float", correct, ""),
            self._stem(item.stem, item) + _FIELD % (names(_BLANK) % ("RESPONSE", ""), unit),
            names(_CONDITION) % (names(_IF) % (right, scoring)),
            right,
        )

    def _cloze(self, item: Cloze) -> _Question:
        names = self._names
        found = blanks(item)
        share = number(item.points / len(found))
        declarations = rules = ""
        for index, blank in enumerate(found, 1):
            name = f"RESPONSE_{index}"
            entry = names(_TEXT_ENTRY) % (escaped(blank.answer), share, "false")
            correct = names(_CORRECT) % (names(_VALUE) % escaped(blank.answer))
            declarations += names(_RESPONSE) % (name, "single", "string", correct, names(_MAPPING) % ("", entry))
            rules += names(_CONDITION) % (names(_IF) % (names(_ANSWERED) % name, names(_ADD_MAPPED) % name))

        def entry_field(index: int, blank: Blank) -> str:
            hint = names(_PLACEHOLDER) % escaped(blank.hint) if blank.hint else ""
            return names(_BLANK) % (f"RESPONSE_{index + 1}", hint)

        text = self._conform(with_blanks(item, DIALECT, self._source, entry_field))
        return _Question("textEntryInteraction", declarations, f"<div>{text}</div>\n{self._hints(item)}", rules)

    def _open_prompt(self, item: OpenPrompt) -> _Question:
        names = self._names
        body = self._stem(item.stem, item) + names(_ESSAY)
        if item.model_answer is not None or item.concepts or item.concept_count:
            # The same that is shown after an answer, without what is not meant for scoring.
            rubric = quiz.general_feedback(replace(item, explanation=None, source=None), self.html)
            body += names(_FOR_SCORERS) % rubric
        return _Question("extendedTextInteraction", names(_RESPONSE) % ("RESPONSE", "single", "string", "", ""), body)

    # --- what is put in its place ----------------------------------------------------------------

    def _matching(self, item: Matching) -> _Question:
        names = self._names
        name_of = {text: f"right_{index}" for index, text in enumerate(item.offered, 1)}
        pairs = [f"left_{index} {name_of[pair.right]}" for index, pair in enumerate(item.pairs, 1)]
        share = number(item.points / len(pairs))
        entries = "".join(names(_ENTRY) % (pair, share) for pair in pairs)
        mapping = names(_MAPPING) % (names(_BOUNDS) % number(item.points), entries)
        correct = names(_CORRECT) % "".join(names(_VALUE) % pair for pair in pairs)
        lefts = (names(_SIDE) % (f"left_{i}", 1, self.html(pair.left)) for i, pair in enumerate(item.pairs, 1))
        # A program that does not shuffle shall not show them in the order of the left sides.
        mixed = in_another_order(item.offered, as_written)
        rights = (names(_SIDE) % (name_of[text], 0, self.html(text)) for text in mixed)
        return _Question(
            "matchInteraction",
            names(_RESPONSE) % ("RESPONSE", "multiple", "directedPair", correct, mapping),
            self._stem(item.stem, item) + names(_MATCH) % ("".join(lefts), "".join(rights)),
            names(_CONDITION) % (names(_IF) % (names(_ANSWERED) % "RESPONSE", names(_SET_SCORE_MAPPED))),
            names(_IS_CORRECT),
        )

    def _ordering(self, item: Ordering) -> _Question:
        names = self._names
        steps = [(f"step_{index}", step) for index, step in enumerate(item.steps, 1)]
        correct = names(_CORRECT) % "".join(names(_VALUE) % name for name, _ in steps)
        mixed = in_another_order(steps, lambda named: as_written(named[1]))
        options = "".join(names(_CHOICE) % (name, self.html(step)) for name, step in mixed)
        scoring = names(_SET) % ("SCORE", "float", number(item.points))
        return _Question(
            "orderInteraction",
            names(_RESPONSE) % ("RESPONSE", "ordered", "identifier", correct, ""),
            self._stem(item.stem, item) + names(_ORDER) % options,
            names(_CONDITION) % (names(_IF) % (names(_IS_CORRECT), scoring)),
            names(_IS_CORRECT),
        )


_TEMPLATE = re.compile(r"(<[^>]*>)|\{(?=\{)")


def _without_templates(xml: str) -> str:
    """A player of QTI 3 reads items as templates, and would run what stands in double braces as code."""
    return _TEMPLATE.sub(lambda m: m[1] or "{<!-- -->", xml) if "{{" in xml else xml


def number(value: float | Decimal) -> str:
    """A number as every reader of QTI takes it: without an exponent, which some do not know."""
    if value == int(value) and -1e15 < value < 1e15:
        return str(int(value))
    return f"{value if isinstance(value, Decimal) else Decimal(repr(value)):f}"


def escaped(text: str) -> str:
    """A text that is no Markdown, as XML takes it in an element or an attribute."""
    return without_illegal(escape(text))
