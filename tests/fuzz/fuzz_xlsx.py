"""Workbooks: their bytes as they are, and the XML inside them mutated, which a damaged archive would hide."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck, Flashcard, Section
from cardforge.plugin import Context
from cardforge.validation import validate
from cardforge_exporters.xlsx import XlsxExporter
from cardforge_sources.xlsx import XlsxSource

_PATH = Path(tempfile.mkdtemp(prefix="cardforge-fuzz-xlsx-")) / "a.xlsx"
_MARK = b"\n----"
_DECK = Deck(
    title="T", items=(Flashcard(front="Q", back="A"), Section(section="S", items=(Flashcard(front="R", back="B"),)))
)


def one(data: bytes) -> None:
    """Read the bytes as a workbook; or, where they are parts with their names, those put into an archive."""
    if not data.startswith(b"PK"):
        data = _packed(data)
    _PATH.write_bytes(data)
    with suppress(InvalidDeck):
        validate(XlsxSource().read(_PATH))


def seeds() -> Iterable[bytes]:
    """A small workbook, stored; and its parts one after the other."""
    out = BytesIO()
    XlsxExporter().write(_DECK, out, Context(now=0))
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    yield stored.getvalue()
    yield b"".join(_MARK + name.encode() + b"\n" + data for name, data in parts.items())
    sheet = {name: parts[name] for name in parts if "sheet1" in name or "workbook" in name or name.startswith("[")}
    yield b"".join(_MARK + name.encode() + b"\n" + data for name, data in sheet.items())


def _packed(data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in data.split(_MARK):
            name, _, text = part.partition(b"\n")
            with suppress(ValueError):
                archive.writestr(name.decode("latin-1").partition("\0")[0][:100] or "x", text)
    return out.getvalue()
