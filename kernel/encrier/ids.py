# SPDX-License-Identifier: AGPL-3.0-or-later
"""Identifiers as types, so that none can be taken for another.

All are drawn at random or computed from keys; none can be computed from a
name, a class or a school, and this module knows none of these.
"""

import hashlib
import secrets
from typing import Final, NewType

from encrier.errors import BadRecord

CampaignId = NewType("CampaignId", bytes)  # 16 bytes, random
SittingId = NewType("SittingId", bytes)  # 16 bytes, derived from a pupil code
StreamId = NewType("StreamId", bytes)  # 8 bytes, random at each sign-in of a device
KeyId = NewType("KeyId", bytes)  # 8 bytes, SHA-256 of a public key
BundleId = NewType("BundleId", bytes)  # 8 bytes, SHA-256 of bundle.json
OrderNumber = NewType("OrderNumber", str)  # 8 digits, random, printed on the slip

ORDER_NUMBER_DIGITS: Final = 8


def draw_campaign_id() -> CampaignId:
    return CampaignId(secrets.token_bytes(16))


def draw_order_number() -> OrderNumber:
    """Draw an order number; the caller draws again if it is already given."""
    return OrderNumber(f"{secrets.randbelow(10**ORDER_NUMBER_DIGITS):0{ORDER_NUMBER_DIGITS}d}")


def parse_order_number(written: str) -> OrderNumber:
    """Read an order number as printed, in groups or not."""
    digits = written.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if len(digits) != ORDER_NUMBER_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise BadRecord("This is not an order number.", "An order number has eight digits.")
    return OrderNumber(digits)


def key_id(public_key: bytes) -> KeyId:
    return KeyId(hashlib.sha256(public_key).digest()[:8])


def bundle_id(bundle_json: bytes) -> BundleId:
    return BundleId(hashlib.sha256(bundle_json).digest()[:8])
