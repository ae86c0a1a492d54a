"""What becomes of single tags, titles and texts that Anki cannot hold as they are."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge.fidelity import Feature, Level, Loss, adapted
from cardforge.model import Deck, Entry
from cardforge_exporters.anki_markup import deck_name, deck_part, quiet_players, tag
from cardforge_exporters.shared_losses import Said, inherited_tags, of_items, of_texts, words_of_players


def losses(deck: Deck) -> Iterator[Loss]:
    """What arrives in another form, or does not arrive."""
    yield from inherited_tags(deck)
    yield from of_items(deck, _of_tags)
    yield from of_items(deck, lambda entry: quiet_players(entry.item))
    yield from _names(deck)
    yield from of_texts(deck, lambda _, text: words_of_players(text))


def _of_tags(entry: Entry) -> Said:
    for name in entry.tags:
        if tag(name) != name:
            yield Feature.TAGS, adapted(f"{name!r} becomes {tag(name)!r}: Anki's tags have no spaces")


def _names(deck: Deck) -> Iterator[Loss]:
    titles = [(deck.title, ()), *((section.section, at) for section, _, at in deck.sections())]
    for title, at in titles:
        if (name := deck_part(title)) != title:
            how = f"{title!r} becomes {name!r}: in Anki, :: parts a deck's name"
            yield Loss(Feature.SECTIONS, Level.ADAPTED, how, at=at)
    seen = set()
    for _, way, at in deck.sections():
        name = deck_name(deck, way).casefold()
        if name in seen:
            how = "another section there has this title: they become one deck, which has the first one's description"
            yield Loss(Feature.SECTIONS, Level.ADAPTED, how, at=at)
        seen.add(name)
