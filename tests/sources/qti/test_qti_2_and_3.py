"""Items of QTI 2 and 3: which kind they become, and what their rules say."""

from __future__ import annotations

import re

import pytest

from cardforge.diagnostics import InvalidDeck
from cardforge_sources.qti import ours
from tests.sources.qti.reading import MAP, choices, item_2, only_item, read, response, warnings

ENTRY = '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'


def rules(*conditions: str) -> str:
    return f"<responseProcessing>{''.join(conditions)}</responseProcessing>"


def when(condition: str, outcome: str) -> str:
    return f"<responseCondition><responseIf>{condition}{outcome}</responseIf></responseCondition>"


def scores(points: str, name: str = "SCORE", base_type: str = "float") -> str:
    return (
        f'<setOutcomeValue identifier="{name}"><baseValue baseType="{base_type}">{points}</baseValue></setOutcomeValue>'
    )


def chosen(name: str) -> str:
    return f'<match><variable identifier="RESPONSE"/><baseValue baseType="identifier">{name}</baseValue></match>'


def test_the_declared_answer_is_right() -> None:
    item = only_item(read(item_2(choices("A", "B"), response("B"))))
    assert [choice.get("correct", False) for choice in item["choices"]] == [False, True]


def test_the_rules_say_what_is_right_when_nothing_is_declared() -> None:
    found = read(item_2(choices("A", "B", "C"), response(), rules(when(chosen("C"), scores("2")))))
    item = only_item(found)
    assert ([c.get("correct", False) for c in item["choices"]], item["points"]) == ([False, False, True], 2.0)


def test_each_choice_is_worth_what_the_rules_give_for_it() -> None:
    half = rules(when(chosen("A"), scores("2")), when(chosen("B"), scores("1")))
    item = only_item(read(item_2(choices("A", "B", "C"), response("A"), half)))
    assert [choice.get("credit") for choice in item["choices"]] == [None, 0.5, None]


def test_a_mapping_gives_shares_that_its_bounds_do_not_hide() -> None:
    entries = '<mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" mappedValue="1"/>'
    mapping = f'<mapping lowerBound="0">{entries}<mapEntry mapKey="C" mappedValue="-1"/></mapping>'
    item = only_item(read(item_2(choices("A", "B", "C"), response("A B", "multiple", mapping=mapping), MAP)))
    assert [choice.get("credit") for choice in item["choices"]] == [None, None, -0.5]


def test_all_or_nothing_is_told() -> None:
    deck = read(item_2(choices("A", "B", "C"), response("A B", "multiple")))
    assert warnings(deck) == ["not-kept"]


def test_feedback_inside_a_choice_belongs_to_it() -> None:
    inline = '<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Yes.</feedbackInline>'
    shows = '<setOutcomeValue identifier="F"><variable identifier="RESPONSE"/></setOutcomeValue>'
    body = choices("A", "B").replace("text A", f"text A{inline}")
    item = only_item(read(item_2(body, response("A"), rules(when(chosen("A"), scores("1")), shows))))
    assert [choice.get("feedback") for choice in item["choices"]] == ["Yes.", None]


def test_feedback_that_every_answer_shows_is_the_explanation() -> None:
    modal = '<modalFeedback outcomeIdentifier="F" identifier="x" showHide="show">Because.</modalFeedback>'
    shows = scores("x", "F", "identifier")
    deck = read(item_2(choices("A", "B"), response("A"), rules(when(chosen("A"), scores("1")), shows), modal))
    assert only_item(deck)["explanation"] == "Because."


def test_feedback_for_right_answers() -> None:
    modal = '<modalFeedback outcomeIdentifier="F" identifier="ok" showHide="show">Well done.</modalFeedback>'
    right = rules(when(chosen("A"), scores("1") + scores("ok", "F", "identifier")))
    item = only_item(read(item_2(choices("A", "B", "C"), response("A"), right, modal)))
    assert item["feedback_correct"] == "Well done."


def test_a_number_within_a_tolerance() -> None:
    near = (
        '<equal toleranceMode="absolute" tolerance="0.5"><variable identifier="RESPONSE"/>'
        '<correct identifier="RESPONSE"/></equal>'
    )
    item = only_item(read(item_2(ENTRY, response("3.5", base_type="float"), rules(when(near, scores("1"))))))
    assert (item["type"], item["answer"], item["tolerance"]) == ("numeric", "3.5", "0.5")


def test_a_range_of_numbers_has_its_middle_as_the_answer() -> None:
    between = (
        '<and><gte><variable identifier="RESPONSE"/><baseValue baseType="float">2</baseValue></gte>'
        '<lte><variable identifier="RESPONSE"/><baseValue baseType="float">6</baseValue></lte></and>'
    )
    item = only_item(read(item_2(ENTRY, response(base_type="float"), rules(when(between, scores("1"))))))
    assert (item["answer"], item["tolerance"]) == ("4", "2")


