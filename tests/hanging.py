"""Calls that must not hang, each made in another process, where it can be ended."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from multiprocessing import TimeoutError as TimedOut
from multiprocessing import get_context
from multiprocessing.pool import Pool
from typing import TypeVar

import pytest

_SECONDS = 60
Result = TypeVar("Result")


@cache
def _child() -> Pool:
    pool = get_context("spawn").Pool(1)
    atexit.register(pool.terminate)
    return pool


def ends(function: Callable[..., Result], *arguments: object) -> Result:
    """What a call returns; fail when it has not ended after a minute. What it raises is raised here.

    This is no measure of speed: give it what takes a moment on any machine, and would take many minutes, or for ever,
    if it were done in the way that the test is there to prevent. Function, arguments and result are pickled.
    """
    try:
        return _child().apply_async(function, arguments).get(_SECONDS)
    except TimedOut:
        _child().terminate()
        _child.cache_clear()
        pytest.fail(f"it had not ended after {_SECONDS} seconds")
