"""The command line. It finds files, prints and sets exit codes; all else is done by `cardforge.api`.

Exit codes: 0 done, 1 the input is at fault, 2 wrong usage. Everything heavy is imported inside the commands,
so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from cardforge import __version__
from cardforge.diagnostics import (
    MOST_SHOWN,
    BrokenPlugin,
    CardforgeError,
    Diagnostic,
    InvalidDeck,
    InvalidOption,
    LossyExport,
    OutputRefused,
    Span,
    UnknownFormat,
    nearest,
    report,
)

if TYPE_CHECKING:
    from cardforge.api import Plan
    from cardforge.fidelity import Loss
    from cardforge.model import Deck
    from cardforge.plugin import Exporter, Notice

app = typer.Typer(
    help="Write study material once; export it to the tools that people study with.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE…", help="Decks, or folders of decks.")]
From = Annotated[str | None, typer.Option("--from", metavar="NAME", help="The sources' format; else by suffix.")]


def main() -> None:
    """Run the command line; no failure shows a traceback unless CARDFORGE_DEBUG is set."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal may lack a character, and a file's name need not be text.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (InvalidOption, UnknownFormat, BrokenPlugin) as error:
        _fail(str(error), 2)
    except CardforgeError as error:
        _fail(str(error), 1)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            _fail(f"{error.filename or 'the output'}: {error.strerror or error}", 1)
        # Whoever reads the output has heard enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except (Exception, RecursionError, MemoryError) as error:
        if os.environ.get("CARDFORGE_DEBUG"):
            raise
        _fail(f"{_internal(error)}\nset CARDFORGE_DEBUG=1 to see where", 1)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"cardforge {__version__}")
        raise typer.Exit


# --- export --------------------------------------------------------------------------------------


