"""The decks in examples/: they load, they show what they are there to show, and every exporter takes them."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from cardforge import api
from cardforge.fidelity import Feature, audit
from cardforge.model import KINDS, Deck
from cardforge.schema import deck_schema

EXAMPLES = Path(__file__).parents[2] / "examples"
DECKS = ["attention.yaml", "capitals.md", "vocabulary.csv", "vocabulary.yaml"]


@pytest.fixture(scope="module")
def attention() -> Deck:
    return api.load(EXAMPLES / "attention.yaml")


def test_every_deck_in_the_folder_is_tested_here() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in (".yaml", ".csv", ".json", ".md")) == DECKS


@pytest.mark.parametrize("name", DECKS)
def test_it_loads_without_a_warning(name: str) -> None:
    assert api.check(EXAMPLES / name) == ()


@pytest.mark.parametrize("name", ["attention.yaml", "vocabulary.yaml"])
def test_an_editor_with_the_schema_finds_no_mistake(name: str) -> None:
    """Read with PyYAML's own parser, which takes less than libyaml does: the decks are to be YAML for everybody."""
    jsonschema.validate(yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8")), deck_schema())


@pytest.mark.parametrize("target", ["anki", "csv", "yaml"])
@pytest.mark.parametrize("name", DECKS)
def test_it_can_be_exported(name: str, target: str, tmp_path: Path) -> None:
    written = api.write(api.load(EXAMPLES / name), target, tmp_path / "out")
    assert written.path.stat().st_size > 0


@pytest.mark.parametrize("target", ["csv", "markdown", "yaml"])
@pytest.mark.parametrize("name", DECKS)
def test_a_lossless_export_reads_back_as_the_same_deck(name: str, target: str, tmp_path: Path) -> None:
    deck = api.load(EXAMPLES / name)
    written = api.write(deck, target, tmp_path / f"out.{target}", strict=True)
    assert api.load(written.path, target) == deck


def test_attention_has_all_nine_kinds(attention: Deck) -> None:
    assert {entry.item.KIND for entry in attention.entries()} == set(KINDS)


def test_attention_shows_what_the_format_can_do(attention: Deck) -> None:
    shown = {loss.feature for loss in audit(attention, {})}
    assert set(Feature) - shown == {
        Feature.AUDIO,  # in the vocabulary
        Feature.CASE_SENSITIVE,
        Feature.CONTROL_CHARACTERS,
        Feature.HTML,
        Feature.VIDEO,
    }


def test_attention_has_every_id_written_down(attention: Deck) -> None:
    assert attention.id
    assert all(entry.item.id for entry in attention.entries())


def test_the_vocabulary_has_none() -> None:
    deck = api.load(EXAMPLES / "vocabulary.yaml")
    assert deck.id is None
    assert not any(entry.item.id for entry in deck.entries())


def test_the_vocabulary_speaks() -> None:
    deck = api.load(EXAMPLES / "vocabulary.yaml")
    assert api.media_paths(deck) == ("media/gracias.wav",)


def test_the_spreadsheet_has_a_row_with_two_tags() -> None:
    entries = api.load(EXAMPLES / "vocabulary.csv").entries()
    assert ("spanish::animals", "spanish::sky") in {entry.tags for entry in entries}


def test_no_media_file_is_left_over() -> None:
    named = {path for name in DECKS for path in api.media_paths(api.load(EXAMPLES / name))}
    assert {f"media/{path.name}" for path in (EXAMPLES / "media").iterdir()} == named
