"""The deletions of a cloze text, and what is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.text import Deletion, deletions, facts
from cardforge.text.cloze import HIGHEST, problems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{c1::a}}", [(1, "a", None)]),
        ("x {{c1::a}} y {{c2::b}} z", [(1, "a", None), (2, "b", None)]),
        ("{{c2::a}}{{c1::b}}{{c2::c}}", [(2, "a", None), (1, "b", None), (2, "c", None)]),
        ("{{c1::a::hint}}", [(1, "a", "hint")]),
        ("{{c1::a::}}", [(1, "a", "")]),
        ("{{c1::a::b::c}}", [(1, "a", "b::c")]),
        ("{{c499::a}}", [(499, "a", None)]),
        ("{{c1::a: b}}", [(1, "a: b", None)]),
        ("{{c1::a } b}}", [(1, "a } b", None)]),
        ("{{c1::one\ntwo\n\nthree}}", [(1, "one\ntwo\n\nthree", None)]),
        ("{{c1::**a** ![](b.png)}}", [(1, "**a** ![](b.png)", None)]),
        ("{{c1::$x$}}", [(1, "$x$", None)]),
        ("{{c1::$x^{y^{z}}$}}", [(1, "$x^{y^{z}}$", None)]),
        ("{{c1::$$\\frac{a}{b_{c}}$$::fraction}}", [(1, "$$\\frac{a}{b_{c}}$$", "fraction")]),
        ("{{c1::$a::b}}$}}", [(1, "$a::b}}$", None)]),
        ("{{c1::costs $5}} and {{c2::$10}}", [(1, "costs $5", None), (2, "$10", None)]),
        (r"{{c1::costs \$5}} x $y$", [(1, r"costs \$5", None)]),
        ("$x = {{c1::y}}$", [(1, "y", None)]),
        ("{{cat}} {{ x }} {{c1::a}}", [(1, "a", None)]),
        ("{{c1::![](a.mp3)}}", [(1, "![](a.mp3)", None)]),
        ("{{c1::[a](b)}}", [(1, "[a](b)", None)]),
        ("```\n{{c1::<i>}}\n```", [(1, "<i>", None)]),
        ("`{{c1::<i>}}`", [(1, "<i>", None)]),
        ("```py\nx = {{c1::1}}\n```", [(1, "1", None)]),
        ("```html\n<b title='{{c1::a}}'>\n```", [(1, "a", None)]),
        ("$<$ {{c1::$x<y$}}", [(1, "$x<y$", None)]),
    ],
)
def test_deletions_are_found(text: str, found: list[tuple[int, str, str | None]]) -> None:
    assert ([(d.number, d.answer, d.hint) for d in deletions(text)], problems(text)) == (found, ())


def test_a_deletion_knows_where_it_stands() -> None:
    text = "x {{c1::$a}}$::b}} y"
    assert deletions(text) == (Deletion(1, "$a}}$", "b", 2, len(text) - 2),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("☞nothing here", "cloze-without-deletion"),
        ("☞{{ }} and {{cat}}", "cloze-without-deletion"),
        ("x {{c1::a ☞{{c2::b}} c}}", "cloze-nested"),
        ("{{c1::$x^{☞{{c2::y}}}$}}", "cloze-nested"),
        ("{{c1::$a + ☞{{c2::b}}$ c}}", "cloze-nested"),
        ("x ☞{{c1::a", "cloze-unclosed"),
        ("x ☞{{c1::a}", "cloze-unclosed"),
        ("x ☞{{c1::$a}}$", "cloze-unclosed"),
        ("x ☞{{c1::}}", "cloze-empty"),
        ("x ☞{{c1:: }}", "cloze-empty"),
        ("x ☞{{c1::::hint}}", "cloze-empty"),
        ("x ☞{{c1::\u200b}}", "cloze-empty"),
        ("x ☞{{c1:a}}", "cloze-malformed"),
        ("x ☞{{c1}}", "cloze-malformed"),
        ("x ☞{{c::a}}", "cloze-malformed"),
        ("x ☞{{C1::a}}", "cloze-malformed"),
        ("x ☞{{ c1::a}}", "cloze-malformed"),
        ("x ☞{{c0::a}}", "cloze-malformed"),
        ("x ☞{{c01::a}}", "cloze-malformed"),
        ("x ☞{{c1000::a}}", "cloze-malformed"),
        ("x ☞{{c500::a}}", "cloze-number"),
        ("x ☞{{c1::<i>}} y", "cloze-empty"),
        ("[x](☞{{c1::a}})", "cloze-unseen"),
        ("![☞{{c1::a}}](a.png)", "cloze-unseen"),
        ("<b title='☞{{c1::a}}'>x</b>", "cloze-unseen"),
        ("<!-- ☞{{c1::a}} -->x", "cloze-unseen"),
        ("```☞{{c1::a}}\nx\n```", "cloze-unseen"),
        ("```py ☞{{c1::a}}\nx\n```", "cloze-unseen"),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, code: str) -> None:
    assert [(p.code, p.offset) for p in problems(text.replace("☞", ""))] == [(code, text.index("☞"))]


@pytest.mark.parametrize(
    "text", ["{{c1::a}}$%☞{{c1::$x^2$}}", "$\\verb|☞{{c1::|$x$}}", "$5 ☞{{c1::$x$}}", "$x ☞{{c1::y$}}"]
)
def test_a_deletion_that_begins_in_a_formula_ends_in_it(text: str) -> None:
    (problem,) = facts(text.replace("☞", "")).problems
    assert (problem.offset, "deletion" in problem.message) == (text.index("☞"), True)


@pytest.mark.parametrize(
    "text", ["$x {{c1::y}} z$", "{{c1::$%x$}}", "${{c1::x^{y^{z}}}} + {{c2::z}}$", "`$% {{c1::$a}}`"]
)
def test_a_deletion_in_a_formula_passes(text: str) -> None:
    assert facts(text).problems == ()


def test_all_mistakes_are_told() -> None:
    assert [p.code for p in problems("{{c1::}} {{c1:a}} {{c500::b}} {{c1::c {{c2::d}} e}}")] == [
        "cloze-empty",
        "cloze-malformed",
        "cloze-number",
        "cloze-nested",
    ]


PLAIN = st.text("ab c,.:;é😀\n", max_size=8).filter(lambda t: "::" not in t and not t.startswith(":") and t[-1:] != ":")
FORMULAS = st.sampled_from(["$x$", "$x^{a}$", "$x^{a_{b}}$", "$$\\frac{1}{2^{3}}$$", "$a\\$}}$"])
ANSWERS = st.builds("{}w{}".format, PLAIN, FORMULAS | PLAIN)
DELETIONS = st.builds(
    lambda number, answer, hint: (number, answer, hint), st.integers(1, HIGHEST), ANSWERS, st.none() | PLAIN
)


def written(number: int, answer: str, hint: str | None) -> str:
    return f"{{{{c{number}::{answer}}}}}" if hint is None else f"{{{{c{number}::{answer}::{hint}}}}}"


@given(st.lists(st.tuples(PLAIN, DELETIONS), min_size=1, max_size=5), PLAIN)
def test_a_text_made_of_parts_is_parsed_into_them(
    parts: list[tuple[str, tuple[int, str, str | None]]], end: str
) -> None:
    text = "".join(before + written(*deletion) for before, deletion in parts) + end
    found = deletions(text)
    assert [(d.number, d.answer, d.hint) for d in found] == [deletion for _, deletion in parts]
    assert [text[d.start : d.end] for d in found] == [written(*deletion) for _, deletion in parts]


@given(st.lists(st.sampled_from(["{{c1::", "{{c2::", "}}", "::", "{", "}", "$", "\\", "a", " ", "{{c"])).map("".join))
def test_any_text_has_deletions_or_a_problem(text: str) -> None:
    assert deletions(text) or problems(text)


@pytest.mark.parametrize("piece", ["{{c1::", "{{", "}}", "$", "$$", "$$a", "::", "{{c1::$x", "{{ c"])
def test_long_texts_are_parsed_in_one_pass(piece: str) -> None:
    assert problems("{{c1::" + piece * 20_000)
