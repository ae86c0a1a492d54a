"""The study page on paper: all items in the deck's order, each below the heading of its section."""

from __future__ import annotations

from pathlib import Path

from cardforge.model import Deck, Flashcard, Item, OpenPrompt, Section, TrueFalse
from tests.exporters.html.learner import Learner, write_page


def card(name: str) -> Item:
    return Flashcard(id=name, front=f"Card {name}", back="B")


def statement(name: str) -> Item:
    return TrueFalse(id=name, stem=f"Statement {name}", answer=True)


def prompt(name: str) -> Item:
    return OpenPrompt(id=name, stem=f"Prompt {name}")


def printed(learner: Learner, tmp_path: Path, *items: Item | Section) -> list[str]:
    """The headings and items on paper, in their order; a line between two is "-"."""
    learner.open(write_page(Deck(id="d", title="T", items=items), tmp_path / "d.html"))
    learner.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    return [str(row) for row in learner.page.evaluate(_ROWS)]


_ROWS = """() => [...document.querySelectorAll(".sheet > ol > li")].map((row) =>
  row.querySelector("hr") ? "-" : row.querySelector(row.matches(".section") ? "h2" : ".text").textContent.trim())"""


def test_kinds_do_not_part_a_section(learner: Learner, tmp_path: Path) -> None:
    one = Section(section="One", items=(prompt("a"), statement("b"), card("c")))
    two = Section(section="Two", items=(statement("d"), card("e")))
    rows = printed(learner, tmp_path, one, two)
    assert rows == ["One", "Prompt a", "Statement b", "Card c", "Two", "Statement d", "Card e"]


def test_a_section_that_goes_on_behind_an_inner_one_is_named_again(learner: Learner, tmp_path: Path) -> None:
    inner = Section(section="Inner", items=(card("b"),))
    rows = printed(learner, tmp_path, Section(section="Outer", items=(card("a"), inner, card("c"))))
    assert rows == ["Outer", "Card a", "Inner", "Card b", "Outer", "Card c"]


def test_what_is_in_no_section_is_set_apart_from_the_one_before(learner: Learner, tmp_path: Path) -> None:
    rows = printed(learner, tmp_path, card("a"), Section(section="One", items=(card("b"),)), card("c"))
    assert rows == ["Card a", "One", "Card b", "-", "Card c"]


def test_a_section_describes_itself_once(learner: Learner, tmp_path: Path) -> None:
    inner = Section(section="Inner", items=(card("b"),))
    outer = Section(section="Outer", description="About it", items=(card("a"), inner, card("c")))
    printed(learner, tmp_path, outer)
    assert learner.page.locator(".sheet").inner_html().count("About it") == 1


def test_all_items_of_a_section_with_a_pick_are_printed(learner: Learner, tmp_path: Path) -> None:
    rows = printed(learner, tmp_path, Section(section="One", pick=1, items=(card("a"), card("b"), card("c"))))
    assert rows == ["One", "Card a", "Card b", "Card c"]


def test_a_choice_of_a_section_is_a_choice_on_paper_too(learner: Learner, tmp_path: Path) -> None:
    sections = (Section(section="One", items=(card("a"),)), Section(section="Two", items=(card("b"),)))
    learner.open(write_page(Deck(id="d", title="T", items=sections), tmp_path / "d.html"))
    learner.page.locator(".selection summary").click()
    learner.page.get_by_label("Section").select_option(label="Two")
    learner.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert learner.page.evaluate(_ROWS) == ["Two", "Card b"]
