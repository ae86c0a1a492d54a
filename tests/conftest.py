"""For all tests: goldens, slow tests, one browser, and how Hypothesis runs.

A golden is expected output in a file beside its test. ``pytest --regenerate`` writes them anew; read the diff.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import open_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine is no reason to fail. All else is as it was: in CI, Hypothesis loads settings of its own.
settings.register_profile("cardforge", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cardforge")


class Golden(Protocol):
    """Compares what was made with the golden in a file, or writes it there."""

    def __call__(self, made: str | bytes, path: Path) -> None: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the goldens anew instead of comparing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run when they are asked for: ``-m slow``, or any other ``-m``."""
    if not config.getoption("-m"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: pytest -m slow runs it"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    def compare(made: str | bytes, path: Path) -> None:
        data = made.encode() if isinstance(made, str) else made
        if request.config.getoption("--regenerate"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.is_file(), f"no golden {path.name} yet: pytest --regenerate"
        expected = path.read_bytes()
        if isinstance(made, str):
            assert made == expected.decode()
        else:
            assert made == expected

    return compare


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests that want one; each opens pages of its own."""
    with open_browser() as browser:
        yield browser
