"""Text files for Anki: what Anki exports as plain text, and what it imports."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from cardforge import api
from cardforge.model import Cloze, Deck, Entry, Flashcard, Section, to_data
from cardforge.text import Text, cloze_from_html, from_html, render
from cardforge.text.content import CONTROL
from cardforge_exporters.anki_markup import CLOZE_DIALECT, DIALECT, deck_part, tag
from cardforge_exporters.csv import anki as writer
from tests.anki_backend import Anki
from tests.clients import want_module
from tests.same import canonical
from tests.strategies import decks

HEADER = "#separator:tab\n#html:true\n"
FULL = HEADER + "#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
CARD = {"type": "flashcard", "front": "Q", "back": "A"}


def file(folder: Path, text: str, name: str = "notes.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def deck(folder: Path, text: str) -> Deck:
    return api.load(file(folder, text), "csv")


def items(folder: Path, text: str) -> list[Any]:
    """The items as plain data."""
    return [to_data(item) for item in deck(folder, text).items]


def told(folder: Path, text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of what is told."""
    return [(d.code, d.span.line, d.span.column) for d in api.check(file(folder, text), "csv") if d.span]


# --- the head of the file ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sign"),
    [("comma", ","), ("Semicolon", ";"), ("tab", "\t"), ("\t", "\t"), ("pipe", "|"), ("colon", ":"), (",", ",")],
)
def test_the_header_says_what_separates_the_cells(tmp_path: Path, said: str, sign: str) -> None:
    assert items(tmp_path, f"#separator:{said}\nQ{sign}A\n") == [CARD]


def test_a_header_that_says_no_separator_leaves_it_to_the_rows(tmp_path: Path) -> None:
    assert items(tmp_path, "#html:false\nQ\tA, b\n") == [{**CARD, "back": "A, b"}]


def test_fields_are_text_when_the_header_says_so(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "#separator:tab\n#html:false\n<b>Q</b>\t*A*\n")
    assert (item["front"], item["back"]) == (r"\<b>Q\</b>", r"\*A\*")


def test_fields_are_html_when_the_header_says_so(tmp_path: Path) -> None:
    (item,) = items(tmp_path, HEADER + "<b>Q</b> &lt; *\tA\n")
    assert item["front"] == r"**Q** < \*"


def test_columns_hold_what_the_header_says(tmp_path: Path) -> None:
    text = FULL + "g1\tBasic\tT\tQ\tA\tx y\n"
    read = deck(tmp_path, text)
    assert to_data(read) == {"title": "T", "items": [{**CARD, "id": "g1", "tags": ["x", "y"]}]}


def test_tags_of_the_file_are_the_decks(tmp_path: Path) -> None:
    assert deck(tmp_path, "#separator:tab\n#tags:x y\nQ\tA\n").tags == ("x", "y")


def test_a_deck_in_the_header_is_the_title(tmp_path: Path) -> None:
    assert deck(tmp_path, "#separator:tab\n#deck:Spanish\nQ\tA\n").title == "Spanish"


def test_a_column_that_is_called_tags_holds_them(tmp_path: Path) -> None:
    assert items(tmp_path, "#separator:tab\n#columns:Front\tBack\tTags\nQ\tA\tx\n") == [{**CARD, "tags": ["x"]}]


def test_lines_that_begin_with_a_sharp_are_comments(tmp_path: Path) -> None:
    assert items(tmp_path, HEADER + 'Q\tA\n# "said\nQ2\tA\n') == [CARD, {**CARD, "front": "Q2"}]


@pytest.mark.parametrize(
    ("cell", "text"),
    [('"a ""b"""', 'a "b"'), ('"a" b', "a b"), ('a "b"', 'a "b"'), ('"a\nb"', "a b"), ('"a', "a")],
)
def test_quotes_are_read_as_anki_reads_them(tmp_path: Path, cell: str, text: str) -> None:
    (item,) = items(tmp_path, f"{HEADER}Q\t{cell}\n")
    assert item["back"].strip() == text


# --- decks, tags, ids ----------------------------------------------------------------------------


