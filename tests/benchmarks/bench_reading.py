"""The sources side by side, in one run: ``python -m tests.benchmarks.bench_reading [COUNT]``.

One deck of four-choice items with feedback is exported to each format that can be read, and read and checked from
there, beyond start-up. Wanted: Markdown in at most twice the time of YAML, and 5,000 items a second from packages and
XML on a machine where YAML gives 10,000.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from cardforge import api, registry
from tests.benchmarks.bench_quiz import as_yaml, questions
from tests.benchmarks.measure import in_turns, verdict

TARGETS = {
    "yaml": "yaml",
    "markdown": "markdown",
    "csv": "csv",
    "xlsx": "xlsx",
    "anki": "apkg",
    "moodle": "moodle",
    "gift": "gift",
    "canvas": "qti",
    "qti21": "qti",
    "qti30": "qti",
}
"""The exporter that writes each file, and the source that reads it."""


def main(count: int) -> None:
    """Print items a second for each source."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "deck.yaml")
        first.write_text(as_yaml(questions(count)), encoding="utf-8")
        deck = api.load(first)
        files = {}
        for target, source in TARGETS.items():
            made = api.export(deck, target)
            files[target] = Path(folder, f"{target}{made.suffix}")
            files[target].write_bytes(made.data)
            registry.source(source)
            api.load(_small(folder, target), source)  # what is imported late counts as start-up
        seconds = dict(zip(files, in_turns(3, *(lambda t=t: _timed(files[t], TARGETS[t]) for t in files)), strict=True))
    yaml = count / seconds["yaml"]
    print(f"{count:,} items read and checked")
    for target, taken in seconds.items():
        rate = count / taken
        wanted = {"yaml": 0.0, "markdown": yaml / 2, "csv": 0.0, "xlsx": 0.0, "gift": 0.0}.get(target, yaml / 2)
        told = f"wanted {wanted:7,.0f}  {verdict(rate >= wanted)}" if wanted else ""
        print(f"{TARGETS[target]:9} {target:9} {taken:6.2f} s {rate:8,.0f} items/s  {told}")


def _small(folder: str, target: str) -> Path:
    source = Path(folder, "small.yaml")
    source.write_text(as_yaml(questions(4)), encoding="utf-8")
    made = api.export(api.load(source), target)
    path = Path(folder, f"small-{target}{made.suffix}")
    path.write_bytes(made.data)
    return path


def _timed(path: Path, source: str) -> float:
    begin = time.perf_counter()
    api.load(path, source)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
