"""Moodle XML as Moodle and others write it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge import api
from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge.model import Cloze, Deck, Flashcard, MultipleChoice, ShortAnswer, to_data
from cardforge.text.html import without_illegal
from cardforge.validation import validate
from cardforge_sources import moodle
from cardforge_sources.question_bank.files import Files
from tests.exporters.moodle.moodle_reading import exported, in_zip, one


def read(text: str | bytes) -> Deck:
    data = text if isinstance(text, bytes) else text.encode()
    validated = validate(moodle.read(data, Path("bank.xml")))
    assert validated.deck is not None, validated.diagnostics
    return validated.deck


def quiz(*questions: str) -> str:
    return f"<quiz>{''.join(questions)}</quiz>"


def question(kind: str, text: str, parts: str = "", name: str = "") -> str:
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    return f'<question type="{kind}"><name><text>{name}</text></name>{stem}{parts}</question>'


def answer(text: str, fraction: str, feedback: str = "", more: str = "") -> str:
    said = f"<feedback><text><![CDATA[{feedback}]]></text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}"><text><![CDATA[{text}]]></text>{said}{more}</answer>'


ESSAY = question("essay", "Why?")


def first(text: str) -> dict[str, Any]:
    data: dict[str, Any] = to_data(read(text).items[0])
    return data


def warnings(text: str) -> list[Diagnostic]:
    try:
        return list(read(text).origin.warnings)
    except InvalidDeck as error:
        return list(error.diagnostics)


def codes(text: str) -> list[str]:
    return [warning.code for warning in warnings(text)]


# --- kinds ---------------------------------------------------------------------------------------


def test_credits_are_kept_where_they_are_not_the_usual_ones() -> None:
    choices = answer("a", "100") + answer("b", "50") + answer("c", "-33.33333") + answer("d", "0")
    data = first(quiz(question("multichoice", "Q", f"<single>true</single>{choices}")))
    assert [choice.get("credit") for choice in data["choices"]] == [None, 0.5, pytest.approx(-0.3333333), None]


def test_even_shares_of_several_right_choices_are_the_usual_ones() -> None:
    choices = "".join(answer(c, "33.33333") for c in "abc") + answer("d", "0")
    data = first(quiz(question("multichoice", "Q", f"<single>false</single>{choices}")))
    assert [choice.get("correct", False) for choice in data["choices"]] == [True, True, True, False]
    assert not any("credit" in choice for choice in data["choices"])


def test_what_moodle_says_by_itself_is_no_feedback() -> None:
    said = "<correctfeedback><text>&lt;p&gt;Your answer is correct.&lt;/p&gt;</text></correctfeedback>"
    data = first(quiz(question("multichoice", "Q", said + answer("a", "100") + answer("b", "0"))))
    assert "feedback_correct" not in data


@pytest.mark.parametrize(
    ("right", "partly", "wrong"),
    [
        ("<p>Die Antwort ist richtig.</p>", "Die Antwort ist teilweise richtig.", "<p>Die Antwort ist falsch</p>"),
        ("Votre r&eacute;ponse est correcte.<br>", "", '<p dir="ltr">Votre réponse est incorrecte.</p>'),
        ("あなたの答えは正解です。", "あなたの答えは部分的に正解です。", "あなたの答えは正しくありません。"),
    ],
)
def test_what_moodle_says_in_other_languages_is_no_feedback(right: str, partly: str, wrong: str) -> None:
    said = "".join(
        f"<{name}><text><![CDATA[{text}]]></text></{name}>"
        for name, text in [
            ("correctfeedback", right),
            ("partiallycorrectfeedback", partly),
            ("incorrectfeedback", wrong),
        ]
    )
    bank = quiz(question("multichoice", "Q", said + answer("a", "100") + answer("b", "0")))
    assert not {"feedback_correct", "feedback_incorrect"} & first(bank).keys()
    assert codes(bank) == []


def test_what_moodle_says_of_the_other_answer_is_an_authors_feedback() -> None:
    said = "<correctfeedback><text>Die Antwort ist falsch.</text></correctfeedback>"
    data = first(quiz(question("multichoice", "Q", said + answer("a", "100") + answer("b", "0"))))
    assert data["feedback_correct"] == "Die Antwort ist falsch."


@pytest.mark.parametrize("target", ["moodle", "canvas", "qti21", "anki"])
def test_equal_choices_are_numbered_so_that_the_deck_can_be_exported(target: str) -> None:
    bank = quiz(question("multichoice", "Q", answer("a", "100") + answer("a", "0") + answer("a (2)", "0")))
    assert [choice["text"] for choice in first(bank)["choices"]] == ["a", "a (2)", "a (2) (2)"]
    assert codes(bank) == ["adapted-item"]
    assert api.export(read(bank), target, now=0).data


@pytest.mark.parametrize(("true", "false", "is_true"), [("true", "false", True), ("Vrai", "Faux", True)])
def test_true_and_false_may_be_in_another_language(true: str, false: str, is_true: bool) -> None:
    data = first(quiz(question("truefalse", "Q", answer(true, "100", "yes") + answer(false, "0", "no"))))
    assert (data["answer"], data["feedback_correct"], data["feedback_incorrect"]) == (is_true, "yes", "no")


def test_any_other_answer_gives_the_feedback_for_wrong_ones() -> None:
    answers = answer("Rome", "100", "Yes") + answer("Roma", "50") + answer("*", "0", "No")
    data = first(quiz(question("shortanswer", "Q", "<usecase>1</usecase>" + answers)))
    assert data["answers"] == ["Rome", {"text": "Roma", "credit": 0.5}]
    assert (data["feedback_correct"], data["feedback_incorrect"], data["case_sensitive"]) == ("Yes", "No", True)


def test_a_wildcard_is_told_and_an_escaped_one_is_an_asterisk() -> None:
    assert first(quiz(question("shortanswer", "Q", answer(r"a\*b", "100"))))["answers"] == ["a*b"]
    assert "adapted-item" in codes(quiz(question("shortanswer", "Q", answer("ran*", "100"))))


def test_a_number_has_its_tolerance_and_its_unit() -> None:
    unit = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    number = answer("3.14", "100", "", "<tolerance>0.01</tolerance>")
    data = first(quiz(question("numerical", "Q", number + unit)))
    assert (data["answer"], data["tolerance"], data["unit"]) == ("3.14", "0.01", "m")


def test_a_share_is_a_round_credit() -> None:
    choices = answer("a", "100") + answer("b", "-33.33333")
    data = first(quiz(question("multichoice", "Q", f"<single>true</single>{choices}")))
    assert data["choices"][1]["credit"] == -0.3333333


def test_what_is_said_after_a_wrong_number_is_told() -> None:
    bank = quiz(question("numerical", "Q", answer("4", "100", "Yes") + answer("5", "0", "One <b>less</b>")))
    assert ["5 is not kept: “One less”" in w.message for w in warnings(bank)] == [True]


def test_of_two_equal_numbers_their_difference_is_told() -> None:
    narrow, wide = (f"<tolerance>{number}</tolerance>" for number in ("0.01", "0.1"))
    bank = quiz(question("numerical", "Q", answer("1.41", "100", "", narrow) + answer("1.41", "50", "", wide)))
    (warning,) = warnings(bank)
    assert "only the answer 1.41 ± 0.01 is kept, not 1.41 ± 0.1 (50 %)" in warning.message


@pytest.mark.parametrize(("number", "tolerance"), [("1e999", "0"), ("-1e308", "1e308"), ("1e308", "1")])
@pytest.mark.parametrize("target", ["moodle", "canvas"])
def test_a_number_that_no_program_holds_is_kept_aside(number: str, tolerance: str, target: str, tmp_path: Path) -> None:
    large = answer(number, "100", "", f"<tolerance>{tolerance}</tolerance>")
    deck = read(quiz(ESSAY, question("numerical", "Q", large)))
    assert [warning.code for warning in deck.origin.warnings] == ["kept-aside"]
    assert api.write(deck, target, tmp_path / "out").path


@pytest.mark.parametrize("grade", ["nan", "1e400", "-1", "two"])
def test_points_that_are_no_number_are_told(grade: str) -> None:
    bank = quiz(question("essay", "Q", f"<defaultgrade>{grade}</defaultgrade>"))
    (warning,) = warnings(bank)
    assert (warning.code, f"“{grade}” is no number of points" in warning.message) == ("adapted-item", True)
    assert "points" not in first(bank)


@pytest.mark.parametrize("share", ["nan", "inf", "all", "1e99"])
def test_a_share_that_is_no_number_is_told(share: str) -> None:
    bank = quiz(question("shortanswer", "Q", answer("a", "100") + answer("b", share)))
    (warning,) = warnings(bank)
    assert (warning.code, f"“{share}” is no share" in warning.message) == ("adapted-item", True)
    assert first(bank)["answers"] == ["a", {"text": "b", "credit": 0}]


@pytest.mark.parametrize(("share", "credit"), [("50%", 0.5), ("50,0", 0.5), (" 50.00 ", 0.5)])
def test_a_share_is_read_from_its_beginning(share: str, credit: float) -> None:
    bank = quiz(question("shortanswer", "Q", answer("a", "100") + answer("b", share)))
    assert first(bank)["answers"][1]["credit"] == credit
    assert codes(bank) == []


RIGHT_AS_ELEMENT = "<answer><text>a</text><fraction>{}</fraction></answer>"


def test_a_share_in_an_element_that_is_no_number_is_told() -> None:
    (warning,) = warnings(quiz(question("shortanswer", "Q", answer("b", "100") + RIGHT_AS_ELEMENT.format("all"))))
    assert "“all” is no share of the points" in warning.message


NUMBERS = st.one_of(st.floats().map(str), st.text("0123456789.,eE+-% nai", max_size=12), st.text(max_size=12)).map(
    lambda text: escape(without_illegal(text))
)


@given(NUMBERS, NUMBERS, NUMBERS)
@settings(max_examples=60)
def test_whatever_stands_for_a_number_gives_an_item(grade: str, share: str, tolerance: str) -> None:
    more = answer("1", "100", "", f"<tolerance>{tolerance}</tolerance>") + answer("2", share)
    assert len(read(quiz(question("numerical", "Q", f"<defaultgrade>{grade}</defaultgrade>{more}"), ESSAY)).items) <= 2


@pytest.mark.parametrize(("grade", "points"), [("1,5", 1.5), (",5", 0.5), ("2,", 2)])
def test_points_may_have_a_decimal_comma(grade: str, points: float) -> None:
    bank = quiz(question("essay", "Q", f"<defaultgrade>{grade}</defaultgrade>"))
    assert (float(first(bank)["points"]), codes(bank)) == (points, [])


@pytest.mark.parametrize("written", ["0,5", ",5", "5,e-1"])
def test_a_tolerance_may_have_a_decimal_comma(written: str) -> None:
    bank = quiz(question("numerical", "Q", answer("4", "100", "", f"<tolerance>{written}</tolerance>")))
    assert (float(first(bank)["tolerance"]), codes(bank)) == (0.5, [])


@pytest.mark.parametrize("written", ["4,5", "4,5e0", "4,50"])
def test_a_number_with_a_decimal_comma_is_told(written: str) -> None:
    bank = quiz(question("numerical", "Q", answer(written, "100")))
    assert (float(first(bank)["answer"]), codes(bank)) == (4.5, ["adapted-item"])


@pytest.mark.parametrize("right", ['<answer fraction="150"><text>a</text></answer>', RIGHT_AS_ELEMENT.format("1.5")])
def test_a_share_of_more_than_all_is_told(right: str) -> None:
    bank = quiz(question("multichoice", "Q", right + answer("b", "0")))
    assert [w.message for w in warnings(bank)] == [
        "“Q”: an answer gives 150 % of the points, and no more than 100 % are kept"
    ]


def test_a_tolerance_that_is_no_number_is_told() -> None:
    bank = quiz(question("numerical", "Q", answer("4", "100", "", "<tolerance>wide</tolerance>")))
    assert [w.message for w in warnings(bank)] == ["“Q”: “wide” is no tolerance, so there is none"]


@pytest.mark.parametrize("name", ["con.png", "aux.tar.png", "NUL", "end.", "com1 .png"])
def test_names_of_files_are_taken_by_every_system(name: str) -> None:
    made = Path(Files().path(name, "eA=="))
    assert not made.name.endswith(".")
    assert made.name.partition(".")[0].strip().lower() not in ("con", "aux", "nul", "com1")


def test_a_right_side_without_a_left_one_is_a_distractor() -> None:
    pairs = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in [("a", "1"), ("b", "2"), ("", "3"), ("", "1")]
    )
    data = first(quiz(question("matching", "Q", pairs)))
    assert data["pairs"] == [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]
    assert data["distractors"] == ["3"]


def test_blanks_to_be_typed_into_become_a_cloze_text() -> None:
    data = first(quiz(question("cloze", "<p>{1:SHORTANSWER:=Rome} is in {:SA:=Italy}.</p>")))
    assert (data["type"], data["text"], data["points"]) == ("cloze", "{{c1::Rome}} is in {{c2::Italy}}.", 2)


def test_one_blank_becomes_the_kind_that_it_asks_for() -> None:
    data = first(quiz(question("multianswer", "1 + 1 = {2:MCV:1#less~=2~%50%two#a word}")))
    assert data["type"] == "multiple_choice"
    assert [c["text"] for c in data["choices"]] == ["1", "2", "two"]
    number = first(quiz(question("multianswer", "{1:NUMERICAL:=2.5:0.1#yes}")))
    assert (number["answer"], number["tolerance"], number["feedback_correct"]) == ("2.5", "0.1", "yes")


def test_of_blanks_of_several_kinds_the_right_answers_are_recalled() -> None:
    bank = quiz(question("multianswer", "{1:MC:=a~b} and {1:SA:=c~=d}"))
    assert first(bank)["text"] == "{{c1::a::a / b}} and {{c2::c}}"
    assert codes(bank) == ["adapted-item"]


def test_words_for_gaps_become_deletions() -> None:
    words = "<selectoption><text>cat</text></selectoption><selectoption><text>dog</text></selectoption>"
    data = first(quiz(question("gapselect", "The [[1]] sat.", words)))
    assert data["text"] == "The {{c1::cat}} sat."


def combined(right: str, partly: str, wrong: str) -> str:
    said = {"correct": right, "partiallycorrect": partly, "incorrect": wrong}
    return "".join(f"<{name}feedback><text><![CDATA[{text}]]></text></{name}feedback>" for name, text in said.items())


@pytest.mark.parametrize("kind", ["gapselect", "ddwtos"])
def test_what_is_said_after_words_for_gaps_is_the_explanation(kind: str) -> None:
    option = "selectoption" if kind == "gapselect" else "dragbox"
    words = f"<{option}><text>cat</text></{option}>"
    general = "<generalfeedback><text>A cat.</text></generalfeedback>"
    bank = quiz(question(kind, "The [[1]] sat.", words + general + combined("Yes.", "Nearly.", "Page 9.")))
    assert first(bank)["explanation"] == "A cat.\n\nYes.\n\nPage 9."
    assert codes(bank) == ["adapted-item", "adapted-item", "not-kept"]


def test_feedback_after_gaps_that_stays_html_is_kept() -> None:
    words = "<selectoption><text>cat</text></selectoption>"
    html = '<p style="color:red">Yes so.</p>'
    bank = quiz(question("gapselect", "The [[1]] sat.", words + combined(html, "", "No.")))
    assert first(bank)["explanation"] == {"html": f"<div>{html}</div><div>No.</div>"}


def test_the_words_of_a_link_to_a_sound_are_kept() -> None:
    file = '<file name="a.mp3" path="/" encoding="base64">QUJD</file>'
    text = '<a href="@@PLUGINFILE@@/a.mp3">Listen to this:</a> What?'
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text>{file}</questiontext>'
    bank = quiz(f'<question type="essay"><name><text></text></name>{stem}</question>')
    assert first(bank)["stem"] == "Listen to this: ![](media/a.mp3) What?"


@pytest.mark.parametrize("kind", ["calculated", "ddmarker", "stack", "random", ""])
def test_what_has_no_kind_is_kept_aside(kind: str) -> None:
    bank = quiz(question(kind, "Q", name="The odd one"), ESSAY)
    assert len(read(bank).items) == 1
    told = warnings(bank)[0]
    assert (told.code, told.span and told.span.line) == ("kept-aside", 1)
    assert "The odd one" in told.message


@pytest.mark.parametrize(
    "odd",
    [
        question("multichoice", "Q", answer("a", "100")),
        question("multichoice", "Q", answer("a", "0") + answer("b", "0")),
        question("shortanswer", "Q", answer("*", "100").replace("100", "0")),
        question("numerical", "Q", answer("x", "100")),
        question("matching", "Q"),
        question("ordering", "Q", answer("a", "1")),
        question("cloze", "no blank"),
        question("essay", ""),
        question("truefalse", "Q"),
        "<question/>",
    ],
)
def test_one_odd_question_leaves_the_others(odd: str) -> None:
    bank = quiz(odd, ESSAY)
    assert len(read(bank).items) == 1
    assert "kept-aside" in codes(bank)


# --- texts and files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "text", "stem"),
    [
        ("html", "<p>a <b>b</b></p>", "a **b**"),
        ("markdown", "a *b*", "a *b*"),
        ("plain_text", "a *b*", r"a \*b\*"),
        ("moodle_auto_format", "a\nb", "a\\\nb"),
    ],
)
def test_each_text_is_read_in_its_format(format_: str, text: str, stem: str) -> None:
    written = f'<questiontext format="{format_}"><text><![CDATA[{text}]]></text></questiontext>'
    assert first(quiz(f'<question type="essay">{written}</question>'))["stem"] == stem


def test_two_files_of_one_name_are_two_files() -> None:
    def with_image(content: str) -> str:
        shows = '<text><![CDATA[<img src="@@PLUGINFILE@@/fig%201.png" alt="x">]]></text>'
        file = f'<file name="fig 1.png" path="/" encoding="base64">{content}</file>'
        return f'<question type="essay"><questiontext format="html">{shows}{file}</questiontext></question>'

    deck = read(quiz(with_image("YQ=="), with_image("\nYg=\n="), with_image("YQ==")))
    media = deck.origin.media
    assert [media.read(path) for path in api.media_paths(deck)] == [b"a", b"b"]


def test_the_old_image_beside_the_text_is_shown_in_it() -> None:
    image = "<image>a/fig.gif</image><image_base64>\nYQ==\n</image_base64>"
    deck = read(quiz(question("essay", "Q", image)))
    assert [deck.origin.media.read(path) for path in api.media_paths(deck)] == [b"a"]


def test_an_embedded_image_is_a_file() -> None:
    deck = read(quiz(question("essay", 'Q <img src="data:image/png;base64,YQ==">')))
    assert [deck.origin.media.read(path) for path in api.media_paths(deck)] == [b"a"]


def test_an_image_that_is_not_there_is_its_description() -> None:
    bank = quiz(question("essay", 'Q <img src="@@PLUGINFILE@@/no.png" alt="a cat">'))
    assert first(bank)["stem"] == "Q a cat"
    assert codes(bank) == ["not-kept"]


@pytest.mark.parametrize("content", ["YWJ%Zg==", "YWJjZ", "no data!"])
def test_a_damaged_file_is_told(content: str) -> None:
    shows = '<text><![CDATA[<img src="@@PLUGINFILE@@/x.png" alt="x">]]></text>'
    file = f'<file name="x.png" encoding="base64">{content}</file>'
    bank = quiz(f'<question type="essay"><questiontext format="html">{shows}{file}</questiontext></question>')
    assert len(api.media_paths(read(bank))) == 1
    (warning,) = warnings(bank)
    assert (warning.code, "“x.png”" in warning.message) == ("not-kept", True)


def test_an_embedded_image_that_is_damaged_is_told() -> None:
    assert codes(quiz(question("essay", 'Q <img src="data:image/png;base64,YWJ%Zg==">'))) == ["not-kept"]


def test_a_file_leads_nowhere_outside_of_the_media() -> None:
    shows = '<text><![CDATA[<img src="@@PLUGINFILE@@/../../x.png">]]></text>'
    file = '<file name="../x.png" path="/../" encoding="base64">YQ==</file>'
    deck = read(
        quiz(f'<question type="essay"><questiontext format="html">{shows}{file}</questiontext></question>', ESSAY)
    )
    assert all(".." not in path for path in api.media_paths(deck))


def test_a_large_file_is_read() -> None:
    shows = '<text><![CDATA[<img src="@@PLUGINFILE@@/x.png">]]></text>'
    file = f'<file name="x.png" encoding="base64">{"QUJD" * 3_000_000}</file>'
    deck = read(quiz(f'<question type="essay"><questiontext format="html">{shows}\n{file}</questiontext></question>'))
    assert [len(deck.origin.media.read(path)) for path in api.media_paths(deck)] == [9_000_000]


# --- categories, ids, tags -----------------------------------------------------------------------


def category(path: str, info: str = "") -> str:
    said = f'<info format="html"><text><![CDATA[{info}]]></text></info>' if info else ""
    return f'<question type="category"><category><text>{path}</text></category>{said}</question>'


def test_categories_are_sections_below_the_common_one() -> None:
    bank = quiz(
        category("$course$/top/Deck // one", "<p>About it</p>"),
        category("$course$/top/Deck // one/A"),
        ESSAY,
        category("$course$/top/Deck // one/A/B", "Deep"),
        ESSAY,
        category("$course$/top/Deck // one"),
        ESSAY,
    )
    deck = read(bank)
    assert (deck.title, deck.description) == ("Deck / one", "About it")
    data: dict[str, Any] = to_data(deck)
    essay = {"type": "open_prompt", "stem": "Why?"}
    inner = {"section": "B", "description": "Deep", "items": [essay]}
    assert data["items"] == [{"section": "A", "items": [essay, inner]}, essay]


def test_without_a_common_category_the_file_names_the_deck() -> None:
    deck = read(quiz(ESSAY, category("$course$/A"), ESSAY))
    assert deck.title == "bank"


def test_moodles_own_description_of_a_category_says_nothing() -> None:
    said = "The default category for questions shared in context 'X'."
    assert read(quiz(category("$course$/top/A", said), ESSAY)).description is None


def test_a_description_before_all_questions_describes_them() -> None:
    assert read(quiz(category("top/A"), question("description", "<p>Read <b>this</b></p>"), ESSAY)).description == (
        "Read **this**"
    )


def test_ids_and_levels_are_read() -> None:
    tags = "<tags><tag><text>level:beginner</text></tag><tag><text>R&amp;amp;D</text></tag></tags>"
    data = first(quiz(question("essay", "Q", "<idnumber>a b</idnumber><defaultgrade>2.5000000</defaultgrade>" + tags)))
    assert (data["id"], data["level"], data["tags"], data["points"]) == ("a-b", "beginner", ["R&D"], 2.5)


def test_an_id_is_given_once() -> None:
    twice = question("essay", "Q", "<idnumber>a</idnumber>")
    assert [entry.item.id for entry in read(quiz(twice, twice)).entries()] == ["a", None]
    assert codes(quiz(twice, twice)) == ["adapted-item"]


def test_what_many_questions_leave_out_is_told_once() -> None:
    odd = question("essay", "Q", "<responsetemplate><text>Dear …</text></responsetemplate>")
    told = warnings(quiz(odd, odd, odd))
    assert [warning.code for warning in told] == ["not-kept"]
    assert "3 times" in told[0].message


# --- cardforge's own shapes ----------------------------------------------------------------------


def test_a_reversed_flashcard_is_one_again() -> None:
    card = Flashcard(id="c", front="**a**", back="b", reversed=True, hint=("h",), explanation="e", source="s")
    assert read(exported(one(card))).items == (card,)


def test_a_glossary_becomes_flashcards() -> None:
    cards = (Flashcard(front="cat", back="*gato*", explanation="e"), Flashcard(front="a `b`", back="c", hint=("h",)))
    files = in_zip(exported(one(*cards, author="A", description="D"), flashcards="glossary"))
    deck = read(files["glossary.xml"])
    assert (deck.items, deck.title, deck.author, deck.description) == (cards, "T", "A", "D")


def test_an_answer_that_is_typed_as_latex_is_a_formula_again() -> None:
    card = Cloze(id="c", text=r"So {{c1::$\sqrt{d_k}$}} it is.", points=1)
    assert read(exported(one(card))).items == (card,)


def test_the_self_check_of_an_open_prompt_is_no_item() -> None:
    deck = api.load(Path(__file__).parents[2] / "exporters/goldens/moodle/deck.yaml")
    assert len(read(exported(deck, self_check=True)).entries()) == len(deck.entries())


# --- files that are not what they should be ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "xml-doctype"),
        ("<quiz><question>", "xml-syntax"),
        ("<quiz>" + "<a>" * 10_000 + "</a>" * 10_000 + "</quiz>", "xml-syntax"),
        ("<html/>", "another-format"),
        ("<quiz/>", "no-items"),
    ],
)
def test_other_files_are_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidDeck) as caught:
        moodle.read(text.encode(), Path("bank.xml"))
    assert caught.value.diagnostics[-1].code == code


@pytest.mark.parametrize("character", ["\uffff", "\ufffe", "\x01"])
@pytest.mark.parametrize("text", ["<text>a{}</text>", "<text><![CDATA[a{}]]></text>", '<text a="{}">a</text>'])
def test_a_character_that_no_xml_has_is_named_with_its_place(character: str, text: str) -> None:
    # Moodle refuses the whole file, too, and says "Invalid character".
    bank = f'<quiz>\n<question type="essay"><questiontext>{text.format(character)}</questiontext></question></quiz>'
    with pytest.raises(InvalidDeck) as caught:
        read(bank)
    (found,) = caught.value.diagnostics
    assert f"U+{ord(character):04X}" in found.message
    assert found.span is not None
    assert bank.split("\n")[found.span.line - 1][found.span.column - 1] == character


def test_a_blank_for_a_whole_book_is_kept_aside_at_once() -> None:
    bank = quiz(question("cloze", "{1:SA:=" + "{" * 100_000 + "}"), ESSAY)
    assert codes(bank) == ["kept-aside"]


def test_categories_without_end_are_no_endless_nesting() -> None:
    deck = read(quiz(category("/".join(["a"] * 10_000)), ESSAY))
    assert max(len(entry.sections) for entry in deck.entries()) <= 20


@pytest.mark.parametrize("begin", ["\ufeff<quiz>", '<?xml version="1.0"?>\n<!-- x -->\n<quiz >', "<GLOSSARY>"])
def test_a_question_bank_is_recognised(tmp_path: Path, begin: str) -> None:
    file = tmp_path / "bank.xml"
    file.write_text(begin, encoding="utf-8")
    assert moodle.MoodleSource().recognises(file)
    file.write_text("<questestinterop>", encoding="utf-8")
    assert not moodle.MoodleSource().recognises(file)


def test_answers_may_be_many() -> None:
    item = read(quiz(question("shortanswer", "Q", answer("a", "100") + answer("b", "100")))).items[0]
    assert isinstance(item, ShortAnswer)
    assert [a.credit for a in item.answers] == [1, 1]


def test_the_same_choice_many_times_takes_no_time() -> None:
    choices = answer("a", "100") + answer("b", "0") * 500
    assert codes(quiz(question("multichoice", "Q", choices))) == ["kept-aside", "no-items"]


@pytest.mark.parametrize(
    "text", ["<" + "a" * 200_000, "{1:SA:" * 30_000, "{1:SA:=a" + "~" * 200_000, "<p>Unit: " * 2_000]
)
def test_what_never_ends_takes_no_time(text: str) -> None:
    assert len(read(quiz(question("cloze", text), question("numerical", text, answer("1", "100"), "n"))).items) == 1


def test_the_numbering_of_choices_is_an_option_of_the_exporter() -> None:
    choices = "<answernumbering>123</answernumbering>" + answer("a", "100") + answer("b", "0")
    deck = read(quiz(question("multichoice", "Q", choices)))
    assert deck.targets == {"moodle": {"numbering": "123"}}


def test_a_choice_keeps_its_order() -> None:
    item = read(quiz(question("multichoice", "Q", answer("a", "100") + answer("b", "0")))).items[0]
    assert isinstance(item, MultipleChoice)
    assert not item.shuffle


def test_a_text_may_have_more_blanks_than_deletions_have_numbers() -> None:
    data = first(quiz(question("cloze", " ".join(f"{{1:SA:=a{n}}}" for n in range(501)))))
    assert data["text"].endswith("{{c499::a498}} {{c499::a499}} {{c499::a500}}")