def test_subdecks_are_sections(tmp_path: Path) -> None:
    text = HEADER + "#deck column:3\nQ\tA\tT\nQ2\tA\tT::S\nQ3\tA\tT::S::U\n"
    (first, section) = deck(tmp_path, text).items
    assert isinstance(first, Flashcard) and isinstance(section, Section)
    assert (section.section, [node.section for node in section.items if isinstance(node, Section)]) == ("S", ["U"])


def test_decks_with_nothing_in_common_are_sections_all(tmp_path: Path) -> None:
    read = deck(tmp_path, HEADER + "#deck column:3\nQ\tA\tT\nQ2\tA\tU\n")
    assert (read.title, [node.section for node in read.items if isinstance(node, Section)]) == ("notes", ["T", "U"])


def test_a_tag_with_a_level_is_the_level(tmp_path: Path) -> None:
    assert items(tmp_path, HEADER + "#tags column:3\nQ\tA\tlevel::beginner x\n") == [
        {**CARD, "level": "beginner", "tags": ["x"]}
    ]


def test_marks_of_studying_are_left_out_and_told_once(tmp_path: Path) -> None:
    text = HEADER + "#tags column:3\nQ\tA\tleech\nQ2\tA\tmarked\n"
    assert items(tmp_path, text) == [CARD, {**CARD, "front": "Q2"}]
    assert told(tmp_path, text) == [("not-kept", 4, 1)]


def test_a_guid_that_can_be_no_id_is_left_out_and_told(tmp_path: Path) -> None:
    text = HEADER + "#guid column:1\na b\tQ\tA\n"
    assert items(tmp_path, text) == [CARD]
    assert told(tmp_path, text) == [("not-kept", 4, 1)]


@pytest.mark.parametrize(("more", "said"), [("", "1 note has"), ("g\tQ3\tA\n", "2 notes have")])
def test_one_note_is_told_in_the_singular(tmp_path: Path, more: str, said: str) -> None:
    (found,) = api.check(file(tmp_path, HEADER + f"#guid column:1\ng\tQ\tA\ng\tQ2\tA\n{more}"), "csv")
    assert found.message.startswith(f"{said} the guid of another one")


def test_a_guid_that_comes_again_is_told(tmp_path: Path) -> None:
    text = HEADER + "#guid column:1\ng\tQ\tA\ng\tQ2\tA\n"
    assert [item.get("id") for item in items(tmp_path, text)] == ["g", None]
    assert told(tmp_path, text) == [("adapted-item", 5, 1)]


# --- note types ----------------------------------------------------------------------------------

TYPES = HEADER + "#notetype column:1\n"


@pytest.mark.parametrize(
    ("row", "item"),
    [
        ("Basic\tQ\tA", CARD),
        ("Basic (and reversed card)\tQ\tA", {**CARD, "reversed": True}),
        ("Basic (optional reversed card)\tQ\tA\ty", {**CARD, "reversed": True}),
        ("Basic (optional reversed card)\tQ\tA\t", CARD),
        (
            "Basic (type in the answer)\tQ\tA b",
            {"type": "short_answer", "stem": "Q", "answers": ["A b"]},
        ),
        ("Cloze\tan {{c1::answer}}\tE", {"type": "cloze", "text": "an {{c1::answer}}", "extra": "E"}),
        ("Lückentext\tan {{c1::answer}}\t", {"type": "cloze", "text": "an {{c1::answer}}"}),
        ("Mine\tQ\tA", CARD),
    ],
)
def test_a_note_type_is_read_as_what_it_asks(tmp_path: Path, row: str, item: dict[str, Any]) -> None:
    assert items(tmp_path, TYPES + row + "\n") == [item]


def test_fields_beyond_the_second_answer_too(tmp_path: Path) -> None:
    text = TYPES + "Mine\tQ\tA\tB\nMine\tQ2\tA\tB\n"
    assert [item["back"] for item in items(tmp_path, text)] == ["A\n\nB", "A\n\nB"]
    assert told(tmp_path, text) == [("adapted-item", 4, 1)]


def test_a_note_without_an_answer_becomes_an_open_prompt(tmp_path: Path) -> None:
    assert items(tmp_path, HEADER + "Q\t\n") == [{"type": "open_prompt", "stem": "Q"}]


