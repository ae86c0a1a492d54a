"""`cardforge export`: many decks to many targets, each on its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardforge.cli import report
from cardforge.cli.files import Outputs, find
from cardforge.cli.printing import (
    FEW,
    diagnostic_data,
    few,
    internal_message,
    loss_data,
    say,
    say_losses,
    span_data,
)
from cardforge.cli.settings import Reading, kinds_of_sources, options_of
from cardforge.cli.telling import Telling
from cardforge.cli.told import say_diagnostics
from cardforge.diagnostics import (
    BrokenPlugin,
    CardforgeError,
    Diagnostic,
    InvalidDeck,
    InvalidOption,
    LossyExport,
    OutputRefused,
)

if TYPE_CHECKING:
    from cardforge.api import Plan
    from cardforge.cli.files import Found
    from cardforge.fidelity import Loss
    from cardforge.model import Deck
    from cardforge.plugin import Exporter, Notice

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE…", help="Decks, or folders of decks.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A format's option, as KEY or FORMAT.KEY; see formats."),
]
From = Annotated[str | None, typer.Option("--from", metavar="NAME", help="The sources' format; else by suffix.")]


def export(
    sources: Sources,
    to: Annotated[list[str], typer.Option("--to", metavar="TARGET", help="A target; may be given several times.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to; else beside the source; - prints.")
    ] = None,
    source: From = None,
    settings: Settings = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse what a target cannot hold whole.")] = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write losses and mistakes as JSON.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print mistakes only; --report has the rest.")] = False,
) -> None:
    """Export decks to one or more targets.

    What a target cannot hold is printed before the file is written. A file that is there is replaced in one step,
    and only when all went well.
    """
    from cardforge import api, registry

    for name in to:
        if "," in name:
            raise InvalidOption(f"--to {name}: each target has its own --to: --to {name.replace(',', ' --to ')}")
    kinds = {name: registry.exporter(name) for name in dict.fromkeys(to)}
    api.clock()
    options = options_of([*kinds.values(), *kinds_of_sources(source)], settings or ())
    reading = Reading(source, options)
    suffixes = {suffix for kind in kinds.values() for suffix in _suffixes(kind, options[kind])}
    found = find(sources, reading, suffixes, Path(out) if out else None, is_quiet=quiet)
    reading.check(file.path for file in found)
    several = len(found) * len(kinds) > 1 or any(f.in_folder for f in found)
    set_to = [value for given in options.values() for value in given.values()]
    outputs = Outputs(out, several, suffixes, found, report_file, set_to)
    if report_file:
        report.check(report_file)
    outcomes: list[Outcome] = []
    telling = Telling(quiet)
    files_of_decks: dict[str, str] = {}
    with _progress(len(found) * len(kinds)) as advance:
        for file in found:
            if deck := _load(file, reading, list(kinds), outcomes, telling):
                _tell_of_equal_ids(str(file.path), deck, files_of_decks, telling)
            for name, kind in kinds.items():
                if deck is not None:
                    outcomes.append(Outcome(str(file.path), name, diagnostics=deck.origin.warnings))
                    place = partial(outputs.path, file)
                    with caught(outcomes[-1]):
                        outcomes[-1].run(deck, name, options[kind], strict, place, telling)
                advance()
    telling.rest()
    if report_file:
        report.write(report_file, [outcome.as_data() for outcome in outcomes])
    failed = [outcome for outcome in outcomes if outcome.failed]
    if len(outcomes) > 1 and failed:
        names = few(list(dict.fromkeys(outcome.source for outcome in failed)))
        count = len(outcomes)
        say(f"{count - len(failed):,} of {count:,} exports done, {len(failed):,} failed: {names}", error=True)
    raise typer.Exit(1 if failed else 0)


def _suffixes(kind: type[Exporter], options: Mapping[str, object]) -> set[str]:
    """What the names of a target's files end in, by default and with these options."""
    from cardforge import plugin_calls

    with suppress(BrokenPlugin):  # told of each deck
        return {kind.suffix, plugin_calls.file_suffix(kind(**options))}
    return {kind.suffix}


def _tell_of_equal_ids(file: str, deck: Deck, files: dict[str, str], telling: Telling) -> None:
    """Two decks with one id; ``files`` has the first file of each id."""
    first = files.setdefault(deck.identity, file)
    if first != file:
        telling.note(
            f"{file}: its deck id {deck.identity!r} is also that of {first}: learners' tools take both for one deck. If "
            "they are two, give this one another id (or title); if one deck in two files is meant, leave it, for a new "
            "id would lose the review histories"
        )