def test_texts_that_are_worth_something_are_answers() -> None:
    entries = '<mapEntry mapKey="Lima" mappedValue="2" caseSensitive="false"/>'
    mapping = f'<mapping>{entries}<mapEntry mapKey="Peru" mappedValue="1" caseSensitive="false"/></mapping>'
    item = only_item(read(item_2(ENTRY, response(base_type="string", mapping=mapping), MAP)))
    assert item["answers"] == ["Lima", {"text": "Peru", "credit": 0.5}]


def test_an_exact_match_tells_capitals_from_small_letters() -> None:
    item = only_item(read(item_2(ENTRY, response("Lima", base_type="string"))))
    assert item["case_sensitive"] is True


def test_fields_in_a_text_are_deletions() -> None:
    body = (
        '<p>I <textEntryInteraction responseIdentifier="RESPONSE"/> and '
        '<textEntryInteraction responseIdentifier="R2"/>.</p>'
    )
    second = response("ran", base_type="string").replace("RESPONSE", "R2")
    item = only_item(read(item_2(body, response("sat", base_type="string") + second)))
    assert item["text"] == "I {{c1::sat}} and {{c2::ran}}."


def test_menus_in_a_text_are_deletions_with_the_choices_as_hints() -> None:
    menu = (
        '<inlineChoiceInteraction responseIdentifier="{}"><inlineChoice identifier="a">red</inlineChoice>'
        '<inlineChoice identifier="b">blue</inlineChoice></inlineChoiceInteraction>'
    )
    body = f"<p>{menu.format('RESPONSE')} or {menu.format('R2')}</p>"
    deck = read(item_2(body, response("a") + response("b").replace("RESPONSE", "R2")))
    assert only_item(deck)["text"] == "{{c1::red::red / blue}} or {{c2::blue::red / blue}}"
    assert warnings(deck) == ["adapted-item"]


def test_a_match_is_a_matching() -> None:
    sides = (
        f"<simpleMatchSet>{''.join(f'<simpleAssociableChoice identifier={name!r}>{name}</simpleAssociableChoice>' for name in side)}"
        "</simpleMatchSet>"
        for side in (("one", "two"), ("odd", "even", "neither"))
    )
    body = f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Match.</prompt>{"".join(sides)}</matchInteraction>'
    item = only_item(read(item_2(body, response("one+odd two+even", "multiple", "directedPair"))))
    assert item["pairs"] == [{"left": "one", "right": "odd"}, {"left": "two", "right": "even"}]
    assert item["distractors"] == ["neither"]


def test_an_order_is_an_ordering() -> None:
    body = choices("a", "b", "c").replace("choiceInteraction", "orderInteraction")
    item = only_item(read(item_2(body, response("b c a", "ordered"))))
    assert item["steps"] == ["text b", "text c", "text a"]


def ordered(*texts: str) -> str:
    rows = "".join(f'<simpleChoice identifier="s{n}">{text}</simpleChoice>' for n, text in enumerate(texts))
    body = f'<orderInteraction responseIdentifier="RESPONSE"><prompt>Order them.</prompt>{rows}</orderInteraction>'
    return item_2(body, response(" ".join(f"s{n}" for n in range(len(texts))), "ordered"))


def test_steps_with_one_text_are_numbered() -> None:
    found = read(ordered("stir", "wait", "stir"))
    assert (only_item(found)["steps"], warnings(found)) == (["stir", "wait", "stir (2)"], ["adapted-item"])


def test_a_step_that_is_there_too_often_keeps_its_question_aside() -> None:
    with pytest.raises(InvalidDeck, match="one step is there too often"):
        read(ordered(*["stir"] * 20_000))


def test_a_right_and_a_wrong_choice_with_one_text_are_numbered() -> None:
    body = choices("A", "B").replace("text B", "text A")
    found = read(item_2(body, response("B")))
    texts = [(choice["text"], choice.get("correct", False)) for choice in only_item(found)["choices"]]
    assert (texts, warnings(found)) == ([("text A", False), ("text A (2)", True)], ["adapted-item"])


def test_an_extended_text_is_an_open_prompt() -> None:
    body = '<p>Why?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
    item = only_item(read(item_2(body, response(base_type="string"), "")))
    assert (item["type"], item["stem"]) == ("open_prompt", "Why?")


def test_questions_that_stand_in_one_another_are_kept_aside() -> None:
    inner = choices("A", "B").replace("RESPONSE", "R2")
    body = choices("C", "D").replace(
        "</simpleChoice></choiceInteraction>", f"{inner}</simpleChoice></choiceInteraction>"
    )
    with pytest.raises(InvalidDeck, match="one of its questions stands in another"):
        read(item_2(body, response("C")))


def test_several_questions_in_one_item_become_a_section() -> None:
    second = choices("C", "D").replace("RESPONSE", "R2").replace("Which?", "And?")
    deck = read(item_2(choices("A", "B") + second, response("A") + response("D").replace("RESPONSE", "R2")))
    assert [(entry.sections[0].section, entry.id) for entry in deck.entries()] == [("Title", "i1-1"), ("Title", "i1-2")]
    assert "adapted-item" in warnings(deck)


