"""The command line. It finds files, prints and sets exit codes; all else is done by `cardforge.api`.

Exit codes: 0 done, 1 the input is at fault, 2 wrong usage. Everything heavy is imported inside the commands,
so that ``--help`` answers at once.

export.py     the export command
files.py      which files are read, and where each export goes
folder.py     the decks in a folder
printing.py   what is said, to a person and as JSON
report.py     the report that --report writes
settings.py   what --set says, and to which format
telling.py    what becomes of each export, said while it happens
told.py       the mistakes and warnings of a file, each cause once
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cardforge import __version__
from cardforge.cli.export import From, Outcome, Settings, Sources, caught, export
from cardforge.cli.files import find
from cardforge.cli.printing import counted, fail, internal_message, say, say_losses
from cardforge.cli.settings import Reading, kinds_of_sources, options_of
from cardforge.cli.told import say_warnings
from cardforge.diagnostics import (
    BrokenPlugin,
    CardforgeError,
    InvalidDeck,
    InvalidOption,
    OutputRefused,
    UnknownFormat,
)

app = typer.Typer(
    help="Write study material once; export it to the tools that people study with.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(export)


def main() -> None:
    """Run the command line; no failure shows a traceback unless CARDFORGE_DEBUG is set."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal may lack a character, and a file's name need not be text.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for name in _ENDINGS:
        # As with Ctrl+C, no half-written file stays behind; but what is to be ignored (nohup) is.
        if (number := getattr(signal, name, None)) and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    try:
        app()
    except (InvalidOption, UnknownFormat, BrokenPlugin) as error:
        fail(str(error), 2)
    except CardforgeError as error:
        fail(str(error), 1)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            fail(f"{error.filename or 'the output'}: {error.strerror or error}", 1)
        # Whoever reads the output has heard enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except (Exception, RecursionError, MemoryError) as error:
        if os.environ.get("CARDFORGE_DEBUG"):
            raise
        fail(f"{internal_message(error)}\nset CARDFORGE_DEBUG=1 to see where", 1)


_ENDINGS = ("SIGTERM", "SIGHUP")


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"cardforge {__version__}")
        raise typer.Exit


@app.command(short_help="Say every mistake in decks.")
def check(
    sources: Sources,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="TARGET", help="Also say what this target cannot hold.")
    ] = None,
    source: From = None,
    settings: Settings = None,
) -> None:
    """Say every mistake in decks, and with --to what a target would lose. Writes nothing."""
    from cardforge import api, registry

    kinds = {name: registry.exporter(name) for name in to or ()}
    options = options_of([*kinds.values(), *kinds_of_sources(source)], settings or ())
    reading = Reading(source, options)
    found = find(sources, reading, set())
    reading.check(file.path for file in found)
    failed = False
    for file in found:
        outcome = Outcome(str(file.path), "")
        with caught(outcome):
            deck = reading.load(file.path)
            if wrong := api.check_targets(deck):
                raise InvalidDeck((*deck.origin.warnings, *wrong))
            warnings = say_warnings(deck)
            for name, kind in kinds.items():
                say_losses(str(file.path), name, api.plan(deck, name, strict=False, **options[kind]).losses)
            told = f", {warnings:,} warning{'s' if warnings != 1 else ''}" if warnings else ""
            say(f"{file.path}: {counted(deck)}, no mistakes{told}")
        failed = failed or outcome.failed
    raise typer.Exit(1 if failed else 0)


