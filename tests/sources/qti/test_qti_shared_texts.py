"""A text that is written once and used many times: converted once, and kept aside where it would fill the memory."""

from __future__ import annotations

import pytest

from cardforge.diagnostics import InvalidDeck
from tests.hanging import ends
from tests.sources.qti.reading import equal, item_1_2, item_2, lid, only_item, read, response, text_1_2, when

LONG = "z <b>k</b> " * 25_000


def told(text: str) -> list[str]:
    with pytest.raises(InvalidDeck) as caught:
        read(text)
    return [d.message for d in caught.value.diagnostics if d.code == "kept-aside"]


def matching(lefts: int, right: str) -> str:
    names = [f"a{number}" for number in range(lefts)]
    rows = "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="1">{n}</simpleAssociableChoice>' for n in names)
    other = f'<simpleAssociableChoice identifier="b" matchMax="0">{right}</simpleAssociableChoice>'
    sets = f"<simpleMatchSet>{rows}</simpleMatchSet><simpleMatchSet>{other}</simpleMatchSet>"
    body = f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Match.</prompt>{sets}</matchInteraction>'
    return item_2(body, response(" ".join(f"{name}+b" for name in names), "multiple", "directedPair"))


def gaps(count: int, word: str) -> str:
    rows = "".join(f'<gap identifier="G{number}"/>' for number in range(count))
    text = f'<gapText identifier="g" matchMax="0">{word}</gapText><p>{rows}</p>'
    body = f'<gapMatchInteraction responseIdentifier="RESPONSE">{text}</gapMatchInteraction>'
    return item_2(body, response(" ".join(f"g+G{n}" for n in range(count)), "multiple", "directedPair"))


def fields(count: int, answer: str) -> str:
    row = '<textEntryInteraction responseIdentifier="RESPONSE"/> '
    return item_2(f"<p>{row * count}</p>", response(answer, "single", "string"))


def blanks(count: int, answer: str) -> str:
    field = '<response_str ident="response_x"><render_fib/></response_str>'
    other = field.replace("_x", "_y")
    kind = "fill_in_multiple_blanks_question"
    right = when(equal(answer, "response_x"), "50") + when(equal("b", "response_y"), "50")
    return item_1_2(text_1_2("[x] " * count + "[y]") + field + other, right, kind)


def test_a_long_side_of_many_pairs_is_kept() -> None:
    item = only_item(read(matching(90, "z <b>k</b> " * 900)))
    assert len(item["pairs"]) == 90


@pytest.mark.parametrize(
    "text",
    [matching(900, LONG), gaps(900, LONG), fields(3_000, "x" * 1_000_000), blanks(3_000, "x" * 1_000_000)],
    ids=["matching", "gaps", "fields", "blanks"],
)
def test_a_question_that_repeats_a_long_text_too_often_is_kept_aside(text: str) -> None:
    assert ["more than 1,000,000 characters" in message for message in ends(told, text)] == [True]


def test_a_long_feedback_of_every_choice_is_kept_aside() -> None:
    names = [f"c{number}" for number in range(100)]
    rules = "".join(when(equal(name), "100" if name == "c0" else "0", "f", go_on="Yes") for name in names[:-1])
    said = f'<itemfeedback ident="f"><flow_mat>{text_1_2("x " * 20_000)}</flow_mat></itemfeedback>'
    asked = text_1_2("Which?") + lid(*names)
    assert ["more than 1,000,000" in m for m in told(item_1_2(asked, rules, "multiple_choice_question", said))] == [
        True
    ]
