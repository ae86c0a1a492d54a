"""Packages that other programs wrote: each note is what its cards show."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cardforge import Deck, api, load
from cardforge.diagnostics import Diagnostic, InvalidDeck
from cardforge.model import Cloze, Flashcard, OpenPrompt, Section, ShortAnswer
from cardforge_sources.apkg.templates import compiled, rendered
from tests.sources.apkg.packages import BASIC, CLOZE, REVERSED, TYPED, Notes, database, legacy, with_database


def item(
    tmp_path: Path, fields: Sequence[str], cards: dict[str, tuple[str, str]], note: Sequence[str], **more: Any
) -> Any:
    """The only item of a package with one note."""
    (found,) = items(tmp_path, fields, cards, note, **more)
    return found


def items(
    tmp_path: Path, fields: Sequence[str], cards: dict[str, tuple[str, str]], note: Sequence[str], **more: Any
) -> list[Any]:
    return [entry.item for entry in load(legacy(tmp_path / "a.apkg", Notes(fields, cards, [note], **more))).entries()]


def warnings(deck: Deck, code: str) -> list[str]:
    return [warning.message for warning in told(deck) if warning.code == code]


def told(deck: Deck) -> list[Diagnostic]:
    """The warnings, but for what is told of every foreign package."""
    return [warning for warning in deck.origin.warnings if "makes new notes" not in warning.message]


# --- kinds ---------------------------------------------------------------------------------------


def test_a_basic_note_is_a_flashcard(tmp_path: Path) -> None:
    found = item(tmp_path, ["Front", "Back"], BASIC, ["<b>One</b>", "Two"])
    assert found == Flashcard(id="guid-0", front="**One**", back="Two")


def test_two_cards_that_mirror_each_other_are_one_reversed_flashcard(tmp_path: Path) -> None:
    found = item(tmp_path, ["Front", "Back"], REVERSED, ["One", "Two"])
    assert found == Flashcard(id="guid-0", front="One", back="Two", reversed=True)


def test_what_both_backs_of_a_mirrored_note_add_is_its_explanation(tmp_path: Path) -> None:
    cards = {
        "there": ("{{Word}}", "{{FrontSide}}<hr id=answer>{{Sound}}<br>{{Meaning}}"),
        "back": ("{{Meaning}}", "{{FrontSide}}<hr id=answer>{{Word}}<br>{{Sound}}"),
    }
    found = item(tmp_path, ["Word", "Meaning", "Sound"], cards, ["mot", "word", "mo"])
    assert found == Flashcard(id="guid-0", front="mot", back="word", explanation="mo", reversed=True)


def test_a_reverse_that_is_not_asked_for_makes_no_card(tmp_path: Path) -> None:
    cards = BASIC | {"Card 2": ("{{#Add}}{{Back}}{{/Add}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Front}}")}
    found = item(tmp_path, ["Front", "Back", "Add"], cards, ["One", "Two", ""])
    assert found == Flashcard(id="guid-0", front="One", back="Two")


def test_cards_that_ask_different_things_are_items_with_ids_that_stay(tmp_path: Path) -> None:
    cards = {"a": ("Capital of {{Land}}?", "{{Capital}}"), "b": ("Money of {{Land}}?", "{{Money}}")}
    found = items(tmp_path, ["Land", "Capital", "Money"], cards, ["Peru", "Lima", "Sol"])
    assert found == [
        Flashcard(id="guid-0", front="Capital of Peru?", back="Lima"),
        Flashcard(id="guid-0-2", front="Money of Peru?", back="Sol"),
    ]


def test_a_plain_text_to_be_typed_is_a_short_answer(tmp_path: Path) -> None:
    found = item(tmp_path, ["Front", "Back"], TYPED, ["3 &lt; 4?", "yes&nbsp;&amp; no"])
    assert isinstance(found, ShortAnswer)
    assert (found.stem, [answer.text for answer in found.answers]) == ("3 < 4?", ["yes & no"])


def test_a_text_with_markup_to_be_typed_stays_a_flashcard(tmp_path: Path) -> None:
    found = item(tmp_path, ["Front", "Back"], TYPED, ["Bold?", "<b>yes</b>"])
    assert found == Flashcard(id="guid-0", front="Bold?", back="**yes**")


def test_a_cloze_note_is_a_cloze_with_its_extra(tmp_path: Path) -> None:
    note = ["The {{c1::sun::star}} is <b>{{c2::hot}}</b>", "really"]
    found = item(tmp_path, ["Text", "Back Extra"], CLOZE, note, is_cloze=True)
    assert found == Cloze(id="guid-0", text="The {{c1::sun::star}} is **{{c2::hot}}**", extra="really")


def test_a_deletion_of_several_cards_is_one_of_the_first(tmp_path: Path) -> None:
    package = legacy(
        tmp_path / "a.apkg", Notes(["Text", "Back Extra"], CLOZE, [["{{c1,2::a}} {{c2::b}}", ""]], is_cloze=True)
    )
    deck = load(package)
    assert deck.items[0].text == "{{c1::a}} {{c2::b}}"  # type: ignore[union-attr]
    assert len(warnings(deck, "adapted-item")) == 1


def test_a_card_whose_back_adds_nothing_is_an_open_prompt(tmp_path: Path) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["Explain it", ""]]))
    deck = load(package)
    assert deck.items == (OpenPrompt(id="guid-0", stem="Explain it"),)
    assert len(warnings(deck, "adapted-item")) == 1


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        (
            "a cloze note without a deletion",
            Notes(["Text"], {"a": ("{{cloze:Text}}", "")}, [["{{c1x}}"]], is_cloze=True),
        ),
        (
            "a cloze note with a deletion inside another one",
            Notes(["Text"], {"a": ("{{cloze:Text}}", "")}, [["{{c1::a {{c2::b}} c}}"]], is_cloze=True),
        ),
        ("an image with covered parts", Notes(["A"], {"a": ("{{A}}", "")}, [["x"]], name="Image Occlusion Enhanced")),
    ],
)
def test_what_has_no_kind_is_kept_aside_and_the_rest_is_read(tmp_path: Path, why: str, kind: Notes) -> None:
    deck = load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["One", "Two"]]), kind))
    (message,) = warnings(deck, "kept-aside")
    assert why in message
    assert len(deck.items) == 1


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("{{ Front }}", "a[b]"),
        ("{{#Front}}yes{{/Front}}{{^Front}}no{{/Front}}{{#None}}never{{/None}}", "yes"),
        ("{{^None}}{{#Front}}both{{/Front}}{{/None}}", "both"),
        ("{{unknown-filter:Front}}", "a[b]"),
        ("{{kana:Front}}", "b"),
        ("{{kanji:Front}}", "a"),
        ("{{text:Markup}}", "bold"),
        ("{{=<% %>=}}<%Front%>", "a[b]"),
        ("<!-- {{Markup}} -->{{Front}}<script>var x = '{{Markup}}';</script><style>.a {}</style>", "a[b]"),
        ("{{Front}}{{tts en_US:Markup}}", "a[b]"),
        ("<div class='x'>{{Front}}</div><div>{{Markup}}</div>", "a[b]\n\n**bold**"),
        ("{{Front}} ({{Tags}}, {{Deck}}, {{Subdeck}}, {{Type}}, {{Card}})", "a[b] (t, D::S, S, Some type, c)"),
    ],
)
def test_what_a_template_shows(tmp_path: Path, front: str, expected: str) -> None:
    cards = {"c": (front, "{{FrontSide}}<hr id=answer>back")}
    fields = ["Front", "Markup", "None"]
    found = item(tmp_path, fields, cards, ["a[b]", "<b>bold</b>", " <br> "], deck="D::S", tags=["t"])
    assert found.front.replace("\\[", "[").replace("\\]", "]") == expected


@pytest.mark.parametrize(
    "template", ["{{A}}{{#A}} and", "{{A}} and{{/B}}", "{{#A}}{{#B}}{{/A}}{{A}} and{{/B}}", "{{A}} and{{"]
)
def test_a_template_with_a_mistake_shows_what_can_be_meant(template: str) -> None:
    assert rendered(compiled(template), {"A": "this", "B": "1"}).blocks[0].startswith("this and")


def test_furigana_are_ruby(tmp_path: Path) -> None:
    found = item(tmp_path, ["A"], {"c": ("{{furigana:A}}", "{{FrontSide}}x")}, ["日本[にほん] [sound:x.mp3]"])
    assert "日本<rt>にほん</rt>" in str(found.front)


def test_a_hint_of_the_front_is_a_hint(tmp_path: Path) -> None:
    cards = {"c": ("{{A}}{{hint:B}}", "{{FrontSide}}<hr id=answer>{{C}}")}
    found = item(tmp_path, ["A", "B", "C"], cards, ["ask", "look there", "answer"])
    assert found == Flashcard(id="guid-0", front="ask", back="answer", hint=("look there",))


def test_without_the_front_side_the_back_is_what_the_front_has_not(tmp_path: Path) -> None:
    cards = {"c": ("<p>{{A}}</p>", "<p>{{A}}</p><p>{{B}}</p>")}
    assert item(tmp_path, ["A", "B"], cards, ["ask", "answer"]).back == "answer"


def test_an_answer_that_is_the_question_is_still_the_answer(tmp_path: Path) -> None:
    cards = {"c": ("{{A}}", "{{A}}<hr id=answer>{{B}}")}
    assert item(tmp_path, ["A", "B"], cards, ["taxi", "taxi"]).back == "taxi"


def test_a_template_that_shows_a_field_without_end_keeps_its_note_aside(tmp_path: Path) -> None:
    kind = Notes(["A"], {"c": ("{{A}}" * 5_000, "x")}, [["a" * 10_000]], name="Long")
    deck = load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["One", "Two"]]), kind))
    assert len(warnings(deck, "kept-aside")) == 1


def test_fields_that_no_card_shows_are_told_once(tmp_path: Path) -> None:
    kind = Notes(["Front", "Back", "Private"], BASIC, [["1", "2", "x"], ["3", "4", "y"]])
    (message,) = warnings(load(legacy(tmp_path / "a.apkg", kind)), "not-kept")
    assert "'Private'" in message


def test_a_plain_note_type_gives_no_warning(tmp_path: Path) -> None:
    assert told(load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"]])))) == []


# --- decks, tags, media --------------------------------------------------------------------------


def test_what_decks_share_is_the_title_and_the_rest_are_sections(tmp_path: Path) -> None:
    kinds = [Notes(["Front", "Back"], BASIC, [[name, "x"]], deck=name) for name in ("A::B::D", "A::B", "A::B::C")]
    deck = load(legacy(tmp_path / "a.apkg", *kinds))
    assert deck.title == "A: B"
    assert [getattr(node, "section", "") for node in deck.items] == ["", "C", "D"]


def test_decks_that_share_nothing_are_sections_of_a_deck_with_the_files_name(tmp_path: Path) -> None:
    kinds = [Notes(["Front", "Back"], BASIC, [[name, "x"]], deck=name) for name in ("A", "B")]
    deck = load(legacy(tmp_path / "mine.apkg", *kinds))
    assert (deck.title, len(deck.items)) == ("mine", 2)
    assert all(isinstance(node, Section) for node in deck.items)


def test_tags_stay_and_one_of_them_is_the_level(tmp_path: Path) -> None:
    found = item(tmp_path, ["Front", "Back"], BASIC, ["1", "2"], tags=["a::b", "level::advanced", "leech", "c"])
    assert (found.tags, found.level) == (("a::b", "c"), "advanced")


def test_media_come_along(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(b"picture")
    (tmp_path / "c.mp3").write_bytes(b"sound")
    kind = Notes(["Front", "Back"], BASIC, [['<img src="a b.png">', "[sound:c.mp3]"]])
    deck = load(legacy(tmp_path / "a.apkg", kind, media=[tmp_path / "a b.png", tmp_path / "c.mp3"]))
    read = deck.origin.media.read
    assert (read("media/a b.png"), read("media/c.mp3")) == (b"picture", b"sound")
    assert "c.mp3" in str(deck.items[0].back)  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ['see <img src="gone.png">', "hear [sound:gone.png]"])
def test_media_that_are_missing_leave_their_names(tmp_path: Path, text: str) -> None:
    deck = load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [[text, "x"]])))
    assert str(deck.items[0].front).endswith("`gone.png`")  # type: ignore[union-attr]
    assert len(warnings(deck, "adapted-item")) == 1


@pytest.mark.parametrize("name", ["../up.png", "/etc/passwd", "a/b.png", "C:\\x.png", "..", "x\0.png"])
def test_media_with_names_that_are_paths_are_not_there(tmp_path: Path, name: str) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [[f'<img src="{name}">x', "y"]]))
    deck = load(with_database(tmp_path / "b.apkg", database(package), media=json.dumps({"collection.anki2": name})))
    assert [warning.code for warning in told(deck)] == ["adapted-item"]


def test_many_missing_files_are_counted(tmp_path: Path) -> None:
    fields = ["".join(f"<img src={n}.png>" for n in range(100)), "x"]
    told = warnings(load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [fields]))), "adapted-item")
    assert (len(told), told[-1]) == (21, "80 more files named in texts are not in the package")


def test_the_same_change_of_a_note_is_told_once(tmp_path: Path) -> None:
    fields = ["see " + "".join(f'<img src="https://example.org/{n}.png">' for n in range(100)), "x"]
    told = warnings(load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [fields]))), "adapted-item")
    assert told == ["“see”: an image or sound that is elsewhere becomes a link"]


def test_what_a_description_cannot_keep_is_told(tmp_path: Path) -> None:
    connection = database(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"]])))
    (decks,) = connection.execute("SELECT decks FROM col").fetchone()
    said = {
        key: deck | {"desc": "see <img src='data:image/png;base64,AAAA'>"} for key, deck in json.loads(decks).items()
    }
    connection.execute("UPDATE col SET decks = ?", (json.dumps(said),))
    connection.commit()
    (message,) = warnings(load(with_database(tmp_path / "b.apkg", connection)), "adapted-item")
    assert "is left out" in message


def test_a_missing_file_is_told_once(tmp_path: Path) -> None:
    notes = [[f'{n} <img src="gone.png"><img src="gone.png">', "x"] for n in range(3)]
    (message,) = warnings(load(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, notes))), "adapted-item")
    assert "(3 times)" in message


@pytest.mark.parametrize(
    "names", [["con.png", "AUX.tar.png", "nul.gif", "a.png."], ["a.png", "A.png", "b.gif", "B.GIF"]]
)
def test_media_have_names_that_every_system_takes_and_tells_apart(tmp_path: Path, names: list[str]) -> None:
    fields = ["".join(f'<img src="{name}">' for name in names), "x"]
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [fields]))
    with zipfile.ZipFile(tmp_path / "b.apkg", "w") as archive:
        archive.writestr("collection.anki2", database(package).serialize())
        archive.writestr("media", json.dumps(dict(enumerate(names))))
        for number, name in enumerate(names):
            archive.writestr(str(number), name)
    deck = load(tmp_path / "b.apkg")
    paths = api.media_paths(deck)
    assert sorted(deck.origin.media.read(path).decode() for path in paths) == sorted(names)
    assert len({path.lower() for path in paths}) == len(names)
    assert not any(path.endswith(".") or path[6:9].lower() in ("con", "aux", "nul") for path in paths)


def test_two_notes_with_one_guid_have_different_ids(tmp_path: Path) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"], ["3", "4"]]))
    connection = database(package)
    connection.execute("UPDATE notes SET guid = 'same'")
    connection.commit()
    deck = load(with_database(tmp_path / "b.apkg", connection))
    assert [entry.id for entry in deck.entries()] == ["same", "same-2"]


@pytest.mark.parametrize("guid", ["", " ", "a b", "x" * 300, "a\u2028b", 5.5, b"\xff"])
def test_a_guid_that_is_no_id_gives_way_to_the_notes_number(tmp_path: Path, guid: object) -> None:
    connection = database(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"]])))
    connection.execute("UPDATE notes SET id = 7, guid = ?", (guid,))
    connection.commit()
    (entry,) = load(with_database(tmp_path / "b.apkg", connection)).entries()
    assert entry.id in ("note-7", "5.5")


def test_a_schedule_is_told_once(tmp_path: Path) -> None:
    connection = database(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"], ["3", "4"]])))
    connection.execute("UPDATE cards SET type = 2, queue = -1, reps = 3")
    connection.commit()
    (message,) = warnings(load(with_database(tmp_path / "b.apkg", connection)), "not-kept")
    assert "2 have been studied" in message


@pytest.mark.parametrize("reps", [0, 3], ids=["new", "studied"])
def test_that_foreign_notes_would_be_new_in_the_same_anki_is_told_once(tmp_path: Path, reps: int) -> None:
    connection = database(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"], ["3", "4"]])))
    connection.execute("UPDATE cards SET type = 2, reps = ?", (reps,))
    connection.commit()
    warnings = load(with_database(tmp_path / "b.apkg", connection)).origin.warnings
    (message,) = (warning.message for warning in warnings if "new" in str(warning))
    assert message == (
        "2 notes of other note types than cardforge's: in the same Anki, an export makes new notes beside them, "
        "without their review history"
    )


def test_a_warning_says_which_note(tmp_path: Path) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["One\ntwo", "x"], ["Alone", ""]]))
    (warning,) = told(load(package))
    assert str(warning.span) == f"{package}/notes:2:1"
    assert warning.excerpt.startswith("Alone")


def test_a_package_without_a_note_is_refused(tmp_path: Path) -> None:
    connection = database(legacy(tmp_path / "a.apkg", Notes(["Front", "Back"], BASIC, [["1", "2"]])))
    connection.execute("DELETE FROM notes")
    connection.commit()
    with pytest.raises(InvalidDeck, match="no note"):
        load(with_database(tmp_path / "b.apkg", connection))


def test_a_package_of_which_nothing_can_be_read_says_why(tmp_path: Path) -> None:
    package = legacy(tmp_path / "a.apkg", Notes(["A"], {"a": ("{{A}}", "")}, [["x"]], name="Image Occlusion"))
    with pytest.raises(InvalidDeck) as caught:
        load(package)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["kept-aside", "empty-package"]
