"""What git left in two versions is refused; a deck about git may show what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge import api
from cardforge.model import Flashcard, Section
from cardforge_sources.markdown import MarkdownSource

CONFLICT = "<<<<<<< HEAD\nLima\n=======\nLima, on the coast\n>>>>>>> other\n"


def codes(folder: Path, text: str) -> list[str]:
    path = folder / "deck.md"
    path.write_text(text, encoding="utf-8", newline="")
    return [d.code for d in api.check(path)]


@pytest.mark.parametrize(
    "text",
    [
        f"# Q\n{CONFLICT}",
        f"# Q\nA\n\n{CONFLICT}",
        f"# Q\n{CONFLICT}".replace("\n", "\r\n"),
        f"---\ntitle: T\n{CONFLICT}---\n# Q\nA\n",
        f"# Q\n```\n{CONFLICT}```\n\n# Q2\n{CONFLICT}",
        f"# Q\n{CONFLICT.replace('=======', '||||||| base' + chr(10) + 'Rome' + chr(10) + '=======')}",
        "---\ntitle: T\n<<<<<<< HEAD\n---\n# Q\nA\n",
    ],
)
def test_a_conflict_is_refused_and_nothing_else_told(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, text) == ["merge-conflict"]


@pytest.mark.parametrize(
    "text",
    [
        f"# Q\n```\n{CONFLICT}```\n",
        f"# Q\n~~~text\n{CONFLICT}~~~\n",
        "# Q\nHead\n=======\n\nA\n\n## Q2\nA\n",
        "Capitals\n=======\n\n## Q\nA\n",
        "# Q\n<<<<<<< HEAD\n",
        "# Q\n>>>>>>> other\n",
        "# Q\n    <<<<<<< HEAD\n    =======\n    >>>>>>> other\n",
    ],
)
def test_other_lines_of_such_signs_are_no_conflict(tmp_path: Path, text: str) -> None:
    assert "merge-conflict" not in codes(tmp_path, text)


def test_in_a_folder_a_conflict_is_recognised_so_that_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(f"{CONFLICT}---\ntitle: T\n---\n", encoding="utf-8")
    assert MarkdownSource().recognises(tmp_path / "deck.md")


# --- short cards below the heading of an item ------------------------------------------------------

CHOICES = "# Which one?\n- [x] Hund\n- [ ] Haus\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{CHOICES}\nHund :: dog\n",
        "# Which one?\n\nHund :: dog\n\n- [x] Hund\n- [ ] Haus\n",
        "# Which one?\nAnswer: Hund\n\nHund :: dog\n",
        "# Which first? {type=ordering}\n1. Hund\n2. Haus\n\nHund :: dog\n",
    ],
)
def test_short_cards_that_are_a_part_of_a_question_are_told(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, text) == ["stray-card"]


def test_where_a_type_makes_one_side_of_what_looks_like_cards_nothing_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path, "# Which operator is it? {type=flashcard}\nstd :: vector\n") == []


def test_with_a_heading_of_their_own_as_is_told_they_are_cards(tmp_path: Path) -> None:
    assert codes(tmp_path, f"{CHOICES}\n# Words\nHund :: dog\nHaus :: house\n") == []
    _, words = api.load(tmp_path / "deck.md").items
    assert isinstance(words, Section)
    assert [(card.front, card.back) for card in words.items if isinstance(card, Flashcard)] == [
        ("Hund", "dog"),
        ("Haus", "house"),
    ]


# --- fields of the front matter --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front_matter", "fix"),
    [
        ("titel: T", "nothing, if it is for another program; if it is to be the deck's title, write title"),
        ("aliases: T", "nothing, if it is for another program; if not, remove it"),
        ("titel: T\ntitle: T", "nothing, if it is for another program; if not, remove it"),
    ],
)
def test_a_field_like_one_of_a_decks_is_told_with_its_name(tmp_path: Path, front_matter: str, fix: str) -> None:
    path = tmp_path / "deck.md"
    path.write_text(f"---\n{front_matter}\n---\n# Q\nA\n\nHint: H\n", encoding="utf-8")
    (found,) = api.check(path)
    assert found.fix == fix
