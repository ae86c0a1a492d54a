"""Packages that Anki itself wrote, and what Anki shows of packages that are read here."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings

from cardforge import Deck, load, write
from tests.anki_backend import Anki
from tests.clients import want_module
from tests.sources.apkg.agreement import differences
from tests.sources.apkg.expected import after_anki, is_plain_to_anki, said
from tests.sources.apkg.packages import BASIC, CLOZE, REVERSED, TYPED, Notes, legacy
from tests.sources.declared import Declared
from tests.strategies import decks


@pytest.fixture(autouse=True)
def _anki() -> None:
    want_module("anki")


def exported(anki: Anki, path: Path, *, old: bool = False) -> Path:
    """The whole collection as a package."""
    from anki.collection import ExportAnkiPackageOptions

    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=old)
    anki.collection.export_anki_package(out_path=str(path), limit=None, options=options)
    return path


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decks().filter(is_plain_to_anki))
def test_any_deck_comes_back_from_anki(deck: Deck) -> None:
    with tempfile.TemporaryDirectory() as folder, Anki(Path(folder, "anki")) as anki:
        written = write(deck, "anki", Path(folder, "deck.apkg"), now=1_700_000_000)
        anki.take(written.path)
        # Anki composes letters and accents into one, and puts tags into an order of its own.
        assert sorted_tags(load(exported(anki, Path(folder, "new.apkg")))) == sorted_tags(load(written.path))
        assert said(load(written.path)) == said(after_anki(deck, Declared(written.losses)))


def sorted_tags(deck: Deck) -> list[tuple[object, ...]]:
    return [
        (type(e.item), e.id, sorted(normalize("NFC", tag).casefold() for tag in e.tags), len(e.sections))
        for e in deck.entries()
    ]


@pytest.mark.parametrize("old", [True, False])
def test_what_was_studied_in_anki_keeps_its_order_of_sections(tmp_path: Path, old: bool) -> None:
    kinds = [Notes(["Front", "Back"], BASIC, [[f"{deck}{n}", "x"] for n in range(3)], deck=deck) for deck in ("B", "A")]
    with Anki(tmp_path / "anki") as anki:
        anki.take(legacy(tmp_path / "a.apkg", *kinds))
        anki.study(2)
        deck = load(exported(anki, tmp_path / "b.apkg", old=old))
    assert [entry.item.id for entry in deck.entries()] == ["guid-3", "guid-4", "guid-5", "guid-0", "guid-1", "guid-2"]
    assert len([w for w in deck.origin.warnings if "studied" in w.message]) == 1


def test_a_whole_collection_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    notes = Notes(["Front", "Back"], BASIC, [["<img src='a.png'>", "x"]])
    with Anki(tmp_path / "anki") as anki:
        anki.take(legacy(tmp_path / "a.apkg", notes, media=[tmp_path / "a.png"]))
        anki.collection.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
    deck = load(tmp_path / "all.colpkg")
    assert deck.origin.media.read("media/a.png") == b"picture"


_TEMPLATES = {
    "first": (
        "<div class=a>{{Word}}</div>{{#Note}}<i>{{Note}}</i>{{/Note}}{{^Note}}none{{/Note}} {{hint:Hint}}",
        "{{FrontSide}}<hr id=answer><table><tr><td>{{furigana:Reading}}</td><td>{{text:Note}}</td></tr></table>",
    ),
    "second": ("{{kanji:Reading}}? ({{Tags}} {{Deck}} {{Card}})", "{{kana:Reading}}<br>{{Word}}<script>1</script>"),
}
_NOTES = [
    ["a &amp; b", "<b>n</b> &lt;i&gt;", "look", "日本[にほん]語[ご]"],
    ["\\(x^2\\)", "", "", "x"],
    ["<ul><li>1<li>2</ul>", "n", "", ""],
]


def test_anki_shows_what_was_read(tmp_path: Path) -> None:
    kinds = [
        Notes(["Front", "Back"], BASIC, [["1 <b>one</b>", "2<br>3"], ["same", "same"]], name="basic"),
        Notes(["Front", "Back"], REVERSED, [["there", "back"]], name="reversed"),
        Notes(["Front", "Back"], TYPED, [["ask", "type &amp; this"], ["ask", "<i>marked</i>"]], name="typed"),
        Notes(
            ["Text", "Back Extra"], CLOZE, [["a {{c1::b::h}} {{c2::<b>c</b>}}", "more"]], is_cloze=True, name="cloze"
        ),
        Notes(["Word", "Note", "Hint", "Reading"], _TEMPLATES, _NOTES, name="own", tags=["t"]),
    ]
    package = legacy(tmp_path / "a.apkg", *kinds)
    with Anki(tmp_path / "anki") as anki:
        anki.take(package)
        cards = anki.cards()
    assert len(cards) >= 12
    assert list(differences(load(package), cards)) == []
