"""What the sources ``moodle`` and ``gift`` read, beside a real Moodle: ``python -m tests.acceptance.moodle_reading``.

Three things are compared, item by item, as `tests.sources.moodle.arriving` sees them:

- a deck that was exported as Moodle XML, imported by Moodle and exported again by it, with the deck;
- the same by way of GIFT;
- a GIFT or Aiken file read by our source, with what our ``moodle`` reads from Moodle's export of it
  (``--files FILE…``): stem, key, points and feedback.

The decks are the examples, one of every kind and field, and with ``--random COUNT`` so many of `tests.strategies`.
Wanted: PHP, and an installed Moodle 4.5 in ``MOODLE_DIRROOT``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cardforge import api
from cardforge.diagnostics import InvalidDeck
from cardforge.model import Deck
from tests.acceptance.moodle import EVERY_KIND, ROOT, random_decks
from tests.sources.declared import Declared
from tests.sources.moodle.arriving import Losing, in_moodle, meant, seen
from tests.sources.test_gift_round_trip import in_gift

SCRIPT = Path(__file__).with_name("moodle_export.php")
MOODLE = os.environ.get("MOODLE_DIRROOT", "")


def through_moodle(file: Path, format_: str, folder: Path) -> Path:
    """Moodle's own export of what it imported from a file."""
    target = folder / f"{file.stem}-{format_}-from-moodle.xml"
    command = ["php", str(SCRIPT), MOODLE, format_, str(file), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    start = done.stdout.find("{")
    if start < 0:
        sys.exit(f"{file}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout[start:])
    if not told["ok"]:
        print(f"{file.name}: Moodle says {told['said'][-300:]}")
    return target


def by_id(deck: Deck) -> dict[str, dict[str, Any]]:
    """The items as they are seen, each with the titles of its sections."""

    def found(nodes: list[dict[str, Any]], around: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        for node in nodes:
            if "items" in node:
                yield from found(node["items"], (*around, node["section"]))
            else:
                yield node["id"], {**node, "sections": around, "tags": sorted(node.get("tags", ()), key=str.lower)}

    return dict(found(seen(deck)["items"], ()))


def by_stem(deck: Deck) -> Counter[str]:
    """For files without ids: of every item kind, stem, key, points and feedback."""
    data = seen(deck)["items"]

    def found(nodes: list[dict[str, Any]]) -> Iterator[str]:
        for node in nodes:
            if "items" in node:
                yield from found(node["items"])
            else:
                yield json.dumps({k: v for k, v in node.items() if k not in ("id", "tags", "level")}, sort_keys=True)

    return Counter(found(data))


def differences(arrived: dict[str, dict[str, Any]], wanted: dict[str, dict[str, Any]]) -> list[str]:
    """What differs, a line each."""
    lines = [f"{name}: has not arrived" for name in wanted.keys() - arrived.keys()]
    lines += [f"{name}: is new" for name in arrived.keys() - wanted.keys()]
    for name in wanted.keys() & arrived.keys():
        for part in arrived[name].keys() | wanted[name].keys():
            if arrived[name].get(part) != wanted[name].get(part):
                lines.append(f"{name}: {part}: {arrived[name].get(part)!r} instead of {wanted[name].get(part)!r}")
    return lines


def compare(name: str, deck: Deck, to: str, losing: Losing, folder: Path) -> int:
    """A deck on its way to Moodle and back; the number of differences."""
    made = api.write(deck, to, folder / f"{name}{'.xml' if to == 'moodle' else '.gift'}")
    file, expected = made.path, meant(deck, losing, Declared(made.losses))
    if expected is None:
        return 0
    exported = through_moodle(file, "xml" if to == "moodle" else to, folder)
    arrived = api.load(exported, "moodle")
    wanted = by_id(expected)
    wrong = differences(by_id(arrived), wanted)
    if to == "gift":  # it names media by their paths, which lead nowhere in Moodle
        wrong = [line for line in wrong if not re.search(r"instead of.*<(?:img|audio|video)", line, re.DOTALL)]
    print(f"{name} by way of {to}: {len(wanted)} items, {len(wrong)} differences")
    for line in wrong[:20]:
        print(f"  {line[:700]}")
    return len(wrong)


def compare_readings(file: Path, format_: str, folder: Path) -> int:
    """Our reading of a file, and ours of Moodle's export of it; the number of items that differ."""
    try:
        ours = by_stem(api.load(file, format_))
    except InvalidDeck as error:
        print(f"{file.name}: {str(error).splitlines()[-2][:200]}")
        return 0
    try:
        theirs = by_stem(api.load(through_moodle(file, format_, folder), "moodle"))
    except InvalidDeck as error:
        print(f"{file.name}: Moodle's export: {str(error).splitlines()[0][:200]}")
        return sum(ours.values())
    only_ours, only_theirs = ours - theirs, theirs - ours
    wrong = max(sum(only_ours.values()), sum(only_theirs.values()))
    print(f"{file.name}: {sum(ours.values())} items, {wrong} differ")
    for here, there in zip(sorted(only_ours)[:3], sorted(only_theirs)[:3], strict=False):
        print(f"  {format_}:  {here[:600]}\n  Moodle: {there[:600]}")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.moodle_reading")
    parser.add_argument("--random", type=int, metavar="COUNT", default=0)
    parser.add_argument("--files", nargs="+", metavar="FILE", type=Path, default=[], help="GIFT or Aiken files")
    parser.add_argument("--as", dest="format", choices=["gift", "aiken"], default="gift")
    arguments = parser.parse_args()
    if not MOODLE:
        sys.exit("wanted: an installed Moodle in MOODLE_DIRROOT")
    ways: tuple[tuple[str, Losing], ...] = (("moodle", in_moodle), ("gift", in_gift))
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for file in arguments.files:
            wrong += compare_readings(file, arguments.format, folder)
        if not arguments.files:
            paths = [*sorted((ROOT / "examples").glob("*.yaml")), EVERY_KIND]
            named: list[tuple[str, Deck]] = [(path.stem, api.load(path)) for path in paths]
            named += (
                [(d.title.replace(" ", "-"), d) for d in random_decks(arguments.random)] if arguments.random else []
            )
            for name, deck in named:
                for to, losing in ways:
                    wrong += compare(name, deck, to, losing, folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