@dataclass
class Outcome:
    """What became of one deck on one target, for the exit code and the report."""

    source: str
    target: str
    path: Path | None = None
    failed: bool = False
    message: str | None = None
    losses: Sequence[Loss] = ()
    notices: Sequence[Notice] = ()
    diagnostics: Sequence[Diagnostic] = ()
    is_changed: bool = False

    def run(
        self,
        deck: Deck,
        target: str,
        options: Mapping[str, object],
        strict: bool,
        place: Callable[[Plan], Path | None],
        telling: Telling,
    ) -> None:
        from cardforge import api

        try:
            planned = api.plan(deck, target, strict=strict, **options)
        except LossyExport as error:
            self.losses = error.losses
            say_losses(self.source, target, error.losses)
            raise
        self.losses = planned.losses
        telling.losses(self.source, target, planned.losses)
        path = place(planned)
        if path is None:
            self._print(planned, telling)
            return
        written = api.write_plan(planned, path)
        self.path, self.notices, self.is_changed = written.path, written.notices, written.is_changed
        telling.written(self.source, deck, written)

    def _print(self, planned: Plan, telling: Telling) -> None:
        from cardforge import api, plugin_calls

        made = api.export(planned.deck, planned.exporter)
        self.notices = made.notices
        telling.notices(self.source, made.notices)
        if not plugin_calls.is_media_inside(planned.exporter) and (media := api.media_paths(planned.deck)):
            telling.note(f"{self.source}: printed without its media: {', '.join(media)}")
        if sys.stdout is None:
            raise OutputRefused("standard output is closed")
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()

    def as_data(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "ok": not self.failed,
            "path": str(self.path) if self.path else None,
            "changed": self.is_changed,
            "message": self.message,
            "diagnostics": [diagnostic_data(d) for d in self.diagnostics],
            "losses": [loss_data(loss) for loss in self.losses],
            "notices": [{"code": n.code, "message": n.message, "span": span_data(n.span)} for n in self.notices],
        }


@contextmanager
def caught(outcome: Outcome) -> Iterator[None]:
    """One bad deck, or one bad plugin, does not stop the others."""
    try:
        yield
        return
    except InvalidDeck as error:
        outcome.diagnostics = error.diagnostics
        outcome.message = f"{outcome.source}: not a valid deck"
        say_diagnostics(error.diagnostics)
    except CardforgeError as error:
        message = str(error)
        if isinstance(error, BrokenPlugin) and error.__cause__:
            if os.environ.get("CARDFORGE_DEBUG"):
                raise error.__cause__ from None
            message += "; CARDFORGE_DEBUG=1 shows where"
        outcome.message = message if message.startswith(outcome.source) else f"{outcome.source}: {message}"
        say(outcome.message, error=True)
    except OSError:
        raise  # of the output, or of a path: the message at the end says it
    except (Exception, RecursionError, MemoryError) as error:
        if os.environ.get("CARDFORGE_DEBUG"):
            raise
        outcome.message = internal_message(error)
        say(f"{outcome.source}: {outcome.message}; CARDFORGE_DEBUG=1 shows where", error=True)
    outcome.failed = True


def _load(
    file: Found, reading: Reading, targets: Sequence[str], outcomes: list[Outcome], telling: Telling
) -> Deck | None:
    """The deck, with its warnings told; or None, and a failure for each of the targets."""
    failure = Outcome(str(file.path), "")
    deck: Deck | None = None
    with caught(failure):
        if file.rivals:
            raise OutputRefused(
                f"{_rivals(file)} the same name, and one may be an export of the other; name the deck itself"
            )
        deck = reading.load(file.path)
    if deck is None:
        outcomes += (replace(failure, target=target) for target in targets)
    else:
        telling.warnings(deck)
    return deck


def _rivals(file: Found) -> str:
    """A few of the rivals of a file, and how many more there are."""
    names = [rival.name for rival in file.rivals[: FEW + 1] if rival != file.path]
    count = len(file.rivals) - 1
    return f"{few(names, count)} {'has' if count == 1 else 'have'}"


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar, when there is much to do and a person watches; nothing otherwise."""
    if total < 10 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("exporting", total=total)
        yield lambda: bar.advance(task)
