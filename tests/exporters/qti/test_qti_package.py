"""Packages: the test and its settings, sections, media, metadata, goldens."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge.api import load, plan
from cardforge.diagnostics import InvalidDeck, InvalidOption
from cardforge.fidelity import Feature
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    MultipleChoice,
    Numeric,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html
from cardforge_exporters.qti import Qti21Exporter, Qti30Exporter
from tests.conftest import Golden
from tests.exporters.qti.reading import VERSION_NAMES, Package
from tests.schemas import package_faults, want_schemas

GOLDENS = Path(__file__).parents[1] / "goldens" / "qti"
every_version = pytest.mark.parametrize("version", VERSION_NAMES)


def claim(name: str, **fields: object) -> TrueFalse:
    return TrueFalse(id=name, stem=f"Is it {name}?", answer=True, **fields)  # type: ignore[arg-type]


def deck(*items: AnyItem | Section, **fields: object) -> Deck:
    return Deck(title="Deck", items=items, **fields)  # type: ignore[arg-type]


# --- goldens -------------------------------------------------------------------------------------


@every_version
def test_a_deck_with_everything_is_as_it_was(version: str, golden: Golden) -> None:
    package = Package(load(GOLDENS / "deck.yaml"), version)
    texts = [f"==== {name}\n{package.text(name)}" for name in package.names if name.endswith(".xml")]
    golden("\n".join(texts), GOLDENS / f"qti{version.replace('.', '')}.txt")


@every_version
def test_the_golden_deck_is_valid(version: str) -> None:
    want_schemas()
    assert not package_faults(Package(load(GOLDENS / "deck.yaml"), version).data)


# --- the test and its settings -------------------------------------------------------------------


@every_version
def test_an_unset_test_leaves_all_to_the_program_but_showing_feedback(version: str) -> None:
    test = Package(deck(claim("a")), version).test
    part = test.one("testPart")
    assert (part.get("navigationMode"), part.get("submissionMode")) == ("nonlinear", "individual")
    control = part.one("itemSessionControl")
    assert (control.get("maxAttempts"), control.get("showFeedback")) == (None, "true")
    assert not test.all("timeLimits") and not test.all("ordering")


def test_attempts_are_limited() -> None:
    test = Package(deck(claim("a")), attempts=3).test
    assert test.one("itemSessionControl").get("maxAttempts") == "3"


def test_a_time_limit_is_in_seconds() -> None:
    assert Package(deck(claim("a")), time_limit=5).test.one("timeLimits").get("maxTime") == "300"


def test_one_at_a_time_is_linear() -> None:
    assert Package(deck(claim("a")), one_at_a_time=True).test.one("testPart").get("navigationMode") == "linear"


def test_questions_are_shuffled_in_every_section() -> None:
    test = Package(deck(claim("a"), Section(section="S", items=(claim("b"),))), shuffle=True).test
    assert [ordering.get("shuffle") for ordering in test.all("ordering")] == ["true", "true"]


def test_a_bank_has_no_test() -> None:
    package = Package(deck(claim("a")), bank=True)
    assert package.names == ["deck__a.xml", "imsmanifest.xml"]
    assert [resource.get("type") for resource in package.manifest.all("resource")] == ["imsqti_item_xmlv2p1"]


def test_a_bank_cannot_hold_what_a_test_says() -> None:
    with_section = deck(Section(section="S", pick=1, description="d", items=(claim("a"), claim("b"))), description="D")
    lost = {loss.feature for loss in plan(with_section, "qti21", bank=True).losses}
    assert lost == {Feature.SECTIONS, Feature.SECTION_DESCRIPTION, Feature.PICK, Feature.DESCRIPTION}


@pytest.mark.parametrize("options", [{"attempts": -1}, {"time_limit": 0}, {"version": "2.0"}])
def test_an_option_with_a_wrong_value_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        plan(deck(claim("a")), "qti21", **options)  # type: ignore[arg-type]


@every_version
def test_points_are_a_weight_too(version: str) -> None:
    ref = Package(deck(claim("a", points=2.5)), version).test.one("assessmentItemRef")
    assert (ref.get("identifier"), ref.get("href"), ref.one("weight").get("value")) == ("deck__a", "deck__a.xml", "2.5")


# --- sections ------------------------------------------------------------------------------------


@every_version
def test_sections_stand_in_sections(version: str) -> None:
    inner = Section(section="Inner", items=(claim("b"),))
    test = Package(deck(claim("a"), Section(section="Outer", items=(inner, claim("c")))), version).test
    found = [
        (section.get("title"), [ref.get("identifier") for ref in section.all("assessmentItemRef")])
        for section in test.all("assessmentSection")
    ]
    assert found == [
        ("Deck", ["deck__a", "deck__b", "deck__c"]),
        ("Outer", ["deck__b", "deck__c"]),
        ("Inner", ["deck__b"]),
    ]


@every_version
def test_descriptions_are_shown_in_the_test(version: str) -> None:
    section = Section(section="S", description="Of the section.", items=(claim("a"),))
    test = Package(deck(section, description="Of the *deck*."), version).test
    assert [(r.get("view"), r.text) for r in test.all("rubricBlock")] == [
        ("candidate", "Of the deck."),
        ("candidate", "Of the section."),
    ]


@every_version
def test_a_section_draws_as_many_as_it_says(version: str) -> None:
    test = Package(deck(Section(section="S", pick=2, items=tuple(claim(name) for name in "abc"))), version).test
    assert test.one("selection").get("select") == "2"


def test_a_section_that_draws_all_draws_none() -> None:
    test = Package(deck(Section(section="S", pick=5, items=(claim("a"),)))).test
    assert not test.all("selection")


def test_drawing_from_sections_is_told() -> None:
    inner = Section(section="I", items=(claim("a"), claim("b")))
    losses = plan(deck(Section(section="S", pick=1, items=(inner, claim("c")))), "qti21").losses
    assert [loss.how for loss in losses] == ["a section inside is drawn or left out as a whole"]


def test_drawing_all_is_told() -> None:
    losses = plan(deck(Section(section="S", pick=5, items=(claim("a"),))), "qti21").losses
    assert [loss.how for loss in losses] == ["all are asked: there are no more to draw from"]


def test_an_item_that_stands_in_two_sections_is_asked_in_both() -> None:
    same = TrueFalse(stem="?", answer=True)
    test = Package(deck(Section(section="S", items=(same,)), Section(section="T", items=(same,)))).test
    assert [len(section.all("assessmentItemRef")) for section in test.all("assessmentSection")] == [2, 1, 1]


# --- files, media, metadata ----------------------------------------------------------------------


def test_items_that_differ_in_case_have_files_that_do_not() -> None:
    names = [name for name in Package(deck(claim("a"), claim("A"))).names if name.startswith("deck")]
    assert len({name.lower() for name in names}) == 2


@every_version
def test_every_resource_and_dependency_is_there(version: str) -> None:
    package = Package(load(GOLDENS / "deck.yaml"), version)
    files = [file.get("href") for file in package.manifest.all("file")]
    assert sorted({*files, "imsmanifest.xml"}) == sorted(package.names)  # type: ignore[type-var]
    resources = {resource.get("identifier") for resource in package.manifest.all("resource")}
    assert {node.get("identifierref") for node in package.manifest.all("dependency")} < resources


@every_version
def test_media_are_where_the_items_say(version: str) -> None:
    package = Package(load(GOLDENS / "deck.yaml"), version)
    single, opened = package.items()["golden__single"], package.items()["golden__open"]
    played = opened.all("object" if version != "3.0" else "audio")[0]
    sources = {single.one("img").get("src"), played.get("data") or played.get("src")}
    assert sources == {name for name in package.names if name.startswith("media/")}


@every_version
def test_the_manifest_lists_an_items_media(version: str) -> None:
    package = Package(load(GOLDENS / "deck.yaml"), version)
    (resource,) = [r for r in package.manifest.all("resource") if r.get("identifier") == "golden__single"]
    assert [str(file.get("href")).partition("-")[0] for file in resource.all("file")] == [
        "golden__single.xml",
        "media/dot",
    ]


@every_version
def test_tags_and_level_are_metadata(version: str) -> None:
    package = Package(deck(claim("a", tags=("x & y",), level="advanced"), tags=("z",)), version)
    (resource,) = [r for r in package.manifest.all("resource") if r.get("identifier") == "deck__a"]
    assert [keyword.text for keyword in resource.all("keyword")] == ["z", "x & y"]
    assert resource.one("difficulty").one("value").text == "difficult"


@every_version
def test_the_deck_says_who_made_it(version: str) -> None:
    made = Package(deck(claim("a"), author="A & B", license="CC BY", language="en"), version).manifest
    metadata = made.one("metadata") if len(made.all("metadata")) == 1 else made.all("metadata")[0]
    assert "FN:A & B" in metadata.one("entity").text
    assert metadata.one("rights").one("description").text == "CC BY"
    assert metadata.one("language").text == "en"


@pytest.mark.parametrize(
    ("version", "expected"),
    [("2.1", "imsqti_test_xmlv2p1"), ("2.2", "imsqti_test_xmlv2p2"), ("3.0", "imsqti_test_xmlv3p0")],
)
def test_the_test_is_a_resource_of_its_version(version: str, expected: str) -> None:
    assert Package(deck(claim("a")), version).manifest.all("resource")[0].get("type") == expected


# --- what QTI cannot hold ------------------------------------------------------------------------


@pytest.mark.parametrize("exporter", [Qti21Exporter, Qti30Exporter])
def test_every_feature_is_declared(exporter: type[Qti21Exporter | Qti30Exporter]) -> None:
    assert set(exporter.capabilities) == set(Feature)


def limits(item: AnyItem) -> list[tuple[Feature, str]]:
    return [(loss.feature, loss.how) for loss in Qti21Exporter().limits(deck(item))]


def test_a_formula_that_stays_latex_is_told() -> None:
    assert limits(claim("a", explanation=r"$x$ and $\ce{H2O}$")) == [
        (Feature.MATHS, r"the formula '\ce{H2O}' stays LaTeX, which MathML cannot say")
    ]


def test_a_formula_with_a_deletion_that_stays_latex_is_told() -> None:
    (told, *_) = [how for feature, how in limits(Cloze(text=r"$\ce{H2O} = {{c1::x}}$")) if feature is Feature.MATHS]
    assert told.startswith("the formula")


def test_text_that_is_struck_out_is_told() -> None:
    assert limits(Flashcard(front="~~a~~ b", back="~~~")) == [(Feature.HTML, "QTI cannot strike text out")]


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ('[a](https://example.org "title")', Feature.HTML),
        ("5. a\n6. b", Feature.HTML),
        ("| a |\n|:-:|\n| b |", Feature.TABLES),
        ("```c++\nx\n```", Feature.CODE),
    ],
)
def test_markup_that_qti_has_no_elements_for_is_told(text: str, feature: Feature) -> None:
    assert [told for told, _ in limits(Flashcard(front=text, back="b"))] == [feature]


@pytest.mark.parametrize("text", ["1. a\n2. b", "[a](https://example.org)", "| a |\n|---|\n| b |", "```py\nx\n```"])
def test_markup_that_arrives_is_not(text: str) -> None:
    assert limits(Flashcard(front=text, back="b")) == []


def test_shares_of_no_points_are_told() -> None:
    item = ShortAnswer(stem="?", answers=(Answer(text="a"), Answer(text="b")), points=0)
    assert limits(item) == [(Feature.ANSWER_CREDIT, "of 0 points, every share is 0")]


@pytest.mark.parametrize("right", [True, False])
def test_a_second_choice_that_gets_all_points_is_told(right: bool) -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=right, credit=1))
    item = MultipleChoice(stem="?", choices=choices, multiple=False)
    how = "QTI names one right choice; of the others, full points tell it"
    assert limits(item) == [(Feature.MULTIPLE_CHOICE, how)]


@pytest.mark.parametrize(("points", "credit"), [(1, 0.2), (0, None)])
def test_a_second_right_choice_that_no_points_tell_is_told(points: int, credit: float | None) -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=True, credit=credit))
    item = MultipleChoice(stem="?", choices=choices, multiple=False, points=points)
    how = "QTI names one right choice; of the others, nothing tells that they are right"
    assert (Feature.MULTIPLE_CHOICE, how) in limits(item)


def test_html_is_an_adaptation() -> None:
    (loss,) = plan(deck(claim("a", explanation=Html("<u>a</u>"))), "qti21").losses
    assert loss.feature is Feature.HTML


def test_a_number_of_many_digits_is_told() -> None:
    assert limits(Numeric(stem="?", answer="3.14159265358979323846")) == [
        (Feature.NUMERIC, "programs compare about 15 digits of a number")
    ]


def test_answers_that_differ_in_case_only_are_told() -> None:
    answers = (Answer(text="lima", credit=0.5), Answer(text="Lima"))
    assert limits(ShortAnswer(stem="?", answers=answers)) == [
        (Feature.SHORT_ANSWER, "of answers that differ in case only, the one with the most credit counts")
    ]
    assert limits(ShortAnswer(stem="?", answers=answers, case_sensitive=True)) == []


def refused(item: AnyItem) -> InvalidDeck:
    with pytest.raises(InvalidDeck) as caught:
        plan(deck(item), "qti21")
    return caught.value


@pytest.mark.parametrize("answer", ["1e400", "-1e-350"])
def test_a_number_that_no_program_computes_with_is_refused(answer: str) -> None:
    (diagnostic,) = refused(Numeric(stem="?", answer=answer)).diagnostics
    assert (diagnostic.code, diagnostic.message.partition(":")[0]) == ("number-out-of-range", "items[0].answer")


def test_a_deletion_that_nobody_can_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    item = Cloze(text="{{c1::![](a.png)}}")
    with pytest.raises(InvalidDeck) as caught:
        plan(deck(item).with_media(tmp_path), "qti21")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["blank-not-typed"]


def test_a_plain_deck_loses_nothing() -> None:
    item = claim("a", explanation="Because.", source="A book", points=2, tags=("t",))
    assert not plan(deck(item, Section(section="S", items=(claim("b"),)), language="en"), "qti21").losses
