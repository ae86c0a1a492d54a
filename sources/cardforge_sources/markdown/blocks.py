"""The blocks of a file: headings, labels, lists, short cards, lines across the page; everything else is text.

A line reader that knows what CommonMark does not look into: fenced and indented code, HTML blocks, comments, formulas of
several lines. What stands in a list item is told by its indentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from markdown_it.common.html_blocks import block_names

from cardforge.diagnostics import Problem
from cardforge_sources.markdown.lines import Line, dedented, indentation, is_blank
from cardforge_sources.markdown.marks import BOX, LABEL, card_mark, pair_mark
from cardforge_sources.places import warning


class Sort(Enum):
    """What a block is. TEXT has everything that only Markdown's renderer cares for."""

    HEADING = auto()
    LABEL = auto()
    LIST = auto()
    CARDS = auto()
    RULE = auto()
    CODE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """``start`` and ``end`` (exclusive) count lines.

    Of a heading, ``level`` is from 1 to 6; of a label, ``name`` is in lower case and ``content`` what it labels; of a
    list, ``entries`` are each the content of one entry.
    """

    sort: Sort
    start: int
    end: int
    level: int = 0
    name: str = ""
    content: Sequence[Line] = ()
    entries: tuple[Sequence[Line], ...] = ()
    ordered: bool = False


