"""Items as blocks of a Markdown file: the heading first, then what stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardforge.model import (
    AnyItem,
    Choice,
    Cloze,
    Concept,
    Flashcard,
    Graded,
    Matching,
    MultipleChoice,
    Numeric,
    OpenPrompt,
    Ordering,
    Pair,
    ShortAnswer,
    TrueFalse,
    main_text,
)
from cardforge.model.items import Answer
from cardforge.text import Text
from cardforge.text.content import is_plain
from cardforge_exporters.markdown.attributes import braces, ended, number, tags
from cardforge_exporters.markdown.texts import (
    block,
    ends_in_list,
    indented,
    is_line,
    quoted,
    stands_open,
    starts_block,
)

_DELETION = re.compile(r"\{\{c[1-9]\d*::")
_LONGEST_CARD = 100
"""Short cards with longer lines are written as headings, which read better."""


def heading(level: int, line: str, attributes: Sequence[tuple[str, object]]) -> str:
    """A heading; Markdown has six levels, so a deeper one says how deep it is."""
    deeper = [("depth", level)] if level > 6 else []
    return f"{'#' * min(level, 6)} {ended(line, braces([*attributes, *deeper]))}".rstrip(" ")


def is_title(line: str) -> bool:
    """Whether a line reads back from a heading as it is."""
    return line == line.strip(" \t") and not re.search(r"(?:^|[ \t])#+$", line)


def short_card(item: object) -> str | None:
    """The item as a short card, ``front :: back``, if it is one and nothing else is said of it."""
    if not isinstance(item, Flashcard) or not isinstance(item.front, str) or not isinstance(item.back, str):
        return None
    if item != Flashcard(front=item.front, back=item.back, reversed=item.reversed, id=item.id):
        return None
    front, back = item.front, item.back
    sides = f"{front} {back}"
    if not is_plain(front) or not is_line(front) or not is_line(back) or "::" in sides or len(sides) > _LONGEST_CARD:
        return None
    return ended(f"{front} {':::' if item.reversed else '::'} {back}", braces([("id", item.id)]))


def item_blocks(item: AnyItem, level: int) -> Iterator[str]:
    """The item's blocks, to be parted by empty lines. The first begins with the heading."""
    title, body = _titled(item)
    top = "\n".join([heading(level, title, _attributes(item)), *body])
    hints = [_labelled("Hint", hint) for hint in item.hint]
    own = [*hints, *_own(item)] if isinstance(item, OpenPrompt) else [*_own(item), *hints]
    if own and not body:
        yield f"{top}\n{own.pop(0)}"
    else:
        yield top
    yield from own
    labels: list[tuple[str, Text | None]] = [("Explanation", item.explanation)]
    if isinstance(item, Graded):
        labels += [("Correct", item.feedback_correct), ("Incorrect", item.feedback_incorrect)]
    for label, text in (*labels, ("Source", item.source)):
        if text is not None:
            yield _labelled(label, text)


def _titled(item: AnyItem) -> tuple[str, list[str]]:
    """The line of the heading, and what stands directly below it: more of the text that asks; a list or an answer, when
    the heading says all of that."""
    asks = main_text(item)
    is_cloze = isinstance(item, Cloze)
    above_list = isinstance(item, MultipleChoice | Matching | Ordering)
    title, rest = _split(asks, is_cloze)
    if isinstance(item, Flashcard):
        if rest is None:
            return title, [block(item.back)]
        return title, [block(rest), "", "---", "", block(item.back)]
    if rest is None:
        return title, []
    return title, [block(rest, cloze=is_cloze, raw=above_list and isinstance(rest, str) and ends_in_list(rest))]


