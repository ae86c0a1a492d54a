"""What is wrong with a plugin is told of that plugin, and breaks no other; what a name or a file was meant to be is said."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import pytest

from cardforge import BrokenPlugin, Deck, UnknownFormat, load, registry
from cardforge.document import read_document
from cardforge.fidelity import Capabilities, Feature, everything_native
from cardforge.plugin import Context, Draft, Exporter, Options
from tests.cli.fakes import install
from tests.cli.program import cardforge


class Mine:
    """A source as it should be."""

    name: ClassVar[Any] = "mine"
    summary: ClassVar[Any] = "mine"
    suffixes: ClassVar[Any] = (".mine",)

    def read(self, path: Path) -> Draft:
        return Draft({}, read_document(path))


class NoSuffixes(Mine):
    suffixes = None


class NumberForSuffixes(Mine):
    suffixes = 5


class TextForSuffixes(Mine):
    suffixes = ".foo"


class NoDot(Mine):
    suffixes = ("foo",)


class Capitals(Mine):
    suffixes = (".FOO",)


class NoSummary(Mine):
    summary = None


class TextForRank(Mine):
    rank = "first"


class NoMethod(Mine):
    recognises = "always"


class Needy(Mine, Options):
    """Has an option that must be given, and is made without any."""

    suffixes: ClassVar[Any] = (".mine",)
    key: str


class Ending(Mine):
    def __init__(self) -> None:
        raise SystemExit


class Writing(Exporter):
    """An exporter as it should be."""

    name: ClassVar[Any] = "writing"
    summary: ClassVar[Any] = "writes"
    suffix: ClassVar[Any] = ".written"
    capabilities: ClassVar[Capabilities] = everything_native()

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(b"x")


class NoSuffix(Writing):
    suffix: ClassVar[Any] = None


class Folder(Writing):
    suffix: ClassVar[Any] = ".a/b"


class ListOfCapabilities(Writing):
    capabilities: ClassVar[Any] = [Feature.TAGS]


class WordsForCapabilities(Writing):
    capabilities: ClassVar[Any] = {Feature.TAGS: "native"}


class Abstract(Exporter):
    name: ClassVar[str] = "writing"
    summary: ClassVar[str] = "writes nothing"
    suffix: ClassVar[str] = ".written"
    capabilities: ClassVar[Capabilities] = {}


class NeedyWriting(Writing):
    key: str


SOURCES = [
    (NoSuffixes, "has suffixes = None"),
    (NumberForSuffixes, "has suffixes = 5"),
    (TextForSuffixes, "has suffixes = '.foo'"),
    (NoDot, "has suffixes = ('foo',)"),
    (Capitals, "has suffixes = ('.FOO',)"),
    (NoSummary, "has summary = None; it must be a text"),
    (TextForRank, "has rank = 'first'; it must be a whole number"),
    (NoMethod, "has recognises = 'always'; it must be a method"),
    (Needy, "has the option 'key' without a default; give it one, such as None"),
    (Ending, "cannot be made: it ends the program (SystemExit: None)"),
]
EXPORTERS = [
    (NoSuffix, "has suffix = None; it must be a text that begins with a dot, such as '.txt'"),
    (Folder, "has suffix = '.a/b'"),
    (ListOfCapabilities, "has capabilities = [<Feature.TAGS: 'tags'>]"),
    (WordsForCapabilities, "it must be a mapping of Feature to NATIVE"),
    (Abstract, "has no write method"),
    (NeedyWriting, "has the option 'key' without a default"),
]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("title: T\nitems: [{type: flashcard, front: Q, back: A}]\n")


# --- what a class must have ----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "told"), SOURCES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_source_that_is_none_is_told_and_breaks_nothing(
    kind: type, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, sources={"mine": f"{__name__}:{kind.__name__}"})
    with pytest.raises(BrokenPlugin, match="the source 'mine' ") as broken:
        registry.source("mine")
    assert told in str(broken.value)
    assert cardforge("check", ".").code == 0


@pytest.mark.parametrize(("kind", "told"), EXPORTERS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_exporter_that_is_none_is_told_and_breaks_nothing(
    kind: type, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, {"writing": f"{__name__}:{kind.__name__}"})
    with pytest.raises(BrokenPlugin, match="the exporter 'writing' ") as broken:
        registry.exporter("writing")
    assert told in str(broken.value)
    assert cardforge("export", ".", "--to", "csv").code == 0


def test_a_folder_with_a_file_of_a_broken_exporters_suffix_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, {"broken": "no_such_module:Exporter"})
    Path("b.csv").write_text("front,back\na,b\n")
    assert cardforge("check", ".").code == 0


def test_what_is_broken_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, {"writing": f"{__name__}:NoSuffix"}, {"mine": f"{__name__}:NoSuffixes"})
    ran = cardforge("formats")
    assert (ran.code, ran.out.partition("Installed, but broken")[2].count(" = None; it must")) == (0, 2)


@pytest.mark.parametrize(("kind", "install_as"), [(Mine, "sources"), (Writing, "exporters")])
def test_what_is_right_is_taken(kind: Any, install_as: str, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, **{install_as: {kind.name: f"{__name__}:{kind.__name__}"}})
    found: object = registry.source("mine") if kind is Mine else registry.exporter("writing")
    assert found is Writing or type(found) is Mine


# --- one name, several packages ------------------------------------------------------------------


class Package(Distribution):
    """An installed package, as far as an entry point knows it."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def metadata(self) -> Any:
        return {"Name": self._name, "Version": "1.0"}

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: Any) -> Any:
        raise NotImplementedError


