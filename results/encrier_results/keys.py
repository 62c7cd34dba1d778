# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of the results zone: drawn here, expanded here, in no other zone.

The campaign's private key is one 32-byte X-Wing seed. Whoever holds it reads every answer; it
never knows a name.
"""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from encrier import signing
from encrier.keyfiles import write_secret
from encrier.records import Record
from encrier.secret import Secret


class PublicKeys(Record, frozen=True):
    """What may be shown of a set of keys."""

    root_key: bytes
    sealing_key: bytes
    results_key: bytes


def draw(folder: Path) -> PublicKeys:
    """Draw the root, campaign and door keys into three files that only the owner may read.

    Raises KeyFileExists rather than write over a key: a lost seed is a lost campaign.
    """
    root, door = signing.draw_key(), signing.draw_key()
    seed = signing.draw_key()  # 32 bytes from the system's randomness, as X-Wing wants
    for name, secret in (("root", root), ("sealing", seed), ("door", door)):
        write_secret(folder / f"{name}.key", secret)
    return PublicKeys(signing.public_of(root), sealing_key(seed), signing.public_of(door))


def private_key(seed: Secret) -> MLKEM768X25519PrivateKey:
    """Expand an X-Wing seed: SHAKE256 to 96 bytes, 64 for ML-KEM-768 and 32 for X25519.

    draft-connolly-cfrg-xwing-kem, section 5.2.
    """
    kem, dh = _halves(seed)
    return MLKEM768X25519PrivateKey(kem, dh)


def sealing_key(seed: Secret) -> bytes:
    """The public half, 1,216 bytes: what browsers seal to."""
    kem, dh = _halves(seed)
    return kem.public_key().public_bytes_raw() + dh.public_key().public_bytes_raw()


def _halves(seed: Secret) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    wide = hashlib.shake_256(seed.reveal()).digest(96)
    return (
        MLKEM768PrivateKey.from_seed_bytes(wide[:64]),
        X25519PrivateKey.from_private_bytes(wide[64:]),
    )
