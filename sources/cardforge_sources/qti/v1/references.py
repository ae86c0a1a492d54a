"""References of QTI 1.2 to a text or a picture that stands elsewhere in the same item: its ``label`` names it.

Source: IMS QTI 1.2 ASI XML binding, "matref" and "material_ref". The labels of an item are known to it alone here.
"""

from __future__ import annotations

from copy import deepcopy

from cardforge_sources.qti.names import inside
from cardforge_sources.xml import Element, text_of

_REFERENCES = ("matref", "material_ref")
_LABELLED = ("material", "mattext", "matemtext", "matimage", "mataudio", "matvideo")
_MOST_COPIED = 1_000_000


def put_in(element: Element) -> list[Element]:
    """Put what references name into their places. Changes the tree; gives the references that name nothing in it.

    A reference in what is named stays one, and so do those that come after a million characters.
    """
    references = list(inside(element, *_REFERENCES))
    if not references:
        return []
    labelled: dict[str, Element] = {}
    for found in inside(element, *_LABELLED):
        if label := found.get("label") or found.get("ident"):
            labelled.setdefault(label, found)
    left = _MOST_COPIED
    copies: list[tuple[Element, Element]] = []
    unknown: list[Element] = []
    for reference in references:
        named = labelled.get(reference.get("linkrefid", ""))
        if named is None or next(inside(named, *_REFERENCES), None) is not None:
            unknown.append(reference)
            continue
        left -= len(text_of(named)) + 100
        if left < 0:
            unknown.append(reference)
        else:
            copies.append((reference, named))
    for reference, named in copies:
        _replace(reference, deepcopy(named))
    return unknown


def _replace(reference: Element, copy: Element) -> None:
    around = reference.getparent()
    if around is not None:
        copy.tail = reference.tail
        around.replace(reference, copy)
