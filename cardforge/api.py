"""Load, check, export and write decks from Python; what the command line does is done by these."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from heapq import merge
from io import BytesIO
from itertools import chain
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, BinaryIO, cast

from pydantic import ValidationError

from cardforge import registry
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
from cardforge.document import is_empty, read_bytes
from cardforge.earlier import reason_to_keep
from cardforge.fidelity import Loss, audit
from cardforge.media import FolderMedia, NoMedia
from cardforge.model import Deck, texts
from cardforge.plugin import Context, Draft, Exporter, Notice, Options, Source, StampsIds
from cardforge.text import facts
from cardforge.validation import Validated, text_problems, validate


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
    validated = _read(Path(path), source, options)
    if validated.deck is None:
        raise InvalidDeck(validated.diagnostics)
    return validated.deck


def check(path: Path | str, source: str | None = None, **options: object) -> tuple[Diagnostic, ...]:
    """Every error and warning in a file, in its order. Raises UnknownFormat, BrokenPlugin and InvalidOption, nothing else."""
    try:
        validated = _read(Path(path), source, options)
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
    notices: list[Notice] = []
    out = BytesIO()
    _write(planned, out, Context(clock() if now is None else now, previous or None, notices.append))
    return Export(out.getvalue(), planned.exporter.file_suffix(), planned.losses, tuple(notices))


def write(
    deck: Deck, to: str | Exporter, path: Path | str, *, strict: bool = False, now: int | None = None, **options: object
) -> Written:
    """Export a deck to a file, reading what is there now as ``previous``, and replacing it in one step.

    Where the target names media by path, they are copied beside the file. Raises as `export`, and OutputRefused.
    """
    return write_plan(plan(deck, to, strict=strict, **options), Path(path), now=now)


def plan(deck: Deck, to: str | Exporter, *, strict: bool = False, **options: object) -> Plan:
    """Check a deck and an exporter's options against each other, and say what would be lost. Raises as `export`."""
    exporter = to if isinstance(to, Exporter) else _exporter(deck, to, options)
    problems = list(exporter.refuses(deck))
    if deck.origin.document is None:
        problems += text_problems(deck)
    diagnostics = [_diagnostic(deck, problem) for problem in problems]
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InvalidDeck(diagnostics)
    with _no_collecting():
        losses = tuple(_losses(deck, exporter))
    if strict and losses:
        count = f"{len(losses)} thing{'s' if len(losses) > 1 else ''}"
        raise LossyExport(f"{exporter.name} cannot hold {count} of this deck as it is", losses)
    return Plan(deck, exporter, losses)


def _losses(deck: Deck, exporter: Exporter) -> Iterator[Loss]:
    """What an exporter declares; but where it says more of a part of this deck, that stands for it."""
    said = list(exporter.limits(deck))
    told = {_subject(loss) for loss in said}
    declared = (loss for loss in audit(deck, exporter.supports()) if _subject(loss) not in told)
    for loss in chain(declared, said):
        yield replace(loss, span=loss.span or deck.span(loss.at))


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
    notices: list[Notice] = []
    with _of(path):
        previous = _previous(planned, path)
        media = () if planned.exporter.media_inside else tuple(_media_beside(planned.deck, path))
    context = Context(clock() if now is None else now, previous, notices.append)
    with replacing(path) as out:
        with _of(path):
            _write(planned, out, context)
        # The export takes its place last: where a medium cannot be written, the old one stays.
        for target, data in media:
            with replacing(target) as copy:
                copy.write(data)
    is_changed = previous is None or path.read_bytes() != previous
    return Written(path, planned.losses, tuple(notices), tuple(target for target, _ in media), is_changed)


@contextmanager
def _of(path: Path) -> Iterator[None]:
    """Says of a refusal which file it is about."""
    try:
        yield
    except OutputRefused as error:
        raise OutputRefused(f"{path}: {error}") from error


