"""What a text holds, and what is wrong in it."""

import pytest
from hypothesis import given
from markdown_it.token import Token

from cardforge.text import Html, MediaKind, Text, TextFeature, facts
from cardforge.text.content import is_plain
from tests.text.hostile import hostile_texts


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("plain", ""),
        ("**bold**", ""),
        ("$x$", "maths"),
        ("$$x$$", "maths"),
        ("a $$x$$ b", "maths"),
        ("`x`", "code"),
        ("```\nx\n```", "code"),
        ("    x", "code"),
        ("|a|\n|-|\n|b|", "table"),
        ("[a](http://b.c)", "link"),
        ("<http://b.c>", "link"),
        ("![](a.png)", "image"),
        ("![](a.mp3)", "audio"),
        ("![](a.mp4)", "video"),
        ("a <b>c</b>", "html"),
        ("<table><tr><td><code>a</code></td></tr></table>", "html table code"),
        ('<a href="b">c</a>', "html link"),
        ("List<int>", ""),
        ("1\x1f2", "control_character"),
        (Html("a"), "html"),
        (Html("<pre>a</pre><img src=b.png>"), "html code image"),
    ],
)
def test_features_are_found(text: Text, features: str) -> None:
    assert facts(text).features == {TextFeature(name) for name in features.split()}


def test_formulas_are_found_in_order() -> None:
    assert facts("$a$ `$b$` $$c$$\n\n$$\nd\n$$\n\n| $e$ |\n|-|").formulas == (
        ("a", False),
        ("c", True),
        ("\nd\n", True),
        ("e", False),
    )


def test_the_texts_of_ten_thousand_items_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse(text: str) -> list[Token]:
        parsed.append(text)
        return []

    monkeypatch.setattr("cardforge.text.markdown.parse", parse)
    for _ in range(2):
        for number in range(50_000):
            facts(f"*counted* {number}")
    assert len(parsed) == 50_000


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("![a](☞b.png)", "b.png", MediaKind.IMAGE),
        ("![a](☞b/c.MP3 'title')", "b/c.MP3", MediaKind.AUDIO),
        ("![a](☞b%20c.png)", "b c.png", MediaKind.IMAGE),
        ("![a](<☞b c.webm>)", "b c.webm", MediaKind.VIDEO),
        ("![a](  \n ☞b.png)", "b.png", MediaKind.IMAGE),
        ("![a](☞b\\_c.png)", "b_c.png", MediaKind.IMAGE),
        ("![b.png](☞b.png)", "b.png", MediaKind.IMAGE),
        ("one\n\ntwo\n\n> - ![a](☞b.png)", "b.png", MediaKind.IMAGE),
        ("|a|\n|-|\n|![a](☞b.png)|", "b.png", MediaKind.IMAGE),
        ("[![a](☞b.png)](http://c.d)", "b.png", MediaKind.IMAGE),
        ("![a](☞漢.png)", "漢.png", MediaKind.IMAGE),
        ("x ☞<img src=b.png>", "b.png", MediaKind.IMAGE),
        ("x ☞<IMG alt='a>b' SRC='b c.png'>", "b c.png", MediaKind.IMAGE),
        ("x ☞<img src=b%20c.png>", "b c.png", MediaKind.IMAGE),
        ("x ☞<img src=a&amp;b.png>", "a&b.png", MediaKind.IMAGE),
        ("<audio controls>☞<source src=b.mp3></audio>", "b.mp3", MediaKind.AUDIO),
        ("one\n\n<video\n  class=x>\n☞<source\n src=b.mp4>\n</video>", "b.mp4", MediaKind.VIDEO),
        ("> <b>x\n> y</b> ☞<img\n> src=b.png>", "b.png", MediaKind.IMAGE),
        (Html("x ☞<img src=b.png>"), "b.png", MediaKind.IMAGE),
        (Html("☞<video poster=b.png></video>"), "b.png", MediaKind.IMAGE),
    ],
)
def test_media_are_found_where_they_stand(text: Text, path: str, kind: MediaKind) -> None:
    written = text.html if isinstance(text, Html) else text
    clean = written.replace("☞", "")
    (found,) = facts(Html(clean) if isinstance(text, Html) else clean).media
    assert (found.path, found.kind, found.offset) == (path, kind, written.index("☞"))


