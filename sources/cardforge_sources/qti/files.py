"""The files of a package, or of a folder that a package was unpacked into, or a single file: all as one document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from cardforge.diagnostics import InvalidDeck, Loc, Problem
from cardforge.document import Document, read_bytes
from cardforge.media import FolderMedia, outside
from cardforge_sources import xml
from cardforge_sources.archive import Archive, file_diagnostic, is_archive, open_archive
from cardforge_sources.qti.names import simplified, simplify
from cardforge_sources.xml import Element

MANIFEST = "imsmanifest.xml"
_SUFFIXES = (".xml", ".qti", ".dat")
_PROLOG = r"\A(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*+"
_NAMES = r"(questestinterop|item|quiz|pool|manifest|unreadable|(?:qti-)?assessment-?(?:item|test|section|stimulus))"
_ROOT = re.compile(rf"{_PROLOG}<(?:[\w.-]+:)?{_NAMES}(?=[\s/>])", re.DOTALL | re.IGNORECASE)
_ROOT_OF_BYTES = re.compile(_ROOT.pattern.encode(), re.DOTALL | re.IGNORECASE)
_BEGINNING = 4096
MOST_TEXT = 120_000_000
"""As many bytes of memory the XML of one package may take."""
# A document type that declares no entities does no harm, for what it names is never read.
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+[\w:.-]+(?:\s+SYSTEM)?(?:\s+PUBLIC\s+(?:"[^"<>]*"|'[^'<>]*'))?(?:\s+(?:"[^"<>]*"|'[^'<>]*'))?"""
    r"""\s*(?:\[(?:[^\]<%&]|<!--[^%&]*?-->|<!(?:ELEMENT|ATTLIST)\s[^<>%&]*>)*+\]\s*)?>"""
)


@dataclass(frozen=True)
class Part:
    """One XML file: its name in the package, and where it stands in the document."""

    name: str
    document: Document
    begin: int
    end: int

    @property
    def text(self) -> str:
        return self.document.text[self.begin : self.end]

    @cached_property
    def kind(self) -> str:
        """The name of its root element, in lower case and without hyphens; empty when it is none of QTI's."""
        return _root_name(_ROOT.match(self.text))

    @cached_property
    def folder(self) -> str:
        """The folder that addresses in it begin at: Blackboard keeps the media of res00001.dat in res00001/."""
        return self.name[:-4] if self.name.endswith(".dat") else self.name.rpartition("/")[0] or "."

    def root(self) -> Element:
        """The tree of the file, with simple names. Raises InvalidDeck at what is not well-formed."""
        text, is_simple = simplified(self.text)
        if text.count("<") > xml.MOST_TAGS:
            message = f"{self.name} has more than {xml.MOST_TAGS:,} tags"
            problem = Problem("file-too-large", message, "split it into smaller files")
            raise InvalidDeck([self.document.diagnostic(problem, self.begin)])
        try:
            root = xml.root(Document(self.name, text))
        except InvalidDeck:
            root = xml.root(self.document, self.begin, self.end)  # says where
            is_simple = False
        return root if is_simple else simplify(root)

    @cached_property
    def _offsets(self) -> xml.Offsets:
        return xml.Offsets(self.document, self.begin, self.end)

    def offset(self, line: int) -> int:
        """Where a line of the file has something to show, as an offset in the document."""
        return self._offsets.of_line(line)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the parts of a draft stand, by file and line; an offset is looked for only when it is to be told."""

    places: Mapping[Loc, tuple[Part, int]]

    def offset(self, loc: Loc, *, at: int = 0, on_key: bool = False) -> int | None:
        """The offset of the part; the deck as a whole begins with the document."""
        if not loc:
            return 0
        place = self.places.get(loc)
        return place[0].offset(place[1]) if place else None


@dataclass(frozen=True)
class Files:
    """What was opened. ``parts`` are the XML files that may be QTI, by name; ``names`` are all files."""

    path: Path
    document: Document
    parts: Mapping[str, Part]
    readers: Mapping[str, Callable[[], bytes]]
    is_package: bool
    folder: FolderMedia | None = None

    def part(self, name: str, folder: str = ".") -> Part | None:
        """The XML file that a reference in a file of this folder names."""
        usual = name if folder == "." else f"{folder}/{name}"
        found = usual if usual in self.parts else self.find(name, folder)
        return self.parts.get(found) if found else None

    def find(self, address: str, folder: str = ".") -> str | None:
        """The file that an address in a file of this folder names, or None."""
        for name in _candidates(address, folder):
            if name in self.readers:
                return name
            if self.folder and not outside(name) and self.folder.problem(name) is None:
                return name
        numbered = _XID.search(address)
        return self._by_xid.get(numbered[0]) if numbered else None

    @cached_property
    def _by_xid(self) -> dict[str, str]:
        """Files of Blackboard's content collection, by the number in their names by which addresses name them."""
        found = ((_XID.search(name), name) for name in self.readers if not name.lower().endswith(".xml"))
        return {numbered[0]: name for numbered, name in found if numbered}

    def reader(self, name: str) -> Callable[[], bytes]:
        """A function that reads a file that was found."""
        folder = self.folder
        if name in self.readers or folder is None:
            return self.readers[name]
        return lambda: folder.read(name)


# What Canvas, Common Cartridge, Respondus and Blackboard write for the folder of the files.
_BASES = re.compile(
    r"(?:\$|%24)(?:IMS[-_]CC[-_]FILEBASE|CANVAS_OBJECT_REFERENCE|WIKI_REFERENCE)(?:\$|%24)/?|%%LINKPATH%%/?"
    r"|@X@EmbeddedFile\.(?:location|requestUrlStub)@X@/?",
    re.IGNORECASE,
)
_XID = re.compile(r"xid-\d+_\d+")


