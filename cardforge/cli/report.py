"""The report of an export: every loss and every mistake, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cardforge import __version__
from cardforge.diagnostics import InvalidOption


def check(path: Path) -> None:
    """Refuse a place where no report can be written, or where something else than an earlier report is.

    Raises InvalidOption. To be called before anything is exported.
    """
    import tempfile

    try:
        if path.is_dir():
            raise InvalidOption(f"--report {path} is a folder; name a file")
        if path.exists() and not path.is_file():
            raise InvalidOption(f"--report {path} is not an ordinary file; name another file")
        folder = path.resolve().parent
        if not folder.is_dir():
            raise InvalidOption(
                f"--report {path}: the folder {path.parent} is not there; make it, or name another place"
            )
        if path.is_file() and not _is_replaceable(path):
            raise InvalidOption(f"--report {path}: what is there is no report; name another file")
        with tempfile.TemporaryFile(dir=folder):
            pass  # so the report can be written there, too
    except OSError as error:
        raise InvalidOption(f"--report {path} cannot be written: {error.strerror or error}") from error


def _is_replaceable(path: Path) -> bool:
    """Whether a file is an earlier report, or empty."""
    with path.open("rb") as file:
        beginning = file.read(_LOOKED_AT).strip()
    return not beginning or _BEGINS.match(beginning) is not None


_LOOKED_AT = 200
_BEGINS = re.compile(rb'\{\s*"cardforge": "[^"\n]{1,60}",\s*"exports": \[')
"""What `write` writes first."""


def write(path: Path, exports: Sequence[dict[str, Any]]) -> None:
    """Write what became of each export. Raises OutputRefused."""
    from cardforge import api

    data = {"cardforge": __version__, "exports": exports}
    with api.replacing(path) as out:
        # What is no text in a file's name becomes \\udc.., which JSON has.
        out.write((json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode(errors="backslashreplace"))
