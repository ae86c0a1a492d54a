"""Recall & Review pages: what is found in them, what is told of them, and that no line gets lost."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import cardforge
from cardforge.diagnostics import Diagnostic, InvalidDeck, Severity
from cardforge.model import to_data
from cardforge.text import Dialect, as_markdown, render
from cardforge.validation import Validated, validate
from cardforge_sources.recall import RecallSource, markup
from cardforge_sources.recall.lines import copied, squeezed
from cardforge_sources.recall.page import Page, read_page
from tests.cli.program import cardforge as run
from tests.clients import absent
from tests.conftest import Golden

PAGES = Path(__file__).parent / "recall"
REAL_PAGE = Path(__file__).parents[3] / "shared/material/recall-review-attention.txt"


def read(path: Path) -> Validated:
    return validate(RecallSource().read(path))


def written(tmp_path: Path, text: str, name: str = "page.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def items(tmp_path: Path, *lines: str, name: str = "page.txt") -> list[Any]:
    """The items of a page with these lines, as plain data."""
    validated = read(written(tmp_path, "\n".join(lines), name))
    assert validated.deck, validated.diagnostics
    return [to_data(item) for item in validated.deck.items]


def diagnostics(tmp_path: Path, *lines: str, name: str = "page.txt") -> tuple[Diagnostic, ...]:
    path = written(tmp_path, "\n".join(lines), name)
    try:
        return read(path).diagnostics
    except InvalidDeck as error:
        return error.diagnostics


def places(found: Sequence[Diagnostic]) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in found if d.span]


CARD = ("beginner", "What is it?", "It is this.", "Click to reveal answer")
QUIZ = ("Which is it?", "✗ Incorrect", "It is that one.")
PROMPT = ("Describe it.", "Think of it.", "You got /4 concepts.")
CARD_DATA = {"type": "flashcard", "front": "What is it?", "back": "It is this.", "level": "beginner"}
QUIZ_DATA = {"type": "flashcard", "front": "Which is it?", "back": "It is that one.", "tags": ["needs-choices"]}
PROMPT_DATA = {"type": "open_prompt", "stem": "Describe it.", "concept_count": 4, "hint": "Think of it."}

# --- whole pages ---------------------------------------------------------------------------------


def test_the_page_that_the_product_began_as() -> None:
    if not REAL_PAGE.is_file():
        absent(f"the page {REAL_PAGE.name} in shared/material beside the project")
    validated = read(REAL_PAGE)
    assert validated.deck
    found = [(item.KIND, item.level, item.tags) for item in validated.deck.items if not hasattr(item, "items")]
    assert found == [
        *(("flashcard", level, ()) for level in "beginner intermediate beginner intermediate intermediate".split()),
        *[("flashcard", None, ("needs-choices",))] * 5,
        *[("open_prompt", None, ())] * 2,
    ]
    prompts = [to_data(item) for item in validated.deck.items[-2:]]
    assert [(p["concept_count"], "hint" in p) for p in prompts] == [(5, True), (4, True)]
    assert places(validated.diagnostics) == [("no-choices", line, 1) for line in (22, 25, 28, 31, 34)]


def test_a_page_as_it_is_copied(tmp_path: Path) -> None:
    assert items(tmp_path, "Recall & Review", *CARD, *QUIZ, *PROMPT) == [CARD_DATA, QUIZ_DATA, PROMPT_DATA]


def test_the_draft_of_a_page(golden: Golden) -> None:
    golden(run("export", PAGES / "copied.txt", "--to", "yaml", "--out", "-").out, PAGES / "copied.yaml")


def test_a_page_that_was_worked_through() -> None:
    validated = read(PAGES / "worked_through.txt")
    assert validated.deck
    data = [to_data(item) for item in validated.deck.items]
    assert [(item["type"], item.get("tags", [])) for item in data] == [
        ("flashcard", ["Expert"]),
        ("multiple_choice", []),
        ("multiple_choice", []),
        ("open_prompt", []),
    ]
    assert data[1]["choices"][1] == {"text": "In the chloroplasts", "correct": True}
    assert data[2]["choices"] == [{"text": "Nitrogen"}, {"text": "Oxygen", "correct": True}, {"text": "Methane"}]
    assert len(data[3]["concepts"]) == 3
    assert places(validated.diagnostics) == [("unplaced-line", 1, 1), ("other-level", 7, 1), ("unplaced-line", 37, 1)]


def test_a_saved_page() -> None:
    validated = read(PAGES / "saved.html")
    assert validated.deck
    assert validated.deck.title == "Photosynthesis"
    assert [to_data(item) for item in validated.deck.items] == [
        {
            "type": "flashcard",
            "level": "beginner",
            "front": "What does a leaf take in from the air?",
            "back": "Carbon dioxide (CO2), through small openings.",
        },
        {
            "type": "flashcard",
            "tags": ["expert"],
            "front": "Which steps has it?",
            "back": "It has two:\n\nlight is caught\n\nsugar is built",
        },
        {
            "type": "multiple_choice",
            "stem": "Where in the cell does it happen?",
            "choices": [
                {"text": "In the nucleus"},
                {"text": "In the chloroplasts", "correct": True},
                {"text": "In the cell wall"},
            ],
            "explanation": "A leaf cell has dozens of them.",
        },
        {
            "type": "multiple_choice",
            "stem": "Which gas leaves the leaf?",
            "choices": [{"text": "Nitrogen"}, {"text": "Oxygen", "correct": True}],
            "explanation": "It is left over when water is split.",
        },
        {
            "type": "flashcard",
            "tags": ["needs-key"],
            "front": "Which colour does chlorophyll send back?\n\n- Red\n- Green",
            "back": "That is why leaves have it.",
        },
        {
            "type": "open_prompt",
            "stem": "Describe what becomes of a water molecule in a leaf.",
            "concept_count": 5,
            "hint": "Follow the hydrogen.",
        },
    ]
    assert places(validated.diagnostics) == [
        ("not-kept", 18, 50),
        ("other-level", 22, 33),
        ("no-key", 51, 12),
        ("unplaced-line", 65, 9),
    ]


def test_a_draft_is_completed_and_read_again(tmp_path: Path) -> None:
    page = written(tmp_path, "\n".join(["Recall & Review", *CARD, *QUIZ, *PROMPT]))
    draft = tmp_path / "page.yaml"
    assert run("export", page, "--to", "yaml").code == 0
    assert [to_data(item) for item in cardforge.load(draft).items] == [CARD_DATA, QUIZ_DATA, PROMPT_DATA]
    completed = (
        draft.read_text()
        .replace(
            "- type: flashcard\n  front: Which is it?\n  back: It is that one.\n  tags: [needs-choices]\n",
            "- type: multiple_choice\n  stem: Which is it?\n  choices:\n  - text: this\n  - text: that\n"
            "    correct: true\n  explanation: It is that one.\n",
        )
        .replace("  concept_count: 4\n", "  concepts: [one, two, three, four]\n")
    )
    draft.write_text(completed)
    choice, prompt = (to_data(item) for item in cardforge.load(draft).items[1:])
    assert choice["choices"] == [{"text": "this"}, {"text": "that", "correct": True}]
    assert prompt["concepts"] == ["one", "two", "three", "four"]
    assert cardforge.check(draft) == ()


def test_the_completed_page_of_the_documentation_is_read(tmp_path: Path) -> None:
    page = (
        (PAGES.parents[2] / "docs" / "recall.md").read_text("utf-8").rpartition("\n```\n")[0].rpartition("\n```\n")[2]
    )
    choice, prompt = items(tmp_path, page)
    assert choice["choices"] == [{"text": "Nitrogen"}, {"text": "Oxygen", "correct": True}, {"text": "Methane"}]
    assert prompt["concepts"] == ["water is split by light", "oxygen leaves the leaf", "hydrogen goes into sugar"]
    assert diagnostics(tmp_path, page) == ()


def test_a_page_that_is_completed_is_the_full_deck(tmp_path: Path) -> None:
    stem, *verdict = QUIZ
    page = [*CARD, stem, "✓ that", "this", *verdict, *PROMPT, "- one", "- two", "- three", "- four"]
    assert diagnostics(tmp_path, *page) == ()
    _, choice, prompt = items(tmp_path, *page)
    assert choice["choices"] == [{"text": "that", "correct": True}, {"text": "this"}]
    assert prompt["concepts"] == ["one", "two", "three", "four"]


# --- what a page may be like ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\n\n", "\r\n \t\r\n", "\n\u200b\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"]
)
def test_lines_end_in_every_way(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, end + end.join([*CARD, *QUIZ, *PROMPT]) + end)
    validated = read(path)
    assert validated.deck
    assert [to_data(item) for item in validated.deck.items] == [CARD_DATA, QUIZ_DATA, PROMPT_DATA]


@pytest.mark.parametrize(
    "level", ["Advanced", "ADVANCED", "advanced level", "Level: advanced", "Difficulty: Advanced", "  advanced "]
)
def test_a_level_is_written_in_many_ways(tmp_path: Path, level: str) -> None:
    assert items(tmp_path, level, *CARD[1:])[0]["level"] == "advanced"


@pytest.mark.parametrize("level", ["expert", "Easy", "Level 3", "A1", "Pre-intermediate"])
def test_another_level_becomes_a_tag(tmp_path: Path, level: str) -> None:
    page = [*CARD, level, *CARD[1:]]
    data = items(tmp_path, *page)[1]
    assert (data["tags"], "level" in data) == ([level], False)
    assert places(diagnostics(tmp_path, *page)) == [("other-level", 5, 1)]


def test_a_level_may_be_an_answer(tmp_path: Path) -> None:
    assert items(tmp_path, "beginner", "Which level is the first?", "Beginner", CARD[3])[0]["back"] == "Beginner"


@pytest.mark.parametrize(
    "verdict",
    ["✗ Incorrect", "✓ Correct", "✔ Correct!", "❌ Incorrect.", "✅ correct", "✗\nIncorrect", "Incorrect", "✗ Wrong"],
)
def test_a_verdict_is_written_in_many_ways(tmp_path: Path, verdict: str) -> None:
    assert items(tmp_path, QUIZ[0], verdict, QUIZ[2]) == [QUIZ_DATA]


@pytest.mark.parametrize("answer", [["Correct"], ["Incorrect."], ["correct", "It is 4."], ["Yes.", "Correct!"]])
def test_the_answer_of_a_card_may_be_a_verdict(tmp_path: Path, answer: list[str]) -> None:
    page = [CARD[0], "True or false: 2 + 2 is 4?", *answer, CARD[3]]
    assert items(tmp_path, *page, *CARD)[0] == {
        "type": "flashcard",
        "level": "beginner",
        "front": "True or false: 2 + 2 is 4?",
        "back": "\n\n".join(answer),
    }
    assert diagnostics(tmp_path, *page) == ()


def test_a_verdict_that_is_marked_is_no_answer_of_a_card(tmp_path: Path) -> None:
    data = items(tmp_path, "beginner", *QUIZ, *CARD)
    assert data == [{**QUIZ_DATA, "level": "beginner"}, CARD_DATA]


@pytest.mark.parametrize("space", ["\xa0", "\u202f", " \u200b", "\ufeff "])
def test_landmarks_are_known_whatever_their_spaces(tmp_path: Path, space: str) -> None:
    page = "\n".join([*CARD, *QUIZ, PROMPT[0], PROMPT[1], "You got 1/4 concepts."])
    marks = ("Click to reveal answer", "✗ Incorrect", "You got 1/4 concepts.")
    for mark in marks:
        page = page.replace(mark, mark.replace(" ", space))
    assert items(tmp_path, page) == [CARD_DATA, QUIZ_DATA, PROMPT_DATA]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\xad", "\xa0"])
def test_landmarks_are_known_whatever_unseen_stands_at_their_ends(tmp_path: Path, unseen: str) -> None:
    level, *texts, reveal = CARD
    assert items(tmp_path, *CARD, unseen + level + unseen, *texts, unseen + reveal)[1] == CARD_DATA


def test_spaces_in_texts_stay_as_they_are(tmp_path: Path) -> None:
    assert items(tmp_path, CARD[0], "How\xa0far?", "5\u202fkm", CARD[3])[0]["back"] == "5\u202fkm"


@pytest.mark.parametrize(("name", "tag"), [("page.txt", ""), ("page.html", "<p>")])
def test_control_characters_are_dropped_and_told(tmp_path: Path, name: str, tag: str) -> None:
    page = [tag + line for line in (CARD[0], "W\x07hat is\x1b\x1b it?", *CARD[2:])]
    assert items(tmp_path, *page, name=name) == [CARD_DATA]
    (found,) = diagnostics(tmp_path, *page, name=name)
    assert places([found]) == [("not-kept", 2, 2 + len(tag))]
    assert "U+0007" in found.message


def test_a_verdict_may_go_on_to_explain(tmp_path: Path) -> None:
    assert items(tmp_path, QUIZ[0], f"✗ Incorrect. {QUIZ[2]}") == [QUIZ_DATA]


@pytest.mark.parametrize(
    "score", ["You got 2/4 concepts.", "You got 2/4 concepts", "you got 2 of 4 key concepts!", "You got 0/ 4 concepts"]
)
def test_a_score_is_written_in_many_ways(tmp_path: Path, score: str) -> None:
    assert items(tmp_path, *PROMPT[:2], score) == [PROMPT_DATA]


@pytest.mark.parametrize("label", ["Tap to reveal answer", "Click to reveal", "Show answer", "Hide the answer"])
def test_a_card_ends_in_many_ways(tmp_path: Path, label: str) -> None:
    assert items(tmp_path, *CARD[:3], label) == [CARD_DATA]


def test_an_answer_may_have_paragraphs(tmp_path: Path) -> None:
    assert items(tmp_path, *CARD[:3], "And that.", CARD[3])[0]["back"] == "It is this.\n\nAnd that."


@pytest.mark.parametrize("hint", [["Hint: Think of it."], ["Show hint", "Think of it."], ["💡 Hint", "Think of it."]])
def test_a_hint_may_have_a_label(tmp_path: Path, hint: list[str]) -> None:
    assert items(tmp_path, PROMPT[0], *hint, PROMPT[2]) == [PROMPT_DATA]


@pytest.mark.parametrize("page", [QUIZ, PROMPT, ["Which is it?", "✓ that", "this", *QUIZ[1:]]])
def test_questions_and_prompts_may_have_a_level(tmp_path: Path, page: Sequence[str]) -> None:
    assert items(tmp_path, "advanced", *page)[0]["level"] == "advanced"


def test_a_card_may_have_a_hint(tmp_path: Path) -> None:
    assert items(tmp_path, *CARD[:2], "Hint: Think of it.", *CARD[2:]) == [{**CARD_DATA, "hint": "Think of it."}]


def test_an_answer_may_be_a_word_that_labels_a_hint(tmp_path: Path) -> None:
    assert items(tmp_path, *CARD[:2], "Hint", CARD[3])[0]["back"] == "Hint"


def test_buttons_and_counters_say_nothing(tmp_path: Path) -> None:
    page = ["Card 1 of 9", *CARD, "Question 1/3", QUIZ[0], "Check answer", *QUIZ[1:], "Next question"]
    assert items(tmp_path, *page) == [CARD_DATA, QUIZ_DATA]
    assert places(diagnostics(tmp_path, *page)) == [("no-choices", 7, 1)]


# --- the title -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (["Recall & Review"], "Recall & Review: page"),
        (["Recall\xa0&\xa0Review"], "Recall\xa0&\xa0Review: page"),
        (["Home", "Recall & Review: leaves"], "Recall & Review: leaves"),
        (["Leaves"], "Leaves"),
        (["Home", "Leaves"], "Leaves"),
        ([], "page"),
    ],
)
def test_the_title_is_the_heading_or_the_name_of_the_file(tmp_path: Path, head: list[str], title: str) -> None:
    deck = read(written(tmp_path, "\n".join([*head, *CARD]))).deck
    assert deck and deck.title == title


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Leaves | School</title><h1>Leaves</h1>", "Leaves"),
        ("<title>Leaves | School</title><h1>Recall &amp; Review</h1>", "Leaves | School"),
        ("<h1>Recall &amp; Review</h1>", "Recall & Review: page"),
        ("<p>", "page"),
    ],
)
def test_the_title_of_a_saved_page(tmp_path: Path, head: str, title: str) -> None:
    page = head + "".join(f"<p>{line}" for line in CARD)
    validated = read(written(tmp_path, page, "page.html"))
    assert validated.deck and (validated.deck.title, validated.diagnostics) == (title, ())


@pytest.mark.parametrize(
    ("head", "name", "deck_id"),
    [
        (["Recall & Review"], "page.txt", "recall-review-page"),
        (["Recall and review"], "Unit 2 (new).txt", "recall-and-review-unit-2-new"),
        (["Recall & Review"], "Unit\n2.txt", "recall-review-unit-2"),
        (["Recall & Review"], os.fsdecode(b"unit-2\xff.txt"), "recall-review-unit-2"),
        (["<h1>Recall &amp; Review</h1>"], "page.html", "recall-review-page"),
        (["Recall & Review: leaves"], "page.txt", None),
        (["Leaves"], "page.txt", None),
        ([], "page.txt", None),
    ],
)
def test_a_page_with_the_title_of_every_page_is_told_apart_by_its_file(
    tmp_path: Path, head: list[str], name: str, deck_id: str | None
) -> None:
    lines = [f"<p>{line}" for line in CARD] if name.endswith("html") else CARD
    deck = read(written(tmp_path, "\n".join([*head, *lines]), name)).deck
    assert deck and deck.id == deck_id


def test_pages_with_the_title_of_every_page_are_told_apart_by_what_is_shown(tmp_path: Path) -> None:
    decks = [
        cardforge.load(written(tmp_path, "\n".join(["Recall & Review", *CARD]), name)) for name in ("a.txt", "b.txt")
    ]
    assert [deck.title for deck in decks] == ["Recall & Review: a", "Recall & Review: b"]


def test_a_page_that_has_grown_is_the_same_deck_with_the_same_items(tmp_path: Path) -> None:
    before = cardforge.load(written(tmp_path, "\n".join(["Recall & Review", *CARD, *QUIZ])))
    after = cardforge.load(written(tmp_path, "\n".join(["Recall & Review", *PROMPT, *CARD, *QUIZ])))
    assert after.identity == before.identity
    assert [entry.id for entry in after.entries()][1:] == [entry.id for entry in before.entries()]


# --- choices -------------------------------------------------------------------------------------

ONE_RIGHT = [{"text": "this"}, {"text": "that", "correct": True}, {"text": "neither"}]


@pytest.mark.parametrize(
    ("choices", "verdict"),
    [
        (["this", "✓ that", "neither"], ["✗ Incorrect"]),
        (["✗ this", "✓ that", "neither"], ["✗ Incorrect"]),
        (["this", "that ✓", "neither"], ["✗ Incorrect"]),
        (["- [ ] this", "- [x] that", "- [ ] neither"], ["✗ Incorrect"]),
        (["[ ] this", "[x] that", "[ ] neither"], ["✗ Incorrect"]),
        (["- this", "✓ that", "- neither"], ["✗ Incorrect"]),
        (["• this", "✅ that", "• neither"], ["✗ Incorrect"]),
        (["-\xa0this", "✓ that", "-\xa0neither"], ["✗ Incorrect"]),
        (["- A. this", "✓ B. that", "- C. neither"], ["✗ Incorrect"]),
        (["○ this", "● that", "○ neither"], ["✓ Correct"]),
        (["A. this", "B. that ✓", "C. neither"], ["✗ Incorrect"]),
        (["this", "that", "neither"], ["✗ Incorrect", "Correct answer: that"]),
        (["this", "that", "neither"], ["✗ Incorrect", "The correct answer is B"]),
        (["A) this", "B) that", "C) neither"], ["✗ Incorrect", "The correct answer is: b)"]),
        (["this", "that", "neither"], ["✗ Incorrect", "Correct answer: B. That."]),
    ],
)
def test_choices_are_read_where_the_page_holds_them(tmp_path: Path, choices: list[str], verdict: list[str]) -> None:
    page = [QUIZ[0], *choices, *verdict, QUIZ[2]]
    expected = {"type": "multiple_choice", "stem": QUIZ[0], "choices": ONE_RIGHT, "explanation": QUIZ[2]}
    assert items(tmp_path, *page) == [expected]
    assert diagnostics(tmp_path, *page) == ()


@pytest.mark.parametrize("verdict", ["✗ Incorrect", "✓ Correct"])
def test_which_choice_is_right_is_not_guessed(tmp_path: Path, verdict: str) -> None:
    page = [QUIZ[0], "this", "that", verdict, QUIZ[2]]
    expected = {**QUIZ_DATA, "front": "Which is it?\n\n- this\n- that", "tags": ["needs-key"]}
    assert items(tmp_path, *page) == [expected]
    assert places(diagnostics(tmp_path, *page)) == [("no-key", 1, 1)]


def test_a_choice_that_was_taken_and_wrong_says_nothing_of_the_others(tmp_path: Path) -> None:
    assert items(tmp_path, QUIZ[0], "○ this", "● that", QUIZ[1], QUIZ[2])[0]["tags"] == ["needs-key"]


def test_choices_with_a_tick_in_place_of_a_dash_may_stand_below_any_line(tmp_path: Path) -> None:
    data = items(tmp_path, "Recall & Review", "Choose one.", "- this", "✓ that", "- neither", QUIZ[1], QUIZ[2])
    assert (data[0]["stem"], data[0]["choices"]) == ("Choose one.", ONE_RIGHT)


def test_what_introduces_a_question_belongs_to_it(tmp_path: Path) -> None:
    data = items(tmp_path, "Consider this code:", "x = 1", "What is x?", QUIZ[1], QUIZ[2])[0]
    assert (data["front"], data["tags"]) == ("Consider this code:\n\nx = 1\n\nWhat is x?", ["needs-choices"])


def test_choices_stand_below_the_question_that_is_introduced(tmp_path: Path) -> None:
    data = items(tmp_path, "Consider this code:", "x = 1", "What is x?", "1 ✓", "2", QUIZ[1], QUIZ[2])[0]
    assert [choice["text"] for choice in data["choices"]] == ["1", "2"]


@pytest.mark.parametrize("choices", [["Why? ✓", "How?"], ["Why?", "✓ How?"], ["✓ Why?", "How"]])
def test_choices_may_be_questions(tmp_path: Path, choices: list[str]) -> None:
    data = items(tmp_path, "Which does a critic ask:", *choices, QUIZ[1], QUIZ[2])[0]
    assert len(data["choices"]) == 2


def test_letters_that_do_not_count_up_are_text(tmp_path: Path) -> None:
    data = items(tmp_path, QUIZ[0], "✓ E. coli", "B. subtilis", QUIZ[1], QUIZ[2])[0]
    assert [choice["text"] for choice in data["choices"]] == ["E. coli", "B. subtilis"]


def test_an_answer_that_is_named_and_is_none_of_the_choices_is_kept(tmp_path: Path) -> None:
    data = items(tmp_path, QUIZ[0], "✓ this", "that", QUIZ[1], "Correct answer: something else", QUIZ[2])[0]
    assert data["explanation"] == "Correct answer: something else\n\nIt is that one."


def test_a_right_answer_that_is_named_without_choices_is_kept(tmp_path: Path) -> None:
    data = items(tmp_path, QUIZ[0], QUIZ[1], "Correct answer: that", QUIZ[2])[0]
    assert data["back"] == "Correct answer: that\n\nIt is that one."


@pytest.mark.parametrize(
    "choices",
    [
        "<ul><li>this<li class=correct>that<li>neither</ul>",
        "<button>this</button><button data-correct='true'>that</button><button>neither</button>",
        "<div class=option>this</div><div class='option isCorrect'>that</div><div class=option>neither</div>",
        "<ul><li>A<div>this</div><li class='x--correct'>B<div>that</div><li>C<div>neither</div></ul>",
        "<select><option>this<option data-correct=true>that<option>neither</select>",
        "<div role=radio>this</div><div role=radio>that <i>✓</i></div><div role=radio>neither</div>",
        "<ol><li><label class=wrong>this</label><li><label class=correct>that</label><li><label>neither</label></ol>",
    ],
)
def test_choices_in_a_saved_page(tmp_path: Path, choices: str) -> None:
    page = f"<li><p>{QUIZ[0]}</p>{choices}<button>Submit</button><p>{QUIZ[1]}</p><p>{QUIZ[2]}</p></li>" * 2
    data = items(tmp_path, page, name="page.html")
    assert [item["choices"] for item in data] == [ONE_RIGHT] * 2


# --- what is missing, and what belongs nowhere ---------------------------------------------------


def test_a_card_without_an_answer_becomes_a_prompt(tmp_path: Path) -> None:
    page = [*CARD[:2], CARD[3]]
    expected = {"type": "open_prompt", "stem": "What is it?", "level": "beginner", "tags": ["needs-answer"]}
    assert items(tmp_path, *page) == [expected]
    assert places(diagnostics(tmp_path, *page)) == [("no-answer", 2, 1)]


@pytest.mark.parametrize("level", ["intermediate", "Level: advanced", "expert"])
@pytest.mark.parametrize("end", [CARD[3], QUIZ[1], PROMPT[2]])
def test_a_level_without_its_card_is_told_and_is_no_question(tmp_path: Path, level: str, end: str) -> None:
    page = [*CARD, level, end, *CARD]
    assert items(tmp_path, *page) == [CARD_DATA, CARD_DATA]
    assert places(diagnostics(tmp_path, *page)) == [("unplaced-line", 5, 1)]


def test_a_question_with_neither_choices_nor_explanation_becomes_a_prompt(tmp_path: Path) -> None:
    data = items(tmp_path, QUIZ[0], QUIZ[1], *QUIZ)
    assert data == [{"type": "open_prompt", "stem": "Which is it?", "tags": ["needs-choices"]}, QUIZ_DATA]


def test_cards_may_lack_their_last_line(tmp_path: Path) -> None:
    assert items(tmp_path, *CARD[:3], *CARD[:3], *QUIZ, *PROMPT) == [CARD_DATA, CARD_DATA, QUIZ_DATA, PROMPT_DATA]


def test_cards_may_lack_their_level(tmp_path: Path) -> None:
    without = {name: value for name, value in CARD_DATA.items() if name != "level"}
    assert items(tmp_path, "Recall & Review", *CARD[1:], *CARD[1:]) == [without, without]


def test_a_prompt_may_lack_its_hint(tmp_path: Path) -> None:
    without = {name: value for name, value in PROMPT_DATA.items() if name != "hint"}
    assert items(tmp_path, *CARD, PROMPT[0], PROMPT[2]) == [CARD_DATA, without]


def test_a_number_of_concepts_that_disagrees_with_the_list_is_told(tmp_path: Path) -> None:
    page = [*PROMPT, "✓ one", "✗ two"]
    assert "concept_count" not in items(tmp_path, *page)[0]
    assert places(diagnostics(tmp_path, *page)) == [("concept-count", 3, 1)]


def test_no_concepts_are_no_number(tmp_path: Path) -> None:
    page = [*PROMPT[:2], "You got 2/0 concepts."]
    assert "concept_count" not in items(tmp_path, *page)[0]
    assert places(diagnostics(tmp_path, *page)) == [("no-concepts", 3, 1)]


def test_lines_around_the_page_are_told(tmp_path: Path) -> None:
    found = diagnostics(tmp_path, "Home", "Sign in", "Recall & Review", *CARD, "Imprint")
    assert [(d.code, d.severity) for d in found] == [("unplaced-line", Severity.WARNING)] * 2
    assert [d.message.split(" belong")[0] for d in found] == ["“Home” and 1 more line", "“Imprint”"]
    assert [line for _, line, _ in places(found)] == [1, 8]


def test_a_verdict_without_a_question_is_told(tmp_path: Path) -> None:
    assert places(diagnostics(tmp_path, *CARD, "✗ Incorrect"))[-1] == ("unplaced-line", 5, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.txt", "Shopping\nMilk\nBread\n"),
        ("page.txt", "advanced\nsettings\nare here\n"),
        ("page.html", "<!DOCTYPE html><title>Shop</title><p>Milk</p>"),
        ("page.html", "<script>beginner\nWhat?\nThis.\nClick to reveal answer"),
        ("page.htm", "<"),
    ],
)
def test_another_text_is_refused_with_what_a_page_looks_like(tmp_path: Path, name: str, text: str) -> None:
    (problem,) = diagnostics(tmp_path, text, name=name)
    assert places([problem]) == [("another-format", 1, 1)]
    assert "a card is a level, a question, an answer and “Click to reveal answer”" in problem.fix


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty-file"), (b"\n \n", "empty-file"), (b"PK\x03\x04\0\xff", "binary-file"), (b"\xe9t\xe9", "not-utf8")],
)
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes, code: str, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    path.write_bytes(data)
    assert [d.code for d in cardforge.check(path, source="recall")] == [code]


def test_an_empty_page_is_told_what_to_put_in_it(tmp_path: Path) -> None:
    assert [d.fix for d in diagnostics(tmp_path, "")] == [
        "copy the page into it, from its heading to its end, and save it"
    ]


@pytest.mark.parametrize(
    ("name", "data", "is_page"),
    [
        ("page.txt", "\n".join(CARD).encode(), True),
        ("page.html", "".join(f"<p>{line}" for line in CARD).encode(), True),
        ("notes.txt", b"Milk\nBread\n", False),
        ("words.txt", b"the\ncorrect\nof\n", False),
        ("long.txt", b"The\n" * 100 + b"Correct\nOf\n", False),
        ("quiz.txt", b"What is it?\nThis\nThat\nIncorrect\nIt is this.\n", True),
        ("empty.txt", b"", False),
        ("picture.html", b"\0\xff", False),
        ("old.txt", b"caf\xe9\n", False),
    ],
)
def test_a_page_is_known_from_other_files(tmp_path: Path, name: str, data: bytes, is_page: bool) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert RecallSource().recognises(path) is is_page


def test_a_study_page_is_no_recall_page(tmp_path: Path) -> None:
    deck = cardforge.load(written(tmp_path, "\n".join([*CARD, *QUIZ, *PROMPT])))
    page = cardforge.write(deck, "html", tmp_path / "study.html").path
    assert not RecallSource().recognises(page)


def test_a_file_of_another_suffix_is_read_by_what_it_holds(tmp_path: Path) -> None:
    page = "<!DOCTYPE html>" + "".join(f"<p>{line}</p>" for line in CARD)
    assert items(tmp_path, page, name="page.txt") == [CARD_DATA]


# --- saved pages ---------------------------------------------------------------------------------


def lines_of(html: str) -> list[str]:
    return [line.text for line in markup.saved(html).lines]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("a<b>b</b>c<p>d<br>e", ["abc", "d", "e"]),
        ("a\n  b &amp; c&nbsp;d", ["a b & c\xa0d"]),
        ("<pre>a\nb<i>\nc</i>\n</pre>d", ["a", "b", "c", "d"]),
        ("<nav>a<nav>b</nav>c</nav>d", ["d"]),
        ("a<script>if (a<b) '</p>'</script><style>x</style><!-- c --><template>t</template>d", ["ad"]),
        ("a<svg><text>x</text></svg><svg/>b", ["ab"]),
        ("<div>a</b></i></div>b", ["a", "b"]),
        ("a < b <3 </ p>", ["a < b <3"]),
        ('<p title="a > b">c</p>', ["c"]),
        ("<span class=level-badge>beginner</span><span>What?</span>", ["beginner", "What?"]),
        ("<title>a<b</title><body>c", ["c"]),
        ("a<p", ["a"]),
        ("a<!-- b", ["a"]),
        ("a<textarea>b", ["a"]),
    ],
)
def test_lines_are_those_that_a_browser_shows(html: str, lines: list[str]) -> None:
    assert lines_of(html) == lines


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<img src=a.png alt="a leaf">', "the picture “a leaf” is not kept"),
        ("x<sup>2</sup>", "the raised position of this text is not kept"),
        ("<math><mi>x</mi></math>", "a formula is not kept"),
    ],
)
def test_what_a_line_cannot_hold_is_told(tmp_path: Path, html: str, message: str) -> None:
    page = "".join(f"<p>{line}</p>" for line in CARD)
    found = diagnostics(tmp_path, page.replace("this.", f"this {html}."), name="page.html")
    assert [(d.code, d.message) for d in found] == [("not-kept", message)]


@pytest.mark.parametrize(
    "unit",
    ["<", "<a", "<!--", "<a b='", "</", "<p>", "</x>", "<li>", "<button>a", "<script>", "<nav>", "&", "a<pre>\n", "<?"],
)
def test_a_damaged_page_takes_no_longer_than_a_whole_one(unit: str) -> None:
    # With time that grows with the square of the length, this would take minutes.
    assert len(markup.saved(unit * 30_000).lines) <= 30_000


@pytest.mark.parametrize(
    "unit", ["a?\n", "beginner\n", "✗ Incorrect\n", "- a\n", "a\n✗ Incorrect\n", "You got 1/2 concepts\n", "✓\n", "  "]
)
def test_a_large_page_takes_no_longer_for_each_line(unit: str) -> None:
    read_page(copied(unit * 20_000))


# --- plain text as Markdown ----------------------------------------------------------------------

MARKUP = [
    *r"a b 1 \ ` `` * ** _ __ { } [ ] [a](b) ![a](b) < > <b> </b> <!-- & &amp; &#65; $ $$ $x$ ~ ~~ | # ## + - --- = ===".split(),
    *(
        "1.",
        "1)",
        "12. ",
        "- ",
        "# ",
        "> ",
        "<https://a.b>",
        "a@b.c",
        "(",
        ")",
        "!",
        '"',
        "'",
        ":",
        "\xa0",
        "\ufe0f",
        "é",
    ),
]
one_line = st.one_of(st.lists(st.sampled_from([*MARKUP, " "]), max_size=8).map("".join), st.text(max_size=20))
shown = Dialect(maths=lambda tex, display: f"[formula {tex}]")


@given(one_line.map(squeezed).filter(lambda text: text.isprintable() and text != ""))
def test_a_text_shows_what_the_page_shows(text: str) -> None:
    assert unescape(re.sub(r"</?p>", "", render(as_markdown(text), shown))) == text


def test_what_needs_no_escape_has_none() -> None:
    text = "It's 5 - 3 (or snake_case), costs 3%; a#b, 2+2=4 & more!"
    assert as_markdown(text) == text


# --- pages by the hundred ------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A card, question or prompt of a page: its lines, and the item that they should give."""

    lines: tuple[str, ...]
    item: dict[str, Any]


