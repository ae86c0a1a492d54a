"""The Markdown of the deck format: CommonMark, tables, strikethrough, dollar maths, raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from cardforge.text.content import FORMULA
from cardforge.text.html import is_element

_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_BAD_LINK = re.compile(r"\s*(?:javascript|vbscript|file|data):", re.IGNORECASE)
MATHS = frozenset({"math_inline", "math_inline_double", "math_block"})


def parser() -> MarkdownIt:
    """A parser whose render rules may be changed; `parse` shares one."""
    markdown = MarkdownIt("commonmark", {"xhtmlOut": True, "html": True})
    markdown.enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, double_inline=True, allow_labels=False, allow_blank_lines=False)
    # The plugin's own rule takes, for "$5 and $10" not to be a formula, a text's last character for the one before
    # its first: "$x$ is 5" would be none either.
    markdown.inline.ruler.at("math_inline", _inline_maths)
    # markdown-it lets data: images pass; nothing of that kind may reach a learner.
    markdown.validateLink = lambda url: not _BAD_LINK.match(url)  # type: ignore[method-assign]
    return markdown


def _inline_maths(state: StateInline, silent: bool) -> bool:
    formula = FORMULA.match(state.src, state.pos, state.posMax)
    if not formula:
        return False
    if not silent:
        token = state.push("math_inline_double" if formula[1] else "math_inline", "math", 0)
        token.content = formula[1] or formula[2]
        token.markup = "$$" if formula[1] else "$"
    state.pos = formula.end()
    return True


@cache
def _shared() -> MarkdownIt:
    return parser()


def parse(text: str) -> list[Token]:
    """The tokens of a text, with `List<int>` and its like as text rather than as lost elements."""
    tokens = _shared().parse(text)
    for token in tokens:
        if token.children:
            _unknown_elements_to_text(token.children)
    return tokens


def to_html(tokens: Sequence[Token]) -> str:
    """What markdown-it itself makes of a text's tokens, not sanitised."""
    return str(_shared().renderer.render(tokens, _shared().options, {}))


def _unknown_elements_to_text(children: Sequence[Token]) -> None:
    for child in children:
        if child.type == "html_inline":
            name = _TAG_NAME.match(child.content)
            if name and not is_element(name[1]):
                child.type = "text"


def walk(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every token, children of inline and image tokens too, with the line (from 0) it is on or after."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        yield token, line
        stack = list(reversed(token.children or ()))
        while stack:
            child = stack.pop()
            yield child, line
            stack.extend(reversed(child.children or ()))


def has_raw_html(tokens: Sequence[Token]) -> bool:
    """Whether any HTML of the author's own is among the tokens."""
    return any(token.type in ("html_block", "html_inline") for token, _ in walk(tokens))
