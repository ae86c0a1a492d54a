"""What other programs' cards say, in HTML, as texts of the deck: what the format would refuse is changed, and told.

No card makes a file unreadable: where its markup cannot stay, its words do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import Any, Protocol
from urllib.parse import unquote

from cardforge.diagnostics import Severity
from cardforge.text import Html, Text, cloze_from_html, facts, from_html, lines_as_markdown
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL, is_plain, is_plain_text
from cardforge.text.html import replaced_tags
from cardforge_sources.sound_links import with_words

Plain = str | dict[str, Any]
"""A text in the form of a draft: Markdown, or ``{"html": …}``."""

_SOUND = re.compile(r"\[sound:([^\[\]<>]+)\]", re.IGNORECASE)
# In quotes, a > ends no tag; where a quote is not closed, it does.
_MEDIA_TAG = re.compile(r"""<(?:img|audio|video|source)\b(?:(?:[^<>"']++|"[^"]*+"|'[^']*+')*+|[^>]*)>""", re.IGNORECASE)
_ADDRESS = re.compile(r"""\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_NOT_IN_A_TEXT = f"[{CONTROL}\ufffe\uffff\ud800-\udfff]"
_CONTROLS = re.compile(_NOT_IN_A_TEXT)
_TO_CLEAN = re.compile(rf"{_NOT_IN_A_TEXT}|\[sound:|<(?:span></span|img|audio|video|source)\b", re.IGNORECASE)
_FORMULA = re.compile(r"\\[(\[]|\[(?:latex|\$\$?)\]", re.IGNORECASE)
# How cardforge keeps MathJax from taking a text for a formula; as an entity, it is still none.
_DEFUSED = re.compile(r"\\<span></span>(?=[()\[\]])")
_TAG = re.compile(r"<[^>]*>")
_LINE_END = re.compile(r"<(?:br|/?(?:div|p|li|tr|h[1-6]))\b[^>]*>", re.IGNORECASE)
_NAME_OF_FILE = re.compile(r"<code>([\w.-]+)</code>")
_BLOCK = re.compile(r"<(?:p|div|[ou]l|table|pre|blockquote|h[1-6]|hr)\b", re.IGNORECASE)


class _Convert(Protocol):
    def __call__(self, html: str, source: Callable[[str], str], /) -> Text: ...


class Texts:
    """Makes texts of HTML.

    ``media_path`` gives the path in the deck of the file that a text calls by this name, or None when it is not there.
    ``changed`` collects what could not stay as it was, and ``missing`` the names of media that are not there, until
    they are cleared.
    """

    def __init__(self, media_path: Callable[[str], str | None]) -> None:
        self._media_path = media_path
        self.changed: list[str] = []
        self.missing: set[str] = set()

    def text(self, html: str) -> Plain | None:
        """The text that shows what the HTML shows, or None when that is nothing."""
        if not html:
            return None
        return html if is_plain(html) else self._valid(self._clean(html), from_html)

    def cloze(self, html: str) -> Plain | None:
        """The same for a text with deletions, or None when it has no valid one."""
        text = self._valid(self._clean(html), cloze_from_html)
        if text is None or cloze_problems(Html(text["html"]) if isinstance(text, dict) else text):
            return None
        return text

    def joined(self, blocks: Sequence[str], is_cloze: bool = False) -> Plain | None:
        """The text of several blocks, one below the other."""
        if len(blocks) < 2:
            made = map(self.cloze if is_cloze else self.text, blocks)
            return next(made, None)
        blocks = [block if is_plain(block) else self._clean(block) for block in blocks]
        if not is_cloze:
            texts = [block if is_plain(block) else self._of_block(block) for block in blocks]
            whole = "\n\n".join(text for text in texts if text and isinstance(text, str))
            if whole and not any(isinstance(text, Html) for text in texts) and not _error(whole):
                return whole
        wrapped = (f"<div>{block}</div>" if _BLOCK.search(block) else f"<p>{block}</p>" for block in blocks)
        return self._valid("".join(wrapped), cloze_from_html if is_cloze else from_html)

    def _of_block(self, block: str) -> Text:
        # A package without its media has thousands of names that stand for them.
        name = _NAME_OF_FILE.fullmatch(block)
        return f"`{name[1]}`" if name else from_html(block, self._path)

    def markdown(self, text: str) -> Plain | None:
        """A text that is Markdown already, or its plain text when the deck format would refuse it."""
        text = _CONTROLS.sub("", text).strip()
        wrong = _error(text) if text else None
        if wrong is None:
            return text or None
        if wrong[0] != "empty-text":
            self.changed.append(f"its markup is shown as it is written: {wrong[1]}")
        plain = lines_as_markdown(text)
        return None if not plain or _error(plain) else plain

    def _valid(self, html: str, convert: _Convert) -> Plain | None:
        text = convert(html, self._path)
        if text and (wrong := _error(text)):
            # Nothing to see is no mistake here: a field may be empty.
            if wrong[0] != "empty-text":
                self.changed.append(f"its markup is left out: {wrong[1]}")
            text = lines_as_markdown(unescape(replaced_tags(replaced_tags(html, _LINE_END, "\n"), _TAG, "")))
            if not text or _error(text):
                return None
        if not isinstance(text, Html):
            return text or None
        if _FORMULA.search(text.html):
            self.changed.append("a formula that cannot be read stands as it is written")
        return {"html": text.html}

    # --- media -----------------------------------------------------------------------------------

    def _clean(self, html: str) -> str:
        """The HTML without what no text can hold; in place of each missing file its ``alt``, or its name."""
        html = with_words(html)
        if not _TO_CLEAN.search(html):
            return html
        html = _CONTROLS.sub("", html)
        if "<span></span>" in html:
            html = _DEFUSED.sub("&#92;", html)
        if "[" in html:
            html = _SOUND.sub(lambda sound: self._checked(sound[0], unescape(sound[1])), html)
        return replaced_tags(html, _MEDIA_TAG, self._tag)

    def _tag(self, tag: re.Match[str]) -> str:
        address = _ADDRESS.search(tag[0])
        if address is None:
            return tag[0] if tag[0][1:6].lower() in ("audio", "video") else ""
        alt = _ALT.search(tag[0])
        said = (alt[1] or alt[2] or "").strip() if alt else ""
        return self._checked(tag[0], unescape(next(part for part in address.groups() if part is not None)), said)

    def _checked(self, whole: str, address: str, alt: str = "") -> str:
        if _ELSEWHERE.match(address):
            if address.strip()[:5].lower() == "data:":
                self.changed.append("an image or sound that is written into the text itself is left out")
                return ""
            self.changed.append("an image or sound that is elsewhere becomes a link")
            return whole
        if self._found(address) is not None:
            return whole
        self.missing.add(_short(address))
        if alt or not address.strip():
            return alt.replace("<", "&lt;")
        return f"<code>{escape(address.strip(), quote=False)}</code>"

    def _found(self, address: str) -> str | None:
        return self._media_path(address) or self._media_path(unquote(address))

    def _path(self, address: str) -> str:
        return self._found(address) or address


def _error(text: Text) -> tuple[str, str] | None:
    """What the core would refuse in a text: code and message of the first mistake."""
    if is_plain_text(text):
        return None
    return next(((p.code, p.message) for p in facts(text).problems if p.severity is Severity.ERROR), None)


def _short(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:80] + "…")
