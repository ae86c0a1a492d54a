"""What a plugin does wrong while it is used is told as its own fault, by its name; files stay, and others go on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, TypeVar, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cardforge
from cardforge import (
    BrokenPlugin,
    CardforgeError,
    Deck,
    Feature,
    Flashcard,
    InvalidDeck,
    Loss,
    LossyExport,
    Notice,
    OutputRefused,
    Section,
    api,
    plugin_calls,
)
from cardforge.diagnostics import Loc, Problem
from cardforge.document import read_document
from cardforge.fidelity import NATIVE, Capabilities, Level, adapted, dropped, everything_native
from cardforge.plugin import Context, Draft, Exporter, Standing
from tests.cli.fakes import MINE, install
from tests.cli.program import cardforge as program

T = TypeVar("T")
CARD = "- {type: flashcard, front: Q, back: A}\n"
TEXT = f"title: T\nitems:\n{CARD}"
DECK = Deck(title="T", items=(Flashcard(front="Q", back="A"),))


class Odd(Exporter):
    """Does what it is told in ``does``, at the place that it names; else writes an x."""

    name: ClassVar[str] = "odd"
    summary: ClassVar[str] = "odd"
    suffix: ClassVar[str] = ".odd"
    capabilities: ClassVar[Capabilities] = everything_native()
    does: str = ""

    def _do(self, place: str, usual: T) -> T:
        where, _, what = self.does.partition(" ")
        if where != place:
            return usual
        found = eval(what)
        if isinstance(found, BaseException):
            raise found
        return cast(T, found)

    def file_suffix(self) -> str:
        return self._do("file_suffix", ".odd")

    def supports(self) -> Capabilities:
        return self._do("supports", self.capabilities)

    def limits(self, deck: Deck) -> Iterable[Loss]:
        return self._do("limits", ())

    def refuses(self, deck: Deck) -> Sequence[Problem]:
        return self._do("refuses", ())

    def standing(self, previous: bytes, deck: Deck) -> Standing:
        return self._do("standing", Standing.OF_DECK)

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        context.notify(self._do("notify", Notice("c", "m")))
        if self._do("close", None):
            TextIOWrapper(out).close()
        else:
            out.write(self._do("write", b"x"))


class Cards:
    """A card a line, its sides parted by ``=``; the first line may have ids. Does what the name of the file says."""

    name: ClassVar[str] = "cards"
    summary: ClassVar[str] = "a card a line"
    suffixes: ClassVar[tuple[str, ...]] = (".cards",)

    def read(self, path: Path) -> Draft:
        document = read_document(path)
        match path.stem:
            case "raises":
                raise ZeroDivisionError("no lines")
            case "ends":
                raise SystemExit
            case "silent":
                raise InvalidDeck([])
            case "gives":
                return "a deck"  # type: ignore[return-value]
            case "odd":
                return Draft({"title": path.stem, "items": [{object(): 1}]}, document, Nowhere())
        head, _, text = document.text.rpartition("#\n")
        ids = head.splitlines()
        cards = [line.split("=") for line in text.splitlines()]
        items: list[dict[str, str]] = [{"type": "flashcard", "front": card[0], "back": card[1]} for card in cards]
        data: dict[str, Any] = {"title": path.stem, "items": items}
        for part, name in zip([data, *items], ids, strict=False):
            part["id"] = name
        return Draft(data, document)

    def stamp(self, draft: Draft, ids: Mapping[Loc, str]) -> Iterable[tuple[int, str]]:
        stem = Path(draft.document.path).stem
        lines = "\n".join(ids.values())
        return {
            "before": [(-1, lines)],
            "behind": [(1000, lines)],
            "inside": [(1, f"{lines}\n#\n")],
            "other": [(0, f"{lines}x\n#\n")],
            "number": [(0, 5)],
            "pair": [0, ""],
        }.get(stem, [(0, f"{lines}\n#\n")])  # type: ignore[return-value]


class Nowhere:
    """Fails at saying where anything stands."""

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        raise KeyError(loc)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    install(monkeypatch, {**MINE, "odd": f"{__name__}:Odd"}, {"cards": f"{__name__}:Cards"})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000")


# --- exporters -----------------------------------------------------------------------------------

FAULTS = [
    ("limits ValueError('boom')", "saying what this deck loses, which is not your fault: ValueError: boom"),
    ("limits ['a loss']", "limits gives 'a loss'"),
    ("limits [Loss(Feature.TAGS, adapted('x'), '')]", "limits gives Loss("),
    ("limits None", "saying what this deck loses"),
    ("refuses ValueError('boom')", "saying what it refuses, which is not your fault: ValueError: boom"),
    ("refuses ['no']", "refuses gives 'no', and should give each a Problem"),
    ("refuses InvalidDeck([])", "it raises InvalidDeck without saying what is wrong"),
    ("supports ValueError('boom')", "saying what it holds, which is not your fault: ValueError: boom"),
    ("supports {'tags': 'native'}", "supports gives {'tags': 'native'}"),
    ("file_suffix ValueError('boom')", "naming its file, which is not your fault: ValueError: boom"),
    ("file_suffix 'odd'", "file_suffix gives 'odd', and should give a text that begins with a dot"),
    ("file_suffix None", "file_suffix gives None"),
    ("write RuntimeError('boom')", "writing this deck, which is not your fault: RuntimeError: boom"),
    ("write FileNotFoundError(2, 'No such file', 'its.template')", "No such file: 'its.template'"),
    ("write SystemExit()", "it ends the program (SystemExit: None)"),
    ("write b''", "write has written nothing"),
    ("write 'text'", "writing this deck, which is not your fault: TypeError"),
    ("close True", "write closes the file that it is given, and may not"),
    ("notify 'something'", "notify gives 'something', and should give a Notice"),
    ("notify Notice('c', None)", "should give a Notice with a code, a message"),
]


@pytest.mark.parametrize(("does", "told"), FAULTS)
def test_an_exporters_fault_names_it(does: str, told: str) -> None:
    with pytest.raises(BrokenPlugin) as broken:
        cardforge.export(DECK, "odd", does=does)
    assert str(broken.value).startswith("the exporter 'odd' (tests) fails at ")
    assert told in str(broken.value)


@pytest.mark.parametrize("does", [does for does, _ in FAULTS] + ["standing KeyError()", "standing True"])
def test_it_leaves_the_old_file_and_does_not_stop_the_others(does: str) -> None:
    for name in "ab":
        Path(f"{name}.yaml").write_text(TEXT)
    Path("a.odd").write_bytes(b"old")
    ran = program("export", "a.yaml", "b.yaml", "--to", "odd", "--to", "titles", "--set", f"odd.does={does}")
    assert (ran.code, Path("a.odd").read_bytes(), Path("b.txt").exists()) == (1, b"old", True)
    assert "a.yaml: the exporter 'odd' (tests) fails at " in ran.err
    assert not list(Path().glob(".*"))


def test_the_one_of_several_targets_that_fails_is_named() -> None:
    Path("a.yaml").write_text(TEXT)
    ran = program("export", "a.yaml", "--to", "titles", "--to", "odd", "--set", "odd.does=limits ValueError('boom')")
    assert ran.err.splitlines()[-2] == (
        "a.yaml: the exporter 'odd' (tests) fails at saying what this deck loses, which is not your fault: "
        "ValueError: boom; CARDFORGE_DEBUG=1 shows where"
    )


def test_what_an_exporter_refuses_is_no_fault() -> None:
    with pytest.raises(OutputRefused, match=r"^not there$"):
        cardforge.export(DECK, "odd", does="write OutputRefused('not there')")


def test_a_signal_that_ends_the_program_ends_it() -> None:
    with pytest.raises(SystemExit):
        cardforge.export(DECK, "odd", does="write SystemExit(143)")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_an_output_that_cannot_be_written_is_no_fault_of_the_exporter() -> None:
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
    try:
        with pytest.raises(OutputRefused, match=r"^a\.odd cannot be written: File too large$"):
            cardforge.write(DECK, "odd", "a.odd", does="write b'x' * 100_000")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert list(Path().iterdir()) == []


# --- losses --------------------------------------------------------------------------------------


class Cutting(Exporter):
    """Cuts the first tag of each item, and says so by its place only."""

    name: ClassVar[str] = "cutting"
    summary: ClassVar[str] = "cuts tags"
    suffix: ClassVar[str] = ".cut"
    capabilities: ClassVar[Capabilities] = everything_native() | {Feature.TAGS: dropped("no place")}
    support: Any = adapted("cut")

    def limits(self, deck: Deck) -> Iterable[Loss]:
        for entry in deck.entries():
            yield Loss.of(Feature.TAGS, self.support, (*entry.at, "tags", 0))
        yield Loss.of(Feature.SECTIONS, adapted("flat"), ("items", 0))

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        out.write(b"x")


TAGGED = Flashcard(id="q", front="Q", back="A", tags=("a tag",))
IN_SECTION = Deck(title="T", items=(Section(section="S", items=(TAGGED,)),))


def test_a_loss_has_the_item_that_its_place_is_in_and_stands_for_what_is_declared() -> None:
    at = ("items", 0, "items", 0, "tags", 0)
    assert cardforge.export(IN_SECTION, Cutting()).losses == (
        Loss(Feature.TAGS, Level.ADAPTED, "cut", "q", at),
        Loss(Feature.SECTIONS, Level.ADAPTED, "flat", "", ("items", 0)),
    )


def test_what_is_native_after_all_is_no_loss() -> None:
    losses = cardforge.export(Deck(title="T", items=(TAGGED,)), Cutting(support=NATIVE)).losses
    assert [loss.feature for loss in losses] == [Feature.SECTIONS]


def test_strict_lets_pass_what_is_native() -> None:
    with pytest.raises(LossyExport) as refused:
        cardforge.export(Deck(title="T", items=(TAGGED,)), Cutting(support=NATIVE), strict=True)
    assert [loss.feature for loss in refused.value.losses] == [Feature.SECTIONS]


def test_the_level_of_a_loss_is_equal_to_its_word() -> None:
    assert Loss.of(Feature.TAGS, adapted("cut")).level == "adapted"


# --- sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("raises", "fails at reading raises.cards, which is not your fault: ZeroDivisionError: no lines"),
        ("ends", "fails at reading ends.cards, which is not your fault: it ends the program"),
        ("silent", "it raises InvalidDeck without saying what is wrong"),
        ("gives", "read gives 'a deck', and should give a Draft"),
        ("odd", "gives of odd.cards what cannot be looked at, which is not your fault: "),
    ],
)
def test_a_sources_fault_names_it_and_does_not_stop_the_others(stem: str, told: str) -> None:
    Path(f"{stem}.cards").write_text("a=b\n")
    Path("z.cards").write_text("a=b\n")
    ran = program("check", ".")
    assert (ran.code, ran.out) == (1, "z.cards: 1 item, no mistakes\n")
    assert f"{stem}.cards: the source 'cards' (tests) " in ran.err
    assert told in ran.err


@pytest.mark.parametrize("stem", ["before", "behind", "inside", "other", "number", "pair"])
def test_ids_that_would_spoil_the_file_are_not_written(stem: str) -> None:
    path = Path(f"{stem}.cards")
    path.write_text("a=b\nc=d\n")
    ran = program("ids", path)
    assert (ran.code, path.read_text()) == (2, "a=b\nc=d\n")
    assert ran.err.startswith("the source 'cards' (tests) fails at writing ids, which is not your fault: ")


def test_ids_that_are_read_back_are_written() -> None:
    Path("good.cards").write_text("a=b\nc=d\n")
    assert program("ids", "good.cards").out == "good.cards: 3 ids added\n"
    assert [entry.item.id is None for entry in api.load("good.cards").entries()] == [False, False]


# --- anything ------------------------------------------------------------------------------------


@given(st.sampled_from(["limits", "refuses", "supports", "file_suffix", "write", "notify"]), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_exporter_gives_it_is_taken_or_told(place: str, data: st.DataObject) -> None:
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
    try:
        cardforge.export(DECK, "odd", does=f"{place} {data.draw(values)!r}")
    except CardforgeError as error:
        assert isinstance(error, BrokenPlugin)


def test_a_plugin_is_named_with_the_package_of_its_class() -> None:
    assert plugin_calls.named(Odd()) == plugin_calls.named(Odd) == "the exporter 'odd' (tests)"
    assert plugin_calls.named(Cards()) == "the source 'cards' (tests)"
