"""JSON decks: what is read, every kind of mistake with its place, and ids written into a file."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge import api
from cardforge.diagnostics import Diagnostic, InvalidDeck, Loc
from cardforge.document import decode
from cardforge.model import Deck
from cardforge.plugin import Draft, StampsIds
from cardforge.validation import validate
from cardforge_sources.json import DEEPEST, JsonSource
from tests.hanging import ends


def read(tmp_path: Path, text: str, name: str = "deck.json") -> Draft:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return JsonSource().read(path)


def diagnostics(tmp_path: Path, text: str, name: str = "deck.json") -> tuple[Diagnostic, ...]:
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


CARD = '{"type": "flashcard", "front": "Q", "back": "A"}'


# --- reading -------------------------------------------------------------------------------------


def test_a_deck_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deck.json"
    path.write_text(f'{{"title": "T", "items": [{CARD}]}}')
    assert api.load(path).title == "T"


@pytest.mark.parametrize("number", ["1", "-0", "0.10", "1e5", "1E+400", "123456789012345678901234567890", "9" * 5000])
def test_a_number_stays_the_text_that_was_written(tmp_path: Path, number: str) -> None:
    assert read(tmp_path, f"[{number}]").data == [number]


def test_booleans_and_null_stay_what_they_are(tmp_path: Path) -> None:
    assert read(tmp_path, "[true, false, null]").data == [True, False, None]


def test_an_optional_field_may_be_null(tmp_path: Path) -> None:
    card = CARD.replace("}", ', "hint": [], "level": null, "explanation": null}')
    assert diagnostics(tmp_path, f'{{"title": "T", "items": [{card}]}}') == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_encoding_with_a_byte_order_mark_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "deck.json"
    path.write_bytes('["é😀"]'.encode(encoding))
    assert JsonSource().read(path).data == ["é😀"]


def test_media_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "fig.png").write_bytes(b"png")
    assert read(tmp_path, "[]").media.read("fig.png") == b"png"


def test_lines_give_the_same_deck_as_one_object(tmp_path: Path) -> None:
    whole = read(tmp_path, f'{{"title": "T", "items": [{CARD}, {CARD}]}}').data
    assert read(tmp_path, f'{{"title": "T"}}\n{CARD}\n{CARD}\n', "deck.jsonl").data == whole


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    draft = read(tmp_path, f'\n \t\r\n{{"title": "T"}}\r\n\r\n{CARD}\n\n', "deck.jsonl")
    assert draft.data == {"title": "T", "items": [{"type": "flashcard", "front": "Q", "back": "A"}]}


def test_a_line_may_be_a_section(tmp_path: Path) -> None:
    text = f'{{"title": "T"}}\n{{"section": "S", "items": [{CARD}]}}'
    assert diagnostics(tmp_path, text, "deck.jsonl") == ()


def test_a_line_separator_in_a_text_ends_no_line(tmp_path: Path) -> None:
    draft = read(tmp_path, '{"title": "T"}\n"a\u2028b\u0085c"', "deck.jsonl")
    assert draft.data == {"title": "T", "items": ["a\u2028b\u0085c"]}


def test_the_suffix_may_be_upper_case(tmp_path: Path) -> None:
    assert read(tmp_path, '{"title": "T"}\n[]', "DECK.JSONL").data == {"title": "T", "items": [[]]}


# --- mistakes in the syntax ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ('{"a": 1☞,\n}', "remove the comma"),
        ("[1☞, ]", "remove the comma"),
        ("[☞,]", "remove the comma"),
        ('{"a": 1\n☞"b": 2}', "put a comma between"),
        ("[1 ☞2]", "put a comma between"),
        ("{☞'a': 1}", "in place of these quotes"),
        ("[☞'a']", "in place of these quotes"),
        ("[☞“a”]", "in place of these quotes"),
        ('{"a": 1 ☞// one\n}', "remove the comment"),
        ("{☞/* one */}", "remove the comment"),
        ("[1,\n☞# two\n2]", "remove the comment"),
        ('["one☞\ntwo"]', "line break"),
        ('["one☞\r\ntwo"]', "line break"),
        ('["one☞\ttwo"]', r"\t"),
        ('["one☞\x07two"]', "remove it"),
        (r'["☞\alpha"]', "backslash twice"),
        (r'["☞\underline"]', "backslash twice"),
        (r'["☞\u12"]', "backslash twice"),
        ('["say "☞hi" now"]', r"\""),
        ("{☞a: 1}", '"name": value'),
        ('{"a" ☞1}', '"name": value'),
        ('{"a": ☞}', "write a text"),
        ("[☞True]", "write true"),
        ("[☞.5]", "0.5"),
        ("[0☞1]", "double quotes"),
        ("[☞undefined]", "write a text"),
        ('["a"☞}', "close ["),
        ('{"a": [1☞}', "close ["),
        ('{"a":☞\xa0 1}', "plain space"),
        ('[☞"a', "end it with"),
        ('[1☞', "close every bracket"),
        ("[1,☞", "close every bracket"),
        ("{}\n☞{}", ".jsonl"),
        ("{}☞}", "check the brackets"),
        ("[☞NaN]", "decimal"),
        ('["NaN", ☞-Infinity]', "decimal"),
        ('{"Infinity": ☞Infinity}', "decimal"),
    ],
)  # fmt: skip
def test_a_syntax_mistake_has_its_place_and_a_fix(tmp_path: Path, text: str, fix: str) -> None:
    text, line, column = marked(text)
    (found,) = diagnostics(tmp_path, text)
    assert (places((found,)), fix in found.fix) == ([("json-syntax", line, column)], True)


@pytest.mark.parametrize("levels", [DEEPEST + 1, 10_000, 1_000_000])
@pytest.mark.parametrize("brackets", ["[]", '{"a":}'])
def test_too_many_levels_are_refused_where_they_begin(tmp_path: Path, levels: int, brackets: str) -> None:
    opening, closing = brackets[:-1], brackets[-1]
    text = opening * levels + "1" + closing * levels
    assert places(diagnostics(tmp_path, text)) == [("too-deep", 1, DEEPEST * len(opening) + 1)]


def test_levels_without_an_end_are_refused(tmp_path: Path) -> None:
    assert [d.code for d in diagnostics(tmp_path, "[" * 1_000_000)] == ["too-deep"]


def test_a_hundred_levels_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, "[" * DEEPEST + "]" * DEEPEST).data


def test_brackets_in_texts_are_no_levels(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps(["[" * 200])).data == ["[" * 200]


# --- mistakes that reading goes past -------------------------------------------------------------


def test_a_repeated_key_is_told_at_the_second_one(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"title": "T",\n☞"title": "U", "items": [{CARD}]}}')
    assert places(diagnostics(tmp_path, text)) == [("repeated-key", line, column)]


def test_a_repeated_key_may_be_written_with_escapes(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"title": "T", "items": [{CARD}],\n☞"\\u0074itle": "U"}}')
    assert places(diagnostics(tmp_path, text)) == [("repeated-key", line, column)]


def test_repeated_keys_are_told_with_all_other_mistakes(tmp_path: Path) -> None:
    text = (
        '{"title": "T", "items": [\n{"type": "flashcard", "front": "Q", "front": "R", "back": "A", "colour": "red"}]}'
    )
    codes = [d.code for d in diagnostics(tmp_path, text)]
    assert codes == ["repeated-key", "unknown-field"]


def test_the_same_key_in_two_objects_is_no_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, '[{"a": {"a": 1}}, {"a": 1}]').problems == ()


@pytest.mark.parametrize("lone", [r"\ud800", r"\udc00", r"\ude00\ud83d"])
def test_half_a_surrogate_pair_is_told_where_it_stands(tmp_path: Path, lone: str) -> None:
    text, line, column = marked(
        f'{{"title": "T", "items": [\n{{"type": "flashcard", "front": "☞{lone}", "back": "A"}}]}}'
    )
    assert places(diagnostics(tmp_path, text)) == [("not-unicode", line, column)]


@pytest.mark.parametrize(
    "escaped",
    ["", r"\n\"\\", r"\u00e9", "é", "😀", r"\ud83d\ude00", r"\uD83D\uDE00\ud83d\ude00", r"\/", r"\ud83d\ude00\u0061"],
)
def test_an_offset_in_a_text_is_found_behind_escapes(tmp_path: Path, escaped: str) -> None:
    text, line, column = marked(
        f'{{"title": "T", "items": [\n{{"type": "flashcard", "front": "{escaped} $x + ☞\\\\foo$", "back": "A"}}]}}'
    )
    assert places(diagnostics(tmp_path, text)) == [("latex", line, column)]


def test_an_offset_in_html_is_found(tmp_path: Path) -> None:
    text, line, column = marked(
        '{"title": "T", "items": [\n{"type": "flashcard", "front": {"html": "a ☞<img src=\\"no.png\\">"}, "back": "A"}]}'
    )
    assert places(diagnostics(tmp_path, text)) == [("media-missing", line, column)]


@pytest.mark.parametrize(
    "short", ['"hint": "a $☞\\\\foo$"', '"concepts": ["a $☞\\\\foo$"]', '"hint": {"html": "☞<b onclick=\\"x\\">a</b>"}']
)
def test_an_offset_in_a_short_form_is_found(tmp_path: Path, short: str) -> None:
    text, line, column = marked(f'{{"title": "T", "items": [\n{{"type": "open_prompt", "stem": "Q", {short}}}]}}')
    assert [place[1:] for place in places(diagnostics(tmp_path, text))] == [(line, column)]


# --- lines ---------------------------------------------------------------------------------------


def test_the_syntax_mistakes_of_all_lines_are_told(tmp_path: Path) -> None:
    text = f'{{"title": "T",}}\n{CARD}\n{{"type" "flashcard"}}\n[NaN]\n'
    assert places(diagnostics(tmp_path, text, "deck.jsonl")) == [
        ("json-syntax", 1, 14),
        ("json-syntax", 3, 9),
        ("json-syntax", 4, 2),
    ]


def test_a_mistake_in_an_item_is_told_at_its_line(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"title": "T"}}\n\n{CARD}\n{CARD[:-1]}, ☞"colour": "red"}}\n')
    assert places(diagnostics(tmp_path, text, "deck.jsonl")) == [("unknown-field", line, column)]


def test_a_repeated_key_is_told_at_its_line(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"title": "T"}}\n{CARD}\n{CARD[:-1]}, ☞"back": "B"}}\n')
    assert places(diagnostics(tmp_path, text, "deck.jsonl")) == [("repeated-key", line, column)]


def test_too_many_levels_are_told_at_their_line(tmp_path: Path) -> None:
    text = f'{{"title": "T"}}\n{"[" * 200}{"]" * 200}'
    assert places(diagnostics(tmp_path, text, "deck.jsonl")) == [("too-deep", 2, DEEPEST + 1)]


@pytest.mark.parametrize("line", ["[1]", '"text"', "null", "5"])
def test_a_line_that_is_no_item_is_told_at_its_line(tmp_path: Path, line: str) -> None:
    found = diagnostics(tmp_path, f'{{"title": "T"}}\n{CARD}\n{line}', "deck.jsonl")
    assert places(found)[0][1:] == (3, 2 if line[0] == '"' else 1)


def test_a_missing_header_is_told(tmp_path: Path) -> None:
    assert places(diagnostics(tmp_path, f"{CARD}\n{CARD}", "deck.jsonl")) == [("jsonl-header", 1, 1)]


def test_items_in_the_header_are_refused(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"title": "T", ☞"items": [{CARD}]}}\n')
    assert places(diagnostics(tmp_path, text, "deck.jsonl")) == [("jsonl-header", line, column)]


def test_a_header_that_is_no_object_is_refused(tmp_path: Path) -> None:
    assert places(diagnostics(tmp_path, f"[]\n{CARD}", "deck.jsonl")) == [("not-a-deck", 1, 1)]


def test_a_header_without_items_is_refused(tmp_path: Path) -> None:
    assert places(diagnostics(tmp_path, '{"title": "T"}', "deck.jsonl")) == [("empty-list", 1, 1)]


# --- positions -----------------------------------------------------------------------------------

LAYOUTS: list[dict[str, Any]] = [
    {},
    {"indent": 2},
    {"indent": "\t", "ensure_ascii": False},
    {"separators": (",", ":")},
    {"separators": (" ,\t", "\r\n:\n")},
]
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def parts(data: object, at: Loc = ()) -> list[tuple[Loc, object]]:
    found = [(at, data)]
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in steps:
        found += parts(part, (*at, step))
    return found


def draft_of(text: str, tmp_path_factory: pytest.TempPathFactory, suffix: str = ".json") -> Draft:
    path = tmp_path_factory.getbasetemp() / f"generated{suffix}"
    path.write_bytes(text.encode())
    return JsonSource().read(path)


@given(DATA, st.sampled_from(LAYOUTS))
def test_every_character_of_every_text_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: object, layout: dict[str, Any]
) -> None:
    text = json.dumps(data, **layout)
    positions = draft_of(text, tmp_path_factory).positions
    assert positions
    for at, value in parts(data):
        if isinstance(value, str):
            offsets = [positions.offset(at, at=index) or 0 for index in range(len(value) + 1)]
            assert text[offsets[0] - 1] == text[offsets[-1]] == '"'
            read_back = [json.loads(f'"{text[a:b]}"') for a, b in pairwise(offsets)]
            assert read_back == list(value)


@given(DATA, st.sampled_from(LAYOUTS))
def test_every_part_and_every_name_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: object, layout: dict[str, Any]
) -> None:
    text = json.dumps(data, **layout)
    positions = draft_of(text, tmp_path_factory).positions
    assert positions
    decoder = json.JSONDecoder()
    for at, value in parts(data):
        offset = positions.offset(at) or 0
        begins = offset - 1 if isinstance(value, str) else offset
        assert decoder.raw_decode(text, begins)[0] == value
        if at and isinstance(at[-1], str):
            assert decoder.raw_decode(text, positions.offset(at, on_key=True) or 0)[0] == at[-1]


def test_what_is_not_there_has_no_position(tmp_path: Path) -> None:
    positions = read(tmp_path, '{"a": [1]}').positions
    assert positions and positions.offset(("a", 1)) is None


@given(st.text("[]{}\":,\\ \nut12.-eE'/aé\ud800", max_size=40).map(lambda t: t.encode(errors="replace").decode()))
def test_any_text_gives_data_or_one_diagnostic(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        draft_of(text, tmp_path_factory)
    except InvalidDeck as error:
        assert len(error.diagnostics) == 1


@given(st.lists(st.one_of(st.just("{}"), st.just('{"title": "T"}'), DATA.map(json.dumps)), min_size=1))
def test_any_lines_give_a_deck_or_diagnostics(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    try:
        draft = draft_of("\n".join(lines), tmp_path_factory, ".jsonl")
    except InvalidDeck as error:
        assert error.diagnostics
    else:
        assert validate(draft).diagnostics


@given(st.dictionaries(st.sampled_from("id title items tags targets language author".split()), DATA))
def test_any_data_is_validated_without_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    draft = draft_of(json.dumps(data), tmp_path_factory)
    assert validate(draft).deck is None or data["items"]


# --- ids -----------------------------------------------------------------------------------------


def stamped(tmp_path: Path, text: str, name: str = "deck.json") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return api.stamp_ids(path)[0].decode()


def test_json_files_take_ids() -> None:
    assert isinstance(JsonSource(), StampsIds)


def test_an_id_goes_on_a_line_of_its_own_where_the_first_field_has_one(tmp_path: Path) -> None:
    text = (
        '{\n  "title": "T",\n  "items": [\n    {\n\t"id": "q",\n\t"type": "flashcard",\n\t"front": "Q", "back": "A"}]}'
    )
    assert stamped(tmp_path, text) == text.replace('  "title"', '  "id": "t",\n  "title"')


def test_an_id_is_written_inline_where_the_first_field_is(tmp_path: Path) -> None:
    text = '{"title": "T", "items": [{ "id": "q", "type": "flashcard", "front": "Q",\n "back": "A"}]}'
    assert stamped(tmp_path, text) == text.replace('{"title"', '{"id": "t", "title"')


def test_an_id_takes_the_line_end_of_its_file(tmp_path: Path) -> None:
    text = '{\r\n\t"title": "T", "items": [{"id": "q", "type": "flashcard", "front": "Q", "back": "A"}]}'
    assert stamped(tmp_path, text) == text.replace('\t"title"', '\t"id": "t",\r\n\t"title"')


def test_an_id_is_readable_text(tmp_path: Path) -> None:
    text = '{"title": "Größe", "items": [{"id": "q", "type": "flashcard", "front": "Q", "back": "A"}]}'
    deck_id = json.loads(stamped(tmp_path, text))["id"]
    assert f'"id": "{deck_id}"' in stamped(tmp_path, text)


def test_lines_take_ids_inline(tmp_path: Path) -> None:
    text = f'{{"title": "T"}}\n{{"id": "q", {CARD[1:]}\n'
    assert stamped(tmp_path, text, "deck.jsonl") == text.replace('{"title"', '{"id": "t", "title"')


def test_an_id_that_is_null_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text, line, column = marked(f'{{"id": ☞null, "title": "T", "items": [{CARD}]}}')
    path = tmp_path / "deck.json"
    path.write_text(text)
    with pytest.raises(InvalidDeck) as caught:
        api.stamp_ids(path)
    assert places(caught.value.diagnostics) == [("null-id", line, column)]


WORDS = st.text('abc é😀"\\/\n{}[]:,', min_size=1).filter(lambda text: any(c.isalpha() for c in text))
IDS: st.SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), st.integers().map(lambda number: {"id": f"i{number}"}))
CARDS = st.builds(
    lambda id_, front, back: {**id_, "type": "flashcard", "front": "W " + front, "back": "W " + back},
    IDS, WORDS, WORDS,
)  # fmt: skip
SECTIONS = st.builds(
    lambda title, items: {"section": title, "items": items},
    WORDS.map(lambda text: text.replace("\n", " ")), st.lists(CARDS, min_size=1, max_size=3),
)  # fmt: skip
HEADERS = st.builds(lambda id_, title: {**id_, "title": "W " + title.replace("\n", " ")}, IDS, WORDS)
DECKS = st.builds(
    lambda header, items: {**header, "items": items}, HEADERS, st.lists(CARDS | SECTIONS, min_size=1, max_size=4)
)


def without_ids(data: object) -> object:
    if isinstance(data, dict):
        return {name: without_ids(part) for name, part in data.items() if name != "id"}
    return [without_ids(part) for part in data] if isinstance(data, list) else data


def in_lines(deck: dict[str, Any]) -> str:
    header = {name: part for name, part in deck.items() if name != "items"}
    return "\n".join(json.dumps(part) for part in (header, *deck["items"])) + "\n"


def valid(draft: Draft) -> Deck | None:
    return validate(draft).deck


@given(DECKS, st.sampled_from([*LAYOUTS, None]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_stamping_adds_ids_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any], layout: dict[str, Any] | None, encoding: str
) -> None:
    text, suffix = (in_lines(data), ".jsonl") if layout is None else (json.dumps(data, **layout), ".json")
    old = decode(text.encode(encoding), "deck")
    path = tmp_path_factory.getbasetemp() / f"stamped{suffix}"
    path.write_bytes(text.encode(encoding))
    source = JsonSource()
    draft = source.read(path)
    deck = valid(draft)
    if deck is None:  # two items drew the same id
        return
    ids = {entry.at: entry.id for entry in deck.entries() if entry.item.id is None}
    if deck.id is None:
        ids[()] = deck.identity
    insertions = sorted(source.stamp(draft, ids))

    path.write_bytes(old.with_insertions(insertions))
    again = source.read(path)
    new = valid(again)
    assert new and new.id == deck.identity
    assert [entry.item.id for entry in new.entries()] == [entry.id for entry in deck.entries()]
    assert without_ids(again.data) == without_ids(draft.data)

    rest = again.document.text
    for offset, inserted in insertions:
        assert rest[offset : offset + len(inserted)] == inserted
        rest = rest[:offset] + rest[offset + len(inserted) :]
    assert old.bom + rest.encode(old.encoding) == text.encode(encoding)


def test_a_constant_that_goes_on_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "deck.jsonl"
    path.write_text('{"title": "T"}\nNaN- the axis\n')
    with pytest.raises(InvalidDeck) as caught:
        JsonSource().read(path)
    span = caught.value.diagnostics[0].span
    assert span and span.line == 2


def test_a_text_with_thousands_of_mistakes_is_read(tmp_path: Path) -> None:
    formulas = "$$ " * 20_000
    path = tmp_path / "deck.json"
    path.write_text(json.dumps({"title": "T", "items": [{"type": "flashcard", "front": formulas, "back": "A"}]}))
    assert ends(api.check, path)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("deck.json", '{"title": "T",\n<<<<<<< HEAD\n"id": "a"\n=======\n"id": "b"\n>>>>>>> other\n}\n', 2),
        ("deck.json", '{"title": "T",\n"id": "b"\n>>>>>>> other\n}\n', 3),
        ("deck.jsonl", '{"title": "T"}\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n', 2),
    ],
)
def test_what_git_could_not_merge_is_told_as_that(tmp_path: Path, name: str, text: str, line: int) -> None:
    assert places(diagnostics(tmp_path, text, name)) == [("merge-conflict", line, 1)]


def test_a_text_may_show_what_git_writes(tmp_path: Path) -> None:
    conflict = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other"
    deck = {"title": "T", "items": [{"type": "flashcard", "front": conflict, "back": "A"}]}
    assert diagnostics(tmp_path, json.dumps(deck, indent=0)) == ()
