# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write tests/vectors/python.json: what Python makes and the player must read the same.

Run it only when a format changes: `uv run python tests/vectors/make_python.py`. The keys in it
are for tests; a manifest signed with them is refused anywhere else, since no root key is theirs.
"""

import hashlib
import json
import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from encrier import (
    booklets,
    codes,
    manifest,
    pictograms,
    places,
    receipts,
    seal,
    sheets,
    signing,
    terms,
    uploads,
)
from encrier.errors import BadCode
from encrier.ids import BundleId, CampaignId, StreamId, key_id
from encrier.manifest import BundleEntry, Manifest, Node
from encrier.records import from_bytes
from encrier.secret import Secret
from encrier_results.reconcile import merge

CAMPAIGN = CampaignId(bytes(range(16)))
SEED = bytes(range(32, 64))  # X-Wing private seed
ROOT, NODE, DOOR = Secret(b"R" * 32), Secret(b"N" * 32), Secret(b"D" * 32)
ITERATIONS = 1_000
BUNDLE = BundleId(bytes(range(100, 108)))
STREAM = StreamId(bytes(range(200, 208)))
BOOKLET_KEY = Secret(bytes(range(32)))
GRANTED = terms.Terms(33, paused=True, settings=("theme:nuit", "size:150"))
CODES = ("BRTK-MWZD-HNP", "CCCC-CCCC-CCC", "ZXWV-TSRP-NML")  # the check letter is added below


def sealing_key() -> bytes:
    """Expand the seed as X-Wing does: SHAKE256 to 96 bytes, ML-KEM seed then X25519 key."""
    wide = hashlib.shake_256(SEED).digest(96)
    kem = MLKEM768PrivateKey.from_seed_bytes(wide[:64]).public_key().public_bytes_raw()
    return kem + X25519PrivateKey.from_private_bytes(wide[64:]).public_key().public_bytes_raw()


def whole(eleven: str) -> codes.PupilCode:
    """Add the one check letter that makes eleven letters a code."""
    for letter in codes.LETTERS:
        try:
            return codes.parse(eleven + letter)
        except BadCode:
            continue
    raise AssertionError


def receipt_among_five(header: seal.Header, envelope: bytes, *, at: int) -> bytes:
    """Give the receipt of this rank in a batch of five; the last has nobody beside it."""
    sha256 = seal.digest(envelope)
    said = receipts.statement(header, sha256, minute=29_000_000, node=b"\0\0\0\1")
    statements = [b"of somebody else, %d" % n for n in range(5)]
    statements[at] = said
    return receipts.sign_all(statements, key=NODE)[at]


def campaign_manifest() -> Manifest:
    """Give a manifest with a bundle, a node and every key that the player reads."""
    return Manifest(
        v=1,
        campaign=CAMPAIGN,
        label="Vecteurs d’essai",
        level="6E",
        suite=1,
        sealing_key=sealing_key(),
        kdf_iterations=ITERATIONS,
        opens_at=datetime(2026, 9, 7, 6, tzinfo=UTC),
        closes_at=datetime(2026, 9, 25, 16, tzinfo=UTC),
        grace_h=24,
        results_close_at=datetime(2027, 7, 1, tzinfo=UTC),
        bundles=[BundleEntry(BUNDLE, hashlib.sha256(b"{}").digest(), *sealed_digests(), "Cahier")],
        nodes=[Node(b"\0\0\0\1", "https://reponses.example", signing.public_of(NODE))],
        names_key=signing.public_of(DOOR),
        results_key=signing.public_of(DOOR),
    )


def manifest_of_pairs() -> Manifest:
    """Give the same with two pairs, the second of two nodes, and room for a third."""
    key = signing.public_of(NODE)
    nodes = [
        Node(bytes([0, 0, pair, n]), f"https://reponses-{pair}{n}.example", key, pair)
        for pair, n in ((1, 1), (2, 1), (2, 2))
    ]
    return replace(
        campaign_manifest(),
        nodes=nodes,
        page_url="https://evaluations.example",
        places=places.shared((1, 2), room=3),
        keying_url="https://noms.example",
        boxes_kept_h=504,
    )


def places_of_codes() -> dict[str, object]:
    """Give a manifest with pairs, one more pair, and which pair serves which code in each."""
    before = manifest_of_pairs()
    node = Node(b"\0\0\3\1", "https://reponses-31.example", signing.public_of(NODE))
    after = manifest.with_pair(before, [node])
    drawn = [
        whole(codes.LETTERS[n % 19] + codes.LETTERS[n // 19] + "B" * 9) for n in range(0, 361, 4)
    ]
    return {
        "manifest": manifest.sign(before, key=ROOT).decode(),
        "manifest_after": manifest.sign(after, key=ROOT).decode(),
        "served": [  # a code, its pair before and after
            f"{code} {places.pair_of(before.places, code)} {places.pair_of(after.places, code)}"
            for code in drawn
        ],
    }


def sealed_digests() -> tuple[bytes, bytes]:
    """Give what the manifest says of a closed booklet: digests of sealed.json and of its key."""
    return hashlib.sha256(b"{}").digest(), booklets.commitment(BOOKLET_KEY)


def booklet_files() -> list[dict[str, str]]:
    """Give files of a booklet, closed: text that packs well, and bytes that do not."""
    contents = (sheet().encode(), hashlib.sha256(b"noise").digest())
    return [
        {
            "content": content.hex(),
            "sha256": hashlib.sha256(content).hexdigest(),
            "closed": booklets.close_file(content, bundle=BUNDLE, key=BOOKLET_KEY).hex(),
        }
        for content in contents
    ]


def booklet_pack() -> dict[str, str]:
    """Give what every question needs, closed in one."""
    made = booklets.close(b"{}", {"0": b"one ", "1": b"two"}, title="", key=BOOKLET_KEY)
    listed = json.loads(made.index_json)
    closed = made.files[listed["pack"]]
    return {"bundle": made.entry.id.hex(), "content": b"one two".hex(), "closed": closed.hex()}


def closed_booklet() -> dict[str, object]:
    """Give a booklet's key and what it opens."""
    return {
        "booklet_key": BOOKLET_KEY.reveal().hex(),
        "booklet_files": booklet_files(),
        "booklet_pack": booklet_pack(),
    }


