"""What cardforge's exporters made of an item to fit QTI, undone: hints, what is shown after an answer, self-rating."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from math import isfinite

SELF_RATING = ("I knew it", "Partly", "Not yet")
"""The choices by which learners rate themselves on a flashcard."""
TURNED = "reversed"
"""What is added to the identifier of a flashcard that is asked back to front."""

_DIV = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)
_BEGINS = re.compile(r"\s*<div>")
_NOTHING = re.compile(r"\s*(?:<span></span>\s*)*")
_MODEL = "<p><strong>Model answer</strong></p><div>"
_CONCEPTS = "<p><strong>A good answer mentions</strong></p><ul>"
_SOURCE = "<p><strong>Source</strong></p><div>"
_COUNT = re.compile(r"<p>A good answer mentions (\d{1,6}) concepts?\.</p>")
_WORTH = re.compile(r" \((\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,3})?) points?\)\Z")
_OPENED_HINT = re.compile(r"<details><summary>Hint(?: \d+)?</summary><div>")
_SHOWN_HINT = re.compile(r'<div class="hint"><p><strong>Hint(?: \d+)?</strong></p>')
_EXTRA = re.compile(r'\s*<div class="extra">')
_NUMBERED = re.compile(r"_([0-9]{1,9})\Z")
_LIST = re.compile(r"<(/?)(ul|ol|li)\b[^>]*>", re.IGNORECASE)


def deck_id(name: str) -> str:
    """The id of a deck from its identifier: an underscore stands before one that begins with no letter."""
    return name[1:] if name.startswith("_") and not name[1:2].isalpha() and "___" not in name else name


_SHORTENED = re.compile(r"___[0-9a-f]{16}\Z")


def is_shortened(name: str) -> bool:
    """Whether cardforge made the identifier, of ids that it does not show."""
    return _SHORTENED.search(name) is not None


def behind(html: str, start: int) -> int | None:
    """Where the ``div`` whose content begins at ``start`` ends: before its end tag. None when it is not closed."""
    depth = 1
    for tag in _DIV.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    return None


def boxes(html: str) -> list[str] | None:
    """What the ``div`` elements hold that the HTML is made of; None when it is made of something else, too."""
    if "<div" not in html:
        return None
    if html.count("<div") == 1 and html.startswith("<div>") and html.endswith("</div>"):
        return [html[len("<div>") : -len("</div>")]]
    found, place = [], 0
    while begins := _BEGINS.match(html, place):
        end = behind(html, begins.end())
        if end is None:
            return None
        found.append(html[begins.end() : end])
        place = end + len("</div>")
    return found if found and _NOTHING.fullmatch(html, place) else None


def unwrapped(html: str) -> str:
    """HTML without a ``div`` around all of it."""
    if "<div" not in html:
        return html
    for _ in range(100):
        inside = boxes(html)
        if inside is None or len(inside) > 1:
            break
        html = inside[0]
    return html


def _together(parts: list[str]) -> str:
    return "".join(f"<div>{part}</div>" for part in parts)


def explanation(html: str) -> tuple[str, str]:
    """The explanation and the source in what is shown after any answer."""
    parts = boxes(html)
    if parts is None:
        return html, ""
    source = ""
    if parts[-1].startswith(_SOURCE) and parts[-1].endswith("</div>"):
        source = parts.pop()[len(_SOURCE) : -len("</div>")]
    return (parts[0] if len(parts) == 1 else _together(parts)), source


def first(html: str) -> tuple[str, str]:
    """The first part of what is shown after any answer, and the rest."""
    parts = boxes(html)
    return (html, "") if parts is None else (parts[0], _together(parts[1:]))


def extra(html: str) -> tuple[str, str]:
    """What a cloze shows with its answer, told by its class, and the rest."""
    begins = _EXTRA.match(html)
    end = behind(html, begins.end()) if begins else None
    return ("", html) if begins is None or end is None else (html[begins.end() : end], html[end + len("</div>") :])


def in_order(names: Iterable[str]) -> list[str]:
    """Identifiers that cardforge numbered (``right_2``, ``match_10``) in the order of their numbers."""
    return sorted(names, key=lambda name: int(found[1]) if (found := _NUMBERED.search(name)) else 0)


@dataclass(slots=True)
class Scoring:
    """What is shown of an open prompt after an answer. Of concepts, the points are None where they are 1."""

    model: str = ""
    concepts: list[tuple[str, str | None]] = field(default_factory=list)
    count: str | None = None
    rest: str = ""


def scoring(html: str) -> Scoring:
    """The parts of what is shown after an open prompt."""
    found = Scoring(rest=html)
    parts = boxes(html)
    if parts is None:
        return found
    if parts and parts[0].startswith(_MODEL) and parts[0].endswith("</div>"):
        found.model = parts.pop(0)[len(_MODEL) : -len("</div>")]
    if parts and parts[0].startswith(_CONCEPTS) and parts[0].endswith("</ul>"):
        found.concepts = [_concept(row) for row in _rows(parts.pop(0)[len(_CONCEPTS) : -len("</ul>")])]
    elif parts and (counted := _COUNT.fullmatch(parts[0])):
        found.count = counted[1]
        parts.pop(0)
    found.rest = _together(parts)
    return found


def _rows(html: str) -> list[str]:
    rows, depth, start = [], 0, 0
    for tag in _LIST.finditer(html):
        if tag[2].lower() != "li":
            depth += -10_000 if tag[1] else 10_000
        elif not tag[1] and depth == 0:
            depth, start = 1, tag.end()
        elif tag[1] and depth == 1:
            rows.append(html[start : tag.start()])
            depth = 0
    return rows


def _concept(html: str) -> tuple[str, str | None]:
    worth = _WORTH.search(html)
    is_number = worth is not None and isfinite(float(worth[1]))
    return (html[: worth.start()], worth[1]) if worth and is_number else (html, None)


_HEADING = re.compile(r"<h3>(.*?)</h3>", re.DOTALL)


def section(html: str, name: str) -> tuple[str, str]:
    """The title and the description of a section that is written as a text among the questions; empty, if it is none."""
    heading = _HEADING.match(html)
    title = unescape(heading[1]).strip() if heading else ""
    if heading is None or not (title == name or title.startswith(name.rstrip("…"))):
        return "", ""
    rest = html[heading.end() :]
    inside = boxes(rest)
    if rest and (inside is None or len(inside) > 1):
        return "", ""
    return title, inside[0] if inside else ""


def literal(html: str) -> str:
    """Plain text of a menu as HTML in which nothing is read as a formula, without what kept it from being markup."""
    return _FORMULA.sub(r"\g<0><span></span>", _JOINED.sub(r"\1", html))


_JOINED = re.compile("(&lt;|&amp;)\u2060")
_FORMULA = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")


def without_marks(html: str) -> str:
    """HTML without the empty elements that keep a program from reading its signs as something else."""
    return html.replace("<span></span>", "")


def with_hints(html: str) -> tuple[str, list[str], str]:
    """What asks, the hints below it, and what stands between them. As it is when no hints are found."""
    if html.count("<div") == 1 and html.startswith("<div>") and html.endswith("</div>"):
        return html[len("<div>") : -len("</div>")], [], ""
    begins = _BEGINS.match(html)
    end = behind(html, begins.end()) if begins else None
    if begins is None or end is None:
        return html, [], ""
    stem, rest = html[begins.end() : end], html[end + len("</div>") :].strip()
    between = ""
    if rest.startswith("<p>Unit: ") and "</p>" in rest:
        between, _, rest = rest.partition("</p>")
        between = between.removeprefix("<p>Unit: ")
        rest = rest.strip()
    if not rest and between:
        return stem, [], between
    if inside := boxes(rest):
        rest = inside[0] if len(inside) == 1 and _OPENED_HINT.match(inside[0]) else rest
    hints, place = [], 0
    while hint := _OPENED_HINT.match(rest, place) or _SHOWN_HINT.match(rest, place):
        closes = behind(rest, hint.end())
        if closes is None:
            return html, [], ""
        hints.append(rest[hint.end() : closes])
        place = closes + len("</div>")
        if hint.re is _OPENED_HINT:
            place += len("</details>") if rest.startswith("</details>", place) else 0
        while place < len(rest) and rest[place].isspace():
            place += 1
    return (stem, hints, between) if hints and place == len(rest) else (html, [], "")


def own_id(name: str, deck_name: str) -> str:
    """The id of an item that cardforge wrote as ``deck__item``; of another one, its identifier."""
    if deck_name and name.startswith(f"{deck_name}__") and not name.startswith(f"{deck_name}___"):
        return name[len(deck_name) + 2 :]
    return name
