# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folder of a store: how much room its disk has, and which server it belongs to.

Knows files and processes of this machine; reads nothing of what is stored.
"""

import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import Final, Self

from encrier_answers.store import StoreFull, StoreRefused

LOCK: Final = "answers.lock"
LOCK_WAIT_S: Final = 5.0  # a worker whose parent was killed takes a second to notice
RESERVE: Final = 256 * 1024 * 1024  # bytes that saves leave free: reading and deleting need some
LOOK_EVERY_S: Final = 1.0


class Room:
    """The free space of a folder's disk, looked at once a second."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._looked_at, self._is_enough = folder, -LOOK_EVERY_S, True

    def check(self) -> None:
        """Refuse before the disk is full, not after; raises StoreFull."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            self._is_enough = shutil.disk_usage(self._folder).free >= RESERVE
        if not self._is_enough:
            raise StoreFull


class FolderLock:
    """Held by the server while it runs: two servers on one folder would lose envelopes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)

    def __enter__(self) -> Self:
        """Take the lock; raises StoreRefused if another server still holds it after a while."""
        until = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > until:
                    raise StoreRefused(
                        "Another server runs on this folder.", "Stop it, then start this one."
                    ) from error
                time.sleep(0.05)
            else:
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, b"%d" % os.getpid(), 0)  # for who would end it
                return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def server_of(folder: Path) -> int | None:
    """The process that serves from this folder; None: nobody does."""
    try:
        file = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        written = os.pread(file, 20, 0)
        return int(written) if written.isdigit() else None
    finally:
        os.close(file)
    return None
