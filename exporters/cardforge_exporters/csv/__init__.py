"""The exporter for tables: lossless, and in the forms that Anki's and Quizlet's text imports take.

table.py    the lossless table, which cardforge_sources.csv reads
anki.py     Anki's text import
quizlet.py  Quizlet's import
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from cardforge.fidelity import Capabilities, Loss, everything_native
from cardforge.model import Deck
from cardforge.plugin import Context, Exporter, Standing
from cardforge_exporters.csv import anki, quizlet, table

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class CsvExporter(Exporter):
    """Writes a table with a header row; or, by ``profile``, a text file for Anki or for Quizlet."""

    name: ClassVar[str] = "csv"
    summary: ClassVar[str] = "a table for spreadsheets; by profile also for Anki's and Quizlet's text imports"
    suffix: ClassVar[str] = ".csv"
    capabilities: ClassVar[Capabilities] = everything_native()
    profile: Literal["cardforge", "anki", "quizlet"] = Field("cardforge", description="What will read the file.")
    delimiter: Literal["comma", "semicolon", "tab"] = Field("comma", description="What separates the cells.")
    bom: bool = Field(False, description="Begin with a byte order mark: Excel needs it to read UTF-8.")

    @field_validator("delimiter", "bom")
    @classmethod
    def _of_the_table(cls, value: object, info: ValidationInfo) -> object:
        profile = info.data.get("profile")
        if profile in ("anki", "quizlet"):
            raise ValueError(f"profile={profile} fixes the form of the file; leave this option out")
        return value

    @property
    def media_inside(self) -> bool:  # type: ignore[override]
        """Quizlet's lines name no media, so that none are wanted beside them."""
        return self.profile == "quizlet"

    def file_suffix(self) -> str:
        if self.profile != "cardforge":
            return ".txt"
        return ".tsv" if self.delimiter == "tab" else self.suffix

    def supports(self) -> Capabilities:
        match self.profile:
            case "cardforge":
                return self.capabilities
            case "anki":
                return anki.CAPABILITIES
            case "quizlet":
                return quizlet.CAPABILITIES

    def limits(self, deck: Deck) -> Iterable[Loss]:
        match self.profile:
            case "cardforge":
                return table.limits(deck)
            case "anki":
                return anki.limits(deck)
            case "quizlet":
                return quizlet.limits(deck)

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        return anki.standing(previous, deck) if self.profile == "anki" else Standing.UNKNOWN

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.writelines(line.encode() for line in self._lines(deck))

    def _lines(self, deck: Deck) -> Iterable[str]:
        match self.profile:
            case "cardforge":
                return table.lines(deck, _DELIMITERS[self.delimiter], self.bom)
            case "anki":
                return anki.lines(deck)
            case "quizlet":
                return quizlet.lines(deck)
