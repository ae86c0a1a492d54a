"""What people write by hand: YAML, JSON, JSON lines, Markdown, and Recall & Review pages, copied and saved."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.validation import validate
from cardforge_sources.json import JsonSource
from cardforge_sources.markdown import MarkdownSource
from cardforge_sources.recall import RecallSource
from cardforge_sources.yaml import YamlSource

_FOLDER = Path(tempfile.mkdtemp(prefix="cardforge-fuzz-decks-"))
_STARTER = Path(api.__file__).with_name("starter.yaml")


def one(data: bytes) -> None:
    """Read the bytes as each of them, whatever they were meant to be."""
    for name, reader in (
        ("a.yaml", YamlSource()),
        ("a.json", JsonSource()),
        ("a.jsonl", JsonSource()),
        ("a.md", MarkdownSource()),
        ("a.txt", RecallSource()),
        ("a.html", RecallSource()),
    ):
        path = _FOLDER / name
        path.write_bytes(data)
        with suppress(InvalidDeck):
            validate(reader.read(path))


def seeds() -> Iterable[bytes]:
    """The deck that `cardforge new` begins, in two formats; a line of JSON; a page."""
    yield _STARTER.read_bytes()
    deck = api.load(_STARTER)
    yield api.export(deck, "markdown").data
    yield b'{"title": "T"}\n{"type": "flashcard", "front": "Q", "back": "$x$", "tags": ["a"]}\n'
    yield b'{"title": "T", "items": [{"section": "S", "items": [{"type": "cloze", "text": "{{c1::a}}"}]}]}'
    yield _PAGE.encode()
    yield f"<!doctype html><title>T</title><main>{_PAGE.replace(chr(10), '<p>')}</main>".encode()


_PAGE = """Recall & Review
beginner
What is a deck?
A list of items.
Click to reveal answer
Which one?
A. this
B. that
\N{CHECK MARK} Correct
Because of that.
Describe it in your own words.
Hint: think
You got 2/5 concepts
"""