def _split(asks: Text, is_cloze: bool) -> tuple[str, Text | None]:
    """The first paragraph for the heading, and the rest; nothing for the heading when it cannot stand there."""
    if not isinstance(asks, str) or not stands_open(asks, cloze=is_cloze):
        return "", asks
    title, gap, rest = asks.partition("\n\n")
    if not is_line(title, cloze=is_cloze) or not is_title(title) or (is_cloze and not _DELETION.search(title)):
        return "", asks
    if not gap:
        return title, None
    return (title, rest) if stands_open(rest, cloze=is_cloze) and "\n" not in rest[:1] else ("", asks)


def _attributes(item: AnyItem) -> list[tuple[str, object]]:
    kind = None if _shows_its_kind(item) else item.KIND
    found: list[tuple[str, object]] = [("id", item.id), ("type", kind), ("level", item.level)]
    if item.points != 1:
        found.append(("points", item.points))
    if isinstance(item, Flashcard) and item.reversed:
        found.append(("reversed", True))
    elif isinstance(item, MultipleChoice):
        found += [("multiple", item.multiple), ("shuffle", None if item.shuffle else False)]
    elif isinstance(item, ShortAnswer) and item.case_sensitive:
        found.append(("case_sensitive", True))
    elif isinstance(item, OpenPrompt):
        found.append(("concept_count", item.concept_count))
    elif isinstance(item, Numeric) and not _has_plain_unit(item):
        found.append(("unit", item.unit))
    return [*found, *tags(item.tags)]


def _shows_its_kind(item: AnyItem) -> bool:
    """Whether what stands below the heading tells the kind of the item."""
    if isinstance(item, OpenPrompt):
        return bool(item.concepts or item.concept_count or item.model_answer is not None)
    if isinstance(item, Cloze):
        # Nobody looks for deletions in code.
        in_open = isinstance(item.text, str) and stands_open(item.text, cloze=True)
        return item.extra is not None or (in_open and not re.search("```|~~~", str(item.text)))
    if isinstance(item, ShortAnswer) and len(item.answers) == 1:
        said = item.answers[0].text
        return said.lower() not in ("true", "false") and not re.match(r"[+-]?[.,]?\d", said)
    return True


def _has_plain_unit(item: Numeric) -> bool:
    return item.unit is not None and re.fullmatch(r"[^\W\d_][^\s±+{}]*", item.unit) is not None


# --- what each kind has below its heading -----------------------------------------------------------


def _own(item: AnyItem) -> Iterator[str]:
    match item:
        case Cloze(extra=extra) if extra is not None:
            yield _labelled("Extra", extra)
        case MultipleChoice():
            yield "\n".join(_choice(choice) for choice in item.choices)
        case TrueFalse():
            yield f"Answer: {'true' if item.answer else 'false'}"
        case ShortAnswer():
            yield _answers(item.answers)
        case Numeric():
            yield f"Answer: {_number(item)}"
        case Matching():
            yield "\n".join(_pair(pair) for pair in item.pairs)
            if item.distractors:
                yield _distractors(item.distractors)
        case Ordering():
            yield "\n".join(_entry(f"{n}. ", step) for n, step in enumerate(item.steps, start=1))
            yield "Order: as listed"
        case OpenPrompt():
            if item.concepts:
                yield "\n".join(["Concepts:", *(_concept(concept) for concept in item.concepts)])
            if item.model_answer is not None:
                yield _labelled("Model answer", item.model_answer)


def _labelled(label: str, text: Text) -> str:
    written = block(text)
    between = "\n  " if starts_block(written) else " "
    return f"{label}:{between}{indented(written, 2)}"


def _choice(choice: Choice) -> str:
    credit = None if choice.credit is None else number(choice.credit)
    text = choice.text
    mark = f"- [{'x' if choice.correct else ' '}] "
    has_quote = isinstance(text, str) and re.search(r"^>", text, re.MULTILINE) is not None
    return _with_feedback(_entry(mark, text, braces([("credit", credit)]), width=2, raw=has_quote), choice.feedback)


def _with_feedback(entry: str, feedback: Text | None) -> str:
    return entry if feedback is None else f"{entry}\n  {indented(quoted(block(feedback)), 2)}"