# What stands first and last keeps a text from looking like a landmark, a label or a mark.
texts = st.one_of(st.text(max_size=12), st.lists(st.sampled_from(MARKUP), max_size=4).map(" ".join)).map(
    lambda text: squeezed("".join(c for c in text if c.isprintable()))
)


def sentences(first: str, last: str) -> st.SearchStrategy[str]:
    return texts.map(lambda text: f"{first}{text}{last}")


QUESTIONS, ANSWERS, TASKS = sentences("What q", "q?"), sentences("So a", "a."), sentences("Describe d", "d.")
CHOICES = sentences("c", "c")
CHOICE_MARKS = st.sampled_from([("✓ ", ""), ("✓ ", "✗ "), ("[x] ", "[ ] "), ("- [x] ", "- [ ] ")])


@st.composite
def cards(draw: DrawFn) -> Piece:
    question, answer = draw(QUESTIONS), draw(st.lists(ANSWERS, min_size=1, max_size=3))
    level = draw(st.sampled_from(["beginner", "intermediate", "advanced", "Expert", "hard"]))
    known = {"level": level} if level.islower() and level != "hard" else {"tags": [level]}
    data = {"type": "flashcard", "front": as_markdown(question), "back": "\n\n".join(map(as_markdown, answer))}
    return Piece((level, question, *answer, "Click to reveal answer"), data | known)


