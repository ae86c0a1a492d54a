"""Works with study pages as a learner does, in a browser without a window: by what they show, and by names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardforge import export
from cardforge.model import Deck

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request


def write_page(deck: Deck, path: Path, **options: Any) -> Path:
    """The deck's study page, as a file."""
    path.write_bytes(export(deck, "html", **options).data)
    return path


@dataclass
class Learner:
    """One browser window. ``problems`` is what the pages complain of, and every request that leaves them."""

    context: BrowserContext
    page: Page = field(init=False)
    problems: list[str] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(5000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        self.page.on("request", self._asked_for)

    def _heard(self, message: ConsoleMessage) -> None:
        self.problems.append(f"{message.type}: {message.text}")

    def _asked_for(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.problems.append(f"request: {request.url}")

    # --- where to be ------------------------------------------------------------------------

    def open(self, path: Path, place: str = "") -> None:
        """Open a page; with a place (``questions/id``), at this item."""
        self._count += 1  # each time another address: a change of place alone would not load the page
        self.page.goto(f"{path.as_uri()}?{self._count}" + (f"#{place}" if place else ""))

    def forget(self) -> None:
        """Clear what the browser remembers."""
        if self.page.url.startswith("file:"):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")

    def take_problems(self) -> list[str]:
        """What went wrong since it was last asked."""
        problems, self.problems = self.problems, []
        return problems

    def start(self, part: str) -> None:
        """Begin, or continue, the part with this title."""
        self.page.get_by_role("button", name=f": {part}").click()

    def press(self, name: str) -> None:
        """Press the button with this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("article")

    @property
    def kind(self) -> str:
        """The kind of item that is asked."""
        return str(self.card.get_attribute("class")).split()[1]

    def shown(self) -> str:
        """All text that is seen, its white space collapsed."""
        return " ".join(self.page.inner_text("body").split())

    def progress(self) -> Mapping[str, float]:
        """The share of the points for each unit that was answered, as the browser keeps it."""
        saved = self.page.evaluate("() => Object.entries(localStorage)")
        return {unit: share for _, state in saved for unit, share, _ in json.loads(state)["answers"]}

    # --- answering --------------------------------------------------------------------------

    def choose(self, text: str) -> None:
        self.card.get_by_role("button", name=text, exact=True).click()

    def tick(self, *texts: str) -> None:
        for text in texts:
            self.card.get_by_role("checkbox", name=text).check()

    def type(self, *texts: str) -> None:
        """Fill in the fields, in their order."""
        for index, text in enumerate(texts):
            self.card.get_by_role("textbox").nth(index).fill(text)

    def match(self, pairs: Mapping[str, str]) -> None:
        for left, right in pairs.items():
            self.card.get_by_role("combobox", name=left).select_option(label=self.offered(left, right))

    def offered(self, left: str, right: str) -> str:
        """The words by which a right side is offered; a letter may stand before it."""
        options = self.card.get_by_role("combobox", name=left).get_by_role("option").all_inner_texts()
        return next(option for option in options if option.endswith(right))

    def put_in_order(self, steps: Sequence[str]) -> None:
        for place, step in enumerate(steps):
            while self.steps().index(step) > place:
                self.card.get_by_role("button", name=f"Move up: {step}", exact=True).click()

    def steps(self) -> list[str]:
        """The steps to be sorted, as they stand now."""
        names = self.card.get_by_role("button", name="Move up").all()
        return [str(button.get_attribute("aria-label")).removeprefix("Move up: ") for button in names]

    # --- with the keyboard alone ------------------------------------------------------------

    def go_to(self, name: str) -> None:
        """Press Tab until the focus is on what has this name."""
        for _ in range(60):
            if self._focused().startswith(name):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {name!r}; it is on {self._focused()!r}")

    def enter(self, name: str, key: str = "Enter") -> None:
        """Go to what has this name, and press a key."""
        self.go_to(name)
        self.page.keyboard.press(key)

    def _focused(self) -> str:
        return str(self.page.evaluate(_NAME))


_NAME = """() => {
  const node = document.activeElement;
  if (node === document.body) return "";
  const by = node.getAttribute("aria-labelledby");
  const named = by ? document.getElementById(by).innerText : node.getAttribute("aria-label");
  return (named || node.labels?.[0]?.innerText || node.innerText || "").trim();
}"""


def axe(page: Page, script: str, rules: Sequence[str]) -> list[Any]:
    """What axe-core finds to be wrong with the page as it is, by these rules or by all: what breaks which rule."""
    if page.evaluate("() => !window.axe"):
        page.evaluate(script)
    found = page.evaluate(_AXE, rules)
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]


# What breaks no rule is not wanted: to describe all of that takes longer than to look for what does.
_AXE = """rules => axe.run({ resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) })"""
