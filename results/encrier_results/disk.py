# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that survive a power cut: whole or not there, never half. Knows no content."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def keep(file: Path, content: bytes) -> None:
    """Write a file, durable on return; cut short, it is the old one still."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    with part.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process works in a folder, then keep them waiting."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
