"""The Markdown exporter: what it writes reads back as the same deck, and reads as a person would have written it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cardforge import api
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
)
from cardforge.plugin import Context
from cardforge.text import Html
from cardforge_exporters.markdown import MarkdownExporter
from cardforge_sources.markdown import MarkdownSource
from tests.conftest import Golden
from tests.strategies import decks

ROOT = Path(__file__).parents[2]
GOLDENS = Path(__file__).parent / "goldens" / "markdown"
EXAMPLES = ROOT / "examples"


def written(deck: Deck) -> str:
    out = BytesIO()
    MarkdownExporter().write(deck, out, Context(now=0))
    return out.getvalue().decode()


def read_back(deck: Deck) -> Deck:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.md"
        path.write_bytes(written(deck).encode())
        return api.load(path)


def body(item: AnyItem | Section, *more: AnyItem | Section) -> str:
    """What is written below the front matter."""
    return written(Deck(title="T", items=(item, *more))).removeprefix("---\ntitle: T\n---\n\n").removesuffix("\n")


@given(decks())
@settings(max_examples=100)
def test_every_deck_reads_back_as_it_was(deck: Deck) -> None:
    assert read_back(deck) == deck


@pytest.mark.parametrize("name", ["attention.yaml", "vocabulary.yaml", "vocabulary.csv", "capitals.md"])
def test_the_examples_read_back_as_they_were(name: str, tmp_path: Path) -> None:
    deck = api.load(EXAMPLES / name)
    path = api.write(deck, "markdown", tmp_path / "deck.md", strict=True).path
    assert api.load(path) == deck
    assert api.check(path) == ()


def test_an_example_reads_well(golden: Golden) -> None:
    golden(written(api.load(EXAMPLES / "attention.yaml")), GOLDENS / "attention.md")


def test_what_was_read_back_is_written_the_same_again() -> None:
    deck = api.load(EXAMPLES / "capitals.md")
    assert written(read_back(deck)) == written(deck)


# What the form gives a meaning, in all places where a text or line can stand.
MARKS = (
    r"""
# h|## h {#x}|#|C #|h ##|{#x}|{}|a {b}|{.t}|---|===|- - -|***|- a|- [x] a|[x] a|[ ]|1. a|2)|=>|a => b|- a => b|::|a :: b
:: a|a ::|::: n|Answer: a|answer:|Hint: a|Order: as listed|Model answer:|Answer\: a|> a|>|a (2)|(2)|5|5 ± 1|true|a \| b|\|
```|````|~~~|```py|```{=html}|{=markdown}|<!-- a|-->|<pre>|<div>|$$|$|`|`a => b`|{{c1::a}}|{{ }}|[[a]]|\|"|'|%|=1|a::b
""".strip()
    .replace("\n", "|")
    .split("|")
)
SPACE = ["", "", " ", "  ", "\n", "\n\n", "\n  ", "\n    ", "\r", "\r\n", "\t"]
hostile = st.lists(st.sampled_from([*MARKS, *SPACE, "word"]), min_size=1, max_size=7).map(lambda p: "w" + "".join(p))
hostile_start = hostile.map(lambda text: text[1:] + "w")
texts = st.one_of(hostile, hostile_start, hostile.map(Html))
lines = st.lists(st.sampled_from([*MARKS, " ", "word"]), min_size=1, max_size=4).map(lambda p: "w" + "".join(p))


@st.composite
def hostile_items(draw: st.DrawFn) -> AnyItem:
    """Items whose texts are full of the form's own marks. Formulas and media in them are not looked at here."""
    a, b, c, d = (draw(texts) for _ in range(4))
    some: dict[str, Any] = {"explanation": c, "hint": (d, a)} if draw(st.booleans()) else {}
    match draw(st.integers(0, 8)):
        case 0:
            return Flashcard(front=a, back=b, source=c, **some)
        case 1:
            return Cloze(text=f"{{{{c1::x}}}} {a}" if isinstance(a, str) else Html("{{c1::x}}" + a.html), extra=b)
        case 2:
            line = draw(lines)
            return ShortAnswer(stem=a, answers=(Answer(text=line), Answer(text=f"{line}!", feedback=b)), **some)
        case 3:
            return MultipleChoice(
                stem=a,
                choices=(
                    Choice(text=b, correct=True, feedback=c, credit=draw(st.none() | st.just(0.5))),
                    Choice(text="-"),
                ),
            )
        case 4:
            return Matching(stem=a, pairs=(Pair(left=b, right=c), Pair(left="- x", right=d)), **some)
        case 5:
            return Ordering(stem=a, steps=(b, "1. x"), **some)
        case 6:
            return OpenPrompt(stem=a, concepts=(Concept(text=b, points=draw(st.sampled_from([1, 2, 0.5]))),), **some)
        case 7:
            return Numeric(stem=a, answer="5", unit=draw(lines), tolerance=draw(st.none() | st.just("1")), **some)
        case _:
            return TrueFalse(stem=a, answer=True, feedback_correct=b, **some)


