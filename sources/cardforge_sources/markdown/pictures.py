"""Pictures and sound that a text names and that cannot be had: a link for one on the web, the name for one that is
missing. Everything else of the text stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import unquote

from markdown_it.token import Token

from cardforge.text import Html, Text, as_markdown, html, markdown
from cardforge.text.content import is_plain
from cardforge.text.places import Place, places

ON_THE_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_Edit = tuple[int, int, str]
"""What stands from one offset up to another is to be this."""


def without(text: Text, is_refused: Callable[[str], bool]) -> Text:
    """The text without the pictures at these paths. One whose place in the text cannot be told stays."""
    if isinstance(text, Html):
        return Html(_edited(text.html, _of_html(text.html, is_refused, False)))
    edits: list[_Edit] = []
    for (token, _), place in zip(markdown.walk(markdown.parse(text)), places(text), strict=True):
        if place is None:
            continue
        if token.type == "image":
            path = unquote(str(token.attrGet("src") or ""))
            if is_refused(path):
                edits += _of_image(token, place, path, text)
        elif token.type in ("html_block", "html_inline"):
            found = _of_html(token.content, is_refused, place.is_linked)
            edits += ((place.offset(start), place.offset(end - 1) + 1, said) for start, end, said in found)
    return _edited(text, iter(edits))


def _edited(text: str, edits: Iterator[_Edit]) -> str:
    parts: list[str] = []
    last = 0
    for start, end, instead in sorted(edits):
        parts += (text[last:start], instead)
        last = end
    return "".join((*parts, text[last:]))


# --- in Markdown -------------------------------------------------------------------------------------


def _of_image(image: Token, place: Place, path: str, text: str) -> Iterator[_Edit]:
    """An image without its exclamation mark is a link; what it shows may have images in it, too."""
    label, label_end = place.offset(0), place.offset(len(image.content))
    shown = None if image.content.strip() else as_markdown(_name(path))
    is_link = ON_THE_WEB.match(path) and not place.is_linked
    if not is_link:
        yield place.start, label, shown or ""
        yield label_end, place.end, ""
        return
    before = text[max(place.start - 2, 0) : place.start]
    is_called = before.endswith("!") and before != r"\!"  # with that one, it would be an image again
    yield (place.start - 1, place.start + 1, r"\!") if is_called else (place.start, place.start + 1, "")
    if shown:
        yield label, label_end, shown


# --- in HTML -----------------------------------------------------------------------------------------

_TAG = re.compile(r"""<[^\s/>]+((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_LINK = re.compile(r"<(/?)a(?=[\s/>])", re.IGNORECASE)
_MARKDOWN = re.compile(r"[\\`*_\[\]~$|{}]|^(?![&\w]).|(?<=\d)[.)](?=\s)")


def _of_html(written: str, is_refused: Callable[[str], bool], is_linked: bool) -> Iterator[_Edit]:
    links, last = int(is_linked), 0
    for reference in html.examine(written)[1]:
        path, start = unquote(reference.path), reference.offset
        tag = _TAG.match(written, start)
        if tag is None or start < last or not is_refused(path):
            continue
        links += sum(-1 if link[1] else 1 for link in _LINK.finditer(written, last, start))
        last = tag.end()
        said = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag[1])}
        shown = _in_html(" ".join(said.get("alt", "").split()) or _name(path))
        is_link = ON_THE_WEB.match(path) and links <= 0
        yield start, last, f'<a href="{escape(said.get("src", path))}">{shown}</a>' if is_link else shown


def _in_html(text: str) -> str:
    """A text that shows the same in HTML and, since that may stand in Markdown, there."""
    if is_plain(text):
        return text
    return _MARKDOWN.sub(lambda sign: f"&#{ord(sign[0])};", escape(text, quote=False))


def _name(path: str) -> str:
    """What stands for a picture that says nothing of itself: its name, or that it is one."""
    return "picture" if path.startswith("data:") else path.rstrip("/").rsplit("/", 1)[-1][:200] or "picture"
