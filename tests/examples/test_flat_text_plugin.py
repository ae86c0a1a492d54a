"""examples/cardforge-flat-text: what its sheets say, what is read of them, and that it can be installed and used as a
third party's, under any name."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardforge import api
from cardforge.diagnostics import InvalidDeck, Severity
from cardforge.fidelity import Feature
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
    texts,
)
from cardforge.plugin import Exporter, Source, Standing
from cardforge.text import Html, Text, plain
from cardforge.text.content import has_visible
from cardforge.validation import Validated, validate
from tests.clients import absent
from tests.strategies import texts as texts_of_a_deck

EXAMPLES = Path(__file__).parents[2] / "examples"
PLUGIN = EXAMPLES / "cardforge-flat-text"


# --- what a sheet says ---------------------------------------------------------------------------


def _load_plugin() -> tuple[type[Exporter], type[Source]]:
    sys.path.insert(0, str(PLUGIN / "src"))
    try:
        exporter = importlib.import_module("cardforge_flat_text.exporter")
        source = importlib.import_module("cardforge_flat_text.source")
    finally:
        sys.path.pop(0)
    return exporter.FlatTextExporter, source.FlatTextSource


FlatText, FlatTextSource = _load_plugin()


def sheet(deck: Deck, **options: Any) -> str:
    return api.export(deck, FlatText(**options)).data.decode()


def both_halves(item: AnyItem) -> tuple[str, str]:
    """What is printed of a single item: its question, and its answer."""
    head, _, rest = sheet(Deck(title="T", items=(item,))).partition("1. ")
    assert head == "T\n=\n\n"
    question, _, answer = rest.partition("\n\nAnswers\n=======\n\n1. ")
    return question, answer.removesuffix("\n")


def labelled(question: str) -> dict[str, str]:
    """What a question offers, by letter or number."""
    return dict(re.findall(r"^ +(\w+)\) (.*)$", question, re.MULTILINE))


def test_a_flashcard() -> None:
    assert both_halves(Flashcard(front="*Why?*", back="`So`.")) == ("Why?", "So.")


def test_a_cloze_hides_what_its_answer_shows() -> None:
    item = Cloze(text="The {{c1::Sun}} and {{c2::eight::how many?}} planets", extra="Since 2006.")
    question, answer = both_halves(item)
    assert question == "The «…» and «… how many?» planets"
    assert answer == "The «Sun» and «eight» planets\n   Since 2006."


def test_a_cloze_in_html() -> None:
    assert both_halves(Cloze(text=Html("<b>a</b> {{c1::b}}"))) == ("a «…»", "a «b»")


def test_choices_that_may_not_be_shuffled_keep_their_order() -> None:
    choices = (Choice(text="0"), Choice(text="1", correct=True, feedback="Yes."), Choice(text="2", credit=-0.5))
    item = MultipleChoice(stem="Q", choices=choices, shuffle=False)
    assert both_halves(item) == ("Q\n   a) 0\n   b) 1\n   c) 2", "b\n   b) Yes.\n   c) (-50%)")


def test_shuffled_choices_are_named_by_their_new_letters() -> None:
    choices = tuple(Choice(text=str(n), correct=n in (3, 4)) for n in range(30))
    question, answer = both_halves(MultipleChoice(stem="Q", choices=choices))
    assert {labelled(question)[letter] for letter in answer.split(", ")} == {"3", "4"}


def test_several_choices_are_asked_for() -> None:
    choices = (Choice(text="0", correct=True), Choice(text="1", correct=True))
    assert "Choose all that are right." in both_halves(MultipleChoice(stem="Q", choices=choices))[0]


def test_a_true_false_says_both_feedbacks() -> None:
    item = TrueFalse(stem="It rains.", answer=False, feedback_correct="Dry.", feedback_incorrect="Look.")
    assert both_halves(item) == ("True or false? It rains.", "False.\n   If you were right: Dry.\n   If not: Look.")


def test_a_known_wrong_answer_is_not_among_the_right_ones() -> None:
    answers = (Answer(text="yes"), Answer(text="aye"), Answer(text="no", credit=0, feedback="Why?"))
    item = ShortAnswer(stem="Q", answers=answers, case_sensitive=True)
    assert both_halves(item) == ("Q\n   Upper and lower case matter.", "yes / aye\n   no (0%) Why?")


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (Numeric(stem="Q", answer="9.810"), "9.810"),
        (Numeric(stem="Q", answer="9.81", tolerance="0.10", unit="m/s²"), "9.81 m/s² ± 0.10"),
        (Numeric(stem="Q", answer="9.81", tolerance_percent="5"), "9.81 ± 5%"),
    ],
)
def test_a_number_is_printed_as_it_was_written(item: Numeric, answer: str) -> None:
    assert both_halves(item)[1] == answer


def test_a_matching_says_which_letter_belongs_to_which_number() -> None:
    pairs = (Pair(left="cow", right="milk"), Pair(left="goat", right="milk"), Pair(left="hen", right="eggs"))
    question, answer = both_halves(Matching(stem="Q", pairs=pairs, distractors=("wool",)))
    named = labelled(question)
    assert [named[part[0]] + named[part[1]] for part in answer.split(", ")] == ["cowmilk", "goatmilk", "heneggs"]


def test_an_ordering_says_the_letters_in_the_right_order() -> None:
    question, answer = both_halves(Ordering(stem="Q", steps=tuple("123456")))
    assert "".join(labelled(question)[letter] for letter in answer.split(", ")) == "123456"


def test_concepts_are_listed_with_their_points() -> None:
    concepts = (Concept(text="one"), Concept(text="two", points=2))
    item = OpenPrompt(stem="Q", concepts=concepts, points=3, level="beginner")
    question, answer = both_halves(item)
    assert question == "[beginner, 3 points]\n   Q"
    assert answer == "Concepts in a good answer: 2\n   - one\n   - two (2 points)"


def test_a_description_is_printed_where_its_section_is_first_named() -> None:
    card = Flashcard(front="F", back="B")
    inner = Section(section="In", items=(card,))
    outer = Section(section="Out", description="Said once.", items=(inner, card))
    above = sheet(Deck(title="T", items=(outer,))).partition("Answers")[0]
    assert [block for block in above.split("\n\n") if not block[:1].isdigit()] == [
        "T\n=",
        "Out / In\n--------",
        "Said once.",
        "Out\n---",
        "",
    ]


def test_items_behind_a_section_stand_below_the_title_again() -> None:
    card = Flashcard(front="F", back="B")
    printed = sheet(Deck(title="Title", items=(Section(section="S", items=(card,)), card)))
    assert "S\n-\n\n1. F\n\nTitle\n-----\n\n2. F\n\nAnswers" in printed


def test_lines_are_as_wide_as_was_asked() -> None:
    deck = api.load(EXAMPLES / "vocabulary.yaml")
    assert 30 < max(map(len, sheet(deck, width=40).splitlines())) <= 40


def test_every_feature_is_declared() -> None:
    assert set(FlatText.capabilities) == set(Feature)


@pytest.mark.parametrize("name", ["attention.yaml", "vocabulary.yaml"])
def test_no_text_is_missing_from_the_sheet(name: str) -> None:
    """All texts are declared native or adapted. A cloze's text, with its marks, is tested above."""
    deck = api.load(EXAMPLES / name)
    printed = " ".join(sheet(deck).split())
    parts: list[object] = [deck, *(section for section, _, _ in deck.sections()), *(e.item for e in deck.entries())]
    said = [
        plain(text) for part in parts for at, text in texts(part) if not (isinstance(part, Cloze) and at[0] == "text")
    ]
    assert [text for text in said if text not in printed] == []


