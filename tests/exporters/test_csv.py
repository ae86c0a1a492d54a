"""Tables: lossless and harmless; and what Anki and Quizlet get."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cardforge import api
from cardforge.diagnostics import InvalidOption, Problem
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
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    texts,
)
from cardforge.plugin import Context
from cardforge.text import Html
from cardforge_exporters.csv import CsvExporter
from cardforge_exporters.csv.table import COLUMNS
from cardforge_sources.csv import CsvSource
from tests.anki_backend import Anki
from tests.clients import want_module
from tests.conftest import Golden
from tests.strategies import decks

GOLDENS = Path(__file__).parent / "goldens" / "csv"
PROFILES = ("cardforge", "anki", "quizlet")
DOCS = Path(__file__).parents[2] / "docs" / "csv.md"


patient = settings(deadline=None)
"""A machine may be busy, and the first deck drawn is slow."""


def written(deck: Deck, **options: Any) -> str:
    """The file, without looking at what is lost."""
    out = BytesIO()
    CsvExporter(**options).write(deck, out, Context(now=0))
    return out.getvalue().decode()


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    """The cells as another program reads them."""
    return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))


def loaded(text: str, folder: Path) -> Deck:
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    return api.load(path)


def unchecked(text: str, folder: Path) -> Deck:
    """The deck that the file gives when nobody minds what its texts say."""
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    return TypeAdapter(Deck).validate_python(CsvSource().read(path).data)


def one(item: AnyItem | Section, **fields: Any) -> Deck:
    return Deck(title="T", items=(item,), **fields)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


# --- the lossless table --------------------------------------------------------------------------


@patient
@given(deck=decks(), delimiter=st.sampled_from(["comma", "semicolon", "tab"]), bom=st.booleans())
def test_a_deck_read_back_is_equal(folder: Path, deck: Deck, delimiter: str, bom: bool) -> None:
    assert loaded(written(deck, delimiter=delimiter, bom=bom), folder) == deck


SIGNS = st.text(st.sampled_from("a1 ,;\t\r\n\"'=+-@[]{}x>*\\\x1f:html"), min_size=1, max_size=12)
TEXTS = SIGNS.map(lambda text: f"{text}b")
LINES = TEXTS.map(lambda text: re.sub(r"[\t\r\n\x1f]", " ", text))
IDS = TEXTS.map(lambda text: re.sub(r"\s", "", text))


def _two(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, min_size=2, max_size=2, unique_by=str.strip).map(tuple)


CARD = Flashcard(front="Q", back="A")
Hostile = tuple[st.SearchStrategy[Any], Callable[[Any], Deck]]
HOSTILE: dict[str, Hostile] = {
    "text": (TEXTS, lambda t: one(Flashcard(front=t, back=Html(t)))),
    "id": (IDS, lambda i: one(Flashcard(id=i, front="Q", back="A"), id=i)),
    "title": (LINES, lambda t: Deck(title=t, items=(CARD,), author=t, license=t)),
    "tags": (_two(LINES), lambda t: one(Flashcard(front="Q", back="A", tags=t), tags=t[:1])),
    "one hint": (TEXTS, lambda t: one(Flashcard(front="Q", back="A", hint=(t,)))),
    "hints": (_two(TEXTS), lambda t: one(Flashcard(front="Q", back="A", hint=t))),
    "steps": (_two(TEXTS), lambda t: one(Ordering(stem="S", steps=t))),
    "choices": (_two(TEXTS), lambda t: one(MultipleChoice(stem="S", choices=_choices(t, (None, None))))),
    "feedback": (_two(TEXTS), lambda t: one(MultipleChoice(stem="S", choices=_choices(("a", "b"), t)))),
    "answers": (_two(LINES), lambda t: one(ShortAnswer(stem="S", answers=(Answer(text=t[0]), Answer(text=t[1]))))),
    "answer feedback": (TEXTS, lambda t: one(ShortAnswer(stem="S", answers=(Answer(text="a", feedback=t),)))),
    "left": (_two(TEXTS), lambda t: one(Matching(stem="S", pairs=_pairs(t, ("a", "b"))))),
    "right": (_two(TEXTS), lambda t: one(Matching(stem="S", pairs=_pairs(("a", "b"), t)))),
    "section": (_two(LINES), lambda t: one(Section(section=t[0], items=(Section(section=t[1], items=(CARD,)),)))),
}


def _choices(said: tuple[str, ...], feedback: tuple[str | None, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(text=t, correct=t == said[0], feedback=f) for t, f in zip(said, feedback, strict=True))


def _pairs(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[Pair, ...]:
    return tuple(Pair(left=a, right=b) for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize("field", HOSTILE)
@patient
@given(data=st.data())
def test_a_hostile_field_reads_back_the_same(folder: Path, field: str, data: st.DataObject) -> None:
    values, deck_with = HOSTILE[field]
    deck = deck_with(data.draw(values))
    assert unchecked(written(deck), folder) == deck


@pytest.mark.parametrize("sign", ["x", '"', "'", "=", "\n", "\r\n", " ", ",", "[", "1", "{", ">\n", "* "])
def test_a_text_of_100_kb_reads_back_the_same(folder: Path, sign: str) -> None:
    deck = one(Flashcard(front=sign * (100_000 // len(sign)) + "x", back="A"))
    assert unchecked(written(deck), folder) == deck


def test_an_exporters_options_are_no_text(folder: Path) -> None:
    deck = one(Flashcard(front="Q", back="A"), targets={"html": {"a": "1"}})
    assert loaded(written(deck), folder) == deck


def test_neighbouring_sections_with_one_title_stay_two(folder: Path) -> None:
    section = Section(section="A", items=(CARD,))
    assert len(loaded(written(Deck(title="T", items=(section, section))), folder).items) == 2


def test_the_golden_table_holds_the_whole_deck() -> None:
    assert api.load(GOLDENS / "table.csv") == api.load(GOLDENS / "deck.yaml")


@pytest.mark.parametrize(
    ("profile", "name"), [("cardforge", "table.csv"), ("anki", "anki.txt"), ("quizlet", "quizlet.txt")]
)
def test_a_deck_with_every_kind_is_written_as_agreed(golden: Golden, profile: str, name: str) -> None:
    golden(written(api.load(GOLDENS / "deck.yaml"), profile=profile), GOLDENS / name)


@patient
@given(deck=decks())
def test_another_program_reads_rows_of_one_length(deck: Deck) -> None:
    header, *rows = cells(written(deck))
    assert {len(row) for row in rows} == {len(header)}


@patient
@given(deck=decks())
def test_the_columns_are_in_the_documented_order(deck: Deck) -> None:
    header = cells(written(deck))[0]
    assert header == [name for name in COLUMNS if name in header]


def test_the_documentation_lists_every_column_in_order() -> None:
    table = DOCS.read_text(encoding="utf-8").partition("| column | in rows of type |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == COLUMNS


def test_only_columns_in_use_are_written() -> None:
    assert written(one(Flashcard(front="Q", back="A"))) == "type,title,front,back\ndeck,T,,\nflashcard,,Q,A\n"


@pytest.mark.parametrize(
    ("item", "column", "cell"),
    [
        (Ordering(stem="S", steps=("a", "b")), "steps", "a\nb"),
        (Ordering(stem="S", steps=("a", "b\nc")), "steps", '["a", "b\\nc"]'),
        (Flashcard(front="Q", back="A", hint=("one",)), "hint", "one"),
        (Flashcard(front="Q", back="A", hint=("one", "two")), "hint", "* one\n* two"),
        (Flashcard(front="Q", back="A", tags=("a", "b c")), "tags", "a, b c"),
        (Flashcard(front="Q", back="A", tags=("a, b",)), "tags", '["a, b"]'),
        (Flashcard(front="Q", back="A", points=2), "points", "2"),
        (Flashcard(front="Q", back="A", reversed=True), "reversed", "true"),
        (Flashcard(front=Html("<b>é</b>"), back="A"), "front", '{"html": "<b>é</b>"}'),
        (
            MultipleChoice(stem="S", choices=(Choice(text="a", correct=True, feedback="yes"), Choice(text="b"))),
            "choices",
            "[x] a\n> yes\n[ ] b",
        ),
        (
            Matching(stem="S", pairs=(Pair(left="a", right="b"), Pair(left="c", right="d => e"))),
            "pairs",
            "a => b\nc => d => e",
        ),
    ],
)
def test_a_value_is_written_as_a_person_would(item: AnyItem, column: str, cell: str) -> None:
    header, _, row = cells(written(one(item)))
    assert row[header.index(column)] == cell


# --- cells that a spreadsheet would run ----------------------------------------------------------

_NUMBER = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")


def runnable(text: str) -> bool:
    """Whether OWASP's list of what begins a formula names this cell's beginning. A number is none."""
    return text[:1] in tuple("=+-@\t\r＝＋－＠") and not _NUMBER.fullmatch(text)


@patient
@given(deck=decks())
def test_no_cell_is_run_by_a_spreadsheet(deck: Deck) -> None:
    assert [cell for row in cells(written(deck)) for cell in row if runnable(cell)] == []


@patient
@given(deck=decks())
def test_no_cell_for_anki_is_run_by_a_spreadsheet(deck: Deck) -> None:
    rows = cells(written(deck, profile="anki"), "\t")
    assert [cell for row in rows for cell in row if runnable(cell)] == []


@patient
@given(deck=decks())
def test_no_side_for_quizlet_is_run_by_a_spreadsheet(deck: Deck) -> None:
    sides = re.split(r"[\t\n]", written(deck, profile="quizlet"))
    assert [side for side in sides if runnable(side.lstrip('"'))] == []


def test_quotes_in_a_text_for_quizlet_hide_no_formula() -> None:
    assert written(one(Flashcard(front='"=1+1"', back="A")), profile="quizlet") == ' "=1+1"\tA\n'


@pytest.mark.parametrize("text", ["=1+1", "+1 a", "-able", "@home", "\tx", "\rx", " =1", "＝1", "'=1", "-1-1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert cells(written(one(Flashcard(front=text, back="A"))))[2][2] == "'" + text


@pytest.mark.parametrize("text", ["-5", "+5", "-.5e-3", "'tis", "a=b", "–5"])
def test_what_no_spreadsheet_runs_gets_none(text: str) -> None:
    assert cells(written(one(Flashcard(front=text, back="A"))))[2][2] == text


@pytest.mark.parametrize("profile", PROFILES)
def test_a_cell_made_harmless_is_said_at_its_item(profile: str) -> None:
    deck = one(Flashcard(id="sum", front="Q", back="=1+1"))
    (loss,) = [loss for loss in api.export(deck, "csv", profile=profile).losses if "spreadsheet" in loss.how]
    assert (loss.item, loss.feature, loss.level) == ("sum", Feature.FLASHCARD, Level.ADAPTED)


def test_a_cell_made_harmless_is_said_at_its_place(folder: Path) -> None:
    (loss,) = api.export(loaded("front,back\nQ,=1\n", folder), "csv").losses
    assert loss.span and (loss.span.line, loss.span.column) == (2, 3)


@pytest.mark.parametrize("field", ["title", "author", "license", "description"])
def test_what_is_said_of_the_deck_is_made_harmless_too(field: str) -> None:
    said: dict[str, Any] = {"title": "T", field: "=1"}
    deck = Deck(items=(CARD,), **said)
    (loss,) = api.export(deck, "csv").losses
    assert loss.how.startswith(f"{field} begins with '='")


def test_a_sections_title_is_made_harmless_too() -> None:
    section = Section(section="=1", items=(CARD,))
    (section_row, item_row) = cells(written(Deck(title="T", items=(section,))))[2:]
    assert section_row[1] == item_row[1] == "'=1"


@pytest.mark.parametrize("text", ["plain", "-5", "'tis", '{"html": "x"}'])
def test_a_table_of_harmless_cells_loses_nothing(text: str) -> None:
    assert api.export(one(Flashcard(front=text, back="A")), "csv").losses == ()


# --- positions -----------------------------------------------------------------------------------


@patient
@given(deck=decks())
def test_every_letter_of_a_written_deck_is_found_at_its_place(folder: Path, deck: Deck) -> None:
    read = loaded(written(deck), folder)
    document = read.origin.document
    assert document
    for entry in read.entries():
        for at, text in texts(entry.item, entry.at):
            written_text = text.html if isinstance(text, Html) else text
            for offset, letter in enumerate(written_text):
                if letter.isalnum():
                    span = document.locate(Problem("", "", "", at, offset), read.origin.positions).span
                    assert span and document.line(span.line)[span.column - 1] == letter


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "suffix"),
    [({}, ".csv"), ({"delimiter": "tab"}, ".tsv"), ({"profile": "anki"}, ".txt"), ({"profile": "quizlet"}, ".txt")],
)
def test_the_suffix_follows_the_options(options: dict[str, Any], suffix: str) -> None:
    assert api.export(one(Flashcard(front="Q", back="A")), "csv", **options).suffix == suffix


def test_a_byte_order_mark_is_written_when_asked_for() -> None:
    assert api.export(one(Flashcard(front="Q", back="A")), "csv", bom="true").data.startswith(b"\xef\xbb\xbftype,")


@pytest.mark.parametrize("option", [{"delimiter": "tab"}, {"bom": True}])
def test_an_option_of_the_table_is_refused_with_another_profile(option: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption, match="profile=anki"):
        api.export(one(Flashcard(front="Q", back="A")), "csv", profile="anki", **option)


# --- Anki ----------------------------------------------------------------------------------------


def imported(anki: Anki, text: str, folder: Path) -> Any:
    """What Anki says of importing this text file."""
    from anki.collection import ImportCsvRequest

    path = folder / "notes.txt"
    path.write_bytes(text.encode())
    metadata = anki.collection.get_csv_metadata(path=str(path), delimiter=None)
    return anki.collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata)).log


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    want_module("anki")
    with Anki(tmp_path) as collection:
        yield collection


@settings(max_examples=50, deadline=None)
@given(deck=decks())
def test_anki_imports_every_note_as_new(tmp_path_factory: pytest.TempPathFactory, deck: Deck) -> None:
    want_module("anki")
    folder = tmp_path_factory.mktemp("anki")
    with Anki(folder) as anki:
        log = imported(anki, written(deck, profile="anki"), folder)
        assert len(log.new) == log.found_notes == len(list(deck.entries()))


def test_anki_updates_notes_that_it_has(anki: Anki, tmp_path: Path) -> None:
    imported(anki, written(one(Flashcard(id="x", front="Q", back="A")), profile="anki"), tmp_path)
    log = imported(anki, written(one(Flashcard(id="x", front="Q", back="B")), profile="anki"), tmp_path)
    assert (len(log.new), len(log.updated)) == (0, 1)


def test_anki_reads_the_fields_as_written(anki: Anki, tmp_path: Path) -> None:
    imported(anki, written(one(Flashcard(front='"Q", **b**', back="-a\n\n```\nx\n\ty\n```")), profile="anki"), tmp_path)
    (fields,) = anki.notes().values()
    assert fields == {
        "Front": '"Q", <strong>b</strong>',
        "Back": '<p>-a</p>\n<pre class="highlight"><code>x\n\ty\n</code></pre>',
    }


def test_anki_puts_sections_into_subdecks(anki: Anki, tmp_path: Path) -> None:
    inner = Section(section="=B::C", items=(CARD,))
    deck = Deck(title="T", items=(Section(section="A", items=(inner,)), Flashcard(front="Q2", back="A")))
    imported(anki, written(deck, profile="anki"), tmp_path)
    assert {name for name, count in anki.decks().items() if count} == {"T", "T::A::=B\ua789\ua789C"}


@pytest.mark.parametrize("title", ["-T", "2024", "+5", "-5.5"])
def test_anki_keeps_one_deck_of_any_name(anki: Anki, tmp_path: Path, title: str) -> None:
    deck = Deck(title=title, items=(Section(section="A", items=(CARD,)), Flashcard(front="Q2", back="A")))
    for _ in range(2):
        imported(anki, written(deck, profile="anki"), tmp_path)
    assert {name for name, count in anki.decks().items() if count} == {f"'{title}", f"'{title}::A"}


def test_anki_gets_tags_without_spaces(anki: Anki, tmp_path: Path) -> None:
    deck = one(Flashcard(front="Q", back="A", tags=("=first year", "b"), level="beginner"))
    imported(anki, written(deck, profile="anki"), tmp_path)
    assert anki.tags() == {"=first_year", "b", "level::beginner"}


def test_anki_makes_both_cards_of_a_reversed_flashcard(anki: Anki, tmp_path: Path) -> None:
    imported(anki, written(one(Flashcard(front="Q", back="A", reversed=True)), profile="anki"), tmp_path)
    assert len(anki.cards()) == 2


def test_anki_makes_a_card_of_each_deletion(anki: Anki, tmp_path: Path) -> None:
    cloze = Cloze(text=r"{{c1::$\frac{a}{b^{2}}$}} and {{c2::std::vector}}")
    imported(anki, written(one(cloze), profile="anki"), tmp_path)
    first, second = sorted(anki.cards(), key=lambda card: card.number)
    assert (first.front_text, second.front_text) == ("[...] and std", r"\(\frac{a}{b^{2} }\) and [vector]")


def test_a_tag_with_a_space_is_said_once() -> None:
    deck = Deck(title="T", items=tuple(Flashcard(front=text, back="A", tags=("a b",)) for text in ("Q", "Q2")))
    losses = [loss for loss in api.export(deck, "csv", profile="anki").losses if loss.feature is Feature.TAGS]
    assert len(losses) == 1


@pytest.mark.parametrize("title", ["a::b", "-a", "2024"])
def test_a_title_that_changes_is_said(title: str) -> None:
    losses = api.export(Deck(title=title, items=(CARD,)), "csv", profile="anki").losses
    assert [loss.feature for loss in losses] == [Feature.SECTIONS]


def test_sound_is_written_as_anki_has_it(tmp_path: Path) -> None:
    (tmp_path / "a b.mp3").write_bytes(b"")
    deck = one(Flashcard(front="![say](a%20b.mp3)", back="A")).with_media(tmp_path)
    assert "\t[sound:a b.mp3]\t" in written(deck, profile="anki")


# --- Quizlet -------------------------------------------------------------------------------------


@patient
@given(deck=decks())
def test_quizlet_gets_a_term_and_a_definition_a_line(deck: Deck) -> None:
    lines = written(deck, profile="quizlet").removesuffix("\n").split("\n")
    filled = [[bool(side.strip()) for side in line.split("\t")] for line in lines]
    assert filled == [[True, True]] * len(list(deck.entries()))


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (Flashcard(front="a\tb", back="**c**\n\nd"), "a b\tc d"),
        (Cloze(text="{{c1::A}} is {{c2::B::which?}}."), "[…] is [which?].\tA, B"),
        (ShortAnswer(stem="S", answers=(Answer(text="a"), Answer(text="no", credit=0))), "S\ta"),
        (OpenPrompt(stem="S"), "S\t…"),
        (OpenPrompt(stem="S", concept_count=2), "S\tConcepts: 2"),
    ],
)
def test_quizlet_gets_plain_text(item: AnyItem, line: str) -> None:
    assert written(one(item), profile="quizlet") == f"{line}\n"


def test_formatting_that_quizlet_loses_is_said() -> None:
    (loss,) = api.export(one(Flashcard(front="**b**", back="A")), "csv", profile="quizlet").losses
    assert loss.feature is Feature.FLASHCARD


def test_a_plain_flashcard_loses_nothing_in_quizlet() -> None:
    assert api.export(one(Flashcard(front="Q", back="A")), "csv", profile="quizlet").losses == ()


def test_no_media_are_copied_beside_a_file_for_quizlet_which_names_none(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    deck = one(Flashcard(front="![a](a.png)", back="b")).with_media(tmp_path)
    assert api.write(deck, "csv", tmp_path / "out" / "d.txt", profile="quizlet").media == ()


# --- Anki: what would give an answer away ---------------------------------------------------------

_CARD = Flashcard(front="Paris", back="capital", explanation="It is Paris.", source="A book on Paris")


def test_the_side_that_asks_in_a_reversed_card_does_not_say_the_answer() -> None:
    *_, front, back, _ = cells(written(one(replace(_CARD, reversed=True)), profile="anki"), "\t")[-1]
    assert (front, back) == ("Paris", "capital")


@pytest.mark.parametrize(("is_reversed", "level"), [(True, Level.DROPPED), (False, Level.ADAPTED)])
def test_what_is_left_out_of_a_reversed_card_is_dropped(is_reversed: bool, level: Level) -> None:
    losses = api.export(one(replace(_CARD, reversed=is_reversed)), "csv", profile="anki").losses
    said = [loss for loss in losses if loss.feature in (Feature.EXPLANATION, Feature.SOURCE)]
    assert [loss.level for loss in said] == [level, level]


def test_a_sound_in_a_hint_waits_to_be_pressed(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"sound")
    deck = one(Flashcard(front="f", back="b", hint=("![it](a.mp3)",))).with_media(tmp_path)
    assert "[sound:" not in written(deck, profile="anki")
