"""Texts as HTML that both of Canvas's importers, Classic Quizzes and New Quizzes, read alike."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from cardforge.text import MediaKind, Text, plain
from cardforge.text.html import without_illegal
from cardforge_exporters import lms_markup


def _player(address: str, kind: MediaKind) -> str:
    # New Quizzes removes the player's controls; the link is left.
    at = escape(address)
    return f'<{kind.value} controls="controls" src="{at}"></{kind.value}> <a href="{at}">{kind.value.capitalize()}</a>'


DIALECT = replace(lms_markup.DIALECT, player=_player)

_BRACKET = re.compile(r"(<[^>]*>)|\[")


def without_brackets(html: str) -> str:
    """HTML in which no ``[word]`` is a blank: where there are blanks, Canvas takes any for one."""
    if "[" in html:
        return _BRACKET.sub(lambda m: m[1] or "[<span></span>", html)
    return html


CLOZE_DIALECT = replace(DIALECT, literal=lambda html: without_brackets(DIALECT.literal(html)))
"""For a text with blanks."""

_ENTITY = re.compile("&(amp|lt|gt|quot);")
_NUMBERS = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;"}


def choice(html: str) -> str:
    """A choice's text. Classic Quizzes also keeps it without markup, and then loses entities that have names."""
    return _ENTITY.sub(lambda m: _NUMBERS[m[1]], html) if "&" in html else html


def aside(html: str) -> str:
    """Feedback, or a left side. Classic Quizzes shows entities as they are written, unless there is a tag."""
    return f"{choice(html)}<span></span>" if "&" in html else html


_TAG = re.compile(r"<[^>]*>")


def has_words(html: str) -> bool:
    """Whether anything is left without the markup. Classic Quizzes wants that of every choice."""
    return bool((_TAG.sub("", html) if "<" in html else html).strip())


_DESCRIPTION = re.compile(r'<img [^>]*?alt="([^"]*)"')


def descriptions(html: str) -> list[str]:
    """What the images in it are said to show, as HTML."""
    return _DESCRIPTION.findall(html)


_READ_AS_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=#|\w+;)")


def plainly(text: str) -> str:
    """Plain text where New Quizzes reads HTML: a word joiner, which nobody sees, stands in what would be a tag."""
    return _READ_AS_MARKUP.sub("\\g<0>\u2060", without_illegal(text))


def menu_line(text: Text) -> str:
    """A right side, without markup: Classic Quizzes shows it in a menu."""
    return plainly(plain(text))
