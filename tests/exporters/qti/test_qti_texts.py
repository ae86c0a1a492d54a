"""Texts in QTI: whatever an author writes is valid where it stands, and no word of it is lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cardforge.model import Deck, Flashcard
from cardforge.text import Html, Text
from cardforge.text.html import sanitise, strip_tags
from cardforge_exporters.mathml import formula
from cardforge_exporters.media_files import MediaFiles
from cardforge_exporters.qti.items import Items
from cardforge_exporters.qti.names import QTI_2_1, QTI_2_2, QTI_3_0, Version
from cardforge_exporters.qti.xhtml import conform
from tests.hanging import ends
from tests.schemas import faults, want_schemas
from tests.text.hostile import hostile_texts
from tests.text.test_maths import GOOD as FORMULAS
from tests.text.test_maths import PIECES

VERSIONS = (QTI_2_1, QTI_2_2, QTI_3_0)
_DECK = Deck(title="Deck", items=(Flashcard(front="a", back="b"),))
_PLACES = (
    '<assessmentItem xmlns="%s" identifier="i" title="t" adaptive="false" timeDependent="false">'
    '<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"/>'
    '<itemBody><div>%s</div><choiceInteraction responseIdentifier="R" maxChoices="1" shuffle="false">'
    '<simpleChoice identifier="a">%s</simpleChoice></choiceInteraction></itemBody>'
    '<modalFeedback outcomeIdentifier="F" identifier="a" showHide="show"><contentBody>%s</contentBody></modalFeedback>'
    "</assessmentItem>"
)


def valid_everywhere(html: str, version: Version) -> None:
    item = version.names(_PLACES) % (version.namespace, html, html, html)
    assert not faults(item.encode()), html


@cache
def _items(version: Version) -> Items:
    return Items(_DECK, version, MediaFiles(_DECK))


class _NoMedia:
    """Stands in for media files that are not there."""

    def name(self, path: str) -> str:
        return f"media/{re.sub('[^a-z0-9.]', '-', path.lower())}"


def html_of(text: Text, version: Version) -> str:
    items = _items(version)
    items._media = _NoMedia()  # type: ignore[assignment]
    return items.html(text)


# --- any HTML ------------------------------------------------------------------------------------

_ELEMENTS = """a abbr article aside audio b bdi blockquote br caption center code col colgroup dd del details div dl dt
    em figcaption figure font h1 h3 hgroup hr i img ins li map mark nav ol p picture pre q rb rp rt ruby s section
    small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul video wbr""".split()
_ATTRIBUTES = """ | class="x y"| class="1"| id="a"| lang="en"| lang="x y"| style="color: red"| dir="rtl"| title="t & u"
    | href="http://x.org/?a=1&amp;b=é "| href="#a"| href="http://[x"| src="a b.png"| src="c.mp3" controls
    | colspan="2"| colspan="0"| rowspan="x"| scope="row"| align="left"| start="3"| start="-1"| value="7"| reversed
    | width="10"| width="10%"| height="0"| alt="d" """.replace("\n", "").split("|")
_TEXT = st.sampled_from(["", "", " ", "x", "a < b & c", "é", "\n", "{{ x }}"])


@cache
def trees() -> st.SearchStrategy[str]:
    leaf = _TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))

    def around(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        def element(name: str, attributes: str, parts: list[str]) -> str:
            return f"<{name}{attributes.rstrip()}>{''.join(parts)}</{name}>"

        return st.builds(
            element, st.sampled_from(_ELEMENTS), st.sampled_from(_ATTRIBUTES), st.lists(inside | leaf, max_size=3)
        )

    return st.lists(st.recursive(leaf, around, max_leaves=12), min_size=1, max_size=3).map("".join)


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@settings(max_examples=50)
@given(trees())
def test_any_html_is_valid(html: str) -> None:
    want_schemas()
    clean = sanitise(html)
    for version in VERSIONS:
        valid_everywhere(conform(clean, version.is_3), version)


@given(trees())
def test_no_text_of_any_html_is_lost(html: str) -> None:
    clean = sanitise(html)
    if "<audio" in clean or "<video" in clean:
        return  # what stands in them is for browsers that know neither
    there = ElementTree.fromstring(f"<div>{conform(clean, has_audio=True)}</div>")
    assert not letters(strip_tags(clean)) - letters("".join(there.itertext()))


@settings(max_examples=50)
@given(hostile_texts, st.booleans())
def test_a_hostile_text_is_valid(written: str, is_html: bool) -> None:
    want_schemas()
    assume(written.strip())
    for version in VERSIONS:
        valid_everywhere(html_of(Html(written) if is_html else written, version), version)


# --- formulas ------------------------------------------------------------------------------------


@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_is_valid(tex: str, display: bool) -> None:
    want_schemas()
    for version in VERSIONS:
        valid_everywhere(conform(formula(tex, display), version.is_3), version)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_any_formula_is_valid(tex: str, display: bool) -> None:
    want_schemas()
    for version in VERSIONS:
        valid_everywhere(conform(formula(tex, display), version.is_3), version)


@pytest.mark.parametrize(
    "tex", ["(" * 1000, r"\langle " * 100, r"(\frac)2" * 100, r"\newcommand\a[1]{\a{#1#1}}\a x", "x)" * 4000]
)
def test_a_hostile_formula_is_written(tex: str) -> None:
    ends(formula, tex, True)


def test_a_style_of_mathml_core_stands_in_an_mstyle() -> None:
    made = conform(formula(r"\dfrac12", False), has_audio=False)
    assert '<mstyle displaystyle="true"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>' in made


# --- what becomes of HTML ------------------------------------------------------------------------

EXAMPLES = {
    "a <b>b</b> c": "a <b>b</b> c",
    "<p>a</p>b": "<p>a</p>b",
    "<b>a<p>b</p>c</b>": "<b>a</b><p>b</p><b>c</b>",
    "<blockquote>a <i>b</i><p>c</p></blockquote>": "<blockquote><p>a <i>b</i></p><p>c</p></blockquote>",
    "<u>a</u> <s>b</s>": '<span class="u">a</span> <span class="s">b</span>',
    "<section><h2>a</h2>b</section>": "<div><h2>a</h2>b</div>",
    "<details><summary>a</summary>b</details>": "<div><div><strong>a</strong></div>b</div>",
    "<ul>a<li>b</li></ul>": "<ul><li>a</li><li>b</li></ul>",
    '<ol start="3"><li>a</li><li>b</li></ol>': "<div><div>3. a</div><div>4. b</div></div>",
    '<ol start="1"><li>a</li></ol>': "<ol><li>a</li></ol>",
    "<dl><dt>a</dt><dd>b</dd></dl>": "<dl><dt>a</dt><dd>b</dd></dl>",
    "<table><thead><tr><th>a</th></tr></thead></table>": "<table><tbody><tr><th>a</th></tr></tbody></table>",
    "<table><caption>a</caption><tr><td>b</td></tr></table>": (
        "<div>a</div><table><tbody><tr><td>b</td></tr></tbody></table>"
    ),
    '<p style="color: red" id="x" class="y">a</p>': '<p class="y">a</p>',
    '<p lang="de">a</p>': '<p xml:lang="de">a</p>',
    '<a href="http://x.org/?a=1&amp;b=2">a</a>': '<a href="http://x.org/?a=1&amp;b=2">a</a>',
    "<a>a</a>": "<span>a</span>",
    '<abbr title="as soon as possible">asap</abbr>': "<abbr>asap</abbr> (as soon as possible)",
    "<ruby>漢<rt>kan</rt></ruby>": '<span class="ruby">漢<span class="rt">(kan</span>)</span>',
    '<img src="a.png" title="a dot">': '<img src="a.png" alt="a dot"/>',
    "<pre><code>a\n  b</code></pre>": "<pre><span>a\n  b</span></pre>",
    "a<hr>b": "a<hr/>b",
    "a<h2></h2>b": "a<h2></h2>b",
    "a<p> </p>b": "a<p> </p>b",
    "a<blockquote></blockquote>b": "a<blockquote></blockquote>b",
    "<ul><li></li><li>a</li></ul>": "<ul><li></li><li>a</li></ul>",
    "<dl><dt>a</dt><dd></dd></dl>": "<dl><dt>a</dt><dd></dd></dl>",
    "<table><tr><td>a</td><td></td></tr></table>": "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>",
    '<pre><code class="language-py"></code></pre>': '<pre><span class="language-py"></span></pre>',
    "a<code> </code>b": "a<code> </code>b",
    'a<a href="http://x.org"></a>b': 'a<a href="http://x.org"></a>b',
}


@pytest.mark.parametrize("html", EXAMPLES)
def test_html_becomes_what_the_schemas_know(html: str) -> None:
    assert conform(sanitise(html), has_audio=False) == EXAMPLES[html]


@pytest.mark.parametrize(
    ("has_audio", "expected"),
    [
        (True, 'a<audio src="b.mp3" controls="true"></audio>'),
        (False, 'a<object data="b.mp3" type="audio/mpeg"><a href="b.mp3">b.mp3</a></object>'),
    ],
)
def test_sound_is_played_by_what_the_version_has(has_audio: bool, expected: str) -> None:
    assert conform('a<audio src="b.mp3" controls="controls"></audio>', has_audio) == expected
