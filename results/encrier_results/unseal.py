# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open envelopes: the only code that can. Knows answers by sitting; never a name.

What comes out was written by a browser that we do not control: it is hostile input. Sizes are
capped before anything is inflated, the schema is strict, and nothing is ever more than text.
"""

import hmac
import struct
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from encrier.deflate import inflate
from encrier.errors import BadRecord, EncrierError
from encrier.ids import SittingId
from encrier.manifest import Manifest
from encrier.records import from_bytes
from encrier.seal import HEADER_SIZE, INFO, OVERHEAD, SUITE, Header, read_header, tag
from encrier.sheets import AnswerSheet

MAX_SHEET: Final = 1 << 20  # bytes once inflated; the largest honest sheet seen is 60 KB


class EnvelopeRejected(EncrierError):
    """Base of the reasons for which an envelope is put aside; the report counts each."""

    what = "This envelope was put aside."
    next_step = "The report counts it; the envelope itself is kept as it came."


class OtherCampaign(EnvelopeRejected):
    what = "This envelope belongs to another campaign or is sealed to another key."


class UnknownSitting(EnvelopeRejected):
    what = "No pupil of the register has this sitting."
    next_step = "Pull the register again; if it stays, the host made this sitting up."


class CannotOpen(EnvelopeRejected):
    what = "This envelope does not open: it was altered, moved, or sealed to another key."


class Forged(EnvelopeRejected):
    what = "This envelope was not sealed with the pupil's code."
    next_step = "Somebody who knows only the public key made it: ask the host."


class BadSheet(EnvelopeRejected):
    what = "What is inside this envelope is not an answer sheet."


def open_envelope(
    envelope: bytes,
    manifest: Manifest,
    macs: Mapping[SittingId, bytes],
    *,
    private_key: MLKEM768X25519PrivateKey,
) -> tuple[Header, AnswerSheet]:
    """Open one envelope, or say why not by an EnvelopeRejected (or BadEnvelope) error.

    macs: the HMAC key of each sitting, from the register; 32 bytes each.
    """
    header = read_header(envelope)
    if header.campaign != manifest.campaign_id or header.key != manifest.sealing_key_id:
        raise OtherCampaign
    mac = macs.get(header.sid)
    if mac is None:
        raise UnknownSitting
    head = envelope[:HEADER_SIZE]
    try:
        plain = SUITE.decrypt(envelope[HEADER_SIZE:], private_key, INFO + head)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
    packed = authentic(plain, head, mac)
    sheet = _sheet(_inflate(packed))
    if sheet.bundle != header.bundle.hex():
        raise BadSheet
    return header, sheet


def authentic(plain: bytes, head: bytes, mac: bytes) -> bytes:
    """What is packed inside an opened envelope, if the pupil's code sealed it; raises Forged."""
    (size,) = struct.unpack_from(">I", plain, 32)
    packed = plain[OVERHEAD : OVERHEAD + size]
    if len(packed) != size or not hmac.compare_digest(plain[:32], tag(head, packed, mac=mac)):
        raise Forged
    return packed


def _inflate(packed: bytes) -> bytes:
    try:
        return inflate(packed, at_most=MAX_SHEET)
    except BadRecord as error:
        raise BadSheet from error


def _sheet(content: bytes) -> AnswerSheet:
    try:
        return from_bytes(content, AnswerSheet)
    except BadRecord as error:
        raise BadSheet from error