@st.composite
def questions(draw: DrawFn) -> Piece:
    stem, explanation = draw(QUESTIONS), draw(ANSWERS)
    verdict = draw(st.sampled_from(["✗ Incorrect", "✓ Correct"]))
    options = draw(st.lists(CHOICES, min_size=2, max_size=4, unique=True)) if draw(st.booleans()) else []
    if not options:
        data: dict[str, Any] = {"type": "flashcard", "front": as_markdown(stem), "back": as_markdown(explanation)}
        return Piece((stem, verdict, explanation), data | {"tags": ["needs-choices"]})
    right, (tick, other) = draw(st.integers(0, len(options) - 1)), draw(CHOICE_MARKS)
    choices = [
        {"text": as_markdown(text)} | ({"correct": True} if n == right else {}) for n, text in enumerate(options)
    ]
    marked = [(tick if n == right else other) + text for n, text in enumerate(options)]
    data = {"type": "multiple_choice", "stem": as_markdown(stem), "choices": choices}
    return Piece((stem, *marked, verdict, explanation), data | {"explanation": as_markdown(explanation)})


@st.composite
def prompts(draw: DrawFn) -> Piece:
    task, hint, count = draw(TASKS), draw(ANSWERS), draw(st.integers(1, 9))
    got = draw(st.sampled_from(["", "0", "1"]))
    data = {"type": "open_prompt", "stem": as_markdown(task), "hint": as_markdown(hint), "concept_count": count}
    return Piece((task, hint, f"You got {got}/{count} concepts."), data)


