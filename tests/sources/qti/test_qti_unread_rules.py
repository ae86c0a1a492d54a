"""Items of QTI 2 whose rules cannot be run: what is declared is taken, and what is said is kept."""

from __future__ import annotations

import pytest

from tests.sources.qti.reading import MATCH, choices, item_2, only_item, read, response, warnings

UNKNOWN = MATCH.replace("match_correct", "house_rules")
ESSAY = '<p>How much?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
ENTRY = '<p>How much?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'


def modal(name: str, text: str, shown: str = "show") -> str:
    return f'<modalFeedback outcomeIdentifier="F" identifier="{name}" showHide="{shown}">{text}</modalFeedback>'


@pytest.mark.parametrize(("right", "wrong"), [("ANSWER_CORRECT", "FAILURE"), ("correct_fb", "incorrect_fb")])
def test_feedback_is_sorted_by_its_names(right: str, wrong: str) -> None:
    more = modal(right, "Yes.") + modal(wrong, "No.") + modal("SOLUTION", "Because.")
    deck = read(item_2(choices("A", "B"), response("A"), UNKNOWN, more))
    item = only_item(deck)
    assert [item[name] for name in ("feedback_correct", "feedback_incorrect", "explanation")] == [
        "Yes.",
        "No.",
        "Because.",
    ]
    assert warnings(deck) == ["adapted-item"]


def test_feedback_that_is_named_after_a_choice_is_its_own() -> None:
    item = only_item(read(item_2(choices("A", "B"), response("A"), UNKNOWN, modal("B", "Not this."))))
    assert [choice.get("feedback") for choice in item["choices"]] == [None, "Not this."]


def test_feedback_that_is_hidden_is_shown_to_the_others() -> None:
    item = only_item(read(item_2(choices("A", "B"), response("A"), UNKNOWN, modal("correct", "No.", "hide"))))
    assert item["feedback_incorrect"] == "No."


def test_what_is_said_to_right_and_wrong_answers_alike_is_the_explanation() -> None:
    more = modal("correct", "Because.") + modal("incorrect", "Because.")
    item = only_item(read(item_2(ESSAY, response("x", base_type="string"), UNKNOWN, more)))
    assert item["explanation"] == "Because."


def test_feedback_of_an_open_prompt_is_kept() -> None:
    more = modal("correct", "One.") + modal("incorrect", "Two.")
    item = only_item(read(item_2(ESSAY, response("x", base_type="string"), UNKNOWN, more)))
    assert item["explanation"] == "One.\\\nTwo."


def test_feedback_that_no_answer_shows_is_told() -> None:
    deck = read(item_2(ENTRY, response("x", base_type="string"), MATCH, modal("other", "Never.")))
    assert warnings(deck) == ["not-kept"]


RANGE = response("3.5 3.4;3.6", "multiple", "float")


@pytest.mark.parametrize("body", [ESSAY, ENTRY])
def test_a_number_with_a_range_beside_it_is_numeric(body: str) -> None:
    item = only_item(read(item_2(body, RANGE, UNKNOWN)))
    assert (item["type"], item["answer"], item["tolerance"]) == ("numeric", "3.5", "0.1")


def test_a_right_number_that_is_none_is_told() -> None:
    deck = read(item_2(ESSAY, response("3.5 many", "multiple", "float"), UNKNOWN))
    assert only_item(deck)["answer"] == "3.5"
    assert any("“many”" in warning.message for warning in deck.origin.warnings)


MATHS = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi>'
    '<annotation encoding="application/x-tex">{}</annotation></semantics></math>'
)


@pytest.mark.parametrize(
    ("latex", "stem", "codes"),
    [
        (r"\begin{{aligned}}a &amp;#38;= b\end{{aligned}}", r"$\begin{aligned}a &= b\end{aligned}$", []),
        (r"\frac{y}{", r"`\frac{y}{`", ["not-kept"]),
    ],
)
def test_a_formula_that_cannot_be_read_takes_no_other_with_it(latex: str, stem: str, codes: list[str]) -> None:
    latex = latex.replace("{{", "{").replace("}}", "}")
    body = f"<p>{MATHS.replace('{}', 'x')} and {MATHS.replace('{}', latex)}</p>" + choices("A", "B")
    deck = read(item_2(body, response("A")))
    assert (only_item(deck)["stem"].partition("\n")[0], warnings(deck)) == (f"$x$ and {stem}", codes)
