"""A browser for the tests that drive cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.exporters.anki.reviewer import open_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# Not for the whole session: only one Playwright can run at a time, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser
