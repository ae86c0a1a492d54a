"""The file as a whole: categories, idnumbers, media, options, splitting, the glossary."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cardforge import api
from cardforge.diagnostics import InvalidOption
from cardforge.model import (
    AnyItem,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Section,
    TrueFalse,
)
from cardforge.plugin import Context, Notice
from cardforge.text import Html, Text
from cardforge_exporters.moodle import MoodleExporter, xml
from tests.conftest import Golden
from tests.exporters.moodle.moodle_reading import (
    categories,
    content,
    exported,
    in_zip,
    one,
    parsed,
    question_of,
    questions,
    written,
)

GOLDENS = Path(__file__).parents[1] / "goldens" / "moodle"
OPTIONS: dict[str, dict[str, Any]] = {
    "deck.xml": {},
    "typed.xml": {"flashcards": "shortanswer", "self_check": True, "numbering": "none"},
}


def numeric(stem: Text = "s", **fields: Any) -> Numeric:
    return Numeric(stem=stem, answer="1", **fields)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_deck_with_every_kind_is_written_as_agreed(golden: Golden, name: str) -> None:
    golden(written(api.load(GOLDENS / "deck.yaml"), **OPTIONS[name]), GOLDENS / name)


def test_a_glossary_is_written_as_agreed(golden: Golden) -> None:
    files = in_zip(written(api.load(GOLDENS / "deck.yaml"), flashcards="glossary"))
    assert list(files) == ["glossary.xml", "questions-001.xml"]
    golden(files["glossary.xml"], GOLDENS / "glossary.xml")


# --- categories ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Basics", "Basics"),
        ("a/b", "a//b"),
        ("/a/", " //a// "),
        ("a<b", "a&lt;b"),
        ("R&amp;D & more", "R&amp;amp;D & more"),
        ("top", "Top"),
    ],
)
def test_a_sections_category(title: str, category: str) -> None:
    (question,) = questions(written(one(Section(section=title, items=(numeric(),)))))
    assert question.category == f"$course$/top/T/{category}".strip()


def test_long_titles_that_begin_alike_stay_two_categories() -> None:
    sections = (Section(section="word " * 60 + end, items=(numeric(end),)) for end in "ab")
    paths = [question.category for question in questions(written(Deck(title="T", items=tuple(sections))))]
    assert len(set(paths)) == 2 and all(len(path) < 280 for path in paths)


def test_items_behind_a_section_are_in_the_decks_category_again() -> None:
    deck = one(numeric("a"), Section(section="S", items=(numeric("b"),)), numeric("c"))
    assert [q.category for q in questions(written(deck))] == ["$course$/top/T", "$course$/top/T/S", "$course$/top/T"]


def test_descriptions_are_the_categories() -> None:
    section = Section(section="S", description="*about*", pick=2, items=(numeric(),))
    described = dict(reversed(list(categories(written(one(section, description="D", author="A & B", license="L"))))))
    assert described == {
        "$course$/top/T": "<div>D</div><p>Author: A &amp; B</p><p>License: L</p>",
        "$course$/top/T/S": "<div><em>about</em></div><p>Draw 2 of these questions at random.</p>",
    }


def test_the_id_of_the_deck_stands_unseen_in_its_category() -> None:
    text = written(one(numeric(), id='a"<b>')).decode()
    assert (
        '<info format="html"><text><![CDATA[<span id="cardforge-deck-a&quot;&lt;b&gt;"></span>]]></text></info>' in text
    )


def test_an_id_that_the_title_gives_is_not_written() -> None:
    assert "cardforge-deck" not in written(one(numeric())).decode()


def test_sections_of_one_title_are_one_category_with_both_descriptions() -> None:
    deck = one(*(Section(section="S", description=d, items=(numeric(d),)) for d in "ab"))
    assert [info for _, info in categories(written(deck)) if info] == ["<div>a</div><div>b</div>"]


def test_categories_have_no_idnumbers() -> None:
    assert parsed(written(one(numeric(), description="D"))).find("question[@type='category']/idnumber") is None


# --- idnumbers -----------------------------------------------------------------------------------


def idnumbers(*ids: str) -> list[str]:
    return [q.idnumber for q in questions(written(one(*(numeric(f"s{i}", id=i) for i in ids))))]


def test_an_id_is_the_idnumber() -> None:
    assert idnumbers("a", "größe", "x" * 100) == ["a", "größe", "x" * 100]


def test_a_long_id_is_shortened() -> None:
    (idnumber,) = idnumbers("x" * 101)
    assert len(idnumber) == 100 and idnumber.startswith("xxx")


@pytest.mark.parametrize("ids", [("a", "A"), ("e", "é"), ("🎓", "📚"), ("x" * 150, "x" * 149 + "y")])
def test_ids_that_a_database_takes_for_one_stay_two(ids: tuple[str, ...]) -> None:
    made = idnumbers(*ids)
    assert made[0].lower() != made[1].lower() and not set(made) & set(ids)


def test_no_id_is_that_of_another_items_second_question() -> None:
    deck = one(Flashcard(id="a", front="F", back="B", reversed=True), Flashcard(id="a(reversed)", front="G", back="C"))
    made = [question.idnumber for question in questions(written(deck))]
    assert len(set(made)) == 3


# --- media ---------------------------------------------------------------------------------------


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "a b.svg").write_bytes(b"<svg/>")
    (tmp_path / "c.mp3").write_bytes(b"sound")
    return tmp_path


def test_every_text_has_its_own_files(media: Path) -> None:
    image = "![x](<a b.svg>)"
    deck = one(numeric(image, explanation=image, hint=(image,), feedback_correct=image)).with_media(media)
    (question,) = questions(exported(deck))
    for path in ("questiontext", "generalfeedback", "hint", "answer/feedback"):
        (name,) = question.files(path)
        assert question.files(path)[name] == b"<svg/>" and f'src="@@PLUGINFILE@@/{name}"' in question.text(path)


def test_an_image_twice_in_a_text_is_one_file(media: Path) -> None:
    (question,) = questions(exported(one(numeric("![x](c.mp3) ![y](c.mp3)")).with_media(media)))
    assert len(question.files("questiontext")) == 1


def test_html_has_its_files_too(media: Path) -> None:
    (question,) = questions(exported(one(numeric(Html('<img src="a%20b.svg">'))).with_media(media)))
    assert list(question.files("questiontext").values()) == [b"<svg/>"]


def test_a_description_with_media_is_a_page(media: Path) -> None:
    section = Section(section="S", description="See ![x](c.mp3)", items=(numeric(),))
    page, _ = questions(exported(one(section).with_media(media)))
    assert (page.type, page.name, page.category) == ("description", "S", "$course$/top/T/S")
    assert list(page.files("questiontext").values()) == [b"sound"]


def test_a_large_file_comes_in_sections_that_moodles_parser_takes() -> None:
    data = bytes(range(256)) * 40_000
    sections = xml.encoded(data).removeprefix("<![CDATA[").removesuffix("]]>").split("]]><![CDATA[")
    assert len(sections) == 3 and max(map(len, sections)) < 8_000_000


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [{"split": "0"}, {"split_mb": "-1"}, {"split_mb": "inf"}, {"flashcards": "anki"}, {"numbering": "ABC"}]
)
def test_a_wrong_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        api.export(one(numeric()), "moodle", **options)


@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ({}, ".xml"),
        ({"split": 5}, ".moodle.zip"),
        ({"split_mb": 1}, ".moodle.zip"),
        ({"flashcards": "glossary"}, ".moodle.zip"),
    ],
)
def test_several_files_come_in_a_zip(options: dict[str, Any], suffix: str) -> None:
    assert api.export(one(numeric()), "moodle", **options).suffix == suffix


def test_a_file_has_at_most_the_questions_that_split_says() -> None:
    items = [numeric(str(n)) for n in range(3)]
    deck = one(Flashcard(front="F", back="B", reversed=True), Section(section="S", items=tuple(items)), description="D")
    files = in_zip(written(deck, split=2))
    assert list(files) == ["questions-001.xml", "questions-002.xml", "questions-003.xml"]
    found = [[(q.category, q.name) for q in questions(data)] for data in files.values()]
    assert found == [
        [("$course$/top/T", "F"), ("$course$/top/T", "B (reversed)")],
        [("$course$/top/T/S", "0"), ("$course$/top/T/S", "1")],
        [("$course$/top/T/S", "2")],
    ]


def test_a_file_is_no_larger_than_split_mb_says() -> None:
    deck = one(*(numeric(f"{n} " + "word " * 200) for n in range(20)))
    files = in_zip(written(deck, split_mb=0.005))
    assert sum(len(questions(data)) for data in files.values()) == 20
    assert max(map(len, files.values())) < 5300


def test_a_question_larger_than_split_mb_is_told() -> None:
    told: list[Notice] = []
    options: dict[str, Any] = {"split_mb": 0.0001}
    exporter = MoodleExporter(**options)
    exporter.write(one(numeric()), BytesIO(), Context(now=0, notify=told.append))
    assert [notice.code for notice in told] == ["ids-missing", "file-too-large"]


# --- the glossary --------------------------------------------------------------------------------


def glossary(deck: Deck) -> Iterator[dict[str, str]]:
    for entry in parsed(in_zip(written(deck, flashcards="glossary"))["glossary.xml"]).iter("ENTRY"):
        yield {part.tag: part.text for part in entry}


def test_front_and_back_are_concept_and_definition() -> None:
    (entry,) = glossary(one(Flashcard(front="F", back="**B**", hint=("H",))))
    hint = "<details><summary>Hint</summary><div>H</div></details>"
    assert (entry["CONCEPT"], entry["DEFINITION"]) == ("F", f"{hint}<div><strong>B</strong></div>")


def test_a_front_that_is_no_line_stands_in_the_definition_too() -> None:
    (entry,) = glossary(one(Flashcard(front="*F*", back="B")))
    assert (entry["CONCEPT"], entry["DEFINITION"]) == ("F", "<div><em>F</em></div><div>B</div>")


def test_concepts_that_differ_in_case_only_are_numbered() -> None:
    deck = one(*(Flashcard(front=front, back=f"{n}") for n, front in enumerate(["F", "f", "F (2)"])))
    assert [entry["CONCEPT"] for entry in glossary(deck)] == ["F", "f (2)", "F (2) (2)"]


def test_a_glossary_of_a_deck_of_flashcards_comes_alone() -> None:
    assert list(in_zip(written(one(Flashcard(front="F", back="B")), flashcards="glossary"))) == ["glossary.xml"]


def test_a_deck_without_flashcards_has_no_glossary() -> None:
    assert list(in_zip(written(one(numeric()), flashcards="glossary"))) == ["questions-001.xml"]


def test_sections_and_tags_of_a_glossary() -> None:
    deck = one(Section(section="S", items=(Flashcard(front="F", back="B", tags=("a & b",), level="beginner"),)))
    root = parsed(in_zip(written(deck, flashcards="glossary"))["glossary.xml"])
    assert root.findtext(".//CATEGORY/NAME") == "S"
    assert [tag.text for tag in root.iter("TAG")] == ["a & b", "level:beginner"]


def test_a_glossary_holds_what_is_said_of_the_deck() -> None:
    deck = one(Flashcard(front="F", back="B"), description="*D*", author="A", license="L")
    root = parsed(in_zip(written(deck, flashcards="glossary"))["glossary.xml"])
    assert root.findtext(".//INTRO") == "<div><em>D</em></div><p>Author: A</p><p>License: L</p>"


def test_the_files_of_a_glossary(media: Path) -> None:
    deck = one(Flashcard(front="F", back="![x](c.mp3)")).with_media(media)
    file = parsed(in_zip(exported(deck, flashcards="glossary"))["glossary.xml"]).find(".//ENTRYFILES/FILE")
    assert [file.findtext(name) for name in ("FILEPATH", "CONTENTS")] == ["/", "c291bmQ="]


# --- the rest ------------------------------------------------------------------------------------


def test_the_documentation_names_every_option() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "moodle.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in docs for name in MoodleExporter.model_fields)


@pytest.mark.parametrize(
    "item",
    [
        Flashcard(front="x", back="y"),
        Cloze(text="{{c1::x}}"),
        TrueFalse(stem="x", answer=True),
        OpenPrompt(stem="x"),
        MultipleChoice(stem="x", choices=(Choice(text="a", correct=True), Choice(text="b"))),
    ],
)
def test_every_question_has_a_text_and_a_name(item: AnyItem) -> None:
    question = question_of(item)
    assert question.name and content(question.element.find("questiontext"))