def test_the_same_file_is_found_at_each_place() -> None:
    assert [m.offset for m in facts("![](a.png) and ![](a.png)").media] == [4, 19]


def test_an_image_by_reference_is_found() -> None:
    assert [m.path for m in facts("![a][b]\n\n[b]: <c d.png>").media] == ["c d.png"]


@pytest.mark.parametrize("text", ["`![a](b.png)`", "    ![a](b.png)", r"\![a](b.png)", "<!-- <img src=b.png> -->x"])
def test_what_is_no_image_names_no_file(text: str) -> None:
    assert [m for m in facts(text).media if m.kind is MediaKind.IMAGE] == []


def test_an_image_without_a_path_is_refused() -> None:
    assert [p.code for p in facts("![a]()").problems] == ["media-empty"]


@pytest.mark.parametrize(
    "text",
    [
        "&nbsp;",
        "<b></b>",
        "<!-- only a note -->",
        "<br>",
        "\u200b",
        "> ",
        "-",
        "[]( )",
        Html("<p> </p>"),
        Html("&#8203;"),
    ],
)
def test_a_text_that_shows_nothing_is_refused(text: Text) -> None:
    assert [p.code for p in facts(text).problems] == ["empty-text"]


@pytest.mark.parametrize("text", ["$x$", "![](a.png)", "`x`", "*a*", "<img src=a.png>", "<i>x</i>", "?", Html("a")])
def test_a_text_that_shows_something_passes(text: Text) -> None:
    assert facts(text).problems == ()


# --- control characters --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$☞\theta$", r"\theta"),
        ("$x ☞\times y$", r"\times"),
        ("$x ☞\to y$", r"\to"),
        ("$☞\tan x$", r"\tan"),
        ("☞\textbf{a}", r"\textbf"),
        ("☞\theta is an angle", r"\theta"),
        ("```\n☞\theta = 1\n```", r"\theta"),
        ("$☞\tfrac12$", r"\tfrac"),
        ("$☞\frac12$", r"\frac"),
        ("$☞\beta$", r"\beta"),
        ("$☞\binom12$", r"\binom"),
        ("$☞\alpha$", r"\alpha"),
        ("$☞\vec x$", r"\vec"),
        ("$☞\rho$", r"\rho"),
        ("$\\left( x ☞\right)$", r"\right"),
        ("$☞\nabla f$", r"\nabla"),
        ("$☞\nu$", r"\nu"),
        ("$☞\x1bta$", r"\eta"),
        ("`$☞\frac12$`", r"\frac"),
        ("first $\\alpha$\n\nthen $☞\frac12$ and $\beta$", r"\frac"),
    ],
)
def test_a_lost_backslash_is_told_where_it_was(text: str, meant: str) -> None:
    problem = facts(text.replace("☞", "")).problems[0]
    assert (problem.code, problem.offset, f'"{meant}"' in problem.message) == (
        "control-character",
        text.index("☞"),
        True,
    )


@pytest.mark.parametrize("text", ["$$\n\nabla f\n$$".replace("\n\n", "\n", 1), "$x = \neq y$"])
def test_a_lost_line_break_in_a_formula_is_told(text: str) -> None:
    assert [p.code for p in facts(text).problems] == ["latex"]


@pytest.mark.parametrize(
    "text",
    [
        "a\tb",
        "\tan indented line",
        "a\tan apple",
        "$5\tan apple",
        "```\n\text = 1\n\tfrac = 2\n```",
        "```c\nint\to;\n```",
        "    \text = 1",
        "- a\n\n  ```\n  \text\n  ```",
        "a\r\nb",
        "$$\nu = v\n$$",
        "$$\ni = 1\n\neq 2\n$$".replace("\neq", "e q"),
        "$x$\nu",
        "\x1b[0m",
    ],
)
def test_white_space_that_is_meant_passes(text: str) -> None:
    assert facts(text).problems == ()


