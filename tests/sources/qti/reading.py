"""QTI as other programs write it, read: shared by the tests of the source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from cardforge.api import load
from cardforge.model import Deck, to_data

DECLARED = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = MATCH.replace("match_correct", "map_response")


def read(text: str, name: str = "file.xml") -> Deck:
    """The deck in one file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return load(path, "qti")


def read_package(files: Mapping[str, str | bytes]) -> Deck:
    """The deck in a package of these files."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        with ZipFile(path, "w") as package:
            for name, content in files.items():
                package.writestr(name, content)
        return load(path, "qti")


def item_2(body: str, response: str = "", rules: str = MATCH, more: str = "") -> str:
    """An item of QTI 2.1, with a response called RESPONSE, say."""
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="Title">'
        f"{response}{DECLARED}<itemBody>{body}</itemBody>{rules}{more}</assessmentItem>"
    )


def response(correct: str = "", cardinality: str = "single", base_type: str = "identifier", mapping: str = "") -> str:
    """The declaration of RESPONSE; ``correct`` are its right values, with white space between them."""
    values = "".join(f"<value>{value.replace('+', ' ')}</value>" for value in correct.split())
    key = f"<correctResponse>{values}</correctResponse>" if values else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base_type}">'
        f"{key}{mapping}</responseDeclaration>"
    )


def choices(*names: str, feedback: str = "") -> str:
    """A choiceInteraction of these choices."""
    rows = "".join(f'<simpleChoice identifier="{name}">text {name}{feedback}</simpleChoice>' for name in names)
    return f'<p>Which?</p><choiceInteraction responseIdentifier="RESPONSE">{rows}</choiceInteraction>'


def item_1_2(presentation: str, processing: str = "", kind: str = "", more: str = "") -> str:
    """An item of QTI 1.2 in an assessment."""
    fields = (
        f"<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>"
    )
    meta = f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>" if kind else ""
    return (
        '<questestinterop><assessment ident="a1" title="Quiz"><section ident="root_section">'
        f'<item ident="q1" title="Question">{meta}<presentation>{presentation}</presentation>'
        f"<resprocessing>{processing}</resprocessing>{more}</item></section></assessment></questestinterop>"
    )


def text_1_2(text: str) -> str:
    """A material with plain text."""
    return f"<material><mattext>{text}</mattext></material>"


def lid(*labels: str, ident: str = "r", about: str = "", cardinality: str = "Single") -> str:
    """A response_lid with these labels, which are their idents, too."""
    rows = "".join(f'<response_label ident="{label}">{text_1_2(label)}</response_label>' for label in labels)
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{about}<render_choice>{rows}</render_choice>'
        "</response_lid>"
    )


def when(condition: str, score: str = "", feedback: str = "", action: str = "Set", go_on: str = "No") -> str:
    """A respcondition."""
    scored = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{feedback}"/>' if feedback else ""
    return f'<respcondition continue="{go_on}"><conditionvar>{condition}</conditionvar>{scored}{shown}</respcondition>'


def equal(text: str, ident: str = "r") -> str:
    """The answer is this."""
    return f'<varequal respident="{ident}">{text}</varequal>'


def only_item(deck: Deck) -> dict[str, Any]:
    """The deck's one item as plain data."""
    (item,) = to_data(deck)["items"]
    assert isinstance(item, dict)
    return item


def warnings(deck: Deck) -> list[str]:
    """The codes of what was told."""
    return [warning.code for warning in deck.origin.warnings]
