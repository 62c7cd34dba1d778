# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells systemd that a process is ready and lives (sd_notify(3)): a datagram, no library.

Says nothing where no supervisor asked for it. Knows one socket.
"""

import os
import socket
from contextlib import suppress
from typing import Final

NAMED: Final = "NOTIFY_SOCKET"
ALIVE: Final = b"READY=1\nWATCHDOG=1"


class Supervisor:
    """Whoever started the server and waits for word of it."""

    def __init__(self) -> None:
        name = os.environ.get(NAMED, "")
        self._name = "\0" + name[1:] if name.startswith("@") else name
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) if name else None
        if self._line:
            self._line.setblocking(False)

    def tell_alive(self) -> None:
        """Say that this process serves; a supervisor that does not listen is none of its cares."""
        if self._line:
            with suppress(OSError):
                self._line.sendto(ALIVE, self._name)
