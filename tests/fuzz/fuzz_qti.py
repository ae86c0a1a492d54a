"""QTI: packages, tests and items that are almost right.

Random bytes seldom give well-formed XML, which is refused at once, so what was mutated is read as it is, and a second
time as the tree that a forgiving parser makes of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from lxml import etree

from cardforge.api import export, load
from cardforge.diagnostics import InvalidDeck, Severity
from cardforge.validation import Validated, validate
from cardforge_sources.qti import QtiSource

_GOLDENS = Path(__file__).parents[1] / "exporters/goldens"
_FOLDER = Path(tempfile.mkdtemp(prefix="cardforge-fuzz-qti-"))
_FORGIVING = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
_RULES = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">
<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier"><correctResponse>
<value>A</value><value>B</value></correctResponse></responseDeclaration>
<responseDeclaration identifier="N" cardinality="single" baseType="float"/>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p>Say <textEntryInteraction responseIdentifier="N"/> and</p><choiceInteraction responseIdentifier="RESPONSE">
<prompt>p</prompt><simpleChoice identifier="A">a<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">f
</feedbackInline></simpleChoice><simpleChoice identifier="B">b</simpleChoice><simpleChoice identifier="C">c
</simpleChoice></choiceInteraction></itemBody><responseProcessing><responseCondition><responseIf><and><equal
toleranceMode="absolute" tolerance="0.1 0.2"><variable identifier="N"/><baseValue baseType="float">3.5</baseValue>
</equal><member><baseValue baseType="identifier">A</baseValue><variable identifier="RESPONSE"/></member></and>
<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><product><baseValue baseType="float">2
</baseValue><baseValue baseType="float">1e3</baseValue></product></sum></setOutcomeValue></responseIf>
<responseElseIf><equalRounded figures="3" roundingMode="decimalPlaces"><variable identifier="N"/><baseValue
baseType="float">3.1415</baseValue></equalRounded><exitResponse/></responseElseIf><responseElse><setOutcomeValue
identifier="SCORE"><divide><variable identifier="N"/><containerSize><variable identifier="RESPONSE"/></containerSize>
</divide></setOutcomeValue></responseElse></responseCondition></responseProcessing></assessmentItem>"""
_GAPS = """<assessmentItem identifier="g" title="g"><responseDeclaration identifier="RESPONSE" cardinality="multiple"
baseType="directedPair"><correctResponse><value>W1 G1</value><value>W2 G2</value></correctResponse>
</responseDeclaration><itemBody><gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W1">x</gapText>
<gapText identifier="W2">y</gapText><gapText identifier="W3">z</gapText><p>a <gap identifier="G1"/> b <gap
identifier="G2"/></p></gapMatchInteraction></itemBody><responseProcessing
template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""
_OLD = """<questestinterop><assessment ident="a" title="t"><section title="s"><item ident="i" title="n"><itemmetadata>
<qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>multiple_dropdowns_question</fieldentry>
</qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext texttype="text/html">a [x] [y]</mattext>
</material><response_lid ident="response_x"><render_choice><response_label ident="1"><material><mattext>b</mattext>
</material></response_label><response_label ident="2"><material><mattext>c</mattext></material></response_label>
</render_choice></response_lid><response_lid ident="response_y"><render_choice><response_label ident="3"><material>
<mattext>d</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><outcomes>
<decvar maxvalue="100" varname="SCORE"/></outcomes><respcondition><conditionvar><varequal respident="response_x">1
</varequal></conditionvar><setvar action="Add" varname="SCORE">50</setvar></respcondition><respcondition><conditionvar>
<varequal respident="response_y">3</varequal></conditionvar><setvar action="Add" varname="SCORE">50</setvar>
</respcondition></resprocessing></item><item ident="n"><presentation><flow><material><mattext>g?</mattext></material>
<response_num ident="r"><render_fib fibtype="Decimal"><response_label ident="l"/></render_fib></response_num></flow>
</presentation><resprocessing><respcondition><conditionvar><vargte respident="r">9.7</vargte><varlte respident="r">9.9
</varlte></conditionvar><setvar>1</setvar><displayfeedback linkrefid="f"/></respcondition></resprocessing><itemfeedback
ident="f"><material><mattext>ok</mattext></material></itemfeedback></item></section></assessment></questestinterop>"""


def seeds() -> Iterable[bytes]:
    """What the exporters write, as packages and file by file, and what others do."""
    yield from (text.encode() for text in (_RULES, _GAPS, _OLD))
    deck = load(_GOLDENS / "qti/deck.yaml")
    for target in ("qti21", "qti30", "canvas"):
        with ZipFile(BytesIO(export(deck, target, now=0).data)) as package:
            files = {name: package.read(name) for name in package.namelist()}
        yield from (data for name, data in files.items() if name.endswith(".xml") and name != "imsmanifest.xml")
        plain = BytesIO()
        with ZipFile(plain, "w", ZIP_STORED) as package:  # so that what is mutated is the XML
            for name, data in files.items():
                package.writestr(name, data)
        yield plain.getvalue()


def one(data: bytes) -> None:
    """Read and validate; whatever is not a deck is refused."""
    _read(data)
    if not data.startswith(b"PK"):
        try:
            root = etree.fromstring(data, _FORGIVING)
        except etree.XMLSyntaxError:
            return
        if root is not None:
            _read(etree.tostring(root))


def _read(data: bytes) -> None:
    path = _FOLDER / "fuzz.xml"
    path.write_bytes(data)
    try:
        validated = validate(QtiSource().read(path))
    except InvalidDeck:
        return
    assert validated.deck is not None, f"one odd question made the whole file unreadable: {_errors(validated)}"


def _errors(validated: Validated) -> list[str]:
    return [str(found) for found in validated.diagnostics if found.severity is Severity.ERROR]
