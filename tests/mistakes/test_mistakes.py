"""One deck a mistake, beside exactly what ``cardforge check`` prints about it.

To add one: write ``name.yaml``, run ``pytest --regenerate tests/mistakes`` and read ``name.expected`` as the person
who made the mistake.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.cli.program import cardforge
from tests.conftest import Golden

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DECKS = sorted(path.name for path in HERE.glob("*.yaml"))


@pytest.mark.parametrize("name", DECKS)
def test_a_mistake_is_reported_as_expected(name: str, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    golden(str(cardforge("check", name)), HERE / f"{Path(name).stem}.expected")


def test_every_expected_output_has_its_deck() -> None:
    assert {path.stem for path in HERE.glob("*.expected")} == {Path(name).stem for name in DECKS}


# What no YAML file can lead to: these are for paths, for JSON and for exporters' options. And what takes too large a one.
ELSEWHERE = {"file-missing", "file-unreadable", "media-unreadable", "not-unicode", "wrong-option", ""}
ELSEWHERE |= {"too-many-mistakes"}


def test_every_code_has_its_deck() -> None:
    files = [*(ROOT / "cardforge").rglob("*.py"), *(ROOT / "sources/cardforge_sources/yaml").glob("*.py")]
    emitted = {code for file in files for code in _codes(ast.parse(file.read_text(encoding="utf-8")))}
    expected = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.expected"))
    shown = set(re.findall(r"(?:error|warning)\[([a-z0-9-]+)\]", expected))
    assert emitted - ELSEWHERE <= shown


def _codes(tree: ast.AST) -> set[str]:
    """The codes that stand in calls of Problem(…)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    codes = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem"]
    return {code.value for code in codes if isinstance(code, ast.Constant) and isinstance(code.value, str)}
