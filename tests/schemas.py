"""The official schemas of QTI and content packaging, read offline.

They are not part of the project. ``CARDFORGE_XSD`` names the folder that holds them; by default it is
``../shared/xsd`` beside the project.
"""

from __future__ import annotations

import os
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from tests.clients import absent

_FOLDER = Path(os.environ.get("CARDFORGE_XSD", Path(__file__).resolve().parents[2] / "shared" / "xsd"))
_SCHEMAS = {
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2": "qti12/ims_qtiasiv1p2.xsd",
    "http://www.imsglobal.org/xsd/imsqti_v2p1": "qtiv2p1/imsqti_v2p1.xsd",
    "http://www.imsglobal.org/xsd/imsqti_v2p2": "qtiv2p2p4/imsqti_v2p2p4.xsd",
    # The full 3.0 schema is not to be had; this profile has all interactions and is slightly stricter.
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0": "v3/qtiv3p0/imsqti_asiv3p0_sbacv1p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1": "imscp_v1p1.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1": "v3/qtiv3p0/imsqtiv3p0_imscpv1p2_v1p0.xsd",
}
_DTD = "qti12/ims_qtiasiv1p2p1.dtd"


class _Local(etree.Resolver):
    """Finds every schema that another one imports in the folder: by path, or else by file name."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(_FOLDER.rglob("*")):
            if path.suffix in (".xsd", ".dtd"):
                self._by_name.setdefault(path.name, []).append(str(path))

    def resolve(self, url: str, _public_id: object, context: Any) -> Any:  # type: ignore[override]
        path = url.removeprefix("file://")
        if Path(path).is_file():
            return self.resolve_filename(path, context)  # type: ignore[attr-defined]
        name = url.partition("?")[0].rpartition("/")[2]
        return self.resolve_filename(min(self._by_name[name], key=len), context)  # type: ignore[attr-defined]


@cache
def _schema(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, huge_tree=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(_FOLDER / name), parser))


@cache
def _dtd() -> etree.DTD:
    with (_FOLDER / _DTD).open("rb") as file:
        return etree.DTD(file)


def want_schemas() -> None:
    """The test needs the schemas, which a person may not have."""
    if not (_FOLDER / "qtiv2p1").is_dir():
        absent(f"the QTI schemas in a folder that CARDFORGE_XSD names (looked in {_FOLDER.name})")


def faults(data: bytes) -> list[str]:
    """What a schema finds wrong in an XML file; a namespace without a schema is a fault too."""
    document = etree.fromstring(data, etree.XMLParser(no_network=True, resolve_entities=False))
    namespace = etree.QName(document).namespace or ""
    if namespace not in _SCHEMAS:
        return [f"no schema for {namespace!r}"]
    schema = _schema(_SCHEMAS[namespace])
    schema.validate(document)
    log: Any = schema.error_log
    return [f"{error.line}: {error.message}" for error in log]


def dtd_faults(data: bytes) -> list[str]:
    """What the whole of QTI 1.2.1, which exists as a DTD only, finds wrong in a file."""
    text = data.decode()
    document = etree.fromstring(text.encode(), etree.XMLParser(no_network=True, resolve_entities=False))
    for element in document.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
        for name in list(element.attrib):
            if name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
                del element.attrib[name]
    etree.cleanup_namespaces(document)
    dtd = _dtd()
    dtd.validate(document)
    log: Any = dtd.error_log
    return [f"{error.line}: {error.message}" for error in log]


def package_faults(data: bytes) -> dict[str, list[str]]:
    """The faults of every XML file in a package, by file name; those without any are left out."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
        found = {name: faults(archive.read(name)) for name in names}
    return {name: wrong for name, wrong in found.items() if wrong}
