"""What a person reads: the place, the line with a caret under it, and the fix."""

from __future__ import annotations

import pickle
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import MOST_SHOWN, Diagnostic, InvalidDeck, Severity, Span, nearest, report


def diagnostic(line: str, column: int, number: int = 1) -> Diagnostic:
    return Diagnostic(Severity.ERROR, "code", "message", "fix", Span("deck.yaml", number, column), line)


def excerpt(line: str, column: int) -> tuple[str, str]:
    """The line as it is shown, and what stands before the caret."""
    _, shown, caret, _ = str(diagnostic(line, column)).splitlines()
    return shown.removeprefix("  1 | "), caret.removeprefix("    | ").removesuffix("^")


def test_a_diagnostic_tells_place_code_line_and_fix() -> None:
    assert str(diagnostic("frnt: x", 1, 12)) == (
        "deck.yaml:12:1: error[code]: message\n  12 | frnt: x\n     | ^\n  fix: fix"
    )


def test_a_warning_is_called_one() -> None:
    warning = Diagnostic(Severity.WARNING, "code", "message", "fix")
    assert str(warning) == "warning[code]: message\n  fix: fix"


@pytest.mark.parametrize(
    ("line", "column", "before"),
    [
        ("abc", 1, ""),
        ("abc", 3, "  "),
        ("abc", 4, "   "),
        ("\tabc", 2, "\t"),
        ("a\tbc", 3, " \t"),
        ("漢字x", 3, "    "),
        ("漢a字x", 4, "     "),
        ("😀x", 2, "  "),
        ("ｗx", 2, "  "),
        ("e\u0301x", 3, " "),
        ("aéx", 3, "  "),
    ],
)
def test_the_caret_stands_under_its_character(line: str, column: int, before: str) -> None:
    assert excerpt(line, column) == (line, before)


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\ud800"])
def test_a_control_character_is_shown_as_one_that_does_nothing(control: str) -> None:
    assert excerpt(f"a{control}b", 3) == ("a\N{REPLACEMENT CHARACTER}b", "  ")


@pytest.mark.parametrize("column", [1, 50, 51, 52, 100, 500, 950, 1000, 1001])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    line = "".join(chr(0x4E00 + i) for i in range(1000))
    shown, before = excerpt(line, column)
    at = len(before.replace("  ", "w"))
    assert len(shown) <= 102
    assert shown[at : at + 1] == line[column - 1 : column]


def test_what_was_cut_is_marked() -> None:
    shown, _ = excerpt("x" * 1000, 500)
    assert (shown[0], shown[-1]) == ("…", "…")


@pytest.mark.parametrize("length", [1, 99, 100])
def test_a_short_line_is_shown_whole(length: int) -> None:
    assert excerpt("x" * length, length)[0] == "x" * length


def width(text: str) -> int:
    return sum(0 if category(c) in ("Mn", "Me") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


@given(st.text("ab \t漢😀é\u0301\x1b\u202e", min_size=1, max_size=100), st.data())
def test_what_stands_before_the_caret_is_as_wide_as_the_text(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(line) + 1))
    shown, before = excerpt(line, column)
    text = shown[: column - 1]
    assert (width(before), before.count("\t")) == (width(text), text.count("\t"))


def test_a_line_without_text_shows_no_excerpt() -> None:
    assert str(diagnostic("", 1)) == "deck.yaml:1:1: error[code]: message\n  fix: fix"


# --- many ----------------------------------------------------------------------------------------


def test_a_report_shows_fifty_and_counts_the_rest() -> None:
    shown = report([diagnostic("x", 1)] * 1234)
    assert (shown.count("error[code]"), shown.splitlines()[-1]) == (MOST_SHOWN, "… and 1,184 more (1,234 in all)")


def test_a_report_of_fifty_counts_nothing() -> None:
    assert "more" not in report([diagnostic("x", 1)] * MOST_SHOWN)


def test_an_invalid_deck_says_all_and_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(InvalidDeck([diagnostic("x", 1)])))
    assert (error.diagnostics, str(error)) == ((diagnostic("x", 1),), str(diagnostic("x", 1)))


# --- the word that was meant ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"), [("frnt", "front"), ("Front", "front"), ("bakc", "back"), ("zzz", None), ("", None)]
)
def test_the_nearest_word_is_found(word: str, meant: str | None) -> None:
    assert nearest(word, ["front", "back", "hint"]) == meant


def test_where_case_counts_a_capital_stays_one() -> None:
    assert nearest("Gama", ["gamma", "Gamma"], is_case_kept=True) == "Gamma"


def test_no_error_is_left_out_for_a_warning() -> None:
    warning = Diagnostic(Severity.WARNING, "seen", "message", "fix")
    assert "error[code]" in report([warning] * MOST_SHOWN + [diagnostic("x", 1)])
