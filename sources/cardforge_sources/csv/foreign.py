"""What another program's cards say, as texts that the deck format takes: no card of them makes a file unreadable."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, unquote

from cardforge.diagnostics import Problem, Severity
from cardforge.media import FolderMedia, Media
from cardforge.text import Text, as_markdown, cloze_from_html, facts, from_html, lines_as_markdown, media_kind, plain
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL, Html, MediaKind, is_plain
from cardforge_sources.places import warning

_CONTROL = re.compile(f"[{CONTROL}]")
_MEDIA_TAG = re.compile(r"<(?:img|audio|video|source|embed)\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\[\]<>]{0,500})\]")
_OLD_FORMULA = re.compile(r"\[(\$\$?)\](.{0,2000}?)\[/\1\]", re.DOTALL)
_LINE_BREAK_OR_TAB = re.compile(r"[\t\r]+")
_ON_THE_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(slots=True)
class Foreign:
    """Makes texts, and collects what is to be told: of one text at its place, of the file once."""

    folder: Path
    problems: list[Problem]
    _counts: dict[str, int] = field(default_factory=dict)
    _firsts: dict[str, int] = field(default_factory=dict)
    _found: dict[str, bool] = field(default_factory=dict)

    @property
    def media(self) -> Media:
        """Where media are looked for: beside the file."""
        return FolderMedia(self.folder)

    def text(self, written: str, offset: int) -> Text | None:
        """Plain text; None when it shows nothing."""
        return self._checked(lines_as_markdown(self._without_controls(written, offset)), offset)

    def html(self, html: str, offset: int) -> Text | None:
        """A field of a note, in HTML; None when it shows nothing."""
        if is_plain(html):
            return html
        return self._checked(from_html(self._prepared(html, offset)), offset)

    def cloze(self, html: str, offset: int) -> tuple[Text | None, str]:
        """A field with deletions; or None, and what is wrong with it."""
        text = cloze_from_html(self._prepared(html, offset))
        wrong = [*cloze_problems(text.html if isinstance(text, Html) else text), *_errors(text)]
        if not wrong and not self._has_all_media(text):
            return None, "it names media that are not beside the file"
        return (None, wrong[0].message) if wrong else (text, "")

    def count(self, what: str, offset: int) -> None:
        """One more of something that is told once for the file."""
        self._counts[what] = self._counts.get(what, 0) + 1
        self._firsts.setdefault(what, offset)

    def tell(self, what: str, code: str, message: Callable[[int], str], fix: str) -> None:
        """Tell what was counted, if there was any, at the first of them."""
        if count := self._counts.get(what):
            self.problems.append(warning(self._firsts[what], code, message(count), fix))

    def tell_of_texts(self) -> None:
        """Tell what was counted while texts were made."""
        fix = (
            "put the files beside this one and read it again; or export the deck as a package, which brings them along"
        )
        self.tell("media", "not-kept", lambda n: f"{n:,} media files are not here: their names stand for them", fix)
        fix = "nothing, unless something is missing in the texts"
        self.tell("control", "not-kept", lambda n: f"{n:,} texts had control characters, which are left out", fix)

    def _without_controls(self, written: str, offset: int) -> str:
        clean = _CONTROL.sub("", written)
        if clean != written:
            self.count("control", offset)
        return clean

    def _prepared(self, html: str, offset: int) -> str:
        """The field's HTML with Anki's own markup as HTML, and with words in place of media that are not there."""
        html = self._without_controls(html, offset)
        if "<" in html:
            html = _MEDIA_TAG.sub(lambda tag: self._tag(tag[0], offset), html)
        if "[" in html:
            html = _OLD_FORMULA.sub(lambda m: rf"\({m[2]}\)" if m[1] == "$" else rf"\[{m[2]}\]", html)
            html = _SOUND.sub(lambda sound: self._sound(unescape(sound[1]), offset), html)
        return html

    def _tag(self, tag: str, offset: int) -> str:
        said = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag)}
        path = unquote(said.get("src", ""))
        if not path or self._is_here(path):
            return tag
        shown = escape(said.get("alt") or _name(path))
        if _ON_THE_WEB.match(path):
            return f'<a href="{escape(said["src"])}">{shown}</a>'
        self.count("media", offset)
        return shown

    def _sound(self, path: str, offset: int) -> str:
        if self._is_here(path):
            kind = MediaKind.VIDEO if media_kind(path) is MediaKind.VIDEO else MediaKind.AUDIO
            return f'<{kind.value} controls="controls" src="{escape(quote(path))}"></{kind.value}>'
        self.count("media", offset)
        return escape(_name(path))

    def _checked(self, text: Text, offset: int) -> Text | None:
        """The text, or what it shows without markup where the deck format refuses the markup."""
        wrong = _errors(text)
        if not wrong and self._has_all_media(text):
            return text
        if any(problem.code == "empty-text" for problem in wrong):
            return None
        bare = as_markdown(_LINE_BREAK_OR_TAB.sub(" ", plain(text)))
        if _errors(bare):
            return None
        message = wrong[0].message if wrong else "it names media that are not beside the file"
        fix = "look at the text, which stands here without its markup"
        self.problems.append(warning(offset, "adapted-item", f"this text cannot be kept as it is: {message}", fix))
        return bare

    def _is_here(self, path: str) -> bool:
        if path not in self._found:
            try:  # most are missing, and that is quickly told
                there = (self.folder / path).is_file()
            except (OSError, ValueError):
                there = False
            self._found[path] = there and self.media.problem(path) is None
        return self._found[path]

    def _has_all_media(self, text: Text) -> bool:
        return all(self._is_here(reference.path) for reference in facts(text).media)


def _errors(text: Text) -> list[Problem]:
    return [problem for problem in facts(text).problems if problem.severity is Severity.ERROR]


def _name(path: str) -> str:
    """What stands for a media file: its name; and for one that is written out in the text, only what it is."""
    if path.startswith("data:"):
        return "[image]"
    return path.rsplit("/", 1)[-1][:200] or "[image]"
