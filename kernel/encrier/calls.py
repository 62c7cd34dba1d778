# SPDX-License-Identifier: AGPL-3.0-or-later
"""How one zone calls another: each call signed by the caller's door key and dated.

Knows no network: it makes and checks one header. Replays within the tolerance do no harm,
because every door is idempotent. Docs: docs/spec/calls.md.
"""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from typing import Final

from encrier import signing
from encrier.errors import BadSignature
from encrier.secret import Secret

HEADER: Final = "encrier-call"
LABEL: Final = b"call/v1"
TOLERANCE: Final = timedelta(minutes=5)  # clocks of two operators


def sign(key: Secret, *, method: str, path: str, body: bytes, at: datetime) -> str:
    """Give the value of the `encrier-call` header for a request."""
    seconds = int(at.timestamp())
    signature = signing.sign(key, LABEL, _message(method, path, body, seconds))
    return f"v1 {seconds} {base64.urlsafe_b64encode(signature).decode()}"


def check(header: str, *, method: str, path: str, body: bytes, now: datetime, by: bytes) -> None:  # noqa: PLR0913 a request has these parts
    """Refuse a call that the holder of `by` did not make, or made too long ago.

    path: with its query string, as it was sent.
    """
    version, _, rest = header.partition(" ")
    seconds, _, encoded = rest.partition(" ")
    if version != "v1" or not (seconds.isascii() and seconds.isdigit()) or len(seconds) > 12:  # noqa: PLR2004 year 33658
        raise BadSignature("This call is not signed.", "Sign it with the zone's door key.")
    try:
        signature = base64.urlsafe_b64decode(encoded.encode("ascii"))
    except (binascii.Error, ValueError, UnicodeEncodeError) as error:
        raise BadSignature from error
    signing.check(signature, LABEL, _message(method, path, body, int(seconds)), by=by)
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise BadSignature(
            "This call is too old or comes from the future.", "Set the clocks of both zones."
        )


def _message(method: str, path: str, body: bytes, seconds: int) -> bytes:
    place = f"{method} {path}\0{seconds}\0".encode()
    return place + hashlib.sha256(body).digest()
