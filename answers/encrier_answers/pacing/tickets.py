# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ticket of the waiting room: since when somebody waits, for the process that does not know her.

Closed under a key that the processes of a node derive from STORE_KEY, bound to the sitting, and
never written down: a browser that comes to another worker, or after a restart, keeps its place.
"""

import hashlib
import hmac
import struct
from typing import Final

from encrier import boxes
from encrier.errors import BadRecord
from encrier.ids import SittingId
from encrier.secret import Secret
from encrier_answers.pacing.waiting import Place

_LAYOUT: Final = struct.Struct(">dd")
_LABEL: Final = b"waiting/v1\0"
SIZE: Final = boxes.OVERHEAD + _LAYOUT.size


class Tickets:
    """Draws and reads tickets."""

    def __init__(self, store_key: Secret) -> None:
        self._key = hmac.digest(store_key.reveal(), _LABEL, hashlib.sha256)

    def draw(self, sid: SittingId, place: Place) -> bytes:
        """The ticket of a place."""
        return boxes.close(
            _LAYOUT.pack(place.since, place.until), key=self._key, context=_LABEL + sid
        )

    def since(self, sid: SittingId, ticket: bytes, *, now: float) -> float | None:
        """Since when its holder waits; None where it is none, another's, or no longer kept."""
        if len(ticket) != SIZE:
            return None
        try:
            plain = boxes.open_(ticket, key=self._key, context=_LABEL + sid)
        except BadRecord:
            return None
        since, until = _LAYOUT.unpack(plain)
        return since if since <= now <= until else None
