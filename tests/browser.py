"""The browser that tests drive: Debian's Chromium, or the one that ``CHROMIUM`` names, without a window or network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.clients import want_chromium, want_module

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_ARGUMENTS = """--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync
    --no-first-run --disable-extensions""".split()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium; the test is skipped where it is missing. Only one can be open at a time: see the fixture `browser`."""
    want_module("playwright")
    want_chromium(_CHROMIUM)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()
