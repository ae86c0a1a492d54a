"""Deletions as blanks to be typed into."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from cardforge import Deck
from cardforge.model import Cloze
from cardforge.text import Dialect, Html, Text
from cardforge.text.render import mathjax
from cardforge_exporters.blanks import Blank, blanks, typed_formulas, untypable, with_blanks
from tests.strategies import clozes

PLAIN = Dialect(maths=mathjax)


def shown(text: Text) -> str:
    return with_blanks(Cloze(text=text), PLAIN, str, lambda index, blank: f"[{index}:{blank.answer}]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The {{c1::heart}} pumps.", "The [0:heart] pumps."),
        ("{{c2::a}} and {{c1::b}}", "[0:a] and [1:b]"),
        ("**{{c1::heart}}**", "<strong>[0:heart]</strong>"),
        ("{{c1::a *slanted* word}}", "[0:a slanted word]"),
        ("$E = {{c1::mc^2}}$", r"\(E = {[\ldots]}\)[0:mc^2]"),
        ("{{c1::$mc^2$}}", "[0:mc^2]"),
        ("{{c1::![a leaf](leaf.png)}}", "[0:a leaf]"),
    ],
)
def test_a_deletion_becomes_a_blank(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_html_keeps_its_markup_around_a_blank() -> None:
    assert shown(Html("<p>The <b>{{c1::<i>big</i> heart}}</b></p>")) == "<p>The <b>[0:big heart]</b></p>"


def test_a_blank_has_its_hint_as_plain_text() -> None:
    assert blanks(Cloze(text="The {{c1::heart::an *organ*}}")) == (Blank("heart", "an organ"),)


def test_a_formula_that_has_to_be_typed_is_reported() -> None:
    deck = Deck(title="T", items=(Cloze(text="$E = {{c1::mc^2}}$ in {{c2::joule}}"),))
    assert [loss.how for loss in typed_formulas(deck)] == ["the answer 'mc^2' has to be typed as LaTeX"]


def test_an_image_without_a_description_cannot_be_typed() -> None:
    deck = Deck(title="T", items=(Cloze(text="See {{c1::![](leaf.png)}}"),))
    assert [(problem.code, problem.at) for problem in untypable(deck)] == [("blank-not-typed", ("items", 0, "text"))]


@given(clozes())
def test_every_deletion_of_any_cloze_becomes_one_blank_in_its_order(item: Cloze) -> None:
    html = with_blanks(item, PLAIN, str, lambda index, _: f"\ufdd0{index}\ufdd1")
    assert re.findall("\ufdd0(\\d+)\ufdd1", html) == [str(n) for n in range(len(blanks(item)))]


@given(clozes())
def test_no_blank_stands_in_a_tag(item: Cloze) -> None:
    html = with_blanks(item, PLAIN, str, lambda *_: "\ufdd0")
    assert not re.search("<[^<>]*\ufdd0[^<>]*>", html)


@pytest.mark.parametrize("answer", ["1. FC Köln", "- 273,15 °C", "+ 5", "> 5", "# define", "2) b", "*", "#", "-", "1."])
def test_what_would_begin_a_block_on_a_line_of_its_own_is_text_in_a_blank(answer: str) -> None:
    assert blanks(Cloze(text=f"Der {{{{c1::{answer}::{answer}}}}} hat")) == (Blank(answer, answer),)


def test_an_image_in_html_is_typed_by_its_description() -> None:
    assert shown(Html('see {{c1::<img src="a.png" alt="a leaf">}}')) == "see [0:a leaf]"


@pytest.mark.parametrize("text", ["`{}`", "x `y {} z`", "```py\nx = {}\n```", "~~~\n{}\n~~~", "a\n\n    {}"])
@pytest.mark.parametrize("answer", ["__init__", "a*b*c", r"\*", "$x$", "&amp;", "[a](b)"])
def test_what_stands_in_code_is_typed_as_it_stands(text: str, answer: str) -> None:
    (blank,) = blanks(Cloze(text=text.format(f"{{{{c1::{answer}}}}}")))
    assert (blank.answer, blank.is_formula) == (answer, False)


def test_what_stands_beside_code_is_typed_as_it_is_shown() -> None:
    assert [blank.answer for blank in blanks(Cloze(text="`{{c1::__a__}}` {{c2::`__b__`}} {{c3::__c__}}"))] == [
        "__a__",
        "__b__",
        "c",
    ]
