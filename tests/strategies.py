r"""Hypothesis strategies for decks and their parts.

`decks()` draws valid decks only: each can be built, `cardforge.validation.text_problems` finds no error in it, and the
ids that its items have differ. Among the decks are all nine kinds of items, all optional fields, sections within
sections, HTML beside Markdown, and texts over which formats and programs trip: markup, quotes, line ends, control
characters, formulas of spreadsheets, what looks like JSON, a number, a date or an escape, right-to-left scripts, emoji.
No text names media, and no deck has options for an exporter that could be installed.

Texts are put together from whole fragments, so that few draws have to be thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cardforge.diagnostics import Severity
from cardforge.model import (
    Answer,
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Deck,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    Section,
    ShortAnswer,
    TrueFalse,
)
from cardforge.text import Html, Text, facts
from cardforge.text.cloze import problems as cloze_problems
from cardforge.text.content import CONTROL, has_visible

# --- texts ---------------------------------------------------------------------------------------

_ON_ONE_LINE = r"""
word
two words
**bold** and *slanted*
`code`
$x^2$
costs $5
[a link](https://example.org/?a=1&b=2)
&
&amp;
<
a<b>c
]]>
{{ }}
{{Front}}
::
a::b
\
\n
\\theta
%
#
# heading
| a | b |
1. one
> quoted
<b>bold</b>
List<int>
<!-- comment -->
\(x\)
[sound:x.mp3]
"
"quoted"
""
'
'tis
`
,
;
a, b; c
sep=;
#separator:tab
=
=1+1
'=1+1
''=1+1
'
'-5
+5
-5
- a
* a
• a
-able
@home
＝1+1
no
null
~
true
12:30
017
1e5
2024-01-02
0,5
{"html": "x"}
'{"html": "x"}
{"text": "x"}
["a", "b"]
[{"a": 1}]
[x] a
[ ] a
[]
a => b
=>
A > B
>
!tag
&anchor
*alias
key: value
שלום עולם
مرحبا (a)
日本語
naïve
Å
👩‍👩‍👧‍👦
🇩🇪 🎓
""".strip().split("\n")
# A control character beside a letter is a mistake (a lost backslash), so here are digits.
_OTHERS = [
    *(
        "1\x1f2",
        "1\x012",
        "1\x0b2",
        "1\x7f2",
        "1\x852",
        "1\u20282",
        "1\u20292",
        "1\ufeff2",
        "\u202e1\u202c",
        "1\uffff2",
    ),
    *("\ue000", "e\u0301", "\u200b", "\xa0", "```py\nx = 1\n\ty = 2\n```", "- a\n- b", "a\\\nb", "$$\nx\n$$"),
]
_SPACE = [" ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\n    "]


@cache
def texts() -> SearchStrategy[Text]:
    """Markdown, and now and then HTML."""
    return st.one_of(markdown(), markdown(), markdown(), html())


@cache
def markdown() -> SearchStrategy[str]:
    """Texts in Markdown."""
    fragments = st.lists(st.sampled_from([*_ON_ONE_LINE, *_OTHERS, *_SPACE]), min_size=1, max_size=5).map("".join)
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff")
    return st.one_of(fragments, fragments, st.text(characters, min_size=1, max_size=20)).filter(_is_valid)


@cache
def html() -> SearchStrategy[Html]:
    """Texts in HTML: good markup around anything, and whatever else passes."""
    around = st.sampled_from(["{}", "<p>{}</p>", "<ul><li>{}</li></ul>", '<b class="x">{}</b>\n', "<pre>\n{}\n</pre>"])
    escaped = st.builds(lambda outer, text: outer.format(escape(text)), around, markdown())
    return st.one_of(escaped, markdown()).map(Html).filter(_is_valid)


@cache
def cloze_texts() -> SearchStrategy[Text]:
    """Texts with deletions."""
    number = st.integers(1, 499)
    inside = st.sampled_from(
        ["answer", "two words", "**bold**", "$x^2$", "=1+1", '"', "<", "&", "שלום", "🎓", "1\x1f2"]
    )
    hint = st.sampled_from(["", "::a hint", "::=", "::שלום"])
    deletion = st.builds("{{{{c{}::{}{}}}}}".format, number, inside, hint)
    outside = st.one_of(st.just(""), st.sampled_from(_SPACE), markdown())
    pieces = st.lists(st.tuples(outside, deletion, outside).map("".join), min_size=1, max_size=3).map("".join)
    return st.one_of(pieces, pieces, pieces.map("<p>{}</p>".format).map(Html)).filter(_is_valid_cloze)


@cache
def lines() -> SearchStrategy[str]:
    """What titles, tags and the like hold: one line, not Markdown."""
    fragments = [fragment for fragment in (*_ON_ONE_LINE, *_OTHERS, *_SPACE) if not _NOT_IN_A_LINE.search(fragment)]
    return st.lists(st.sampled_from(fragments), min_size=1, max_size=4).map("".join).filter(has_visible)


@cache
def identifiers() -> SearchStrategy[str]:
    """Ids as an author may write them: no white space, else anything."""
    return st.text("abAB019-_.:/=+@'\"#,;[]{}<>&|\\%éß語🎓", min_size=1, max_size=12)


_NOT_IN_A_LINE = re.compile(rf"[{CONTROL}\t\n\r\u2028\u2029\ufffe\uffff]")


def _is_valid(text: Text) -> bool:
    known = facts(text)
    written = text.html if isinstance(text, Html) else text
    return bool(written.strip()) and not known.media and all(p.severity is not Severity.ERROR for p in known.problems)


def _is_valid_cloze(text: Text) -> bool:
    return _is_valid(text) and not cloze_problems(text)


def _key(text: Text) -> str:
    """Texts with the same key may not stand beside each other among choices, steps and the like."""
    return f"<html>{text.html}" if isinstance(text, Html) else text.strip()


@cache
def _different_texts(least: int, most: int = 3) -> SearchStrategy[list[Text]]:
    return st.lists(texts(), min_size=least, max_size=most, unique_by=_key)


# --- items ---------------------------------------------------------------------------------------

# Strategies are made once: making one costs more than drawing from it.
_Fields = dict[str, SearchStrategy[Any]]
_SELDOM = st.integers(0, 3).map(lambda number: number == 3)
_TAGS = st.lists(lines(), max_size=2).map(tuple)
_POINTS = st.sampled_from([0.0, 0.5, 2.0, 1 / 3, 1e-7, 1e16]) | st.floats(0, 100)
_BOOLEAN = st.booleans()
_GENERAL: _Fields = {
    "level": st.sampled_from(["beginner", "intermediate", "advanced"]),
    "tags": _TAGS,
    "hint": st.lists(texts(), max_size=3).map(tuple),
    "explanation": texts(),
    "source": texts(),
    "points": _POINTS,
}
_GRADED: _Fields = _GENERAL | {"feedback_correct": texts(), "feedback_incorrect": texts()}


def _some(draw: DrawFn, fields: _Fields) -> dict[str, Any]:
    """Values for a few of the fields."""
    return {name: draw(values) for name, values in fields.items() if draw(_SELDOM)}


@st.composite
def flashcards(draw: DrawFn) -> Flashcard:
    """Flashcards."""
    return Flashcard(front=draw(texts()), back=draw(texts()), reversed=draw(_BOOLEAN), **_some(draw, _GENERAL))


_CLOZE: _Fields = _GENERAL | {"extra": texts()}


@st.composite
def clozes(draw: DrawFn) -> Cloze:
    """Cloze items."""
    return Cloze(text=draw(cloze_texts()), **_some(draw, _CLOZE))


_CHOICE: _Fields = {"feedback": texts(), "credit": st.floats(-1, 1)}
_MULTIPLE_CHOICE: _Fields = _GRADED | {"multiple": _BOOLEAN, "shuffle": _BOOLEAN}


@st.composite
def multiple_choices(draw: DrawFn) -> MultipleChoice:
    """Multiple choices with one or more correct choices."""
    offered = draw(_different_texts(2))
    right = [draw(_BOOLEAN) for _ in offered]
    right[0] |= not any(right)
    choices = (Choice(text=t, correct=r, **_some(draw, _CHOICE)) for t, r in zip(offered, right, strict=True))
    return MultipleChoice(stem=draw(texts()), choices=tuple(choices), **_some(draw, _MULTIPLE_CHOICE))


@st.composite
def true_falses(draw: DrawFn) -> TrueFalse:
    """Statements to be judged."""
    return TrueFalse(stem=draw(texts()), answer=draw(_BOOLEAN), **_some(draw, _GRADED))


_TYPED = st.lists(lines(), min_size=1, max_size=3, unique_by=str.strip)
_ANSWER: _Fields = {"feedback": texts(), "credit": st.floats(0, 1)}
_SHORT_ANSWER: _Fields = _GRADED | {"case_sensitive": _BOOLEAN}


@st.composite
def short_answers(draw: DrawFn) -> ShortAnswer:
    """Short answers; the first one accepted gives full credit."""
    first, *others = draw(_TYPED)
    answers = (Answer(text=first), *(Answer(text=text, **_some(draw, _ANSWER)) for text in others))
    return ShortAnswer(stem=draw(texts()), answers=answers, **_some(draw, _SHORT_ANSWER))


_NUMBER = st.sampled_from(["0", "-5", "+5", "017", "3.10", ".5", "-.5", "5.", "1e3", "-1E-3", "9" * 30])
_TOLERANCE = st.sampled_from(["0", "0.01", "+1", ".5", "1e-3"])
_NUMERIC: _Fields = _GRADED | {"unit": lines()}


@st.composite
def numerics(draw: DrawFn) -> Numeric:
    """Numeric questions, their numbers written in every way."""
    tolerance = draw(st.sampled_from(["tolerance", "tolerance_percent"]))
    more = _some(draw, _NUMERIC | {tolerance: _TOLERANCE})
    return Numeric(stem=draw(texts()), answer=draw(_NUMBER), **more)


@st.composite
def matchings(draw: DrawFn) -> Matching:
    """Matchings; two left sides may share a right one."""
    pairs = tuple(Pair(left=left, right=draw(texts())) for left in draw(_different_texts(2)))
    rights = {_key(pair.right) for pair in pairs}
    distractors = tuple(text for text in draw(_different_texts(0)) if _key(text) not in rights)
    return Matching(stem=draw(texts()), pairs=pairs, distractors=distractors, **_some(draw, _GRADED))


@st.composite
def orderings(draw: DrawFn) -> Ordering:
    """Orderings."""
    return Ordering(stem=draw(texts()), steps=tuple(draw(_different_texts(2))), **_some(draw, _GRADED))


_CONCEPTS = st.lists(st.builds(Concept, text=texts(), points=st.just(1.0) | _POINTS), max_size=3)
_OPEN_PROMPT: _Fields = _GENERAL | {"model_answer": texts()}


@st.composite
def open_prompts(draw: DrawFn) -> OpenPrompt:
    """Open prompts with or without concepts, or with their number only."""
    concepts = tuple(draw(_CONCEPTS))
    count = len(concepts) or draw(st.integers(1, 9))
    return OpenPrompt(
        stem=draw(texts()),
        concepts=concepts,
        concept_count=count if draw(_SELDOM) else None,
        **_some(draw, _OPEN_PROMPT),
    )


@cache
def items() -> SearchStrategy[AnyItem]:
    """Items of every kind, without ids."""
    return st.one_of(
        flashcards(),
        clozes(),
        multiple_choices(),
        true_falses(),
        short_answers(),
        numerics(),
        matchings(),
        orderings(),
        open_prompts(),
    )


# --- decks ---------------------------------------------------------------------------------------

# Few titles, so that neighbours and sections within sections share them.
_SECTION_TITLES = st.sampled_from(["Basics", "Weights", "A > B", '["A"]', "=1+1", " :: "]) | lines()
_SECTION: _Fields = {"description": texts(), "tags": _TAGS, "pick": st.integers(1, 9)}
_OPTION = st.one_of(_BOOLEAN, st.integers(), lines(), st.lists(lines(), max_size=2))
_TARGET = st.dictionaries(lines(), _OPTION, max_size=2)
_DECK: _Fields = {
    "id": identifiers(),
    "description": texts(),
    "language": st.sampled_from(["en", "pt-BR", "zh-Hant"]),
    "author": lines(),
    "license": lines(),
    "tags": _TAGS,
    "targets": st.dictionaries(st.sampled_from(["elsewhere", "no", "="]), _TARGET, max_size=2),
}
_IDS = st.lists(identifiers(), max_size=3, unique=True)


@cache
def decks() -> SearchStrategy[Deck]:
    """Valid decks of a few items, up to three sections deep."""
    return _decks()


@st.composite
def _decks(draw: DrawFn) -> Deck:
    nodes = _nodes(draw, 0)
    # Every other item has an id, as long as there are any.
    ids = (item_id for drawn in draw(_IDS) for item_id in (drawn, None))
    return Deck(title=draw(lines()), items=_with_ids(nodes, ids), **_some(draw, _DECK))


def _nodes(draw: DrawFn, depth: int) -> tuple[AnyItem | Section, ...]:
    """Items, and sections where they are not too deep; fewer the deeper."""
    count = draw(st.integers(1, 3 if depth == 0 else 2))
    return tuple(
        Section(section=draw(_SECTION_TITLES), items=_nodes(draw, depth + 1), **_some(draw, _SECTION))
        if depth < 3 and draw(_SELDOM)
        else draw(items())
        for _ in range(count)
    )


def _with_ids(nodes: tuple[AnyItem | Section, ...], ids: Iterator[str | None]) -> tuple[AnyItem | Section, ...]:
    return tuple(
        replace(node, items=_with_ids(node.items, ids))
        if isinstance(node, Section)
        else replace(node, id=next(ids, None))
        for node in nodes
    )
