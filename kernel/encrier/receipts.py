# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts: the host's signed word that an envelope is on its disk. See docs/spec/receipt.md."""

import struct
from typing import Final

from encrier import signing
from encrier.errors import BadSignature
from encrier.ids import CampaignId, SittingId, StreamId
from encrier.records import Record
from encrier.seal import Header, Kind, digest
from encrier.secret import Secret

LABEL: Final = b"receipt/v1"
_LAYOUT: Final = struct.Struct(">3s16s16s8sBIB32sI4s")
_MAGIC: Final = b"RC1"
SIZE: Final = _LAYOUT.size + 64  # 153 bytes


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


def sign(header: Header, envelope: bytes, *, minute: int, node: bytes, key: Secret) -> bytes:
    """Make the 153 bytes of a receipt; to be given only once the envelope is on disk."""
    body = _LAYOUT.pack(
        _MAGIC,
        header.campaign,
        header.sid,
        header.stream,
        header.epoch,
        header.seq,
        header.kind,
        digest(envelope),
        minute,
        node,
    )
    return body + signing.sign(key, LABEL, body)


def check(receipt: bytes, *, by: bytes) -> Receipt:
    """Read a receipt signed by the node whose public key is `by`, or refuse it."""
    if len(receipt) != SIZE or receipt[:3] != _MAGIC:
        raise BadSignature("This is not a receipt.")
    body, signature = receipt[:-64], receipt[-64:]
    signing.check(signature, LABEL, body, by=by)
    _, campaign, sid, stream, epoch, seq, kind, sha256, minute, node = _LAYOUT.unpack(body)
    try:
        return Receipt(campaign, sid, stream, epoch, seq, Kind(kind), sha256, minute, node)
    except ValueError as error:
        raise BadSignature("This receipt is of a kind that we do not know.") from error


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
