"""The elements of a Moodle XML file as questions and categories.

What may stand where is what qformat_xml of Moodle 4.5 reads (question/format/xml/format.php), with what older versions
wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from cardforge_sources.moodle.files import Files
from cardforge_sources.moodle.question import NOTHING, Answer, Category, Format, Question, Written
from cardforge_sources.moodle.texts import IN_THE_BANK

_FORMATS: dict[str, Format] = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "wiki_like": "plain",
    "markdown": "markdown",
}
_CONTEXT = re.compile(r"\$[A-Za-z0-9]+\$")
_SLASH = re.compile(r"(?<!/)/(?!/)")
_WORDS = ("dragbox", "selectoption")
_USUAL_PENALTIES = (0, 0.1, 0.3333333, 1)


class Reader:
    """Reads elements; the files that they hold go to ``files``. ``content`` gives the text of a file element."""

    def __init__(self, files: Files, offset: Callable[[Any], int], content: Callable[[str], str] = str) -> None:
        self._files = files
        self._offset = offset
        self._content = content

    def entries(self, quiz: Any) -> Iterator[Question | Category]:
        """Everything in a ``<quiz>``, in its order."""
        for element in quiz.iterchildren("question"):
            if element.get("type") == "category":
                yield self._category(element)
            else:
                yield self._question(element)

    def _category(self, element: Any) -> Category:
        text = _text(element.find("category"))
        info = self._written(element.find("info"), "html")
        return Category(category_path(text), info, self._offset(element))

    def _question(self, element: Any) -> Question:
        parts = _parts(element)
        text = self._with_old_image(parts, self._written(parts.get("questiontext"), "html"))
        usual = text.format
        kind = (element.get("type") or "").strip()
        typed = kind in ("shortanswer", "numerical", "truefalse")
        return Question(
            kind,
            self._offset(element),
            _text(parts.get("name")),
            text,
            self._written(parts.get("generalfeedback"), usual),
            _said(parts, "defaultgrade"),
            _said(parts, "idnumber"),
            tuple(_text(tag) for tag in parts["tags"].iterfind("tag")) if "tags" in parts else (),
            tuple(self._hint(hint, usual) for hint in element.iterfind("hint")) if "hint" in parts else (),
            tuple(self._answer(answer, usual, typed) for answer in element.iterfind("answer")),
            tuple(self._pair(pair, usual) for pair in element.iterfind("subquestion"))
            if "subquestion" in parts
            else (),
            tuple(_text(word) for name in _WORDS if name in parts for word in element.iterfind(name)),
            single=_is_true(_said(parts, "single") or "true"),
            shuffle=_is_true(_said(parts, "shuffleanswers") or ("true" if "match" in kind else "false")),
            numbering=_said(parts, "answernumbering"),
            case_sensitive=_is_true(_said(parts, "usecase")),
            right=self._written(parts.get("correctfeedback"), usual),
            partly=self._written(parts.get("partiallycorrectfeedback"), usual),
            wrong=self._written(parts.get("incorrectfeedback"), usual),
            units=tuple(_said(_parts(unit), "unit_name") for unit in parts["units"]) if "units" in parts else (),
            for_graders=self._written(parts.get("graderinfo"), usual),
            left_out=tuple(_left_out(parts, kind)),
        )

    def _written(self, element: Any, usual: Format) -> Written:
        if element is None:
            return NOTHING
        text = _text(element)
        if not text:
            return NOTHING
        written = Written(text, _FORMATS.get((element.get("format") or "").strip(), usual))
        files = element.findall("file")
        return written._replace(files=self._of(files)) if files else written

    def _of(self, elements: Any) -> dict[str, str]:
        files: dict[str, str] = {}
        for element in elements:
            name = ((element.get("path") or "/") + (element.get("name") or "")).lstrip("/")
            content = self._content("".join(element.itertext()))
            if content.strip() and name:
                files.setdefault(name, self._files.path(name, content))
        return files

    def _with_old_image(self, parts: _Parts, written: Written) -> Written:
        """Moodle 1.9 wrote a question's one image beside its text."""
        name, content = _said(parts, "image"), _said(parts, "image_base64")
        if not (name and content):
            return written
        name = name.replace("/", "_")
        image = f' <img src="{IN_THE_BANK}{escape(name)}" alt="" />'
        files = {**written.files, name: self._files.path(name, content)}
        return Written(written.text + image, "html" if written.format == "html" else "moodle", files)

    def _answer(self, element: Any, usual: Format, typed: bool) -> Answer:
        parts = _parts(element)
        # Moodle 1.4 wrote an answer without <text>.
        text = _own_text(parts["text"]) if "text" in parts else (element.text or "").strip()
        format_: Format = "plain" if typed else _FORMATS.get((element.get("format") or "").strip(), usual)
        written = (
            Written(text, format_, self._of(element.findall("file"))) if "file" in parts else Written(text, format_)
        )
        share = element.get("fraction")
        return Answer(
            written,
            _float(share) if share is not None else 100 * _float(_said(parts, "fraction")),
            self._written(parts.get("feedback"), usual),
            _said(parts, "tolerance") or "0",
        )

    def _pair(self, element: Any, usual: Format) -> tuple[Written, str]:
        return self._written(element, usual), _text(element.find("answer"))

    def _hint(self, element: Any, usual: Format) -> Written:
        old = element.find("hintcontent")
        return self._written(element if old is None else old, usual)


def category_path(written: str) -> tuple[str, ...]:
    """The names in a path such as ``$course$/top/A/B``, from the outermost inwards; a slash in a name is doubled."""
    names = [name.replace("//", "/").strip() for name in _SLASH.split(written.strip())]
    if names and _CONTEXT.fullmatch(names[0]):
        names.pop(0)
    if names and names[0] == "top":
        names.pop(0)
    return tuple(name for name in names if name)


def _text(element: Any) -> str:
    """The text in an element's ``<text>``, or in the element itself where it has none."""
    if element is None:
        return ""
    inner = element.find("text")
    if inner is None:
        return _own_text(element) if element.tag in ("category", "name", "tag", "questiontext") else ""
    return _own_text(inner)


def _own_text(element: Any) -> str:
    # Markup in it is markup that nobody escaped.
    text: str = "".join(element.itertext()) if len(element) else element.text or ""
    return text.strip()


_Parts = dict[str, Any]
"""The elements in an element by their names; of several, the first."""


def _parts(element: Any) -> _Parts:
    parts: _Parts = {}
    for child in element:
        parts.setdefault(child.tag, child)
    return parts


def _said(parts: _Parts, name: str) -> str:
    found = parts.get(name)
    return "" if found is None else _own_text(found)


def _is_true(written: str) -> bool:
    return written not in ("", "0", "false")


def _float(written: str | None) -> float:
    try:
        number = float((written or "0").strip() or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0


def _left_out(parts: _Parts, kind: str) -> Iterator[str]:
    penalty = _said(parts, "penalty")
    if penalty and all(abs(_float(penalty) - usual) > 0.005 for usual in _USUAL_PENALTIES):
        yield "the penalty for a wrong try"
    if kind == "essay":
        if _text(parts.get("responsetemplate")):
            yield "the template for the answer to an essay"
        if any(_float(_said(parts, name)) for name in ("attachments", "minwordlimit", "maxwordlimit")):
            yield "limits for the answer to an essay: words, or files to be handed in"
    if "coursetags" in parts:
        yield "tags of the course"
