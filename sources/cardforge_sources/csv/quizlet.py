"""Quizlet's export: a card a line, term and definition with a tab between them, as plain text and without quotes.

A line break inside a definition is one in the export, too, so a line without a tab goes on with the card above it.

People make such files for Anki, too, with HTML in them: see `cardforge_sources.csv.tags`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from cardforge.diagnostics import Loc, Problem
from cardforge.document import Document
from cardforge.plugin import Draft
from cardforge.text import Text
from cardforge_sources.csv.foreign import Foreign
from cardforge_sources.csv.header import is_header
from cardforge_sources.csv.rows import MOST_LOOKED_AT, Cell, Row, refuse_conflict
from cardforge_sources.csv.tags import are_html, has_tags
from cardforge_sources.places import Places, warning

_LINE = re.compile(r"[^\r\n]+")
_Reader = Callable[[str, int], Text | None]


def is_two_sided(text: str) -> bool:
    """Whether a text begins as lines of two sides with a tab between them, but for a few: the first line and three
    quarters of all have a term and one tab; and half of all have a definition, too."""
    lines = _first_lines(text)
    terms = [line for line in lines if _has_term(line)]
    pairs = [line for line in terms if line.partition("\t")[2].strip()]
    return bool(pairs) and _has_term(lines[0]) and len(terms) * 4 >= len(lines) * 3 and len(pairs) * 2 >= len(lines)


def is_quizlet(text: str) -> bool:
    """Whether a text has two sides a line, and no header that makes it a table."""
    return is_two_sided(text) and not is_header(_first_row(text), misspelt=False)


def _has_term(line: str) -> bool:
    """Whether there is one tab, and a text before it: what answers a question in other formats is indented by one."""
    return line.count("\t") == 1 and bool(line.partition("\t")[0].strip())


def _first_row(text: str) -> Row:
    """The sides in the first line that is not empty."""
    return [(0, side) for side in _first_lines(text)[0].split("\t")]


def _first_lines(text: str) -> list[str]:
    return [m[0] for m in islice(_LINE.finditer(text), MOST_LOOKED_AT) if not m[0].isspace()]


def draft(document: Document, path: Path) -> Draft:
    """The cards as flashcards."""
    refuse_conflict(document, (line.start() for line in _LINE.finditer(document.text)))
    problems: list[Problem] = []
    foreign = Foreign(path.parent, problems)
    items: list[Any] = []
    places: dict[Loc, int] = {}
    cards = list(_cards(document.text, problems))
    read = _reader(cards, foreign, problems)
    for card in cards:
        sides = [read(written, offset) for offset, written in card]
        if item := _item(sides, card, problems):
            at: Loc = ("items", len(items))
            items.append(item)
            places |= {at: card[0][0], (*at, "front"): card[0][0], (*at, "back"): card[1][0], (*at, "stem"): card[0][0]}
    foreign.tell_of_texts()
    data = {"title": path.stem.strip() or "Cards", "items": items}
    return Draft(data, document, Places(places), problems=tuple(problems), is_beginning=True)


def _reader(cards: Sequence[Sequence[Cell]], foreign: Foreign, problems: list[Problem]) -> _Reader:
    """What makes the texts: of plain text or of HTML, which is told where there are tags."""
    tagged = next((offset for card in cards for offset, side in card if has_tags([side])), None)
    if tagged is None:
        return foreign.text
    if not are_html(side for card in cards for _, side in card):
        message = "there are HTML tags in this text, which learners will see as they are written"
        fix = "if they are markup, write the line #html:true above the first one"
        problems.append(warning(tagged, "guessed-text", message, fix))
        return foreign.text
    message = "there are HTML tags in this text, so it is read as HTML, as Anki does"
    fix = "nothing, if that is right; if learners are to see the tags, write the line #html:false above the first one"
    problems.append(warning(tagged, "guessed-html", message, fix))
    return lambda written, offset: foreign.html(_unquoted(written).replace("\n", "<br>"), offset)


def _unquoted(cell: str) -> str:
    """A cell as Anki writes one that holds quotes: in quotes, and each in it twice."""
    is_quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if is_quoted and cell.count('"') % 2 == 0 else cell


def _cards(text: str, problems: list[Problem]) -> Iterator[list[Cell]]:
    """Term and definition of each card."""
    card: list[Cell] = []
    for line in _LINE.finditer(text):
        term, tab, definition = line[0].partition("\t")
        if tab:
            if card:
                yield card
            card = [(line.start(), term), (line.start() + len(term) + 1, definition)]
        elif line[0].isspace():
            continue
        elif card:
            card[1] = (card[1][0], f"{card[1][1]}\n{line[0]}")
            fix = "if it is a card of its own, put a tab between its term and its definition"
            message = "this line has no tab: it is taken for one more line of the definition above it"
            problems.append(warning(line.start(), "adapted-item", message, fix))
        else:
            fix = "put a tab between its term and its definition"
            problems.append(warning(line.start(), "kept-aside", "this line has no tab, and is left out", fix))
    if card:
        yield card


def _item(sides: list[Any], card: list[Cell], problems: list[Problem]) -> dict[str, Any] | None:
    front, back = sides
    offset = card[0][0]
    if front and back:
        return {"type": "flashcard", "front": front, "back": back}
    if front:
        message, fix = "this card has no definition, so it becomes an open prompt", "write one behind a tab"
        problems.append(warning(offset, "adapted-item", message, fix))
        return {"type": "open_prompt", "stem": front}
    shown = " ".join(card[1][1].split())[:50]
    card_of = f"the card with the definition {shown!r}"
    message = f"{card_of} has no term, and is left out"
    problems.append(warning(offset, "kept-aside", message, "write a term before the tab", card_of))
    return None
