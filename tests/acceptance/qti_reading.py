"""Reads QTI 2.x items with the source ``qti``, and answers them in TAO's engine: do both agree what is right?

    QTISDK=…/qti-sdk/src python tests/acceptance/qti_reading.py ITEM.xml …

Of single and multiple choices each choice, the key and nothing are answered, of short answers and numbers each right
one and a wrong one. Compared are the points and which modal feedback is shown. Prints what differs, and counts.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cardforge.api import load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import AnyItem, Graded, MultipleChoice, Numeric, ShortAnswer, TrueFalse
from cardforge.text import Dialect, Text, render
from cardforge.text.render import mathjax
from cardforge_exporters import quiz
from tests.acceptance.qti import Engine
from tests.exporters.qti.cases import Case, Response

_DIALECT = Dialect(maths=mathjax)


def letters(text: Text | None) -> str:
    """The letters and digits of a text."""
    return bare(render(text, _DIALECT)) if text is not None else ""


def bare(html: str) -> str:
    """The letters and digits of HTML."""
    return re.sub(r"[\W_]+", "", unescape(re.sub(r"<[^>]*>", "", html)))


def seen(element: Any) -> str:
    """The letters and digits in an element."""
    return bare("".join(map(str, element.itertext())))


def answers(item: AnyItem, root: Any) -> Iterator[tuple[Case, float | None, str]]:
    """Answers to an item, with the score and the letters of the feedback that the deck says."""
    declared = next(e for e in root.iter("{*}responseDeclaration"))
    name, cardinality = declared.get("identifier"), declared.get("cardinality")
    base_type = declared.get("baseType")

    def case(*values: str) -> Case:
        return Case({name: Response(cardinality, base_type, values)}, None, frozenset())

    right, wrong = (item.feedback_correct, item.feedback_incorrect) if isinstance(item, Graded) else (None, None)
    always = letters(item.explanation)
    if isinstance(item, MultipleChoice | TrueFalse):
        names = [e.get("identifier") for e in root.iter("{*}simpleChoice")]
        if isinstance(item, TrueFalse):
            truth = [seen(e).lower() == "true" for e in root.iter("{*}simpleChoice")]
            key = [is_true == item.answer for is_true in truth]
            own = ["", ""]
            credits = [float(is_right) for is_right in key]
        else:
            if len(names) != len(item.choices):
                return
            key = [choice.correct for choice in item.choices]
            own = [letters(choice.feedback) for choice in item.choices]
            credits = [item.credit_of(choice) for choice in item.choices]
        if cardinality == "single":
            for index, choice in enumerate(names):
                said = own[index] + letters(right if key[index] else wrong) + always
                yield case(choice), credits[index] * item.points, said
        else:
            whole = [choice for choice, is_right in zip(names, key, strict=True) if is_right]
            yield case(*whole), item.points, ""
    elif isinstance(item, ShortAnswer):
        for answer in item.answers:
            said = letters(answer.feedback) + letters(right if answer.credit == 1 else wrong) + always
            yield case(answer.text), answer.credit * item.points, said
        yield case("no such answer"), 0, letters(wrong) + always
    elif isinstance(item, Numeric):
        # The engine counts in binary, so that the very ends may lie outside.
        least, most = quiz.bounds(item)
        inside = (most - least) / 10**9
        least, most = least + inside, most - inside
        yield case(str(least)), item.points, letters(right) + always
        yield case(str(most)), item.points, letters(right) + always
        yield case(str(most + 1_000)), 0, letters(wrong) + always


def compared(engine: Engine, path: Path, counts: Counter[str]) -> list[str]:
    """What differs in one item."""
    xml = path.read_bytes()
    if b"assessmentItem" not in xml[:4096]:
        counts["files that are no item"] += 1
        return []
    try:
        items = [entry.item for entry in load(path, "qti").entries()]
        root = etree.fromstring(xml)
    except (InvalidDeck, etree.XMLSyntaxError):
        counts["items kept aside or refused"] += 1
        return []
    declared = next(root.iter("{*}responseDeclaration"), None)
    if (
        declared is None
        or len(items) != 1
        or not isinstance(items[0], MultipleChoice | TrueFalse | ShortAnswer | Numeric)
    ):
        counts["items of other kinds, or several in one"] += 1
        return []
    tried = list(answers(items[0], root))
    results = engine.answer(xml.decode("utf-8", "replace"), [case for case, _, _ in tried])
    if isinstance(results, dict) or any("error" in result or result["score"] is None for result in results):
        counts["items that the engine does not run"] += 1
        return []
    if b"qti_v2p0/rptemplates/map_response" in xml:
        counts["items of QTI 2.0 whose mapping the engine takes for match_correct"] += 1
        return []
    if b'toleranceMode="relative"' in xml:  # of 4 ± 5 % the ends are 3.8 and 4.2 here, and 4/1.05 and 4/0.95 in QTI
        counts["numbers whose tolerance is a share of what is typed, and here of the right number"] += 1
        return []
    if not any(result["score"] > 0 for result in results) and any(points for _, points, _ in tried):
        counts["items whose rules give nothing: the answer that they declare is taken, and told"] += 1
        return []
    counts[f"items compared: {items[0].KIND}"] += 1
    # Two texts may have one name: shown when the outcome has it, and when it has not. The engine tells the name only.
    names = [(e.get("outcomeIdentifier"), e.get("identifier")) for e in root.iter("{*}modalFeedback")]
    texts = {
        name: seen(e) for name, e in zip(names, root.iter("{*}modalFeedback"), strict=True) if names.count(name) == 1
    }
    found = []
    for (case, points, said), result in zip(tried, results, strict=True):
        counts["answers"] += 1
        given = [r.values for r in case.responses.values()]
        if points is not None and not math.isclose(result["score"], points, rel_tol=1e-6, abs_tol=1e-6):
            counts["differences: points"] += 1
            found.append(f"{path}: {given}: {points:g} points, the engine says {result['score']:g}")
        shown = [texts[tuple(pair)] for pair in result["shown"] if tuple(pair) in texts]
        if texts and any(text not in said for text in shown) and said:
            counts["differences: feedback"] += 1
            found.append(f"{path}: {given}: shows {said[:60]!r}, the engine {shown}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="ITEM")
    engine, counts, found = Engine(), Counter[str](), list[str]()
    for path in parser.parse_args().paths:
        found += compared(engine, path, counts)
    print("\n".join(found))
    for what, count in sorted(counts.items()):
        print(f"{count:7} {what}")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
