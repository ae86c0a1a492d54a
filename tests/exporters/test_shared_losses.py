"""What programs of all sorts lose in the same way."""

from __future__ import annotations

from typing import Any

import pytest

from cardforge import export
from cardforge.fidelity import Feature, Level, Loss, adapted, dropped
from cardforge.model import AnyItem, Deck, Entry, Flashcard, Section
from cardforge.text import Html, Text
from cardforge_exporters import shared_losses


def deck(*nodes: AnyItem | Section, **fields: object) -> Deck:
    return Deck(title="T", items=nodes, **fields)  # type: ignore[arg-type]


def test_inherited_tags_are_told_once() -> None:
    card = Flashcard(front="f", back="b", tags=("own",))
    section = Section(section="S", items=(card,), tags=("s",))
    (loss,) = shared_losses.inherited_tags(deck(section, section, tags=("d",)))
    assert (loss.item, loss.at, loss.how) == ("", ("tags",), shared_losses.INHERITED_TAGS)


def test_tags_of_sections_are_told_where_the_deck_has_its_own() -> None:
    card = Flashcard(front="f", back="b")
    (loss,) = shared_losses.inherited_tags(
        deck(Section(section="S", items=(card,), tags=("s",)), tags=("d",)), has_deck_tags=True
    )
    assert (loss.at, loss.how) == (("items", 0, "tags"), shared_losses.OF_SECTIONS)


@pytest.mark.parametrize("has_deck_tags", [True, False])
def test_tags_of_items_are_no_loss(has_deck_tags: bool) -> None:
    card = Flashcard(front="f", back="b", tags=("own",))
    assert list(shared_losses.inherited_tags(deck(card), has_deck_tags=has_deck_tags)) == []


@pytest.mark.parametrize(
    ("target", "options"), [("anki", {}), ("csv", {"profile": "anki"}), ("moodle", {}), ("gift", {}), ("qti21", {})]
)
def test_a_target_whose_sections_have_no_tags_says_so(target: str, options: dict[str, Any]) -> None:
    section = Section(section="S", items=(Flashcard(front="f", back="b"),), tags=("s",))
    losses = export(deck(section), target, now=0, **options).losses
    assert [(loss.item, loss.at) for loss in losses if loss.feature is Feature.TAGS] == [("", ("items", 0, "tags"))]


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("![a beep](beep.mp3)", [Feature.AUDIO]),
        ("![a film](film.mp4) and ![a beep](beep.mp3)", [Feature.VIDEO, Feature.AUDIO]),
        ("![](beep.mp3)", []),
        ("![a dot](dot.png)", []),
        ("`![a beep](beep.mp3)`", []),
        (Html('<audio src="beep.mp3" controls></audio>'), []),
    ],
)
def test_the_words_of_a_player_are_told(text: Text, features: list[Feature]) -> None:
    assert [feature for feature, _ in shared_losses.words_of_players(text)] == features


def test_what_is_said_of_a_text_is_lost_at_its_place() -> None:
    card = Flashcard(id="a", front="f", back="*b*")
    section = Section(section="S", items=(card,), description="*d*")

    def said(part: object, text: Text) -> shared_losses.Said:
        assert part is (section if text == "*d*" else card)
        yield Feature.HTML, adapted(f"{text} is plain")

    assert list(shared_losses.of_texts(deck(section, description="plain"), said)) == [
        Loss(Feature.HTML, Level.ADAPTED, "*d* is plain", at=("items", 0, "description")),
        Loss(Feature.HTML, Level.ADAPTED, "*b* is plain", "a", ("items", 0, "items", 0, "back")),
    ]


def test_what_is_said_of_an_item_is_lost_at_its_place() -> None:
    card = Flashcard(id="a", front="f", back="b", tags=("t",))
    section = Section(section="S", items=(card,), tags=("s",))

    def said(entry: Entry) -> shared_losses.Said:
        yield Feature.TAGS, dropped(" ".join(entry.tags))

    assert list(shared_losses.of_items(deck(section), said)) == [
        Loss(Feature.TAGS, Level.DROPPED, "s t", "a", ("items", 0, "items", 0))
    ]
