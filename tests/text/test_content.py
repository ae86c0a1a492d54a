"""What is plain, what is visible, and what kind of media a path names."""

import pytest
from pydantic import ValidationError

from cardforge.text import Html, MediaKind, media_kind
from cardforge.text.content import has_visible, is_plain


@pytest.mark.parametrize(
    "text", ["a", "Paris", "1", "1.5", "a-b", "a #b", "What is 2 + 2?", "漢字", "a (b) 'c' \"d\"", "😀a"]
)
def test_plain_text_is_known(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        *"*a* _a_ `a` $a$ [a] <a> a&b a\\b a|b ~a #a >a +a -a =a {{a}} 1) 1. ? …".split(" "),
        *[
            "",
            " ",
            " a",
            "a ",
            "a\nb",
            "a\tb",
            "1. a",
            "1) a",
            "\xa0a",
            "a\x1fb",
            "a\x85",
            "a\ufffe",
            "a\ud800",
            "\ue000",
        ],
    ],
)
def test_everything_else_is_parsed(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["a", " . ", "😀", "\u0301", "$"])
def test_a_visible_character_is_seen(text: str) -> None:
    assert has_visible(text)


@pytest.mark.parametrize(
    "text", ["", " \t\n", "\xa0\u3000", "\u200b\u200d\u2060\ufeff", "\x00\x1f\x85", "\u202e", "\ud800"]
)
def test_white_space_and_format_characters_are_not_seen(text: str) -> None:
    assert not has_visible(text)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.png", MediaKind.IMAGE),
        ("a", MediaKind.IMAGE),
        ("a.mp3.png", MediaKind.IMAGE),
        ("a.mp3", MediaKind.AUDIO),
        ("b/a.OGG", MediaKind.AUDIO),
        ("a.webm", MediaKind.VIDEO),
        ("a.b.MP4", MediaKind.VIDEO),
    ],
)
def test_media_are_told_apart_by_suffix(path: str, kind: MediaKind) -> None:
    assert media_kind(path) is kind


@pytest.mark.parametrize("html", ["", " ", "\n"])
def test_html_is_not_blank(html: str) -> None:
    with pytest.raises(ValidationError):
        Html(html)
