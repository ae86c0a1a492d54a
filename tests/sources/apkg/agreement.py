"""Whether Anki shows on its cards what the source read from the same package."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import unescape
from unicodedata import normalize

from cardforge.model import AnyItem, Cloze, Deck, Entry, Flashcard, OpenPrompt, ShortAnswer
from cardforge.text import Dialect, Html, Text, render
from cardforge.text.cloze import replaced
from cardforge.text.render import mathjax
from tests.anki_backend import Rendered

_DIALECT = Dialect(maths=mathjax)
_NOT_SEEN = re.compile(
    r"""<(style|script|head|template|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)
    |\[anki:tts\b.*?\[/anki:tts\]|\[anki:[^\]]*\]|\[\[type:[^\]]*\]\]|\[sound:[^\]]*\]
    |<a\ class=hint\b.*?</a>|<[^<>]*>""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_FORMULA = re.compile(r"\\[()\[\]]|\[/?(?:latex|\$\$?)\]|\$")


def differences(deck: Deck, cards: list[Rendered]) -> Iterator[str]:
    """What a card shows and its item does not, or the other way round: a line for each card.

    Compared are characters, white space and the brackets of formulas left out. Both sides of a card count together
    where it is a cloze; media are not compared.
    """
    entries = {entry.id: entry for entry in deck.entries()}
    by_note: dict[str, list[Rendered]] = defaultdict(list)
    for card in cards:
        by_note[card.guid].append(card)
    for guid, of_note in by_note.items():
        for card in sorted(of_note, key=lambda card: card.number):
            entry = entries.get(guid if card.number == 0 else f"{guid}-{card.number + 1}") or entries.get(guid)
            if entry is not None:
                yield from _differences(entry, card)


def _differences(entry: Entry, card: Rendered) -> Iterator[str]:
    asks, answers = _sides(entry.item)
    if isinstance(entry.item, Flashcard) and entry.item.reversed and card.number == 1:
        asks, answers = _html(entry.item.back), _html(entry.item.front) + _html(entry.item.explanation)
    hints = "".join(map(_html, entry.item.hint))
    front, back = _seen(card.front), _seen(card.back)
    if isinstance(entry.item, Cloze):
        shown, told = Counter(back), Counter(_seen(asks + answers))
        lost, invented = shown - told - Counter(front), told - shown
    else:
        lost_front = Counter(front) - Counter(_seen(asks + hints))
        invented_front = Counter(_seen(asks)) - Counter(front)
        lost = lost_front + (Counter(back) - Counter(front) - Counter(_seen(answers)))
        # What should have been typed is put there by the window, which is not here.
        is_typed = "[[type:" in card.back
        invented = invented_front + (Counter() if is_typed else Counter(_seen(answers)) - Counter(back))
    if lost or invented:
        yield (
            f"{entry.id} card {card.number + 1}: not in the item {''.join(lost.elements())[:60]!r}, "
            f"only there {''.join(invented.elements())[:60]!r}"
        )


def _sides(item: AnyItem) -> tuple[str, str]:
    if isinstance(item, Flashcard):
        return _html(item.front), _html(item.back) + _html(item.explanation)
    if isinstance(item, Cloze):
        return _html(replaced(item.text, lambda _, deletion: deletion.answer)), _html(item.extra)
    if isinstance(item, ShortAnswer):
        return _html(item.stem), "".join(answer.text for answer in item.answers) + _html(item.explanation)
    assert isinstance(item, OpenPrompt)
    return _html(item.stem), ""


def _html(text: Text | None) -> str:
    if text is None or (isinstance(text, Html) and not text.html.strip()):
        return ""
    return render(text, _DIALECT) + " "


def _seen(html: str) -> str:
    """The characters that a reader sees, without white space."""
    text = normalize("NFC", unescape(_NOT_SEEN.sub("", html)))  # as Anki does with fields
    return "".join(c for c in _FORMULA.sub("", text) if not c.isspace() and c.isprintable())
