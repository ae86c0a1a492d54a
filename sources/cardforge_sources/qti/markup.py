"""Elements of QTI 2 and 3 as HTML: what stands in a body, a choice, a feedback."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import PurePosixPath

from cardforge.text import MediaKind, media_kind
from cardforge_sources.xml import Element, text_of

Instead = Callable[[Element], str | None]
"""Gives the HTML that stands for an element, or None where the element stands for itself."""

# What is read by itself, or says nothing to a learner.
_LEFT_OUT = frozenset(
    """rubricBlock feedbackBlock feedbackInline modalFeedback stylesheet templateBlock templateInline catalogInfo
    companionMaterialsInfo script style endAttemptInteraction""".split()
)
_VOID = frozenset("area br col hr img source track wbr".split())
_HTML = _VOID | frozenset(
    """a abbr acronym address article aside audio b bdi bdo big blockquote caption center cite code colgroup dd del details
    dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup i ins kbd li main mark nav ol p picture pre
    q rb rp rt rtc ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr
    tt u ul var video""".split()
)
_MATHS = frozenset(
    """math maction maligngroup malignmark menclose merror mfenced mfrac mi mlongdiv mmultiscripts mn mo mover mpadded
    mphantom mprescripts mroot mrow ms mscarries mscarry msgroup msline mspace msqrt msrow mstack mstyle msub msubsup
    msup mtable mtd mtext mtr munder munderover none semantics annotation""".split()
)
_KEPT = frozenset(
    """alt colspan controls dir headers height href rowspan scope span src start title type value width alttext display
    encoding""".split()
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def nothing_instead(_element: Element) -> str | None:
    """Every element stands for itself."""
    return None


def html(element: Element, instead: Instead = nothing_instead, *, classes: bool = False) -> str:
    """What an element holds, as HTML. ``classes`` are kept where they are the author's own and not a style sheet's."""
    if not len(element) and not (classes and "\\" in (element.text or "")):
        return escape(element.text or "", quote=False)
    return _Writing(instead, classes).inside(element)


class _Writing:
    def __init__(self, instead: Instead, classes: bool) -> None:
        self._instead = instead
        self._classes = classes

    def inside(self, element: Element) -> str:
        parts = [self._text(element, element.text)] if element.text else []
        for child in element:
            if isinstance(child.tag, str):
                parts.append(self._element(child))
            if child.tail:
                parts.append(self._text(element, child.tail))
        return "".join(parts)

    def _text(self, element: Element, text: str) -> str:
        """Text as HTML. Where cardforge wrote it, only an element of class ``math`` holds formulas as LaTeX."""
        if element.tag == "annotation" and "&#" in text:
            text = _WRITTEN_TWICE.sub(lambda twice: unescape(twice[0]), text)
        escaped = escape(text, quote=False)
        if self._classes and "\\" in text and element.get("class") != "math":
            return _DELIMITER.sub("\\\\<span></span>", escaped)
        return escaped

    def _element(self, element: Element) -> str:
        replaced = self._instead(element)
        if replaced is not None:
            return replaced
        name = element.tag
        if name in _LEFT_OUT:
            return ""
        if name in ("object", "embed"):
            return self._object(element)
        if name not in _HTML and name not in _MATHS:
            return self.inside(element)
        if name == "span" and self._classes:
            name = "code" if _is_code(element) else _written_as_span(element)
        attributes = "".join(
            f' {key}="{escape(value)}"'
            for key, value in _attributes(element)
            if key in _KEPT or (key == "class" and self._classes and value != name)
        )
        if language := element.get(_LANGUAGE) or element.get("lang"):
            attributes += f' lang="{escape(language)}"'
        if name in _VOID:
            return f"<{name}{attributes}>"
        return f"<{name}{attributes}>{self.inside(element)}</{name}>"

    def _object(self, element: Element) -> str:
        """An image, a sound or a film as HTML shows it; what else there may be stays what is shown in its place."""
        source = element.get("data") or element.get("src") or ""
        kind = shown_as(element)
        address = escape(source)
        if not source or not kind:  # a page is read in before: see `pages`
            return self.inside(element)
        if kind == "image":
            size = "".join(f' {k}="{escape(element.get(k, ""))}"' for k in ("width", "height") if element.get(k))
            described = escape(element.get("alt") or " ".join(text_of(element).split()))
            return f'<img src="{address}" alt="{described}"{size}>'
        return f'<{kind} controls="controls" src="{address}"></{kind}>'


def shown_as(element: Element) -> str:
    """What an ``object`` or ``embed`` is: ``image``, ``audio`` or ``video``, or empty for anything else."""
    source = element.get("data") or element.get("src") or ""
    kind = (element.get("type") or "").partition("/")[0]
    if kind in ("image", "audio", "video"):
        return kind
    if PurePosixPath(source).suffix.lower() in _IMAGES:
        return "image"
    known = media_kind(source)
    return known if known is not MediaKind.IMAGE else ""


def _attributes(element: Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items()]


# Inline elements that QTI does not have: cardforge writes their names as the class of a span.
_UNKNOWN_TO_QTI = frozenset("bdi bdo del font ins mark q s strike time u".split())


def _written_as_span(element: Element) -> str:
    name = element.get("class", "")
    return name if name in _UNKNOWN_TO_QTI else "span"


_IMAGES = frozenset(".png .jpg .jpeg .gif .svg .webp .bmp".split())


# R/exams escapes the & of LaTeX twice; no formula has such a reference.
_WRITTEN_TWICE = re.compile(r"&#\d{1,5};")
_DELIMITER = re.compile(r"\\(?=[()\[\]])")


def _is_code(element: Element) -> bool:
    """Cardforge writes code in ``pre`` as ``span``: some players run the lines of code in it into one."""
    parent = element.getparent()
    return parent is not None and parent.tag == "pre" and len(parent) == 1 and not (parent.text or element.tail)