def test_the_names_of_qti_3_mean_the_same() -> None:
    item = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
        "<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>"
        '<qti-item-body><qti-choice-interaction response-identifier="RESPONSE"><qti-prompt>Which?</qti-prompt>'
        '<qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b'
        "</qti-simple-choice></qti-choice-interaction></qti-item-body><qti-response-processing "
        'template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>'
    )
    assert only_item(read(item))["choices"] == [{"text": "a", "correct": True}, {"text": "b"}]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('<hotspotInteraction responseIdentifier="RESPONSE"/>', "a place in a picture"),
        ('<customInteraction responseIdentifier="RESPONSE"/>', "a vendor's own"),
        ('<sliderInteraction responseIdentifier="RESPONSE"/>', "a slider"),
        ("<p>Read this.</p>", "asks nothing"),
    ],
)
def test_what_has_no_kind_is_kept_aside(body: str, what: str) -> None:
    with pytest.raises(InvalidDeck, match=what):
        read(item_2(body, response()))


def test_a_survey_is_kept_aside() -> None:
    with pytest.raises(InvalidDeck, match="no choice is right"):
        read(item_2(choices("A", "B"), response(), ""))


def test_random_numbers_are_kept_aside() -> None:
    template = '<templateDeclaration identifier="N" cardinality="single" baseType="integer"/>'
    with pytest.raises(InvalidDeck, match="drawn at random"):
        read(item_2(choices("A", "B"), response("A") + template))


def test_rules_that_give_no_points_leave_the_declared_answer_and_are_told() -> None:
    deck = read(item_2(choices("A", "B"), response("B"), MAP))
    assert ([c.get("correct", False) for c in only_item(deck)["choices"]], warnings(deck)) == (
        [False, True],
        ["adapted-item"],
    )


def test_what_is_answered_in_one_s_own_words_may_be_left_to_people() -> None:
    deck = read(
        item_2(
            '<p>Why?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>', response("", base_type="string"), MAP
        )
    )
    assert warnings(deck) == []


def test_an_operator_that_is_not_known_leaves_the_declared_answer() -> None:
    custom = rules(when('<customOperator class="x"/>', scores("1")))
    deck = read(item_2(choices("A", "B"), response("B"), custom))
    assert only_item(deck)["choices"][1] == {"text": "text B", "correct": True}
    assert warnings(deck) == ["adapted-item"]


def test_a_warning_names_its_line() -> None:
    deck = read(item_2(choices("A", "B", "C"), response("A B", "multiple")).replace("<itemBody>", "\n\n<itemBody>"))
    assert [str(warning.span).rpartition("/")[2] for warning in deck.origin.warnings] == ["file.xml:1:1"]


def test_equal_choices_do_not_make_a_file_unreadable() -> None:
    body = choices("A", "B", "C").replace("text B", "text A")
    deck = read(item_2(body, response("A")))
    assert len(only_item(deck)["choices"]) == 3


def test_an_image_that_is_not_there_is_told() -> None:
    deck = read(item_2('<img src="gone.png" alt="a map"/>' + choices("A", "B"), response("A")))
    assert "[a map]" in str(only_item(deck)["stem"])
    assert warnings(deck) == ["not-kept"]


def test_an_image_in_the_address_itself_comes_along() -> None:
    image = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a dot"/>'
    item = only_item(read(item_2(f"<p>See {image}</p>{choices('A', 'B')}", response("A"))))
    assert re.fullmatch(r"See !\[a dot\]\(embedded/[0-9a-f]{16}\.png\)\s+Which\?", item["stem"])


def test_a_choice_of_true_and_false_keeps_its_own_feedback_beside_the_item_s() -> None:
    body = choices("true", "false").replace("text ", "")
    shown = '<modalFeedback outcomeIdentifier="{}" identifier="{}" showHide="show">{}</modalFeedback>'
    said = shown.format("F", "true", "of its own") + shown.format("G", "right", "well done")
    rule = when(chosen("true"), scores("1") + scores("right", "G", "identifier"))
    each = '<setOutcomeValue identifier="F"><variable identifier="RESPONSE"/></setOutcomeValue>'
    item = only_item(read(item_2(body, response("true"), rules(rule, each), said)))
    assert item["type"] == "true_false" and item["feedback_correct"].split("\\\n") == ["of its own", "well done"]


@pytest.mark.parametrize(("written", "points"), [("1.99999999999999999999999999999999999999", 2), ("1e310", 1)])
def test_points_that_no_program_counts_with_are_rounded(written: str, points: float) -> None:
    item = only_item(read(item_2(choices("A", "B"), response("A"), rules(when(chosen("A"), scores(written))))))
    assert item.get("points", 1) == points


@pytest.mark.parametrize("written", ["e", "1.5.5", "1e999"])
def test_what_looks_like_points_of_a_concept_and_is_no_number_is_its_text(written: str) -> None:
    said = ours.scoring(
        f"<div><p><strong>A good answer mentions</strong></p><ul><li>so ({written} points)</li></ul></div>"
    )
    assert said.concepts == [(f"so ({written} points)", None)]
