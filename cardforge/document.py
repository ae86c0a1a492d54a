"""A text file as it was read: its characters, and where in lines and columns each stands."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from cardforge import foreign_files
from cardforge.diagnostics import Diagnostic, InvalidDeck, Loc, Problem, Span

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = re.compile(r"\r\n|\n|\r")


class Positions(Protocol):
    """Where each part of a draft stands; a source gives one with every draft."""

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        """The offset in the document of the part at ``loc``, or None when it is not there.

        ``at`` counts characters into that part's text; ``on_key`` asks for the field's name.
        """
        ...


@dataclass(frozen=True)
class Document:
    """``path`` is shown to people as it was given; ``text`` keeps its line ends.

    ``parts`` are the files inside a package whose texts stand in ``text`` one after another: the offset at which each
    begins, at the start of a line, and its path.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""
    parts: tuple[tuple[int, str], ...] = ()

    @classmethod
    def joined(cls, path: str, files: Iterable[tuple[str, str]]) -> Document:
        """One document of the texts in a package: each comes with its name there."""
        texts: list[str] = []
        parts: list[tuple[int, str]] = []
        offset = 0
        for name, text in files:
            parts.append((offset, f"{path}/{name}"))
            whole = text if text.endswith("\n") else text + "\n"
            texts.append(whole)
            offset += len(whole)
        return cls(path, "".join(texts), parts=tuple(parts))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(m.end() for m in _LINE_END.finditer(self.text))]

    def span(self, offset: int) -> Span:
        """Line and column, from 1, of the character at ``offset``, and the file or the part of it that they count in."""
        line = self._line_of(offset)
        column = offset - self._line_starts[line - 1] + 1
        part = bisect_right(self.parts, offset, key=lambda part: part[0]) - 1
        if part < 0:
            return Span(self.path, line, column)
        begin, path = self.parts[part]
        return Span(path, line - self._line_of(begin) + 1, column)

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    def line_start(self, number: int) -> int:
        """The offset at which a line begins, counted from 1 in the document as a whole."""
        return self._line_starts[number - 1]

    def line(self, number: int) -> str:
        """The text of a line, counted from 1 in the document as a whole, without its end."""
        # Kept: a line may be long, and have thousands of mistakes that all show it.
        if number not in self._lines:
            start = self._line_starts[number - 1]
            end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
            self._lines[number] = self.text[start:end].rstrip("\r\n")
        return self._lines[number]

    def diagnostic(self, problem: Problem, offset: int) -> Diagnostic:
        """The problem at this offset of the document."""
        excerpt = self.line(self._line_of(offset))
        span = self.span(offset)
        return Diagnostic(problem.severity, problem.code, problem.message, problem.fix, span, excerpt, problem.subject)

    def locate(self, problem: Problem, positions: Positions | None) -> Diagnostic:
        """The problem where its part stands, or where the nearest part around it stands."""
        return self.diagnostic(problem, self.place(problem, positions))

    def place(self, problem: Problem, positions: Positions | None) -> int:
        """The offset that the problem names; else that of its part, or of the nearest part around it."""
        offset = problem.place
        if positions and offset is None:
            if problem.offset is not None:
                offset = _in_text(problem.at, problem.offset, positions)
            if offset is None:
                offset = positions.offset(problem.at, on_key=problem.on_key)
            for length in range(len(problem.at) - 1, -1, -1):
                if offset is not None:
                    break
                offset = positions.offset(problem.at[:length])
        return offset or 0

    def invalid(self, problems: Iterable[Problem]) -> InvalidDeck:
        """The error for a file with these problems, each at the offset that it names, or at the beginning."""
        return InvalidDeck([self.diagnostic(problem, problem.place or 0) for problem in problems])

    def with_insertions(self, insertions: Iterable[tuple[int, str]]) -> bytes:
        """The file's bytes with text inserted at the offsets, every other byte as it was."""
        parts, last = [], 0
        for offset, text in sorted(insertions, key=lambda pair: pair[0]):
            parts += [self.text[last:offset], text]
            last = offset
        parts.append(self.text[last:])
        return self.bom + "".join(parts).encode(self.encoding)


def _in_text(at: Loc, offset: int, positions: Positions) -> int | None:
    """Where a character of the text at ``at`` stands.

    The text may be written as ``{html: …}``, or be the short form of a part that has a text or of a list of one.
    """
    ways = ((*at, "html"), at, (*at[:-1], "html"), at[:-1])
    found = (positions.offset(way, at=offset) for way in ways)
    return next((place for place in found if place is not None), None)


def read_document(path: Path) -> Document:
    """Read a text file: UTF-8, or UTF-16 and UTF-32 when they begin with a byte order mark.

    Raises InvalidDeck for a file that is missing, unreadable, binary, empty or in another encoding.
    """
    return decode(read_bytes(path), str(path))


def is_empty(data: bytes) -> bool:
    """Whether a file has nothing to read: white space at most, and a byte order mark."""
    bom = next((bom for bom, _ in _BOMS if data.startswith(bom)), b"")
    return not data.removeprefix(bom).strip(b"\0 \t\r\n\v\f")


def read_bytes(path: Path) -> bytes:
    """Read a file whole. Raises InvalidDeck when it cannot be read."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(0, "it is not an ordinary file")  # reading a pipe would wait for ever
        return path.read_bytes()
    except FileNotFoundError:
        problem = Problem("file-missing", "there is no such file", "check the path for a typing mistake")
    except IsADirectoryError:
        problem = Problem("file-unreadable", "this is a folder, not a file", "name a file in it")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("file-unreadable", f"the file cannot be read: {reason}", "check its path and permissions")
    raise InvalidDeck([Diagnostic(problem.severity, problem.code, problem.message, problem.fix, Span(str(path), 1, 1))])


def decode(data: bytes, path: str) -> Document:
    """The document in these bytes; ``path`` is what diagnostics call it. Raises as read_document."""
    if known := foreign_files.by_beginning(data):
        what, fix = known
        raise InvalidDeck([Document(path, "").diagnostic(Problem("binary-file", f"this is {what}, not text", fix), 0)])
    bom, encoding = next(((b, e) for b, e in _BOMS if data.startswith(b)), (b"", "utf-8"))
    body = data[len(bom) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        good = Document(path, body[: error.start].decode(encoding, "replace"))
        if encoding == "utf-8" and b"\0" in body:
            problem = _BINARY
        else:
            name = encoding.upper()
            problem = Problem(
                "not-utf8",
                f"byte 0x{body[error.start]:02x} is not {name}",
                "save the file as UTF-8 in your editor",
            )
        raise InvalidDeck([good.diagnostic(problem, len(good.text))]) from None
    document = Document(path, text, encoding, bom)
    if (nul := text.find("\0")) >= 0:
        raise InvalidDeck([document.diagnostic(_BINARY, nul)])
    if not text.strip():
        problem = Problem("empty-file", "the file is empty", "start a deck with: cardforge new")
        raise InvalidDeck([document.diagnostic(problem, 0)])
    return document


_BINARY = Problem("binary-file", "this is a binary file, not text", "name a text file")
