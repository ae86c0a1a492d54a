"""The versions of QTI, and how each writes the names of elements and attributes.

Everything is written once, in templates with the names of QTI 2 (``simpleChoice``, ``maxChoices``). QTI 3 has the same
elements under names in kebab case, with ``qti-`` before those that are not HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_HTML = frozenset("div p strong".split())
_NAME = re.compile(r"<(/?)([A-Za-z]+)|(?<=\s)([a-z]+[A-Z][A-Za-z]*)(?==\")")
_CAPITAL = re.compile(r"(?=[A-Z])")
# In QTI 3 the content of feedback and rubrics has an element of its own around it.
_CONTENT_BODY = re.compile(r"</?contentBody>")


@lru_cache(maxsize=256)
def _names_of_2(template: str) -> str:
    return _CONTENT_BODY.sub("", template)


@lru_cache(maxsize=256)
def _names_of_3(template: str) -> str:
    def rename(match: re.Match[str]) -> str:
        slash, element, attribute = match.groups()
        if attribute:
            return _kebab(attribute)
        return match[0] if element in _HTML else f"<{slash}qti-{_kebab(element)}"

    return _NAME.sub(rename, template)


def _kebab(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of QTI. ``names`` gives a template with the version's names; it is for templates, never for content."""

    number: str
    namespace: str
    schema: str
    manifest_namespace: str
    metadata_namespace: str
    package_schema: tuple[str, str]
    resource_suffix: str
    names: Callable[[str], str]

    @property
    def is_3(self) -> bool:
        return self.number == "3.0"


_XSD = "http://www.imsglobal.org/xsd"

QTI_2_1 = Version(
    number="2.1",
    namespace=f"{_XSD}/imsqti_v2p1",
    schema=f"{_XSD}/qti/qtiv2p1/imsqti_v2p1.xsd",
    manifest_namespace=f"{_XSD}/imscp_v1p1",
    metadata_namespace=f"{_XSD}/imsqti_metadata_v2p1",
    package_schema=("QTIv2.1 Package", "1.0.0"),
    resource_suffix="xmlv2p1",
    names=_names_of_2,
)
QTI_2_2 = Version(
    number="2.2",
    namespace=f"{_XSD}/imsqti_v2p2",
    schema=f"{_XSD}/qti/qtiv2p2/imsqti_v2p2.xsd",
    manifest_namespace=f"{_XSD}/imscp_v1p1",
    metadata_namespace=f"{_XSD}/imsqti_metadata_v2p2",
    package_schema=("QTIv2.2 Package", "1.0.0"),
    resource_suffix="xmlv2p2",
    names=_names_of_2,
)
QTI_3_0 = Version(
    number="3.0",
    namespace=f"{_XSD}/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    manifest_namespace=f"{_XSD}/qti/qtiv3p0/imscp_v1p1",
    metadata_namespace=f"{_XSD}/imsqti_metadata_v3p0",
    package_schema=("QTI Package", "3.0.0"),
    resource_suffix="xmlv3p0",
    names=_names_of_3,
)
