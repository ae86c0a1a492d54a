"""The elements of a Moodle XML file as questions and categories.

What may stand where is what qformat_xml of Moodle 4.5 reads (question/format/xml/format.php), with what older versions
wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from math import nan

from cardforge_sources.question_bank.files import Files
from cardforge_sources.question_bank.parts import number_of
from cardforge_sources.question_bank.question import NOTHING, Answer, Category, Format, Question, Written, category_path
from cardforge_sources.question_bank.texts import IN_THE_BANK
from cardforge_sources.question_bank.told import Told
from cardforge_sources.xml import Element, text_of

_FORMATS: dict[str, Format] = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "wiki_like": "plain",
    "markdown": "markdown",
}
_WORDS = ("dragbox", "selectoption")
_USUAL_PENALTIES = (0, 0.1, 0.33, 1)


class Reader:
    """Reads elements; the files that they hold go to ``files``. ``content`` gives the text of a file element."""

    def __init__(
        self, files: Files, told: Told, offset: Callable[[Element], int], content: Callable[[str], str] = str
    ) -> None:
        self._files = files
        self._told = told
        self._offset = offset
        self._content = content

    def entries(self, quiz: Element) -> Iterator[Question | Category]:
        """Everything in a ``<quiz>``, in its order."""
        for element in quiz.iterchildren("question"):
            if element.get("type") == "category":
                yield self._category(element)
            else:
                parts = _parts(element)
                question = self._question(element, parts)
                for what in _odd_numbers(parts, question):
                    self._told.adapted(question, what, "write a number there")
                yield question

    def _category(self, element: Element) -> Category:
        text = _text(element.find("category"))
        info = self._written(element.find("info"), "html")
        return Category(category_path(text), info, self._offset(element))

    def _question(self, element: Element, parts: _Parts) -> Question:
        text = self._with_old_image(parts, self._written(_first(parts, "questiontext"), "html"))
        usual = text.format
        kind = (element.get("type") or "").strip()
        typed = kind in ("shortanswer", "numerical", "truefalse")
        return Question(
            kind,
            self._offset(element),
            name=_text(_first(parts, "name")),
            text=text,
            feedback=self._written(_first(parts, "generalfeedback"), usual),
            points=_said(parts, "defaultgrade"),
            idnumber=_said(parts, "idnumber"),
            tags=tuple(_text(tag) for tag in _parts(_first(parts, "tags")).get("tag", ())),
            hints=tuple(self._hint(hint, usual) for hint in parts.get("hint", ())),
            answers=tuple(self._answer(answer, usual, typed) for answer in parts.get("answer", ())),
            pairs=tuple(self._pair(pair, usual) for pair in parts.get("subquestion", ())),
            words=tuple(_text(word) for name in _WORDS for word in parts.get(name, ())),
            single=_is_true(_said(parts, "single") or "true"),
            shuffle=_is_true(_said(parts, "shuffleanswers") or ("true" if "match" in kind else "false")),
            numbering=_said(parts, "answernumbering"),
            case_sensitive=_is_true(_said(parts, "usecase")),
            right=self._written(_first(parts, "correctfeedback"), usual),
            partly=self._written(_first(parts, "partiallycorrectfeedback"), usual),
            wrong=self._written(_first(parts, "incorrectfeedback"), usual),
            units=tuple(_said(_parts(unit), "unit_name") for unit in _parts(_first(parts, "units")).get("unit", ())),
            for_graders=self._written(_first(parts, "graderinfo"), usual),
            left_out=tuple(_left_out(parts, kind)),
        )

    def _written(self, element: Element | None, usual: Format) -> Written:
        text = "" if element is None else _text(element)
        if element is None or not text:
            return NOTHING
        format_ = _format(element, usual)
        return Written(text, format_, self._of(element)) if len(element) > 1 else Written(text, format_)

    def _of(self, around: Element) -> dict[str, str]:
        """The files in an element."""
        files: dict[str, str] = {}
        for element in around.iterchildren("file"):
            name = ((element.get("path") or "/") + (element.get("name") or "")).lstrip("/")
            content = self._content(text_of(element))
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

    def _answer(self, element: Element, usual: Format, typed: bool) -> Answer:
        parts = _parts(element)
        # Moodle 1.4 wrote an answer without <text>.
        text = _said(parts, "text") if "text" in parts else (element.text or "").strip()
        format_: Format = "plain" if typed else _format(element, usual)
        written = Written(text, format_, self._of(element)) if "file" in parts else Written(text, format_)
        share = element.get("fraction")
        return Answer(
            written,
            _float(share) if share is not None else 100 * _float(_said(parts, "fraction")),
            self._written(_first(parts, "feedback"), usual),
            _said(parts, "tolerance") or "0",
        )

    def _pair(self, element: Element, usual: Format) -> tuple[Written, str]:
        return self._written(element, usual), _text(_first(_parts(element), "answer"))

    def _hint(self, element: Element, usual: Format) -> Written:
        old = _first(_parts(element), "hintcontent")
        return self._written(element if old is None else old, usual)


def _text(element: Element | None) -> str:
    """The text in an element's ``<text>``, or in the element itself where it has none."""
    for child in element if element is not None else ():
        if child.tag == "text":
            return _own_text(child)
    return _own_text(element) if element is not None and element.tag in _WITH_OWN_TEXT else ""


