"""Texts as the deck has them: Markdown where that shows the same, their media found, and what would be refused mended."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Protocol
from unicodedata import normalize
from urllib.parse import unquote, unquote_to_bytes

from cardforge.diagnostics import Severity
from cardforge.media import PackedMedia
from cardforge.text import Html, MediaKind, Text, as_markdown, cloze_from_html, facts, from_html, media_kind, plain
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL, as_written, has_visible, is_plain, is_plain_text
from cardforge.text.reading.marks import Marks
from cardforge_sources.alike import TextData
from cardforge_sources.hashed_names import before_export
from cardforge_sources.lines import as_line
from cardforge_sources.qti.files import Files
from cardforge_sources.qti.findings import Findings, Place
from cardforge_sources.sound_links import with_words

_MEDIA = re.compile(r"<(img|audio|video|source|track|object|a)\b(?:[^<>]++|<(?![a-z/!]))*+>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\s(?:src|href|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_DESCRIPTION = re.compile(r"""\s(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_FORMULA = re.compile(r"equation_image|data-equation-content|data-mathml|Wirisformula", re.IGNORECASE)
_DATA = re.compile(r"data:(image|audio|video)/([\w.+-]+)((?:;[\w.=+-]+)*),", re.IGNORECASE)
_CONTROLS = re.compile(f"[{CONTROL}]")


_LONG = 1_000
_MOST_REMEMBERED = 64

# What Canvas and those that write for it read as formulas. (Nothing in QTI 2 says that dollars are any.)
_IN_1_2 = Marks.MATHJAX | Marks.DOLLARS


class _Convert(Protocol):
    def __call__(self, html: str, source: Callable[[str], str], *, marks: Marks) -> Text: ...


class Texts:
    """Makes the texts of a deck, and finds the media that they name."""

    def __init__(self, files: Files, findings: Findings) -> None:
        self._files = files
        self._findings = findings
        self._found: dict[str, Callable[[], bytes]] = {}
        self._paths: dict[str, str] = {}
        self._taken: set[str] = set()
        self._remembered: dict[tuple[str, str, str, _Convert], TextData | None] = {}

    def media(self) -> PackedMedia:
        """The files that the texts name."""
        return PackedMedia(self._found)

    def of(self, html: str, place: Place) -> TextData | None:
        """HTML as a text of the deck; None when it shows nothing."""
        if is_plain(html):
            return html
        return self._made(html, place, from_html)

    def cloze(self, html: str, place: Place) -> TextData | None:
        """HTML with deletions as a text of the deck; None when the deletions cannot be kept."""
        made = self._made(html, place, cloze_from_html)
        if not made or cloze_problems(Html(made["html"]) if isinstance(made, dict) else made):
            return None
        return made

    def _made(self, html: str, place: Place, convert: _Convert) -> TextData | None:
        if len(html) < _LONG:
            return self._converted(html, place, convert)
        # Hundreds of pairs may share one long side, and a feedback may be that of every choice.
        known = html, place[0].folder, place[0].kind, convert
        if known not in self._remembered:
            if len(self._remembered) == _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[known] = self._converted(html, place, convert)
        return self._remembered[known]

    def _converted(self, html: str, place: Place, convert: _Convert) -> TextData | None:
        if "<" in html:
            html = _MEDIA.sub(lambda tag: self._with_media(tag, place), with_words(html))
        if not has_visible(html):
            return None
        folder = place[0].folder

        def source(address: str) -> str:
            return self._path(address, folder) or address

        marks = _IN_1_2 if place[0].kind in ("questestinterop", "item", "quiz") else Marks.MATHJAX
        text = convert(html, source, marks=marks)
        if isinstance(text, Html) and "<math" in text.html:
            html = _MATHS.sub(_as_latex, html)
            what = "the look of a formula that cannot be read: it stands as it is written"
            self._findings.not_kept(place, what, "mend its LaTeX")
            text = convert(html, source, marks=marks)
        for mend in (_as_html, _without_controls, _as_plain):
            wrong = set() if is_plain_text(text) else self._errors(text)
            if not wrong:
                return {"html": text.html} if isinstance(text, Html) else text
            if "empty-text" in wrong:
                return None
            mended = mend(html, text, wrong)
            if mended is None:
                return None
            text = mended
        return None if self._errors(text) else text if isinstance(text, str) else {"html": text.html}

    def _errors(self, text: Text) -> set[str]:
        known = facts(text)
        found = {problem.code for problem in known.problems if problem.severity is Severity.ERROR}
        if any(reference.path not in self._found for reference in known.media):
            found.add("media-missing")
        return found

    def _with_media(self, tag: re.Match[str], place: Place) -> str:
        """The tag, if what it names is there; else what can be said instead."""
        if _FORMULA.search(tag[0]):
            return tag[0]
        written = _ADDRESS.search(tag[0])
        if written is None:
            return "" if tag[1].lower() in ("img", "source", "track") else tag[0]
        address = unescape(next(part for part in written.groups() if part is not None)).strip()
        if tag[1].lower() == "a" and (media_kind(address) is MediaKind.IMAGE or ":" in address[:12]):
            return tag[0]  # a link; one to a sound or film would become a player
        if path := self._path(unquote(address), place[0].folder):
            if not _DATA.match(address):
                return tag[0]
            begin, end = next(span for span in map(written.span, (1, 2, 3)) if span != (-1, -1))
            return f"{tag[0][:begin]}{path}{tag[0][end:]}"
        described = _DESCRIPTION.search(tag[0])
        name = unescape((described[1] or described[2] or "") if described else "").strip()
        name = name or (tag[1].lower() if _DATA.match(address) else address.rpartition("/")[2][:100])
        if re.match(r"(?:https?:)?//", address):
            self._findings.not_kept(place, "an image or sound on the web: a link to it stands in its place", _WEB_FIX)
            return f'<a href="{escape(address)}">{escape(name or address)}</a>'
        self._findings.not_kept(place, f"an image or sound that is not there ({address[:60]})", _MISSING_FIX)
        return "<a>" if tag[1].lower() == "a" else f"[{escape(name)}]"

    def _path(self, address: str, folder: str) -> str | None:
        """The path in the deck of the file that an address names; from now on it is one of the deck's media."""
        if embedded := _DATA.match(address):
            return self._embedded(address, embedded)
        name = self._files.find(address, folder)
        if name is None:
            return None
        path = self._paths.get(name)
        if path is None:
            read = self._files.reader(name)
            path = self._paths[name] = self._free(name, read)
            self._taken.add(_folded(path))
            self._found[path] = read
        return path

    def _free(self, name: str, read: Callable[[], bytes]) -> str:
        """The path of a file of the package: its name, without the hash that an export added, where that is free.

        Another one is added where a file before has a name that is the same on some system.
        """
        path = str(PurePosixPath(name).with_name(before_export(PurePosixPath(name).name, read)))
        if path != name and (_folded(path) in self._taken or self._files.find(path) is not None):
            path = name
        while _folded(path) in self._taken:
            digest = hashlib.sha256(path.encode()).hexdigest()[:16]
            path = str(PurePosixPath(name).with_stem(f"{PurePosixPath(name).stem}-{digest}"))
        return path

    def _embedded(self, address: str, embedded: re.Match[str]) -> str | None:
        """A file that is written in the address itself; None when it is damaged or empty."""
        body = address[embedded.end() :]
        try:
            data = _decoded(body) if ";base64" in embedded[3].lower() else unquote_to_bytes(body)
        except ValueError:
            return None
        if not data:
            return None
        suffix = re.sub(r"[^a-z0-9]", "", embedded[2].lower().partition("+")[0].replace("jpeg", "jpg"))
        path = f"embedded/{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
        self._found.setdefault(path, lambda: data)
        return path


def _folded(path: str) -> str:
    """What is equal for two paths that are one file on some system."""
    return normalize("NFC", path).casefold()


def _decoded(base64_text: str) -> bytes:
    """Base64 as browsers read it: with white space, and without padding. Raises ValueError for what is none."""
    digits = "".join(base64_text.split()).rstrip("=")
    return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)


