"""Times and peak memory, measured in turns so that all sides see the same machine."""

from __future__ import annotations

import gc
import os
import subprocess
import time
from collections.abc import Callable


def in_turns(times: int, *runs: Callable[[], float]) -> list[float]:
    """The best of several runs of each, one after the other."""
    best = [float("inf")] * len(runs)
    for _ in range(times):
        for index, run in enumerate(runs):
            best[index] = min(best[index], run())
            gc.collect()
    return best


def process(command: list[str], cwd: str) -> tuple[float, int]:
    """Seconds and peak memory in MB of a whole process."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    assert status == 0, command
    return time.perf_counter() - begin, usage.ru_maxrss // 1024


def verdict(good: bool) -> str:
    return "ok" if good else "MISSED"