@pytest.mark.parametrize(
    "row",
    [
        "\tA",
        "{{c1::a {{c2::b}}}}\t",
        "{{c1::}}\t",
        "{{c1::image-occlusion:rect:left=.1}}\tA",
        "<p></p>\tA",
    ],
)
def test_a_note_that_can_be_no_item_is_left_out_alone(tmp_path: Path, row: str) -> None:
    text = f"{HEADER}Q\tA\n{row}\n"
    assert items(tmp_path, text) == [CARD]
    assert [code for code, line, _ in told(tmp_path, text) if line == 4] == ["kept-aside"]


def test_a_back_that_begins_with_the_front_is_read_without_it(tmp_path: Path) -> None:
    assert items(tmp_path, HEADER + 'Q\t"Q\n\n<hr id=answer>\n\nA"\n') == [CARD]


def test_a_formula_that_cannot_be_read_spoils_nothing(tmp_path: Path) -> None:
    (item,) = items(tmp_path, HEADER + "Q\t\\(\\fracc{1}{2}\\) so\n")
    assert "fracc" in str(item["back"])


def test_control_characters_are_left_out_and_told(tmp_path: Path) -> None:
    text = HEADER + "a\x07b\tA\n"
    assert items(tmp_path, text)[0]["front"] == "ab"
    assert told(tmp_path, text) == [("not-kept", 3, 1)]


# --- media ---------------------------------------------------------------------------------------


def test_media_beside_the_file_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(b"png")
    (tmp_path / "s.mp3").write_bytes(b"mp3")
    read = deck(tmp_path, HEADER + '"<img src=""a b.png"">"\t[sound:s.mp3]\n')
    assert api.media_paths(read) == ("a b.png", "s.mp3")


def test_media_that_are_not_there_leave_their_names_and_are_told_once(tmp_path: Path) -> None:
    text = HEADER + '"<img src=""a.png"" alt=""a map"">"\t[sound:s.mp3]\nQ\t<img src=b.png>\n'
    assert [(item["front"], item["back"]) for item in items(tmp_path, text)] == [("a map", "`s.mp3`"), ("Q", "`b.png`")]
    assert told(tmp_path, text) == [("not-kept", 3, 2)]


def test_an_image_on_the_web_becomes_a_link(tmp_path: Path) -> None:
    (item,) = items(tmp_path, HEADER + 'Q\t"<img src=""https://example.org/a.png"" alt=""a map"">"\n')
    assert item["back"] == "[a map](https://example.org/a.png)"


def test_what_changes_in_a_text_is_told_there_once(tmp_path: Path) -> None:
    text = HEADER + "Q\t" + "".join(f"<img src=https://example.org/{n}.png>" for n in range(100)) + "\n"
    assert told(tmp_path, text) == [("adapted-item", 3, 3)]


def test_an_image_written_into_a_text_is_left_out_and_told(tmp_path: Path) -> None:
    text = HEADER + "Q\tsee <img src=data:image/png;base64,AAAA>\n"
    assert (items(tmp_path, text)[0]["back"], told(tmp_path, text)) == ("see", [("adapted-item", 3, 3)])


# --- what cardforge writes for Anki --------------------------------------------------------------


LAST = Flashcard(front="the last card", back="A")


@settings(deadline=None)
@given(deck=decks())
def test_every_item_written_for_anki_comes_back_or_is_told(
    tmp_path_factory: pytest.TempPathFactory, deck: Deck
) -> None:
    deck = replace(deck, items=(*deck.items, LAST))
    read = api.load(file(tmp_path_factory.getbasetemp(), "".join(writer.lines(deck))), "csv")
    left_out = [d for d in read.origin.warnings if d.code == "kept-aside"]
    written = {_guid(deck, entry): entry for entry in deck.entries()}
    assert (len(read.entries()) + len(left_out), read.title) == (len(written), _deck_name(_root(deck.title)))
    for back in read.entries():
        entry = written[back.id]
        assert [s.section for s in back.sections] == [_deck_name(s.section) for s in entry.sections]
        assert back.item.level == entry.item.level
        assert list(back.tags) == list(dict.fromkeys(tag(name) for name in entry.tags))