def test_a_sheet_is_replaced_by_one_of_the_same_deck_only() -> None:
    deck, other = (Deck(title=title, items=(Flashcard(front="F", back="B"),)) for title in ("T", "Another"))
    standing = FlatText().standing
    assert standing(sheet(deck).encode(), deck) is Standing.OF_DECK
    assert standing(sheet(other).encode(), deck) is Standing.OF_ANOTHER
    assert standing(b"T\n=\n\n1. My notes.\n", deck) is Standing.FOREIGN


# --- what is read of a sheet ---------------------------------------------------------------------


def read(text: str, folder: Path) -> Validated:
    file = folder / "sheet.txt"
    file.write_bytes(text.encode())
    return validate(FlatTextSource().read(file))


def cards(deck: Deck | None) -> list[tuple[Text, Text]]:
    assert deck
    return [(entry.item.front, entry.item.back) for entry in deck.entries() if isinstance(entry.item, Flashcard)]


def test_flashcards_come_back(tmp_path: Path) -> None:
    inner = Flashcard(front="2\\*3\\*4?", back="24")
    deck = Deck(title="T", items=(Flashcard(front="Why?", back="So."), Section(section="S", items=(inner,))))
    assert read(sheet(deck), tmp_path).deck == deck


def test_a_question_has_the_lines_that_are_indented_below_it(tmp_path: Path) -> None:
    text = "T\r\n=\r\n1. Which?\r\n   a) *x*\r\n   b) y\r\n\r\nAnswers\r\n=======\r\n1. b\r\n"
    assert cards(read(text, tmp_path).deck) == [("Which?\\\na) \\*x\\*\\\nb) y", "b")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1. Q\n\nAnswers\n=======\n1. A\n", ["sheet.txt:1:1: error[missing-field]"]),
        ("T\n=\nHello.\n1. Q\n\nAnswers\n===\n1. A\n", ["sheet.txt:3:1: warning[not-kept]"]),
        ("T\n=\n\n1. Q\n1. R\n\nAnswers\n===\n1. A\n", ["sheet.txt:4:1: error[missing-field]"]),
        ("T\n=\n\n1. Q\n\nAnswers\n===\n1. A\n1. B\n", ["sheet.txt:9:1: error[unasked-answer]"]),
        ("T\n=\nS\n-\n\n1. Q\n\nAnswers\n===\n", ["sheet.txt:6:1: error[missing-field]"]),
        ("T\n=\n\n1. Q\n\nAnswers\n===\n1.\n", ["sheet.txt:8:1: error[empty-text]"]),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, told: list[str], tmp_path: Path) -> None:
    found = [str(diagnostic).partition(": ") for diagnostic in read(text, tmp_path).diagnostics]
    assert [f"{Path(place).name}: {rest.partition(':')[0]}" for place, _, rest in found] == told


