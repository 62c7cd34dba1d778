# SPDX-License-Identifier: AGPL-3.0-or-later
"""Envelopes, receipts, manifest and calls: what is bound, what is refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from encrier import calls, manifest, receipts, seal, signing, uploads
from encrier.errors import BadEnvelope, BadRecord, BadSignature, ManifestRefused
from encrier.records import to_bytes
from encrier.secret import Secret

VECTORS = cast(
    "dict[str, str]",
    json.loads((Path(__file__).parents[2] / "vectors/python.json").read_text(encoding="utf-8")),
)
ENVELOPE = bytes.fromhex(VECTORS["envelope"])
NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)


def test_the_header_is_read_as_it_was_written() -> None:
    header = seal.read_header(ENVELOPE)
    assert header.to_bytes().hex() == VECTORS["header"]
    assert (header.epoch, header.seq, header.kind, header.progress) == (3, 77, 1, 42)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        ENVELOPE[:-1],
        ENVELOPE + b"\0",
        b"XX1" + ENVELOPE[3:],
        ENVELOPE[:3] + b"\x02" + ENVELOPE[4:],
        ENVELOPE[: seal.HEADER_SIZE - 1] + b"\xff" + ENVELOPE[seal.HEADER_SIZE :],
        b"\0" * seal.MAX_ENVELOPE,
    ],
)
def test_what_is_not_an_envelope_is_refused(broken: bytes) -> None:
    with pytest.raises(BadEnvelope):
        seal.read_header(broken)


def test_answers_larger_than_any_envelope_are_refused_when_sealing() -> None:
    cannot_be_packed = b"".join(signing.draw_key().reveal() for _ in range(5_000))
    with pytest.raises(BadEnvelope):
        seal.seal(
            cannot_be_packed,
            seal.read_header(ENVELOPE),
            to=bytes.fromhex(VECTORS["sealing_key"]),
            mac=b"m" * 32,
        )


def test_a_short_answer_and_a_long_one_make_envelopes_of_the_same_length() -> None:
    header, to = seal.read_header(ENVELOPE), bytes.fromhex(VECTORS["sealing_key"])
    short = seal.seal(b'{"a":"oui"}', header, to=to, mac=b"m" * 32)
    longer = seal.seal(b'{"a":"non, je ne crois pas"}', header, to=to, mac=b"m" * 32)
    assert len(short) == len(longer)


def test_a_receipt_covers_its_envelope_and_no_other() -> None:
    receipt = receipts.check(
        bytes.fromhex(VECTORS["receipt"]), by=bytes.fromhex(VECTORS["receipt_key"])
    )
    header = seal.read_header(ENVELOPE)
    assert receipts.covers(receipt, header, ENVELOPE)
    altered = ENVELOPE[:-1] + bytes([ENVELOPE[-1] ^ 1])
    assert not receipts.covers(receipt, header, altered)


@pytest.mark.parametrize("name", ["receipt", "last_receipt"])
def test_a_receipt_altered_anywhere_is_refused(name: str) -> None:
    receipt, key = bytes.fromhex(VECTORS[name]), bytes.fromhex(VECTORS["receipt_key"])
    for wrong in (receipt[:-32], receipt + bytes(32), receipt[:-1], b""):
        with pytest.raises(BadSignature):
            receipts.check(wrong, by=key)
    for place in range(len(receipt)):
        altered = bytearray(receipt)
        altered[place] ^= 1
        with pytest.raises(BadSignature):
            receipts.check(bytes(altered), by=key)


def test_a_manifest_signed_by_another_root_is_refused() -> None:
    signed = VECTORS["manifest"].encode()
    assert manifest.check(signed, root_key=bytes.fromhex(VECTORS["root_key"])).level == "6E"
    with pytest.raises(ManifestRefused):
        manifest.check(signed, root_key=signing.public_of(signing.draw_key()))


def test_a_manifest_with_one_word_changed_is_refused() -> None:
    changed = VECTORS["manifest"].replace("reponses.example", "reponses.example.evil").encode()
    with pytest.raises(ManifestRefused):
        manifest.check(changed, root_key=bytes.fromhex(VECTORS["root_key"]))


@pytest.mark.parametrize("late", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_call_out_of_its_time_is_refused(late: timedelta) -> None:
    key = signing.draw_key()
    header = calls.sign(key, method="GET", path="/v1/batch?after=0", body=b"", at=NOON)
    by = signing.public_of(key)
    calls.check(header, method="GET", path="/v1/batch?after=0", body=b"", now=NOON, by=by)
    with pytest.raises(BadSignature):
        calls.check(
            header, method="GET", path="/v1/batch?after=0", body=b"", now=NOON + late, by=by
        )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/v1/batch", b""), ("GET", "/v1/batch?after=1", b""), ("GET", "/v1/batch", b"x")],
)
def test_a_call_is_good_for_one_request_only(method: str, path: str, body: bytes) -> None:
    key = signing.draw_key()
    header = calls.sign(key, method="GET", path="/v1/batch", body=b"", at=NOON)
    with pytest.raises(BadSignature):
        calls.check(
            header, method=method, path=path, body=body, now=NOON, by=signing.public_of(key)
        )


@pytest.mark.parametrize("header", ["", "v1", "v1 x y", "v2 1 AAAA", "v1 1 é", "v1 1 %%%"])
def test_what_is_not_a_signed_call_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        calls.check(
            header,
            method="GET",
            path="/",
            body=b"",
            now=NOON,
            by=signing.public_of(Secret(b"k" * 32)),
        )


def test_a_save_is_read_back_as_it_was_packed() -> None:
    save = uploads.unpack_save(bytes.fromhex(VECTORS["save"]))
    assert save.envelope == ENVELOPE
    assert save.unsent == 2
    assert uploads.pack_save(save).hex() == VECTORS["save"]


@pytest.mark.parametrize("cut", [0, 10, 40, 41, 500])
def test_a_save_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(BadRecord):
        uploads.unpack_save(bytes.fromhex(VECTORS["save"])[:cut])


def test_equal_records_give_equal_bytes() -> None:
    root = bytes.fromhex(VECTORS["root_key"])
    once = manifest.check(VECTORS["manifest"].encode(), root_key=root)
    again = manifest.check(VECTORS["manifest"].encode(), root_key=root)
    assert to_bytes(once) == to_bytes(again)
