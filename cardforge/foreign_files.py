"""Files that people have their material in and that are no decks: what each is, and what to do instead."""

from __future__ import annotations

_TEXT = (
    "copy what is to be learnt into a text file (.md: a heading asks, what stands below it answers), or a table of "
    "questions and answers into a .csv file"
)
_PICTURE = "name it in a deck's text, which then shows it: ![what is to be seen](figure.png)"
_SOUND = "name it in a deck's text, which then plays it: ![what is to be heard](sound.mp3)"
_WEB_PAGE = (
    "a web page, which is read only if it is a saved Recall & Review page (if it is one, save it again, complete: "
    "--from recall says what is missing)"
)
_UNREAD = "which cardforge does not read"


def by_suffix(suffix: str) -> tuple[str, str] | None:
    """What a file with this suffix is, and what to do; None, if nothing is known of it."""
    return next(((what, fix) for suffixes, what, fix in _SUFFIXES if suffix.lower() in suffixes.split()), None)


_SUFFIXES = (
    (".docx .doc .docm .dotx", f"a Word document, {_UNREAD}", _TEXT),
    (".odt .fodt .ott", f"a LibreOffice document, {_UNREAD}", _TEXT),
    (".rtf .pages .wpd", f"a word processor's document, {_UNREAD}", _TEXT),
    (".pdf", f"a PDF, {_UNREAD}", _TEXT),
    (".epub .mobi", f"an e-book, {_UNREAD}", _TEXT),
    (".pptx .ppt .odp .key", f"a presentation, {_UNREAD}", _TEXT),
    (".html .htm .xhtml", _WEB_PAGE, _TEXT),
    (".png .jpg .jpeg .gif .webp .svg .bmp .tif .tiff .heic", "a picture, and no deck", _PICTURE),
    (".mp3 .m4a .ogg .oga .wav .flac .mp4 .webm .mov", "a recording, and no deck", _SOUND),
)


def by_beginning(data: bytes) -> tuple[str, str] | None:
    """What a file is that begins as those of another kind than text do, and what to do; None for any other file."""
    return next(((what, fix) for begin, has, what, fix in _BEGINNINGS if data.startswith(begin) and has in data), None)


_AS_ITSELF = "leave out --from, so that its suffix says how it is read"
_AS_CSV = f"{_AS_ITSELF}, or save the sheet as CSV"
# How files begin, and what else is in them, after the formats' specifications: a ZIP archive names its members
# uncompressed (APPNOTE 4.3.7), an OpenDocument's first member is its type (OpenDocument 1.3, part 2, 3.3).
_ZIP = b"PK\x03\x04"
_BEGINNINGS = (
    (_ZIP, b"word/document.xml", "a Word document", _TEXT),
    (_ZIP, b"ppt/presentation.xml", "a PowerPoint presentation", _TEXT),
    (_ZIP, b"xl/workbook.xml", "an Excel workbook", _AS_CSV),
    (_ZIP, b"opendocument.spreadsheet", "a LibreOffice workbook", _AS_CSV),
    (_ZIP, b"opendocument", "a LibreOffice document", _TEXT),
    (_ZIP, b"application/epub+zip", "an e-book (EPUB)", _TEXT),
    (_ZIP, b"collection.anki2", "a package of Anki's", _AS_ITSELF),
    (_ZIP, b"", "a ZIP archive", f"{_AS_ITSELF}; or unpack it, and name a text file in it"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", "a document of an old Word, Excel or PowerPoint", _TEXT),
    (b"{\\rtf", b"", "a word processor's document (RTF)", _TEXT),
    (b"%PDF-", b"", "a PDF", _TEXT),
    *((begin, b"", "a picture", _PICTURE) for begin in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")),
)
