"""The layers hold, one way only; and what is imported when."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import cardforge

ROOT = Path(__file__).parents[1]
LAYERS = [
    {"diagnostics", "foreign_files"},
    {"document", "text", "media"},
    {"model"},
    {"fidelity"},
    {"plugin"},
    {"plugin_checks"},
    {"plugin_calls"},
    {"wording", "registry", "schema", "options"},
    {"earlier", "validation", "output"},
    {"reading"},
    {"api"},
    {"preview"},
    {"cli"},
    {"__main__"},
]
RANK = {f"cardforge.{name}": rank for rank, layer in enumerate(LAYERS) for name in layer}


def modules(folder: str) -> dict[str, Path]:
    """The modules of a package by their full names."""
    root = ROOT / folder
    files = {path.relative_to(root.parent).with_suffix(""): path for path in sorted(root.rglob("*.py"))}
    return {".".join(name.parts).removesuffix(".__init__"): path for name, path in files.items()}


CORE = modules("cardforge")
SOURCES = modules("sources/cardforge_sources")
EXPORTERS = modules("exporters/cardforge_exporters")


def imported(path: Path) -> set[str]:
    """The full names that a module imports, anywhere in it but for type checkers only."""
    return set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert not node.level, "imports name their module in full"
        for alias in node.names:
            yield node.module or ""
            yield f"{node.module}.{alias.name}"
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def top(name: str) -> str:
    """``cardforge.text.html`` is part of ``cardforge.text``."""
    return ".".join(name.split(".")[:2])


def test_every_module_of_the_core_has_its_layer() -> None:
    assert {top(name) for name in CORE} - {"cardforge"} == RANK.keys()


@pytest.mark.parametrize("name", sorted(CORE.keys() - {"cardforge"}))
def test_a_module_of_the_core_imports_from_lower_layers_only(name: str) -> None:
    others = {top(other) for other in imported(CORE[name])} & RANK.keys() - {top(name)}
    assert {other for other in others if RANK[other] >= RANK[top(name)]} == set()


def test_the_core_imports_no_format() -> None:
    for path in CORE.values():
        assert {name.split(".")[0] for name in imported(path)}.isdisjoint({"cardforge_sources", "cardforge_exporters"})


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_imports_neither_exporters_nor_the_command_line_nor_the_registry(name: str) -> None:
    names = imported(SOURCES[name])
    assert "cardforge_exporters" not in {other.split(".")[0] for other in names}
    assert {top(other) for other in names}.isdisjoint({"cardforge.cli", "cardforge.registry"})


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_an_exporter_imports_neither_sources_nor_the_command_line_nor_the_registry(name: str) -> None:
    names = imported(EXPORTERS[name])
    assert "cardforge_sources" not in {other.split(".")[0] for other in names}
    assert {top(other) for other in names}.isdisjoint({"cardforge.cli", "cardforge.registry"})


# --- the names that others rely on ---------------------------------------------------------------


def test_the_exported_names() -> None:
    assert cardforge.__all__ == [
        "Answer",
        "BrokenPlugin",
        "CardforgeError",
        "Choice",
        "Cloze",
        "Concept",
        "Deck",
        "Diagnostic",
        "Export",
        "Feature",
        "Flashcard",
        "Html",
        "InvalidDeck",
        "InvalidOption",
        "Item",
        "Loss",
        "LossyExport",
        "Matching",
        "MultipleChoice",
        "Notice",
        "Numeric",
        "OpenPrompt",
        "Ordering",
        "OutputRefused",
        "Pair",
        "Section",
        "Severity",
        "ShortAnswer",
        "Span",
        "Text",
        "TrueFalse",
        "UnknownFormat",
        "Written",
        "check",
        "export",
        "load",
        "write",
    ]


@pytest.mark.parametrize("name", cardforge.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(cardforge, name) is not None
    assert name in dir(cardforge)


def test_type_checkers_see_the_exported_names() -> None:
    tree = ast.parse((ROOT / "cardforge/__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    names = [alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(name or "" for name in names) == cardforge.__all__


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'cardforge' has no attribute 'Card'"):
        cardforge.Card  # noqa: B018


# --- what a folder's list of its modules says ---------------------------------------------------

FORMATS = {
    point.value.partition(":")[0].rpartition(".")[2]
    for group in ("cardforge.sources", "cardforge.exporters")
    for point in entry_points(group=group)
}
LISTED = {
    path.parent.relative_to(ROOT): names
    for path in (*CORE.values(), *SOURCES.values(), *EXPORTERS.values())
    if path.name == "__init__.py"
    and (
        names := re.findall(
            r"^(\w+)(?:\.py|/)\s", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "", re.MULTILINE
        )
    )
}


@pytest.mark.parametrize("folder", LISTED, ids=str)
def test_a_folder_lists_all_that_is_in_it(folder: Path) -> None:
    there = {path.name for path in (ROOT / folder).iterdir() if (path / "__init__.py").is_file()}
    there |= {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    # Formats are found by their names.
    formats = FORMATS if folder.name in ("cardforge_sources", "cardforge_exporters") else set()
    assert sorted(LISTED[folder]) == sorted(there - formats)


# --- what is imported when -----------------------------------------------------------------------

HEAVY = {"genanki", "lxml", "markdown_it", "pydantic"}


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import cardforge", HEAVY),
        ("from cardforge.cli import main; sys.argv = ['cardforge', '--help']; main()", HEAVY),
        # typer reads the values of options with pydantic.
        ("from cardforge.cli import main; sys.argv = ['cardforge', '--version']; main()", HEAVY - {"pydantic"}),
        ("from cardforge.cli import main; sys.argv = ['cardforge', 'export', '--help']; main()", HEAVY - {"pydantic"}),
    ],
)
def test_nothing_heavy_is_imported(code: str, heavy: set[str]) -> None:
    script = f"""
import sys
try:
    {code}
except SystemExit:
    pass
print(sorted(sys.modules.keys() & {heavy}))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.splitlines()[-1] == "[]"
