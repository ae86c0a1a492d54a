"""The notice that ids are missing: who exports without them should know what an edit will do."""

from __future__ import annotations

from cardforge.diagnostics import IDS_MISSING
from cardforge.model import Deck
from cardforge.plugin import Context, Notice


def tell(deck: Deck, context: Context, consequence: str) -> None:
    """Tell how many items (and whether the deck) have no id of their author's, if any, and what comes of it."""
    missing = sum(entry.item.id is None for entry in deck.entries()) + (deck.id is None)
    if missing:
        what = "1 id is missing" if missing == 1 else f"{missing:,} ids are missing"
        if deck.origin.is_beginning:
            fix = "export the deck --to yaml and go on with that file, into which cardforge ids writes them"
        elif deck.origin.takes_ids:
            fix = "cardforge ids FILE writes them into it"
        elif deck.origin.document:
            fix = "write ids into the file"
        else:
            fix = "build the deck and its items with an id each"
        context.notify(Notice(IDS_MISSING, f"{what}: {consequence}; {fix}", deck.span(())))
