"""Items of every kind: what is asked, the key, the scores, and what is shown after an answer."""

from __future__ import annotations

import pytest

from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
)
from tests.exporters.qti.reading import VERSION_NAMES, Node, Package

every_version = pytest.mark.parametrize("version", VERSION_NAMES)


def item_of(item: AnyItem, version: str = "2.1", language: str | None = None) -> Node:
    return Package(Deck(title="Deck", items=(item,), language=language), version).item()


def mapped(item: Node) -> dict[str, str]:
    return {str(entry.get("mapKey")): str(entry.get("mappedValue")) for entry in item.all("mapEntry")}


def correct(item: Node) -> list[str]:
    return [value.text for value in item.one("correctResponse").all("value")]


def feedback(item: Node) -> dict[str, str]:
    return {str(modal.get("identifier")): modal.text for modal in item.all("modalFeedback")}


def default(item: Node, outcome: str) -> str:
    (declared,) = [node for node in item.all("outcomeDeclaration") if node.get("identifier") == outcome]
    return declared.one("value").text


CHOICES = MultipleChoice(
    stem="Which *one*?",
    choices=(
        Choice(text="a", correct=True, feedback="Yes."),
        Choice(text="b", credit=0.5, feedback="Nearly."),
        Choice(text="c", credit=-0.25),
    ),
    feedback_correct="Right.",
    feedback_incorrect="Wrong.",
    explanation="Because.",
    source="A book",
    points=2,
)
SEVERAL = MultipleChoice(stem="Which?", choices=tuple(Choice(text=text, correct=text != "c") for text in "abcde"))


@every_version
def test_a_choice_scores_its_share_of_the_points(version: str) -> None:
    assert mapped(item_of(CHOICES, version)) == {"choice_1": "2", "choice_2": "1", "choice_3": "-0.5"}


@every_version
def test_choices_stand_in_the_order_of_the_deck(version: str) -> None:
    choices = item_of(CHOICES, version).all("simpleChoice")
    assert [(choice.get("identifier"), choice.text) for choice in choices] == [
        ("choice_1", "a"),
        ("choice_2", "b"),
        ("choice_3", "c"),
    ]


@every_version
def test_a_choice_of_one_takes_one(version: str) -> None:
    assert item_of(CHOICES, version).one("choiceInteraction").get("maxChoices") == "1"


@every_version
def test_a_choice_of_several_takes_as_many_as_one_likes(version: str) -> None:
    assert item_of(SEVERAL, version).one("choiceInteraction").get("maxChoices") == "0"


def test_several_right_choices_are_all_in_the_key() -> None:
    assert correct(item_of(SEVERAL)) == ["choice_1", "choice_2", "choice_4", "choice_5"]


def test_choosing_several_scores_between_nothing_and_all() -> None:
    mapping = item_of(SEVERAL).one("mapping")
    assert (mapping.get("lowerBound"), mapping.get("upperBound")) == ("0", "1")


def test_choosing_one_may_cost_points() -> None:
    assert item_of(CHOICES).one("mapping").get("lowerBound") is None


@pytest.mark.parametrize("shuffle", [True, False])
def test_choices_are_shuffled_unless_they_must_not(shuffle: bool) -> None:
    item = MultipleChoice(stem="?", choices=(Choice(text="a", correct=True), Choice(text="b")), shuffle=shuffle)
    assert item_of(item).one("choiceInteraction").get("shuffle") == str(shuffle).lower()


@every_version
def test_all_feedback_of_a_choice_is_there(version: str) -> None:
    assert feedback(item_of(CHOICES, version)) == {
        "choice_1": "Yes.",
        "choice_2": "Nearly.",
        "correct": "Right.",
        "incorrect": "Wrong.",
        "general_fb": "Because.SourceA book",
    }


@every_version
def test_the_stem_is_asked(version: str) -> None:
    assert item_of(CHOICES, version).one("itemBody").children()[0].text == "Which one?"


@every_version
def test_points_are_the_greatest_score(version: str) -> None:
    item = item_of(CHOICES, version)
    (score,) = [node for node in item.all("outcomeDeclaration") if node.get("identifier") == "SCORE"]
    assert (default(item, "MAXSCORE"), score.get("normalMaximum")) == ("2", "2")


def test_an_item_worth_nothing_has_no_normal_maximum() -> None:
    item = item_of(TrueFalse(stem="?", answer=True, points=0))
    assert item.all("outcomeDeclaration")[0].get("normalMaximum") is None


