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
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'{host}; frame-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
INTEGRITY: Final = "blocked-destinations=(script)"  # no script whose digest the page does not give
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

# What a page of another origin may send and hear (Fetch standard, CORS protocol).
MAY_SEND: Final = (
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "content-type, content-digest"),
    ("access-control-max-age", "7200"),
)
MAY_HEAR: Final = (
    "date, encrier-beside, encrier-digest, encrier-elsewhere, encrier-kept, encrier-terms, "
    "retry-after"
)

Headers = tuple[tuple[str, str], ...]


class Request(Record, frozen=True):
    """What a route may know of a request; never the address it came from."""

    method: str
    path: str
    query: str
    call: str  # the encrier-call header, or nothing
    body: bytes
    network: bytes = b""  # a name that this process drew: the same for who shares a line


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


def for_page(answer: Reply, origin: str) -> Reply:
    """The same reply, which a page of the ministry's at this origin may read, and no other page."""
    kept = (pair for pair in answer.headers if pair[0] != "cross-origin-resource-policy")
    more = {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": MAY_HEAR,
        "cross-origin-resource-policy": "cross-origin",
        "vary": "origin",
    }
    return Reply(answer.status, (*kept, *more.items()), answer.body)


def by_origin(answer: Reply) -> Reply:
    """The same reply, which no cache gives to a page of another origin: that one may read it."""
    return Reply(answer.status, (*answer.headers, ("vary", "origin")), answer.body)


def saw_digest(answer: Reply) -> Reply:
    """The same reply, which says that the digest of the body came with it."""
    return Reply(answer.status, (*answer.headers, ("encrier-digest", "1")), answer.body)


def may_ask(origin: str) -> Reply:
    """What a browser is told before a page of the ministry asks."""
    nothing = Reply(HTTPStatus.NO_CONTENT, MAY_SEND, b"")
    return for_page(nothing, origin)


def csp_page(host: str = "") -> str:
    """The policy of the page; host: the origins of the answers zone, where it is another."""
    return CSP_PAGE.format(host=f" {host}" if host else "")
