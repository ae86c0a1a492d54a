"""What is told of others' files, once for each cause."""

from __future__ import annotations

from cardforge_sources.findings import MOST_OF_ONE, Findings


def findings() -> Findings[int]:
    return Findings(int)


def test_each_item_that_is_not_in_the_deck_is_told() -> None:
    found = findings()
    found.aside(3, "Map", "it asks for a place on a map")
    found.aside(9, "Map", "it asks for a place on a map")
    assert [(p.code, p.place) for p in found.problems()] == [("kept-aside", 3), ("kept-aside", 9)]


def test_what_has_no_name_is_called_by_what_it_is() -> None:
    found: Findings[int] = Findings(int, "a note")
    found.adapted(3, "", "it is a list now")
    assert [p.message for p in found.problems()] == ["a note: it is a list now"]


def test_the_same_change_of_an_item_is_told_once() -> None:
    found = findings()
    for _ in range(1_000):
        found.adapted(3, "Map", "an answer is there twice")
    assert [p.message for p in found.problems()] == ["“Map”: an answer is there twice (1,000 times)"]


def test_many_changes_of_an_item_are_counted() -> None:
    found = findings()
    for number in range(1_000):
        found.adapted(3, "Map", f"the answer {number} is left out")
    told = found.problems()
    assert len(told) == MOST_OF_ONE + 1
    assert told[-1].message == "“Map”: 980 more changes"


def test_what_many_items_lose_is_told_at_the_first_one() -> None:
    found = findings()
    for offset in (5, 3, 9):
        found.not_kept(offset, "a note for graders")
    assert [(p.code, p.place, p.message) for p in found.problems()] == [
        ("not-kept", 5, "not kept: a note for graders (3 times)")
    ]


def test_asking_twice_gives_the_same() -> None:
    found = findings()
    found.not_kept(5, "a note for graders")
    assert found.problems() == found.problems()


def test_a_place_may_be_anything_that_has_an_offset() -> None:
    found: Findings[tuple[str, int]] = Findings(lambda place: len(place[0]) + place[1])
    found.adapted(("abc", 4), "Map", "it is a list now")
    assert [p.place for p in found.problems()] == [7]
