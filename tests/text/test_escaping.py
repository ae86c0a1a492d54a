"""Plain text as Markdown: it shows what it was, whatever is in it."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import Dialect, as_markdown, lines_as_markdown, render
from cardforge.text.html import without_illegal
from cardforge.text.render import mathjax
from tests.text.hostile import hostile_texts

MATHJAX = Dialect(mathjax)
SIGNS = st.text("\\`*_[]<>&$~|{}#+-=.:)( \t\n!\"'1ax/;^\xa0\u3000é", max_size=30)


def shown(html: str) -> str:
    """HTML without the white space and the control characters that do not show."""
    return re.sub(r"[ \t\n\f\r]+", " ", re.sub(r"[\x0b\x1c-\x1f\x7f-\x9f]", "", html)).strip(" ")


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        ("plain text", "plain text"),
        ("costs $5 and $10", "costs $5 and $10"),
        ("$x$", r"\$x\$"),
        ("2 * 3, a * b", "2 * 3, a * b"),
        ("*word*", r"\*word\*"),
        ("snake_case", "snake_case"),
        ("_word_", r"\_word\_"),
        ("1. May", r"1\. May"),
        ("10) x", r"10\) x"),
        ("# title", r"\# title"),
        ("#tag", "#tag"),
        ("- entry", r"\- entry"),
        ("-5", "-5"),
        ("---", r"\---"),
        ("> quote", r"\> quote"),
        ("a < b", "a < b"),
        ("List<int>", r"List\<int>"),
        ("&amp;", r"\&amp;"),
        ("Q&A", "Q&A"),
        ("[a](b)", r"\[a](b)"),
        (r"C:\new", r"C:\\new"),
        ("  a \t b  ", "a b"),
        ("", ""),
    ],
)
def test_only_what_would_be_markup_is_escaped(line: str, markdown: str) -> None:
    assert as_markdown(line) == markdown


@given(st.one_of(hostile_texts.map(lambda text: text.replace("\0", "")), SIGNS))
def test_a_line_shows_as_it_is(line: str) -> None:
    assert shown(render(as_markdown(line), MATHJAX)) == shown(without_illegal(escape(line, quote=False)))


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("one\ntwo", "one\\\ntwo"),
        ("one\r\ntwo\rthree", "one\\\ntwo\\\nthree"),
        ("one\n\n \n\ntwo\n", "one\n\ntwo"),
        ("title\n===", "title\\\n\\==="),
        ("title\n---", "title\\\n\\---"),
        ("a | b\n--|--", "a | b\\\n\\--|--"),
        ("costs $x\nand y$", "costs \\$x\\\nand y\\$"),
        ("    indented", "indented"),
    ],
)
def test_lines_stay_lines(text: str, markdown: str) -> None:
    assert lines_as_markdown(text) == markdown


@given(st.lists(SIGNS.map(lambda line: line.replace("\n", " ")), max_size=4))
def test_each_line_shows_as_it_is(lines: list[str]) -> None:
    html = render(lines_as_markdown("\n".join(lines)), MATHJAX)
    for tag in ("<p>", "</p>", "<br />"):
        html = html.replace(tag, " ")
    assert shown(html) == shown(escape("\n".join(lines), quote=False))
