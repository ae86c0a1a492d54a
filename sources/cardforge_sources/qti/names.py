"""One set of names for all versions of QTI: those of QTI 1.2 and 2, without namespaces.

QTI 3 has the elements and attributes of QTI 2 under names in kebab case, with ``qti-`` before the elements that are not
HTML. Source: QTI 3.0 ASI information model, "Best Practices", section on the migration of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from cardforge_sources.xml import Element, text_of

_KEBAB = re.compile(r"-([a-z0-9])")


def simplify(root: Element) -> Element:
    """Give every element and attribute in a tree its name in QTI 1.2 or 2, without namespace. Changes the tree."""
    for element in root.iter(etree.Element):
        tag = element.tag
        name = _simple(tag)
        if name != tag:
            if "}qti-" in tag or tag.startswith("qti-"):
                for attribute in [str(a) for a in element.attrib]:
                    if "-" in attribute and not attribute.startswith(("data-", "{")):
                        element.set(_camel(attribute), element.attrib.pop(attribute))
            element.tag = name
    return root


_NAMESPACE = re.compile(r"""(<[A-Za-z][\w.-]*(?:\s[^<>]*?)??)\sxmlns=(?:"[^"<>]*"|'[^'<>]*')""")
_OTHERS = re.compile(r"xmlns(?!:xsi=)")
_TAG = re.compile(r"""(<qti-[a-z](?:[^<>"']*+(?:"[^"<]*+"|'[^'<]*+')?+)*+>|</qti-[a-z][a-z0-9-]*\s*>)""")


def simplified(text: str) -> tuple[str, bool]:
    """The text of an XML file with simple names, and whether all are: where not, `simplify` does the rest.

    The same as `simplify`, but for what is usual and many times faster: no prefixes, and no CDATA or comment, in which
    a tag is none. Lines stay.
    """
    if "<!" in text:
        return text, False
    text = "".join(_NAMESPACE.split(text, maxsplit=1))
    is_simple = _OTHERS.search(text) is None
    if not is_simple:
        text = "".join(_NAMESPACE.split(text))
        is_simple = _OTHERS.search(text) is None
    if "<qti-" in text:
        pieces = _TAG.split(text)
        pieces[1::2] = map(_simple_tag, pieces[1::2])
        text = "".join(pieces)
    return text, is_simple


_ATTRIBUTE = re.compile(r"""(\s(?!data-)[a-z]+(?:-[a-z0-9]+)+)(?==)|("[^"]*"|'[^']*')""")


@lru_cache(maxsize=16384)
def _simple_tag(tag: str) -> str:
    head = re.match(r"(</?)qti-([a-z][\w.-]*)", tag)
    if head is None:
        return tag
    rest = _ATTRIBUTE.sub(lambda m: m[2] or _camel(m[1]), tag[head.end() :])
    return f"{head[1]}{_camel(head[2])}{rest}"


_OF_3 = re.compile(r"qti-[a-z]")


@lru_cache(maxsize=4096)
def _simple(tag: str) -> str:
    local = tag.rpartition("}")[2]
    return _camel(local[4:]) if _OF_3.match(local) else local


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda m: m[1].upper(), name)


def children(element: Element | None, *names: str) -> list[Element]:
    """The elements directly in an element that have one of these names; all of them without names."""
    return [] if element is None else list(element.iterchildren(*names or _ANY))


_ANY = ("{*}*",)


def child(element: Element | None, name: str) -> Element | None:
    """The first element of this name directly in an element."""
    return None if element is None else next(element.iterchildren(name), None)


def content(element: Element | None) -> str:
    """The text in an element without markup, white space run together. Empty for None."""
    if element is None:
        return ""
    return " ".join((text_of(element) if len(element) else element.text or "").split())


def written(element: Element | None) -> str:
    """The text in an element without markup, its white space kept but for its ends. Empty for None."""
    return "" if element is None else text_of(element).strip(" \t\r\n")


def inside(element: Element, *names: str) -> Iterator[Element]:
    """The elements of these names anywhere in an element, in order, itself left out."""
    return element.iterdescendants(*names)
