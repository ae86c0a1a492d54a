"""Answers exported QTI 2.1 and 2.2 items in TAO's engine and compares scores and feedback with the model.

    QTISDK=…/qti-sdk/src python tests/acceptance/qti.py [DECK …] [--decks N]

``QTISDK`` names the sources of oat-sa/qti-sdk; php needs its extensions xml, mbstring and intl. Without decks, those
in ``examples/`` are answered; ``--decks`` adds so many decks that Hypothesis makes up. Prints what differs, and counts.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from cardforge.api import export, load
from cardforge.diagnostics import InvalidDeck
from cardforge.model import AnyItem, Deck
from cardforge_exporters.qti.package import file_name

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.exporters.qti.cases import Case, cases, items
from tests.strategies import decks

VERSIONS = ("2.1", "2.2")


class Engine:
    """One process of the engine, asked item by item."""

    def __init__(self) -> None:
        command = ["php", str(Path(__file__).with_name("qti_engine.php"))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, xml: str, answers: list[Case], validate: bool = False) -> Any:
        """What the engine makes of each answer to an item."""
        given_answers = [{name: vars(response) for name, response in case.responses.items()} for case in answers]
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"xml": xml, "answers": given_answers, "validate": validate}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def differences(engine: Engine, deck: Deck, version: str, counts: Counter[str]) -> list[str]:
    """What the engine says otherwise than the model, of every item and answer."""
    found = []
    package = zipfile.ZipFile(BytesIO(export(deck, "qti21", version=version).data))
    for name, item in items(deck):
        answers = list(cases(item))
        results = engine.answer(package.read(file_name(name)).decode(), answers)
        if isinstance(results, dict):
            found.append(f"{version} {name}: {results['error']}")
            continue
        counts[f"{item.KIND} items"] += 1
        counts[f"{item.KIND} answers"] += len(answers)
        for case, result in zip(answers, results, strict=True):
            if (wrong := _difference(item, case, result)) is not None:
                found.append(f"{version} {name}: {[r.values for r in case.responses.values()]}: {wrong}")
    return found


def _difference(item: AnyItem, case: Case, result: dict[str, Any]) -> str | None:
    if "error" in result:
        return str(result["error"])
    if case.score is not None and not math.isclose(result["score"], case.score, rel_tol=1e-9, abs_tol=1e-12):
        return f"scores {result['score']}, not {case.score}"
    if result["max"] != item.points:
        return f"MAXSCORE is {result['max']}, not {item.points}"
    shown = {tuple(pair) for pair in result["shown"]}
    return None if shown == case.shown else f"shows {sorted(shown)}, not {sorted(case.shown)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="DECK")
    parser.add_argument("--decks", type=int, default=0, help="decks that Hypothesis makes up")
    options = parser.parse_args()
    engine, counts, found = Engine(), Counter[str](), list[str]()
    for path in options.paths or sorted((ROOT / "examples").glob("*.yaml")):
        for version in VERSIONS:
            found += [f"{path.name}: {line}" for line in differences(engine, load(path), version, counts)]

    @settings(max_examples=max(options.decks, 1), deadline=None, database=None, suppress_health_check=[*HealthCheck])
    @given(decks())
    def made_up(deck: Deck) -> None:
        for version in VERSIONS:
            try:
                wrong = differences(engine, deck, version, counts)
            except InvalidDeck:
                return  # one that QTI cannot hold, and says so
            assert not wrong, "\n".join(wrong)

    if options.decks:
        made_up()
    print("\n".join(found))
    for what, count in sorted(counts.items()):
        print(f"{count:7} {what}")
    print(f"{len(found)} differences")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
