"""What docs/plugins.md says is so: its example is the one that can be installed, and it leaves nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardforge import plugin

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "plugins.md"
EXAMPLE = ROOT / "examples" / "cardforge-flat-text"
INLINED = re.compile(r"(<!-- example: (\S+)[^>]*-->\n).*?(<!-- /example -->)", re.DOTALL)


def _inlined(match: re.Match[str]) -> str:
    code = (EXAMPLE / match[2]).read_text(encoding="utf-8")
    return f"{match[1]}```python\n{code}```\n{match[3]}"


def test_the_example_is_the_one_that_is_installed(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = INLINED.sub(_inlined, text)
    if pytestconfig.getoption("--regenerate"):
        PAGE.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted


def test_the_example_is_there_with_its_source_and_its_exporter() -> None:
    assert [match[2].rpartition("/")[2] for match in INLINED.finditer(PAGE.read_text(encoding="utf-8"))] == [
        "source.py",
        "exporter.py",
    ]


@pytest.mark.parametrize("kind", [plugin.Source, plugin.Recognises, plugin.Ranked, plugin.StampsIds, plugin.Exporter])
def test_everything_that_a_plugin_may_have_is_named(kind: type) -> None:
    named = re.findall(r"\w+", INLINED.sub("", PAGE.read_text(encoding="utf-8")))
    own = {name for name in {**vars(kind), **kind.__annotations__} if not name.startswith("_")}
    assert own - {"model_config", "model_fields"} <= {*named}


@pytest.mark.parametrize("kind", [plugin.Draft, plugin.Context])
def test_everything_that_is_given_and_taken_is_named(kind: type) -> None:
    named = re.findall(r"\w+", INLINED.sub("", PAGE.read_text(encoding="utf-8")))
    assert {*kind.__annotations__} <= {*named}


def test_the_files_that_the_page_names_are_there() -> None:
    for path in re.findall(r"\]\((?!http)([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / path).exists(), path
