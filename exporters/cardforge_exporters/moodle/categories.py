"""Deck and sections as question categories, in a path below the course's own top category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cardforge.model import Deck, Section
from cardforge.text import Text, facts, render
from cardforge_exporters import quiz
from cardforge_exporters.lms_markup import DIALECT
from cardforge_exporters.moodle import names, xml
from cardforge_exporters.moodle.texts import Texts


class Categories:
    """Makes the elements that say which category the questions behind them belong to.

    They have no idnumbers: one that is in the course already, in a category that was renamed or moved, would
    stop an import half way.
    """

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._paths = {id(section): _path(deck, way) for section, way, _ in deck.sections()}
        self._root = _path(deck, ())
        self._infos: dict[str, str] = {}
        self._add(self._root, _own_id(deck) + described(deck.description) + author_and_license(deck))
        for section, way, _ in deck.sections():
            # Sections of one title are one category.
            self._add(_path(deck, way), said_of_section(section))

    def _add(self, path: str, info: str) -> None:
        if info:
            self._infos[path] = self._infos.get(path, "") + info

    def path(self, sections: Sequence[Section]) -> str:
        """The category of an item inside these sections."""
        return self._paths[id(sections[-1])] if sections else self._root

    def signs(self) -> Sequence[str]:
        """What every bank of this deck has one of: its id, where its author wrote one, or its title, as a glossary."""
        glossary = f"<NAME>{xml.escaped(self._deck.title)}</NAME>"
        if self._deck.id is not None:
            return [_own_id(self._deck), xml.escaped(_own_id(self._deck)), glossary]
        root = xml.escaped(self._root)
        return [f"<text>{root}</text>", f"<text>{root}/", glossary]

    def described(self) -> Sequence[str]:
        """The categories that have a description."""
        return list(self._infos)

    def element(self, path: str) -> str:
        """What makes a category the current one; the first time, with its description."""
        info = self._infos.pop(path, "")
        described = f'<info format="html">{xml.html(info)}</info>\n' if info else ""
        return (
            f'<question type="category">\n<category><text>{xml.escaped(path)}</text></category>\n'
            f"{described}</question>\n"
        )

    def pages(self, texts: Texts) -> Iterator[tuple[str, str]]:
        """Category and question for each description with media, which a category cannot hold."""
        parts: list[tuple[str, str, Text | None]] = [(self._root, self._deck.title, self._deck.description)]
        for section, way, _ in self._deck.sections():
            parts.append((self.path(way), section.section, section.description))
        for path, title, description in parts:
            if description is not None and has_media(description):
                name = xml.escaped(names.category_name(title))
                yield path, _page(name, texts.of(description))


def _page(name: str, text: str) -> str:
    return (
        f'<question type="description">\n<name><text>{name}</text></name>\n'
        f'<questiontext format="html">{text}</questiontext>\n'
        '<generalfeedback format="html"><text></text></generalfeedback>\n'
        "<defaultgrade>0</defaultgrade>\n<penalty>0</penalty>\n<hidden>0</hidden>\n"
        "<idnumber></idnumber>\n</question>\n"
    )


def has_media(text: Text) -> bool:
    """Whether the text shows files."""
    return bool(facts(text).media)


def _path(deck: Deck, around: Sequence[Section]) -> str:
    return names.category_path([deck.title, *(section.section for section in around)])


def _own_id(deck: Deck) -> str:
    """The deck's id, where its author wrote one, in an element that shows nothing: categories have no place for it."""
    return f'<span id="cardforge-deck-{escape(deck.id)}"></span>' if deck.id else ""


def author_and_license(deck: Deck) -> str:
    """Both as HTML."""
    said = (("Author", deck.author), ("License", deck.license))
    return "".join(f"<p>{name}: {quiz.typed(line)}</p>" for name, line in said if line)


def said_of_section(section: Section) -> str:
    """What the description of a section's category says."""
    pick = f"<p>Draw {section.pick} of these questions at random.</p>" if section.pick else ""
    return described(section.description) + pick


def described(description: Text | None) -> str:
    if description is None or has_media(description):
        return ""
    html = render(description, DIALECT)
    return f"<div>{html}</div>" if html else ""
