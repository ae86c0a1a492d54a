"""Where the study page breaks lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cardforge.model import Deck, Flashcard
from tests.exporters.html.learner import Learner, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Learner]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    yield Learner(context)
    context.close()


# The line that each sign stands on, which is that of its formula; at this many widths of the text one must break.
_PARTED = """(signs) => {
  const parted = [];
  const text = document.querySelector("article .ask .text");
  for (let width = 60; width < 300; width += 3) {
    text.style.width = `${width}px`;
    const math = text.querySelector("math").getBoundingClientRect();
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      if (node.parentElement.closest("math")) continue;
      for (const [index, sign] of [...node.data].entries()) {
        if (!signs.includes(sign)) continue;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const box = range.getBoundingClientRect();
        if (box.bottom < math.top || box.top > math.bottom) parted.push([width, sign]);
      }
    }
  }
  return parted;
}"""


@pytest.mark.parametrize(
    ("front", "signs"),
    [
        ("Multiply all the weights by $V$.", "."),
        ("Multiply the weights ($V$), please", "(),"),
        ("Why does one divide by $\\sqrt{d}$?", "?"),
    ],
)
def test_punctuation_stays_at_its_formula(phone: Learner, tmp_path: Path, front: str, signs: str) -> None:
    deck = Deck(id="d", title="T", items=(Flashcard(id="a", front=front, back="B"),))
    phone.open(write_page(deck, tmp_path / "d.html"), "cards/a")
    assert (phone.page.evaluate(_PARTED, signs), phone.take_problems()) == ([], [])


def test_a_formula_with_its_punctuation_says_what_it_said(phone: Learner, tmp_path: Path) -> None:
    item = Flashcard(id="a", front="Divide ($x$), then go.", back="B")
    phone.open(write_page(Deck(id="d", title="T", items=(item,)), tmp_path / "d.html"), "cards/a")
    assert phone.page.locator("article .ask .text").text_content() == "Divide (x), then go."
