"""Which field each column of a table holds: what its header says, or the option ``columns``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields

from cardforge.diagnostics import MOST_SHOWN, Problem, nearest
from cardforge.model import KINDS, Deck, Section
from cardforge.wording import ANSWERS, ASKS, OTHER_NAMES
from cardforge_sources.csv.cells import word
from cardforge_sources.csv.rows import Cell, Row, at, is_filled
from cardforge_sources.places import warning

_OF_ITEMS = {"type", "section", *(f.name for kind in KINDS.values() for f in fields(kind) if f.init)}
KNOWN = _OF_ITEMS | {f.name for kind in (Deck, Section) for f in fields(kind) if f.init} - {"items"}
"""The fields of items; and of the deck and its sections, which have rows of their own in a table with a column ``type``."""
UNUSED = ""
"""Stands for a column that is passed over: it is to be, or the header names it wrongly, which is reported once."""
GUESSED = "guessed-column"
"""The code of the warning that a word was taken for a field."""
Columns = Sequence[str | None]
"""The field that each column holds; None for a column without a name."""

# What people call the sides of a card stands in `cardforge.wording`. "question" and "answer" are a card's only where
# nothing else tells what kind of item the table has.
_OF_QUESTIONS = frozenset(
    """stem choices answers pairs distractors steps tolerance tolerance_percent unit concepts model_answer
    concept_count""".split()
)


_ASKED = frozenset({"front", "text", "stem"})
_ANSWERED = frozenset("back text choices answer answers pairs steps concepts model_answer".split())


# Words such as "Option 2" in several languages.
_CHOICE = re.compile(
    r"(?:(?:wrong|incorrect|false)_?)?(?:option|choice|answer|alternative|distractor|opci[oó]n|respuesta|r[ée]ponse"
    r"|antwort|risposta|resposta)_?[1-9a-f]|(?:wrong|incorrect|distractor)_?[1-9]?"
)


def has_choices_in_columns(header: Row) -> bool:
    """Whether each choice of a question stands in a column of its own: "Option 1" and "Option 2", or A, B and C."""
    words = [word(text) for _, text in header[:_MOST_COLUMNS]]
    return sum(_CHOICE.fullmatch(name) is not None for name in words) > 1 or {"a", "b", "c"} <= set(words)


def named(rows: Sequence[Row], problems: list[Problem]) -> Columns | None:
    """The fields that the header of these rows names. A word that people use for one is taken for it, and told.

    None where the first row is no header, or one in which nothing that an item asks can be told from the rest.
    """
    if not rows or has_choices_in_columns(rows[0]):
        return None
    unused = _unused([word(text) for _, text in rows[0]], rows[1:])
    header = [(start, "" if number in unused else text) for number, (start, text) in enumerate(rows[0])]
    words = [word(text) for _, text in header]
    guesses = _guesses(words)
    known = KNOWN if "type" in words else _OF_ITEMS
    found = {guesses.get(name, name) for name in words}
    is_foreign = not guesses.keys().isdisjoint(words)
    is_meant = [not name or name in known or name in guesses for name in words]
    others = [cell for cell, meant in zip(header, is_meant, strict=True) if not meant]
    are_of_the_deck = all(word(text) in KNOWN for _, text in others)
    is_misspelt = not are_of_the_deck and is_header(header)
    asks = not _ASKED.isdisjoint(found) or ("type" in found and not others)
    is_unclear = bool(others) and is_foreign and _ANSWERED.isdisjoint(found)
    if not is_misspelt and (is_unclear or not asks):
        return None
    is_passed_over = (is_foreign or are_of_the_deck) and not is_misspelt
    if others and is_passed_over:
        problems.append(_not_kept(others, suggested(header)))
    return _fields(header, guesses, known, problems, is_passed_over)


def chosen(option: str, rows: Sequence[Row], problems: list[Problem]) -> Columns:
    """The fields in the option ``columns``, for these rows. A column for what no item has is passed over, and told."""
    names = listed(option)
    others = _of_no_item(names)
    unused = _unused(names, rows)
    if filled := [(rows[0][0][0], names[number]) for number in others if number not in unused]:
        problems.append(_not_kept(filled, None))
    return [UNUSED if number in others else name for number, name in enumerate(names)]


def _of_no_item(names: Sequence[str]) -> list[int]:
    """The columns for what only a deck or a section has, in a table that has rows of neither."""
    return [] if "type" in names else [n for n, name in enumerate(names) if name in KNOWN and name not in _OF_ITEMS]


def _unused(names: Sequence[str], rows: Sequence[Row]) -> set[int]:
    """Those of these columns that are empty: they are no mistake."""
    others = set(_of_no_item(names))
    return others - {number for row in rows for number, cell in enumerate(row) if is_filled(cell)} if others else others


def _not_kept(columns: Sequence[Cell], settings: str | None) -> Problem:
    shown = ", ".join(repr(text.strip()[:50]) for _, text in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else ""
    message = f"these columns hold nothing that an item has, and are not kept: {shown}{more}"
    if len(columns) == 1:
        message = f"this column holds nothing that an item has, and is not kept: {shown}"
    fix = "if something is missing, say what all columns hold" + (f": {settings}" if settings else "")
    return warning(columns[0][0], "not-kept", message, fix)


_SHOWN = 10


def suggested(header: Row) -> str | None:
    """The settings with which a table may be read whose first row this is: what its words say, and then a guess.

    None where no two columns can be the sides of a card.
    """
    words = [word(text) for _, text in header[:_MOST_COLUMNS]]
    found = [name if name in _OF_EVERY_ITEM else OTHER_NAMES.get(name, "") for name in words]
    found = [name if name not in found[:index] else "" for index, name in enumerate(found)]
    is_header = names_a_field(header) or any(name in ASKS | ANSWERS for name in words)
    for side, likely, unlikely in (("front", ASKS, ANSWERS), ("back", ANSWERS, ASKS)):
        if side in found:
            continue
        front = found.index("front") if "front" in found else -1
        could_be = [n for n, name in enumerate(found) if words[n] not in ("", "type") and name in _COULD_BE_A_SIDE]
        if not could_be:
            return None
        # The best comes first: a word for this side, then one that says nothing, right of the front.
        best = min(could_be, key=lambda n: (words[n] not in likely, words[n] in unlikely, found[n] != "", n < front, n))
        found[best] = side
    return f"--set columns={','.join(name or '-' for name in found)}" + (" --set header=true" if is_header else "")


def names_a_field(row: Row) -> bool:
    """Whether a row has a word for a field, if only for one that every item has."""
    return any(word(text) in KNOWN or word(text) in OTHER_NAMES for _, text in row)


_OF_EVERY_ITEM = frozenset("front back section id level tags hint explanation source points".split())
_COULD_BE_A_SIDE = frozenset(["", "section", "hint", "explanation", "source"])
_MOST_COLUMNS = 20


def _fields(
    header: Row, guesses: Mapping[str, str], known: Collection[str], problems: list[Problem], is_passed_over: bool
) -> Columns:
    """The fields by column. A column that holds none is passed over, or a mistake."""
    names: list[str | None] = []
    taken: set[str] = set()
    for start, text in header:
        name = word(text)
        guess = guesses.get(name, name)
        if guess in taken:
            message, fix = f"the column {text.strip()[:50]!r} is here a second time", "keep one of the two"
            if guess != name:
                message = f"the column {text.strip()[:50]!r} is a second one for {guess}"
            problems.append(at(start, "repeated-key", message, fix))
            names.append(UNUSED)
        elif guess in known or not name:
            names.append(guess or None)
            taken |= {guess} if guess else set()
            if guess != name:
                problems.append(_guessed(start, text, guess))
        elif is_passed_over:
            names.append(UNUSED)
        else:
            # Of a thousand wrong names, nobody reads more than the first.
            fitting = _fitting([guesses.get(word(other), word(other)) for _, other in header], known)
            likely = nearest(name, fitting) if name not in KNOWN and len(problems) < MOST_SHOWN else None
            fix = (
                f"write {likely}"
                if likely
                else "name the field that it holds, as front, back, stem or explanation; or remove the column; or say what all columns "
                f"hold, as in {suggested(header) or '--set columns=front,back,- --set header=true'}"
            )
            problems.append(at(start, "unknown-field", f"no item has a field {text.strip()[:50]!r}", fix))
            names.append(UNUSED)
    return names


def _fitting(names: Sequence[str], known: Collection[str]) -> list[str]:
    """The known fields that go with the fields among these names: all of them are those of one kind, or of none."""
    of_kinds = [{f.name for f in fields(kind) if f.init} for kind in KINDS.values()]
    given = {name for name in names if any(name in of_kind for of_kind in of_kinds)} - {"type"}
    if "type" in names:
        return sorted(known)
    fitting = [of_kind for of_kind in of_kinds if given <= of_kind] or of_kinds
    return sorted((set().union(*fitting) | (set(known) - set().union(*of_kinds))) & set(known))


def _guesses(words: Sequence[str]) -> dict[str, str]:
    """The fields that were meant by those of these words that are not the fields' own names."""
    found = {name: OTHER_NAMES[name] for name in words if name in OTHER_NAMES and OTHER_NAMES[name] not in words}
    is_question = not _OF_QUESTIONS.isdisjoint([*words, *found.values()])
    asks = [name for name in words if name in ASKS] if "stem" not in words and "front" not in words else []
    answers = [name for name in words if name in ANSWERS]
    if is_question or not (answers or "back" in words):
        return {**found, **dict.fromkeys(asks[:1], "stem")}
    if "back" not in words and (asks or "front" in words):
        found |= dict.fromkeys(answers[:1], "back")
    return {**found, **dict.fromkeys(asks[:1], "front")}