@app.command()
def export(
    sources: Sources,
    to: Annotated[list[str], typer.Option("--to", metavar="TARGET", help="A target; may be given several times.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to; else beside the source; - prints.")
    ] = None,
    source: From = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A target's option, as KEY or TARGET.KEY; see formats."),
    ] = None,
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

    kinds = {name: registry.exporter(name) for name in dict.fromkeys(to)}
    if source:
        registry.source(source)
    api.clock()
    options = _options_by_target(kinds, settings or ())
    suffixes = {s for name, kind in kinds.items() for s in (kind.suffix, kind(**options[name]).file_suffix())}
    found = _find(sources, source, suffixes)
    several = len(found) * len(kinds) > 1 or any(f.in_folder for f in found)
    outputs = _Outputs(out, several, suffixes, found, report_file)
    outcomes: list[_Outcome] = []
    identities: dict[str, str] = {}
    with _progress(len(found) * len(kinds)) as advance:
        for file in found:
            deck = _load(file, source, list(kinds), outcomes)
            if deck is not None:
                first = identities.setdefault(deck.identity, str(file.path))
                if first != str(file.path):
                    _say(
                        f"{file.path}: its deck id {deck.identity!r} is also that of {first}; "
                        "learners' tools take them for one deck: give each an id",
                        error=True,
                    )
            for name in kinds:
                if deck is not None:
                    outcome = _Outcome(str(file.path), name)
                    outcomes.append(outcome)
                    with _caught(outcome):
                        outcome.run(deck, name, options[name], strict, lambda p, f=file: outputs.path(f, p))
                advance()
    if report_file:
        _write_report(report_file, outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    if len(outcomes) > 1 and failed:
        _say(f"{len(outcomes) - failed} of {len(outcomes)} exports done, {failed} failed", error=True)
    raise typer.Exit(1 if failed else 0)


@dataclass(frozen=True, slots=True)
class _Found:
    """A source file; ``below`` is its folder's way from the folder that was named, if one was."""

    path: Path
    below: Path = Path()
    in_folder: bool = False


@dataclass
class _Outcome:
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

    def run(self, deck: Deck, target: str, options: Mapping[str, object], strict: bool, place: Any) -> None:
        from cardforge import api

        try:
            planned = api.plan(deck, target, strict=strict, **options)
        except LossyExport as error:
            self.losses = error.losses
            _say_losses(self.source, target, error.losses)
            raise
        self.losses = planned.losses
        _say_losses(self.source, target, planned.losses)
        path: Path | None = place(planned)
        if path is None:
            self._print(planned)
            return
        written = api.write_plan(planned, path)
        self.path, self.notices, self.media = written.path, written.notices, written.media
        for notice in written.notices:
            _say(f"{notice}", error=True)
        for copied in written.media:
            _say(f"copied {copied}", error=True)
        count = sum(1 for _ in deck.entries())
        _say(f"{self.source} -> {path} ({count:,} item{'s' if count != 1 else ''})")

    def _print(self, planned: Plan) -> None:
        from cardforge import api

        made = api.export(planned.deck, planned.exporter)
        self.notices = made.notices
        for notice in made.notices:
            _say(f"{notice}", error=True)
        if not planned.exporter.media_inside and (media := api.media_paths(planned.deck)):
            _say(f"{self.source}: printed without its media: {', '.join(media)}", error=True)
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()

    def as_data(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "ok": not self.failed,
            "path": str(self.path) if self.path else None,
            "message": self.message,
            "diagnostics": [_diagnostic_data(d) for d in self.diagnostics],
            "losses": [_loss_data(loss) for loss in self.losses],
            "notices": [{"code": n.code, "message": n.message, "span": _span_data(n.span)} for n in self.notices],
        }


@contextmanager
def _caught(outcome: _Outcome) -> Iterator[None]:
    """One bad deck, or one bad plugin, does not stop the others."""
    try:
        yield
        return
    except InvalidDeck as error:
        outcome.diagnostics = error.diagnostics
        outcome.message = f"{outcome.source}: not a valid deck"
        _say(report(error.diagnostics), error=True)
    except CardforgeError as error:
        message = str(error)
        outcome.message = message if message.startswith(outcome.source) else f"{outcome.source}: {message}"
        _say(outcome.message, error=True)
    except OSError:
        raise  # of the output, or of a path: the message at the end says it
    except (Exception, RecursionError, MemoryError) as error:
        if os.environ.get("CARDFORGE_DEBUG"):
            raise
        outcome.message = _internal(error)
        _say(f"{outcome.source}: {outcome.message}", error=True)
    outcome.failed = True


def _load(file: _Found, source: str | None, targets: Sequence[str], outcomes: list[_Outcome]) -> Deck | None:
    from cardforge import api

    failure = _Outcome(str(file.path), ", ".join(targets))
    deck: Deck | None = None
    with _caught(failure):
        deck = api.load(file.path, source)
    if deck is None:
        outcomes.append(failure)
    elif deck.origin.warnings:
        _say(report(deck.origin.warnings), error=True)
    return deck


def _options_by_target(kinds: Mapping[str, type[Exporter]], settings: Iterable[str]) -> dict[str, dict[str, str]]:
    """The settings each target gets. A wrong one is wrong usage, found before anything is read."""
    options: dict[str, dict[str, str]] = {name: {} for name in kinds}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise InvalidOption(f"--set takes KEY=VALUE, and this is {setting!r}")
        target, dot, option = key.rpartition(".")
        if dot and target not in kinds:
            raise InvalidOption(f"--set {setting}: {target!r} is not among the targets ({', '.join(kinds)})")
        takers = [target] if dot else [name for name, kind in kinds.items() if key in kind.model_fields]
        if not takers or (dot and option not in kinds[target].model_fields):
            known = sorted({known for name in takers or kinds for known in kinds[name].model_fields})
            guess = nearest(option, known)
            hint = f"did you mean {guess!r}?" if guess else "known: " + (", ".join(known) or "none")
            raise InvalidOption(f"--set {setting}: {' and '.join(takers or kinds)} has no option {option!r}; {hint}")
        for name in takers:
            options[name][option] = value
    from pydantic import ValidationError

    for name, kind in kinds.items():
        try:
            kind(**options[name])
        except ValidationError as error:
            wrong = "; ".join(f"{d['loc'][0]}: {d['msg']}" for d in error.errors())
            raise InvalidOption(f"--set for {name}: {wrong}") from None
    return options


def _find(sources: Sequence[str], source: str | None, written_suffixes: set[str]) -> list[_Found]:
    """The files to read: those named, and those in the folders named that some source reads by suffix."""
    from cardforge import registry

    suffixes = registry.source(source).suffixes if source else registry.suffixes()
    found: dict[Path, _Found] = {}
    for name in sources:
        path = Path(name)
        if not path.is_dir():
            found.setdefault(path, _Found(path))
            continue
        inside = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in suffixes
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
            and file.is_file()
        )
        stems = {file.with_suffix("") for file in inside if file.suffix not in written_suffixes}
        for file in inside:
            if file.suffix not in written_suffixes or file.with_suffix("") not in stems:
                found.setdefault(file, _Found(file, file.parent.relative_to(path), in_folder=True))
            else:
                _say(f"{file}: left out: an export of the deck beside it has this name", error=True)
        if not inside:
            _fail(f"{name}: the folder has no file that can be read ({', '.join(suffixes)})", 1)
    return list(found.values())