@every_version
def test_an_item_says_its_language(version: str) -> None:
    item = item_of(CHOICES, version, language="pt-BR")
    assert item.get("{http://www.w3.org/XML/1998/namespace}lang") == "pt-BR"


@pytest.mark.parametrize("answer", [True, False])
def test_a_statement_is_true_or_false(answer: bool) -> None:
    item = item_of(TrueFalse(stem="?", answer=answer))
    assert correct(item) == [str(answer).lower()]
    assert [choice.text for choice in item.all("simpleChoice")] == ["True", "False"]


@every_version
def test_a_flashcard_is_rated_by_the_learner(version: str) -> None:
    item = item_of(Flashcard(front="f", back="b", points=2), version)
    assert [choice.text for choice in item.all("simpleChoice")] == ["I knew it", "Partly", "Not yet"]
    assert list(mapped(item).values()) == ["2", "1", "0"]


@every_version
def test_the_back_is_shown_after_the_rating(version: str) -> None:
    assert feedback(item_of(Flashcard(front="f", back="b"), version)) == {"general_fb": "b"}


def test_a_flashcard_asked_both_ways_is_two_items() -> None:
    items = Package(Deck(title="D", items=(Flashcard(id="x", front="f", back="b", reversed=True),))).items()
    asked = {name: item.one("itemBody").children()[0].text for name, item in items.items()}
    assert asked == {"d__x": "f", "d__x__reversed": "b"}


ANSWERS = ShortAnswer(
    stem="?",
    answers=(Answer(text="Lima"), Answer(text=" Lime & co ", credit=0.5, feedback="Fruit.")),
    feedback_correct="Right.",
    points=4,
)


@every_version
def test_a_typed_answer_scores_its_share(version: str) -> None:
    assert mapped(item_of(ANSWERS, version)) == {"Lima": "4", "Lime & co": "2"}


@every_version
def test_the_best_typed_answer_is_the_key(version: str) -> None:
    assert correct(item_of(ANSWERS, version)) == ["Lima"]


@every_version
def test_a_typed_answer_has_feedback(version: str) -> None:
    assert feedback(item_of(ANSWERS, version)) == {"answer_2": "Fruit.", "correct": "Right."}


@pytest.mark.parametrize("case_sensitive", [True, False])
def test_case_counts_only_where_it_is_asked_for(case_sensitive: bool) -> None:
    item = item_of(ShortAnswer(stem="?", answers=("a",), case_sensitive=case_sensitive))  # type: ignore[arg-type]
    expected = str(case_sensitive).lower()
    assert item.one("mapEntry").get("caseSensitive") == expected
    assert item.one("stringMatch").get("caseSensitive") == expected


def test_of_answers_that_read_the_same_the_best_counts() -> None:
    item = item_of(ShortAnswer(stem="?", answers=(Answer(text="lima", credit=0.5), Answer(text="Lima"))))
    assert mapped(item) == {"Lima": "1"}


def test_letters_beyond_ascii_are_told_in_both_cases() -> None:
    item = item_of(ShortAnswer(stem="?", answers=("naïve",)))  # type: ignore[arg-type]
    assert [match.one("baseValue").text for match in item.all("stringMatch")] == ["naïve", "NAÏVE"]


@every_version
def test_a_number_has_exact_bounds(version: str) -> None:
    item = item_of(Numeric(stem="?", answer="0.3", tolerance="0.1"), version)
    assert [item.one(name).one("baseValue").text for name in ("gte", "lte")] == ["0.2", "0.4"]


def test_a_number_has_no_exponent() -> None:
    item = item_of(Numeric(stem="?", answer="1e30"))
    assert correct(item) == ["1" + 30 * "0"]


def test_a_number_is_asked_with_its_unit() -> None:
    item = item_of(Numeric(stem="g?", answer="9.81", unit="m/s²"))
    assert item.one("itemBody").text == "g? m/s²"


PAIRS = Matching(
    stem="Match.",
    pairs=(Pair(left="one", right="odd"), Pair(left="two", right="even"), Pair(left="three", right="odd")),
    distractors=("neither",),
    points=3,
)


@every_version
def test_each_pair_scores_its_share(version: str) -> None:
    assert mapped(item_of(PAIRS, version)) == {"left_1 right_1": "1", "left_2 right_2": "1", "left_3 right_1": "1"}


@every_version
def test_a_right_side_is_offered_once_and_may_be_used_again(version: str) -> None:
    lefts, rights = item_of(PAIRS, version).all("simpleMatchSet")
    assert [side.text for side in lefts.children()] == ["one", "two", "three"]
    assert sorted(side.text for side in rights.children()) == ["even", "neither", "odd"]
    assert {side.get("matchMax") for side in lefts.children()} == {"1"}
    assert {side.get("matchMax") for side in rights.children()} == {"0"}


