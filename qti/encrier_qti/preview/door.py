# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the preview answers to one request: decided here, without a socket.

It serves one author on one machine. Another page open in the same browser can
reach a server on loopback, so nothing at all is there without the token of the
path, under another name of the host (DNS rebinding), or from another origin.
"""

import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from encrier_qti.model import Record
from encrier_qti.preview.shelf import Shelf, score

LOOPBACK: Final = "127.0.0.1"
MAX_BODY: Final = 1024 * 1024  # bytes of responses to one item
_JSON: Final = "application/json"
_OK: Final = 200
_BAD_REQUEST: Final = 400
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_METHOD_NOT_ALLOWED: Final = 405
_UNSUPPORTED_MEDIA_TYPE: Final = 415
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "content-security-policy": _CSP,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Place(Record, frozen=True):
    """Where the preview stands: a port, and a token that only its author was told."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def __repr__(self) -> str:
        return f"Place({self.port}, ‹hidden›)"


class Request(Record, frozen=True):
    """One request; `headers` in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Reply(Record, frozen=True):
    status: int
    kind: str = _JSON
    body: bytes = b"{}"

    def headers(self) -> Mapping[str, str]:
        """All headers, lengths and the policy of the page included."""
        return {"content-type": self.kind, "content-length": str(len(self.body)), **_ALWAYS}


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: int
    responses: dict[str, list[str]]


def reply(request: Request, place: Place, shelf: Shelf) -> Reply:
    """Give the reply to a request; raises nothing."""
    hosts = {f"{LOOPBACK}:{place.port}", f"localhost:{place.port}"}
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    if host not in hosts or origin not in {None, f"http://{host}"}:
        return Reply(status=_FORBIDDEN)
    asked = request.path.partition("?")[0].removeprefix("/")
    token, slash, path = asked.partition("/")
    if not hmac.compare_digest(token.encode(), place.token.encode()) or not slash:
        return Reply(status=_NOT_FOUND)
    if request.method == "POST" and path == "score":
        return _scored(request, shelf)
    file = shelf.files.get(path)
    if file is None:
        return Reply(status=_NOT_FOUND)
    if request.method != "GET":
        return Reply(status=_METHOD_NOT_ALLOWED)
    return Reply(status=_OK, kind=file.kind, body=file.content)


def _scored(request: Request, shelf: Shelf) -> Reply:
    if request.headers.get("content-type") != _JSON:
        return Reply(status=_UNSUPPORTED_MEDIA_TYPE)
    try:
        asked = msgspec.json.decode(request.body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Reply(status=_BAD_REQUEST)
    program = shelf.programs[asked.item] if 0 <= asked.item < len(shelf.programs) else None
    if program is None:
        return Reply(status=_NOT_FOUND)
    return Reply(status=_OK, body=score(program, asked.responses))
