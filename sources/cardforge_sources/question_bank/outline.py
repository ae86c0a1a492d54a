"""The questions of a file, in their categories, as a deck."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cardforge.diagnostics import Loc, Problem
from cardforge.document import Document
from cardforge.media import Media
from cardforge.plugin import Draft
from cardforge.text.content import has_visible
from cardforge_sources.alike import TextData
from cardforge_sources.lines import as_line
from cardforge_sources.places import Places
from cardforge_sources.question_bank import own, shapes
from cardforge_sources.question_bank.items import items_of
from cardforge_sources.question_bank.parts import Data, filled, identifier
from cardforge_sources.question_bank.question import Category, Question
from cardforge_sources.question_bank.texts import Texts, with_breaks
from cardforge_sources.question_bank.told import Told, name_of

_DEEPEST = 20
_DEFAULT_INFO = re.compile(
    r"(?:<[^<>]*>)*The default category for questions shared in context ['‘].*['’]\.(?:<[^<>]*>)*"
)


@dataclass(slots=True)
class _Node:
    """The deck or a section: what is said of it, its nodes, and where they stand.

    ``texts`` are the questions that describe it, ``current`` the part of it that the last of these began.
    """

    title: str
    said: Data = field(default_factory=dict)
    nodes: list[tuple[Any, int]] = field(default_factory=list)
    texts: list[Question] = field(default_factory=list)
    current: _Node | None = None


def draft(
    entries: Sequence[Question | Category],
    document: Document,
    texts: Texts,
    told: Told,
    media: Media,
    name: str,
    *,
    deck: Data | None = None,
    in_order: bool = False,
) -> Draft:
    """The draft of a deck; ``name`` is the title of one whose questions are in no common category.

    ``deck`` is what the file says of the deck besides. ``in_order`` says that somebody put the questions in this order,
    so that a text between them belongs to those behind it. Raises InvalidDeck when there is no question that a deck can
    hold.
    """
    paths, questions = _placed(entries)
    made = items_of(questions, texts, told)
    outline = _Outline([paths[id(question)] for question, _ in made], name, texts, told, in_order)
    for entry in entries:
        if isinstance(entry, Category):
            outline.describe(entry)
    for question, item in made:
        outline.add(paths[id(question)], question, item)
    outline.tell_of_empty_categories()
    data, places = outline.deck()
    problems = told.problems()
    if not data["items"]:
        raise document.invalid((*problems, _NOTHING))
    return Draft(
        {**(deck or {}), **_numbering(made), **data}, document, Places(places), media, problems, is_beginning=True
    )


def _numbering(made: Sequence[tuple[Question, Data | None]]) -> Data:
    """How choices are numbered, as the exporter's option, where it is the same everywhere and not the usual one."""
    found = {q.numbering for q, item in made if item is not None and item["type"] == "multiple_choice"}
    said = next(iter(found)) if len(found) == 1 else ""
    return {"targets": {"moodle": {"numbering": said}}} if said in _NUMBERINGS else {}


_NUMBERINGS = ("ABCD", "123", "iii", "IIII", "none")

_NOTHING = Problem(
    "no-items",
    "there is no question in this file that a deck can hold",
    "look whether it is the right file, and whether it was exported whole",
)


def _placed(entries: Sequence[Question | Category]) -> tuple[dict[int, tuple[str, ...]], list[Question]]:
    """The category of each question, by the question's identity, and the questions."""
    paths: dict[int, tuple[str, ...]] = {}
    path: tuple[str, ...] = ()
    for entry in entries:
        if isinstance(entry, Category):
            path = _shortened(entry.path)
        else:
            paths[id(entry)] = path
    return paths, own.without_self_checks([e for e in entries if isinstance(e, Question)])


def _shortened(path: tuple[str, ...]) -> tuple[str, ...]:
    titles = [title for name in path if (title := as_line(unescape(name)))]
    if len(titles) > _DEEPEST:
        titles[_DEEPEST - 1 :] = [" / ".join(titles[_DEEPEST - 1 :])]
    return tuple(titles)


