"""Load, check, export and write decks from Python; what the command line does is done by these."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from cardforge import plugin_calls, reading, registry
from cardforge.diagnostics import (
    Diagnostic,
    InvalidDeck,
    InvalidOption,
    Loc,
    LossyExport,
    OutputRefused,
    Problem,
    Severity,
    UnknownFormat,
    nearest,
)
from cardforge.document import is_empty
from cardforge.earlier import reason_to_keep
from cardforge.fidelity import Level, Loss, audit
from cardforge.model import Deck
from cardforge.options import checked, option_problems
from cardforge.output import media_beside, media_paths, real_path, replacing, told_of
from cardforge.plugin import Exporter, Notice, StampsIds
from cardforge.reading import no_collecting
from cardforge.validation import Validated, text_problems


@dataclass(frozen=True, slots=True)
class Export:
    """An artefact in memory: its bytes, the suffix its file should have, and what it does not hold."""

    data: bytes
    suffix: str
    losses: tuple[Loss, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An artefact on disk, and what it does not hold. ``media`` are the files copied beside it; ``is_changed`` says
    whether it is other than what was there before.
    """

    path: Path
    losses: tuple[Loss, ...]
    notices: tuple[Notice, ...] = ()
    media: tuple[Path, ...] = ()
    is_changed: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """An export that has been checked and not yet written: what it will lose is known."""

    deck: Deck
    exporter: Exporter
    losses: tuple[Loss, ...]


def load(path: Path | str, source: str | None = None, **options: object) -> Deck:
    """Read a deck. ``source`` names its format; by default the suffix tells. ``options`` are those of the source.

    Raises InvalidDeck with every mistake in the file, UnknownFormat, BrokenPlugin, or InvalidOption.
    """
    validated = _with_unknown_targets(reading.read(Path(path), source, options))
    if validated.deck is None:
        raise InvalidDeck(validated.diagnostics)
    return validated.deck


def check(path: Path | str, source: str | None = None, **options: object) -> tuple[Diagnostic, ...]:
    """Every error and warning in a file, in its order. Raises UnknownFormat, BrokenPlugin and InvalidOption, nothing else."""
    try:
        validated = _with_unknown_targets(reading.read(Path(path), source, options))
    except InvalidDeck as error:
        return error.diagnostics
    return validated.diagnostics + (check_targets(validated.deck) if validated.deck else ())


def check_targets(deck: Deck) -> tuple[Diagnostic, ...]:
    """Every mistake in the options that a deck has for exporters; an export finds those for its own target only."""
    known = registry.exporter_names()
    found = (_own_option_problems(registry.exporter(name), own) for name, own in deck.targets.items() if name in known)
    return tuple(_diagnostic(deck, problem) for problems in found for problem in problems)


def export(
    deck: Deck,
    to: str | Exporter,
    *,
    strict: bool = False,
    previous: bytes | None = None,
    now: int | None = None,
    **options: object,
) -> Export:
    """Export a deck to memory.

    ``to`` names an exporter and ``options`` are its settings, which overrule the deck's own; or ``to`` is an
    exporter already set up. ``previous`` is the artefact that the result will replace. ``now`` is seconds
    since 1970; by default ``SOURCE_DATE_EPOCH``, or else the clock.

    Raises InvalidDeck, InvalidOption (of a wrong ``SOURCE_DATE_EPOCH``, too), UnknownFormat, BrokenPlugin, and with
    ``strict`` LossyExport.
    """
    planned = plan(deck, to, strict=strict, **options)
    suffix = plugin_calls.file_suffix(planned.exporter)
    out = BytesIO()
    with no_collecting():
        notices = plugin_calls.written(planned.exporter, deck, out, clock() if now is None else now, previous or None)
    return Export(out.getvalue(), suffix, planned.losses, notices)


def write(
    deck: Deck, to: str | Exporter, path: Path | str, *, strict: bool = False, now: int | None = None, **options: object
) -> Written:
    """Export a deck to a file, reading what is there now as ``previous``, and replacing it in one step.

    Where the target names media by path, they are copied beside the file. Raises as `export`, and OutputRefused.
    """
    return write_plan(plan(deck, to, strict=strict, **options), Path(path), now=now)


def plan(deck: Deck, to: str | Exporter, *, strict: bool = False, **options: object) -> Plan:
    """Check a deck and an exporter's options against each other, and say what would be lost. Raises as `export`."""
    exporter = _exporter(deck, to, options)
    problems = [*plugin_calls.refusals(exporter, deck)]
    if deck.origin.document is None:
        problems += text_problems(deck)
    diagnostics = [_diagnostic(deck, problem) for problem in problems]
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InvalidDeck(diagnostics)
    with no_collecting():
        losses = tuple(_losses(deck, exporter))
    if strict and losses:
        count = f"{len(losses)} thing{'s' if len(losses) > 1 else ''}"
        raise LossyExport(f"{exporter.name} cannot hold {count} of this deck as it is", losses)
    return Plan(deck, exporter, losses)


def _losses(deck: Deck, exporter: Exporter) -> Iterator[Loss]:
    """What an exporter declares; but where it says more of a part of this deck, that stands for it."""
    ids = {entry.at: entry.id for entry in deck.entries()}
    said = [_with_item(loss, ids) for loss in plugin_calls.limits(exporter, deck)]
    told = {_subject(loss) for loss in said}
    declared = (loss for loss in audit(deck, plugin_calls.capabilities(exporter)) if _subject(loss) not in told)
    for loss in chain(declared, said):
        if loss.level is not Level.NATIVE:
            yield replace(loss, span=loss.span or deck.span(loss.at))


