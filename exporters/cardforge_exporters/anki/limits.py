"""What becomes of single tags, titles and texts that Anki cannot hold as they are."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge.fidelity import Feature, Level, Loss
from cardforge.model import Deck
from cardforge_exporters.anki_markup import deck_name, deck_part, tag
from cardforge_exporters.shared_losses import inherited_tags, texts_with_markup, words_of_players


def losses(deck: Deck) -> Iterator[Loss]:
    """What arrives in another form, or does not arrive."""
    yield from inherited_tags(deck)
    yield from _tags(deck)
    yield from _names(deck)
    for _, text, item, at in texts_with_markup(deck):
        for feature, how in words_of_players(text):
            yield Loss(feature, Level.ADAPTED, how, item, at, deck.span(at))


def _tags(deck: Deck) -> Iterator[Loss]:
    for entry in deck.entries():
        for name in entry.tags:
            if tag(name) != name:
                how = f"{name!r} becomes {tag(name)!r}: Anki's tags have no spaces"
                yield Loss(Feature.TAGS, Level.ADAPTED, how, entry.id, entry.at, deck.span(entry.at))


def _names(deck: Deck) -> Iterator[Loss]:
    titles = [(deck.title, ()), *((around[-1].section, at) for around, at in deck.sections())]
    for title, at in titles:
        if (name := deck_part(title)) != title:
            how = f"{title!r} becomes {name!r}: in Anki, :: parts a deck's name"
            yield Loss(Feature.SECTIONS, Level.ADAPTED, how, "", at, deck.span(at))
    seen = set()
    for around, at in deck.sections():
        name = deck_name(deck, around).casefold()
        if name in seen:
            how = "another section there has this title: they become one deck, which has the first one's description"
            yield Loss(Feature.SECTIONS, Level.ADAPTED, how, "", at, deck.span(at))
        seen.add(name)
