"""Several files, one package: what is said where it is wanted, and that what is advised works."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import cardforge as api
from tests.cli.program import cardforge

ITEMS = "- {type: flashcard, front: QUESTION, back: A}\n"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        Path(f"{name}.yaml").write_text(f"title: {name}\nitems:\n{ITEMS}", encoding="utf-8")


def test_who_names_one_file_for_several_sources_hears_what_to_do() -> None:
    ran = cardforge("export", "a.yaml", "b.yaml", "--to", "anki", "--out", "all.apkg")
    assert ran.code == 2
    assert "each source becomes one of its own for each target; name a folder" in ran.err
    assert "(for one package of several files, put their items into one deck, a section each)" in ran.err


def test_items_of_several_files_become_one_package_below_sections() -> None:
    parts = [f"- section: {name}\n  items:\n{textwrap.indent(ITEMS, '  ')}" for name in "ab"]
    Path("all.yaml").write_text("title: All\nitems:\n" + "".join(parts), encoding="utf-8")
    assert cardforge("export", "all.yaml", "--to", "anki").code == 0
    assert len(api.load("all.apkg").items) == 2
