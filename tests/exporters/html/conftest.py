"""A learner for the tests of the study page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cardforge import load
from cardforge.model import Deck
from tests.exporters.html.learner import Learner, write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Learner]:
    """One window for many tests: to open one takes longer than most tests do."""
    context = browser.new_context(reduced_motion="reduce")
    yield Learner(context)
    context.close()


@pytest.fixture
def learner(window: Learner) -> Iterator[Learner]:
    """A learner whose browser remembers nothing yet. No page may complain, or ask for anything outside."""
    yield window
    window.forget()
    assert window.take_problems() == []


@pytest.fixture(scope="session")
def every_kind() -> Deck:
    return load(_HERE / "every_kind.yaml")


@pytest.fixture(scope="session")
def page_path(every_kind: Deck, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study page of a deck with every kind of items."""
    return write_page(every_kind, tmp_path_factory.mktemp("study") / "every_kind.html")
