"""The media that a page's texts name, inside the page: each file once, as a data: address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import PurePosixPath

from cardforge.model import Deck

# Not the mimetypes module: it also asks the machine, and the same deck must give the same page everywhere.
_SUFFIXES = {
    **{f"image/{name}": name for name in "apng avif bmp gif heic heif jxl png webp".split()},
    "image/jpeg": "jpg jpeg",
    "image/svg+xml": "svg",
    "image/tiff": "tif tiff",
    "image/x-icon": "ico",
    "audio/aac": "aac",
    "audio/aiff": "aif aiff",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg oga opus spx",
    "audio/wav": "wav",
    "audio/3gpp": "3gp",
    "text/vtt": "vtt",
    "video/mp4": "mp4 m4v",
    "video/mpeg": "mpeg mpg",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
}
_TYPES = {f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
UNSEEN = frozenset(".tif .tiff .heic .heif .jxl .spx .aif .aiff .mkv .avi .mpeg .mpg".split())
"""Suffixes of files that not every browser shows or plays."""


class Media:
    """Numbers the files that texts name; the page's scripts put the files where the numbers stand.

    So a file is in the page once, however often it is named, and only one is in memory at a time.
    """

    def __init__(self, deck: Deck) -> None:
        self._read = deck.origin.media.read
        self._addresses: dict[str, str] = {}

    def address(self, path: str) -> str:
        """What stands in a text for a file."""
        return self._addresses.setdefault(path, f"media:{len(self._addresses)}")

    def files(self) -> Iterator[tuple[str, str]]:
        """What stands in the texts, and the data: address to put there, for each file that was asked for."""
        for path, address in self._addresses.items():
            kind = _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
            yield address, f"data:{kind};base64,{b64encode(self._read(path)).decode()}"
