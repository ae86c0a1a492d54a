"""Runs of text as a line of Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from unicodedata import category
from urllib.parse import quote, unquote

from cardforge.text.content import MediaKind, media_kind
from cardforge.text.escaping import holds_formula, within_a_line
from cardforge.text.reading.shape import BREAK, Atom, Attributes, Format, Run

_DELIMITERS = {"strong": "**", "em": "*", "s": "~~"}
_SHORT = {"strong": "b", "em": "i"}
_SIMPLE = frozenset({"sub", "sup", "u"})
_APART = ("", " ", "\n")
_KEPT_IN_A_PATH = re.compile(r"[^\w./:@+,=~-]")


class Line:
    """Writes runs. ``careful`` takes elements for emphasis and escapes every dollar and bracket; ``line_break`` is
    what a break is written as; ``tags`` counts the characters of elements with attributes; ``is_certain`` is whether
    nothing was written about which CommonMark has more than the simplest rules."""

    def __init__(self, careful: bool, line_break: str) -> None:
        self.tags = 0
        self.is_certain = True
        self._careful = careful
        self._break = line_break

    def written(self, runs: Sequence[Run]) -> str:
        return self._runs(runs, 0, False)

    def _runs(self, runs: Sequence[Run], depth: int, in_link: bool) -> str:
        out = ""
        start = 0
        while start < len(runs):
            formats, content = runs[start]
            end = start + 1
            if len(formats) == depth:
                out = self._text(out, content, in_link) if isinstance(content, str) else self._atom(out, content)
            else:
                format_ = formats[depth]
                while end < len(runs) and runs[end].formats[depth : depth + 1] == (format_,):
                    end += 1
                inner = self._runs(runs[start:end], depth + 1, in_link or format_.name == "a")
                out = self._around(out, format_, inner, _first(runs, end, depth))
            start = end
        return out

    def _text(self, out: str, text: str, in_link: bool) -> str:
        if out.endswith("$") and text[0].isdecimal():  # beside a digit, a dollar begins or ends nothing
            out, text = f"{out}&#{ord(text[0])};", text[1:]
        if "$" in text:
            self.is_certain = False
        written = within_a_line(text, dollars=self._careful)
        if holds_formula(written):
            written = within_a_line(text, dollars=True)
        return out + (written.replace("]", "\\]") if in_link or self._careful else written)

    def _atom(self, out: str, atom: Atom) -> str:
        if atom is BREAK:
            return out + self._break
        self.is_certain = False
        if atom.name == "code":
            return out + _code(atom.text)
        if atom.name == "formula":
            if out[-1:].isdecimal():
                out = f"{out[:-1]}&#{ord(out[-1])};"
            dollars = "$$" if atom.attributes[0][1] else "$"
            return f"{out}{dollars}{atom.text}{dollars}"
        attributes = dict(atom.attributes)
        path = unquote(attributes.get("src", ""))
        kind = media_kind(path)
        if atom.name == "img" and attributes.keys() <= {"src", "alt", "title"} and kind is MediaKind.IMAGE:
            alt = within_a_line(attributes["alt"], dollars=True).replace("]", "\\]")
            return f"{_before_bracket(out)}![{alt}]({_path(path)}{_title(attributes)})"
        if atom.name == kind.value and attributes.keys() == {"src"}:
            return f"{_before_bracket(out)}![]({_path(path)})"
        if atom.name == "wbr":
            return out + "<wbr>"
        if atom.name == "img":
            return f"{out}<img{_written(atom.attributes)}>"
        return f'{out}<{atom.name} controls="controls"{_written(atom.attributes)}></{atom.name}>'

    def _around(self, out: str, format_: Format, inner: str, after: str) -> str:
        name = format_.name
        if name == "a" and dict(format_.attributes).keys() <= {"href", "title"}:
            attributes = dict(format_.attributes)
            self.is_certain = False
            return f"{_before_bracket(out)}[{inner}]({_link(attributes['href'])}{_title(attributes)})"
        if name in _DELIMITERS and not format_.attributes:
            marker = _DELIMITERS[name]
            is_apart = out[-1:] in _APART and after in _APART and "*" not in inner
            self.is_certain &= is_apart and inner[0].isalnum() and inner[-1].isalnum() and inner.isascii()
            if not self._careful and _can_open(out[-1:], inner) and _can_close(inner, after):
                return f"{out}{marker}{inner}{marker}"
            name = _SHORT.get(name, name)
        self.is_certain &= name in _SIMPLE and not format_.attributes
        opening = f"<{name}{_written(format_.attributes)}>"
        if format_.attributes:
            self.tags += len(opening) + len(name)
        return f"{out}{opening}{inner}</{name}>"


def _first(runs: Sequence[Run], index: int, depth: int) -> str:
    """The character that stands behind an element that ends before this run."""
    if index == len(runs):
        return ""
    formats, content = runs[index]
    return content[0] if len(formats) == depth and isinstance(content, str) else "*"


def _can_open(before: str, inner: str) -> bool:
    """Whether CommonMark lets a delimiter open here; not behind another one, with which it would run together."""
    if inner[0].isspace() or before in tuple("*~_"):
        return False
    return not _is_punctuation(inner[0]) or not before or before.isspace() or _is_punctuation(before)


def _can_close(inner: str, after: str) -> bool:
    if inner[-1].isspace():
        return False
    return not _is_punctuation(inner[-1]) or not after or after.isspace() or _is_punctuation(after)


def _is_punctuation(character: str) -> bool:
    return category(character)[0] in "PS"


def _before_bracket(out: str) -> str:
    return f"{out[:-1]}\\!" if out.endswith("!") else out


def _code(text: str) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip()) else ""
    return f"{fence}{space}{text}{space}{fence}"


def _path(path: str) -> str:
    return _KEPT_IN_A_PATH.sub(lambda c: quote(c[0], safe="", errors="replace"), path)


def _link(href: str) -> str:
    href = re.sub(r"&(?=#?\w+;)", r"\\&", href).replace("$", "%24")
    return f"<{href}>" if "(" in href or ")" in href or not href else href


def _title(attributes: dict[str, str]) -> str:
    if not attributes.get("title"):
        return ""
    return ' "{}"'.format(re.sub(r'[\\"&`*_\[\]<$]', r"\\\g<0>", " ".join(attributes["title"].split())))


def _written(attributes: Attributes) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)
