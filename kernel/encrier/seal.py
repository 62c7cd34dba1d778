# SPDX-License-Identifier: AGPL-3.0-or-later
"""Close an envelope: from a pupil's answers to bytes that only the ministry can read.

This module can only close. Opening is ``unseal``, which only the results
zone's wheel contains. Format: docs/spec/envelope.md.
"""

import hashlib
import hmac
import struct
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

from encrier.deflate import deflate
from encrier.errors import BadEnvelope
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.records import Record

SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)  # X-Wing, RFC 9180
SUITE_ID: Final = 1
SEALING_KEY_SIZE: Final = 1216  # ML-KEM-768 public key 1184, then X25519 public key 32
MAGIC: Final = b"SE1"
INFO: Final = b"encrier-envelope/v1\0"
MAC_LABEL: Final = b"mac/v1\0"
BUCKETS: Final = tuple(1024 << n for n in range(8))  # 1 KiB … 128 KiB: hides the length of a text
_ENC_SIZE: Final = 1120
_GCM_TAG: Final = 16
_TAG_SIZE: Final = 32  # HMAC-SHA256, first in the plaintext
OVERHEAD: Final = _TAG_SIZE + 4

_LAYOUT: Final = struct.Struct(">3sB8s16s16s8sBIB8sB")
HEADER_SIZE: Final = _LAYOUT.size  # 67
MAX_ENVELOPE: Final = HEADER_SIZE + _ENC_SIZE + BUCKETS[-1] + _GCM_TAG
_SIZES: Final = frozenset(HEADER_SIZE + _ENC_SIZE + b + _GCM_TAG for b in BUCKETS)


class Kind(IntEnum):
    """What an envelope is: a save on the way, or the last one of a pupil who said so."""

    SNAPSHOT = 1
    FINAL = 2


_KINDS: Final = frozenset(int(kind) for kind in Kind)
_PERCENT: Final = 100


class Header(Record, frozen=True):
    """What the host may read of an envelope, and cannot change without being caught."""

    key: KeyId
    campaign: CampaignId
    sid: SittingId
    stream: StreamId
    epoch: int  # 0 to 255: rank of this device among those the pupil used
    seq: int  # 0 to 2³²-1: rank of this save within the stream
    kind: Kind
    bundle: BundleId
    progress: int  # 0 to 100: part of the items answered, in percent

    def to_bytes(self) -> bytes:
        """The 67 bytes that stand in front of the envelope."""
        return _LAYOUT.pack(
            MAGIC,
            SUITE_ID,
            self.key,
            self.campaign,
            self.sid,
            self.stream,
            self.epoch,
            self.seq,
            self.kind,
            self.bundle,
            self.progress,
        )


def read_header(envelope: bytes) -> Header:
    """Read the clear header of an envelope, or refuse the envelope.

    Checks sizes and the values a header may take; proves nothing about what is inside.
    """
    if len(envelope) not in _SIZES:
        raise BadEnvelope
    magic, suite, key, campaign, sid, stream, epoch, seq, kind, bundle, progress = (
        _LAYOUT.unpack_from(envelope)
    )
    if magic != MAGIC or suite != SUITE_ID or kind not in _KINDS or progress > _PERCENT:
        raise BadEnvelope
    return Header(key, campaign, sid, stream, epoch, seq, Kind(kind), bundle, progress)


def seal(sheet: bytes, header: Header, *, to: bytes, mac: bytes) -> bytes:
    """Close a sheet (JSON bytes) so that only the holder of the private key can read it.

    to: X-Wing public key, 1,216 bytes. mac: the pupil's HMAC key, 32 bytes; the host knows
    `to` and could seal a forgery, but does not know `mac`. The header is bound twice: through
    HPKE's info and under the HMAC, so that an envelope moved to another sitting does not open.
    """
    head = header.to_bytes()
    packed = deflate(sheet)
    room = next((b for b in BUCKETS if b >= OVERHEAD + len(packed)), None)
    if room is None:
        raise BadEnvelope("These answers are larger than any envelope.")
    plain = tag(head, packed, mac=mac) + struct.pack(">I", len(packed)) + packed
    return head + SUITE.encrypt(plain.ljust(room, b"\0"), public_key(to), INFO + head)


def tag(head: bytes, packed: bytes, *, mac: bytes) -> bytes:
    """The HMAC-SHA256 that ties what is inside to the pupil's code and to the header."""
    return hmac.digest(mac, MAC_LABEL + head + packed, "sha256")


def public_key(raw: bytes) -> MLKEM768X25519PublicKey:
    """Read an X-Wing public key from its 1,216 bytes."""
    if len(raw) != SEALING_KEY_SIZE:
        raise BadEnvelope(
            "The campaign's sealing key has the wrong size.", "Fetch the manifest again."
        )
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:1184]),
        X25519PublicKey.from_public_bytes(raw[1184:]),
    )


def digest(envelope: bytes) -> bytes:
    """SHA-256 of the whole envelope: what a receipt is about."""
    return hashlib.sha256(envelope).digest()
