"""What every quiz loses in the same way, whatever the program, and which items none of them can ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape

from cardforge.diagnostics import Loc, Problem
from cardforge.fidelity import Capabilities, Feature, Level, Loss, adapted
from cardforge.model import AnyItem, Cloze, Deck, Matching, MultipleChoice, Numeric, Ordering, texts
from cardforge.text import Dialect, Html, Text, deletions, from_html, plain
from cardforge.text.content import as_written, is_plain
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from cardforge_exporters.blanks import blanks, rendered_part
from cardforge_exporters.shared_losses import Said, words_of_players

PLAIN_BLANKS = "answers and hints of blanks arrive as plain text, without their formatting"

Show = Callable[[Text], str]
"""Renders a text as the target has it."""


def losses(deck: Deck, capabilities: Capabilities, show: Show) -> Iterator[Loss]:
    """What of single items and descriptions arrives in another form.

    ``capabilities`` are what the exporter says of every deck.
    """

    def told(found: Said, item: str, at: Loc) -> Iterator[Loss]:
        for feature, support in found:
            # What is said of one place stands in place of what is said of all.
            general = capabilities[feature].how
            whole = f"{general}; {support.how}" if general else support.how
            yield Loss(feature, support.level, whole, item, at)

    for described, at in _described(deck, capabilities):
        yield from told(words_of_players(described), "", at)
    for entry in deck.entries():
        yield from told(_of_item(entry.item, show), entry.id, entry.at)


def _described(deck: Deck, capabilities: Capabilities) -> Iterator[tuple[Text, Loc]]:
    """The descriptions of the deck and its sections that the target has, with their places."""
    if deck.description and capabilities[Feature.DESCRIPTION].level is not Level.DROPPED:
        yield deck.description, ("description",)
    if capabilities[Feature.SECTION_DESCRIPTION].level is not Level.DROPPED:
        for section, _, at in deck.sections():
            if section.description:
                yield section.description, (*at, "description")


def _of_item(item: AnyItem, show: Show) -> Said:
    if isinstance(item, Numeric) and item.tolerance_percent is not None:
        margin = quiz.decimal(quiz.margin(item))
        how = f"{item.tolerance_percent} % of the answer is written as a tolerance of {margin}"
        yield Feature.TOLERANCE, adapted(how)
    if isinstance(item, Ordering):
        for _, step in _alike([((i,), step) for i, step in enumerate(item.steps)], show):
            how = f"two steps show the same, '{plain(step)}', and only one order of them counts"
            yield Feature.ORDERING, adapted(how)
    if isinstance(item, Cloze) and _has_formatted_blanks(item):
        yield Feature.CLOZE, adapted(PLAIN_BLANKS)
    for _, text in texts(item):
        yield from words_of_players(text)


_MATHJAX = Dialect(maths=mathjax)


def _has_formatted_blanks(item: Cloze) -> bool:
    def is_formatted(part: str | None) -> bool:
        if not part or is_plain(part.strip()):
            return False
        return "<" in rendered_part(part, item.text, _MATHJAX, str)

    return any(
        not blank.is_code and (is_formatted(deletion.hint) or (not blank.is_formula and is_formatted(deletion.answer)))
        for deletion, blank in zip(deletions(as_written(item.text)), blanks(item), strict=True)
    )


def shown_alike(deck: Deck, show: Show) -> Iterator[Problem]:
    """Choices and sides of a matching that differ in what is not seen only: nobody could tell the right one."""
    for entry in deck.entries():
        for name, offered in _offered(entry.item):
            for at, text in _alike(offered, show):
                message = f"two {name} show the same: '{plain(text)}'"
                yield Problem("shown-alike", message, "change one of them, or leave it out", (*entry.at, *at))


_Placed = tuple[Loc, Text]


def _offered(item: AnyItem) -> Iterator[tuple[str, Sequence[_Placed]]]:
    """The texts among which a learner chooses, with their places in the item."""
    if isinstance(item, MultipleChoice):
        yield "choices", [(("choices", i, "text"), choice.text) for i, choice in enumerate(item.choices)]
    elif isinstance(item, Matching):
        yield "left sides", [(("pairs", i, "left"), pair.left) for i, pair in enumerate(item.pairs)]
        first: dict[Text, Loc] = {}
        for i, pair in enumerate(item.pairs):
            first.setdefault(pair.right, ("pairs", i, "right"))  # two pairs may share a right side
        for i, text in enumerate(item.distractors):
            first.setdefault(text, ("distractors", i))
        yield "right sides", [(at, text) for text, at in first.items()]


def _alike(offered: Sequence[_Placed], show: Show) -> Iterator[_Placed]:
    """Those of the texts that show the same as one before."""
    if all(isinstance(text, str) and is_plain(text) for _, text in offered):
        return
    by_letters: dict[str, list[_Placed]] = {}
    for at, text in offered:
        by_letters.setdefault(_letters(text), []).append((at, text))
    for group in by_letters.values():
        seen: set[Text] = set()
        for at, text in group if len(group) > 1 else ():
            key = from_html(show(text))
            if key in seen:
                yield at, text
            seen.add(key)


_NO_LETTER = re.compile(r"<[^<>]*>|[\W_]+")


def _letters(text: Text) -> str:
    """What texts that show the same have in common, found fast."""
    return _NO_LETTER.sub("", unescape(text.html if isinstance(text, Html) else text))
