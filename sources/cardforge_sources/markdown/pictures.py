"""Pictures and sound that a text names and that cannot be had: a link for one on the web, the name for one that is
missing. Everything else of the text stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from cardforge.text import MediaReference, as_markdown

ON_THE_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_TAG = re.compile(r"<(?:img|audio|video|source|track|embed)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_OPENS = re.compile(r"\]\(\s*<?\Z")
_IN_A_LINK = re.compile(r"(?:\[|<a\b[^<>]*>)\s*\Z", re.IGNORECASE)
_NEAR = 300
"""As many characters before a picture are looked at: a text may be long and have thousands of them."""


def without(text: str, references: Iterable[MediaReference]) -> str:
    """The text without these of its pictures. One that is not found where it should be stays."""
    for reference in sorted(references, key=lambda reference: reference.offset, reverse=True):
        is_markdown = _OPENS.search(text, max(reference.offset - _NEAR, 0), reference.offset)
        start = text.rfind(*("![", 0, reference.offset) if is_markdown else ("<", 0, reference.offset + 1))
        if start < 0 or not (is_markdown or _TAG.match(text, start)):
            continue
        end = text.find(*(")", reference.offset + len(reference.path)) if is_markdown else (">", reference.offset)) + 1
        if end:
            is_link = ON_THE_WEB.match(reference.path) and not _IN_A_LINK.search(text, max(start - _NEAR, 0), start)
            instead = _of_markdown if is_markdown else _of_html
            text = text[:start] + instead(text[start:end], reference.path, bool(is_link)) + text[end:]
    return text


def _of_markdown(image: str, path: str, is_link: bool) -> str:
    close = image.rindex("](") if "](" in image else len(image)
    shown = image[2:close].strip() or as_markdown(_name(path))
    return f"[{shown}{image[close:]}" if is_link else shown


def _of_html(tag: str, path: str, is_link: bool) -> str:
    said = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag)}
    shown = escape(said.get("alt", "").strip() or _name(path))
    return f'<a href="{escape(said.get("src", path))}">{shown}</a>' if is_link else shown


def _name(path: str) -> str:
    """What stands for a picture that says nothing of itself: its name, or that it is one."""
    return "picture" if path.startswith("data:") else path.rstrip("/").rsplit("/", 1)[-1][:200] or "picture"
