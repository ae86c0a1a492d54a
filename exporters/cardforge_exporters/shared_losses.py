"""What programs of all sorts lose in the same way, and the texts in which to look for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cardforge.diagnostics import Loc
from cardforge.fidelity import MEDIA_FEATURES, Feature, Level, Loss, Support, adapted
from cardforge.model import Deck, Entry, texts
from cardforge.text import Html, MediaKind, Text, facts, markdown, media_kind
from cardforge.text.content import is_plain
from cardforge.text.html import as_named

INHERITED_TAGS = "the tags of the deck and its sections become tags of the items in them"
OF_SECTIONS = "the tags of sections become tags of the items in them"

Said = Iterable[tuple[Feature, Support]]
"""What becomes of an item or a text, where it is not what becomes of every other."""


def of_items(deck: Deck, said: Callable[[Entry], Said]) -> Iterator[Loss]:
    """What is said of each item, as losses at its place."""
    for entry in deck.entries():
        for feature, support in said(entry):
            yield Loss(feature, support.level, support.how, entry.id, entry.at)


def of_texts(deck: Deck, said: Callable[[object, Text], Said]) -> Iterator[Loss]:
    """What is said of each text that may say more than its words, as losses at its place.

    ``said`` is given the part of the deck that has the text, and the text.
    """
    parts: list[tuple[object, str, Loc]] = [(deck, "", ())]
    parts += ((section, "", at) for section, _, at in deck.sections())
    parts += ((entry.item, entry.id, entry.at) for entry in deck.entries())
    for part, item, at in parts:
        for place, text in texts(part):
            if not (isinstance(text, str) and is_plain(text)):
                for feature, support in said(part, text):
                    yield Loss(feature, support.level, support.how, item, (*at, *place))


def inherited_tags(deck: Deck, *, has_deck_tags: bool = False) -> Iterator[Loss]:
    """Tags of the deck and of sections, where only items have tags; told once.

    ``has_deck_tags`` says that the target holds the deck's own.
    """
    places: list[Loc] = [("tags",)] if deck.tags and not has_deck_tags else []
    places += ((*at, "tags") for section, _, at in deck.sections() if section.tags)
    if places:
        how = OF_SECTIONS if has_deck_tags else INHERITED_TAGS
        yield Loss(Feature.TAGS, Level.ADAPTED, how, at=places[0])


def words_of_players(text: Text) -> Iterator[tuple[Feature, Support]]:
    """The words in brackets before an audio or video file: a player shows none."""
    if isinstance(text, Html) or "![" not in text or all(m.kind is MediaKind.IMAGE for m in facts(text).media):
        return
    for token, _ in markdown.walk(markdown.parse(text)):
        if token.type == "image" and token.content.strip():
            kind = media_kind(str(token.attrGet("src") or ""))
            if kind is not MediaKind.IMAGE:
                yield MEDIA_FEATURES[kind], adapted(f"its words, '{as_named(token.content.strip())}', are not shown")
