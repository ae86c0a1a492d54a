"""Markdown that nobody wrote as a deck: what stands in it stops nothing, and what is changed is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge import api
from cardforge.diagnostics import Diagnostic, InvalidDeck, Severity
from cardforge.document import decode
from cardforge.model import Deck, Flashcard
from cardforge.validation import validate
from cardforge_sources.markdown import MarkdownSource
from tests.hanging import ends


def read(folder: Path, text: str) -> Deck:
    path = folder / "notes.md"
    path.write_text(text, encoding="utf-8")
    return api.load(path)


def backs(deck: Deck) -> list[object]:
    return [entry.item.back for entry in deck.entries() if isinstance(entry.item, Flashcard)]


def told(deck: Deck) -> list[tuple[str, int]]:
    return [(d.code, d.span.line) for d in deck.origin.warnings if d.span]


def test_a_list_of_things_to_do_is_text(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Shopping\nBefore Friday:\n\n- [ ] milk\n- [ ] bread\n")
    assert backs(deck) == ["Before Friday:\n\n- [ ] milk\n- [ ] bread"]
    assert told(deck) == [("adapted-item", 4)]


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("---\ntitle: T\n---\n", "no-correct-choice"),
        ("---\ntitle: T\nid: t\ntags: [a]\ntargets: {}\n---\n", "no-correct-choice"),
        ("---\ntitle: T\ndate: 2024\n---\na :: b\n\n", "no-correct-choice"),
        ("a :: b\n\n", "no-correct-choice"),
        ("# C {level=beginner}\nd\n\n", "no-correct-choice"),
        ("# Q?\n- [x] a\n- [ ] b\n\n", "no-correct-choice"),
        ("# Q?\nAnswer: 4\n\n", "no-correct-choice"),
        ("# {{c1::Q}}\n\n", "no-correct-choice"),
    ],
)
def test_in_a_deck_it_stays_a_mistake(mark: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck) as caught:
        read(tmp_path, f"{mark}# Which?\n- [ ] a\n- [ ] b\n")
    assert code in [d.code for d in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("written", "back"),
    [
        ("![A map](https://x.org/a.png)", "[A map](https://x.org/a.png)"),
        ('See ![](https://x.org/a.png "t") there', 'See [a.png](https://x.org/a.png "t") there'),
        ("[![Build](//x.org/a.svg)](https://x.org)", "[Build](https://x.org)"),
        ('<img alt="A &amp; b" src="https://x.org/a.png">', '<a href="https://x.org/a.png">A &amp; b</a>'),
        ('<a href="https://x.org"><img src="https://x.org/a.png"></a>', '<a href="https://x.org">a.png</a>'),
        ("![A map](maps/a%20b.png)", "A map"),
        ("![](maps/a%20b.png)", "a b.png"),
        ("![](<a b.png>) and ![c](c.png)", "a b.png and c"),
        ("![here](here.png) ![not](not.png)", "![here](here.png) not"),
        ('![fig](img.png "fig (1) x") and *more*', "fig and *more*"),
        ("![fig](a_(1).png)!", "fig!"),
        ("![**p**][pic] and\n- one\n- two\n\n[pic]: a.png", "**p** and\n- one\n- two\n\n[pic]: a.png"),
        ("A ![pic][] b\n\n[pic]: //x.org/a.png", "A [pic][] b\n\n[pic]: //x.org/a.png"),
        ("![pic]\n\n[pic]: //x.org/a.png", "[pic]\n\n[pic]: //x.org/a.png"),
        ("Look!![it](//x.org/a.png)", r"Look\![it](//x.org/a.png)"),
        ("`![a](a.png)` ![a](a.png)", "`![a](a.png)` a"),
        ("`<img src=a.png>` <img src=a.png> b", "`<img src=a.png>` a.png b"),
        ("b <img src='a.png' alt='x > *y*'>", "b x &gt; &#42;y&#42;"),
        ("- 1. ![1](a.png)", "- 1. 1"),
        ("| `![a](a.png)` | ![a\\|b](a.png) |\n|-|-|", "| `![a](a.png)` | a\\|b |\n|-|-|"),
    ],
)
def test_a_picture_on_the_web_is_a_link_and_a_missing_one_its_name(written: str, back: str, tmp_path: Path) -> None:
    (tmp_path / "here.png").write_bytes(b"")
    deck = read(tmp_path, f"# Q\n{written}\n")
    assert (backs(deck), told(deck)) == ([back], [("not-kept", 2)])


@pytest.mark.parametrize(
    ("written", "back"),
    [
        ("![a ![b](b.png)](a.png)", "a b"),
        ("![a ![b](//x.org/b.png)](//x.org/a.png)", "[a b](//x.org/a.png)"),
        ("> ![a\n> b](a.png)\n> c", "> a\n> b\n> c"),
        ("- ![a](a.png)\n  ![b](b.png)", "- a\n  b"),
    ],
)
def test_several_pictures_and_such_of_several_lines(written: str, back: str, tmp_path: Path) -> None:
    assert backs(read(tmp_path, f"# Q\n{written}\n")) == [back]


def test_pictures_are_told_once_for_all(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q\na\n\n![](//x.org/a.png)\n\n## R\n![](//x.org/b.png) ![](c.png)\n")
    assert [(d.span.line, d.message[:6]) for d in deck.origin.warnings if d.span] == [(4, "2 pict"), (7, "1 pict")]


@pytest.mark.parametrize(
    ("field", "code"), [("author: [A, B]", None), ("language: some english", "not-kept"), ("id: a b", "not-kept")]
)
def test_front_matter_of_another_program_stops_nothing(field: str, code: str | None, tmp_path: Path) -> None:
    deck = read(tmp_path, f"---\n{field}\n---\n# Q\na\n")
    assert [d.code for d in deck.origin.warnings] == ([code] if code else [])


@pytest.mark.parametrize(
    "front",
    [
        "title: T\ndate: 2024-05-01\ndraft: true",
        "layout: post\ntitle: T\ncategories: [a]",
        "title: T\nauthor: {name: A}\nformat: html",
        "title: [T]\nlayout: post",
        "title: T\nlang: en",
        "title: T\nauthor: [A, B]",
        "title: T\nauthor:\n  - A\n  - B\ntags: [a, b]",
        "title: T\nauthor:\n  - name: A\n    affiliation: B",
        "title: T\nauthor: {name: A}",
        "title: T\nauthors: [A, B]",
    ],
)
def test_a_page_with_a_title_for_another_program_is_notes(front: str, tmp_path: Path) -> None:
    deck = read(tmp_path, f"---\n{front}\n---\n# Q\n![A map](https://x.org/a.png)\n")
    assert backs(deck) == ["[A map](https://x.org/a.png)"]


@pytest.mark.parametrize(("author", "kept"), [("[A, B]", "A, B"), ("A", "A"), ("{name: A}", None)])
def test_the_authors_of_notes_are_kept_where_they_are_names(author: str, kept: str | None, tmp_path: Path) -> None:
    deck = read(tmp_path, f"---\ntitle: T\nauthor: {author}\n---\n# Q\na\n")
    assert (deck.author, [d.code for d in deck.origin.warnings]) == (kept, [] if kept else ["not-kept"])


@pytest.mark.parametrize(("field", "code"), [("author: [A, B]", "wrong-type"), ("authors: [A, B]", "unknown-field")])
@pytest.mark.parametrize("card", ["a :: b", "# Q\nAnswer: 4"])
def test_the_authors_of_a_deck_are_one_text(field: str, code: str, card: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidDeck) as caught:
        read(tmp_path, f"---\ntitle: T\n{field}\n---\n{card}\n")
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_field_that_looks_misspelt_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    (warning,) = read(tmp_path, "---\ntitle: T\nlangauge: en\n---\n# Q\na\n").origin.warnings
    assert (warning.code, warning.fix) == ("not-kept", "write language")


def test_fields_that_a_deck_does_not_have_are_told_once(tmp_path: Path) -> None:
    deck = read(tmp_path, "---\ncreated: 2024\nsr-due: 2025\n---\n# Q\na\n")
    (warning,) = deck.origin.warnings
    assert "'created', 'sr-due'" in warning.message


def test_what_cannot_be_a_card_is_left_out_and_told(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q\na\n\n# Empty\n<br>\n\n#\nNo front\n")
    assert (len(deck.items), told(deck)) == (1, [("kept-aside", 4), ("kept-aside", 7)])


def test_a_formula_that_does_not_parse_leaves_the_text(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q\nSo $\\nosuch{a}$ it *is*.\n")
    assert (len(deck.items), told(deck)) == (1, [("adapted-item", 2)])


def test_pairs_are_still_a_matching(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "# Match\n- a => b\n- c => d\n").entries()
    assert entry.item.KIND == "matching"


def test_a_deletion_written_wrongly_is_told(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q\nIt is {{c1:so}}.\n")
    assert (backs(deck), told(deck)) == (["It is {{c1:so}}."], [("not-kept", 2)])


def test_an_id_that_is_there_twice_is_left_out(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q {#a}\na\n\n# R {#a}\nb\n")
    assert ([entry.item.id for entry in deck.entries()], told(deck)) == (["a", None], [("not-kept", 4)])


def test_notes_stay_notes_with_ids(tmp_path: Path) -> None:
    deck = read(tmp_path, "# Q\n![](https://x.org/a.png)\n\n- [ ] b\n")
    (tmp_path / "notes.md").write_bytes(api.stamp_ids(tmp_path / "notes.md")[0])
    again = api.load(tmp_path / "notes.md")
    assert [entry.item.id for entry in again.entries()] == [entry.id for entry in deck.entries()]


FRAGMENTS = """# |## Q|---|- [ ] |1. |> |Source: |Source:|```|~~~|<!--|-->|<pre>|$$|$\\x$|$|`|{#a}|{.b -}|{{c1:|](|![|)|!|[
![](https://x.org/a.png)|![a](a.png)|<img src=a.png>|<a href=b>|<img src='//x' alt='|'>|](b)|[a]: b.png|![b][a]|===|é|\x0b
![a](a.png "(")|`![a](a.png)`|![a]|![a][]|[![|!|<img alt="*" src=//x>|\\|\t|[a]: //x|(//x)|title: T|date: 1|lang: x
text|**b**|tags: x|author: [a]|language: x y|id: 1|a => b|\u2028|   |"|'|( )""".replace("\n", "|").split("|")


NOTES = st.lists(
    st.sampled_from([*FRAGMENTS, "\n", "\n", "\n\n", "---\n", "\n# Q\n", "\n# Q\n", "\n# Q\ntext ", "\n- "]),
    max_size=40,
).map("".join)

BROKEN_FRONT_MATTER = {"front-matter", "yaml-syntax", "yaml-marker", "second-document", "control-character"}
NO_CARDS = {"no-items", "empty-file"}


@given(NOTES)
def test_notes_that_can_be_read_have_no_mistake(text: str) -> None:
    try:
        mistakes = mistakes_in_notes(text)
    except InvalidDeck as error:
        refused = codes(error.diagnostics)
        assert refused
        assert refused <= BROKEN_FRONT_MATTER | NO_CARDS
    else:
        assert mistakes == set()


@given(NOTES)
def test_notes_that_begin_with_a_card_can_be_read(text: str) -> None:
    assert mistakes_in_notes(f"###### First\nfirst\n\n###### {text}") == set()


def mistakes_in_notes(text: str) -> set[str]:
    """The codes of what is wrong in the deck that is made of a file; none where that was written as a deck."""
    source, path = MarkdownSource(), Path("any.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cardforge_sources.markdown.read_document", lambda _: decode(text.encode(), "any.md"))
        return set() if source.recognises(path) else codes(validate(source.read(path)).diagnostics)


def codes(found: Sequence[Diagnostic]) -> set[str]:
    return {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.ERROR}


@pytest.mark.parametrize(
    "written",
    [
        "# S\n- gato :: cat\n- perro ::: dog\n",
        "# S\n1. gato :: cat\n",
        "# S\n- x\n- gato :: cat\n",
        "# S\n* x\n  - a :: b\n",
    ],
)
def test_short_cards_in_a_list_are_text_and_told_once(written: str, tmp_path: Path) -> None:
    assert [code for code, _ in told(read(tmp_path, written))] == ["stray-card"]


@pytest.mark.parametrize(
    "written",
    [
        "# S\n- `a :: b`\n",
        "# S\n- std::vector\n",
        "# S\n- [x] a :: b\n- [ ] c\n",
        "# S\n- a :: b => c\n- d => e\n",
        "# S\nConcepts:\n- a :: b\n",
        "# S\n- a\n\n  ```\n  - b :: c\n  ```\n",
    ],
)
def test_the_mark_of_short_cards_is_text_elsewhere_in_a_list(written: str, tmp_path: Path) -> None:
    assert told(read(tmp_path, written)) == []


def test_many_unknown_fields_are_told_in_one_pass(tmp_path: Path) -> None:
    text = "---\n" + "".join(f"k{n}: v\n" for n in range(40_000)) + "---\n# Why?\nSo.\n"
    assert [code for code, _ in told(ends(read, tmp_path, text))] == ["not-kept"]