class _Outputs:
    """Where each export goes. No output may overwrite an input, or another output."""

    def __init__(
        self, out: str | None, several: bool, suffixes: set[str], inputs: Sequence[_Found], report_file: Path | None
    ) -> None:
        self._print = out == "-"
        self._out = Path(out) if out and not self._print else None
        self._is_folder = self._out is not None and (several or self._out.is_dir() or str(out).endswith(("/", os.sep)))
        self._inputs = {found.path.resolve() for found in inputs}
        self._taken: dict[Path, str] = {}
        if report_file:
            if report_file.resolve() in self._inputs:
                raise InvalidOption(f"--report {report_file} would overwrite that input; name another file")
            self._taken[report_file.resolve()] = "the report"
        if self._print and several:
            raise InvalidOption("--out - prints one export; name one source and one target")
        if self._is_folder and self._out and (self._out.is_file() or self._out.suffix in suffixes):
            raise InvalidOption(f"--out {out} is a file, and there may be several exports; name a folder")

    def path(self, found: _Found, planned: Plan) -> Path | None:
        """The file to write, or None for standard output."""
        if self._print:
            return None
        name = Path(found.path.stem + planned.exporter.file_suffix())
        if self._out is None:
            path = found.path.parent / name
        else:
            path = self._out / found.below / name if self._is_folder else self._out
        real = path.resolve()
        if real in self._inputs:
            raise OutputRefused(f"the export would overwrite its input {path}; say where to with --out")
        if real in self._taken:
            raise OutputRefused(f"{path} is there for {self._taken[real]}; say where to with --out FOLDER")
        self._taken[real] = f"the export of {found.path}"
        return path


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


# --- the other commands --------------------------------------------------------------------------


@app.command()
def check(
    sources: Sources,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="TARGET", help="Also say what this target cannot hold.")
    ] = None,
    source: From = None,
) -> None:
    """Say every mistake in decks, and with --to what a target would lose. Writes nothing."""
    from cardforge import api, registry

    for name in to or ():
        registry.exporter(name)
    if source:
        registry.source(source)
    failed = False
    for file in _find(sources, source, set()):
        outcome = _Outcome(str(file.path), "")
        with _caught(outcome):
            deck = api.load(file.path, source)
            if wrong := api.check_targets(deck):
                raise InvalidDeck((*deck.origin.warnings, *wrong))
            if deck.origin.warnings:
                _say(report(deck.origin.warnings), error=True)
            count = sum(1 for _ in deck.entries())
            for name in to or ():
                _say_losses(str(file.path), name, api.plan(deck, name).losses)
            warnings = len(deck.origin.warnings)
            told = f", {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
            _say(f"{file.path}: {count:,} item{'s' if count != 1 else ''}, no mistakes{told}")
        failed = failed or outcome.failed
    raise typer.Exit(1 if failed else 0)


@app.command()
def formats(
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON, capabilities included.")] = False,
) -> None:
    """List the formats that can be read and written, and the options of each."""
    from cardforge import registry

    sources, broken_sources = _loaded(registry.source_names(), registry.source)
    exporters, broken_exporters = _loaded(registry.exporter_names(), registry.exporter)
    if as_json:
        data = {
            "sources": [
                {"name": name, "summary": s.summary, "suffixes": list(s.suffixes)} for name, s in sources.items()
            ],
            "exporters": [
                {
                    "name": name,
                    "summary": e.summary,
                    "suffix": e.suffix,
                    "options": e.model_json_schema().get("properties", {}),
                    "capabilities": {
                        feature.value: {"level": support.level.value, "how": support.how}
                        for feature, support in e.capabilities.items()
                    },
                }
                for name, e in exporters.items()
            ],
            "broken": {"sources": broken_sources, "exporters": broken_exporters},
        }
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    typer.echo("Sources (export SOURCE, or --from NAME)")
    for name, reader in sources.items():
        typer.echo(f"  {name:<10} {' '.join(reader.suffixes):<16} {reader.summary}")
    typer.echo("\nTargets (--to NAME)")
    for name, kind in exporters.items():
        typer.echo(f"  {name:<10} {kind.suffix:<16} {kind.summary}")
        for option, info in kind.model_fields.items():
            values = getattr(info.annotation, "__args__", None)
            shown = "|".join(map(str, values)) if values else getattr(info.annotation, "__name__", "value")
            typer.echo(f"    --set {option}={shown}  {info.description or ''} (default: {info.default})")
    if broken := [*broken_sources.values(), *broken_exporters.values()]:
        typer.echo("\nInstalled, but broken")
        for message in broken:
            typer.echo(f"  {message}")


