"""Items of QTI 1.2: which kind they become, and what their conditions say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge.diagnostics import InvalidDeck
from cardforge.model import to_data
from cardforge_sources.qti import QtiSource
from tests.sources.qti.reading import equal, item_1_2, lid, only_item, read, text_1_2, warnings, when

FIB = '<response_str ident="r"><render_fib><response_label ident="l"/></render_fib></response_str>'


def feedback(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}">{text_1_2(text)}</itemfeedback>'


def test_the_conditions_say_what_is_right() -> None:
    item = only_item(read(item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))))
    assert (item["stem"], item["choices"]) == ("Which?", [{"text": "a"}, {"text": "b", "correct": True}])


def test_several_choices_are_right_together() -> None:
    every = f"<and>{equal('a')}<not>{equal('b')}</not>{equal('c')}</and>"
    item = only_item(read(item_1_2(lid("a", "b", "c", cardinality="Multiple"), when(every, "100"))))
    assert [choice.get("correct", False) for choice in item["choices"]] == [True, False, True]


def test_points_that_are_added_up_are_shares() -> None:
    added = when(equal("a"), "50", action="Add") + when(equal("b"), "50", action="Add")
    added += when(equal("c"), "-25", action="Add")
    item = only_item(read(item_1_2(lid("a", "b", "c", cardinality="Multiple"), added)))
    assert [choice.get("credit") for choice in item["choices"]] == [None, None, -0.25]


def test_true_and_false() -> None:
    item = only_item(read(item_1_2(text_1_2("It is.") + lid("True", "False"), when(equal("False"), "1"))))
    assert (item["type"], item["answer"]) == ("true_false", False)


def test_feedback_of_a_choice_is_found_by_the_condition_that_shows_it() -> None:
    shown = when(equal("a"), "100", "x") + when(equal("b"), "", "y")
    item = only_item(read(item_1_2(lid("a", "b", "c"), shown, more=feedback("y", "No."))))
    assert [choice.get("feedback") for choice in item["choices"]] == [None, "No.", None]


def test_feedback_by_the_names_that_canvas_gives() -> None:
    more = feedback("general_fb", "Always.") + feedback("correct_fb", "Yes.") + feedback("general_incorrect_fb", "No.")
    item = only_item(read(item_1_2(lid("a", "b"), when(equal("a"), "100"), more=more)))
    assert (item["explanation"], item["feedback_correct"], item["feedback_incorrect"]) == ("Always.", "Yes.", "No.")


def test_a_text_to_be_typed() -> None:
    several = when(equal("Lima"), "100") + when(equal("lima city"), "100")
    item = only_item(read(item_1_2(text_1_2("Capital?") + FIB, several)))
    assert item["answers"] == ["Lima", "lima city"]


def test_a_number_between_two_others() -> None:
    between = '<vargte respident="r">9.8</vargte><varlte respident="r">9.82</varlte>'
    exact = f"<or>{equal('9.81')}<and>{between}</and></or>"
    item = only_item(read(item_1_2(text_1_2("g?") + FIB, when(exact, "100"), "numerical_question")))
    assert (item["answer"], item["tolerance"]) == ("9.81", "0.01")


def test_an_essay_is_an_open_prompt() -> None:
    item = only_item(read(item_1_2(text_1_2("Why?") + FIB, kind="essay_question")))
    assert (item["type"], item["stem"]) == ("open_prompt", "Why?")


def test_a_matching() -> None:
    sides = lid("x", "y", ident="r1", about=text_1_2("one")) + lid("x", "y", ident="r2", about=text_1_2("two"))
    scored = when(equal("y", "r1"), "50", action="Add") + when(equal("x", "r2"), "50", action="Add")
    item = only_item(read(item_1_2(text_1_2("Match.") + sides, scored, "matching_question")))
    assert item["pairs"] == [{"left": "one", "right": "y"}, {"left": "two", "right": "x"}]


def test_blanks_in_brackets() -> None:
    blanks = lid("red", "crimson", ident="response_a") + lid("blue", ident="response_b")
    scored = "".join(
        when(equal(text, f"response_{name}"), "50", action="Add")
        for name, text in (("a", "red"), ("a", "crimson"), ("b", "blue"))
    )
    deck = read(item_1_2(text_1_2("[a] and [b]") + blanks, scored, "fill_in_multiple_blanks_question"))
    assert only_item(deck)["text"] == "{{c1::red}} and {{c2::blue}}"
    assert warnings(deck) == ["adapted-item"]


def test_dropdowns_have_their_choices_as_hints() -> None:
    scored = when(equal("red", "response_a"), "100", action="Add")
    deck = read(
        item_1_2(text_1_2("It is [a].") + lid("red", "blue", ident="response_a"), scored, "multiple_dropdowns_question")
    )
    assert only_item(deck)["type"] in ("cloze", "multiple_choice")


@pytest.mark.parametrize("kind", ["calculated_question", "file_upload_question", "hot_spot_question"])
def test_what_has_no_kind_is_kept_aside(kind: str) -> None:
    with pytest.raises(InvalidDeck, match="not in the deck"):
        read(item_1_2(text_1_2("x") + FIB, when(equal("a"), "1"), kind))


def test_a_group_draws_from_its_questions() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    item = text[text.index("<item ") : text.index("</section>")]
    selection = (
        "<selection_ordering><selection><selection_number>1</selection_number><selection_extension>"
        "<points_per_item>3</points_per_item></selection_extension></selection></selection_ordering>"
    )
    second = item.replace("q1", "q2").replace("Which?", "Or?")
    group = f'<section ident="g" title="Pool">{selection}{item}{second}</section>'
    deck = read(text.replace(item, group))
    assert [(e.sections[0].section, e.sections[0].pick, e.item.points) for e in deck.entries()] == [
        ("Pool", 1, 3.0)
    ] * 2


def test_a_text_among_the_questions_begins_a_section() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    before = f'<item ident="t" title="Read this"><presentation>{text_1_2("A story.")}</presentation></item>'
    deck = read(text.replace("<item ", before + "<item ", 1))
    (entry,) = deck.entries()
    assert (entry.sections[0].section, entry.sections[0].description) == ("Read this", "A story.")


def test_without_a_namespace_or_with_one_it_is_the_same() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    spaced = text.replace(
        "<questestinterop>", '<q:questestinterop xmlns:q="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
    )
    for name in ("assessment", "section", "item", "presentation"):
        spaced = (
            spaced.replace(f"<{name} ", f"<q:{name} ")
            .replace(f"<{name}>", f"<q:{name}>")
            .replace(f"</{name}>", f"</q:{name}>")
        )
    spaced = spaced.replace("</questestinterop>", "</q:questestinterop>")
    assert only_item(read(spaced)) == only_item(read(text))


TITLE = f'<item ident="t" title="Poem"><presentation>{text_1_2("A poem.")}</presentation></item>'
HOTSPOT = '<response_lid ident="r"><render_hotspot/></response_lid>'


def sections(*inside: str) -> str:
    """An assessment of sections; each begins with what is given, and an item with a choice follows the last."""
    asked = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    before, section, item = asked.partition('<section ident="root_section">')
    return before + "".join(f'<section title="S{n}">{text}</section>' for n, text in enumerate(inside)) + section + item


@pytest.mark.parametrize(
    "behind",
    ["", '<section title="Sub"/>', f'<item ident="m" title="Map"><presentation>{HOTSPOT}</presentation></item>'],
    ids=["nothing", "an empty section", "a question that is kept aside"],
)
def test_a_text_without_a_question_after_it_is_kept_aside(behind: str) -> None:
    told = [warning.message for warning in read(sections(TITLE + behind)).origin.warnings]
    assert "“Poem” is not in the deck: a text without a question after it" in told


def test_a_question_with_a_title_that_a_program_gave_is_told_by_its_text() -> None:
    asked = f'<item ident="m" title="Question 3"><presentation>{text_1_2("Where?")}{HOTSPOT}</presentation></item>'
    (told,) = read(sections(asked)).origin.warnings
    assert told.message.startswith("“Where?” is not in the deck")


def test_a_text_that_introduces_questions_is_told_once() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100")).replace("<item ", TITLE + "<item ", 1)
    (warning,) = read(text).origin.warnings
    assert (warning.code, warning.message) == (
        "adapted-item",
        "“Poem”: it asks nothing, and introduces the questions after it",
    )


def test_hundreds_of_texts_in_a_row_are_read() -> None:
    assert warnings(read(sections(TITLE * 500))).count("kept-aside") == 500


def test_of_many_texts_before_a_question_those_that_are_too_many_are_told() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    deck = read(text.replace("<item ", TITLE * 30 + "<item ", 1))
    told = [warning.message for warning in deck.origin.warnings if warning.code == "kept-aside"]
    assert (len(deck.entries()[0].sections), len(told)) == (20, 10)
    assert all("more than 20 texts stand before a question" in message for message in told)


def test_what_a_section_presents_is_its_description() -> None:
    presented = f"<presentation_material><flow_mat>{text_1_2('Read this.')}</flow_mat></presentation_material>"
    asked = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    (entry,) = read(asked.replace('<section ident="root_section">', f'<section title="One">{presented}')).entries()
    assert (entry.sections[0].section, entry.sections[0].description) == ("One", "Read this.")


def test_a_rubric_of_a_section_is_told() -> None:
    asked = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    rubric = f"<rubric><flow_mat>{text_1_2('For teachers.')}</flow_mat></rubric>"
    found = read(asked.replace('<section ident="root_section">', f'<section title="One">{rubric}'))
    assert warnings(found) == ["not-kept"]


def test_a_choice_that_the_conditions_name_by_its_text() -> None:
    labels = lid("x1", "x2").replace(text_1_2("x1"), text_1_2("True")).replace(text_1_2("x2"), text_1_2("False"))
    item = only_item(read(item_1_2(text_1_2("It is.") + labels, when(equal("False"), "100"))))
    assert (item["type"], item["answer"]) == ("true_false", False)


def test_choices_without_points_are_marked_by_their_feedback() -> None:
    marked = when(equal("a"), "0", "InCorrect", "Add", "Yes") + when(equal("b"), "0", "Correct", "Add", "Yes")
    item = only_item(read(item_1_2(text_1_2("Which?") + lid("a", "b"), marked)))
    assert item["choices"] == [{"text": "a"}, {"text": "b", "correct": True}]


def test_feedback_of_true_and_false_joins_that_of_the_item() -> None:
    shown = when(equal("True"), "", "x", go_on="Yes") + when(equal("True"), "100")
    more = feedback("correct_fb", "Yes.") + feedback("x", "True it is.")
    item = only_item(read(item_1_2(text_1_2("It is.") + lid("True", "False"), shown, more=more)))
    assert item["feedback_correct"] == "Yes.\\\nTrue it is."


def test_feedback_that_says_the_same_twice_is_said_once() -> None:
    shown = when(equal("Lima"), "100", "x").replace(
        "</respcondition>", '<displayfeedback linkrefid="y"/></respcondition>'
    )
    more = feedback("x", "Well done.") + feedback("y", "Well done.")
    item = only_item(read(item_1_2(text_1_2("Capital?") + FIB, shown, more=more)))
    assert item["feedback_correct"] == "Well done."


def test_an_answer_that_scores_nothing_is_right_where_none_scores() -> None:
    deck = read(item_1_2(text_1_2("Capital?") + FIB, when(equal("Lima"), "0.0", action="Add")))
    assert (only_item(deck)["answers"], warnings(deck)) == (["Lima"], ["adapted-item"])


def test_where_no_answer_scores_what_is_no_text_is_not_taken_for_one() -> None:
    area = '<varinside respident="r" areatype="Rectangle">1,2,3,4</varinside>'
    deck = read(item_1_2(text_1_2("Capital?") + FIB, when(equal("Lima") + area, "0.0", action="Add")))
    assert only_item(deck)["answers"] == ["Lima"]


def test_a_response_is_scored_the_same_whatever_stands_before_it() -> None:
    scored = when(equal("y", "r2"), "100", action="Add")
    unscored = lid("a", "b", ident="r1", cardinality="Multiple")
    asked = lid("x", "y", ident="r2", about=text_1_2("Which?"), cardinality="Multiple")
    (section,) = to_data(read(item_1_2(unscored + asked, scored)))["items"]
    assert [choice.get("correct") for item in section["items"] for choice in item["choices"]] == [None, True]


def test_the_solution_of_an_essay_is_its_model_answer() -> None:
    solution = f"<itemfeedback ident='solution'><solution><solutionmaterial>{text_1_2('So.')}</solutionmaterial></solution></itemfeedback>"
    deck = read(item_1_2(text_1_2("Why?") + FIB, kind="Essay", more=solution))
    assert (only_item(deck)["model_answer"], warnings(deck)) == ("So.", [])


def test_a_hint_is_no_feedback() -> None:
    hint = f"<itemfeedback ident='hint'><hint><hintmaterial>{text_1_2('Think.')}</hintmaterial></hint></itemfeedback>"
    deck = read(item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"), more=hint))
    assert (only_item(deck)["hint"], warnings(deck)) == ("Think.", [])


def test_feedback_that_a_cloze_cannot_tell_apart_is_told() -> None:
    fields = FIB.replace('"r"', '"r1"') + text_1_2("and") + FIB.replace('"r"', '"r2"')
    scored = when(equal("red", "r1"), "50", action="Add") + when(equal("blue", "r2"), "50", action="Add")
    deck = read(item_1_2(text_1_2("Say") + fields, scored, more=feedback("correct_fb", "Yes.")))
    assert (only_item(deck)["explanation"], warnings(deck)) == ("Yes.", ["adapted-item"])


def test_fields_below_a_question_keep_its_feedback() -> None:
    fields = "".join(FIB.replace('"r"', f'"r{n}"').replace("<render", text_1_2(f"{n}.") + "<render") for n in (1, 2))
    scored = when(equal("red", "r1"), "50", action="Add") + when(equal("blue", "r2"), "50", action="Add")
    item = only_item(read(item_1_2(text_1_2("Say two") + fields, scored, more=feedback("general_fb", "Both."))))
    assert (item["type"], item["explanation"]) == ("cloze", "Both.")


def test_an_ident_that_two_items_have_is_told() -> None:
    text = item_1_2(text_1_2("Which?") + lid("a", "b"), when(equal("b"), "100"))
    item = text[text.index("<item ") : text.index("</section>")]
    deck = read(text.replace(item, item + item.replace("Which?", "Or?")))
    assert (deck.entries()[0].item.id, warnings(deck)) == ("q1", ["not-kept"])


def test_an_item_without_a_name_is_called_by_its_text() -> None:
    text = item_1_2(text_1_2("Upload your map.") + FIB, kind="File Upload").replace(' ident="q1" title="Question"', "")
    with pytest.raises(InvalidDeck, match="Upload your map"):
        read(text)


def test_markup_with_an_address_in_the_package_is_no_plain_text(tmp_path: Path) -> None:
    body = '&lt;img src="%24IMS-CC-FILEBASE%24/map.png" alt="map"&gt;'
    plain = f'<material><mattext texttype="text/plain">{body}</mattext></material>'
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    (tmp_path / "quiz.xml").write_text(item_1_2(plain + lid("a", "b"), when(equal("b"), "100")))
    assert QtiSource().read(tmp_path / "quiz.xml").data["items"][0]["stem"] == "![map](map.png)"  # type: ignore[index]


@pytest.mark.parametrize("empty", ["", " "])
def test_choices_that_show_nothing_do_not_make_a_file_unreadable(empty: str) -> None:
    labels = lid("a", "b", "c").replace("<mattext>a<", f"<mattext>{empty}<").replace("<mattext>b<", "<mattext>bee<")
    deck = read(item_1_2(text_1_2("Which?") + labels, when(equal("bee"), "100")))
    assert [choice.get("correct", False) for choice in only_item(deck)["choices"]] == [True, False]


def test_a_title_is_found_where_a_text_before_it_is_empty() -> None:
    item = item_1_2(text_1_2(" ") + text_1_2("Which?") + lid("a", "b"), when(equal("a"), "1"))
    assert only_item(read(item.replace(' title="Question"', "").replace('ident="q1"', "")))["stem"] == "Which?"
