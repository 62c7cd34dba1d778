# SPDX-License-Identifier: AGPL-3.0-or-later
"""The preview's server: loopback only, thin, and the one module of the engine that listens.

Imported by the verb `preview` alone. Logs nothing: a path holds the token.
"""

import secrets
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from encrier_qti.preview.door import LOOPBACK, MAX_BODY, Place, Reply, Request, reply
from encrier_qti.preview.shelf import Shelf

_PATIENCE_S: Final = 30
_TOKEN: Final = 24  # bytes


def listen(shelf: Shelf, *, port: int) -> tuple[ThreadingHTTPServer, Place]:
    """Open the door on a port, 0 for any that is free; raises OSError. The caller serves."""
    server = ThreadingHTTPServer((LOOPBACK, port), BaseHTTPRequestHandler)
    place = Place(port=server.server_port, token=secrets.token_urlsafe(_TOKEN))
    server.RequestHandlerClass = partial(_Door, door=partial(reply, place=place, shelf=shelf))
    return server, place


class _Door(BaseHTTPRequestHandler):  # the standard library's server wants a class
    protocol_version = "HTTP/1.1"
    server_version = "encrier"
    sys_version = ""
    timeout = _PATIENCE_S

    def __init__(
        self, *given: Any, door: Callable[[Request], Reply]
    ) -> None:  # what socketserver gives
        self.door = door
        super().__init__(*given)

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True  # a body that we do not read
            self._answer(b"")
        else:
            self._answer(self.rfile.read(int(length)))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Request(method=self.command, path=self.path, headers=headers, body=body)
        told = self.door(asked)
        self.send_response_only(told.status)
        for name, value in told.headers().items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told.body)
