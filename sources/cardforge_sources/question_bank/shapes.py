"""The shapes that cardforge's own exporter gives to what Moodle has no place for, so that it can be found again.

All are made of sanitised XHTML, whose elements are closed and nested rightly; in other HTML nothing is found.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class Piece(NamedTuple):
    """An element that stands in no other one (``name`` is empty for text between those), and where it stands."""

    name: str
    attributes: str
    inner: str
    start: int
    end: int


def pieces(html: str) -> list[Piece]:
    """The outermost elements and the text between them; nothing when elements are not closed or cross each other."""
    found: list[Piece] = []
    open_names: list[str] = []
    last, start, inner, attributes = 0, 0, 0, ""
    for tag in _TAG.finditer(html):
        closes, name, written = tag[1], tag[2].lower(), tag[3]
        if not open_names:
            if html[last : tag.start()].strip():
                found.append(Piece("", "", html[last : tag.start()], last, tag.start()))
            start, inner, attributes = tag.start(), tag.end(), written.strip()
        if closes:
            if not open_names or open_names.pop() != name:
                return []
        elif not (written.endswith("/") or name in _VOID):
            open_names.append(name)
            continue
        if not open_names:
            end = tag.start() if closes else tag.end()
            found.append(Piece(name, attributes, html[inner:end], start, tag.end()))
            last = tag.end()
    if open_names:
        return []
    if html[last:].strip():
        found.append(Piece("", "", html[last:], last, len(html)))
    return found


def divisions(html: str) -> list[str]:
    """What stands in the divisions (``<div>``) of a text that is nothing but divisions, else nothing."""
    html = html.strip()
    if not (html.startswith("<div>") and html.endswith("</div>")):
        return []
    found = pieces(html)
    return [p.inner for p in found] if all(p.name == "div" and not p.attributes for p in found) else []


def extra(html: str) -> tuple[str | None, list[str]]:
    """What a cloze shows with its answer, told by its class, and the divisions of the general feedback behind it."""
    html = html.strip()
    found = pieces(html) if html.startswith(_EXTRA) else []
    if not found:
        return None, divisions(html)
    rest = html[found[0].end :].strip()
    return found[0].inner, divisions(rest) or [rest] * bool(rest)


_EXTRA = '<div class="extra">'
_DETAILS = re.compile(r"<summary>([^<]*)</summary><div>(.*)</div>", re.DOTALL)


def without_details(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The text without what opens on a click at its end, and that: summary and content."""
    html = html.rstrip()
    if not html.endswith("</div></details>"):
        return html, []
    closed: list[tuple[str, str]] = []
    end = len(html)
    for piece in reversed(pieces(html)):
        opened = _DETAILS.fullmatch(piece.inner) if piece.name == "details" and not piece.attributes else None
        if opened is None:
            break
        closed.insert(0, (opened[1], opened[2]))
        end = piece.start
    return html[:end], closed


_SOURCE = re.compile(r"<p><strong>Source</strong></p><div>(.*)</div>", re.DOTALL)
_MODEL_ANSWER = re.compile(r"<p><strong>Model answer</strong></p><div>(.*)</div>", re.DOTALL)
_CONCEPTS = re.compile(r"<p><strong>A good answer mentions</strong></p><ul>(.*)</ul>", re.DOTALL)
_COUNT = re.compile(r"<p>A good answer mentions ([0-9]{1,9}) concepts?\.</p>")
_POINTS = re.compile(r" \(([0-9.e+-]+) points?\)\Z")


def source(html: str) -> str | None:
    """What a division of a general feedback says to be the source."""
    found = _SOURCE.fullmatch(html)
    return found[1] if found else None


def model_answer(html: str) -> str | None:
    """What a division says to be the model answer."""
    found = _MODEL_ANSWER.fullmatch(html)
    return found[1] if found else None


def concepts(html: str) -> list[tuple[str, str]] | None:
    """The concepts of an open prompt, each with its points (empty for the usual one), from their list."""
    found = _CONCEPTS.fullmatch(html.strip())
    rows = pieces(found[1]) if found else []
    if not rows or any(row.name != "li" for row in rows):
        return None
    listed = []
    for row in rows:
        points = _POINTS.search(row.inner)
        listed.append((row.inner[: points.start()], points[1]) if points else (row.inner, ""))
    return listed


def concept_count(html: str) -> str | None:
    """How many concepts a good answer mentions, when only that is said."""
    found = _COUNT.fullmatch(html.strip())
    return found[1] if found else None


def listed_at_the_end(html: str, count: int) -> tuple[str, list[str]] | None:
    """The text without the numbered list that ends it, and its entries, when they are that many."""
    if not html.rstrip().endswith("</li></ol>"):
        return None
    found = pieces(html)
    rows = pieces(found[-1].inner) if found and found[-1].name == "ol" and not found[-1].attributes else []
    if len(rows) != count or any(row.name != "li" for row in rows):
        return None
    return html[: found[-1].start], [row.inner for row in rows]


class Described(NamedTuple):
    """What the description of a category says. ``html`` is what is left of it."""

    html: str
    pick: str | None = None
    author: str | None = None
    license: str | None = None
    id: str | None = None


_ID = re.compile(r'\A<span id="cardforge-deck-([^"<>]+)"></span>')
_PICK = re.compile(r"<p>Draw ([1-9][0-9]{0,8}) of these questions at random\.</p>\Z")
_AUTHOR = re.compile(r"<p>Author: ([^<>]*)</p>\Z")
_LICENSE = re.compile(r"<p>License: ([^<>]*)</p>\Z")


def described(html: str) -> Described:
    """A category's description, with what the exporter adds to it taken apart."""
    html = html.strip()
    said: dict[str, str | None] = {}
    for name, pattern in (("id", _ID), ("pick", _PICK), ("license", _LICENSE), ("author", _AUTHOR)):
        if found := pattern.search(html):
            html = html[: found.start()] + html[found.end() :]
            said[name] = unescape(found[1])
    inside = divisions(html)
    return Described(inside[0] if len(inside) == 1 else html, **said)
