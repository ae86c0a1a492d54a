"""The kinds of questions of QTI 1.2, by what they present."""

from __future__ import annotations

from collections.abc import Sequence

from cardforge_sources.qti.build import BLANK
from cardforge_sources.qti.nodes import Node
from cardforge_sources.qti.question import MARK
from cardforge_sources.qti.v1 import chosen as chosen1
from cardforge_sources.qti.v1 import several as several1
from cardforge_sources.qti.v1 import typed as typed1
from cardforge_sources.qti.v1.asking import Asking
from cardforge_sources.qti.v1.presentation import Asked


def nodes(asking: Asking, responses: Sequence[Asked], is_essay: bool) -> list[Node]:
    """The nodes of a question that presents these responses: none, if it is kept aside."""
    is_blank = (responses[0].labels and "blank" in asking.kind) or responses[0].ident.startswith("[")
    if len(responses) > 1 or (is_blank and several1.names_in_text(asking, responses)):
        return several1.nodes(asking, responses)
    question, asked = asking.question, responses[0]
    if asked.html:
        question.stem = f"<div>{question.stem}</div><div>{asked.html}</div>" if question.stem else asked.html
    if asked.is_typed:
        question.stem = question.stem.replace(MARK, BLANK)
        node = typed1.item(asking, asked, is_essay)
    elif asked.cardinality == "ordered":
        node = chosen1.ordering(asking, asked)
    else:
        node = chosen1.item(asking, question, asked)
    return [node] if node else []
