"""What README says is so: its matrix, its deck, its lines."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cardforge import load, registry
from cardforge.fidelity import Capabilities, Feature, Level, dropped

README = Path(__file__).parents[1] / "README.md"
MATRIX = re.compile(r"(<!-- matrix: [^>]*-->\n).*?(<!-- /matrix -->)", re.DOTALL)
MARKS = {Level.NATIVE: "●", Level.ADAPTED: "◐", Level.DROPPED: "○"}


def matrix() -> str:
    """Every feature and target, from what the exporters declare."""
    targets: dict[str, Capabilities] = {}
    for name in registry.exporter_names():
        kind = registry.exporter(name)
        if not kind.__module__.startswith("cardforge_exporters"):
            continue
        targets[name] = kind.capabilities
    rows = ["| | " + " | ".join(targets) + " |", "|---|" + ":-:|" * len(targets)]
    for feature in Feature:
        marks = (MARKS[capabilities.get(feature, dropped()).level] for capabilities in targets.values())
        rows.append(f"| {feature.value.replace('_', ' ')} | " + " | ".join(marks) + " |")
    return "\n".join(rows)


def test_the_matrix_is_what_the_exporters_declare(pytestconfig: pytest.Config) -> None:
    text = README.read_text(encoding="utf-8")
    wanted = MATRIX.sub(lambda m: f"{m[1]}{matrix()}\n{m[2]}", text)
    if pytestconfig.getoption("--regenerate"):
        README.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted


def test_the_deck_in_the_readme_is_valid(tmp_path: Path) -> None:
    (deck,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "deck.yaml").write_text(deck, encoding="utf-8")
    assert len(load(tmp_path / "deck.yaml").items) == 2


def test_the_python_in_the_readme_runs(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    (deck,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    for place, content in (("decks/deck.yaml", deck), ("pictures/robin.svg", "<svg/>")):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(content, encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "decks" / "deck.apkg").is_file()
    assert [len(load(tmp_path / "birds.apkg").items)] == [3]


def test_the_files_that_the_readme_names_are_there() -> None:
    text = re.sub(r"```.*?```", "", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (README.parent / path).exists(), path
