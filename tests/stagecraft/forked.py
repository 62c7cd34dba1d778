# SPDX-License-Identifier: AGPL-3.0-or-later
"""Processes that forked: who they are, whether they still run, and waiting until they do not."""

import time
from collections.abc import Callable
from pathlib import Path


def listed(pid: int) -> list[int]:
    """The children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def runs(pid: int) -> bool:
    """Whether a process is there, and not only waiting to be counted as dead."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(happens: Callable[[], bool], patience_s: float = 20) -> None:
    """Look again and again until something is so; an AssertionError where it never is."""
    end = time.monotonic() + patience_s
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
