"""What `cardforge export` tells of each deck: all of it, or mistakes only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.cli.printing import counted, say, say_losses
from cardforge.cli.told import say_warnings
from cardforge.diagnostics import IDS_MISSING

if TYPE_CHECKING:
    from cardforge.api import Written
    from cardforge.fidelity import Loss
    from cardforge.model import Deck
    from cardforge.plugin import Notice


class Telling:
    """Prints what a person should know who exports decks; where ``is_quiet``, nothing. (Mistakes are always printed.)

    What exporters have to say is printed once for all targets of a deck, and of few decks that their ids are missing.
    """

    def __init__(self, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._told: set[tuple[str, str]] = set()
        self._without_ids = 0

    def warnings(self, deck: Deck) -> None:
        """What is told of the deck's file."""
        if not self._is_quiet:
            say_warnings(deck)

    def note(self, text: str) -> None:
        """Something else that is told of a deck."""
        if not self._is_quiet:
            say(text, error=True)

    def losses(self, source: str, target: str, losses: Sequence[Loss]) -> None:
        """What a target cannot hold."""
        if not self._is_quiet:
            say_losses(source, target, losses)

    def written(self, source: str, deck: Deck, written: Written) -> None:
        """Where the export is, and what was copied beside it."""
        self.notices(source, written.notices)
        if not self._is_quiet:
            _say_copied(written.media)
            say(f"{source} -> {written.path} ({counted(deck, written.losses)})")

    def notices(self, source: str, notices: Sequence[Notice]) -> None:
        """What the exporter has to say, but for what another target of this source had, too."""
        for notice in notices:
            is_of_ids = notice.code == IDS_MISSING
            key = (source, notice.code if is_of_ids else str(notice))
            if key not in self._told:
                self._told.add(key)
                self._without_ids += is_of_ids
                if not is_of_ids or self._without_ids <= _WITHOUT_IDS_SHOWN:
                    self.note(str(notice))

    def rest(self) -> None:
        """How many decks without ids were passed over."""
        if (count := self._without_ids - _WITHOUT_IDS_SHOWN) > 0:
            decks = "1 more deck, for which" if count == 1 else f"{count:,} more decks, for which"
            self.note(f"ids are missing in {decks} the same holds")


_WITHOUT_IDS_SHOWN = 3


def _say_copied(media: Sequence[Path]) -> None:
    """Each of a few files that were copied, the number of many."""
    if len(media) > _COPIED_SHOWN:
        say(f"copied {len(media):,} media files beside the export", error=True)
        return
    for file in media:
        say(f"copied {file}", error=True)


_COPIED_SHOWN = 5
