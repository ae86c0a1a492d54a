"""The media types (MIME types) of files, by their suffixes."""

from __future__ import annotations

from pathlib import PurePosixPath

# Not the mimetypes module: it also asks the machine, and the same deck must give the same bytes everywhere.
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


def media_type(path: str, otherwise: str = "application/octet-stream") -> str:
    """The type of a file, such as ``image/png``; ``otherwise`` for one with a suffix that is not known."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), otherwise)
