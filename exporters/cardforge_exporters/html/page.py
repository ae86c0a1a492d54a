"""The file around the items: what it may do, how it looks, what it runs, and the data in it.

A browser is told to run and apply nothing but the script and the style below, by their hashes, and to load nothing
but what stands in the file. The deck is data: it is parsed as JSON, never as part of the page.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from pygments.formatters import HtmlFormatter

from cardforge_exporters import judging

SCRIPTS = (
    *("dom.js", "progress.js", "order.js", "questions.js", "kinds.js"),
    *("views.js", "layout.js", "overview.js", "run.js", "summary.js", "sheet.js", "begin.js"),
)
"""The page's scripts, in the order in which they run. What judges answers comes before them."""


SIGN = '<meta name="generator" content="Cardforge">'
"""Stands in the head of every page."""


def head(title: str, deck_id: str) -> str:
    """The file up to the data. ``deck_id`` stands in it for programs that find the file."""
    policy = (
        "default-src 'none'; img-src data:; media-src data:; font-src data:; "
        # A style attribute is the author's, and sanitised: it has nothing that could load a file.
        f"script-src '{_hash(script())}'; style-src '{_hash(style())}'; style-src-attr 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{SIGN}
{deck_meta(deck_id)}
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>{style()}</style>
</head>
<body>
<noscript><p>This page asks and judges with JavaScript, which is switched off.</p></noscript>
"""


def deck_meta(deck_id: str) -> str:
    """The element of the head that says which deck the page is of."""
    return f'<meta name="cardforge-deck" content="{escape(deck_id)}">'


def block(name: str, data: Iterable[str], kind: str = "application/json") -> Iterator[str]:
    """A block of data that the page's script finds by its name."""
    yield f'<script type="{kind}" id="cardforge-{name}">'
    yield from data
    yield "</script>\n"


def foot() -> str:
    """The file behind the data."""
    return f"<script>{script()}</script>\n</body>\n</html>\n"


@cache
def script() -> str:
    """All that the page runs, as one function that leaves nothing behind."""
    parts = [
        judging.script(),
        *(files("cardforge_exporters.html").joinpath(name).read_text("utf-8") for name in SCRIPTS),
    ]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


@cache
def style() -> str:
    """The page's style, with the colours of code by day and by night."""
    own = files("cardforge_exporters.html").joinpath("page.css").read_text("utf-8")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{_colours('github-dark')}\n}}"
    return f"{own}\n{_colours('xcode')}\n{dark}\n"


def _colours(name: str) -> str:
    """The colours of a Pygments style, without its backgrounds: the page has its own."""
    rules: str = HtmlFormatter(style=name).get_style_defs(".highlight")  # type: ignore[no-untyped-call]
    return "\n".join(rule for rule in rules.splitlines() if rule.startswith(".highlight ."))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