class _Outline:
    """Puts items into sections; each category is one, where its first item stands."""

    def __init__(self, paths: Sequence[tuple[str, ...]], name: str, texts: Texts, told: Told, in_order: bool) -> None:
        self._texts = texts
        self._told = told
        self._in_order = in_order
        tops = {path[:1] for path in paths}
        # The category that all are in is the deck itself.
        self._top = next(iter(tops)) if len(tops) == 1 else ()
        self._root = _Node((self._top[0] if self._top else "") or as_line(name) or "Questions")
        self._sections: dict[tuple[str, ...], _Node] = {(): self._root}
        self._described: dict[tuple[str, ...], tuple[Data, int]] = {}

    def describe(self, category: Category) -> None:
        """Take note of what a category says."""
        info, path = category.info, _shortened(category.path)
        if not info.text.strip() or _DEFAULT_INFO.fullmatch(info.text.strip()):
            return
        if path[: len(self._top)] != self._top:
            path = ("", *path)  # where no item is
        html = with_breaks(info.text) if info.format == "moodle" else info.text
        if info.format in ("plain", "markdown"):
            said: Data = filled(description=self._texts.of(info, category.offset))
        else:
            found = shapes.described(html)
            description = self._texts.html(found.html, info, category.offset)
            said = filled(description=description, pick=found.pick, **_credits(found))
        self._described.setdefault(path[len(self._top) :], (said, category.offset))

    def add(self, path: tuple[str, ...], question: Question, item: Data | None) -> None:
        """Put an item, or a text between items, into its category."""
        node = self._node(path[len(self._top) :], question.offset)
        node = node.current or node
        if item is not None:
            node.nodes.append((item, question.offset))
        else:
            self._describe_by(question, path[len(self._top) :], node)

    def _describe_by(self, question: Question, path: tuple[str, ...], node: _Node) -> None:
        """A text before all items of a category describes it."""
        written, said = question.text, Data()
        text = self._texts.of(written, question.offset)
        if written.format == "html":
            found = shapes.described(written.text)
            said = filled(pick=found.pick, **_credits(found))
            text = self._texts.html(found.html, written, question.offset) if said else text
        if not node.nodes:
            node.said |= said
            node.texts.append(question)
            if text is not None:
                self._join(node, text)
        elif text is None:
            pass
        elif self._in_order:
            around = self._sections[path]
            around.current = _Node(name_of(question) or "Questions", {"description": text, **said})
            around.current.texts.append(question)
            around.nodes.append((around.current, question.offset))
        else:
            why = "it is a text between questions, and a section has such a text only before them"
            self._told.kept_aside(question, why, "put the text into the description of a section of its own")

    def _join(self, node: _Node, text: TextData) -> None:
        before = node.said.get("description")
        if isinstance(before, str) and isinstance(text, str):
            text = f"{before}\n\n{text}"
        elif before is not None:
            parts = [t["html"] if isinstance(t, dict) else f"<p>{t}</p>" for t in (before, text)]
            text = {"html": "\n".join(parts)}
        node.said["description"] = text

    def _node(self, path: tuple[str, ...], offset: int) -> _Node:
        node = self._sections.get(path)
        if node is None:
            around = self._node(path[:-1], offset)
            node = self._sections[path] = _Node(path[-1])
            node.said, _ = self._described.pop(path, ({}, 0))
            around.nodes.append((node, offset))
        elif path in self._described:  # the deck's
            node.said, _ = self._described.pop(path)
        return node

    def tell_of_empty_categories(self) -> None:
        """Descriptions of categories that hold nothing are not in the deck."""
        for _, offset in self._described.values():
            self._told.not_kept(offset, "the description of a category in which no question is")

    def deck(self) -> tuple[Data, dict[Loc, int]]:
        """The deck, and where its items stand."""
        places: dict[Loc, int] = {}
        items = self._data(self._root, ("items",), places)
        if not items:
            self._tell_of_texts(self._root)
        said = {name: value for name, value in self._root.said.items() if name != "pick"}
        return {"title": self._root.title, **said, "items": items}, places

    def _data(self, node: _Node, at: Loc, places: dict[Loc, int]) -> list[Any]:
        made: list[Any] = []
        for part, offset in node.nodes:
            place = (*at, len(made))
            if not isinstance(part, _Node):
                made.append(part)
            else:
                inside = self._data(part, (*place, "items"), places)
                if not inside:
                    self._tell_of_texts(part)
                    continue
                said = {k: v for k, v in part.said.items() if k in ("description", "pick")}
                made.append({"section": part.title, **said, "items": inside})
            places[place] = offset
        return made

    def _tell_of_texts(self, node: _Node) -> None:
        for question in node.texts:
            self._told.kept_aside(
                question, "it is a text, and no question stands behind it", "nothing, if it asks nothing"
            )


def _credits(found: shapes.Described) -> Data:
    said = {"author": found.author, "license": found.license}
    lines = {name: as_line(value) for name, value in said.items() if value and has_visible(value)}
    return lines | filled(id=identifier(found.id or ""))
