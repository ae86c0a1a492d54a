"""Packages for Canvas: what every kind of item becomes, the files, the options."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from cardforge import api
from cardforge.diagnostics import InvalidOption
from cardforge.fidelity import Feature, Level
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.plugin import Context
from cardforge.text import plain
from cardforge_exporters.canvas import CanvasExporter
from tests.conftest import Golden
from tests.exporters.canvas.quizzes import Asked, Drawn, Quiz, Shown, expected, letters
from tests.exporters.canvas.reading import files, questions, read
from tests.schemas import dtd_faults, faults, want_schemas
from tests.strategies import decks

GOLDENS = Path(__file__).parents[1] / "goldens" / "canvas"
few = settings(max_examples=25)
"""Drawing a deck costs more than what is tested."""


def package(deck: Deck, **options: Any) -> bytes:
    return api.export(deck, "canvas", now=0, **options).data


def deck_of(*items: AnyItem | Section) -> Deck:
    return Deck(id="d", title="Deck", items=items)


def everything() -> Deck:
    return api.load(GOLDENS / "deck.yaml")


def bare(quiz: Quiz) -> Quiz:
    """Without idents and titles."""
    found: Quiz = []
    for part in quiz:
        if isinstance(part, Drawn):
            part = replace(part, questions=tuple(replace(asked, ident="", title="") for asked in part.questions))
        found.append(replace(part, ident="", title="") if isinstance(part, Asked) else part)
    return found


def only(item: AnyItem, **options: Any) -> Asked:
    (asked,) = read(package(deck_of(item), **options))
    assert isinstance(asked, Asked)
    return asked


def idents(data: bytes) -> list[str]:
    return [item.get("ident") for item in questions(data).iter("{*}item")]


def settings_of(data: bytes) -> dict[str, str]:
    (meta,) = (content for name, content in files(data).items() if name.endswith("assessment_meta.xml"))
    return {etree.QName(element).localname: element.text or "" for element in etree.fromstring(meta)}


# --- every deck --------------------------------------------------------------------------------


def _is_taken(deck: Deck) -> bool:
    """Whether Canvas takes the deck, and a reader can tell the left sides apart by what they show."""
    for entry in deck.entries():
        item = entry.item
        if isinstance(item, Matching | Ordering):
            lefts = [pair.left for pair in item.pairs] if isinstance(item, Matching) else list(item.steps)
            if len({letters(plain(text)) for text in lefts}) < len(lefts):
                return False
    return not CanvasExporter().refuses(deck)


TAKEN = decks().filter(_is_taken)


@settings(max_examples=60)
@given(TAKEN)
def test_an_independent_reading_finds_the_deck(deck: Deck) -> None:
    assert bare(read(written(deck))) == expected(deck)


@few
@given(TAKEN)
def test_the_questions_are_valid_against_qti_1_2(deck: Deck) -> None:
    want_schemas()
    for data in (written(deck), written(deck, bank=True, flashcards="essay")):
        (xml,) = (content for name, content in files(data).items() if _holds_questions(name))
        assert faults(xml) == []
        # What Canvas needs in a question group is in the schema only.
        assert [f for f in dtd_faults(xml) if "selection_extension" not in f and "points_per_item" not in f] == []


@few
@given(TAKEN)
def test_the_manifest_is_valid_and_names_every_file(deck: Deck) -> None:
    want_schemas()
    found = files(written(deck))
    assert faults(found["imsmanifest.xml"]) == []
    named: Any = etree.fromstring(found["imsmanifest.xml"]).xpath("//@href")
    assert set(named) == found.keys() - {"imsmanifest.xml"}


@few
@given(TAKEN)
def test_every_feedback_is_shown_and_every_ident_is_there_once(deck: Deck) -> None:
    data = written(deck)
    assert len(set(idents(data))) == len(idents(data))
    for item in questions(data).iter("{*}item"):
        shown = {link.get("linkrefid") for link in item.iter("{*}displayfeedback")}
        assert shown == {feedback.get("ident") for feedback in item.iter("{*}itemfeedback")}


@few
@given(TAKEN)
def test_the_same_deck_gives_the_same_bytes(deck: Deck) -> None:
    assert written(deck) == written(deck)


def written(deck: Deck, **options: Any) -> bytes:
    """The package, though Canvas may refuse a part of it."""
    out = BytesIO()
    CanvasExporter(**options).write(deck, out, Context(now=0))
    return out.getvalue()


def _holds_questions(name: str) -> bool:
    return Path(name).stem == Path(name).parent.name


# --- goldens -----------------------------------------------------------------------------------


def test_a_deck_with_everything(golden: Golden) -> None:
    for name, content in files(package(everything())).items():
        if name.endswith(".xml"):
            golden(content.decode(), GOLDENS / "quiz" / Path(name).name)


def test_a_bank_and_flashcards_as_essays(golden: Golden) -> None:
    for name, content in files(package(everything(), bank=True, flashcards="essay")).items():
        if name.endswith(".xml"):
            golden(content.decode(), GOLDENS / "bank" / Path(name).name)


def test_what_a_deck_with_everything_loses(golden: Golden) -> None:
    losses = api.plan(everything(), "canvas").losses
    shown = [f"{loss.span.line if loss.span else ''} {replace(loss, span=None)}\n" for loss in losses]
    golden("".join(shown), GOLDENS / "losses.txt")


def test_a_deck_with_everything_is_read_as_it_was_written() -> None:
    deck = everything()
    assert bare(read(package(deck))) == expected(deck)


# --- kinds -------------------------------------------------------------------------------------


def test_one_right_choice_is_a_multiple_choice() -> None:
    item = MultipleChoice(stem="s", choices=(Choice(text="a", correct=True, feedback="f"), Choice(text="b")))
    asked = only(item)
    assert (asked.kind, asked.answers) == ("choice", ((("a",), True, ("f",)), (("b",), False, None)))


def test_several_may_be_right_where_one_is_chosen() -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b", correct=True), Choice(text="c"))
    asked = only(MultipleChoice(stem="s", choices=choices, multiple=False))
    assert (asked.kind, [right for _, right, _ in asked.answers]) == ("choice", [True, True, False])


def test_several_may_be_chosen_where_one_is_right() -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b"))
    asked = only(MultipleChoice(stem="s", choices=choices, multiple=True))
    assert (asked.kind, [right for _, right, _ in asked.answers]) == ("choices", [True, False])


def test_entities_in_choices_have_numbers() -> None:
    item = MultipleChoice(stem="s", choices=(Choice(text="a & b", correct=True), Choice(text="a < b")))
    found = [node.text for node in questions(package(deck_of(item))).iterfind(".//{*}response_label//{*}mattext")]
    assert found == ["a &#38; b", "a &#60; b"]


def test_answers_stay_in_their_order_with_their_feedback() -> None:
    answers = (Answer(text="a"), Answer(text="b", feedback="f"), Answer(text="c"))
    assert only(ShortAnswer(stem="s", answers=answers)).answers == (("a", None), ("b", ("f",)), ("c", None))


def test_an_answer_without_credit_is_none() -> None:
    answers = (Answer(text="a"), Answer(text="b", credit=0, feedback="f"))
    asked = only(ShortAnswer(stem="s", answers=answers))
    assert asked.answers == (("a", None),)


@pytest.mark.parametrize(
    ("item", "form"),
    [
        (Numeric(stem="s", answer="9.81"), ["9.81", "9.81", "9.81"]),
        (Numeric(stem="s", answer="10", tolerance="0.5"), ["10", "9.5", "10.5"]),
        # In binary, 9.81 - 9.8 is 0.009999999999999787.
        (Numeric(stem="s", answer="9.81", tolerance="0.01"), ["9.8", "9.82"]),
        (Numeric(stem="s", answer="-8", tolerance_percent="25"), ["-8", "-10", "-6"]),
    ],
)
def test_numbers_are_decimals(item: Numeric, form: list[str]) -> None:
    found = questions(package(deck_of(item)))
    assert [
        node.text for node in found.find(".//{*}respcondition").iter("{*}varequal", "{*}vargte", "{*}varlte")
    ] == form


def test_a_unit_stands_below_the_question() -> None:
    assert only(Numeric(stem="s", answer="1", unit="m & s")).text == letters("sUnit:m&s")


def test_brackets_of_the_author_are_no_blanks() -> None:
    asked = only(Cloze(text="[blank1] is {{c1::a::b}} [c]"))
    assert (asked.text, asked.answers) == (("[blank1]is▁1▁(b)[c]", "em"), ("a",))


def test_a_blank_stands_in_code() -> None:
    assert "▁1▁" in only(Cloze(text="```py\nx = {{c1::1}}\n```")).text[0]


def test_equal_right_sides_are_offered_once() -> None:
    pairs = (Pair(left="a", right="x"), Pair(left="b", right="x"), Pair(left="c", right="y"))
    found = questions(package(deck_of(Matching(stem="s", pairs=pairs, distractors=("z",)))))
    offered = [
        [n.text for n in lid.iterfind(".//{*}response_label//{*}mattext")] for lid in found.iter("{*}response_lid")
    ]
    assert [sorted(each) for each in offered] == [["x", "y", "z"]] * 3


def test_what_would_be_a_tag_in_a_menu_is_none() -> None:
    pairs = (Pair(left="a", right="List<int>"), Pair(left="b", right="1 < 2 &amp;lt; 3"))
    found = questions(package(deck_of(Matching(stem="s", pairs=pairs))))
    offered = {node.text for node in found.iterfind(".//{*}response_label//{*}mattext")}
    assert offered == {"List<\u2060int>", "1 < 2 &\u2060lt; 3"}


def test_steps_are_given_their_places_and_not_shown_in_order() -> None:
    found = questions(package(deck_of(Ordering(stem="s", steps=("a", "b", "c")))))
    steps = [node.findtext("{*}material/{*}mattext") for node in found.iter("{*}response_lid")]
    assert sorted(steps) == ["a", "b", "c"] != steps
    assert only(Ordering(stem="s", steps=("a", "b"))).answers == ({("a",): ("1",), ("b",): ("2",)}, set())


def test_the_back_of_a_flashcard_is_shown_after_the_rating_only() -> None:
    asked = only(Flashcard(front="f", back="b"))
    assert (asked.kind, asked.text, asked.feedback) == ("choice", ("f",), {"always": ("b",)})


def test_a_flashcard_as_an_essay() -> None:
    assert only(Flashcard(front="f", back="b"), flashcards="essay").kind == "essay"


def test_a_reversed_flashcard_is_two_questions() -> None:
    data = package(deck_of(Flashcard(id="i", front="f", back="b", reversed=True)))
    first, second = read(data)
    assert isinstance(first, Asked) and isinstance(second, Asked)
    assert (first.title, second.title, idents(data)) == ("f", "b", ["d__i", "d__i__reversed"])


def test_an_essay_without_feedback_has_no_processing() -> None:
    item = questions(package(deck_of(OpenPrompt(stem="s"))))
    assert item.find(".//{*}resprocessing") is None


def test_a_question_is_named_by_its_text() -> None:
    assert only(TrueFalse(stem="Is **it**?", answer=True)).title == "Is it?"


def test_an_image_alone_is_given_words(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a")
    choices = (Choice(text="![A cat](a.png)", correct=True), Choice(text="![](a.png)"), Choice(text="![x](a.png) y"))
    data = package(deck_of(MultipleChoice(stem="s", choices=choices, shuffle=False)).with_media(tmp_path))
    found = [node.text for node in questions(data).iterfind(".//{*}response_label//{*}mattext")]
    assert [text.partition("/>")[2] for text in found] == [
        '<span class="screenreader-only">A cat</span>',
        '<span class="screenreader-only">Image 2</span>',
        " y",
    ]


# --- sections ----------------------------------------------------------------------------------


def test_a_section_begins_with_a_text() -> None:
    section = Section(section="S & T", description="*d*", items=(TrueFalse(stem="s", answer=True),))
    shown, _ = read(package(deck_of(section)))
    assert shown == Shown(("S&Td", "h3", "em"))


def test_a_section_to_draw_from_is_a_group() -> None:
    items = tuple(TrueFalse(stem=stem, answer=True, points=2) for stem in "abc")
    (group,) = read(package(deck_of(Section(section="S", pick=2, items=items))))
    assert isinstance(group, Drawn)
    assert (group.pick, group.points, len(group.questions)) == (2, 2, 3)


def test_no_more_are_drawn_than_there_are() -> None:
    section = Section(section="S", pick=9, items=(Flashcard(front="f", back="b", reversed=True),))
    (group,) = read(package(deck_of(section)))
    assert isinstance(group, Drawn) and group.pick == 2


def test_two_sections_of_one_name_have_idents_of_their_own() -> None:
    sections = [Section(section="S", items=(TrueFalse(id=name, stem=name, answer=True),)) for name in "ab"]
    assert len(set(idents(package(deck_of(*sections))))) == 4


def test_the_points_of_the_quiz_count_what_is_drawn() -> None:
    drawn = tuple(TrueFalse(stem=stem, answer=True, points=2) for stem in "abc")
    card = Flashcard(front="f", back="b", reversed=True, points=0.5)
    assert settings_of(package(deck_of(Section(section="S", pick=2, items=drawn), card)))["points_possible"] == "5"


# --- the files ---------------------------------------------------------------------------------


def test_media_are_named_by_path_and_are_in_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "my cat.png").write_bytes(b"cat")
    deck = deck_of(TrueFalse(stem="![a cat](<my cat.png>)", answer=True)).with_media(tmp_path)
    found = files(package(deck))
    (name,) = (name for name in found if name.startswith("media/"))
    assert found[name] == b"cat"
    assert f'src="{name}"' in (questions(package(deck)).findtext(".//{*}mattext") or "")


def test_a_player_has_a_link_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"a")
    data = package(deck_of(TrueFalse(stem="![](a.mp3)", answer=True)).with_media(tmp_path))
    text = questions(data).findtext(".//{*}mattext") or ""
    assert "<audio" in text and ">Audio</a>" in text


def test_an_edited_item_changes_itself_only() -> None:
    deck = everything()
    first = deck.items[0]
    assert isinstance(first, Flashcard)
    edited = replace(deck, items=(replace(first, back="another"), *deck.items[1:])).with_origin(deck.origin)
    before, after = files(package(deck)), files(package(edited))
    assert {name for name in before if before[name] != after[name]} == {"everything/everything.xml"}
    pairs = zip(questions(package(deck)).iter("{*}item"), questions(package(edited)).iter("{*}item"), strict=True)
    changed = [one.get("ident") for one, other in pairs if etree.tostring(one) != etree.tostring(other)]
    assert changed == ["everything__card", "everything__card__reversed"]


def test_a_new_item_moves_no_ident() -> None:
    deck = everything()
    longer = replace(deck, items=(TrueFalse(id="new", stem="New?", answer=True), *deck.items)).with_origin(deck.origin)
    assert idents(package(longer)) == ["everything__new", *idents(package(deck))]


# --- options -----------------------------------------------------------------------------------


def test_the_settings_of_a_quiz() -> None:
    data = package(
        everything(),
        quiz_type="practice_quiz",
        shuffle=True,
        attempts="3",
        time_limit="45",
        one_at_a_time="true",
        show_correct_answers="false",
    )
    assert settings_of(data) == {
        "title": "Everything & <\u2060more>",  # New Quizzes reads HTML here
        "description": "<div>What <em>Canvas</em> holds.</div><p>A &amp; B</p><p>CC BY 4.0</p>",
        "quiz_type": "practice_quiz",
        "points_possible": "25.5",
        "shuffle_answers": "true",
        "allowed_attempts": "3",
        "time_limit": "45",
        "one_question_at_a_time": "true",
        "show_correct_answers": "false",
    }


@pytest.mark.parametrize("attempts", [-1, "-1", "unlimited"])
def test_attempts_without_a_limit(attempts: object) -> None:
    assert settings_of(package(everything(), attempts=attempts))["allowed_attempts"] == "-1"


def test_by_default_there_is_no_time_limit() -> None:
    assert "time_limit" not in settings_of(package(everything()))


def test_shuffling_leaves_out_the_questions_whose_order_is_fixed() -> None:
    choices = (Choice(text="a", correct=True), Choice(text="b"))
    items = [MultipleChoice(stem=str(shuffle), choices=choices, shuffle=shuffle) for shuffle in (True, False)]
    found = questions(package(deck_of(*items), shuffle=True)).iter("{*}render_choice")
    assert [node.get("shuffle") for node in found] == ["Yes", "No"]


@pytest.mark.parametrize(("option", "value"), [("attempts", "0"), ("time_limit", "0"), ("quiz_type", "exam")])
def test_a_wrong_option_is_refused(option: str, value: str) -> None:
    with pytest.raises(InvalidOption):
        package(everything(), **{option: value})


def test_a_bank_has_questions_and_a_name_and_no_settings() -> None:
    data = package(everything(), bank=True)
    assert bare(read(data)) == expected(everything(), bank=True)
    assert questions(data).findtext(".//{*}fieldentry") == "Everything & <more>"
    assert not any(name.endswith("assessment_meta.xml") for name in files(data))


def test_a_bank_says_what_it_has_no_place_for() -> None:
    losses = api.plan(everything(), "canvas", bank=True).losses
    dropped = {loss.feature for loss in losses if loss.level is Level.DROPPED}
    assert {Feature.SECTIONS, Feature.PICK, Feature.DESCRIPTION, Feature.AUTHOR} <= dropped


def _orders(deck: Deck) -> list[list[str]]:
    items = questions(package(deck)).iter("{*}item")
    return [[label.get("ident") for label in item.iter("{*}response_label")] for item in items]


def test_the_right_choice_does_not_always_come_first() -> None:
    choices = (Choice(text="right", correct=True), Choice(text="wrong"))
    items = (MultipleChoice(stem=f"s{n}", choices=(*choices, Choice(text=f"other {n}"))) for n in range(12))
    assert len({order[0] for order in _orders(deck_of(*items))}) > 1


def test_a_fixed_order_of_choices_is_kept() -> None:
    choices = tuple(Choice(text=str(n), correct=n == 3) for n in range(8))
    (order,) = _orders(deck_of(MultipleChoice(stem="s", choices=choices, shuffle=False)))
    assert order == [f"choice_{n}" for n in range(1, 9)]
