"""Files that people have their material in and that cardforge does not read: what each is, and what to do instead."""

from __future__ import annotations

_TEXT = (
    "copy what is to be learnt into a text file (.md: a heading asks, what stands below it answers), or a table of "
    "questions and answers into a .csv file"
)
_PICTURE = "name it in a deck's text, which then shows it: ![what is to be seen](figure.png)"
_SOUND = "name it in a deck's text, which then plays it: ![what is to be heard](sound.mp3)"
_WEB_PAGE = (
    "which is read only if it is a saved Recall & Review page (if it is one, save it again, complete: --from recall "
    "says what is missing)"
)


def told_of(suffix: str) -> str:
    """The sentence on a file with this suffix; empty, if nothing is known of it."""
    for suffixes, what, fix in _KNOWN:
        if suffix.lower() in suffixes.split():
            return f"{what}; {fix}"
    return ""


_KNOWN = (
    (".docx .doc .docm .dotx", "this is a Word document, which cardforge does not read", _TEXT),
    (".odt .fodt .ott", "this is a LibreOffice document, which cardforge does not read", _TEXT),
    (".rtf .pages .wpd", "this is a word processor's document, which cardforge does not read", _TEXT),
    (".pdf", "this is a PDF, which cardforge does not read", _TEXT),
    (".epub .mobi", "this is an e-book, which cardforge does not read", _TEXT),
    (".pptx .ppt .odp .key", "this is a presentation, which cardforge does not read", _TEXT),
    (".html .htm .xhtml", f"this is a web page, {_WEB_PAGE}", _TEXT),
    (".png .jpg .jpeg .gif .webp .svg .bmp .tif .tiff .heic", "this is a picture, and no deck", _PICTURE),
    (".mp3 .m4a .ogg .oga .wav .flac .mp4 .webm .mov", "this is a recording, and no deck", _SOUND),
)