@every_version
def test_steps_are_not_shown_in_their_order(version: str) -> None:
    item = item_of(Ordering(stem="Sort.", steps=("a", "b", "c")), version)
    text = {str(choice.get("identifier")): choice.text for choice in item.all("simpleChoice")}
    assert [text[name] for name in correct(item)] == ["a", "b", "c"]
    assert [choice.text for choice in item.all("simpleChoice")] != ["a", "b", "c"]


CLOZE = Cloze(text="{{c1::Paris::a city}} is in {{c2::France}}.", extra="Since 987.", points=3)


@every_version
def test_every_deletion_is_a_field(version: str) -> None:
    fields = item_of(CLOZE, version).one("itemBody").all("textEntryInteraction")
    assert [field.get("responseIdentifier") for field in fields] == ["RESPONSE_1", "RESPONSE_2"]


@every_version
def test_a_field_shows_its_hint(version: str) -> None:
    first, second = item_of(CLOZE, version).all("textEntryInteraction")
    assert (first.get("placeholderText"), second.get("placeholderText")) == ("a city", None)


@every_version
def test_each_field_scores_its_share(version: str) -> None:
    assert mapped(item_of(CLOZE, version)) == {"Paris": "1.5", "France": "1.5"}


@every_version
def test_what_a_cloze_text_does_not_ask_is_shown(version: str) -> None:
    item = item_of(CLOZE, version)
    assert (item.one("itemBody").text, feedback(item)) == ("is in .", {"general_fb": "Since 987."})


PROMPT = OpenPrompt(
    stem="Explain.",
    concepts=(Concept(text="weights", points=2), Concept(text="sum")),
    model_answer="It weighs.",
    explanation="Because.",
)


@every_version
def test_concepts_and_model_answer_are_for_scorers(version: str) -> None:
    rubric = item_of(PROMPT, version).one("rubricBlock")
    assert (rubric.get("view"), rubric.get("use")) == ("scorer", "scoring")
    assert rubric.text == "Model answerIt weighs.A good answer mentionsweights (2 points)sum"


@every_version
def test_concepts_and_model_answer_are_shown_after_an_answer(version: str) -> None:
    shown = feedback(item_of(PROMPT, version))["general_fb"]
    assert shown == "Model answerIt weighs.A good answer mentionsweights (2 points)sumBecause."


def test_a_number_of_concepts_is_said() -> None:
    item = item_of(OpenPrompt(stem="Explain.", concept_count=3))
    assert item.one("rubricBlock").text == "A good answer mentions 3 concepts."


@pytest.mark.parametrize(("version", "scored_by"), [("2.1", None), ("2.2", "human"), ("3.0", "human")])
def test_an_open_prompt_is_scored_by_people(version: str, scored_by: str | None) -> None:
    assert item_of(PROMPT, version).all("outcomeDeclaration")[0].get("externalScored") == scored_by


@every_version
def test_hints_stand_in_the_question(version: str) -> None:
    item = item_of(TrueFalse(stem="?", answer=True, hint=("One.", "Two.")), version)
    assert item.one("itemBody").text.startswith("? Hint 1One.")
    assert "Hint 2Two." in item.one("itemBody").text


def test_hints_are_closed_where_the_version_can() -> None:
    item = item_of(TrueFalse(stem="?", answer=True, hint=("One.",)), "3.0")
    assert [summary.text for summary in item.one("details").all("summary")] == ["Hint"]


@every_version
def test_a_formula_is_mathml_with_its_latex(version: str) -> None:
    maths = item_of(TrueFalse(stem="$x^2$", answer=True), version).one("math")
    assert maths.element.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert (maths.text, maths.get("alttext")) == ("x2", "x^2")


def test_what_mathml_cannot_say_stays_latex() -> None:
    assert item_of(TrueFalse(stem=r"$\ce{H2O}$", answer=True)).one("itemBody").text.startswith(r"\(\ce{H2O}\)")


def test_double_braces_are_no_code_for_a_player() -> None:
    package = Package(Deck(title="D", items=(ShortAnswer(stem="{{ a }}", answers=("{{ b }}",)),)), "3.0")  # type: ignore[arg-type]
    (name,) = [name for name in package.names if name.startswith("d__")]
    xml = package.text(name)
    assert ">{{" not in xml
    assert correct(package.item()) == ["{{ b }}"]
