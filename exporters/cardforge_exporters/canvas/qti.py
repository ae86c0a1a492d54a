"""Parts of a QTI 1.2 file, as text. Functions that take text escape it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from cardforge.text.html import without_illegal
from cardforge_exporters import quiz

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
LONGEST_TITLE = 255
"""Of a quiz, a question, a question group or a bank. Canvas refuses a longer one."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as Canvas knows it. ``response`` and ``conditions`` are XML, the rest is HTML or plain text.

    ``feedback`` holds pairs of an ident and HTML: ``correct_fb``, ``general_incorrect_fb`` and ``general_fb`` are
    shown after a right, a wrong and any answer, the others where a condition says so.
    """

    type: str
    title: str
    text: str
    response: str = ""
    conditions: str = ""
    feedback: tuple[tuple[str, str], ...] = ()


def short(title: str) -> str:
    """A title that Canvas takes."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def text(value: str) -> str:
    """Text as the content of an element."""
    value = escape(value, quote=False)
    return value.replace("\r", "&#13;") if "\r" in value else value


def html(markup: str) -> str:
    """HTML as material."""
    return f'<material><mattext texttype="text/html">{text(markup)}</mattext></material>'


def typed(value: str) -> str:
    """Plain text as material."""
    return f'<material><mattext texttype="text/plain">{text(without_illegal(value))}</mattext></material>'


def choices(
    ident: str, labels: Iterable[tuple[str, str]], *, about: str = "", several: bool = False, shuffle: bool = False
) -> str:
    """What is chosen from: pairs of an ident and material. ``about`` is material that says what is asked."""
    rows = "".join(f'<response_label ident="{label}">{material}</response_label>\n' for label, material in labels)
    return (
        f'<response_lid ident="{ident}" rcardinality="{"Multiple" if several else "Single"}">{about}'
        f'<render_choice shuffle="{"Yes" if shuffle else "No"}">\n{rows}</render_choice></response_lid>\n'
    )


def item(ident: str, question: Question, points: float, notes: Iterable[tuple[str, str]] = ()) -> str:
    """A question as an item. ``notes`` are further fields of metadata, which no importer reads."""
    fields = [("question_type", question.type), ("points_possible", number(points)), *notes]
    conditions = question.conditions
    shown = dict(question.feedback)
    if "general_fb" in shown:
        conditions = _always("general_fb") + conditions
    if "general_incorrect_fb" in shown:
        conditions += _always("general_incorrect_fb")
    processing = (
        "<resprocessing>\n"
        '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>\n'
        f"{conditions}</resprocessing>\n"
        if conditions
        else ""
    )
    return (
        f'<item ident="{ident}" title="{escape(question.title)}">\n'
        f"<itemmetadata><qtimetadata>\n{metadata(fields)}</qtimetadata></itemmetadata>\n"
        f"<presentation>\n{html(question.text)}\n{question.response}</presentation>\n"
        f"{processing}{''.join(_feedback(*pair) for pair in question.feedback)}</item>\n"
    )


def metadata(fields: Iterable[tuple[str, str]]) -> str:
    """Fields of metadata: pairs of a label and an entry."""
    return "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{text(entry)}</fieldentry></qtimetadatafield>\n"
        for label, entry in fields
    )


def number(value: float) -> str:
    """A number of points."""
    return quiz.decimal(Decimal(repr(value)))


def _feedback(ident: str, markup: str) -> str:
    # New Quizzes finds feedback only inside flow_mat.
    return f'<itemfeedback ident="{ident}"><flow_mat>{html(markup)}</flow_mat></itemfeedback>\n'


def condition(when: str, score: str = "", *feedback: str, add: bool = False, go_on: bool = False) -> str:
    """What happens ``when`` something is answered: the score is set or added, feedback is shown."""
    set_score = f'<setvar action="{"Add" if add else "Set"}" varname="SCORE">{score}</setvar>' if score else ""
    show = "".join(f'<displayfeedback feedbacktype="Response" linkrefid="{ident}"/>' for ident in feedback if ident)
    return (
        f'<respcondition continue="{"Yes" if go_on else "No"}">'
        f"<conditionvar>{when}</conditionvar>{set_score}{show}</respcondition>\n"
    )


def _always(feedback: str) -> str:
    return condition("<other/>", "", feedback, go_on=True)


def equal(ident: str, value: str, *, case: bool = False) -> str:
    """The answer to ``ident`` is this; ``case`` tells capitals from small letters."""
    how = ' case="Yes"' if case else ""
    return f'<varequal respident="{ident}"{how}>{text(value)}</varequal>'
