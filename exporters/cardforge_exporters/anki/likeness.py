"""How like two notes are: whether one is the other, edited.

An edit is a text in which words were added or misspellings mended, or a question put in other words whose answer stays.
Where words were replaced in what is asked and in what is answered, it is another item, however alike the letters are:
`die Maus` (mouse) and `die Laus` (louse).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import unescape

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from cardforge.model import TrueFalse
from cardforge_exporters.anki.note_types import CLOZE, QUESTION, NoteType

ALIKE = 0.75
"""How like the last text an edited one must be, from 0 to 1."""
_TELLING = 12
"""How many letters an answer must have to tell which question it answers: "yes" tells nothing."""


# --- what a note says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A text without markup. ``words`` are without capitals and punctuation; ``core`` leaves out remarks in brackets."""

    text: str
    words: tuple[str, ...]
    core: tuple[str, ...]
    bag: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a note asks, and all the rest that it says."""

    asks: Part
    rest: Part


_NOT_SAID = frozenset({"Kind", "Data", "Language", "Item id", "Deck id", "Level", "Reversed"})


def said(note_type: NoteType, fields: Sequence[str]) -> Said:
    """What a note says in its fields."""
    asks, *others = (text for _, text in _texts(note_type, fields))
    # In any order: choices that are mixed otherwise say the same.
    return Said(_part(asks), _part(" ".join(sorted(" ".join(others).split()))))


def in_words(note_type: NoteType, fields: Sequence[str]) -> dict[str, str]:
    """The fields that say something, for people: each one's text without markup."""
    shown = zip(note_type.fields, fields, strict=True)
    return {name: text for name, value in shown if name not in _NOT_SAID and (text := _plain(value))}


