"""Text as people write it (Markdown or HTML), and the one renderer that all targets share.

content.py    what a text is, and which texts need no parsing at all
markdown.py   the Markdown dialect of the deck format
html.py       sanitising, and well-formed XHTML
maths.py      does a formula parse?
code.py       highlighting by class
holes.py      holes in a text, for what may not be touched while the text is worked on
cloze.py      the deletions in a cloze text
facts.py      what a text holds (maths, media, tables …) and what is wrong in it
render.py     text to HTML in a target's dialect, and to plain text
escaping.py   plain text as Markdown that shows it
places.py     where the images and the HTML of a Markdown text stand in it
from_html.py  HTML as other programs hold it, back to Markdown
reading/      its parts
"""

from cardforge.text.cloze import Deletion, deletions
from cardforge.text.content import Html, MediaKind, Text, media_kind
from cardforge.text.escaping import as_markdown, lines_as_markdown
from cardforge.text.facts import Facts, MediaReference, TextFeature, facts
from cardforge.text.from_html import cloze_from_html, from_html
from cardforge.text.reading.marks import Marks
from cardforge.text.render import Dialect, plain, render

__all__ = [
    "Deletion",
    "Dialect",
    "Facts",
    "Html",
    "Marks",
    "MediaKind",
    "MediaReference",
    "Text",
    "TextFeature",
    "as_markdown",
    "cloze_from_html",
    "deletions",
    "facts",
    "from_html",
    "lines_as_markdown",
    "media_kind",
    "plain",
    "render",
]
