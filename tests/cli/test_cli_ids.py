"""`cardforge ids`: it adds lines, changes none, and what it adds is what cardforge would have derived."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardforge import api
from cardforge.model import AnyItem, Deck, Section
from cardforge.plugin import Context
from cardforge_exporters.yaml import YamlExporter
from tests.cli.program import cardforge
from tests.strategies import decks

CARD = "flashcard-" + "0" * 12


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def without_ids(deck: Deck) -> Deck:
    return replace(deck, id=None, items=tuple(_without_id(node) for node in deck.items))


def _without_id(node: AnyItem | Section) -> AnyItem | Section:
    if isinstance(node, Section):
        return replace(node, items=tuple(_without_id(inner) for inner in node.items))
    return replace(node, id=None)


def assert_ids_are_added(path: Path) -> None:
    """The file has an id wherever one was missing, and else says what it said."""
    before = api.load(path)
    old = path.read_bytes()
    assert cardforge("ids", path).code == 0
    after = api.load(path)
    assert without_ids(after) == without_ids(before)
    assert after.id == before.identity
    assert [entry.item.id for entry in after.entries()] == [entry.id for entry in before.entries()]
    new = path.read_bytes()
    assert without_insertions(new, old)
    assert cardforge("ids", path).code == 0
    assert path.read_bytes() == new


def without_insertions(new: bytes, old: bytes) -> bool:
    """Whether all bytes of the old file are in the new one, in their order."""
    rest = iter(new)
    return all(byte in rest for byte in old)


DECKS = {
    "block": "title: T\nitems:\n- type: flashcard\n  front: Q\n  back: A\n",
    "indented": "title: T\nitems:\n    -   type: flashcard\n        front: Q\n        back: A\n",
    "flow": "{title: T, items: [{type: flashcard, front: Q, back: A}, { type: cloze, text: '{{c1::x}}' }]}\n",
    "flow items": "title: T\nitems:\n- {type: flashcard, front: Q, back: A}\n- {\n  type: cloze, text: '{{c1::x}}'\n  }\n",
    "json": '{"title": "T", "items": [{"type": "flashcard", "front": "Q", "back": "A"}]}',
    "comments": "# head\ntitle: T  # one\n# two\nitems:  # three\n# four\n- type: flashcard  # five\n  # six\n"
    "  front: 'Q'  # seven\n  back: A\n# eight\n",
    "type is not first": "items:\n- back: A\n  front: Q\n  type: flashcard\ntitle: T\n",
    "two keys": "title: T\nitems:\n- type: cloze\n  text: '{{c1::x}}'\n",
    "two keys, block first": "title: T\nitems:\n- text: |\n    {{c1::x}}\n\n  type: cloze\n",
    "document start": "%YAML 1.1\n---\ntitle: T\nitems:\n- type: flashcard\n  front: Q\n  back: A\n...\n",
    "below the hyphen": "title: T\nitems:\n-\n  type: flashcard\n  front: Q\n  back: A\n",
    "no line end": "title: T\nitems:\n- type: flashcard\n  front: Q\n  back: A",
    "quoted keys": "\"title\": T\n'items':\n- 'type': flashcard\n  \"front\": Q\n  back: A\n",
    "question marks": "? title\n: T\n? items\n:\n- ? type\n  : flashcard\n  ? front\n  : Q\n  ? back\n  : A\n",
    "wide": "title: 惑星\nitems:\n- front: 惑星\n  type: flashcard\n  back: 木星\n",
    "sections": "title: T\nitems:\n- section: S\n  items:\n  - section: R\n    items:\n    - type: flashcard\n      front: Q\n"
    "      back: A\n  - type: flashcard\n    front: R\n    back: A\n",
    "some have ids": f"title: T\nid: t\nitems:\n- type: flashcard\n  front: Q\n  back: A\n- id: {CARD}\n"
    "  type: flashcard\n  front: R\n  back: A\n",
    "the same text twice": "title: T\nitems:\n" + "- type: flashcard\n  front: Q\n  back: A\n" * 3,
    "title of signs": "title: '?!'\nitems:\n- type: flashcard\n  front: Q\n  back: A\n",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", DECKS.values(), ids=DECKS.keys())
def test_ids_are_added(text: str, encoding: str, line_end: str) -> None:
    Path("deck.yaml").write_bytes(text.replace("\n", line_end).encode(encoding))
    assert_ids_are_added(Path("deck.yaml"))


def test_an_id_is_a_line_below_the_first_field() -> None:
    Path("deck.yaml").write_text(DECKS["block"])
    ran = cardforge("ids", "deck.yaml")
    assert (ran.code, ran.out) == (0, "deck.yaml: 2 ids added\n")
    old, new = DECKS["block"].splitlines(), Path("deck.yaml").read_text().splitlines()
    assert [line for line in new if line not in old] == ["id: t", "  id: " + api.load("deck.yaml").entries()[0].id]
    assert (new[1], new[4][:6]) == ("id: t", "  id: ")


def test_a_second_run_adds_nothing() -> None:
    Path("deck.yaml").write_text(DECKS["block"])
    cardforge("ids", "deck.yaml")
    ran = cardforge("ids", "deck.yaml")
    assert (ran.code, ran.out) == (0, "deck.yaml: every item has its id already\n")


def test_a_line_end_that_only_yaml_knows() -> None:
    Path("deck.yaml").write_bytes("title: T\u2028items:\x85- type: flashcard\u2028  front: Q\n  back: A\n".encode())
    assert_ids_are_added(Path("deck.yaml"))


def test_a_bad_deck_is_left_alone() -> None:
    Path("deck.yaml").write_text("title: T\n")
    ran = cardforge("ids", "deck.yaml")
    assert (ran.code, Path("deck.yaml").read_text()) == (1, "title: T\n")
    assert "error[missing-field]" in ran.err


def test_a_missing_file() -> None:
    assert cardforge("ids", "deck.yaml").code == 1


def test_a_format_that_holds_no_ids() -> None:
    Path("deck.xyz").write_text("title: T\n")
    assert cardforge("ids", "deck.xyz").code == 2


def test_the_files_mode_is_kept() -> None:
    path = Path("deck.yaml")
    path.write_text(DECKS["block"])
    path.chmod(0o640)
    mode = path.stat().st_mode
    cardforge("ids", "deck.yaml")
    assert path.stat().st_mode == mode


def test_a_long_deck_gets_its_ids_soon() -> None:
    items = "".join(f"- type: flashcard\n  front: Q {number}\n  back: A\n" for number in range(5000))
    Path("deck.yaml").write_text("title: T\nitems:\n" + items)
    assert cardforge("ids", "deck.yaml").out == "deck.yaml: 5001 ids added\n"


@given(decks(), st.sampled_from(["\n", "\r\n"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_deck_gets_its_ids(tmp_path: Path, deck: Deck, line_end: str) -> None:
    out = BytesIO()
    YamlExporter().write(deck, out, Context(now=0))
    path = tmp_path / "deck.yaml"
    path.write_bytes(out.getvalue().replace(b"\n", line_end.encode()))
    assert_ids_are_added(path)


@given(decks())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_lines_are_added_to_what_cardforge_wrote(tmp_path: Path, deck: Deck) -> None:
    out = BytesIO()
    YamlExporter().write(deck, out, Context(now=0))
    path = tmp_path / "deck.yaml"
    path.write_bytes(out.getvalue())
    cardforge("ids", path)
    rest = iter(path.read_bytes().split(b"\n"))
    assert all(line in rest for line in out.getvalue().split(b"\n"))