def entry(name: str, package: str) -> EntryPoint:
    found = EntryPoint(name, f"{package}:Exporter", registry.EXPORTERS)
    vars(found)["dist"] = Package(package)
    return found


def chosen(*entries: EntryPoint) -> Mapping[str, EntryPoint | str]:
    return registry.chosen(registry.EXPORTERS, entries)


@pytest.mark.parametrize("order", [1, -1])
def test_cardforges_own_format_is_never_replaced(order: int) -> None:
    own, other = entry("anki", "cardforge"), entry("anki", "other")
    entries = chosen(*[own, other][::order])
    assert entries["anki"] is own
    assert entries["anki (other 1.0)"] == (
        "the exporter 'anki' of other 1.0 is not used: cardforge has one of this name; its author must give it another"
    )


def test_of_two_packages_with_one_name_neither_is_used() -> None:
    entries = chosen(entry("mochi", "one"), entry("mochi", "two"), entry("word", "three"))
    assert list(entries) == ["mochi", "word"]
    assert entries["mochi"] == (
        "there are several packages with an exporter 'mochi': one 1.0 and two 1.0; uninstall all but one of them"
    )


def test_what_is_not_used_is_listed_as_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {**registry._entries(registry.EXPORTERS), **chosen(entry("mochi", "one"), entry("mochi", "two"))}
    sources = registry._entries(registry.SOURCES)
    monkeypatch.setattr(registry, "_entries", lambda group: sources if group == registry.SOURCES else entries)
    assert "several packages with an exporter 'mochi'" in cardforge("formats").out
    assert cardforge("export", "a.yaml", "--to", "mochi").code == 2


# --- what was meant ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("apkg", "did you mean 'anki'?"),
        (".apkg", "did you mean 'anki'?"),
        (".md", "did you mean 'markdown'?"),
        ("excel", "did you mean 'xlsx'?"),
        ("Excel", "did you mean 'xlsx'?"),
        ("quizlet", "did you mean csv (--set profile=quizlet)?"),
        ("json", "json is read and not written; there are: aiken, anki,"),
        ("true", "there are: aiken, anki,"),
    ],
)
def test_a_target_is_suggested_by_what_it_writes(name: str, told: str) -> None:
    with pytest.raises(UnknownFormat) as unknown:
        registry.exporter(name)
    assert str(unknown.value).startswith(f"there is no exporter {name!r}; {told}")


@pytest.mark.parametrize(("name", "told"), [("excel", "'xlsx'"), (".colpkg", "'apkg'"), ("yml", "'yaml'")])
def test_a_source_is_suggested_by_what_it_reads(name: str, told: str) -> None:
    with pytest.raises(UnknownFormat, match=f"did you mean {told}"):
        registry.source(name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "a.docx",
            "this is a Word document, which cardforge does not read; copy what is to be learnt into a text file",
        ),
        ("a.ODT", "this is a LibreOffice document"),
        ("a.pdf", "this is a PDF"),
        ("a.pptx", "this is a presentation"),
        ("a.png", "this is a picture, and no deck; name it in a deck's text"),
        ("a.html", "this is a web page"),
    ],
)
def test_a_file_that_is_no_deck_is_told_for_what_it_is(name: str, told: str) -> None:
    Path(name).write_text("<p>Something</p>")
    with pytest.raises(UnknownFormat) as unknown:
        load(name)
    assert str(unknown.value).startswith(f"{name}: {told}")


def test_a_text_with_a_header_is_not_told_other_columns() -> None:
    """What names its columns itself would be read as something else with those of an example."""
    Path("a.txt").write_text("subject,difficulty,hint,front,back\nbio,easy,h,Q,A\n")
    with pytest.raises(UnknownFormat, match=r"say which it is: --from aiken, --from csv, ") as unknown:
        load("a.txt")
    assert "columns" not in str(unknown.value)
