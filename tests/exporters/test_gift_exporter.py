"""GIFT: what is written, and what is said to be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardforge import api
from cardforge.fidelity import Feature, Level
from cardforge.model import Answer, AnyItem, Choice, Cloze, Deck, MultipleChoice, Section, ShortAnswer, TrueFalse
from cardforge_exporters.gift import GiftExporter
from tests.conftest import Golden

GOLDENS = Path(__file__).parent / "goldens"


def written(*items: AnyItem) -> str:
    return api.export(Deck(title="T", items=items), "gift", now=0).data.decode()


def test_every_feature_is_declared() -> None:
    assert GiftExporter.capabilities.keys() == set(Feature)


def test_a_deck_with_every_kind_is_written_as_agreed(golden: Golden) -> None:
    data = api.export(api.load(GOLDENS / "moodle" / "deck.yaml"), "gift", now=0).data
    golden(data.decode(), GOLDENS / "gift" / "deck.gift")


def test_signs_are_escaped() -> None:
    assert r"x\=1 \{a\} \# \~ \: b\\c" in written(TrueFalse(stem=r"x=1 {a} # ~ : b\\c", answer=True))


def test_right_choices_alone_are_no_answers_to_be_typed() -> None:
    item = MultipleChoice(
        stem="Q", choices=(Choice(text="a", correct=True), Choice(text="b", correct=True)), multiple=False
    )
    assert "\t=a\n\t~%100%b\n" in written(item)


@pytest.mark.parametrize(
    ("answer", "line"),
    [("%5", "=%100%%5"), ("*", r"=%100%\\*"), ("[html]", "=%100%[plain][html]"), ("a->b", "=%100%a→b")],
)
def test_an_answer_is_taken_as_it_is(answer: str, line: str) -> None:
    assert f"\t{line}\n" in written(ShortAnswer(stem="Q", answers=(Answer(text=answer),)))


def test_each_deletion_is_asked_for() -> None:
    text = written(Cloze(id="c", text="{{c1::a}} and {{c2::b::hint}}"))
    assert "[id:c (blank 1 of 2)]" in text
    assert "<div>{=%100%a} and <span>[…]</span> <em>(hint)</em></div>" in text
    assert "<div><span>[…]</span> and {=%100%b} <em>(hint)</em></div>" in text


def test_no_underscores_look_like_a_gap() -> None:
    text = written(Cloze(text="_{{c1::a}}\\_ ______ `__init__`"))
    assert "<div>_<span></span>{=%100%a}<span></span>_ ____<span></span>__ <code>__init__</code></div>" in text


def test_a_second_export_replaces_the_first(tmp_path: Path) -> None:
    deck = Deck(id="my-deck", title="T", items=(TrueFalse(stem="Q", answer=True),))
    api.write(deck, "gift", tmp_path / "deck.gift")
    assert api.write(deck, "gift", tmp_path / "deck.gift").path.is_file()


def test_of_answers_that_differ_by_case_the_best_one_is_reached() -> None:
    answers = (Answer(text="PH", credit=0), Answer(text="pH"))
    text = written(ShortAnswer(stem="s", case_sensitive=True, answers=answers))
    assert text.index("=%100%pH") < text.index("=%0%PH")


def test_an_answer_that_is_never_reached_is_told() -> None:
    answers = (Answer(text="PH", credit=0.5), Answer(text="pH"))
    deck = Deck(title="T", items=(ShortAnswer(stem="s", case_sensitive=True, answers=answers),))
    told = "'PH' is never reached: to Moodle it is 'pH', which counts"
    assert told in [loss.how for loss in GiftExporter().limits(deck)]


def test_what_is_said_of_sections_with_one_title_is_written_of_each() -> None:
    sections = [
        Section(section="S", description=f"About {stem}.", pick=1, items=(TrueFalse(stem=stem, answer=True),))
        for stem in ("the first", "the second")
    ]
    text = api.export(Deck(title="T", items=tuple(sections)), "gift", now=0).data.decode()
    pick = "<p>Draw 1 of these questions at random.</p>"
    assert f"::S::[html]<div>About the first.</div>{pick}<div>About the second.</div>{pick}\n" in text


@pytest.mark.parametrize("tags", [("<>",), ("a", "A")])
def test_a_tag_that_is_left_out_is_dropped(tags: tuple[str, ...]) -> None:
    deck = Deck(title="T", items=(TrueFalse(stem="s", answer=True, tags=tags),))
    assert [loss.level for loss in GiftExporter().limits(deck)] == [Level.DROPPED]