def _candidates(address: str, folder: str) -> Iterable[str]:
    address = address.replace("\\", "/")
    for written in dict.fromkeys((address, re.split(r"[?#]", address, maxsplit=1)[0])):
        if based := _BASES.match(written):
            rest = written[based.end() :].lstrip("/")
            yield from (_normal(rest), _normal(f"web_resources/{rest}"), _normal(f"{folder}/{rest}"))
        else:
            yield _normal(f"{folder}/{written}")
            yield _normal(written.lstrip("/"))


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def open_files(path: Path) -> Files:
    """Open a package, a manifest with the files beside it, or a single XML file. Raises InvalidDeck."""
    if is_archive(path):
        archive = open_archive(path)
        return _package(path, archive.names, archive.reader, _texts(archive))
    if path.name.lower() == MANIFEST:
        return _unpacked(path)
    data = read_bytes(path)
    if _root_name(_ROOT_OF_BYTES.match(data)) in ("assessmenttest", "assessmentsection"):
        return _unpacked(path)
    document = xml.document(data, str(path))
    document = Document(str(path), _without_doctype(document.text), document.encoding, document.bom)
    part = Part(path.name, document, 0, len(document.text))
    return Files(path, document, {path.name: part}, {}, False, FolderMedia(path.parent))


def _texts(archive: Archive) -> Iterable[tuple[str, bytes]]:
    names = [name for name in archive.names if name.lower().endswith(_SUFFIXES) and "__MACOSX/" not in name]
    for name, data in archive.read_all(names):
        if _is_read(data):
            yield name, data


def _is_read(data: bytes) -> bool:
    """Whether a file may be of QTI, or an encoding hides what it is."""
    return b"\0" in data[:4] or _ROOT_OF_BYTES.match(data) is not None


def _root_name(root: re.Match[bytes] | re.Match[str] | None) -> str:
    if root is None:
        return ""
    found: bytes | str = root[1]
    name = found.decode() if isinstance(found, bytes) else found
    return name.lower().replace("-", "").removeprefix("qti")


def _package(
    path: Path, names: Iterable[str], reader: Callable[[str], Callable[[], bytes]], texts: Iterable[tuple[str, bytes]]
) -> Files:
    decoded: list[tuple[str, str]] = []
    characters = widest = 0
    for name, data in texts:
        if characters * widest + len(data) > MOST_TEXT:
            message = f"the package holds more than {MOST_TEXT // 1_000_000} MB of questions"
            problem = Problem("package-too-large", message, "split it into smaller packages")
            raise InvalidDeck([file_diagnostic(path, problem)])
        try:
            decoded.append((name, _without_doctype(xml.document(data, f"{path}/{name}").text)))
        except InvalidDeck as error:
            decoded.append((name, f"<unreadable>{error.diagnostics[0].message}</unreadable>"))
        text = decoded[-1][1]
        characters += len(text)
        # One emoji makes Python take four bytes for each character of all the texts together.
        widest = max(widest, 1 if text.isascii() else 2 if max(text) < "\U00010000" else 4)
    document = Document.joined(str(path), decoded)
    parts, begin = {}, 0
    for name, text in decoded:
        end = begin + len(text)
        parts[name] = Part(name, document, begin, end)
        begin = end if text.endswith("\n") else end + 1
    return Files(path, document, parts, {name: reader(name) for name in names}, True)


def _unpacked(path: Path) -> Files:
    """The files that a manifest or a test names, beside it."""
    folder = FolderMedia(path.parent)
    data = read_bytes(path)
    hrefs = re.findall(r"""\bhref\s*=\s*["']([^"'<>]+)["']""", xml.document(data, str(path)).text)
    named = [name for name in dict.fromkeys(map(_normal, hrefs)) if name.lower().endswith(_SUFFIXES)]
    there = [name for name in named if name != path.name and not outside(name) and folder.problem(name) is None]
    texts = [(path.name, data)]
    texts += ((name, data) for name in there if _is_read(data := folder.read(name)))
    files = _package(path, (), lambda name: lambda: folder.read(name), texts)
    return Files(path, files.document, files.parts, {}, True, folder)


def _without_doctype(text: str) -> str:
    """The text, with spaces in place of a document type that declares nothing."""
    found = _DOCTYPE.search(text, 0, _BEGINNING) if "<!DOCTYPE" in text[:_BEGINNING] else None
    if found is None:
        return text
    return text[: found.start()] + re.sub(r"[^\n]", " ", found[0]) + text[found.end() :]


def looks_like_qti(path: Path) -> bool:
    """Whether a file begins as QTI, or is an archive with a manifest."""
    try:
        if is_archive(path):
            return _has_manifest(path)
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).replace(b"\0", b"")
    except (OSError, ValueError):
        return False
    return bool(_QTI_FILE.search(beginning))


_QTI_FILE = re.compile(
    rb"<(?:[\w.-]+:)?(?:questestinterop\b|pool>|(?:qti-)?assessment-?(?:item|test|section)\b)"
    rb"|<(?:[\w.-]+:)?manifest\b[^>]*(?:imscp|imscc|imsqti)",
    re.IGNORECASE,
)


def _has_manifest(path: Path) -> bool:
    try:
        names = open_archive(path).names
    except InvalidDeck:
        return path.suffix.lower() == ".imscc"
    return any(PurePosixPath(name).name.lower() == MANIFEST for name in names) or any(
        name.lower().endswith(".qti") for name in names
    )
