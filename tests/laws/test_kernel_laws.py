# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every message, envelope header and save."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import booklets, merkle, receipts, seal, signing, terms, uploads, wire
from encrier.errors import BadRecord, BadSignature, EncrierError
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


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70, unique=True), st.data())
def test_a_path_leads_to_the_root_from_its_leaf_and_no_other(
    statements: list[bytes], data: st.DataObject
) -> None:
    leaves = [merkle.leaf_of(one) for one in statements]
    root, paths = merkle.tree_of(leaves)
    at = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves)))
    size, path = len(leaves), paths[at]
    assert merkle.root_by(leaves[at], at=at, n_leaves=size, path=path) == root
    assert led(merkle.leaf_of(b"another" * 7), at=at, n_leaves=size, path=path) != root
    assert led(leaves[at], at=at, n_leaves=size, path=path + bytes(32)) is None
    if other != at and path:
        assert led(leaves[at], at=other, n_leaves=size, path=path) != root


def led(leaf: bytes, *, at: int, n_leaves: int, path: bytes) -> bytes | None:
    try:
        return merkle.root_by(leaf, at=at, n_leaves=n_leaves, path=path)
    except BadSignature:
        return None


@given(st.binary(max_size=receipts.MAX_SIZE + 40))
def test_bytes_that_are_no_receipt_are_refused(content: bytes) -> None:
    for written in (content, b"RC2" + content):
        with pytest.raises(BadSignature):
            receipts.check(written, by=signing.public_of(KEY))


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
    terms=st.binary(min_size=terms.BOX_SIZE, max_size=terms.BOX_SIZE),
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


KEYS = st.binary(min_size=32, max_size=32).map(Secret)


@given(st.binary(max_size=5000), st.binary(min_size=8, max_size=8).map(BundleId), KEYS)
def test_a_file_of_a_booklet_opens_with_its_key_and_no_other(
    content: bytes, bundle: BundleId, key: Secret
) -> None:
    closed = booklets.close_file(content, bundle=bundle, key=key)
    sha256 = hashlib.sha256(content).digest()
    assert booklets.open_file(closed, bundle=bundle, sha256=sha256, key=key) == content
    with pytest.raises(BadRecord):
        booklets.open_file(closed, bundle=bundle, sha256=bytes(32), key=key)
    with pytest.raises(BadRecord):
        booklets.open_file(closed, bundle=BundleId(b"other..."), sha256=sha256, key=key)
    other = Secret(bytes(b ^ 1 for b in key.reveal()))
    with pytest.raises(BadRecord):
        booklets.open_file(closed, bundle=bundle, sha256=sha256, key=other)


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), KEYS)
def test_no_bytes_open_as_a_file_of_a_booklet(closed: bytes, sha256: bytes, key: Secret) -> None:
    with pytest.raises(BadRecord):
        booklets.open_file(closed, bundle=BundleId(b"bundle01"), sha256=sha256, key=key)


@given(
    st.lists(
        st.tuples(st.binary(max_size=400), st.booleans()), max_size=8, unique_by=lambda t: t[0]
    ),
    KEYS,
)
def test_a_closed_booklet_gives_its_files_back_in_the_order_of_what_they_hold(
    contents: list[tuple[bytes, bool]], key: Secret
) -> None:
    files = {hashlib.sha256(content).hexdigest(): content for content, _ in contents}
    later = {hashlib.sha256(content).hexdigest() for content, is_later in contents if is_later}
    made = booklets.close(b"{}", files, title="Essai", key=key, later=later)
    listed = from_bytes(made.index_json, booklets.SealedIndex)
    bundle = BundleId(made.entry.id)
    first = [files[name] for name in sorted(files.keys() - later)]
    pack, sizes = made.files[listed.pack], [len(content) for content in first]
    assert booklets.open_pack(pack, sizes, bundle=bundle, key=key) == first
    with pytest.raises(BadRecord):
        booklets.open_pack(pack, [*sizes, 1], bundle=bundle, key=key)
    for name, closed in zip(sorted(later), listed.files, strict=True):
        sha256 = bytes.fromhex(name)
        opened = booklets.open_file(made.files[closed], bundle=bundle, sha256=sha256, key=key)
        assert opened == files[name]
    assert hashlib.sha256(made.index_json).digest() == made.entry.sealed_sha256


GRANTS = st.builds(
    terms.Terms,
    st.integers(0, 100),
    st.booleans(),
    st.lists(st.from_regex(r"[a-z]{1,8}:[a-z0-9]{1,9}", fullmatch=True), max_size=7).map(tuple),
)


@given(GRANTS, KEYS, ID16.map(CampaignId), ID16.map(SittingId))
def test_what_is_granted_is_read_by_its_sitting_alone(
    granted: terms.Terms, key: Secret, campaign: CampaignId, sid: SittingId
) -> None:
    box = terms.seal(granted, key=key.reveal(), campaign=campaign, sid=sid)
    assert len(box) == terms.BOX_SIZE
    assert terms.unseal(box, key=key.reveal(), campaign=campaign, sid=sid) == granted
    other = SittingId(bytes(b ^ 1 for b in sid))
    with pytest.raises(BadRecord):
        terms.unseal(box, key=key.reveal(), campaign=campaign, sid=other)


def test_settings_that_do_not_fit_a_box_are_refused() -> None:
    too_many = terms.Terms(settings=tuple(f"setting{n}:value" for n in range(20)))
    with pytest.raises(BadRecord):
        terms.seal(
            too_many, key=bytes(32), campaign=CampaignId(bytes(16)), sid=SittingId(bytes(16))
        )
