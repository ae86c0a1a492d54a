"""HTML from elsewhere: what becomes Markdown, and that it shows the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import Severity
from cardforge.text import Dialect, Html, Marks, Text, cloze_from_html, deletions, facts, from_html, render
from cardforge.text.cloze import problems
from cardforge.text.content import has_visible
from cardforge.text.html import sanitise, strip_tags
from cardforge.text.reading.marks import Aside, with_anki_aside, with_formulas_aside
from cardforge.text.reading.media import with_deck_paths
from cardforge.text.reading.noise import CONTROLS
from cardforge.text.reading.reader import shape
from cardforge.text.reading.shape import Block, TooStrange
from cardforge_exporters import anki_markup, lms_markup, mathml
from cardforge_exporters.canvas import markup as canvas_markup
from cardforge_exporters.qti.xhtml import conform
from tests.hanging import ends
from tests.strategies import cloze_texts, markdown, texts
from tests.text.hostile import hostile_texts

ANKI = Marks.MATHJAX | Marks.ANKI
LMS = Marks.MATHJAX | Marks.DOLLARS
DIALECTS = [
    pytest.param(anki_markup.DIALECT, ANKI, id="anki"),
    pytest.param(lms_markup.DIALECT, LMS, id="moodle"),
    pytest.param(canvas_markup.DIALECT, LMS, id="canvas"),
]
PREFIXES = ("@@PLUGINFILE@@/", "$IMS-CC-FILEBASE$/")


BARE = Dialect(lambda tex, _display: tex)


def without_prefix(address: str) -> str:
    for prefix in PREFIXES:
        address = address.removeprefix(prefix)
    return address


def seen(html: str, marks: Marks) -> tuple[Block, ...] | str:
    """What a browser shows of HTML in a program that reads these marks."""
    aside = Aside(html)
    if Marks.ANKI in marks:
        html = with_anki_aside(html, aside, str)
    html = with_deck_paths(html, str, lambda tex, original: aside.formula(tex, False, original))
    html = sanitise(with_formulas_aside(html, aside, marks))
    try:
        return shape(aside.xhtml(html))
    except TooStrange:
        return " ".join(CONTROLS.sub("", html).split())


# --- what becomes of what ------------------------------------------------------------------------

_, *_CASES = Path(__file__).with_suffix("").with_name("from_html.cases").read_text("utf-8").split("\n", 1)
CASES = [case.split("\n----\n") for case in _CASES[0].removesuffix("\n====\n").split("\n====\n")]


@pytest.mark.parametrize(("html", "expected"), CASES, ids=[case[0][:40] for case in CASES])
def test_a_case_of_the_table(html: str, expected: str) -> None:
    text = from_html(html, without_prefix)
    assert (f"html: {text.html}" if isinstance(text, Html) else text) == expected


@pytest.mark.parametrize("html", ["", " \n", "<p></p>", "<p>&nbsp;</p><br>", "<b></b><!-- x -->", "\u200b"])
def test_nothing_to_see_is_no_text(html: str) -> None:
    assert from_html(html) == ""


@pytest.mark.parametrize(
    ("html", "asked"),
    [
        ('<img src="@@PLUGINFILE@@/a%20b.png">', "@@PLUGINFILE@@/a b.png"),
        ('<img src="$IMS-CC-FILEBASE$/a&amp;b.png">', "$IMS-CC-FILEBASE$/a&b.png"),
        ("<img src=fig.png>", "fig.png"),
        ("<IMG SRC='gr%C3%B6%C3%9Fe.png' onerror=\"x\">", "größe.png"),
        ('<video poster="p%25.png"></video>', "p%.png"),
        ('<audio><source src="a.mp3"></audio>', "a.mp3"),
        ("[sound:a%20b.mp3]", "a%20b.mp3"),
        ('<object data="a%20b.mp3" type="audio/mpeg"></object>', "a b.mp3"),
    ],
)
def test_the_source_is_asked_about_a_decoded_address(html: str, asked: str) -> None:
    addresses = []
    from_html(html, lambda address: addresses.append(address) or "x")  # type: ignore[func-returns-value]
    assert addresses[:1] == [asked]


@pytest.mark.parametrize(
    "path", ["a b.png", "a%20b.png", "100%.png", "a(1).png", "größe&amp;.png", "a<b>.png", "日本.png"]
)
@pytest.mark.parametrize("html", ['<img src="x">', '<img src="x" width="9">', '<img src="x" onerror="y">'])
def test_a_path_comes_through_to_the_renderer(html: str, path: str) -> None:
    rendered: list[str] = []
    text = from_html(html, lambda _: path)
    render(text, BARE, lambda path: rendered.append(path) or "x")  # type: ignore[func-returns-value]
    assert rendered == [path]


def test_what_the_sanitiser_would_take_is_reported() -> None:
    text = from_html('<p onclick="x">a</p><script>b</script>')
    assert [problem.code for problem in facts(text).problems] == ["html-removed", "html-removed"]


def test_a_formula_that_does_not_parse_does_no_harm() -> None:
    assert facts(from_html(r"<p>\(\frac{1\)</p>")).problems == ()


def test_dollars_are_text_for_anki() -> None:
    assert from_html("$$x$$", marks=ANKI) == r"\$\$x\$\$"


def test_a_sound_is_text_elsewhere() -> None:
    assert from_html("[sound:a.mp3]", marks=LMS) == r"\[sound:a.mp3]"


# --- deletions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("{{c1::a}} b", "{{c1::a}} b"),
        ("{{c1::<b>a</b>::<i>hint</i>}}", "{{c1::**a**::*hint*}}"),
        ("<div>{{c1::a<br>b}}</div>", "{{c1::a\\\nb}}"),
        (r"{{c1::\(x^{2}\)}}", "{{c1::$x^{2}$}}"),
        ("{{c1::1. May}}", "{{c1::1. May}}"),
        ('{{c1::<img src="a.png">}}', "{{c1::![](a.png)}}"),
        ("<code>{{c1::a}}</code>", "`{{c1::a}}`"),
        ("<code>{{c1::*a*}}</code>", Html("<code>{{c1::*a*}}</code>")),
        ("<b>{{c1::a</b> b}}", Html("<b>{{c1::a</b> b}}")),
    ],
)
def test_a_deletion_holds_what_it_held(html: str, text: Text) -> None:
    assert cloze_from_html(html) == text


@pytest.mark.parametrize(("dialect", "marks"), [pytest.param(anki_markup.CLOZE_DIALECT, ANKI, id="anki")])
@given(text=cloze_texts())
def test_a_cloze_text_keeps_its_deletions(dialect: Dialect, marks: Marks, text: Text) -> None:
    html = render(text, dialect)
    back = cloze_from_html(html, marks=marks)
    written = back.html if isinstance(back, Html) else back
    was = {problem.code for problem in problems(html)}
    assert {problem.code for problem in problems(written)} == was
    assert [d.number for d in deletions(written)] == [d.number for d in deletions(html)]


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize(("dialect", "marks"), DIALECTS)
@given(text=texts())
def test_what_was_exported_comes_back(dialect: Dialect, marks: Marks, text: Text) -> None:
    html = render(text, dialect)
    back = from_html(html, marks=marks)
    assert seen(render(back, dialect) if back else "", marks) == seen(html, marks)


@pytest.mark.parametrize("has_audio", [True, False], ids=["qti 3", "qti 2"])
@given(text=texts())
def test_what_qti_holds_comes_back(has_audio: bool, text: Text) -> None:
    dialect = Dialect(mathml.formula)
    html = conform(render(text, dialect), has_audio)
    back = from_html(html, marks=Marks.MATHJAX)
    assert seen(conform(render(back, dialect), has_audio), Marks.MATHJAX) == seen(html, Marks.MATHJAX)


@given(text=markdown())
def test_markdown_comes_back_as_markdown(text: str) -> None:
    html = render(text, lms_markup.DIALECT)
    if not re.search(r"<[A-Za-z!?/]", text):
        assert isinstance(from_html(html, marks=LMS), str)


PIECES = "<b> </b> <i> </i> <s> </s> <u> </u> <sub> </sub> <p> </p> <div> </div> <br> <code> </code> <ul> <li> </ul> <ol> <table> <tr> <td>"
PIECES += " word 1 . * ** _ $ ~ ` ! [ ] ( ) - # > + = | \\ &amp; &lt; &nbsp; é 「 <a&#32;href=x> </a> <img&#32;src=x>"
FRAGMENTS = st.lists(
    st.sampled_from([*(piece.replace("&#32;", " ") for piece in PIECES.split()), " ", " "]), max_size=14
)


@given(FRAGMENTS.map("".join))
def test_simple_html_becomes_markdown_that_shows_the_same(html: str) -> None:
    text = from_html(html, marks=Marks(0))
    if text == "":
        assert not has_visible(strip_tags(sanitise(html)))
    elif isinstance(text, str):
        assert seen(render(text, BARE), Marks(0)) == seen(html, Marks(0))


# --- anything ------------------------------------------------------------------------------------


@given(hostile_texts)
def test_whatever_comes_in_shows_the_same(html: str) -> None:
    text = from_html(html, marks=Marks(0))
    if text == "":
        assert not has_visible(strip_tags(sanitise(html)))
    elif isinstance(text, str):
        assert seen(render(text, BARE), Marks(0)) == seen(html, Marks(0))


@given(hostile_texts)
def test_whatever_comes_in_can_be_checked(html: str) -> None:
    for text in (from_html(html), cloze_from_html(html)):
        wrong = {p.code for p in facts(text).problems if p.severity is Severity.ERROR} if text else set()
        assert wrong <= {"empty-text", "media-empty", "too-deep"}


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<a ", "<a '", '<a "', "<!--", "<!-", "&", "&#x3c;", "[", "[sound:", "[latex]", "\\(", "\\(a\\["),
        *("<math>", '<math><annotation encoding="TeX">', '<script type="math/tex">', "<object data=a.mp3>"),
        *("<a href=a.mp3>", "<b>", "<div>", "<br>", "*a ", "`a", "{{c1::", "]]>", "\0"),
        *("\ud800", "\ue000", "\u200b\xa0", "a\n"),
    ],
)
def test_what_has_no_end_is_looked_for_once(piece: str) -> None:
    ends(cloze_from_html, piece * (600_000 // len(piece)))


@pytest.mark.parametrize("piece", ["[$]", "$$a", "$", "<p>a", "<i>a</i><b>b</b>"])
def test_many_formulas_and_elements_are_read_in_one_pass(piece: str) -> None:
    ends(cloze_from_html, piece * (200_000 // len(piece)))
