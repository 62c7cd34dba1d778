# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes back to whoever asked: a status, headers, bytes; and what every reply carries.

Knows the security headers; knows nothing of sittings. Times, addresses and names never appear.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from encrier.records import Record, to_bytes
from encrier.uploads import Refusal

JSON: Final = "application/json"
BYTES: Final = "application/octet-stream"
NO_STORE: Final = "no-store"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
CSP_PAGE: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CSP_WORKER: Final = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
# The frame of portable interactions: the author's program runs, and reaches nothing.
CSP_FRAME: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
CSP_FILE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ALWAYS: Final = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
MAY_FILM: Final = {
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
}
HSTS: Final = ("strict-transport-security", "max-age=31536000")

Headers = tuple[tuple[str, str], ...]


class Request(Record, frozen=True):
    """What a route may know of a request: never where it came from."""

    method: str
    path: str
    query: str
    call: str  # the encrier-call header, or nothing
    body: bytes


class Reply(Record, frozen=True):
    """A whole reply, ready to be sent."""

    status: int
    headers: Headers
    body: bytes


def reply(
    body: bytes,
    *,
    status: int = HTTPStatus.OK,
    kind: str = JSON,
    cache: str = NO_STORE,
    more: Mapping[str, str] | None = None,
) -> Reply:
    """Make a reply with all that every reply carries."""
    headers = {"content-type": kind, "cache-control": cache, "content-security-policy": CSP_FILE}
    headers |= dict(ALWAYS) | dict(more or {})
    return Reply(status, tuple(headers.items()), body)


def refusal(
    status: int, what: str, next_step: str, *, more: Mapping[str, str] | None = None
) -> Reply:
    """Say no, in the reader's words."""
    return reply(to_bytes(Refusal(what, next_step)), status=status, more=more)
