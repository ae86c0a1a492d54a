"""Moodle's texts as texts of the deck format: valid ones, whatever stands in the file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from urllib.parse import quote, unquote

from cardforge.diagnostics import Severity
from cardforge.text import Html, Text, as_markdown, deletions, facts, lines_as_markdown, plain
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL, MediaKind, as_written, is_plain, is_plain_text, media_kind
from cardforge.text.from_html import cloze_from_html, from_html
from cardforge.text.html import has_illegal, map_media, sanitise, without_illegal
from cardforge.text.reading.marks import Marks
from cardforge_sources.alike import TextData
from cardforge_sources.question_bank.files import Files
from cardforge_sources.question_bank.question import Written
from cardforge_sources.question_bank.told import Told
from cardforge_sources.sound_links import with_words

IN_THE_BANK = "@@PLUGINFILE@@/"
"""What stands before the name of a file that a question holds."""

_MARKS = Marks.MATHJAX | Marks.DOLLARS
_MEDIA_TAG = re.compile(r"<(img|audio|video|source|track)\b[^<>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""(\s(?:src|poster)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_DATA = re.compile(r"data:(?:image|audio|video)/([A-Za-z0-9]+)[^,]{0,50};base64,(.*)", re.DOTALL)
_LINK_INTO_THE_BANK = re.compile(
    r"""<a\b[^<>]*@@PLUGINFILE@@/?([^"'<>?]*)[^<>]*>((?:(?!</?a\b).)*)</a>""", re.DOTALL | re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_SPACE_BETWEEN_TAGS = re.compile(r">\s+<")
_BREAK_BESIDE_TAG = re.compile(r"\r?\n(?=<)|(?<=>)\r?\n")
_MARKDOWN_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(\s*<?([^()<>\s]+)>?(\s+\"[^\"\n]*\")?\s*\)")
_CONTROL = re.compile(f"[{CONTROL}]")


_LONG = 1_000
_MOST_REMEMBERED = 64


def _no_file(_path: str) -> bool:
    return False


class Texts:
    """Makes texts valid: media that are not there become links or their descriptions, what does not parse stays HTML.

    ``beside`` says whether a file stands beside the one that is read.
    """

    def __init__(self, files: Files, told: Told, beside: Callable[[str], bool] = _no_file) -> None:
        self._files = files
        self._told = told
        self._beside = beside
        self._remembered: dict[tuple[str, int], tuple[Written, TextData | None]] = {}

    def of(self, written: Written, offset: int = 0) -> TextData | None:
        """The text, or None where there is nothing to see."""
        text = written.text
        if not text:
            return None
        if is_plain(text):
            return text
        if has_illegal(text):
            text = without_illegal(text)
        if written.format == "markdown":
            return self._markdown(text, written, offset)
        if written.format == "plain":
            return self._valid(lines_as_markdown(text), None) if text.strip() else None
        html = with_breaks(text) if written.format == "moodle" else text
        return self.html(html, written, offset)

    def line(self, text: str) -> TextData | None:
        """A line of plain text."""
        words = _SPACE.sub(" ", text).strip(" ")
        return self._valid(as_markdown(words), None) if words else None

    def html(self, html: str, written: Written, offset: int = 0) -> TextData | None:
        """The same for HTML; ``written`` is the text that it is a part of, and says where files are."""
        html = html.strip()
        if not html:
            return None
        if is_plain(html):
            return html
        if len(html) < _LONG:
            return self._converted(html, written, offset)
        # Hundreds of pairs may share one long side. What a text holds beside its words is told by its identity.
        known = html, id(written)
        if known not in self._remembered:
            if len(self._remembered) == _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[known] = written, self._converted(html, written, offset)
        return self._remembered[known][1]

    def _converted(self, html: str, written: Written, offset: int) -> TextData | None:
        html = self._with_media(html, written, offset)
        return self._valid(from_html(html, self._address(written), marks=_MARKS), self._as_html(html, written))

    def cloze(self, html: str, written: Written, answers: Sequence[str], offset: int = 0) -> TextData | None:
        """A text with deletions in HTML; None when it has other ones than with these answers."""
        html = self._with_media(html, written, offset)
        text: Text | None = cloze_from_html(html, self._address(written), marks=_MARKS)
        if not self._is_cloze(text, answers):
            text = self._as_html(html, written)
        return _data(text) if text is not None and self._is_cloze(text, answers) else None

    def _is_cloze(self, text: Text | None, answers: Sequence[str]) -> bool:
        """Whether it is a valid text with deletions for these answers."""
        if text is None:
            return False
        if not as_written(text).strip() or cloze_problems(text):
            return False
        return not self._errors(text) and _recalls(text, answers)

    def _markdown(self, text: str, written: Written, offset: int) -> TextData | None:
        address = self._address(written)

        def image(found: re.Match[str]) -> str:
            instead = self._instead_of(found[2], found[1], written, offset)
            if instead is None:
                return f"![{found[1]}](<{address(unquote(found[2]))}>{found[3] or ''})"
            return f"[{instead[1]}]({instead[0]})" if instead[0] else instead[1]

        made = _MARKDOWN_IMAGE.sub(image, self._with_media(text, written, offset)).strip()
        return self._valid(made, None) if made else None

    def _address(self, written: Written) -> Callable[[str], str]:
        def path(address: str) -> str:
            if not address.startswith(IN_THE_BANK):
                return address
            name = address.removeprefix(IN_THE_BANK)
            return written.files.get(name) or written.files.get(name.partition("?")[0]) or name

        return path

    def _as_html(self, html: str, written: Written) -> Html | None:
        made = map_media(sanitise(html), self._address(written))
        return Html(made) if made.strip() else None

    def _with_media(self, html: str, written: Written, offset: int) -> str:
        if "@@PLUGINFILE@@" in html and "<a" in html:
            html = with_words(_LINK_INTO_THE_BANK.sub(lambda link: self._unlinked(link, written, offset), html))
        if "<" not in html or not _MEDIA_TAG.search(html):
            return html
        return _MEDIA_TAG.sub(lambda tag: self._medium(tag, written, offset), html)

    def _unlinked(self, link: re.Match[str], written: Written, offset: int) -> str:
        address = unquote(unescape(link[1]))
        if address in written.files and media_kind(address) is not MediaKind.IMAGE:
            return link[0]  # which becomes a player
        self._told.not_kept(
            offset, "a link to a file in the question bank: its text stands in its place", "put the file elsewhere"
        )
        return link[2]

    def _medium(self, tag: re.Match[str], written: Written, offset: int) -> str:
        source = _SOURCE.search(tag[0])
        if source is None or "equation_image" in tag[0]:
            return tag[0]
        address = unescape(source[2] or source[3] or source[4] or "").strip()
        if embedded := _DATA.match(address):
            suffix = embedded[1].lower().replace("jpeg", "jpg")
            name = f"{hashlib.sha256(embedded[2].encode()).hexdigest()[:12]}.{suffix}"
            path = self._files.path(name, embedded[2])
            self._tell_of_damage(path, offset)
            return tag[0].replace(source[0], f' src="{quote(path)}"', 1)
        described = _ALT.search(tag[0])
        instead = self._instead_of(address, (described[1] or described[2] or "") if described else "", written, offset)
        if instead is None:
            return tag[0]
        link, shown = instead
        return f'<a href="{escape(link)}">{shown}</a>' if link else shown

    def _instead_of(self, address: str, shown: str, written: Written, offset: int) -> tuple[str, str] | None:
        """What stands for a medium that cannot be had: a link (or nothing) and a text; None for one that is there."""
        name = unquote(address)
        if name.startswith(IN_THE_BANK):
            name = name.removeprefix(IN_THE_BANK)
            if path := written.files.get(name) or written.files.get(name.partition("?")[0]):
                self._tell_of_damage(path, offset)
                return None
        elif self._files.has(name) or self._beside(name):
            return None
        last = escape(address.rstrip("/").rpartition("/")[2][:100] or "?", quote=False)
        if address.startswith(("http://", "https://")):
            self._told.not_kept(
                offset,
                "an image, sound or video that is on the web: a link to it stands in its place",
                "save it beside the exported deck, and name it there",
            )
            return address, shown or last
        self._told.not_kept(
            offset,
            "an image, sound or video that is not in the file",
            "export the questions again, together with their files",
        )
        return "", shown or f"({last})"

    def _tell_of_damage(self, path: str, offset: int) -> None:
        if self._files.is_damaged(path):
            name = path.rpartition("/")[2]
            what = f"a part of “{name}”: its data are damaged (they are not all base64)"
            self._told.not_kept(offset, what, "put the file into the question anew, and export it again")

    def _valid(self, text: Text, html: Html | None) -> TextData | None:
        """The text, or else another one that shows the same as far as may be."""
        others = [made for made in (text, html) if made is not None]
        for made in (*others, *map(_without_control, others)):
            if not self._errors(made):
                return _data(made)
        if "empty-text" in self._errors(text):
            return None
        words = lines_as_markdown(plain(text) if isinstance(text, Html) else text)
        return words if words.strip() and not self._errors(words) else None

    def _errors(self, text: Text) -> set[str]:
        """The codes of what makes a text invalid."""
        if is_plain_text(text):
            return set()
        if not as_written(text).strip():
            return {"empty-text"}
        known = facts(text)
        found = {p.code for p in known.problems if p.severity is Severity.ERROR}
        if not all(self._files.has(m.path) or self._beside(m.path) for m in known.media):
            found.add("media-missing")
        return found


def with_breaks(text: str) -> str:
    """Text in Moodle's auto-format as HTML, as its text_to_html() does it: line ends are breaks, but beside tags."""
    text = _SPACE_BETWEEN_TAGS.sub("><", text.strip())
    return re.sub(r"\r\n|\n|\r", "<br />\n", _BREAK_BESIDE_TAG.sub(" ", text))


def as_html(written: Written) -> str:
    """A text as HTML that shows what is written; of Markdown, its signs, too."""
    if written.format == "html":
        return written.text
    return with_breaks(written.text if written.format == "moodle" else escape(written.text, quote=False))


def _data(text: Text) -> TextData:
    return {"html": text.html} if isinstance(text, Html) else text


def _without_control(text: Text) -> Text:
    return Html(_CONTROL.sub("", text.html) or "·") if isinstance(text, Html) else _CONTROL.sub("", text)


def _recalls(text: Text, answers: Sequence[str]) -> bool:
    inside = [deletion.answer for deletion in deletions(as_written(text))]
    # Inside of a line, "1. May" begins no list.
    read = [plain(Html(a)) if isinstance(text, Html) else plain("·" + a).removeprefix("·") for a in inside]
    return [_words(answer) for answer in read] == [_words(answer) for answer in answers]


def _words(answer: str) -> str:
    """An answer without the signs around a formula."""
    return re.sub(r"^(?:\\\(|\$)|(?:\\\)|\$)$", "", " ".join(answer.split())).strip()
