# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: the host's signed word that an envelope is on its disk. See docs/spec/receipt.md."""

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from encrier import merkle, signing
from encrier.errors import BadSignature
from encrier.ids import CampaignId, SittingId, StreamId
from encrier.records import Record
from encrier.seal import Header, Kind, digest
from encrier.secret import Secret

LABEL: Final = b"receipt/v2"
_LAYOUT: Final = struct.Struct(">3s16s16s8sBIB32sI4s")
_PLACE: Final = struct.Struct(">HH")  # of the statement in its batch: rank, size
_MAGIC: Final = b"RC2"
_SHA256: Final = 49  # where the digest stands, and what follows it
_MINUTE: Final = _SHA256 + 32
_SIGNED: Final = _LAYOUT.size + 64
SIZE: Final = _SIGNED + _PLACE.size  # 157 bytes, of a batch of one
MOST_IN_BATCH: Final = 4096
MAX_SIZE: Final = SIZE + 12 * merkle.DIGEST_SIZE


class Receipt(Record, frozen=True):
    """Which envelope, when to the minute, by which node."""

    campaign: CampaignId
    sid: SittingId
    stream: StreamId
    epoch: int
    seq: int
    kind: Kind
    envelope_sha256: bytes  # 32 bytes
    minute: int  # minutes since 1970, UTC: the host keeps no finer time
    node: bytes  # 4 bytes: which machine


def statement(header: Header, sha256: bytes, *, minute: int, node: bytes) -> bytes:
    """The 89 bytes that a receipt says; sha256: of the whole envelope."""
    return _LAYOUT.pack(
        _MAGIC,
        header.campaign,
        header.sid,
        header.stream,
        header.epoch,
        header.seq,
        header.kind,
        sha256,
        minute,
        node,
    )


def digest_in(said: bytes) -> bytes:
    """The digest of the envelope that a statement is about: 32 bytes."""
    return said[_SHA256:_MINUTE]


def sign_all(statements: Sequence[bytes], *, key: Secret) -> list[bytes]:
    """One receipt a statement, in order, under one signature: a batch costs as much as one.

    Each is to be given only once its envelope is on disk. statements: 1 to 4,096.
    """
    root, paths = merkle.tree_of([merkle.leaf_of(one) for one in statements])
    signature = signing.sign(key, LABEL, _signed(root, len(statements)))
    return [
        one + signature + _PLACE.pack(at, len(statements)) + path
        for at, (one, path) in enumerate(zip(statements, paths, strict=True))
    ]


def sign(header: Header, envelope: bytes, *, minute: int, node: bytes, key: Secret) -> bytes:
    """Make one receipt alone."""
    said = statement(header, digest(envelope), minute=minute, node=node)
    (receipt,) = sign_all([said], key=key)
    return receipt


def check(receipt: bytes, *, by: bytes) -> Receipt:
    """Read a receipt signed by the node whose public key is `by`, or refuse it."""
    if not SIZE <= len(receipt) <= MAX_SIZE or receipt[:3] != _MAGIC:
        raise BadSignature("This is not a receipt.")
    said, signature = receipt[: _LAYOUT.size], receipt[_LAYOUT.size : _SIGNED]
    at, size = _PLACE.unpack_from(receipt, _SIGNED)
    root = merkle.root_by(merkle.leaf_of(said), at=at, n_leaves=size, path=receipt[SIZE:])
    _check_root(signature, _signed(root, size), by)
    _, campaign, sid, stream, epoch, seq, kind, sha256, minute, node = _LAYOUT.unpack(said)
    try:
        return Receipt(campaign, sid, stream, epoch, seq, Kind(kind), sha256, minute, node)
    except ValueError as error:
        raise BadSignature("This receipt is of a kind that we do not know.") from error


def node_of(receipt: bytes) -> bytes:
    """The node that a receipt says it is from: 4 bytes, or fewer where it is cut short."""
    return receipt[_LAYOUT.size - 4 : _LAYOUT.size]


def covers(receipt: Receipt, header: Header, envelope: bytes) -> bool:
    """Whether a receipt is about this very envelope."""
    return receipt.envelope_sha256 == digest(envelope) and (
        receipt.campaign,
        receipt.sid,
        receipt.stream,
        receipt.epoch,
        receipt.seq,
        receipt.kind,
    ) == (header.campaign, header.sid, header.stream, header.epoch, header.seq, header.kind)


def _signed(root: bytes, size: int) -> bytes:
    return size.to_bytes(2) + root


@lru_cache(maxsize=64)  # one signature is of up to 4,096 receipts, which come one after the other
def _check_root(signature: bytes, signed: bytes, by: bytes) -> None:
    signing.check(signature, LABEL, signed, by=by)
