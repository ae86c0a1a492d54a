"""Anki's own importer takes what the exporter writes, and takes an edited deck as an update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge import Cloze, Deck, Flashcard, Html, MultipleChoice, Section, TrueFalse, load, write
from cardforge.model import Answer, AnyItem, Choice, ShortAnswer
from cardforge_exporters.anki import note_types
from tests.anki_backend import Anki, Imported
from tests.clients import want_module

pytestmark = pytest.mark.usefixtures("_anki")
EXAMPLES = sorted(
    path for path in (Path(__file__).parents[3] / "examples").glob("*") if path.suffix in (".yaml", ".csv")
)


@pytest.fixture
def _anki() -> None:
    want_module("anki")


@pytest.fixture
def anki(tmp_path: Path, _anki: None) -> Iterator[Anki]:
    with Anki(tmp_path / "anki") as collection:
        yield collection


def all_is_well(anki: Anki) -> None:
    """What must hold after any import."""
    assert anki.missing_media() == []
    assert anki.unused_media() == []
    assert anki.empty_cards() == 0
    assert anki.cards_to_add() == 0
    assert all(card.front_text and card.back_text for card in anki.cards())
    assert anki.integrity() == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_taken_whole(example: Path, anki: Anki, tmp_path: Path) -> None:
    deck = load(example)
    written = write(deck, "anki", tmp_path / "out.apkg")
    items = sum(1 for _ in deck.entries())
    assert anki.take(written.path) == Imported(new=items, updated=0, duplicate=0, conflicting=0)
    all_is_well(anki)


# --- the same deck again, edited ------------------------------------------------------------------


def flashcards(count: int, ids: bool) -> tuple[Flashcard, ...]:
    words = ("anchor", "basalt", "cypress", "drizzle", "ember", "fjord", "glacier", "harbour", "island", "juniper")
    return tuple(
        Flashcard(
            id=f"card-{n}" if ids else None,
            front=f"What does {words[n % 10]} number {n * 7919 % 1009} stand for?",
            back=f"It stands for entry {n * 31} of the list of {words[n * 3 % 10]}s.",
        )
        for n in range(count)
    )


def deck_of(items: tuple[AnyItem | Section, ...], **more: str) -> Deck:
    return Deck(**{"title": "Edited deck", **more}, items=items)  # type: ignore[arg-type]


def edit(items: tuple[Flashcard, ...], which: set[int]) -> tuple[Flashcard, ...]:
    return tuple(
        replace(item, front=str(item.front).replace("What does", "Say what"), back=f"{item.back} (edited)")
        if n in which
        else item
        for n, item in enumerate(items)
    )


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "without ids"])
def test_editing_k_of_n_items_updates_k_notes(ids: bool, anki: Anki, tmp_path: Path) -> None:
    items = flashcards(20, ids)
    package = tmp_path / "deck.apkg"
    write(deck_of(items), "anki", package, now=1_700_000_000)
    assert anki.take(package) == Imported(20, 0, 0, 0)
    anki.study(10)
    before = anki.schedules()
    assert len(before) == 10

    write(deck_of(edit(items, {2, 5, 11})), "anki", package, now=1_700_000_100)
    assert anki.take(package) == Imported(0, 3, 17, 0)
    assert anki.schedules() == before
    assert sum("(edited)" in note["Back"] for note in anki.notes().values()) == 3


def test_an_edit_arrives_although_the_clock_stands_still(anki: Anki, tmp_path: Path) -> None:
    items = flashcards(5, ids=True)
    package = tmp_path / "deck.apkg"
    write(deck_of(items), "anki", package, now=1_700_000_000)
    anki.take(package)
    write(deck_of(edit(items, {1})), "anki", package, now=1_700_000_000)
    assert anki.take(package) == Imported(0, 1, 4, 0)


def test_an_unchanged_deck_updates_nothing(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of(flashcards(5, ids=False)), "anki", package, now=1_700_000_000)
    anki.take(package)
    write(deck_of(flashcards(5, ids=False)), "anki", package, now=1_700_009_999)
    assert anki.take(package) == Imported(0, 0, 5, 0)


def test_a_new_title_updates_nothing_and_loses_nothing(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of(flashcards(5, ids=False)), "anki", package, now=1_700_000_000)
    anki.take(package)
    anki.study(3)
    before = anki.schedules()
    written = write(deck_of(flashcards(5, ids=False), title="Another title"), "anki", package, now=1_700_000_100)
    assert [notice.code for notice in written.notices] == ["deck-recognised", "cards-moved", "ids-missing"]
    assert anki.take(package) == Imported(0, 0, 5, 0)
    assert anki.schedules() == before


def test_ids_written_later_keep_the_history(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of(flashcards(5, ids=False)), "anki", package, now=1_700_000_000)
    anki.take(package)
    anki.study(3)
    before = anki.schedules()
    write(deck_of(flashcards(5, ids=True), id="my-deck"), "anki", package, now=1_700_000_100)
    assert anki.take(package).new == 0
    assert anki.schedules() == before


def test_an_added_card_of_an_old_note_arrives(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    card = Flashcard(id="a", front="word", back="meaning")
    write(deck_of((card,)), "anki", package, now=1_700_000_000)
    anki.take(package)
    write(deck_of((replace(card, reversed=True),)), "anki", package, now=1_700_000_100)
    assert anki.take(package) == Imported(0, 1, 0, 0)
    assert anki.collection.card_count() == 2


def test_a_changed_style_reaches_the_learner(anki: Anki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of(flashcards(2, ids=True)), "anki", package, now=1_700_000_000)
    anki.take(package)
    original = note_types.as_json
    monkeypatch.setattr(note_types, "as_json", lambda t: original(t).replace("--accent: #2b5fa8", "--accent: #ff0000"))
    write(deck_of(flashcards(2, ids=True)), "anki", package, now=1_700_000_100)
    assert anki.take(package) == Imported(0, 0, 2, 0)
    assert "--accent: #ff0000" in anki.css("Cardforge Flashcard")


def test_an_item_of_another_kind_is_a_new_note(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of((Flashcard(id="a", front="Is it so?", back="Yes"),)), "anki", package, now=1_700_000_000)
    anki.take(package)
    write(deck_of((TrueFalse(id="a", stem="Is it so?", answer=True),)), "anki", package, now=1_700_000_100)
    assert anki.take(package) == Imported(1, 0, 0, 0)


def note_type_ids(anki: Anki) -> list[int]:
    return sorted(note_type.id for note_type in anki.collection.models.all_names_and_ids())


def test_notes_of_an_older_release_are_updated_in_place(anki: Anki, tmp_path: Path) -> None:
    """They had no data to judge by, and templates without a script."""
    package = tmp_path / "deck.apkg"
    here = Path(__file__).parent
    package.write_bytes((here / "release_0_1.zip").read_bytes())
    assert anki.take(package).new == 9
    anki.study(9)
    before = anki.schedules()
    note_types = note_type_ids(anki)

    write(load(here / "release_0_1.yaml"), "anki", package, now=1_800_000_000)
    assert anki.take(package) == Imported(new=0, updated=7, duplicate=2, conflicting=0)
    assert anki.schedules() == before
    assert note_type_ids(anki) == note_types
    assert all(note["Data"] for note in anki.notes().values() if "Kind" in note)
    assert all("judge" in card.front for card in anki.cards() if card.note_type == "Cardforge Question")
    all_is_well(anki)


# --- what Anki keeps, which the export tells of ---------------------------------------------------


def section(title: str, *items: AnyItem) -> Section:
    return Section(section=title, items=items)


def test_a_moved_card_stays_where_it_was_and_a_new_one_of_its_note_does_not(anki: Anki, tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    stays, moves = flashcards(2, ids=True)
    write(deck_of((section("A", stays, moves),)), "anki", package, now=1_700_000_000)
    anki.take(package)
    write(
        deck_of((section("A", stays), section("B", replace(moves, reversed=True)))), "anki", package, now=1_700_000_100
    )
    anki.take(package)
    assert anki.decks() == {"Edited deck": 0, "Edited deck::A": 2, "Edited deck::B": 1}


@pytest.mark.parametrize("first", [True, False], ids=["before the import", "after it"])
def test_a_deck_that_is_renamed_in_anki_too_stays_one_deck_if_that_is_done_first(
    first: bool, anki: Anki, tmp_path: Path
) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of(flashcards(2, ids=True), id="d"), "anki", package, now=1_700_000_000)
    anki.take(package)
    old = anki.collection.decks.by_name("Edited deck")
    assert old is not None
    write(deck_of(flashcards(3, ids=True), id="d", title="New"), "anki", package, now=1_700_000_100)
    if first:
        anki.collection.decks.rename(old["id"], "New")
    anki.take(package)
    if not first:
        anki.collection.decks.rename(old["id"], "New")
    assert anki.decks() == ({"New": 3} if first else {"New": 1, "New+": 2})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Flashcard(id="x", front="a", back="b", reversed=True), Flashcard(id="x", front="a", back="b")),
        (Cloze(id="x", text="{{c1::x}} {{c2::y}} z"), Cloze(id="x", text="{{c1::y}} x z")),
    ],
    ids=["reversed", "cloze"],
)
def test_a_card_that_is_no_more_is_found_by_empty_cards(
    before: AnyItem, after: AnyItem, anki: Anki, tmp_path: Path
) -> None:
    package = tmp_path / "deck.apkg"
    write(deck_of((before,)), "anki", package, now=1_700_000_000)
    anki.take(package)
    written = write(deck_of((after,)), "anki", package, now=1_700_000_100)
    anki.take(package)
    assert "card-gone" in [notice.code for notice in written.notices]
    assert (anki.collection.card_count(), anki.empty_cards()) == (2, 1)


# --- what arrives ---------------------------------------------------------------------------------


def test_sections_are_subdecks(anki: Anki, tmp_path: Path) -> None:
    inner = Section(section="Inner", items=(Flashcard(front="c", back="c"),))
    deck = deck_of((Flashcard(front="a", back="a"), Section(section="Outer", items=(inner,), description="About *it*")))
    anki.take(write(deck, "anki", tmp_path / "d.apkg").path)
    assert anki.decks() == {"Edited deck": 1, "Edited deck::Outer": 0, "Edited deck::Outer::Inner": 1}
    assert anki.description("Edited deck::Outer") == "About <em>it</em>"


def test_tags_are_hierarchical_and_have_no_spaces(anki: Anki, tmp_path: Path) -> None:
    deck = deck_of((Flashcard(front="a", back="a", tags=("maths::linear algebra",), level="beginner"),))
    written = write(deck, "anki", tmp_path / "d.apkg")
    anki.take(written.path)
    assert anki.tags() == {"maths::linear_algebra", "level::beginner"}
    assert [loss.feature.value for loss in written.losses] == ["tags"]


def test_a_title_with_colons_is_one_deck(anki: Anki, tmp_path: Path) -> None:
    anki.take(write(deck_of(flashcards(1, True), title="std::vector::"), "anki", tmp_path / "d.apkg").path)
    assert list(anki.decks()) == ["std\ua789\ua789vector\ua789\ua789"]


def test_cards_come_in_the_order_of_the_deck(anki: Anki, tmp_path: Path) -> None:
    items = flashcards(12, ids=True)
    anki.take(write(deck_of(items), "anki", tmp_path / "d.apkg").path)
    fronts = {guid: note["Front"] for guid, note in anki.notes().items()}
    assert [fronts[guid] for guid in anki.card_order()] == [item.front for item in items]


def test_a_cloze_makes_a_card_a_number(anki: Anki, tmp_path: Path) -> None:
    item = Cloze(text=r"{{c1::$\frac{1}{2^{3}}$}} and {{c2::`b`::a hint}} and {{c1::c}}")
    anki.take(write(deck_of((item,)), "anki", tmp_path / "d.apkg").path)
    first, second = sorted(anki.cards(), key=lambda card: card.number)
    assert first.front_text == "[...] and b and [...]"
    assert second.front_text == r"\(\frac{1}{2^{3} }\) and [a hint] and c"


def test_two_pictures_of_one_name_both_arrive(anki: Anki, tmp_path: Path) -> None:
    for folder, content in (("a", b"one"), ("b", b"two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "fig.png").write_bytes(content)
    (tmp_path / "unused.png").write_bytes(b"three")
    deck = deck_of((Flashcard(front="![x](a/fig.png)", back="![y](b/fig.png)"),)).with_media(tmp_path)
    anki.take(write(deck, "anki", tmp_path / "d.apkg").path)
    media = Path(anki.collection.media.dir())
    assert sorted(file.read_bytes() for file in media.iterdir()) == [b"one", b"two"]
    assert anki.missing_media() == []


def test_sound_is_played_by_anki(anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "hola.mp3").write_bytes(b"sound")
    deck = deck_of((Flashcard(front="![how it sounds](hola.mp3)", back="hello"),)).with_media(tmp_path)
    anki.take(write(deck, "anki", tmp_path / "d.apkg").path)
    (card,) = anki.collection.find_cards("")
    assert len(anki.collection.get_card(card).question_av_tags()) == 1


@pytest.mark.parametrize(
    "text", ["[sound:no.mp3]", "[latex]x[/latex]", "[$]x[/$]", "[[type:Back]]", "[anki:tts lang=en]x[/anki:tts]"]
)
def test_text_that_anki_would_act_on_stays_text(text: str, anki: Anki, tmp_path: Path) -> None:
    anki.take(write(deck_of((Flashcard(front=Html(f"see {text}"), back="b"),)), "anki", tmp_path / "d.apkg").path)
    assert anki.missing_media() == []
    (card,) = anki.cards()
    assert card.front_text == f"see {text}"
    assert text not in card.front


def test_the_front_does_not_say_which_choice_is_right(anki: Anki, tmp_path: Path) -> None:
    choices = (Choice(text="yes", correct=True, feedback="that is it"), Choice(text="no"))
    anki.take(write(deck_of((MultipleChoice(stem="q", choices=choices),)), "anki", tmp_path / "d.apkg").path)
    (card,) = anki.cards()
    assert 'class="cf-right"' not in card.front
    assert "hidden>that is it</div>" in card.front
    assert "that is it" in card.back and '<li data-i="0" class="cf-right">yes' in card.back


def test_a_sound_in_an_answer_is_not_played_with_the_question(anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"sound")
    choices = (Choice(text="yes", correct=True, feedback="![it](a.mp3)"), Choice(text="no"))
    item = MultipleChoice(stem="q", choices=choices, explanation="Hear ![it](a.mp3)")
    assert _played(item, anki, tmp_path) == (0, 1)


@pytest.mark.parametrize(
    "item",
    [
        Flashcard(front="f", back="b", hint=("![it](a.mp3)",)),
        Cloze(text="{{c1::a}}", hint=("![it](a.mp3)",)),
        TrueFalse(stem="s", answer=True, feedback_correct="![it](a.mp3)", feedback_incorrect="![it](a.mp3)"),
        MultipleChoice(stem="q", choices=(Choice(text="a", correct=True), Choice(text="b", feedback="![it](a.mp3)"))),
        ShortAnswer(stem="s", answers=(Answer(text="a", feedback="![it](a.mp3)"),)),
    ],
)
def test_a_sound_that_may_stay_unseen_waits_to_be_pressed(item: AnyItem, anki: Anki, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"sound")
    assert _played(item, anki, tmp_path) == (0, 0)
    (card,) = anki.cards()
    assert "<audio controls" in card.front and anki.missing_media() == []


def _played(item: AnyItem, anki: Anki, folder: Path) -> tuple[int, int]:
    """How many sounds Anki plays by itself with the question and with the answer."""
    anki.take(write(deck_of((item,)).with_media(folder), "anki", folder / "d.apkg").path)
    card = anki.collection.get_card(anki.collection.find_cards("")[0])
    return len(card.question_av_tags()), len(card.answer_av_tags())


def test_the_list_of_cards_shows_the_stem_alone(anki: Anki, tmp_path: Path) -> None:
    anki.take(write(deck_of((TrueFalse(stem="Is it so?", answer=True),)), "anki", tmp_path / "d.apkg").path)
    (card,) = anki.collection.find_cards("")
    assert anki.collection.get_card(card).render_output(browser=True).question_text == "Is it so?"
