"""The Python interface: load, check, export and write decks."""

from __future__ import annotations

import copy
import gc
import pickle
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from zipfile import ZipFile

import pytest
from pydantic import Field, ValidationError

import cardforge
from cardforge import (
    BrokenPlugin,
    CardforgeError,
    Cloze,
    Deck,
    Diagnostic,
    Feature,
    Flashcard,
    InvalidDeck,
    InvalidOption,
    Loss,
    LossyExport,
    MultipleChoice,
    Notice,
    Numeric,
    OutputRefused,
    Section,
    Severity,
    Span,
    UnknownFormat,
)
from cardforge.diagnostics import Problem
from cardforge.fidelity import Capabilities, Level, dropped, everything_native
from cardforge.plugin import Context, Exporter
from tests.cli.fakes import install

CARD = Flashcard(front="Q", back="A")
TEXT = "title: Planets\nitems:\n- type: flashcard\n  front: Q\n  back: A\n"


class Front(Exporter):
    """Writes the fronts of flashcards."""

    name: ClassVar[str] = "front"
    summary: ClassVar[str] = "fronts of flashcards"
    suffix: ClassVar[str] = ".front"
    capabilities: ClassVar[Capabilities] = everything_native() | {Feature.HINT: dropped("no place")}
    media_inside: ClassVar[bool] = False
    times: int = Field(1, ge=1)
    shout: bool = False

    def file_suffix(self) -> str:
        return ".FRONT" if self.shout else self.suffix

    def refuses(self, deck: Deck) -> list[Problem]:
        return [
            Problem("no-front", "only flashcards have a front", "leave the item out", entry.at)
            for entry in deck.entries()
            if not isinstance(entry.item, Flashcard)
        ]

    def write(self, deck: Deck, out: BinaryIO, context: Context) -> None:
        context.notify(Notice("now", f"it is {context.now}, and there was {context.previous!r}"))
        for entry in deck.entries():
            assert isinstance(entry.item, Flashcard)
            out.write(f"{entry.item.front}\n".encode() * self.times)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, {"front": f"{__name__}:Front"})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000")


def deck(*items: Any, **fields: Any) -> Deck:
    return Deck(title="Planets", items=items or (CARD,), **fields)