def _previous(planned: Plan, path: Path) -> bytes | None:
    """What is there now, if it may be replaced. Raises OutputRefused when it may not."""
    try:
        previous = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OutputRefused(f"what is there cannot be read: {error.strerror or error}") from error
    if is_empty(previous):
        return None
    if why := reason_to_keep(previous, planned.deck, planned.exporter, lambda name: load(path, name)):
        raise OutputRefused(f"{why}; move it away, or say where to with --out")
    return previous


def stamp_ids(path: Path | str, source: str | None = None) -> tuple[bytes, int]:
    """The file's bytes with an id for the deck and for every item that lacks one, and how many were added.

    Raises InvalidDeck, BrokenPlugin, and UnknownFormat for a format whose files cannot be stamped.
    """
    file = Path(path)
    reader = _source(file, source)
    if not isinstance(reader, StampsIds):
        raise UnknownFormat(f"{path}: the source {reader.name!r} cannot write ids; export it --to yaml first")
    draft = _draft(reader, file)
    deck = validate(draft).deck
    if deck is None:
        raise InvalidDeck(validate(draft).diagnostics)
    missing = {entry.at: entry.id for entry in deck.entries() if entry.item.id is None}
    if deck.id is None:
        missing = {(): deck.identity, **missing}
    return draft.document.with_insertions(reader.stamp(draft, missing)), len(missing)


def clock() -> int:
    """Seconds since 1970, or what ``SOURCE_DATE_EPOCH`` says. Raises InvalidOption when that is no number."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return int(time.time())
    if not fixed.isascii() or not fixed.isdigit() or len(fixed) > 11:
        raise InvalidOption(f"SOURCE_DATE_EPOCH must be a number of seconds since 1970, and is {fixed!r}")
    return int(fixed)


def media_paths(deck: Deck) -> tuple[str, ...]:
    """The media that the deck's texts name, each once, in order."""
    parts: list[object] = [deck, *(section for section, _, _ in deck.sections())]
    parts += (entry.item for entry in deck.entries())
    found = (ref.path for part in parts for _, text in texts(part) for ref in facts(text).media)
    return tuple(dict.fromkeys(found))


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the path's place when all went well, and vanishes when not.

    Raises OutputRefused when it cannot be written.
    """
    real = real_path(path)  # a link stays, and what it leads to is replaced
    temporary = real.with_name(f".{real.name[:40]}.{token_hex(4)}.tmp")
    try:
        if real.exists() and not real.is_file() and not real.is_dir():
            raise OutputRefused(f"{path} is not an ordinary file; say where to with --out")
        real.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as out:
            yield out
        if real.exists():
            temporary.chmod(real.stat().st_mode & 0o777)
        temporary.replace(real)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputRefused(f"{path} cannot be written: {error.filename} is no folder") from error
    except OSError as error:
        raise OutputRefused(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def real_path(path: Path) -> Path:
    """Where a path leads to. Raises OutputRefused for a link that leads to itself."""
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OutputRefused(f"{path} is a link that leads to itself; say where to with --out") from error


def _source(path: Path, name: str | None) -> Source:
    if name:
        return registry.source(name)
    try:
        there = path.exists()
    except (OSError, ValueError):  # no file can have this name
        there = False
    if not there:
        read_bytes(path)  # says why, which matters more than the suffix
    return registry.source_for(path)


def _read(path: Path, source: str | None, options: Mapping[str, object]) -> Validated:
    reader = _source(path, source)
    if options:
        reader = _with_options(reader, options)
    with _no_collecting():
        return _with_unknown_targets(validate(_draft(reader, path), takes_ids=isinstance(reader, StampsIds)))


def _draft(reader: Source, path: Path) -> Draft:
    """What the source reads in the file. Media are beside it, where the source does not say where they are."""
    draft = reader.read(path)
    return replace(draft, media=FolderMedia(path.parent)) if isinstance(draft.media, NoMedia) else draft


def _with_options(reader: Source, options: Mapping[str, object]) -> Source:
    kind = type(reader)
    if not issubclass(kind, Options):
        raise InvalidOption(f"the source {reader.name!r} has no options")
    if wrong := option_problems(kind, options):
        raise InvalidOption("; ".join(f"{reader.name}: {p.message}; {p.fix}" for p in wrong))
    return cast(Source, kind(**options))


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


def _write(planned: Plan, out: BinaryIO, context: Context) -> None:
    with _no_collecting():
        planned.exporter.write(planned.deck, out, context)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Cyclic collection off: a bulk load makes no cycles, and the collector would walk it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _exporter(deck: Deck, name: str, options: Mapping[str, object]) -> Exporter:
    kind = registry.exporter(name)
    own = deck.targets.get(name, {})
    if problems := _own_option_problems(kind, own):
        raise InvalidDeck([_diagnostic(deck, problem) for problem in problems])
    wrong = option_problems(kind, {**own, **options})
    if wrong:
        raise InvalidOption("; ".join(f"{name}: {p.message}; {p.fix}" for p in wrong))
    return kind(**{**own, **options})


def _own_option_problems(kind: type[Exporter], options: Mapping[str, Any]) -> list[Problem]:
    """The deck's own options are mistakes in its file, with a place there."""
    return [replace(p, at=("targets", kind.name, *p.at)) for p in option_problems(kind, options)]


