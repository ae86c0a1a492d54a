"""What an item of QTI 1.2 presents: what asks, and what can be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cardforge_sources.qti.names import child, children, inside
from cardforge_sources.qti.question import MARK
from cardforge_sources.qti.v1 import material
from cardforge_sources.xml import Element, line_of

_RESPONSES = frozenset({"response_lid", "response_str", "response_num", "response_xy", "response_grp"})
_NOT_READ = {
    "render_hotspot": "a place in a picture",
    "render_slider": "a slider",
}


@dataclass(slots=True)
class Label:
    """What can be chosen."""

    ident: str
    html: str
    line: int


@dataclass(slots=True)
class Asked:
    """A response: what can be answered, and the text that stands beside it. ``unread`` says what it is, if no kind.

    ``within`` is as much of the text as stands where the choices or the fields do; where something is typed, a mark
    stands in it for each field with text behind it.
    """

    ident: str
    cardinality: str
    html: str
    within: str = ""
    labels: list[Label] = field(default_factory=list)
    is_typed: bool = False
    is_number: bool = False
    unread: str = ""


@dataclass(slots=True)
class Presentation:
    """What is presented. In ``html``, a mark stands for each response that is typed."""

    html: str
    responses: list[Asked]
    aliases: dict[str, str]


def presented(item: Element) -> Presentation:
    """What an item presents."""
    found = Presentation("", [], {})
    element = child(item, "presentation")
    if element is None:
        return found
    if _is_blackboard_matching(element):
        _read_blackboard_matching(element, found)
        return found
    parts: list[str] = []
    at = 0
    for part in _walk(element):
        if part.tag == "material":
            parts.append(material.of_material(part).strip())
        else:
            response = _response(part, found.aliases)
            found.responses.append(response)
            at = len(parts)
            if response.is_typed and not response.html:
                parts.append(MARK)
    if len(found.responses) == 1 and (only := found.responses[0]).within:
        is_open = only.is_typed and MARK not in only.html
        parts[at:at] = [only.html, MARK] if is_open else [only.html]
        only.html = only.within = ""
    found.responses += _named_in_text(item, parts) if not found.responses else ()
    found.html = _joined(parts)
    return found


def _joined(parts: Sequence[str]) -> str:
    """Texts, and marks between them, as one text: blocks, or with marks one line. A mark at its end says nothing."""
    said = [part for part in parts if part]
    while said and said[-1] == MARK:
        said.pop()
    blocks = [part for part in said if part != MARK]
    if len(blocks) == 1 and MARK not in said:
        return blocks[0]
    if MARK in said:
        return " ".join(said) if len(blocks) < 20 else "".join(said)
    return "".join(f"<div>{part}</div>" for part in said)


def _named_in_text(item: Element, parts: list[str]) -> list[Asked]:
    """The blanks of Respondus, which are declared nowhere: names in brackets that the conditions ask for."""
    names = dict.fromkeys(e.get("respident", "").strip() for e in inside(item, "varequal"))
    text = "".join(parts)
    blanks = [name for name in names if name.startswith("[") and name.endswith("]") and name in text]
    return [Asked(name, "single", "", is_typed=True) for name in blanks]


def _walk(element: Element) -> Iterator[Element]:
    """Materials and responses in their order, out of whatever they are wrapped in."""
    for part in element:
        if part.tag == "material" or part.tag in _RESPONSES:
            yield part
        elif part.tag in ("flow", "flow_mat", "flow_label"):
            yield from _walk(part)


def _response(element: Element, aliases: dict[str, str]) -> Asked:
    ident = (element.get("ident") or element.get("respident") or "").strip()
    render = next((e for e in element if str(e.tag).startswith("render_")), None)
    name = str(render.tag) if render is not None else ""
    labels = list(inside(element, "response_label"))
    for label in labels:
        aliases.setdefault(label.get("ident", "").strip(), ident)
    asked = Asked(
        ident,
        element.get("rcardinality", "Single").lower(),
        material.html(element),
        is_typed=name == "render_fib" or (not name and element.tag in ("response_str", "response_num")),
    )
    if render is not None:
        asked.within = _joined(list(_said_in(render, asked.is_typed)))
        asked.html = _joined([asked.html, asked.within])
    if name in _NOT_READ or element.tag == "response_xy":
        asked.unread = _NOT_READ.get(name, "a point in a picture")
    if render is None:
        return asked
    fib = render.get("fibtype", "").lower()
    asked.is_number = asked.is_typed and (fib in ("decimal", "integer", "scientific") or element.tag == "response_num")
    if not asked.is_typed:
        asked.labels = [Label(label.get("ident", "").strip(), material.html(label), line_of(label)) for label in labels]
        for read in asked.labels:
            aliases.pop(read.ident, None)
    return asked


def _said_in(render: Element, is_typed: bool) -> Iterator[str]:
    """The texts that stand among the choices, or among the fields, each of which is a mark."""
    for part in render:
        if part.tag in ("material", "flow_mat"):
            yield material.html(part)
        elif part.tag == "flow_label":
            yield from _said_in(part, is_typed)
        elif part.tag == "response_label" and is_typed:
            yield MARK


# --- Blackboard ------------------------------------------------------------------------------------
# Its matching has the left sides behind their responses, and the right sides in a block of their own, in the order of
# the (empty) labels of every response.


def _block(element: Element, name: str) -> Element | None:
    return next((e for e in inside(element, "flow") if e.get("class") == name), None)


def _is_blackboard_matching(element: Element) -> bool:
    return _block(element, "RIGHT_MATCH_BLOCK") is not None


def _read_blackboard_matching(element: Element, found: Presentation) -> None:
    rights = [material.html(flow) for flow in children(_block(element, "RIGHT_MATCH_BLOCK"), "flow")]
    found.html = material.html(_block(element, "QUESTION_BLOCK"))
    for flow in children(_block(element, "RESPONSE_BLOCK"), "flow"):
        response = child(flow, "response_lid")
        if response is None:
            continue
        asked = _response(response, {})
        asked.html = material.html(flow)
        for label, right in zip(asked.labels, rights, strict=False):
            label.html = right
        found.responses.append(asked)
