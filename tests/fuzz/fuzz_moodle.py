"""Moodle XML: question banks and glossaries that are almost right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cardforge.diagnostics import InvalidDeck
from cardforge.validation import validate
from cardforge_sources import moodle

_GOLDENS = Path(__file__).parents[1] / "exporters/goldens/moodle"
_OTHERS = """<quiz>
<question type="category"><category><text>$course$/A//B/C</text></category><info format="moodle_auto_format">
<text>a
b</text></info></question>
<question type="cloze"><name><text>n</text></name><questiontext format="html"><text><![CDATA[<p>a
{1:MULTICHOICE:=b#yes~%50%c#half~d} {:SA:%100%e~*#no} {2:NM:=3.5:0.1~%50%4} {1:MR:=f~=g~h}</p>]]></text></questiontext>
</question>
<question type="multichoice"><questiontext format="markdown"><text>*x* ![a](@@PLUGINFILE@@/a.png)</text>
<file name="a.png" path="/" encoding="base64">aGVs
bG8=</file></questiontext><image>b.gif</image><image_base64>aGVsbG8=</image_base64><single>false</single>
<answer fraction="50"><text>a</text><feedback><text>f</text></feedback></answer>
<answer fraction="-33.333"><text>b</text></answer><answer fraction="50"><text>a</text></answer>
<hint format="html"><text>h</text></hint><tags><tag><text>level:beginner</text></tag></tags></question>
<question type="gapselect"><questiontext format="html"><text>a [[1]] [[2]]</text></questiontext>
<selectoption><text>x</text><group>1</group></selectoption><selectoption><text>y</text></selectoption></question>
<question type="matching"><questiontext><text>m</text></questiontext>
<subquestion><text>a</text><answer><text>1</text></answer></subquestion>
<subquestion><text></text><answer><text>2</text></answer></subquestion></question>
<question type="calculated"><name><text>c</text></name></question>
<question type="description"><questiontext><text>d</text></questiontext></question>
</quiz>"""


def seeds() -> Iterable[bytes]:
    """What the exporter writes, and what others do."""
    yield from (file.read_bytes() for file in sorted(_GOLDENS.glob("*.xml")))
    yield _OTHERS.encode()


def one(data: bytes) -> None:
    """Read and validate; whatever is not a deck is refused."""
    try:
        deck = validate(moodle.read(data, Path("fuzz.xml"))).deck
    except InvalidDeck:
        return
    assert deck is not None, "one odd question made the whole file unreadable"
