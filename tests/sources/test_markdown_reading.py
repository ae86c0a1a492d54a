"""Markdown decks: what is read as what, where it stands, and ids written into a file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.document import decode
from cardforge.model import Deck, to_data
from cardforge.validation import validate
from cardforge_sources.markdown import MarkdownSource
from tests.hanging import ends

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "markdown.md"


def read(folder: Path, text: str, name: str = "notes.md") -> Deck:
    path = folder / name
    path.write_bytes(text.encode())
    return api.load(path)


def items(folder: Path, text: str) -> list[Any]:
    return list(to_data(read(folder, "---\ntitle: T\n---\n" + text))["items"])


def one(folder: Path, text: str) -> dict[str, Any]:
    (item,) = items(folder, text)
    assert isinstance(item, dict)
    return item


def warnings(deck: Deck) -> list[str]:
    return [warning.code for warning in deck.origin.warnings]


# --- the kinds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "kind"),
    [
        ("Lima", "flashcard"),
        ("- [x] Lima\n- [ ] Cusco", "multiple_choice"),
        ("1. [x] Lima\n2. [ ] Cusco", "multiple_choice"),
        ("Answer: true", "true_false"),
        ("Answer: FALSE", "true_false"),
        ("Answer: 3", "numeric"),
        ("Answer: -3.5e2 km", "numeric"),
        ("Answer: 5%", "numeric"),
        ("Answer: three", "short_answer"),
        ("Answer: 3 | three", "short_answer"),
        ("Answer: 7 Years War", "short_answer"),
        ("Answer:\n- 3", "short_answer"),
        ("It is {{c1::Lima}}.", "cloze"),
        ("- Peru => Lima\n- Chad => N'Djamena", "matching"),
        ("1. a\n2. b\n\nOrder: as listed", "ordering"),
        ("Concepts:\n- a", "open_prompt"),
        ("Model answer: a", "open_prompt"),
        ("- a => b", "flashcard"),
        ("`{{c1::no}}` => x", "cloze"),
        ("```\n{{c1::no}}\n```", "flashcard"),
        ("1. a\n2. b", "flashcard"),
    ],
)
def test_the_kind_is_told_by_what_stands_below(below: str, kind: str, tmp_path: Path) -> None:
    assert one(tmp_path, f"# Q\n{below}\n")["type"] == kind


def test_a_type_overrules_what_stands_below(tmp_path: Path) -> None:
    item = one(tmp_path, "# Q {type=flashcard}\n- [x] a\n- [ ] b\n")
    assert item == {"type": "flashcard", "front": "Q", "back": "- [x] a\n- [ ] b"}


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ("0.1 ± 0.001", {"answer": "0.1", "tolerance": "0.001"}),
        ("32 MiB ± 5%", {"answer": "32", "unit": "MiB", "tolerance_percent": "5"}),
        ("32 ± 5 % MiB", {"answer": "32", "unit": "MiB", "tolerance_percent": "5"}),
        ("+.5 +/- 1 µm", {"answer": "+.5", "unit": "µm", "tolerance": "1"}),
        ("20°C", {"answer": "20", "unit": "°C"}),
    ],
)
def test_a_number_has_a_tolerance_and_a_unit(written: str, fields: dict[str, str], tmp_path: Path) -> None:
    assert one(tmp_path, f"# Q\nAnswer: {written}\n") == {"type": "numeric", "stem": "Q", **fields}


def test_a_choice_has_paragraphs_feedback_and_credit(tmp_path: Path) -> None:
    written = "# Q\n* [X] a {credit=0.5}\n\n  more\n\n  > Yes:\n  >\n  > - so\n* [ ]\n  ```\n  > code\n  ```\n"
    assert one(tmp_path, written)["choices"] == [
        {"text": "a\n\nmore", "correct": True, "feedback": "Yes:\n\n- so", "credit": 0.5},
        {"text": "```\n> code\n```"},
    ]


def test_a_concept_is_worth_a_number_in_brackets_but_not_a_year(tmp_path: Path) -> None:
    written = "# Q\nConcepts:\n- storm (2)\n- storm (1789)\n- storm (2) {}\n- storm {points=200}\n"
    assert one(tmp_path, written)["concepts"] == [
        {"text": "storm", "points": 2},
        "storm (1789)",
        "storm (2)",
        {"text": "storm", "points": 200},
    ]


def test_answers_in_a_list_have_credit_and_feedback_and_are_no_markdown(tmp_path: Path) -> None:
    written = '# Q\nAnswer:\n- *a*\n- b {credit=0.5}\n  > Nearly.\n- {text=" | "}\n'
    assert one(tmp_path, written)["answers"] == ["*a*", {"text": "b", "credit": 0.5, "feedback": "Nearly."}, " | "]


def test_the_sides_of_a_pair_may_be_blocks(tmp_path: Path) -> None:
    written = "# Q\n- a => `b => c`\n- `d => e`\n\n  =>\n\n  f\n\n  g\n"
    assert one(tmp_path, written)["pairs"] == [
        {"left": "a", "right": "`b => c`"},
        {"left": "`d => e`", "right": "f\n\ng"},
    ]


def test_a_cloze_is_named_by_its_heading_or_is_the_heading(tmp_path: Path) -> None:
    written = "# Name\n{{c1::a}}\n\n# It is {{c1::b}}\n\n# And {{c1::c}}\nmore\n"
    assert [item["text"] for item in items(tmp_path, written)] == [
        "{{c1::a}}",
        "It is {{c1::b}}",
        "And {{c1::c}}\n\nmore",
    ]


def test_a_line_across_parts_a_long_front_from_the_back(tmp_path: Path) -> None:
    item = one(tmp_path, "# A\nmore\n\n---\n\nB\n\n---\n\nC\n\n---\n")
    assert (item["front"], item["back"]) == ("A\n\nmore", "B\n\n---\n\nC")


def test_labels_may_follow_each_other_without_an_empty_line(tmp_path: Path) -> None:
    item = one(tmp_path, "# Q\nHint: a\nhint: b\nAnswer: c\nSource: d\ne\n")
    assert (item["hint"], item["answers"], item["source"]) == (["a", "b"], ["c"], "d\ne")


def test_the_text_of_a_label_goes_on_as_long_as_it_is_indented(tmp_path: Path) -> None:
    written = "# Q\nA\n\nExplanation: a\n  b\n\n      code\n\n  - c\n    - d\n\nHint:\n\ne\n\nSource:\n```\n\nf\n```\n"
    item = one(tmp_path, written)
    assert item["explanation"] == "a\nb\n\n    code\n\n- c\n  - d"
    assert (item["hint"], item["source"]) == ("e", "```\n\nf\n```")


def test_hints_may_stand_above_the_choices(tmp_path: Path) -> None:
    item = one(tmp_path, "# Q\nHint: h\n- [x] a\n- [ ] b\nExplanation: e\n")
    assert (item["hint"], len(item["choices"]), item["explanation"]) == ("h", 2, "e")


@pytest.mark.parametrize(
    "text",
    [
        "Answer\\: x",
        "so Answer: x",
        "Note: x",
        "> Answer: x",
        "    Answer: x",
        "```\n# no\n\nAnswer: x\n```",
        "~~~\n- [x] a\n~~~",
        "a\n\n<!--\n# no\n\nAnswer: x\n-->",
        "<div>\n# no\n</div>",
        "$$\n- a\n$$",
        "- a\n\n  # no\n\n  Answer: x",
        "::: note\nx\n:::",
        "`f :: a`",
        "std::vector",
        "$a :: b$",
        "#tag",
        "a  \nb",
    ],
)
def test_what_looks_like_a_mark_and_is_none_is_text(text: str, tmp_path: Path) -> None:
    assert one(tmp_path, f"# Q\n{text}\n") == {"type": "flashcard", "front": "Q", "back": text}


# --- headings, sections, attributes -----------------------------------------------------------------


def test_headings_over_headings_are_sections(tmp_path: Path) -> None:
    written = "# A {.t pick=1}\nabout\n\n## Q\na\n\nB\n=\n\nR\n---\nb\n"
    assert items(tmp_path, written) == [
        {
            "section": "A",
            "description": "about",
            "tags": ["t"],
            "pick": 1,
            "items": [{"type": "flashcard", "front": "Q", "back": "a"}],
        },
        {"section": "B", "items": [{"type": "flashcard", "front": "R", "back": "b"}]},
    ]


def test_a_heading_may_say_how_deep_it_is(tmp_path: Path) -> None:
    written = "# A\n###### B\n###### C {depth=7}\nq :: a\n"
    assert items(tmp_path, written)[0]["items"][0]["items"][0]["section"] == "C"


def test_short_cards_make_a_section_with_a_description(tmp_path: Path) -> None:
    written = "# V\nabout\n\na :: b {#x}\n`c :: d` ::: e :: f {.t}\n"
    assert items(tmp_path, written) == [
        {
            "section": "V",
            "description": "about",
            "items": [
                {"type": "flashcard", "id": "x", "front": "a", "back": "b"},
                {"type": "flashcard", "front": "`c :: d`", "back": "e :: f", "reversed": True, "tags": ["t"]},
            ],
        }
    ]


def test_attributes_fill_fields(tmp_path: Path) -> None:
    braces = r'{#a"b\ .t tag="two \"words\"" level=beginner points=2 case-sensitive=true}'.replace('#a"b\\', "#a.b=c")
    item = one(tmp_path, f"# Q ## {braces}\nAnswer: x\n")
    assert item == {
        "type": "short_answer",
        "id": "a.b=c",
        "stem": "Q",
        "answers": ["x"],
        "case_sensitive": True,
        "level": "beginner",
        "tags": ["t", 'two "words"'],
        "points": 2,
    }


@pytest.mark.parametrize("title", ["The set {1, 2}", "{{x}}", r"\frac{a=b}", "A {", "a}", "C# and F#"])
def test_braces_without_an_attribute_are_text(title: str, tmp_path: Path) -> None:
    assert one(tmp_path, f"# {title}\nb\n")["front"] == title


def test_one_heading_over_all_is_the_title(tmp_path: Path) -> None:
    deck = read(tmp_path, "# T {#t .x}\nabout\n\n## Q\na\n")
    assert (deck.title, deck.id, deck.tags, deck.description, len(deck.items)) == ("T", "t", ("x",), "about", 1)


def test_without_one_the_title_is_the_name_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "# Q\na\n\n# R\nb\n", "cells.md").title == "cells"


# --- files ------------------------------------------------------------------------------------------

EVERYTHING = (HERE.parents[1] / "examples" / "capitals.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_do_not_matter(end: str, tmp_path: Path) -> None:
    assert read(tmp_path, EVERYTHING.replace("\n", end)) == read(tmp_path, EVERYTHING)


def test_a_byte_order_mark_and_a_missing_last_line_end_do_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + EVERYTHING.rstrip("\n")) == read(tmp_path, EVERYTHING)


def test_tabs_indent_as_well_as_spaces(tmp_path: Path) -> None:
    assert one(tmp_path, "# Q\n-\t[x] a\n\n\tb\n-\t[ ] c\n")["choices"][0]["text"] == "a\n\nb"


def test_the_document_s_examples_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "istanbul.jpg").touch()
    text = DOCS.read_text(encoding="utf-8")
    fences = {fence: text.split(f"\n{fence}markdown\n")[1:] for fence in ("````", "`````")}
    examples = [part.split(f"\n{fence}\n")[0] + "\n" for fence, parts in fences.items() for part in parts]
    assert len(examples) > 8
    for example in examples:
        assert read(tmp_path, example).origin.warnings == (), example


def test_the_example_has_no_mistakes() -> None:
    assert api.check(HERE.parents[1] / "examples" / "capitals.md") == ()


# --- notes ------------------------------------------------------------------------------------------


def test_notes_stop_nothing(tmp_path: Path) -> None:
    notes = (
        "---\naliases: [x]\ntags: a, b\nauthor:\n---\nAbove. [[link]]\n\nTitle\n=====\n\nPart\n----\nText #tag ^id\n"
        "![[image.png]] and a note[^1].\n\n[^1]: Here.\n\n%% hidden %%\n\n---\n\n## Later\n\n## Source\n"
        "Source: a book\n\nText.\n"
    )
    deck = read(tmp_path, notes)
    assert (deck.title, deck.tags, len(deck.items)) == ("Title", ("a", "b"), 2)
    assert set(warnings(deck)) == {"not-kept", "link-to-file"}


def test_questions_in_the_text_of_notes_are_told_once(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Deck\n\n## Part\n\n**Q:** One?\n**A:** This.\n\n**Q:** Two?\n**A:** That.\n")
    assert [(w.code, w.span.line) for w in deck.origin.warnings if w.span] == [("adapted-item", 5)]


def test_a_question_of_notes_that_nothing_answers_is_text(tmp_path: Path) -> None:
    assert warnings(read(tmp_path, "# Deck\n\n## Part\n\nQ: One?\n\nMore.\n")) == []


def test_several_lines_across_below_a_heading_of_notes_are_told(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Part\n\none\n\n---\n\ntwo\n\n---\n\nthree\n")
    assert [(w.code, w.span.line) for w in deck.origin.warnings if w.span] == [("adapted-item", 1)]


@pytest.mark.parametrize("line", ["front::back", "> front::back", "> front :: back"])
def test_cards_that_lack_spaces_are_shown_as_they_should_be(line: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck) as caught:
        read(tmp_path, f"{line}\n")
    assert "“front :: back”" in caught.value.diagnostics[0].fix


KI = "# Note\n```\nguid: x1\nnotetype: Mine\n```\n\n### Tags\n```\na\nb c\n```\n\n"


def test_a_note_of_kis_is_one_item(tmp_path: Path) -> None:
    deck = read(tmp_path, KI + "## Front\nWhy <b>now</b>?\n\n## Back\nSo.\n\n## More\n\n## Source\nThere.\n")
    (item,) = to_data(deck)["items"]
    assert item == {
        "type": "flashcard",
        "id": "x1",
        "front": "Why <b>now</b>?",
        "back": "So.\n\n\nThere.",
        "tags": ["a", "b c"],
    }


def test_a_note_of_kis_with_deletions_is_a_cloze(tmp_path: Path) -> None:
    (item,) = to_data(read(tmp_path, KI + "## Text\nIt is {{c1::so}}.\n\n## Extra\nMore.\n"))["items"]
    assert (item["type"], item["text"], item["extra"]) == ("cloze", "It is {{c1::so}}.", "More.")


def test_a_note_of_kis_without_an_answer_is_told(tmp_path: Path) -> None:
    deck = read(tmp_path, KI + "## Front\nWhy?\n\n## Back\n")
    assert (to_data(deck)["items"][0]["type"], warnings(deck)) == ("open_prompt", ["adapted-item"])


@pytest.mark.parametrize(
    ("text", "is_deck"),
    [
        ("---\ntitle: T\n---\n# A\nb\n", True),
        ("---\ntitle: T\nid: t\nauthor: A\n---\n# A\nb\n", True),
        ("---\ntitle: T\ndate: 2024\n---\n# A\nb\n", False),
        ("---\ntitle: T\ndate: 2024\n---\n# A\nAnswer: b\n", True),
        ("# A\nAnswer: b\n", True),
        ("# A\n- [x] b\n", True),
        ("a :: b\n", True),
        ("# A\nIt is {{c1::b}}\n", True),
        ("# A\nb\n", False),
        ("# A\n- [ ] b\n", False),
        ("Answer: b\n", False),
        ("# A\n```\nAnswer: b\n\n{{c1::b}}\n```\n", False),
        ("---\ntags: [a]\n---\nb\n", False),
        ("---\ntitle: : :\n---\nb\n", False),
        ("", False),
    ],
)
def test_a_deck_is_recognised_among_prose(text: str, is_deck: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    assert MarkdownSource().recognises(path) is is_deck


# --- ids --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: T\n---\n# Q\na\n", "---\nid: t\ntitle: T\n---\n# Q {#ID}\na\n"),
        ("---\n  title: T\n---\n# Q {.x}\na\n", "---\n  id: t\n  title: T\n---\n# Q {#ID .x}\na\n"),
        ("---\n{title: T}\n---\n# Q ##  \na\n", "---\n{id: t, title: T}\n---\n# Q ## {#ID}  \na\n"),
        ("---\r\n---\r\n# Q {}\r\na", "---\r\nid: t\r\n---\r\n# Q {#ID}\r\na"),
        ("Q\n=\na\n", "---\nid: t\n---\n\nQ {#ID}\n=\na\n"),
        ("#\nQ\n\n---\n\na\n", "---\nid: t\n---\n\n# {#ID}\nQ\n\n---\n\na\n"),
        ("Q :: a\n", "---\nid: t\n---\n\nQ :: a {#ID}\n"),
        ("Q ::: a {.x}\n", "---\nid: t\n---\n\nQ ::: a {#ID .x}\n"),
    ],
)
def test_ids_are_added_and_nothing_else_changes(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    path.write_bytes(before.encode())
    (entry,) = api.load(path).entries()
    stamped, count = api.stamp_ids(path)
    assert (stamped.decode(), count) == (after.replace("ID", entry.id), 2)
    path.write_bytes(stamped)
    assert api.stamp_ids(path) == (stamped, 0)


def test_every_card_and_section_gets_its_own_id(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    path.write_bytes(b"a :: b\na :: b\n\n# S\nc :: d\n\n## E\nf\n")
    ids = [entry.id for entry in api.load(path).entries()]
    path.write_bytes(api.stamp_ids(path)[0])
    assert [entry.item.id for entry in api.load(path).entries()] == ids


def test_any_id_can_be_added(tmp_path: Path) -> None:
    path = tmp_path / "t.md"
    path.write_bytes(b"# Q\na\n")
    source = MarkdownSource()
    draft = source.read(path)
    odd = 'a"b\\{}'
    path.write_bytes(draft.document.with_insertions(source.stamp(draft, {(): odd, ("items", 0): odd})))
    deck = api.load(path)
    assert (deck.id, deck.entries()[0].id) == (odd, odd)


# --- whatever a file holds ---------------------------------------------------------------------------

FRAGMENTS = """# |## Q|---|- [x] |- [ ] |1. |> |Answer: |Hint:|Order: as listed|Concepts:|{{c1::|}}| :: | => |{#a}|{=html}|
```|~~~|<!--|-->|<pre>|$$|$x$|$|`|{|}| | ||=== |text|**b**|\t|title: x|é|\u2028|\r|   |![](a.png)""".split("|")


@given(st.lists(st.sampled_from([*FRAGMENTS, "\n", "\n", "\n\n", "---\n", "\r\n"]), max_size=40).map("".join))
def test_any_file_gives_a_deck_or_diagnostics_in_it(text: str) -> None:
    path = Path("any.md")
    source = MarkdownSource()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cardforge_sources.markdown.read_document", lambda _: decode(text.encode(), "any.md"))
        try:
            found = validate(source.read(path)).diagnostics
        except InvalidDeck as error:
            found = error.diagnostics
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for diagnostic in found:
        assert diagnostic.fix
        assert diagnostic.span
        assert 1 <= diagnostic.span.line <= len(lines)
        assert 1 <= diagnostic.span.column <= len(lines[diagnostic.span.line - 1]) + 1


@pytest.mark.parametrize(
    "text",
    [
        "# Q\n" + "- " * 200_000 + "\n",
        "# Q\n" + "> " * 200_000 + "\n",
        "# Q\n" + "- a\n" * 20_000,
        "# Q\n" + "Hint:\n" * 30_000,
        "# Q\n" + "\n" * 500_000 + "a\n",
        "# Q\n" + "```\n" * 30_001,
        "# Q\n" + "".join(f"{'`' * n} " for n in range(1, 1_500)) + ":: a\n",
        "# Q " + "{" * 1_000_000 + "}\n",
        "# Q " + ' {"' * 300_000 + "}\n",
        "# " + " " * 1_000_000 + "x#\n",
        "# Q\n" + "`" * 300_000 + " :: a\n",
        "# Q\n" + "a :: b\n" * 20_000,
        "# Q\n" + "#\n" * 20_000,
        "".join(f"{'#' * (n % 6 + 1)} Q{n}\n" for n in range(20_000)),
        "# Q\n" + "".join(f"{' ' * (2 * n)}- a\n" for n in range(1_000)),
    ],
)
def test_hostile_files_are_read_in_one_pass(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    ends(_read_or_refuse, path)


def _read_or_refuse(path: Path) -> None:
    with suppress(InvalidDeck):
        MarkdownSource().read(path)