_LINES = st.sampled_from(
    ["T", "===", "---", "=", "1. Q", "1.", "2. $x", "10. `R`", "   a) x", "\t", "Answers", "٣. no"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_LINES, min_size=1), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_sheet_is_read_or_its_mistakes_are_told(lines: list[str], end: str, tmp_path: Path) -> None:
    try:
        validated = read(end.join(lines), tmp_path)
    except InvalidDeck as error:
        assert [diagnostic.code for diagnostic in error.diagnostics] == ["empty-file"]
    else:
        assert (validated.deck is None) == any(d.severity is Severity.ERROR for d in validated.diagnostics)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sides=st.lists(st.tuples(texts_of_a_deck(), texts_of_a_deck()), min_size=1, max_size=5))
def test_the_words_of_any_flashcard_come_back(sides: list[tuple[Text, Text]], tmp_path: Path) -> None:
    shown = [(plain(front), plain(back)) for front, back in sides]
    assume(all(has_visible(side) for card in shown for side in card))
    deck = Deck(title="T", items=tuple(Flashcard(front=front, back=back) for front, back in sides))
    there = cards(read(sheet(deck), tmp_path).deck)
    assert [[plain(side).split() for side in card] for card in there] == [
        [side.split() for side in card] for card in shown
    ]


# --- installed, and used from the command line ---------------------------------------------------


def _wants(*modules: str) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        absent(f"pip install {' '.join(missing)}, to install the plugin")


def _install(source: Path, target: Path, *more: str) -> None:
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    command = (sys.executable, "-m", "pip", "install", *offline, "--target", str(target), *more, str(source))
    subprocess.run(command, check=True, timeout=120)


Cardforge = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def cardforge(tmp_path_factory: pytest.TempPathFactory) -> Cardforge:
    """The command line, in an environment in which the plugin is installed."""
    _wants("pip", "hatchling")
    folder = tmp_path_factory.mktemp("plugin")
    # From a copy, so that a build leaves nothing behind.
    source = shutil.copytree(PLUGIN, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    _install(source, folder / "installed")
    program = shutil.which("cardforge", path=sysconfig.get_path("scripts"))
    assert program
    environment = {**os.environ, "PYTHONPATH": str(folder / "installed"), "PYTHONUTF8": "1"}

    def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments],
            env=environment | variables,
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            cwd=folder,
        )

    return run


