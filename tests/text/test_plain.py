"""Texts as a reader sees them, without markup."""

import pytest
from hypothesis import given

from cardforge.text import Html, Text, plain
from tests.text.hostile import hostile_texts


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("**bold** and *slanted*", "bold and slanted"),
        ("# Title\n\ntext", "Title text"),
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one two"),
        ("- a\n- b", "- a - b"),
        ("1. January", "1. January"),
        ("> a\n>\n> b", "a b"),
        ("|a|b|\n|-|-|\n|c|d|", "a b c d"),
        ("[link](http://a.b)", "link"),
        ("![a dog](b.png)", "a dog"),
        ("![a *big* dog](b.png) barks", "a big dog barks"),
        ("`x < y`", "x < y"),
        ("```\nx\ny\n```\nz", "x y z"),
        ("$x < y$", "$x < y$"),
        ("$$\nx\n$$\n\ny", "$x$ y"),
        ("&amp; &lt;", "& <"),
        (r"\*not bold\*", "*not bold*"),
        ("a <b>bold</b> $x<y$", "a bold $x<y$"),
        ("<p>one</p><p>two</p>", "one two"),
        ("List<int>", "List<int>"),
        ("{{c1::a::b}}", "{{c1::a::b}}"),
        (Html("<b>a</b>b"), "ab"),
        (Html("<p>one</p><p>two</p>"), "one two"),
        (Html("one<br>two"), "one two"),
        (Html("<ul><li>a<li>b</ul>"), "a b"),
        (Html("<table><tr><td>a<td>b</table>"), "a b"),
        (Html("a &lt; b &amp;&nbsp;c"), "a < b & c"),
        (Html("a<script>b</script>c"), "ac"),
        (Html("a<!-- b -->c"), "ac"),
    ],
)
def test_markup_is_left_out(text: Text, seen: str) -> None:
    assert plain(text) == seen


@given(hostile_texts)
def test_the_result_is_one_line(text: str) -> None:
    assert plain(text) == " ".join(plain(text).split())
