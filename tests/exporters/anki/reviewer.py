"""Shows cards in a browser without a window as Anki's programs do, and answers them as a learner would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.anki_backend import Rendered

if TYPE_CHECKING:
    from playwright.sync_api import Page

_HOST = "http://cards.test/"
_PAGE = '<!DOCTYPE html><html class="{html}"><head><meta charset="utf-8">{meta}</head><body class="{body}">{qa}</body></html>'
_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'

# What the desktop's reviewer does with a side: the content of one element is replaced, its scripts are run.
_REPLACE = """html => {
  const qa = document.getElementById("qa");
  qa.innerHTML = html;
  for (const old of qa.querySelectorAll("script")) {
    const script = document.createElement("script");
    for (const attribute of old.attributes) script.setAttribute(attribute.name, attribute.value);
    script.textContent = old.textContent;
    old.replaceWith(script);
  }
}"""


_TAP = """text => {
  const says = row => [...row.childNodes].some(node => node.nodeType === 3 && node.data.trim() === text);
  [...document.querySelectorAll(".cf-task li")].find(says).click();
}"""
_SEEN = """selector => [...document.querySelectorAll(selector)]
  .filter(element => element.getClientRects().length)
  .map(element => element.innerText)"""


@dataclass
class Reviewer:
    """One program. ``reloads`` as AnkiDroid does: a new page for each side; the desktop has one page for all cards.

    ``errors`` is what the pages complain of, and every request that leaves them.
    """

    page: Page
    css: str
    reloads: bool
    night: bool = False

    def __post_init__(self) -> None:
        self.errors: list[str] = []
        self._shown = ""
        self.page.set_default_timeout(5_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.route("**/*", lambda route: self._serve(route))
        self._serve_page("")
        self.page.goto(_HOST)

    def front(self, card: Rendered) -> None:
        self._show(card.front)

    def back(self, card: Rendered) -> None:
        self._show(card.back)

    def _show(self, html: str) -> None:
        html = f"<style>{self.css}</style>{_PLAY.sub('', html)}"
        if self.reloads:
            self._serve_page(html)
            self.page.goto(_HOST)
        else:
            self.page.evaluate(_REPLACE, html)

    def _serve_page(self, html: str) -> None:
        night = "night_mode nightMode" if self.night else ""
        self._shown = _PAGE.format(
            html=night, meta=_VIEWPORT, body=f"card card1 {night}", qa=f'<div id="qa">{html}</div>'
        )

    def _serve(self, route) -> None:  # type: ignore[no-untyped-def]
        if route.request.url == _HOST:
            route.fulfill(body=self._shown, content_type="text/html; charset=utf-8")
        else:
            self.errors.append(f"asked for {route.request.url}")
            route.abort()

    # --- what a learner does and sees -----------------------------------------------------------

    def tap(self, text: str) -> None:
        """Tap the row that has this text, letters and feedback aside."""
        self.page.evaluate(_TAP, text)

    def check(self) -> None:
        self.page.locator(".cf-check").click()

    def type(self, text: str) -> None:
        self.page.get_by_label("Your answer").fill(text)

    def texts(self, selector: str) -> list[str]:
        """The texts that are seen, white space collapsed."""
        found: list[str] = self.page.evaluate(_SEEN, selector)
        return [" ".join(text.split()) for text in found]

    @property
    def verdict(self) -> str:
        """What the card says of the answer; nothing when it says nothing."""
        return " ".join(self.texts(".cf-verdict")).strip()


_PLAY = re.compile(r"\[anki:play:[^\]]*\]")
