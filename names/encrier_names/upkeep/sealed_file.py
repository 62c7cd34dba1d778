# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that only the holder of a private key can read. docs/spec/backup.md.

A key drawn for this file alone is sealed to the public key (HPKE, X-Wing); the parts are boxes
under it, each bound to its rank and to whether it is the last. Knows bytes, not what they say.
"""

import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from encrier import boxes
from encrier.deflate import deflate, inflate
from encrier.errors import BadEnvelope, BadRecord, BadSetting, EncrierError
from encrier.seal import SUITE, public_key
from encrier.secret import Secret

MAGIC: Final = b"encrier-names-backup/1\n"
PRIVATE_SIZE: Final = 96  # bytes: a seed of ML-KEM-768, 64, then a private key of X25519, 32
MAX_PART: Final = 32 * 1024 * 1024  # bytes, once inflated
_INFO: Final = b"encrier-names-backup/v1\0"
_SIZE: Final = struct.Struct(">I")


class BackupBroken(EncrierError):
    what = "This file is not a whole backup, or this key does not open it."
    next_step = "Take another copy of it, and the private half of the key that it was made to."


def draw() -> Secret:
    """Draw a private key."""
    return Secret(secrets.token_bytes(PRIVATE_SIZE))


def public_of(key: Secret) -> bytes:
    """The public half: 1,216 bytes."""
    kem, dh = _halves(key)
    return kem.public_key().public_bytes_raw() + dh.public_key().public_bytes_raw()


class Writer:
    """Writes the parts of one file, in order."""

    def __init__(self, target: BinaryIO, *, to: bytes) -> None:
        try:
            recipient = public_key(to)
        except BadEnvelope as error:
            raise BadSetting("This is not the public half of a backup key.") from error
        self._target = target
        self._key = secrets.token_bytes(32)
        self._rank = 0
        wrapped = SUITE.encrypt(self._key, recipient, _INFO)
        target.write(MAGIC + _SIZE.pack(len(wrapped)) + wrapped)

    def write(self, part: bytes, *, is_last: bool = False) -> None:
        """Seal and write one part."""
        context = _context(self._rank, is_last=is_last)
        box = boxes.close(deflate(part), key=self._key, context=context)
        self._target.write(_SIZE.pack(len(box)) + box)
        self._rank += 1


def read(source: BinaryIO, *, key: Secret) -> Iterator[tuple[bytes, bool]]:
    """Each part, and whether it is the last; raises BackupBroken where one is not as written.

    A file that was cut short raises too, after its last whole part: use nothing before the end.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupBroken
    try:
        kem, dh = _halves(key)
        opener = MLKEM768X25519PrivateKey(kem, dh)
        file_key = SUITE.decrypt(_framed(source), opener, _INFO)
        rank, is_last = 0, False
        while not is_last:
            packed, is_last = _open(_framed(source), rank, key=file_key)
            yield inflate(packed, at_most=MAX_PART), is_last
            rank += 1
    except (InvalidTag, BadRecord, ValueError) as error:
        raise BackupBroken from error
    if source.read(1):
        raise BackupBroken


def _open(box: bytes, rank: int, *, key: bytes) -> tuple[bytes, bool]:
    try:
        return boxes.open_(box, key=key, context=_context(rank, is_last=False)), False
    except BadRecord:
        return boxes.open_(box, key=key, context=_context(rank, is_last=True)), True


def _context(rank: int, *, is_last: bool) -> bytes:
    return MAGIC + struct.pack(">Q?", rank, is_last)


def _framed(source: BinaryIO) -> bytes:
    (size,) = _SIZE.unpack(_exactly(source, _SIZE.size))
    if size > MAX_PART:
        raise BackupBroken
    return _exactly(source, size)


def _exactly(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise BackupBroken
    return content


def _halves(key: Secret) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    raw = key.reveal()
    if len(raw) != PRIVATE_SIZE:
        raise BackupBroken
    return (
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]),
        X25519PrivateKey.from_private_bytes(raw[64:]),
    )
