"""A text as Moodle has it: HTML, and behind it the media files that it shows."""

from __future__ import annotations

from collections.abc import Callable

from cardforge.model import Deck
from cardforge.text import Text, render
from cardforge.text.content import is_plain
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.media_files import MediaFiles
from cardforge_exporters.moodle import xml


class Page:
    """Renders what belongs to one text of a question, and remembers the files for it: name and path."""

    def __init__(self, media: MediaFiles) -> None:
        self._media = media
        self.files: dict[str, str] = {}

    def html(self, text: Text) -> str:
        """The text as HTML."""
        if isinstance(text, str) and is_plain(text):
            return text
        return render(text, DIALECT, self.source)

    def source(self, path: str) -> str:
        """The address of a media file in a text."""
        name = self._media.name(path)
        self.files[name] = path
        return f"@@PLUGINFILE@@/{name}"


class Texts:
    """Makes the content of the elements that hold a text: each has its own copy of its files."""

    def __init__(self, deck: Deck) -> None:
        self._media = MediaFiles(deck)
        self.read = deck.origin.media.read

    def of(self, text: Text | None) -> str:
        """``<text>`` and ``<file>`` elements for a text of the deck."""
        if text is None:
            return "<text></text>"
        if isinstance(text, str) and is_plain(text):
            return xml.html(text)
        return self.made(lambda page: page.html(text))

    def shown(self, text: Text) -> str:
        """The same for a text that Moodle would leave out if it were empty, such as a choice."""
        if isinstance(text, str) and is_plain(text):
            return xml.html(text)
        return self.made(lambda page: page.html(text) or EMPTY)

    def made(self, make: Callable[[Page], str]) -> str:
        """The same for HTML that ``make`` puts together."""
        page = self.page()
        made = xml.html(make(page))
        if not page.files:
            return made
        return made + "".join(
            f'\n<file name="{name}" path="/" encoding="base64">{xml.encoded(self.read(path))}</file>'
            for name, path in page.files.items()
        )

    def page(self) -> Page:
        """An empty page."""
        return Page(self._media)


EMPTY = "<span></span>"
"""Shows nothing, and is not nothing."""
