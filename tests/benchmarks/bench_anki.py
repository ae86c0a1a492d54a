"""Cardforge beside bare genanki, in one run: ``python -m tests.benchmarks.bench_anki [--quick]``.

The exporter is timed against genanki writing the same notes, both from memory. The whole command, from YAML, is
timed against a whole process that makes the same notes and writes them with genanki. Every figure is the best of
several runs taken in turns, so that both sides see the same machine.
"""

from __future__ import annotations

import gc
import io
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import genanki

from cardforge import Deck, Flashcard
from cardforge.plugin import Context
from cardforge_exporters.anki import AnkiExporter
from tests.benchmarks.measure import in_turns, process, verdict

WORDS = """attention weights query key value softmax gradient layer token vector matrix scale head mask context
position encoder decoder sequence score memory signal language model training""".split()

GENANKI_PROCESS = """
import sys
sys.path[:0] = [{here!r}]
from tests.benchmarks.bench_anki import genanki_write, notes
genanki_write(notes({count}), {out!r})
"""


def notes(count: int) -> list[tuple[str, str]]:
    """Fronts and backs as people write them: a question, a sentence."""
    made = []
    for n in range(count):
        a, b, c, d = (WORDS[n * k % len(WORDS)] for k in (7, 11, 13, 17))
        made.append(
            (
                f"What does the {a} of {b} number {n} do to the {c}?",
                f"It gives the {d} in step {n} its {a}, so that the {c} follows the {b}.",
            )
        )
    return made


def genanki_write(pairs: list[tuple[str, str]], out: str) -> float:
    """Seconds that genanki takes to write notes that are in memory."""
    fields = [{"name": "Front"}, {"name": "Back"}]
    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
    model = genanki.Model(1_607_392_319, "Basic", fields=fields, templates=[template])
    deck = genanki.Deck(2_059_400_110, "Benchmark")
    for pair in pairs:
        deck.add_note(genanki.Note(model=model, fields=list(pair)))
    begin = time.perf_counter()
    genanki.Package(deck).write_to_file(out)
    return time.perf_counter() - begin


def cardforge_write(deck: Deck, out: str, previous: bytes | None = None) -> float:
    """Seconds that the exporter takes for the same notes; with the collector off, as `cardforge.export` has it."""
    gc.disable()
    begin = time.perf_counter()
    buffer = io.BytesIO()
    AnkiExporter().write(deck, buffer, Context(1_700_000_000, previous))
    Path(out).write_bytes(buffer.getvalue())
    seconds = time.perf_counter() - begin
    gc.enable()
    return seconds


def bench_exporter(counts: dict[int, int], folder: str) -> None:
    print("exporter, notes in memory      genanki   cardforge   times as fast (wanted)   size (wanted <= 1/5)")
    for count, wanted in counts.items():
        pairs = notes(count)
        deck = Deck(title="Benchmark", items=tuple(Flashcard(front=f, back=b) for f, b in pairs))
        theirs, ours = f"{folder}/genanki.apkg", f"{folder}/cardforge.apkg"
        seconds = in_turns(
            {1_000: 30, 10_000: 8}.get(count, 3),
            lambda pairs=pairs, out=theirs: genanki_write(pairs, out),  # type: ignore[misc]
            lambda deck=deck, out=ours: cardforge_write(replace(deck), out),  # type: ignore[misc]
        )
        times = seconds[0] / seconds[1]
        size = Path(theirs).stat().st_size / Path(ours).stat().st_size
        print(
            f"  {count:>7,} flashcards        {seconds[0]:7.3f} s {seconds[1]:9.3f} s"
            f"   {times:5.1f} ({wanted}) {verdict(times >= wanted):<12}   1/{size:.1f} {verdict(size >= 5)}"
        )


def bench_again(counts: list[int], folder: str) -> None:
    """The next export, with the package of the last one in its place."""
    print("exporter, notes in memory      first     again       times the first")
    place = f"{folder}/cardforge.apkg"
    for count in counts:
        deck = Deck(title="Benchmark", items=tuple(Flashcard(front=f, back=b) for f, b in notes(count)))
        cardforge_write(deck, place)
        last = Path(place).read_bytes()
        first, again = in_turns(
            3,
            lambda deck=deck: cardforge_write(replace(deck), place),  # type: ignore[misc]
            lambda deck=deck, last=last: cardforge_write(replace(deck), place, last),  # type: ignore[misc]
        )
        print(f"  {count:>7,} flashcards        {first:7.3f} s {again:7.3f} s   {again / first:5.1f}")


def bench_command(counts: dict[int, float], folder: str) -> None:
    print("whole process                  genanki   cardforge   share of its time (wanted)   peak (wanted < 700 MB)")
    for count, wanted in counts.items():
        items = "".join(f"- type: flashcard\n  front: {front}\n  back: {back}\n" for front, back in notes(count))
        Path(folder, "deck.yaml").write_text(f"title: Benchmark\nitems:\n{items}", encoding="utf-8")
        code = GENANKI_PROCESS.format(here=str(Path(__file__).parents[2]), count=count, out=f"{folder}/genanki.apkg")
        peaks: list[int] = []

        def ours() -> float:
            Path(folder, "deck.apkg").unlink(missing_ok=True)
            command = [sys.executable, "-m", "cardforge", "export", "deck.yaml", "--to", "anki"]
            seconds, peak = process(command, folder)
            peaks.append(peak)  # noqa: B023
            return seconds

        theirs = lambda: process([sys.executable, "-c", code], folder)[0]  # noqa: B023
        seconds = in_turns(5 if count <= 10_000 else 2, theirs, ours)
        share = seconds[1] / seconds[0]
        print(
            f"  {count:>7,} flashcards        {seconds[0]:7.2f} s {seconds[1]:9.2f} s"
            f"   {share:5.2f} ({wanted}) {verdict(share <= wanted):<15}   {max(peaks)} MB {verdict(max(peaks) < 700)}"
        )


def bench_help(folder: str) -> None:
    (seconds,) = in_turns(5, lambda: process([sys.executable, "-m", "cardforge", "--help"], folder)[0])
    print(
        f"--help                                       {seconds:9.3f} s   (wanted < 0.333) {verdict(seconds < 1 / 3)}"
    )


def main() -> None:
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        bench_exporter({1_000: 5, 10_000: 2} | ({} if quick else {100_000: 2}), folder)
        bench_again([1_000, 10_000] + ([] if quick else [100_000]), folder)
        bench_command({10_000: 3.0} | ({} if quick else {100_000: 1.5}), folder)
        bench_help(folder)


if __name__ == "__main__":
    main()
