# SPDX-License-Identifier: AGPL-3.0-or-later
"""A box: bytes closed under a symmetric key, bound to where they belong.

Nonce of 12 random bytes, then AES-256-GCM (NIST SP 800-38D) with the context as associated data,
so that a box moved elsewhere does not open. The browser's twin is player/src/core/boxes.js.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encrier.errors import BadRecord

NONCE_SIZE: Final = 12
OVERHEAD: Final = NONCE_SIZE + 16  # bytes that a box has more than what it holds


def close(plain: bytes, *, key: bytes, context: bytes) -> bytes:
    """Close a box under a key of 32 bytes."""
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def open_(box: bytes, *, key: bytes, context: bytes) -> bytes:
    """What a box holds; raises BadRecord when it is another's, or was changed."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], context)
    except (InvalidTag, ValueError) as error:
        raise BadRecord("This box does not open with this key, in this place.") from error
