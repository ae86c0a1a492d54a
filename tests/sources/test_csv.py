"""Tables: what a person's own table may look like, and every kind of mistake with its place."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge.model import KINDS, Deck, Section, to_data
from cardforge.plugin import Draft
from cardforge.validation import validate
from cardforge_sources.csv import CsvSource, cells
from cardforge_sources.json import DEEPEST


def read(tmp_path: Path, text: str, name: str = "table.csv") -> Draft:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return CsvSource().read(path)


def deck(tmp_path: Path, text: str, name: str = "table.csv") -> Deck:
    validated = validate(read(tmp_path, text, name))
    assert validated.deck, validated.diagnostics
    return validated.deck


def items(tmp_path: Path, text: str) -> list[Any]:
    """The items of a table as plain data."""
    return [to_data(item) for item in deck(tmp_path, text).items]


def item(tmp_path: Path, **cells: str) -> Any:
    """The one item of a table with these cells, as plain data."""
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]
    return items(tmp_path, f"{','.join(cells)}\n{','.join(quoted)}\n")[0]


def diagnostics(tmp_path: Path, text: str, name: str = "table.csv") -> tuple[Diagnostic, ...]:
    try:
        return validate(read(tmp_path, text, name)).diagnostics
    except InvalidDeck as error:
        return error.diagnostics


def places(found: tuple[Diagnostic, ...]) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in found if d.span]


def marked(text: str) -> tuple[str, int, int]:
    """The text without its ☞, and the line and column of what the ☞ pointed at."""
    before, _, after = text.partition("☞")
    return before + after, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


CARD = {"type": "flashcard", "front": "Q", "back": "A"}

# --- the form of the file ------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_shows_what_separates_the_cells(tmp_path: Path, delimiter: str) -> None:
    assert items(tmp_path, "front,back\nQ,A\n".replace(",", delimiter)) == [CARD]


def test_a_separator_inside_quotes_shows_nothing(tmp_path: Path) -> None:
    problem = diagnostics(tmp_path, '"a,b,c,d";front;back\n;Q;A\n')[0]
    assert problem.message == "no item has a field 'a,b,c,d'"


def test_a_table_with_one_column_is_read(tmp_path: Path) -> None:
    assert items(tmp_path, "stem\nWhy?\n") == [{"type": "open_prompt", "stem": "Why?"}]


def test_one_column_with_commas_is_read_when_the_file_is_tsv(tmp_path: Path) -> None:
    validated = deck(tmp_path, "stem\nWhy, then?\n", "table.tsv")
    assert to_data(validated.items[0])["stem"] == "Why, then?"


def test_what_excel_says_of_the_separator_counts(tmp_path: Path) -> None:
    assert items(tmp_path, "sep=;\nfront;back\nQ;A\n") == [CARD]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_end_with_any_line_end(tmp_path: Path, line_end: str) -> None:
    assert items(tmp_path, line_end.join(["front,back", "Q,A", "Q2,A", ""]))[1] == {**CARD, "front": "Q2"}


def test_the_last_row_needs_no_line_end(tmp_path: Path) -> None:
    assert items(tmp_path, "front,back\nQ,A") == [CARD]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_in_quotes_stay_as_they_are(tmp_path: Path, line_end: str) -> None:
    assert item(tmp_path, front=f"one{line_end}two", back="A")["front"] == f"one{line_end}two"


def test_two_quotes_in_quotes_are_one(tmp_path: Path) -> None:
    assert items(tmp_path, 'front,back\n"a ""b"" c",A\n')[0]["front"] == 'a "b" c'


def test_a_quote_inside_a_cell_without_quotes_is_text(tmp_path: Path) -> None:
    assert items(tmp_path, 'front,back\n5" disk,A\n')[0]["front"] == '5" disk'


def test_space_around_quotes_says_nothing(tmp_path: Path) -> None:
    assert items(tmp_path, 'front, back\nQ, "A, B" \n')[0]["back"] == "A, B"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    bom = "\ufeff" if encoding.startswith("utf-16-") else ""
    path = tmp_path / "table.tsv"
    path.write_bytes(f"{bom}front\tback\r\né😀\tA\r\n".encode(encoding))
    assert CsvSource().read(path).data == {"title": "table", "items": [{**CARD, "front": "é😀"}]}


def test_empty_rows_are_skipped(tmp_path: Path) -> None:
    assert items(tmp_path, "\nfront,back\n\n,,\n  ,\nQ,A\n\n") == [CARD]


def test_empty_cells_are_fields_left_out(tmp_path: Path) -> None:
    assert items(tmp_path, "front,back,explanation,hint\nQ,A,, \n") == [CARD]


def test_empty_columns_without_a_name_are_skipped(tmp_path: Path) -> None:
    assert items(tmp_path, "front,,back,,\nQ,,A,,,\n") == [CARD]


def test_media_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "fig.png").write_bytes(b"png")
    assert read(tmp_path, "front,back\nQ,A\n").media.read("fig.png") == b"png"


# --- header, kinds, deck and sections ------------------------------------------------------------


@pytest.mark.parametrize("name", ["Feedback Correct", "FEEDBACK_CORRECT", " feedback  correct ", "feedback-correct"])
def test_the_header_is_read_without_case_and_with_spaces(tmp_path: Path, name: str) -> None:
    assert items(tmp_path, f"stem,answer,{name}\nS,true,yes\n")[0]["feedback_correct"] == "yes"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"front": "Q", "back": "A"}, "flashcard"),
        ({"text": "{{c1::a}}"}, "cloze"),
        ({"text": "{{c1::a}}", "extra": "E"}, "cloze"),
        ({"stem": "S", "choices": "[x] a\n[ ] b"}, "multiple_choice"),
        ({"stem": "S", "answer": "TRUE"}, "true_false"),
        ({"stem": "S", "answer": "1.5"}, "numeric"),
        ({"stem": "S", "answer": "1", "unit": "m"}, "numeric"),
        ({"stem": "S", "answers": "a"}, "short_answer"),
        ({"stem": "S", "pairs": "a => b\nc => d"}, "matching"),
        ({"stem": "S", "steps": "a\nb"}, "ordering"),
        ({"stem": "S", "concepts": "a"}, "open_prompt"),
        ({"stem": "S", "hint": "H"}, "open_prompt"),
    ],
)
def test_the_kind_follows_from_the_fields(tmp_path: Path, cells: dict[str, str], kind: str) -> None:
    assert item(tmp_path, **cells)["type"] == kind


def test_the_kind_follows_from_the_fields_where_the_type_is_empty(tmp_path: Path) -> None:
    assert items(tmp_path, "type,front,back,stem\n,Q,A,\nOpen prompt,,,S\n") == [
        CARD,
        {"type": "open_prompt", "stem": "S"},
    ]


def test_the_title_is_the_files_name(tmp_path: Path) -> None:
    assert deck(tmp_path, "front,back\nQ,A\n", "Spanish 1.csv").title == "Spanish 1"


def test_a_deck_row_speaks_of_the_deck(tmp_path: Path) -> None:
    table = "type,title,language,front,back,tags\ndeck,T,en,,,x\nflashcard,,,Q,A,\n"
    assert to_data(deck(tmp_path, table)) == {"title": "T", "language": "en", "tags": ["x"], "items": [CARD]}


def sections(tmp_path: Path, text: str) -> Any:
    """The items of a table as nested lists of fronts, each section begun by its title."""

    def outline(nodes: tuple[Any, ...]) -> list[Any]:
        return [[n.section, *outline(n.items)] if isinstance(n, Section) else n.front for n in nodes]

    return outline(deck(tmp_path, text).items)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("flashcard,A,1\nflashcard,A,2", [["A", "1", "2"]]),
        ("flashcard,,1\nflashcard,A,2\nflashcard,,3", ["1", ["A", "2"], "3"]),
        ("flashcard,A > B,1\nflashcard,A,2\nflashcard,A > C,3", [["A", ["B", "1"], "2", ["C", "3"]]]),
        ("flashcard,A,1\nsection,A,\nflashcard,A,2", [["A", "1"], ["A", "2"]]),
        ("section,A,\nsection,A > B,\nflashcard,A > B,1\nsection,A > B,\nflashcard,A > B,2",
         [["A", ["B", "1"], ["B", "2"]]]),
        ('flashcard,"[""A > B""]",1', [["A > B", "1"]]),
        ("flashcard,A>B,1", [["A>B", "1"]]),
    ],
)  # fmt: skip
def test_rows_stand_in_the_section_they_name(tmp_path: Path, rows: str, expected: list[Any]) -> None:
    lines = [f"{row},{'x' if row.startswith('flash') else ''}" for row in rows.split("\n")]
    assert sections(tmp_path, "type,section,front,back\n" + "\n".join(lines)) == expected


def test_a_section_row_speaks_of_the_section(tmp_path: Path) -> None:
    table = "type,section,pick,description,front,back\nsection,A,1,D,,\n,A,,,Q,A\n"
    (section,) = items(tmp_path, table)
    assert section == {"section": "A", "description": "D", "pick": 1, "items": [CARD]}


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["a, b", "a; b", "a;b", " a , b ", "a\nb", "- a\n- b", '["a", "b"]'])
def test_tags_are_a_list(tmp_path: Path, cell: str) -> None:
    assert item(tmp_path, front="Q", back="A", tags=cell)["tags"] == ["a", "b"]


def test_separators_alone_are_no_tags(tmp_path: Path) -> None:
    assert item(tmp_path, front="Q", back="A", tags=", ;") == CARD


@pytest.mark.parametrize("cell", ["a\nb", "- a\n- b", "* a\r\n* b", "• a\n\n• b\n", " a \n b ", '["a", "b"]'])
def test_a_list_has_an_entry_a_line(tmp_path: Path, cell: str) -> None:
    assert item(tmp_path, stem="S", steps=cell)["steps"] == ["a", "b"]


def test_a_bullet_before_one_entry_only_is_text(tmp_path: Path) -> None:
    assert item(tmp_path, stem="S", steps="- a\nb")["steps"] == ["- a", "b"]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [("one", "one"), ("two\nlines", "two\nlines"), ("* a\n* b", ["a", "b"]), ("- a", "a"), ('["a\\nb"]', "a\nb")],
)
def test_hints_are_a_list_only_with_bullets(tmp_path: Path, cell: str, hint: object) -> None:
    assert item(tmp_path, front="Q", back="A", hint=cell)["hint"] == hint


@pytest.mark.parametrize("cell", ["[x] a\n[ ] b", "[X] a\n[ ] b", "- [x] a\n- [ ] b", "[x]a\nb", "[x] a\r\n[ ]  b "])
def test_choices_are_marked(tmp_path: Path, cell: str) -> None:
    assert item(tmp_path, stem="S", choices=cell)["choices"] == [{"text": "a", "correct": True}, {"text": "b"}]


def test_feedback_stands_below_its_choice(tmp_path: Path) -> None:
    choices = item(tmp_path, stem="S", choices="[x] a\n> yes\n[ ] b\n  >no > way")["choices"]
    assert [choice["feedback"] for choice in choices] == ["yes", "no > way"]


def test_feedback_stands_below_its_answer(tmp_path: Path) -> None:
    assert item(tmp_path, stem="S", answers="a > b\n> yes\nc")["answers"] == [{"text": "a > b", "feedback": "yes"}, "c"]


@pytest.mark.parametrize("cell", ["a => b => c\nd=>e", "- a => b => c\n- d => e"])
def test_pairs_have_an_arrow(tmp_path: Path, cell: str) -> None:
    pairs = item(tmp_path, stem="S", pairs=cell)["pairs"]
    assert pairs == [{"left": "a", "right": "b => c"}, {"left": "d", "right": "e"}]


def test_json_in_a_cell_has_the_form_of_the_deck_format(tmp_path: Path) -> None:
    choices = '[{"text": "a", "correct": true, "credit": 0.50}, {"text": {"html": "<b>b</b>"}}]'
    read_back = item(tmp_path, stem="S", choices=choices)["choices"]
    assert read_back == [{"text": "a", "correct": True, "credit": 0.5}, {"text": {"html": "<b>b</b>"}}]


def test_a_text_may_be_html(tmp_path: Path) -> None:
    assert item(tmp_path, front='{"html": "<b>Q</b>"}', back="A")["front"] == {"html": "<b>Q</b>"}


@pytest.mark.parametrize("text", ['{"text": "x"}', '["a"]', "[x] a", "{", "- a", "null", "017", "12:30", "1,5", "true"])
def test_a_text_that_looks_like_something_else_is_text(tmp_path: Path, text: str) -> None:
    assert item(tmp_path, front=text, back="A")["front"] == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'-a", "-a"),
        ("''=1", "'=1"),
        ("'\t x", "\t x"),
        ('\'{"html": "x"}', '{"html": "x"}'),
        ("=1+1", "=1+1"),
        ("'tis", "'tis"),
        ("''tis", "''tis"),
        ("'-5", "'-5"),
    ],
)
def test_an_apostrophe_is_taken_away_where_it_protects(tmp_path: Path, cell: str, text: str) -> None:
    assert item(tmp_path, front=cell, back="A")["front"] == text


@pytest.mark.parametrize("written", ["TRUE", "True", " true "])
def test_booleans_are_read_as_spreadsheets_write_them(tmp_path: Path, written: str) -> None:
    assert item(tmp_path, front="Q", back="A", reversed=written)["reversed"] is True


def test_every_list_of_the_model_is_read_as_one() -> None:
    kinds = (Deck, Section, *KINDS.values())
    found = [f for kind in kinds for f in fields(kind) if f.init]
    lists = {f.name for f in found if "tuple" in str(f.type) or f.default == ()}
    assert lists - {"items"} == cells.LISTS


def test_a_cell_of_100_kb_is_read(tmp_path: Path) -> None:
    text = 'word "quoted"\n' * 7000
    assert item(tmp_path, front=text, back="A")["front"] == text


# --- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "code"),
    [
        # the header
        ("☞Paris,France,1\nRome,Italy,2\n", "no-header"),
        ("front,☞bakc,back\nQ,x,A\n", "unknown-field"),
        ("front,back,☞Front\nQ,A,x\n", "repeated-key"),
        # the form of rows
        ("front,back\nQ,A,☞x\n", "too-many-cells"),
        ("front,back\nQ,one,☞ two, three\n", "too-many-cells"),
        ("front,,back\nQ,☞x,A\n", "too-many-cells"),
        ('front,back\nQ,☞"A\nQ2,A2\n', "unclosed-quote"),
        ('front,back\n☞"Q,A\n"Q2",A2\n', "unclosed-quote"),
        ('front,back\n"say "☞hi" now",A\n', "text-behind-quote"),
        ('front,back\n"a""b"☞c,A\n', "text-behind-quote"),
        # what the core finds, at the cell
        ("front,back\nQ,A\n☞Q2,\n", "missing-field"),
        ("type,front,back\n☞flashcrad,Q,A\n", "unknown-type"),
        ("type,stem,front,back\nflashcard,☞S,Q,A\n", "unknown-field"),
        ("id,front,back\nx,Q,A\n☞x,Q2,A\n", "repeated-id"),
        ("front,back,level\nQ,A,☞begginer\n", "wrong-value"),
        ("front,back,points\nQ,A,☞many\n", "wrong-type"),
        ("stem,answer,tolerance\nS,1,☞-1\n", "wrong-value"),
        ("type,title,language,stem\ndeck,T,☞e,\n,,,S\n", "wrong-value"),
        ("front,explanation\n☞Q,x\n", "missing-field"),
        ("☞tags\na\n", "no-header"),
        ("☞tags,level\na,beginner\n", "no-header"),
        # inside a cell
        ("front,back\nQ,see $☞\\fracc{1}{2}$\n", "latex"),
        ('front,back\nQ,"one\ntwo $☞\\fracc{1}{2}$"\n', "latex"),
        ('front,back\nQ,"""one"" $☞\\fracc{1}{2}$"\n', "latex"),
        ("front,back\nQ,'=1 $☞\\fracc{1}{2}$\n", "latex"),
        ("front,back\nQ,![fig](☞no.png)\n", "media-missing"),
        ('front,back\nQ,"{""html"": ""a ☞<img src=\'x\'>""}"\n', "media-missing"),
        ("text\nno ☞{{c1::}} here\n", "cloze-empty"),
        # inside a list
        ('stem,steps\nS,"one\n$☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,steps\nS,"- one\n-  $☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,steps\nS,"one\n☞one"\n', "repeated-text"),
        ('stem,choices\nS,"[x] a\n[ ] b $☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,choices\nS,"[x] a\n> b $☞\\fracc{1}{2}$\n[ ] c"\n', "latex"),
        ('stem,choices\nS,"[x] a\n[ ] ☞a"\n', "repeated-text"),
        ('stem,choices\nS,"☞[ ] a\n[ ] b"\n', "no-correct-choice"),
        ('stem,answers\nS,"a\n> b $☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,concepts\nS,"a\nb $☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,pairs\nS,"a => b\n$☞\\fracc{1}{2}$ => d"\n', "latex"),
        ('stem,pairs\nS,"a => b\nc => $☞\\fracc{1}{2}$"\n', "latex"),
        ('stem,pairs\nS,"a => b\n☞c"\n', "missing-field"),
        ("front,back,hint\nQ,A,$☞\\fracc{1}{2}$\n", "latex"),
        ('front,back,hint\nQ,A,"* a\n* $☞\\fracc{1}{2}$"\n', "latex"),
        ('front,back,tags\nQ,A,"a, ☞\u200b"\n', "empty-text"),
        # inside JSON
        ('stem,choices\nS,"[{""text"": ""a"", ☞""corect"": true}, {""text"": ""b"", ""correct"": true}]"\n', "unknown-field"),
        ('stem,steps\nS,"[""a"", ""b \\n $☞\\\\fracc{1}{2}$""]"\n', "latex"),
        ('stem,steps\nS,"[""a"", ☞b]"\n', "json-syntax"),
        ('front,back\nQ,"{""html"": ☞<p>}"\n', "json-syntax"),
        ('stem,choices\nS,"☞[{""text"": ""a"", ""text"": ""b""}]"\n', "repeated-key"),
        ("type,title,front,back,targets\ndeck,T,,,☞x\n,,Q,A,\n", "json-syntax"),
        ('front,back,section\nQ,A,"☞[""a"", 1, {}]"\n', "wrong-type"),
        ('stem,choices\nS,"[{☞""a\nb"": ""c"", ""text"": ""d"", ""correct"": true}, {""text"": ""e""}]"\n', "unknown-field"),
        # deck and sections
        ("type,title,front,back\ndeck,T,,\n☞deck,T,,\n,,Q,A\n", "second-document"),
        ("type,section,front,back\n☞section,,,\n,,Q,A\n", "missing-field"),
        ("type,section,pick,front,back\nsection,A,☞0,,\n,A,,Q,A\n", "wrong-value"),
        ("type,section,front,back\n☞section,A,,\n,,Q,A\n", "empty-list"),
        ("type,section,front,back\nsection,A,☞Q,\n,A,Q,A\n", "unknown-field"),
        ("type,title,section,front,back\ndeck,T,☞A,,\n,,,Q,A\n", "unknown-field"),
        ("☞type,front,back\n", "empty-list"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_at_its_row_and_column(tmp_path: Path, table: str, code: str) -> None:
    text, line, column = marked(table)
    assert places(diagnostics(tmp_path, text)) == [(code, line, column)]


def test_all_mistakes_of_a_table_are_reported_in_one_run(tmp_path: Path) -> None:
    table = "front,bakc,back,level\nQ,x,,\nQ,x,A,b\nQ,x,A,beginner,y\n"
    assert places(diagnostics(tmp_path, table)) == [
        ("unknown-field", 1, 7),
        ("missing-field", 2, 1),
        ("wrong-value", 3, 7),
        ("too-many-cells", 4, 16),
    ]


def test_an_unknown_column_is_reported_with_the_nearest_name(tmp_path: Path) -> None:
    (found,) = diagnostics(tmp_path, "front,bakc,back\nQ,x,A\n")
    assert found.fix == "write back"


@pytest.mark.parametrize(
    ("header", "near"),
    [("front,back,Context", None), ("front,back,hnt", "hint"), ("stem,choices,fedback_correct", "feedback_correct")],
)
def test_the_nearest_name_goes_with_the_other_columns(tmp_path: Path, header: str, near: str | None) -> None:
    cells = "Q,A,x" if header.startswith("front") else "Q,*A|B,x"
    (found,) = [d for d in diagnostics(tmp_path, f"{header}\n{cells}\n") if d.code == "unknown-field"]
    assert (found.fix.startswith("write "), near is None or found.fix == f"write {near}") == (near is not None, True)


def test_deep_json_is_refused(tmp_path: Path) -> None:
    cell = '["",' + "[" * 5000 + "]" * 5001
    assert places(diagnostics(tmp_path, f'stem,steps\nS,"{cell.replace(chr(34), chr(34) * 2)}"\n')) == [
        ("too-deep", 2, 4)
    ]


def test_sections_nested_too_deep_are_refused(tmp_path: Path) -> None:
    path = " > ".join("x" * 200)
    assert places(diagnostics(tmp_path, f"section,stem\n{path},S\n")) == [("too-deep", 2, 1)]


def test_sections_nested_deep_are_read(tmp_path: Path) -> None:
    path = " > ".join("x" * DEEPEST)
    assert diagnostics(tmp_path, f"section,stem\n{path},S\n") == ()


SIGNS = st.text(st.sampled_from("ab ,;\t\r\n\"'=-[]{}x>*:#\u200b"), max_size=40)
HEADERS = st.sampled_from(["front,back,hint", "type;section;stem;choices", "stem\tpairs\ttags", "text,targets,title"])


@settings(deadline=None)
@given(header=HEADERS, body=SIGNS)
def test_every_table_gives_a_deck_or_diagnostics(
    tmp_path_factory: pytest.TempPathFactory, header: str, body: str
) -> None:
    found = diagnostics(tmp_path_factory.getbasetemp(), f"{header}\n{body}")
    assert all(d.span and d.fix for d in found)
