"""The media files that a question bank holds, under paths of their own in the deck."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from unicodedata import normalize

from cardforge.diagnostics import Problem
from cardforge.media import FolderMedia, PackedMedia
from cardforge_sources.file_names import on_every_system
from cardforge_sources.hashed_names import before_export

_FOLDER = "media"
_UNUSUAL = re.compile(r"[^\w.() -]+|^\.+")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*+[=\s]*+")


class Files:
    """Gives files their paths. Two with one name and other contents have two, two with one content have one.

    The contents stay base64 until they are asked for.
    """

    def __init__(self) -> None:
        self._paths: dict[tuple[str, bytes], str] = {}
        self._taken: set[str] = set()
        self._files: dict[str, Callable[[], bytes]] = {}
        self._damaged: set[str] = set()

    def path(self, name: str, content: str) -> str:
        """The path in the deck of a file with this name, and this content in base64."""
        bare = _UNUSUAL.sub("-", name.replace("\\", "/").rpartition("/")[2]).strip()[-100:].strip()
        name = before_export(on_every_system(bare) or "file", partial(decoded, content))
        digest = hashlib.sha256(content.strip().encode()).digest()
        path = self._paths.get((name, digest))
        if path is None:
            path = self._paths[name, digest] = self._free(PurePosixPath(_FOLDER, name), digest)
            self._taken.add(_folded(path))
            self._files[path] = partial(decoded, content)
            if not _is_base64(content):
                self._damaged.add(path)
        return path

    def _free(self, file: PurePosixPath, digest: bytes) -> str:
        """The path, or one with a digest where another file has it, or may have it on some system."""
        path = file
        while _folded(str(path)) in self._taken:
            path = file.with_name(f"{file.stem}-{digest.hex()[:16]}{file.suffix}")
            digest = hashlib.sha256(digest).digest()  # for a file may be called like that, too
        return str(path)

    def has(self, path: str) -> bool:
        """Whether a file has this path."""
        return path in self._files

    def is_damaged(self, path: str) -> bool:
        """Whether something is missing from the content of the file with this path."""
        return path in self._damaged

    def media(self) -> PackedMedia:
        """All of them, those too that are still to come."""
        return PackedMedia(self._files)


def _folded(path: str) -> str:
    """What is equal for two paths that are one file on some system."""
    return normalize("NFC", path).casefold()


def _is_base64(content: str) -> bool:
    """Whether all of it is base64, and not cut off behind the first of four digits."""
    return _BASE64.fullmatch(content) is not None and len("".join(content.split()).rstrip("=")) % 4 != 1


def decoded(content: str) -> bytes:
    """Base64 as PHP reads it: what does not belong in it is left out."""
    digits = _NOT_BASE64.sub("", content)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error:
        return b""


@dataclass(frozen=True, slots=True)
class FilesBeside:
    """Media inside a file, and beside it in its folder."""

    inside: PackedMedia
    folder: FolderMedia

    def problem(self, path: str) -> Problem | None:
        return None if self.inside.problem(path) is None else self.folder.problem(path)

    def read(self, path: str) -> bytes:
        return self.inside.read(path) if self.inside.problem(path) is None else self.folder.read(path)
