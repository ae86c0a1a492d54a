"""Tables in text files: cardforge's own, without a header, Quizlet's and Anki's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cardforge.diagnostics import InvalidDeck
from cardforge.model import Choice, Cloze, Deck, Flashcard, Matching, MultipleChoice, Pair, Section
from cardforge.plugin import Context
from cardforge.validation import validate
from cardforge_exporters.csv import CsvExporter
from cardforge_sources.csv import CsvSource

_FOLDER = Path(tempfile.mkdtemp(prefix="cardforge-fuzz-csv-"))


def one(data: bytes) -> None:
    """Read the bytes as every kind of table, and check what comes of it."""
    for name, reader in (
        ("a.csv", CsvSource()),
        ("a.txt", CsvSource()),
        ("a.csv", CsvSource(columns="front,back,tags")),
    ):
        path = _FOLDER / name
        path.write_bytes(data)
        reader.recognises(path)
        with suppress(InvalidDeck):
            validate(reader.read(path))


def seeds() -> Iterable[bytes]:
    """Small valid files of each kind."""
    from io import BytesIO

    for options in ({}, {"delimiter": "tab"}, {"bom": True}, {"profile": "anki"}, {"profile": "quizlet"}):
        out = BytesIO()
        CsvExporter.model_validate(options).write(_DECK, out, Context(now=0))
        yield out.getvalue()
    yield b'Question;Answer;Tags\nQ;"A ""b""";x\n'
    yield b"Paris,France,x\nRome,Italy,y\n"
    yield b"#separator:Comma\n#html:true\n#deck:A::B\n#notetype:Cloze\n#tags:x\n{{c1::a}},<img src=a.png> [sound:b.mp3]\n"
    yield b"#separator:tab\n#html:true\nQ\t\\(x^2\\) <hr id=answer> [$]y[/$]\n"


_DECK = Deck(
    title="T",
    items=(
        Flashcard(front="*Q* $x$", back="=1+1", hint=("a", "b"), tags=("x", "y z")),
        Cloze(text="{{c1::a::b}} and {{c2::$c$}}"),
        Section(
            section="A > B",
            description="D",
            items=(
                MultipleChoice(stem="S", choices=(Choice(text="a", correct=True, credit=0.5), Choice(text="b"))),
                Matching(stem="S", pairs=(Pair(left="a", right="b"), Pair(left="c", right="d"))),
            ),
        ),
    ),
)