@app.command(short_help="List the formats and their options.")
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
                {"name": name, "summary": s.summary, "suffixes": list(s.suffixes), "options": _option_schema(s)}
                for name, s in sources.items()
            ],
            "exporters": [
                {
                    "name": name,
                    "summary": e.summary,
                    "suffix": e.suffix,
                    "options": _option_schema(e),
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
        _echo_format(name, " ".join(reader.suffixes), reader.summary)
        _echo_options(type(reader))
    typer.echo("\nTargets (--to NAME)")
    for name, kind in exporters.items():
        _echo_format(name, kind.suffix, kind.summary)
        _echo_options(kind)
    if broken := [*broken_sources.values(), *broken_exporters.values()]:
        typer.echo("\nInstalled, but broken")
        for message in broken:
            typer.echo(f"  {message}")


def _option_schema(kind: Any) -> Mapping[str, Any]:
    kind = kind if isinstance(kind, type) else type(kind)
    found: Mapping[str, Any] = kind.model_json_schema().get("properties", {}) if _has_options(kind) else {}
    return found


def _echo_format(name: str, suffixes: str, summary: str) -> None:
    head = f"  {name:<10} {suffixes:<16}"
    _echo_below(f"{head} " if len(head) <= _SUMMARY_AT else head, summary, _SUMMARY_AT)


def _echo_options(kind: type[Any]) -> None:
    for option, info in kind.model_fields.items() if _has_options(kind) else ():
        shown = str(info.default).lower() if isinstance(info.default, bool) else info.default
        default = "" if shown in (None, "") else f" (default:{_KEPT_SPACE}{shown})"
        head = f"    --set {option}={'|'.join(kind.option_values(option))}  "
        _echo_below(head, f"{info.description or ''}{default}", _OPTION_AT)


def _echo_below(head: str, text: str, column: int) -> None:
    """A head, and text behind it where both fit into a line, or else in lines of their own from this column on."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    lines = [text]
    if len(head) + len(text) > width:
        below = textwrap.wrap(text, max(width - column, _NARROWEST), break_long_words=False, break_on_hyphens=False)
        lines = below if below and len(head) == column else ["", *below]
    lines[:1] = [head + line for line in lines[:1]]
    for number, line in enumerate(lines):
        typer.echo((" " * column if number else "") + line.rstrip().replace(_KEPT_SPACE, " "))


_KEPT_SPACE = "\N{NO-BREAK SPACE}"
_SUMMARY_AT = 30
_OPTION_AT = 8
_WIDEST = 100
_NARROWEST = 30


def _has_options(kind: type[Any]) -> bool:
    from cardforge.plugin import Options

    return issubclass(kind, Options)


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


@app.command(short_help="Print the JSON Schema of decks.")
def schema() -> None:
    """Print the JSON Schema of the deck format, for editors that complete and check YAML."""
    from cardforge.schema import deck_schema

    typer.echo(json.dumps(deck_schema(), indent=2, ensure_ascii=False))


@app.command(short_help="Write the missing ids into a deck.")
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
        with api.replacing(path) as out:
            out.write(data)
    say(f"{file}: {added} id{'s' if added != 1 else ''} added" if added else f"{file}: every item has its id already")


@app.command(short_help="Begin a deck with every kind of item.")
def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The deck to begin.")] = "deck.yaml",
) -> None:
    """Begin a deck: a small file that shows every kind of item."""
    from importlib.resources import files

    from cardforge import api
    from cardforge.model import slug

    if not file.strip():
        raise InvalidOption("a new deck needs a name: cardforge new deck.yaml")
    path = Path(file)
    if path.exists() or path.is_symlink():
        raise OutputRefused(f"{file} is there already; name another file")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InvalidOption(f"{file}: a new deck is YAML; name it with the suffix .yaml")
    starter = files("cardforge").joinpath("starter.yaml").read_text(encoding="utf-8")
    title = path.stem.replace("-", " ").replace("_", " ").strip() or "My deck"
    with api.replacing(path) as out:
        out.write(
            starter.replace("TITLE", json.dumps(title[0].upper() + title[1:], ensure_ascii=False))
            .replace("SLUG", slug(title))
            .encode()
        )
    command = f"cardforge export {shlex.quote(file)} --to anki"
    say(f"{file} written; edit it, then: {command} (cardforge formats: the other targets)")


@app.command(short_help="Show a deck's study page while you edit it.")
def preview(
    file: Annotated[str, typer.Argument(metavar="SOURCE", help="The deck.")],
    source: From = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="An option of html, or of the deck's format; see formats."),
    ] = None,
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", help="By default, any that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Serve a deck's study page to this computer's browser, and show each change as soon as the deck is saved.

    While the deck has mistakes, the page shows them. Ctrl+C ends it.
    """
    from cardforge import registry
    from cardforge.preview import Preview, serve

    if source:
        registry.source(source)
    path = Path(file)
    if path.is_dir():
        _name_one_of(file, source)
    if not path.is_file():
        fail(f"{file}: there is no such file", 1)
    html = registry.exporter("html")
    options = options_of([html, *kinds_of_sources(source)], settings or ())
    reading = Reading(source, options)
    reading.check([path])
    shown = Preview(path, source=source, source_options=reading.settings_for(path), options=options[html])
    with serve(shown, port) as server:
        say(f"{file} is shown at {server.url} (Ctrl+C ends it)")
        sys.stdout.flush()
        if browser:
            typer.launch(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("")


def _name_one_of(folder: str, source: str | None) -> NoReturn:
    """Fail for a folder where one deck is wanted, with the commands for the decks in it."""
    decks = [found.path for found in find([folder], Reading(source), {".html"})]
    commands = [f"  cardforge preview {shlex.quote(str(deck))}" for deck in decks[:_MOST_COMMANDS]]
    more = [f"  … and {len(decks) - _MOST_COMMANDS:,} more"] if len(decks) > _MOST_COMMANDS else []
    fail("\n".join([f"{folder} is a folder, and a preview shows one deck; say which one:", *commands, *more]), 1)


_MOST_COMMANDS = 10