def test_formats_lists_it_and_its_option(cardforge: Cardforge) -> None:
    lines = cardforge("formats").stdout.splitlines()
    index = max(n for n, line in enumerate(lines) if line.split()[:2] == ["flat-text", ".txt"])
    told = " ".join(" ".join(lines[index : index + 5]).split())
    assert "--set width=NUMBER Characters in a line. (default: 78)" in told


def test_export_writes_a_sheet(cardforge: Cardforge, tmp_path: Path) -> None:
    ran = cardforge("export", EXAMPLES / "attention.yaml", "--to", "flat-text", "--out", tmp_path / "sheet.txt")
    assert ran.returncode == 0
    assert (tmp_path / "sheet.txt").read_text(encoding="utf-8").startswith("Attention mechanism\n====")


def test_export_says_what_the_sheet_does_not_hold(cardforge: Cardforge, tmp_path: Path) -> None:
    ran = cardforge("export", EXAMPLES / "vocabulary.yaml", "--to", "flat-text", "--out", tmp_path / "sheet.txt")
    for loss in (
        "dropped: language (plain text cannot say its language)",
        "reversed (asked from front to back only)",
        "audio (only its description is printed)",
    ):
        assert loss in ran.stderr


def test_strict_refuses(cardforge: Cardforge, tmp_path: Path) -> None:
    out = tmp_path / "sheet.txt"
    ran = cardforge("export", EXAMPLES / "vocabulary.yaml", "--to", "flat-text", "--strict", "--out", out)
    assert (ran.returncode, out.exists()) == (1, False)


def test_a_width_out_of_bounds_is_wrong_usage(cardforge: Cardforge) -> None:
    ran = cardforge("export", EXAMPLES / "vocabulary.yaml", "--to", "flat-text", "--set", "width=4", "--out", "-")
    assert ran.returncode == 2
    assert "the option 'width' has a wrong value: it should be greater than or equal to 40" in ran.stderr


def test_the_same_deck_gives_the_same_bytes(cardforge: Cardforge) -> None:
    command = ("export", EXAMPLES / "attention.yaml", "--to", "flat-text", "--out", "-")
    first, second = (cardforge(*command, PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second != ""


def test_a_sheet_is_read_by_its_suffix_and_what_is_in_it(cardforge: Cardforge, tmp_path: Path) -> None:
    exported, back = tmp_path / "sheet.txt", tmp_path / "back.yaml"
    cardforge("export", EXAMPLES / "vocabulary.yaml", "--to", "flat-text", "--out", exported)
    assert cardforge("export", exported, "--to", "yaml", "--out", back).returncode == 0
    assert ("ser", "to be (by nature: origin, profession, material)") in cards(api.load(back))


def test_mistakes_in_a_sheet_are_told_as_the_page_says(cardforge: Cardforge, tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    questions = "1. What is the capital of Peru?\n\n2. What is the capital of Ecuador?\n"
    file.write_text(f"Capitals\n========\n\n{questions}\nAnswers\n=======\n\n2. Quito\n3. Lima\n", encoding="utf-8")
    ran = cardforge("check", file)
    assert ran.returncode == 1
    page = (EXAMPLES.parent / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert f"\n```\n{ran.stderr.replace(str(file), 'sheet.txt')}```\n" in page


def test_it_can_be_renamed(tmp_path: Path) -> None:
    """The four names that docs/plugins.md says, and `pip install -e`."""
    _wants("pip", "hatchling")
    project = shutil.copytree(PLUGIN, tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    package = (project / "src" / "cardforge_flat_text").rename(project / "src" / "my_cards")
    for file in (project / "pyproject.toml", *package.glob("*.py")):
        text = file.read_text(encoding="utf-8").replace('"cardforge-flat-text"', '"cardforge-mine"')
        text = text.replace("cardforge_flat_text", "my_cards").replace("flat-text =", "mine =")
        file.write_text(text.replace('"flat-text"', '"mine"'), encoding="utf-8")
    _install(project, tmp_path / "installed", "-e")
    start = "import site, sys; site.addsitedir(sys.argv.pop(1)); from cardforge.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", start, tmp_path / "installed", "formats"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=60,
    )
    assert [line.split()[:2] for line in ran.stdout.splitlines()].count(["mine", ".txt"]) == 2
