"""What the sources make of real files of many authors: ``python -m tests.acceptance.samples FOLDER [FORMAT…]``.

FOLDER holds a folder for each format (``apkg``, ``moodle``, ``qti12`` …) with the files and an ``INDEX.tsv`` whose
columns ``file``, ``from`` and ``count`` say where each file is from and how many items are in it, counted without
cardforge; those of cartridges are counted here. The files are other people's: they are in no commit. docs/reading.md
has the result.
"""

from __future__ import annotations

import csv
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from lxml import etree
from markdown_it import MarkdownIt

from cardforge import registry
from cardforge.diagnostics import Diagnostic, InvalidDeck, Severity
from cardforge.model import Deck
from cardforge.validation import validate

SOURCES = {
    "apkg": "apkg",
    "moodle": "moodle",
    "gift": "gift",
    "aiken": "aiken",
    "qti12": "qti",
    "imscc": "qti",
    "qti21": "qti",
    "qti22": "qti",
    "qti30": "qti",
    "markdown": "markdown",
    "csv": "csv",
    "ankitxt": "csv",
    "xlsx": "xlsx",
}
SLOW = 10.0


@dataclass(frozen=True)
class Sample:
    """A file, the project it is from, and how many items an independent count found in it."""

    path: Path
    origin: str
    items: int


@dataclass(frozen=True)
class Result:
    """How many items the deck has, how many of these were adapted, how many were kept aside, and how many texts
    without a question are descriptions; why there is no deck. Of Markdown, ``headings`` are all of them and those that
    are an item, a section or the title, or of which it is told what is with them.
    """

    found: int = 0
    adapted: int = 0
    aside: int = 0
    described: int = 0
    refused: str = ""
    crashed: bool = False
    headings: tuple[int, int] | None = None


def main() -> int:
    """Print a line a file, then a table of formats; 1 when a file gave a traceback or took long."""
    folder, wanted = Path(sys.argv[1]), sys.argv[2:] or list(SOURCES)
    rows, wrong = [], 0
    for name in wanted:
        total: Counter[str] = Counter()
        origins = set()
        for sample in samples(folder / name):
            began = time.monotonic()
            result = read(sample.path, SOURCES[name])
            took = time.monotonic() - began
            wrong += result.crashed or took > SLOW
            slow = f" {took:.0f} s" if took > SLOW else ""
            told = f" refused: {result.refused}" if result.refused else ""
            counted = items_of_cartridge(sample.path) if name == "imscc" else sample.items
            items, accounted = result.headings or (counted, result.found + result.aside + result.described)
            accounted = min(accounted, items)
            mark = " " if accounted >= items else "!"
            counts = f"{items:6} {result.found:6} {result.adapted:5} {result.aside:5}"
            print(f"{mark} {name:8} {counts}  {sample.path.relative_to(folder / name)}{slow}{told}")
            origins.add(sample.origin)
            total["files"] += 1
            total["refused"] += bool(result.refused)
            total["items"] += items
            total["accounted"] += accounted
            total += Counter(found=result.found, adapted=result.adapted, aside=result.aside)
        share = 100 * total["accounted"] / max(total["items"], 1)
        cells = (total[k] for k in ("files", "refused", "items", "found", "adapted", "aside"))
        rows.append(f"| {name} | {len(origins)} | " + " | ".join(f"{n:,}" for n in cells) + f" | {share:.1f} % |")
    print(
        "\n| format | origins | files | refused | items | in the deck | of these adapted | kept aside | accounted for |"
    )
    print("|---|" + "---:|" * 8)
    print("\n".join(rows))
    return 1 if wrong else 0


def samples(folder: Path) -> Iterator[Sample]:
    """The samples that a folder's index names."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = folder / row["file"]
            if path.is_file():
                yield Sample(path, row["from"], int(row["count"] or 0))


def read(path: Path, source: str) -> Result:
    """Read and validate one file."""
    try:
        validated = validate(registry.source(source).read(path))
        diagnostics = validated.diagnostics
    except InvalidDeck as error:
        validated, diagnostics = None, error.diagnostics
    except Exception:  # noqa: BLE001 - that there is none is what is tried
        traceback.print_exc()
        return Result(refused="a traceback", crashed=True)
    codes = Counter(diagnostic.code for diagnostic in diagnostics)
    deck = validated.deck if validated else None
    found = sum(1 for _ in deck.entries()) if deck else 0
    # A text without a question is the description of what follows it.
    described = (
        sum(bool(section.description) for section, _, _ in deck.sections()) + bool(deck.description) if deck else 0
    )
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    refused = f"[{errors[0].code}] {errors[0].message}"[:150] if errors else ""
    counted = headings(path, deck, diagnostics) if source == "markdown" else None
    return Result(found, codes["adapted-item"], codes["kept-aside"], described, refused, headings=counted)


def items_of_cartridge(path: Path) -> int:
    """The items of QTI 1.2 in a package, each counted once, without cardforge.

    Canvas puts a quiz into its export in two forms, which have the ident of the quiz in common, but not those of the
    items: an item of both forms is told by its letters.
    """
    quizzes: dict[str, Counter[str]] = {}
    with ZipFile(path) as package:
        for name in package.namelist():
            root = _root(package.read(name)) if name.lower().endswith((".xml", ".qti", ".dat")) else None
            if root is not None and root.tag in ("item", "questestinterop"):
                whole = next(root.iter("assessment", "objectbank"), None)
                items = Counter(_letters_of(item) for item in root.iter("item"))
                ident = whole.get("ident", "") if whole is not None else ""
                quizzes[ident or name] = quizzes.get(ident or name, Counter()) | items
    return sum(items.total() for items in quizzes.values())


def _root(data: bytes) -> etree._Element | None:
    """The root element, without namespaces; None for what is not well-formed."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return None
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def _letters_of(item: etree._Element) -> str:
    shown = item.find("presentation")
    text = " ".join(str(part) for part in shown.itertext()) if shown is not None else ""
    return re.sub(r"[\W_]+", "", re.sub(r"<[^<>]*>", "", text)).lower()


def headings(path: Path, deck: Deck | None, diagnostics: Iterable[Diagnostic]) -> tuple[int, int]:
    """How many headings markdown-it finds in a file, and how many of these have a line where something of the deck
    stands, or of which something is told."""
    text = path.read_text(encoding="utf-8-sig")
    front = re.match(r"---[ \t]*\n.*?^---[ \t]*$", text, re.DOTALL | re.MULTILINE)
    body = "\n" * front[0].count("\n") + text[front.end() :] if front else text
    tokens = MarkdownIt().parse(body)
    lines = [t.map[0] + 1 for t in tokens if t.type == "heading_open" and t.level == 0 and t.map]
    spans = [d.span for d in diagnostics]
    if deck:
        spans += [deck.span(at) for at in (("title",), *(at for _, _, at in deck.sections()))]
        spans += [deck.span(entry.at) for entry in deck.entries()]
    told = {span.line for span in spans if span}
    return len(lines), len(told.intersection(lines))


if __name__ == "__main__":
    sys.exit(main())