def written(tmp_path: Path, text: str, name: str = "deck.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# --- load and check ------------------------------------------------------------------------------


def test_load_gives_the_deck_that_python_would_build(tmp_path: Path) -> None:
    loaded = cardforge.load(written(tmp_path, TEXT))
    assert loaded == deck()
    assert loaded.span(("items", 0, "back")) == Span(str(tmp_path / "deck.yaml"), 5, 9)


def test_load_raises_every_mistake_in_the_files_order(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.replace("Q", "$\\alhpa$").replace("A\n", "''\n  level: hard\n"))
    with pytest.raises(InvalidDeck) as refused:
        cardforge.load(path)
    assert [d.code for d in refused.value.diagnostics] == ["latex", "empty-text", "wrong-value"]
    assert str(refused.value).startswith(f"{path}:4:11: error[latex]: ")


def test_check_gives_what_load_raises(tmp_path: Path) -> None:
    (found,) = cardforge.check(str(written(tmp_path, "title: T\n")))
    assert (found.code, found.severity) == ("missing-field", Severity.ERROR)


def test_check_gives_warnings_of_a_valid_deck(tmp_path: Path) -> None:
    (found,) = cardforge.check(written(tmp_path, TEXT.replace("Q", "Q # 1")))
    assert (found.code, found.severity) == ("text-cut", Severity.WARNING)


def test_warnings_of_targets_stand_in_the_files_order(tmp_path: Path) -> None:
    text = "title: T\ntargets:\n  nowhere: {}\nitems:\n- {type: flashcard, front: Q, back: '<b onclick=x>A</b>'}\n"
    codes = [d.code for d in cardforge.check(written(tmp_path, text))]
    assert codes == ["unknown-target", "html-removed"]


def test_a_deck_keeps_its_warnings(tmp_path: Path) -> None:
    loaded = cardforge.load(written(tmp_path, TEXT.replace("Q", "Q # 1")))
    assert [warning.code for warning in loaded.origin.warnings] == ["text-cut"]


def test_the_source_can_be_named(tmp_path: Path) -> None:
    assert cardforge.load(written(tmp_path, TEXT, "deck.txt"), source="yaml") == deck()


@pytest.mark.parametrize("function", [cardforge.load, cardforge.check])
@pytest.mark.parametrize(("name", "source"), [("deck.dat", None), ("deck", None), ("deck.yaml", "yml")])
def test_an_unknown_source(tmp_path: Path, function: Any, name: str, source: str | None) -> None:
    with pytest.raises(UnknownFormat):
        function(written(tmp_path, TEXT, name), source)


# --- export --------------------------------------------------------------------------------------


def test_export_gives_the_bytes_the_suffix_and_the_losses() -> None:
    made = cardforge.export(deck(replace(CARD, hint=("H",), id="q")), "front", shout=True)
    assert (made.data, made.suffix) == (b"Q\n", ".FRONT")
    assert made.losses == (Loss(Feature.HINT, Level.DROPPED, "no place", "q", ("items", 0)),)
    assert [notice.message for notice in made.notices] == ["it is 1000, and there was None"]


def test_an_exporter_may_be_set_up_already() -> None:
    assert cardforge.export(deck(), Front(times=2)).data == b"Q\nQ\n"


def test_the_exporter_is_handed_the_clock_and_the_previous_artefact() -> None:
    made = cardforge.export(deck(), "front", previous=b"old", now=5)
    assert [notice.message for notice in made.notices] == ["it is 5, and there was b'old'"]


def test_strict_refuses_losses() -> None:
    with pytest.raises(LossyExport, match="front cannot hold 1 thing of this deck as it is") as refused:
        cardforge.export(deck(replace(CARD, hint=("H",))), "front", strict=True)
    assert [loss.feature for loss in refused.value.losses] == [Feature.HINT]


def test_what_an_exporter_refuses_has_a_place(tmp_path: Path) -> None:
    loaded = cardforge.load(written(tmp_path, TEXT + "- type: cloze\n  text: '{{c1::x}}'\n"))
    with pytest.raises(InvalidDeck) as refused:
        cardforge.export(loaded, "front")
    (found,) = refused.value.diagnostics
    assert (found.code, found.span) == ("no-front", Span(str(tmp_path / "deck.yaml"), 6, 3))


@pytest.mark.parametrize("strange", ["frnt", "", "cardforge"])
def test_an_unknown_target(strange: str) -> None:
    with pytest.raises(UnknownFormat, match="there is no exporter"):
        cardforge.export(deck(), strange)


def test_the_garbage_collector_is_on_again(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck):
        cardforge.load(tmp_path / "missing.yaml")
    cardforge.export(deck(), "front")
    assert gc.isenabled()


def test_options_for_an_exporter_that_is_set_up_are_refused() -> None:
    with pytest.raises(InvalidOption, match=r"set it up with them: Front\(times=…, nonsense=…\)"):
        cardforge.export(deck(), Front(times=1), times=2, nonsense=1)


# --- options -------------------------------------------------------------------------------------


def test_options_come_from_the_deck() -> None:
    assert cardforge.export(deck(targets={"front": {"times": 3}}), "front").data == b"Q\n" * 3


def test_keywords_overrule_the_deck() -> None:
    assert cardforge.export(deck(targets={"front": {"times": 3}}), "front", times=2).data == b"Q\n" * 2


def test_other_targets_options_do_not_matter() -> None:
    assert cardforge.export(deck(targets={"elsewhere": {"times": "many"}}), "front").data == b"Q\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"tims": 2}, "front: front has no option 'tims'; did you mean times?"),
        ({"colour": 2}, "front: front has no option 'colour'; it has times, shout"),
        ({"times": 0}, "front: the option 'times' has a wrong value; it should be greater than or equal to 1"),
    ],
)
def test_a_wrong_option(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        cardforge.export(deck(), "front", **options)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("options", "code", "column"),
    [("{tims: 2}", "unknown-option", 12), ("{times: 0}", "wrong-option", 19), ("{times: [1]}", "wrong-option", 19)],
)
def test_a_wrong_option_in_the_deck_is_a_mistake_in_its_line(
    tmp_path: Path, options: str, code: str, column: int
) -> None:
    loaded = cardforge.load(written(tmp_path, f"targets:\n   front: {options}\n{TEXT}"))
    with pytest.raises(InvalidDeck) as refused:
        cardforge.export(loaded, "front")
    (found,) = refused.value.diagnostics
    assert (found.code, found.span) == (code, Span(str(tmp_path / "deck.yaml"), 2, column))


def test_a_wrong_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(InvalidOption, match="SOURCE_DATE_EPOCH must be a number of seconds since 1970, and is 'today'"):
        cardforge.export(deck(), "front")


# --- decks built in Python -----------------------------------------------------------------------


def test_a_bad_formula_is_refused_with_its_place() -> None:
    cards = (CARD, CARD, CARD, replace(CARD, back="It is $\\alhpa$."))
    with pytest.raises(InvalidDeck) as refused:
        cardforge.export(deck(*cards), "front")
    (found,) = refused.value.diagnostics
    assert (found.code, found.span) == ("latex", None)
    assert str(found).startswith("error[latex]: items[3].back: ")


