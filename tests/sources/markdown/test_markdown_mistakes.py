"""One deck a mistake, beside exactly what ``cardforge check`` prints about it.

To add one: write ``mistakes/name.md``, run ``pytest --regenerate tests/sources/markdown`` and read ``name.expected`` as
the person who made the mistake.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.program import cardforge
from tests.conftest import Golden

HERE = Path(__file__).parent / "mistakes"
SOURCE = Path(__file__).parents[3] / "sources" / "cardforge_sources" / "markdown"
DECKS = sorted(path.name for path in HERE.glob("*.md"))


@pytest.mark.parametrize("name", DECKS)
def test_a_mistake_is_reported_as_expected(name: str, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    golden(str(cardforge("check", name)), HERE / f"{Path(name).stem}.expected")


def test_every_expected_output_has_its_deck() -> None:
    assert {path.stem for path in HERE.glob("*.expected")} == {Path(name).stem for name in DECKS}


def test_every_code_has_its_deck() -> None:
    call = re.compile(r'\b(?:error|warn|_warn|Problem)\(\s*"([a-z-]+)"')
    emitted = {code for file in SOURCE.glob("*.py") for code in call.findall(file.read_text(encoding="utf-8"))}
    expected = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.expected"))
    assert emitted <= set(re.findall(r"(?:error|warning)\[([a-z-]+)\]", expected))
