# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keyed hashes by which a sealed thing is found again: a blind index.

Whoever copies the database cannot test whether an address or a code is in it: the key of these
hashes is itself sealed under the field key, and stays the same when that one rotates.
"""

import hashlib
import hmac
import unicodedata
from typing import Final

from encrier_names.upkeep.lookup_key import lookup_key

_LABEL: Final = b"encrier.names.lookup/v1"


def hashed(kind: str, *words: str | bytes) -> str:
    """Give the hash of a thing of this kind, in hexadecimal; its words cannot run together."""
    key = hmac.digest(lookup_key().reveal(), _LABEL, hashlib.sha256)
    parts = (word.encode() if isinstance(word, str) else word for word in (kind, *words))
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, framed, hashlib.sha256).hexdigest()


def of_address(address: str) -> str:
    """Give the hash of an address, however it is typed."""
    return hashed("address", unicodedata.normalize("NFKC", address).strip().casefold())