def _texts(note_type: NoteType, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The text that asks first. A cloze asks with what stands around its deletions."""
    is_statement = note_type is QUESTION and fields[note_type.position("Kind")] == TrueFalse.KIND
    for name, value in zip(note_type.fields, fields, strict=True):
        # The front's task repeats the solution; "True False" is said by every statement.
        if name in _NOT_SAID or name == "Task" or (name == "Solution" and is_statement):
            continue
        if note_type is CLOZE and name == "Text":
            yield name, _plain(_DELETION.sub(" … ", value))
            yield name, _plain(" ".join(_DELETION.findall(value)))
        else:
            yield name, _plain(_with_key(value) if name == "Solution" else value)


def _with_key(solution: str) -> str:
    """A solution in which the words of right choices are others than those of wrong ones."""
    return solution + "".join(
        f" \N{CHECK MARK}{word}" for row in _RIGHT.findall(solution) for word in _plain(row).split()
    )


_RIGHT = re.compile(r'<li data-i="\d+" class="cf-right">(.*?)(?=<li data-i=|</ol>)', re.DOTALL)
_DELETION = re.compile(r"\{\{c\d{1,3}::((?:(?!\{\{c\d|\}\}|::).)*)(?:::(?:(?!\{\{c\d|\}\}).)*)?\}\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r'<img [^>]*?src="([^"]*)"[^>]*>')
"""By its file: cards of which only the picture differs say different things."""


def _plain(html: str) -> str:
    if "<" in html:
        html = _TAG.sub(" ", _PICTURE.sub(r" \1 ", html))
    return " ".join(unescape(html).split())


def _part(text: str) -> Part:
    words = _words(text)
    core = _words(_REMARK.sub(" ", text)) if "(" in text or "[" in text else words
    return Part(text, words, core or words, frozenset(words), frozenset(_NUMBER.findall(text)))


def _words(text: str) -> tuple[str, ...]:
    found = (word.strip(_PUNCTUATION) for word in _WORD.findall(text.casefold()))
    return tuple(word for word in found if word)


# Where no spaces part the words, each sign counts as one.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_SIGNS}]|[^\s{_SIGNS}]+")
_PUNCTUATION = ".,;:!?…\"'()[]«»„“”‚‘’¿¡。、？！：；，،؛؟"
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBER = re.compile(r"\d+")


# --- what has become of a text -------------------------------------------------------------------


class _Change(IntEnum):
    """What an edit did to a text, from the least to the most."""

    NONE = 0
    """Nothing but capitals, punctuation, and a remark in brackets that is there or not."""
    LONGER = 1
    """Words were added or taken away, and most stayed."""
    MENDED = 2
    """Besides, some were misspelt."""
    REWORDED = 3
    """Words were replaced."""


@dataclass(frozen=True, slots=True)
class _Changed:
    """``kept`` is how many words are in both texts, ``most`` how many are in the longer one."""

    how: _Change
    kept: int
    most: int

    @property
    def is_sure(self) -> bool:
        """Whether the text alone leaves no doubt that it is the same one."""
        least = {_Change.NONE: 0, _Change.LONGER: 3, _Change.MENDED: 4}
        return self.how in least and self.kept >= least[self.how]


def _changed(new: Part, old: Part) -> _Changed:
    most = max(len(new.words), len(old.words))
    if new.text == old.text:
        return _Changed(_Change.NONE, most, most)
    if _is_another_number(new, old):
        return _Changed(_Change.REWORDED, 0, most)
    if new.core == old.core and (new.words == old.words or new.core == new.words or old.core == old.words):
        return _Changed(_Change.NONE, len(new.core), most)
    shared = len(new.bag & old.bag)
    if min(len(new.bag), len(old.bag)) > shared + shared // 4 + 3:
        return _Changed(_Change.REWORDED, shared, most)  # of most pairs; the rest takes longer
    words, last = Counter(new.words), Counter(old.words)
    kept = (words & last).total()
    short, long = sorted((new.words, old.words), key=len)
    rest = iter(long)
    if len("".join(short)) * 3 >= len("".join(long)) and all(word in rest for word in short):
        return _Changed(_Change.LONGER, kept, most)
    if _is_mended(list((words - last).elements()), list((last - words).elements()), max(1, kept // 4)):
        return _Changed(_Change.MENDED, kept, most)
    return _Changed(_Change.REWORDED, kept, most)


def _is_another_number(new: Part, old: Part) -> bool:
    """Other numbers mean another thing, however alike the rest; numbers added or taken away do not."""
    return not (new.numbers <= old.numbers or old.numbers <= new.numbers)


def _is_mended(added: Sequence[str], lost: Sequence[str], most: int) -> bool:
    """Whether what was lost is there in another spelling, or else what was added was there in one."""
    few, many = sorted((added, lost), key=len)
    if not few or len(few) > most or len(many) > most + 2:
        return not many  # the same words in another order
    return all(any(_is_typo(a, b) for b in many) for a in few)


def _is_typo(word: str, other: str) -> bool:
    """Whether one is the other, misspelt. Hardly ever is the first letter wrong, or one of a few."""
    if word[0] != other[0]:
        return False
    shorter = min(len(word), len(other))
    most = 1 if shorter < 8 else 2
    return (shorter >= 4 or sorted(word) == sorted(other)) and OSA.distance(word, other, score_cutoff=2) <= most


# --- how like ------------------------------------------------------------------------------------


def likeness(new: Said, old: Said, *, is_alone: bool = False, is_shared: bool = False) -> float:
    """How like the last text a new one is: from `ALIKE` to 1 where it may be that text, edited; else 0.

    ``is_alone``: between the same neighbours, it is all that is new, and the other all that is gone. ``is_shared``: others
    are answered like this one.
    """
    asks = _changed(new.asks, old.asks)
    if not new.rest.words or not old.rest.words:
        is_edit = asks.is_sure and asks.kept * 3 >= asks.most * 2
        # Where nothing else can be meant: two words with a third, or one of many replaced.
        is_little = asks.most <= asks.kept + 1 and asks.kept >= (2 if asks.how is _Change.LONGER else 7)
        return _letters(asks, new.asks, old.asks) if is_edit or (is_alone and is_little) else 0.0
    if asks.how is _Change.REWORDED and new.rest.core != old.rest.core:
        return 0.0  # of most pairs; the rest takes longer
    rest = _changed(new.rest, old.rest)
    likely = _letters(asks, new.asks, old.asks)
    if rest.how is _Change.NONE:
        return ALIKE + (1 - ALIKE) * likely if _may_ask(asks, likely, old.rest, is_alone, is_shared) else 0.0
    return max(ALIKE, 0.6 * likely + 0.4 * _letters(rest, new.rest, old.rest)) if _may_say(asks, rest) else 0.0


def _may_ask(asks: _Changed, likely: float, answer: Part, is_alone: bool, is_shared: bool) -> bool:
    """Whether a question with the same answer may be the one of last time, put otherwise."""
    if asks.how is not _Change.REWORDED:
        return asks.is_sure or asks.kept >= 2 or not is_shared
    return not is_shared and likely >= (0.4 if len(answer.text) >= _TELLING else 0.6 if is_alone else ALIKE)


def _may_say(asks: _Changed, rest: _Changed) -> bool:
    """Whether a question may be that of last time although it is answered otherwise."""
    if asks.how is _Change.NONE:
        return rest.how is _Change.LONGER or (asks.kept >= 3 and rest.how is _Change.MENDED) or _is_most_there(rest)
    is_longer = rest.how is _Change.LONGER
    if asks.how is _Change.LONGER:
        return rest.is_sure or (asks.is_sure and (is_longer or _is_most_there(rest)))
    return asks.is_sure and (rest.is_sure or is_longer)


def _is_most_there(text: _Changed) -> bool:
    return text.kept >= 5 and text.kept * 5 >= text.most * 3


def _letters(changed: _Changed, new: Part, old: Part) -> float:
    """How like two texts are by their letters, from 0 to 1; an edit of them has a least likeness."""
    if _is_another_number(new, old):
        return 0.0
    least = {_Change.NONE: 0.95, _Change.LONGER: 0.9, _Change.MENDED: ALIKE, _Change.REWORDED: 0.0}
    return 1.0 if new.text == old.text else max(least[changed.how], ratio(new.text, old.text) / 100)
