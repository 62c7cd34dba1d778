# SPDX-License-Identifier: AGPL-3.0-or-later
"""The counts of every process of one server, read together by whichever tells them.

Each process has a file of its own, mapped into memory: an increment costs no call to the system,
and the counts of one that died stay in the sum. Knows numbers and processes only.
"""

import mmap
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from encrier_answers.vitals.counts import N_SLOTS, WAITING, Counts

FOLDER: Final = "vitals"
_SIZE: Final = N_SLOTS * 8  # bytes


def clear(folder: Path) -> None:
    """Begin again from nothing; called by who holds the folder's lock, before it forks."""
    for old in (folder / FOLDER).glob("*"):
        old.unlink(missing_ok=True)


def counts_of_this_process(folder: Path) -> Counts:
    """Counts that the other processes of this server may read; its own where the disk is full."""
    path = folder / FOLDER / str(os.getpid())
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            # A page without a block behind it would kill the process when the disk is full.
            os.posix_fallocate(file, 0, _SIZE)
            return Counts(memoryview(mmap.mmap(file, _SIZE)).cast("Q"))
        finally:
            os.close(file)
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return Counts()


def together(folder: Path) -> tuple[list[int], int]:
    """The sum of the counts of all processes, and how many of these live."""
    total, n_alive = [0] * N_SLOTS, 0
    for path in (folder / FOLDER).glob("*"):
        content = path.read_bytes()
        if len(content) != _SIZE:
            continue  # being made
        slots = list(memoryview(content).cast("Q"))
        if _is_alive(int(path.name)):
            n_alive += 1
        else:
            slots[WAITING] = 0
        total = [a + b for a, b in zip(total, slots, strict=True)]
    return total, n_alive


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
