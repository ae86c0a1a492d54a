"""Calls plugins. Whatever one raises, and whatever it gives that it may not, is told as a fault of that plugin.

What cardforge foresees (`CardforgeError`) passes through: a source says with `InvalidDeck` what is wrong with a file, an
exporter with `OutputRefused` what it does not replace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from cardforge.diagnostics import BrokenPlugin, CardforgeError, InvalidDeck, Loc, Problem, Span
from cardforge.document import Document
from cardforge.fidelity import Capabilities, Feature, Level, Loss
from cardforge.model import Deck
from cardforge.plugin import Context, Draft, Exporter, Notice, Recognises, Source, StampsIds, Standing
from cardforge.plugin_checks import CAPABILITIES, is_suffix


def named(plugin: object) -> str:
    """A source or an exporter for people: what it is, its name, and the package that its class is in."""
    kind = plugin if isinstance(plugin, type) else type(plugin)
    what = "exporter" if issubclass(kind, Exporter) else "source"
    return f"the {what} {getattr(kind, 'name', kind.__name__)!r} ({kind.__module__.partition('.')[0]})"


@contextmanager
def fault_of(what: str, *foreseen: type[Exception]) -> Iterator[None]:
    """Raises BrokenPlugin in place of what is raised inside, but for what is ``foreseen`` (by default, what cardforge
    raises itself). ``what`` names the plugin and what it is asked for.

    Memory that is used up is nobody's fault, and a signal that ends the program is no failure.
    """
    let_through = foreseen or (CardforgeError,)
    try:
        yield
    except MemoryError:
        raise
    except let_through as error:
        if isinstance(error, InvalidDeck) and not error.diagnostics:
            raise BrokenPlugin(f"{what}: it raises InvalidDeck without saying what is wrong") from error
        raise
    except SystemExit as error:
        if isinstance(error.code, int) and error.code > _ENDED_BY_A_SIGNAL:
            raise
        raise BrokenPlugin(f"{what}: it ends the program (SystemExit: {error.code})") from error
    except Exception as error:
        raise BrokenPlugin(f"{what}: {type(error).__name__}: {error}") from error


_ENDED_BY_A_SIGNAL = 128
"""Exit codes above it say which signal ended a program, as in shells."""


def _asked(plugin: object, what: str) -> AbstractContextManager[None]:
    return fault_of(f"{named(plugin)} fails at {what}, which is not your fault")


def _expect(is_right: bool, name: str, what: str, value: object) -> None:
    if not is_right:
        raise TypeError(f"{name} gives {value!r:.60}, and should give {what}")


# --- sources -------------------------------------------------------------------------------------


def draft(source: Source, path: Path) -> Draft:
    """What the source reads in the file."""
    with _asked(source, f"reading {path}"):
        found = source.read(path)
        _expect(isinstance(found, Draft), "read", "a Draft", found)
        _expect(isinstance(found.document, Document), "read", "a Draft with a Document", found.document)
        _expect_all(found.problems, Problem, "Draft.problems")
        return found


def recognises(source: Source, path: Path) -> bool:
    """Whether the source takes the file for its own; one that cannot tell takes every file."""
    with _asked(source, f"looking into {path}"):
        return not isinstance(source, Recognises) or bool(source.recognises(path))


def stamped(source: StampsIds, read: Draft, ids: Mapping[Loc, str]) -> bytes:
    """The bytes of the file that was read, with these ids in it."""
    length = len(read.document.text)
    with _asked(source, "writing ids"):
        insertions = list(source.stamp(read, ids))
        for offset, text in insertions:
            _expect(type(offset) is int and isinstance(text, str), "stamp", "offsets and texts", (offset, text))
            _expect(0 <= offset <= length, "stamp", f"offsets from 0 to {length}", offset)
        return read.document.with_insertions(insertions)


# --- exporters -----------------------------------------------------------------------------------


def file_suffix(exporter: Exporter) -> str:
    """What the name of the exporter's file ends in."""
    with _asked(exporter, "naming its file"):
        suffix = exporter.file_suffix()
        _expect(is_suffix(suffix), "file_suffix", "a text that begins with a dot", suffix)
        return suffix


def is_media_inside(exporter: Exporter) -> bool:
    """Whether the artefact has the media in it; else they are copied beside it."""
    with _asked(exporter, "saying where media go"):
        return bool(exporter.media_inside)


def capabilities(exporter: Exporter) -> Capabilities:
    """What the exporter holds with its options."""
    with _asked(exporter, "saying what it holds"):
        found = exporter.supports()
        is_right, what = CAPABILITIES
        _expect(is_right(found), "supports", what, found)
        return found


def limits(exporter: Exporter, deck: Deck) -> Sequence[Loss]:
    """What the exporter says besides of what this deck loses."""
    with _asked(exporter, "saying what this deck loses"):
        losses = list(exporter.limits(deck))
        for loss in losses:
            _expect(_is_loss(loss), "limits", "each Loss with a Feature, a Level, a text, and the way to a part", loss)
        return losses


def _is_loss(loss: object) -> bool:
    return (
        isinstance(loss, Loss)
        and isinstance(loss.feature, Feature)
        and isinstance(loss.level, Level)
        and isinstance(loss.how, str)
        and isinstance(loss.item, str)
        and isinstance(loss.at, tuple)
    )


def refusals(exporter: Exporter, deck: Deck) -> Sequence[Problem]:
    """Why the exporter cannot write this deck at all."""
    with _asked(exporter, "saying what it refuses"):
        problems = list(exporter.refuses(deck))
        _expect_all(problems, Problem, "refuses")
        return problems


def standing(exporter: Exporter, previous: bytes, deck: Deck) -> Standing:
    """What stands where the export is to go."""
    with _asked(exporter, "looking at what is there already"):
        found = exporter.standing(previous, deck)
        _expect(isinstance(found, Standing), "standing", "a Standing", found)
        return found


def written(exporter: Exporter, deck: Deck, out: BinaryIO, now: int, previous: bytes | None) -> tuple[Notice, ...]:
    """Write the artefact to ``out``, and return what the exporter has to say. A failure of ``out`` itself is told by an
    error that passes through `fault_of`.
    """
    notices: list[Notice] = []

    def notify(notice: Notice) -> None:
        _expect(_is_notice(notice), "notify", "a Notice with a code, a message, and a Span or None", notice)
        notices.append(notice)

    with _asked(exporter, "writing this deck"):
        exporter.write(deck, out, Context(now, previous, notify))
        if out.closed:
            raise ValueError("write closes the file that it is given, and may not")
        if not out.seek(0, SEEK_END):
            raise ValueError("write has written nothing")
    return tuple(notices)


def _is_notice(notice: object) -> bool:
    return (
        isinstance(notice, Notice)
        and isinstance(notice.code, str)
        and isinstance(notice.message, str)
        and isinstance(notice.span, Span | None)
    )


def _expect_all(values: Iterable[Any], kind: type, name: str) -> None:
    for value in values:
        _expect(isinstance(value, kind), name, f"each a {kind.__name__}", value)