@pytest.mark.parametrize(
    ("built", "place"),
    [
        (deck(description="$\\alhpa$"), "description"),
        (deck(Section(section="S", description="$\\alhpa$", items=(CARD,))), "items[0].description"),
        (deck(Section(section="S", items=(replace(CARD, hint=("a", "$\\alhpa$")),))), "items[0].items[0].hint[1]"),
    ],
)
def test_so_are_bad_formulas_elsewhere(built: Deck, place: str) -> None:
    with pytest.raises(InvalidDeck, match="latex") as refused:
        cardforge.export(built, "yaml")
    assert f"error[latex]: {place}: " in str(refused.value)


def test_an_image_needs_a_folder() -> None:
    with pytest.raises(InvalidDeck) as refused:
        cardforge.export(deck(replace(CARD, back="![x](x.svg)")), "front")
    (found,) = refused.value.diagnostics
    assert (found.code, found.fix) == ("media-missing", "say where the media are: deck.with_media(folder)")
    assert found.message == "items[0].back: there is no folder to read 'x.svg' from"


def test_an_image_that_is_missing_in_the_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck, match=r"items\[0\]\.back: there is no file 'x\.svg'"):
        cardforge.export(deck(replace(CARD, back="![x](x.svg)")).with_media(tmp_path), "front")


def test_an_image_in_the_folder_is_exported(tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text("<svg/>")
    made = cardforge.export(deck(replace(CARD, back="![x](x.svg)")).with_media(tmp_path), "anki")
    assert b"<svg/>" in [ZipFile(BytesIO(made.data)).read(name) for name in ZipFile(BytesIO(made.data)).namelist()]


def test_a_deck_that_was_made_of_another_keeps_its_media_where_that_is_said(tmp_path: Path) -> None:
    loaded = with_image(tmp_path)
    changed = replace(loaded, title="Moons").with_media(loaded.origin.media)
    assert cardforge.write(changed, "front", tmp_path / "to" / "a.front").media != ()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3"),
        (3.14, "3.14"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e22, "1e+22"),
        (Decimal("3.140"), "3.140"),
        (Decimal("1E+5"), "1E+5"),
        ("3.10", "3.10"),
    ],
)
def test_a_number_is_taken_as_it_is_written(number: Any, text: str) -> None:
    item = Numeric(stem="Q", answer=number, tolerance=number)
    assert (item.answer, item.tolerance) == (text, text)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), True, None, "pi"])
def test_what_is_no_number_cannot_be_an_answer(number: Any) -> None:
    with pytest.raises(ValidationError):
        Numeric(stem="Q", answer=number)


def test_a_senseless_item_cannot_be_built() -> None:
    with pytest.raises(ValidationError, match=r"needs two choices or more"):
        MultipleChoice(stem="Q", choices=())


def test_a_misspelt_field_cannot_be_built() -> None:
    with pytest.raises((ValidationError, TypeError), match="bakc"):
        Flashcard(front="Q", bakc="A")  # type: ignore[call-arg]


# --- write ---------------------------------------------------------------------------------------


def test_write_reads_what_is_there_and_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "made" / "a.front"
    cardforge.write(deck(), "front", path)
    made = cardforge.write(deck(), "front", str(path), times=2)
    assert (made.path, path.read_bytes(), made.media) == (path, b"Q\nQ\n", ())
    assert [notice.message for notice in made.notices] == ["it is 1000, and there was b'Q\\n'"]


def test_write_leaves_nothing_else_behind(tmp_path: Path) -> None:
    cardforge.write(deck(), "front", tmp_path / "a.front")
    assert [path.name for path in tmp_path.iterdir()] == ["a.front"]


def test_strict_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.front").write_bytes(b"old")
    with pytest.raises(LossyExport):
        cardforge.write(deck(replace(CARD, hint=("H",))), "front", tmp_path / "a.front", strict=True)
    assert (tmp_path / "a.front").read_bytes() == b"old"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(OutputRefused, match="cannot be written"):
        cardforge.write(deck(), "front", tmp_path / "a" / "b.front")


def with_image(tmp_path: Path) -> Deck:
    (tmp_path / "from" / "figures").mkdir(parents=True)
    (tmp_path / "from" / "figures" / "x.svg").write_text("<svg/>")
    text = TEXT.replace("Q", "'![x](figures/x.svg) ![x](figures/x.svg)'")
    return cardforge.load(written(tmp_path / "from", text))


