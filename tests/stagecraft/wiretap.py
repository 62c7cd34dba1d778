# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relay in front of a zone that writes down every byte that passes, both ways."""

import select
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

PATIENCE_S: Final = 0.1


class Wiretap:
    """Listens on a port of its own and passes all on to another; `port` is where to connect."""

    def __init__(self, target: int, record: Path) -> None:
        self._target = target
        self._record = record.open("ab")
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut = False  # True: the cable is out, new connections are refused
        self.spoils = False  # True: the last byte of each body that goes up is another one
        self.tls: ssl.SSLContext | None = None  # what it shows to whoever connects

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
            threading.Thread(target=self._serve, args=(browser, zone), daemon=True).start()

    def _serve(self, browser: socket.socket, zone: socket.socket) -> None:
        with zone, suppress(OSError):  # gone, or it does not believe the certificate
            tls = self.tls
            with tls.wrap_socket(browser, server_side=True) if tls else browser as shown:
                while self._pass_on(shown, zone) and not self.cut and self.tls is tls:
                    pass

    def _pass_on(self, browser: socket.socket, zone: socket.socket) -> bool:
        """Pass on what has come, in one thread for both ways: TLS allows no more."""
        waiting = isinstance(browser, ssl.SSLSocket) and browser.pending()
        ready = [browser] if waiting else select.select([browser, zone], [], [], PATIENCE_S)[0]
        for source in ready:
            content = source.recv(65_536)
            if not content or self.cut:
                return False
            self._write_down(content)
            if source is browser:
                zone.sendall(spoilt(content) if self.spoils else content)
            else:
                browser.sendall(content)
        return True

    def _write_down(self, content: bytes) -> None:
        with self._lock:
            if not self._record.closed:
                self._record.write(content)
                self._record.flush()


def spoilt(content: bytes) -> bytes:
    """The same but for the last byte of a body; heads of requests pass as they are."""
    return content if content.endswith(b"\r\n\r\n") else content[:-1] + bytes([content[-1] ^ 1])