def sheet() -> str:
    """Give an answer sheet with accents, an apostrophe and an empty answer."""
    stamp = [0, 1, STREAM.hex()]
    return json.dumps(
        {
            "v": 1,
            "bundle": BUNDLE.hex(),
            "items": {
                "fr-01": {"r": {"RESPONSE": ["A"]}, "t_ms": 4200, "n": 1, "stamp": stamp},
                "fr-02": {"r": {"RESPONSE": ["l’œuf à Noël"]}, "t_ms": 9, "n": 3, "stamp": stamp},
                "ma-01": {"r": {"RESPONSE": []}, "t_ms": 0, "n": 2, "stamp": stamp},
            },
            "events": [{"kind": "sign-in", "stamp": [0, 0, STREAM.hex()]}],
        },
        ensure_ascii=False,
    )


def keyed(stream: str, items: dict[str, tuple[int, int, sheets.Responses, str]]) -> str:
    """Give a sheet that a teacher keyed; of an item its epoch, event, responses and mark or ""."""
    written = {
        item: {"r": r, "t_ms": 0, "n": 1, "stamp": [epoch, event, stream]}
        | ({"mark": mark} if mark else {})
        for item, (epoch, event, r, mark) in items.items()
    }
    whole = {"v": 1, "bundle": BUNDLE.hex(), "items": written, "events": []}
    return json.dumps(whole, ensure_ascii=False)


