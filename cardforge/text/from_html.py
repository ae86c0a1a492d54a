r"""HTML as other programs hold it, back to Markdown where that shows the same.

A text is read, written as Markdown, rendered, and read again: where its shape comes back, the Markdown is right.
(html-to-markdown 3.21 reads faster and was tried. It escapes nothing, ``# 5`` or ``<b>``, drops ``<sub>``, ``<u>`` and
colours and knows no formula; the comparison, which costs more than the reading, would be needed all the same.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from itertools import groupby

from cardforge.text import cloze
from cardforge.text import html as markup
from cardforge.text.content import Html, Text, as_written, has_visible, is_plain
from cardforge.text.escaping import collapsed, paragraph
from cardforge.text.reading.marks import ALL, Aside, Marks, formula, has_marks, with_anki_aside, with_formulas_aside
from cardforge.text.reading.media import Source, encoded, with_deck_paths
from cardforge.text.reading.noise import CONTROLS, INVISIBLE, is_unseen, unindented
from cardforge.text.reading.reader import shape
from cardforge.text.reading.shape import TooStrange
from cardforge.text.reading.writer import write
from cardforge.text.render import Dialect, render


def _same(text: str) -> str:
    return text


def from_html(html: str, source: Source = _same, *, marks: Marks = ALL) -> Text:
    r"""An HTML fragment as Markdown where that shows the same, else as `Html`; "" when there is nothing to see.

    ``source`` maps the address of a media file, percent-escapes and entities decoded, to its path in the deck. It may
    be asked more than once, and never about files on other hosts, which become links, or in ``data:`` addresses.
    ``marks`` says what the program that wrote the text reads beside HTML.

    The same is what a browser shows. White space, ``<b>`` or ``<strong>``, a ``<p>`` or ``<div>`` around the whole,
    classes (their style sheet does not come along), ids and what editors leave behind make no difference. A line
    ends where a ``<div>`` or ``<br>`` does, and an empty line parts paragraphs. What Markdown has no sign for stays
    in tags, in the lines (``<sub>``) or around blocks (``<div style="text-align: center">``).

    `Html` stays what would be mostly such tags, what does not come back the same, and what the sanitiser would take
    from (scripts, frames, handlers, MathML without LaTeX), so that validation tells of it. A formula that does not
    parse is text; a text with no other formulas then stays `Html`.
    """
    if is_plain(html):
        return html
    html = _without_controls(html).replace("\r\n", "\n").replace("\r", "\n")
    if (lines := _lines(html, marks)) is not None:
        return lines
    if markup.is_bottomless(html):
        return Html(html)  # as it is: validation refuses it
    markdown, kept = _read(html, source, marks)
    return kept() if markdown is None else markdown


def cloze_from_html(html: str, source: Source = _same, *, marks: Marks = ALL) -> Text:
    """The same for a text with deletions (``{{c1::…}}``): Markdown only where each deletion still holds what it held."""
    text = from_html(html, source, marks=marks)
    if isinstance(text, Html) or text == html:
        return text
    before, after = cloze.deletions(html), cloze.deletions(text)
    if _codes(html) == _codes(text) and len(before) == len(after):
        parts = ((b.answer, a.answer) for b, a in zip(before, after, strict=True))
        hints = ((b.hint or "", a.hint or "") for b, a in zip(before, after, strict=True))
        if all(_says(was, source, marks) == now.strip() for was, now in (*parts, *hints)):
            return text
    return _read(html, source, marks)[1]()


def _codes(text: str) -> list[str]:
    return [problem.code for problem in cloze.written_problems(text)]


def _says(html: str, source: Source, marks: Marks) -> str:
    # A deletion stands inside of a line, where "1. May" begins no list.
    return as_written(from_html(f"·{html}", source, marks=marks))[1:].strip()


# --- text with lines and entities only, which most texts are -------------------------------------

_ONE_PARAGRAPH = re.compile(
    r"""\s*<(p|div)(?:\ dir="ltr")?>([^<]*+(?:<br\ ?/?>[^<]*+)*+)</\1>\s*|([^<]*+(?:<br\ ?/?>[^<]*+)*+)""", re.VERBOSE
)
_LINE_END = re.compile(r"<br ?/?>")


def _lines(html: str, marks: Marks) -> str | None:
    """Such a text as Markdown; None when there is more in it."""
    if not (found := _ONE_PARAGRAPH.fullmatch(html)) or has_marks(html, marks):
        return None
    inside = found[3] if found[1] is None else found[2]
    if is_plain(inside):
        return inside
    # A browser reads entities when it has found the tags.
    lines = [collapsed(_without_controls(unescape(line)) if "&" in line else line) for line in _LINE_END.split(inside)]
    groups = (list(group) for shows, group in groupby(lines, key=lambda line: bool(line.strip(INVISIBLE))) if shows)
    return "\n\n".join(_paragraph(group) for group in groups)


def _without_controls(text: str) -> str:
    # None of these is printable, and asking that is quicker.
    return text if text.isprintable() else CONTROLS.sub("", markup.without_illegal(text))


def _paragraph(lines: list[str]) -> str:
    lines[0] = unindented(lines[0])
    lines[-1] = lines[-1].rstrip(INVISIBLE)
    return paragraph(lines)


# --- from a shape, and back ----------------------------------------------------------------------

_READ_BACK = Dialect(maths=formula)
_DEEPEST = 100
# What is none of those elements, without attributes, of which the sanitiser takes nothing away.
_ODD = re.compile(
    r"<(?!/?(?:a|b|blockquote|code|div|em|h[1-6]|i|li|ol|p|pre|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr"
    r"|u|ul)>|(?:br|hr) ?/?>)",
    re.IGNORECASE,
)
_VOID = re.compile(r"<(br|hr)>", re.IGNORECASE)


def _read(html: str, source: Source, marks: Marks) -> tuple[str | None, Callable[[], Text]]:
    """The text as Markdown, or None; and what gives it as `Html`."""
    aside = Aside(html)
    if Marks.ANKI in marks:
        html = with_anki_aside(html, aside, source)
    html = with_deck_paths(html, source, lambda tex, original: aside.formula(tex, False, original))
    html = with_formulas_aside(html, aside, marks)
    is_simple = _ODD.search(html) is None
    if not is_simple and not all(is_unseen(lost.what) for lost in markup.examine(html)[0]):
        return None, lambda: Html(aside.original(html))
    sanitised = cache(lambda: markup.sanitise(html))
    markdown: str | None = None
    if aside.formulas or not aside.failed:
        if is_simple and "<pre" not in html:  # well-formed as it is, more often than not
            markdown = _markdown(_VOID.sub(r"<\1 />", html), aside)
        if markdown is None:
            markdown = _markdown(sanitised(), aside)
    return markdown, lambda: _html(aside.original(sanitised()))


def _html(html: str) -> Text:
    return Html(html) if has_visible(markup.strip_tags(html)) or re.search("<(?:img|audio|video)", html) else ""


def _markdown(xhtml: str, aside: Aside) -> str | None:
    """The text as Markdown that shows the same, or None."""
    if 'href="#' in xhtml or (xhtml.count("<") > _DEEPEST and markup.depth(xhtml) > _DEEPEST):
        return None
    try:
        wanted = shape(aside.xhtml(xhtml))
        for careful in (False, True):
            written = write(wanted, careful)
            if written.tags * 2 > len(written.markdown) and not aside.formulas:
                return None
            if written.is_certain or shape(render(written.markdown, _READ_BACK, encoded)) == wanted:
                return written.markdown
    except TooStrange:
        pass
    return None