@settings(deadline=None)
@given(deck=decks())
def test_plain_cards_written_for_anki_come_back_whole(tmp_path_factory: pytest.TempPathFactory, deck: Deck) -> None:
    folder = tmp_path_factory.getbasetemp()
    cards = [entry.item for entry in deck.entries() if isinstance(entry.item, Flashcard | Cloze)]
    if not cards:
        return
    bare = Deck(title="T", items=tuple(_bare(card) for card in cards))
    read = api.load(file(folder, "".join(writer.lines(bare))), "csv")
    for wrote, got in zip(bare.entries(), read.entries(), strict=True):
        assert got.item.KIND == wrote.item.KIND
        assert [_shown(text) for text in _sides(got.item)] == [_from_html(text) for text in _sides(wrote.item)]


def _from_html(text: Text) -> str:
    """What is shown of a text when its HTML has been read back, as is tested elsewhere."""
    html = re.sub(f"[{CONTROL}]", "", render(text, CLOZE_DIALECT))
    back = (cloze_from_html if "{{c" in html else from_html)(html)
    return _shown(back)


def _shown(text: Text) -> str:
    return canonical(render(text, DIALECT)).strip()


def _bare(card: Flashcard | Cloze) -> Flashcard | Cloze:
    """A card without anything that goes below its sides."""
    if isinstance(card, Cloze):
        return Cloze(text=card.text, extra=card.extra)
    return Flashcard(front=card.front, back=card.back, reversed=card.reversed)


def _sides(item: Any) -> list[Text]:
    sides = (item.text, item.extra) if isinstance(item, Cloze) else (item.front, item.back)
    return [text for text in sides if text]


def _guid(deck: Deck, entry: Entry) -> str:
    lines = writer.lines(replace(deck, items=(replace(entry.item, id=entry.id),)))
    return list(lines)[1].partition("\t")[0]


def _root(title: str) -> str:
    """The outermost deck's name as it is written for Anki."""
    _, line = writer.lines(Deck(title=title, items=(LAST,)))
    return next(csv.reader([line], delimiter="\t"))[2]


def _deck_name(title: str) -> str:
    return " ".join(re.sub(f"[{CONTROL}\u2028\u2029]", " ", deck_part(title)).split())


def test_hints_written_for_anki_come_back(tmp_path: Path) -> None:
    card = Flashcard(front="Q", back="A", hint=("one", "**two**"))
    (item,) = items(tmp_path, "".join(writer.lines(Deck(title="T", items=(card,)))))
    assert (item["front"], item["hint"]) == ("Q", ["one", "**two**"])


# --- Anki itself ---------------------------------------------------------------------------------


def test_what_anki_exports_is_read_as_anki_has_it(tmp_path: Path) -> None:
    want_module("anki")
    with Anki(tmp_path / "anki") as anki:
        collection = anki.collection
        for name, fields in (
            ("Basic", ('<b>Q</b> "x"', "A\ttab")),
            ("Cloze", ("an {{c1::answer}}", "E")),
            ("Basic (and reversed card)", ("#sharp", "A")),
        ):
            note_type, deck_id = collection.models.by_name(name), collection.decks.id("T::S")
            assert note_type and deck_id
            note = collection.new_note(note_type)
            note.fields = list(fields)
            note.tags = ["x"]
            collection.add_note(note, deck_id)
        out = tmp_path / "export.txt"
        collection.export_note_csv(
            out_path=str(out),
            limit=None,
            with_html=True,
            with_tags=True,
            with_deck=True,
            with_notetype=True,
            with_guid=True,
        )
    read = api.load(out, "csv")
    (section,) = read.items
    assert isinstance(section, Section)
    assert (read.title, section.section) == ("T", "S")
    assert [(to_data(i)["type"], i.tags) for i in section.items] == [
        ("flashcard", ("x",)),
        ("cloze", ("x",)),
        ("flashcard", ("x",)),
    ]
    assert to_data(section.items[0])["front"] == '**Q** "x"'
