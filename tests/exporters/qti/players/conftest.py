"""Two players, opened once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.qti_players import Players

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def players(browser: Browser) -> Iterator[Players]:
    with Players(browser) as opened:
        yield opened
