"""What a page needs to judge answers by itself: an item's key as plain data, and the script that reads it.

The script (judge.js) declares one function, ``judge(key, response)``. It gives an object with ``share`` (of the
points, from 0 to 1) and ``right``; what else it gives, and what a response is, stands below.

| key's ``kind`` | made of | the key besides | response | the result besides |
|---|---|---|---|---|
| ``choices`` | multiple_choice, true_false | ``credits``, ``right``, ``several`` | indexes chosen | |
| ``text`` | short_answer | ``answers``, ``credits``, ``case_sensitive`` | a text | ``answer``: index, or -1 |
| ``number`` | numeric | ``least``, ``greatest``, ``unit`` | a text | |
| ``matching`` | matching | ``rights`` | for each left side an index, or null | ``marks`` |
| ``ordering`` | ordering | ``length`` | indexes of steps, in order | ``marks`` |
| ``cloze`` | cloze | ``answers``, ``formulas`` | a text for each blank | ``marks`` |
| ``concepts`` | open_prompt | ``points`` | indexes mentioned | ``got``, ``of``, ``points``, ``total`` |

Indexes count from 0, in the item's own order whatever the order shown; those of right sides, in `Matching.offered`.
``marks`` says of each part whether it is right.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from cardforge.model import (
    AnyItem,
    Cloze,
    Flashcard,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    ShortAnswer,
    TrueFalse,
)
from cardforge_exporters import quiz
from cardforge_exporters.blanks import blanks

Key = dict[str, Any]


def key(item: AnyItem) -> Key | None:
    """What `judge` needs to know of the item; None for what only the learner can judge.

    That is a flashcard, and an open prompt of which no concepts are known. The sides of a true_false are True, False.
    """
    match item:
        case MultipleChoice():
            right = [index for index, choice in enumerate(item.choices) if choice.correct]
            return {"kind": "choices", "credits": list(item.credits), "right": right, "several": item.is_multiple}
        case TrueFalse():
            side = 0 if item.answer else 1
            return {"kind": "choices", "credits": [1 - side, side], "right": [side], "several": False}
        case ShortAnswer():
            texts = [answer.text for answer in item.answers]
            credits = [answer.credit for answer in item.answers]
            return {"kind": "text", "answers": texts, "credits": credits, "case_sensitive": item.case_sensitive}
        case Numeric():
            least, greatest = (quiz.decimal(bound) for bound in quiz.bounds(item))
            return {"kind": "number", "least": least, "greatest": greatest, "unit": item.unit or ""}
        case Matching():
            place = {text: index for index, text in enumerate(item.offered)}
            return {"kind": "matching", "rights": [place[pair.right] for pair in item.pairs]}
        case Ordering():
            return {"kind": "ordering", "length": len(item.steps)}
        case Cloze():
            found = blanks(item)
            formulas = [blank.is_formula for blank in found]
            return {"kind": "cloze", "answers": [blank.answer for blank in found], "formulas": formulas}
        case OpenPrompt():
            points = [concept.points for concept in item.concepts] or [1] * (item.concept_count or 0)
            return {"kind": "concepts", "points": points} if points else None
        case Flashcard():
            return None


_IN_A_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def embedded(data: object) -> str:
    """JSON that can stand in a ``<script>`` element, or in HTML, whatever its texts are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).translate(_IN_A_SCRIPT)


@cache
def script() -> str:
    """The text of judge.js: ES5 without DOM or network, to be put inside a function of the page's own script."""
    return files("cardforge_exporters").joinpath("judge.js").read_text(encoding="utf-8").strip()
