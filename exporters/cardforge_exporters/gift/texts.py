r"""Texts and signs as GIFT reads them. What is read is told in Moodle's question/format/gift/format.php."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from cardforge.text import Text, render
from cardforge.text.content import is_plain
from cardforge.text.html import without_illegal
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.moodle import names

_SIGN = re.compile(r"[\\#={}~:\n]")


def escaped(text: str) -> str:
    r"""A text on one line, in which no sign has a meaning: ``\=`` for ``=``, ``\n`` for a line break."""
    text = without_illegal(text).replace("\r\n", "\n").replace("\r", "\n")
    return _SIGN.sub(lambda sign: r"\n" if sign[0] == "\n" else "\\" + sign[0], text)


def html(text: Text) -> str:
    """A text of the deck as HTML; media by their paths."""
    if isinstance(text, str) and is_plain(text):
        return text
    return render(text, DIALECT, address)


def address(path: str) -> str:
    """The address of a medium: its path."""
    return quote(path)


def shown(made: str) -> str:
    """HTML as a part of a question: its format is said where its first sign could be taken for one."""
    made = made.strip()
    made = "<p>0</p>" if made == "0" else made  # what is just 0 counts as empty in PHP
    return ("[html]" if made.startswith("[") else "") + escaped(made)


def asked(made: str) -> str:
    """HTML as the text of a question; all other texts of the question have its format."""
    made = made.strip()
    return "[html]" + escaped("<p>0</p>" if made == "0" else made)


def typed(answer: str) -> str:
    """An answer to be typed, in which ``*`` stands for itself."""
    pattern = without_illegal(answer).strip().replace("*", r"\*").replace("->", "→")
    return ("[plain]" if pattern.startswith("[") else "") + escaped(pattern)


def comment(item_id: str, tags: Sequence[str], level: str | None) -> str:
    """The line before a question that says its ID number and its tags."""
    said = [_token("id", item_id), *(_token("tag", tag) for tag in names.tags(tags, level))]
    return f"// {' '.join(said)}\n"


def deck_comment(deck_id: str) -> str:
    """The line at the beginning that says the deck's id; other programs read past it."""
    return f"// {_token('deck', deck_id)}\n\n"


def _token(name: str, value: str) -> str:
    value = without_illegal(value).replace("]", r"\]")
    # A backslash before the bracket would be an escape; space is trimmed.
    return f"[{name}:{value} ]" if value.endswith("\\") else f"[{name}:{value}]"


def category(path: str) -> str:
    """What makes a category the current one."""
    return "$CATEGORY: " + without_illegal(path).replace("\\", "\\\\") + "\n\n"


def lines(parts: Iterable[str]) -> str:
    """Answers, each on a line of its own, in braces."""
    return "{\n" + "".join(f"\t{part}\n" for part in parts) + "}"
