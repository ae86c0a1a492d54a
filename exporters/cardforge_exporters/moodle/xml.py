"""Characters and files in XML, so that Moodle's parser reads them whole.

It drops white space between two entities, and reads base64 in quadratic time unless it stands in CDATA sections,
of which none may be larger than about 10 MB.
"""

from __future__ import annotations

import base64
import re

_SECTION = 6_000_000
_MARKUP = re.compile("[&<>]")


def escaped(text: str) -> str:
    """The text for an element: as it is, or in CDATA where it has markup."""
    if not _MARKUP.search(text):
        return text
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def html(text: str) -> str:
    """The ``<text>`` element of a rendered text."""
    # What is just 0 counts as empty in PHP.
    return f"<text>{escaped('<p>0</p>' if text == '0' else text)}</text>"


def encoded(data: bytes) -> str:
    """A file's content as base64, in CDATA sections."""
    text = base64.b64encode(data).decode()
    return "".join(f"<![CDATA[{text[start : start + _SECTION]}]]>" for start in range(0, len(text), _SECTION))
