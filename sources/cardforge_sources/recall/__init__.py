"""Recall & Review pages: cards with a level, quiz questions and open prompts, as a person copies or saves such a page.

A page is no deck: the choices of its questions and the names of its concepts are often not in it. What is not there is
not invented. What is there becomes a draft to complete, and every gap is told at its line.

lines.py       the lines of a page that was copied as text
markup.py      the lines of a page that was saved as HTML
landmarks.py   the lines that say what stands around them: a level, "Click to reveal answer", "✗ Incorrect" …
page.py        from lines to cards, questions and prompts
choices.py     which lines are choices, and which choice is right
draft.py       from these to the deck format, with what is missing
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from cardforge.diagnostics import InvalidDeck, Problem
from cardforge.document import Document, read_document
from cardforge.plugin import Draft
from cardforge_sources.recall import markup
from cardforge_sources.recall.draft import deck_of
from cardforge_sources.recall.landmarks import is_sure
from cardforge_sources.recall.lines import Copy, copied, squeezed
from cardforge_sources.recall.page import read_page


class RecallSource:
    """``.txt`` files with a page's text, and ``.html`` or ``.htm`` files with a saved page."""

    name: ClassVar[str] = "recall"
    summary: ClassVar[str] = "a Recall & Review page, copied as text or saved as HTML"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".html", ".htm")

    def read(self, path: Path) -> Draft:
        document = _document(path)
        page = read_page(_copy(document, path))
        if page is None:
            raise InvalidDeck([document.diagnostic(_ANOTHER_FORMAT, _first_character(document))])
        name = squeezed(path.stem.encode(errors="replace").decode())  # which need not be text, nor one line
        data, positions, problems = deck_of(page, name)
        return Draft(data, document, positions, problems=problems, is_beginning=True)

    def recognises(self, path: Path) -> bool:
        """Whether this is such a page, rather than notes, a study page or whatever else has these suffixes."""
        try:
            copy = _copy(read_document(path), path)
            return is_sure(copy.lines) and read_page(copy) is not None
        except InvalidDeck:
            return False


def _document(path: Path) -> Document:
    try:
        return read_document(path)
    except InvalidDeck as error:
        found = [replace(d, fix=_EMPTY_FIX) if d.code == "empty-file" else d for d in error.diagnostics]
        raise InvalidDeck(found) from None


_EMPTY_FIX = "copy the page into it, from its heading to its end, and save it"


def _copy(document: Document, path: Path) -> Copy:
    is_saved = path.suffix.lower() in (".html", ".htm") or markup.is_html(document.text)
    return (markup.saved if is_saved else copied)(document.text)


def _first_character(document: Document) -> int:
    return len(document.text) - len(document.text.lstrip())


_ANOTHER_FORMAT = Problem(
    "another-format",
    "this does not look like a Recall & Review page: it has no card that ends with “Click to reveal answer”, no question "
    "with “✗ Incorrect” or “✓ Correct”, and no prompt with “You got 2/5 concepts”",
    "copy the page from the heading “Recall & Review” to its end; a card is a level, a question, an answer and “Click "
    "to reveal answer”, each on its own line. If this is another kind of file, name its format with --from",
)
