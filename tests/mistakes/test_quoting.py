"""Advice to put a text in quotes, followed to the letter, leads to that text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cardforge.diagnostics import InvalidDeck
from cardforge_sources.yaml import YamlSource

SIGNS = [
    "'",
    '"',
    "': ",
    ": ",
    " #",
    "#",
    "a",
    "It's",
    "late",
    " ",
    "- ",
    "? ",
    "\\",
    "*",
    "&",
    "!",
    "@",
    "%",
    "|",
    ">",
]
texts = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=8).map("".join)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quoting") / "deck.yaml"


def read(path: Path, written: str) -> tuple[object, list[str]]:
    """The front of a card that is written like this, or None; and the advice."""
    path.write_text(f"title: T\nitems:\n- type: flashcard\n  front: {written}\n  back: b\n", encoding="utf-8")
    try:
        draft = YamlSource().read(path)
    except InvalidDeck as error:
        return None, [diagnostic.fix for diagnostic in error.diagnostics]
    data: Any = draft.data
    return data["items"][0]["front"], [problem.fix for problem in draft.problems]


def followed(fix: str, text: str) -> str:
    if "; quoted: " in fix:
        return fix.partition("; quoted: ")[2]
    if "in double quotes" in fix:
        return f'"{text}"'
    return "'" + (text.replace("'", "''") if "written twice" in fix else text) + "'"


@settings(max_examples=200)
@given(texts)
@example("It's late: go")
@example('It\'s "late": go')
@example("the dogs' #1 #2")
@example("'tis late: go")
@example('"a" isn\'t "b": go')
@example("It's a\\b: go")
def test_advice_to_use_quotes_works(path: Path, text: str) -> None:
    # Quotes around it are YAML's, and no part of the text.
    assume(text == text.strip() and text and not (text[0] == text[-1] and text[0] in "'\""))
    advised = [fix for fix in read(path, text)[1] if "put the text in" in fix or "put the whole text in" in fix]
    assume(advised)
    assert read(path, followed(advised[0], text)) == (text, [])