def _entry(mark: str, text: Text, attributes: str | None = None, *, width: int = 0, raw: bool = False) -> str:
    """An entry of a list: its text begins behind the mark, or below it when it begins with a block. ``attributes`` are
    None where an entry takes none."""
    width = width or len(mark)
    first, end, _ = text.partition("\n") if isinstance(text, str) else ("", "", "")
    if attributes is not None:
        attributes = attributes or ("{}" if first.endswith("}") else "")
        raw |= bool(attributes) and end != "" and (first != first.rstrip(" \t") or text == f"{first}\n")
    written = block(text, raw=raw)
    if starts_block(written):
        return f"{mark}{attributes or ''}".rstrip(" ") + f"\n{' ' * width}{indented(written, width)}"
    first, end, rest = written.partition("\n")
    return mark + indented((f"{first} {attributes}" if attributes else first) + end + rest, width)


_PLAIN_ANSWER = re.compile(r"(?:[^\W_]|[-+.,]\d|[$€£%(=\"'])[^|{}\\]*")


def _answers(answers: Sequence[Answer]) -> str:
    texts = [answer.text for answer in answers]
    are_plain = all(_PLAIN_ANSWER.fullmatch(t) and t == t.strip(" ") and not starts_block(t) for t in texts)
    if are_plain and all(answer == Answer(text=answer.text) for answer in answers):
        return "Answer: " + " | ".join(texts)
    return "\n".join(["Answer:", *map(_answer, answers)])


def _answer(answer: Answer) -> str:
    text = answer.text
    credit = None if answer.credit == 1 else number(answer.credit)
    is_plain_answer = _PLAIN_ANSWER.fullmatch(text) and text == text.strip(" ") and not starts_block(text)
    hidden = None if is_plain_answer else text
    line = ended("" if hidden else text, braces([("text", hidden), ("credit", credit)]))
    return _with_feedback(f"- {line}", answer.feedback)


def _number(item: Numeric) -> str:
    parts = [item.answer]
    if _has_plain_unit(item):
        parts.append(str(item.unit))
    if item.tolerance is not None:
        parts.append(f"± {item.tolerance}")
    elif item.tolerance_percent is not None:
        parts.append(f"± {item.tolerance_percent}%")
    return " ".join(parts)


_STEPPED_OVER = re.compile(r"(`++)(?:[^`]|(?!\1(?!`))`++)*+\1|\$[^$]*+\$")
_LONGEST_SIDE = 1000


def _is_side(text: Text) -> bool:
    """Whether a text can stand beside a ``=>``."""
    if not isinstance(text, str) or not is_line(text) or "=>" in text or len(text) > _LONGEST_SIDE:
        return False
    return not re.search("[`$]", _STEPPED_OVER.sub("", text))


def _pair(pair: Pair) -> str:
    if _is_side(pair.left) and _is_side(pair.right):
        return f"- {pair.left} => {pair.right}"
    return "- " + indented(f"{block(pair.left)}\n\n=>\n\n{block(pair.right)}", 2)


def _distractors(texts: Sequence[Text]) -> str:
    if all(is_line(text) and isinstance(text, str) and "|" not in text for text in texts):
        return "Distractors: " + " | ".join(map(str, texts))
    return "\n".join(["Distractors:", *(_entry("- ", text) for text in texts)])


def _concept(concept: Concept) -> str:
    points = number(concept.points)
    text = concept.text
    first, _, rest = text.partition("\n") if isinstance(text, str) else ("", "", "")
    if re.search(r"\)[ \t]*$", first):  # it may look like a number of points
        return _entry("- ", text, braces([("points", points)]))
    if concept.points == 1:
        return _entry("- ", text, "")
    if re.fullmatch(r"\d{1,2}(?:\.\d+)?", points) and is_line(text) and not rest and not first.endswith("}"):
        return f"- {first} ({points})"
    return _entry("- ", text, braces([("points", points)]))
