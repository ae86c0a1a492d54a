"""Files as text: encodings, lines and columns, insertions, and problems at their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import Diagnostic, InvalidDeck, Loc, Problem
from cardforge.document import Document, decode, read_document

ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\0\0",
    "utf-32-be": b"\0\0\xfe\xff",
}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")).filter(lambda text: bool(text.strip()))
LINED = st.text("ab\n\r\té😀\u2028\x85", max_size=30)


def encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding) if encoding == "utf-8-sig" else ENCODINGS[encoding] + text.encode(encoding)


def refused(data: bytes) -> Diagnostic:
    with pytest.raises(InvalidDeck) as caught:
        decode(data, "deck.yaml")
    (found,) = caught.value.diagnostics
    return found


# --- encodings -----------------------------------------------------------------------------------


@given(TEXTS, st.sampled_from(sorted(ENCODINGS)))
def test_a_text_is_decoded_and_encoded_again(text: str, encoding: str) -> None:
    data = encoded(text, encoding)
    document = decode(data, "deck.yaml")
    assert (document.text, document.with_insertions([])) == (text, data)


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"ab\ncd\xffef", "not-utf8", (2, 3)),
        ("é\né".encode() + b"\xc3", "not-utf8", (2, 2)),
        ("Größe".encode("latin-1"), "not-utf8", (1, 3)),
        (b"\xed\xa0\x80", "not-utf8", (1, 1)),
        (encoded("ab\ncd", "utf-16-le") + b"\x00", "not-utf8", (2, 3)),
        (encoded("ab\ncd", "utf-16-be")[:-1], "not-utf8", (2, 2)),
        (encoded("ab", "utf-32-le") + b"\xff\xff\xff\xff", "not-utf8", (1, 3)),
        (b"ab\nc\0d", "binary-file", (2, 2)),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary-file", (1, 1)),
        ("ab".encode("utf-16-le"), "binary-file", (1, 2)),
        (encoded("a\0b", "utf-16-le"), "binary-file", (1, 2)),
        (b"", "empty-file", (1, 1)),
        (b" \n\t\r\n", "empty-file", (1, 1)),
        (b"\xef\xbb\xbf", "empty-file", (1, 1)),
    ],
)
def test_what_is_no_text_is_refused_at_its_place(data: bytes, code: str, place: tuple[int, int]) -> None:
    found = refused(data)
    assert found.span and (found.code, (found.span.line, found.span.column)) == (code, place)


@given(st.binary(max_size=40))
def test_any_bytes_give_a_document_or_a_diagnostic(data: bytes) -> None:
    try:
        assert decode(data, "deck.yaml").text.strip()
    except InvalidDeck as error:
        assert len(error.diagnostics) == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck, match="no such file"):
        read_document(tmp_path / "no.yaml")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck, match="folder"):
        read_document(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidDeck, match="file"):
        read_document(tmp_path / name)


def test_the_path_is_shown_as_it_was_given() -> None:
    assert str(decode(b"a", "some/deck.yaml").span(0)) == "some/deck.yaml:1:1"


# --- lines and columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "offset", "line", "column", "shown"),
    [
        ("abc", 0, 1, 1, "abc"),
        ("abc", 3, 1, 4, "abc"),
        ("ab\ncd", 3, 2, 1, "cd"),
        ("ab\ncd", 2, 1, 3, "ab"),
        ("ab\r\ncd", 4, 2, 1, "cd"),
        ("ab\r\ncd", 3, 1, 4, "ab"),
        ("ab\rcd", 3, 2, 1, "cd"),
        ("a\n\nb", 2, 2, 1, ""),
        ("a\r\r\nb", 4, 3, 1, "b"),
        ("a\n", 2, 2, 1, ""),
        ("😀é\nx", 1, 1, 2, "😀é"),
        ("a\u2028b\x85c", 4, 1, 5, "a\u2028b\x85c"),
    ],
)
def test_an_offset_has_a_line_and_a_column(text: str, offset: int, line: int, column: int, shown: str) -> None:
    document = Document("d", text)
    span = document.span(offset)
    assert (span.line, span.column, document.line(span.line)) == (line, column, shown)


@given(LINED.flatmap(lambda text: st.tuples(st.just(text), st.integers(0, max(0, len(text) - 1)))))
def test_a_column_points_at_its_character(pair: tuple[str, int]) -> None:
    text, offset = pair
    document = Document("d", text)
    span = document.span(offset)
    if text and text[offset] not in "\r\n":
        assert document.line(span.line)[span.column - 1] == text[offset]


@given(LINED)
def test_the_lines_make_up_the_text(text: str) -> None:
    document = Document("d", text)
    count = document.span(len(text)).line
    lines = [document.line(number) for number in range(1, count + 1)]
    assert "\n".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n")


# --- insertions ----------------------------------------------------------------------------------


@given(
    TEXTS.flatmap(lambda t: st.tuples(st.just(t), st.dictionaries(st.integers(0, len(t)), st.text("xé", min_size=1)))),
    st.sampled_from(sorted(ENCODINGS)),
)
def test_insertions_leave_every_other_byte(pair: tuple[str, dict[int, str]], encoding: str) -> None:
    text, insertions = pair
    document = decode(encoded(text, encoding), "d")
    changed = decode(document.with_insertions(insertions.items()), "d").text
    for offset in sorted(insertions):
        assert changed[offset : offset + len(insertions[offset])] == insertions[offset]
        changed = changed[:offset] + changed[offset + len(insertions[offset]) :]
    assert encoded(changed, encoding) == encoded(text, encoding)


def test_insertions_at_one_place_keep_their_order() -> None:
    assert Document("d", "ab").with_insertions([(2, "z"), (1, "x"), (1, "y")]) == b"axybz"


# --- problems at their place ---------------------------------------------------------------------


class At:
    """Positions from a table."""

    def __init__(self, known: dict[Loc, int]) -> None:
        self._known = known

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        found = self._known.get(loc)
        return None if found is None else found + at + 100 * on_key


def column(problem: Problem, known: dict[Loc, int]) -> int:
    located = Document("d", "x" * 300).locate(problem, At(known)).span
    assert located
    return located.column - 1


FRONT: Loc = ("items", 0, "front")


@pytest.mark.parametrize(
    ("problem", "known", "offset"),
    [
        (Problem("", "", "", FRONT), {FRONT: 20}, 20),
        (Problem("", "", "", FRONT, offset=5), {FRONT: 20}, 25),
        (Problem("", "", "", FRONT, on_key=True), {FRONT: 20}, 120),
        (Problem("", "", "", FRONT, offset=5), {FRONT: 20, (*FRONT, "html"): 30}, 35),
        (Problem("", "", "", FRONT), {FRONT: 20, (*FRONT, "html"): 30}, 20),
        (Problem("", "", "", (*FRONT, "text"), offset=5), {FRONT: 20}, 25),
        (Problem("", "", "", (*FRONT, 0), offset=5), {FRONT: 20, (*FRONT, "html"): 30}, 35),
        (Problem("", "", "", FRONT), {(): 0, ("items",): 5, ("items", 0): 10}, 10),
        (Problem("", "", "", ("items", 7, "front")), {(): 1, ("items",): 5}, 5),
        (Problem("", "", "", ("title",)), {(): 1}, 1),
        (Problem("", "", "", ("title",)), {}, 0),
    ],
)
def test_a_problem_is_told_where_its_part_stands(problem: Problem, known: dict[Loc, int], offset: int) -> None:
    assert column(problem, known) == offset


def test_a_problem_without_positions_is_told_at_the_beginning() -> None:
    located = Document("d", "abc").locate(Problem("code", "message", "fix", FRONT), None)
    assert str(located.span) == "d:1:1"


def test_a_diagnostic_shows_its_line() -> None:
    located = Document("d", "ab\ncd").diagnostic(Problem("code", "message", "fix"), 4)
    assert str(located) == "d:2:2: error[code]: message\n  2 | cd\n    |  ^\n  fix: fix"


# --- packages ------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), LINED), min_size=1), st.data())
def test_a_place_in_a_package_is_told_in_its_file(files: list[tuple[str, str]], data: st.DataObject) -> None:
    document = Document.joined("deck.zip", files)
    index = data.draw(st.integers(0, len(files) - 1))
    name, text = files[index]
    within = data.draw(st.integers(0, len(text)))
    alone = Document(f"deck.zip/{name}", text + "\n")
    assert document.span(document.parts[index][0] + within) == alone.span(within)


def test_a_mistake_in_a_package_shows_its_line() -> None:
    document = Document.joined("deck.zip", [("a", "one\ntwo"), ("b", "three\nfour\n")])
    problem = Problem("x", "wrong", "mend it")
    assert document.diagnostic(problem, document.text.index("four")).excerpt == "four"