pieces = st.lists(st.one_of(cards(), questions(), prompts()), min_size=1, max_size=6)
around = st.lists(sentences("Menu m", "m"), max_size=3)
blank_lines = st.sampled_from(["", "", "\n", " \t\n", "\n\n\n"])


@given(st.data(), pieces, around, around, st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_copied_page_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    parts: list[Piece],
    above: list[str],
    below: list[str],
    line_end: str,
) -> None:
    lines = [*above, "Recall & Review", *(line for part in parts for line in part.lines), *below]
    text = "".join(f"{line}\n{data.draw(blank_lines)}" for line in lines).replace("\n", line_end)
    path = written(tmp_path_factory.getbasetemp(), text)
    draft = RecallSource().read(path)
    validated = validate(draft)
    assert validated.deck
    assert validated.deck.title == "Recall & Review: page"
    assert [to_data(item) for item in validated.deck.items] == [part.item for part in parts]
    unplaced = [run[0].text for run in page_of(text).unplaced]
    assert unplaced == [run[0] for run in (above, below) if run]


@given(pieces)
def test_a_saved_page_is_read_back(tmp_path_factory: pytest.TempPathFactory, parts: list[Piece]) -> None:
    blocks = [f"<section>{''.join(f'<p>{escape(line)}</p>' for line in part.lines)}</section>" for part in parts]
    html = f"<!DOCTYPE html><title>Leaves</title><main><h1>Leaves</h1>{''.join(blocks)}</main>"
    validated = read(written(tmp_path_factory.getbasetemp(), html, "page.html"))
    assert validated.deck
    assert [to_data(item) for item in validated.deck.items] == [part.item for part in parts]


