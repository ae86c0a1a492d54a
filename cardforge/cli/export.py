"""`cardforge export`: many decks to many targets, each on its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardforge.cli import report
from cardforge.cli.files import Outputs, find
from cardforge.cli.printing import (
    FEW,
    Notices,
    counted,
    diagnostic_data,
    few,
    internal_message,
    loss_data,
    say,
    say_copied,
    say_losses,
    span_data,
)
from cardforge.cli.settings import Reading, kinds_of_sources, options_of
from cardforge.cli.told import say_diagnostics, say_warnings
from cardforge.diagnostics import (
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
    from cardforge.plugin import Notice

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
    suffixes = {s for kind in kinds.values() for s in (kind.suffix, kind(**options[kind]).file_suffix())}
    found = find(sources, reading, suffixes, Path(out) if out else None)
    reading.check(file.path for file in found)
    several = len(found) * len(kinds) > 1 or any(f.in_folder for f in found)
    outputs = Outputs(out, several, suffixes, found, report_file)
    if report_file:
        report.check(report_file)
    outcomes: list[Outcome] = []
    identities: dict[str, str] = {}
    notices = Notices()
    with _progress(len(found) * len(kinds)) as advance:
        for file in found:
            deck = _load(file, reading, list(kinds), outcomes)
            if deck is not None:
                first = identities.setdefault(deck.identity, str(file.path))
                if first != str(file.path):
                    say(
                        f"{file.path}: its deck id {deck.identity!r} is also that of {first}; "
                        "learners' tools take them for one deck: give each an id",
                        error=True,
                    )
            for name, kind in kinds.items():
                if deck is not None:
                    outcome = Outcome(str(file.path), name, diagnostics=deck.origin.warnings)
                    outcomes.append(outcome)
                    with caught(outcome):
                        outcome.run(deck, name, options[kind], strict, lambda p, f=file: outputs.path(f, p), notices)
                advance()
    notices.say_rest()
    if report_file:
        report.write(report_file, [outcome.as_data() for outcome in outcomes])
    failed = [outcome for outcome in outcomes if outcome.failed]
    if len(outcomes) > 1 and failed:
        names = few(list(dict.fromkeys(outcome.source for outcome in failed)))
        count = len(outcomes)
        say(f"{count - len(failed):,} of {count:,} exports done, {len(failed):,} failed: {names}", error=True)
    raise typer.Exit(1 if failed else 0)


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
    media: Sequence[Path] = field(default_factory=tuple)

    def run(
        self, deck: Deck, target: str, options: Mapping[str, object], strict: bool, place: Any, notices: Notices
    ) -> None:
        from cardforge import api

        try:
            planned = api.plan(deck, target, strict=strict, **options)
        except LossyExport as error:
            self.losses = error.losses
            say_losses(self.source, target, error.losses)
            raise
        self.losses = planned.losses
        say_losses(self.source, target, planned.losses)
        path: Path | None = place(planned)
        if path is None:
            self._print(planned, notices)
            return
        written = api.write_plan(planned, path)
        self.path, self.notices, self.media = written.path, written.notices, written.media
        notices.say(self.source, written.notices)
        say_copied(written.media)
        say(f"{self.source} -> {path} ({counted(deck)})")

    def _print(self, planned: Plan, notices: Notices) -> None:
        from cardforge import api

        made = api.export(planned.deck, planned.exporter)
        self.notices = made.notices
        notices.say(self.source, made.notices)
        if not planned.exporter.media_inside and (media := api.media_paths(planned.deck)):
            say(f"{self.source}: printed without its media: {', '.join(media)}", error=True)
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()

    def as_data(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "ok": not self.failed,
            "path": str(self.path) if self.path else None,
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


def _load(file: Found, reading: Reading, targets: Sequence[str], outcomes: list[Outcome]) -> Deck | None:
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
        say_warnings(deck)
    return deck


def _rivals(file: Found) -> str:
    """A few of the rivals of a file, and how many more there are."""
    names = [rival.name for rival in file.rivals[: FEW + 1] if rival != file.path]
    count = len(file.rivals) - 1
    return f"{few(names, count)} {'has' if count == 1 else 'have'}"


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A bar, when there is much to do and a person watches; nothing otherwise."""
    if total < 10 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("exporting", total=total)
        yield lambda: bar.advance(task)
