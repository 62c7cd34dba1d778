# SPDX-License-Identifier: AGPL-3.0-or-later
"""The port where metrics are asked for: this machine only, one page, nothing logged.

The first process of a server that gets the port tells for all; should it end, another takes over.
"""

import shutil
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from encrier_answers.vitals import counts, exposition, shared

ADDRESS: Final = "127.0.0.1"
PATH: Final = "/metrics"
GIVEN_UP_S: Final = 5.0  # a caller that says nothing


def page(folder: Path) -> str:
    """The metrics of the server on this folder, now."""
    slots, n_alive = shared.together(folder)
    gauges = {
        "waiting": ("Questions that wait for the writer.", slots[counts.WAITING]),
        "processes": ("Processes of this server: its workers and the keeper.", n_alive),
        "free_bytes": ("Free on the disk of the folder.", shutil.disk_usage(folder).free),
    }
    return exposition.written(slots, gauges)


def listen(folder: Path, *, port: int) -> ThreadingHTTPServer | None:
    """Begin to tell metrics; None where another process already does."""
    try:
        server = _Server((ADDRESS, port), _asked_of(folder))
    except OSError:
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a caller that left."""


def _asked_of(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        timeout = GIVEN_UP_S

        def do_GET(self) -> None:
            """Answer one request."""
            if self.path != PATH:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = page(folder).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("content-type", exposition.KIND)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the library would write who asked."""

    return Asked