def _with_item(loss: Loss, ids: Mapping[Loc, str]) -> Loss:
    """The loss with the id of the item that its place is in, if it is in one and does not say it itself."""
    if loss.item or not loss.at:
        return loss
    ways = (loss.at[:length] for length in range(len(loss.at), 0, -1))
    return replace(loss, item=next((ids[way] for way in ways if way in ids), ""))


def _subject(loss: Loss) -> tuple[object, ...]:
    at = loss.at
    if at and isinstance(at[-1], str):  # a field of a section stands for the section
        at = at[:-1]
    return loss.feature, loss.item or at


def write_plan(planned: Plan, path: Path, *, now: int | None = None) -> Written:
    """Write a planned export to a file.

    Raises OutputRefused when the file cannot be written, or when what is there is something else than an earlier
    export of this deck; InvalidDeck when a medium vanished; InvalidOption for a wrong ``SOURCE_DATE_EPOCH``.
    """
    exporter = planned.exporter
    with told_of(path):
        previous = _previous(planned, path)
        media = () if plugin_calls.is_media_inside(exporter) else tuple(media_beside(planned.deck, path))
    time_of_export = clock() if now is None else now
    with replacing(path) as out:
        with told_of(path), no_collecting():
            notices = plugin_calls.written(exporter, planned.deck, out, time_of_export, previous)
        # The export takes its place last: where a medium cannot be written, the old one stays.
        for target, data in media:
            with replacing(target) as copy:
                copy.write(data)
    is_changed = previous is None or path.read_bytes() != previous
    return Written(path, planned.losses, notices, tuple(target for target, _ in media), is_changed)


def _previous(planned: Plan, path: Path) -> bytes | None:
    """What is there now, if it may be replaced. Raises OutputRefused when it may not."""
    try:
        previous = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OutputRefused(f"what is there cannot be read: {error.strerror or error}") from error
    if is_empty(previous):
        return None
    if why := reason_to_keep(previous, planned.deck, planned.exporter, lambda name: load(path, name)):
        raise OutputRefused(f"{why}; move it away, or write to another place (--out)")
    return previous


def stamp_ids(path: Path | str, source: str | None = None) -> tuple[bytes, int]:
    """The file's bytes with an id for the deck and for every item that lacks one, and how many were added.

    Raises InvalidDeck, BrokenPlugin, and UnknownFormat for a format whose files cannot be stamped.
    """
    file = Path(path)
    reader = reading.source_of(file, source)
    if not isinstance(reader, StampsIds):
        raise UnknownFormat(f"{path}: the source {reader.name!r} cannot write ids; export it to yaml first (--to yaml)")
    return reading.with_ids(reader, file)


def clock() -> int:
    """Seconds since 1970, or what ``SOURCE_DATE_EPOCH`` says. Raises InvalidOption when that is no number."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return int(time.time())
    if not fixed.isascii() or not fixed.isdigit() or len(fixed) > 11:
        raise InvalidOption(f"SOURCE_DATE_EPOCH must be a number of seconds since 1970, and is {fixed!r}")
    return int(fixed)


def _with_unknown_targets(validated: Validated) -> Validated:
    """Warn of options for an exporter that is not there: they would have no effect, and nobody would know."""
    deck, known = validated.deck, registry.exporter_names()
    if deck is None or deck.targets.keys() <= set(known):
        return validated
    found: list[Diagnostic] = []
    for name in deck.targets:
        if name not in known:
            guess = nearest(name, known)
            fix = f"did you mean {guess}?" if guess else f"install it; there are {', '.join(known)}"
            message = f"there is no exporter {name!r}: its options have no effect"
            at: Loc = ("targets", name)
            problem = Problem("unknown-target", message, fix, at, on_key=True, severity=Severity.WARNING)
            found.append(_diagnostic(deck, problem))
    warnings = tuple(merge(deck.origin.warnings, found, key=_line_and_column))
    return Validated(deck.with_origin(replace(deck.origin, warnings=warnings)), warnings)


def _line_and_column(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.span.line, diagnostic.span.column) if diagnostic.span else (0, 0)


def _exporter(deck: Deck, to: str | Exporter, options: Mapping[str, object]) -> Exporter:
    if isinstance(to, Exporter):
        if options:
            made = f"{type(to).__name__}({', '.join(f'{name}=…' for name in options)})"
            raise InvalidOption(f"an exporter that is set up takes no more options; set it up with them: {made}")
        return to
    kind = registry.exporter(to)
    own = deck.targets.get(to, {})
    if problems := _own_option_problems(kind, own):
        raise InvalidDeck([_diagnostic(deck, problem) for problem in problems])
    checked(kind, {**own, **options})
    return kind(**{**own, **options})


def _own_option_problems(kind: type[Exporter], options: Mapping[str, Any]) -> list[Problem]:
    """The deck's own options are mistakes in its file, with a place there."""
    return [replace(p, at=("targets", kind.name, *p.at)) for p in option_problems(kind, options)]


def _diagnostic(deck: Deck, problem: Problem) -> Diagnostic:
    document, positions = deck.origin.document, deck.origin.positions
    if document is not None:
        return document.locate(problem, positions)
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.at).lstrip(".")
    message = f"{where}: {problem.message}" if where else problem.message
    return Diagnostic(problem.severity, problem.code, message, problem.fix)


__all__ = [
    "Export",
    "Plan",
    "Written",
    "check",
    "check_targets",
    "clock",
    "export",
    "load",
    "media_paths",
    "option_problems",
    "plan",
    "real_path",
    "replacing",
    "stamp_ids",
    "write",
    "write_plan",
]
