"""The programs that the tests drive. Without one, a test skips and says what it wants; in CI it fails."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() == "true"


def absent(what: str) -> NoReturn:
    """Skip the test for want of a client; in CI, where every client must be there, fail it."""
    if IN_CI:
        pytest.fail(f"in CI, this must be there: {what}")
    pytest.skip(f"this test wants {what}")


def want_module(name: str) -> None:
    """The test needs a Python package that a person may not have installed."""
    try:
        import_module(name)
    except ImportError:
        absent(f"the Python package {name!r}")


def want_chromium(path: str) -> None:
    """The test needs a browser."""
    if not Path(path).is_file():
        absent(f"the browser {path} (apt-get install chromium, or name another one in CHROMIUM)")


def want_npm(folder: Path, *packages: str) -> None:
    """The test needs npm packages, installed in a folder."""
    missing = [package for package in packages if not (folder / "node_modules" / package).is_dir()]
    if missing:
        absent(f"the npm packages {' and '.join(missing)} (npm ci --ignore-scripts --prefix tests/players)")
