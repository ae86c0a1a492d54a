"""What an exporter said that a deck loses: a comparison leaves out no more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cardforge.diagnostics import Loc
from cardforge.fidelity import Feature, Loss

Told = Callable[[Feature], bool]
"""Whether a loss of this feature was told of an item."""


class Declared:
    """The losses of an export, by where they stand."""

    def __init__(self, losses: Iterable[Loss]) -> None:
        self._items: set[tuple[str, Feature]] = set()
        self._places: set[tuple[Loc, Feature]] = set()
        for loss in losses:
            self._items.add((loss.item, loss.feature))
            self._places.add((loss.at, loss.feature))

    def of(self, item_id: str) -> Told:
        """What was told of the item with this id, or, with "", of the deck and its sections."""
        return lambda feature: (item_id, feature) in self._items

    def at(self, place: Loc, feature: Feature) -> bool:
        """Whether a loss of this feature was told at this place."""
        return (place, feature) in self._places