_WEB_FIX = "download it, and put it into the exported deck"
_MISSING_FIX = "export it again, together with its media"


def _as_html(html: str, text: Text, _wrong: set[str]) -> Text | None:
    """A formula that does not parse is shown as it is written."""
    return Html(html) if isinstance(text, str) and has_visible(html) else text


_MATHS = re.compile(r"<math\b[^<>]*>((?:[^<]++|<(?!/?math\b))*+)</math>")
_LATEX = re.compile(r"<annotation\s[^<>]*tex[^<>]*>([^<]*)</annotation>")


def _as_latex(maths: re.Match[str]) -> str:
    """The LaTeX in a formula that no text can hold, or else its letters and signs, as code."""
    if isinstance(from_html(maths[0]), str):
        return maths[0]
    latex = _LATEX.search(maths[1])
    return f"<code>{latex[1] if latex else escape(words(maths[1]), quote=False)}</code>"


def _without_controls(_html: str, text: Text, wrong: set[str]) -> Text | None:
    written = as_written(text)
    return Html(_CONTROLS.sub("", written)) if "control-character" in wrong and has_visible(written) else text


def _as_plain(html: str, _text: Text, _wrong: set[str]) -> Text | None:
    """Without any markup: what is left of markup that cannot be kept."""
    said = as_line(words(_CONTROLS.sub("", html)))
    return as_markdown(said) if said else None


def words(html: str) -> str:
    """What HTML says, without markup; empty where it says nothing."""
    return plain(Html(html)).strip() if html.strip() else ""
