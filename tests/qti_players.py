"""Two programs that show QTI 3 items to learners, run in a browser without a window: item in, score and feedback out.

They are ``qti3-item-player`` and ``qti-components``, from npm (``tests/players/package.json``), in Chromium, which
Playwright drives. ``CARDFORGE_PLAYERS`` names the folder with their ``node_modules``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from tests.clients import want_npm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

PLAYERS = ("qti3-item-player", "qti-components")

_PAGES = Path(__file__).with_name("players")
_INSTALLED = Path(os.environ.get("CARDFORGE_PLAYERS", _PAGES))
_HOST = "http://players.test/"

Answer = str | Sequence[str]
"""A choice, a text; or several: choices, pairs (``"left right"``), steps in their order."""


@dataclass(frozen=True)
class Played:
    """What became of an item: its outcome variables, what the learner saw, and what went wrong.

    ``before`` is what was seen before answering, ``after`` when all was over; ``feedback`` is each feedback that was
    shown, in the order in which the item has them. Texts have their white space collapsed, and ``[formula]`` or
    ``[image]`` where there is one.
    """

    outcomes: Mapping[str, Any]
    before: str
    after: str
    feedback: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def score(self) -> float:
        # qti-components writes 1,234.5
        return float(str(self.outcomes["SCORE"]).replace(",", ""))


class Players:
    """The players, each in a page of its own. A context manager; items can be played one after the other."""

    def __init__(self, browser: Browser) -> None:
        want_npm(_INSTALLED, "qti3-item-player", "vue", "@citolab/qti-components")
        self._files: Mapping[str, bytes] = {}
        self._missing: list[str] = []
        self._count = 0
        self._pages: dict[str, Page] = {}
        self._browser = browser

    def __enter__(self) -> Self:
        self._pages = {name: self._page(self._browser, name) for name in PLAYERS}
        return self

    def __exit__(self, *_: object) -> None:
        for page in self._pages.values():
            page.close()

    def play(
        self,
        player: str,
        item: str,
        answers: Mapping[str, Answer] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Played:
        """Load the item's XML, answer its interactions (by response identifier) and end the attempt.

        ``files`` are what the item names by a path, and stand beside it.
        """
        self._files, self._missing = {**(files or {}), "item.xml": item.encode()}, []
        self._count += 1  # each item has an address of its own, so that no image comes from the browser's cache
        given = [item, dict(answers or {}), f"/{self._count}/"]
        found = self._pages[player].evaluate("given => play(...given)", given)
        return Played(
            found["outcomes"],
            _line(found["before"]),
            _line(found["after"]),
            tuple(_line(text) for text in found["feedback"]),
            (*found["errors"], *(f"not in the package: {path}" for path in self._missing)),
        )

    def clicked(self, player: str, selector: str) -> tuple[str, str]:
        """What is seen of the item played last, before and after a click on all such elements."""
        before, after = self._pages[player].evaluate("selector => clicked(selector)", selector)
        return _line(before), _line(after)

    def _page(self, browser: Browser, player: str) -> Page:
        page = browser.new_page()
        page.route("**/*", self._serve)
        page.goto(f"{_HOST}{player}.html")
        page.wait_for_function("() => typeof player === 'object'")
        return page

    def _serve(self, route: Route) -> None:
        """Answer every request from files: no server is run, and nothing comes from anywhere else."""
        url = route.request.url
        path = unquote(urlsplit(url).path).removeprefix("/")
        folder, _, beside_item = path.partition("/")
        if folder.isdigit() and int(folder) < self._count:
            route.abort()  # sound or film that a player began to load for an item before
        elif folder == str(self._count) and beside_item in self._files:
            route.fulfill(body=self._files[beside_item], content_type=guess_type(path)[0] or "text/plain")
        elif folder == "node_modules" and (_INSTALLED / path).is_file():
            route.fulfill(path=_INSTALLED / path)
        elif url.startswith(_HOST) and (_PAGES / path).is_file():
            route.fulfill(path=_PAGES / path)
        else:
            self._missing.append(beside_item if folder == str(self._count) else url)
            route.fulfill(status=404)


def _line(text: str) -> str:
    return " ".join(text.split())