_WITH_OWN_TEXT = ("category", "name", "tag", "questiontext")


def _format(element: Element, usual: Format) -> Format:
    return _FORMATS.get((element.get("format") or "").strip(), usual)


def _own_text(element: Element) -> str:
    # Markup in it is markup that nobody escaped.
    return (text_of(element) if len(element) else element.text or "").strip()


_Parts = dict[str, list[Element]]
"""The elements in an element by their names. (A loop over them is many times as fast as lxml's find for each name.)"""


def _parts(element: Element | None) -> _Parts:
    parts: _Parts = {}
    for child in element if element is not None else ():
        name = child.tag
        if name in parts:
            parts[name].append(child)
        else:
            parts[name] = [child]
    return parts


def _first(parts: _Parts, name: str) -> Element | None:
    """The first element of this name, or None: as Moodle does, others are not looked at."""
    found = parts.get(name)
    return found[0] if found else None


def _said(parts: _Parts, name: str) -> str:
    found = parts.get(name)
    return _own_text(found[0]) if found else ""


def _is_true(written: str) -> bool:
    return written not in ("", "0", "false")


def _float(written: str) -> float:
    return _number(written) or 0.0


def _number(written: str) -> float | None:
    """A number as PHP reads it, which takes what is a number at the beginning; a comma is a decimal point, too."""
    try:
        number = float(written)
    except ValueError:
        begin = _NUMBER.match(written)
        number = float(begin[0].replace(",", ".")) if begin else nan
    return number if abs(number) < _GREATEST else None


_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_GREATEST = 1e6


def _odd_numbers(parts: _Parts, question: Question) -> Iterator[str]:
    """Numbers that cannot be meant, and what is read instead."""
    if question.points and question.type not in _WITHOUT_POINTS:
        points = number_of(question.points)
        if points is None or points < 0:
            yield f"“{_shown(question.points)}” is no number of points, so it gives 1"
    for element, answer in zip(parts.get("answer", ()), question.answers, strict=True):
        share = element.get("fraction")
        if share is None:
            share = _said(_parts(element), "fraction")
        if share not in _USUAL_SHARES and _number(share) is None:
            yield f"“{_shown(share)}” is no share of the points, so an answer gives none"
        elif abs(answer.share) > _ALL:
            yield f"an answer gives {answer.share:.10g} % of the points, and no more than 100 % are kept"
        if answer.tolerance != "0" and number_of(answer.tolerance) is None:
            yield f"“{_shown(answer.tolerance)}” is no tolerance, so there is none"


_USUAL_SHARES = ("0", "100", "")
_WITHOUT_POINTS = ("cloze", "multianswer", "description")
"""Types whose points are the sum of their blanks', or that have none."""
_ALL = 100.001


def _shown(written: str) -> str:
    return " ".join(written.split())[:20]


def _left_out(parts: _Parts, kind: str) -> Iterator[str]:
    penalty = _said(parts, "penalty")
    if penalty and round(_float(penalty), 2) not in _USUAL_PENALTIES:
        yield "the penalty for a wrong try"
    if kind == "essay":
        if _text(_first(parts, "responsetemplate")):
            yield "the template for the answer to an essay"
        if any(_float(_said(parts, name)) for name in ("attachments", "minwordlimit", "maxwordlimit")):
            yield "limits for the answer to an essay: words, or files to be handed in"
    if "coursetags" in parts:
        yield "tags of the course"
