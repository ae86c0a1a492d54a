"""The place of every character of a text, however YAML wrote it: the caret must stand under the mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from cardforge.diagnostics import InvalidDeck
from cardforge.plugin import Draft
from cardforge_sources.yaml import YamlSource

TEXTS = st.text("ab $\\'\"#:-\n\té語🪐\x85\u2028\ufeff\x01", min_size=1, max_size=60)
LINES = st.lists(
    st.sampled_from(["", "  ", "a b", "a  ", " further", "\ttab", "語 🪐", "- x", "c # d", "…"]), max_size=8
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("positions") / "deck.yaml"


def read(path: Path, text: str) -> Draft:
    path.write_bytes(text.encode())
    try:
        return YamlSource().read(path)
    except InvalidDeck:
        assume(False)
        raise


def assert_every_character_is_found(draft: Draft, value: Any, *loc: str | int) -> None:
    assert draft.positions
    for at, character in enumerate(value):
        if not character.isspace() and character not in "\ufeff\x01":
            place = draft.positions.offset(loc, at=at)
            assert place is not None
            assert draft.document.text[place] in (character, "\\"), (at, character, place)


@given(
    TEXTS,
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([8, 20, 80]),
    st.booleans(),
)
def test_in_texts_that_a_program_wrote(
    path: Path, text: str, style: Any, line_break: Any, width: int, unicode: bool
) -> None:
    data = [{"front": text}]
    written = yaml.dump(data, default_style=style, line_break=line_break, width=width, allow_unicode=unicode)
    written = written.replace('"front"', "front").replace("!!seq ", "").replace("!!map ", "")
    draft = read(path, written)
    assert isinstance(draft.data, list)
    assert_every_character_is_found(draft, draft.data[0]["front"], 0, "front")


@given(
    LINES,
    st.sampled_from(["|", ">", "|-", ">+", "|2", ">2-", "|1", "> # comment"]),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028"]),
)
def test_in_blocks_that_a_person_wrote(path: Path, lines: list[str], header: str, line_break: str) -> None:
    draft = read(path, line_break.join(["- front: " + header, *("    " + line for line in lines), "  back: a", ""]))
    assert isinstance(draft.data, list)
    assert_every_character_is_found(draft, draft.data[0]["front"], 0, "front")


@given(LINES, st.sampled_from(["", "'", '"']), st.sampled_from(["\n", "\r\n", " \r\n", "\r", "\\\n"]))
def test_in_texts_of_many_lines(path: Path, lines: list[str], quote: str, line_break: str) -> None:
    text = (line_break + "    ").join(["a", *lines, "b"])
    draft = read(path, f"- front: {quote}{text}{quote}\n  back: a\n")
    assert isinstance(draft.data, list)
    assert_every_character_is_found(draft, draft.data[0]["front"], 0, "front")


def test_a_place_behind_the_text_is_its_end(path: Path) -> None:
    draft = read(path, "- front: abc\n")
    assert draft.positions
    assert draft.positions.offset((0, "front"), at=99) == len("- front: abc") - 1
