"""Tables that were not made for cardforge: without a header, with other words in it, and Quizlet's exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cardforge import api, registry
from cardforge.diagnostics import Diagnostic, InvalidDeck, InvalidOption
from cardforge.model import Deck, Flashcard, to_data
from cardforge.text import as_markdown, plain
from cardforge_exporters.csv.quizlet import lines
from cardforge_sources.csv import CsvSource
from cardforge_sources.csv.header import is_header, listed, suggested
from tests.cli.program import cardforge
from tests.same import shown
from tests.strategies import decks

CARD = {"type": "flashcard", "front": "Q", "back": "A"}


def file(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def items(folder: Path, text: str, name: str = "table.csv", **options: object) -> list[Any]:
    """The items as plain data."""
    return [to_data(item) for item in api.load(file(folder, text, name), "csv", **options).items]


def told(folder: Path, text: str, name: str = "table.csv", **options: object) -> list[tuple[str, int, int]]:
    """Code, line and column of what is told."""
    found: tuple[Diagnostic, ...] = api.check(file(folder, text, name), "csv", **options)
    return [(d.code, d.span.line, d.span.column) for d in found if d.span]


# --- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_columns_say_what_a_table_without_a_header_holds(tmp_path: Path, sign: str) -> None:
    assert items(tmp_path, f"Q{sign}A{sign}t\n", columns="front,back,tags") == [{**CARD, "tags": ["t"]}]


def test_a_column_may_be_passed_over(tmp_path: Path) -> None:
    assert items(tmp_path, "1,Q,x,A\n", columns="-,front,-,back") == [CARD]


def test_the_rows_show_the_separator_when_the_columns_are_known(tmp_path: Path) -> None:
    assert items(tmp_path, "Q, and, more|A\nQ2|A\n", columns="front,back")[0]["front"] == "Q, and, more"


def test_a_header_in_other_words_can_be_passed_over(tmp_path: Path) -> None:
    assert items(tmp_path, "Wort,Bedeutung\nQ,A\n", columns="front,back", header=True) == [CARD]


def test_a_header_that_is_read_as_an_item_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "front,back\nQ,A\n", columns="front,back") == [("header-as-item", 1, 1)]


def test_a_row_that_can_be_no_item_is_left_out_alone(tmp_path: Path) -> None:
    text = "Q,A\nQ2,\nQ3,see $\\fracc{1}{2}$\n"
    assert items(tmp_path, text, columns="front,back") == [CARD]
    assert told(tmp_path, text, columns="front,back") == [("kept-aside", 2, 1), ("kept-aside", 3, 1)]


def test_a_row_with_a_stray_quote_is_left_out_alone(tmp_path: Path) -> None:
    assert items(tmp_path, 'Q,A\n"x" y,z\n', columns="front,back") == [CARD]


def test_cells_beyond_the_columns_are_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, "Q,A,x\nQ2,A,y\n", columns="front,back") == [("not-kept", 1, 5)]


@pytest.mark.parametrize(("text", "said"), [("Q,A,x\n", "1 row has cells"), ("Q,A,x\nR,A,x\n", "2 rows have cells")])
def test_one_row_is_told_in_the_singular(tmp_path: Path, text: str, said: str) -> None:
    (found,) = api.check(file(tmp_path, text), "csv", columns="front,back")
    assert found.message.startswith(said)


@pytest.mark.parametrize(
    ("text", "columns", "count"),
    [
        ("{{c1::Paris}} is there\t\n{{c1::Rome}} is, too\t\n", "text,extra", 2),
        ("S;;\n;Q;A\nT;;\nU;;\n", "section,front,back", 1),
        ('"{{c1::a}}",""\n"{{c1::b}}",""\n', "text,hint", 2),
        ("Q\tA\nQ2\t\nQ3\t\n", "front,back", 1),
    ],
)
def test_columns_that_are_mostly_empty_are_columns(tmp_path: Path, text: str, columns: str, count: int) -> None:
    assert len(items(tmp_path, text, "table.tsv", columns=columns)) == count


@pytest.mark.parametrize(
    ("between", "sign"),
    [
        ("/////", "'/////'"),
        (" --- ", "'---'"),
        ("---", "'---'"),
        (" = ", "'='"),
        (" : ", "':'"),
        ("::", "'::'"),
        (" – ", "'–'"),
        (" -> ", "'->'"),
        (" ", None),
    ],
)
def test_a_sign_that_parts_the_sides_is_named_where_a_tab_is_needed(
    tmp_path: Path, between: str, sign: str | None
) -> None:
    text = "".join(f"{term}{between}what it is (https://x.org)...\n" for term in ("DNA", "it's", "a, b"))
    (found,) = api.check(file(tmp_path, text), "csv", columns="front,back")
    where = f"in place of {sign}" if sign else "between the columns"
    assert (found.code, found.fix) == ("no-separator", f"put a tab {where} in each line")


def test_what_parts_a_deletion_is_no_sign_between_columns(tmp_path: Path) -> None:
    (found,) = api.check(file(tmp_path, "{{c1::a}} b\n{{c1::c}} d\n"), "csv", columns="text,extra")
    assert found.fix == "put a tab between the columns in each line"


@pytest.mark.parametrize("columns", ["front,bakc", "front,front", "-", "items"])
def test_columns_that_name_no_fields_are_refused(tmp_path: Path, columns: str) -> None:
    with pytest.raises(InvalidOption, match="columns"):
        items(tmp_path, "Q,A\n", columns=columns)


def test_a_table_without_a_header_is_told_what_to_do(tmp_path: Path) -> None:
    (found,) = api.check(file(tmp_path, "Paris,France,x\n"))
    assert "--set columns=front,back,-" in found.fix


@pytest.mark.parametrize(
    ("header", "settings"),
    [
        ("Spanish,English,Tags", "--set columns=front,back,tags --set header=true"),
        ("type,german,english", "--set columns=-,front,back --set header=true"),
        ("korean,romanization,translation", "--set columns=front,-,back --set header=true"),
        ("Layer;Question;A;B", "--set columns=-,front,back,- --set header=true"),
        ("answer,notes", "--set columns=back,front --set header=true"),
        ("answer,explanation,level", "--set columns=back,front,level --set header=true"),
    ],
)
def test_a_header_in_other_words_is_told_how_to_be_read(tmp_path: Path, header: str, settings: str) -> None:
    path = file(tmp_path, f"{header}\na,b,c\n")
    (found,) = api.check(path)
    assert (found.code, settings in found.fix) == ("no-header", True)


def test_what_is_told_of_a_header_in_other_words_reads_the_table(tmp_path: Path) -> None:
    text = "Spanish,English,Tags\nQ,A,t\n"
    assert items(tmp_path, text, columns="front,back,tags", header="true") == [{**CARD, "tags": ["t"]}]


WORDS = "answer notes word topic tags level id type explanation hint source points Spanish English".split()


@given(st.lists(st.sampled_from([*WORDS, ""]), min_size=1, max_size=5))
def test_what_is_suggested_reads_the_table(words: list[str]) -> None:
    settings = suggested([(0, name) for name in words])
    if settings is None:
        could_be = [name for name in words if name not in ("", "tags", "level", "id", "type", "points")]
        assert len(could_be) < 2
        return
    columns = settings.removeprefix("--set columns=").removesuffix(" --set header=true").split(",")
    assert {"front", "back"} <= set(columns)
    assert len(columns) == len(words)
    assert listed(",".join(columns))


def test_a_header_that_no_two_sides_can_be_in_is_told_what_to_name(tmp_path: Path) -> None:
    (found,) = api.check(file(tmp_path, "answer,tags\na,b\n"))
    assert (found.code, "columns=" in found.fix, "front" in found.fix) == ("no-header", False, True)


# --- two columns of which nothing is said ---------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_two_columns_without_a_header_are_the_sides_of_cards(tmp_path: Path, sign: str) -> None:
    text = f"Q{sign}A\nQ2{sign}A\n"
    assert items(tmp_path, text) == [CARD, {**CARD, "front": "Q2"}]
    assert told(tmp_path, text) == [("guessed-column", 1, 1)]


def test_commas_in_a_sentence_are_not_what_separates_two_columns(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "Which, of a, b and c, is it?|A\n")
    assert (item["front"], item["back"]) == ("Which, of a, b and c, is it?", "A")


@pytest.mark.parametrize("text", ["a,b\nc\nd\n", "a,b\nc,d,e\nf\n", "tag,b\nc,d\n", "a\nb\n"])
def test_what_may_be_something_else_is_not_guessed(tmp_path: Path, text: str) -> None:
    assert [found.code for found in api.check(file(tmp_path, text))] == ["no-header"]


def test_a_column_for_what_only_a_deck_has_is_not_kept_and_told_once(tmp_path: Path) -> None:
    table = "front,back,description\nQ,A,about it\nQ2,A,about it\n"
    assert items(tmp_path, table) == [CARD, {**CARD, "front": "Q2"}]
    assert told(tmp_path, table) == [("not-kept", 1, 12)]


@pytest.mark.parametrize("options", [{}, {"columns": "front,back,title", "header": True}])
def test_an_empty_column_for_what_only_a_deck_has_is_no_mistake(tmp_path: Path, options: dict[str, Any]) -> None:
    table = "front,back,title\nQ,A,\n"
    assert (items(tmp_path, table, **options), told(tmp_path, table, **options)) == ([CARD], [])


def test_a_column_that_is_said_to_be_for_what_only_a_deck_has_is_not_kept_and_told_once(tmp_path: Path) -> None:
    table = "a,b,c\nQ,A,x\nQ2,A,x\n"
    options: dict[str, Any] = {"columns": "front,back,title", "header": True}
    assert len(items(tmp_path, table, **options)) == 2
    assert told(tmp_path, table, **options) == [("not-kept", 2, 1)]


def test_of_a_header_in_other_words_what_only_a_deck_has_is_not_kept_and_told(tmp_path: Path) -> None:
    table = "question,answer,title,author,license\nQ,A,t,u,v\n"
    assert items(tmp_path, table) == [CARD]
    assert [place for place in told(tmp_path, table) if place[0] != "guessed-column"] == [("not-kept", 1, 17)]


def test_where_rows_may_be_a_deck_or_a_section_a_column_may_be_for_these(tmp_path: Path) -> None:
    deck = api.load(file(tmp_path, "type,title,description,front,back\ndeck,T,about it,,\nflashcard,,,Q,A\n"))
    assert (deck.title, deck.description) == ("T", "about it")


def test_a_column_too_many_of_another_program_is_told_and_not_kept(tmp_path: Path) -> None:
    text = "Question,Answer,Times missed,Box\nQ,A,3,1\n"
    assert items(tmp_path, text) == [CARD]
    assert ("not-kept", 1, 17) in told(tmp_path, text)


# --- other words in a header ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Question,Answer", ("front", "back")),
        ("Term,Definition", ("front", "back")),
        ("prompt;response", ("front", "back")),
        ("Word\tMeaning", ("front", "back")),
        ("Front,Answer", ("front", "back")),
        ("Question,Back", ("front", "back")),
    ],
)
def test_words_for_the_sides_of_a_card_are_understood(tmp_path: Path, header: str, fields: tuple[str, str]) -> None:
    sign = next(s for s in ",;\t" if s in header)
    (item,) = items(tmp_path, f"{header}\nQ{sign}A\n")
    assert item == CARD


def test_a_word_that_is_taken_for_a_field_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "Term,back\nQ,A\n") == [("guessed-column", 1, 1)]


def test_a_question_with_choices_is_no_card(tmp_path: Path) -> None:
    (item,) = items(tmp_path, 'Question,Options\nS,"[x] a\n[ ] b"\n')
    assert (item["type"], item["stem"]) == ("multiple_choice", "S")


def test_a_question_without_an_answer_is_an_open_prompt(tmp_path: Path) -> None:
    assert items(tmp_path, "Question\nWhy?\n") == [{"type": "open_prompt", "stem": "Why?"}]


def test_an_answer_to_a_stem_is_a_number(tmp_path: Path) -> None:
    assert items(tmp_path, "stem,answer\nS,5\n")[0]["type"] == "numeric"


def test_a_field_of_the_formats_own_stays_what_it_is(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "front,back,source,tag\nQ,A,S,t\n")
    assert (item["source"], item["tags"]) == ("S", ["t"])


def test_two_words_for_one_field_are_refused(tmp_path: Path) -> None:
    assert ("repeated-key", 1, 17) in told(tmp_path, "front,back,note,comment\nQ,A,x,y\n")


# --- Quizlet -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cards.txt", "cards.tsv"])
def test_two_sides_a_line_are_cards(tmp_path: Path, name: str) -> None:
    assert items(tmp_path, "Q\tA\nQ2\tA\n", name) == [CARD, {**CARD, "front": "Q2"}]


@pytest.mark.parametrize(("name", "codes"), [("cards.txt", []), ("cards.tsv", [("guessed-column", 1, 1)])])
def test_the_first_row_of_a_table_may_be_a_header_in_other_words(
    tmp_path: Path, name: str, codes: list[tuple[str, int, int]]
) -> None:
    assert told(tmp_path, "Wort\tSinn\nQ\tA\n", name) == codes


def test_cards_of_quizlets_are_plain_text(tmp_path: Path) -> None:
    (item,) = items(tmp_path, '"*Q*"\t$x$ <b>\n', "cards.txt")
    assert (item["front"], item["back"]) == (r'"\*Q\*"', r"\$x\$ \<b>")


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ('Q\t<img src="https://example.org/a.png"></img>\n', "[img](https://example.org/a.png)"),
        ("Q\tone<br><b>two</b> &amp; three\n", "one\\\n**two** & three"),
        ('Q\t"<a href=""https://e.org"">red</a> and<br>blue"\n', "[red](https://e.org) and\\\nblue"),
    ],
)
def test_tags_that_programs_write_are_read_as_anki_reads_them(tmp_path: Path, text: str, back: str) -> None:
    assert items(tmp_path, text, "cards.txt")[0]["back"] == back
    assert ("guessed-html", 1) in [(code, line) for code, line, _ in told(tmp_path, text, "cards.txt")]


@pytest.mark.parametrize(
    "back", ["<div>", "<br> or <p>", "<img>", "<b>bold</b>", '<a href="x">', '<hr> is no <span id="a">']
)
def test_tags_that_are_spoken_of_stay_and_are_told(tmp_path: Path, back: str) -> None:
    text = f"Which tag?\t{back}\n"
    assert plain(items(tmp_path, text, "cards.txt")[0]["back"]) == back
    assert told(tmp_path, text, "cards.txt") == [("guessed-text", 1, 12)]


@pytest.mark.parametrize(("html", "back"), [("true", "**bold**"), ("false", r"\<b>bold\</b>")])
def test_what_is_told_of_tags_decides_it(tmp_path: Path, html: str, back: str) -> None:
    text = f"#html:{html}\nWhich?\t<b>bold</b>\n"
    assert items(tmp_path, text, "cards.txt")[0]["back"] == back
    assert told(tmp_path, text, "cards.txt") == []


def test_a_line_without_a_tab_goes_on_with_the_definition(tmp_path: Path) -> None:
    text = "Q\tone\ntwo\nQ2\tA\nQ3\tA\n"
    assert items(tmp_path, text, "cards.txt")[0]["back"] == "one\\\ntwo"
    assert told(tmp_path, text, "cards.txt") == [("adapted-item", 2, 1)]


def test_a_card_without_a_definition_becomes_an_open_prompt(tmp_path: Path) -> None:
    text = "Q\tA\nQ2\tA\nQ3\tA\nQ4\t\n"
    assert items(tmp_path, text, "cards.txt")[3] == {"type": "open_prompt", "stem": "Q4"}
    assert told(tmp_path, text, "cards.txt") == [("adapted-item", 4, 1)]


def test_a_card_without_a_term_is_left_out(tmp_path: Path) -> None:
    assert told(tmp_path, "Q\tA\nQ2\tA\nQ3\tA\n\tA\n", "cards.txt") == [("kept-aside", 4, 1)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Q\tA\n", 1),
        ("Q\tA\nQ2\tA\n", 2),
        ("Q\tA\nQ2\t\n", 2),
        ("Q\tA\nQ2\tA\nmore\nQ3\t\nQ4\tA\nQ5\tA\n", 5),
    ],
)
def test_short_and_untidy_lines_of_two_sides_are_recognised(tmp_path: Path, text: str, count: int) -> None:
    assert len(api.load(file(tmp_path, text, "cards.txt")).items) == count


def test_where_columns_are_said_a_text_is_a_table_whose_cells_are_markdown(tmp_path: Path) -> None:
    text = '*Q*\t**A**\nQ2\t"one\ntwo"\n'
    assert items(tmp_path, text, "cards.txt", columns="front,back") == [
        {**CARD, "front": "*Q*", "back": "**A**"},
        {**CARD, "front": "Q2", "back": "one\ntwo"},
    ]


def test_a_sparse_last_column_needs_no_separator_in_most_rows(tmp_path: Path) -> None:
    text = "What is x?\nWhat is y?\nWhat is z?,look\n"
    assert len(items(tmp_path, text, columns="stem,hint")) == 3


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("cards.tsv", "*Q*\t\nQ2\tA\n", {"columns": "front,back"}),
        ("cards.txt", '"Q"\t\nQ2\tA\n', {"columns": "front,back"}),
        ("cards.txt", "Q\t\nQ2\tA\n", {"columns": "front,tags"}),
        ("cards.txt", "x\ty\nQ\t\nQ2\tA\n", {"columns": "front,back", "header": True}),
        ("cards.txt", "front\tback\nQ\t\nQ2\tA\n", {"columns": "front,back"}),
    ],
)
def test_what_is_said_to_be_another_table_is_read_as_one(
    tmp_path: Path, name: str, text: str, options: dict[str, object]
) -> None:
    found = api.check(file(tmp_path, text, name), "csv", **options)
    assert "adapted-item" not in [d.code for d in found]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("aiken", "1.\tWhat is it?\nA.\tthis\nB.\tthat\nC.\tneither\nANSWER: A\n"),
        ("gift", "::Q::What is it? {\n\t=right\n\t~wrong\n\t~bad\n\t~not it\n\t~nor this\n\t~no\n}\n"),
        ("gift", "What is\tit?\n{\n\t=right\n\t~wrong\n\t~bad\n\t~not it\n\t~nor this\n\t~no\n}\n"),
        ("recall", "Title\n1 questions\n\tbeginner\nQ\nA\nClick to reveal answer\n"),
        ("csv", "#separator:tab\n#html:true\nQ\tA\n"),
    ],
)
def test_a_text_of_another_format_with_tabs_is_read_as_that(tmp_path: Path, source: str, text: str) -> None:
    assert registry.source_for(file(tmp_path, text, "a.txt")).name == source


def test_a_header_makes_a_table_of_two_sides(tmp_path: Path) -> None:
    assert items(tmp_path, "front\tback\nQ\tA\n", "cards.tsv") == [CARD]


@settings(deadline=None)
@given(deck=decks())
def test_what_was_written_for_quizlet_comes_back_as_its_plain_text(
    tmp_path_factory: pytest.TempPathFactory, deck: Deck
) -> None:
    written = list(lines(deck))
    cards = [line.removesuffix("\n").split("\t") for line in written]
    # A first card "word -> tags" looks like a header, to a person too.
    assume(not is_header([(0, side) for side in cards[0]], misspelt=False))
    expected = Deck(
        title="cards",
        items=tuple(Flashcard(front=as_markdown(a.strip()), back=as_markdown(b.strip())) for a, b in cards),
    )
    path = file(tmp_path_factory.getbasetemp(), "".join(written), "cards.txt")
    assert shown(api.load(path, "csv")) == shown(expected)


# --- which files these are -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "front,back\nQ,A\n"),
        ("a.csv", "Term;Definition\nQ;A\n"),
        ("a.csv", "\n,\nfrnt,back\nQ,A\n"),
        ("a.csv", "sep=;\nfront;back\nQ;A\n"),
        ("a.csv", "type,title\ndeck,T\n"),
        ("a.csv", "#separator:comma\nQ,A\n"),
        ("a.tsv", "\ufefffront\tback\nQ\tA\n"),
        ("a.txt", "Q\tA\n"),
        ("a.txt", "\ufeffQ\tA\n"),
        ("a.txt", "#separator:tab\n#html:true\nQ\tA\n"),
        ("a.txt", "front\tback\nQ\tA\n"),
    ],
)
def test_a_table_is_recognised(tmp_path: Path, name: str, text: str) -> None:
    assert CsvSource().recognises(file(tmp_path, text, name))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "notes\n",
        "::Q1:: What is it? {\n\t=right\n\t~wrong\n}\n",
        "What is it?\nA. this\nB. that\nANSWER: A\n",
        "beginner\nQ\nA\nClick to reveal answer\n",
        "a\tb\tc\n",
        "\0\t\0",
    ],
)
def test_another_text_is_not_recognised(tmp_path: Path, text: str) -> None:
    assert not CsvSource().recognises(file(tmp_path, text, "a.txt"))


@pytest.mark.parametrize("text", ["", "x", "name,email\nA,a@x.org\nB,b@x.org\n", "name,mark,group\nA,1,b\n", ",\n"])
def test_a_table_of_something_else_is_not_recognised(tmp_path: Path, text: str) -> None:
    assert not CsvSource().recognises(file(tmp_path, text))


def test_of_a_folder_it_is_named_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "front,back\nQ,A\n", "cards.csv")
    file(tmp_path, "name,email\nA,a@x.org\nB,b@x.org\n", "grades.csv")
    ran = cardforge("check", ".")
    assert (ran.code, "cards.csv: 1 item" in ran.out, "grades.csv" in ran.out) == (0, True, False)
    assert "nothing in them looks like a deck: grades.csv" in ran.err


def test_a_table_that_is_named_is_read_all_the_same(tmp_path: Path) -> None:
    assert len(api.load(file(tmp_path, "name,email\nA,a@x.org\nB,b@x.org\n")).items) == 3


def test_a_file_that_is_not_there_is_not_recognised(tmp_path: Path) -> None:
    assert not CsvSource().recognises(tmp_path / "no.txt")


def test_what_was_written_for_quizlet_is_read_by_itself(tmp_path: Path) -> None:
    path = file(tmp_path, "Q\tA\n", "cards.txt")
    assert registry.source_for(path).name == "csv"


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x00\x01\xff")
    with pytest.raises(InvalidDeck):
        api.load(path)


def test_a_header_of_many_thousand_columns_is_refused_soon(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"column {n}" for n in range(20_000)) + "\n" + "," * 20_000 + "\n")
    with pytest.raises(InvalidDeck) as caught:
        api.load(path)
    assert caught.value.diagnostics[0].code in ("unknown-field", "no-header")


@pytest.mark.parametrize(
    "header",
    ["Type,Question,A,B,C,D,CorrectAnswer", "Question,A,B,C,Answer", "Pregunta,Opcion1,Opcion2,Correcta"],
)
def test_choices_in_columns_of_their_own_are_no_sides_of_a_card(header: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{','.join('x' * (header.count(',') + 1))}\n")
    with pytest.raises(InvalidDeck) as refused:
        api.load(path)
    (told,) = refused.value.diagnostics
    assert (told.code, "columns of their own" in told.message) == ("no-header", True)


@settings(deadline=None)
@given(
    text=st.text(st.sampled_from('ab \t\n"-=:/{|,'), max_size=60),
    columns=st.sampled_from(["front,back", "text,extra", ""]),
)
def test_every_text_gives_a_deck_or_diagnostics(
    tmp_path_factory: pytest.TempPathFactory, text: str, columns: str
) -> None:
    found = api.check(file(tmp_path_factory.getbasetemp(), text, "a.txt"), "csv", columns=columns)
    assert all(d.span and d.fix for d in found)


def test_sides_between_which_thousands_of_signs_stand_are_told_so_soon(tmp_path: Path) -> None:
    lines = [f"{sign * 200_000}a\n" for sign in (" ", "-", "- ", ": ", " -")] * 4
    (found,) = api.check(file(tmp_path, "".join(lines)), "csv", columns="front,back")
    assert found.code == "no-separator"
