"""Text to HTML: the same for plain and parsed text, and well-formed whatever is in it."""

import xml.etree.ElementTree as ET
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cardforge.text import Dialect, Html, MediaKind, render
from cardforge.text.content import is_plain
from cardforge.text.render import _renderer, mathjax
from tests.hanging import ends
from tests.text.hostile import hostile_texts

MATHJAX = Dialect(mathjax)
to_html = partial(render, dialect=MATHJAX)


def parsed(text: str) -> str:
    """What markdown-it makes of a single paragraph, without the fast path."""
    markdown_it, _ = _renderer()
    html = str(markdown_it.render(text, {"dialect": MATHJAX}))
    return html.removeprefix("<p>").removesuffix("</p>\n")


def assert_well_formed(html: str) -> None:
    ET.fromstring(f"<div>{html}</div>")


# --- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("plain", "plain"),
        ("**bold** and *slanted*", "<strong>bold</strong> and <em>slanted</em>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("a  \nb", "a<br />\nb"),
        ("~~no~~", "<s>no</s>"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1"),
        ("List<int> and Map<K, V>", "List&lt;int&gt; and Map&lt;K, V&gt;"),
        ("a <b>x</b>", "a <b>x</b>"),
        ("[a](http://b.c/?d&e)", '<a href="http://b.c/?d&amp;e">a</a>'),
        ('![a "b"](c.png)', '<img src="c.png" alt="a &quot;b&quot;" />'),
        ("![a](c%20d.png 'e')", '<img src="c d.png" alt="a" title="e" />'),
        ("![](a.mp3)", '<audio controls="controls" src="a.mp3"></audio>'),
        ("![](a.webm)", '<video controls="controls" src="a.webm"></video>'),
        ("&amp; &copy; &nbsp;x", "&amp; © \xa0x"),
        ("{{c1::a}}", "{{c1::a}}"),
        ("]]>", "]]&gt;"),
        ("a\x1fb", "ab"),
        ("a\ufffeb", "ab"),
        ("```\n<x>\n```", '<pre class="highlight"><code>&lt;x&gt;\n</code></pre>'),
        ("```nonsense\nx\n```", '<pre class="highlight"><code class="language-nonsense">x\n</code></pre>'),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_a_table_is_a_table() -> None:
    assert "<td>c</td>" in to_html("|a|b|\n|-|-|\n|c|d|")


def test_code_is_highlighted_by_class() -> None:
    assert '<span class="k">def</span>' in to_html("```python\ndef f(): ...\n```")


def test_a_deletion_in_code_stays_in_one_piece() -> None:
    assert "{{c1::def}}" in to_html("```python\n{{c1::def}} f(): ...\n```")


@pytest.mark.parametrize("text", ["data:image/png;base64,AA", "javascript:alert(1)", "file:///etc/passwd"])
def test_an_image_that_is_code_stays_text(text: str) -> None:
    assert to_html(f"![a]({text})") == f"![a]({text})"


# --- maths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("$x^2$", r"\(x^2\)"),
        ("a $x$ b $y$", r"a \(x\) b \(y\)"),
        ("$$x$$", r"<p>\[x\]</p>"),
        ("a $$x$$ b", r"a \[x\] b"),
        ("$a < b & c$", r"\(a &lt; b &amp; c\)"),
        (r"\$x\$", "$x$"),
        ("$5 and $10", "$5 and $10"),
        ("$x$ is 5", r"\(x\) is 5"),
        ("5$x$", "5$x$"),
        ("$ x$ and $x $", "$ x$ and $x $"),
        (r"a \\$x$", r"a \\(x\)"),
        (r"$\$$ and $x\$$", r"\(\$\) and \(x\$\)"),
        ("it costs $5.", "it costs $5."),
        ("`$x$`", "<code>$x$</code>"),
        ("**$x_1$ and $x_2$**", r"<strong>\(x_1\) and \(x_2\)</strong>"),
        ("- $x$", "<ul>\n<li>\\(x\\)</li>\n</ul>"),
        ("> $x$", "<blockquote>\n<p>\\(x\\)</p>\n</blockquote>"),
        ("$x*y*z$", r"\(x*y*z\)"),
        ("<b>$x < y$</b>", r"<b>\(x &lt; y\)</b>"),
        ("$a\x1fb$", r"\(ab\)"),
    ],
)
def test_maths_reach_the_dialect_untouched(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("|  | a |\n|---|---|\n| b | c |", "<td></td>\n<th>a</th>"),
        ("|  | a |\n|:-:|---|\n| b | c |", '<td style="text-align:center"></td>\n<th>a</th>'),
        (Html('<table><tr><th scope="col" class="x"> </th><th scope="col">a</th></tr></table>'), '<td class="x"></td>'),
        (Html("<table><tr><th></th><th>a</th></tr></table>"), "<td></td><th>a</th>"),
        ("<table><tr><th></th><th>a</th></tr></table>", "<td></td><th>a</th>"),
    ],
)
def test_a_header_without_a_text_is_a_cell(text: str | Html, row: str) -> None:
    assert row in to_html(text)


@pytest.mark.parametrize("header", ["$x$", "![a](b.png)", "![](a.mp3)"])
def test_a_header_with_a_formula_or_a_medium_is_a_header(header: str) -> None:
    assert "<td></td>" not in to_html(f"| {header} | a |\n|---|---|\n| b | c |")


