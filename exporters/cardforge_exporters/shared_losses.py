"""What programs of all sorts lose in the same way, and the texts in which to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge.diagnostics import Loc
from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import Deck, texts
from cardforge.text import Html, MediaKind, Text, facts, markdown, media_kind
from cardforge.text.content import is_plain
from cardforge.text.html import as_named

INHERITED_TAGS = "the tags of the deck and its sections become tags of the items in them"
OF_SECTIONS = "the tags of sections become tags of the items in them"


def inherited_tags(deck: Deck, *, has_deck_tags: bool = False) -> Iterator[Loss]:
    """Tags of the deck and of sections, where only items have tags; told once.

    ``has_deck_tags`` says that the target holds the deck's own.
    """
    places: list[Loc] = [("tags",)] if deck.tags and not has_deck_tags else []
    places += ((*at, "tags") for around, at in deck.sections() if around[-1].tags)
    if places:
        how = OF_SECTIONS if has_deck_tags else INHERITED_TAGS
        yield Loss(Feature.TAGS, Level.ADAPTED, how, "", places[0], deck.span(places[0]))


def words_of_players(text: Text) -> Iterator[tuple[Feature, str]]:
    """The words in brackets before an audio or video file: a player shows none."""
    if isinstance(text, Html) or "![" not in text or all(m.kind is MediaKind.IMAGE for m in facts(text).media):
        return
    for token, _ in markdown.walk(markdown.parse(text)):
        if token.type == "image" and token.content.strip():
            kind = media_kind(str(token.attrGet("src") or ""))
            if kind is not MediaKind.IMAGE:
                feature = Feature.AUDIO if kind is MediaKind.AUDIO else Feature.VIDEO
                yield feature, f"its words, '{as_named(token.content.strip())}', are not shown"


def texts_with_markup(deck: Deck) -> Iterator[tuple[object, Text, str, Loc]]:
    """Each text that may say more than its words: the part of the deck that has it, the text, the id of the item
    (empty for the deck and its sections), and its place."""
    parts: list[tuple[object, str, Loc]] = [(deck, "", ())]
    parts += ((around[-1], "", at) for around, at in deck.sections())
    parts += ((entry.item, entry.id, entry.at) for entry in deck.entries())
    for part, item, at in parts:
        for place, text in texts(part):
            if not (isinstance(text, str) and is_plain(text)):
                yield part, text, item, (*at, *place)
