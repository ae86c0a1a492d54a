"""Whether the cells of a text without a header are HTML, as Anki's notes are, or speak of it.

Anki takes a file for HTML when there is anything like a tag in its first five rows (rslib/src/text.rs, ``is_html``; it
asks the person, too), and then ``Which tag is for a block? - <div>`` shows no answer. So here the tags have to be such as
programs write, and none may stand alone, as one does that is spoken of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from cardforge.text.content import has_visible

_NAMES = """a audio b blockquote br code div em font h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small span strong sub sup
    table tbody td th thead tr tt u ul video"""
_TAG = re.compile(rf"<(/?)({'|'.join(_NAMES.split())})\b(?:\s*/?|\s([^<>]*))>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\w-]+\s*=\s*["'\w]""")
_NEED_NO_END = frozenset("br hr img li td th tr".split())
_MEDIA = re.compile(r"<(?:img|audio|video)\b|\[sound:", re.IGNORECASE)


def has_tags(cells: Iterable[str]) -> bool:
    """Whether there is anything in the cells that is a tag of HTML."""
    return any("<" in cell and _TAG.search(cell) for cell in cells)


def are_html(cells: Iterable[str]) -> bool:
    """Whether the tags in the cells are markup: there is a line break or a tag with attributes, and each is whole."""
    is_written = False
    for cell in cells:
        tags = list(_TAG.finditer(cell)) if "<" in cell else []
        if not tags:
            continue
        open_: Counter[str] = Counter()
        for tag in tags:
            name, attributes = tag[2].lower(), tag[3] or ""
            has_attributes = _ATTRIBUTE.search(attributes) is not None
            is_written |= has_attributes or name == "br"
            if name == "img" and not tag[1] and not has_attributes:
                return False
            if name not in _NEED_NO_END:
                open_[name] += -1 if tag[1] else 1
        is_break = all(tag[2].lower() == "br" for tag in tags)
        if any(open_.values()) or not (is_break or _MEDIA.search(cell) or has_visible(_TAG.sub("", cell))):
            return False
    return is_written