def _loaded(names: Iterable[str], load: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The formats that can be loaded, by name, and what is wrong with the others."""
    loaded: dict[str, Any] = {}
    broken: dict[str, str] = {}
    for name in names:
        try:
            loaded[name] = load(name)
        except BrokenPlugin as error:
            broken[name] = str(error)
    return loaded, broken


@app.command()
def schema() -> None:
    """Print the JSON Schema of the deck format, for editors that complete and check YAML."""
    from cardforge.schema import deck_schema

    typer.echo(json.dumps(deck_schema(), indent=2, ensure_ascii=False))


@app.command()
def ids(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The deck to write ids into.")],
    source: From = None,
) -> None:
    """Write an id into the deck and every item that lacks one; leave every other byte as it is.

    A learner's review history hangs on these ids: with them, any text may be edited later.
    """
    from cardforge import api

    path = Path(file)
    data, added = api.stamp_ids(path, source)
    if added:
        try:
            with api.replacing(path) as out:
                out.write(data)
        except OSError as error:
            raise OutputRefused(f"{path} cannot be written: {error.strerror or error}") from error
    _say(f"{file}: {added} id{'s' if added != 1 else ''} added" if added else f"{file}: every item has its id already")


@app.command()
def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The deck to begin.")] = "deck.yaml",
) -> None:
    """Begin a deck: a small file that shows every kind of item."""
    from importlib.resources import files

    from cardforge import api
    from cardforge.model import slug

    path = Path(file)
    if path.exists() or path.is_symlink():
        raise OutputRefused(f"{file} is there already; name another file")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InvalidOption(f"{file}: a new deck is YAML; name it with the suffix .yaml")
    starter = files("cardforge").joinpath("starter.yaml").read_text(encoding="utf-8")
    title = path.stem.replace("-", " ").replace("_", " ").strip() or "My deck"
    try:
        with api.replacing(path) as out:
            out.write(
                starter.replace("TITLE", json.dumps(title.capitalize(), ensure_ascii=False))
                .replace("SLUG", slug(title))
                .encode()
            )
    except OSError as error:
        raise OutputRefused(f"{path} cannot be written: {error.strerror or error}") from error
    _say(f"{file} written; edit it, then: cardforge export {file} --to anki")


# --- printing ------------------------------------------------------------------------------------


def _say(text: str, error: bool = False) -> None:
    """Print. Standard output has what was done; standard error what a person should read."""
    typer.echo(text, err=error)


def _say_losses(source: str, target: str, losses: Sequence[Loss]) -> None:
    """A heading for each feature and, below it, the items that are affected: what is dropped comes first."""
    groups: dict[tuple[str, str], list[Loss]] = {}
    for level in ("dropped", "adapted"):
        for loss in losses:
            if loss.level.value == level:
                groups.setdefault((level, loss.feature.value), []).append(loss)
    if not groups:
        return
    counts = Counter(loss.level.value for loss in losses)
    told = " and ".join(f"{counts[level]:,} {level}" for level in ("dropped", "adapted") if counts[level])
    _say(f"{source} -> {target}: not everything is held as it is: {told}", error=True)
    shares = _shares([len(group) for group in groups.values()], MOST_SHOWN)
    for ((level, feature), group), share in zip(groups.items(), shares, strict=True):
        explanations = {loss.how for loss in group}
        common = explanations.pop() if len(explanations) == 1 else ""
        times = f", {len(group):,} times" if len(group) > 1 else ""
        _say(f"  {level}{times}: {feature}" + (f" ({common})" if common else ""), error=True)
        for loss in group[:share]:
            words = (str(loss.span or ""), loss.item, loss.how if loss.how != common else "")
            _say("    " + ": ".join(filter(None, words)), error=True)
        if share < len(group):
            _say(f"    … and {len(group) - share:,} more", error=True)
    if len(losses) > MOST_SHOWN:
        _say("  cardforge export --report FILE writes down every one", error=True)


def _shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many of each group to show, so that a large group takes no room from the small ones."""
    shares = [0] * len(sizes)
    for place, index in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        shares[index] = min(sizes[index], most // (len(sizes) - place))
        most -= shares[index]
    return shares


def _internal(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory for this file"
    return f"this is a fault of cardforge or of a plugin, not yours: {type(error).__name__}: {error}"


def _fail(message: str, code: int) -> NoReturn:
    _say(message, error=True)
    raise SystemExit(code)


def _write_report(path: Path, outcomes: Sequence[_Outcome]) -> None:
    from cardforge import api

    data = {"cardforge": __version__, "exports": [outcome.as_data() for outcome in outcomes]}
    try:
        with api.replacing(path) as out:
            # What is no text in a file's name becomes \\udc.., which JSON has.
            out.write((json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode(errors="backslashreplace"))
    except OSError as error:
        raise OutputRefused(f"{path} cannot be written: {error.strerror or error}") from error


def _span_data(span: Span | None) -> dict[str, Any] | None:
    return {"path": span.path, "line": span.line, "column": span.column} if span else None


def _diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "fix": diagnostic.fix,
        "span": _span_data(diagnostic.span),
    }


def _loss_data(loss: Loss) -> dict[str, Any]:
    return {
        "feature": loss.feature.value,
        "level": loss.level.value,
        "how": loss.how,
        "item": loss.item or None,
        "span": _span_data(loss.span),
    }
