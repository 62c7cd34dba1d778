# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every message, envelope header and save."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from encrier import receipts, seal, signing, uploads, wire
from encrier.errors import EncrierError
from encrier.ids import BundleId, CampaignId, KeyId, SittingId, StreamId
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret

ID16 = st.binary(min_size=16, max_size=16)
ID8 = st.binary(min_size=8, max_size=8)
HEADERS = st.builds(
    seal.Header,
    key=ID8.map(KeyId),
    campaign=ID16.map(CampaignId),
    sid=ID16.map(SittingId),
    stream=ID8.map(StreamId),
    epoch=st.integers(0, 255),
    seq=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(seal.Kind),
    bundle=ID8.map(BundleId),
    progress=st.integers(0, 100),
)
KEY = Secret(b"k" * 32)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 bounds


def padded(head: bytes) -> bytes:
    return head.ljust(seal.HEADER_SIZE + 1120 + 1024 + 16, b"\0")


@given(HEADERS)
def test_a_header_is_read_back_as_written(header: seal.Header) -> None:
    assert seal.read_header(padded(header.to_bytes())) == header


@given(HEADERS, st.integers(0, 2**32 - 1))
def test_a_receipt_is_read_back_as_signed(header: seal.Header, minute: int) -> None:
    envelope = padded(header.to_bytes())
    signed = receipts.sign(header, envelope, minute=minute, node=b"node", key=KEY)
    receipt = receipts.check(signed, by=signing.public_of(KEY))
    assert receipt.minute == minute
    assert receipts.covers(receipt, header, envelope)


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 65_535),
    st.binary(max_size=3000),
    st.binary(max_size=500),
)
def test_a_save_is_read_back_as_packed(
    auth: bytes, unsent: int, envelope: bytes, box: bytes
) -> None:
    save = uploads.Save(auth, unsent, envelope, box)
    assert uploads.unpack_save(uploads.pack_save(save)) == save


ADMISSIONS = st.builds(
    wire.Admission,
    sid=ID16,
    auth_sha256=st.binary(min_size=32, max_size=32),
    bundle=ID8,
    opens_at=st.none() | MOMENTS,
    closes_at=st.none() | MOMENTS,
    extra_time=st.integers(0, 100),
    open=st.booleans(),
)


@given(st.builds(wire.AdmissionList, ID16, st.integers(0, 2**31), st.lists(ADMISSIONS, max_size=5)))
def test_a_message_between_zones_is_read_back_as_written(sent: wire.AdmissionList) -> None:
    assert from_bytes(to_bytes(sent), wire.AdmissionList) == sent


DOORS = (
    wire.AdmissionList,
    wire.Progress,
    wire.EnvelopeBatch,
    wire.Register,
    wire.ScoreSheet,
    wire.Release,
)


@given(st.binary(max_size=300), st.sampled_from(DOORS))
def test_whatever_comes_through_a_door_is_a_record_or_refused(content: bytes, door: type) -> None:
    try:
        assert isinstance(from_bytes(content, door), door)
    except EncrierError as refused:
        assert refused.what_next  # noqa: PT017 either outcome is right, a third is not


@given(st.binary(max_size=3000))
def test_whatever_bytes_come_are_an_envelope_or_refused(content: bytes) -> None:
    try:
        seal.read_header(padded(content))
        uploads.unpack_save(content)
    except EncrierError as refused:
        assert refused.what_next  # noqa: PT017


@given(st.sampled_from(DOORS))
def test_no_door_accepts_a_field_it_does_not_know(door: type) -> None:
    tag = door.__struct_config__.tag  # type: ignore[attr-defined]
    try:
        from_bytes(b'{"type":"' + tag.encode() + b'","surprise":1}', door)
    except EncrierError:
        return
    raise AssertionError