_START = re.compile(
    rf"""[ ]{{0,3}}(?:
      (?P<heading>\#{{1,6}})(?=[ \t]|$)
    | (?P<fence>`{{3,}}(?=[^`]*$)|~{{3,}})
    | (?P<rule>(?:-[ \t]*+){{3,}}+$|(?:\*[ \t]*+){{3,}}+$|(?:_[ \t]*+){{3,}}+$)
    | (?P<list>[-+*]|\d{{1,9}}[.)])(?=[ \t]|$)
    | (?P<closed><(?:!--|\?|![A-Za-z]|!\[CDATA\[|(?:pre|script|style|textarea)(?=[\s>]|$)))
    | (?P<html></?(?:{"|".join(block_names)})(?=[\s/>]|$))
    | (?P<tag><[A-Za-z][\w-]*(?:\s[^<>]*+)?>[ \t]*$|</[A-Za-z][\w-]*\s*>[ \t]*$)
    | (?P<formula>\$\$(?!.*\$\$))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MAY_START = frozenset("#`~-*_+<$0123456789")
_HTML_ENDS = {"<!--": "-->", "<?": "?>", "<![cdata[": "]]>"}
_UNDERLINE = re.compile(r" {0,3}(?:(=+)|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}-{3,}[ \t]*$")
_ENTRY = re.compile(r"[ ]*([-+*]|\d{1,9}[.)])(?:([ \t]+)(?=[^ \t])|[ \t]*$)")


def _start(line: str) -> re.Match[str] | None:
    bare = line.lstrip(" ")
    return _START.match(line) if bare[:1] in _MAY_START else None


def fence_end(lines: Sequence[Line], at: int, fence: str) -> int:
    """The line behind the one that closes a fence opened in the line ``at``; the end, when nothing closes it."""
    closing = re.compile(rf" {{0,3}}{fence}{fence[0]}*[ \t]*$")
    return next((n + 1 for n in range(at + 1, len(lines)) if closing.match(lines[n][1])), len(lines))


def outside_fences(lines: Sequence[Line]) -> Iterator[int]:
    """The numbers of the lines that are not in fenced code."""
    at = 0
    while at < len(lines):
        start = _start(lines[at][1])
        if start and start["fence"]:
            at = fence_end(lines, at, start["fence"])
        else:
            yield at
            at += 1


_LIST_LABELS = frozenset({"answer", "concepts", "distractors", "order"})


class Scanner:
    """Reads the lines of a file once. ``problems`` is what looks like a construct and stands where it is none."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.problems: list[Problem] = []

    def blocks(self, at: int = 0) -> list[Block]:
        """Every block from the line ``at`` on."""
        found: list[Block] = []
        while (at := self._behind_blank(at)) < len(self.lines):
            block = self._block(at)
            if found and found[-1].sort is Sort.HEADING and block.start == found[-1].end:
                self._warn_of_underlining(block)
            if block.sort is Sort.LIST:
                self._warn_of_cards_in(block)
            found.append(block)
            at = block.end
        return found

    def _warn_of_underlining(self, block: Block) -> None:
        """What stands directly below a heading is rarely another one; its line of hyphens is meant to part two texts."""
        if block.sort is Sort.HEADING and block.level == 2 and block.end - block.start > 1:
            message = "a line of hyphens directly below a text makes a heading of that text"
            fix = "put an empty line above the hyphens, if they are to part the front from the back"
            self._warn("underlined", message, fix, self.lines[block.end - 1][0])

    def _warn_of_cards_in(self, block: Block) -> None:
        """A list of short cards is one text, which is told once; in a list of choices or pairs, the mark is text."""
        lines = self.lines[block.start : block.end]
        if any(BOX.match(line) or pair_mark(line) for _, line in lines):
            return
        for number in outside_fences(lines):
            offset, line = lines[number]
            entry = _ENTRY.match(line)
            if entry and card_mark(line[entry.end() :]):
                message = "this looks like a short card, but it stands in a list, so it is text"
                fix = "take the marks of the list away, so that each card stands on a line of its own; if it is text, nothing"
                self._warn("stray-card", message, fix, offset + entry.end())
                return

    def _behind_blank(self, at: int) -> int:
        lines, end = self.lines, len(self.lines)
        while at < end and not lines[at][1].strip(" \t"):
            at += 1
        return at

    def _block(self, at: int) -> Block:
        line = self.lines[at][1]
        start = _start(line)
        match start.lastgroup if start else None:
            case "heading":
                assert start
                return Block(Sort.HEADING, at, at + 1, len(start["heading"]))
            case "fence":
                assert start
                return Block(Sort.CODE, at, fence_end(self.lines, at, start["fence"]))
            case "rule":
                return Block(Sort.RULE if _RULE.match(line) else Sort.TEXT, at, at + 1)
            case "list":
                return self._list(at)
            case "closed":
                assert start
                return Block(Sort.TEXT, at, self._html_end(at, start["closed"].lower()))
            case "html" | "tag":
                return Block(Sort.TEXT, at, self._blank(at))
            case "formula" if end := self._formula_end(at):
                return Block(Sort.TEXT, at, end)
        if label := LABEL.match(line):
            return self._label(at, label)
        return self._paragraph(at)

    # --- blocks that hide what is in them ----------------------------------------------------------

    def _html_end(self, at: int, opening: str) -> int:
        ending = _HTML_ENDS.get(opening) or (">" if opening.startswith("<!") else f"</{opening[1:]}>")
        for number in range(at, len(self.lines)):
            if self.lines[number][1].lower().find(ending, len(opening) if number == at else 0) >= 0:
                return number + 1
        return len(self.lines)

    def _blank(self, at: int) -> int:
        while at < len(self.lines) and not is_blank(self.lines[at][1]):
            at += 1
        return at

    def _formula_end(self, at: int) -> int | None:
        for number in range(at + 1, self._blank(at)):
            if self.lines[number][1].rstrip(" \t").endswith("$$"):
                return number + 1
        return None

    # --- paragraphs, short cards and headings underlined --------------------------------------------

    def _paragraph(self, at: int) -> Block:
        first = self.lines[at][1]
        end = at + 1
        while end < len(self.lines):
            line = self.lines[end][1]
            underline = _UNDERLINE.match(line)
            if underline and not first.startswith((">", "    ", "\t")) and not card_mark(first):
                return Block(Sort.HEADING, at, end + 1, 1 if underline[1] else 2)
            if is_blank(line) or self._interrupts(line):
                break
            end += 1
        marked = [card_mark(line) is not None for _, line in self.lines[at:end]]
        if all(marked):
            return Block(Sort.CARDS, at, end)
        self._warn_of_strays(at, end, marked)
        return Block(Sort.TEXT, at, end)

    def _interrupts(self, line: str) -> bool:
        start = _start(line)
        if start is None or start.lastgroup in ("tag", "formula"):
            return False
        if start.lastgroup != "list":
            return True
        entry = _ENTRY.match(line)
        return entry is not None and entry[2] is not None and (not entry[1][0].isdigit() or entry[1][:-1] == "1")

    def _warn_of_strays(self, at: int, end: int, marked: Sequence[bool]) -> None:
        for number in range(at, end):
            offset, line = self.lines[number]
            if marked[number - at]:
                message = "this looks like a short card, but the lines around it are text, so it is text, too"
                fix = "put an empty line above and below the short cards; if it is text, nothing"
                self._warn("stray-card", message, fix, offset)
            elif label := LABEL.match(line):
                message = f"{label[1]}: stands in the middle of a paragraph, so it is text"
                fix = f"put an empty line above it; or, if it is text, write {label[1]}\\:"
                self._warn("stray-label", message, fix, offset + label.start(1))

    def _warn(self, code: str, message: str, fix: str, offset: int) -> None:
        self.problems.append(warning(offset, code, message, fix))

    # --- lists ---------------------------------------------------------------------------------------

    def _list(self, at: int) -> Block:
        sign = self._sign(at)
        entries: list[Sequence[Line]] = []
        end = at
        while end < len(self.lines) and sign == self._sign(end) and not self._is_rule(end):
            entry, end = self._entry(end)
            entries.append(entry)
            following = self._behind_blank(end)
            if following < len(self.lines) and sign == self._sign(following) and not self._is_rule(following):
                end = following
        return Block(Sort.LIST, at, end, entries=tuple(entries), ordered=sign in (".", ")"))

    def _sign(self, at: int) -> str | None:
        entry = _ENTRY.match(self.lines[at][1])
        return entry[1][-1] if entry and indentation(self.lines[at][1]) < 4 else None

    def _is_rule(self, at: int) -> bool:
        start = _start(self.lines[at][1])
        return start is not None and start.lastgroup == "rule"

    def _entry(self, at: int) -> tuple[Sequence[Line], int]:
        """The content of the list entry that begins here, and where it ends."""
        offset, line = self.lines[at]
        marker = _ENTRY.match(line)
        assert marker
        sign, begin = marker.end(1), marker.end()
        if "\t" in marker[0]:
            sign, begin = (len(line[:column].expandtabs(4)) for column in (sign, begin))
        is_near = sign < begin < sign + 5  # what is further in is a block of code
        width, start = (begin, marker.end()) if is_near else (sign + 1, marker.end(1) + 1)
        content = [(offset + min(start, len(line)), line[start:])]
        end = at + 1
        while (number := self._behind_blank(end)) < len(self.lines):
            below = self.lines[number][1]
            if indentation(below) < width and (number > end or not self._is_lazy(below)):
                break
            content += [dedented(between, width) for between in self.lines[end : number + 1]]
            end = number + 1
        return content, end

    def _is_lazy(self, line: str) -> bool:
        """Whether a line that is not indented goes on with the paragraph of the entry above."""
        return not self._interrupts(line) and not _ENTRY.match(line) and not LABEL.match(line)

    # --- labels --------------------------------------------------------------------------------------

    def _label(self, at: int, label: re.Match[str]) -> Block:
        """A label with what stands behind it and below it down to the first empty line, and behind that as long as the
        lines are indented by two. One with nothing behind or below it takes the block behind the empty line."""
        offset, line = self.lines[at]
        content: list[Line] = [(offset + label.end(), line[label.end() :])]
        end = self._labelled_end(at + 1)
        if end == at + 1 and is_blank(content[0][1]):
            below = self._behind_blank(end)
            if below < len(self.lines) and self._may_be_labelled(below, label[1].lower()):
                end = self._block(below).end
        lines = self.lines[at + 1 : end]
        if all(is_blank(line) or indentation(line) >= 2 for _, line in lines):
            lines = [dedented(line, 2) for line in lines]
        content += lines
        while (below := self._behind_blank(end)) < len(self.lines) and indentation(self.lines[below][1]) >= 2:
            content += (dedented(self.lines[number], 2) for number in range(end, below + 1))
            end = below + 1
        return Block(Sort.LABEL, at, end, name=label[1].lower(), content=content)

    def _labelled_end(self, at: int) -> int:
        while at < len(self.lines):
            line = self.lines[at][1]
            if is_blank(line):
                break
            if indentation(line) >= 2:
                at += 1
                continue
            start = _start(line)
            if LABEL.match(line):
                break
            kind = start.lastgroup if start else None
            if kind in ("heading", "rule") or (kind == "list" and BOX.match(line)):
                break
            at = self._block(at).end if kind in ("fence", "list", "closed") else at + 1
        return at

    def _may_be_labelled(self, at: int, label: str) -> bool:
        """Whether the block here may be all that a label labels, though it is not indented."""
        line = self.lines[at][1]
        start = _start(line)
        kind = start.lastgroup if start else None
        if indentation(line) >= 2 or kind in ("heading", "rule") or BOX.match(line):
            return False
        is_text = not LABEL.match(line) and not card_mark(line) and label not in _LIST_LABELS
        return kind == "list" or is_text
