"""Whether a file that cardforge wrote is an earlier export of this deck or of another one: by its name, or by its items."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cardforge.model import Deck
from cardforge.plugin import Standing
from cardforge_exporters.identifiers import identifier


def standing(
    there: str | None, deck: Deck, of_deck: Iterable[str], ids: re.Pattern[str], items: Iterable[str]
) -> Standing:
    """What stands there. ``there`` is its text, None where cardforge did not write it; one of ``of_deck`` is in every
    export of a deck of this name; ``ids`` finds the ids of its items, to be compared with those of the deck's ``items``: a deck
    that got another title is the same one, but for one whose author wrote its id.
    """
    if there is None:
        return Standing.FOREIGN
    is_of_deck = any(name in there for name in of_deck)
    if not is_of_deck and deck.id is None:
        is_of_deck = not {*ids.findall(there)}.isdisjoint(items)
    return Standing.OF_DECK if is_of_deck else Standing.OF_ANOTHER


def of_identifiers(there: str | None, manifest: str, deck: Deck) -> Standing:
    """What stands there, for packages in which identifiers are ``deck__item``; ``manifest`` is the manifest's, with the
    deck's name for %s.
    """
    items = {identifier(entry.id) for entry in deck.entries()}
    return standing(there, deck, [f'identifier="{manifest % identifier(deck.identity)}"'], _ITEM, items)


_ITEM = re.compile(r'ident(?:ifier(?:ref)?)?="[^"]*?[^"_]__([^"_][^"]*)"')
