"""One browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.qti_players import Players


@pytest.fixture(scope="package")
def players() -> Iterator[Players]:
    with Players() as opened:
        yield opened
