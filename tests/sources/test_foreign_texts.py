"""What other programs' cards say, as texts that the deck format takes."""

from __future__ import annotations

import pytest
from hypothesis import given

from cardforge.diagnostics import Severity
from cardforge.text import Html, facts
from cardforge_sources.foreign_texts import Texts
from tests.text.hostile import hostile_texts

FILES = {"a.png": "media/a.png", "b c.mp3": "media/b c.mp3"}


@pytest.fixture
def texts() -> Texts:
    """Texts beside two media files."""
    return Texts(FILES.get)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", None),
        ("<br>", None),
        ("plain", "plain"),
        ("a <b>c</b> &lt;d&gt;", r"a **c** \<d>"),
        ("a\x07b", "ab"),
        ("<img src=a.png>", "![](media/a.png)"),
        ('<img alt="a > b" src="a.png">', "![a > b](media/a.png)"),
        ('<img src=a.png alt="it\'s">', "![it's](media/a.png)"),
        ("<audio src='b%20c.mp3'></audio>", "![](media/b%20c.mp3)"),
        ("[sound:b c.mp3]", "![](media/b%20c.mp3)"),
        (r"\(x\) [$]y[/$]", "$x$ $y$"),
    ],
)
def test_what_is_shown(texts: Texts, html: str, markdown: str | None) -> None:
    assert (texts.text(html), texts.changed, texts.missing) == (markdown, [], set())


@pytest.mark.parametrize("html", ["see <img src=no.png>", "see [sound:no.png]", "see <img src='no.png'>"])
def test_the_name_of_a_missing_file_stands_for_it(texts: Texts, html: str) -> None:
    assert (texts.text(html), texts.missing) == ("see `no.png`", {"'no.png'"})


@pytest.mark.parametrize("tag", ['<img src="no.png" alt="a &lt;map>">', "<img alt='a &lt;map>' src=no.png>"])
def test_what_a_missing_image_says_of_itself_stands_for_it(texts: Texts, tag: str) -> None:
    assert (texts.text(f"see {tag}"), texts.missing) == (r"see a \<map>", {"'no.png'"})


def test_markdown_that_the_deck_format_refuses_is_plain_and_told(texts: Texts) -> None:
    assert (texts.markdown("$\\fracc{1}{2}$"), len(texts.changed)) == (r"\$\\fracc{1}{2}\$", 1)


@pytest.mark.parametrize("html", ['see <img src="data:image/png;base64,AAAA">', "<div>" * 600 + "see"])
def test_what_cannot_stay_is_told(texts: Texts, html: str) -> None:
    assert (texts.text(html), len(texts.changed)) == ("see", 1)


@given(hostile_texts)
def test_a_text_is_always_valid(html: str) -> None:
    made = Texts(FILES.get).text(html)
    text = Html(made["html"]) if isinstance(made, dict) else made
    assert text is None or not [p for p in facts(text).problems if p.severity is Severity.ERROR]


def test_names_of_missing_files_are_paragraphs_among_fields(texts: Texts) -> None:
    assert texts.joined(["one", "[sound:no.mp3]", "<b>two</b>"]) == "one\n\n`no.mp3`\n\n**two**"


def test_the_words_of_a_link_to_a_sound_are_kept(texts: Texts) -> None:
    assert texts.text('<a href="b%20c.mp3">Listen:</a> What?') == "Listen: ![](media/b%20c.mp3) What?"