def test_maths_in_a_table_cell() -> None:
    assert r"<td>\(x\)</td>" in to_html("|a|b|\n|-|-|\n|$x$|d|")


def test_maths_are_not_sanitised() -> None:
    dialect = Dialect(maths=lambda tex, display: f"<math><mi>{tex}</mi></math>")
    assert render("<b>$x$</b>", dialect) == "<b><math><mi>x</mi></math></b>"


# --- media, players, literals --------------------------------------------------------------------


def test_every_media_path_is_mapped_once() -> None:
    text = '![](a%20b.png) <img src=\'a b.png\'> <video src="c.mp4" poster="p.png"></video>'
    asked: list[str] = []

    def source(path: str) -> str:
        asked.append(path)
        return f"media/{path.replace(' ', '%20')}"

    html = render(text, MATHJAX, source)
    assert html.count('"media/a%20b.png"') == 2
    assert '"media/c.mp4" poster="media/p.png"' in html
    assert sorted(asked) == ["a b.png", "a b.png", "c.mp4", "p.png"]


def test_html_media_are_mapped() -> None:
    html = render(Html('<img alt="a > b" src="a%20b.png">'), MATHJAX, lambda path: f"[{path}]")
    assert html == '<img alt="a &gt; b" src="[a b.png]" />'


def test_a_player_is_the_dialects_own() -> None:
    dialect = Dialect(mathjax, player=lambda address, kind: f"[{kind.value}:{address}]")
    assert render("![](a.mp3) <b>x</b>", dialect) == "[audio:a.mp3] <b>x</b>"


def test_literal_sees_the_text_and_neither_maths_nor_players() -> None:
    dialect = Dialect(
        maths=lambda tex, display: "{{maths}}",
        player=lambda address, kind: "{{player}}" if kind is MediaKind.AUDIO else "",
        literal=lambda html: html.replace("{{", "{ {"),
    )
    assert render("{{a}} $x$ ![](a.mp3)", dialect) == "{ {a}} {{maths}} {{player}}"


# --- properties ----------------------------------------------------------------------------------


@given(st.text(max_size=40) | hostile_texts | st.text("ab1.)-#>=+!:;,'\"é漢😀 /()%^?@\u200d", max_size=12))
def test_plain_text_renders_to_what_the_parser_makes_of_it(text: str) -> None:
    assume(is_plain(text))
    assert to_html(text) == text == parsed(text)


@given(hostile_texts | st.text())
def test_markdown_is_well_formed_whatever_is_in_it(text: str) -> None:
    assert_well_formed(to_html(text))


@given((hostile_texts | st.text()).filter(lambda text: not text.isspace() and text))
def test_html_is_well_formed_whatever_is_in_it(text: str) -> None:
    assert_well_formed(to_html(Html(text)))


@given(hostile_texts)
def test_rendering_again_gives_the_same(text: str) -> None:
    assert to_html(text) == to_html(text)


@given(hostile_texts)
def test_no_text_can_pose_as_a_formula(text: str) -> None:
    dialect = Dialect(maths=lambda tex, display: "FORMULA")
    assert render(f"$x$ {text.replace('$', '')}", dialect).count("FORMULA") <= 1


@pytest.mark.parametrize(
    "text", ["$x$ &#xE000;99&#xE001;", "$x$ ![](%EE%80%800%EE%80%81.png)", "$x$ &#37;EE%80%80", "$x$ \ue0000\ue001"]
)
def test_a_written_placeholder_is_text(text: str) -> None:
    assert to_html(text).count(r"\(x\)") == 1


def test_half_a_surrogate_pair_is_left_out() -> None:
    assert to_html("a\ud800<b>c</b>") == "a<b>c</b>"


@pytest.mark.parametrize(
    "piece",
    """< [ ] * _ ` ~ $ $$ $x$ | > \\ ! ![ [a]( {{c1:: }} &# <b> </b> <a <a\x20href=" <!-- <? <![CDATA[ "'" ((( **a _a
    a**b <div> `a 1. #""".split(),
)
@pytest.mark.parametrize("make", [str, Html], ids=["markdown", "html"])
def test_a_hundred_kilobytes_of_anything_are_rendered(piece: str, make: type[str] | type[Html]) -> None:
    ends(render, make(piece * (100_000 // len(piece))), MATHJAX)


def test_a_space_that_is_part_of_a_command_ends_the_formula() -> None:
    assert mathjax(r" x\\\ ", display=False) == r"\(x\\\ \)"


def test_a_line_break_needs_no_space_behind_it() -> None:
    assert mathjax("x\\\\ ", display=False) == "\\(x\\\\\\)"


@pytest.mark.parametrize(
    ("html", "rendered"),
    [
        (r"<p>\(a&lt;b\)</p>", r"<p>\(a&lt;b\)</p>"),
        (r"<code>\(x\)</code>", r"<code>/(x/)</code>"),
        (r"\[\frac{\]", r"/[/frac{/]"),
        (r"<b>\(x</b>\)", r"<b>/(x</b>/)"),
    ],
)
def test_in_html_a_formula_that_parses_is_one(html: str, rendered: str) -> None:
    dialect = Dialect(mathjax, literal=lambda text: text.replace("\\", "/"))
    assert render(Html(html), dialect) == rendered