@pytest.mark.parametrize(
    ("text", "offset"), [("a\x1fb", 1), ("1 \x9fa", 2), ("1\x002", 1), (Html("<p>a\x0bb</p>"), 4), (Html("1\x002"), 1)]
)
def test_a_control_character_beside_a_letter_or_nul_is_refused(text: Text, offset: int) -> None:
    assert [(p.code, p.offset) for p in facts(text).problems] == [("control-character", offset)]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("![a](a.png)", 5),
        ("`a.png` [](a.png) ![a](a.png)", 23),
        ("`![a](a.png)` ![a]( <a.png> 't')", 21),
        ("![a](a%20b.png)", 5),
        ("x ![a][r]\n\n[r]: a.png", 2),
        ("> - ![a\n>   b](a.png)", 15),
        ("`<img src=a.png>` <img src=a.png>", 18),
        ("> <div>\n> <img src=a.png>", 10),
        ("| a | ![b\\|c](a.png) |\n|-|-|", 14),
        ("[![a](a.png)](b)", 6),
        ("![a ![b](b.png)](b.png)", 17),
    ],
)
def test_a_file_is_found_where_it_is_named(text: str, offset: int) -> None:
    assert facts(text).media[0].offset == offset


# --- properties ----------------------------------------------------------------------------------


@given(hostile_texts)
def test_every_place_is_inside_the_text(text: str) -> None:
    found = facts(text)
    places = [m.offset for m in found.media] + [p.offset for p in found.problems]
    assert all(place is not None and 0 <= place <= len(text) for place in places)


@given(hostile_texts.filter(lambda text: text and not text.isspace()))
def test_every_place_is_inside_the_html(text: str) -> None:
    found = facts(Html(text))
    places = [m.offset for m in found.media] + [p.offset for p in found.problems]
    assert all(place is not None and 0 <= place <= len(text) for place in places)


@given(hostile_texts)
def test_plain_text_has_no_features_and_no_problems(text: str) -> None:
    if is_plain(text):
        assert facts(text) == facts("plain")


@pytest.mark.parametrize("piece", ["![x][r]", "![x](a%20b.png)", "$\\foo$ ", "<b c=d> ", "`a` ", "$\to", "[a](b://c) "])
def test_long_texts_are_looked_through_in_seconds(piece: str) -> None:
    assert facts(piece * 3000 + "<b>x</b>\n\n[r]: a.png")


def test_what_is_nested_without_end_is_refused_without_being_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardforge.text.html.sanitise", lambda html: pytest.fail("this would take minutes"))
    assert [problem.code for problem in facts(Html("<div>" * 200_000 + "x")).problems] == ["too-deep"]


@pytest.mark.parametrize("address", ["a.pdf", "../a.pdf", "a%20b.pdf", "www.example.org", "a/b?c#d"])
@pytest.mark.parametrize("form", ["x [y]({})", "x <b>[y]({})</b>", '<a href="{}">y</a>', Html('<a href="{}">y</a>')])
def test_a_link_to_a_file_is_told(form: Text, address: str) -> None:
    text = Html(form.html.format(address)) if isinstance(form, Html) else form.format(address)
    assert [problem.code for problem in facts(text).problems] == ["link-to-file"]


@pytest.mark.parametrize(
    "address", ["https://a.b", "mailto:a@b.c", "#a", "/a", "//a.b/c", "?a", "$IMS-CC-FILEBASE$/a.pdf"]
)
@pytest.mark.parametrize("form", ["x [y]({})", Html('<a href="{}">y</a>')])
def test_what_is_no_file_beside_the_deck_may_be_linked_to(form: Text, address: str) -> None:
    text = Html(form.html.format(address)) if isinstance(form, Html) else form.format(address)
    assert facts(text).problems == ()