def option_problems(kind: type[Options], options: Mapping[str, Any]) -> Sequence[Problem]:
    """What is wrong with options for an exporter or a source; ``at`` is the option's name."""
    try:
        kind(**options)
    except ValidationError as error:
        # A union says what is wrong for each of its types: the first is enough.
        first = {str((d["loc"] or ("",))[0]): d for d in reversed(error.errors())}
        return [_option_problem(kind, name, d["type"], d["msg"]) for name, d in first.items()]
    except TypeError as error:
        return [Problem("unknown-option", str(error), "check the option's name")]
    return ()


def _option_problem(kind: type[Options], name: str, error: str, message: str) -> Problem:
    known = list(kind.model_fields)
    if error == "extra_forbidden":
        guess = nearest(name, known)
        fix = f"did you mean {guess}?" if guess else "it has " + (", ".join(known) or "no options")
        return Problem("unknown-option", f"{kind.name} has no option {name!r}", fix, (name,), on_key=True)
    fix = message.removeprefix("Value error, ").replace("Input should be", "it should be", 1)
    if error in ("int_parsing", "int_from_float"):
        fix = "write a whole number"
    elif error.endswith(("_parsing", "_type", "_error")) and error != "value_error":
        words = {"NUMBER": "a number", "TEXT": "a text"}
        fix = "write " + " or ".join(words.get(value, value) for value in kind.option_values(name))
    return Problem("wrong-option", f"the option {name!r} has a wrong value", fix, (name,))


def _diagnostic(deck: Deck, problem: Problem) -> Diagnostic:
    document, positions = deck.origin.document, deck.origin.positions
    if document is not None:
        return document.locate(problem, positions)
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.at).lstrip(".")
    message = f"{where}: {problem.message}" if where else problem.message
    return Diagnostic(problem.severity, problem.code, message, problem.fix)


def _media_beside(deck: Deck, export: Path) -> Iterator[tuple[Path, bytes]]:
    """The media to be copied, each with its new place; those that are there already are left out."""
    for path in media_paths(deck):
        target = export.parent.joinpath(*PurePosixPath(path).parts)
        if target == export:
            raise OutputRefused(f"the deck's {path} belongs in this place; give the export another name with --out")
        data = deck.origin.media.read(path)
        if target.is_file():
            if target.read_bytes() == data:
                continue
            fix = "move that away, or write into a folder of its own with --out"
            raise OutputRefused(f"the deck's {path} would replace another file, {target}; {fix}")
        yield target, data


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