def page_of(text: str) -> Page:
    page = read_page(copied(text))
    assert page
    return page


LANDMARKS = ["beginner", "expert", "Click to reveal answer", "✗ Incorrect", "✓ Correct", "You got 1/3 concepts.", "✓"]
soup = st.lists(
    st.sampled_from([*LANDMARKS, "Q?", "So.", "- c", "✓ t", "Hint: h", "Hint", "Correct answer: x"]), max_size=25
)


@given(soup)
def test_no_line_of_any_page_is_lost(lines: list[str]) -> None:
    named = [f"{line} {n}" if line in ("Q?", "So.", "- c", "✓ t", "Hint: h") else line for n, line in enumerate(lines)]
    page = read_page(copied("\n".join(named)))
    if page is None:
        return
    kept = " ".join(str(part) for part in (*page.parts, *page.unplaced, page.title))
    for line in named:
        if line[-1].isdigit():
            assert re.search(rf"{re.escape(line.split()[-2])} {line.split()[-1]}\b", kept), (line, page)


@given(soup)
def test_any_page_gives_a_valid_deck_or_a_diagnostic(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = written(tmp_path_factory.getbasetemp(), "\n".join(lines))
    found = cardforge.check(path, source="recall")
    allowed = {"another-format", "empty-file", "too-few-choices", "repeated-text"}
    assert {d.code for d in found if d.severity is Severity.ERROR} <= allowed


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), st.sampled_from([".txt", ".html"]))
def test_garbage_gives_a_diagnostic(tmp_path_factory: pytest.TempPathFactory, garbage: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"garbage{suffix}"
    path.write_bytes(garbage)
    assert all(d.span and d.code and d.fix for d in cardforge.check(path, source="recall"))


TAGS = "<p> </p> <li> </li> <ul> <button> </button> <label <nav> </nav> <!-- --> <pre> \n <title> <h1> </h1> & &lt; <".split(
    " "
)


@given(st.lists(st.sampled_from([*TAGS, *LANDMARKS, "Q?", "A.", "class=correct", ">"]), max_size=30).map("".join))
def test_any_markup_gives_a_diagnostic(tmp_path_factory: pytest.TempPathFactory, html: str) -> None:
    path = written(tmp_path_factory.getbasetemp(), html, "page.html")
    assert all(d.span and d.code and d.fix for d in cardforge.check(path, source="recall"))