def _guessed(start: int, text: str, name: str) -> Problem:
    message = f"the column {text.strip()[:50]!r} is taken for {name}"
    fix = f"if that is right, nothing, or name it {name}; else write the field's name, or leave the column out"
    return warning(start, GUESSED, message, fix)


def is_header(row: Row, misspelt: bool = True) -> bool:
    """Whether a row is most likely a header: every filled cell names another field, if only with a misspelt name."""
    words = [word(cell[1]) for cell in row if is_filled(cell)]
    guesses = _guesses(words)
    meant = [guesses.get(name, name if name in KNOWN else None) for name in words]
    if not any(meant) or len(words) > len(KNOWN):
        return False
    if not misspelt:
        return all(meant) and len(set(meant)) == len(words)
    likely = [name or nearest(spelt, sorted(KNOWN)) for name, spelt in zip(meant, words, strict=True)]
    return all(likely) and len(set(likely)) == len(words)


def listed(option: str) -> list[str]:
    """The fields in the option ``columns``, as in ``front,back,-,tags``: a hyphen is a column to be passed over.

    Raises ValueError for what is no field.
    """
    names = [UNUSED if name.strip() == "-" else word(name) for name in option.split(",")]
    if unknown := [name for name in names if name and name not in KNOWN]:
        likely = nearest(unknown[0], sorted(KNOWN))
        hint = f"did you mean {likely}?" if likely else f"write fields as in front,back,tags{_AND_HYPHEN}"
        raise ValueError(f"no item has a field {unknown[0]!r}; {hint}")
    if repeated := _repeated(names):
        raise ValueError(f"{repeated} is there twice; write - for a column to be passed over")
    if not any(names):
        raise ValueError(f"name the fields, as in front,back,tags{_AND_HYPHEN}")
    return names


_AND_HYPHEN = ", and - for a column to be passed over"


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen and name:
            return name
        seen.add(name)
    return None