def keyed_sheets() -> dict[str, object]:
    """Give what two computers keyed of one pupil, and what that is when it is put together."""
    answer, nothing = {"RESPONSE": ["A"]}, dict[str, list[str]]()
    struck = {"RESPONSE.struck": ["B"], "RESPONSE.hesitated": ["w2"]}
    school = {
        "i1": (0, 1, answer, ""),
        "i2": (2, 9, nothing, "absent"),  # after it took up what was keyed at home
        "i3": (0, 2, nothing, "blank"),
        "i4": (0, 3, answer, "adapted"),
        "i5": (0, 4, {**answer, **struck}, ""),
        "i6": (0, 5, struck, ""),  # only struck out: nothing is said of what she answered
        "i7": (0, 6, {"RESPONSE": [""]}, ""),
        "i1~2": (0, 7, {"RESPONSE": ["B"]}, ""),  # keyed a second time, blindly
    }
    home = {
        "i1": (1, 8, nothing, "open"),
        "i2": (1, 2, answer, ""),
        "i3": (0, 2, nothing, "unfit"),  # of one epoch and event: the stream decides
        "i8": (1, 3, nothing, "exempt"),
        "i9": (1, 4, nothing, "left"),
    }
    written = [keyed("a0" * 8, school), keyed("b0" * 8, home)]
    merged = merge(from_bytes(one.encode(), sheets.AnswerSheet) for one in written)
    asked = [f"i{n}" for n in range(1, 11)]
    said = [item for item in asked if item in merged and merged[item].is_said]
    return {
        "sheets": written,
        "items": asked,
        "merged": msgspec.to_builtins(merged),
        "said": said,
        "progress": 100 * len(said) // len(asked),
    }


def public_keys() -> dict[str, str]:
    """Give the keys that the vectors are made with, and their public halves."""
    return {
        "sealing_seed": SEED.hex(),
        "sealing_key": sealing_key().hex(),
        "root_key": signing.public_of(ROOT).hex(),
        "receipt_key": signing.public_of(NODE).hex(),
    }


def in_hex(code: codes.PupilCode, keys: codes.CodeKeys) -> dict[str, str]:
    """Give a code, the keys derived from it, and the letters of its screen."""
    return {
        "printed": codes.printed(code),
        "sid": keys.sid.hex(),
        "auth": keys.auth.hex(),
        "mac": keys.mac.hex(),
        "resume": keys.resume.hex(),
        "terms": keys.terms.hex(),
        "letters": pictograms.letters_of(keys.sid),
    }


def vectors() -> dict[str, object]:
    """Make every vector; sealing is randomised, so two runs differ in the envelope only."""
    keys = {c: codes.derive(c, CAMPAIGN, iterations=ITERATIONS) for c in map(whole, CODES)}
    first = next(iter(keys.values()))
    header = seal.Header(
        key_id(sealing_key()), CAMPAIGN, first.sid, STREAM, 3, 77, seal.Kind.SNAPSHOT, BUNDLE, 42
    )
    envelope = seal.seal(sheet().encode(), header, to=sealing_key(), mac=first.mac)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(sheet().encode()) + packer.flush()
    nonce = os.urandom(12)
    bound = uploads.resume_context(CAMPAIGN, first.sid, STREAM, 3, 77)
    box = nonce + AESGCM(first.resume).encrypt(nonce, packed, bound)
    return {
        "campaign": CAMPAIGN.hex(),
        "iterations": ITERATIONS,
        **public_keys(),
        "codes": [in_hex(c, k) for c, k in keys.items()],
        "sheet": sheet(),
        "keyed": keyed_sheets(),
        "header": header.to_bytes().hex(),
        "header_fields": {
            "stream": STREAM.hex(),
            "epoch": 3,
            "seq": 77,
            "kind": 1,
            "bundle": BUNDLE.hex(),
            "progress": 42,
        },
        "tag": seal.tag(header.to_bytes(), packed, mac=first.mac).hex(),
        "packed": packed.hex(),
        "envelope": envelope.hex(),
        "receipt": receipt_among_five(header, envelope, at=2).hex(),
        "last_receipt": receipt_among_five(header, envelope, at=4).hex(),
        "manifest": manifest.sign(campaign_manifest(), key=ROOT).decode(),
        "pairs": places_of_codes(),
        "resume_box": box.hex(),
        "resume_context": bound.hex(),
        **closed_booklet(),
        "terms": terms.seal(GRANTED, key=first.terms, campaign=CAMPAIGN, sid=first.sid).hex(),
        "save": uploads.pack_save(uploads.Save(first.auth, 2, envelope, box)).hex(),
    }


if __name__ == "__main__":
    target = Path(__file__).with_name("python.json")
    target.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
