"""Fuzz the readers: mutate small valid files for a while; nothing but a diagnostic may come of it.

    python -m tests.fuzz.run [--seconds 600] [--seed 0] [NAME …]

Each ``fuzz_NAME.py`` beside this has ``seeds()``, small valid files, and ``one(data)``, which reads and validates
them and lets nothing but InvalidDeck pass. What crashes, or takes more than five seconds of the processor's time, is
kept and told.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

SLOW = 5


def main() -> int:
    """Run the targets that are named, or all, one after the other; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    known = sorted(file.stem.removeprefix("fuzz_") for file in Path(__file__).parent.glob("fuzz_*.py"))
    kept = Path(tempfile.mkdtemp(prefix="cardforge-fuzz-"))
    found = sum(fuzz(name, options.seconds, options.seed, kept) for name in options.names or known)
    return 1 if found else 0


def fuzz(name: str, seconds: float, seed: int, kept: Path) -> int:
    """Fuzz one reader for so many seconds; gives how many different crashes there were."""
    target = importlib.import_module(f"tests.fuzz.fuzz_{name}")
    chance = random.Random(seed)
    corpus = list(target.seeds())
    ends, runs, slowest, places = time.monotonic() + seconds, 0, 0.0, set()
    signal.signal(signal.SIGPROF, _too_slow)
    while time.monotonic() < ends:
        data = mutated(corpus, chance)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            target.one(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, is what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = (type(error).__name__, place.filename, place.lineno)
            if where not in places:
                places.add(where)
                file = kept / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
                file.write_bytes(data)
                print(f"{name}: {file}\n{traceback.format_exc()}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, time.process_time() - began)
        runs += 1
    print(f"{name}: {runs:,} files in {seconds:.0f} s, the slowest {slowest:.2f} s, {len(places)} crashes", flush=True)
    return len(places)


def _too_slow(_signal: int, _frame: FrameType | None) -> Any:
    raise TimeoutError(f"more than {SLOW} s")


def mutated(corpus: Sequence[bytes], chance: random.Random) -> bytes:
    """A file of the corpus with a few random changes, or a piece of another one put into it."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        length = min(chance.choice((1, 1, 2, 4, 16, 64, 500)), len(data) - at)
        kind = chance.randrange(7)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
        elif kind == 3:
            other = chance.choice(corpus)
            start = chance.randrange(len(other) + 1)
            data[at : at + length] = other[start : start + length]
        elif kind == 4:
            data[at:at] = chance.choice(_NASTY)
        elif kind == 5:
            del data[at:]
        else:
            data[at : at + length] = chance.randbytes(length)
    return bytes(data)


_NASTY = [
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"&#0;",
    b"&x;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<!DOCTYPE a>",
    b"{" * 300,
    b"[" * 300,
    b"<b>" * 300,
    b"$",
    b"{{c1::",
    b"::",
    b"\r",
    b"\n\n",
    b"9" * 400,
    b"1e999",
    b"-1",
    b"NaN",
    "\N{RIGHT-TO-LEFT OVERRIDE}\u2028".encode(),
]


if __name__ == "__main__":
    sys.exit(main())
