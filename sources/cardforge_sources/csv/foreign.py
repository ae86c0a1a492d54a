"""What another program's cards say, as texts that the deck format takes: no card of them makes a file unreadable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cardforge.diagnostics import Problem
from cardforge.media import FolderMedia, Media
from cardforge.text import Html, Text, lines_as_markdown
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL
from cardforge_sources.foreign_texts import Plain, Texts
from cardforge_sources.places import warning

_CONTROL = re.compile(f"[{CONTROL}]")


@dataclass(slots=True)
class Foreign:
    """Makes texts, and collects what is to be told: of one text at its place, of the file once."""

    folder: Path
    problems: list[Problem]
    _counts: dict[str, int] = field(default_factory=dict)
    _firsts: dict[str, int] = field(default_factory=dict)
    _found: dict[str, bool] = field(default_factory=dict)
    _texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        self._texts = Texts(lambda name: name if self._is_here(name) else None)

    @property
    def media(self) -> Media:
        """Where media are looked for: beside the file."""
        return FolderMedia(self.folder)

    def text(self, written: str, offset: int) -> Text | None:
        """Plain text; None when it shows nothing."""
        return self._made(self._texts.markdown, lines_as_markdown(_CONTROL.sub("", written)), written, offset)

    def html(self, html: str, offset: int) -> Text | None:
        """A field of a note, in HTML; None when it shows nothing."""
        return self._made(self._texts.text, html, html, offset)

    def together(self, htmls: Sequence[str], offset: int) -> Text | None:
        """Several fields of a note in HTML as one text, a paragraph each."""
        return self._made(lambda _: self._texts.joined(htmls), "", "".join(htmls), offset)

    def cloze(self, html: str, offset: int) -> tuple[Text | None, str]:
        """A field with deletions; or None, and what is wrong with it."""
        text = self._made(self._texts.cloze, html, html, offset)
        if text is not None:
            return text, ""
        return None, next((problem.message for problem in cloze_problems(Html(html))), "they show nothing")

    def count(self, what: str, offset: int) -> None:
        """One more of something that is told once for the file."""
        self._counts[what] = self._counts.get(what, 0) + 1
        self._firsts.setdefault(what, offset)

    def tell(self, what: str, code: str, one: str, many: str, fix: str) -> None:
        """Tell what was counted, if there was any, at the first of them: in the words for one, or those for ``{n}``."""
        if count := self._counts.get(what):
            message = one if count == 1 else many.format(n=f"{count:,}")
            self.problems.append(warning(self._firsts[what], code, message, fix))

    def tell_of_texts(self) -> None:
        """Tell what was counted while texts were made."""
        fix = (
            "put the files beside this one and read it again; or export the deck as a package, which brings them along"
        )
        one, many = "1 media file is not here: words stand for it", "{n} media files are not here: words stand for them"
        self.tell("media", "not-kept", one, many, fix)
        fix = "nothing, unless something is missing in the texts"
        one, many = (f"{texts} had control characters, which are left out" for texts in ("1 text", "{n} texts"))
        self.tell("control", "not-kept", one, many, fix)

    def _made(self, convert: Callable[[str], Plain | None], form: str, written: str, offset: int) -> Text | None:
        """The text, and told what could not stay as it was written."""
        if _CONTROL.search(written):
            self.count("control", offset)
        made = convert(form)
        for change in dict.fromkeys(self._texts.changed):
            message = f"this text cannot be kept as it is: {change}"
            self.problems.append(warning(offset, "adapted-item", message, "look at what it shows now"))
        for _ in self._texts.missing:
            self.count("media", offset)
        self._texts.changed.clear()
        self._texts.missing.clear()
        return Html(made["html"]) if isinstance(made, dict) else made

    def _is_here(self, path: str) -> bool:
        if path not in self._found:
            try:  # most are missing, and that is quickly told
                there = (self.folder / path).is_file()
            except (OSError, ValueError):
                there = False
            self._found[path] = there and self.media.problem(path) is None
        return self._found[path]
