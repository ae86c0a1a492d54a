"""The materials of QTI 1.2 as HTML: text, images, sound and film, in whatever they are wrapped."""

from __future__ import annotations

import re
from html import escape

from cardforge_sources.qti import markup
from cardforge_sources.xml import Element, text_of

_MARKUP = re.compile(
    r"</?(?:a|b|br|blockquote|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|t[drh]|tt|u|ul)"
    r"\b[^<>]*>|&(?:lt|gt|amp|nbsp|quot|#\d+|#x[0-9a-f]+);",
    re.IGNORECASE,
)
# An address in a package, which Canvas also writes into what it calls plain.
_OF_FILE = re.compile(r"<(?:img|a|audio|video)\s[^<>]*(?:\$|%24)IMS[-_]CC[-_]FILEBASE(?:\$|%24)", re.IGNORECASE)
_BLOCKS = frozenset({"material", "flow_mat", "flow", "material_ref", "hintmaterial", "solutionmaterial"})
_FILES = {"matimage": "img", "mataudio": "audio", "matvideo": "video"}


def html(element: Element | None) -> str:
    """The materials in an element, those of what can be answered left out. Several are blocks, one after the other."""
    if element is None:
        return ""
    parts = [part for part in _parts(element) if part.strip()]
    return parts[0].strip() if len(parts) == 1 else "".join(f"<div>{part.strip()}</div>" for part in parts)


def _parts(element: Element) -> list[str]:
    if element.tag == "material":
        return [of_material(element)]
    found: list[str] = []
    for child in element:
        if child.tag in _BLOCKS:
            found += _parts(child)
    return found


def of_material(material: Element) -> str:
    """What one material says."""
    parts = [_part(child) for child in material]
    return "".join(parts)


def _part(element: Element) -> str:
    name = str(element.tag)
    if name in ("mattext", "matemtext", "localizable_mattext"):  # the last one is WebCT's
        return text(element)
    if name == "matbreak":
        return "<br>"
    if name in _FILES:
        return _file(element, _FILES[name])
    if name == "mat_formattedtext":
        return _formatted(element)
    if name in ("mat_extension", "material", "altmaterial", "flow_mat"):
        return "" if name == "altmaterial" else "".join(_part(child) for child in element)
    return ""


def text(element: Element) -> str:
    """A ``mattext``: HTML where it says so or looks so, else plain text. A space at an edge stands for white space."""
    if len(element):
        return markup.html(element)
    written = element.text or ""
    kind = element.get("texttype", "").lower()
    if "html" in kind or ("plain" not in kind and _MARKUP.search(written)) or _OF_FILE.search(written):
        return written
    said = written.strip()
    if not said:
        return " " if written else ""
    escaped = escape(said, quote=False)
    escaped = escaped.replace("\n", "<br>") if "plain" in kind else escaped
    # White space at its edges parts it from what stands beside it; line ends there are the file's.
    return f"{' ' * written[0].isspace()}{escaped}{' ' * written[-1].isspace()}"


def _formatted(element: Element) -> str:
    """Blackboard's text: HTML, or SMART_TEXT, in which line ends count."""
    written = text_of(element)
    kind = element.get("type", "HTML").upper()
    if kind == "PLAIN_TEXT":
        return escape(written.strip(), quote=False).replace("\n", "<br>")
    return written.strip().replace("\n", "<br>") if kind == "SMART_TEXT" else written


def _file(element: Element, name: str) -> str:
    source = element.get("uri") or ""
    body = text_of(element).strip()
    if element.get("embedded", "").lower() == "base64" and body and not source:
        kind = next((str(v) for k, v in element.attrib.items() if "type" in str(k) and "/" in str(v)), f"{name}/png")
        source = f"data:{kind.replace('img/', 'image/')};base64,{''.join(body.split())}"
    elif source.startswith("/") and body and "." in body and " " not in body:
        source = body  # WebCT names the file in the text, and a place on its server in the address
    source = source or body
    if not source:
        return ""
    if name == "img":
        size = "".join(f' {k}="{escape(element.get(k, ""))}"' for k in ("width", "height") if element.get(k))
        return f'<img src="{escape(source)}" alt="{escape(element.get("label", ""))}"{size}>'
    return f'<{name} controls="controls" src="{escape(source)}"></{name}>'
