"""What is told of a file: each cause once, nothing less than counted."""

from __future__ import annotations

import pytest

from cardforge.cli.told import say_diagnostics
from cardforge.diagnostics import Diagnostic, Severity, Span


def warning(
    message: str, line: int, *, subject: str = "", code: str = "adapted-item", file: str = "a.xml", fix: str = "look"
) -> Diagnostic:
    return Diagnostic(Severity.WARNING, code, subject + message, fix, Span(file, line, 1), subject=subject)


def error(line: int) -> Diagnostic:
    return Diagnostic(Severity.ERROR, "wrong", "this is wrong", "mend it", Span("a.xml", line, 1))


def told(capsys: pytest.CaptureFixture[str], *diagnostics: Diagnostic, is_foreign: bool = True) -> str:
    say_diagnostics(diagnostics, is_foreign=is_foreign)
    return capsys.readouterr().err


ALL = "cardforge export --report FILE lists every one\n"


def test_where_the_rest_is_to_be_found_is_said_where_there_is_a_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, *map(error, range(1, 52))).endswith(ALL)


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 1)])
def test_a_few_in_a_file_of_one_s_own_are_told_one_by_one(
    count: int, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [warning("the comment ends this text", line) for line in range(1, count + 1)]
    assert told(capsys, *rows, is_foreign=False).count("warning[") == lines


def test_nothing_is_said_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == ""


def test_what_differs_in_the_line_only_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [warning("this row is left out: front is missing", line) for line in (4, 7, 9)]
    assert told(capsys, *rows) == f"{rows[0]}\n  and 2 more like it: line 7, line 9\n"


def test_what_differs_in_the_subject_only_is_told_once_with_the_subjects(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["“Rivers”", "“What's a “lake”?”", "a question"]
    items = [warning(": menus become blanks", 3 * number, subject=name) for number, name in enumerate(names)]
    assert told(capsys, *items).splitlines()[-1] == f"  and 2 more like it: {names[1]}, {names[2]}"


def test_a_subject_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    items = [warning(": menus become blanks", line, subject=name) for line, name in enumerate("ABB")]
    assert told(capsys, *items).splitlines()[-1] == "  and 2 more like it: B"


def test_of_the_parts_of_a_package_the_files_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    items = [warning(": menus become blanks", 3, subject="Q", file=f"a.zip/quiz/{part}.xml") for part in "abb"]
    assert told(capsys, *items).splitlines()[-1] == "  and 2 more like it: b.xml"


@pytest.mark.parametrize(
    "other",
    [
        warning(": it has no text", 2, subject="“A”"),
        warning(": menus become blanks", 2, subject="“A”", code="not-kept"),
        warning(": menus become blanks", 2, subject="“A”", fix="mend it"),
        warning("“B”: menus become blanks", 2),
    ],
)
def test_what_differs_otherwise_is_told_by_itself(other: Diagnostic, capsys: pytest.CaptureFixture[str]) -> None:
    one = warning(": menus become blanks", 1, subject="“A”")
    assert told(capsys, one, other) == f"{one}\n{other}\n"


def test_errors_are_never_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, *map(error, range(1, 51))).count("this is wrong") == 50


def test_more_errors_than_a_person_reads_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, *map(error, range(1, 61)))
    assert (shown.count("this is wrong"), "… and 10 more (60 in all)" in shown) == (50, True)


def test_no_error_is_left_out_for_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    warnings = [warning(f"this is odd in the way of {number}", number) for number in range(1, 90)]
    assert "this is wrong" in told(capsys, *warnings, error(99))


def test_what_is_left_out_is_counted_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    """50 causes are shown, the first of them with two more; of the others there are 10."""
    same = [warning("this is the same", line) for line in (1, 2, 3)]
    others = [warning(f"this is odd in the way of {number}", number) for number in range(1, 60)]
    assert "… and 10 more (62 in all)" in told(capsys, *same, *others)


def test_a_line_holds_some_of_many_places(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, *(warning("this row is left out", line) for line in range(1, 400))).splitlines()[-1]
    assert shown.startswith("  and 398 more like it: line 2, line 3, ")
    assert (shown.endswith(", …"), len(shown) < 140) == (True, True)


def test_all_that_texts_of_a_foreign_file_have_is_one_cause(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [warning(f"on{name} is left out of every export", 1, code="html-removed") for name in ("click", "load")]
    assert told(capsys, *texts, is_foreign=True).count("html-removed") == 1


def test_what_texts_of_a_persons_own_deck_have_is_told_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [warning(f"on{name} is left out of every export", 1, code="html-removed") for name in ("click", "load")]
    assert told(capsys, *texts, is_foreign=False).count("html-removed") == 2


def test_a_warning_without_a_place_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    alone = Diagnostic(Severity.WARNING, "odd", "this is odd", "mend it")
    assert told(capsys, alone, alone) == f"{alone}\n  and 1 more like it\n"
