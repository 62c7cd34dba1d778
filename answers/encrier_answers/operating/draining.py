# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ends the server of a folder without losing a save, and without a browser that waits for it.

Knows a folder and a process; nothing of what is in them.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from encrier.errors import BadSetting
from encrier_answers.folder import server_of
from encrier_answers.health import DRAINING

LOOK_EVERY_S: Final = 0.1
ENDED_WITHIN_S: Final = 30.0


def drain(folder: Path, *, wait_s: float) -> bool:
    """Tell the load balancer to look elsewhere, wait, end the server; whether it has ended.

    Raises BadSetting where no server runs, or where it is another user's.
    """
    pid = server_of(folder)
    if pid is None:
        raise BadSetting("No server runs on this folder.", "There is nothing to stop.")
    try:
        (folder / DRAINING).touch(mode=0o600)
        _wait(lambda: server_of(folder) != pid, wait_s)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    except PermissionError as error:
        raise BadSetting(
            "The server is another user's.", "Run this as the user who runs the server."
        ) from error
    return _wait(lambda: server_of(folder) != pid, ENDED_WITHIN_S)


def _wait(is_over: Callable[[], bool], most_s: float) -> bool:
    until = time.monotonic() + most_s
    while not is_over():
        if time.monotonic() >= until:
            return False
        time.sleep(LOOK_EVERY_S)
    return True