def test_media_are_copied_beside_an_export_that_names_them(tmp_path: Path) -> None:
    made = cardforge.write(with_image(tmp_path), "front", tmp_path / "to" / "a.front")
    assert made.media == (tmp_path / "to" / "figures" / "x.svg",)
    assert made.media[0].read_text() == "<svg/>"


def test_media_that_are_there_already_are_not_copied_again(tmp_path: Path) -> None:
    built = with_image(tmp_path)
    assert cardforge.write(built, "front", tmp_path / "from" / "a.front").media == ()


def test_media_never_replace_another_file(tmp_path: Path) -> None:
    built = with_image(tmp_path)
    (tmp_path / "to" / "figures").mkdir(parents=True)
    (tmp_path / "to" / "figures" / "x.svg").write_text("mine")
    with pytest.raises(OutputRefused, match=r"figures/x\.svg would replace another file"):
        cardforge.write(built, "front", tmp_path / "to" / "a.front")
    assert (tmp_path / "to" / "figures" / "x.svg").read_text() == "mine"
    assert not (tmp_path / "to" / "a.front").exists()


def test_where_a_medium_cannot_be_written_the_old_export_stays(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "figures").write_text("a file, and no folder")
    (tmp_path / "to" / "a.front").write_bytes(b"old")
    with pytest.raises(OutputRefused, match="figures is no folder"):
        cardforge.write(with_image(tmp_path), "front", tmp_path / "to" / "a.front")
    assert (tmp_path / "to" / "a.front").read_bytes() == b"old"


def test_a_medium_never_takes_the_place_of_the_export(tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text("<svg/>")
    built = cardforge.load(written(tmp_path, TEXT.replace("Q", "'![x](x.svg)'")))
    with pytest.raises(OutputRefused, match="belongs in this place"):
        cardforge.write(built, "front", tmp_path / "to" / "x.svg")


def test_a_medium_that_vanished_is_a_mistake(tmp_path: Path) -> None:
    planned = cardforge.api.plan(with_image(tmp_path), "anki")
    (tmp_path / "from" / "figures" / "x.svg").unlink()
    with pytest.raises(InvalidDeck, match="cannot be read any more"):
        cardforge.api.write_plan(planned, tmp_path / "deck.apkg")


def test_an_empty_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "deck.apkg").touch()
    assert cardforge.write(deck(), "anki", tmp_path / "deck.apkg").is_changed


def test_write_says_whether_anything_changed(tmp_path: Path) -> None:
    place = tmp_path / "a.html"
    assert [cardforge.write(deck(), "html", place).is_changed for _ in range(2)] == [True, False]


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.apkg").symlink_to("a.apkg")
    with pytest.raises(OutputRefused):
        cardforge.write(deck(), "anki", tmp_path / "a.apkg")


# --- a batch over processes ----------------------------------------------------------------------

SPAN = Span("deck.yaml", 1, 2)
ERRORS = [
    InvalidDeck([Diagnostic(Severity.ERROR, "code", "message", "fix", SPAN, "excerpt")]),
    UnknownFormat("there is none"),
    InvalidOption("no such option"),
    BrokenPlugin("it is broken"),
    LossyExport("it loses", [Loss(Feature.HINT, Level.DROPPED, "no place", "q", ("items", 0), SPAN)]),
    OutputRefused("it is there"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_pickle(error: CardforgeError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_every_error_is_among_those() -> None:
    assert {type(error) for error in ERRORS} == set(CardforgeError.__subclasses__())


def test_a_deck_and_its_export_pickle(tmp_path: Path) -> None:
    loaded = with_image(tmp_path)
    again = pickle.loads(pickle.dumps(loaded))
    assert again == loaded
    assert pickle.loads(pickle.dumps(cardforge.export(again, "front"))) == cardforge.export(loaded, "front")


# --- decks are values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "field"), [(deck(), "title"), (CARD, "front"), (Section(section="S", items=(CARD,)), "items")]
)
def test_decks_and_their_parts_are_frozen(part: Any, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(part, field, "other")


def test_equal_decks_are_equal_wherever_they_come_from(tmp_path: Path) -> None:
    assert cardforge.load(written(tmp_path, TEXT)) == deck() == copy.deepcopy(deck())
    assert deck() != deck(CARD, CARD)


def test_items_are_hashable() -> None:
    assert len({CARD, Flashcard(front="Q", back="A"), Cloze(text="{{c1::x}}")}) == 2


def test_a_changed_deck_is_another_deck() -> None:
    changed = replace(deck(), title="Moons")
    assert (deck().title, changed.title, changed.items) == ("Planets", "Moons", deck().items)
