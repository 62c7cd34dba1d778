# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builders of sealed saves: a campaign's manifest, pupils, sheets, envelopes with receipts."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from encrier import codes, ids, receipts, seal, signing
from encrier.ids import BundleId, SittingId, StreamId
from encrier.manifest import BundleEntry, Manifest, Node
from encrier.secret import Secret
from encrier.wire import EnvelopeBatch, Register, Registered, SealedSave
from encrier_results import keys

SEED, NODE_KEY = Secret(b"s" * 32), Secret(b"n" * 32)
NODE = b"\0\0\0\1"
STORE = b"store-01"
BUNDLE = BundleId(b"bundle-1")
CAMPAIGN = ids.CampaignId(b"campaign-16bytes")
PRIVATE = keys.private_key(SEED)
MANIFEST = Manifest(
    v=1,
    campaign=CAMPAIGN,
    label="Essai",
    level="6E",
    suite=1,
    sealing_key=keys.sealing_key(SEED),
    kdf_iterations=1_000,
    opens_at=datetime(2026, 9, 7, tzinfo=UTC),
    closes_at=datetime(2026, 9, 25, tzinfo=UTC),
    grace_h=24,
    results_close_at=datetime(2027, 7, 1, tzinfo=UTC),
    bundles=[BundleEntry(BUNDLE, b"h" * 32, b"s" * 32, b"k" * 32, "Cahier")],
    nodes=[Node(NODE, "http://127.0.0.1:8002", signing.public_of(NODE_KEY))],
    names_key=b"k" * 32,
    results_key=b"k" * 32,
)


class Pupil(NamedTuple):
    sid: SittingId
    mac: bytes


def pupil() -> Pupil:
    drawn = codes.derive(codes.draw(), CAMPAIGN, iterations=1_000)
    return Pupil(drawn.sid, drawn.mac)


def sheet(answers: dict[str, str], *, epoch: int = 0, event: int = 1, stream: bytes) -> bytes:
    items = {
        item: {
            "r": {"RESPONSE": [value]},
            "t_ms": 1000,
            "n": 1,
            "stamp": [epoch, event, stream.hex()],
        }
        for item, value in answers.items()
    }
    return json.dumps({"v": 1, "bundle": BUNDLE.hex(), "items": items, "events": []}).encode()


def header(
    of: Pupil, stream: bytes, *, seq: int = 0, epoch: int = 0, kind: seal.Kind = seal.Kind.SNAPSHOT
) -> seal.Header:
    return seal.Header(
        MANIFEST.sealing_key_id,
        CAMPAIGN,
        of.sid,
        StreamId(stream),
        epoch,
        seq,
        kind,
        BUNDLE,
        50,
    )


def sealed(of: Pupil, content: bytes, head: seal.Header) -> bytes:
    return seal.seal(content, head, to=MANIFEST.sealing_key, mac=of.mac)


def save(envelope: bytes, *, key: Secret = NODE_KEY) -> SealedSave:
    receipt = receipts.sign(
        seal.read_header(envelope), envelope, minute=29_000_000, node=NODE, key=key
    )
    return SealedSave(envelope, receipt)


def batch(*saves: SealedSave) -> EnvelopeBatch:
    return EnvelopeBatch(CAMPAIGN, NODE, STORE, len(saves), more=False, rows=list(saves))


def register(*pupils: Pupil) -> Register:
    return Register(
        CAMPAIGN,
        [
            Registered(f"{n:08d}", p.sid, p.mac, "6E", BUNDLE, 1, 1, [], {})
            for n, p in enumerate(pupils)
        ],
    )
