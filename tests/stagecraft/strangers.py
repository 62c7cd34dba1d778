# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server of another operator, who may lie: answers on loopback as a test tells it to."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Standing:
    """A stranger's server on a port of its own, until it is closed."""

    def __init__(
        self, stranger: type[BaseHTTPRequestHandler], *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), stranger)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Stop answering, and wait until it has."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