def unchecked(text: str) -> Deck:
    """The deck in a file, when nobody minds what its texts say."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.md"
        path.write_bytes(text.encode())
        draft = MarkdownSource().read(path)
        assert [problem for problem in draft.problems if problem.at != ()] == []
        return TypeAdapter(Deck).validate_python(draft.data)


@given(hostile_items(), st.lists(lines, max_size=2), lines)
@settings(max_examples=100)
def test_texts_full_of_marks_read_back_as_they_were(item: AnyItem, tags: list[str], title: str) -> None:
    section = Section(section=title, items=(item,), description=getattr(item, "stem", None), tags=tuple(tags))
    deck = Deck(title=title, items=(section, item), description=getattr(item, "stem", None))
    assert unchecked(written(deck)) == deck


@pytest.mark.parametrize("unwell", ["\n", " a", "a\n\n", "a\r\nb", "# a", "Answer: a", "a :: b", "---", "a\n---\nb"])
def test_what_cannot_stand_in_the_open_is_a_raw_block(unwell: str) -> None:
    text = unwell if unwell.strip() else f"{unwell}a"
    assert body(Flashcard(front="Q", back=text)) == f"# Q\n```{{=markdown}}\n{text}\n```"


def test_html_is_a_raw_block() -> None:
    assert body(Flashcard(front="Q", back=Html("<p>`</p>"))) == "# Q\n```{=html}\n<p>`</p>\n```"


def test_a_fence_is_longer_than_those_inside() -> None:
    assert body(Flashcard(front="Q", back="a :: b ````")) == "# Q\n`````{=markdown}\na :: b ````\n`````"


@pytest.mark.parametrize(
    "text",
    [
        "a\n\nb",
        "- a\n- b",
        "```py\n# c\n\nAnswer: d\n```",
        "| a |\n|---|\n| b |",
        "$$\nx\n$$",
        "> a",
        "a *b* [c](d)",
        "1. a",
    ],
)
def test_what_people_write_stands_in_the_open(text: str) -> None:
    assert body(Flashcard(front="Q", back=text)) == f"# Q\n{text}"


def test_a_long_front_goes_on_below_its_heading() -> None:
    assert body(Flashcard(front="a\n\nb", back="c")) == "# a\nb\n\n---\n\nc"


def test_two_short_cards_or_more_come_before_all_else_and_only_there() -> None:
    cards = [Flashcard(front=side, back="b", reversed=True, id=side) for side in "wxyz"]
    long = Flashcard(front="c", back="d", hint=("e",))
    assert body(cards[0], cards[1], long, cards[2], cards[3]) == (
        "w ::: b {#w}\nx ::: b {#x}\n\n# c\nd\n\nHint: e\n\n# y {#y reversed=true}\nb\n\n# z {#z reversed=true}\nb"
    )


def test_a_short_card_alone_has_a_heading() -> None:
    assert body(Flashcard(front="a", back="b")) == "# a\nb"


def test_sections_deeper_than_markdown_s_levels_say_so() -> None:
    node: AnyItem | Section = Flashcard(front="Q", back="a", points=2)
    for depth in range(9, 0, -1):
        node = Section(section=f"S{depth}", items=(node,))
    deck = Deck(title="T", items=(node,))
    assert "###### S7 {depth=7}" in written(deck)
    assert read_back(deck) == deck


def test_lines_that_a_heading_cannot_hold_are_attributes() -> None:
    section = Section(section=" a #", items=(Flashcard(front="Q", back="a"),), tags=("two words",))
    assert body(section).startswith('# {section=" a #" tag="two words"}\n')


def test_answers_with_more_to_say_are_a_list() -> None:
    answers = (Answer(text="a"), Answer(text="b", credit=0.5, feedback="c"), Answer(text=" | "))
    assert body(ShortAnswer(stem="Q", answers=answers)) == (
        '# Q\nAnswer:\n- a\n- b {credit=0.5}\n  > c\n- {text=" | "}'
    )


def test_media_are_copied_beside_the_file(tmp_path: Path) -> None:
    written = api.write(api.load(EXAMPLES / "attention.yaml"), "markdown", tmp_path / "deck.md")
    assert [path.name for path in written.media] == ["scaled-dot-product.svg"]
