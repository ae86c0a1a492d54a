"""The study page of few cards beside that of many, in one run: ``python -m tests.benchmarks.bench_study_page``.

For each: the size of the file, the seconds until the heading stands, and the seconds to begin the flashcards and to
rate ten of them, in Chromium (see tests/browser.py). Wanted: 10,000 cards open in less than 3 s.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge import Deck, Flashcard
from tests.benchmarks.measure import in_turns, verdict
from tests.browser import open_browser
from tests.exporters.html.learner import Learner, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_WANTED = {10_000: 3}


def main(counts: tuple[int, ...]) -> None:
    """Print size and seconds for pages of so many cards."""
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        pages = [write_page(_deck(count), Path(folder, f"{count}.html")) for count in counts]
        opened = in_turns(5, *(lambda page=page: _opened(browser, page) for page in pages))
        rated = in_turns(5, *(lambda page=page: _rated(browser, page) for page in pages))
        print("study page                     size      open (wanted)          begin, and rate ten")
        for count, page, seconds, ten in zip(counts, pages, opened, rated, strict=True):
            limit = _WANTED.get(count)
            told = f"(< {limit}) {verdict(seconds < limit)}" if limit else ""
            size = page.stat().st_size / 1_000_000
            print(f"  {count:>7,} flashcards   {size:8.2f} MB {seconds:7.2f} s {told:<13} {ten:9.2f} s")


def _deck(count: int) -> Deck:
    cards = (
        Flashcard(id=f"card-{n}", front=f"What is **{n}** and *more*?", back=f"It is `{n}`.", tags=(f"t{n % 50}",))
        for n in range(count)
    )
    return Deck(title="Many", items=tuple(cards))


def _opened(browser: Browser, page: Path) -> float:
    """Seconds until the heading of a page stands, in a new window that remembers nothing."""
    learner = Learner(browser.new_context(reduced_motion="reduce"))
    begin = time.perf_counter()
    _open(learner, page)
    seconds = time.perf_counter() - begin
    learner.context.close()
    return seconds


def _rated(browser: Browser, page: Path) -> float:
    """Seconds to begin the flashcards of an open page and to rate ten of them."""
    learner = Learner(browser.new_context(reduced_motion="reduce"))
    _open(learner, page)
    begin = time.perf_counter()
    learner.start("Flashcards")
    for _ in range(10):
        learner.press("Show the answer")
        learner.page.locator(".rating").first.click()
    seconds = time.perf_counter() - begin
    learner.context.close()
    return seconds


def _open(learner: Learner, page: Path) -> None:
    learner.page.set_default_timeout(60_000)  # what is slow is measured, and no error
    learner.open(page)
    learner.page.get_by_role("heading", level=1).wait_for()


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or (100, 10_000))
