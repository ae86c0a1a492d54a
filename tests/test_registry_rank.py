"""Which source is the deck's own, of files that differ by their suffix only."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge import registry
from cardforge.plugin import USUAL_RANK
from tests.cli.fakes import MINE, READERS, install
from tests.cli.program import cardforge


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    install(monkeypatch, MINE, READERS)
    Path("decks").mkdir()


def read(*names: str) -> list[str]:
    """Which of these files a check of their folder reads."""
    for name in names:
        Path("decks", name).write_text("- one=1\n")
    return [line.split(":")[0] for line in cardforge("check", "decks").out.splitlines()]


def test_what_people_write_decks_in_ranks_before_tables_and_these_before_packages() -> None:
    ranks = [registry.rank(registry.source(name)) for name in ("yaml", "json", "markdown", "csv", "apkg")]
    assert ranks == sorted(set(ranks))
    assert ranks[2] < USUAL_RANK <= ranks[3]


def test_a_source_that_does_not_say_has_the_usual_rank() -> None:
    assert registry.rank(registry.source("stars")) == USUAL_RANK


def test_the_lower_rank_is_the_deck() -> None:
    assert read("a.lines", "a.early") == ["decks/a.early"]


def test_of_equal_ranks_each_may_be_the_deck() -> None:
    Path("decks/a.csv").write_text("front,back\na,b\n")
    assert read("a.lines") == ["decks/a.csv", "decks/a.lines"]


def test_what_people_write_decks_in_is_read_even_where_it_is_to_be_written() -> None:
    Path("decks/a.md").write_text("a :: b\n")
    Path("decks/a.csv").write_text("front,back\na,b\n")
    ran = cardforge("export", "decks", "--to", "markdown", "--out", "made")
    assert ran.out.startswith("decks/a.md -> ")
