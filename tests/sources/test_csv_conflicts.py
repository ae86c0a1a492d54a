"""Tables that git left in two versions are refused at the first of its lines; texts about git are texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge import api
from cardforge_sources.conflict import conflicts
from cardforge_sources.csv import CsvSource
from cardforge_sources.csv.rows import shared_sign

CONFLICT = "<<<<<<< HEAD\nQ{sign}A\n=======\nQ{sign}B\n>>>>>>> other, with a comma\n"


def codes(folder: Path, text: str, name: str = "table.csv", **options: object) -> list[tuple[str, int, int]]:
    """Code, line and column of what is told."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return [(d.code, d.span.line, d.span.column) for d in api.check(path, "csv", **options) if d.span]


@pytest.mark.parametrize(
    ("name", "above", "sign"),
    [
        ("table.csv", "front,back\n", ","),
        ("table.csv", "front;back\r\n", ";"),
        ("table.csv", "", ","),
        ("table.tsv", "front\tback\n", "\t"),
        ("cards.txt", "Q\tA\n" * 9, "\t"),
        ("notes.txt", "#separator:tab\n", "\t"),
        ("notes.txt", "", "\t"),
    ],
)
def test_a_conflict_is_refused(tmp_path: Path, name: str, above: str, sign: str) -> None:
    line = above.count("\n") + 1
    assert codes(tmp_path, above + CONFLICT.format(sign=sign), name) == [("merge-conflict", line, 1)]


def test_a_conflict_is_refused_where_columns_are_said(tmp_path: Path) -> None:
    assert codes(tmp_path, CONFLICT.format(sign=","), columns="front,back") == [("merge-conflict", 1, 1)]


def test_a_conflict_that_begins_in_a_cell_and_ends_behind_it_is_refused(tmp_path: Path) -> None:
    text = 'front,back\nQ,"one\n<<<<<<< HEAD\ntwo"\n=======\n2"\n>>>>>>> other\nQ2,A\n'
    assert codes(tmp_path, text) == [("merge-conflict", 3, 1)]


def test_a_conflict_behind_a_cell_that_shows_one_is_found(tmp_path: Path) -> None:
    text = 'front,back\nQ,"\n' + CONFLICT.format(sign=" ") + '"\n' + CONFLICT.format(sign=",")
    assert codes(tmp_path, text) == [("merge-conflict", 9, 1)]


@pytest.mark.parametrize(
    "cell",
    ["<<<<<<< HEAD", '"\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n```\n"'],
)
def test_a_cell_about_git_is_a_text(tmp_path: Path, cell: str) -> None:
    assert codes(tmp_path, f"front,back\n{cell},Q\n=======,Q2\n>>>>>>> other,Q3\n") == []


def test_a_conflict_in_the_header_is_recognised_in_a_folder_so_that_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("<<<<<<< HEAD\nfront,back\n=======\nstem,answer\n>>>>>>> other\nQ,A\n", encoding="utf-8")
    assert CsvSource().recognises(path)


LINES = st.sampled_from(
    ["<<<<<<< a", "=======", "======= ", "======== ", ">>>>>>> b", "<<<<<<<a", " >>>>>>> b", "text", ""]
)


@given(st.lists(LINES, max_size=12))
def test_a_conflict_is_three_lines_in_order(lines: list[str]) -> None:
    found = list(conflicts(enumerate(lines)))
    assert all(first < second < third for first, second, third in found)
    assert all(lines[n][0] == sign for places in found for n, sign in zip(places, "<=>", strict=True))
    is_there = any(
        lines[a].startswith("<<<<<<< ")
        and lines[b].rstrip() == "======="
        and lines[c].startswith(">>>>>>> ")
        and not any(line.startswith("<<<<<<< ") for line in lines[a + 1 : c])  # which begins another one
        for c in range(len(lines))
        for b in range(c)
        for a in range(b)
    )
    assert bool(found) == is_there


# --- the sign that lines share ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "sign"),
    [
        (["a => b"], "=>"),
        (["a=b", "c=d", "e - f"], "="),
        (["a=b", "c - d"], None),
        (["{{c1::a}}", "{{c1::b}}"], None),
        (["well-known"], None),
        ([], None),
        (["a" * 300 + " - b"], None),
    ],
)
def test_a_sign_is_shared_by_more_than_half_of_the_lines(lines: list[str], sign: str | None) -> None:
    assert shared_sign(lines) == sign
