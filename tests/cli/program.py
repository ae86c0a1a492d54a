"""Runs the command line inside the test's own process."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from unittest.mock import patch

from cardforge.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and the bytes on standard output and standard error."""

    code: int
    out_bytes: bytes
    err_bytes: bytes

    @property
    def out(self) -> str:
        return self.out_bytes.decode()

    @property
    def err(self) -> str:
        return self.err_bytes.decode()

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.err}{self.out}"


def cardforge(*arguments: object) -> Ran:
    """Run ``cardforge`` with these arguments, as a shell would."""
    out, err = BytesIO(), BytesIO()
    out_text = TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=True)
    err_text = TextIOWrapper(err, encoding="utf-8", newline="\n", write_through=True)
    code: object = 0
    with (
        patch.object(sys, "argv", ["cardforge", *map(str, arguments)]),
        redirect_stdout(out_text),
        redirect_stderr(err_text),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())
