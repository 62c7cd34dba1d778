# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a browser asks of names to key a class, from a small server: page, ring, kit, manifest.

Everything of answers is real; the codes in the ring are those of slips that answers knows.
"""

import base64
import json
import mimetypes
import os
import re
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from encrier import boxes

SAISIE: Final = Path(__file__).parents[2] / "player/dist/saisie"
DIVISION: Final = "8f0e2c5a-3f3b-4d3e-9a51-0c1d2e3f4a5b"
PAGE: Final = f"/saisie/{DIVISION}/"
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; worker-src 'self';"
    " img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " connect-src 'self' {answers}"
)


class KeyingDoor:
    """The origin that serves the keying page of one class, until it is closed."""

    def __init__(self, port: int, *, manifest: Path, root_key: bytes, answers: str) -> None:
        self.manifest = manifest.read_bytes()
        self.campaign = base64.b64decode(
            json.loads(json.loads(self.manifest)["manifest"])["campaign"]
        )
        self.root_key, self.answers = root_key, answers
        self.secret = os.urandom(32)
        self.ring: dict[str, Any] = {}
        self.kits: dict[str, dict[str, bytes]] = {}  # by bundle, then by path
        self.ring_status = 200
        self.url = f"http://localhost:{port}"
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _door(self))
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def link(self) -> str:
        """The link on the class's page."""
        secret = base64.urlsafe_b64encode(self.secret).decode().rstrip("=")
        return f"{self.url}{PAGE}#{secret}"

    def open_class(self, pupils: Sequence[dict[str, str]], *, label: str = "CP A") -> None:
        """From now on the ring has these pupils."""
        self.ring = {
            "v": 1,
            "campaign": base64.b64encode(self.campaign).decode(),
            "division": DIVISION,
            "label": label,
            "school": "École des Tilleuls",
            "closes_at": "2027-09-28T18:00:00+02:00",
            "pupils": list(pupils),
        }

    def give(self, path: str) -> tuple[int, str, bytes]:
        """Status, media type and body of what is asked for."""
        if path == PAGE:
            return 200, "text/html; charset=utf-8", self._page()
        if path == f"{PAGE}anneau":
            return self.ring_status, "application/octet-stream", self._closed_ring()
        if path == "/saisie/manifeste":
            return 200, "application/json", self.manifest
        if path == "/saisie/sw.js":
            return 200, "text/javascript", (SAISIE / "sw.js").read_bytes()
        if found := re.fullmatch(r"/saisie/fichiers/(encrier\.[\w.]+)", path):
            return 200, _kind(path), (SAISIE / found[1]).read_bytes()
        if found := re.fullmatch(r"/saisie/kits/([0-9a-f]{16})/([\w./-]+)", path):
            content = self.kits.get(found[1], {}).get(found[2])
            if content is not None:
                return 200, _kind(path), content
        return 404, "text/plain", b""

    def close(self) -> None:
        """Stop answering, and wait until it has."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _closed_ring(self) -> bytes:
        division = bytes.fromhex(DIVISION.replace("-", ""))
        context = b"keying-ring/v1\0" + self.campaign + division
        return boxes.close(json.dumps(self.ring).encode(), key=self.secret, context=context)

    def _page(self) -> bytes:
        page = (SAISIE / "index.html").read_text(encoding="utf-8")
        filled = {
            "root-key": base64.b64encode(self.root_key).decode(),
            "answers": self.answers,
            "class": DIVISION,
            "back": "/classes/",
        }
        for name, value in filled.items():
            empty = f'<meta name="encrier-{name}" content="">'
            assert empty in page
            page = page.replace(empty, empty.replace('""', f'"{value}"'))
        return page.encode()

    def policy(self) -> str:
        """As names' own for this page."""
        return _CSP.format(answers=self.answers)


def _kind(path: str) -> str:
    if path.endswith(".ttf"):
        return "font/ttf"
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _door(of: KeyingDoor) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = of.give(self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store")
            self.send_header("content-security-policy", of.policy())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    return Door
