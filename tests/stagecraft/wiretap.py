# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relay in front of a zone that writes down every byte that passes, both ways."""

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self


class Wiretap:
    """Listens on a port of its own and passes all on to another; `port` is where to connect."""

    def __init__(self, target: int, record: Path) -> None:
        self._target = target
        self._record = record.open("ab")
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut = False  # True: the cable is out, new connections are refused

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        with self._lock:
            self._record.close()

    def aim(self, target: int) -> None:
        """Say where to pass connections on to, once that is known."""
        self._target = target

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            if self.cut:
                browser.close()
                continue
            try:
                zone = socket.create_connection(("127.0.0.1", self._target), timeout=30)
            except OSError:
                browser.close()
                continue
            for source, sink in ((browser, zone), (zone, browser)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while (content := source.recv(65_536)) and not self.cut:
                self._write_down(content)
                sink.sendall(content)
        except OSError:
            pass
        for end in (source, sink):
            end.close()

    def _write_down(self, content: bytes) -> None:
        with self._lock:
            if not self._record.closed:
                self._record.write(content)
                self._record.flush()
