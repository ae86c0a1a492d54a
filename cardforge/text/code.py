"""Code blocks highlighted by class, so that a target's style sheet colours them day and night."""

from __future__ import annotations

from functools import lru_cache
from html import escape


@lru_cache(maxsize=2048)
def highlight(code: str, language: str) -> str:
    """The code as XHTML with Pygments' short classes; an unknown or missing language gives none."""
    # A deletion inside code must reach the target in one piece.
    if not language or "{{c" in code:
        return escape(code, quote=False)
    from pygments import highlight as colour
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code, quote=False)
    return colour(code, lexer, HtmlFormatter(nowrap=True))
