# SPDX-License-Identifier: AGPL-3.0-or-later
"""Closes what this zone keeps on disk between two rounds: answers and scores, by number.

The key is derived from the campaign's private seed and is on no disk of its own: who can read
what is kept could have opened the envelopes, and nobody else can (docs/decisions/0018).
"""

import zlib
from typing import Final, TypeVar

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encrier import boxes
from encrier.errors import BadRecord
from encrier.ids import CampaignId
from encrier.secret import Secret

_LABEL: Final = b"results-at-rest/v1\0"
_QUICK: Final = 1  # deflate's: a sixth of the size, in less time than reading a sheet takes

T = TypeVar("T")


class Safe:
    """Closes and opens what is kept of one campaign."""

    def __init__(self, seed: Secret, campaign: CampaignId) -> None:
        self._info = _LABEL + campaign
        derived = HKDF(SHA256(), 32, salt=None, info=self._info).derive(seed.reveal())
        self._key = Secret(derived)

    def close(self, kept: object, *, place: str) -> bytes:
        """Close a record or a list of them; place: where it is kept, and only there it opens."""
        packed = zlib.compress(msgspec.msgpack.encode(kept), _QUICK)
        return boxes.close(packed, key=self._key.reveal(), context=self._context(place))

    def open(self, box: bytes, kind: type[T], *, place: str) -> T:
        """What was closed; raises BadRecord where it was damaged, or is of another release."""
        packed = boxes.open_(box, key=self._key.reveal(), context=self._context(place))
        try:
            return msgspec.msgpack.decode(zlib.decompress(packed), type=kind)
        except msgspec.DecodeError as error:
            raise BadRecord from error

    def _context(self, place: str) -> bytes:
        return self._info + b"\0" + place.encode()
