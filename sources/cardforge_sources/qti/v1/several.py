"""Questions of QTI 1.2 with several responses: blanks and fields in a text, menus, matchings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from html import unescape

from cardforge_sources.alike import MOST_REPEATED, TOO_LONG
from cardforge_sources.deletions import deletion
from cardforge_sources.qti import kinds, ours
from cardforge_sources.qti.nodes import Node, SectionNode
from cardforge_sources.qti.question import MARK, Question
from cardforge_sources.qti.scoring import WRONG, bounded
from cardforge_sources.qti.texts import words
from cardforge_sources.qti.v1 import chosen as chosen1
from cardforge_sources.qti.v1.asking import Asking
from cardforge_sources.qti.v1.presentation import Asked

_END = "</div>"
_HINT = re.compile(r" <em>\((.*?)\)</em>", re.DOTALL)


def _steps(pairs: Sequence[tuple[str, str]], responses: Sequence[Asked]) -> list[str] | None:
    """The steps of an ordering, which cardforge writes as a matching of steps with their places."""
    places = [str(place) for place in range(1, len(pairs) + 1)]
    if len(pairs) != len(responses) or [label.html for label in responses[0].labels] != places:
        return None
    steps = {right: left for left, right in pairs}
    if sorted(steps) != sorted(places) or [right for _, right in pairs] == places:
        return None
    return [steps[place] for place in places]


def nodes(asking: Asking, responses: Sequence[Asked]) -> list[Node]:
    """The nodes of a question with several responses."""
    tokens = names_in_text(asking, responses)
    if tokens and len(tokens) == len(responses):
        return _one(_blanks(asking, responses, tokens))
    if all(asked.is_typed for asked in responses):
        if asking.question.stem.count(MARK) + 1 >= len(responses) and not any(asked.html for asked in responses):
            return _one(_fields(asking, responses))
        return _one(_listed(asking, responses))
    if all(asked.labels and asked.cardinality != "multiple" for asked in responses):
        idents = [tuple(sorted(label.html for label in asked.labels)) for asked in responses]
        if "match" in asking.kind or len(set(idents)) == 1:
            return _one(_matching(asking, responses))
    if all(asked.labels for asked in responses):
        return _split(asking, responses)
    asking.builder.aside(asking.question, "it asks for several things in different ways")
    return []


def names_in_text(asking: Asking, responses: Sequence[Asked]) -> dict[str, str]:
    """The names in brackets, in the text, that stand for responses, by their idents."""
    stem = asking.question.stem
    found = {}
    for asked in responses:
        if asked.ident.startswith("[") and asked.ident in stem:
            found[asked.ident] = asked.ident
            continue
        for name in (asked.ident.removeprefix("response_"), asked.ident):
            if name and f"[{name}]" in stem:
                found[asked.ident] = f"[{name}]"
                break
    return found


def _blanks(asking: Asking, responses: Sequence[Asked], tokens: Mapping[str, str]) -> Node | None:
    """Canvas's blanks and dropdowns, and Blackboard's: names in brackets in the text."""
    stem = asking.question.stem
    places = sorted(responses, key=lambda asked: stem.index(tokens[asked.ident]))
    whole: dict[str, tuple[str, ...]] = {}
    menus = dropped = repeated = 0
    for index, asked in enumerate(places, 1):
        rights = _rights(asking, asked)
        if not rights:
            asking.builder.aside(asking.question, "no right answer is known for one of its blanks")
            return None
        whole[asked.ident] = (rights[0],)
        texts = {label.ident: unescape(words(label.html) or "-") for label in asked.labels}
        answer = texts.get(rights[0], rights[0])
        is_menu = len(texts) > len(rights) and "blanks" not in asking.kind
        menus += is_menu
        dropped += 0 if is_menu else len(rights) - 1
        hint = " / ".join(texts.values()) if is_menu else ""
        token = tokens[asked.ident]
        before, _, behind = stem.partition(token)
        repeated += behind.count(token) * len(answer)
        if repeated > MOST_REPEATED:
            asking.builder.aside(asking.question, *TOO_LONG)
            return None
        if question_hint := _HINT.match(behind) if asking.question.is_ours else None:
            hint, behind = unescape(ours.without_marks(question_hint[1])), behind[question_hint.end() :]
        made = deletion(index, answer, hint[:200].strip(), formulas=asking.question.is_ours)
        stem = before + made + behind.replace(token, f"({answer})")
    if menus:
        asking.tell("menus become blanks, with their choices as hints")
    if dropped:
        asking.tell(f"{dropped} other right answers of its blanks are not kept")
    asking.shown_for(whole, {ident: (WRONG,) for ident in whole})
    asking.tell_joined()
    stem += "".join(f"<div>{asked.within}</div>" for asked in places if asked.within)
    return kinds.cloze(asking.builder, asking.question, stem, extra=asking.question.is_ours)


def _rights(asking: Asking, asked: Asked) -> list[str]:
    """The answers to one response that are worth something, the best first."""
    names = [label.ident for label in asked.labels]
    if not names:
        about = [c for c in asking.conditions.comparisons() if c.response == asked.ident and not c.is_negated]
        names = list(dict.fromkeys(c.text for c in about if c.text))
        if not any(_worths(asking, asked, names).values()):
            return names  # only all blanks together are worth something
    worths = _worths(asking, asked, names)
    found = sorted((name for name in names if worths[name] > 0), key=lambda name: -worths[name])
    return found or _named(asking, asked, names)


def _worths(asking: Asking, asked: Asked, names: Sequence[str], *, by_marks: bool = False) -> dict[str, Decimal]:
    bounded(asking.conditions.size, len(names) + 1)
    judge = partial(asking.conditions.judge, by_marks=by_marks)
    nothing = judge({}).score
    return {name: judge({asked.ident: (name,)}).score - nothing for name in names}


def _named(asking: Asking, asked: Asked, names: Sequence[str]) -> list[str]:
    """The choices that a condition asks for, where only the right answer as a whole is worth something."""
    about = [c for c in asking.conditions.comparisons() if c.response == asked.ident and not c.is_negated]
    return [name for name in dict.fromkeys(c.text for c in about) if name in names]


def _fields(asking: Asking, responses: Sequence[Asked]) -> Node | None:
    """Fields in a text, one after the other."""
    parts = asking.question.stem.split(MARK)
    made = parts[0]
    whole: dict[str, tuple[str, ...]] = {}
    dropped = 0
    for index, asked in enumerate(responses, 1):
        rights = _rights(asking, asked)
        if not rights:
            asking.builder.aside(asking.question, "no right answer is known for one of its fields")
            return None
        whole[asked.ident] = (rights[0],)
        dropped += len({right.casefold() for right in rights}) - 1
        behind = parts[index] if index < len(parts) else ""
        made += f" {deletion(index, rights[0], formulas=False)} {behind}"
    if dropped:
        asking.tell(f"{dropped} other right answers of its fields are not kept")
    asking.shown_for(whole, {ident: (WRONG,) for ident in whole})
    asking.tell_joined()
    return kinds.cloze(asking.builder, asking.question, made)


def _listed(asking: Asking, responses: Sequence[Asked]) -> Node | None:
    """Several fields below a question: a list of what belongs into them."""
    taken: dict[str, str] = {}
    rows = ""
    for asked in responses:
        right = next((r for r in _rights(asking, asked) if r not in taken.values()), None)
        if right is None:
            asking.tell("a field for which no other right answer is known is left out")
            continue
        taken[asked.ident] = right
        gap = deletion(len(taken), right, formulas=False)
        text, end = (asked.html[: -len(_END)], _END) if asked.html.endswith(_END) else (asked.html, "")
        row = asked.html.replace(MARK, gap, 1) if MARK in asked.html else f"{text} {gap}{end}"
        rows += f"<p>{row}</p>"
    asking.question.stem = asking.question.stem.replace(MARK, "")
    if not taken:
        return kinds.open_prompt(asking.builder, asking.question, adapted="no right answer is known: an open prompt")
    asking.shown_for({ident: (right,) for ident, right in taken.items()}, {ident: (WRONG,) for ident in taken})
    asking.tell_joined()
    return kinds.cloze(asking.builder, asking.question, f"<div>{asking.question.stem}</div>{rows}")


def _matching(asking: Asking, responses: Sequence[Asked]) -> Node | None:
    question = asking.question
    rights = {asked.ident: _matched(asking, asked) for asked in responses}
    if not any(rights.values()):
        rights = {asked.ident: _best(asking, asked, by_marks=True) for asked in responses}
    pairs, used = [], set()
    for asked in responses:
        right = rights[asked.ident]
        text = next((label.html for label in asked.labels if label.ident == right), None)
        if text is None:
            asking.tell("a left side that belongs to no right one is left out")
            continue
        used.add(text)
        pairs.append((asked.html, text))
    offered = {label.ident: label.html for asked in responses for label in asked.labels}
    in_order = ours.in_order(offered) if question.is_ours else list(offered)
    others = dict.fromkeys(offered[ident] for ident in in_order if offered[ident] not in used)
    whole = {ident: (right,) for ident, right in rights.items() if right}
    asking.shown_for(whole, {ident: (WRONG,) for ident in whole})
    if question.is_ours and (steps := _steps(pairs, responses)):
        return kinds.ordering(asking.builder, question, steps)
    if question.is_ours:  # right sides are shown in menus, which read no formulas
        pairs = [(left, ours.literal(right)) for left, right in pairs]
        others = dict.fromkeys(map(ours.literal, others))
    return kinds.matching(asking.builder, question, pairs, list(others))


def _matched(asking: Asking, asked: Asked) -> str | None:
    """The choice that belongs to a left side: the one that scores, or else one that a condition asks for."""
    return _best(asking, asked) or next(iter(_named(asking, asked, [label.ident for label in asked.labels])), None)


def _best(asking: Asking, asked: Asked, *, by_marks: bool = False) -> str | None:
    """The choice that scores most, if any does."""
    worths = _worths(asking, asked, [label.ident for label in asked.labels], by_marks=by_marks)
    best = max(worths, key=lambda name: worths[name], default=None)
    return best if best is not None and worths[best] > 0 else None


def _split(asking: Asking, responses: Sequence[Asked]) -> list[Node]:
    """A section of the questions, each with choices of its own."""
    question = asking.question
    section = SectionNode({"section": question.name}, question.place)
    if (described := asking.builder.text(question.stem, question.place)) is not None:
        section.data["description"] = described
    for index, asked in enumerate(responses, 1):
        name = f"{question.name} ({index}/{len(responses)})"
        one = Question(question.place, name, asked.html, f"{question.id}-{index}" if question.id else None)
        one.points = question.points / len(responses) if question.points else None
        if node := chosen1.item(asking, one, asked):
            section.nodes.append(node)
    if not section.nodes:
        return []
    asking.tell(f"it asks {len(responses)} questions together, so it becomes a section of questions")
    return [section]


def _one(node: Node | None) -> list[Node]:
    return [node] if node else []
