r"""HTML as Moodle and Canvas show it: formulas as MathJax reads them, and nothing that it would take for one."""

from __future__ import annotations

import re

from cardforge.text import Dialect
from cardforge.text.render import mathjax

# What begins or ends a formula for their MathJax, outside of tags: \( \) \[ \] and $$.
_DELIMITER = re.compile(r"(<[^>]*>)|\\(?=[()\[\]])|\$(?=\$)")


def _defuse(html: str) -> str:
    if "\\" in html or "$$" in html:
        return _DELIMITER.sub(lambda m: m[1] or m[0] + "<span></span>", html)
    return html


DIALECT = Dialect(maths=mathjax, literal=_defuse)
